"""Which version counts, what lateness takes off, and how a total comes about."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any

from coursekit.desk.course import Assignment, LateRule

AGREED = "agreed"  # the marker whose mark decides where two differ


@dataclass(frozen=True)
class HandedIn:
    """One version that a student handed in.

    ``submitted`` is missing where nobody but the student says when it was;
    ``marked_late`` is the platform's word. ``attempt`` and then ``order``, in which
    they were collected, tell versions apart that came at the same time, or at none
    that is known.
    """

    hash: str
    submitted: datetime | None
    marked_late: bool
    order: int
    attempt: int = 0
    file: str = ""
    name: str = ""


@dataclass(frozen=True)
class Choice:
    """The version that counts, and how late it is.

    ``late`` is missing where it is not late, and where it is by an unknown time:
    ``is_late`` tells. ``closed`` says that it came when nothing was taken any more.
    """

    version: HandedIn
    late: timedelta | None = None
    is_late: bool = False
    closed: bool = False


def choose(
    versions: Sequence[HandedIn], assignment: Assignment, student: str
) -> Choice | None:
    """Choose which of a student's versions counts.

    Parameters
    ----------
    versions : sequence of HandedIn
        All that were handed in.
    assignment : Assignment
        Due date, extensions, and whether the last one on time goes before a late one.
    student : str
        Whose they are.

    Returns
    -------
    Choice or None
        The last version that was taken; where all came after closing, the last, which
        counts nothing; None where there is none.
    """
    judged = [_judge(one, assignment, student) for one in in_order(versions)]
    taken = [choice for choice in judged if not choice.closed]
    if assignment.counts == "on_time":
        taken = [choice for choice in taken if not choice.is_late] or taken
    choices = taken or judged
    return choices[-1] if choices else None


def in_order(versions: Iterable[HandedIn]) -> list[HandedIn]:
    """Put versions in the order in which they were handed in.

    One without a time was not told apart by its platform: it goes before all others,
    in its place among its like.
    """
    return sorted(versions, key=lambda one: (_time(one), one.attempt, one.order))


def measure_deduction(
    rule: LateRule, choice: Choice | None, points: float, possible: float
) -> float:
    """Measure how many points lateness takes off.

    Parameters
    ----------
    rule : LateRule
        What late work loses.
    choice : Choice or None
        How late it is; lateness of an unknown time counts as one interval.
    points, possible : float
        Points earned, and those that could be.

    Returns
    -------
    float
        Points, 0 or more and at most ``points``.
    """
    if choice is None or not choice.is_late:
        return 0.0
    begun = 1 if choice.late is None else math.ceil(choice.late / rule.interval)
    floor = min(points, rule.lowest * possible)
    left = max(points - begun * rule.deduction * possible, floor, 0.0)
    return round(points - left, 6)


def marked_points(
    rubric: Sequence[Mapping[str, Any]], marks: Mapping[str, Mapping[str, str]]
) -> float | None:
    """Add up what markers gave a written answer.

    Parameters
    ----------
    rubric : sequence of mapping
        Criteria with ``id`` and ``levels`` of ``id`` and ``points``.
    marks : mapping of str to mapping
        For each marker the level's id by the criterion's.

    Returns
    -------
    float or None
        The mean over markers, or what `AGREED` gave; None while no marker has chosen
        a level that there is for every criterion.
    """
    worth = {
        str(criterion["id"]): {
            str(one["id"]): one["points"] for one in criterion["levels"]
        }
        for criterion in rubric
    }
    sums = {
        marker: sum(worth[criterion][levels[criterion]] for criterion in worth)
        for marker, levels in marks.items()
        if all(levels.get(criterion) in worth[criterion] for criterion in worth)
    }
    if not sums:
        return None
    return round(float(sums.get(AGREED, fmean(sums.values()))), 6)


def total_shares(
    shares: Mapping[str, float], weights: Mapping[str, float], drop_lowest: int
) -> tuple[float | None, tuple[str, ...]]:
    """Weigh the exercises of one student, the lowest dropped.

    Parameters
    ----------
    shares, weights : mapping of str to float
        Share of the points, in 0-1, and weight of each exercise.
    drop_lowest : int
        How many of the lowest shares to leave out; one exercise always stays. Of equal
        ones the earlier goes.

    Returns
    -------
    tuple of float or None, and tuple of str
        The weighted mean share, None where nothing has weight, and what was dropped.
    """
    number = max(0, min(drop_lowest, len(shares) - 1))
    dropped = tuple(sorted(shares, key=lambda slug: shares[slug])[:number])
    kept = [slug for slug in shares if slug not in dropped]
    weight = math.fsum(weights[slug] for slug in kept)
    if not weight:
        return None, dropped
    return math.fsum(weights[s] * shares[s] for s in kept) / weight, dropped


def _judge(version: HandedIn, assignment: Assignment, student: str) -> Choice:
    due, rule = assignment.due_for(student), assignment.late
    if due is None:
        return Choice(version)
    if version.submitted is None:
        # The platform does not know of an extension given here.
        extended = due != assignment.due
        return Choice(version, is_late=version.marked_late and not extended)
    late = version.submitted - due
    if late <= rule.grace:
        return Choice(version)
    closed = rule.closes is not None and late > rule.closes
    return Choice(version, late, is_late=True, closed=closed)


def _time(version: HandedIn) -> float:
    return -math.inf if version.submitted is None else version.submitted.timestamp()


def sum_points(points: Iterable[float]) -> float:
    """Add points up without floating-point noise."""
    return round(math.fsum(points), 6)
