"""A map of reports drawn from stored outlines: no tile, no server, no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coursekit.charts.supply import STATES, name_bloc
from coursekit.charts.theme import COLOURS, GRID, TEXT
from coursekit.evidence import load
from coursekit.surveillance.supply import Share, measure_share

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

# Where the mark of a state stands (longitude and latitude in degrees) and where its
# words: chosen by hand so that no two collide on a telephone.
PLACES: Final = {
    "KAZ": (67.0, 49.5, "bottom center"),
    "KGZ": (77.0, 41.6, "bottom center"),
    "TJK": (71.5, 38.4, "bottom center"),
    "TKM": (57.5, 38.6, "bottom center"),
    "UZB": (62.5, 41.9, "top center"),
}


def draw_map(table: pd.DataFrame, bloc: str = "China") -> Figure:
    """Draw the five states, each with the rows of a bloc and the bounds of its share.

    Parameters
    ----------
    table : pandas.DataFrame
        As `coursekit.surveillance.supply.read_deployments` gives it.
    bloc : str, default 'China'
        Whose share is written.

    Returns
    -------
    plotly.graph_objects.Figure
        Outlines as plain lines on longitude and latitude. A circle, larger with more
        rows, and below it the rows of the bloc; a state without a row has a cross, and
        is said to have no row.

    Raises
    ------
    UnknownNameError
        If there is no such bloc.
    """
    from plotly.graph_objects import Figure

    figure = Figure()
    outlines = load("outlines")
    for (iso3, _), line in outlines.groupby(["iso3", "part"]):
        figure.add_scatter(
            x=line["longitude"].astype(float).to_list(),
            y=line["latitude"].astype(float).to_list(),
            mode="lines",
            name=str(iso3),
            line={"color": COLOURS[6], "width": 1},
            fill="toself",
            fillcolor=GRID,
            hoverinfo="skip",
            showlegend=False,
        )
    shares = measure_states(table, bloc)
    rows = [share.rows if share else 0 for share in shares.values()]
    figure.add_scatter(
        x=[PLACES[iso3][0] for iso3 in shares],
        y=[PLACES[iso3][1] for iso3 in shares],
        mode="markers+text",
        text=[_label(iso3, share) for iso3, share in shares.items()],
        textposition=[PLACES[iso3][2] for iso3 in shares],
        textfont={"size": 12, "color": TEXT},
        marker={
            "symbol": ["circle" if share else "x" for share in shares.values()],
            "size": [6 + 2 * number**0.5 for number in rows],
            "color": COLOURS[1],
            "line": {"color": "white", "width": 1},
        },
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )
    hidden = {"visible": False, "fixedrange": True}
    figure.update_xaxes(**hidden, range=[45, 89])
    # not to scale: a telephone leaves no room for that beside the words
    figure.update_yaxes(**hidden, range=[33, 56])
    return figure.update_layout(height=360, margin={"t": 8, "b": 8, "l": 4, "r": 4})


def describe_map(table: pd.DataFrame, bloc: str = "China") -> str:
    """Say for each state how many rows there are and which share is of the bloc.

    Parameters
    ----------
    table, bloc
        As for `draw_map`.

    Returns
    -------
    str
        A sentence for each state.
    """
    said = [
        f"{STATES[iso3]}: {share}" if share else f"{STATES[iso3]}: no row."
        for iso3, share in measure_states(table, bloc).items()
    ]
    return " ".join(said).replace(f"{bloc}:", f"{name_bloc(bloc)}:")


def measure_states(table: pd.DataFrame, bloc: str = "China") -> dict[str, Share | None]:
    """Measure the share of a bloc in each of the five states.

    Parameters
    ----------
    table, bloc
        As for `draw_map`.

    Returns
    -------
    dict of str to Share or None
        By ISO 3166-1 code; None where the table has no row of the state, for a share
        of nothing is not 0.
    """
    codes = table["country_iso3"].astype(str)
    return {
        iso3: measure_share(table[codes == iso3], bloc) if any(codes == iso3) else None
        for iso3 in STATES
    }


def _label(iso3: str, share: Share | None) -> str:
    if share is None:
        return f"{iso3}<br>no row"
    most = share.count + share.unnamed
    counts = str(share.count) if most == share.count else f"{share.count} to {most}"
    return f"{iso3}<br>{counts} of {share.rows}"
