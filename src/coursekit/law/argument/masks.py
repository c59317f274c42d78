"""Sets of arguments as the bits of a number, and what can be read off them at once.

Argument ``i`` is bit ``1 << i``. Nothing here has a limit of size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Masks:
    """A framework as bits.

    Parameters
    ----------
    size : int
        How many arguments.
    attackers, targets : tuple of int
        For each argument the bits of those who attack it, and of those it attacks.
    """

    size: int
    attackers: tuple[int, ...]
    targets: tuple[int, ...]

    @classmethod
    def from_attacks(cls, size: int, attacks: Iterable[tuple[int, int]]) -> Masks:
        """Make the masks of attacks between argument numbers."""
        attackers, targets = [0] * size, [0] * size
        for attacker, target in attacks:
            attackers[target] |= 1 << attacker
            targets[attacker] |= 1 << target
        return cls(size, tuple(attackers), tuple(targets))

    @cached_property
    def everything(self) -> int:
        """All arguments."""
        return (1 << self.size) - 1

    @cached_property
    def selfish(self) -> int:
        """The arguments that attack themselves."""
        return join(1 << i for i in range(self.size) if self.targets[i] >> i & 1)

    @cached_property
    def neighbours(self) -> tuple[int, ...]:
        """For each argument those who attack it or are attacked by it, itself aside."""
        pairs = zip(self.attackers, self.targets, strict=True)
        return tuple((a | b) & ~(1 << i) for i, (a, b) in enumerate(pairs))

    def attacked_by(self, members: int) -> int:
        """Give the arguments that a set attacks."""
        return join(self.targets[i] for i in bits_of(members))

    def attackers_of(self, members: int) -> int:
        """Give the arguments that attack a set."""
        return join(self.attackers[i] for i in bits_of(members))

    def restricted_to(self, kept: int) -> Masks:
        """Renumber some arguments from 0, with the attacks among them."""
        number = {old: new for new, old in enumerate(bits_of(kept))}
        attacks = (
            (number[old], number[target])
            for old in number
            for target in bits_of(self.targets[old] & kept)
        )
        return Masks.from_attacks(len(number), attacks)


def bits_of(members: int) -> Iterator[int]:
    """Go through the members of a set from the lowest."""
    while members:
        lowest = members & -members
        yield lowest.bit_length() - 1
        members ^= lowest


def join(sets: Iterable[int]) -> int:
    """Unite sets."""
    union = 0
    for members in sets:
        union |= members
    return union


def find_grounded(masks: Masks, alive: int) -> int:
    """Give the least fixed point of the characteristic function, among ``alive``.

    Each round takes in what only defeated arguments attack, and defeats its targets.
    """
    grounded, left = 0, alive
    while True:
        new = join(1 << i for i in bits_of(left) if not masks.attackers[i] & left)
        if not new:
            return grounded
        grounded |= new
        left &= ~(new | masks.attacked_by(new))
        # What is in stays in `grounded`; its attackers were defeated before.


def find_pieces(masks: Masks, alive: int) -> list[int]:
    """Split a set into the pieces that no attack joins, by their lowest members."""
    pieces = []
    while alive:
        piece = border = alive & -alive
        while border:
            border = join(masks.neighbours[i] for i in bits_of(border)) & alive & ~piece
            piece |= border
        pieces.append(piece)
        alive &= ~piece
    return pieces


def keep_defended(masks: Masks, members: int, against: int) -> int:
    """Drop from a set, until none is left to drop, what it does not defend.

    Parameters
    ----------
    masks : Masks
        The framework.
    members, against : int
        The set, and the attackers that count.

    Returns
    -------
    int
        Every admissible subset of ``members`` lies in it; if it is without conflict, it
        is itself the largest.
    """
    while members:
        open_attackers = against & ~masks.attacked_by(members)
        kept = join(
            1 << i for i in bits_of(members) if not masks.attackers[i] & open_attackers
        )
        if kept == members:
            break
        members = kept
    return members


def find_defence(masks: Masks, members: int, allowed: int, against: int) -> int:
    """Find an admissible set around a set that is not empty and has no conflict.

    Parameters
    ----------
    masks : Masks
        The framework.
    members : int
        The set.
    allowed : int
        Arguments that may be added; none may attack itself.
    against : int
        The attackers that count.

    Returns
    -------
    int
        An admissible set, or 0 if there is none.
    """
    struck = masks.attacked_by(members)
    allowed &= ~(members | struck | masks.attackers_of(members))
    threats = masks.attackers_of(members) & against & ~struck
    if not threats:
        return members
    options = [masks.attackers[i] & allowed for i in bits_of(threats)]
    for helper in bits_of(min(options, key=int.bit_count)):
        found = find_defence(masks, members | 1 << helper, allowed, against)
        if found:
            return found
        allowed &= ~(1 << helper)  # no admissible set has it, beside these members
    return 0


def has_admissible(masks: Masks, candidates: int, against: int) -> bool:
    """Say whether some candidates, not none, make an admissible set."""
    left = keep_defended(masks, candidates, against)
    while left:
        first = left & -left
        if find_defence(masks, first, left, against):
            return True
        left = keep_defended(masks, left & ~first, against)
    return False


def find_components(masks: Masks, alive: int) -> list[int]:
    """List the strongly connected components of a set, attackers first."""
    import networkx as nx

    if not alive & (alive - 1):
        return [alive]
    graph = nx.DiGraph()
    graph.add_nodes_from(bits_of(alive))
    graph.add_edges_from(
        (i, j) for i in bits_of(alive) for j in bits_of(masks.targets[i] & alive)
    )
    # networkx gives them in reverse topological order, as its algorithm finds them.
    found = [join(1 << i for i in c) for c in nx.strongly_connected_components(graph)]
    return found[::-1]
