"""The post-Soviet society by year: another reading, another count, a body less."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from coursekit.charts.membership import describe_years
from coursekit.charts.networks import (
    describe_links,
    describe_two_mode,
    draw_two_mode,
    tabulate_two_mode,
)
from coursekit.evidence import readings
from coursekit.institutions.coverage import DATASET, questions_about, read_memberships
from coursekit.institutions.networks import (
    BODIES,
    STATES,
    compare_links,
    cut_off,
    measure_bridges,
    two_mode,
)
from coursekit.institutions.spells import covered_days, read_bodies
from coursekit.widgets.controls import drop_down, number_box
from coursekit.widgets.panel import Panel, View

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

BASE: Final = "the table's own"
ALL: Final = "no body"
FIRST: Final = 1992  # the first whole year of the data
# Who counts as being in, as a reader says it.
COUNTS: Final = MappingProxyType(
    {
        "members only": ("member",),
        "members, participants, associates": ("member", "participant", "associate"),
        "observers and partners as well": (
            *("member", "participant", "associate"),
            *("observer", "partner"),
        ),
    }
)


def society(
    year: int = 2024,
    *,
    reading: str = BASE,
    count: str = "members only",
    without: str = ALL,
) -> Panel:
    """Build a panel to go through the years and decide what counts as membership.

    Parameters
    ----------
    year : int, default 2024
        The year at first, seen on 31 December.
    reading : str, default "the table's own"
        The reading of a contested membership at first.
    count : str, default "members only"
        Who counts as being in at first, a key of ``COUNTS``.
    without : str, default "no body"
        The body taken away at first.

    Returns
    -------
    Panel
        A number and three drop-down lists; sentences, network and table follow them.

    Raises
    ------
    UnknownNameError
        If reading, way to count or body does not exist.
    ValueError
        If the year is not covered.
    """
    last = last_year()
    if not isinstance(year, int) or year not in range(FIRST, last + 1):
        raise ValueError(
            f"{year!r} is no year that is covered: a whole number from {FIRST} to "
            f"{last} is."
        )
    names = [(BASE, BASE), *((name.replace("_", " "), name) for name in rivals())]
    controls = {
        "year": number_box("Year", year, least=FIRST, most=last),
        "reading": drop_down("Reading", names, reading, kind="reading"),
        "count": drop_down("Counted", list(COUNTS), count, kind="way to count"),
        "without": drop_down("Without", [ALL, *BODIES], without, kind="body"),
    }
    return Panel("A society of overlaps, year by year", controls, view_society)


def rivals() -> list[str]:
    """List the readings that depart from the base in a row of these states and bodies.

    Returns
    -------
    list of str
        Names of readings of ``membership``, in the order of the data.
    """
    asked = {name for body in BODIES for name in questions_about(body=body)}
    asked &= {name for state in STATES for name in questions_about(state=state)}
    table = readings(DATASET)
    table = table[table["question"].isin(asked) & ~table["base"]]
    return [str(name) for name in table["reading"].unique()]


def view_society(*, year: int, reading: str, count: str, without: str) -> View:
    """Say, draw and list the network of a year under the decisions taken.

    Parameters
    ----------
    year : int
        Seen on 31 December.
    reading : str
        A reading of ``membership``, or ``"the table's own"``.
    count : str
        A key of ``COUNTS``.
    without : str
        A body to take away, or ``"no body"``.

    Returns
    -------
    View
        The comparison is with the base readings of the same year, counted alike.
    """
    base = build_network(year, BASE, count)
    whole = build_network(year, reading, count)
    shown = whole.copy()
    if without in shown:
        shown.remove_node(without)
    lines = [
        describe_two_mode(shown),
        describe_reading(year, reading, count),
        describe_bridges(whole, without),
    ]
    before = whole if without != ALL else base
    return View(
        words="\n".join(lines),
        figure=draw_two_mode(
            shown,
            before=before if compare_links(before, shown).size else None,
            arranged=arrangement(),
        ),
        table=tabulate_two_mode(shown),
    )


def describe_reading(year: int, reading: str, count: str) -> str:
    """Say what a reading moves in a year, and in which other years it moves anything.

    Parameters
    ----------
    year, reading, count
        As for `view_society`.

    Returns
    -------
    str
        One or two sentences.
    """
    if reading == BASE:
        return "The table's own reading of every contested day."
    moved = {}
    for other in range(FIRST, last_year() + 1):
        before = build_network(other, BASE, count)
        after = build_network(other, reading, count)
        if compare_links(before, after).size:
            moved[other] = describe_links(before, after)
    name = reading.replace("_", " ")
    years = describe_years(list(moved)) if moved else "no year"
    return (
        f"Against the table's own, {name} moves in {year}: "
        f"{moved.get(year, 'no link')}. It moves something at the end of {years}."
    )


def describe_bridges(graph: nx.Graph, without: str = ALL) -> str:
    """Say who stands most between others, and who is cut off without a body.

    Parameters
    ----------
    graph : networkx.Graph
        The network with all its bodies.
    without : str, default "no body"
        The body that is taken away.

    Returns
    -------
    str
        One or two sentences.
    """
    table = measure_bridges(graph)
    table = table[table["betweenness"] > 0].head(3)
    top = ", ".join(f"{row.Index} {row.betweenness:.3f}" for row in table.itertuples())
    said = f"Most between others: {top or 'nobody'}."
    if without == ALL:
        return said
    if without not in graph:
        return f"{said} {without} is not covered, so there is nothing to take away."
    lost = cut_off(graph, without)
    fate = ", ".join(lost) if lost else "nobody"
    return f"{said} That is with {without}; taking it away cuts off {fate}."


def last_year() -> int:
    """Give the last year that is covered."""
    return int(covered_days(BODIES[0])[1].year)


@lru_cache(maxsize=1)
def arrangement() -> nx.Graph:
    """Build the network whose order is kept through the years: the last one."""
    return build_network(last_year(), BASE, "members only")


# A reading is compared over all years whenever a control moves.
@lru_cache(maxsize=512)
def build_network(year: int, reading: str, count: str) -> Any:
    """Build the network of a year's end; shared, so never changed."""
    memberships, bodies = _tables(reading)
    return two_mode(
        f"{year}-12-31", status=COUNTS[count], reading=memberships, founding=bodies
    )


@lru_cache(maxsize=32)
def _tables(reading: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    return read_memberships(None if reading == BASE else reading), read_bodies()
