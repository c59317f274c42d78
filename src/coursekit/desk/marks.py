"""Marks of written answers in the gradebook: rubrics, levels, comments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from coursekit.desk.book import student_ids
from coursekit.desk.frames import frame_for
from coursekit.desk.rows import hash_answer
from coursekit.desk.scores import score_exercise
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.exercise.rubrics import Rubric, keep_ids, name_levels

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from coursekit.desk.course import Course
    from coursekit.grading.database import Database
    from coursekit.grading.frame import Frame
    from coursekit.grading.tables import RubricRow

_EXERCISE = "the exercise"  # who changed a rubric that is the source's


@dataclass(frozen=True)
class Written:
    """One written answer that counts.

    ``hash`` is that of the text, by which marks are kept: who hands the same text in
    again keeps them.
    """

    student: str
    question: str
    text: str
    hash: str


@dataclass(frozen=True)
class Mark:
    """What one marker thinks of an answer: ids of levels by ids of criteria."""

    student: str
    question: str
    hash: str
    marker: str
    levels: Mapping[str, str]
    comment: str = ""


def find_written(frame: Frame, question: str = "") -> str:
    """Find a written question by name, or the only one there is.

    Raises
    ------
    UnknownNameError
        If there is none of that name; or several, and none is named.
    CoursekitError
        If the exercise has no written question.
    """
    known = [asked.name for asked in frame.questions if asked.written]
    if not known:
        raise CoursekitError(
            f"{frame.exercise} asks for nothing written, so there is nothing to mark."
        )
    if question in known:
        return question
    if not question and len(known) == 1:
        return known[0]
    raise UnknownNameError("written question", question, known)


def read_rubric(session: Session, course: Course, slug: str, question: str) -> Rubric:
    """Read the rubric of a question: the newest kept, or that of the exercise."""
    newest = _find_rubric(session, slug, question)
    if newest is not None:
        return name_levels(newest.rubric)
    return name_levels(_source_rubric(course, slug, question))


def write_rubric(
    session: Session,
    slug: str,
    question: str,
    rubric: Rubric,
    by: str,
) -> None:
    """Put a new version of a rubric beside the older ones; marks are scored by it."""
    from coursekit.grading.tables import RubricRow

    session.add(
        RubricRow(
            slug=slug,
            question=question,
            rubric=rubric,
            changed=datetime.now(UTC),
            by=by,
        )
    )


def list_written(
    course: Course, slug: str, question: str, book: Database
) -> list[Written]:
    """List the answers to a written question, of each student the one that counts.

    Parameters
    ----------
    course : Course
        Rules and gradebook.
    slug, question : str
        Exercise in full, and question.
    book : Database
        The gradebook.

    Returns
    -------
    list of Written
        Ordered by student; answers that were not attempted are left out.

    Raises
    ------
    CoursekitError
        If nothing was graded yet.
    """
    scores = score_exercise(course, slug, book=book)
    counted = {
        score.submission_id: student
        for student, score in scores.items()
        if any(q.name == question and not q.judgement for q in score.questions)
    }
    if not counted:
        raise CoursekitError(
            f"No answer to {question!r} is there to be marked; run `coursekit grade "
            f"{slug}` first."
        )
    texts = book.transact(lambda use: _read_texts(use, slug, question))
    return [
        Written(student, question, texts[number], hash_answer(texts[number]))
        for number, student in counted.items()
        if number in texts
    ]


def read_marks(session: Session, slug: str, question: str) -> list[Mark]:
    """Read what all markers thought of a question's answers."""
    from sqlalchemy import select

    from coursekit.grading.tables import MarkRow, StudentRow

    rows = session.execute(
        select(MarkRow, StudentRow.name)
        .join(StudentRow, StudentRow.id == MarkRow.student_id)
        .where(MarkRow.slug == slug, MarkRow.question == question)
        .order_by(MarkRow.id)
    )
    return [
        Mark(name, question, row.answer_hash, row.marker, row.levels, row.comment)
        for row, name in rows
    ]


def write_marks(session: Session, slug: str, marks: Iterable[Mark]) -> int:
    """Write marks down; give how many differ from what stood there."""
    from sqlalchemy import select

    from coursekit.grading.tables import MarkRow

    listed = list(marks)
    ids = student_ids(session, [mark.student for mark in listed])
    changed = 0
    for mark in listed:
        key = {
            "slug": slug,
            "student_id": ids[mark.student],
            "question": mark.question,
            "answer_hash": mark.hash,
            "marker": mark.marker,
        }
        row = session.scalar(select(MarkRow).filter_by(**key))
        if row is None:
            row = MarkRow(**key, levels={}, comment="")
            session.add(row)
        if (dict(row.levels), row.comment) != (dict(mark.levels), mark.comment):
            row.levels, row.comment = dict(mark.levels), mark.comment
            row.changed = datetime.now(UTC)
            changed += 1
    return changed


def keep_rubric(session: Session, course: Course, slug: str, question: str) -> None:
    """Keep the exercise's rubric in the gradebook, from which marks are scored.

    One that was changed in the exercise since is kept as a new version, in which what
    has the same words has the same marks. One that was changed in the panel stays.
    """
    newest = _find_rubric(session, slug, question)
    source = _source_rubric(course, slug, question)
    if newest is None:
        write_rubric(session, slug, question, name_levels(source), by=_EXERCISE)
    elif newest.by == _EXERCISE:
        changed = keep_ids(source, newest.rubric)
        if changed != newest.rubric:
            write_rubric(session, slug, question, changed, by=_EXERCISE)


def _find_rubric(session: Session, slug: str, question: str) -> RubricRow | None:
    from sqlalchemy import select

    from coursekit.grading.tables import RubricRow

    newest = (
        select(RubricRow)
        .filter_by(slug=slug, question=question)
        .order_by(RubricRow.id.desc())
        .limit(1)
    )
    return session.scalar(newest)


def _source_rubric(course: Course, slug: str, question: str) -> list[Any]:
    cells = frame_for(course, slug).notebook.cells
    found = (c for c in cells if "written" in c.tags and c.question == question)
    return list(next(found).course.get("rubric", ()))


def _read_texts(session: Session, slug: str, question: str) -> dict[int, str]:
    from sqlalchemy import select

    from coursekit.grading.tables import AnswerRow, ExerciseRow, SubmissionRow

    rows = session.execute(
        select(AnswerRow.submission_id, AnswerRow.source)
        .join(SubmissionRow, SubmissionRow.id == AnswerRow.submission_id)
        .join(ExerciseRow, ExerciseRow.id == SubmissionRow.exercise_id)
        .where(ExerciseRow.slug == slug, AnswerRow.question == question)
    )
    return {number: text for number, text in rows}  # noqa: C416 - dict() would take a result for a mapping
