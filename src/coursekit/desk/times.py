"""When students handed in, as a platform or the instructor says it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.desk.tables import Row, Table, read_table, require_columns

if TYPE_CHECKING:
    from coursekit.desk.course import Course
    from coursekit.desk.roster import Roster

_WORKSHEET = "Last modified (submission)"
# As Moodle writes it in English: Tuesday, 2 March 2027, 11:59 PM
_FORMATS = ("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M")


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
        times[known.student if known else given] = course.at(moment)
    return times


def _of_worksheet(table: Table, roster: Roster, course: Course) -> dict[str, datetime]:
    times = {}
    for row in table.rows:
        number = row.cells.get("Identifier", "").rsplit(" ", 1)[-1]
        known = roster.find("moodle_id", number)
        if roster.students and known is None:
            known = roster.find_by_name(row.cells.get("Full name", ""))
        moment = _read_moment(table, row)
        if moment is not None and (known or not roster.students):
            times[known.student if known else number] = course.at(moment)
    return times


def _read_moment(table: Table, row: Row) -> datetime | None:
    said = row.cells[_WORKSHEET]
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
