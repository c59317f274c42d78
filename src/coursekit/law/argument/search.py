"""The search for every extension, with partial answers side by side in numpy arrays.

`find_sets` goes through the arguments in a fixed order. A step takes an argument in or
leaves it out, in all partial answers at once, and drops those that cannot be completed.
What it finds is exact.

A preferred extension is known by its *reduct*, the arguments that it neither contains
nor attacks [1]_: an admissible set is maximal iff no other set than the empty one is
admissible in its reduct, for such a set could be added, and what a larger admissible
set adds is one.

A framework of n arguments has at most 3^(n/3) preferred extensions, about two million
for n = 40: two of them conflict, so that they lie in different maximal conflict-free
sets, and of those there are no more [2]_.

References
----------
.. [1] Baumann R, Brewka G and Ulbricht M, "Revisiting the foundations of abstract
   argumentation" in AAAI 2020, 2742. doi:10.1609/aaai.v34i03.5661
.. [2] Moon J W and Moser L, "On cliques in graphs" (1965) 3 Israel Journal of
   Mathematics 23. doi:10.1007/BF02760024
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
import numpy.typing as npt

from coursekit.law.argument.masks import (
    Masks,
    bits_of,
    find_components,
    find_pieces,
    has_admissible,
    join,
)

Bits = npt.NDArray[np.uint64]
Search = Literal["conflict-free", "admissible", "complete", "stable", "preferred"]

WIDTH = 64  # bits of a number, so the most arguments that hang together
CHUNK = 1 << 14  # partial answers worked on at once: few enough to stay in the cache


class TooManyError(Exception):
    """More sets than asked for; caught where the framework's name is known."""


def find_sets(masks: Masks, kind: Search, *, most: int) -> Bits:
    """List every set of a kind, in ascending order of the numbers that write them.

    Parameters
    ----------
    masks : Masks
        The framework, of at most `WIDTH` arguments.
    kind : {'conflict-free', 'admissible', 'complete', 'stable', 'preferred'}
        What to look for.
    most : int
        The search ends once it holds more answers, whole or partial.

    Raises
    ------
    TooManyError
        If there are more.
    """
    plan = _Plan(masks, kind)
    start = np.zeros((4, 1), dtype=np.uint64)
    start[1] = masks.selfish
    stack, found, held = [(0, start)], [np.zeros(0, dtype=np.uint64)], 0
    while stack:
        step, rows = stack.pop()
        if step == masks.size:
            found.append(plan.finish(rows))
            held += found[-1].size
        elif rows.shape[1] > CHUNK:
            middle = rows.shape[1] // 2
            stack += [(step, rows[:, :middle]), (step, rows[:, middle:])]
        elif rows.shape[1]:
            stack.append((step + 1, plan.step(step, rows)))
        if held > most:
            raise TooManyError
    sets = np.concatenate(found)
    sets.sort()
    return sets


