"""Figures of the two-mode network: states on the left, bodies on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from coursekit.charts.theme import COLOURS, TEXT
from coursekit.charts.words import day_text
from coursekit.institutions.networks import (
    STATES,
    compare_links,
    links_of,
    nodes_of,
    tabulate_pairs,
)

if TYPE_CHECKING:
    import networkx as nx
    from plotly.graph_objects import Figure, Scatter

ROW: Final = 30  # pixels from one state to the next
ROUNDS: Final = 6  # of moving each node towards those it is linked with
# Link: name in the legend, colour, width and dash. Never colour alone.
LINKS: Final = {
    "kept": ("link", "#9A9A9A", 1.5, "solid"),
    "new": ("new link", COLOURS[0], 4, "solid"),
    "gone": ("link gone", COLOURS[1], 3, "dot"),
}


def draw_two_mode(
    graph: nx.Graph,
    *,
    before: nx.Graph | None = None,
    arranged: nx.Graph | None = None,
    title: str = "",
) -> Figure:
    """Draw states and bodies in two columns, and who is in what.

    Parameters
    ----------
    graph : networkx.Graph
        As `coursekit.institutions.networks.two_mode` gives it.
    before : networkx.Graph, optional
        The same at another time or under another reading: links that are new are
        heavy, those that are gone are dotted.
    arranged : networkx.Graph, optional
        A larger network whose order is kept, so that nothing jumps from year to year.
    title : str, optional
        At most 26 characters; more are broken into lines.

    Returns
    -------
    plotly.graph_objects.Figure
        Circles for states, squares for bodies. A body that is not covered has its
        name, in brackets, and no square.

    Raises
    ------
    CoursekitError
        If a graph is no network of states and bodies.
    """
    from plotly.graph_objects import Figure

    silent = list(graph.graph.get("not_covered", ()))
    places = place_nodes(graph if arranged is None else arranged, also=(graph, before))
    links = dict.fromkeys(sorted(links_of(graph)), "kept")
    if before is not None:
        changes = compare_links(before, graph).to_dict("records")
        links |= {(row["state"], row["body"]): row["change"] for row in changes}
    figure = Figure()
    for kind in LINKS:
        chosen = [link for link, found in links.items() if found == kind]
        if chosen:
            figure.add_trace(_links(chosen, places, kind))
    figure.add_trace(_nodes(nodes_of(graph, "state"), places, "state"))
    figure.add_trace(_nodes(nodes_of(graph, "body"), places, "body"))
    for body in silent:
        x, y = places.get(body, (1.0, 0.5))
        figure.add_annotation(
            x=x, y=y, text=f"({body})", xanchor="left", xshift=10, showarrow=False
        )
    figure.update_xaxes(range=[-0.3, 1.42], visible=False)
    figure.update_yaxes(range=[-0.06, 1.06], visible=False)
    rows = max(len(nodes_of(graph, "state")), len(nodes_of(graph, "body")), 4)
    return figure.update_layout(
        title_text=title or None,
        height=ROW * rows + (150 if title else 110),
        margin={"t": 56 if title else 16, "b": 72, "l": 8, "r": 8},
        showlegend=before is not None,
    )


def describe_two_mode(graph: nx.Graph) -> str:
    """Say how many links there are, who has most, who shares most, who has none.

    Parameters
    ----------
    graph : networkx.Graph
        As for `draw_two_mode`.

    Returns
    -------
    str
        Two to five sentences.

    Raises
    ------
    CoursekitError
        If the graph is no network of states and bodies.
    """
    states, bodies = nodes_of(graph, "state"), nodes_of(graph, "body")
    day = day_text(pd.Timestamp(graph.graph["day"]))
    sizes = [
        _count(len(states), "state"),
        _count(len(bodies), "body", "bodies"),
        _count(graph.number_of_edges(), "link"),
    ]
    said = [f"On {day}: {', '.join(sizes)}."]
    pairs = tabulate_pairs(graph)
    if not pairs.empty:
        top = pairs[pairs["shared"] == pairs["shared"].max()]
        named = ", ".join(
            f"{row.first}-{row.second}" for row in top.head(3).itertuples()
        )
        more = f" and {_count(len(top) - 3, 'other pair')}" if len(top) > 3 else ""
        shared = _count(int(top["shared"].iloc[0]), "body", "bodies")
        said.append(f"Most is shared by {named}{more}: {shared}.")
    alone = sorted(node for node in graph if graph.degree[node] == 0)
    if alone:
        said.append(f"Without a link: {', '.join(alone)}.")
    silent = graph.graph.get("not_covered", ())
    if silent:
        said.append(f"Not covered on that day: {', '.join(silent)}.")
    return " ".join(said)


def describe_links(before: nx.Graph, after: nx.Graph) -> str:
    """Say which links are new and which are gone.

    Parameters
    ----------
    before, after : networkx.Graph
        As for `coursekit.institutions.networks.compare_links`.

    Returns
    -------
    str
        A part of a sentence, such as ``gone UZB-CSTO``, or ``no link``.
    """
    changes = compare_links(before, after)
    parts = []
    for change, rows in changes.groupby("change"):
        named = ", ".join(f"{row.state}-{row.body}" for row in rows.itertuples())
        parts.append(f"{change} {named}")
    return "; ".join(parts) or "no link"


def tabulate_two_mode(graph: nx.Graph) -> pd.DataFrame:
    """List the states with the bodies they are in.

    Parameters
    ----------
    graph : networkx.Graph
        As for `draw_two_mode`.

    Returns
    -------
    pandas.DataFrame
        ``state``, ``name`` (the code again where the course has none), ``links`` and
        ``bodies``, those with most links first.

    Raises
    ------
    CoursekitError
        If the graph is no network of states and bodies.
    """
    rows = [
        (state, STATES.get(state, state), len(graph[state]), ", ".join(graph[state]))
        for state in nodes_of(graph, "state")
    ]
    table = pd.DataFrame(rows, columns=["state", "name", "links", "bodies"])
    order = ["links", "state"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)


def place_nodes(
    graph: nx.Graph, *, also: tuple[nx.Graph | None, ...] = ()
) -> dict[str, tuple[float, float]]:
    """Place states on the left and bodies on the right, linked ones at one height.

    Parameters
    ----------
    graph : networkx.Graph
        The network whose links decide.
    also : tuple of networkx.Graph or None
        Networks with nodes that need a place too.

    Returns
    -------
    dict of str to (float, float)
        Across and up, both from 0 to 1. It depends on the networks alone.
    """
    columns: list[list[str]] = []
    for kind in ("state", "body"):
        names = {name for one in (graph, *also) if one for name in nodes_of(one, kind)}
        if kind == "body":
            silent = [one.graph.get("not_covered", ()) for one in (graph, *also) if one]
            names |= {name for found in silent for name in found}
        columns.append(sorted(names))
    heights = {name: up for column in columns for name, up in _spread(column)}
    for turn in range(ROUNDS):
        column = columns[turn % 2]
        column.sort(key=lambda name: (round(_mean(graph, name, heights), 9), name))
        heights |= dict(_spread(column))
    across = dict.fromkeys(columns[0], 0.0) | dict.fromkeys(columns[1], 1.0)
    return {name: (across[name], heights[name]) for name in across}


def _spread(names: list[str]) -> list[tuple[str, float]]:
    return [(name, (at + 0.5) / len(names)) for at, name in enumerate(names)]


def _mean(graph: nx.Graph, name: str, heights: dict[str, float]) -> float:
    around = list(graph[name]) if name in graph else []
    if not around:
        return heights[name]
    return sum(heights[other] for other in around) / len(around)


def _links(
    links: list[tuple[str, str]], places: dict[str, tuple[float, float]], kind: str
) -> Scatter:
    from plotly.graph_objects import Scatter

    name, colour, width, dash = LINKS[kind]
    across: list[float | None] = []
    up: list[float | None] = []
    for state, body in links:
        across += [places[state][0], places[body][0], None]
        up += [places[state][1], places[body][1], None]
    return Scatter(
        x=across,
        y=up,
        mode="lines",
        name=name,
        line={"color": colour, "width": width, "dash": dash},
        hoverinfo="skip",
    )


def _nodes(
    names: list[str], places: dict[str, tuple[float, float]], kind: str
) -> Scatter:
    from plotly.graph_objects import Scatter

    state = kind == "state"
    return Scatter(
        x=[places[name][0] for name in names],
        y=[places[name][1] for name in names],
        mode="markers+text",
        name="states" if state else "bodies",
        text=names,
        textposition="middle left" if state else "middle right",
        textfont={"size": 14},
        hovertext=[STATES.get(name, name) for name in names],
        hoverinfo="text",
        showlegend=False,
        cliponaxis=False,
        marker={
            "symbol": "circle" if state else "square",
            "size": 11,
            "color": TEXT if state else COLOURS[0],
        },
    )


def _count(number: int, noun: str, nouns: str = "") -> str:
    return f"{number} {noun if number == 1 else nouns or noun + 's'}"
