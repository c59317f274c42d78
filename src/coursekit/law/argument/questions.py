"""What becomes of an argument: accepted or not, and what would change that."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from coursekit.errors import UnknownNameError
from coursekit.law.argument.extensions import extensions, label_by
from coursekit.law.argument.framework import Framework, FrameworkError, read_framework
from coursekit.law.argument.masks import (
    Masks,
    bits_of,
    find_defence,
    find_grounded,
    join,
)
from coursekit.law.argument.semantics import (
    Label,
    Semantics,
    demand_semantics,
    list_sets,
    masks_of,
)

if TYPE_CHECKING:
    import pandas as pd

Acceptance = Literal["sceptical", "credulous", "rejected"]
Change = Literal["removal", "addition"]


@dataclass(frozen=True)
class ArgumentFlip:
    """Arguments whose removal or addition changes the standing of another one.

    Parameters
    ----------
    argument : str
        Whose standing changes.
    changed : tuple of str
        What is removed or added, in the framework's order; no part of it would do.
    by : {'removal', 'addition'}
        Which of the two.
    before, after : str
        The standing: under the grounded semantics a label, ``"in"``, ``"out"`` or
        ``"undecided"``; under the others what `acceptance` says.
    """

    argument: str
    changed: tuple[str, ...]
    by: Change
    before: str
    after: str

    def __str__(self) -> str:
        done = "Without" if self.by == "removal" else "With"
        changed = " and ".join(self.changed)
        moved = f"{self.argument} goes from {self.before} to {self.after}"
        return f"{done} {changed}, {moved}."


def acceptance(
    framework: Framework, argument: str, semantics: Semantics = "preferred"
) -> Acceptance:
    """Say whether every extension has an argument, or some, or none.

    Parameters
    ----------
    framework : Framework
        Of up to 40 arguments there is always an answer; of more see `extensions`.
    argument : str
        Its id.
    semantics : str, default "preferred"
        One of `SEMANTICS`.

    Returns
    -------
    {'sceptical', 'credulous', 'rejected'}
        In every extension; in some but not in every one; in none. Where there is no
        stable extension, every argument is rejected under the stable semantics (by the
        letter each would be in all of none as well).

    Raises
    ------
    UnknownNameError
        If there is no such argument or semantics.
    FrameworkTooLargeError
        If the framework is too large for an exact answer.
    """
    demand_semantics(semantics)
    return _accept(masks_of(framework), framework.place(argument), semantics)


def is_sceptically_accepted(
    framework: Framework, argument: str, semantics: Semantics = "preferred"
) -> bool:
    """Say whether every extension has an argument; see `acceptance`."""
    return acceptance(framework, argument, semantics) == "sceptical"


def is_credulously_accepted(
    framework: Framework, argument: str, semantics: Semantics = "preferred"
) -> bool:
    """Say whether at least one extension has an argument; see `acceptance`."""
    return acceptance(framework, argument, semantics) != "rejected"


def status(framework: Framework) -> pd.DataFrame:
    """Tabulate how each argument stands.

    Returns
    -------
    pandas.DataFrame
        One row an argument, in the framework's order: ``argument_id`` and ``claim``
        (string; "" where none is given), ``grounded`` (category: in, out, undecided),
        ``credulous`` and ``sceptical`` (bool: in some, in every preferred extension).

    Raises
    ------
    FrameworkTooLargeError
        If the preferred extensions cannot be listed.
    """
    import pandas as pd

    names = list(framework.arguments)
    labels = label_by(framework, extensions(framework, "grounded")[0])
    preferred = extensions(framework, "preferred")
    some, every = preferred.union(), preferred.common()
    return pd.DataFrame(
        {
            "argument_id": pd.array(names, dtype="string"),
            "claim": pd.array(
                [framework.claims.get(name, "") for name in names], dtype="string"
            ),
            "grounded": pd.Categorical(
                [labels[name] for name in names], ["in", "out", "undecided"]
            ),
            "credulous": [name in some for name in names],
            "sceptical": [name in every for name in names],
        }
    )


def flips(
    framework: Framework,
    argument: str,
    *,
    by: Change = "removal",
    candidates: Framework | Collection[str] | None = None,
    semantics: Semantics = "grounded",
    largest: int = 2,
) -> tuple[ArgumentFlip, ...]:
    """Find the smallest sets whose removal or addition changes an argument's standing.

    Parameters
    ----------
    framework : Framework
        Where to begin.
    argument : str
        Whose standing shall change; it is never removed itself.
    by : {'removal', 'addition'}
        Whether arguments go or come.
    candidates : Framework or collection of str, optional
        For a removal the ids that may go; all others by default. For an addition a
        framework that has this one's arguments and attacks and more: what it has more
        may come, each argument with its attacks; by default the arguments that the
        course's map leaves out on purpose.
    semantics : str, default "grounded"
        One of `SEMANTICS`; what the standing is under.
    largest : int, default 2
        Look at sets of up to that many arguments, at least 1. Each further one
        multiplies the work by the number of candidates.

    Returns
    -------
    tuple of ArgumentFlip
        Every set that does it while no part of it does, the smallest first, then in
        the framework's order. Empty where nothing does.

    Raises
    ------
    UnknownNameError
        If there is no such argument, candidate, semantics or way of changing.
    FrameworkError
        If ``candidates`` for an addition lacks what the framework has, or ``largest``
        is below 1.
    FrameworkTooLargeError
        If a framework on the way is too large for an exact answer.
    """
    demand_semantics(semantics)
    framework.place(argument)
    if by not in ("removal", "addition"):
        raise UnknownNameError("way to change a framework", by, ["addition", "removal"])
    if largest < 1:
        raise FrameworkError(
            f"flips() was asked for sets of {largest} arguments; "
            "largest is the most that may change at once, at least 1."
        )
    if by == "removal":
        whole, may = framework, _removable(framework, argument, candidates)
    else:
        whole = _widened(framework, candidates)
        may = [name for name in whole.arguments if name not in framework]
    masks, place = masks_of(whole), whole.place(argument)
    start = join(1 << whole.place(name) for name in framework.arguments)
    before = _stand(masks, start, place, semantics)
    found: list[ArgumentFlip] = []
    minimal: list[int] = []
    for names, changed in _sets_of(whole, may, largest):
        if any(small & changed == small for small in minimal):
            continue
        after = _stand(masks, start ^ changed, place, semantics)
        if after != before:
            minimal.append(changed)
            found.append(ArgumentFlip(argument, names, by, before, after))
    return tuple(found)


def describe_argument(framework: Framework, argument: str) -> str:
    """Say in a few sentences how an argument stands, and against whom.

    Raises
    ------
    UnknownNameError
        If there is no such argument.
    FrameworkTooLargeError
        If the preferred extensions cannot be listed.
    """
    labels = label_by(framework, extensions(framework, "grounded")[0])
    accepted = acceptance(framework, argument)
    attackers = framework.attackers(argument)
    count = extensions(framework, "preferred").number
    said = framework.claims.get(argument)
    return " ".join(
        [
            f"{argument} ({said.rstrip('.')})" if said else argument,
            f"is {labels[argument]} under the grounded semantics and",
            _IN_PREFERRED[accepted].format(count=count),
            _say_attackers(attackers, labels),
        ]
    )


_IN_PREFERRED = {
    "sceptical": "in every preferred extension (there are {count}).",
    "credulous": "in some of the {count} preferred extensions.",
    "rejected": "in no preferred extension (there are {count}).",
}


def _say_attackers(attackers: Collection[str], labels: dict[str, Label]) -> str:
    if not attackers:
        return "Nothing attacks it."
    listed = ", ".join(f"{name} ({labels[name]})" for name in attackers)
    return f"Its attackers: {listed}."


def _removable(
    framework: Framework, argument: str, candidates: Framework | Collection[str] | None
) -> list[str]:
    chosen = framework.arguments if candidates is None else candidates
    if isinstance(chosen, Framework):
        chosen = chosen.arguments
    wanted = {framework.arguments[framework.place(name)] for name in chosen}
    return [name for name in framework.arguments if name in wanted - {argument}]


def _widened(
    framework: Framework, candidates: Framework | Collection[str] | None
) -> Framework:
    if candidates is None:
        from coursekit.evidence import load

        candidates = read_framework(also=load("arguments")["argument_id"])
    if not isinstance(candidates, Framework):
        raise FrameworkError(
            "The candidates for an addition are needed with their attacks: give a "
            "framework that has them, made with with_arguments()."
        )
    lost = [name for name in framework.arguments if name not in candidates]
    lost += [
        f"{a}-{b}"
        for a, b in sorted(
            framework.attacks
            ^ {
                pair
                for pair in candidates.attacks
                if pair[0] in framework and pair[1] in framework
            }
        )
    ]
    if lost:
        raise FrameworkError(
            "The candidates must be the framework itself and more, but they differ "
            f"from it in {', '.join(lost)}; make them with with_arguments()."
        )
    return candidates


def _sets_of(
    framework: Framework, names: list[str], largest: int
) -> Iterator[tuple[tuple[str, ...], int]]:
    for size in range(1, min(largest, len(names)) + 1):
        for chosen in combinations(names, size):
            yield chosen, join(1 << framework.place(name) for name in chosen)


def _stand(masks: Masks, alive: int, argument: int, semantics: Semantics) -> str:
    """Give the label (grounded) or the acceptance of an argument among ``alive``."""
    if semantics == "grounded":
        inside = find_grounded(masks, alive)
        if inside >> argument & 1:
            return "in"
        return "out" if masks.attackers[argument] & inside else "undecided"
    own = masks.restricted_to(alive)
    return _accept(own, (alive & ((1 << argument) - 1)).bit_count(), semantics)


def _accept(masks: Masks, argument: int, semantics: Semantics) -> Acceptance:
    bit = 1 << argument
    if masks.selfish & bit:
        return "rejected"
    if semantics == "conflict-free":
        return "credulous"  # the argument alone is such a set, and so is the empty one
    if semantics in ("admissible", "complete", "preferred"):
        return _accept_by_defence(masks, argument, semantics)
    base, pieces = list_sets(masks, semantics)
    if any(not sets.size for _, sets in pieces):
        return "rejected"
    if base & bit:
        return "sceptical"
    for piece, sets in pieces:
        if piece & bit:
            here = np.uint64(1 << (piece & (bit - 1)).bit_count())
            having = int(np.count_nonzero(sets & here))
            return _SHARES[having == sets.size, having > 0]
    return "rejected"


_SHARES: dict[tuple[bool, bool], Acceptance] = {
    (True, True): "sceptical",
    (False, True): "credulous",
    (False, False): "rejected",
}


def _accept_by_defence(masks: Masks, argument: int, semantics: Semantics) -> Acceptance:
    """Look for a defence first: that is quick, and mostly enough."""
    bit = 1 << argument
    base = find_grounded(masks, masks.everything)
    if base & bit:
        return "credulous" if semantics == "admissible" else "sceptical"
    left = masks.everything & ~base & ~masks.attacked_by(base)
    allowed = left & ~masks.selfish
    defence = find_defence(masks, bit, allowed, left) if left & bit else 0
    if not defence:
        return "rejected"
    if semantics != "preferred":
        return "credulous"

    def is_opposed(members: int) -> bool:
        rivals = masks.attackers_of(members) & allowed
        return any(find_defence(masks, 1 << i, allowed, left) for i in bits_of(rivals))

    if is_opposed(bit):
        return "credulous"  # a preferred extension has what attacks the argument
    # A set whose attackers no admissible set has lies in every preferred one: theorem
    # 3.3 of Dung, Mancarella and Toni 2007, doi:10.1016/j.artint.2007.05.003
    if not is_opposed(defence):
        return "sceptical"
    return _accept_by_listing(masks, argument, left)


def _accept_by_listing(masks: Masks, argument: int, left: int) -> Acceptance:
    """List the preferred extensions of what leads to the argument by attacks.

    Nothing else bears on it, as preferred semantics is directional (Baroni and Giacomin
    2007, doi:10.1016/j.artint.2007.04.004). The argument is in some of them.
    """
    leading = border = 1 << argument
    while border:
        border = masks.attackers_of(border) & left & ~leading
        leading |= border
    _, pieces = list_sets(masks.restricted_to(leading), "preferred")
    here = np.uint64(1 << (leading & ((1 << argument) - 1)).bit_count())
    return "sceptical" if bool((pieces[0][1] & here).all()) else "credulous"
