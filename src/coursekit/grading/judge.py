"""Judge shipped values in the grader's own process, by the reference's stored rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from coursekit.exercise.answers import Plain
from coursekit.exercise.layout import lay_out
from coursekit.exercise.parts import Parts, likeness
from coursekit.exercise.rules import Comparison, Known, compare_parts, quote
from coursekit.exercise.trees import MalformedAnswerError, read_json, read_value
from coursekit.grading.frame import Check, Frame, Question
from coursekit.grading.merge import Merged
from coursekit.grading.run import CellRecord, Run

_GUESS = "A part of the points is given once two different values are right."
_MOST_SAID = 300  # characters of an exception's message
# numpy raises a MemoryError of its own.
_OUT_OF_MEMORY = {"MemoryError", "_ArrayMemoryError"}


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


def judge(frame: Frame, merged: Merged, run: Run) -> tuple[QuestionResult, ...]:
    """Judge every question of an exercise.

    Parameters
    ----------
    frame : Frame
        Expectations, rules and points; the maximum comes from here alone.
    merged : Merged
        What was run, for which answers are as they were given.
    run : Run
        Records of the cells, in the order in which they ran. Of what a check cell
        shipped only the value is taken that came last under the check's own name. It
        counts whatever became of the cell after.

    Returns
    -------
    tuple of QuestionResult
        One for each question, in the order of the exercise.
    """
    stopped = _where_stopped(frame, run)
    return tuple(
        _judge_question(asked, merged, run, stopped) for asked in frame.questions
    )


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


def _where_stopped(frame: Frame, run: Run) -> str:
    """Say, at the end of a sentence, where the kernel stopped: at the last that ran."""
    ran = [cell_id for cell_id, one in run.records.items() if one.status != "not_run"]
    for asked in frame.questions if ran else ():
        if ran[-1] in asked.answer_ids:
            return f"at the answer to {asked.name!r}"
        if any(check.cell_id == ran[-1] for check in asked.checks):
            return f"at a check of {asked.name!r}"
    return "at an earlier cell" if ran else "before"


def _judge_question(
    asked: Question, merged: Merged, run: Run, stopped: str
) -> QuestionResult:
    given = [merged.answers[cell_id] for cell_id in asked.answer_ids]
    unanswered = ""
    if all(answer.untouched for answer in given):
        unanswered = "The answer cell is missing, empty or as it was given."
    if asked.written:
        if unanswered:
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
        _judge_check(
            check,
            [*answers, run.records.get(check.cell_id, CellRecord("", "not_run"))],
            unanswered=unanswered,
            stopped=stopped,
        )
        for check in asked.checks
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
    check: Check, records: Sequence[CellRecord], *, unanswered: str, stopped: str
) -> CheckResult:
    """Judge one check by the records of the answer's cells and of its own, the last."""
    judgement, share, message = Judgement.WRONG, 0.0, ""
    try:
        value = _take_value(check, records[-1])
    except MalformedAnswerError as error:
        message = str(error)
    else:
        judgement, share, message = _judge_value(check, value)
    if check.asserts and records[-1].ename == "AssertionError":
        message = quote(records[-1].evalue, _MOST_SAID) or "A test did not hold."
        judgement = Judgement.WRONG
    elif judgement is Judgement.WRONG and not unanswered:
        judgement, message = _find_cause(records, stopped) or (judgement, message)
    if unanswered and judgement is not Judgement.CORRECT:
        judgement, share, message = Judgement.NOT_ATTEMPTED, 0.0, unanswered
    return CheckResult(
        name=check.name,
        hidden=check.hidden,
        judgement=judgement,
        points=round(check.points * share, 6),
        maximum=check.points,
        message=message,
        seconds=records[-1].seconds,
    )


def _find_cause(
    records: Sequence[CellRecord], stopped: str
) -> tuple[Judgement, str] | None:
    """Find the first cell that did not do its work, and say so."""
    for record in records:
        where = "The check" if record is records[-1] else "The answer"
        judgement, message = explain(record, where=where, stopped=stopped)
        if judgement is not None:
            return judgement, message
    return None


