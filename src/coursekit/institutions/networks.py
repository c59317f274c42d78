"""States and bodies as a two-mode network: who shares what, and who stands between."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import combinations
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.institutions.coverage import (
    NotCoveredError,
    iso,
    read_day,
    read_memberships,
    read_states,
)
from coursekit.institutions.membership import MEMBER, members
from coursekit.institutions.overlap import jaccard
from coursekit.institutions.spells import read_bodies

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from coursekit.institutions.coverage import Day, Reading

# The fifteen successor states without the three Baltic ones, which joined none of
# these bodies; and the bodies that have at least one of the twelve as a member.
STATES: Final = MappingProxyType(
    {
        "ARM": "Armenia",
        "AZE": "Azerbaijan",
        "BLR": "Belarus",
        "GEO": "Georgia",
        "KAZ": "Kazakhstan",
        "KGZ": "Kyrgyzstan",
        "MDA": "Moldova",
        "RUS": "Russia",
        "TJK": "Tajikistan",
        "TKM": "Turkmenistan",
        "UKR": "Ukraine",
        "UZB": "Uzbekistan",
    }
)
BODIES: Final = ("CIS", "CSTO", "SCO", "EAEU", "GUAM", "OTS")
MODES: Final = MappingProxyType({"states": "state", "bodies": "body"})


def two_mode(
    day: Day,
    *,
    bodies: Iterable[str] = BODIES,
    states: Iterable[str] | None = tuple(STATES),
    status: str | Collection[str] = MEMBER,
    reading: Reading = None,
    founding: Reading = None,
) -> nx.Graph:
    """Build the network of states and bodies on a day.

    Parameters
    ----------
    day : str, datetime.date or pandas.Timestamp
        Such as ``"2024-12-31"``.
    bodies : iterable of str, default the six of ``BODIES``
        Ids of bodies.
    states : iterable of str or None, default the twelve of ``STATES``
        Country codes. Each is in the network, with links or without. None stands for
        whichever states were in one of the bodies.
    status, reading, founding
        As for `coursekit.institutions.membership.members`.

    Returns
    -------
    networkx.Graph
        A link from a state to each body it was in. Nodes have ``kind``, ``"state"``
        or ``"body"``. A body that is not covered on the day is no node, since a node
        without links would say that nobody was in: ``graph.graph`` names it under
        ``not_covered``, beside ``day`` (ISO date).

    Raises
    ------
    NotCoveredError
        If none of the bodies is covered on the day.
    UnknownNameError
        If there is no such state, body, status or reading.

    Examples
    --------
    >>> graph = two_mode("1995-12-31")
    >>> graph.graph["not_covered"]
    ('CSTO', 'SCO', 'EAEU', 'GUAM', 'OTS')
    """
    import networkx as nx

    table, founded = read_memberships(reading), read_bodies(founding)
    names = (bodies,) if isinstance(bodies, str) else tuple(bodies)
    nodes = None if states is None else read_states(states, table)
    graph = nx.Graph(day=iso(read_day(day)))
    graph.add_nodes_from(nodes or (), kind="state")
    silent: dict[str, NotCoveredError] = {}
    for body in names:
        try:
            found = members(body, day, status=status, reading=table, founding=founded)
        except NotCoveredError as fault:
            silent[body] = fault
            continue
        graph.add_node(body, kind="body")
        inside = [state for state in found if nodes is None or state in nodes]
        graph.add_nodes_from(inside, kind="state")
        graph.add_edges_from((state, body) for state in inside)
    if names and len(silent) == len(names):
        raise silent[names[0]]
    graph.graph["not_covered"] = tuple(silent)
    return graph


def project(graph: nx.Graph, onto: str = "states") -> nx.Graph:
    """Turn a two-mode network into one of states, or of bodies, alone.

    Parameters
    ----------
    graph : networkx.Graph
        As `two_mode` gives it.
    onto : {'states', 'bodies'}
        Which nodes stay.

    Returns
    -------
    networkx.Graph
        Two states are linked if they share a body, and ``weight`` counts how many;
        two bodies if they share a member. What they share is no longer seen: three
        states linked in pairs may share one body, or three.

    Raises
    ------
    UnknownNameError
        If ``onto`` is neither.
    CoursekitError
        If the graph is no network of states and bodies.
    """
    import networkx as nx

    if onto not in MODES:
        raise UnknownNameError("side of the network", onto, MODES)
    nodes = nodes_of(graph, MODES[onto])
    return nx.bipartite.weighted_projected_graph(graph, nodes) if nodes else nx.Graph()


def tabulate_pairs(graph: nx.Graph, onto: str = "states") -> pd.DataFrame:
    """List the pairs that share something, those that share most first.

    Parameters
    ----------
    graph, onto
        As for `project`.

    Returns
    -------
    pandas.DataFrame
        ``first``, ``second``, ``shared`` (how many) and ``which`` (by name). Pairs
        that share nothing are left out.

    Raises
    ------
    UnknownNameError, CoursekitError
        As for `project`.
    """
    import pandas as pd

    rows = []
    for first, second in project(graph, onto).edges:
        shared = sorted(set(graph[first]) & set(graph[second]))
        rows.append((*sorted([first, second]), len(shared), ", ".join(shared)))
    table = pd.DataFrame(rows, columns=["first", "second", "shared", "which"])
    order = ["shared", "first", "second"]
    return table.sort_values(
        order, ascending=[False, True, True], ignore_index=True
    ).astype({"shared": "Int64"})


def measure_bridges(graph: nx.Graph) -> pd.DataFrame:
    """Measure who stands between others, and who would be cut off without them.

    Parameters
    ----------
    graph : networkx.Graph
        As `two_mode` gives it.

    Returns
    -------
    pandas.DataFrame
        By ``node``, the highest betweenness first: ``kind``, ``links`` (Int64),
        ``betweenness`` (0-1) and ``cuts_off`` (text): the nodes that lose their path
        to the largest part of what is left if the node is taken away.

    Raises
    ------
    CoursekitError
        If the graph is no network of states and bodies.

    Notes
    -----
    Betweenness of a node is, summed over all pairs of other nodes, the share of the
    shortest paths between the pair that run through it, divided by the number of such
    pairs, (n - 1)(n - 2)/2 (Freeman 1977). A pair without any path adds nothing but is
    counted below the line. In a two-mode network no node can reach 1 unless one side
    has a single node, so values of networks of other sizes should not be set side by
    side; on centrality in such networks see Borgatti and Everett (1997).

    References
    ----------
    L. C. Freeman, "A Set of Measures of Centrality Based on Betweenness", Sociometry
    40(1), 1977, 35-41. https://doi.org/10.2307/3033543

    S. P. Borgatti and M. G. Everett, "Network analysis of 2-mode data", Social Networks
    19(3), 1997, 243-269. https://doi.org/10.1016/S0378-8733(96)00301-2
    """
    import networkx as nx
    import pandas as pd

    nodes_of(graph, "state")
    between = nx.betweenness_centrality(graph)
    rows = [
        {
            "node": node,
            "kind": data["kind"],
            "links": graph.degree[node],
            "betweenness": between[node],
            "cuts_off": ", ".join(cut_off(graph, node)),
        }
        for node, data in graph.nodes(data=True)
    ]
    table = pd.DataFrame(
        rows, columns=["node", "kind", "links", "betweenness", "cuts_off"]
    )
    # Rounded: equal scores that differ in the last bit must not change places.
    table["rank"] = table["betweenness"].astype(float).round(9)
    table = table.sort_values(["rank", "node"], ascending=[False, True])
    table = table.drop(columns="rank").set_index("node")
    return table.astype({"links": "Int64", "betweenness": "Float64"})


def cut_off(graph: nx.Graph, node: str) -> tuple[str, ...]:
    """Name who loses the path to most others if a node is taken away.

    Parameters
    ----------
    graph : networkx.Graph
        Any network.
    node : str
        One of its nodes.

    Returns
    -------
    tuple of str
        By alphabet: of the nodes that the node was connected with, all but those in
        the largest part that is left. Empty where they stay connected.

    Raises
    ------
    UnknownNameError
        If there is no such node.
    """
    import networkx as nx

    if node not in graph:
        raise UnknownNameError("node", node, map(str, graph.nodes))
    around = nx.node_connected_component(graph, node) - {node}
    parts = list(nx.connected_components(graph.subgraph(around)))
    stay: set[str] = max(
        parts, key=lambda part: (len(part), sorted(part)), default=set()
    )
    return tuple(sorted(around - stay))


def measure_nesting(sets: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Say of each pair of bodies whether one lies inside the other.

    Parameters
    ----------
    sets : mapping of str to collection of str
        Members by body.

    Returns
    -------
    pandas.DataFrame
        A row for each pair: ``first``, ``second``, ``shared`` (Int64), ``overlap``
        (Jaccard, 0-1), ``relation`` (``the same``, ``nested``, ``overlapping`` or
        ``apart``), ``only_first`` and ``only_second`` (names). The highest overlap
        comes first; missing where both are empty.
    """
    import pandas as pd

    rows = []
    for first, second in combinations(sets, 2):
        a, b = set(sets[first]), set(sets[second])
        rows.append(
            {
                "first": first,
                "second": second,
                "shared": len(a & b),
                "overlap": jaccard(a, b),
                "relation": _relation(a, b),
                "only_first": ", ".join(sorted(a - b)),
                "only_second": ", ".join(sorted(b - a)),
            }
        )
    columns = ["first", "second", "shared", "overlap"]
    columns += ["relation", "only_first", "only_second"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.astype({"shared": "Int64", "overlap": "Float64"})
    return table.sort_values(
        "overlap", ascending=False, kind="stable", ignore_index=True
    )


def compare_links(before: nx.Graph, after: nx.Graph) -> pd.DataFrame:
    """List the links that one network has and another has not.

    Parameters
    ----------
    before, after : networkx.Graph
        As `two_mode` gives them: two days, two readings, or two ways to count.

    Returns
    -------
    pandas.DataFrame
        ``state``, ``body`` and ``change`` (``gone`` or ``new``), by alphabet.
    """
    import pandas as pd

    old, new = links_of(before), links_of(after)
    rows = [(*link, "gone" if link in old else "new") for link in sorted(old ^ new)]
    return pd.DataFrame(rows, columns=["state", "body", "change"])


def links_of(graph: nx.Graph) -> set[tuple[str, str]]:
    """Give the links of a two-mode network, the state first.

    Raises
    ------
    CoursekitError
        If the graph is no network of states and bodies.
    """
    states = set(nodes_of(graph, "state"))
    return {(a, b) if a in states else (b, a) for a, b in graph.edges}


def nodes_of(graph: nx.Graph, kind: str) -> list[str]:
    """List the states or the bodies of a two-mode network.

    Parameters
    ----------
    graph : networkx.Graph
        As `two_mode` gives it.
    kind : {'state', 'body'}
        Which.

    Raises
    ------
    CoursekitError
        If a node has no kind, or a link joins two of one kind.
    """
    import networkx as nx

    if not isinstance(graph, nx.Graph):
        raise CoursekitError(
            f"This is no network but a {type(graph).__name__}; two_mode() gives one."
        )
    kinds: dict[Any, Any] = dict(graph.nodes(data="kind"))
    strange = [node for node, found in kinds.items() if found not in MODES.values()]
    strange += [f"{a}-{b}" for a, b in graph.edges if kinds[a] == kinds[b]]
    if strange:
        raise CoursekitError(
            "This is no network of states and bodies: look at "
            f"{', '.join(map(str, strange[:3]))}. Give one made by two_mode(), in "
            "which every node has a kind and links run from states to bodies."
        )
    return [str(node) for node, found in kinds.items() if found == kind]


def _relation(a: set[str], b: set[str]) -> str:
    if a == b:
        return "the same"
    if not a & b:
        return "apart"
    return "nested" if a < b or b < a else "overlapping"
