"""Which controls close the back doors of a causal map, and when the front door opens.

A set of controls closes every back-door path, or none does (Pearl's back-door
criterion). A measured node that carries the whole effect can do where no set of
controls is at hand (his front-door criterion, here with controls).

References
----------
Pearl J, "Causal Diagrams for Empirical Research", *Biometrika* 82 (1995) 669-688,
doi:10.1093/biomet/82.4.669. van der Zander B, Liskiewicz M and Textor J, "Separators
and Adjustment Sets in Causal Graphs: Complete Criteria and an Algorithmic Framework",
*Artificial Intelligence* 270 (2019) 1-40, doi:10.1016/j.artint.2018.12.006.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import TYPE_CHECKING

from coursekit.surveillance.causes import CausalMap
from coursekit.surveillance.paths import Path, list_paths, require_given, require_map

if TYPE_CHECKING:
    import networkx as nx


def closes_back_doors(
    causal_map: CausalMap, cause: str, effect: str, given: Iterable[str]
) -> bool:
    """Test a set of controls by the back-door criterion.

    Parameters
    ----------
    causal_map : CausalMap
        The map.
    cause, effect : str
        Two of its nodes.
    given : iterable of str
        The nodes that are controlled for.

    Returns
    -------
    bool
        True if no control is an effect of the cause and every path that enters the
        cause by an arrow is closed: cause and effect are d-separated once the arrows
        that leave the cause are taken away.

    Raises
    ------
    UnknownNameError
        If a node is not in the map.
    CoursekitError
        If cause and effect are one node, or controlled for.
    """
    import networkx as nx

    require_map(causal_map).require_query(cause, effect)
    controls = require_given(causal_map, given, cause, effect)
    if controls & nx.descendants(causal_map.graph, cause):
        return False
    cut = _cut(causal_map, cause)
    return bool(nx.is_d_separator(cut, {cause}, {effect}, set(controls)))


def find_adjustment_sets(
    causal_map: CausalMap,
    cause: str,
    effect: str,
    *,
    among: Iterable[str] | None = None,
) -> list[Path]:
    """Find every minimal set of controls that closes all back doors.

    Parameters
    ----------
    causal_map, cause, effect
        As for `closes_back_doors`.
    among : iterable of str, optional
        The nodes that may be controlled for; any if left out, observed or not.

    Returns
    -------
    list of tuple of str
        Each set in the order of the alphabet, small sets first. Minimal means that no
        member can be spared; a longer set may be minimal beside a shorter one. An
        empty list means that no set closes them; ``[()]`` that none is needed.

    Raises
    ------
    UnknownNameError
        If a node is not in the map.
    CoursekitError
        If cause and effect are one node.

    Notes
    -----
    A minimal set lies among the ancestors of the two nodes, and is a minimal separator
    in their moral graph (parents of one child are joined, arrows dropped). Those are
    listed by moving, from the one nearest to the cause, past one member at a time.
    """
    import networkx as nx

    require_map(causal_map).require_query(cause, effect)
    allowed = (
        set(causal_map.graph)
        if among is None
        else set(causal_map.require_set(among, "among"))
    )
    allowed -= nx.descendants(causal_map.graph, cause) | {cause, effect}
    cut = _cut(causal_map, cause)
    near = {cause, effect} | nx.ancestors(cut, cause) | nx.ancestors(cut, effect)
    moral: nx.Graph = nx.moral_graph(cut.subgraph(near))
    for node in sorted(set(moral) - allowed - {cause, effect}):
        moral.add_edges_from(combinations(list(moral[node]), 2))
        moral.remove_node(node)
    found = {tuple(sorted(one)) for one in _separators(moral, cause, effect)}
    return sorted(found, key=lambda one: (len(one), one))


def find_front_door(
    causal_map: CausalMap, cause: str, effect: str, *, among: Iterable[str]
) -> tuple[str, Path] | None:
    """Find a measured node that carries the whole effect, and its controls.

    Parameters
    ----------
    causal_map, cause, effect
        As for `closes_back_doors`.
    among : iterable of str
        The nodes that are observed.

    Returns
    -------
    tuple of (str, tuple of str) or None
        The node, and controls W such that every directed path runs through the node,
        W closes the back doors from the cause to it, and W with the cause closes those
        from it to the effect. None if none is found: W is sought among unions of
        minimal sets for the two halves, and the effect may still be identified.

    Raises
    ------
    UnknownNameError
        If a node is not in the map.
    CoursekitError
        If cause and effect are one node.
    """
    import networkx as nx

    ways = list_paths(causal_map, cause, effect)
    seen = causal_map.require_set(among, "among")
    if not ways:
        return None
    before = seen - nx.descendants(causal_map.graph, cause) - {cause, effect}
    for node in (name for name in ways[0][1:-1] if name in seen):
        if not all(node in way for way in ways):
            continue
        first = find_adjustment_sets(causal_map, cause, node, among=before)
        second = find_adjustment_sets(causal_map, node, effect, among=before | {cause})
        both = {frozenset(a) | (set(b) - {cause}) for a, b in product(first, second)}
        for controls in sorted(both, key=lambda one: (len(one), sorted(one))):
            if closes_back_doors(
                causal_map, cause, node, controls
            ) and closes_back_doors(causal_map, node, effect, controls | {cause}):
                return node, tuple(sorted(controls))
    return None


def _cut(causal_map: CausalMap, cause: str) -> nx.DiGraph:
    """Copy the graph without the arrows that leave the cause."""
    graph = causal_map.graph.copy()
    graph.remove_edges_from(list(causal_map.graph.out_edges(cause)))
    return graph


def _separators(graph: nx.Graph, start: str, goal: str) -> Iterator[frozenset[str]]:
    """List the minimal separators of two nodes of an undirected graph."""
    import networkx as nx

    def beyond(near: set[str]) -> frozenset[str] | None:
        """Give the separator nearest to a connected part, or None if it is too big."""
        wall = {b for a in near for b in graph[a]} - near
        if goal in wall | near:
            return None
        rest = graph.subgraph(set(graph) - near - wall)
        far = nx.node_connected_component(rest, goal)
        return frozenset(node for node in wall if far & set(graph[node]))

    waiting = [beyond({start})]
    known: set[frozenset[str]] = set()
    while waiting:
        one = waiting.pop()
        if one is None or one in known:
            continue
        known.add(one)
        yield one
        rest = graph.subgraph(set(graph) - one)
        side = set(nx.node_connected_component(rest, start))
        waiting += [beyond(side | {node}) for node in sorted(one)]
