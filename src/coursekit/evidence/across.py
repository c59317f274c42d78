"""A result across readings: the interval, and the readings at its ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

Value = bool | int | float | None


@dataclass(frozen=True)
class Outcome:
    """What a function returned under some readings; ``()`` is the base."""

    readings: tuple[str, ...]
    value: Value

    @property
    def label(self) -> str:
        """The readings in words."""
        return " + ".join(self.readings) or "base"


@dataclass(frozen=True, repr=False)
class Across:
    """A result under every reading that was tried; prints as a sentence.

    Parameters
    ----------
    base, low, high : bool, int, float or None
        The result under the base readings, the lowest and the highest; ``None``
        where unknown. For truth values ``False`` is the low end.
    low_readings, high_readings : tuple of str
        Readings that make the ends, the fewest that do; ``()`` is the base.
    holds, fails : tuple of tuple of str
        For truth values: the readings under which the result is true, and false.
    unknown : tuple of tuple of str
        The readings under which the function gave no value.
    questions : tuple of str
        The questions whose readings were varied.
    joint : bool
        Whether every combination of readings was tried, or each reading alone.
    outcomes : tuple of Outcome
        Every result, the base first.
    """

    base: Value
    low: Value
    high: Value
    low_readings: tuple[str, ...]
    high_readings: tuple[str, ...]
    holds: tuple[tuple[str, ...], ...]
    fails: tuple[tuple[str, ...], ...]
    unknown: tuple[tuple[str, ...], ...]
    questions: tuple[str, ...]
    joint: bool
    outcomes: tuple[Outcome, ...]

    @classmethod
    def from_outcomes(
        cls, outcomes: Sequence[Outcome], *, questions: tuple[str, ...], joint: bool
    ) -> Across:
        """Find the interval and its ends among results, the base first."""
        known = [outcome for outcome in outcomes if outcome.value is not None]
        nothing = Outcome((), None)
        low = min(known, key=_size, default=nothing)
        high = max(known, key=_size, default=nothing)
        return cls(
            base=outcomes[0].value,
            low=low.value,
            high=high.value,
            low_readings=low.readings,
            high_readings=high.readings,
            holds=tuple(found.readings for found in known if found.value is True),
            fails=tuple(found.readings for found in known if found.value is False),
            unknown=tuple(found.readings for found in outcomes if found.value is None),
            questions=questions,
            joint=joint,
            outcomes=tuple(outcomes),
        )

    @property
    def always(self) -> bool:
        """Whether a truth value is true under every reading that was tried."""
        return len(self.holds) == len(self.outcomes)

    @property
    def never(self) -> bool:
        """Whether a truth value is false under every reading that was tried."""
        return len(self.fails) == len(self.outcomes)

    @property
    def values(self) -> pd.DataFrame:
        """Every result: ``readings`` (text, ``base`` for none) and ``value``."""
        values = [outcome.value for outcome in self.outcomes]
        kinds = {type(value) for value in values if value is not None}
        dtype = "boolean" if kinds == {bool} else "Float64"
        if kinds == {int}:
            dtype = "Int64"
        return pd.DataFrame(
            {
                "readings": [outcome.label for outcome in self.outcomes],
                "value": pd.array(values, dtype=dtype),  # type: ignore[call-overload]  # the stubs know literal type names only
            }
        )

    def __str__(self) -> str:
        return " ".join([self._result(), *self._gaps(), self._scope()])

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        result = self._result(mark="`", strong="**")
        return " ".join([result, *self._gaps(mark="`"), self._scope()])

    def _result(self, *, mark: str = "", strong: str = "") -> str:
        if self.low is None:
            return f"{strong}Unknown{strong} under every reading."
        if isinstance(self.low, bool):
            return self._verdict(mark=mark, strong=strong)
        low, high = _in_words(self.low), _in_words(self.high)
        if self.low == self.high:
            where = "every reading with a result" if self.unknown else "every reading"
            return f"{strong}{low}{strong} under {where}."
        return (
            f"{strong}{low} to {high}{strong}; base {_in_words(self.base)}; "
            f"lowest under {_name(self.low_readings, mark)}, "
            f"highest under {_name(self.high_readings, mark)}."
        )

    def _verdict(self, *, mark: str, strong: str) -> str:
        if self.always:
            return f"{strong}Holds{strong} under every reading."
        if self.never:
            return f"{strong}Fails{strong} under every reading."
        parts = [
            f"{strong}{verb}{strong} under {_names(found, mark)}"
            for verb, found in (("Holds", self.holds), ("Fails", self.fails))
            if found
        ]
        return ". ".join(parts) + "."

    def _gaps(self, *, mark: str = "") -> list[str]:
        if not self.unknown or self.low is None:
            return []
        return [f"Unknown under {_names(self.unknown, mark)}."]

    def _scope(self) -> str:
        if not self.questions:
            return "Nothing here is contested."
        tried = len(self.outcomes)
        if len(self.questions) == 1:
            return f"All {tried} readings of {self.questions[0]} were tried."
        over = f"{len(self.questions)} contested questions"
        if self.joint:
            return f"All {tried} combinations of readings of {over} were tried."
        return (
            f"The base and {tried - 1} other readings of {over} were tried one at a "
            "time, not together."
        )


def _size(outcome: Outcome) -> float:
    return float(outcome.value or 0)


def _in_words(value: Value) -> str:
    if value is None:
        return "unknown"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def _name(readings: tuple[str, ...], mark: str) -> str:
    return " + ".join(f"{mark}{name}{mark}" for name in readings) or "the base"


def _names(found: Sequence[tuple[str, ...]], mark: str, limit: int = 4) -> str:
    names = [_name(readings, mark) for readings in found]
    if len(names) > limit:
        names[limit - 1 :] = [f"{len(names) - limit + 1} other combinations"]
    if len(names) == 1:
        return names[0]
    return ", ".join(names[:-1]) + " and " + names[-1]
