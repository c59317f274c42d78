"""Time the questions to argumentation frameworks of 40 arguments, the worst known.

Run it with ``uv run --group dev python benchmarks/argument.py``. Every figure is the
median of fresh frameworks, or of repeats where a family has but one, in CPU time of one
process with warm imports; ``worst`` is the slowest single run of any question. It exits
with 1 if a question takes a second. The last lines compare with the definitions tried
on all sets, and with a search of naive sets by networkx, where those end at all.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations, permutations, product
from statistics import median

import networkx as nx

from coursekit.law.argument import (
    Framework,
    FrameworkTooLargeError,
    acceptance,
    extensions,
    flips,
    status,
)

SIZE = 40
RUNS = 5
LIMIT = 1.0  # seconds, for any question
Pairs = set[tuple[int, int]]
Question = Callable[[Framework], object]

QUESTIONS: dict[str, Question] = {
    "pref.": lambda f: extensions(f, "preferred").number,
    "stable": lambda f: extensions(f, "stable").number,
    "semi-st.": lambda f: extensions(f, "semi-stable").number,
    "ideal": lambda f: extensions(f, "ideal").number,
    "status": lambda f: len(status(f)),
    "accept": lambda f: [acceptance(f, name) for name in f.arguments],
    "flips": lambda f: len(flips(f, f.arguments[0], semantics="grounded")),
    "flips pr": lambda f: len(
        flips(f, f.arguments[0], semantics="preferred", largest=1)
    ),
    "complete": lambda f: count(f, "complete"),
    "admiss.": lambda f: count(f, "admissible"),
    "free": lambda f: count(f, "conflict-free"),
}
# These may have more sets than can be listed; then the refusal is timed.


def count(framework: Framework, semantics: str) -> int | str:
    """Count sets, or say that they are too many to list."""
    try:
        return extensions(framework, semantics).number
    except FrameworkTooLargeError:
        return "refused"


# ------------------------------------------------------------------------- families


def copies(inner: Iterable[tuple[int, int]], width: int) -> Pairs:
    """Lay copies of a small framework side by side, as many as fit."""
    attacks = list(inner)
    return {
        (first + a, first + b)
        for first in range(0, SIZE - width + 1, width)
        for a, b in attacks
    }


def mutual(edges: Iterable[tuple[int, int]]) -> Pairs:
    """Make every edge an attack both ways."""
    return {pair for a, b in edges for pair in ((a, b), (b, a))}


def hub(attacks: Pairs, width: int) -> Pairs:
    """Let each copy attack the last argument by its first, and the last its second."""
    last = SIZE - 1
    firsts = range(0, last - width + 1, width)
    return {pair for pair in attacks if last not in pair} | {
        pair for first in firsts for pair in ((first, last), (last, first + 1))
    }


def ring(attacks: Pairs, width: int) -> Pairs:
    """Let the first argument of each copy attack the first of the next."""
    firsts = list(range(0, SIZE - width + 1, width))
    return attacks | set(zip(firsts, firsts[1:] + firsts[:1], strict=True))


def at_random(share: float, *, both_ways: bool = False) -> Callable[[int], Pairs]:
    """Draw each attack with a chance; ``both_ways`` draws edges instead."""

    def draw(seed: int) -> Pairs:
        dice = random.Random(seed)  # noqa: S311  # a benchmark, not a secret
        pairs = (combinations if both_ways else permutations)(range(SIZE), 2)
        drawn = [pair for pair in pairs if dice.random() < share]
        return mutual(drawn) if both_ways else set(drawn)

    return draw


TRIANGLE = list(permutations(range(3), 2))
PAIR = [(0, 1), (1, 0)]
SQUARE = [(0, 1), (1, 2), (2, 3), (3, 0)]
SWITCHED = [*PAIR, (1, 2), (2, 3), (3, 4), (4, 2)]  # a pair that feeds an odd cycle
STRAIGHT = [(i, i + 1) for i in range(SIZE - 1)]
TRAP = {(SIZE - 1, SIZE - 1)}  # attacks itself, so that nothing is stable

FAMILIES: dict[str, Callable[[int], Pairs]] = {
    "13 triangles": lambda _: copies(TRIANGLE, 3),
    "13 triangles, trap": lambda _: copies(TRIANGLE, 3) | TRAP,
    "13 triangles, hub": lambda _: hub(copies(TRIANGLE, 3), 3),
    "13 triangles, ring": lambda _: ring(copies(TRIANGLE, 3), 3),
    "12 triangles and 4": lambda _: (
        {pair for pair in copies(TRIANGLE, 3) if max(pair) < 36}
        | set(permutations(range(36, 40), 2))
    ),
    "20 pairs": lambda _: copies(PAIR, 2),
    "20 pairs, hub": lambda _: hub(copies(PAIR, 2), 2),
    "20 pairs, ring": lambda _: ring(copies(PAIR, 2), 2),
    "10 squares, hub": lambda _: hub(copies(SQUARE, 4), 4),
    "8 switched odd cycles": lambda _: copies(SWITCHED, 5),
    "switched, hub": lambda _: hub(copies(SWITCHED, 5), 5),
    "mutual row": lambda _: mutual(STRAIGHT),
    "odd cycle of 39": lambda _: {(i, (i + 1) % 39) for i in range(39)},
    "even cycle of 40": lambda _: {(i, (i + 1) % 40) for i in range(40)},
    "no attacks": lambda _: set(),
    **{
        f"random {share:.2f}{' mutual' if both else ''}": at_random(
            share, both_ways=both
        )
        for both, share in product([False, True], [0.03, 0.05, 0.08, 0.12, 0.2, 0.5])
    },
}


def make(attacks: Pairs, size: int = SIZE) -> Framework:
    """Make a framework of numbered arguments."""
    names = [f"{i:02}" for i in range(size)]
    return Framework(names, [(names[a], names[b]) for a, b in attacks])


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one family took, in seconds, by question; and its preferred extensions."""

    family: str
    seconds: dict[str, list[float]]
    preferred: int

    @property
    def worst(self) -> float:
        """The slowest run of any question."""
        return max(max(taken) for taken in self.seconds.values())

    def __str__(self) -> str:
        figures = "".join(
            f"{1000 * median(taken):9.1f}" for taken in self.seconds.values()
        )
        missed = "  MISSED" if self.worst >= LIMIT else ""
        return (
            f"{self.family:<22}{self.preferred:>10,}{figures}"
            f"{1000 * self.worst:9.1f}{missed}"
        )