def _judge_value(check: Check, value: Plain) -> tuple[Judgement, float, str]:
    """Judge a value: what it is, its share of the points in 0-1, and a sentence."""
    if check.asserts:
        return _judge_asserted(check, value)
    given = lay_out(value, ordered=check.rule.ordered)
    known = _know(check, check.expected)
    found = compare_parts(known, given)
    if found.stage == "matches":
        return Judgement.CORRECT, 1.0, found.message
    for attempt, message in check.attempts:
        # What the author has to say of a mistake that was foreseen.
        if compare_parts(_know(check, attempt), given).stage == "matches":
            found = replace(found, message=message)
            break
    if not check.rule.partial or not found.right:
        return Judgement.WRONG, 0.0, found.message
    share = _share(known, found)
    if not share:
        return Judgement.WRONG, 0.0, f"{found.message} {_GUESS}"
    return Judgement.PARTLY_CORRECT, share, found.message


def _judge_asserted(check: Check, value: Plain) -> tuple[Judgement, float, str]:
    """Judge what a test of nbgrader's gave: a number of points, or that it ended."""
    share = 1.0
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        share = min(1.0, value / check.points) if check.points else 0.0
    if share == 1.0:
        return Judgement.CORRECT, share, ""
    judgement = Judgement.PARTLY_CORRECT if share else Judgement.WRONG
    return judgement, share, f"The test gave {share * check.points:g} points."


def _know(check: Check, value: Plain) -> Known:
    return Known(lay_out(value, ordered=check.rule.ordered), check.rule)


def _share(known: Known, found: Comparison) -> float:
    """Share of the parts that are right, in 0-1; parts too many count as wrong.

    Two different ones must be right: one value all over, as in a table of zeros or a
    mapping to empty sets, is a guess.
    """
    different = {likeness(_said(known.parts, path)) for path in found.right}
    if len(different) < 2:
        return 0.0
    return len(found.right) / (found.total + found.surplus)


def _said(parts: Parts, path: str) -> Plain:
    """Give what a part says; of a figure's point, what it measures."""
    part = parts.items[path]
    return part[1][-1] if parts.kind == "figure" else part


def _take_value(check: Check, record: CellRecord) -> Plain:
    """Take the value that came last under the check's own name; no other counts.

    Raises
    ------
    MalformedAnswerError
        If there is none, or none that can be compared.
    """
    reason = MalformedAnswerError("The check cell shipped no answer of its own.")
    for text in reversed(record.answers):
        if not text:
            reason = MalformedAnswerError("The answer is too large to judge.")
            continue
        try:
            shipped = read_json(text)
        except MalformedAnswerError as error:
            reason = error
            continue
        if isinstance(shipped, dict) and shipped.get("check") == check.name:
            return read_value(shipped)
    raise reason


def explain(
    record: CellRecord, *, where: str, stopped: str = "before"
) -> tuple[Judgement | None, str]:
    """Say why a cell gave no value.

    Parameters
    ----------
    record : CellRecord
        What came of the cell.
    where : str
        What the cell is, at the beginning of a sentence: ``"The answer"``.
    stopped : str, default "before"
        Where the kernel stopped, at the end of a sentence; said of a cell not run.

    Returns
    -------
    tuple of Judgement or None, and str
        The judgement and a sentence; ``None`` and nothing where it simply ran.
    """
    said = quote(f"{record.ename}: {record.evalue}".strip(": "), _MOST_SAID)
    if record.status in ("ok", "differs"):
        return None, ""
    if record.ename in _OUT_OF_MEMORY:
        return Judgement.OUT_OF_MEMORY, f"{where} ran out of memory."
    if record.status == "timed_out":
        return Judgement.TIMED_OUT, f"{where} took too long and was stopped."
    if record.status == "kernel_died":
        return Judgement.ERROR, f"The kernel died while {where.lower()} ran."
    if record.status == "not_run":
        return Judgement.NOT_RUN, f"The kernel had stopped {stopped}."
    if record.ename == "NotImplementedError":
        return Judgement.NOT_ATTEMPTED, "The answer is not finished."
    return Judgement.ERROR, f"{where} raised {said or 'an error'}"
