"""What moves when a fact changes: another case, other findings, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coursekit.law.doctrines import Case, Doctrine, Outcome, assess


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
    """
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


def _describe_flip(flip: Flip) -> str:
    authority = flip.authority.rstrip(".")
    return (
        f"{flip.doctrine_id}, {flip.name}, goes from {flip.before} to {flip.after}, "
        f"because {' and '.join(flip.reasons)}."
    ) + f" Authority: {authority}." * bool(authority)


def _said(value: str | None) -> str:
    return "unknown" if value is None else value
