"""What is read of how far a student has come, and what is remembered."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coursekit.cli import app
from coursekit.errors import CoursekitError
from coursekit.exercise.answers import MIME
from coursekit.student.progress import (
    Record,
    find_copy,
    note_checked,
    note_submitted,
    read_progress,
    read_record,
)
from coursekit.student.workspace import open_workspace

LESSON = "lessons/01_a_record_in_dispute.ipynb"
EXERCISE = "exercises/02_who_may_invite.ipynb"
BEFORE_ALL_DATES = {"at": "0001-01-01T00:00:00+14:00", "file": "", "hash": ""}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return open_workspace(tmp_path_factory.mktemp("made") / "copy").folder


@pytest.fixture
def copy(made, tmp_path):
    """A copy with one lesson and one exercise; the other files are left out."""
    for name in (LESSON, EXERCISE, EXERCISE.replace(".ipynb", ".checks.json")):
        for part in (name, f".coursekit/handed_out/{name}"):
            target = tmp_path / "copy" / part
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((made / part).read_bytes())
    (tmp_path / "copy/.coursekit/manifest.json").write_text("{}")
    return tmp_path / "copy"


def change(file: Path, edit):
    notebook = json.loads(file.read_bytes())
    edit([cell for cell in notebook["cells"] if cell["cell_type"] == "code"])
    file.write_text(json.dumps(notebook))


def progress(copy, path):
    return read_progress(copy, path, read_record(copy))


def run(cells):
    for cell in cells:
        cell["metadata"]["execution"] = {"iopub.execute_input": "2026-11-23T10:00:00Z"}


def answer(name, value):
    data = {MIME: {"check": name, "value": value, "rule": {}}, "text/plain": name}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def test_a_fresh_copy_is_not_begun(copy):
    found = [progress(copy, path) for path in (LESSON, EXERCISE)]

    assert {one.state for one in found} == {"not begun"}
    assert {one.done for one in found} == {0}
    assert all(one.parts > 5 for one in found)


def test_a_lesson_is_begun_when_cells_were_run_and_done_when_all_were(copy):
    change(copy / LESSON, lambda cells: run(cells[:3]))
    begun = progress(copy, LESSON)
    change(copy / LESSON, run)
    done = progress(copy, LESSON)

    assert (begun.state, begun.done) == ("begun", 3)
    assert (done.state, done.done) == ("done", done.parts)


def test_elsewhere_than_in_jupyterlab_another_output_tells_that_a_cell_was_run(copy):
    change(copy / LESSON, lambda cells: cells[1].update(execution_count=99))

    assert progress(copy, LESSON).done == 1


def test_an_answer_that_does_not_match_is_begun_and_not_counted(copy):
    wrong = [answer("core", ["no case"])]
    change(copy / EXERCISE, lambda cells: cells[2].update(outputs=wrong))
    found = progress(copy, EXERCISE)

    assert (found.state, found.done, found.parts) == ("begun", 0, 9)


def test_answers_that_match_are_counted_once_each(copy, reference_answers):
    outputs = [answer(name, value) for name, value in reference_answers.items()]
    change(copy / EXERCISE, lambda cells: cells[-1].update(outputs=outputs * 2))
    found = progress(copy, EXERCISE)

    assert (found.state, found.done) == ("done", 9)


@pytest.fixture(scope="module")
def reference_answers():
    """What the reference's public checks ship, as stored in the checkout."""
    file = Path(__file__).parents[1] / "exercises/reference/02_who_may_invite.ipynb"
    cells = json.loads(file.read_bytes())["cells"]
    shipped = [
        output["data"][MIME]
        for cell in cells
        for output in cell.get("outputs", ())
        if MIME in output.get("data", {})
    ]
    return {one["check"]: one["value"] for one in shipped}


@pytest.mark.parametrize(
    "broken", ["", "no JSON", "[]", '{"cells": 1}', '{"cells": [1], "metadata": {}}']
)
def test_a_notebook_that_makes_no_sense_is_not_readable(copy, broken):
    (copy / LESSON).write_text(broken)

    assert progress(copy, LESSON).state == "not readable"


def test_a_lesson_that_was_deleted_is_not_there(copy):
    (copy / LESSON).unlink()

    assert progress(copy, LESSON).state == "not there"


@pytest.mark.parametrize(
    "value", [None, "x", {"a": 1}, [[[]]], {"$type": "table"}, 1e400]
)
def test_a_stored_answer_that_makes_no_sense_is_no_match(copy, value):
    change(
        copy / EXERCISE,
        lambda cells: cells[2].update(outputs=[answer("core", value)]),
    )

    assert progress(copy, EXERCISE).done == 0


def test_what_was_checked_and_submitted_is_remembered(copy):
    note_checked(copy / EXERCISE, passed=3, of=9)
    digest = sha256((copy / EXERCISE).read_bytes()).hexdigest()
    note_submitted(copy / EXERCISE, file="submissions/a.zip", digest=digest)
    found = progress(copy, EXERCISE)

    assert (found.checked.passed, found.checked.of) == (3, 9)
    assert found.submitted.file == "submissions/a.zip"
    assert not found.changed


def test_an_exercise_saved_after_it_was_submitted_has_changed(copy):
    digest = sha256((copy / EXERCISE).read_bytes()).hexdigest()
    note_submitted(copy / EXERCISE, file="submissions/a.zip", digest=digest)
    change(copy / EXERCISE, run)

    assert progress(copy, EXERCISE).changed


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "[]",
        '{"checked": {}}',
        '{"checked": {"a": 1}, "submitted": {}}',
        '{"checked": {"a": {"at": "noon"}}, "submitted": {}}',
        json.dumps({"checked": {}, "submitted": {"a": BEFORE_ALL_DATES}}),
        '{"checked": {"a": {"at": "2026-01-01", "passed": Infinity}}, "submitted": {}}',
    ],
)
def test_a_broken_record_is_named_and_put_aside_and_not_lost(copy, broken):
    file = copy / ".coursekit/progress.json"
    file.write_text(broken)

    with pytest.raises(CoursekitError, match="could not be read"):
        read_record(copy)

    note_checked(copy / EXERCISE, passed=3, of=9)

    assert read_record(copy).checked[EXERCISE].passed == 3
    assert (copy / ".coursekit/progress.broken.json").read_text() == broken


def test_a_notebook_outside_a_copy_leaves_no_record(copy, tmp_path):
    stray = tmp_path / "stray.ipynb"
    stray.write_bytes((copy / EXERCISE).read_bytes())
    note_checked(stray, passed=1, of=9)

    assert find_copy(stray) is None
    assert list(tmp_path.rglob("progress.json")) == []


def test_no_record_is_an_empty_one(copy):
    assert read_record(copy) == Record()


def test_check_remembers_what_it_saw(copy, monkeypatch):
    from coursekit.grading import public

    lines = (public.CheckLine("core", passed=True, text="It matches."),)
    report = public.CheckReport("02_who_may_invite.ipynb", lines)
    monkeypatch.setattr(public, "run_checks", lambda _path: report)
    CliRunner().invoke(app, ["check", str(copy / EXERCISE)])

    assert read_record(copy).checked[EXERCISE].of == 1
