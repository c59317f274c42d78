"""Figures of supply: shares with bounds, values, and flows from seller to buyer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from coursekit.charts.theme import COLOURS, TEXT
from coursekit.charts.words import cell_text
from coursekit.surveillance.flows import list_flows
from coursekit.surveillance.supply import UNNAMED, Share

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from plotly.graph_objects import Figure

STATES: Final = {
    "KAZ": "Kazakhstan",
    "KGZ": "Kyrgyzstan",
    "TJK": "Tajikistan",
    "TKM": "Turkmenistan",
    "UZB": "Uzbekistan",
}
BLOCS: Final = {
    "Europe_NorthAmerica": "Europe, N America",
    "Local": "own firms",
    UNNAMED: "not named",
}


def name_bloc(bloc: str) -> str:
    """Name a bloc in words, as figures do.

    Parameters
    ----------
    bloc : str
        A bloc of the dataset ``suppliers``.

    Returns
    -------
    str
        Its name; the name itself where it needs no other words.

    Examples
    --------
    >>> name_bloc("Local"), name_bloc("China")
    ('own firms', 'China')
    """
    return BLOCS.get(bloc, bloc)


def draw_shares(shares: Mapping[str, Share]) -> Figure:
    """Draw shares of a bloc, each as a line between its bounds.

    Parameters
    ----------
    shares : mapping of str to Share
        What each line is about, and the share, as
        `coursekit.surveillance.supply.measure_share` gives it.

    Returns
    -------
    plotly.graph_objects.Figure
        A line from the lower to the upper bound, and a diamond at the share of the
        rows with a named supplier, where there is one.
    """
    from plotly.graph_objects import Figure

    labels = [f"{name}: {_of(share)}" for name, share in shares.items()]
    ends: list[float | None] = []
    for share in shares.values():
        ends += [share.lower, share.upper, None]
    figure = Figure()
    figure.add_scatter(
        x=ends,
        y=[label for label in labels for _ in range(3)],
        mode="lines+markers",
        name="worst-case bounds",
        line={"color": COLOURS[5], "width": 9},
        marker={"symbol": "line-ns-open", "size": 12, "color": COLOURS[0]},
        hovertemplate="%{y}: bound %{x:.3f}<extra></extra>",
    )
    named = [
        (share.named_only, label)
        for label, share in zip(labels, shares.values(), strict=True)
        if share.named_only is not None
    ]
    figure.add_scatter(
        x=[value for value, _ in named],
        y=[label for _, label in named],
        mode="markers",
        name="share of the named",
        marker={"symbol": "diamond", "size": 11, "color": TEXT},
        hovertemplate="%{y}: %{x:.3f} of the named<extra></extra>",
    )
    figure.update_xaxes(
        title_text="share of rows", range=[-0.03, 1.03], tickvals=[0, 0.5, 1]
    )
    return _label_rows(figure, labels)


def describe_shares(shares: Mapping[str, Share]) -> str:
    """Say each share with its bounds and what it rests on.

    Parameters
    ----------
    shares : mapping of str to Share
        As for `draw_shares`.

    Returns
    -------
    str
        A sentence for each.
    """
    return " ".join(f"{name}: {share}" for name, share in shares.items())


def tabulate_shares(shares: Mapping[str, Share]) -> pd.DataFrame:
    """List the numbers behind the figure.

    Parameters
    ----------
    shares : mapping of str to Share
        As for `draw_shares`.

    Returns
    -------
    pandas.DataFrame
        ``rows of``, ``bloc``, ``count``, ``named``, ``unnamed``, ``rows``, ``lower``,
        ``named only`` (missing where no supplier is named) and ``upper`` (0 to 1).
    """
    import pandas as pd

    rows = [
        {
            "rows of": name,
            "bloc": name_bloc(share.bloc),
            "count": share.count,
            "named": share.named,
            "unnamed": share.unnamed,
            "rows": share.rows,
            "lower": share.lower,
            "named only": share.named_only,
            "upper": share.upper,
        }
        for name, share in shares.items()
    ]
    return pd.DataFrame(rows)


def draw_values(sums: pd.DataFrame) -> Figure:
    """Draw values in dollars by what became of the deal, on a logarithmic axis.

    Parameters
    ----------
    sums : pandas.DataFrame
        As `coursekit.surveillance.supply.sum_values` gives it.

    Returns
    -------
    plotly.graph_objects.Figure
        A mark for each stage whose value is known: a logarithmic axis has no zero for
        a bar to stand on. A stage without a value has none, and its label says so.
    """
    from plotly.graph_objects import Figure

    stages = sums.to_dict("index")
    labels = [
        f"{stage}: {_million(row['value_usd'])}"
        f"<br>from {row['rows'] - row['without_value']} of {row['rows']} rows"
        for stage, row in stages.items()
    ]
    known = [
        (float(row["value_usd"]) / 1e6, label)
        for label, row in zip(labels, stages.values(), strict=True)
        if cell_text(row["value_usd"])
    ]
    figure = Figure()
    figure.add_scatter(
        x=[value for value, _ in known],
        y=[label for _, label in known],
        mode="markers",
        marker={"symbol": "diamond", "size": 13, "color": COLOURS[0]},
        hovertemplate="%{x:,.0f} million dollars<extra></extra>",
        showlegend=False,
    )
    ticks = [1, 10, 100, 1000]
    figure.update_xaxes(
        title_text="million dollars, log scale", type="log", range=[-0.3, 3.6],
        tickvals=ticks, ticktext=[str(tick) for tick in ticks],
    )  # fmt: skip
    return _label_rows(figure, labels, row=66, shift=24)


def describe_values(sums: pd.DataFrame) -> str:
    """Say what each stage is worth, and of how many rows nobody knows.

    Parameters
    ----------
    sums : pandas.DataFrame
        As for `draw_values`.

    Returns
    -------
    str
        One sentence.
    """
    said = [
        f"{stage} {_million(row['value_usd'])} "
        f"({row['without_value']} of {row['rows']} rows state no value)"
        for stage, row in sums.to_dict("index").items()
    ]
    return f"Values as announced, parts not added again: {'; '.join(said)}."


def draw_flows(table: pd.DataFrame) -> Figure:
    """Draw reports as bands from the bloc of the seller to the buying state.

    Parameters
    ----------
    table : pandas.DataFrame
        As `coursekit.surveillance.supply.read_deployments` gives it.

    Returns
    -------
    plotly.graph_objects.Figure
        A Sankey diagram; every end of a band carries its name and its rows, so no
        band is known by its colour alone. Without rows it has no band.
    """
    from plotly.graph_objects import Figure

    flows = list_flows(table)
    sellers = list(dict.fromkeys(flows["bloc"]))
    buyers = sorted(set(flows["country_iso3"]))
    colours = {name: COLOURS[n % len(COLOURS)] for n, name in enumerate(sellers)}
    rows = flows["rows"].astype(int)
    names = [_count(name_bloc(name), rows[flows["bloc"] == name]) for name in sellers]
    names += [_count(name, rows[flows["country_iso3"] == name]) for name in buyers]
    figure = Figure()
    figure.add_sankey(
        node={
            "label": names,
            "color": [*colours.values(), *([COLOURS[6]] * len(buyers))],
            "pad": 12,
            "thickness": 12,
            "hovertemplate": "%{label}<extra></extra>",
        },
        link={
            "source": [sellers.index(name) for name in flows["bloc"]],
            "target": [len(sellers) + buyers.index(s) for s in flows["country_iso3"]],
            "value": rows.to_list(),
            "color": [_pale(colours[name]) for name in flows["bloc"]],
            "hovertemplate": "%{source.label} to %{target.label}: %{value}"
            "<extra></extra>",
        },
    )
    return figure.update_layout(height=460, margin={"t": 16, "b": 16, "l": 8, "r": 8})


def describe_flows(table: pd.DataFrame) -> str:
    """Say how many reports lead from each bloc to each state.

    Parameters
    ----------
    table : pandas.DataFrame
        As for `draw_flows`.

    Returns
    -------
    str
        One sentence.
    """
    flows = list_flows(table)
    said = [
        f"{name_bloc(str(bloc))} to "
        + ", ".join(f"{row.country_iso3} {row.rows}" for row in rows.itertuples())
        for bloc, rows in flows.groupby("bloc", sort=False)
    ]
    return f"Rows: {'; '.join(said)}." if said else "No row is left."


def _label_rows(
    figure: Figure, labels: list[str], *, row: int = 46, shift: int = 16
) -> Figure:
    """Write each label above its line, so that a telephone has room for the line."""
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=labels,
        range=[len(labels) - 0.4, -0.7],
        showticklabels=False,
    )
    for label in labels:
        figure.add_annotation(
            x=0, xref="paper", y=label, text=label,
            xanchor="left", yshift=shift, align="left", showarrow=False,
            font={"size": 12},
        )  # fmt: skip
    return figure.update_layout(
        height=row * len(labels) + 150, margin={"t": 16, "b": 110, "l": 8, "r": 16}
    )


def _of(share: Share) -> str:
    unnamed = f", {share.unnamed} unnamed" if share.unnamed else ""
    return f"{share.count} of {share.rows}{unnamed}"


def _million(value: Any) -> str:
    said = cell_text(value)
    return f"{float(value) / 1e6:,.0f} million dollars" if said else "not known"


def _count(name: str, rows: pd.Series[int]) -> str:
    return f"{name} {int(rows.sum())}"


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.35)"
