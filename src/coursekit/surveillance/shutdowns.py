"""Shutdowns: when the network was cut, for how long, and under which reading.

Moments are kept in UTC and shown by a local clock; the two are never mixed. A length
is known only where both ends are: an event without a known end is not covered, and
never has zero hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import load
from coursekit.surveillance.intervals import Interval, parse_moment, read_local

if TYPE_CHECKING:
    import pandas as pd

DATASET: Final = "shutdowns"
JANUARY_2022: Final = "2022-01"
WEEK: Final = 7 * 24  # hours
# Kazakhstan in January 2022; the timeline dataset keeps the first of the two clocks.
MOST_OF_THE_COUNTRY: Final = 6
THE_WEST: Final = 5
BEFORE: Final = "before"
AFTER: Final = "after"
UNPLACED: Final = "hour not known"


def read_shutdowns(
    *,
    states: str | Iterable[str] | None = None,
    scopes: str | Iterable[str] | None = None,
    reading: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Read the shutdowns, each with its length under the readings that are chosen.

    Parameters
    ----------
    states : str or iterable of str, optional
        ISO 3166-1 codes; all five if left out.
    scopes : str or iterable of {'national', 'regional', 'platform'}, optional
        Whether a state, a region, or platforms only were cut off; all if left out.
    reading : str or iterable of str, optional
        Readings of contested cells, as in `coursekit.load`.

    Returns
    -------
    pandas.DataFrame
        The columns of the dataset, and ``length_hours`` (Float64; missing where an
        end is not known).

    Raises
    ------
    UnknownNameError
        If there is no such state, scope or reading.
    """
    rows = load(DATASET, reading=reading)
    for column, kind, wanted in (
        ("country_iso3", "state", states),
        ("scope", "scope", scopes),
    ):
        rows = _keep(rows, column, kind, wanted)
    lengths = [_length(row) for _, row in rows.iterrows()]
    rows["length_hours"] = _floats(lengths, rows)
    return rows.reset_index(drop=True)


def read_phases(
    episode: str = JANUARY_2022,
    *,
    reading: str | Iterable[str] | None = None,
    offset: float = MOST_OF_THE_COUNTRY,
) -> pd.DataFrame:
    """Read the phases of one episode, in UTC and by a local clock.

    Parameters
    ----------
    episode : str, default "2022-01"
        The episode.
    reading : str or iterable of str, optional
        Readings of the ends and of what is counted.
    offset : float, default 6
        Hours by which the local clock is ahead of UTC.

    Returns
    -------
    pandas.DataFrame
        In the order of time: ``event_id``, ``area``, ``start``, ``end`` (UTC),
        ``start_local``, ``end_local`` (text), ``hours``, ``counted`` (whether the
        reading counts the phase).

    Raises
    ------
    UnknownNameError
        If there is no such episode or reading.
    """
    import pandas as pd

    rows = _choose(load(DATASET, reading=reading), episode)
    phases = []
    for _, row in rows.iterrows():
        interval = read_interval(row)
        if interval is None:
            continue
        start, end = interval.local(offset)
        phases.append(
            {
                "event_id": row["event_id"],
                "area": row["area"],
                "start": interval.start,
                "end": interval.end,
                "start_local": f"{start:%Y-%m-%d %H:%M}",
                "end_local": f"{end:%Y-%m-%d %H:%M}",
                "hours": interval.hours,
                "counted": bool(row["counted"]),
            }
        )
    return pd.DataFrame(phases).sort_values("start", ignore_index=True)


def read_interval(row: pd.Series[Any]) -> Interval | None:
    """Read the interval of one shutdown; None unless both ends have an hour."""
    start, end = parse_moment(row["start_utc"]), parse_moment(row["end_utc"])
    if start is None or end is None:
        return None
    return Interval(start, end)


