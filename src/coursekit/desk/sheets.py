"""Marking in a spreadsheet: written answers out as CSV, levels and comments back in."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from coursekit.desk.book import open_book
from coursekit.desk.course import Course
from coursekit.desk.marks import (
    Mark,
    Written,
    keep_rubric,
    list_written,
    read_marks,
    read_rubric,
    write_marks,
)
from coursekit.desk.tables import Row, Table, read_table, require_columns
from coursekit.files import write_new
from coursekit.grading.cells import read_cell, safe_cell
from coursekit.grading.report import next_free

_CODE = "answer"
_TEXT = "text"
_COMMENT = "comment"
_MOST = 30_000  # characters; a cell of Excel takes 32,767


@dataclass(frozen=True)
class Sheet:
    """What came of reading a sheet: rows with a level or comment, and what changed."""

    marked: int
    changed: int


def code_of(slug: str, answer: Written) -> str:
    """Give an answer a code that tells nothing of its author."""
    said = "\0".join([slug, answer.question, answer.student, answer.hash])
    return sha256(said.encode()).hexdigest()[:10]


def write_sheet(
    course: Course, slug: str, question: str, path: Path, *, marker: str
) -> Path:
    """Write the answers to a question for marking in a spreadsheet.

    Parameters
    ----------
    course : Course
        Rules and gradebook.
    slug, question : str
        Exercise in full, and its written question.
    path : pathlib.Path
        Where to; if something is there, the next free name is taken.
    marker : str
        Whose marks so far to fill in.

    Returns
    -------
    pathlib.Path
        The file. A row is an answer, in an order that tells nothing: its code, the
        text, for each criterion the points of its level, and a comment.

    Raises
    ------
    CoursekitError
        If nothing is there to be marked.
    """
    with open_book(course) as book:
        answers = list_written(course, slug, question, book)
        rubric = book.transact(lambda use: read_rubric(use, course, slug, question))
        marks = book.transact(lambda use: read_marks(use, slug, question))
    mine = {(m.student, m.hash): m for m in marks if m.marker == marker}
    columns = _columns(rubric)
    path.parent.mkdir(parents=True, exist_ok=True)
    path = next_free(path)
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow([_CODE, _TEXT, *map(safe_cell, columns.values()), _COMMENT])
    for answer in sorted(answers, key=lambda one: code_of(slug, one)):
        mark = mine.get((answer.student, answer.hash))
        points = [_points(one, mark.levels if mark else {}) for one in rubric]
        comment = mark.comment if mark else ""
        row = [code_of(slug, answer), answer.text[:_MOST], *points, comment]
        writer.writerow([safe_cell(cell) for cell in row])
    write_new(path, sheet.getvalue().encode("utf-8-sig"))
    return path


def read_sheet(
    course: Course, slug: str, question: str, path: Path, *, marker: str
) -> Sheet:
    """Take back a sheet that `write_sheet` wrote and somebody filled in.

    Parameters
    ----------
    course, slug, question, marker
        As of `write_sheet`.
    path : pathlib.Path
        The sheet; commas, semicolons or tabs, and decimal commas, are understood.

    Returns
    -------
    Sheet
        How many rows say something, and how many marks that changed. A row without
        points or comment changes nothing.

    Raises
    ------
    MalformedTableError
        If a code is unknown, as where the student has handed in again, or points are
        those of no level; nothing is changed then.
    """
    table = read_table(path)
    with open_book(course) as book:
        answers = list_written(course, slug, question, book)
        rubric = book.transact(lambda use: read_rubric(use, course, slug, question))
        columns = _columns(rubric)
        require_columns(table, [_CODE, *columns.values()])
        known = {code_of(slug, answer): answer for answer in answers}
        marks = [
            _mark(table, row, known, rubric, columns, marker)
            for row in table.rows
            if any(row.cells.get(name) for name in (*columns.values(), _COMMENT))
        ]

        def write(session: Any) -> int:
            keep_rubric(session, course, slug, question)
            return write_marks(session, slug, marks)

        return Sheet(len(marks), book.transact(write))


def _columns(rubric: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {
        one["id"]: f"{place}. {one['criterion']} (of {one['points']:g})"
        for place, one in enumerate(rubric, start=1)
    }


def _points(criterion: Mapping[str, Any], levels: Mapping[str, str]) -> float | str:
    chosen = levels.get(criterion["id"])
    worth = (one["points"] for one in criterion["levels"] if one["id"] == chosen)
    return next(worth, "")


def _mark(
    table: Table,
    row: Row,
    known: Mapping[str, Written],
    rubric: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    marker: str,
) -> Mark:
    answer = known.get(row.cells[_CODE])
    if answer is None:
        raise table.refuse(
            row,
            f"no answer that counts now has the code {row.cells[_CODE]!r}; the student "
            "may have handed in again. Write a new sheet and copy this row's marks.",
        )
    levels = {}
    for criterion in rubric:
        given = row.cells[columns[criterion["id"]]]
        if given:
            levels[criterion["id"]] = _level(table, row, criterion, given)
    comment = read_cell(row.cells.get(_COMMENT, ""))
    return Mark(answer.student, answer.question, answer.hash, marker, levels, comment)


def _level(table: Table, row: Row, criterion: Mapping[str, Any], given: str) -> str:
    try:
        points = float(given.replace(",", "."))
    except ValueError:
        points = float("nan")
    for level in criterion["levels"]:
        if level["points"] == points:
            return str(level["id"])
    worth = ", ".join(f"{level['points']:g}" for level in criterion["levels"])
    raise table.refuse(
        row,
        f"{given!r} is no level of {criterion['criterion']!r}; levels have {worth}.",
    )
