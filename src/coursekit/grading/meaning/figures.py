"""Compare plotly figures by their traces and axes, not by how they are drawn.

Everything that carries data or words counts: values, names, texts, titles, ranges,
annotations, alone or in any trace type that plotly may add.  Left out are the template,
random uids, and styling, unless a style is an array: then it shows data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from coursekit.grading.meaning.values import JSON, compare_json
from coursekit.grading.meaning.words import quoted
from coursekit.packed import unpack_arrays

_IGNORED = frozenset(("uid", "uirevision", "selectionrevision", "meta", "config"))
# How a thing looks.  A scalar here is taste; an array here is data.
_STYLE = frozenset(
    """marker line textfont font hoverlabel colorscale colorbar opacity fillcolor
    fillpattern insidetextfont outsidetextfont legendgroup legendrank showlegend
    showscale hoverinfo cliponaxis width offset textposition
    insidetextanchor hoveron connector pad thickness align
    bgcolor color""".split()  # noqa: SIM905  # thirty quoted names are hard to read
)
# The exception: which mark stands for a series is read without colour.
_SHOWN_IN_STYLE = frozenset(("symbol",))
_AXIS = re.compile(r"(?:[xyz]|radial|angular|a|b|c|real|imaginary|color)axis\d*")
_AXIS_KEYS = frozenset(
    """title range type categoryorder categoryarray tickvals ticktext tickformat
    tickprefix ticksuffix autorange visible rangebreaks cmin cmax
    colorbar""".split()  # noqa: SIM905  # as above
)
_PLANE = re.compile(r"(?:scene|polar|ternary|smith|geo|map|mapbox)\d*")
_WORDS = {
    "title": ("text", "subtitle"),
    "annotations": ("text", "x", "y", "xref", "yref", "visible"),
    "shapes": ("type", "x0", "x1", "y0", "y1", "xref", "yref", "path", "label"),
    "sliders": ("active", "steps", "currentvalue"),
    "updatemenus": ("active", "buttons"),
}
_LAYOUT_VALUES = ("barmode", "barnorm", "boxmode", "violinmode", "hiddenlabels")


def compare_figures(stored: JSON, fresh: JSON, where: str = "figure") -> str | None:
    """Compare two figures in plotly's JSON; one line for the first difference."""
    old, new = _traces(stored), _traces(fresh)
    if len(old) != len(new):
        return f"{where}: stored {len(old)} traces, now {len(new)}"
    for number, (old_trace, new_trace) in enumerate(
        zip(old, new, strict=True), start=1
    ):
        found = _compare_traces(old_trace, new_trace, f"{where}, trace {number}")
        if found:
            return found
    found = compare_json(_layout(stored), _layout(fresh), f"{where}, layout")
    return found or _compare_frames(stored, fresh, where)


def _traces(figure: JSON) -> list[dict[str, Any]]:
    data = figure.get("data") if isinstance(figure, Mapping) else None
    return [unpack_arrays(trace) for trace in data or [] if isinstance(trace, Mapping)]


def _compare_traces(
    stored: dict[str, Any], fresh: dict[str, Any], where: str
) -> str | None:
    name = stored.get("name")
    if isinstance(name, str) and name and name == fresh.get("name"):
        where = f"{where.rpartition(' ')[0]} {quoted(name)}"
    old, new = _meaning(stored), _meaning(fresh)
    found = compare_json(old, new, where)
    if found is None:
        return None
    return _at_label(found.replace(f"{where}.", f"{where}, ", 1), old, where)


def _at_label(line: str, trace: Mapping[str, Any], where: str) -> str:
    """Say which x a differing y belongs to: its place alone tells a reader little."""
    position = re.match(r", ([xy])\[(\d+)\](?=: )", line[len(where) :])
    if not position:
        return line
    other = trace.get("x" if position[1] == "y" else "y")
    number = int(position[2])
    if not isinstance(other, list) or number >= len(other):
        return line
    spot = f"{'x' if position[1] == 'y' else 'y'} = {quoted(other[number])}"
    rest = line[len(where) + position.end() :]
    return f"{where}, {position[1]}[{number}] at {spot}{rest}"


def _meaning(value: Any, *, style: bool = False) -> Any:
    """Keep of a trace what says something; ``style`` is on inside of a style."""
    if not isinstance(value, Mapping):
        return value
    kept: dict[str, Any] = {}
    for key, part in value.items():
        if key in _IGNORED or part is None:
            continue
        styled = style or key in _STYLE
        if key == "title":
            kept[key] = _only(part, _WORDS[key])
        elif isinstance(part, Mapping):
            inner = _meaning(part, style=styled)
            if inner:
                kept[key] = inner
        elif not styled or _shows_data(key, part):
            kept[key] = part
    return kept


def _shows_data(key: str, part: Any) -> bool:
    if key in _SHOWN_IN_STYLE:
        return True
    return isinstance(part, list) and key != "colorscale"


def _layout(figure: JSON) -> dict[str, Any]:
    layout = figure.get("layout") if isinstance(figure, Mapping) else None
    return _layout_part(unpack_arrays(layout)) if isinstance(layout, Mapping) else {}


def _layout_part(layout: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, part in layout.items():
        if _AXIS.fullmatch(key) and isinstance(part, Mapping):
            axis = {name: part[name] for name in _AXIS_KEYS & part.keys()}
            kept[key] = _worded(axis)
        elif _PLANE.fullmatch(key) and isinstance(part, Mapping):
            kept[key] = _layout_part(part)
        elif key in _WORDS:
            kept[key] = _only(part, _WORDS[key])
        elif key == "legend" and isinstance(part, Mapping):
            kept[key] = _worded({"title": part.get("title")})
        elif key in _LAYOUT_VALUES:
            kept[key] = part
    return {key: part for key, part in kept.items() if part not in ({}, [], None)}


def _worded(part: Mapping[str, Any]) -> dict[str, Any]:
    """Reduce a title to its words."""
    kept = {key: value for key, value in part.items() if value is not None}
    if "title" in kept:
        kept["title"] = _only(kept["title"], _WORDS["title"])
    if "colorbar" in kept:
        kept["colorbar"] = _meaning(kept["colorbar"], style=True)
    return {key: value for key, value in kept.items() if value != {}}


def _only(part: Any, names: tuple[str, ...]) -> Any:
    """Keep the named keys, in a mapping or in each mapping of a list."""
    if isinstance(part, list):
        return [_only(item, names) for item in part]
    if not isinstance(part, Mapping):
        return {"text": part} if isinstance(part, str) else part
    return {name: _meaning(part[name]) for name in names if part.get(name) is not None}


def _compare_frames(stored: JSON, fresh: JSON, where: str) -> str | None:
    old, new = (
        (figure.get("frames") if isinstance(figure, Mapping) else None) or []
        for figure in (stored, fresh)
    )
    if len(old) != len(new):
        return f"{where}: stored {len(old)} frames, now {len(new)}"
    for number, (old_frame, new_frame) in enumerate(
        zip(old, new, strict=True), start=1
    ):
        found = compare_figures(old_frame, new_frame, f"{where}, frame {number}")
        if found:
            return found
    return None
