"""Stretches of time in UTC, read from texts and local clocks; the two never mixed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from coursekit.errors import CoursekitError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Interval:
    """A stretch of time between two moments, kept in UTC.

    Parameters
    ----------
    start, end : datetime.datetime
        With a time zone; kept in UTC. ``end`` may equal ``start`` (no length).

    Raises
    ------
    TypeError
        If an end is no datetime.
    CoursekitError
        If an end has no time zone, or the interval ends before it starts.

    Examples
    --------
    >>> cut = Interval(
    ...     datetime(2022, 1, 5, 10, 45, tzinfo=UTC),
    ...     datetime(2022, 1, 11, 2, 15, tzinfo=UTC),
    ... )
    >>> cut.hours
    135.5
    >>> f"{cut.local(6)[0]:%d January, %H:%M}"
    '05 January, 16:45'
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            object.__setattr__(self, name, _to_utc(name, getattr(self, name)))
        if self.end < self.start:
            raise CoursekitError(
                f"The interval ends at {self.end:%Y-%m-%d %H:%M} UTC, before it starts "
                f"at {self.start:%Y-%m-%d %H:%M} UTC. Give the earlier moment first."
            )

    @property
    def hours(self) -> float:
        """Length in hours, 0 or more."""
        return (self.end - self.start).total_seconds() / 3600

    def local(self, offset: float) -> tuple[datetime, datetime]:
        """Give both ends by a clock so many hours ahead of UTC; same moments.

        Raises
        ------
        TypeError
            If the offset is no number.
        CoursekitError
            If it lies outside -12 to 14 hours.
        """
        clock = timezone(_offset(offset))
        return self.start.astimezone(clock), self.end.astimezone(clock)

    def __contains__(self, moment: datetime) -> bool:
        """Say whether a moment lies in it: from the start, up to and not at the end."""
        return self.start <= _to_utc("moment", moment) < self.end


def parse_moment(text: object) -> datetime | None:
    """Read a moment that is known to the hour, such as ``2022-01-05T10:45Z``.

    Parameters
    ----------
    text : str or missing
        A cell of ``start_utc`` or ``end_utc``.

    Returns
    -------
    datetime.datetime or None
        In UTC; None where only a day, a month or a year is known, or nothing.

    Raises
    ------
    CoursekitError
        If an hour stands there without a time zone, or no date at all.
    """
    import pandas as pd

    if pd.isna(text):  # type: ignore[call-overload]  # any cell may be asked about
        return None
    written = str(text)
    try:
        if "T" not in written:
            if not 4 <= len(written) <= 10 or not written[:4].isdigit():
                raise ValueError(written)
            return None
        moment = datetime.fromisoformat(written)
    except ValueError as fault:
        raise CoursekitError(
            f"{written!r} is no moment; write one as 2022-01-05T10:45Z."
        ) from fault
    return _to_utc(repr(written), moment)


def read_local(date: pd.Timestamp, clock: str, offset: float) -> datetime:
    """Turn a day and an hour of a local clock, such as ``16:30``, into UTC.

    Parameters
    ----------
    date : pandas.Timestamp
        The day by that clock.
    clock : str
        ``HH:MM``.
    offset : float
        Hours by which the clock is ahead of UTC.

    Returns
    -------
    datetime.datetime
        In UTC.
    """
    written = f"{date:%Y-%m-%d}T{clock}"
    try:
        local = datetime.fromisoformat(written)
    except ValueError as fault:
        raise CoursekitError(
            f"{clock!r} is no hour of a day; write one as 16:30."
        ) from fault
    return local.replace(tzinfo=timezone(_offset(offset))).astimezone(UTC)


def _to_utc(name: str, moment: object) -> datetime:
    if not isinstance(moment, datetime):
        raise TypeError(
            f"{name} was given {moment!r}; it takes a datetime with a time zone. "
            'parse_moment("2022-01-05T10:45Z") gives one.'
        )
    if moment.utcoffset() is None:
        raise CoursekitError(
            f"{name} was given {moment:%Y-%m-%d %H:%M} without a time zone: it could "
            "be UTC or a local clock. Write 2022-01-05T10:45Z, or use read_local()."
        )
    return moment.astimezone(UTC)


def _offset(offset: float) -> timedelta:
    if isinstance(offset, bool) or not isinstance(offset, int | float):
        raise TypeError(f"offset was given {offset!r}; it takes hours, such as 6.")
    if not -12 <= offset <= 14:  # NaN fails this too
        raise CoursekitError(
            f"No clock is {offset} hours ahead of UTC; offsets run from -12 to 14."
        )
    return timedelta(hours=offset)
