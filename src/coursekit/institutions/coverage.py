"""What the rows of memberships cover: which states, statuses and days.

A zero says that nobody was in. Before a body was founded, and outside the days that
the data cover, there is no zero: a question about one day is refused with
`NotCoveredError`, and a panel has a missing value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import load, readings

if TYPE_CHECKING:
    import pandas as pd

    # A reading by name, several of them, or the table under a reading, as
    # `across_readings` hands it to a function.
    Reading = str | Iterable[str] | pd.DataFrame | None
    Day = str | dt.date | pd.Timestamp

DATASET: Final = "membership"
COLUMNS: Final = ("membership_id", "institution", "iso3", "joined", "left", "status")


class NotCoveredError(CoursekitError, LookupError):
    """A body was asked about on a day, or for a status, on which the data are silent.

    Parameters
    ----------
    body : str
        The body.
    day : str, optional
        The day that was asked for, as an ISO date.
    first, last : str, optional
        The first and the last day that the data cover for it.
    status : tuple of str, optional
        What was asked for, where no row of the body has it.
    known : tuple of str, optional
        The statuses that its rows do have.
    """

    def __init__(
        self,
        body: str,
        day: str = "",
        first: str = "",
        last: str = "",
        status: tuple[str, ...] = (),
        known: tuple[str, ...] = (),
    ) -> None:
        self.body, self.day, self.first, self.last = body, day, first, last
        self.status, self.known = status, known
        super().__init__(body, day, first, last, status, known)

    def __str__(self) -> str:
        if self.status:
            return (
                f"Not covered: no row of {self.body} has the status "
                f"{' or '.join(self.status)}, which is not to say that nobody had it. "
                f"Its rows have: {', '.join(self.known)}."
            )
        return (
            f"Not covered: {self.body} on {self.day}. The data cover it from "
            f"{self.first} to {self.last}; ask for a day in between. "
            "Outside these days the answer is unknown, and not zero."
        )


class NeverMemberError(CoursekitError, LookupError):
    """A state was asked about in a body of which it has no row.

    Parameters
    ----------
    state, body : str
        What was asked for.
    status : tuple of str
        As what.
    known : tuple of str
        The states that would have worked.
    elsewhere : tuple of str
        The rows that the state does have, as ``body (status)``.
    """

    def __init__(
        self,
        state: str,
        body: str,
        status: tuple[str, ...],
        known: tuple[str, ...],
        elsewhere: tuple[str, ...],
    ) -> None:
        self.state, self.body, self.status = state, body, status
        self.known, self.elsewhere = known, elsewhere
        super().__init__(state, body, status, known, elsewhere)

    def __str__(self) -> str:
        return (
            f"{self.state} never was {' or '.join(self.status)} of {self.body} in "
            f"these data. States that were: {', '.join(self.known)}. "
            f"{self.state} has rows for {', '.join(self.elsewhere)}."
        )


def read_memberships(
    reading: Reading = None, *, state: str | None = None, body: str | None = None
) -> pd.DataFrame:
    """Read the rows of memberships, all of them or those of a state or a body.

    Parameters
    ----------
    reading : str, iterable of str or pandas.DataFrame, optional
        A reading by name, several, or the table itself, such as `across_readings`
        hands to a function or a student has made up; the base values by default.
    state : str, optional
        A country code of three letters.
    body : str, optional
        An id such as ``"CSTO"``.

    Returns
    -------
    pandas.DataFrame
        One row for each state, body and status; ``left`` is missing while it lasts.

    Raises
    ------
    UnknownNameError
        If no row has this reading, state or body.
    CoursekitError
        If a table lacks a column that is needed.
    """
    import pandas as pd

    if isinstance(reading, pd.DataFrame):
        table = reading
        missing = [name for name in COLUMNS if name not in table.columns]
        if missing:
            raise CoursekitError(
                f"A table of memberships was given without {', '.join(missing)}. "
                f"It needs the columns {', '.join(COLUMNS)}, as load({DATASET!r}) has."
            )
    else:
        table = load(DATASET, reading=reading)
    for kind, column, name in (("state", "iso3", state), ("body", "institution", body)):
        if name is not None:
            codes = table[column].astype(str)
            if not isinstance(name, str) or name not in set(codes):
                raise UnknownNameError(kind, name, set(codes))
            table = table[codes == name]
    return table


def questions_about(*, state: str | None = None, body: str | None = None) -> list[str]:
    """List the contested questions about the rows of a state, a body, or both.

    Parameters
    ----------
    state, body : str, optional
        As for `read_memberships`.

    Returns
    -------
    list of str
        Questions of `coursekit.readings`, in its order; empty where none of these
        rows is contested.

    Raises
    ------
    UnknownNameError
        If there is no such state or body.
    """
    keys = set(read_memberships(state=state, body=body)["membership_id"])
    rivals = readings(DATASET)
    return [
        str(name) for name in rivals.loc[rivals["key"].isin(keys), "question"].unique()
    ]


def read_day(day: Day) -> pd.Timestamp:
    """Turn what was given into a day.

    Raises
    ------
    TypeError
        If it is neither a text nor a date; a year alone is no day.
    ValueError
        If the text is no ISO date.
    """
    import pandas as pd

    wanted = 'Give an ISO date such as "2010-12-31".'
    if isinstance(day, dt.date) and not pd.isna(day):
        return pd.Timestamp(day).tz_localize(None).normalize()
    if not isinstance(day, str):
        raise TypeError(f"A day was given as {day!r} ({type(day).__name__}). {wanted}")
    try:
        return pd.Timestamp(dt.date.fromisoformat(day))
    except ValueError:
        raise ValueError(f"{day!r} is no day. {wanted}") from None


def read_states(states: Iterable[str], table: pd.DataFrame) -> tuple[str, ...]:
    """Check country codes against the rows of memberships.

    Raises
    ------
    UnknownNameError
        If a state has no row at all.
    """
    known = {str(name) for name in table["iso3"].dropna()}
    listed = (states,) if isinstance(states, str) else tuple(states)
    for state in listed:
        if state not in known:
            raise UnknownNameError("state", state, known)
    return listed


def read_statuses(
    table: pd.DataFrame, status: str | Collection[str]
) -> tuple[str, ...]:
    """Check statuses against the rows of memberships.

    Raises
    ------
    UnknownNameError
        If no row has one of them.
    """
    known = {str(name) for name in table["status"].dropna()}
    listed = (status,) if isinstance(status, str) else tuple(status)
    if not listed:
        raise CoursekitError(f"No status was given. There are: {', '.join(known)}.")
    for name in listed:
        if name not in known:
            raise UnknownNameError("status", name, known)
    return listed


def rows_of_body(
    table: pd.DataFrame, body: str, statuses: tuple[str, ...]
) -> pd.DataFrame:
    """Give the rows of a body with some status.

    Raises
    ------
    NotCoveredError
        If there is none: a body whose members are not in the data must not look as if
        it had none.
    UnknownNameError
        If there is no such body.
    """
    rows = read_memberships(table, body=str(body))
    found = rows[rows["status"].isin(statuses)]
    if found.empty:
        known = tuple(sorted({str(name) for name in rows["status"]}))
        raise NotCoveredError(body, status=statuses, known=known)
    return found


def rows_of_state(
    table: pd.DataFrame, state: str, body: str, statuses: tuple[str, ...]
) -> pd.DataFrame:
    """Give the rows of a state in a body with some status.

    Raises
    ------
    NeverMemberError
        If there is none.
    NotCoveredError, UnknownNameError
        As for `rows_of_body`, or if there is no such state.
    """
    elsewhere = read_memberships(table, state=str(state))
    rows = rows_of_body(table, body, statuses)
    found = rows[rows["iso3"].astype(str) == state]
    if found.empty:
        known = tuple(sorted({str(name) for name in rows["iso3"]}))
        pairs = zip(elsewhere["institution"], elsewhere["status"], strict=True)
        listed = tuple(dict.fromkeys(f"{name} ({kind})" for name, kind in pairs))
        raise NeverMemberError(state, body, statuses, known, listed)
    return found


def iso(day: pd.Timestamp) -> str:
    """Write a day as an ISO date."""
    return day.strftime("%Y-%m-%d")
