"""Figures of the record: events on their day, and at their hour where it is known."""

from __future__ import annotations

from collections.abc import Hashable
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from coursekit.charts.events import measure_changes, measure_moments
from coursekit.charts.theme import COLOURS, TEXT
from coursekit.charts.words import day_text

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

CLOCK: Final = "Almaty and Nur-Sultan, UTC+6"
NOON: Final = pd.Timedelta(hours=12)
# How many marks fit side by side on the axis, and the step by which they are stacked.
MARKS: Final = 36
LEVEL: Final = 0.15
# Up to which length the axis has hours, a line each day, and days.
HOURLY: Final = pd.Timedelta(days=2)
MONTH: Final = pd.Timedelta(days=31)
DAILY: Final = pd.Timedelta(days=366)
MINUTE: Final = "%Y-%m-%d %H:%M"
SHAPES: Final = {True: "circle", False: "diamond"}


def draw_timeline(
    events: pd.DataFrame,
    *,
    before: pd.DataFrame | None = None,
    days: tuple[str, str] | None = None,
) -> Figure:
    """Draw events by category: filled at their hour, hollow where only a day is known.

    Parameters
    ----------
    events : pandas.DataFrame
        With ``event_id``, ``date``, ``time_local``, ``category`` (categorical),
        ``actor``, ``event`` and ``contested``.
    before : pandas.DataFrame, optional
        The same events under another reading: what stood elsewhere is joined to its
        new place by a dotted line, and what changed in any way is ringed.
    days : tuple of str, optional
        First and last day of the axis, as ISO dates; those of the events unless
        given. One or two days are labelled by the hour.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace for each category, and one for what changed. Colour repeats the
        category, which the row of the figure tells already; the shape tells contested
        (diamond) from not contested (circle).
    """
    from plotly.graph_objects import Figure

    categories = _categories(events)
    start, end = _ends(events, days)
    placed = events.assign(place=_places(events))
    placed["height"] = _heights(placed, categories, apart=(end - start) / MARKS)
    traces = [
        _category_trace(placed[placed["category"] == category], category, number)
        for number, category in enumerate(_all_categories(events))
        if category in categories
    ]
    if before is not None:
        changed = measure_changes(before, events)["event_id"]
        traces += _changed_traces(placed[placed["event_id"].isin(changed)], before)
    figure = Figure(traces)
    _lay_out(figure, categories, start, end)
    return figure


def describe_timeline(events: pd.DataFrame) -> str:
    """Say how many events there are, when, and how firm they are.

    Parameters
    ----------
    events : pandas.DataFrame
        As for `draw_timeline`.

    Returns
    -------
    str
        One or two sentences.
    """
    if events.empty:
        return "No event is shown."
    first, last = events["date"].min(), events["date"].max()
    lanes = events["category"].value_counts()
    counts = ", ".join(
        f"{name_category(str(category))} {count}"
        for category, count in lanes.items()
        if count
    )
    noun = "event" if len(events) == 1 else "events"
    days = dict.fromkeys((day_text(first), day_text(last)))
    known = int(events["time_local"].notna().sum())
    contested = int(events["contested"].sum())
    return (
        f"{len(events)} {noun}, {' to '.join(days)}: {counts}. "
        f"The hour is known for {known}; {contested} contested in some point."
    )


def name_category(category: str) -> str:
    """Write a category as in a sentence.

    Parameters
    ----------
    category : str
        A category of the timeline.

    Returns
    -------
    str
        Spaces for underscores, and the alliance in capitals.

    Examples
    --------
    >>> name_category("state_response"), name_category("csto")
    ('state response', 'CSTO')
    """
    return "CSTO" if category == "csto" else category.replace("_", " ")


def _all_categories(events: pd.DataFrame) -> list[str]:
    column = events["category"]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [str(category) for category in column.cat.categories]
    return sorted({str(category) for category in column})


def _categories(events: pd.DataFrame) -> list[str]:
    present = {str(category) for category in events["category"]}
    return [category for category in _all_categories(events) if category in present]


