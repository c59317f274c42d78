"""When students handed in, as a platform or the instructor says it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.desk.roster import Roster, Student
from coursekit.desk.tables import Row, Table, read_table, require_columns

if TYPE_CHECKING:
    from coursekit.desk.course import Course

_WORKSHEET = "Last modified (submission)"
# As Moodle writes it in English, and in that of the United States:
# Tuesday, 2 March 2027, 11:59 PM, and Tuesday, March 2, 2027, 11:59 PM
_FORMATS = (
    "%A, %d %B %Y, %I:%M %p",
    "%A, %d %B %Y, %H:%M",
    "%A, %B %d, %Y, %I:%M %p",
)


def read_times(path: Path, roster: Roster, course: Course) -> Mapping[str, datetime]:
    """Read when each student handed in.

    Parameters
    ----------
    path : pathlib.Path
        CSV with ``student`` and ``submitted`` (ISO 8601; without a zone in that of the
        course), or the grading worksheet of Moodle in English.
    roster : Roster
        Who belongs to the course; where it is empty, ids are taken as they stand.
    course : Course
        Its zone.

    Returns
    -------
    mapping of str to datetime.datetime
        In UTC, by student; those without a time are left out.

    Raises
    ------
    MalformedTableError
        If a student is unknown or a time cannot be read; it names the line.
    """
    table = read_table(path)
    if _WORKSHEET in table.columns:
        return _of_worksheet(table, roster, course)
    require_columns(table, ["student", "submitted"])
    times: dict[str, datetime] = {}
    lines: dict[str, int] = {}
    for row in table.rows:
        given = row.cells["student"]
        known = roster.find("student", given)
        if roster.students and known is None:
            raise table.refuse(row, f"the roster has no student {given!r}.")
        said = row.cells["submitted"]
        if not said:
            continue
        try:
            moment = datetime.fromisoformat(said)
        except ValueError as error:
            reason = f"{said!r} is no time; write it like 2027-03-02 23:59."
            raise table.refuse(row, reason) from error
        student = known.student if known else given
        if student in lines:
            reason = (
                f"there is a time for {student!r} in line {lines[student]} already."
            )
            raise table.refuse(row, reason)
        times[student], lines[student] = course.at(moment), row.line
    return times


def number_participants(path: Path, roster: Roster) -> Roster:
    """Take the numbers of participants, which each assignment has its own of.

    Parameters
    ----------
    path : pathlib.Path
        The times; a table that is no grading worksheet of Moodle changes nothing.
    roster : Roster
        Who belongs to the course.

    Returns
    -------
    Roster
        The same students, with the numbers of this assignment.
    """
    table = read_table(path)
    if _WORKSHEET not in table.columns:
        return roster
    numbers = {
        known.student: _read_number(row)
        for row in table.rows
        if (known := _find(row, roster))
    }
    return Roster(
        tuple(
            replace(one, moodle_id=numbers.get(one.student, one.moodle_id))
            for one in roster.students
        )
    )


def _find(row: Row, roster: Roster) -> Student | None:
    return (
        roster.find("email", row.cells.get("Email address", ""))
        or roster.find("moodle_id", _read_number(row))
        or roster.find_by_name(row.cells.get("Full name", ""))
    )


def _read_number(row: Row) -> str:
    return row.cells.get("Identifier", "").rsplit(" ", 1)[-1]


def _of_worksheet(table: Table, roster: Roster, course: Course) -> dict[str, datetime]:
    times = {}
    for row in table.rows:
        known = _find(row, roster)
        moment = _read_moment(table, row)
        if moment is not None and (known or not roster.students):
            student = known.student if known else _read_number(row)
            times[student] = course.at(moment)
    return times


def _read_moment(table: Table, row: Row) -> datetime | None:
    # Newer ones write a narrow blank before AM and PM.
    said = " ".join(row.cells[_WORKSHEET].split())
    if said in ("", "-"):
        return None
    for form in _FORMATS:
        with suppress(ValueError):
            return datetime.strptime(said, form)  # noqa: DTZ007 - the course's zone is put in by the caller
    raise table.refuse(
        row,
        f"{said!r} is not how Moodle writes a time in English; set Moodle to English, "
        "or write a table with the columns student and submitted.",
    )
