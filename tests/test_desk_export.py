"""Exports: read back as their importers do, noted, and compared later."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from coursekit.cli import app
from coursekit.desk.course import find_course
from coursekit.desk.export import check_exports, export
from coursekit.desk.scores import score_course
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.grading.cells import read_cell, safe_cell
from desk_work import EXERCISES, fill_gradebook, make_course

SLUG = EXERCISES[0]
HEADER = "student,name,email,canvas_id,sis_id,sis_login,section\n"


@pytest.fixture
def course(tmp_path):
    course = make_course(tmp_path / "course")
    names = fill_gradebook(course, students=8)
    rows = [f"{n},=Әйгүл {n},{n}@example.org,1{n[1:]},,l{n},A" for n in [*names, "s9"]]
    course.roster_path.write_text(HEADER + "\n".join(rows), encoding="utf-8")
    return course


def table_of(report, encoding="utf-8"):
    with Path(report.files[0]).open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def finals_of(course, slug=SLUG):
    return {one.student: one.exercises[slug].final for one in score_course(course)}


def number(cell):
    return None if cell == "" else float(cell)


def test_canvas_reads_the_very_grades(course):
    header, possible, *rows = table_of(export(course, "canvas", ["02"]))

    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", SLUG]
    assert possible[0] == "    Points Possible"
    assert float(possible[-1]) > 0
    assert {row[3].removeprefix("l"): number(row[-1]) for row in rows} == {
        **finals_of(course),
        "s9": None,
    }
    assert read_cell(rows[0][0]) == "=Әйгүл s001"


def test_moodle_reads_the_very_grades(course):
    header, *rows = table_of(export(course, "moodle", ["02"]))

    assert header == ["ID number", "Full name", "Email address", SLUG]
    assert {row[2].split("@")[0]: number(row[3]) for row in rows} == {
        **finals_of(course),
        "s9": None,
    }


def test_gradescope_reads_the_very_grades(course):
    report = export(course, "gradescope", ["02"])
    found = [json.loads(Path(name).read_bytes()) for name in report.files]
    finals = [final for final in finals_of(course).values() if final is not None]

    assert [one["score"] for one in found] == finals
    assert all(
        sum(test["max_score"] for test in one["tests"]) >= one["score"] for one in found
    )


def test_plain_csv_has_every_exercise_and_the_total(course):
    header, *rows = table_of(export(course, "csv"), "utf-8-sig")
    scores = {one.student: one.total for one in score_course(course)}

    assert header[:4] == ["student", "name", f"{SLUG} points", f"{SLUG} deduction"]
    assert header[-1] == "total of 100"
    assert {row[0]: number(row[-1]) for row in rows if row[0] != "s9"} == scores
    assert len(rows) == 9


def test_long_csv_has_every_question(course):
    _, *rows = table_of(export(course, "csv", ["02"], long=True), "utf-8-sig")
    given = [
        q.points for one in score_course(course) for q in one.exercises[SLUG].questions
    ]

    assert [number(row[3]) for row in rows] == given


def test_what_awaits_review_is_refused_with_the_command(tmp_path):
    course = make_course(tmp_path / "course")
    fill_gradebook(course, students=3, marked=False)

    with pytest.raises(CoursekitError, match=rf"awaiting review .*review {SLUG}`"):
        export(course, "csv")

    assert not (course.folder / "exports").exists()
    assert export(course, "csv", partial=True).students == 3


def test_an_export_is_never_written_over(course):
    first, second = (export(course, "csv").files[0] for _ in range(2))

    assert first != second


def test_a_grade_that_changed_after_the_export_is_named(course):
    export(course, "canvas")
    quiet = check_exports(course)
    toml = course.folder / "course.toml"
    toml.write_text(toml.read_text().replace("deduction = 0.1", "deduction = 0.3"))
    changed = check_exports(find_course(course.folder))

    assert quiet.passed
    assert not changed.passed
    assert {one.format for one in changed.changes} == {"canvas"}
    assert all(one.now < one.was for one in changed.changes)
    assert "when exported for canvas on" in changed.to_text()


def test_a_format_that_is_none_is_refused(course):
    with pytest.raises(UnknownNameError, match="canvas, csv, gradescope, moodle"):
        export(course, "excel")


@pytest.mark.parametrize("words", [[], ["csv", "--check"]], ids=["nothing", "both"])
def test_the_command_takes_a_format_or_a_check(words):
    assert CliRunner().invoke(app, ["export", *words]).exit_code == 2


@given(st.text())
def test_a_cell_begins_no_formula_and_comes_back(text):
    cell = safe_cell(text)
    out = io.StringIO()
    csv.writer(out).writerow([cell])
    kept = next(csv.reader(io.StringIO(out.getvalue())), [""])

    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert safe_cell(read_cell(kept[0])) == cell


@pytest.mark.parametrize(
    "text", ["=1", "'=1", "''+1", "plain", "'tis", " @x", "\uff1d1"]
)
def test_what_was_made_safe_is_read_back(text):
    assert read_cell(safe_cell(text)) == text
