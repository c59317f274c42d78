"""When an answer matches: the rule, the stages, and one comparison for all.

The grader holds the expected values; a student's notebook holds only salted digests
(`coursekit.exercise.seals`). Both answer the same few questions, so that what the
notebook calls a match is one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any, Literal, Protocol

from coursekit.exercise.answers import Plain, answer_bytes
from coursekit.exercise.layout import Parts, lay_out, split_numbers

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
        Whether a part of the points is given for a part of the answer.

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
        if self.atol is not None and not self.atol > 0:
            raise ValueError(f"atol must be above 0; it is {self.atol}.")

    def to_json(self) -> dict[str, Any]:
        """Give the fields that depart from the defaults; `Rule(**fields)` reads it."""
        return {
            field.name: chosen
            for field in fields(self)
            if (chosen := getattr(self, field.name)) != field.default
        }

    def close(self, expected: float, given: float) -> bool:
        """Tell whether two numbers are equal within the tolerance."""
        if self.atol is not None:
            return math.isclose(expected, given, rel_tol=0, abs_tol=self.atol)
        return math.isclose(expected, given, rel_tol=self.rtol or DEFAULT_RTOL)

    def place(self, number: float, offset: float) -> list[int]:
        """Find the cell of a number on a grid whose cells are the tolerance wide."""
        return [self._sign(number), math.floor(self._half(number) - offset)]

    def offset(self, number: float) -> float:
        """Find the offset, in 0-1, that centres a cell of the grid on a number."""
        return round((self._half(number) - 0.5) % 1, 6)

    def _half(self, number: float) -> float:
        """Measure a number so that all within its tolerance lies within one half."""
        if self.atol is not None:
            return number / self.atol / 2
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
    matched, total : int
        Parts of the expected answer that are right, and all its parts (at least 1).
        Where the shape is wrong, only the members of a set, mapping or graph count.
    message : str
        One sentence for the student: what was seen and where it departs.
    """

    stage: Stage
    matched: int
    total: int
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
    total = max(expected.count(), 1)
    if given.kind != expected.kind or given.kind.startswith("value of type"):
        message = f"{_a(expected.kind)} was expected, and this is {_a(given.kind)}."
        return Comparison("wrong type", 0, total, message[0].upper() + message[1:])
    placed = {
        path: item for path, item in given.items.items() if expected.has_place(path)
    }
    matched = sum(expected.has_part(path, item) for path, item in placed.items())
    wrong = [
        facet
        for facet in expected.facets()
        if not expected.has_shape(facet, given.shape.get(facet))
    ]
    if wrong or len(placed) < max(expected.count(), len(given.items)):
        counted = matched if given.by_member else 0
        seen = [f"{facet} (here {_shown(given.shape.get(facet))})" for facet in wrong]
        message = f"Not as expected: {', '.join(seen) or 'its members'}."
        return Comparison("wrong shape", counted, total, message)
    if matched < expected.count():
        message = "The value differs."
        if total > 1:
            message = f"{total - matched} of {total} values differ."
        return Comparison("values differ", matched, total, message)
    return Comparison("matches", total, total, "It matches.")


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _shown(facet: Plain) -> str:
    if isinstance(facet, list):
        text = ", ".join(map(str, facet)) or "none"
        return text if len(text) <= 60 else f"{text[:57]}..."
    return str(facet)
