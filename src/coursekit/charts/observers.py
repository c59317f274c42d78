"""Figures of verdicts and letters, in which what nobody read has a mark of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from coursekit.charts.theme import COLOURS, GRID, TEXT
from coursekit.surveillance.observers import BODIES

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

# What a body said of a vote: colour and hatching, so that both tell it.
KINDS: Final = {
    "approves": (COLOURS[0], ""),
    "does not": (COLOURS[1], "x"),
    "no verdict given": (COLOURS[6], "-"),
    "not read": (COLOURS[5], "/"),
    "not found": (GRID, ""),
    "no mission": ("white", "."),
}
# On which side a state stands: symbol, colour and a word.
SIDES: Final = {
    "supported": ("circle", COLOURS[0]),
    "criticised": ("x", COLOURS[1]),
    "neither": ("circle-open", TEXT),
    "unknown": ("line-ew-open", COLOURS[6]),
}


def count_verdicts(elections: pd.DataFrame) -> pd.DataFrame:
    """Count for each body what it said of the votes, and where nothing is known.

    Parameters
    ----------
    elections : pandas.DataFrame
        As `coursekit.surveillance.observers.read_elections` gives it.

    Returns
    -------
    pandas.DataFrame
        Indexed by body, a column for each kind in `KINDS` (Int64); each row adds up to
        all votes.
    """
    import pandas as pd

    rows = {}
    for body in BODIES:
        name = body.lower()
        words = elections[f"{name}_approves"].map({True: "approves", False: "does not"})
        said = words.astype("string").fillna(elections[f"{name}_status"])
        rows[body] = said.value_counts().reindex(list(KINDS), fill_value=0)
    return pd.DataFrame(rows).T.astype("Int64").rename_axis("body")


def draw_verdicts(elections: pd.DataFrame) -> Figure:
    """Draw for each body how many votes it approved, did not, or left us to guess.

    Parameters
    ----------
    elections : pandas.DataFrame
        As for `count_verdicts`.

    Returns
    -------
    plotly.graph_objects.Figure
        A bar for each body, stacked by kind; each part carries its number.
    """
    from plotly.graph_objects import Figure

    counts = count_verdicts(elections)
    figure = Figure()
    for kind, (colour, shape) in KINDS.items():
        numbers = counts[kind].astype(int)
        if not numbers.any():
            continue
        figure.add_bar(
            name=kind,
            x=numbers.to_list(),
            y=list(counts.index),
            orientation="h",
            text=[str(number) if number else "" for number in numbers],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": TEXT, "size": 12},
            marker={
                "color": colour,
                "opacity": 0.75,
                "pattern": {"shape": shape, "fgcolor": TEXT, "bgcolor": colour},
                "line": {"color": TEXT, "width": 1},
            },
            hovertemplate="%{y}, " + kind + ": %{x}<extra></extra>",
        )
    figure.update_xaxes(title_text="votes")
    figure.update_layout(legend_traceorder="normal")
    figure.update_yaxes(categoryorder="array", categoryarray=list(counts.index)[::-1])
    return figure.update_layout(
        barmode="stack", height=360, margin={"t": 16, "b": 150, "l": 8, "r": 16}
    )


def describe_verdicts(elections: pd.DataFrame) -> str:
    """Say the same as `draw_verdicts` in words.

    Parameters
    ----------
    elections : pandas.DataFrame
        As for `count_verdicts`.

    Returns
    -------
    str
        A sentence for each body.
    """
    counts = count_verdicts(elections)
    said = []
    for body, row in counts.iterrows():
        parts = [f"{kind} {number}" for kind, number in row.items() if number]
        said.append(f"{body}: {', '.join(parts)}.")
    return f"Of {len(elections)} votes. {' '.join(said)}"


def draw_sides(traced: pd.DataFrame) -> Figure:
    """Draw on which side some states stood, statement by statement.

    Parameters
    ----------
    traced : pandas.DataFrame
        As `coursekit.surveillance.letters.trace_sides` gives it.

    Returns
    -------
    plotly.graph_objects.Figure
        A row for each statement, the first on top, and a column for each state; the
        mark says the side. HK marks a statement on Hong Kong, ``vote`` one on a motion.
    """
    from plotly.graph_objects import Figure

    labels = _labels(traced)
    states = [name for name in traced if name not in ("date", "topic")]
    figure = Figure()
    for side, (symbol, colour) in SIDES.items():
        points = [
            (state, label)
            for label, row in zip(labels, traced.to_dict("records"), strict=True)
            for state in states
            if row[state] == side
        ]
        if points:
            figure.add_scatter(
                x=[state for state, _ in points],
                y=[label for _, label in points],
                mode="markers",
                name=side,
                marker={
                    "symbol": symbol,
                    "color": colour,
                    "size": 12,
                    "line": {"width": 2, "color": colour},
                },
                hovertemplate="%{x}, %{y}: " + side + "<extra></extra>",
            )
    figure.update_xaxes(
        side="top", tickangle=0, categoryorder="array", categoryarray=states
    )
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=labels[::-1]
    )
    return figure.update_layout(
        height=34 * len(labels) + 170, margin={"t": 48, "b": 100, "l": 8, "r": 16}
    )


def describe_sides(traced: pd.DataFrame) -> str:
    """Say for each state which statements it supported, and of how many we do not know.

    Parameters
    ----------
    traced : pandas.DataFrame
        As for `draw_sides`.

    Returns
    -------
    str
        A sentence for each state.
    """
    states: list[Any] = [name for name in traced if name not in ("date", "topic")]
    return " ".join(_describe(traced, state) for state in states)


def _describe(traced: pd.DataFrame, state: str) -> str:
    labels = _labels(traced)
    parts = []
    for side in SIDES:
        found = [
            label
            for label, own in zip(labels, traced[state], strict=True)
            if own == side
        ]
        if found and side in ("supported", "criticised"):
            parts.append(f"{side} {', '.join(found)}")
        elif found:
            parts.append(f"{side} {len(found)}")
    return f"{state}: {'; '.join(parts)}."


def _labels(traced: pd.DataFrame) -> list[str]:
    """Name each statement by its month, and by its topic if that is not Xinjiang."""
    return [
        f"{row['date']:%Y-%m}" + _topic(str(row["topic"]))
        for row in traced.to_dict("records")
    ]


def _topic(topic: str) -> str:
    if topic == "Xinjiang":
        return ""
    return (
        " vote" if "vote" in topic else " HK" if topic == "Hong Kong" else f" {topic}"
    )
