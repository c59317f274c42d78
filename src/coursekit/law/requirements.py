"""What a legal test asks of a case, in the little language of the datasets.

All requirements of a test must hold. The conjunction is Kleene's strong one: one that
fails settles it, whatever else is unknown; otherwise one unknown leaves it open;
unknown is never false.

References
----------
Kleene S C, *Introduction to Metamathematics* (North-Holland 1952) section 64, for the
three-valued connectives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.errors import MalformedDataError

if TYPE_CHECKING:
    from coursekit.law.doctrines import Case

_FILE = Path("data/doctrines/doctrines.csv")
_ASKS = "tests such as fact=a|b or fact!=a, joined by ;"


@dataclass(frozen=True)
class Requirement:
    """One thing that a doctrine asks of a case.

    Parameters
    ----------
    fact : str
        A column of ``interventions``, or a name with ``x:`` for a fact outside it.
    values : tuple of str
        The values that count.
    excluded : bool
        True if the fact must have none of the values, false if it must have one.
    """

    fact: str
    values: tuple[str, ...]
    excluded: bool = False

    def __str__(self) -> str:
        sign = "!=" if self.excluded else "="
        return f"{self.fact}{sign}{'|'.join(self.values)}"

    def holds(self, case: Case) -> bool | None:
        """Say whether the case has what is asked; None if the fact is unknown."""
        value = case.facts.get(self.fact)
        if value is None:
            return None
        return (value in self.values) != self.excluded

    def describe(self, case: Case) -> str:
        """Say in words how the case stands to this requirement."""
        value = case.facts.get(self.fact)
        asked = " or ".join(self.values)
        asked = f"anything but {asked}" if self.excluded else asked
        if value is None:
            return f"{self.fact} is not known (asked: {asked})"
        return f"{self.fact} is {value} (asked: {asked})"


def decide(
    case: Case, requirements: Iterable[Requirement]
) -> tuple[bool | None, tuple[Requirement, ...]]:
    """Join requirements by Kleene's strong conjunction.

    Parameters
    ----------
    case : Case
        Facts, some of them unknown.
    requirements : iterable of Requirement
        All must hold.

    Returns
    -------
    bool or None
        False if any fails; else None if any is unknown; else True.
    tuple of Requirement
        Those that make it so: all that fail, all that are unknown, or all.
    """
    needs = tuple(requirements)
    states = [need.holds(case) for need in needs]
    for state in (False, None):
        deciding = tuple(n for n, s in zip(needs, states, strict=True) if s is state)
        if deciding:
            return state, deciding
    return True, needs


def parse_requirements(text: str, *, row: int | None = None) -> tuple[Requirement, ...]:
    """Read the column ``required_facts`` of ``doctrines``.

    Parameters
    ----------
    text : str
        Tests joined by ``;``: ``fact=a|b`` (one of these) or ``fact!=a`` (not this).
    row : int, optional
        Line of the file, for the error.

    Returns
    -------
    tuple of Requirement
        In the order of the text.

    Raises
    ------
    MalformedDataError
        If a part is no test.

    Examples
    --------
    >>> [str(part) for part in parse_requirements("control=full|partial;war!=yes")]
    ['control=full|partial', 'war!=yes']
    """
    found = []
    for part in text.split(";"):
        name, sign, right = part.partition("=")
        values = tuple(value.strip() for value in right.split("|"))
        fact = name.strip().removesuffix("!").strip()
        if not sign or not fact or not all(values) or "!" in fact or "=" in right:
            raise MalformedDataError(_FILE, _ASKS, repr(part), row, "required_facts")
        found.append(Requirement(fact, values, name.strip().endswith("!")))
    return tuple(found)
