"""The parts of an answer that is laid out for comparison, and their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from coursekit.exercise.answers import Plain, answer_bytes

_DIGITS = 8  # of a number that decides where a part is sorted; the rest may be noise


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
    unit : str, default "values"
        What the parts are called.
    groups : dict, optional
        What stands at the beginning of paths, where parts are counted by it: traces.
    seen : str, default ""
        What a student calls it, where that is not its kind.
    other : Parts, optional
        The same tree, laid out the other way.
    """

    kind: str
    shape: dict[str, Plain]
    items: dict[str, Plain]
    by_member: bool = False
    unit: str = "values"
    groups: dict[str, str] = field(default_factory=dict)
    seen: str = ""
    other: Parts | None = None

    def as_asked(self, facets: Iterable[str]) -> Parts:
        """Choose the way to lie that has these facets, or comes nearest to it."""
        ways = [self, self.other] if self.other else [self]
        return min(ways, key=lambda parts: len(parts.shape.keys() ^ set(facets)))


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
        in the skeleton. Inside, too, a row of values is a list whatever held it, and
        columns stand by name.
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
        node = _settle(node)
        return {key: walk(node[key]) for key in sorted(node)}

    return walk(plain), numbers


def likeness(plain: Plain) -> tuple[bytes, tuple[float, ...]]:
    """Say what a tree has in common with all that differ from it by noise alone."""
    return order_of(plain)[:2]


def places_by_name(columns: Sequence[str]) -> list[int]:
    """Give the places of columns in the order of their names."""
    return sorted(range(len(columns)), key=columns.__getitem__)


def sort_parts(items: Iterable[Plain]) -> list[Plain]:
    """Sort parts whose order does not count, so that noise does not change places."""
    return sorted(items, key=order_of)


def order_of(plain: Plain) -> tuple[bytes, tuple[float, ...], tuple[float, ...]]:
    """Order by everything but numbers first, then by numbers without their noise."""
    skeleton, numbers = split_numbers(plain)
    rounded = tuple(float(f"{number:.{_DIGITS}g}") for number in numbers)
    return answer_bytes(skeleton), rounded, tuple(numbers)


def _settle(node: dict[str, Plain]) -> dict[str, Plain]:
    """Take away what does not count of a tree that is itself a part.

    A bare list tells a tree with a kind from the fields of a record, whose names may be
    any.
    """
    index, values, columns = node.get("index"), node.get("values"), node.get("columns")
    if isinstance(columns, list) and isinstance(values, list):
        places = places_by_name(columns)
        return {
            "kind": "frame",
            "index": index if isinstance(index, list) else None,
            "columns": [columns[place] for place in places],
            "values": [values[place] for place in places],
        }
    if isinstance(values, list) and not isinstance(index, list):
        return {"kind": "list", "items": values}
    if isinstance(node.get("shape"), list) and len(node["shape"]) == 1:
        return {"kind": "list", "items": node["items"]}
    return node
