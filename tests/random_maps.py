"""Random causal maps, and slow plain answers to hold the quick ones against."""

from __future__ import annotations

import random
from itertools import combinations

import networkx as nx

from coursekit.surveillance.causes import make_map

NAMES = [f"N{number}" for number in range(8)]


def random_map(seed):
    """Eight nodes, some of them hidden, pairs joined with a chance that varies.

    All of them point at END, which nobody controls for, so that each has an arrow.
    """
    dice = random.Random(seed)
    chance = dice.choice([0.2, 0.3, 0.45])
    arrows = [f"{a}>{b}" for a, b in combinations(NAMES, 2) if dice.random() < chance]
    ends = [f"{name}>END" for name in NAMES]
    return make_map(
        ", ".join([*arrows, *ends]), hidden=dice.sample(NAMES, dice.randrange(5))
    )


def meets_back_door(drawn, cause, effect, given):
    """Pearl's criterion from its definition: every path into the cause is closed."""
    graph = drawn.graph
    if set(given) & nx.descendants(graph, cause):
        return False
    known = set(given).union(*(nx.ancestors(graph, one) for one in given))
    for path in nx.all_simple_paths(graph.to_undirected(), cause, effect):
        if not graph.has_edge(path[1], cause):
            continue
        shut = False
        for a, node, b in zip(path, path[1:], path[2:], strict=False):
            meets = graph.has_edge(a, node) and graph.has_edge(b, node)
            shut |= node not in known if meets else node in given
        if not shut:
            return False
    return True


def minimal_sets(drawn, cause, effect, among):
    """Every minimal set, by trying all subsets."""
    rest = sorted(set(among) - {cause, effect})
    good = [
        set(given)
        for size in range(len(rest) + 1)
        for given in combinations(rest, size)
        if meets_back_door(drawn, cause, effect, given)
    ]
    least = [one for one in good if not any(other < one for other in good)]
    return sorted((tuple(sorted(one)) for one in least), key=lambda t: (len(t), t))
