"""Classify what people did and what was done to them; see which rules follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import ipywidgets

from coursekit.charts.theme import COLOURS
from coursekit.charts.words import day_text
from coursekit.errors import UnknownNameError
from coursekit.evidence import load
from coursekit.evidence.sources import cite
from coursekit.law.changes import what_if
from coursekit.law.doctrines import Case, assess
from coursekit.law.record import find_case, find_doctrine
from coursekit.law.rights import (
    OUTCOMES,
    Event,
    Ruling,
    apply_rule,
    classify,
    event_vocabulary,
    find_event,
    load_events,
    read_rules,
)
from coursekit.widgets.controls import drop_down
from coursekit.widgets.panel import Panel, View

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

UNKNOWN: Final = "unknown"
FACTS: Final = ("person", "conduct", "violence_of_others", "actor", "measure")
FORCE: Final = ("D09", "D15", "D24")
# Outcome: sign in the table, symbol and colour in the figure. Never colour alone.
MARKS: Final = {
    "follows": ("\u2714", "circle", COLOURS[0]),
    "needs facts": ("?", "diamond-open", COLOURS[6]),
    "does not apply": ("\u2013", "line-ew-open", COLOURS[1]),
}
# A phone has room for some 15 letters beside the figure.
SHORT: Final = {
    " paras": " \u00a7",
    " para": " \u00a7",
    " and ": ", ",
    "A/HRC/": "HRC ",
    " 1/2022": "",
    " v Cameroon": "",
    " press release": "",
    "IDI Rhodes 2011": "Rhodes",
}
MOVEMENT: Final = {
    "as coded: riot and protest side by side": {},
    "nonviolent as a whole": {
        "internal_situation": "nonviolent_protest",
        "x:broad_nonviolent_movement": "yes",
    },
    "not nonviolent as a whole": {"x:broad_nonviolent_movement": "no"},
}
TROOPS: Final = {
    "unknown": {},
    "used against protesters": {
        "x:forces_help_suppress": "yes",
        "x:foreign_force_used_against_it": "yes",
    },
    "only guarded sites": {
        "x:forces_help_suppress": "no",
        "x:foreign_force_used_against_it": "no",
    },
}


def assemblies(
    event_id: str = "zhanaozen-3-january", *, facts: Mapping[str, str] | None = None
) -> Panel:
    """Build a panel to classify the events of 2 to 7 January 2022.

    Parameters
    ----------
    event_id : str, default "zhanaozen-3-january"
        The event shown at first.
    facts : mapping of str to str, optional
        How its people and the measure are classified at first, beside what the record
        settles: ``{"conduct": "disruptive"}``.

    Returns
    -------
    Panel
        With the controls ``event``, ``person``, ``conduct``, ``violence_of_others``,
        ``actor``, ``measure``, and ``movement`` and ``troops`` for the other question.

    Raises
    ------
    UnknownNameError
        If event, fact or value does not exist.
    """
    start = classify(find_event(event_id), facts)
    for fact in facts or {}:
        if fact not in FACTS:
            raise UnknownNameError("fact of the panel", fact, FACTS)
    rows = load_events()
    shown = rows["date"].map(day_text) + ", " + rows["place"] + ": " + rows["who"]
    labels = list(zip(shown, rows["event_id"], strict=True))
    choose = partial(drop_down, label_width=130, width=480)
    event = choose("Event:", labels, event_id)
    lists = {
        fact: choose(f"{fact.replace('_', ' ')}:", [UNKNOWN, *event_vocabulary()[fact]])
        for fact in FACTS
    }
    movement = choose("the movement:", list(MOVEMENT))
    troops = choose("the troops:", list(TROOPS))

    def fill(source: Event) -> None:
        for fact, control in lists.items():
            control.value = source.facts.get(fact) or UNKNOWN

    def follow(_change: object) -> None:
        with panel.together():
            fill(find_event(event.value))

    # Observed before the panel observes: it then sees the facts of the new event.
    event.observe(follow, names="value")
    fill(start)

    def view(event: str, movement: str, troops: str, **chosen: str) -> View:
        settled = {fact: None if v == UNKNOWN else v for fact, v in chosen.items()}
        changes = {**MOVEMENT[movement], **TROOPS[troops]}
        return view_assembly(classify(find_event(event), settled), changes)

    panel = Panel(
        "Which rules follow?",
        {"event": event, **lists, "movement": movement, "troops": troops},
        view,
        layout=[
            event,
            _line("These people and what was done to them:"),
            _row(list(lists.values())),
            _line("Another question, the ban on force. Suppose:"),
            _row([movement, troops]),
        ],
    )
    return panel


def view_assembly(event: Event, changes: Mapping[str, str] | None = None) -> View:
    """Say, draw and list which rules on rights follow, and, apart, what moves on force.

    Parameters
    ----------
    event : Event
        One of the dataset's events as classified.
    changes : mapping of str to str, optional
        What is supposed of the case KAZ2022, for the question of force.

    Returns
    -------
    View
        Words, figure and table. Nothing in ``event`` moves a doctrine on force.
    """
    rulings = [apply_rule(event, rule) for rule in read_rules().values()]
    words = [describe_record(event.case_id), describe_rulings(rulings)]
    words += [describe_force(changes or {})]
    return View(
        words="\n".join(words),
        figure=draw_rulings(rulings),
        table=tabulate_rulings(rulings),
    )


def describe_record(event_id: str) -> str:
    """Say what the record has of an event: sources, what is disputed, what is marked.

    Parameters
    ----------
    event_id : str
        One of the dataset's events.

    Returns
    -------
    str
        A few sentences.
    """
    rows = load_events().fillna("").set_index("event_id")
    if event_id not in rows.index:
        raise UnknownNameError("event", event_id, rows.index)
    row = rows.loc[event_id].to_dict()
    pairs = [(row[f"source_{n}"], row[f"pinpoint_{n}"]) for n in (1, 2)]
    works = "; ".join(cite(key, pin or None) for key, pin in pairs if key)
    marked = load("timeline").set_index("event_id")["contested"][row["timeline_id"]]
    flag = "contested" if marked else "not contested"
    disputed = f" Disputed: {row['disputed']}." if row["disputed"] else ""
    return (
        f"In view: {row['who']}, and nobody else. {row['record']}{disputed} "
        f"The row of the timeline is marked {flag}. Sources: {works}."
    )


def describe_rulings(rulings: Sequence[Ruling]) -> str:
    """Say which rules follow, which need facts and which facts, and how many are out.

    Parameters
    ----------
    rulings : sequence of Ruling
        What the rules say of one event.

    Returns
    -------
    str
        Two or three sentences.
    """
    groups = {o: [r for r in rulings if r.outcome == o] for o in OUTCOMES}
    follows = "; ".join(
        f"{r.rule.rule_id} {r.rule.provision}" for r in groups["follows"]
    )
    needs = ", ".join(r.rule.rule_id for r in groups["needs facts"])
    asked = {fact for ruling in groups["needs facts"] for fact in ruling.deciding}
    listed = [fact.replace("_", " ") for fact in FACTS if fact in asked]
    if outside := len(asked.difference(FACTS)):
        listed.append(f"{outside} outside the lists, named in the table")
    parts = [f"On rights. Rules that follow: {follows or 'none'}."]
    if needs:
        parts.append(
            f"Rules that need facts: {needs}. Facts asked for: {', '.join(listed)}."
        )
    parts.append(
        f"Rules that do not apply: {len(groups['does not apply'])}. "
        "A rule that follows speaks about these people; it was not thereby broken."
    )
    return " ".join(parts)


def describe_force(changes: Mapping[str, str]) -> str:
    """Say what three doctrines on force find of KAZ2022, and what a supposition moves.

    Parameters
    ----------
    changes : mapping of str to str
        Facts of the case, as for `what_if`; none: the case as coded.

    Returns
    -------
    str
        Two sentences; the second says that the classification of an event moves none.
    """
    coded = find_case("KAZ2022")
    said = [_force(coded, what_if(coded, changes), name) for name in FORCE]
    return (
        f"On force, KAZ2022 as a whole: {'; '.join(said)}. "
        "Met, D09 lets help pass; D15 and D24 speak against it. "
        "How these people are classified moves none of the three: they ask about the "
        "movement as a whole and about the foreign troops."
    )


def tabulate_rulings(rulings: Sequence[Ruling]) -> pd.DataFrame:
    """List the rules with outcome, reasons, consequence and weight; follows first.

    Parameters
    ----------
    rulings : sequence of Ruling
        What the rules say of one event.

    Returns
    -------
    pandas.DataFrame
        Text columns.
    """
    import pandas as pd

    ordered = sorted(rulings, key=lambda ruling: OUTCOMES.index(ruling.outcome))
    return pd.DataFrame(
        {
            "rule": f"{r.rule.rule_id} {r.rule.provision}",
            "outcome": f"{MARKS[r.outcome][0]} {r.outcome}",
            "because": "; ".join(r.reasons),
            "what follows": r.rule.consequence if r.outcome == "follows" else "",
            "text": r.rule.status.replace("_", " "),
            "binds": r.rule.binds,
        }
        for r in ordered
    )


def draw_rulings(rulings: Sequence[Ruling]) -> Figure:
    """Draw a row for each rule, marked under its outcome.

    Parameters
    ----------
    rulings : sequence of Ruling
        What the rules say of one event.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace for each outcome, each with its own symbol.
    """
    from plotly.graph_objects import Figure, Scatter

    figure = Figure()
    for outcome in OUTCOMES:
        _, symbol, colour = MARKS[outcome]
        names = [_short(r) for r in rulings if r.outcome == outcome]
        mark = {"symbol": symbol, "color": colour, "size": 12, "line": {"width": 2}}
        figure.add_trace(
            Scatter(
                x=[outcome] * len(names),
                y=names,
                name=outcome,
                mode="markers",
                marker=mark,
                showlegend=False,
            )
        )
    rows = [_short(r) for r in rulings]
    figure.update_xaxes(
        categoryorder="array",
        categoryarray=list(OUTCOMES),
        ticktext=[MARKS[outcome][0] for outcome in OUTCOMES],
        tickvals=list(OUTCOMES),
        tickangle=0,
        side="top",
        range=[-0.5, 2.5],
    )
    figure.update_yaxes(
        categoryorder="array", categoryarray=rows, autorange="reversed", dtick=1
    )
    # Words as column heads would cover one another on a phone.
    signs = [f"{MARKS[outcome][0]} {outcome}" for outcome in OUTCOMES]
    return figure.update_layout(
        title={
            "text": f"{signs[0]}, {signs[1]},<br>{signs[2]}",
            "font_size": 14,
            "xref": "container",
            "pad_l": 12,
        },
        height=128 + 22 * len(rows),
        margin={"t": 88, "b": 16},
    )


def _force(coded: Case, supposed: Case, name: str) -> str:
    doctrine = find_doctrine(name)
    before, after = (assess(case, doctrine) for case in (coded, supposed))
    asked = f" ({', '.join(after.deciding)})" if after.outcome == "needs facts" else ""
    moved = f" (as coded: {before.outcome})" if after.outcome != before.outcome else ""
    return f"{name} {doctrine.name.partition(' (')[0]}: {after.outcome}{asked}{moved}"


def _short(ruling: Ruling) -> str:
    name = ruling.rule.provision.replace("General Comment", "GC")
    for end in (" with ", " (", ", ", " and ratification", " on "):
        name = name.partition(end)[0]
    for long, short in SHORT.items():
        name = name.replace(long, short)
    return f"{ruling.rule.rule_id} {name}"


def _line(text: str) -> Any:
    return ipywidgets.HTML(f"<div>{text}</div>", layout={"margin": "6px 0 0 0"})


def _row(children: list[Any]) -> Any:
    return ipywidgets.Box(children, layout={"flex_flow": "row wrap"})
