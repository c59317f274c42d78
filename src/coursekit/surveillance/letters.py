"""Which states signed which statement on Xinjiang, when they joined, and who left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coursekit.errors import UnknownNameError
from coursekit.evidence import load

if TYPE_CHECKING:
    import pandas as pd

STATEMENTS: Final = "xinjiang_statements"
LETTERS: Final = "xinjiang_letters"
FIVE: Final = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
# Waves of supporters: who signed first, who left again, who came later.
FIRST: Final = ("original", "original_37", "original_37_withdrew", "voted_no")
LEFT: Final = ("original_37_withdrew",)
LATER: Final = ("joined_later",)


@dataclass(frozen=True)
class Sides:
    """The states on each side of a statement.

    Parameters
    ----------
    statement_id : str
        The statement.
    critics : frozenset of str
        ISO 3166-1 codes of the states that criticised China.
    original, acceded, left : frozenset of str
        Those that supported China at first, that joined later, and that left again.
    critics_complete, supporters_complete : bool
        Whether the list of the side is whole. Who is not on a list that is not whole is
        unknown, and not on neither side.
    """

    statement_id: str
    critics: frozenset[str]
    original: frozenset[str]
    acceded: frozenset[str]
    left: frozenset[str]
    critics_complete: bool
    supporters_complete: bool

    @property
    def final(self) -> frozenset[str]:
        """Supporters in the end: the first without those that left, and the late."""
        return (self.original - self.left) | self.acceded

    def side_of(self, state: str) -> str:
        """Say on which side a state stands.

        Parameters
        ----------
        state : str
            ISO 3166-1 code.

        Returns
        -------
        str
            ``"criticised"``, ``"supported"``, ``"left"`` (supported and withdrew),
            ``"neither"``, or ``"unknown"`` where a list that is not whole may hold it.
        """
        if state in self.critics:
            return "criticised"
        if state in self.final:
            return "supported"
        if state in self.left:
            return "left"
        whole = self.critics_complete and self.supporters_complete
        return "neither" if whole else "unknown"


def read_sides(statement_id: str = "HRC41_2019_07") -> Sides:
    """Read who stands on which side of a statement.

    Parameters
    ----------
    statement_id : str, default 'HRC41_2019_07'
        A key of the dataset ``xinjiang_statements``; by default the letters of July
        2019.

    Returns
    -------
    Sides
        The sets of states. For the vote of October 2022 the supporters are those that
        voted against a debate, on that motion only.

    Raises
    ------
    UnknownNameError
        If there is no such statement.
    """
    statements = load(STATEMENTS).set_index("statement_id")
    if statement_id not in statements.index:
        raise UnknownNameError("statement", str(statement_id), statements.index)
    rows = load(LETTERS)
    rows = rows[rows["statement_id"] == statement_id]
    supporters = rows[rows["side"] == "supported"]
    return Sides(
        str(statement_id),
        critics=_states(rows[rows["side"] == "criticised"]),
        original=_states(supporters[supporters["wave"].isin(FIRST)]),
        acceded=_states(supporters[supporters["wave"].isin(LATER)]),
        left=_states(supporters[supporters["wave"].isin(LEFT)]),
        critics_complete=bool(statements.loc[statement_id, "critics_list_complete"]),
        supporters_complete=bool(
            statements.loc[statement_id, "supporters_list_complete"]
        ),
    )


def trace_sides(states: Iterable[str] = FIVE) -> pd.DataFrame:
    """Follow states through all statements, in order of time.

    Parameters
    ----------
    states : iterable of str, default the five Central Asian states
        ISO 3166-1 codes.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``statement_id``: ``date`` and ``topic``, then a column for each
        state with its side as the dataset codes it, or ``"unknown"`` where it has no
        row. ``"unknown"`` is not ``"neither"``: lists that are not whole may hold it.

    Raises
    ------
    TypeError
        If ``states`` is no list of codes.
    UnknownNameError
        If a state is in no statement at all.
    """
    rows = load(LETTERS)
    known = set(rows["state_iso3"])
    try:
        names = [states] if isinstance(states, str) else list(states)
    except TypeError:
        raise TypeError(f"{states!r} is no state; give codes in a list.") from None
    for name in names:
        if name not in known:
            raise UnknownNameError("state in these statements", str(name), known)
    statements = load(STATEMENTS).sort_values("date", kind="stable")
    traced = statements.set_index("statement_id")[["date", "topic"]].copy()
    for name in names:
        own = rows[rows["state_iso3"] == name].set_index("statement_id")["side"]
        sides = own.astype("string").reindex(traced.index)
        traced[name] = sides.fillna("unknown")
    return traced


def _states(rows: pd.DataFrame) -> frozenset[str]:
    return frozenset(map(str, rows["state_iso3"]))
