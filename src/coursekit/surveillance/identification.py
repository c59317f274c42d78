"""Whether an effect can be worked out from a causal map and what was observed.

Back door and front door (`coursekit.surveillance.adjustment`) are two formulas. The
test here is complete: it says whether *any* formula does. If it says no, two worlds
agree with the map and with everything observed, and differ in the effect.

All of it supposes that the map is true, and that the number of cases is no limit.

References
----------
Tian J and Pearl J, "A General Identification Condition for Causal Effects",
*AAAI-02* (2002) 567-573. Shpitser I and Pearl J, "Identification of Joint
Interventional Distributions in Recursive Semi-Markovian Causal Models", *AAAI-06*
(2006) 1219-1226.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

from coursekit.errors import CoursekitError
from coursekit.surveillance.adjustment import find_adjustment_sets, find_front_door
from coursekit.surveillance.causes import CausalMap
from coursekit.surveillance.paths import Path, list_paths, require_map

if TYPE_CHECKING:
    import networkx as nx

MOST: Final = 3  # nodes that somebody may be asked to measure at once


def is_identified(
    causal_map: CausalMap, cause: str, effect: str, *, observed: Iterable[str]
) -> bool:
    """Say whether any formula gives the effect from what is observed.

    Parameters
    ----------
    causal_map, cause, effect
        As for `closes_back_doors`.
    observed : iterable of str
        The nodes that are observed; cause and effect are among them.

    Returns
    -------
    bool
        The complete test of Tian, Shpitser and Pearl. False means that no method can
        tell the effect without a further assumption, such as a straight line.

    Raises
    ------
    UnknownNameError
        If a node is not in the map.
    CoursekitError
        If cause and effect are one node, or not observed.
    """
    import networkx as nx

    require_map(causal_map).require_query(cause, effect)
    seen = causal_map.require_set(observed, "observed")
    for end in (cause, effect):
        if end not in seen:
            raise CoursekitError(
                f"{end} is not observed, so nothing can be worked out about its "
                f"effect. Ask about observed nodes, or suppose it: "
                f"observing({end!r}) gives a map in which it is observed."
            )
    arrows, hidden = _project(causal_map, seen)
    relevant = nx.ancestors(arrows, effect) | {effect}
    if cause not in relevant:
        return True  # the map draws no effect
    after: nx.DiGraph = arrows.subgraph(relevant - {cause})
    target = nx.ancestors(after, effect) | {effect}
    return all(
        _solves(arrows, hidden, part, _district(hidden, relevant, part))
        for part in _districts(hidden, target)
    )


@dataclass(frozen=True)
class Identification:
    """What a map lets one conclude about an effect from what is observed.

    Parameters
    ----------
    cause, effect : str
        The question.
    observed : frozenset of str
        The nodes taken as observed.
    paths : tuple
        The directed paths; without any, the map draws no effect.
    sets : tuple
        Every minimal set of controls, of observed and unobserved nodes.
    controls : tuple of str
        The shortest set whose members are all observed, or, if there is none, the
        shortest set.
    nearest : tuple of str
        The set that lacks fewest observations.
    needed : tuple of str
        The nodes that are in every set.
    front_door : tuple or None
        As `find_front_door` gives it.
    identified : bool
        Whether any formula gives the effect (`is_identified`).
    """

    cause: str
    effect: str
    observed: frozenset[str]
    paths: tuple[Path, ...]
    sets: tuple[Path, ...]
    controls: Path
    nearest: Path
    needed: Path
    front_door: tuple[str, Path] | None
    identified: bool

    @property
    def missing(self) -> Path:
        """Members of ``controls`` that are not observed."""
        return tuple(name for name in self.controls if name not in self.observed)

    @property
    def adjustable(self) -> bool:
        """Whether some set of observed controls closes every back door."""
        return not self.missing

    def __str__(self) -> str:
        asked = f"The effect of {self.cause} on {self.effect}"
        if not self.paths:
            return f"{asked}: the map draws no directed path, hence no effect."
        verdict = "is identified" if self.identified else "is not identified"
        return f"{asked} {verdict} in this map. {self._controls()} {self._door()}"

    def _controls(self) -> str:
        if not self.controls:
            return "No back door is open: nothing need be controlled for."
        named = ", ".join(self.controls)
        if self.adjustable:
            return f"Observed controls that close every back door: {named}."
        lacking = sum(name not in self.observed for name in self.nearest)
        always = [name for name in self.needed if name not in self.observed]
        also = f", {' and '.join(always)} in any case" if always else ""
        return (
            f"The smallest set that closes every back door is {named}: "
            f"{len(self.controls) - len(self.missing)} of {len(self.controls)} "
            f"observed. Whatever set you take lacks {lacking} or more{also}."
        )

    def _door(self) -> str:
        if self.adjustable:
            return "They are enough." if self.controls else "Compare, and that is all."
        if self.front_door:
            node, controls = self.front_door
            also = f", given {', '.join(controls)}" if controls else ""
            return f"The front door is open: through {node}{also}."
        if self.identified:
            return "No single node carries it openly; another formula does it."
        return "The front door is shut, and no other formula does it."


def assess_identification(
    causal_map: CausalMap,
    cause: str,
    effect: str,
    *,
    observed: Iterable[str] | None = None,
) -> Identification:
    """Work out what a map lets one conclude about an effect.

    Parameters
    ----------
    causal_map, cause, effect
        As for `closes_back_doors`.
    observed : iterable of str, optional
        The nodes that are observed; those observed fully if left out. Cause and effect
        are taken as observed, for without them there is no question.

    Returns
    -------
    Identification
        Prints as a few sentences.

    Raises
    ------
    UnknownNameError
        If a node is not in the map.
    CoursekitError
        If cause and effect are one node.
    """
    paths = list_paths(causal_map, cause, effect)
    given = causal_map.observed() if observed is None else observed
    seen = causal_map.require_set(given, "observed") | {cause, effect}
    sets = find_adjustment_sets(causal_map, cause, effect)
    nearest = min(sets, key=lambda one: (len(set(one) - seen), len(one), one))
    needed = frozenset(sets[0]).intersection(*sets)
    return Identification(
        cause=cause,
        effect=effect,
        observed=seen,
        paths=tuple(paths),
        sets=tuple(sets),
        controls=sets[0] if set(nearest) - seen else nearest,
        nearest=nearest,
        needed=tuple(sorted(needed)),
        front_door=find_front_door(causal_map, cause, effect, among=seen),
        identified=is_identified(causal_map, cause, effect, observed=seen),
    )


def find_what_to_measure(
    causal_map: CausalMap, cause: str, effect: str, *, observed: Iterable[str]
) -> list[Path]:
    """Find the fewest nodes that, once measured, would identify the effect.

    Parameters
    ----------
    causal_map, cause, effect, observed
        As for `is_identified`.

    Returns
    -------
    list of tuple of str
        Every smallest set, of at most three nodes; ``[()]`` if nothing is missing,
        and an empty list if three are not enough. Cause and effect are taken as
        observed.

    Raises
    ------
    UnknownNameError
        If a node is not in the map.
    CoursekitError
        If cause and effect are one node.
    """
    import networkx as nx

    require_map(causal_map).require_query(cause, effect)
    seen = causal_map.require_set(observed, "observed") | {cause, effect}
    useful = nx.ancestors(causal_map.graph, effect) - seen
    for size in range(MOST + 1):
        found = [
            extra
            for extra in combinations(sorted(useful), size)
            if is_identified(causal_map, cause, effect, observed=seen | set(extra))
        ]
        if found:
            return found
    return []


def _project(
    causal_map: CausalMap, seen: frozenset[str]
) -> tuple[nx.DiGraph, nx.Graph]:
    """Leave the unobserved nodes out: arrows between the others, and hidden ties."""
    import networkx as nx

    graph = causal_map.graph
    arrows: nx.DiGraph = nx.DiGraph()
    hidden: nx.Graph = nx.Graph()
    arrows.add_nodes_from(seen)
    hidden.add_nodes_from(seen)
    reach: dict[str, set[str]] = {}  # observed nodes, by hidden ways only
    for node in reversed(list(nx.topological_sort(graph))):
        ways = [{b} if b in seen else reach[b] for b in graph.successors(node)]
        reach[node] = set().union(*ways)
        if node in seen:
            arrows.add_edges_from((node, other) for other in reach[node])
        else:
            hidden.add_edges_from(combinations(sorted(reach[node]), 2))
    return arrows, hidden


def _districts(hidden: nx.Graph, nodes: set[str]) -> list[frozenset[str]]:
    """Split nodes into groups that hidden causes tie together."""
    import networkx as nx

    return [frozenset(one) for one in nx.connected_components(hidden.subgraph(nodes))]


def _district(
    hidden: nx.Graph, nodes: set[str] | frozenset[str], part: frozenset[str]
) -> frozenset[str]:
    return next(one for one in _districts(hidden, set(nodes)) if part <= one)


def _solves(
    arrows: nx.DiGraph, hidden: nx.Graph, part: frozenset[str], whole: frozenset[str]
) -> bool:
    """Say whether the factor of a part can be had from the factor of the whole."""
    import networkx as nx

    inside: nx.DiGraph = arrows.subgraph(whole)
    before = frozenset(part.union(*(nx.ancestors(inside, node) for node in part)))
    if before == part:
        return True
    if before == whole:
        return False  # a hedge: the part cannot be told from the whole
    return _solves(arrows, hidden, part, _district(hidden, before, part))
