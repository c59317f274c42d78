"""A figure laid out for comparison: by trace, by panel and by axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from coursekit.exercise.answers import Plain
from coursekit.exercise.parts import Parts, order_of, sort_parts

# What a figure says, beside its traces' types; styles are the author's taste.
_POINT_FIELDS = (
    "x", "y", "z", "labels", "values", "r", "theta", "locations", "lat", "lon", "base",
)  # fmt: skip


@dataclass(frozen=True)
class _Trace:
    """One trace of a figure: what it is, what its points tell, and where it stands."""

    kind: Plain
    fields: list[str]
    points: list[Plain]
    name: str
    panel: tuple[str, str]
    place: int


def lay_out_figure(plain: Plain, *, ordered: bool) -> Parts:
    """Lay out a figure trace by trace; only whether an axis has a title counts."""
    many = len(plain["traces"])
    traces = [
        _read_trace(trace, place, ordered=ordered)
        for place, trace in enumerate(plain["traces"], 1)
    ]
    turned = many > 0 and all(t.get("orientation") == "h" for t in plain["traces"])
    titled = [name for name, title in plain["axes"].items() if (title or "").strip()]
    axes: dict[str, list[str]] = {
        "axes with a title": _turn(titled) if turned else sorted(titled)
    }
    if plain.get("logarithmic"):
        names = plain["logarithmic"]
        axes["logarithmic axes"] = _turn(names) if turned else sorted(names)
    drawn = traces if ordered else sorted(traces, key=_order_trace)
    bare = _lay_out_traces(drawn, axes, counted=ordered and many > 1)
    names = {trace.name for trace in traces}
    if many == 1 or len(names) < many or "" in names:
        return bare
    named = sorted(traces, key=lambda trace: trace.name)
    axes["trace names"] = [trace.name for trace in named]
    return replace(_lay_out_traces(named, axes, counted=True), other=bare)


def _lay_out_traces(
    traces: Sequence[_Trace], axes: dict[str, list[str]], *, counted: bool
) -> Parts:
    panels: dict[tuple[str, str], int] = {}
    places = [panels.setdefault(trace.panel, len(panels)) for trace in traces]
    shape: dict[str, Plain] = {
        "trace types": [trace.kind for trace in traces],
        "points": [len(trace.points) for trace in traces],
        **axes,
    }
    if len(panels) > 1:
        shape["panels"] = places
    items: dict[str, Plain] = {
        f"{number}/{row}": [trace.fields, point]
        for number, trace in enumerate(traces)
        for row, point in enumerate(trace.points)
    }
    groups = {
        str(number): f"trace {trace.place} of {len(traces)}"
        for number, trace in sorted(enumerate(traces), key=lambda pair: pair[1].place)
    }
    return Parts(
        "figure", shape, items, unit="points", groups=groups if counted else {}
    )


def _read_trace(trace: Plain, place: int, *, ordered: bool) -> _Trace:
    fields = dict(trace)
    if fields.get("orientation") == "h":
        fields["x"], fields["y"] = fields.get("y"), fields.get("x")
    columns = {
        name: fields[name]["items"]
        for name in _POINT_FIELDS
        if isinstance(fields.get(name), dict) and fields[name].get("kind") == "list"
    }
    points: list[Plain] = []
    if any(isinstance(row, dict) for row in columns.get("z", ())):
        points = [[columns.pop("x", [])]]  # of a grid x names the columns, not the rows
    points += map(list, zip(*columns.values(), strict=False))
    return _Trace(
        kind=str(trace.get("type")).removesuffix("gl"),  # drawn faster, and the same
        fields=list(columns),
        points=points if ordered else sort_parts(points),
        name=str(trace.get("name") or "").strip().casefold(),
        panel=(str(trace.get("xaxis", "x")), str(trace.get("yaxis", "y"))),
        place=place,
    )


def _order_trace(trace: _Trace) -> tuple[bytes, tuple[float, ...], tuple[float, ...]]:
    return order_of([trace.kind, trace.fields, trace.points])


def _turn(axes: Iterable[str]) -> list[str]:
    """Name the axes of a figure on its side as if it stood."""
    turned = {"x": "y", "y": "x"}
    return sorted(turned.get(axis[:1], axis[:1]) + axis[1:] for axis in axes)
