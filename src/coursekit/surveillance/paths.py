"""Paths through a causal map: which are open, which are closed, how well shown.

Association runs along open paths only. A path is closed by a node on it that is
controlled for, unless both arrows of the path point into that node: such a node, a
collider, closes the path by itself, and opens it when it, or something that it
causes, is controlled for. This is d-separation.

References
----------
Pearl J, "Causal Diagrams for Empirical Research", *Biometrika* 82 (1995) 669-688,
doi:10.1093/biomet/82.4.669; Pearl J, *Causality: Models, Reasoning, and Inference*,
2nd edn, Cambridge University Press 2009, doi:10.1017/CBO9780511803161.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from coursekit.errors import CoursekitError
from coursekit.surveillance.causes import CausalMap

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

Path = tuple[str, ...]

KINDS: Final = ("chain", "fork", "collider")


def list_paths(causal_map: CausalMap, cause: str, effect: str) -> list[Path]:
    """List the directed paths: along arrows only, from the cause to the effect.

    Parameters
    ----------
    causal_map : CausalMap
        The map.
    cause, effect : str
        Two of its nodes.

    Returns
    -------
    list of tuple of str
        The nodes of each path, short paths first; empty if the map draws no way.

    Raises
    ------
    UnknownNameError
        If a node is not in the map.
    CoursekitError
        If cause and effect are one node.
    """
    import networkx as nx

    require_map(causal_map).require_query(cause, effect)
    return _in_order(nx.all_simple_paths(causal_map.graph, cause, effect))


def list_back_doors(
    causal_map: CausalMap,
    cause: str,
    effect: str,
    *,
    given: Iterable[str] = (),
    closed: bool = False,
) -> list[Path]:
    """List the back-door paths that are open: those that enter the cause by an arrow.

    Parameters
    ----------
    causal_map, cause, effect
        As for `list_paths`.
    given : iterable of str
        The nodes that are controlled for.
    closed : bool
        Give the closed ones too. The course's map has some twenty thousand.

    Returns
    -------
    list of tuple of str
        The nodes of each path from the cause to the effect, short paths first.

    Raises
    ------
    UnknownNameError
        If a node is not in the map.
    CoursekitError
        If cause and effect are one node, or controlled for.
    """
    require_map(causal_map).require_query(cause, effect)
    controls = require_given(causal_map, given, cause, effect)
    into = list(causal_map.graph.predecessors(cause))
    if closed:
        return _in_order(_walk(causal_map.graph, [cause], effect, into, None))
    known = _with_ancestors(causal_map.graph, controls)
    return _in_order(_walk(causal_map.graph, [cause], effect, into, (controls, known)))


def list_open_paths(
    causal_map: CausalMap, first: str, second: str, *, given: Iterable[str] = ()
) -> list[Path]:
    """List every open path between two nodes, whichever way its arrows point.

    Parameters
    ----------
    causal_map : CausalMap
        The map.
    first, second : str
        Two of its nodes.
    given : iterable of str
        The nodes that are controlled for.

    Returns
    -------
    list of tuple of str
        Short paths first; empty if and only if the two are d-separated.
    """
    require_map(causal_map).require_query(first, second)
    controls = require_given(causal_map, given, first, second)
    state = (controls, _with_ancestors(causal_map.graph, controls))
    around = [
        *causal_map.graph.predecessors(first),
        *causal_map.graph.successors(first),
    ]
    return _in_order(_walk(causal_map.graph, [first], second, around, state))


def is_separated(
    causal_map: CausalMap, first: str, second: str, given: Iterable[str] = ()
) -> bool:
    """Say whether two nodes are d-separated: no path between them is open.

    Parameters
    ----------
    causal_map, first, second, given
        As for `list_open_paths`.

    Returns
    -------
    bool
        Computed by `networkx.is_d_separator`, which looks at no path at all.
    """
    import networkx as nx

    require_map(causal_map).require_query(first, second)
    controls = require_given(causal_map, given, first, second)
    return bool(nx.is_d_separator(causal_map.graph, {first}, {second}, set(controls)))


def is_open(
    causal_map: CausalMap, path: Sequence[str], given: Iterable[str] = ()
) -> bool:
    """Say whether a path is open when some nodes are controlled for.

    Parameters
    ----------
    causal_map : CausalMap
        The map.
    path : sequence of str
        Nodes, each joined to the next by an arrow of either direction.
    given : iterable of str
        The nodes that are controlled for.

    Returns
    -------
    bool
        Whether association can run along it.

    Raises
    ------
    CoursekitError
        If two neighbours on the path have no arrow between them.
    """
    return all(row["lets_through"] for row in _judge(causal_map, path, given))


def explain_path(
    causal_map: CausalMap, path: Sequence[str], given: Iterable[str] = ()
) -> pd.DataFrame:
    """Say for each node inside a path what it is there, and whether it lets through.

    Parameters
    ----------
    causal_map, path, given
        As for `is_open`.

    Returns
    -------
    pandas.DataFrame
        ``node``, ``kind`` (chain, fork or collider), ``controlled`` (bool),
        ``lets_through`` (bool) and ``reason``.
    """
    import pandas as pd

    columns = pd.Index(["node", "kind", "controlled", "lets_through", "reason"])
    return pd.DataFrame(_judge(causal_map, path, given), columns=columns)


def write_path(causal_map: CausalMap, path: Sequence[str]) -> str:
    """Write a path with its arrows.

    Returns
    -------
    str
        Such as ``TECH_CN <- ELITE -> REP``.
    """
    steps = _steps(causal_map, path)
    arrows = ["->" if (a, b) in causal_map.graph.edges else "<-" for a, b in steps]
    return str(path[0]) + "".join(
        f" {arrow} {name}" for arrow, name in zip(arrows, path[1:], strict=True)
    )


def grade_path(causal_map: CausalMap, path: Sequence[str]) -> str:
    """Grade a path by its weakest link.

    Parameters
    ----------
    causal_map, path
        As for `is_open`.

    Returns
    -------
    str
        The lowest grade of an arrow on it, A to D. A path with no arrow shown better
        than D is no better shown than D, however good the others are.
    """
    return max(str(row["grade"]) for row in _arrows(causal_map, path))


def find_weakest(causal_map: CausalMap, path: Sequence[str]) -> list[str]:
    """Name the arrows of a path that have its lowest grade, such as ``CAP>REP``."""
    rows = _arrows(causal_map, path)
    lowest = max(str(row["grade"]) for row in rows)
    return [str(row["edge_id"]) for row in rows if row["grade"] == lowest]


def tabulate_paths(
    causal_map: CausalMap, paths: Iterable[Sequence[str]], *, given: Iterable[str] = ()
) -> pd.DataFrame:
    """List paths with their grade, weakest link and whether they are open.

    Parameters
    ----------
    causal_map : CausalMap
        The map.
    paths : iterable of sequence of str
        As `list_paths` or `list_back_doors` give them.
    given : iterable of str
        The nodes that are controlled for.

    Returns
    -------
    pandas.DataFrame
        ``path``, ``arrows`` (how many), ``open`` (bool), ``grade`` and ``weakest``.
    """
    import pandas as pd

    controls = list(given)
    rows = [
        {
            "path": write_path(causal_map, path),
            "arrows": len(path) - 1,
            "open": is_open(causal_map, path, controls),
            "grade": grade_path(causal_map, path),
            "weakest": ", ".join(find_weakest(causal_map, path)),
        }
        for path in paths
    ]
    columns = pd.Index(["path", "arrows", "open", "grade", "weakest"])
    return pd.DataFrame(rows, columns=columns)


def require_map(value: object) -> CausalMap:
    """Refuse what is no causal map."""
    if not isinstance(value, CausalMap):
        raise TypeError(f"{value!r} is no causal map; read_map() gives one.")
    return value


def require_given(
    causal_map: CausalMap, given: Iterable[str], *ends: str
) -> frozenset[str]:
    """Refuse controls that are no nodes, or the ends of the question."""
    controls = causal_map.require_set(given, "given")
    for end in ends:
        if end in controls:
            raise CoursekitError(
                f"{end} is an end of the question and cannot be controlled for as "
                "well; leave it out of given."
            )
    return controls


def _in_order(paths: Iterable[Iterable[str]]) -> list[Path]:
    return sorted(map(tuple, paths), key=lambda path: (len(path), path))


def _with_ancestors(graph: nx.DiGraph, nodes: Iterable[str]) -> set[str]:
    """Give nodes and all that lies before them: colliders here are open."""
    import networkx as nx

    found = set(nodes)
    return found.union(*(nx.ancestors(graph, node) for node in found))


def _walk(
    graph: nx.DiGraph,
    path: list[str],
    goal: str,
    following: Iterable[str],
    state: tuple[frozenset[str], set[str]] | None,
) -> Iterator[Path]:
    """Go on from a path; with a state, give up as soon as it is closed."""
    for name in following:
        if name in path:
            continue
        way = [*path, name]
        if state and len(way) > 2 and not _passes(graph, way[-3:], *state):
            continue
        if name == goal:
            yield tuple(way)
            continue
        around = [*graph.predecessors(name), *graph.successors(name)]
        yield from _walk(graph, way, goal, around, state)


def _kind(graph: nx.DiGraph, three: Sequence[str]) -> str:
    before, node, after = three
    enters, leaves = graph.has_edge(before, node), graph.has_edge(node, after)
    if enters and not leaves:
        return "collider"
    return "chain" if enters == leaves else "fork"


def _passes(
    graph: nx.DiGraph, three: Sequence[str], controls: frozenset[str], known: set[str]
) -> bool:
    if _kind(graph, three) == "collider":
        return three[1] in known
    return three[1] not in controls


def _judge(
    causal_map: CausalMap, path: Sequence[str], given: Iterable[str]
) -> list[dict[str, object]]:
    _steps(causal_map, path)
    controls = require_given(causal_map, given, path[0], path[-1])
    known = _with_ancestors(causal_map.graph, controls)
    rows = []
    for three in zip(path, path[1:], path[2:], strict=False):
        kind, node = _kind(causal_map.graph, three), three[1]
        through = _passes(causal_map.graph, three, controls, known)
        rows.append(
            {
                "node": node,
                "kind": kind,
                "controlled": node in controls,
                "lets_through": through,
                "reason": _reason(kind, through=through, controlled=node in controls),
            }
        )
    return rows


def _reason(kind: str, *, through: bool, controlled: bool) -> str:
    if kind != "collider":
        return "not controlled for" if through else "controlled for"
    if not through:
        return "two arrows meet here, and nothing is controlled for"
    what = "it" if controlled else "something that it causes"
    return f"two arrows meet here, and {what} is controlled for"


def _steps(causal_map: CausalMap, path: Sequence[str]) -> list[tuple[str, str]]:
    require_map(causal_map)
    if isinstance(path, str) or len(path) < 2:
        raise CoursekitError(f"{path!r} is no path; give two nodes or more, in order.")
    causal_map.require(*path)
    steps = list(pairwise(path))
    graph = causal_map.graph
    for a, b in steps:
        if not (graph.has_edge(a, b) or graph.has_edge(b, a)):
            near = ", ".join(sorted({*graph.predecessors(a), *graph.successors(a)}))
            raise CoursekitError(
                f"There is no arrow between {a} and {b}, so this is no path. An arrow "
                f"joins {a} with: {near or 'nothing'}."
            )
    return steps


def _arrows(causal_map: CausalMap, path: Sequence[str]) -> list[dict[str, object]]:
    return [
        causal_map.edge(a, b)
        if causal_map.graph.has_edge(a, b)
        else causal_map.edge(b, a)
        for a, b in _steps(causal_map, path)
    ]
