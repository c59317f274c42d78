"""What observers of elections said, and how much of it nobody has read.

Three things are kept apart throughout: that no verdict was found, that a mission is
documented and its verdict was not read, and that there was no mission.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import load
from coursekit.evidence.bounds import measure_bounds

if TYPE_CHECKING:
    import pandas as pd

ELECTIONS: Final = "elections"
BODIES: Final = ("OSCE", "SCO", "CIS")
FOUND: Final = "verdict read"
# What stands in the place of a verdict, with the words for it.
ABSENT: Final = {
    "not_found": "not found",
    "verdict_not_read": "not read",
    "no_mission": "no mission",
    "needs_assessment_only": "no verdict given",
    "assessment_only": "no verdict given",
}
# Verdicts that approve, in whatever words; every other verdict read does not.
APPROVING: Final = {
    "OSCE": ("progress_towards_commitments", "competitive_with_flaws"),
    "SCO": None,  # every verdict that was read
    "CIS": None,
}
NOT_APPROVING: Final = ("lukewarm",)


def read_elections(*, states: Iterable[str] | None = None) -> pd.DataFrame:
    """Read votes with the verdicts of three bodies of observers.

    Parameters
    ----------
    states : iterable of str, optional
        ISO 3166-1 codes; all five if left out.

    Returns
    -------
    pandas.DataFrame
        The columns of the dataset ``elections`` in order of time, and for each body
        ``osce_status``, ``sco_status``, ``cis_status`` (string: ``"verdict read"``,
        ``"not found"``, ``"not read"``, ``"no verdict given"``, ``"no mission"``) and
        ``osce_approves``, ... (boolean; missing where no verdict was read).

    Raises
    ------
    UnknownNameError
        If there is no such state.
    TypeError
        If ``states`` is no list of names.
    """
    table = load(ELECTIONS).sort_values("date", kind="stable", ignore_index=True)
    if states is not None:
        known = tuple(map(str, table["country_iso3"].cat.categories))
        table = table[table["country_iso3"].isin(_names(states, known))]
    for body in BODIES:
        verdict = table[f"{body.lower()}_verdict"].astype("string")
        read = ~verdict.isin(list(ABSENT))
        status = verdict.map(ABSENT).fillna(FOUND)
        approves = verdict.map(lambda word, body=body: _approves(body, word))
        table[f"{body.lower()}_status"] = status
        table[f"{body.lower()}_approves"] = approves.astype("boolean").where(read)
    return table.reset_index(drop=True)


def pair_verdicts(
    first: str = "OSCE", second: str = "SCO", *, states: Iterable[str] | None = None
) -> pd.DataFrame:
    """Count what two bodies said of the same votes, the silent ones included.

    Parameters
    ----------
    first, second : {'OSCE', 'SCO', 'CIS'}
        The two bodies.
    states : iterable of str, optional
        As for `read_elections`.

    Returns
    -------
    pandas.DataFrame
        Rows for the first body, columns for the second (Int64): ``"approves"``,
        ``"does not"``, then the ways in which there is no verdict. Rows and columns
        without a vote are left out; all cells together are all votes.

    Raises
    ------
    UnknownNameError
        If there is no such body or state.
    """
    import pandas as pd

    table = read_elections(states=states)
    order = ["approves", "does not", *dict.fromkeys(ABSENT.values())]
    counts = pd.crosstab(_sides(table, first), _sides(table, second))
    counts = counts.reindex(
        index=[name for name in order if name in counts.index],
        columns=[name for name in order if name in counts.columns],
    )
    counts = counts.astype("Int64")
    return counts.rename_axis(index=first, columns=second)


@dataclass(frozen=True)
class Disagreement:
    """How often one body approved what another did not, and how much is unread.

    Parameters
    ----------
    first, second : str
        The body that does not approve, and the one that does.
    count : int
        Votes of which both verdicts were read, and that is so.
    pairs : int
        Votes of which both verdicts were read.
    votes : int
        All votes.
    """

    first: str
    second: str
    count: int
    pairs: int
    votes: int

    @property
    def share(self) -> float | None:
        """Share of the pairs, 0 to 1; None without a pair."""
        return self.count / self.pairs if self.pairs else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Share of all votes at least and at most, whatever the unread verdicts are."""
        return measure_bounds(self.count, self.pairs, self.votes)

    def __str__(self) -> str:
        """Say it as a sentence, with what is missing."""
        low, high = self.bounds
        return (
            f"The {self.second} approved and the {self.first} did not in {self.count} "
            f"of {self.pairs} votes of which both verdicts were read; of "
            f"{self.votes - self.pairs} of the {self.votes} votes one or both were "
            f"not, so of all votes it is between {low:.0%} and {high:.0%}."
        )


def measure_disagreement(
    first: str = "OSCE", second: str = "SCO", *, states: Iterable[str] | None = None
) -> Disagreement:
    """Measure how often the second body approved a vote that the first did not.

    Parameters
    ----------
    first, second, states
        As for `pair_verdicts`.

    Returns
    -------
    Disagreement
        With the share of the pairs and worst-case bounds for all votes; see
        `coursekit.evidence.bounds.measure_bounds`. A vote without a mission, or whose
        mission gave no verdict, counts as unknown in the bounds, so they are wide.

    Raises
    ------
    UnknownNameError
        If there is no such body or state.
    CoursekitError
        If both bodies are the same, or there is no vote.
    """
    if first == second:
        raise CoursekitError(
            f"{first} was set against itself; give two of {', '.join(BODIES)}."
        )
    table = read_elections(states=states)
    if table.empty:
        raise CoursekitError("Of no vote there is no disagreement; give some states.")
    sides = [_sides(table, body) for body in (first, second)]
    both = [side.isin(["approves", "does not"]) for side in sides]
    apart = (sides[0] == "does not") & (sides[1] == "approves")
    return Disagreement(
        first, second, int(apart.sum()), int((both[0] & both[1]).sum()), len(table)
    )


def _sides(table: pd.DataFrame, body: str) -> pd.Series[str]:
    if body not in BODIES:
        raise UnknownNameError("body of observers", str(body), BODIES)
    name = body.lower()
    words = table[f"{name}_approves"].map({True: "approves", False: "does not"})
    status: pd.Series[str] = table[f"{name}_status"].astype("string")
    return words.astype("string").fillna(status)


def _approves(body: str, verdict: str) -> bool:
    approving = APPROVING[body]
    return verdict in approving if approving else verdict not in NOT_APPROVING


def _names(states: Iterable[str], known: Iterable[str]) -> list[str]:
    known = tuple(known)
    try:
        found = [states] if isinstance(states, str) else list(states)
    except TypeError:
        raise TypeError(f"{states!r} is no state; give codes in a list.") from None
    for name in found:
        if name not in known:
            raise UnknownNameError("state", str(name), known)
    return found
