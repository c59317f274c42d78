"""The events of January 2022, each as seen by one group of people, to be classified.

General Comment 37 asks about persons, not crowds (paras 17 and 19): what these people
did and what others beside them did are two facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from coursekit.errors import UnknownNameError
from coursekit.law.doctrines import Case

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Event(Case):
    """An event as seen by one group of people, as far as it is classified.

    Parameters
    ----------
    case_id : str
        Key of the event, such as ``"zhanaozen-3-january"``.
    facts : mapping of str to str or None
        Facts by name, as in `event_vocabulary`. One that is absent or None is unknown.

    Raises
    ------
    UnknownNameError
        If there is no fact of that name, or it cannot take that value.
    """

    def __post_init__(self) -> None:
        known = event_vocabulary()
        for fact, value in self.facts.items():
            if fact not in known:
                raise UnknownNameError("fact of an event", fact, known)
            if value is not None and value not in known[fact]:
                raise UnknownNameError(f"value of {fact}", str(value), known[fact])


def classify(
    event: Event, changes: Mapping[str, str | None] | None = None, **facts: str | None
) -> Event:
    """Copy an event with facts added or changed; None makes a fact unknown.

    Parameters
    ----------
    event : Event
        Left as it is.
    changes : mapping, optional
        For facts whose name is no Python name: ``{"x:polices_assembly": "no"}``.
    **facts : str or None
        The same for the others: ``conduct="peaceful"``.

    Returns
    -------
    Event
        With the same ``case_id``.

    Raises
    ------
    UnknownNameError
        If a fact or value does not exist.

    Examples
    --------
    >>> square = classify(find_event("zhanaozen-3-january"), conduct="disruptive")
    >>> square.facts["conduct"]
    'disruptive'
    """
    return Event(event.case_id, {**event.facts, **(changes or {}), **facts})


@cache
def event_vocabulary() -> Mapping[str, tuple[str, ...]]:
    """List every fact of an event, with the values it can take.

    Returns
    -------
    mapping of str to tuple of str
        Read-only, in the order of ``facts.csv``, which says what the values mean.
        Unknown is always possible and is no value.
    """
    found: dict[str, tuple[str, ...]] = {}
    facts = _frame("facts")
    for fact, value in zip(facts["fact"], facts["value"], strict=True):
        found[fact] = (*found.get(fact, ()), value)
    return MappingProxyType(found)


def load_events() -> pd.DataFrame:
    """Load the events that can be classified, one row for each group of people.

    Returns
    -------
    pandas.DataFrame
        The columns of ``events.csv``; ``facts`` has what the record settles.
    """
    return _frame("events")


def read_events() -> dict[str, Event]:
    """Read the events with the facts that the record settles, the rest unknown.

    Returns
    -------
    dict of str to Event
        By ``event_id``, in the order of time.
    """
    return dict(_course_events())


@cache
def _course_events() -> dict[str, Event]:
    rows = load_events()
    events = {}
    for name, text in zip(rows["event_id"], rows["facts"], strict=True):
        settled = dict(fact.split("=") for fact in text.split(";"))
        events[str(name)] = Event(str(name), settled)
    return events


def find_event(event_id: str) -> Event:
    """Find one event of the dataset, such as ``"zhanaozen-3-january"``.

    Raises
    ------
    UnknownNameError
        If there is no such event.
    """
    events = _course_events()
    if event_id not in events:
        raise UnknownNameError("event", event_id, events)
    return events[event_id]


def _frame(resource: str) -> pd.DataFrame:
    from coursekit.evidence.packages import read_cells
    from coursekit.evidence.tables import open_dataset

    return read_cells(open_dataset("human_rights").package.resources[resource]).frame()
