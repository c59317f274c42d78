"""Grades leave the desk: files for platforms, and a note of what they said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from coursekit.desk import formats
from coursekit.desk.book import in_utc, open_book, student_ids
from coursekit.desk.roster import Roster, read_roster
from coursekit.desk.scores import CourseScore, score_course
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.files import write_new
from coursekit.grading.cells import plain_text
from coursekit.grading.report import next_free

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from coursekit.desk.course import Course

Format = Literal["csv", "canvas", "moodle", "gradescope"]
_NAMED = 5  # students to name in a message
_TOTAL = ""  # what the total of a whole course is noted under
_OPEN = ("awaiting review", "not graded")


@dataclass(frozen=True)
class Change:
    """A grade that is another now than when it was exported; empty cells are None.

    ``exercise`` is empty where it is the total.
    """

    student: str
    exercise: str
    format: str
    exported: str
    was: float | None
    now: float | None


@dataclass(frozen=True)
class ExportReport:
    """What was written, and what has changed since it was exported before.

    ``checked`` says that nothing was written: changes are then faults.
    """

    files: tuple[str, ...]
    students: int
    changes: tuple[Change, ...]
    checked: bool = False

    @property
    def passed(self) -> bool:
        """Whether what was asked for could be done, and a check found no change."""
        return not (self.checked and self.changes)

    def to_json(self) -> str:
        """Give the report as JSON."""
        tree = {"passed": self.passed, **asdict(self)}
        return json.dumps(tree, indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """Say what was written and what changed."""
        lines = [f"written: {name}" for name in self.files[:_NAMED]]
        if more := len(self.files) - _NAMED:
            lines += [f"and {more} more"] * (more > 0)
        if not self.checked:
            lines.append(f"Grades of {self.students} students.")
        for one in self.changes:
            was, now = (_say(points) for points in (one.was, one.now))
            lines.append(
                f"{plain_text(one.student)}, {one.exercise or 'total'}: {now}, and was "
                f"{was} when exported for {one.format} on {one.exported}."
            )
        if self.checked and not self.changes:
            lines.append("No grade has changed since it was exported.")
        return "\n".join(lines)


def export(
    course: Course,
    into: Format,
    names: Sequence[str] = (),
    *,
    partial: bool = False,
    long: bool = False,
) -> ExportReport:
    """Write grades for a platform or a spreadsheet, and note what they said.

    Parameters
    ----------
    course : Course
        Rules, roster and gradebook.
    into : {'csv', 'canvas', 'moodle', 'gradescope'}
        Who takes them.
    names : sequence of str, optional
        Exercises, in full or how they begin; all by default.
    partial : bool, default False
        Whether to go on where something awaits review or was not graded; these are
        empty cells.
    long : bool, default False
        Whether plain CSV has a row for each question.

    Returns
    -------
    ExportReport
        The files, in ``exports`` of the course folder; none is ever written over.

    Raises
    ------
    CoursekitError
        If something awaits review or was not graded, or there is nothing to export.
    """
    if into not in get_args(Format):
        raise UnknownNameError("format", str(into), get_args(Format))
    slugs = course.choose(names)
    roster = read_roster(course.roster_path) if course.roster_path.is_file() else None
    roster = roster or Roster()
    scores = score_course(course, students=roster.by_id, slugs=slugs)
    if not partial:
        _refuse_open(scores, slugs)
    grades = _list_grades(scores, slugs, whole=not names)
    changes = tuple(_find_changes(course, grades, into))
    files = _write(course, into, scores, roster, slugs, long=long)
    with open_book(course) as book:
        book.transact(lambda use: _note(use, into, grades))
    return ExportReport(tuple(map(str, files)), len(scores), changes)


def check_exports(course: Course) -> ExportReport:
    """Compare every grade with what was exported last, for each platform.

    Raises
    ------
    CoursekitError
        If nothing was exported yet.
    """
    scores = score_course(course)
    grades = _list_grades(scores, course.choose(), whole=True)
    with open_book(course) as book:
        if not book.transact(_read_last):
            raise CoursekitError(
                "Nothing was exported yet, so no grade can have changed since; run "
                "`coursekit export csv`, or canvas, moodle or gradescope."
            )
    changes = tuple(_find_changes(course, grades))
    return ExportReport((), len(scores), changes, checked=True)


def _list_grades(
    scores: Iterable[CourseScore], slugs: Iterable[str], *, whole: bool
) -> dict[tuple[str, str], float | None]:
    """List grades by student and exercise, and totals where they are of all."""
    listed = list(scores)
    grades = {
        (s.student, slug): s.exercises[slug].final for s in listed for slug in slugs
    }
    return grades | {(s.student, _TOTAL): s.total for s in listed if whole}


def _refuse_open(scores: Iterable[CourseScore], slugs: Sequence[str]) -> None:
    for slug in slugs:
        for state in _OPEN:
            who = [one.student for one in scores if one.exercises[slug].state == state]
            if not who:
                continue
            named = ", ".join(who[:_NAMED]) + (", ..." if len(who) > _NAMED else "")
            command = "review" if state == "awaiting review" else "grade"
            raise CoursekitError(
                f"{slug}: work of {len(who)} students is {state} "
                f"({plain_text(named)}). Run `coursekit {command} {slug}`, or export "
                "with --partial, which leaves these cells empty."
            )


def _write(
    course: Course,
    into: Format,
    scores: Sequence[CourseScore],
    roster: Roster,
    slugs: Sequence[str],
    *,
    long: bool,
) -> list[Path]:
    folder = course.folder / "exports"
    if into == "gradescope":
        files = []
        for slug in slugs:
            place = next_free(folder / f"{slug}-gradescope")
            place.mkdir(parents=True)
            for score in scores:
                one = score.exercises[slug]
                if one.final is not None:
                    file = place / f"{one.student}.json"
                    write_new(file, formats.write_gradescope(one).encode())
                    files.append(file)
        return files
    folder.mkdir(parents=True, exist_ok=True)
    if into == "csv":
        text = (
            formats.write_long(scores, slugs)
            if long
            else formats.write_plain(course, scores, roster, slugs)
        )
    elif into == "canvas":
        text = formats.write_canvas(course, scores, roster, slugs)
    else:
        text = formats.write_moodle(course, scores, roster, slugs)
    name = f"grades-{'long' if long and into == 'csv' else into}.csv"
    file = next_free(folder / name)
    # Excel takes a file for UTF-8 by the mark alone; importers do not need it.
    encoding = "utf-8-sig" if into == "csv" else "utf-8"
    write_new(file, text.encode(encoding))
    return [file]


def _note(
    session: Session, into: str, grades: Mapping[tuple[str, str], float | None]
) -> None:
    from coursekit.grading.tables import ExportRow

    made = datetime.now(UTC)
    ids = student_ids(session, sorted({student for student, _ in grades}))
    session.add_all(
        ExportRow(
            made=made, format=into, slug=slug, student_id=ids[student], points=points
        )
        for (student, slug), points in grades.items()
    )


def _find_changes(
    course: Course,
    grades: Mapping[tuple[str, str], float | None],
    into: str | None = None,
) -> list[Change]:
    """Find grades that are others than those of the last export of each format."""
    with open_book(course) as book:
        last = book.transact(_read_last)
    changes = []
    for (form, slug, student), (made, was) in last.items():
        key = (student, slug)
        if key in grades and grades[key] != was and into in (None, form):
            said = f"{made:%Y-%m-%d %H:%M} UTC"
            changes.append(Change(student, slug, form, said, was, grades[key]))
    return changes


def _read_last(
    session: Session,
) -> Mapping[tuple[str, str, str], tuple[datetime, float | None]]:
    from sqlalchemy import select

    from coursekit.grading.tables import ExportRow, StudentRow

    rows = session.execute(
        select(
            ExportRow.format,
            ExportRow.slug,
            StudentRow.name,
            ExportRow.made,
            ExportRow.points,
        )
        .join(StudentRow, StudentRow.id == ExportRow.student_id)
        .order_by(ExportRow.id)
    )
    return {
        (form, slug, name): (in_utc(made) or made, points)
        for form, slug, name, made, points in rows
    }


def _say(points: float | None) -> str:
    return "none" if points is None else f"{points:g}"
