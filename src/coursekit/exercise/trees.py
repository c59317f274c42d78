"""Plain trees that somebody else wrote: only what `to_plain` could make is let in.

A student's process may send any JSON. Here it is parsed, and refused in words unless it
is a tree that comparison can trust: known kinds, each with all its fields, of sizes
that agree, in canonical order, within the limits. What passes lays out and compares
without an exception, in a time that the limits bound.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from coursekit.errors import CoursekitError
from coursekit.exercise.answers import (
    MAX_BITS,
    MAX_DEPTH,
    MAX_LEAVES,
    MAX_TEXT,
    Plain,
    answer_bytes,
)

# A mapping's pairs, a table's columns and a figure's traces come on top of the leaves.
_MAX_PARTS = 2 * MAX_LEAVES
_MAX_DIMENSIONS = 64  # as in numpy


class MalformedAnswerError(CoursekitError, ValueError):
    """What was shipped is no answer; says why, in a sentence."""


def read_json(text: str) -> Any:
    """Parse JSON strictly: no NaN, no key twice, no nesting beyond Python's limit.

    Raises
    ------
    MalformedAnswerError
        If it is anything else.
    """
    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_once)
    except MalformedAnswerError:
        raise
    except (ValueError, RecursionError):
        raise _fault("it is not JSON") from None


def read_value(answer: dict[str, Any]) -> Plain:
    """Take the value out of what `coursekit.exercise.check.check` shipped.

    Parameters
    ----------
    answer : dict
        What `read_json` gave.

    Returns
    -------
    object
        A tree that `coursekit.exercise.answers.to_plain` could have made.

    Raises
    ------
    MalformedAnswerError
        If it could not; names the first fault.
    """
    _require("value" in answer, "it has no value")
    _Reader().node(answer["value"], 0)
    return answer["value"]


def _refuse(constant: str) -> None:
    raise _fault(f"{constant} is no number of JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    _require(len(tree) == len(pairs), "it has a key twice")
    return tree


def _require(sound: object, what: str) -> None:
    if not sound:
        raise _fault(what)


def _fault(what: str) -> MalformedAnswerError:
    return MalformedAnswerError(f"The shipped answer is malformed: {what}.")


class _Reader:
    """One walk over one tree, counting what its lists and objects hold."""

    def __init__(self) -> None:
        self.count = 0

    def node(self, tree: Any, depth: int) -> None:
        if type(tree) is str:
            self.text(tree, depth)
        elif type(tree) in (int, float):
            self.number(tree, depth)
        elif type(tree) is dict:
            _require(depth <= MAX_DEPTH, f"it is nested over {MAX_DEPTH} levels deep")
            self.typed(tree, depth)
        else:
            _require(tree is None or type(tree) is bool, "it has a list without a kind")

    def typed(self, tree: dict[str, Any], depth: int) -> None:
        kind = tree.get("kind")
        _require(type(kind) is str and kind in _FIELDS, "it has an unknown kind")
        fields = _FIELDS[str(kind)]
        given = tree.keys() - {"kind"}
        _require(
            given == fields.keys() or given == fields.keys() - _OPTIONAL,
            f"its {kind} lacks a field or has one too many",
        )
        for name in given:
            fields[name](self, tree[name], depth + 1)
        sound = _SOUND.get(str(kind))
        _require(sound is None or sound(tree), f"the parts of its {kind} do not agree")

    def text(self, tree: Any, _depth: int) -> None:
        _require(type(tree) is str, "it has no text where one should be")
        _require(
            len(tree) <= MAX_TEXT, f"it has a text of over {MAX_TEXT:,} characters"
        )
        try:
            tree.encode()
        except UnicodeEncodeError:
            raise _fault("it has half of a character") from None

    def number(self, tree: Any, _depth: int) -> None:
        if type(tree) is int:
            _require(
                tree.bit_length() <= MAX_BITS, "it has a number of over 308 digits"
            )
        else:
            _require(type(tree) is float, "it has no number where one should be")
            _require(math.isfinite(tree), "it has a number beyond all bounds")

    def truth(self, tree: Any, _depth: int) -> None:
        _require(type(tree) is bool, "it has no truth value where one should be")

    def whole(self, tree: Any, depth: int) -> None:
        _require(type(tree) is int, "it has no whole number where one should be")
        self.number(tree, depth)

    def pair(self, tree: Any, depth: int) -> None:
        _nodes(self, tree, depth)
        _require(len(tree) == 2, "it has no two parts where two should be")

    def index(self, tree: Any, depth: int) -> None:
        if isinstance(tree, dict):
            _require(tree.keys() == {"kind", "items"}, "its row labels are none")
            _require(tree["kind"] == "positions", "its row labels are none")
            _each(_Reader.whole)(self, tree["items"], depth)
        elif tree is not None:
            _nodes(self, tree, depth)

    def title(self, tree: Any, depth: int) -> None:
        if tree is not None:
            self.text(tree, depth)

    def hold(self, tree: Any, kind: type) -> None:
        """Take in what a list or an object holds, before any of it is read."""
        _require(type(tree) is kind, f"it has no {_WORDS[kind]} where one should be")
        self.count += len(tree)
        _require(self.count <= _MAX_PARTS, f"it has over {MAX_LEAVES:,} values")


_Read = Callable[[_Reader, Any, int], None]


def _each(read: _Read) -> _Read:
    def read_each(reader: _Reader, tree: Any, depth: int) -> None:
        reader.hold(tree, list)
        for item in tree:
            read(reader, item, depth)

    return read_each


def _by_name(read: _Read) -> _Read:
    def read_each(reader: _Reader, tree: Any, depth: int) -> None:
        reader.hold(tree, dict)
        for name, item in tree.items():
            reader.text(name, depth)
            read(reader, item, depth)

    return read_each


_nodes = _each(_Reader.node)
_texts = _each(_Reader.text)
_WORDS: dict[type, str] = {list: "list", dict: "object"}
_OPTIONAL = {"logarithmic"}
_FIELDS: dict[str, dict[str, _Read]] = {
    "array": {"shape": _each(_Reader.whole), "items": _nodes},
    "date": {"value": _Reader.text},
    "dict": {"items": _each(_Reader.pair)},
    "duration": {"seconds": _Reader.number},
    "figure": {
        "traces": _each(_by_name(_Reader.node)),
        "axes": _by_name(_Reader.title),
        "logarithmic": _texts,
    },
    "frame": {"index": _Reader.index, "columns": _texts, "values": _each(_nodes)},
    "graph": {"directed": _Reader.truth, "nodes": _nodes, "edges": _each(_Reader.pair)},
    "infinite": {"positive": _Reader.truth},
    "interval": {
        "closed": _Reader.text, "left": _Reader.node, "right": _Reader.node,
    },
    "list": {"items": _nodes},
    "other": {"type": _Reader.text},
    "period": {"value": _Reader.text},
    "record": {"type": _Reader.text, "fields": _by_name(_Reader.node)},
    "series": {"index": _Reader.index, "values": _nodes},
    "set": {"items": _nodes},
    "widget": {"type": _Reader.text, "state": _by_name(_Reader.node)},
}  # fmt: skip


def _is_array(tree: dict[str, Any]) -> bool:
    shape = tree["shape"]
    return (
        0 < len(shape) <= _MAX_DIMENSIONS
        and min(shape) >= 0
        and math.prod(shape) == len(tree["items"])
    )


def _is_table(columns: list[list[Any]], index: Any) -> bool:
    labels = index["items"] if isinstance(index, dict) else index
    lengths = {len(column) for column in columns}
    return len(lengths | ({len(labels)} if labels is not None else set())) <= 1


def _ascends(items: Iterable[Plain]) -> bool:
    """Tell whether no item comes twice, and all stand in their canonical order."""
    # The comma that follows a key decides between 1 and 10.
    written = (answer_bytes(item) + b"," for item in items)
    return all(one < two for one, two in pairwise(written))


_SOUND: dict[str, Callable[[dict[str, Any]], bool]] = {
    "array": _is_array,
    "dict": lambda tree: _ascends(key for key, _ in tree["items"]),
    "frame": lambda tree: (
        len(tree["columns"]) == len(tree["values"])
        and _is_table(tree["values"], tree["index"])
    ),
    "series": lambda tree: _is_table([tree["values"]], tree["index"]),
    "set": lambda tree: _ascends(tree["items"]),
}
