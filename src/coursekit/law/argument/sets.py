"""Whether a given set of arguments is an extension."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from coursekit.law.argument.extensions import extensions, write_set
from coursekit.law.argument.framework import Framework
from coursekit.law.argument.masks import has_admissible, join
from coursekit.law.argument.semantics import Semantics, demand_semantics, masks_of


def is_conflict_free(framework: Framework, members: Collection[str]) -> bool:
    """Say whether no member of a set attacks a member. Any size."""
    masks, inside = masks_of(framework), write_set(framework, members)
    return not masks.attacked_by(inside) & inside


def is_admissible(framework: Framework, members: Collection[str]) -> bool:
    """Say whether a set is conflict-free and attacks all its attackers. Any size."""
    masks, inside = masks_of(framework), write_set(framework, members)
    struck = masks.attacked_by(inside)
    return not struck & inside and not masks.attackers_of(inside) & ~struck


def is_complete(framework: Framework, members: Collection[str]) -> bool:
    """Say whether a set is admissible and has all that it defends. Any size."""
    masks, inside = masks_of(framework), write_set(framework, members)
    struck = masks.attacked_by(inside)
    defended = join(
        1 << i for i in range(masks.size) if not masks.attackers[i] & ~struck
    )
    return not struck & inside and defended == inside


def is_stable(framework: Framework, members: Collection[str]) -> bool:
    """Say whether a set attacks exactly the arguments outside it. Any size."""
    masks, inside = masks_of(framework), write_set(framework, members)
    return masks.attacked_by(inside) == masks.everything & ~inside


def is_preferred(framework: Framework, members: Collection[str]) -> bool:
    """Say whether a set is admissible and no larger one around it is. Any size."""
    if not is_admissible(framework, members):
        return False
    masks, inside = masks_of(framework), write_set(framework, members)
    left = masks.everything & ~inside & ~masks.attacked_by(inside)
    return not has_admissible(masks, left & ~masks.selfish, left)


def is_extension(
    framework: Framework, members: Collection[str], semantics: Semantics
) -> bool:
    """Say whether a set is an extension under a semantics.

    Parameters
    ----------
    framework : Framework
        Of any size, but for ``"semi-stable"`` and ``"ideal"``: see `extensions`.
    members : collection of str
        The set.
    semantics : str
        One of `SEMANTICS`.

    Raises
    ------
    UnknownNameError
        If a member is no argument of the framework, or there is no such semantics.
    FrameworkTooLargeError
        If that needs a list that cannot be made.
    """
    demand_semantics(semantics)
    if semantics in _TESTS:
        return _TESTS[semantics](framework, members)
    write_set(framework, members)
    return frozenset(members) in extensions(framework, semantics)


_TESTS: Mapping[str, Callable[[Framework, Collection[str]], bool]] = {
    "conflict-free": is_conflict_free,
    "admissible": is_admissible,
    "complete": is_complete,
    "stable": is_stable,
    "preferred": is_preferred,
}
