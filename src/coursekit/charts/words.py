"""Read a figure back: its points as rows, and a sentence about them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from coursekit.packed import unpack_arrays

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

# What a trace may hold a list of, in the order in which a reader wants it.
COLUMNS: Final = ("labels", "locations", "x", "y", "z", "values", "lat", "lon", "text")


def plain_figure(figure: Figure) -> dict[str, Any]:
    """Give a figure as plain JSON values, packed arrays unpacked.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Any figure.

    Returns
    -------
    dict
        With ``data`` and ``layout``.
    """
    content = unpack_arrays(json.loads(figure.to_json()))
    # JSON has no word for "not a number": plotly writes a gap as null.
    plain: dict[str, Any] = _nan_to_none(content)
    return plain


def describe_figure(figure: Figure) -> str:
    """Say in words what a figure holds: title, axes, series, points and ranges.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Any figure.

    Returns
    -------
    str
        One or more sentences; for a figure without traces it says so.
    """
    content = plain_figure(figure)
    layout, traces = content.get("layout", {}), content.get("data", [])
    parts = []
    if title := _title(layout):
        parts.append(f"{_plain(title).rstrip('.')}.")
    axes = [
        f"{name} axis: {_plain(_title(layout.get(f'{name}axis', {})))}"
        for name in "xy"
        if _title(layout.get(f"{name}axis", {}))
    ]
    if axes:
        parts.append("; ".join(axes) + ".")
    if not traces:
        return " ".join([*parts, "The figure is empty."])
    parts.append("; ".join(_describe_trace(*item) for item in enumerate(traces)) + ".")
    return " ".join(parts)


def tabulate_figure(figure: Figure) -> pd.DataFrame:
    """List the points of a figure, one row each.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Any figure.

    Returns
    -------
    pandas.DataFrame
        With ``series`` and whichever of x, y, z, labels, values, ... the figure has.
        What a series does not have is missing.
    """
    import pandas as pd

    traces = plain_figure(figure).get("data", [])
    rows = [row for n, trace in enumerate(traces) for row in _rows(n, trace)]
    return pd.DataFrame(rows, columns=None if rows else ["series"])


def cell_text(value: Any) -> str:
    """Write one value as a person would: 230 rather than 230.0, nothing for missing.

    Parameters
    ----------
    value : object
        A cell of a table.

    Returns
    -------
    str
        Its text.

    Examples
    --------
    >>> cell_text(230.0), cell_text(0.28571), cell_text(None), cell_text(True)
    ('230', '0.2857', '', 'yes')
    >>> cell_text(12345.6)
    '12346'
    """
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        midnight = value == value.normalize()
        return value.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M")
    if isinstance(value, float):
        whole = value.is_integer() or 1000 <= abs(value) < math.inf
        return f"{value:.0f}" if whole else f"{value:.4g}"
    return str(value)


def day_text(day: pd.Timestamp) -> str:
    """Write a day as in a sentence.

    Parameters
    ----------
    day : pandas.Timestamp
        A date; its hour is left out.

    Returns
    -------
    str
        Such as ``5 January 2022``.
    """
    return f"{day.day} {day.strftime('%B %Y')}"


def _plain(text: str) -> str:
    return text.replace("<br>", " ").replace("<b>", "").replace("</b>", "")


def _title(part: Mapping[str, Any]) -> str:
    title = part.get("title") or {}
    return str(title.get("text") or "") if isinstance(title, Mapping) else str(title)


def _nan_to_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _nan_to_none(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_nan_to_none(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _series_name(number: int, trace: Mapping[str, Any]) -> str:
    return str(trace.get("name") or f"series {number + 1}")


def _points(trace: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    return {
        name: trace[name]
        for name in COLUMNS
        if isinstance(trace.get(name), list) and trace[name]
    }


def _describe_trace(number: int, trace: Mapping[str, Any]) -> str:
    points = _points(trace)
    count = max(
        (sum(v is not None for v in values) for values in points.values()), default=0
    )
    noun = "point" if count == 1 else "points"
    text = f"{_series_name(number, trace)}: {count} {noun}"
    ranges = [
        f"{name} from {cell_text(low)} to {cell_text(high)}"
        for name in ("x", "y", "z", "values")
        for low, high in _range(points.get(name, ()))
    ]
    return f"{text}, {', '.join(ranges)}" if ranges else text


def _range(values: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    present = [value for value in values if value is not None]
    numbers = all(isinstance(value, int | float) for value in present)
    dates = all(isinstance(v, str) and v[:4].isdigit() and "-" in v for v in present)
    if present and (numbers or dates):
        yield min(present), max(present)


def _rows(number: int, trace: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    points = _points(trace)
    name = _series_name(number, trace)
    z = points.get("z", [])
    if z and isinstance(z[0], list):  # a heat map: one row for each of its cells
        across = points.get("x", range(len(z[0])))
        for side, line in zip(points.get("y", range(len(z))), z, strict=False):
            for top, value in zip(across, line, strict=False):
                yield {"series": name, "x": top, "y": side, "z": value}
        return
    for at in range(max(map(len, points.values()), default=0)):
        row = {key: values[at] for key, values in points.items() if at < len(values)}
        if any(value is not None for key, value in row.items() if key != "text"):
            yield {"series": name, **{key: _bare(cell) for key, cell in row.items()}}


def _bare(cell: Any) -> Any:
    return _plain(cell) if isinstance(cell, str) else cell
