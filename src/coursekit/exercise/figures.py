"""What a plotly figure says: its traces and its axes, without colours and styles."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from coursekit.packed import unpack_arrays

_FIELDS = {
    "type", "name", "x", "y", "z", "labels", "values", "text", "mode", "orientation",
    "locations", "lat", "lon", "r", "theta", "base",
}  # fmt: skip
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)T00:00:00(\.0+)?")


def read_figure(
    figure: Any,
) -> tuple[list[dict[str, Any]], dict[str, str | None], list[str]]:
    """Read what a figure says.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Any figure.

    Returns
    -------
    tuple
        The traces that are shown, or can be by way of the legend, each with its fields
        and, where it is not the first, its panel; the title of each axis of a panel,
        ``None`` where it has none; and the axes that are logarithmic.
    """
    tree = unpack_arrays(json.loads(figure.to_json()))
    axes = {
        name: axis
        for name, axis in sorted(tree.get("layout", {}).items())
        if name.startswith(("xaxis", "yaxis"))
    }
    titles = {name: (axes[name].get("title") or {}).get("text") for name in axes}
    logarithmic = [name for name in axes if axes[name].get("type") == "log"]
    shown = (trace for trace in tree["data"] if trace.get("visible") is not False)
    return [_read_trace(trace) for trace in shown], titles, logarithmic


def _read_trace(trace: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: _take_days(trace[name]) for name in sorted(_FIELDS & set(trace))}
    for axis, first in (("xaxis", "x"), ("yaxis", "y")):
        if trace.get(axis, first) != first:
            kept[axis] = trace[axis]
    return kept


def _take_days(field: Any) -> Any:
    """Take midnights for their days, as everywhere else."""
    if isinstance(field, list):
        return [_take_days(item) for item in field]
    day = _MIDNIGHT.fullmatch(field) if isinstance(field, str) else None
    return day[1] if day else field
