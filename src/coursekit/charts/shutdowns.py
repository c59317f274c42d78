"""Figures of a shutdown: its hours against events, and what it is said to cost."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from coursekit.charts.theme import COLOURS, TEXT
from coursekit.surveillance.costs import MILLION, Estimate, in_millions, read_estimates
from coursekit.surveillance.shutdowns import (
    AFTER,
    BEFORE,
    MOST_OF_THE_COUNTRY,
    UNPLACED,
    describe_hours,
)

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

# Lanes from top to bottom; a phase is drawn with a word, a width and a colour.
LANES: Final = {"SH-08": "mobile slow", "SH-09": "near-total"}
EVENTS: Final = "events"
# What a figure is: symbol and colour; the label says it in a word.
KINDS: Final = {
    "event": ("circle", COLOURS[0]),
    "year": ("diamond", COLOURS[6]),
    "model": ("square", COLOURS[1]),
}
# Short enough for a telephone; the table has the full names.
SHORT: Final = {
    "CE-01": "Top10VPN, 12 January",
    "CE-02": "Top10VPN, later",
    "CE-03": "NetBlocks, over",
    "CE-04": "Top10VPN, all of 2022",
    "CE-05": "the same, reprinted",
}
OURS: Final = "our model"
DAY: Final = 86_400_000  # milliseconds, as plotly counts


def draw_hours(
    phases: pd.DataFrame,
    placed: pd.DataFrame,
    *,
    offset: float = MOST_OF_THE_COUNTRY,
) -> Figure:
    """Draw the phases of a shutdown as bars in time, with the events that have an hour.

    Parameters
    ----------
    phases : pandas.DataFrame
        As `coursekit.surveillance.shutdowns.read_phases` gives them.
    placed : pandas.DataFrame
        As `coursekit.surveillance.shutdowns.place_events` gives them; those without
        an hour are left out, and `describe_placed` counts them.
    offset : float, default 6
        The clock of the axis, hours ahead of UTC; one clock for everything.

    Returns
    -------
    plotly.graph_objects.Figure
        A lane for each phase (a dashed line where its hours are not counted) and one
        for the events.
    """
    from plotly.graph_objects import Figure

    figure = Figure()
    for row in phases.to_dict("records"):
        _add_phase(figure, row, offset)
    known = placed[placed["moment_utc"].notna()]
    figure.add_scatter(
        x=[_clock(moment, offset) for moment in known["moment_utc"]],
        y=[EVENTS] * len(known),
        mode="markers",
        name="events with an hour",
        marker={
            "symbol": "line-ns-open",
            "size": 16,
            "color": TEXT,
            "line": {"width": 2},
        },
        text=list(known["event"]),
        hovertemplate="%{x}<br>%{text}<extra></extra>",
    )
    room = pd.Timedelta(hours=10)
    moments = [*phases["start"], *phases["end"], *known["moment_utc"]]
    figure.update_xaxes(
        title=f"UTC{offset:+g}",
        type="date",
        tickformat="%-d %b",
        dtick=2 * DAY,
        range=[
            _clock(min(moments) - room, offset),
            _clock(max(moments) + room, offset),
        ],
    )
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=[EVENTS, *reversed(LANES.values())],
        range=[-0.5, len(LANES) + 0.6],
    )
    figure.update_layout(
        title={"text": "Hours offline", "pad": {"t": 20}},
        height=330,
        margin={"l": 8, "r": 16, "t": 64, "b": 110},
    )
    return figure


def describe_placed(phases: pd.DataFrame, placed: pd.DataFrame) -> str:
    """Say how long each phase was and how many events fall in it.

    Parameters
    ----------
    phases, placed : pandas.DataFrame
        As for `draw_hours`.

    Returns
    -------
    str
        One sentence a phase, and one on the events that the day alone cannot place.
    """
    counts = placed["phase"].value_counts()
    lines = [
        f"{row['event_id']} ({row['area']}): {describe_hours(row['hours'])} "
        f"{_count(int(counts.get(row['event_id'], 0)))} in it."
        for row in phases.to_dict("records")
    ]
    lines.append(
        f"Before: {counts.get(BEFORE, 0)}; after: {counts.get(AFTER, 0)}; "
        f"not placed, for want of an hour: {counts.get(UNPLACED, 0)}."
    )
    return " ".join(lines)


def tabulate_placed(
    placed: pd.DataFrame, *, offset: float = MOST_OF_THE_COUNTRY
) -> pd.DataFrame:
    """List the events with both clocks and the phase in which they fall."""
    return pd.DataFrame(
        {
            "day": placed["date"].dt.strftime("%Y-%m-%d"),
            f"hour, UTC{offset:+g}": placed["time_local"],
            "UTC": placed["moment_utc"].dt.strftime("%d January %H:%M"),
            "phase": placed["phase"],
            "event": placed["event"],
        }
    )


def list_figures(estimate: Estimate | None = None) -> pd.DataFrame:
    """List the published estimates, and one of the model, for one axis.

    Parameters
    ----------
    estimate : Estimate, optional
        Of the model; left out if it has no value.

    Returns
    -------
    pandas.DataFrame
        ``label``, ``covers`` (``event``, ``year`` or ``model``), ``value_usd`` and
        ``said`` (as published). Damage by the unrest is another concept, and not here.
    """
    rows = read_estimates(kind="model")
    rows = rows[rows.index.isin(SHORT)]
    listed = [
        {
            "label": SHORT[str(name)],
            "covers": row["covers"],
            "value_usd": float(row["value_usd"]),
            "said": row["value_text"],
        }
        for name, row in rows.iterrows()
    ]
    if estimate is not None and estimate.value is not None:
        listed.append(
            {
                "label": OURS,
                "covers": "model",
                "value_usd": estimate.value,
                "said": in_millions(estimate.value),
            }
        )
    return pd.DataFrame(listed)


def draw_estimates(estimate: Estimate | None = None) -> Figure:
    """Draw the published estimates on one axis, and the model's beside them.

    Parameters
    ----------
    estimate : Estimate, optional
        Of the model; not drawn if an input is missing.

    Returns
    -------
    plotly.graph_objects.Figure
        A row for each figure, labelled in words; the symbol repeats what it covers.
    """
    from plotly.graph_objects import Figure, Scatter

    rows = list_figures(estimate).iloc[::-1]  # the first at the top
    figure = Figure()
    names = {"event": "January 2022", "year": "all of 2022", "model": OURS}
    for covers, (symbol, colour) in KINDS.items():
        chosen = rows[rows["covers"] == covers]
        if chosen.empty:
            continue
        figure.add_trace(
            Scatter(
                x=(chosen["value_usd"] / MILLION).round(1).tolist(),
                y=chosen["label"].tolist(),
                mode="markers",
                name=names[covers],
                marker={"symbol": symbol, "size": 12, "color": colour},
                text=chosen["said"].tolist(),
                hovertemplate="%{text}<extra></extra>",
            )
        )
    figure.update_xaxes(title="million US dollars", rangemode="tozero")
    figure.update_yaxes(
        categoryorder="array", categoryarray=rows["label"].tolist(), title=None
    )
    figure.update_layout(
        # over the names of the rows too: a telephone has no room beside them
        title={
            "text": "What it is said to cost",
            "pad": {"t": 20},
            "xref": "container",
            "x": 0.02,
        },
        height=380,
        margin={"l": 8, "r": 16, "t": 64, "b": 100},
    )
    return figure


def describe_estimates(estimate: Estimate | None = None) -> str:
    """Say what was published, and what the model gives."""
    said = (
        f"Published for January 2022: {describe_span('event')}; "
        f"for all cuts of 2022: {describe_span('year')}."
    )
    return said if estimate is None else f"{said} {estimate}"


def describe_span(covers: str) -> str:
    """Write the lowest and the highest published estimate, as published.

    Parameters
    ----------
    covers : {'event', 'year'}
        January 2022 alone, or all cuts of that year.
    """
    rows = list_figures().sort_values("value_usd")
    said = rows.loc[rows["covers"] == covers, "said"]
    return f"{said.iloc[0]} to {said.iloc[-1]}"


def _add_phase(figure: Figure, row: Mapping[Hashable, Any], offset: float) -> None:
    ends = [_clock(row[end], offset) for end in ("start", "end")]
    lane = LANES.get(row["event_id"], row["event_id"])
    counted = bool(row["counted"])
    figure.add_scatter(
        x=ends,
        y=[lane, lane],
        mode="lines",
        name=f"{lane}, {'counted' if counted else 'not counted'}",
        line={
            "width": 14 if counted else 5,
            "color": COLOURS[0] if counted else COLOURS[6],
            "dash": "solid" if counted else "dot",
        },
        hovertemplate="%{x}<extra></extra>",
    )
    figure.add_annotation(
        x=ends[0],
        y=lane,
        text=f"{row['hours']:g} h",
        showarrow=False,
        xanchor="left",
        yshift=17,  # clear of the bar
    )


def _clock(moment: Any, offset: float) -> str:
    local = pd.Timestamp(moment) + pd.Timedelta(hours=offset)
    return f"{local:%Y-%m-%d %H:%M}"


def _count(number: int) -> str:
    return f"{number} event" if number == 1 else f"{number} events"
