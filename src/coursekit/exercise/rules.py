"""When an answer matches: the rule, the stages, and one comparison for all.

The grader holds the expected values; a student's notebook holds only salted digests
(`coursekit.exercise.seals`). Both answer the same few questions, so that what the
notebook calls a match is one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Literal, Protocol

from coursekit.exercise.answers import Plain, answer_bytes
from coursekit.exercise.layout import lay_out
from coursekit.exercise.parts import Parts, split_numbers

_STRANGE = "value of type"
_ADVICE = "Hand in plain numbers, texts, dates, lists, sets, dicts, tables or figures."
_WORDS = {
    "array": "array of several dimensions",
    "series": "series with row labels",
}
_MOST_LABELS = 60  # that are looked at for a quotation
_MOST = 5  # traces that are named
_EDGE = 1e-6  # of a tolerance: a number just on its edge is within it
Stage = Literal["matches", "values differ", "wrong shape", "wrong type"]
DEFAULT_RTOL = 1e-9  # floating-point noise, no more


@dataclass(frozen=True)
class Rule:
    """How an answer is compared.

    Parameters
    ----------
    rtol : float, optional
        Relative tolerance of numbers, in 0-1, as `math.isclose` takes it. Without any
        tolerance numbers may differ by floating-point noise, one part in a billion.
    atol : float, optional
        Absolute tolerance of numbers instead, in their own unit.
    ordered : bool, default True
        Whether the order of a list's items, a table's rows or a figure's points counts.
    partial : bool, default False
        Whether a part of the points is given for a part of the answer: its share for
        each part that is right, once two different ones are, since one value all over
        is a guess. Parts too many count as wrong.

    Raises
    ------
    ValueError
        If both tolerances are given, or one is out of range.
    """

    rtol: float | None = None
    atol: float | None = None
    ordered: bool = True
    partial: bool = False

    def __post_init__(self) -> None:
        if self.rtol is not None and self.atol is not None:
            raise ValueError("Give rtol or atol, not both: one rule, one tolerance.")
        if self.rtol is not None and not 0 < self.rtol < 1:
            raise ValueError(f"rtol must lie between 0 and 1; it is {self.rtol}.")
        if self.atol is not None and not 0 < self.atol < math.inf:
            raise ValueError(f"atol must be above 0, and finite; it is {self.atol}.")

    def to_json(self) -> dict[str, Any]:
        """Give the fields that depart from the defaults; `Rule(**fields)` reads it."""
        return {
            field.name: chosen
            for field in fields(self)
            if (chosen := getattr(self, field.name)) != field.default
        }

    def close(self, expected: float, given: float) -> bool:
        """Tell whether two numbers are equal within the tolerance, edge included."""
        if self.atol is not None:
            widest = self.atol * (1 + _EDGE)
            return math.isclose(expected, given, rel_tol=0, abs_tol=widest)
        widest = (self.rtol or DEFAULT_RTOL) * (1 + _EDGE)
        return math.isclose(expected, given, rel_tol=min(widest, 1))

    def place(self, number: float, offset: float) -> list[int]:
        """Find the cell of a number on a grid whose cells are the tolerance wide."""
        return [self._sign(number), math.floor(self._half(number) - offset)]

    def places(self, number: float, offset: float) -> list[list[int]]:
        """Find the cells of a number: two where it lies on the edge between them."""
        sign, cell = self.place(number, offset)
        within = self._half(number) - offset - cell
        cells = (
            [cell - 1] * (within < _EDGE) + [cell] + [cell + 1] * (within > 1 - _EDGE)
        )
        return [[sign, cell] for cell in cells]

    def offset(self, number: float) -> float:
        """Find the offset, in 0-1, that centres a cell of the grid on a number."""
        return round((self._half(number) - 0.5) % 1, 6)

    def _half(self, number: float) -> float:
        """Measure a number so that all within its tolerance lies within one half."""
        if self.atol is not None:
            half = number / self.atol / 2
            # Beyond all floats the tolerance is far below what tells two floats apart.
            return half if math.isfinite(half) else float(number)
        if number == 0:
            return 0.0
        return math.log(abs(number)) / -math.log1p(-(self.rtol or DEFAULT_RTOL)) / 2

    def _sign(self, number: float) -> int:
        if self.atol is not None:
            return 0  # close to zero both signs are within the tolerance
        return (number > 0) - (number < 0)


@dataclass(frozen=True)
class Comparison:
    """What came of comparing an answer with what was expected.

    Parameters
    ----------
    stage : {'matches', 'values differ', 'wrong shape', 'wrong type'}
        How far the comparison got.
    right : tuple of str
        Paths of the expected parts that are right. Where the shape is wrong, only the
        members of a set, mapping or graph count.
    total : int
        All expected parts, at least 1.
    surplus : int
        Parts of the answer that nobody asked for.
    message : str
        One or two sentences for the student: what was seen and where it departs.
    """

    stage: Stage
    right: tuple[str, ...]
    total: int
    surplus: int
    message: str


class Expectation(Protocol):
    """What is expected, known or sealed: it can be asked, though not always read."""

    @property
    def kind(self) -> str:
        """Kind of the expected answer, in words."""

    def facets(self) -> tuple[str, ...]:
        """Name the facets of the expected shape."""

    def count(self) -> int:
        """Count the expected parts."""

    def has_shape(self, facet: str, given: Plain) -> bool:
        """Tell whether one facet of the shape is as expected."""

    def has_place(self, path: str) -> bool:
        """Tell whether a part is expected at a path."""

    def has_part(self, path: str, given: Plain) -> bool:
        """Tell whether the part at a path is as expected."""


@dataclass(frozen=True)
class Known:
    """An expectation whose values are at hand, as in the grader."""

    parts: Parts
    rule: Rule

    @property
    def kind(self) -> str:
        """Kind of the expected answer, in words."""
        return self.parts.kind

    def facets(self) -> tuple[str, ...]:
        """Name the facets of the expected shape."""
        return tuple(self.parts.shape)

    def count(self) -> int:
        """Count the expected parts."""
        return len(self.parts.items)

    def has_shape(self, facet: str, given: Plain) -> bool:
        """Compare one facet of the shape."""
        return answer_bytes(self.parts.shape[facet]) == answer_bytes(given)

    def has_place(self, path: str) -> bool:
        """Look the path up."""
        return path in self.parts.items

    def has_part(self, path: str, given: Plain) -> bool:
        """Compare one part, numbers within the rule's tolerance."""
        skeleton, numbers = split_numbers(self.parts.items[path])
        given_skeleton, given_numbers = split_numbers(given)
        # A forged tree may hold the mark of a number where a number should be.
        return (
            skeleton == given_skeleton
            and len(numbers) == len(given_numbers)
            and all(map(self.rule.close, numbers, given_numbers))
        )


