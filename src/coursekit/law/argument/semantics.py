"""The eight semantics by name, and their sets in bits, piece by piece."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.law.argument.framework import Framework
from coursekit.law.argument.masks import (
    Masks,
    find_grounded,
    find_pieces,
    keep_defended,
)
from coursekit.law.argument.search import (
    CHUNK,
    WIDTH,
    Bits,
    Search,
    TooManyError,
    find_sets,
)

Semantics = Literal[
    "conflict-free",
    "admissible",
    "complete",
    "grounded",
    "preferred",
    "stable",
    "semi-stable",
    "ideal",
]
Label = Literal["in", "out", "undecided"]

SEMANTICS: tuple[Semantics, ...] = get_args(Semantics)
LABELS: tuple[Label, ...] = get_args(Label)
# How many sets to list of arguments that hang together. Forty have at most 2.1 million
# preferred ones; of the other kinds there can be any number, and a refusal be quick.
MOST = 3_000_000
FEWER = 250_000
UNLABELLED = ("conflict-free", "admissible")


class FrameworkTooLargeError(CoursekitError, ValueError):
    """A framework is too large for an exact answer.

    Parameters
    ----------
    semantics : str
        What was asked for.
    size : int
        How many arguments the framework has.
    joined : int
        How many of them hang together and are left to search.
    listed : int
        How many sets would have been listed.
    """

    def __init__(self, semantics: str, size: int, joined: int, listed: int) -> None:
        self.semantics = semantics
        self.size = size
        self.joined = joined
        self.listed = listed
        super().__init__(semantics, size, joined, listed)

    def __str__(self) -> str:
        asked = f"The {self.semantics} sets of this framework of {self.size} arguments"
        if self.joined > WIDTH:
            why = f"{self.joined} of its arguments hang together, {WIDTH} at most may"
        else:
            why = f"{self.joined} arguments that hang together have over {self.listed}"
        feasible = "grounded(), is_admissible(), is_preferred() and their like"
        if self.semantics in ("conflict-free", "admissible", "complete"):
            feasible += (
                ", and acceptance() under this semantics; up to 40 arguments also the "
                "preferred, stable, semi-stable and ideal extensions"
            )
        else:
            feasible += "; up to 40 arguments this and every acceptance()"
        return f"{asked} cannot be listed: {why}. What works: {feasible}."


def demand_semantics(semantics: str) -> None:
    """Raise `UnknownNameError` if there is no such semantics."""
    if semantics not in SEMANTICS:
        raise UnknownNameError("semantics", semantics, SEMANTICS)


def masks_of(framework: Framework) -> Masks:
    """Write a framework in bits."""
    place = framework.place
    attacks = ((place(a), place(b)) for a, b in framework.attacks)
    return Masks.from_attacks(len(framework), attacks)


def list_sets(masks: Masks, semantics: Semantics) -> tuple[int, list[tuple[int, Bits]]]:
    """Give what all extensions share, and for each piece of the rest its own sets."""
    alive = masks.everything
    base = 0
    if semantics not in UNLABELLED:
        base = find_grounded(masks, alive)
        alive &= ~(base | masks.attacked_by(base))
    if semantics == "grounded":
        return base, []
    pieces = find_pieces(masks, alive)
    return base, [(piece, _list_piece(masks, piece, semantics)) for piece in pieces]


def _list_piece(masks: Masks, piece: int, semantics: Semantics) -> Bits:
    own = masks.restricted_to(piece)
    kind: Search = "preferred"
    if semantics in ("conflict-free", "admissible", "complete", "stable"):
        kind = semantics
    most = MOST if kind in ("preferred", "stable") else FEWER
    if own.size > WIDTH:
        raise FrameworkTooLargeError(semantics, masks.size, own.size, most)
    try:
        sets = find_sets(own, kind, most=most)
    except TooManyError:
        raise FrameworkTooLargeError(semantics, masks.size, own.size, most) from None
    if semantics == "semi-stable":
        return _keep_widest(own, sets)
    if semantics == "ideal":
        common = int(np.bitwise_and.reduce(sets))
        return np.array([keep_defended(own, common, own.everything)], dtype=np.uint64)
    return sets


def _keep_widest(masks: Masks, sets: Bits) -> Bits:
    """Keep the sets that, with what they attack, reach furthest."""
    reached = sets.copy()
    for start in range(0, sets.size, CHUNK):
        some = sets[start : start + CHUNK]
        for i in range(masks.size):
            has = (some >> np.uint64(i)) & np.uint64(1)
            reached[start : start + CHUNK] |= has * np.uint64(masks.targets[i])
    ranges = np.unique(reached)
    ranges = ranges[np.argsort(np.bitwise_count(ranges))[::-1]]
    widest = []
    while ranges.size:
        widest.append(ranges[0])
        ranges = ranges[(ranges & ~ranges[0]) != 0]
    return sets[np.isin(reached, widest)]
