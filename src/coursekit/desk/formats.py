"""Grades as other programs import them: plain CSV, Canvas, Moodle, Gradescope.

What they take stands in their sources: ``lib/gradebook_importer.rb`` of
instructure/canvas-lms, ``grade/import/csv/classes/load_data.php`` of moodle/moodle, and
https://gradescope-autograders.readthedocs.io/en/latest/specs/.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coursekit.desk.course import Course
from coursekit.desk.roster import Roster, Student
from coursekit.desk.scores import CourseScore, ExerciseScore
from coursekit.grading.cells import safe_cell

_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def write_plain(
    course: Course, scores: Iterable[CourseScore], roster: Roster, slugs: Sequence[str]
) -> str:
    """Write a row for each student: every exercise's points, and the total.

    Columns of an exercise are its name, and that with ``deduction``, ``final`` and
    ``state``; what is missing is an empty cell.
    """
    kinds = ("points", "deduction", "final", "state")
    header = [
        "student",
        "name",
        *(f"{slug} {kind}" for slug in slugs for kind in kinds),
    ]
    rows: list[list[Any]] = [[*header, "dropped", f"total of {course.out_of:g}"]]
    for score in scores:
        student = roster.by_id.get(score.student, Student(score.student))
        row: list[Any] = [score.student, student.name]
        for slug in slugs:
            one = score.exercises[slug]
            row += [one.points, one.deduction, one.final, one.state]
        rows.append([*row, " ".join(score.dropped), score.total])
    return _table(rows)


def write_long(scores: Iterable[CourseScore], slugs: Sequence[str]) -> str:
    """Write a row for each student, exercise and question."""
    rows: list[list[Any]] = [
        ["student", "exercise", "question", "points", "maximum", "judgement"]
    ]
    for score in scores:
        for slug in slugs:
            rows += [
                [score.student, slug, one.name, one.points, one.maximum, one.judgement]
                for one in score.exercises[slug].questions
            ]
    return _table(rows)


def write_canvas(
    course: Course, scores: Iterable[CourseScore], roster: Roster, slugs: Sequence[str]
) -> str:
    """Write what Canvas takes under Grades, Import.

    Canvas knows a student by ID, SIS user id, login, or else by name, and an assignment
    by the title of its column, ``Name (ID)`` if it is to be an existing one: the
    setting ``column`` in ``course.toml``. An empty cell takes a grade away that is
    there, so that students without any are left out. Of whom the roster knows no id,
    ours stands for the SIS user id.
    """
    columns = [course.find(slug).column for slug in slugs]
    rows: list[list[Any]] = [[*_CANVAS, *columns]]
    scored = _choose_graded(scores, slugs)
    possible = [
        next((s.exercises[slug].maximum for s in scored), None) for slug in slugs
    ]
    # Canvas looks for these words, blanks and all, in the second line.
    rows.append(["    Points Possible", "", "", "", "", *possible])
    for score in scored:
        student = roster.by_id.get(score.student, Student(score.student))
        ids = [student.canvas_id, student.sis_id, student.sis_login]
        if not any(ids):
            ids[1] = student.student
        about = [student.name or student.student, *ids]
        grades = [score.exercises[slug].final for slug in slugs]
        rows.append([*about, student.section, *grades])
    return _table(rows)


def write_moodle(
    course: Course, scores: Iterable[CourseScore], roster: Roster, slugs: Sequence[str]
) -> str:
    """Write what Moodle takes under Grades, Import, CSV file.

    There students are mapped by their e-mail address or ID number, and each column to
    an item of the gradebook. An empty grade takes one away that is there, so that
    students without any are left out. Where the address is empty, Moodle would give the
    grades to the student of the line before; the column is there if all have one.
    """
    scored = _choose_graded(scores, slugs)
    known = [roster.by_id.get(s.student, Student(s.student)) for s in scored]
    mails = [[one.email] if all(o.email for o in known) else [] for one in known]
    header = ["ID number", "Full name", *(["Email address"] if any(mails) else [])]
    rows: list[list[Any]] = [[*header, *(course.find(slug).column for slug in slugs)]]
    for student, mail, score in zip(known, mails, scored, strict=True):
        about = [student.sis_id or student.student, student.name, *mail]
        rows.append([*about, *(score.exercises[slug].final for slug in slugs)])
    return _table(rows)


def _choose_graded(
    scores: Iterable[CourseScore], slugs: Sequence[str]
) -> list[CourseScore]:
    return [
        score
        for score in scores
        if any(score.exercises[slug].final is not None for slug in slugs)
    ]


def write_gradescope(score: ExerciseScore) -> str:
    """Write the ``results.json`` of one student as Gradescope's autograders do.

    Parameters
    ----------
    score : ExerciseScore
        What the student has; ``final`` is there.

    Returns
    -------
    str
        JSON with the score, a sentence on how it came about, and a test for each
        question.
    """
    tests = [
        {
            "name": one.name,
            "score": one.points or 0.0,
            "max_score": one.maximum,
            "output": one.message or one.judgement,
            "visibility": "visible",
        }
        for one in score.questions
    ]
    said = [f"{score.state}."]
    if score.deduction:
        said.append(f"{score.deduction:g} points were taken off for lateness.")
    tree: Mapping[str, Any] = {
        "score": score.final,
        "output": " ".join([*said, *score.notes]),
        "visibility": "visible",
        "tests": tests,
    }
    return json.dumps(tree, indent=1, ensure_ascii=False) + "\n"


def _table(rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([_cell(entry) for entry in row])
    return out.getvalue()


def _cell(entry: Any) -> Any:
    if isinstance(entry, float):
        return int(entry) if entry.is_integer() else entry
    return safe_cell(entry)