def compare(expected: Plain, given: Plain, rule: Rule) -> Comparison:
    """Compare a plain answer with the plain expected value.

    Parameters
    ----------
    expected, given : object
        Plain trees, as `to_plain` makes them.
    rule : Rule
        Tolerance and order.

    Returns
    -------
    Comparison
        The first stage at which they part, and how many parts are right.

    Examples
    --------
    >>> compare(0.5, 0.5004, Rule(rtol=1e-2)).stage
    'matches'
    >>> compare(0.5, "half", Rule()).message
    'A number was expected, and this is a text.'
    """
    known = Known(lay_out(expected, ordered=rule.ordered), rule)
    return compare_parts(known, lay_out(given, ordered=rule.ordered))


def compare_parts(expected: Expectation, given: Parts) -> Comparison:
    """Compare a laid-out answer with an expectation, known or sealed."""
    facets = expected.facets()
    given = given.as_asked(facets)
    total = max(expected.count(), 1)
    if given.kind != expected.kind or given.kind.startswith(_STRANGE):
        asked, seen = (_WORDS.get(one.kind, one.kind) for one in (expected, given))
        seen = given.seen or seen
        message = _sentence(f"{_a(asked)} was expected, and this is {_a(seen)}")
        return Comparison("wrong type", (), total, 0, _advise(message, given))
    placed = [path for path in given.items if expected.has_place(path)]
    right = tuple(path for path in placed if expected.has_part(path, given.items[path]))
    wrong = [
        facet
        for facet in facets
        if not expected.has_shape(facet, given.shape.get(facet))
    ]
    surplus = len(given.items) - len(placed)
    if wrong or surplus or len(placed) < expected.count():
        # A member is right though others are missing; an edge is not, where all of
        # them should have a direction.
        if not given.by_member or "directed" in wrong:
            right = ()
        message = _advise(_say_shape(given, wrong, surplus), given)
        return Comparison("wrong shape", right, total, surplus, message)
    if len(right) < expected.count():
        message = _advise(_say_values(given, set(right)), given)
        return Comparison("values differ", right, total, 0, message)
    return Comparison("matches", right, total, 0, "It matches.")


