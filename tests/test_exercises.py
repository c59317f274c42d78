"""Every exercise of the course keeps its word, and gives no answer away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coursekit.authoring.build import build
from coursekit.authoring.selftest import selftest
from coursekit.desk.leaks import checks_of, find_leaks, is_given_away, list_texts
from coursekit.exercise.sidecar import SUFFIX
from coursekit.grading.frame import read_frame

EXERCISES = Path(__file__).parents[1] / "exercises"
SOURCES = sorted(EXERCISES.glob("[0-9]*.md"))
every_exercise = pytest.mark.parametrize(
    "source", [pytest.param(path, id=path.stem) for path in SOURCES]
)


def reference_of(source):
    return source.parent / "reference" / f"{source.stem}.ipynb"


def student_files(source):
    return [source.with_suffix(".ipynb"), source.with_name(f"{source.stem}{SUFFIX}")]


def tree_of(file):
    return json.loads(file.read_text(encoding="utf-8"))


def test_there_are_exercises():
    assert SOURCES
    assert {path.stem for path in EXERCISES.glob("*.ipynb")} == {
        path.stem for path in SOURCES
    }


@every_exercise
def test_exercise_is_what_its_source_gives(source):
    report = build([source], check=True)

    assert report.passed, report.to_text()
    assert len(report.results) == 3


@every_exercise
def test_reference_student_version_and_every_attempt_get_what_is_said(source):
    report = selftest([source])

    assert report.passed, report.to_text()
    assert report.attempts >= 3


@every_exercise
def test_no_file_that_a_student_gets_gives_a_solution_away(source):
    frame = read_frame(reference_of(source))
    found = [find_leaks(frame, f.name, tree_of(f)) for f in student_files(source)]

    assert found == [[], []]


@every_exercise
def test_search_for_solutions_finds_them_where_they_are(source):
    frame = read_frame(reference_of(source))
    tree = tree_of(reference_of(source))
    text = "\n".join(list_texts(tree))
    checks = checks_of(frame)
    missed = [check.name for check in checks if not is_given_away(check, text)]
    hidden = [f"names the hidden check {c.name!r}" for c in checks if c.hidden]
    said = " ".join(find_leaks(frame, "it", tree))

    # What is short enough to be guessed cannot be searched for either.
    assert len(missed) <= len(checks) // 3, missed
    assert [one for one in hidden if one not in said] == []
    assert "holds the mark of a solution" in said
    assert "is tagged hidden" in said
    assert "stores an answer" in said
    assert "holds the line" in said


@every_exercise
def test_notebook_for_students_is_clean(source):
    notebook = json.loads(source.with_suffix(".ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    tags = {
        tag for cell in notebook["cells"] for tag in cell["metadata"].get("tags", [])
    }

    assert [cell["outputs"] for cell in code if cell["outputs"]] == []
    assert tags <= {"setup", "parameters", "answer", "check", "written"}
