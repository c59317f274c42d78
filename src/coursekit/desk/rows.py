"""What a gradebook holds of one exercise, read in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from coursekit.desk.book import in_utc
from coursekit.desk.rules import HandedIn

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from coursekit.grading.frame import Frame


@dataclass
class Rows:
    """What a gradebook holds of one exercise, by student."""

    versions: dict[str, list[HandedIn]] = field(
        default_factory=lambda: defaultdict(list)
    )
    graded: dict[tuple[str, str], dict[tuple[str, str], int]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    judged: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[tuple[int, str], str] = field(default_factory=dict)
    marks: dict[tuple[str, str, str], dict[str, dict[str, str]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    rubrics: dict[str, list[Any]] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)


def hash_answer(text: str) -> str:
    """Hash the text of an answer, which marks are kept by."""
    return sha256(text.encode(errors="replace")).hexdigest()


def read_rows(session: Session, slug: str, frame: Frame) -> Rows:
    """Read what is known of an exercise, in a few queries whatever the class's size."""
    from sqlalchemy import select

    from coursekit.grading import tables as t

    rows = Rows()
    students = session.execute(select(t.StudentRow.id, t.StudentRow.name))
    names = {number: name for number, name in students}  # noqa: C416 - dict() would take a result for a mapping
    handed_in = t.HandedInRow
    for row in session.execute(
        select(
            handed_in.student_id,
            handed_in.hash,
            handed_in.submitted,
            handed_in.marked_late,
            handed_in.id,
            handed_in.attempt,
            handed_in.file,
            handed_in.name,
        ).where(handed_in.slug == slug)
    ):
        version = HandedIn(
            hash=row[1],
            submitted=in_utc(row[2]),
            marked_late=row[3],
            order=row[4],
            attempt=row[5] or 0,
            file=row[6],
            name=row[7],
        )
        rows.versions[names[row[0]]].append(version)
    sent, exercise = t.SubmissionRow, t.ExerciseRow
    of_slug = sent.exercise_id.in_(
        select(exercise.id).where(exercise.slug == slug).scalar_subquery()
    )
    for number, student, digest, runs, expected in session.execute(
        select(
            sent.id,
            sent.student_id,
            sent.hash,
            exercise.runs_hash,
            exercise.expectations_hash,
        )
        .join(exercise, exercise.id == sent.exercise_id)
        .where(exercise.slug == slug)
        .order_by(sent.id)
    ):
        rows.graded[names[student], digest][runs, expected] = number
        rows.last[names[student]] = digest
    of_those = select(sent.id).where(of_slug).scalar_subquery()
    judged = t.JudgementRow
    for number, *question in session.execute(
        select(
            judged.submission_id,
            judged.question,
            judged.judgement,
            judged.points,
            judged.maximum,
            judged.message,
        )
        .where(judged.check_name.is_(None), judged.submission_id.in_(of_those))
        .order_by(judged.submission_id, judged.place)
    ):
        rows.judged[number].append(question)
    _read_marks(session, slug, frame, rows, names)
    return rows


def _read_marks(
    session: Session, slug: str, frame: Frame, rows: Rows, names: Mapping[int, str]
) -> None:
    from sqlalchemy import select

    from coursekit.grading import tables as t

    asked = {question.name for question in frame.questions if question.written}
    if not asked:
        return
    rubric = t.RubricRow
    for question, criteria in session.execute(
        select(rubric.question, rubric.rubric)
        .where(rubric.slug == slug)
        .order_by(rubric.id)
    ):
        rows.rubrics[question] = criteria
    mark = t.MarkRow
    for student, question, digest, marker, levels in session.execute(
        select(
            mark.student_id, mark.question, mark.answer_hash, mark.marker, mark.levels
        ).where(mark.slug == slug)
    ):
        rows.marks[names[student], question, digest][marker] = levels
    answer, sent, exercise = t.AnswerRow, t.SubmissionRow, t.ExerciseRow
    for number, question, source in session.execute(
        select(answer.submission_id, answer.question, answer.source)
        .join(sent, sent.id == answer.submission_id)
        .join(exercise, exercise.id == sent.exercise_id)
        .where(exercise.slug == slug, answer.question.in_(asked))
    ):
        rows.texts[number, question] = source