def measure_hours(rows: pd.DataFrame, name: str = JANUARY_2022) -> float | None:
    """Add up the hours of an episode, or of one shutdown.

    Made for ``across_readings("shutdowns", measure_hours)``.

    Parameters
    ----------
    rows : pandas.DataFrame
        The dataset ``shutdowns`` under some readings.
    name : str, default "2022-01"
        An episode, of which the phases that are ``counted`` add up; or an
        ``event_id``, counted or not.

    Returns
    -------
    float or None
        Hours, 0 or more. None if an end is not known: not covered, which is not zero.

    Raises
    ------
    UnknownNameError
        If there is no such episode or shutdown.
    CoursekitError
        If a shutdown ends before it starts, or its hours are no length.
    """
    chosen = _choose(rows, name)
    if name not in set(rows["event_id"]):
        chosen = chosen[chosen["counted"]]
    lengths = [_length(row) for _, row in chosen.iterrows()]
    known = [length for length in lengths if length is not None]
    return sum(known) if known and len(known) == len(lengths) else None


def place_events(
    phases: pd.DataFrame,
    events: pd.DataFrame,
    *,
    offset: float = MOST_OF_THE_COUNTRY,
) -> pd.DataFrame:
    """Say in which phase of a shutdown each event of the timeline falls.

    Parameters
    ----------
    phases : pandas.DataFrame
        As `read_phases` gives them.
    events : pandas.DataFrame
        Rows of ``timeline``: ``date`` and ``time_local`` by one local clock.
    offset : float, default 6
        Hours by which that clock is ahead of UTC.

    Returns
    -------
    pandas.DataFrame
        The events, with ``moment_utc`` (missing where no hour is known) and
        ``phase``: an ``event_id`` of the phases, ``before``, ``after``, or ``hour not
        known`` where the day alone does not settle it.

    Raises
    ------
    CoursekitError
        If there is no phase to place them in, or an hour cannot be read.
    """
    import pandas as pd

    if phases.empty:
        raise CoursekitError(
            "There is no phase with a known hour at both ends, so no event can be "
            f"placed in one. read_phases({JANUARY_2022!r}) gives two."
        )
    ends = zip(phases["event_id"], phases["start"], phases["end"], strict=True)
    spans = [(str(name), Interval(start, end)) for name, start, end in ends]
    placed, moments = [], []
    for date, hour in zip(events["date"], events["time_local"], strict=True):
        known = not pd.isna(hour)
        first = read_local(date, str(hour) if known else "00:00", offset)
        last = first if known else first + timedelta(hours=24, seconds=-1)
        phase = _phase(spans, first)
        placed.append(phase if phase == _phase(spans, last) else UNPLACED)
        moments.append(first if known else pd.NaT)
    found = events.copy()
    found["moment_utc"] = pd.Series(
        moments, index=events.index, dtype="datetime64[s, UTC]"
    )
    found["phase"] = placed
    return found


def describe_hours(hours: float | None) -> str:
    """Say how long, and which part of a week of 168 hours that is."""
    if hours is None:
        return "The length is not known: an end is missing."
    return f"{hours:g} hours, {hours / WEEK:.0%} of a week of {WEEK}."


def _phase(spans: list[tuple[str, Interval]], moment: datetime) -> str:
    for name, span in spans:
        if moment in span:
            return name
    if moment < spans[0][1].start:
        return BEFORE
    return AFTER if moment >= spans[-1][1].end else UNPLACED


def _choose(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    for column in ("event_id", "episode"):
        found = rows[rows[column].isin([name])]  # a missing cell equals no name
        if not found.empty:
            return found
    known = {*rows["event_id"], *rows["episode"].dropna()}
    raise UnknownNameError("shutdown or episode", str(name), map(str, known))


def _keep(
    rows: pd.DataFrame, column: str, kind: str, wanted: str | Iterable[str] | None
) -> pd.DataFrame:
    if wanted is None:
        return rows.copy()
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    known = sorted(set(rows[column].astype(str)))
    for name in names:
        if name not in known:
            raise UnknownNameError(kind, str(name), known)
    return rows[rows[column].astype(str).isin(names)].copy()


def _length(row: pd.Series[Any]) -> float | None:
    """Give the hours between two known ends, else those of the source, else None."""
    import pandas as pd

    interval = read_interval(row)
    if interval is not None:
        return interval.hours
    if pd.isna(row["hours"]):
        return None
    hours = float(row["hours"])
    if hours < 0:
        raise CoursekitError(
            f"{row['event_id']} is said to last {hours:g} hours; a length is 0 or more."
        )
    return hours


def _floats(values: list[float | None], like: pd.DataFrame) -> pd.Series[float]:
    import pandas as pd

    return pd.Series(values, index=like.index, dtype="Float64")
