"""A plain tree laid out for comparison: its kind, its shape and its parts.

Whether labels count is for the expected answer to say. A series or a table lies both
ways, with its row labels and without, and so does a figure with the names of its
traces; it is compared the way the expected one lies. What is left of a series without
labels is a list, and so is an array of one dimension.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from coursekit.exercise.answers import Plain, answer_bytes
from coursekit.exercise.parts import Parts, order_of, places_by_name, sort_parts
from coursekit.exercise.traces import lay_out_figure

_LONGEST_NAME = 100  # characters of a column's name in the path of each of its cells


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
        Kind, shape and parts. Columns are found by name, and so are the traces of a
        figure if all have names of their own.
    """
    if not isinstance(plain, dict):
        return Parts(_scalar_kind(plain), {}, {"": plain})
    kind = plain["kind"]
    if kind in _IN_ORDER:
        return _IN_ORDER[kind](plain, ordered=ordered)
    if kind in _BY_NAME:
        return _BY_NAME[kind](plain)
    # Dates, durations, periods and intervals are what they are called.
    return Parts("number" if kind == "infinite" else kind, {}, {"": plain})


def _scalar_kind(plain: Plain) -> str:
    if plain is None:
        return "missing value"
    if isinstance(plain, bool):
        return "truth value"
    return "text" if isinstance(plain, str) else "number"


def _text(plain: Plain) -> str:
    return answer_bytes(plain).decode()


def _numbered(items: Sequence[Plain]) -> dict[str, Plain]:
    return {str(place): item for place, item in enumerate(items)}


def _lay_out_items(items: list[Plain], seen: str, *, ordered: bool) -> Parts:
    items = items if ordered else sort_parts(items)
    return Parts("list", {"length": len(items)}, _numbered(items), seen=seen)


def _lay_out_list(plain: Plain, *, ordered: bool) -> Parts:
    return _lay_out_items(plain["items"], "", ordered=ordered)


def _lay_out_array(plain: Plain, *, ordered: bool) -> Parts:
    shape, items = plain["shape"], plain["items"]
    if len(shape) == 1:
        return _lay_out_items(items, "array", ordered=ordered)
    if not ordered and items:
        length = len(items) // shape[0]
        rows = (items[at : at + length] for at in range(0, len(items), length))
        items = [item for row in sort_parts(rows) for item in row]
    return Parts("array", {"shape": shape}, _numbered(items))


def _lay_out_set(plain: Plain) -> Parts:
    members = {_text(item): item for item in plain["items"]}
    shape = {"size": len(members)}
    return Parts("set", shape, members, by_member=True, unit="members")


def _lay_out_mapping(plain: Plain) -> Parts:
    pairs = {_text(key): item for key, item in plain["items"]}
    shape = {"keys": [key for key, _ in plain["items"]]}
    return Parts("mapping", shape, pairs, by_member=True)


def _lay_out_graph(plain: Plain) -> Parts:
    members = {_text(["node", node]): node for node in plain["nodes"]}
    members |= {_text(["edge", edge]): edge for edge in plain["edges"]}
    shape = {"directed": plain["directed"]}
    return Parts("graph", shape, members, by_member=True, unit="nodes and edges")


def _lay_out_record(plain: Plain) -> Parts:
    return Parts("record", {"type": plain["type"]}, plain["fields"])


def _lay_out_widget(plain: Plain) -> Parts:
    return Parts("widget", {"type": plain["type"]}, plain["state"])


def _lay_out_stranger(plain: Plain) -> Parts:
    return Parts(f"value of type {plain['type']}", {}, {})


def _lay_out_series(plain: Plain, *, ordered: bool) -> Parts:
    values = plain["values"]
    rows = [[value] for value in values]
    labelled = _lay_out_rows("series", ["value"], rows, _labels(plain), ordered=ordered)
    bare = _lay_out_items(values, "series", ordered=ordered)
    return _either(plain, labelled, bare)


def _lay_out_table(plain: Plain, *, ordered: bool) -> Parts:
    places = places_by_name(plain["columns"])
    names = [plain["columns"][place] for place in places]
    labels = _labels(plain)
    columns = [plain["values"][place] for place in places]
    rows = [[column[row] for column in columns] for row in range(len(labels))]
    labelled = _lay_out_rows("table", names, rows, labels, ordered=ordered)
    # Without columns and labels nothing is left of a row, and nothing to count.
    bare = _lay_out_rows("table", names, rows if names else [], None, ordered=ordered)
    return _either(plain, labelled, bare)


def _labels(plain: Plain) -> list[Plain]:
    """Give the row labels, and where they are only positions, those."""
    index, values = plain["index"], plain["values"]
    if isinstance(index, dict):
        index = index["items"]
    if index is not None:
        return list(index)
    column = values[0] if plain["kind"] == "frame" and values else values
    return list(range(len(column)))


def _either(plain: Plain, labelled: Parts, bare: Parts) -> Parts:
    if isinstance(plain["index"], list):
        return replace(labelled, other=bare)
    return replace(bare, other=labelled)


def _lay_out_rows(
    kind: str,
    names: Sequence[str],
    rows: list[list[Plain]],
    labels: list[Plain] | None,
    *,
    ordered: bool,
) -> Parts:
    """Lay out a table or a series cell by cell."""
    shape: dict[str, Plain] = {"rows": len(rows)}
    if kind == "table":
        shape["columns"] = names
    if labels is not None:
        pairs = list(zip(labels, rows, strict=True))
        if not ordered:
            pairs.sort(key=lambda pair: (answer_bytes(pair[0]), order_of(pair[1])))
        shape["row labels"] = [label for label, _ in pairs]
        rows = [row for _, row in pairs]
    elif not ordered:
        rows = sort_parts(rows)
    paths = _paths(names)
    cells = {
        f"{row}/{path}": cell
        for row, cells in enumerate(rows)
        for path, cell in zip(paths, cells, strict=True)
    }
    return Parts(kind, shape, cells)


def _paths(names: Sequence[str]) -> list[str]:
    """Name columns in paths: by place where a name comes twice, or is a whole text."""
    return [
        name
        if len(name) <= _LONGEST_NAME and name not in names[max(n - 1, 0) : n]
        else f"{name[:_LONGEST_NAME]}\n{n}"
        for n, name in enumerate(names)
    ]


_IN_ORDER: dict[str, Callable[..., Parts]] = {
    "array": _lay_out_array,
    "figure": lay_out_figure,
    "frame": _lay_out_table,
    "list": _lay_out_list,
    "series": _lay_out_series,
}
_BY_NAME: dict[str, Callable[[Plain], Parts]] = {
    "dict": _lay_out_mapping,
    "graph": _lay_out_graph,
    "other": _lay_out_stranger,
    "record": _lay_out_record,
    "set": _lay_out_set,
    "widget": _lay_out_widget,
}
