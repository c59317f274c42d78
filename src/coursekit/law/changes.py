"""What moves when a fact changes: another case, other findings, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from coursekit.errors import CoursekitError
from coursekit.law.doctrines import (
    Case,
    Doctrine,
    Outcome,
    assess,
    require_case,
)


@dataclass(frozen=True)
class Flip:
    """A doctrine whose outcome differs between two versions of a case.

    Parameters
    ----------
    doctrine_id, name : str
        Which doctrine.
    before, after : {'met', 'fails', 'needs facts'}
        Its outcome on either version.
    reasons : tuple of str
        Why the outcome after the change is what it is, in words.
    authority : str
        What the doctrine rests on, in words.
    sources : tuple of (str, str)
        Keys of the bibliography, each with a pinpoint (may be empty).
    """

    doctrine_id: str
    name: str
    before: Outcome
    after: Outcome
    reasons: tuple[str, ...]
    authority: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Change:
    """Facts that, had they been otherwise, would have given another outcome.

    Parameters
    ----------
    facts : mapping of str to str or None
        What the facts would have to be; None stands for unknown. All others stay.
    before, after : {'met', 'fails', 'needs facts'}
        The outcome of the case as it is, and with these facts.
    """

    facts: Mapping[str, str | None]
    before: Outcome
    after: Outcome


def what_if(
    case: Case, changes: Mapping[str, str | None] | None = None, **facts: str | None
) -> Case:
    """Copy a case with some facts changed; None makes a fact unknown.

    Parameters
    ----------
    case : Case
        Left as it is.
    changes : mapping, optional
        For facts whose name is no Python name: ``{"x:forces_help_suppress": "yes"}``.
    **facts : str or None
        The same for the others: ``internal_situation="nonviolent_protest"``.

    Returns
    -------
    Case
        With the same ``case_id``.

    Raises
    ------
    UnknownNameError
        If a fact or value does not exist.
    CoursekitError
        If the name of a case stands in its place.
    """
    require_case(case)
    return Case(case.case_id, {**case.facts, **(changes or {}), **facts})


def compare(
    before: Case, after: Case, doctrines: Iterable[Doctrine] | None = None
) -> tuple[Flip, ...]:
    """List the doctrines whose outcome differs between two versions of a case.

    Parameters
    ----------
    before, after : Case
        The case, and what `what_if` made of it.
    doctrines : iterable of Doctrine, optional
        The doctrines to look at; all of the dataset by default.

    Returns
    -------
    tuple of Flip
        In the order of the doctrines; empty where nothing moves.
    """
    from coursekit.law.record import read_doctrines

    flips = []
    for doctrine in read_doctrines().values() if doctrines is None else doctrines:
        old, new = assess(before, doctrine), assess(after, doctrine)
        if old.outcome != new.outcome:
            flip = Flip(
                doctrine_id=doctrine.doctrine_id,
                name=doctrine.name,
                before=old.outcome,
                after=new.outcome,
                reasons=new.reasons,
                authority=doctrine.authority,
                sources=doctrine.sources,
            )
            flips.append(flip)
    return tuple(flips)


def describe_change(
    before: Case, after: Case, doctrines: Iterable[Doctrine] | None = None
) -> str:
    """Say which facts were changed and which doctrines flip, and why.

    Parameters
    ----------
    before, after : Case
        The case, and what `what_if` made of it.
    doctrines : iterable of Doctrine, optional
        The doctrines to look at; all of the dataset by default.

    Returns
    -------
    str
        Sentences with each flip's reasons and authority.
    """
    changed = [
        f"{fact} from {_said(before.facts.get(fact))} to {_said(after.facts.get(fact))}"
        for fact in {**before.facts, **after.facts}
        if before.facts.get(fact) != after.facts.get(fact)
    ]
    if not changed:
        return f"Nothing is changed in {before.case_id}, so no doctrine moves."
    said = f"In {before.case_id}, changing {' and '.join(changed)} moves "
    flips = compare(before, after, doctrines)
    if not flips:
        return said + "no doctrine."
    moves = [_describe_flip(flip) for flip in flips]
    count = "1 doctrine" if len(flips) == 1 else f"{len(flips)} doctrines"
    return " ".join([f"{said}{count}.", *moves, "Nothing else moves."])


def decisive_facts(
    case: Case, doctrine: Doctrine, *, size: int = 2
) -> tuple[Change, ...]:
    """Find the smallest changes of facts that would give a doctrine another outcome.

    A known fact may become another value or unknown, an unknown one may become known.
    A change is listed if no part of it alone gives the same outcome. So a change to
    *met* that passes through *needs facts* is listed, and so is its first step.

    Parameters
    ----------
    case : Case
        Left as it is.
    doctrine : Doctrine
        Only the facts that it asks for can matter.
    size : int, default 2
        How many facts may change at once, at least 1.

    Returns
    -------
    tuple of Change
        Every such change, those of one fact first, then in the order in which the
        doctrine asks and the codebook lists the values, unknown last. Empty if no
        change of so few facts moves the outcome.

    Raises
    ------
    UnknownNameError
        If there is no such doctrine, or it asks for a fact or value that no case has.
    CoursekitError
        If ``size`` is below 1, or a name stands in the place of a case or doctrine.

    Examples
    --------
    >>> from coursekit.law import find_case, find_doctrine
    >>> thesis = decisive_facts(find_case("KAZ2022"), find_doctrine("D24"))
    >>> [change.facts for change in thesis if change.after == "met"]
    [{'internal_situation': 'nonviolent_protest', 'x:forces_help_suppress': 'yes'}]
    """
    if size < 1:
        raise CoursekitError(
            f"decisive_facts() was asked for changes of {size} facts; "
            "size is the most that may change at once, at least 1."
        )
    before = assess(case, doctrine).outcome
    found: list[Change] = []
    for facts in _other_facts(case, doctrine, size):
        after = assess(what_if(case, facts), doctrine).outcome
        parts = (old for old in found if old.after == after)
        if after == before or any(old.facts.items() <= facts.items() for old in parts):
            continue
        found.append(Change(facts, before, after))
    return tuple(found)


def _other_facts(
    case: Case, doctrine: Doctrine, size: int
) -> Iterator[dict[str, str | None]]:
    """Give every change of up to so many facts of a doctrine, the smallest first."""
    from coursekit.law.record import vocabulary

    asked = dict.fromkeys(need.fact for need in doctrine.requirements)
    others = {
        fact: [v for v in (*vocabulary()[fact], None) if v != case.facts.get(fact)]
        for fact in asked
    }
    for count in range(1, min(size, len(asked)) + 1):
        for facts in combinations(asked, count):
            for values in product(*(others[fact] for fact in facts)):
                yield dict(zip(facts, values, strict=True))


def describe_decisive_facts(case: Case, doctrine: Doctrine, *, size: int = 2) -> str:
    """Say which facts, alone or together, would change a finding.

    Parameters
    ----------
    case, doctrine, size
        As for `decisive_facts`.

    Returns
    -------
    str
        What the doctrine says of the case, and a sentence for each set of facts and
        each outcome that they can give.
    """
    changes = decisive_facts(case, doctrine, size=size)
    said = (
        f"{doctrine.doctrine_id} on {case.case_id}: {assess(case, doctrine).outcome}."
    )
    if not changes:
        few = "1 fact" if size == 1 else f"up to {size} facts"
        return f"{said} No change of {few} gives another outcome."
    groups: dict[tuple[Outcome, tuple[str, ...]], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.after, tuple(change.facts)), []).append(change)
    return " ".join(
        [said, *(_describe_group(after, group) for (after, _), group in groups.items())]
    )


def _describe_group(after: Outcome, group: list[Change]) -> str:
    """Say in one sentence which values of the same facts give an outcome."""
    rows = [tuple((_said(v),) for v in change.facts.values()) for change in group]
    ways = [
        ", and ".join(
            f"{fact} were {' or '.join(values)}"
            for fact, values in zip(group[0].facts, row, strict=True)
        )
        for row in _join_values(rows)
    ]
    verb = {"met": "be met", "fails": "fail", "needs facts": "need facts"}[after]
    return f"It would {verb} if {', or if '.join(ways)}."


def _join_values(
    rows: Iterable[tuple[tuple[str, ...], ...]],
) -> list[tuple[tuple[str, ...], ...]]:
    """Make one row of rows that differ in one place only, place by place."""
    rows = list(rows)
    for place in reversed(range(len(rows[0]))):
        joined: dict[tuple[tuple[str, ...], ...], list[str]] = {}
        for row in rows:
            joined.setdefault(row[:place] + row[place + 1 :], []).extend(row[place])
        rows = [
            (*rest[:place], tuple(values), *rest[place:])
            for rest, values in joined.items()
        ]
    return rows


def _describe_flip(flip: Flip) -> str:
    authority = flip.authority.rstrip(".")
    return (
        f"{flip.doctrine_id}, {flip.name}, goes from {flip.before} to {flip.after}, "
        f"because {' and '.join(flip.reasons)}."
    ) + f" Authority: {authority}." * bool(authority)


def _said(value: str | None) -> str:
    return "unknown" if value is None else value
