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
from desk_importers import read_as_canvas, read_as_moodle
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


def graded_of(course):
    return {who: final for who, final in finals_of(course).items() if final is not None}


def number(cell):
    return None if cell == "" else float(cell)


def test_canvas_reads_the_very_grades(course):
    header, possible, *rows = table_of(export(course, "canvas", ["02"]))

    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", SLUG]
    assert possible[0] == "    Points Possible"
    assert float(possible[-1]) > 0
    assert {row[3].removeprefix("l"): number(row[-1]) for row in rows} == graded_of(
        course
    )
    assert read_cell(rows[0][0]).startswith("=Әйгүл s00")


def test_moodle_reads_the_very_grades(course):
    header, *rows = table_of(export(course, "moodle", ["02"]))

    assert header == ["ID number", "Full name", "Email address", SLUG]
    assert {row[2].split("@")[0]: number(row[3]) for row in rows} == graded_of(course)


NAMES = (
    "Әлиева, Айгүл",
    "العربي، علي",
    "李, 小龙",
    "=SUM(A1)",
    "-Ann",
    "@Bo",
    "O'Hara",
)


def text_of(report):
    return Path(report.files[0]).read_text(encoding="utf-8")


def write_names(course, header, line):
    rows = [line.format(n=n, name=name) for n, name in enumerate(NAMES, 1)]
    course.roster_path.write_text("\n".join([header, *rows]), encoding="utf-8")


@pytest.mark.parametrize(
    ("header", "line", "user"),
    [
        ("student,canvas_id,name", 's00{n},9{n},"{name}"', {"id": "9{n}"}),
        ("student,sis_id,name", 's00{n},u{n},"{name}"', {"sis": "u{n}"}),
        ("student,sis_login,name", 's00{n},l{n},"{name}"', {"login": "l{n}"}),
        ("student,name", 's00{n},"{name}"', {"sis": "s00{n}"}),
    ],
    ids=["number", "sis", "login", "nothing"],
)
def test_canvas_finds_every_student_and_the_assignment(course, header, line, user):
    toml = course.folder / "course.toml"
    section = f"[exercises.{SLUG}]"
    titled = f'{section}\ncolumn = "- Тест (7)"'
    toml.write_text(toml.read_text().replace(section, titled), encoding="utf-8")
    write_names(course, header, line)
    users = [
        {"id": f"s00{n}"} | {key: said.format(n=n) for key, said in user.items()}
        for n in range(1, 8)
    ]
    course = find_course(course.folder)
    grades, asked = read_as_canvas(text_of(export(course, "canvas", ["02"])), users)
    finals = graded_of(course)

    assert {who: one[7] for who, one in grades.items()} == {
        known["id"]: finals[f"s00{n}"]
        for n, known in enumerate(users, 1)
        if f"s00{n}" in finals
    }
    assert asked == ["s008"]


@pytest.mark.parametrize("by", ["ID number", "Email address"])
def test_moodle_finds_every_student(course, by):
    users = {f"s00{n}": f"s00{n}" for n in range(1, 9)}
    users |= {f"{name}@example.org": name for name in users}
    grades = read_as_moodle(
        text_of(export(course, "moodle", ["02"])), users, by=by, items=[SLUG]
    )

    assert {who: one[SLUG] for who, one in grades.items()} == graded_of(course)


def test_no_column_that_moodle_may_find_students_by_has_an_empty_cell(course):
    text = course.roster_path.read_text().replace("s003@example.org", "")
    course.roster_path.write_text(text, encoding="utf-8")
    header, *rows = table_of(export(course, "moodle", ["02"]))

    assert header == ["ID number", "Full name", SLUG]
    assert all(row[0] for row in rows)


@pytest.mark.parametrize("into", ["canvas", "moodle"])
def test_who_has_no_grade_is_left_out_for_an_empty_cell_takes_one_away(course, into):
    assert "s9" not in text_of(export(course, into, ["02"]))


def test_what_awaits_review_has_no_score_in_gradescope(tmp_path):
    course = make_course(tmp_path / "course")
    fill_gradebook(course, students=3, marked=False)
    report = export(course, "gradescope", ["02"], partial=True)

    assert report.files == ()


def test_gradescope_reads_the_very_grades(course):
    report = export(course, "gradescope", ["02"])
    found = [json.loads(Path(name).read_bytes()) for name in report.files]

    assert [one["score"] for one in found] == list(graded_of(course).values())
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


def test_a_total_that_changed_after_the_export_is_named(course):
    export(course, "csv")
    toml = course.folder / "course.toml"
    toml.write_text(f"{toml.read_text()}\n[total]\nout_of = 20\n")
    changed = check_exports(find_course(course.folder))

    assert {one.exercise for one in changed.changes} == {""}
    assert ", total: " in changed.to_text()


def test_an_export_of_one_exercise_tells_nothing_of_the_total(course):
    export(course, "csv", [course.assignments[0].slug])
    toml = course.folder / "course.toml"
    toml.write_text(f"{toml.read_text()}\n[total]\nout_of = 20\n")

    assert check_exports(find_course(course.folder)).passed


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
