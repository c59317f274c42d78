from __future__ import annotations

import json

import nbformat
import pytest

from coursekit.authoring.build import build
from coursekit.errors import CoursekitError
from coursekit.exercise.answers import MIME
from exercise_source import (
    EXERCISE,
    HEADER,
    LESSON,
    SHARE_RIGHT,
    SHARE_WRONG,
    code,
)

WIDGET = HEADER + code(
    "import ipywidgets\n"
    "ipywidgets.VBox([ipywidgets.IntSlider(3), ipywidgets.Label('three')])"
)


def statuses(report):
    return [item.status for item in report.results]


@pytest.fixture
def exercise(tmp_path):
    path = tmp_path / "97_tiny.md"
    path.write_text(EXERCISE, encoding="utf-8")
    return path


@pytest.fixture
def lesson(tmp_path):
    path = tmp_path / "98_lesson.md"
    path.write_text(LESSON, encoding="utf-8")
    return path


def test_an_exercise_becomes_three_files_and_a_rebuild_changes_nothing(built):
    files = sorted(path.relative_to(built).as_posix() for path in built.rglob("*.*"))
    again = build([built])

    assert files == [
        "97_tiny.checks.json",
        "97_tiny.ipynb",
        "97_tiny.md",
        "reference/97_tiny.ipynb",
    ]
    assert statuses(again) == ["unchanged"] * 3


def test_the_student_version_holds_no_solution_attempt_or_hidden_check(built):
    text = (built / "97_tiny.ipynb").read_text(encoding="utf-8")

    assert "idxmax" not in text
    assert "counts.sum()" not in text
    assert "top.fresh" not in text
    assert text.count("NotImplementedError") == 2


def test_the_reference_stores_the_expected_values_with_their_rules(built):
    reference = nbformat.read(built / "reference" / "97_tiny.ipynb", as_version=4)
    stored = {
        output.data[MIME]["check"]: output.data[MIME]
        for cell in reference.cells
        for output in cell.get("outputs", [])
    }

    assert stored["shares"]["value"]["values"] == [0.25, 0.75]
    assert stored["shares"]["rule"] == {"rtol": 1e-6}
    assert stored["top.fresh"]["value"]["items"] == ["north"]


def test_cells_are_graded_for_nbgrader_too(built):
    student = nbformat.read(built / "97_tiny.ipynb", as_version=4)
    graded = [
        cell.metadata["nbgrader"]["points"]
        for cell in student.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]

    assert graded == [2, 1, 4]


def test_ids_are_the_same_in_student_version_and_reference(built):
    student = nbformat.read(built / "97_tiny.ipynb", as_version=4)
    reference = nbformat.read(built / "reference" / "97_tiny.ipynb", as_version=4)
    ids = {cell.id for cell in reference.cells}

    assert {cell.id for cell in student.cells} < ids


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        pytest.param(
            SHARE_WRONG,
            SHARE_WRONG.replace("100 * ", "1.0 * "),
            "listed as wrong",
            id="wrong attempt passes",
        ),
        pytest.param(
            SHARE_RIGHT,
            SHARE_RIGHT.replace("div(4)", "div(5)"),
            "listed as right",
            id="right attempt fails",
        ),
        pytest.param(
            SHARE_RIGHT,
            SHARE_RIGHT.replace("counts.div(4)", "counts.loc[1 / 0]"),
            "raised ZeroDivisionError",
            id="attempt raises",
        ),
        pytest.param(
            "shares = counts\n",
            "counts *= 2; counts['north'] = 7; shares = counts\n",
            "changes what it works on",
            id="attempt spoils the data",
        ),
        pytest.param(
            "shares = counts / counts.sum()\n",
            "shares = object()\n",
            "without a plain form",
            id="answer is no plain value",
        ),
        pytest.param(
            "shares = counts / counts.sum()\n",
            "import plotly.graph_objects as go; shares = go.Figure(go.Sankey())\n",
            "no points that can be compared",
            id="answer is a figure without points",
        ),
    ],
)
def test_an_attempt_that_does_not_do_as_said_stops_the_build(
    exercise, before, after, words
):
    exercise.write_text(EXERCISE.replace(before, after), encoding="utf-8")

    report = build([exercise])

    assert statuses(report) == ["failed"]
    assert words in report.to_text()
    assert not exercise.with_suffix(".ipynb").exists()


def test_check_finds_drift_and_writes_nothing(built):
    student = built / "97_tiny.ipynb"
    student.write_text(student.read_text(encoding="utf-8").replace("Tiny", "Tidy"))
    before = student.read_bytes()

    report = build([built], check=True)

    assert statuses(report) == ["out of date", "unchanged", "unchanged"]
    assert student.read_bytes() == before


def test_a_notebook_edited_by_hand_is_kept_unless_forced(lesson):
    build([lesson])
    notebook = lesson.with_suffix(".ipynb")
    tree = json.loads(notebook.read_text(encoding="utf-8"))
    tree["cells"][0]["source"] = ["# My own title"]
    notebook.write_text(json.dumps(tree), encoding="utf-8")

    refused = build([lesson])
    kept = notebook.read_text(encoding="utf-8")
    forced = build([lesson], force=True)

    assert statuses(refused) == ["refused"]
    assert "My own title" in kept
    assert statuses(forced) == ["written"]
    assert "My own title" not in notebook.read_text(encoding="utf-8")


def test_a_changed_source_is_built_again_without_force(lesson):
    build([lesson])
    lesson.write_text(LESSON.replace("[1, 2]", "[1, 2, 3]"), encoding="utf-8")

    assert statuses(build([lesson])) == ["written"]


def test_a_cell_that_raises_is_named(lesson):
    lesson.write_text(HEADER + code("1 / 0"), encoding="utf-8")

    report = build([lesson])

    assert "cell '1 / 0': raised ZeroDivisionError" in report.to_text()


def test_an_unknown_citation_key_is_named(lesson):
    lesson.write_text(HEADER + "\nThey say so [@Nobody1900].\n", encoding="utf-8")

    assert "no source 'Nobody1900'" in build([lesson]).to_text()


def test_widget_state_is_stored_under_stable_ids(lesson):
    lesson.write_text(WIDGET, encoding="utf-8")
    build([lesson])
    first = lesson.with_suffix(".ipynb").read_bytes()
    build([lesson])
    notebook = nbformat.read(lesson.with_suffix(".ipynb"), as_version=4)
    (state,) = notebook.metadata["widgets"].values()

    assert lesson.with_suffix(".ipynb").read_bytes() == first
    assert min(state["state"]) == f"{1:032x}"


def test_a_folder_gives_up_sources_whatever_comes_first_in_their_header(lesson):
    other = LESSON.replace("---\njupytext:", "---\nauthor: A. Teacher\njupytext:", 1)
    lesson.write_text(other, encoding="utf-8")
    lesson.with_name("notes.md").write_text("# Notes\n\njupytext: no\n")

    report = build([lesson.parent])

    assert [item.status for item in report.results] == ["written"]


def test_one_broken_source_does_not_stop_the_others(exercise, lesson):
    exercise.write_text(EXERCISE.replace("### END SOLUTION", ""), encoding="utf-8")

    assert statuses(build([exercise, lesson])) == ["failed", "written"]


def test_a_path_that_holds_no_source_is_refused(tmp_path):
    with pytest.raises(CoursekitError, match="nothing to build"):
        build([tmp_path / "nowhere"])