def _ends(
    events: pd.DataFrame, days: tuple[str, str] | None
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Give the start of the first day and the end of the last; missing if no event."""
    first, last = days or (events["date"].min(), events["date"].max())
    return pd.Timestamp(first), pd.Timestamp(last) + pd.Timedelta(days=1)


def _places(events: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    # An event that has only a day is drawn at noon, in the middle of what is known.
    return measure_moments(events).fillna(events["date"] + NOON)


def _heights(
    events: pd.DataFrame, categories: list[str], *, apart: pd.Timedelta
) -> pd.Series[float]:
    """Give each event its lane, and stack those that would cover one another."""
    heights: dict[Hashable, float] = {}
    for lane, category in enumerate(categories):
        last: list[pd.Timestamp] = []  # the latest place on each level of the lane
        here = events.loc[events["category"].astype(str) == category, "place"]
        for name, place in here.sort_values(kind="stable").items():
            free = (n for n, other in enumerate(last) if place - other >= apart)
            level = next(free, len(last))
            last[level : level + 1] = [place]
            heights[name] = LEVEL * level - lane
    return pd.Series(heights, dtype=float).reindex(events.index)


def _hover(event: Any) -> str:
    hour = event.time_local if isinstance(event.time_local, str) else "hour not known"
    lines = [f"<b>{day_text(event.date)}, {hour}</b>", *wrap(str(event.actor), 60)]
    return "<br>".join([*lines, *wrap(str(event.event), 60)])


def _category_trace(events: pd.DataFrame, category: str, number: int) -> Any:
    from plotly.graph_objects import Scatter

    colour = COLOURS[number % len(COLOURS)]
    known = events["time_local"].notna()
    shapes = [
        SHAPES[not contested] + ("" if hour else "-open")
        for contested, hour in zip(events["contested"], known, strict=True)
    ]
    return Scatter(
        x=events["place"].dt.strftime(MINUTE).to_list(),
        y=events["height"].round(2).to_list(),
        mode="markers",
        name=name_category(category),
        text=[_hover(event) for event in events.itertuples()],
        hovertemplate="%{text}<extra></extra>",
        marker={
            "symbol": shapes,
            "size": 11,
            "color": colour,
            "line": {"width": [1 if hour else 2 for hour in known], "color": colour},
        },
        showlegend=False,
    )


def _changed_traces(rows: pd.DataFrame, before: pd.DataFrame) -> list[Any]:
    from plotly.graph_objects import Scatter

    if rows.empty:
        return []
    old = _places(before.set_index("event_id", drop=False))
    line_x: list[str | None] = []
    line_y: list[float | None] = []
    for was, now, height in zip(
        old[rows["event_id"]], rows["place"], rows["height"].round(2), strict=True
    ):
        line_x += [was.strftime(MINUTE), now.strftime(MINUTE), None]
        line_y += [height, height, None]
    path = Scatter(
        x=line_x,
        y=line_y,
        mode="lines",
        name="from its place under the base values",
        line={"dash": "dot", "color": TEXT, "width": 2},
        hoverinfo="skip",
    )
    ring = Scatter(
        x=rows["place"].dt.strftime(MINUTE).to_list(),
        y=rows["height"].round(2).to_list(),
        mode="markers",
        name="changed by the reading",
        marker={
            "symbol": "circle-open",
            "size": 22,
            "color": TEXT,
            "line": {"width": 2},
        },
        hoverinfo="skip",
    )
    return [path, ring]


def _lay_out(
    figure: Figure, categories: list[str], start: pd.Timestamp, end: pd.Timestamp
) -> None:
    figure.update_layout(
        title={
            "text": "Filled: hour known. Hollow: day only.<br>Diamond: contested.",
            "font_size": 14,
            "xref": "container",
            "pad_l": 12,
        },
        height=186 + 76 * max(len(categories), 1),
        margin_b=112,  # room for the axis and, below it, the legend
        hovermode="closest",
    )
    figure.update_xaxes(title_text=f"Local time ({CLOCK})", type="date")
    if not pd.isna(start):
        # How far apart the labels stand is left to plotly, which knows the width.
        names = "%-d %b" if end - start <= DAILY else "%b %Y"
        figure.update_xaxes(
            range=[f"{day:%Y-%m-%d}" for day in (start, end)],
            tickformat="%H:%M<br>%-d %b" if end - start <= HOURLY else names,
        )
        if end - start <= MONTH:  # a fine line each day, however far apart the labels
            figure.update_xaxes(minor={"dtick": 86_400_000, "showgrid": True})
    figure.update_yaxes(
        tickmode="array",
        tickvals=[-number for number in range(len(categories))],
        ticktext=[name_category(category) for category in categories],
        range=[-len(categories) + 0.5, 0.95],
    )
