"""Two doctrines side by side: where they agree over all cases, and where they part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from coursekit.charts.theme import TEXT
from coursekit.errors import UnknownNameError
from coursekit.evidence import load
from coursekit.law import Case, Doctrine, assess, read_cases, read_doctrines, what_if
from coursekit.law.doctrines import MET_MEANS, OUTCOMES
from coursekit.law.record import OUTSIDE
from coursekit.widgets.controls import drop_down
from coursekit.widgets.panel import Panel, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from plotly.graph_objects import Figure

# What may be supposed of the facts that a doctrine asks for and no table holds.
SUPPOSED: Final = ("left unknown", "as it asks", "not as it asks")
CASES: Final = ("core cases", "contrast cases too")
OTHER: Final = {"yes": "no", "no": "yes"}


def two_doctrines(
    first: str = "D02",
    second: str = "D03",
    *,
    of_first: str = SUPPOSED[0],
    of_second: str = SUPPOSED[0],
    cases: str = CASES[0],
) -> Panel:
    """Build a panel that sets two doctrines side by side over all cases.

    Parameters
    ----------
    first, second : str
        Ids of the doctrines shown at first.
    of_first, of_second : {"left unknown", "as it asks", "not as it asks"}
        What is supposed, in every case, of the facts that the doctrine asks for and
        that no table holds. Where both suppose the same fact, the first counts.
    cases : {"core cases", "contrast cases too"}
        Which rows of ``interventions`` count at first.

    Returns
    -------
    Panel
        Five drop-down lists; sentence, figure and table follow them.

    Raises
    ------
    UnknownNameError
        If there is no such doctrine, supposition or choice of cases.
    """
    rows = load("interventions")
    core = read_cases(rows[~rows["contrast_case"]])
    every, doctrines = read_cases(rows), read_doctrines()
    names = [(f"{key} {doctrine.name}", key) for key, doctrine in doctrines.items()]
    controls = {
        "first": drop_down("First", names, first, kind="doctrine"),
        "of_first": drop_down("its facts", SUPPOSED, of_first, kind="supposition"),
        "second": drop_down("Second", names, second, kind="doctrine"),
        "of_second": drop_down("its facts", SUPPOSED, of_second, kind="supposition"),
        "cases": drop_down("Cases", CASES, cases, kind="choice of cases"),
    }

    def view(
        first: str, of_first: str, second: str, of_second: str, cases: str
    ) -> View:
        chosen = core if cases == CASES[0] else every
        pair = (doctrines[first], doctrines[second])
        facts = suppose(pair[1], of_second) | suppose(pair[0], of_first)
        return view_two(chosen.values(), pair, facts)

    return Panel("Two doctrines side by side", controls, view)


def suppose(doctrine: Doctrine, how: str) -> dict[str, str]:
    """Give values to the facts that a doctrine asks for and no table holds.

    Parameters
    ----------
    doctrine : Doctrine
        Its facts with ``x:`` count, which take yes and no.
    how : {"left unknown", "as it asks", "not as it asks"}
        Which value each of them gets.

    Returns
    -------
    dict of str to str
        Facts with values; empty if they are left unknown, or it asks for none.

    Raises
    ------
    UnknownNameError
        If there is no such supposition.
    """
    if how not in SUPPOSED:
        raise UnknownNameError("supposition", how, SUPPOSED)
    outside = [need for need in doctrine.requirements if need.fact.startswith(OUTSIDE)]
    if how == SUPPOSED[0]:
        return {}
    asked = {}
    for need in outside:
        (value,) = set(need.values)
        asked[need.fact] = OTHER[value] if need.excluded else value
    if how == SUPPOSED[1]:
        return asked
    return {fact: OTHER[value] for fact, value in asked.items()}


def view_two(
    cases: Iterable[Case],
    pair: tuple[Doctrine, Doctrine],
    supposed: Mapping[str, str],
) -> View:
    """Say, draw and list where two doctrines agree and where they part.

    Parameters
    ----------
    cases : iterable of Case
        The cases to assess.
    pair : (Doctrine, Doctrine)
        The two doctrines.
    supposed : mapping of str to str
        Facts that every case is given first, as `suppose` makes them.

    Returns
    -------
    View
        Words, a grid of three outcomes by three with the number of cases in each cell,
        and the cases with both outcomes, those on which the two part first.
    """
    table = tabulate_two(cases, pair, supposed)
    return View(
        words=describe_two(table, pair, supposed),
        figure=draw_two(table, pair),
        table=table,
    )


def tabulate_two(
    cases: Iterable[Case],
    pair: tuple[Doctrine, Doctrine],
    supposed: Mapping[str, str],
) -> pd.DataFrame:
    """List what two doctrines say of each case.

    Parameters
    ----------
    cases, pair, supposed
        As for `view_two`.

    Returns
    -------
    pandas.DataFrame
        ``case``, ``first`` and ``second`` (outcomes), ``parted`` (yes, or empty) and
        ``because``: the reasons of both. The cases on which the two part come first.
    """
    rows = []
    for case in cases:
        findings = [assess(what_if(case, supposed), doctrine) for doctrine in pair]
        old, new = (finding.outcome for finding in findings)
        said = dict.fromkeys(reason for f in findings for reason in f.reasons)
        rows.append((case.case_id, old, new, "yes" * (old != new), "; ".join(said)))
    rows.sort(key=lambda row: row[3] == "")  # stable: else in the order of the cases
    columns = ["case", "first", "second", "parted", "because"]
    return pd.DataFrame(rows, columns=columns, dtype="string")


def describe_two(
    table: pd.DataFrame,
    pair: tuple[Doctrine, Doctrine],
    supposed: Mapping[str, str],
) -> str:
    """Say how often two doctrines agree, and name the cases on which they part.

    Parameters
    ----------
    table : pandas.DataFrame
        As `tabulate_two` makes it.
    pair, supposed
        As for `view_two`.

    Returns
    -------
    str
        One line each: what was supposed, the counts, the cases on which they part,
        and what it means that each of the two is met.
    """
    first, second = (doctrine.doctrine_id for doctrine in pair)
    parted = table[table["parted"] == "yes"]
    agreed = f"{len(table) - len(parted)} of {len(table)} cases"
    lines = [f"{first} and {second} agree on {agreed} and part on {len(parted)}."]
    groups = parted.groupby(["first", "second"], sort=False)["case"]
    lines += [
        f"{first} {old}, {second} {new}: {', '.join(names)}."
        for (old, new), names in groups
    ]
    if supposed:
        facts = ", ".join(f"{fact} is {value}" for fact, value in supposed.items())
        lines.insert(0, f"Supposed in every case: {facts}.")
    lines += [
        f"That {doctrine.doctrine_id} is met means {MET_MEANS[doctrine.met_means]}."
        for doctrine in pair
    ]
    return "\n".join(lines)


def draw_two(table: pd.DataFrame, pair: tuple[Doctrine, Doctrine]) -> Figure:
    """Draw the outcomes of one doctrine against those of the other.

    Parameters
    ----------
    table : pandas.DataFrame
        As `tabulate_two` makes it.
    pair : (Doctrine, Doctrine)
        The two doctrines.

    Returns
    -------
    plotly.graph_objects.Figure
        A grid with the number of cases in each cell; those on the diagonal agree.
    """
    from plotly.graph_objects import Figure, Heatmap

    counts = pd.crosstab(table["first"], table["second"])
    grid = counts.reindex(index=OUTCOMES, columns=OUTCOMES, fill_value=0)
    numbers = grid.to_numpy().tolist()
    heat = Heatmap(
        x=list(OUTCOMES),
        y=list(OUTCOMES),
        z=numbers,
        text=[[str(number) for number in row] for row in numbers],
        texttemplate="%{text}",
        textfont={"size": 18, "color": TEXT},
        # Pale throughout, so that the dark numbers can be read on every cell.
        colorscale=[[0, "white"], [1, "#8FC1E3"]],
        showscale=False,
        xgap=3,
        ygap=3,
        hoverinfo="skip",
    )
    first, second = (doctrine.doctrine_id for doctrine in pair)
    figure = Figure(heat)
    names = [outcome.replace(" ", "<br>") for outcome in OUTCOMES]  # for a telephone
    axis = {"tickvals": OUTCOMES, "ticktext": names, "ticks": "", "showgrid": False}
    figure.update_xaxes(title_text=f"{second} is", side="top", **axis)
    figure.update_yaxes(title_text=f"{first} is", autorange="reversed", **axis)
    return figure.update_layout(height=340, margin={"t": 80, "b": 16})
