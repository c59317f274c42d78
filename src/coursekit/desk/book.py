"""The course's gradebook, opened by the commands of the desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.errors import CoursekitError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from coursekit.desk.course import Course
    from coursekit.grading.database import Database


def connect_book(course: Course, *, make: bool = False) -> Database:
    """Open the gradebook of a course, for as long as the result is kept.

    Parameters
    ----------
    course : Course
        Whose gradebook; a file or a server's database.
    make : bool, default False
        Whether to make the file if there is none.

    Returns
    -------
    coursekit.grading.database.Database
        Work is done by its ``transact``.

    Raises
    ------
    CoursekitError
        If there is none yet, or it cannot be used.
    """
    from coursekit.grading.database import Database

    path = None if make or "://" in course.gradebook else Path(course.gradebook)
    if path is not None and not (path.is_file() and path.stat().st_size):
        raise CoursekitError(
            f"{path} does not exist or is empty: nothing was collected or graded yet. "
            "Run `coursekit collect EXERCISE DOWNLOAD`, and then `coursekit grade "
            "EXERCISE`; if there was one before, put it back from a copy."
        )
    database = Database(course.gradebook)
    database.open()
    return database


@contextmanager
def open_book(course: Course, *, make: bool = False) -> Iterator[Database]:
    """Open the gradebook of a course, and close it again; see `connect_book`."""
    database = connect_book(course, make=make)
    try:
        yield database
    finally:
        database.close()


def student_ids(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Give the row of each student, made where there is none."""
    from sqlalchemy import select

    from coursekit.grading.tables import StudentRow

    known = {
        name: number
        for number, name in session.execute(select(StudentRow.id, StudentRow.name))
    }
    new = [StudentRow(name=name) for name in dict.fromkeys(names) if name not in known]
    session.add_all(new)
    session.flush()
    return known | {row.name: row.id for row in new}


def in_utc(moment: datetime | None) -> datetime | None:
    """Give a moment from the gradebook its zone, which SQLite does not keep."""
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
