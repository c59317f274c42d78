"""How large a share? Decide which evidence counts, and see what the unnamed leave."""

from __future__ import annotations

from typing import Final

from coursekit.charts.supply import STATES, draw_shares, name_bloc, tabulate_shares
from coursekit.charts.supply_map import measure_states
from coursekit.surveillance.supply import (
    GRADES,
    STAGES,
    UNNAMED,
    list_blocs,
    measure_share,
    read_deployments,
)
from coursekit.widgets.controls import drop_down
from coursekit.widgets.panel import Panel, View

# The worst grade that still counts, in words.
THRESHOLDS: Final = {
    "D": "every grade, A to D",
    "C": "C or better",
    "B": "B or better",
    "A": "A only",
}
CLASSES: Final = ("camera", "interception", "network", "other")
ALL: Final = "all"


def supply_share(
    worst: str = "D",
    *,
    technology_class: str = "camera",
    stage: str = ALL,
    bloc: str = "China",
) -> Panel:
    """Build a panel that says how large a bloc's share is under a threshold.

    Parameters
    ----------
    worst : {'D', 'C', 'B', 'A'}
        The worst grade of evidence that still counts at first.
    technology_class : str, default 'camera'
        The class of technology at first, or ``"all"``.
    stage : str, default 'all'
        What became of the deals at first, a key of
        `coursekit.surveillance.supply.STAGES`, or ``"all"``.
    bloc : str, default 'China'
        Whose share at first.

    Returns
    -------
    Panel
        Four drop-down lists; sentence, figure and table follow.

    Raises
    ------
    UnknownNameError
        If there is no such grade, class, stage or bloc.
    """
    thresholds = [(words, grade) for grade, words in THRESHOLDS.items()]
    classes = [("all classes", ALL), *((name, name) for name in CLASSES)]
    stages = [("whatever became of it", ALL), *((name, name) for name in STAGES)]
    blocs = [(name_bloc(name), name) for name in list_blocs() if name != UNNAMED]
    controls = {
        "worst": drop_down("Evidence", thresholds, worst, kind="grade"),
        "technology_class": drop_down(
            "Class", classes, technology_class, kind="class of technology"
        ),
        "stage": drop_down("Deals", stages, stage, kind="stage"),
        "bloc": drop_down("Share of", blocs, bloc, kind="bloc"),
    }
    return Panel("Whose share, by which evidence?", controls, view_supply)


def view_supply(
    *,
    worst: str = "D",
    technology_class: str = ALL,
    stage: str = ALL,
    bloc: str = "China",
) -> View:
    """Say, draw and list the share of a bloc among the reports that count.

    Parameters
    ----------
    worst, technology_class, stage, bloc
        As for `supply_share`.

    Returns
    -------
    View
        Words, figure and table: the share of all rows that count, then by buying
        state. Without a row there is no figure, and the words say so.

    Raises
    ------
    UnknownNameError
        If there is no such grade, class, stage or bloc.
    """
    table = read_deployments(
        grades=GRADES[: GRADES.index(worst) + 1] if worst in GRADES else [worst],
        technology_class=None if technology_class == ALL else technology_class,
        statuses=None if stage == ALL else [stage],
    )
    if table.empty:
        return View(words="No row is left, so there is no share: not 0, but none.")
    share = measure_share(table, bloc)
    states = measure_states(table, bloc)
    shares = {"all five": share} | {
        STATES[iso3]: found for iso3, found in states.items() if found
    }
    absent = [STATES[iso3] for iso3, found in states.items() if found is None]
    lines = [str(share).replace(f"{bloc}:", f"{name_bloc(bloc)}:", 1)]
    if share.lower <= 0.5 < share.upper:
        lines.append("The unnamed rows decide whether that is a majority.")
    if absent:
        lines.append(f"No row is left for {', '.join(absent)}: no share, not 0.")
    return View(
        words="\n".join(lines),
        figure=draw_shares(shares),
        table=tabulate_shares(shares),
    )
