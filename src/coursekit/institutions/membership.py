"""Who was in which body on which day, for how long, and how many at each year's end."""

from __future__ import annotations

import numbers
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, Final

from coursekit.evidence import across_readings
from coursekit.institutions.coverage import (
    DATASET,
    NeverMemberError,
    NotCoveredError,
    iso,
    questions_about,
    read_day,
    read_memberships,
    read_states,
    read_statuses,
    rows_of_state,
)
from coursekit.institutions.spells import covered_days, read_spells

if TYPE_CHECKING:
    import pandas as pd

    from coursekit.institutions.coverage import Day, Reading

__all__ = [
    "NeverMemberError",
    "NotCoveredError",
    "across_panel",
    "covered_days",
    "is_member",
    "measure_days",
    "members",
    "panel",
    "questions_about",
    "read_memberships",
]

MEMBER: Final = ("member",)


def members(
    body: str,
    day: Day,
    *,
    status: str | Collection[str] = MEMBER,
    reading: Reading = None,
    founding: Reading = None,
) -> tuple[str, ...]:
    """List the states that were in a body on a day.

    Parameters
    ----------
    body : str
        An id such as ``"CSTO"``.
    day : str, datetime.date or pandas.Timestamp
        Such as ``"2010-12-31"``.
    status : str or collection of str, default ``("member",)``
        As what: ``member``, ``observer``, ``partner``, ``associate``,
        ``participant``, ``permanent_member``.
    reading, founding
        As for `covered_days`.

    Returns
    -------
    tuple of str
        Country codes in alphabetical order. A state is in from the day on which it
        joined up to, but not including, the day on which it left. One whose day of
        joining is unknown is left out. Only states of the dataset are listed, which
        for the UN, the OSCE and NATO are a few of many.

    Raises
    ------
    NotCoveredError
        If the day lies before the body was founded or outside the data, or no row of
        the body has such a status.
    UnknownNameError
        If there is no such body, status or reading.
    TypeError, ValueError
        If ``day`` is no day.
    """
    spells = read_spells(body, status=status, reading=reading, founding=founding)
    return tuple(sorted(spells.on(read_day(day))))


def is_member(
    state: str,
    body: str,
    day: Day,
    *,
    status: str | Collection[str] = MEMBER,
    reading: Reading = None,
    founding: Reading = None,
) -> bool:
    """Say whether a state was in a body on a day.

    Parameters
    ----------
    state : str
        A country code of three letters.
    body, day, status, reading, founding
        As for `members`.

    Returns
    -------
    bool
        Whether it was in.

    Raises
    ------
    NeverMemberError
        If the state has no row of this body and status at all.
    NotCoveredError, UnknownNameError, TypeError, ValueError
        As for `members`.
    """
    table = read_memberships(reading)
    rows_of_state(table, state, body, read_statuses(table, status))
    return state in members(body, day, status=status, reading=table, founding=founding)


def measure_days(
    state: str,
    body: str,
    *,
    status: str | Collection[str] = MEMBER,
    reading: Reading = None,
    until: Day | None = None,
) -> int | None:
    """Count the days that a state was in a body.

    Parameters
    ----------
    state, body, status, reading
        As for `is_member`.
    until : str, datetime.date or pandas.Timestamp, optional
        The last day that counts; the last day of the data by default.

    Returns
    -------
    int or None
        Days from joining up to, but not including, leaving; all spells together. None,
        for unknown, where a day of joining is unknown. Days before the coverage of the
        dataset count, since a row knows its own day of joining.

    Raises
    ------
    NeverMemberError
        If the state has no row of this body and status.
    NotCoveredError
        If ``until`` is no day that the data cover for this body.
    UnknownNameError
        If there is no such state, body, status or reading.

    Examples
    --------
    >>> measure_days("UZB", "GUAM")
    2203
    """
    import pandas as pd

    table = read_memberships(reading)
    rows = rows_of_state(table, state, body, read_statuses(table, status))
    first, last = covered_days(body, status=status, reading=table)
    end = last if until is None else read_day(until)
    if not first <= end <= last:
        raise NotCoveredError(body, iso(end), iso(first), iso(last))
    if rows["joined"].isna().any():
        return None
    after = end + pd.Timedelta(days=1)
    left = rows["left"].fillna(after)
    left = left.where(left < after, after)
    return int((left - rows["joined"]).dt.days.clip(lower=0).sum())


