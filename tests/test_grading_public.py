from __future__ import annotations

import json

import nbformat
import pytest

from coursekit.authoring.build import build
from coursekit.errors import MalformedNotebookError, UnknownNameError
from coursekit.grading.public import run_checks
from exercise_source import LESSON


def test_an_exercise_is_judged_by_what_its_sidecar_knows(built):
    path = built / "97_tiny.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (answer,) = [c for c in notebook.cells if c.source.startswith("raise Not")]
    answer.source = "shares = 100 * counts / counts.sum()"
    nbformat.write(notebook, path)

    report = run_checks(path)
    lines = {line.name: line.text for line in report.lines}

    assert not report.passed
    assert lines["shares"] == "2 of 2 values differ. These add up to 100."
    assert lines["top"] == "not attempted. The answer is not finished."


def test_a_notebook_of_another_editor_is_checked_like_any(built):
    path = built / "97_tiny.ipynb"
    notebook = json.loads((built / "reference" / "97_tiny.ipynb").read_bytes())
    notebook["nbformat_minor"] = 4
    cells = [
        {"cell_type": c["cell_type"], "source": c["source"]} for c in notebook["cells"]
    ]
    path.write_text(json.dumps(notebook | {"cells": cells}), encoding="utf-8-sig")

    assert run_checks(path).passed


def test_right_answers_pass_and_hidden_checks_are_announced(built):
    path = built / "97_tiny.ipynb"
    path.write_bytes((built / "reference" / "97_tiny.ipynb").read_bytes())

    report = run_checks(path)

    assert report.passed
    assert "top: It matches the public checks; 1 hidden check" in report.to_text()


def test_an_exercise_without_its_sidecar_is_not_guessed_at(built):
    (built / "97_tiny.checks.json").unlink()

    with pytest.raises(UnknownNameError, match="97_tiny"):
        run_checks(built / "97_tiny.ipynb")


def test_a_lesson_is_compared_with_what_it_stores(tmp_path):
    source = tmp_path / "98_lesson.md"
    source.write_text(LESSON, encoding="utf-8")
    build([source])
    path = source.with_suffix(".ipynb")

    assert run_checks(path).passed

    path.write_text(path.read_text("utf-8").replace('"3"', '"4"'), "utf-8")
    report = run_checks(path)
    tree = json.loads(report.to_json())

    assert not tree["passed"]
    assert tree["lines"][0]["text"].endswith("stored 4, now 3")
    assert report.to_text().count(tree["lines"][0]["name"]) == 1


def test_a_file_that_is_no_notebook_is_refused(tmp_path):
    path = tmp_path / "notes.ipynb"
    path.write_text("no JSON", encoding="utf-8")

    with pytest.raises(MalformedNotebookError, match="not JSON"):
        run_checks(path)
