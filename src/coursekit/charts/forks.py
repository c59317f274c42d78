"""One question asked in every way: a figure of all its answers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Final

from coursekit.charts.theme import COLOURS, TEXT

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

ROW: Final = 74  # pixels for one measure, its name above it
SYMBOLS: Final = ("circle", "square", "diamond", "triangle-up", "cross", "star")


def draw_forks(table: pd.DataFrame) -> Figure:
    """Draw every correlation, one row for each measure, the windows by symbol.

    Parameters
    ----------
    table : pandas.DataFrame
        As `coursekit.surveillance.forks.tabulate_forks` gives it.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace for each window of years. Marks left of the line at 0: where Chinese
        rows are many, the index fell more.
    """
    from plotly.graph_objects import Figure

    measures = list(dict.fromkeys(table["measure"]))
    windows = list(dict.fromkeys(zip(table["first"], table["last"], strict=True)))
    figure = Figure()
    for at, (first, last) in enumerate(windows):
        rows = table[(table["first"] == first) & (table["last"] == last)]
        lift = 0.3 - 0.6 * at / max(len(windows) - 1, 1)
        figure.add_scatter(
            x=rows["rho"].round(3).to_list(),
            y=[lift / 2 - measures.index(name) for name in rows["measure"]],
            mode="markers",
            name=f"{first} to {last}",
            text=[
                f"{row['measure']}, {row['evidence']}, {row['index']}: p {row['p']:.3f}"
                for row in rows.to_dict("records")
            ],
            hovertemplate="%{text}, rho %{x}<extra></extra>",
            marker={
                "symbol": SYMBOLS[at % len(SYMBOLS)],
                "color": COLOURS[at % len(COLOURS)],
                "size": 10,
                "opacity": 0.75,
                "line": {"width": 1, "color": TEXT},
            },
        )
    figure.add_vline(x=0, line={"color": TEXT, "width": 1})
    for at, name in enumerate(measures):  # above its row: a telephone has no margin
        figure.add_annotation(
            x=0, xref="paper", y=-at, text=name,
            xanchor="left", yshift=27, showarrow=False, font={"size": 12},
        )  # fmt: skip
    figure.update_xaxes(
        title_text="Spearman's rho", range=[-1.1, 1.1], tickvals=[-1, -0.5, 0, 0.5, 1]
    )
    figure.update_yaxes(visible=False, range=[0.4 - len(measures), 0.7])
    return figure.update_layout(
        height=ROW * len(measures) + 190, margin={"t": 16, "b": 150, "l": 8, "r": 12}
    )


def describe_forks(table: pd.DataFrame) -> str:
    """Say how many answers there are, and how far they differ.

    Parameters
    ----------
    table : pandas.DataFrame
        As for `draw_forks`.

    Returns
    -------
    str
        Four sentences or five.
    """
    if table.empty:
        return "No way to ask was given."
    signs = table["sign"].value_counts()
    small = int((table["p"] < 0.05).sum())
    ordered = table.sort_values("rho", kind="stable").to_dict("records")
    low, high = ordered[0], ordered[-1]
    turning = [
        str(name)
        for name, rows in table.groupby("measure", sort=False)["rho"]
        if rows.min() < 0 < rows.max()
    ]
    return (
        f"{len(table)} ways to ask: {signs.get('-', 0)} answers below 0 (more Chinese "
        f"rows, lower index), {signs.get('+', 0)} above, {signs.get('0', 0)} at 0. "
        f"Lowest: {_say(low)}. Highest: {_say(high)}. "
        f"{small} of them {'has' if small == 1 else 'have'} a p below 0.05. "
        f"Measures on both sides of 0: {', '.join(turning) or 'none'}."
    )


def _say(row: Mapping[Hashable, Any]) -> str:
    return (
        f"{row['rho']:+.2f} ({row['measure']}, {row['evidence']}, {row['index']}, "
        f"{row['first']} to {row['last']})"
    )