def panel(
    bodies: str | Iterable[str],
    years: Iterable[int],
    *,
    states: Iterable[str] | None = None,
    status: str | Collection[str] = MEMBER,
    reading: Reading = None,
    founding: Reading = None,
) -> pd.DataFrame:
    """Count the members of bodies at the end of each year.

    Parameters
    ----------
    bodies : str or iterable of str
        Ids such as ``"CSTO"``.
    years : iterable of int
        Counted on 31 December.
    states : iterable of str, optional
        Count these only; all states of the dataset by default.
    status, reading, founding
        As for `members`.

    Returns
    -------
    pandas.DataFrame
        ``Int64``, a row for each ``year`` and a column for each body. Missing means
        not covered: the body was not founded, or the data say nothing.

    Raises
    ------
    UnknownNameError
        If there is no such body, state, status or reading.
    TypeError
        If a year is no whole number.
    """
    import pandas as pd

    table = read_memberships(reading)
    counted = None if states is None else set(read_states(states, table))
    days = {_year(year): read_day(f"{_year(year):04d}-12-31") for year in years}

    def count(body: str) -> list[int | None]:
        try:
            spells = read_spells(body, status=status, reading=table, founding=founding)
        except NotCoveredError:
            return [None] * len(days)
        return [
            len(spells.on(day) if counted is None else spells.on(day) & counted)
            if spells.first <= day <= spells.last
            else None
            for day in days.values()
        ]

    names = [bodies] if isinstance(bodies, str) else list(bodies)
    columns = {name: pd.array(count(name), dtype="Int64") for name in names}
    return pd.DataFrame(columns, index=pd.Index(list(days), name="year"))


def across_panel(
    bodies: str | Iterable[str],
    years: Iterable[int],
    *,
    states: Iterable[str] | None = None,
    status: str | Collection[str] = MEMBER,
    founding: Reading = None,
) -> pd.DataFrame:
    """Count the members of bodies by year under every reading of their rows.

    Parameters
    ----------
    bodies, years, states, status, founding
        As for `panel`.

    Returns
    -------
    pandas.DataFrame
        ``body``, ``year`` and as ``Int64`` ``low``, ``base`` and ``high``; missing
        where it is not covered. A reading under which a year is not covered is left
        out of ``low`` and ``high`` of that year.
    """
    import pandas as pd

    listed = list(years)
    chosen = None if states is None else list(states)
    tables = []
    for body in [bodies] if isinstance(bodies, str) else bodies:
        found = _collect(body, listed, states=chosen, status=status, founding=founding)
        counts = pd.concat(found, axis=1)
        ends = {"low": counts.min(axis=1), "base": found[0], "high": counts.max(axis=1)}
        table = pd.DataFrame(ends).astype("Int64").reset_index()
        tables.append(table.assign(body=body))
    columns = ["body", "year", "low", "base", "high"]
    if not tables:
        return pd.DataFrame(columns=columns)
    return pd.concat(tables, ignore_index=True)[columns]


def _collect(body: str, years: list[int], **options: Any) -> list[pd.Series[Any]]:
    """Make a panel under each reading; the base comes first."""
    found: list[pd.Series[Any]] = []

    # across_readings wants one number; a panel has many, collected on the way.
    def collect(table: pd.DataFrame) -> int:
        found.append(panel(body, years, reading=table, **options)[body])
        return len(found)

    across_readings(DATASET, collect, questions=questions_about(body=body))
    return found


def _year(year: object) -> int:
    if isinstance(year, bool) or not isinstance(year, numbers.Integral):
        raise TypeError(
            f"A year was given as {year!r} ({type(year).__name__}). "
            "Give whole numbers, such as range(1992, 2025)."
        )
    return int(year)
