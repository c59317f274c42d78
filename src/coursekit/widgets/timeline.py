"""The record day by day: choose categories and a reading, and see what moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ipywidgets

from coursekit.charts.events import describe_changes, measure_changes
from coursekit.charts.timeline import describe_timeline, draw_timeline, name_category
from coursekit.errors import UnknownNameError
from coursekit.evidence.readings import readings
from coursekit.evidence.sources import cite
from coursekit.evidence.tables import load
from coursekit.widgets.controls import drop_down
from coursekit.widgets.panel import Panel, View

if TYPE_CHECKING:
    import pandas as pd

WHOLE: Final = ("2022-01-02", "2022-01-19")
NIGHT: Final = ("2022-01-05", "2022-01-06")
SPANS: Final = {
    "2 to 19 January 2022, by the day": WHOLE,
    "5 and 6 January 2022, by the hour": NIGHT,
}
SHOWN: Final = (
    "date",
    "time_local",
    "category",
    "actor",
    "event",
    "figure",
    "figure_unit",
)


def timeline_explorer(*, reading: str | None = None) -> Panel:
    """Build the explorer of January 2022, from the dataset ``timeline``.

    Parameters
    ----------
    reading : str, optional
        The reading to begin with, and with it its question; the first base unless
        given.

    Returns
    -------
    Panel
        With the controls ``question``, ``reading``, ``span`` and one for each
        category of those days, named as the category.

    Raises
    ------
    UnknownNameError
        If there is no such reading.
    """
    base, rivals = load("timeline"), readings("timeline")
    shown = base.loc[base["date"].between(*WHOLE), "category"]
    categories = [
        str(name) for name in shown.cat.remove_unused_categories().cat.categories
    ]
    question, answer = _reading_controls(rivals, start=reading)
    span = drop_down("Days:", list(SPANS.items()), label_width=90, width=520)
    boxes = {name: _checkbox(name) for name in categories}

    def view(**values: Any) -> View:
        kept = [name for name in categories if values[name]]
        chosen = load("timeline", reading=values["reading"])
        return view_timeline(
            base,
            chosen,
            categories=kept,
            span=values["span"],
            source=describe_reading(rivals, values["reading"]),
        )

    lane = ipywidgets.Box(
        [
            ipywidgets.Label("Categories:", layout={"margin": "2px 8px"}),
            *boxes.values(),
        ],
        layout={"flex_flow": "row wrap", "align_items": "center"},
    )
    return Panel(
        "The record, day by day",
        {"question": question, "reading": answer, "span": span, **boxes},
        view,
        layout=[question, answer, span, lane],
    )


def view_timeline(
    base: pd.DataFrame,
    chosen: pd.DataFrame,
    *,
    categories: list[str],
    span: tuple[str, str] = WHOLE,
    source: str = "",
) -> View:
    """Compute what the explorer shows.

    Parameters
    ----------
    base, chosen : pandas.DataFrame
        The events as the table has them, and under the reading chosen.
    categories : list of str
        Categories to show.
    span : tuple of str
        First and last day to show, as ISO dates.
    source : str
        Who says so; added to the words.

    Returns
    -------
    View
        The words say how many events are shown and what moves in the whole table,
        shown or not; the table marks what changed.
    """
    shown = chosen[chosen["category"].isin(categories) & chosen["date"].between(*span)]
    moved = set(measure_changes(base, chosen)["event_id"])
    words = [describe_timeline(shown), describe_changes(base, chosen), source]
    hidden = len(moved - set(shown["event_id"]))
    if hidden:
        noun = "event lies" if hidden == 1 else "events lie"
        words.append(f"Of what changes, {hidden} {noun} outside what is shown.")
    table = shown[list(SHOWN)].assign(
        changed=["yes" if name in moved else "" for name in shown["event_id"]]
    )
    figure = draw_timeline(shown, before=base, days=span)
    return View(
        words="\n".join(line for line in words if line), figure=figure, table=table
    )


def describe_reading(rivals: pd.DataFrame, reading: str) -> str:
    """Say who stands behind a reading.

    Parameters
    ----------
    rivals : pandas.DataFrame
        The readings of a dataset, as `coursekit.readings` gives them.
    reading : str
        Name of one of them.

    Returns
    -------
    str
        Name, sources with pinpoints, and notes.

    Raises
    ------
    UnknownNameError
        If there is no such reading.
    """
    rows = rivals[rivals["reading"] == reading].fillna("").to_dict("records")
    if not rows:
        raise UnknownNameError("reading", reading, set(rivals["reading"]))
    kind = "the table's own reading" if rows[0]["base"] else "a rival reading"
    works = dict.fromkeys(cite(row["source"], row["pinpoint"] or None) for row in rows)
    notes = dict.fromkeys(f" {row['note'].rstrip('.')}." for row in rows if row["note"])
    return f"{reading} is {kind}, from {'; '.join(works)}.{''.join(notes)}"


def _reading_controls(rivals: pd.DataFrame, *, start: str | None) -> tuple[Any, Any]:
    homes = dict(zip(rivals["reading"], rivals["question"], strict=True))
    if start is not None and start not in homes:
        raise UnknownNameError("reading", start, homes)
    labels = {name.replace("_", " "): name for name in homes.values()}
    questions = list(labels.items())
    home = homes[start] if start else None
    question = drop_down("Question:", questions, home, label_width=90, width=520)
    answers = list(_answers(rivals, question.value).items())
    reading = drop_down("Reading:", answers, start, label_width=90, width=520)

    # Observed before the panel observes: it never sees a reading of another question.
    def offer(_change: object) -> None:
        reading.options = list(_answers(rivals, question.value).items())

    question.observe(offer, names="value")
    return question, reading


def _answers(rivals: pd.DataFrame, question: str) -> dict[str, str]:
    rows = rivals[rivals["question"] == question].drop_duplicates("reading")
    rows = rows.sort_values("base", ascending=False, kind="stable")
    return {
        f"{name} (the table's own)" if base else str(name): str(name)
        for name, base in zip(rows["reading"], rows["base"], strict=True)
    }


def _checkbox(category: str) -> Any:
    return ipywidgets.Checkbox(
        value=True,
        description=name_category(category),
        indent=False,
        layout={"width": "auto", "margin": "0 16px 0 0"},
    )
