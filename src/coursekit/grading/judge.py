"""Judge shipped values in the grader's own process, by the reference's stored rule."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from coursekit.exercise.layout import lay_out
from coursekit.exercise.rules import Comparison, compare
from coursekit.grading.frame import Check, Frame, Question
from coursekit.grading.merge import Merged
from coursekit.grading.run import CellRecord, Run


class Judgement(StrEnum):
    """What came of a question or a check; the list is closed."""

    CORRECT = "correct"
    PARTLY_CORRECT = "partly correct"
    WRONG = "wrong"
    NOT_ATTEMPTED = "not attempted"
    ERROR = "error"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class CheckResult:
    """What came of one check, with the points it gave."""

    name: str
    hidden: bool
    judgement: Judgement
    points: float
    maximum: float
    message: str
    seconds: float = 0.0


@dataclass(frozen=True)
class QuestionResult:
    """What came of one question.

    A written question that has a text is judged by people: ``awaiting_review`` is true,
    ``judgement`` and ``points`` are missing, and no automatic total counts it.
    """

    name: str
    judgement: Judgement | None
    points: float | None
    maximum: float
    checks: tuple[CheckResult, ...] = ()
    awaiting_review: bool = False
    message: str = ""


class _UnusableAnswerError(Exception):
    """Why what a check cell shipped cannot count."""


def judge(frame: Frame, merged: Merged, run: Run) -> tuple[QuestionResult, ...]:
    """Judge every question of an exercise.

    Parameters
    ----------
    frame : Frame
        Expectations, rules and points; the maximum comes from here alone.
    merged : Merged
        What was run, for which answers are as they were given.
    run : Run
        Records of the cells. Of what a check cell shipped only ``value`` is taken.

    Returns
    -------
    tuple of QuestionResult
        One for each question, in the order of the exercise.
    """
    return tuple(_judge_question(asked, merged, run) for asked in frame.questions)


def judge_unreadable(frame: Frame, reason: str) -> tuple[QuestionResult, ...]:
    """Judge a submission that is no notebook: every question is an error."""
    return tuple(
        QuestionResult(
            name=asked.name,
            judgement=Judgement.ERROR,
            points=0.0,
            maximum=asked.maximum,
            checks=tuple(
                CheckResult(c.name, c.hidden, Judgement.ERROR, 0.0, c.points, reason)
                for c in asked.checks
            ),
            message=reason,
        )
        for asked in frame.questions
    )


def _judge_question(asked: Question, merged: Merged, run: Run) -> QuestionResult:
    untouched = all(merged.answers[cell_id].untouched for cell_id in asked.answer_ids)
    if asked.written:
        if untouched:
            return QuestionResult(
                asked.name, Judgement.NOT_ATTEMPTED, 0.0, asked.maximum
            )
        return QuestionResult(
            asked.name,
            None,
            None,
            asked.maximum,
            awaiting_review=True,
            message="A person marks this answer.",
        )
    answers = [run.records[i] for i in asked.answer_ids if i in run.records]
    checks = tuple(
        _judge_check(check, answers, run, untouched=untouched) for check in asked.checks
    )
    points = round(sum(check.points for check in checks), 6)
    worst = next((c for c in checks if c.judgement is not Judgement.CORRECT), None)
    return QuestionResult(
        name=asked.name,
        judgement=_sum_up(checks, points),
        points=points,
        maximum=asked.maximum,
        checks=checks,
        message=worst.message if worst else "",
    )


def _sum_up(checks: Sequence[CheckResult], points: float) -> Judgement:
    """Sum the judgements of checks up to one; causes go before mere wrongness."""
    judged = [check.judgement for check in checks]
    if all(judgement is Judgement.CORRECT for judgement in judged):
        return Judgement.CORRECT
    if points > 0:
        return Judgement.PARTLY_CORRECT
    for cause in (
        Judgement.OUT_OF_MEMORY,
        Judgement.TIMED_OUT,
        Judgement.ERROR,
        Judgement.NOT_RUN,
        Judgement.NOT_ATTEMPTED,
    ):
        if cause in judged:
            return cause
    return Judgement.WRONG


def _judge_check(
    check: Check, answers: Iterable[CellRecord], run: Run, *, untouched: bool
) -> CheckResult:
    record = run.records.get(check.cell_id) or CellRecord(check.cell_id, "not_run")

    def result(judgement: Judgement, points: float, message: str) -> CheckResult:
        return CheckResult(
            check.name,
            check.hidden,
            judgement,
            round(points, 6),
            check.points,
            message,
            record.seconds,
        )

    comparison, reason = _compare(check, record)
    if comparison is not None and comparison.stage == "matches":
        return result(Judgement.CORRECT, check.points, comparison.message)
    if untouched:
        message = "The answer cell is as it was given."
        return result(Judgement.NOT_ATTEMPTED, 0.0, message)
    share = _share(check, comparison, record)
    if share > 0 and comparison is not None:
        points = check.points * share
        return result(Judgement.PARTLY_CORRECT, points, comparison.message)
    for cause in (*answers, record):
        where = "The check" if cause is record else "The answer"
        judgement, message = explain(cause, where=where)
        if judgement is not None:
            return result(judgement, 0.0, message)
    return result(Judgement.WRONG, 0.0, comparison.message if comparison else reason)


def _compare(check: Check, record: CellRecord) -> tuple[Comparison | None, str]:
    """Compare what a check cell shipped, or say why there is nothing to compare."""
    try:
        given = _value(check, record)
    except _UnusableAnswerError as error:
        return None, str(error)
    try:
        comparison = compare(check.expected, given, check.rule)
        if comparison.stage != "matches":
            comparison = _recognise(check, given, comparison)
    except Exception:  # noqa: BLE001 - a student's process may send any tree at all
        return None, "The shipped answer is malformed."
    return comparison, ""


def _recognise(check: Check, given: Any, comparison: Comparison) -> Comparison:
    """Say what the author has to say of a mistake that was foreseen."""
    for value, message in check.attempts:
        if compare(value, given, check.rule).stage == "matches":
            return replace(comparison, message=message)
    return comparison


def _value(check: Check, record: CellRecord) -> Any:
    """Take the one value that a check cell shipped; nothing else of it counts."""
    if not record.answers:
        raise _UnusableAnswerError("The check cell shipped no answer.")
    if len(record.answers) > 1:
        raise _UnusableAnswerError(
            "The check cell shipped more than one answer; one must come."
        )
    text = record.answers[0]
    if not text:
        raise _UnusableAnswerError("The answer is too large to judge.")
    try:
        shipped = json.loads(text)
    except (ValueError, RecursionError):
        raise _UnusableAnswerError("The shipped answer is malformed.") from None
    if not isinstance(shipped, dict) or "value" not in shipped:
        raise _UnusableAnswerError("The shipped answer is malformed.")
    if shipped.get("check") != check.name:
        raise _UnusableAnswerError(
            "The check cell shipped the answer of another check."
        )
    return shipped["value"]


def _share(check: Check, comparison: Comparison | None, record: CellRecord) -> float:
    """Share of the parts that are right, in 0-1; parts too many count as wrong."""
    if comparison is None or not check.rule.partial:
        return 0.0
    if comparison.stage == "values differ":
        return comparison.matched / comparison.total
    # A set that holds everything holds what was asked for: count the rest against it.
    given = lay_out(_value(check, record), ordered=check.rule.ordered)
    surplus = max(len(given.items) - comparison.matched, 0)
    return comparison.matched / (comparison.total + surplus)


def explain(record: CellRecord, *, where: str) -> tuple[Judgement | None, str]:
    """Say why a cell gave no value.

    Parameters
    ----------
    record : CellRecord
        What came of the cell.
    where : str
        What the cell is, at the beginning of a sentence: ``"The answer"``.

    Returns
    -------
    tuple of Judgement or None, and str
        The judgement and a sentence; ``None`` and nothing where it simply ran.
    """
    said = f"{record.ename}: {record.evalue}" if record.evalue else record.ename
    if record.status in ("ok", "differs"):
        return None, ""
    if record.status == "error" and record.ename == "NotImplementedError":
        return Judgement.NOT_ATTEMPTED, "The answer is not finished."
    if record.status == "error" and record.ename == "MemoryError":
        return Judgement.OUT_OF_MEMORY, f"{where} ran out of memory."
    if record.status == "error":
        return Judgement.ERROR, f"{where} raised {said}"
    if record.status == "timed_out":
        return Judgement.TIMED_OUT, f"{where} took too long and was stopped."
    if record.status == "kernel_died":
        return Judgement.ERROR, f"The kernel died while {where.lower()} ran."
    return Judgement.NOT_RUN, "The kernel had stopped before."
