"""The tables of a gradebook, and how a graded submission is laid out in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from sys import intern
from typing import Any

from sqlalchemy import DateTime, Dialect, Double, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from coursekit.grading.frame import Frame
from coursekit.grading.judge import CheckResult, Judgement, QuestionResult
from coursekit.grading.match import Repair
from coursekit.grading.merge import Answer, Merged
from coursekit.grading.report import SubmissionGrade
from coursekit.grading.run import CellRecord, Run

SCHEMA = 2  # raised whenever the tables change
_ESCAPED = re.compile(r"\\(?:\\|u([0-9a-f]{4}))")


class AnyText(TypeDecorator[str]):
    r"""Any string of Python's, with what no database takes escaped.

    NUL and half an emoji, which file names and students' messages may hold, become
    ``\u0000`` and ``\ud83d``, and a backslash two.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Escape on the way in."""
        if value is None:
            return None
        escaped = value.replace("\\", "\\\\").replace("\0", "\\u0000")
        return escaped.encode(errors="backslashreplace").decode()

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Undo it on the way out."""
        # Thousands of grades name the same questions and say the same of them.
        return None if value is None else intern(_ESCAPED.sub(_unescape, value))


class AnyJson(TypeDecorator[Any]):
    """A JSON tree as text; strings in it may hold anything that Python's can."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        """Write JSON in ASCII."""
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        """Read it."""
        return None if value is None else json.loads(value)


class Base(DeclarativeBase):
    """What all tables have in common."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy asks for a plain dict
        str: AnyText,
        float: Double,
        datetime: DateTime(timezone=True),  # always UTC: SQLite keeps no zone
        dict[str, Any]: AnyJson,
        list[Any]: AnyJson,
    }


