"""The causal map: what is said to cause what, as a graph that can be edited.

A node is a thing that may vary, an arrow a claim that one thing changes another. The
map of the course is unrolled in two periods, so that it has no loop: what the
literature calls mutual reinforcement becomes arrows from the first period to the
second. An arrow that is not drawn is a claim too, that there is no direct effect.

What follows from a map is worked out in `coursekit.surveillance.paths` and
`coursekit.surveillance.adjustment`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import load

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

NODES: Final = "causal_nodes"
EDGES: Final = "causal_edges"
# What counts as observed: the name of the rule, and the codes that it accepts.
OBSERVED: Final = {
    "fully": ("yes",),
    "fully or partly": ("yes", "partly"),
    "everything": ("yes", "partly", "no"),
}
YOURS: Final = "yours"  # the group of an arrow that was added


@dataclass(frozen=True, eq=False)
class CausalMap:
    """A causal map without loops; an edit gives a new one.

    Parameters
    ----------
    nodes : pandas.DataFrame
        With ``node_id`` (unique), ``label``, ``layer``, ``period`` and ``observed``
        (yes, partly or no).
    edges : pandas.DataFrame
        With ``edge_id`` such as ``ELITE>REP``, ``cause``, ``effect``,
        ``sign``, ``status``, ``grade`` (A to D), ``rival_group`` and ``caution``.

    Attributes
    ----------
    graph : networkx.DiGraph
        The same arrows, each with its row, for whoever wants to ask networkx.

    Raises
    ------
    UnknownNameError
        If an arrow begins or ends at a node that is not there.
    CoursekitError
        If the arrows make a loop, or one is drawn twice.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    graph: nx.DiGraph = field(init=False, repr=False)

    def __post_init__(self) -> None:
        import networkx as nx

        graph: nx.DiGraph = nx.DiGraph()
        graph.add_nodes_from(map(str, self.nodes["node_id"]))
        object.__setattr__(self, "graph", graph)  # frozen, and made once here
        for row in self.edges.to_dict("records"):
            source, target = row["cause"], row["effect"]
            self.require(source, target)
            if graph.has_edge(source, target):
                raise CoursekitError(
                    f"{source}>{target} is drawn already; an arrow stands once."
                )
            graph.add_edge(source, target, **{str(k): v for k, v in row.items()})
        if not nx.is_directed_acyclic_graph(graph):
            loop = [pair[0] for pair in nx.find_cycle(graph)]
            raise CoursekitError(
                f"These arrows make a loop: {'>'.join([*loop, loop[0]])}. A cause "
                "comes before its effect: turn an arrow round, leave one out, or split "
                "a node into two periods as AUTH_0 and AUTH_1 are."
            )

    def __repr__(self) -> str:
        return f"<CausalMap: {len(self.graph)} nodes, {self.graph.size()} arrows>"

    def require(self, *names: object) -> None:
        """Refuse names that are no nodes of this map.

        Raises
        ------
        UnknownNameError
            If there is no such node.
        TypeError
            If a name is no text.
        """
        for name in names:
            if not isinstance(name, str):
                raise TypeError(f"{name!r} is no node; give its id, such as 'TECH_CN'.")
            if name not in self.graph:
                raise UnknownNameError("node", name, self.graph)

    def require_set(self, names: Iterable[str], what: str) -> frozenset[str]:
        """Turn names into a set of nodes; ``what`` says in an error what they are."""
        if isinstance(names, str) or not isinstance(names, Iterable):
            raise TypeError(
                f"{what} was given {names!r}; it takes a list of nodes, such as "
                "['AUTH_0']."
            )
        found = list(names)
        self.require(*found)
        return frozenset(found)

    def require_query(self, cause: object, effect: object) -> None:
        """Refuse a question about nodes that are not there, or about one node."""
        self.require(cause, effect)
        if cause == effect:
            raise CoursekitError(
                f"{cause} was given as cause and as effect; give two nodes. The map "
                "has periods for that: AUTH_0 comes before AUTH_1."
            )

    def label(self, node: str) -> str:
        """Say what a node means."""
        self.require(node)
        (text,) = self.nodes.loc[self.nodes["node_id"] == node, "label"]
        return str(text)

    def observed(self, rule: str = "fully") -> frozenset[str]:
        """Give the nodes that count as observed.

        Parameters
        ----------
        rule : {"fully", "fully or partly", "everything"}
            Which codes are good enough.

        Returns
        -------
        frozenset of str
            Nodes.

        Raises
        ------
        UnknownNameError
            If there is no such rule.
        """
        if rule not in tuple(OBSERVED):
            raise UnknownNameError("rule for what is observed", str(rule), OBSERVED)
        rows = self.nodes["observed"].astype(str).isin(OBSERVED[rule])
        return frozenset(map(str, self.nodes.loc[rows, "node_id"]))

    def edge(self, source: str, target: str) -> dict[str, Any]:
        """Give the row of one arrow.

        Raises
        ------
        UnknownNameError
            If the map has no such arrow.
        """
        self.require(source, target)
        if not self.graph.has_edge(source, target):
            known = [f"{a}>{b}" for a, b in self.graph.edges if source in (a, b)]
            raise UnknownNameError("arrow", f"{source}>{target}", known)
        return dict(self.graph.edges[source, target])

    def without(
        self, *arrows: str, groups: Iterable[str] = (), nodes: Iterable[str] = ()
    ) -> CausalMap:
        """Take arrows away: by name, by group of claims, or with a node.

        Parameters
        ----------
        *arrows : str
            Such as ``"ELITE>REP"``.
        groups : iterable of str
            Values of ``rival_group``: every arrow of the group goes.
        nodes : iterable of str
            These nodes go, with the arrows at them.

        Returns
        -------
        CausalMap
            A new map, or this one if nothing goes. To take an arrow away is to claim
            that there is no direct effect.

        Raises
        ------
        UnknownNameError
            If an arrow, group or node is not in the map.
        """
        gone = self.require_set(nodes, "nodes")
        for arrow in arrows:
            self.edge(*split_arrow(arrow))
        known = set(self.edges["rival_group"].astype(str))
        if isinstance(groups, str) or not isinstance(groups, Iterable):
            raise TypeError(f"groups was given {groups!r}; it takes a list of groups.")
        wanted = list(groups)
        for group in wanted:
            if group not in known:
                raise UnknownNameError("group of arrows", str(group), known)
        if not (arrows or wanted or gone):
            return self
        rows = self.edges
        drop = (
            rows["edge_id"].isin(arrows)
            | rows["rival_group"].astype(str).isin(wanted)
            | rows["cause"].isin(gone)
            | rows["effect"].isin(gone)
        )
        return CausalMap(self.nodes[~self.nodes["node_id"].isin(gone)], rows[~drop])

    def with_edge(
        self, source: str, target: str, *, sign: str = "+", grade: str = "D"
    ) -> CausalMap:
        """Draw an arrow of your own.

        Parameters
        ----------
        source, target : str
            Nodes.
        sign : {"+", "-", "?"}
            Raises, lowers, or not known.
        grade : {"A", "B", "C", "D"}
            How well it is shown; an arrow that is only asserted is a D.

        Returns
        -------
        CausalMap
            A new map; the arrow's group is ``yours``.

        Raises
        ------
        UnknownNameError
            If a node, sign or grade does not exist.
        CoursekitError
            If the arrow is there already, or closes a loop.
        """
        self.require_query(source, target)
        for kind, given, known in (("sign", sign, "+-?"), ("grade", grade, "ABCD")):
            if given not in tuple(known):
                raise UnknownNameError(kind, str(given), known)
        row = {
            "edge_id": f"{source}>{target}",
            "cause": source,
            "effect": target,
            "sign": sign,
            "status": "asserted",
            "grade": grade,
            "rival_group": YOURS,
            "caution": "An arrow of your own.",
        }
        rows = self.edges.astype(object)
        rows.loc[len(rows) if rows.empty else max(rows.index) + 1] = row
        return CausalMap(self.nodes, rows)

    def observing(self, *nodes: str) -> CausalMap:
        """Suppose that somebody measured these nodes.

        Returns
        -------
        CausalMap
            A new map in which they are observed, or this one if none is named.
        """
        chosen = self.require_set(nodes, "observing")
        if not chosen:
            return self
        table = self.nodes.astype({"observed": object})
        table.loc[table["node_id"].isin(chosen), "observed"] = "yes"
        return CausalMap(table, self.edges)


