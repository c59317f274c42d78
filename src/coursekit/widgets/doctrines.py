"""Choose a case, change up to two facts, see which doctrines flip and why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import ipywidgets

from coursekit.charts.theme import COLOURS
from coursekit.errors import UnknownNameError
from coursekit.evidence import load
from coursekit.law import (
    Case,
    Doctrine,
    Finding,
    assess,
    describe_change,
    read_cases,
    read_doctrines,
    vocabulary,
    what_if,
)
from coursekit.law.doctrines import OUTCOMES
from coursekit.widgets.controls import drop_down
from coursekit.widgets.panel import Panel, View

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from plotly.graph_objects import Figure

UNKNOWN: Final = "unknown"
NOTHING: Final = "nothing"
LABEL: Final = 19  # characters of a doctrine's name that a telephone has room for
# Outcome: sign in the table, symbol and colour in the figure. Never colour alone.
MARKS: Final = {
    "met": ("\u2714", "circle", COLOURS[0]),
    "fails": ("\u2716", "x", COLOURS[1]),
    "needs facts": ("?", "diamond-open", COLOURS[6]),
}
READING_AID: Final = (
    "Met says that what the doctrine asks for is there; "
    "the column met_means says whether that allows help or bars it."
)


def doctrine_explorer(
    case_id: str = "KAZ2022",
    *,
    fact: str = "internal_situation",
    value: str | None = None,
    table: pd.DataFrame | None = None,
) -> Panel:
    """Build a panel to change the facts of a case and watch the doctrines.

    Parameters
    ----------
    case_id : str, default "KAZ2022"
        The case chosen at first.
    fact : str, default "internal_situation"
        The first fact offered for change.
    value : str, optional
        What it is changed to at first, ``"unknown"`` included; as coded if left out.
    table : pandas.DataFrame, optional
        Rows of ``interventions``, such as another reading of them.

    Returns
    -------
    Panel
        Five drop-down lists; sentence, figure and table follow them.

    Raises
    ------
    UnknownNameError
        If case, fact or value does not exist.
    """
    table = load("interventions") if table is None else table
    cases, doctrines, facts = read_cases(table), read_doctrines(), vocabulary()
    places = zip(cases, table["target_name"], strict=True)
    if case_id not in cases:
        raise UnknownNameError("case", case_id, cases)
    if fact not in facts:
        raise UnknownNameError("fact", fact, facts)
    if value is not None and value not in (UNKNOWN, *facts[fact]):
        raise UnknownNameError(f"value of {fact}", value, (UNKNOWN, *facts[fact]))
    names = [(f"{case} {name}", case) for case, name in places]
    choose = partial(drop_down, label_width=60, width=340)
    who = choose("Case", names, case_id)
    first = choose("Change", [NOTHING, *facts], fact)
    second = choose("and", [NOTHING, *facts], NOTHING)
    first_value, second_value = (choose("to", [NOTHING], NOTHING) for _ in range(2))
    pairs = ((first, first_value), (second, second_value))

    def offer() -> None:
        for chosen, values in pairs:
            options, coded = value_options(cases[who.value], chosen.value)
            if tuple(options) != values.options:
                values.options, values.value = options, coded

    def follow(_change: object) -> None:
        with panel.together():
            offer()

    # Registered before the panel's own observers, so that it sees matching values.
    for control in (who, first, second):
        control.observe(follow, names="value")
    offer()
    if value is not None:
        first_value.value = value

    def view(case: str, fact: str, value: str, fact_2: str, value_2: str) -> View:
        # Where both lists name one fact, the first counts.
        return view_change(cases[case], {fact_2: value_2, fact: value}, doctrines)

    controls = {
        "case": who,
        "fact": first,
        "value": first_value,
        "fact_2": second,
        "value_2": second_value,
    }
    rows = [
        who,
        *(ipywidgets.HBox(pair, layout={"flex_flow": "row wrap"}) for pair in pairs),
    ]
    panel = Panel("Which doctrines does a fact move?", controls, view, layout=rows)
    return panel


def value_options(case: Case, fact: str) -> tuple[list[tuple[str, str]], str]:
    """List what a fact of a case can be changed to, and how it is coded now.

    Parameters
    ----------
    case : Case
        The case.
    fact : str
        A fact of `vocabulary`, or ``"nothing"``.

    Returns
    -------
    list of (label, value)
        All values of the fact and ``unknown``; the coded one says so.
    str
        The coded value.
    """
    if fact == NOTHING:
        return [(NOTHING, NOTHING)], NOTHING
    coded = case.facts.get(fact) or UNKNOWN
    values = (*vocabulary()[fact], UNKNOWN)
    labels = [f"{name} (as coded)" if name == coded else name for name in values]
    return list(zip(labels, values, strict=True)), coded


def view_change(
    case: Case, changes: Mapping[str, str], doctrines: Mapping[str, Doctrine]
) -> View:
    """Say, draw and list what becomes of the doctrines when facts change.

    Parameters
    ----------
    case : Case
        The case as coded.
    changes : mapping of str to str
        Facts with their new values; ``unknown`` makes a fact unknown, the fact
        ``nothing`` is passed over.
    doctrines : mapping of str to Doctrine
        The doctrines to follow.

    Returns
    -------
    View
        Words, figure and table.
    """
    new = {
        fact: None if value == UNKNOWN else value
        for fact, value in changes.items()
        if fact != NOTHING
    }
    after = what_if(case, new)
    tests = list(doctrines.values())
    before_after = [(assess(case, test), assess(after, test)) for test in tests]
    counts = [
        f"{sum(now.outcome == outcome for _, now in before_after)} {said}"
        for outcome, said in zip(OUTCOMES, ("met", "fail", "need facts"), strict=True)
    ]
    words = (
        f"{describe_change(case, after, tests)}\n"
        f"Of {len(tests)} doctrines now {counts[0]}, {counts[1]}, {counts[2]}. "
        f"{READING_AID}"
    )
    return View(
        words=words,
        figure=draw_findings(before_after),
        table=tabulate_findings(before_after),
    )


def tabulate_findings(before_after: list[tuple[Finding, Finding]]) -> pd.DataFrame:
    """List each doctrine's outcome now and before, what met means, and why.

    Returns
    -------
    pandas.DataFrame
        Text columns; ``before`` is empty where nothing moved. Moved doctrines first.
    """
    import pandas as pd

    rows = [
        {
            "doctrine": f"{now.doctrine_id} {now.name}",
            "now": f"{MARKS[now.outcome][0]} {now.outcome}",
            "before": "" if old.outcome == now.outcome else old.outcome,
            "met_means": now.met_means,
            "because": "; ".join(now.reasons),
            "authority": now.authority,
        }
        for old, now in before_after
    ]
    rows.sort(key=lambda row: row["before"] == "")  # stable: else in doctrine order
    return pd.DataFrame(rows)


def draw_findings(before_after: list[tuple[Finding, Finding]]) -> Figure:
    """Draw a row for each doctrine, marked under its outcome, with what moved.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace for each outcome, each with its own symbol, and one of rings for
        where a moved doctrine stood before.
    """
    from plotly.graph_objects import Figure, Scatter

    columns = list(OUTCOMES)
    figure = Figure()
    for outcome in OUTCOMES:
        _, symbol, colour = MARKS[outcome]
        there = [now for _, now in before_after if now.outcome == outcome]
        figure.add_trace(
            Scatter(
                x=[outcome] * len(there),
                y=[_short(now) for now in there],
                name=outcome,
                mode="markers",
                text=[f"{now.doctrine_id} {now.name}: {outcome}" for now in there],
                hovertemplate="%{text}<extra></extra>",
                marker={"symbol": symbol, "color": colour, "size": 12},
                showlegend=False,
            )
        )
    moved = [(old, now) for old, now in before_after if old.outcome != now.outcome]
    for old, now in moved:
        figure.add_annotation(
            x=now.outcome, y=_short(now), ax=old.outcome, ay=_short(now),
            xref="x", yref="y", axref="x", ayref="y",
            arrowwidth=2, arrowhead=3, standoff=10, text="",
        )  # fmt: skip
    figure.add_trace(
        Scatter(
            x=[old.outcome for old, _ in moved],
            y=[_short(now) for _, now in moved],
            name="before the change",
            mode="markers",
            marker={"symbol": "circle-open", "color": COLOURS[6], "size": 16},
            showlegend=False,
        )
    )
    names = [_short(now) for _, now in before_after]
    figure.update_xaxes(
        categoryorder="array",
        categoryarray=columns,
        tickvals=columns,
        ticktext=[MARKS[outcome][0] for outcome in OUTCOMES],
        tickangle=0,
        side="top",
        range=[-0.5, 2.5],
    )
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=names,
        autorange="reversed",
        dtick=1,
        tickfont_size=12,
    )
    # Words as column heads would cover one another on a phone.
    signs = [f"{MARKS[outcome][0]} {outcome}" for outcome in OUTCOMES]
    words = f"{signs[0]}, {signs[1]},<br>{signs[2]}"
    title = {"text": words, "font_size": 14, "xref": "container", "pad_l": 8}
    return figure.update_layout(
        title=title, height=120 + 24 * len(names), margin={"t": 72, "b": 16, "r": 8}
    )


def _short(finding: Finding) -> str:
    name = finding.name.partition(" (")[0]
    kept = name if len(name) <= LABEL else name[: LABEL - 1].rstrip() + "\u2026"
    return f"{finding.doctrine_id} {kept}"