class _Plan:
    """The order of the arguments, and what can be checked after each.

    The rows of a table of partial answers are: in; not in; attacked by those in;
    attacking those in. A column is one partial answer.
    """

    def __init__(self, masks: Masks, kind: Search) -> None:
        self.masks = masks
        self.kind = kind
        self.order, closings = order_arguments(masks)
        self.known: dict[tuple[int, int], bool] = {}
        self.checks: list[list[int]] = []
        self.closed: list[int] = []
        decided, before = 0, 0
        for argument, closes in zip(self.order, closings, strict=True):
            ahead = masks.neighbours[argument] & ~decided
            touched = 1 << argument | masks.neighbours[argument]
            touched |= join(masks.neighbours[i] for i in bits_of(ahead))
            self.checks.append(list(bits_of(touched)))
            decided |= 1 << argument
            shut = join(
                1 << i for i in bits_of(decided) if not masks.neighbours[i] & ~decided
            )
            self.closed.append(shut if closes and shut & ~before else 0)
            before = shut if closes else before

    def step(self, step: int, rows: Bits) -> Bits:
        """Take the next argument in, or leave it out, and drop what fails."""
        argument = self.order[step]
        bit = np.uint64(1 << argument)
        free = ((rows[0] | rows[1]) & bit) == 0
        taken = rows[:, free]
        taken[0] |= bit
        taken[1] |= np.uint64(self.masks.neighbours[argument])
        taken[2] |= np.uint64(self.masks.targets[argument])
        taken[3] |= np.uint64(self.masks.attackers[argument])
        rows[1] |= bit & ~rows[0]
        rows = np.concatenate([taken, rows], axis=1)
        if self.kind != "conflict-free":
            rows = rows[:, ~self.fails(rows, self.checks[step])]
        if self.kind == "preferred" and self.closed[step]:
            rows = self.keep_maximal(rows, self.closed[step])
        return rows

    def fails(self, rows: Bits, checks: Iterable[int]) -> npt.NDArray[np.bool_]:
        """Mark partial answers that no further choice can complete."""
        inside, outside, out, threats = rows
        blank = np.uint64(self.masks.everything) & ~(inside | outside)
        answered = ~threats | out
        standing = ~out
        chosen = outside & standing  # neither in nor, so far, attacked
        if self.kind == "preferred":
            chosen &= ~(threats | np.uint64(self.masks.selfish))
        unchosen = ~chosen
        failed = np.zeros(inside.size, dtype=np.bool_)
        for argument in checks:
            bit = np.uint64(1 << argument)
            attackers = np.uint64(self.masks.attackers[argument])
            undefended = (answered & bit) | (blank & attackers)
            failed |= undefended == 0
            if self.kind == "stable":
                failed |= ((unchosen & bit) | (blank & attackers)) == 0
            elif self.kind == "complete":
                failed |= ((unchosen & bit) | (standing & attackers)) == 0
            elif self.kind == "preferred":
                near = np.uint64(self.masks.neighbours[argument])
                unanswered = attackers & ~np.uint64(self.masks.targets[argument])
                wanted = (blank & near) | (standing & unanswered)
                failed |= ((unchosen & bit) | wanted) == 0
        return failed

    def finish(self, rows: Bits) -> Bits:
        """Hold whole answers against the definition; give those that keep it."""
        if self.kind != "conflict-free":
            rows = rows[:, (rows[3] & ~rows[2]) == 0]
        if self.kind in ("complete", "stable"):
            rows = rows[:, ~self.fails(rows, range(self.masks.size))]
        if self.kind == "preferred":
            rows = self.keep_maximal(rows, self.masks.everything)
        members: Bits = rows[0].copy()
        return members

    def keep_maximal(self, rows: Bits, closed: int) -> Bits:
        """Drop answers that can grow among ``closed``, where all is decided."""
        standing = ~rows[2]
        growing = rows[1] & standing & ~rows[3]
        growing &= np.uint64(closed & ~self.masks.selfish)
        places = np.flatnonzero(growing)
        growing, standing = growing[places], standing[places]
        while places.size:
            kept = self._keep_defended(growing, standing, closed)
            stay = kept != 0
            changed = bool((kept != growing).any())
            places, growing, standing = places[stay], kept[stay], standing[stay]
            if not changed:
                break
        if not places.size:
            return rows
        threats = standing & self._attackers_of(growing, closed)
        pairs, which = np.unique(
            np.stack([growing, threats]), axis=1, return_inverse=True
        )
        grows = np.array(
            [self._can_grow(int(a), int(b)) for a, b in pairs.T], dtype=np.bool_
        )
        keep = np.ones(rows.shape[1], dtype=np.bool_)
        keep[places] = ~grows[which.reshape(-1)]
        return rows[:, keep]

    def _can_grow(self, candidates: int, against: int) -> bool:
        key = (candidates, against)
        if key not in self.known:
            self.known[key] = has_admissible(self.masks, candidates, against)
        return self.known[key]

    def _keep_defended(self, sets: Bits, standing: Bits, closed: int) -> Bits:
        struck = np.zeros_like(sets)
        for i in bits_of(closed):
            has = (sets >> np.uint64(i)) & np.uint64(1)
            struck |= has * np.uint64(self.masks.targets[i])
        threats = standing & ~struck
        kept = sets.copy()
        for i in bits_of(closed):
            lost = (threats & np.uint64(self.masks.attackers[i])) != 0
            kept &= ~(lost.astype(np.uint64) << np.uint64(i))
        return kept

    def _attackers_of(self, sets: Bits, closed: int) -> Bits:
        attackers = np.zeros_like(sets)
        for i in bits_of(closed):
            has = (sets >> np.uint64(i)) & np.uint64(1)
            attackers |= has * np.uint64(self.masks.attackers[i])
        return attackers


def order_arguments(masks: Masks) -> tuple[list[int], list[bool]]:
    """Choose the order of the search, and say where a part of it closes.

    Pieces that no attack joins come one after the other; within a piece its strongly
    connected components, attackers first (Baroni, Giacomin and Guida 2005,
    doi:10.1016/j.artint.2005.05.006); within a component the argument with most
    neighbours, and then the rest in the same way.
    """
    order: list[int] = []
    closings: list[bool] = []

    def visit(alive: int) -> None:
        for piece in find_pieces(masks, alive):
            for component in find_components(masks, piece):
                hub = max(
                    bits_of(component),
                    key=lambda i: (masks.neighbours[i] & component).bit_count(),
                )
                order.append(hub)
                closings.append(False)
                visit(component & ~(1 << hub))
                closings[-1] = True

    visit(masks.everything)
    return order, closings
