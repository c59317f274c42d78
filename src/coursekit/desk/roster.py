"""The roster: who belongs to the course, and by which names platforms know them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

from coursekit.desk.tables import Row, Table, read_table, require_columns

_MOST = 100  # characters of an id, which names a folder
_BAD = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
_PARTICIPANT = re.compile(r"(\d+)\s*$")
_NO_SIGNS = str.maketrans("", "", "&<>\"`|':\\/")  # that Moodle leaves out of names


@dataclass(frozen=True)
class Student:
    """Somebody of the roster; all but ``student``, the id, may be empty.

    ``canvas_id`` is the number that Canvas puts into names of files, and ``moodle_id``
    the number of the participant in Moodle, which is another in each assignment.
    """

    student: str
    name: str = ""
    email: str = ""
    canvas_id: str = ""
    sis_id: str = ""
    sis_login: str = ""
    moodle_id: str = ""
    section: str = ""


@dataclass(frozen=True)
class Roster:
    """The students of a course, in the order of the file."""

    students: tuple[Student, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Student]:
        """Students by id."""
        return {one.student: one for one in self.students}

    def find(self, known_as: str, value: str) -> Student | None:
        """Find a student by a field that tells one from another.

        Parameters
        ----------
        known_as : str
            Name of a field of `Student`.
        value : str
            What stands in it; case and spelling in Unicode do not matter.

        Returns
        -------
        Student or None
            None where nobody has it, or several have.
        """
        found = self._index[known_as].get(fold(value), [])
        return found[0] if len(found) == 1 and value else None

    def find_by_name(self, name: str, *, letters_alone: bool = False) -> Student | None:
        """Find a student by name, its parts in any order, if no other has the same.

        Parameters
        ----------
        name : str
            Full name.
        letters_alone : bool, default False
            Whether it is written without blanks, last name first, as Canvas does.
        """
        key: Callable[[str], str] = _squeeze if letters_alone else _sort_words
        found = [
            one
            for one in self.students
            if one.name and key(name) in {key(order) for order in _orders(one.name)}
        ]
        return found[0] if len(found) == 1 else None

    @cached_property
    def _index(self) -> dict[str, dict[str, list[Student]]]:
        index: dict[str, dict[str, list[Student]]] = {
            f.name: {} for f in fields(Student)
        }
        for one in self.students:
            for name, known in index.items():
                known.setdefault(fold(getattr(one, name)), []).append(one)
        return index


def read_roster(path: Path) -> Roster:
    """Read a roster: our own, a gradebook of Canvas, or a worksheet of Moodle.

    Parameters
    ----------
    path : pathlib.Path
        CSV with a column ``student``, and any others of `Student`; or the gradebook as
        Canvas exports it, where the SIS user id, else the login, else the number is
        the id; or the grading worksheet of a Moodle assignment, where the e-mail
        address, else the participant's number is.

    Returns
    -------
    Roster
        The students.

    Raises
    ------
    MalformedTableError
        If an id is missing, there twice, or cannot name a folder; it names the line.
    """
    table = read_table(path)
    if "ID" in table.columns and {"Student", "LastName"} & set(table.columns):
        found = _of_canvas(table)
    elif "Identifier" in table.columns:
        found = _of_moodle(table)
    else:
        advice = "; if it is of Moodle, set it to English and download it again"
        require_columns(table, ["student"], advice)
        names = [field.name for field in fields(Student)]
        found = [
            (row, Student(**{name: row.cells.get(name, "") for name in names}))
            for row in table.rows
        ]
    _check(table, found)
    return Roster(tuple(student for _, student in found))


def fold(text: str) -> str:
    """Write text so that spellings of the same compare equal."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _of_canvas(table: Table) -> list[tuple[Row, Student]]:
    names = {row.line: _read_name(row) for row in table.rows}
    rows = [
        row
        for row in table.rows
        if row.cells["ID"] and names[row.line] != "Student, Test"
    ]
    ids = ("SIS User ID", "SIS Login ID", "ID")
    use = next(name for name in ids if all(row.cells.get(name) for row in rows))
    return [
        (
            row,
            Student(
                student=row.cells[use],
                name=names[row.line],
                canvas_id=row.cells["ID"],
                sis_id=row.cells.get("SIS User ID", ""),
                sis_login=row.cells.get("SIS Login ID", ""),
                section=row.cells.get("Section", ""),
            ),
        )
        for row in rows
    ]


def _read_name(row: Row) -> str:
    parts = (row.cells.get(name, "") for name in ("LastName", "FirstName"))
    return row.cells.get("Student") or ", ".join(filter(None, parts))


def _of_moodle(table: Table) -> list[tuple[Row, Student]]:
    found = []
    has_mail = all(row.cells.get("Email address") for row in table.rows)
    for row in table.rows:
        number = _PARTICIPANT.search(row.cells["Identifier"])
        if number is None:
            raise table.refuse(
                row, "the identifier ends in no number of a participant."
            )
        mail = row.cells.get("Email address", "")
        student = Student(
            student=mail if has_mail else number[1],
            name=row.cells.get("Full name", ""),
            email=mail,
            moodle_id=number[1],
        )
        found.append((row, student))
    return found


def _check(table: Table, found: list[tuple[Row, Student]]) -> None:
    lines: dict[str, int] = {}
    for row, student in found:
        if fault := find_fault(student.student):
            raise table.refuse(row, f"the id {student.student!r} {fault}.")
        key = fold(student.student)
        if key in lines:
            reason = f"the id {student.student!r} stands in line {lines[key]} already."
            raise table.refuse(row, reason)
        lines[key] = row.line


def find_fault(name: str) -> str:
    """Say why an id cannot name a folder on every system; nothing if it can."""
    if not name:
        return "is empty"
    if found := _BAD.search(name):
        return f"holds {found[0]!r}, which no folder's name may"
    if name.startswith((".", "_")) or name.endswith("."):
        return "begins with a dot or an underscore, or ends with a dot"
    if _RESERVED.fullmatch(name):
        return "is a name that Windows keeps for itself"
    return f"has over {_MOST} characters" if len(name) > _MOST else ""


def _orders(name: str) -> set[str]:
    """Give a name as it stands, and turned where it is ``Last, First``."""
    last, comma, first = name.partition(",")
    turned = f"{first} {last}" if comma else " ".join(reversed(name.split(" ", 1)))
    return {name, turned, f"{last} {first}"}


def _sort_words(name: str) -> str:
    plain = fold(name).translate(_NO_SIGNS).replace(",", " ")
    return " ".join(sorted(plain.split()))


def _squeeze(name: str) -> str:
    return "".join(c for c in fold(name) if c.isalnum())