def split_arrow(arrow: str) -> tuple[str, str]:
    """Split ``"ELITE>REP"`` into its two nodes.

    Raises
    ------
    CoursekitError
        If it is not two names with ``>`` between them.
    TypeError
        If it is no text.
    """
    if not isinstance(arrow, str):
        raise TypeError(f"{arrow!r} is no arrow; write one as 'ELITE>REP'.")
    ends = [part.strip() for part in arrow.split(">")]
    if len(ends) != 2 or not all(ends):
        raise CoursekitError(f"{arrow!r} is no arrow; write one as 'ELITE>REP'.")
    return ends[0], ends[1]


def read_map() -> CausalMap:
    """Read the map of the course: 26 nodes, each with how far it is observed.

    Returns
    -------
    CausalMap
        From ``causal_nodes`` and ``causal_edges``.
    """
    return CausalMap(load(NODES), load(EDGES))


def make_map(arrows: str, *, hidden: Iterable[str] = ()) -> CausalMap:
    """Make a map from arrows written as text, for the small examples of textbooks.

    Parameters
    ----------
    arrows : str
        Such as ``"U>X, U>Y, X>Y"``.
    hidden : iterable of str
        Nodes that nobody has observed; the others are observed.

    Returns
    -------
    CausalMap
        Every arrow has grade D: in an example nothing is shown.

    Raises
    ------
    CoursekitError
        If an arrow is written otherwise, stands twice, or closes a loop.
    UnknownNameError
        If a hidden node has no arrow.

    Examples
    --------
    >>> make_map("U>X, U>Y, X>Y", hidden=["U"])
    <CausalMap: 3 nodes, 3 arrows>
    """
    import pandas as pd

    if not isinstance(arrows, str):
        raise TypeError(f"{arrows!r} is no list of arrows; write 'U>X, U>Y, X>Y'.")
    pairs = [split_arrow(arrow) for arrow in arrows.split(",")]
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    nodes = pd.DataFrame(
        {"node_id": names, "label": names, "layer": "", "period": 0, "observed": "yes"}
    )
    edges = pd.DataFrame(pairs, columns=["cause", "effect"])
    edges = edges.assign(
        edge_id=[">".join(pair) for pair in pairs],
        sign="?", status="asserted", grade="D", rival_group="example", caution="",
    )  # fmt: skip
    found = CausalMap(nodes, edges)
    unseen = found.require_set(hidden, "hidden")
    nodes.loc[nodes["node_id"].isin(unseen), "observed"] = "no"
    return found