def measure(family: str, draw: Callable[[int], Pairs]) -> Row:
    """Time every question to a family."""
    seconds: dict[str, list[float]] = {name: [] for name in QUESTIONS}
    preferred = 0
    for seed in range(RUNS):
        framework = make(draw(seed))
        preferred = extensions(framework, "preferred").number
        for name, ask in QUESTIONS.items():
            seconds[name].append(time_once(ask, framework))
    return Row(family=family, seconds=seconds, preferred=preferred)


def time_once(ask: Question, framework: Framework) -> float:
    """Time one question, in seconds."""
    began = time.process_time()
    ask(framework)
    return time.process_time() - began


# ------------------------------------------------------------------------- the others


def by_definition(framework: Framework) -> int:
    """Count preferred extensions by trying all sets."""
    admissible = [
        chosen
        for size in range(len(framework) + 1)
        for chosen in map(frozenset, combinations(framework.arguments, size))
        if is_admissible(framework, chosen)
    ]
    return sum(not any(e < other for other in admissible) for e in admissible)


def by_naive_sets(framework: Framework) -> int:
    """Count preferred extensions within networkx's maximal conflict-free sets.

    Of each the largest part that defends itself is kept, then the greatest of those;
    a set is a part of itself, so nothing is lost.
    """
    undirected = nx.Graph()
    undirected.add_nodes_from(framework.arguments)
    undirected.add_edges_from(pair for pair in framework.attacks if len(set(pair)) > 1)
    undirected.remove_nodes_from([a for a, b in framework.attacks if a == b])
    parts = {
        keep_defended(framework, set(naive))
        for naive in nx.find_cliques(nx.complement(undirected))
    }
    return max(1, sum(not any(e < other for other in parts) for e in parts))


def keep_defended(framework: Framework, members: set[str]) -> frozenset[str]:
    """Drop what a set does not defend until it defends the rest."""
    while True:
        struck = {b for a, b in framework.attacks if a in members}
        lost = {b for a, b in framework.attacks if b in members and a not in struck}
        if not lost:
            return frozenset(members)
        members -= lost


def is_admissible(framework: Framework, members: frozenset[str]) -> bool:
    """Say by the definition whether a set is admissible."""
    struck = {b for a, b in framework.attacks if a in members}
    threats = {a for a, b in framework.attacks if b in members}
    return not struck & members and threats <= struck


def compare(name: str, other: Question, framework: Framework) -> str:
    """Time a way to count preferred extensions against coursekit's."""
    ask = QUESTIONS["pref."]
    if ask(framework) != other(framework):
        raise RuntimeError(f"{name} counts other preferred extensions.")
    ours = median(time_once(ask, framework) for _ in range(RUNS))
    theirs = time_once(other, framework)
    return f"{name:<46}{theirs:9.3f} s {1000 * ours:8.1f} ms {theirs / ours:8.0f} x"


def main() -> int:
    """Measure, print, and say by the exit status whether the limit is kept."""
    for ask in QUESTIONS.values():
        ask(make({(0, 1), (1, 0)}))  # the first asks for imports
    heads = "".join(f" {name:>8}" for name in QUESTIONS)
    print(f"{'ms, median of ' + str(RUNS):<22}{'preferred':>9} {heads}{'worst':>9}")
    rows = []
    for family, draw in FAMILIES.items():
        rows.append(measure(family, draw))
        print(rows[-1], flush=True)
    print(f"slowest of all: {max(row.worst for row in rows):.3f} s")
    small = {pair for pair in at_random(0.12)(1) if max(pair) < 16}
    dense = make(at_random(0.12, both_ways=True)(1))
    sparse = make(at_random(0.2)(1))
    print(compare("all 2^16 sets, random 0.12", by_definition, make(small, 16)))
    print(compare("networkx, random 0.12 mutual", by_naive_sets, dense))
    print(compare("networkx, random 0.20", by_naive_sets, sparse))
    return 0 if all(row.worst < LIMIT for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
