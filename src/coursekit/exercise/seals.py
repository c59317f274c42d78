"""Expected answers as salted digests: a notebook can confirm, and cannot read them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from coursekit.exercise.answers import Plain, answer_bytes
from coursekit.exercise.layout import lay_out
from coursekit.exercise.parts import split_numbers
from coursekit.exercise.rules import Rule

_MOST_EDGES = 64  # ways to read the numbers of one part that lie on an edge


@dataclass(frozen=True)
class Sealed:
    """An expectation of which only digests are known; see `coursekit.exercise.rules`.

    Parameters
    ----------
    kind : str
        Kind of the expected answer, in words.
    shape : dict
        Digest of each facet of the shape.
    parts : dict
        Digest of each path: digest of the part there, and the offsets of its numbers.
    salt : str
        What the digests were salted with, its own for each check.
    rule : Rule
        The rule the answer is compared by; its tolerance shapes the digests.
    """

    kind: str
    shape: dict[str, str]
    parts: dict[str, list[Any]]
    salt: str
    rule: Rule

    def facets(self) -> tuple[str, ...]:
        """Name the facets of the expected shape."""
        return tuple(self.shape)

    def count(self) -> int:
        """Count the expected parts."""
        return len(self.parts)

    def has_shape(self, facet: str, given: Plain) -> bool:
        """Compare the digest of one facet of the shape."""
        return self.shape[facet] == digest(self.salt, [facet, given])

    def has_place(self, path: str) -> bool:
        """Look the digest of the path up."""
        return digest(self.salt, path) in self.parts

    def has_part(self, path: str, given: Plain) -> bool:
        """Compare the digest of one part."""
        sealed, offsets = self.parts[digest(self.salt, path)]
        skeleton, numbers = split_numbers(given)
        if len(numbers) != len(offsets):
            return False
        cells = product(*map(self.rule.places, numbers, offsets))
        return any(
            sealed == digest(self.salt, [path, skeleton, list(places)])
            for places in islice(cells, _MOST_EDGES)
        )

    def to_json(self) -> dict[str, Any]:
        """Give what a sidecar keeps; salt and rule stand once beside it."""
        return {"kind": self.kind, "shape": self.shape, "parts": self.parts}


def seal(plain: Plain, rule: Rule, salt: str) -> Sealed:
    """Replace a value by salted digests of its parts.

    Parameters
    ----------
    plain : object
        The value in plain form.
    rule : Rule
        The rule answers will be compared by.
    salt : str
        Text of any length, its own for each check.

    Returns
    -------
    Sealed
        Answers what the value would answer, and does not hold it.

    Notes
    -----
    A number is digested by its cell on a grid whose cells are as wide as the tolerance;
    the offset that centres a cell on it is kept beside the digest. Whoever can guess an
    answer can confirm the guess, as with any check in a notebook: marks come from the
    grader.
    """
    laid = lay_out(plain, ordered=rule.ordered)
    parts = {}
    for path, item in laid.items.items():
        skeleton, numbers = split_numbers(item)
        offsets = [rule.offset(number) for number in numbers]
        places = list(map(rule.place, numbers, offsets))
        sealed = digest(salt, [path, skeleton, places])
        parts[digest(salt, path)] = [sealed, offsets]
    shape = {facet: digest(salt, [facet, seen]) for facet, seen in laid.shape.items()}
    return Sealed(laid.kind, shape, dict(sorted(parts.items())), salt, rule)


def digest(salt: str, plain: Plain) -> str:
    """Give the salted digest of a plain tree, as 20 hexadecimal digits."""
    key = hashlib.blake2b(salt.encode()).digest()
    return hashlib.blake2b(answer_bytes(plain), key=key, digest_size=10).hexdigest()