def quote(text: str, most: int = 60) -> str:
    """Quote what a student wrote in one line that can be printed and stored.

    Parameters
    ----------
    text : str
        Any text, half an emoji and orders to a terminal included.
    most : int, default 60
        Characters of the quotation.
    """
    visible = (c if c.isprintable() or c.isspace() else "?" for c in text[: 10 * most])
    line = " ".join("".join(visible).split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


def _say_shape(given: Parts, wrong: list[str], surplus: int) -> str:
    if wrong:
        seen = [f"{facet} (here {_show(given.shape.get(facet))})" for facet in wrong]
        return f"Not as expected: {', '.join(seen)}."
    if surplus:
        does = "does" if surplus == 1 else "do"
        return f"{surplus} of {len(given.items)} {given.unit} {does} not belong."
    return f"Some {given.unit} are missing."


def _say_values(given: Parts, right: set[str]) -> str:
    """Say how many parts differ, and in which trace of a figure; never which part."""
    if len(given.items) == 1:
        return "The value differs."
    missed = [path for path in given.items if path not in right]
    if not given.groups:
        return f"{len(missed)} of {len(given.items)} {given.unit} differ."
    points = Counter(path.partition("/")[0] for path in given.items)
    differ = Counter(path.partition("/")[0] for path in missed)
    said = [
        f"{name}: {differ[group]} of {points[group]} {given.unit} differ"
        for group, name in given.groups.items()
        if differ[group]
    ]
    more = f"; and in {len(said) - _MOST} more" if len(said) > _MOST else ""
    return _sentence("; ".join(said[:_MOST]) + more)


def _advise(message: str, given: Parts) -> str:
    """Say what to hand in where an answer holds what cannot be compared."""
    if given.kind.startswith(_STRANGE):
        return f"{message} {_ADVICE}"
    stranger = next(_strangers([given.shape, given.items]), None)
    if stranger is None:
        return message
    return f"{message} It holds {_a(f'{_STRANGE} {quote(stranger)}')}. {_ADVICE}"


def _strangers(tree: Plain) -> Iterator[str]:
    if isinstance(tree, dict) and tree.get("kind") == "other":
        yield str(tree.get("type"))
    elif isinstance(tree, dict | list):
        for part in tree.values() if isinstance(tree, dict) else tree:
            yield from _strangers(part)


def _a(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {quote(words)}"


def _show(facet: Plain) -> str:
    if isinstance(facet, list):
        return quote(", ".join(map(_word, facet[:_MOST_LABELS])) or "none")
    return "none" if facet is None else quote(_word(facet))


def _word(plain: Plain) -> str:
    """Say a plain tree in a word or two."""
    if plain is None:
        return "nothing"
    if not isinstance(plain, dict):
        return str(plain)
    if "items" in plain:
        return f"({', '.join(map(_word, plain['items']))})"
    if plain["kind"] == "interval":
        return f"{_word(plain['left'])} to {_word(plain['right'])}"
    return str(plain.get("value", plain.get("seconds", plain["kind"])))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
