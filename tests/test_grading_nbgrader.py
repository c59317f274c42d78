"""nbgrader reads what we build, and we grade what is nbgrader's, with its scores."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import read as read_validated

from coursekit.errors import MalformedNotebookError
from coursekit.grading.frame import read_frame
from coursekit.grading.grade import grade
from coursekit.grading.judge import Judgement
from coursekit.grading.nbgrader import NOTE
from nbgrader_assignment import GIVEN, fill, make_source

EXERCISES = Path(__file__).parents[1] / "exercises"
BUILT = sorted([*EXERCISES.glob("*.ipynb"), *EXERCISES.glob("reference/*.ipynb")])
STUDENTS = [*GIVEN, "tampers"]


@pytest.mark.parametrize("path", BUILT, ids=lambda p: f"{p.parent.name}-{p.stem[:2]}")
def test_nbgraders_own_validation_takes_what_we_build(path):
    notebook = read_validated(path, as_version=4)

    assert any("nbgrader" in cell.metadata for cell in notebook.cells)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of nbgrader's: released, handed in and autograded by nbgrader itself."""
    folder = tmp_path_factory.mktemp("nbgrader")
    config = folder / "nbgrader_config.py"
    config.write_text("c = get_config()\nc.CourseDirectory.course_id = 'course'\n")
    source = folder / "source" / "ps1" / "quiz.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(make_source(), source)
    run(folder, "generate_assignment", "ps1")
    release = nbformat.read(folder / "release/ps1/quiz.ipynb", as_version=4)
    for student in STUDENTS:
        kind = "wrong" if student == "tampers" else student
        place = folder / "submitted" / student / "ps1" / "quiz.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(fill(release, kind, tamper=student == "tampers"))
    run(folder, "autograde", "ps1")
    return folder


def run(folder, *words):
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture(scope="module")
def report(course, tmp_path_factory):
    handed_in = tmp_path_factory.mktemp("handed_in")
    for student in STUDENTS:
        content = (course / f"submitted/{student}/ps1/quiz.ipynb").read_bytes()
        (handed_in / f"{student}.ipynb").write_bytes(content)
    return grade(course / "source/ps1/quiz.ipynb", handed_in)


def scores_of(report, student):
    (given,) = [one for one in report.grades if one.student == student]
    return {check.name: check.points for q in given.questions for check in q.checks}


@pytest.mark.parametrize("student", STUDENTS)
def test_points_are_those_of_nbgrader(course, report, student):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        submission = book.find_submission_notebook("quiz", "ps1", student)
        theirs = {g.name: g.auto_score for g in submission.grades if g.name != "why"}

    assert scores_of(report, student) == theirs


def test_texts_await_a_person_unless_they_are_as_they_were_given(report):
    awaiting = {grade.student: grade.awaiting_review for grade in report.grades}

    assert awaiting == {s: () if s == "blank" else ("why",) for s in STUDENTS}


def test_what_was_not_touched_is_not_attempted_and_a_failed_assert_is_wrong(report):
    judged = {
        grade.student: [str(q.judgement) for q in grade.questions[:2]]
        for grade in report.grades
    }
    (wrong,) = [grade for grade in report.grades if grade.student == "wrong"]

    assert judged["blank"] == ["not attempted"] * 2
    assert judged["partly"] == ["correct", "partly correct"]
    assert judged["raises"][0] == "error"
    assert wrong.questions[0].checks[1].judgement is Judgement.WRONG


def test_the_report_says_where_the_verdict_was_reached(report):
    assert report.notes == (NOTE,)
    assert NOTE in report.to_text()


def test_the_source_itself_has_full_marks(course):
    frame = read_frame(course / "source/ps1/quiz.ipynb")
    report = grade(course / "source/ps1/quiz.ipynb", course / "source/ps1/quiz.ipynb")

    assert report.grades[0].total == report.maximum == 9
    assert report.review_maximum == 5
    assert [q.name for q in frame.questions] == ["square", "total", "why"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda nb: nb.cells[2].metadata.nbgrader.update(grade_id=""),
            "without a grade",
        ),
        (
            lambda nb: nb.cells[2].metadata.nbgrader.update(grade_id="square"),
            "two cells with the grade_id 'square'",
        ),
    ],
    ids=["missing", "twice"],
)
def test_an_assignment_that_makes_no_sense_is_refused(tmp_path, change, said):
    notebook = make_source()
    change(notebook)
    nbformat.write(notebook, tmp_path / "quiz.ipynb")

    with pytest.raises(MalformedNotebookError, match=said):
        read_frame(tmp_path / "quiz.ipynb")
