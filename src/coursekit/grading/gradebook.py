"""The gradebook: every submission, what became of it, and how it was judged."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from coursekit.grading.database import Database
from coursekit.grading.frame import Frame
from coursekit.grading.merge import Merged
from coursekit.grading.report import SubmissionGrade, list_versions
from coursekit.grading.run import Run, Settings
from coursekit.grading.tables import (
    ExerciseRow,
    Graded,
    RunRow,
    StudentRow,
    SubmissionRow,
    graded_of,
    submission_row,
)


class Gradebook:
    """A gradebook, opened to grade one exercise; use it in a ``with`` statement.

    Each submission is written in one transaction, so a grader that is killed loses
    only what it was at, and several graders may share a gradebook.

    Parameters
    ----------
    where : str or pathlib.Path
        A file, made if there is none, or a database URL.
    frame : Frame
        What the exercise asks for.
    settings : Settings
        How code is run; noted beside what is recorded.

    Raises
    ------
    CoursekitError
        If it cannot be opened, or is no gradebook, or one of a newer coursekit. Every
        method raises it where the database fails; what was recorded stays.
    """

    def __init__(self, where: str | Path, frame: Frame, settings: Settings) -> None:
        self._database = Database(where)
        self._frame = frame
        self._settings = settings
        self._as_run = {"slug": frame.exercise, "runs_hash": hash_what_runs(frame)}
        self._as_judged = {
            **self._as_run,
            "expectations_hash": hash_expectations(frame),
        }
        self._exercise_id = self._run_id = 0

    def __enter__(self) -> Self:
        self._database.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if self._run_id and kind is None:
                self._database.transact(self._end)
        finally:
            self._database.close()

    def find(
        self, student: str, digest: str, *, rejudge: bool = False
    ) -> Graded | None:
        """Find a submission that was judged just as it would be judged now.

        Parameters
        ----------
        student : str
            Who handed it in.
        digest : str
            Hash of what was handed in.
        rejudge : bool, default False
            Whether it is enough that it ran as it would run now, whatever was
            expected of it then.
        """
        exercise = self._as_run if rejudge else self._as_judged
        return self._database.transact(
            lambda use: _find(use, student, digest, exercise)
        )

    def begin(self) -> None:
        """Note, once, that grading begins; shows early whether it can be recorded."""
        if not self._run_id:
            self._exercise_id, self._run_id = self._database.transact(self._begin)

    def record(
        self,
        grade: SubmissionGrade,
        digest: str,
        merged: Merged | None = None,
        run: Run | None = None,
    ) -> SubmissionGrade:
        """Write down a submission, unless another grader was first.

        Parameters
        ----------
        grade : SubmissionGrade
            Its grade.
        digest : str
            Hash of what was handed in.
        merged : Merged, optional
            What was run; missing where the submission could not be read.
        run : Run, optional
            What came of it.

        Returns
        -------
        SubmissionGrade
            What now stands in the gradebook.
        """
        self.begin()

        def add(session: Session) -> SubmissionGrade:
            first = _find(session, grade.student, digest, self._as_judged)
            if first is not None:
                return first.grade
            known = session.scalar(select(StudentRow).filter_by(name=grade.student))
            row = submission_row(self._frame, grade, merged, run)
            row.student = known or StudentRow(name=grade.student)
            row.exercise_id, row.run_id = self._exercise_id, self._run_id
            row.hash, row.recorded = digest, datetime.now(UTC)
            session.add(row)
            return grade

        return self._database.transact(add)

    def _begin(self, session: Session) -> tuple[int, int]:
        known = session.scalar(select(ExerciseRow).filter_by(**self._as_judged))
        exercise = known or ExerciseRow(**self._as_judged, version=self._frame.version)
        run = RunRow(
            started=datetime.now(UTC),
            settings=asdict(self._settings),
            versions=list_versions(),
        )
        session.add_all([exercise, run])
        session.flush()
        return exercise.id, run.id

    def _end(self, session: Session) -> None:
        session.get_one(RunRow, self._run_id).ended = datetime.now(UTC)


def hash_what_runs(frame: Frame) -> str:
    """Hash what runs of an exercise: its code, and how answers are found.

    Of an answer cell only what students are given counts, since the solution never
    runs: where it is corrected, nothing has to run again.
    """
    cells = [
        [
            cell.id,
            cell.kind,
            cell.tags,
            cell.question,
            str(cell.course.get("check", "")),
            frame.placeholders.get(cell.id, cell.source),
        ]
        for cell in frame.notebook.cells
        if cell.kind == "code" or cell.id in frame.placeholders
    ]
    return _hash([cells, [question.names for question in frame.questions]])


def hash_expectations(frame: Frame) -> str:
    """Hash what answers are judged by: values, rules, points and messages."""
    return _hash(
        [
            [asked.name, asked.written, asked.maximum, list(map(asdict, asked.checks))]
            for asked in frame.questions
        ]
    )


def _hash(tree: Any) -> str:
    text = json.dumps(tree, sort_keys=True, default=sorted)  # sets have no order
    return sha256(text.encode()).hexdigest()


def _find(
    session: Session, student: str, digest: str, exercise: dict[str, str]
) -> Graded | None:
    students = select(StudentRow.id).filter_by(name=student)
    exercises = select(ExerciseRow.id).filter_by(**exercise)
    row = session.scalar(
        select(SubmissionRow)
        .filter_by(hash=digest)
        .where(SubmissionRow.student_id.in_(students))
        .where(SubmissionRow.exercise_id.in_(exercises))
        .order_by(SubmissionRow.id.desc())
        .limit(1)
    )
    return None if row is None else graded_of(row, student)
