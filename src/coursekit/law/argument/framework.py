"""Arguments and the attacks between them: Dung's abstract frameworks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from coursekit.errors import CoursekitError, UnknownNameError

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

Pair = tuple[str, str]


class FrameworkError(CoursekitError, ValueError):
    """A framework cannot be made of what was given; the message names it."""


@dataclass(frozen=True, init=False)
class Framework:
    """An abstract argumentation framework: a set of arguments and who attacks whom.

    A framework is a pair (A, R) of a finite set A and a relation R on A; (a, b) in R
    reads *a attacks b* [1]_. What an argument says, and who says it, plays no part.

    Support links are kept, so that a map can show them. **They play no part in the
    semantics**: no extension, label or acceptance depends on them.

    Parameters
    ----------
    arguments : iterable of str
        The ids, each once; their order is kept.
    attacks : iterable of (str, str)
        Attacker and target. An argument may attack itself.
    supports : iterable of (str, str), optional
        Supporter and supported.
    claims : mapping of str to str, optional
        What an argument says, by id; an argument without one is missing there.

    Raises
    ------
    FrameworkError
        If an id stands twice, or an attack or a support is no pair.
    UnknownNameError
        If an attack, a support or a claim names an argument that is not there.

    References
    ----------
    .. [1] Dung P M, "On the acceptability of arguments and its fundamental role in
       nonmonotonic reasoning, logic programming and n-person games" (1995) 77
       Artificial Intelligence 321, definition 2. doi:10.1016/0004-3702(94)00041-X

    Examples
    --------
    >>> Framework(["a", "b"], [("a", "b")]).attackers("b")
    ('a',)
    """

    arguments: tuple[str, ...]
    attacks: frozenset[Pair]
    supports: frozenset[Pair]
    claims: Mapping[str, str] = field(hash=False)

    def __init__(
        self,
        arguments: Iterable[str],
        attacks: Iterable[Pair] = (),
        *,
        supports: Iterable[Pair] = (),
        claims: Mapping[str, str] | None = None,
    ) -> None:
        if not isinstance(arguments, Iterable):
            raise FrameworkError(
                f"The arguments are {arguments!r}; write their ids as ['a', 'b']."
            )
        names = tuple(arguments)
        pairs = _read_pairs("attack", attacks)
        links = _read_pairs("support", supports)
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise FrameworkError(
                f"The argument {twice[0]!r} is named {names.count(twice[0])} times; "
                "an argument has one id, and an id one argument."
            )
        _demand_known("argument", (name for pair in pairs for name in pair), names)
        _demand_known("argument", (name for pair in links for name in pair), names)
        _demand_known("argument", claims or (), names)
        # A frozen dataclass can be filled in no other way.
        object.__setattr__(self, "arguments", names)
        object.__setattr__(self, "attacks", pairs)
        object.__setattr__(self, "supports", links)
        object.__setattr__(self, "claims", dict(claims or {}))

    def __len__(self) -> int:
        return len(self.arguments)

    def __contains__(self, argument: object) -> bool:
        return argument in self._places

    def __repr__(self) -> str:
        counted = f"{len(self)} arguments, {len(self.attacks)} attacks"
        return f"<Framework of {counted}, {len(self.supports)} supports>"

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.arguments)}

    def place(self, argument: str) -> int:
        """Give the place of an argument in `arguments`, counted from 0.

        Raises
        ------
        UnknownNameError
            If there is no such argument.
        """
        if argument not in self._places:
            raise UnknownNameError("argument", argument, self.arguments)
        return self._places[argument]

    def attackers(self, argument: str) -> tuple[str, ...]:
        """List who attacks an argument, in the framework's order.

        Raises
        ------
        UnknownNameError
            If there is no such argument.
        """
        self.place(argument)
        return tuple(a for a in self.arguments if (a, argument) in self.attacks)

    def targets(self, argument: str) -> tuple[str, ...]:
        """List whom an argument attacks, in the framework's order.

        Raises
        ------
        UnknownNameError
            If there is no such argument.
        """
        self.place(argument)
        return tuple(b for b in self.arguments if (argument, b) in self.attacks)

    def without(self, *arguments: str) -> Framework:
        """Remove arguments, with every attack and support that they take part in.

        Raises
        ------
        UnknownNameError
            If one of them is not there.
        """
        _demand_known("argument", arguments, self.arguments)
        return self.restricted_to(set(self.arguments) - set(arguments))

    def restricted_to(self, arguments: Iterable[str]) -> Framework:
        """Keep some arguments, and the attacks and supports among them.

        Raises
        ------
        UnknownNameError
            If one of them is not there.
        """
        kept = set(arguments)
        _demand_known("argument", kept, self.arguments)
        return Framework(
            (name for name in self.arguments if name in kept),
            (pair for pair in self.attacks if kept.issuperset(pair)),
            supports=(pair for pair in self.supports if kept.issuperset(pair)),
            claims={a: said for a, said in self.claims.items() if a in kept},
        )

    def without_attacks(self, *pairs: Pair) -> Framework:
        """Remove attacks; the arguments stay.

        Raises
        ------
        UnknownNameError
            If one of them is not there.
        """
        known = {_say_attack(pair): pair for pair in self.attacks}
        for pair in pairs:
            if pair not in self.attacks:
                raise UnknownNameError("attack", _say_attack(pair), known)
        return self._with(attacks=self.attacks.difference(pairs))

    def with_arguments(
        self, arguments: Iterable[str], attacks: Iterable[Pair] = ()
    ) -> Framework:
        """Add arguments with the attacks that come with them.

        Raises
        ------
        FrameworkError
            If one of the arguments is there already.
        UnknownNameError
            If an attack names an argument that is neither there nor added.
        """
        names = [*self.arguments, *arguments]
        return self._with(arguments=names, attacks=self.attacks.union(attacks))

    def with_attacks(self, *pairs: Pair) -> Framework:
        """Add attacks between arguments that are there.

        Raises
        ------
        UnknownNameError
            If an attack names an argument that is not there.
        """
        return self._with(attacks=self.attacks.union(pairs))

    def graph(self) -> nx.DiGraph:
        """Give the framework as a directed graph.

        Returns
        -------
        networkx.DiGraph
            An edge for each attack (``kind="attack"``) and each support
            (``kind="support"``; where a pair is both, ``"attack"``). A node has its
            ``claim`` ("" where it has none).
        """
        import networkx as nx

        graph = nx.DiGraph()
        for argument in self.arguments:
            graph.add_node(argument, claim=self.claims.get(argument, ""))
        graph.add_edges_from(sorted(self.supports), kind="support")
        graph.add_edges_from(sorted(self.attacks), kind="attack")
        return graph

    def _with(self, **changed: Any) -> Framework:
        parts = {"arguments": self.arguments, "attacks": self.attacks, **changed}
        return Framework(**parts, supports=self.supports, claims=self.claims)


def read_framework(
    arguments: pd.DataFrame | None = None,
    attacks: pd.DataFrame | None = None,
    *,
    also: Iterable[str] = (),
) -> Framework:
    """Make the framework of the course's argument map.

    Parameters
    ----------
    arguments : pandas.DataFrame, optional
        Rows as in the dataset ``arguments``, which is the default: ``argument_id``,
        ``claim``, ``in_map``, and ``supports`` (ids joined by ``;``, may be missing).
    attacks : pandas.DataFrame, optional
        Rows as in the dataset ``attacks``, which is the default: ``attacker`` and
        ``target``.
    also : iterable of str, optional
        Arguments that the map leaves out on purpose and that shall come in, each with
        its attacks.

    Returns
    -------
    Framework
        The arguments with ``in_map`` and those of ``also``, with every attack and
        support among them.

    Raises
    ------
    FrameworkError
        If two rows have the same ``argument_id``.
    UnknownNameError
        If ``also`` or an attack names an argument that has no row.
    """
    from coursekit.evidence import load

    nodes = load("arguments") if arguments is None else arguments
    edges = load("attacks") if attacks is None else attacks
    ids = [str(name) for name in nodes["argument_id"]]
    links = [
        (name, supported.strip())
        for name, listed in zip(ids, nodes["supports"].fillna(""), strict=True)
        for supported in str(listed).split(";")
        if supported.strip()
    ]
    everything = Framework(
        ids,
        zip(edges["attacker"].map(str), edges["target"].map(str), strict=True),
        supports=links,
        claims=dict(zip(ids, nodes["claim"].map(str), strict=True)),
    )
    shown = {name for name, kept in zip(ids, nodes["in_map"], strict=True) if kept}
    return everything.restricted_to(shown.union(also))


def _read_pairs(kind: str, given: Iterable[Pair]) -> frozenset[Pair]:
    if not isinstance(given, Iterable):
        raise FrameworkError(f"The {kind}s are {given!r}; write [('a', 'b')].")
    pairs = list(given)
    for pair in pairs:
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise FrameworkError(
                f"The {kind} {pair!r} is no pair of ids; write it as ('a', 'b')."
            )
    return frozenset((a, b) for a, b in pairs)


def _demand_known(kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    there = set(known)
    for name in names:
        if name not in there:
            raise UnknownNameError(kind, name, there)


def _say_attack(pair: Pair) -> str:
    return f"{pair[0]}-{pair[1]}"
