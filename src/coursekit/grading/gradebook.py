"""The gradebook: every submission, what became of it, and how it was judged."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Engine, create_engine, event, inspect, make_url, select
from sqlalchemy.exc import (
    ArgumentError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.orm import Session

from coursekit.errors import CoursekitError
from coursekit.grading.frame import Frame
from coursekit.grading.merge import Merged
from coursekit.grading.report import SubmissionGrade, list_versions
from coursekit.grading.run import Run, Settings
from coursekit.grading.tables import (
    SCHEMA,
    Base,
    ExerciseRow,
    Graded,
    RunRow,
    Schema,
    StudentRow,
    SubmissionRow,
    graded_of,
    submission_row,
)

_PATIENCE = 60  # seconds to wait while another process writes to the same file
# Another grader may add a table, an exercise, a student or a submission meanwhile: then
# it is there at the next try.
_RACES = (IntegrityError, ProgrammingError)
_TRIES = 3
_Result = TypeVar("_Result")


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
        url = _read_url(where)
        self._name = _name(url)
        self._engine = _connect(url)
        self._frame = frame
        self._settings = settings
        self._as_run = {"slug": frame.exercise, "runs_hash": hash_what_runs(frame)}
        self._as_judged = {
            **self._as_run,
            "expectations_hash": hash_expectations(frame),
        }
        self._exercise_id = self._run_id = 0

    def __enter__(self) -> Self:
        try:
            self._transact(self._create)
        except BaseException:
            self._engine.dispose()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if self._run_id and kind is None:
                self._transact(self._end)
        finally:
            self._engine.dispose()

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
        return self._transact(lambda use: _find(use, student, digest, exercise))

    def begin(self) -> None:
        """Note, once, that grading begins; shows early whether it can be recorded."""
        if not self._run_id:
            self._exercise_id, self._run_id = self._transact(self._begin)

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

        return self._transact(add)

    def _create(self, session: Session) -> None:
        """Make the tables in an empty database, or see that they are ours."""
        tables = inspect(session.connection()).get_table_names()
        if not tables:
            Base.metadata.create_all(session.connection(), checkfirst=False)
            session.add(Schema(version=SCHEMA))
            return
        if Schema.__tablename__ not in tables:
            raise CoursekitError(
                f"{self._name} is a database, but no gradebook of coursekit; it is "
                "left as it is. Name another gradebook, which will be made."
            )
        version = session.scalar(select(Schema.version)) or 0
        if version > SCHEMA:
            raise CoursekitError(
                f"The gradebook {self._name} was made by a newer coursekit: its tables "
                f"are version {version}, and this coursekit knows version {SCHEMA}. "
                "Update coursekit, or name another gradebook."
            )

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

    def _transact(self, work: Callable[[Session], _Result]) -> _Result:
        tries = 0
        while True:
            tries += 1
            try:
                with Session(self._engine) as session, session.begin():
                    return work(session)
            except SQLAlchemyError as error:
                if tries < _TRIES and isinstance(error, _RACES):
                    continue
                said = " ".join(str(getattr(error, "orig", error)).split())
                raise CoursekitError(
                    f"The gradebook {self._name} cannot be used: {said}. What was "
                    "recorded stays; mend that or name another gradebook, and start "
                    "again."
                ) from error


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


def _read_url(where: str | Path) -> URL:
    """Take a path or a URL; no message repeats the URL, for it may hold a password."""
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        url = URL.create("none")
    if url.drivername == "none" or "@" in (url.host or ""):
        raise CoursekitError(
            "The URL of the gradebook cannot be read; write it like "
            "postgresql://user:password@host/database, with %40 for an @ in a password."
        )
    return url


def _name(url: URL) -> str:
    """Name a database without any password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    return url.set(query={}).render_as_string()


def _connect(url: URL) -> Engine:
    is_file = url.get_backend_name() == "sqlite"
    options = {"timeout": _PATIENCE} if is_file else {}
    try:
        engine = create_engine(
            url, connect_args=options, hide_parameters=True, pool_pre_ping=True
        )
    except (ArgumentError, ModuleNotFoundError) as error:
        raise CoursekitError(
            f"The gradebook {_name(url)} cannot be opened: {error}. Databases are "
            "sqlite and, with `pip install coursekit[postgresql]`, postgresql."
        ) from error
    if is_file:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # `_begin_sqlite` begins, not Python's driver
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Any) -> None:
    # At once for writing: two that read first and then write would block each other.
    # SQLite's own journal undoes what a killed process left half written.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
