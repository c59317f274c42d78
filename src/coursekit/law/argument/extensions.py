"""The extensions and labellings of a framework, under eight semantics."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import overload

import numpy as np

from coursekit.errors import UnknownNameError
from coursekit.law.argument.framework import Framework
from coursekit.law.argument.masks import bits_of, join
from coursekit.law.argument.search import Bits
from coursekit.law.argument.semantics import (
    SEMANTICS,
    UNLABELLED,
    Label,
    Semantics,
    demand_semantics,
    list_sets,
    masks_of,
)


class Extensions(Sequence[frozenset[str]]):
    """The extensions of a framework: a sequence that makes its sets when asked.

    It can be counted, searched and indexed at once even where it holds millions of
    sets. Arguments that no attack joins are listed apart and combined on demand. The
    order is fixed by the framework alone.
    """

    def __init__(
        self, framework: Framework, base: int, pieces: Sequence[tuple[int, Bits]]
    ) -> None:
        self.framework = framework
        self._base = base
        self._pieces = pieces  # each: the arguments of the piece, its sets in its bits
        self._members = [list(bits_of(piece)) for piece, _ in pieces]

    @property
    def number(self) -> int:
        """How many extensions there are (``len`` ends at `sys.maxsize`)."""
        return math.prod(sets.size for _, sets in self._pieces)

    def __len__(self) -> int:
        return self.number

    def __bool__(self) -> bool:
        return self.number > 0

    def __iter__(self) -> Iterator[frozenset[str]]:
        return (self._named(self._bits_at(place)) for place in range(self.number))

    def __contains__(self, members: object) -> bool:
        if not isinstance(members, Collection) or isinstance(members, str):
            return False
        if any(name not in self.framework for name in members):
            return False
        bits = join(1 << self.framework.place(name) for name in members)
        return (
            bits & ~join(piece for piece, _ in self._pieces) == self._base
            and self.number > 0
            and all(
                _holds(sets, _squeeze(bits, places))
                for (_, sets), places in zip(self._pieces, self._members, strict=True)
            )
        )

    @overload
    def __getitem__(self, place: int) -> frozenset[str]: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[frozenset[str], ...]: ...

    def __getitem__(
        self, place: int | slice
    ) -> frozenset[str] | tuple[frozenset[str], ...]:
        if isinstance(place, slice):
            places = range(*place.indices(self.number))
            return tuple(self._named(self._bits_at(i)) for i in places)
        if not -self.number <= place < self.number:
            raise IndexError(f"There are {self.number} extensions, so no {place}.")
        return self._named(self._bits_at(place % self.number))

    def __repr__(self) -> str:
        shown = ", ".join(_say_set(self.framework, found) for found in self[:3])
        more = f", and {self.number - 3} more" if self.number > 3 else ""
        named = "extension" if self.number == 1 else "extensions"
        return f"<{self.number} {named}: {shown or 'none'}{more}>"

    def common(self) -> frozenset[str]:
        """Give the arguments that every extension has; all of them if there is none."""
        if not self:
            return frozenset(self.framework.arguments)
        return self._named(self._reduced(np.bitwise_and))

    def union(self) -> frozenset[str]:
        """Give the arguments that some extension has."""
        if not self:
            return frozenset()
        return self._named(self._reduced(np.bitwise_or))

    def _reduced(self, operation: np.ufunc) -> int:
        spread = (
            _spread(int(operation.reduce(sets)), places)
            for (_, sets), places in zip(self._pieces, self._members, strict=True)
        )
        return self._base | join(spread)

    def _bits_at(self, place: int) -> int:
        bits = self._base
        for (_, sets), places in zip(
            self._pieces[::-1], self._members[::-1], strict=True
        ):
            place, here = divmod(place, sets.size)
            bits |= _spread(int(sets[here]), places)
        return bits

    def _named(self, bits: int) -> frozenset[str]:
        return frozenset(self.framework.arguments[i] for i in bits_of(bits))


class Labellings(Sequence[dict[str, Label]]):
    """The labellings that belong to extensions; made one by one, when asked.

    Parameters
    ----------
    extensions : Extensions
        Of a semantics whose extensions are complete.
    """

    def __init__(self, extensions: Extensions) -> None:
        self.extensions = extensions

    def __len__(self) -> int:
        return len(self.extensions)

    def __iter__(self) -> Iterator[dict[str, Label]]:
        framework = self.extensions.framework
        return (label_by(framework, found) for found in self.extensions)

    @overload
    def __getitem__(self, place: int) -> dict[str, Label]: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[dict[str, Label], ...]: ...

    def __getitem__(
        self, place: int | slice
    ) -> dict[str, Label] | tuple[dict[str, Label], ...]:
        framework = self.extensions.framework
        if isinstance(place, slice):
            return tuple(label_by(framework, found) for found in self.extensions[place])
        return label_by(framework, self.extensions[place])

    def __repr__(self) -> str:
        return f"<{self.extensions.number} labellings>"


def extensions(framework: Framework, semantics: Semantics) -> Extensions:
    """List the extensions of a framework under a semantics.

    For a framework (A, R) and a set E of arguments, write E+ for the arguments that E
    attacks, and let E *defend* a if E attacks every attacker of a. Then E is

    - *conflict-free* if no member attacks a member [1]_;
    - *admissible* if it is conflict-free and defends each of its members [1]_;
    - *complete* if it is admissible and has every argument that it defends [1]_;
    - *grounded* if it is the least complete set, the least fixed point of
      F(S) = {a : S defends a} [1]_; there is one;
    - *preferred* if it is a greatest admissible set, by inclusion [1]_;
    - *stable* if it is conflict-free and E+ = A - E [1]_; there may be none;
    - *semi-stable* if it is complete and E | E+ is greatest, by inclusion [2]_; these
      are the stable sets where there are any;
    - *ideal* if it is the greatest admissible set that lies in every preferred one
      [3]_; there is one.

    Support links play no part.

    Parameters
    ----------
    framework : Framework
        Of any size, as long as what hangs together after the grounded extension is
        taken out has at most 64 arguments and 3 million sets (250,000 conflict-free,
        admissible or complete ones). Every framework of up to 40 arguments has an exact
        answer under the grounded, preferred, stable, semi-stable and ideal semantics;
        the conflict-free, admissible and complete sets can be too many to list.
    semantics : str
        One of `SEMANTICS`.

    Returns
    -------
    Extensions
        A sequence of frozensets of ids, in an order fixed by the framework. It is
        empty only under the stable semantics.

    Raises
    ------
    UnknownNameError
        If there is no such semantics.
    FrameworkTooLargeError
        If they cannot be listed; the message says what still can be asked.

    References
    ----------
    .. [1] Dung P M, "On the acceptability of arguments and its fundamental role in
       nonmonotonic reasoning, logic programming and n-person games" (1995) 77
       Artificial Intelligence 321. doi:10.1016/0004-3702(94)00041-X
    .. [2] Caminada M, Carnielli W and Dunne P, "Semi-stable semantics" (2012) 22
       Journal of Logic and Computation 1207. doi:10.1093/logcom/exr033
    .. [3] Dung P M, Mancarella P and Toni F, "Computing ideal sceptical argumentation"
       (2007) 171 Artificial Intelligence 642. doi:10.1016/j.artint.2007.05.003

    Examples
    --------
    >>> nixon = Framework(["dove", "hawk"], [("dove", "hawk"), ("hawk", "dove")])
    >>> [sorted(found) for found in extensions(nixon, "preferred")]
    [['dove'], ['hawk']]
    """
    demand_semantics(semantics)
    masks = masks_of(framework)
    return Extensions(framework, *list_sets(masks, semantics))


def labellings(framework: Framework, semantics: Semantics) -> Labellings:
    """List the labellings of a framework under a semantics.

    Each complete extension E has one labelling: *in* for its members, *out* for what
    they attack, *undecided* for the rest. It is *complete*: an argument is in iff all
    its attackers are out, and out iff some attacker is in [1]_ [2]_.

    Parameters
    ----------
    framework : Framework
        See `extensions` for its size.
    semantics : str
        One of `SEMANTICS` but ``"conflict-free"`` and ``"admissible"``, whose sets do
        not fix a label for each argument.

    Returns
    -------
    Labellings
        A sequence of dictionaries from each argument to ``"in"``, ``"out"`` or
        ``"undecided"``, in the order of `extensions`.

    Raises
    ------
    UnknownNameError
        If there is no such semantics, or it has no labellings.
    FrameworkTooLargeError
        If they cannot be listed.

    References
    ----------
    .. [1] Caminada M, "On the issue of reinstatement in argumentation" in JELIA 2006,
       LNAI 4160, 111. doi:10.1007/11853886_11
    .. [2] Modgil S and Caminada M, "Proof theories and algorithms for abstract
       argumentation frameworks" in Rahwan I and Simari G (eds), Argumentation in
       Artificial Intelligence (Springer 2009) 105. doi:10.1007/978-0-387-98197-0_6
    """
    demand_semantics(semantics)
    if semantics in UNLABELLED:
        known = [name for name in SEMANTICS if name not in UNLABELLED]
        raise UnknownNameError("semantics with labellings", semantics, known)
    return Labellings(extensions(framework, semantics))


def grounded(framework: Framework) -> frozenset[str]:
    """Give the grounded extension: what nobody can reasonably reject. Any size.

    See `extensions` for the definition.
    """
    return extensions(framework, "grounded")[0]


def label_by(framework: Framework, members: Collection[str]) -> dict[str, Label]:
    """Label each argument by a set: in, attacked by it (out), or undecided.

    Parameters
    ----------
    framework : Framework
        Its order is that of the labels.
    members : collection of str
        The set; only where it is without conflict do the labels make sense.

    Raises
    ------
    UnknownNameError
        If a member is no argument of the framework.
    """
    masks, inside = masks_of(framework), write_set(framework, members)
    out = masks.attacked_by(inside)
    return {
        name: "in" if inside >> i & 1 else "out" if out >> i & 1 else "undecided"
        for i, name in enumerate(framework.arguments)
    }


def write_set(framework: Framework, members: Iterable[str]) -> int:
    """Write a set of arguments in bits; raise `UnknownNameError` at a stranger."""
    return join(1 << framework.place(name) for name in members)


def _spread(bits: int, places: Sequence[int]) -> int:
    return join(1 << places[i] for i in bits_of(bits))


def _squeeze(bits: int, places: Sequence[int]) -> int:
    return join(1 << new for new, old in enumerate(places) if bits >> old & 1)


def _holds(sets: Bits, bits: int) -> bool:
    place = int(np.searchsorted(sets, np.uint64(bits)))
    return place < sets.size and int(sets[place]) == bits


def _say_set(framework: Framework, members: frozenset[str]) -> str:
    named = [name for name in framework.arguments if name in members]
    return "{" + ", ".join(named) + "}"