class Schema(Base):
    """Which version of these tables a database holds: one row."""

    __tablename__ = "coursekit_gradebook"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class ExerciseRow(Base):
    """An exercise as it ran and as it was judged; a change of either is a new row."""

    __tablename__ = "exercises"
    __table_args__ = (UniqueConstraint("slug", "runs_hash", "expectations_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    version: Mapped[str]
    runs_hash: Mapped[str]
    expectations_hash: Mapped[str]


class StudentRow(Base):
    """Somebody who handed in."""

    __tablename__ = "students"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class RunRow(Base):
    """One use of `coursekit grade`; without ``ended`` it was cut short."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    started: Mapped[datetime]
    ended: Mapped[datetime | None]
    settings: Mapped[dict[str, Any]]
    versions: Mapped[dict[str, Any]]


class SubmissionRow(Base):
    """What a student handed in, as one version of the exercise judged it.

    ``cells`` says what became of every cell that ran, in that order, and is missing
    where the notebook could not be read. ``untouched`` tells of each answer cell
    whether it was as it had been given.
    """

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("exercise_id", "student_id", "hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exercise_id: Mapped[int] = mapped_column(ForeignKey(ExerciseRow.id))
    student_id: Mapped[int] = mapped_column(ForeignKey(StudentRow.id), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey(RunRow.id))
    hash: Mapped[str]
    recorded: Mapped[datetime]
    notebook: Mapped[str]
    repairs: Mapped[list[Any]]
    fault: Mapped[str]
    kernel: Mapped[str]
    walls: Mapped[str]
    seconds: Mapped[float]
    cells: Mapped[list[Any] | None]
    untouched: Mapped[dict[str, Any]]
    student: Mapped[StudentRow] = relationship()
    judgements: Mapped[list[JudgementRow]] = relationship(
        order_by="JudgementRow.place", cascade="all"
    )
    texts: Mapped[list[AnswerRow]] = relationship(cascade="all")


class JudgementRow(Base):
    """What came of a question or, where ``check_name`` is given, of one check.

    The row of a question goes before those of its checks. ``cell_id`` is the check
    cell's, and ``value`` holds the JSON texts that it shipped, for judging them anew.
    Without ``judgement`` a person marks the answer.
    """

    __tablename__ = "judgements"

    submission_id: Mapped[int] = mapped_column(
        ForeignKey(SubmissionRow.id), primary_key=True
    )
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question: Mapped[str]
    check_name: Mapped[str | None]
    cell_id: Mapped[str | None]
    hidden: Mapped[bool]
    judgement: Mapped[str | None]
    points: Mapped[float | None]
    maximum: Mapped[float]
    message: Mapped[str]
    seconds: Mapped[float]
    value: Mapped[list[Any]]


class AnswerRow(Base):
    """What stood in an answer cell that was handed in, code or text.

    Gradebooks of version 1 kept none.
    """

    __tablename__ = "answers"

    submission_id: Mapped[int] = mapped_column(
        ForeignKey(SubmissionRow.id), primary_key=True
    )
    cell_id: Mapped[str] = mapped_column(primary_key=True)
    question: Mapped[str]
    source: Mapped[str]


class HandedInRow(Base):
    """A file that was collected: every version that a student handed in.

    ``hash`` is that of its bytes, as in ``submissions``. ``submitted`` is missing where
    nobody but the student says when it was; ``marked_late`` is the platform's word.
    ``name`` is what the file was called there, and ``file`` where it lies, below the
    course folder.
    """

    __tablename__ = "handed_in"
    __table_args__ = (UniqueConstraint("slug", "student_id", "hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    student_id: Mapped[int] = mapped_column(ForeignKey(StudentRow.id), index=True)
    hash: Mapped[str]
    submitted: Mapped[datetime | None]
    marked_late: Mapped[bool]
    attempt: Mapped[int | None]
    name: Mapped[str]
    file: Mapped[str]
    origin: Mapped[str]
    collected: Mapped[datetime]
    student: Mapped[StudentRow] = relationship()


class RubricRow(Base):
    """A rubric as it was at one time; of a question's, the newest counts.

    ``rubric`` lists criteria, each with ``id``, ``criterion``, ``points`` and
    ``levels`` of ``id``, ``points`` and ``means``. Ids stay when words and points
    change, so that marks given before are scored anew.
    """

    __tablename__ = "rubrics"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    question: Mapped[str]
    rubric: Mapped[list[Any]]
    changed: Mapped[datetime]
    by: Mapped[str]


class MarkRow(Base):
    """What one marker thinks of one written answer.

    ``answer_hash`` is that of the text, so that a mark follows the text and not the
    file. ``levels`` maps ids of criteria to ids of levels.
    """

    __tablename__ = "marks"
    __table_args__ = (
        UniqueConstraint("slug", "student_id", "question", "answer_hash", "marker"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    student_id: Mapped[int] = mapped_column(ForeignKey(StudentRow.id), index=True)
    question: Mapped[str]
    answer_hash: Mapped[str]
    marker: Mapped[str]
    levels: Mapped[dict[str, Any]]
    comment: Mapped[str]
    changed: Mapped[datetime]


class CommentRow(Base):
    """A sentence that markers use again: the comment bank."""

    __tablename__ = "comments"
    __table_args__ = (UniqueConstraint("slug", "question", "text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    question: Mapped[str]
    text: Mapped[str]


class ExportRow(Base):
    """A grade that left the desk; ``slug`` is empty where it is the course's total."""

    __tablename__ = "exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    made: Mapped[datetime]
    format: Mapped[str]
    slug: Mapped[str]
    student_id: Mapped[int] = mapped_column(ForeignKey(StudentRow.id), index=True)
    points: Mapped[float | None]


@dataclass(frozen=True)
class Graded:
    """A grade from a gradebook, with what it was judged by.

    ``merged`` and ``run`` are missing where the submission could not be read. They
    hold what judging needs: no notebook, and of what cells shipped only the values of
    checks. ``texts`` has what stood in the answer cells of each question.
    """

    grade: SubmissionGrade
    merged: Merged | None = None
    run: Run | None = None
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def submission_row(
    frame: Frame, grade: SubmissionGrade, merged: Merged | None, run: Run | None
) -> SubmissionRow:
    """Lay out a graded submission; whose it is and of what exercise is left open."""
    rows: list[JudgementRow] = []
    for asked, given in zip(frame.questions, grade.questions, strict=True):
        rows.append(_row(given.name, given))
        for check, result in zip(asked.checks, given.checks, strict=True):
            row = _row(given.name, result)
            row.check_name, row.cell_id = result.name, check.cell_id
            row.hidden, row.seconds = result.hidden, result.seconds
            if run is not None and check.cell_id in run.records:
                row.value = list(run.records[check.cell_id].answers)
            rows.append(row)
    for place, row in enumerate(rows):
        row.place = place
    answers = merged.answers if merged is not None else {}
    question_of = {i: asked.name for asked in frame.questions for i in asked.answer_ids}
    return SubmissionRow(
        notebook=grade.notebook,
        repairs=[asdict(repair) for repair in grade.repairs],
        fault=grade.fault,
        kernel=grade.kernel,
        walls=grade.walls,
        seconds=grade.seconds,
        cells=None if run is None else [_cell(r) for r in run.records.values()],
        untouched={cell_id: answer.untouched for cell_id, answer in answers.items()},
        judgements=rows,
        texts=[
            AnswerRow(cell_id=i, question=question_of.get(i, ""), source=answer.source)
            for i, answer in answers.items()
            if answer.source
        ],
    )


def graded_of(row: SubmissionRow, student: str) -> Graded:
    """Read what `submission_row` wrote."""
    grade = SubmissionGrade(
        student=student,
        notebook=row.notebook,
        questions=_questions(row.judgements),
        repairs=tuple(Repair(**repair) for repair in row.repairs),
        fault=row.fault,
        seconds=row.seconds,
        kernel=row.kernel,
        walls=row.walls,
    )
    if row.cells is None:
        return Graded(grade)
    by_question: dict[str, tuple[str, ...]] = {}
    for text in row.texts:
        by_question[text.question] = (*by_question.get(text.question, ()), text.source)
    values = {judged.cell_id: tuple(judged.value) for judged in row.judgements}
    records = {
        cell["cell_id"]: CellRecord(**cell, answers=values.get(cell["cell_id"], ()))
        for cell in row.cells
    }
    texts = {text.cell_id: text.source for text in row.texts}
    answers = {i: Answer(texts.get(i, ""), given) for i, given in row.untouched.items()}
    run = Run(records, grade.seconds, grade.fault, grade.kernel, grade.walls)
    return Graded(grade, Merged({}, grade.repairs, answers), run, by_question)


def _row(question: str, result: QuestionResult | CheckResult) -> JudgementRow:
    return JudgementRow(
        question=question,
        hidden=False,
        judgement=result.judgement,
        points=result.points,
        maximum=result.maximum,
        message=result.message,
        seconds=0.0,
        value=[],
    )


def _cell(record: CellRecord) -> dict[str, Any]:
    fields = asdict(record)
    del fields["answers"]  # those of a check cell are its value; no others count
    return fields


def _questions(rows: Iterable[JudgementRow]) -> tuple[QuestionResult, ...]:
    questions: list[QuestionResult] = []
    for row in rows:
        judgement = None if row.judgement is None else Judgement(row.judgement)
        if row.check_name is None:
            question = QuestionResult(
                row.question,
                judgement,
                row.points,
                row.maximum,
                awaiting_review=judgement is None,
                message=row.message,
            )
            questions.append(question)
        elif judgement is not None and row.points is not None:  # as in every check
            check = CheckResult(
                row.check_name,
                row.hidden,
                judgement,
                row.points,
                row.maximum,
                row.message,
                row.seconds,
            )
            last = questions[-1]
            questions[-1] = replace(last, checks=(*last.checks, check))
    return tuple(questions)


def _unescape(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else "\\"
