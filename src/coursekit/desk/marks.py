"""Marks of written answers in the gradebook: rubrics, levels, comments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from coursekit.desk.book import student_ids
from coursekit.desk.frames import frame_for
from coursekit.desk.rows import hash_answer
from coursekit.desk.scores import score_exercise
from coursekit.errors import CoursekitError, UnknownNameError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from coursekit.desk.course import Course
    from coursekit.grading.database import Database
    from coursekit.grading.frame import Frame


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


def name_levels(rubric: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give criteria and levels of a rubric ids that stay when words change.

    Parameters
    ----------
    rubric : sequence of mapping
        Criteria as a source has them: ``criterion``, ``points`` and ``levels`` of
        ``points`` and ``means``. Without levels there are two, all points and none.

    Returns
    -------
    list of dict
        The same with an ``id`` in each; those that have one keep it.

    Examples
    --------
    >>> name_levels([{"criterion": "Says why", "points": 1}])[0]["levels"]
    [{'id': '1', 'points': 1, 'means': 'yes'}, {'id': '2', 'points': 0, 'means': 'no'}]
    """
    named = []
    for place, criterion in enumerate(rubric, start=1):
        levels = criterion.get("levels") or [
            {"points": criterion["points"], "means": "yes"},
            {"points": 0, "means": "no"},
        ]
        named.append(
            {
                "id": str(criterion.get("id", place)),
                "criterion": str(criterion["criterion"]),
                "points": criterion["points"],
                "levels": [
                    {
                        "id": str(level.get("id", number)),
                        "points": level["points"],
                        "means": str(level["means"]),
                    }
                    for number, level in enumerate(levels, start=1)
                ],
            }
        )
    return named


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


def read_rubric(
    session: Session, course: Course, slug: str, question: str
) -> list[dict[str, Any]]:
    """Read the rubric of a question: the newest, or that of the exercise's source."""
    from sqlalchemy import select

    from coursekit.grading.tables import RubricRow

    newest = session.scalar(
        select(RubricRow.rubric)
        .filter_by(slug=slug, question=question)
        .order_by(RubricRow.id.desc())
        .limit(1)
    )
    if newest is not None:
        return name_levels(newest)
    frame = frame_for(course, slug)
    cell = next(
        cell
        for cell in frame.notebook.cells
        if "written" in cell.tags and cell.question == question
    )
    return name_levels(cell.course.get("rubric", ()))


def write_rubric(
    session: Session,
    slug: str,
    question: str,
    rubric: Sequence[Mapping[str, Any]],
    by: str,
) -> None:
    """Put a new version of a rubric beside the older ones; marks are scored by it."""
    from coursekit.grading.tables import RubricRow

    session.add(
        RubricRow(
            slug=slug,
            question=question,
            rubric=name_levels(rubric),
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
    """Keep the rubric of the source in the gradebook once marking has begun."""
    from sqlalchemy import select

    from coursekit.grading.tables import RubricRow

    there = select(RubricRow.id).filter_by(slug=slug, question=question).limit(1)
    if session.scalar(there) is None:
        rubric = read_rubric(session, course, slug, question)
        write_rubric(session, slug, question, rubric, by="the exercise")


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
