"""A plain tree laid out for comparison: its kind, its shape and its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coursekit.exercise.answers import Plain, answer_bytes

# What a figure says, beside its traces' types; names and styles are the author's taste.
_POINT_FIELDS = (
    "x", "y", "z", "labels", "values", "r", "theta", "locations", "lat", "lon", "base",
)  # fmt: skip


@dataclass(frozen=True)
class Parts:
    """A plain tree laid out for comparison.

    Parameters
    ----------
    kind : str
        Kind of value in words that a student reads: ``number``, ``table``, ``set``.
    shape : dict
        Facets that must agree before values are compared: rows, columns, labels.
    items : dict
        The parts by path. A part is compared as a whole.
    by_member : bool, default False
        Whether a part is found by what it is and not by where it stands.
    """

    kind: str
    shape: dict[str, Plain]
    items: dict[str, Plain]
    by_member: bool = False


def lay_out(plain: Plain, *, ordered: bool) -> Parts:
    """Lay a plain tree out for comparison.

    Parameters
    ----------
    plain : object
        A tree as `coursekit.exercise.answers.to_plain` makes it.
    ordered : bool
        Whether the order of items, rows and points counts. Where it does not, labelled
        rows are found by label, the others are sorted.

    Returns
    -------
    Parts
        Kind, shape and parts. The order of a table's columns never counts.
    """
    if not isinstance(plain, dict):
        return Parts(_scalar_kind(plain), {}, {"": plain})
    kind = plain.get("kind")
    if kind in {"date", "duration"}:
        return Parts(kind, {}, {"": plain})
    if kind == "infinite":
        return Parts("number", {}, {"": plain})
    if kind == "list":
        items = plain["items"] if ordered else _sorted(plain["items"])
        return Parts("list", {"length": len(items)}, _numbered(items))
    if kind == "array":
        return Parts("array", {"shape": plain["shape"]}, _numbered(plain["items"]))
    if kind == "set":
        members = {_text(item): item for item in plain["items"]}
        return Parts("set", {"size": len(members)}, members, by_member=True)
    if kind == "dict":
        pairs = {_text(key): item for key, item in plain["items"]}
        shape = {"keys": [key for key, _ in plain["items"]]}
        return Parts("mapping", shape, pairs, by_member=True)
    if kind == "series":
        return _lay_out_rows(
            "series", plain["index"], ["value"], [plain["values"]], ordered
        )
    if kind == "frame":
        return _lay_out_rows(
            "table", plain["index"], plain["columns"], plain["values"], ordered
        )
    if kind == "graph":
        members = {_text(["node", node]): node for node in plain["nodes"]}
        members |= {_text(["edge", edge]): edge for edge in plain["edges"]}
        return Parts("graph", {"directed": plain["directed"]}, members, by_member=True)
    if kind == "figure":
        return _lay_out_figure(plain, ordered=ordered)
    if kind == "record":
        return Parts("record", {"type": plain["type"]}, dict(plain["fields"]))
    if kind == "widget":
        return Parts("widget", {"type": plain["type"]}, dict(plain["state"]))
    return Parts(f"value of type {plain.get('type')}", {}, {})


def split_numbers(plain: Plain) -> tuple[Plain, list[float]]:
    """Part a tree into its skeleton and its numbers, in order.

    Parameters
    ----------
    plain : object
        A plain tree.

    Returns
    -------
    tuple
        The tree with a mark in place of each number, and the numbers. Truth values stay
        in the skeleton.
    """
    numbers: list[float] = []

    def walk(node: Plain) -> Plain:
        if isinstance(node, bool) or node is None or isinstance(node, str):
            return node
        if isinstance(node, int | float):
            numbers.append(node)
            return {"kind": "number"}
        if isinstance(node, list):
            return [walk(item) for item in node]
        return {key: walk(node[key]) for key in sorted(node)}

    return walk(plain), numbers


def _scalar_kind(plain: Plain) -> str:
    if plain is None:
        return "missing value"
    if isinstance(plain, bool):
        return "truth value"
    return "text" if isinstance(plain, str) else "number"


def _text(plain: Plain) -> str:
    return answer_bytes(plain).decode()


def _sorted(items: list[Plain]) -> list[Plain]:
    return sorted(items, key=_order)


def _order(item: Plain) -> tuple[bytes, list[float]]:
    """Order by everything but numbers first, so that noise does not change places."""
    skeleton, numbers = split_numbers(item)
    return answer_bytes(skeleton), numbers


def _numbered(items: Sequence[Plain]) -> dict[str, Plain]:
    return {str(place): item for place, item in enumerate(items)}


def _lay_out_rows(
    kind: str,
    labels: list[Plain] | None,
    columns: list[str],
    values: list[list[Plain]],
    ordered: bool,  # noqa: FBT001 - private, and every caller hands it on
) -> Parts:
    """Lay out a table or a series cell by cell."""
    names = sorted(columns)
    place = {name: columns.index(name) for name in names}
    length = len(values[0]) if values else 0
    rows = [[values[place[name]][row] for name in names] for row in range(length)]
    shape: dict[str, Plain] = {"rows": length}
    if kind == "table":
        shape["columns"] = names
    if labels is not None:
        pairs = list(zip(labels, rows, strict=True))
        if not ordered:
            pairs.sort(key=lambda pair: (answer_bytes(pair[0]), _order(pair[1])))
        shape["row labels"] = [label for label, _ in pairs]
        rows = [row for _, row in pairs]
    elif not ordered:
        rows = _sorted(rows)
    cells = {
        f"{row}/{name}": cell
        for row, cells in enumerate(rows)
        for name, cell in zip(names, cells, strict=True)
    }
    return Parts(kind, shape, cells)


def _lay_out_figure(plain: Plain, *, ordered: bool) -> Parts:
    """Lay out a figure trace by trace; only whether an axis has a title counts."""
    traces: list[list[Plain]] = []  # type, fields, points
    for trace in plain["traces"]:
        fields = dict(trace)
        if fields.get("orientation") == "h":
            fields["x"], fields["y"] = fields.get("y"), fields.get("x")
        kept = [name for name in _POINT_FIELDS if isinstance(fields.get(name), dict)]
        points = zip(*(fields[name]["items"] for name in kept), strict=False)
        rows = [list(point) for point in points]
        traces.append([fields.get("type"), kept, rows if ordered else _sorted(rows)])
    if not ordered:
        traces = _sorted(traces)
    items: dict[str, Plain] = {}
    for number, (_, kept, rows) in enumerate(traces):
        for row, point in enumerate(rows):
            items[f"{number}/{row}"] = [kept, point]
    shape: dict[str, Plain] = {
        "trace types": [kind for kind, _, _ in traces],
        "points": [len(rows) for _, _, rows in traces],
        "axes with a title": sorted(
            name for name, title in plain["axes"].items() if title
        ),
    }
    return Parts("figure", shape, items)
