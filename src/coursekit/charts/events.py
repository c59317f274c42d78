"""When events happened, and what moves when another reading of them is taken."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from textwrap import shorten
from typing import Any, Final

import pandas as pd

from coursekit.charts.words import cell_text, day_text
from coursekit.errors import UnknownNameError

COLUMNS: Final = ("column", "before", "after")
WIDTH: Final = 60
# Where an event stands, by whether the other comes later (1) or earlier (-1).
SIDES: Final = {1: "before", 0: "at the same minute as", -1: "after"}


def measure_moments(events: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """Put date and hour together.

    Parameters
    ----------
    events : pandas.DataFrame
        With ``date`` (datetime) and ``time_local`` (HH:MM, missing if not known).

    Returns
    -------
    pandas.Series
        Local date and time of each event, named ``moment``; missing where the hour
        is not known, because a day is no moment.
    """
    text = events["date"].dt.strftime("%Y-%m-%d") + " " + events["time_local"]
    moments: pd.Series[pd.Timestamp] = pd.to_datetime(text, format="%Y-%m-%d %H:%M")
    return moments.rename("moment")


def is_after(events: pd.DataFrame, later: str, earlier: str) -> bool | None:
    """Say whether one event came after another, as far as days and hours tell.

    Parameters
    ----------
    events : pandas.DataFrame
        With ``event_id``, ``date`` and ``time_local``.
    later, earlier : str
        Two values of ``event_id``.

    Returns
    -------
    bool or None
        None where both fall on one day and the hour of either is not known: a gap
        in the record is not a "no".

    Raises
    ------
    UnknownNameError
        If there is no such event.
    """
    rows = events.set_index("event_id")
    for name in (later, earlier):
        if name not in rows.index:
            raise UnknownNameError("event", name, rows.index)
    days = rows["date"]
    if days[later] != days[earlier]:
        return bool(days[later] > days[earlier])
    moments = measure_moments(rows)
    gap = moments[later] - moments[earlier]
    return None if pd.isna(gap) else bool(gap > pd.Timedelta(0))


def measure_changes(
    before: pd.DataFrame, after: pd.DataFrame, *, key: str = "event_id"
) -> pd.DataFrame:
    """List the cells that differ between two readings of one table.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Two readings; only rows and columns that both have are compared.
    key : str
        The column that names a row.

    Returns
    -------
    pandas.DataFrame
        One row for each changed cell, with ``key``, ``column``, ``before`` and
        ``after`` as text, empty where the value is missing. No row: nothing moves.
    """
    old, new = (frame.set_index(key) for frame in (before, after))
    names = new.index.intersection(old.index, sort=False)
    old, new = old.loc[names], new.loc[names]
    both = new.columns.intersection(old.columns, sort=False)
    columns = [name for name in both if not old[name].equals(new[name])]
    old, new = old[columns].astype(object), new[columns].astype(object)
    # As exact text, in which a missing value equals another.
    differs = (old.map(str) != new.map(str)).to_numpy().nonzero()
    rows = [
        (names[row], columns[at], *(cell_text(x.iat[row, at]) for x in (old, new)))  # noqa: PD009  (one cell is meant)
        for row, at in zip(*(axis.tolist() for axis in differs), strict=True)
    ]
    return pd.DataFrame(rows, columns=[key, *COLUMNS])


def describe_changes(before: pd.DataFrame, after: pd.DataFrame) -> str:
    """Say in words what moves when ``after`` is read instead of ``before``.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Two readings of the events, with ``event_id``, ``event``, ``date``,
        ``time_local``, ``figure`` and ``figure_unit``.

    Returns
    -------
    str
        One sentence for each event that changes; or that nothing moves.
    """
    changes = measure_changes(before, after)
    if changes.empty:
        return "Nothing moves: these are the values of the table itself."
    return " ".join(
        _describe_event(before, after, str(name), set(group["column"]))
        for name, group in changes.groupby("event_id", sort=False)
    )


def _describe_event(
    before: pd.DataFrame, after: pd.DataFrame, name: str, columns: set[str]
) -> str:
    old, new = (
        frame[frame["event_id"] == name].to_dict("records")[0]
        for frame in (before, after)
    )
    parts = []
    if columns & {"date", "time_local"}:
        parts.append(f"moves from {_when(old)} to {_when(new)}{_shift(old, new)}")
        parts += _neighbours(before, after, name)
    if columns & {"figure", "figure_unit"}:
        parts.append(f"carries {_amount(new)} instead of {_amount(old)}")
    for column in sorted(columns - {"date", "time_local", "figure", "figure_unit"}):
        label = column.replace("_", " ")
        parts.append(
            f"has as {label} “{_short(new[column])}” instead of “{_short(old[column])}”"
        )
    return f"“{_short(old['event'])}” {'; '.join(parts)}."


def _short(value: object) -> str:
    return shorten(cell_text(value), WIDTH, placeholder=" …") or "nothing"


def _when(event: Mapping[Hashable, Any]) -> str:
    day = day_text(event["date"])
    hour = cell_text(event["time_local"])
    return f"{day}, {hour}" if hour else f"{day}, hour not known"


def _amount(event: Mapping[Hashable, Any]) -> str:
    number, unit = cell_text(event["figure"]), cell_text(event["figure_unit"])
    return f"{number} {unit}".strip() or "no figure"


def _shift(old: Mapping[Hashable, Any], new: Mapping[Hashable, Any]) -> str:
    moments = measure_moments(pd.DataFrame([old, new]))
    minutes = (moments.iloc[1] - moments.iloc[0]).total_seconds() / 60
    if pd.isna(minutes) or minutes == 0:
        return ""
    hours, rest = divmod(abs(int(minutes)), 60)
    size = " ".join(
        f"{count} {unit}" for count, unit in ((hours, "h"), (rest, "min")) if count
    )
    return f" ({size} {'later' if minutes > 0 else 'earlier'})"


def _neighbours(before: pd.DataFrame, after: pd.DataFrame, name: str) -> list[str]:
    """Say which timed events it passes, if it passes any."""
    old, new = (
        measure_moments(frame.set_index("event_id")).dropna()
        for frame in (before, after)
    )
    if name not in old.index or name not in new.index:
        return []
    others = old.index.intersection(new.index).drop(name)
    events = after.set_index("event_id")["event"]
    sides: dict[str, list[str]] = {}
    for other in others:
        was, now = old[other] - old[name], new[other] - new[name]
        if _sign(was) != _sign(now):
            sides.setdefault(SIDES[_sign(now)], []).append(f"“{_short(events[other])}”")
    if not sides:
        return ["its place in the order of timed events stays"]
    return [f"now stands {side} {_listed(names)}" for side, names in sides.items()]


def _sign(gap: pd.Timedelta) -> int:
    return (gap > pd.Timedelta(0)) - (gap < pd.Timedelta(0))


def _listed(names: list[str]) -> str:
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])
