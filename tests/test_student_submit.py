"""The archive that a student hands in."""

from __future__ import annotations

import json
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coursekit.cli import app
from coursekit.desk.collect import collect
from coursekit.errors import CoursekitError, MalformedNotebookError
from coursekit.student.progress import read_record
from coursekit.student.submit import submit
from coursekit.student.workspace import open_workspace
from desk_work import make_course

NAME = "02_who_may_invite"
EXERCISE = f"exercises/{NAME}.ipynb"


@pytest.fixture
def copy(tmp_path):
    return open_workspace(tmp_path / "copy").folder


def edit(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text().replace(old, new))


def read(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_the_archive_holds_the_notebook_and_a_manifest_that_says_what_it_is(copy):
    report = submit(copy / EXERCISE)
    files = read(Path(report.file))
    manifest = json.loads(files["submission.json"])
    content = (copy / EXERCISE).read_bytes()

    assert files[f"{NAME}.ipynb"] == content
    assert manifest["sha256"] == sha256(content).hexdigest()
    assert manifest["exercise"] == NAME
    assert len(manifest["unanswered"]) == 10
    assert read_record(copy).submitted[EXERCISE].hash == manifest["sha256"]


def test_a_question_that_was_answered_is_not_called_unanswered(copy):
    notebook = json.loads((copy / EXERCISE).read_bytes())
    cell = next(
        c
        for c in notebook["cells"]
        if c["metadata"].get("coursekit") == {"question": "core"}
    )
    cell["source"] = "core = cases"
    (copy / EXERCISE).write_text(json.dumps(notebook))

    assert "core" not in submit(copy / EXERCISE).unanswered
    assert len(submit(copy / EXERCISE).unanswered) == 9


def test_the_same_bytes_are_written_once_and_other_ones_beside_them(copy):
    first, again = submit(copy / EXERCISE), submit(copy / EXERCISE)
    edit(copy / EXERCISE, "Who may invite?", "Who may invite whom?")
    other = submit(copy / EXERCISE)

    assert (first.file, first.again) == (again.file, not again.again)
    assert other.file != first.file
    assert Path(first.file).exists()
    assert Path(other.file).exists()


def test_what_is_saved_while_an_archive_is_written_can_be_handed_in(copy, monkeypatch):
    def save_meanwhile(_read):
        edit(copy / EXERCISE, "Who may invite?", "Who may invite whom?")
        return []

    monkeypatch.setattr("coursekit.student.submit._find_unanswered", save_meanwhile)
    submit(copy / EXERCISE)
    monkeypatch.undo()
    other = submit(copy / EXERCISE)

    assert not other.again
    assert read(Path(other.file))[f"{NAME}.ipynb"] == (copy / EXERCISE).read_bytes()


def test_an_archive_that_was_removed_is_written_again(copy):
    Path(submit(copy / EXERCISE).file).unlink()

    assert not submit(copy / EXERCISE).again


def test_a_notebook_outside_a_copy_has_its_archive_beside_it(copy, tmp_path):
    stray = tmp_path / "elsewhere" / "mine.ipynb"
    stray.parent.mkdir()
    stray.write_bytes((copy / EXERCISE).read_bytes())
    report = submit(stray)

    assert Path(report.file).parent == stray.parent / "submissions"
    assert f"{NAME}.ipynb" in read(Path(report.file))


def test_a_lesson_is_no_exercise(copy):
    with pytest.raises(MalformedNotebookError, match="is no exercise"):
        submit(copy / "lessons/01_a_record_in_dispute.ipynb")


def test_a_file_that_is_no_notebook_is_refused(copy):
    (copy / EXERCISE).write_text("no JSON")

    with pytest.raises(MalformedNotebookError):
        submit(copy / EXERCISE)
    assert not (copy / "submissions").exists()


def test_a_disk_that_takes_no_more_is_said_and_nothing_is_half_written(
    copy, monkeypatch
):
    def refuse(*_given, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("coursekit.files.tempfile.mkstemp", refuse)

    with pytest.raises(CoursekitError, match="No space left on device"):
        submit(copy / EXERCISE)
    assert list((copy / "submissions").glob("*")) == []


def test_an_archive_that_is_written_is_told_though_it_cannot_be_remembered(
    copy, monkeypatch
):
    def refuse(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("coursekit.student.progress.write_whole", refuse)
    report = submit(copy / EXERCISE)

    assert Path(report.file).is_file()
    assert "is written; upload it" in report.to_text()
    assert "The home page will not show it: No space left" in report.to_text()


def test_a_record_never_makes_another_file_the_archive(copy, tmp_path):
    (tmp_path / "private.txt").write_text("private")
    digest = sha256((copy / EXERCISE).read_bytes()).hexdigest()
    facts = {"at": "2026-01-01", "file": f"{tmp_path}/private.txt", "hash": digest}
    record = {"checked": {}, "submitted": {EXERCISE: facts}}
    (copy / ".coursekit/progress.json").write_text(json.dumps(record))
    report = submit(copy / EXERCISE)

    assert not report.again
    assert Path(report.file).parent == copy / "submissions"


def test_a_broken_record_does_not_keep_anybody_from_handing_in(copy):
    (copy / ".coursekit/progress.json").write_text("broken")

    assert Path(submit(copy / EXERCISE).file).is_file()


def test_what_a_student_hands_in_is_what_an_instructor_collects(copy, tmp_path):
    archive = Path(submit(copy / EXERCISE).file)
    course = make_course(tmp_path / "course", exercises=[NAME])
    handed_in = tmp_path / "handed_in" / "s000"
    handed_in.mkdir(parents=True)
    archive.rename(handed_in / archive.name)
    collect(course, NAME, tmp_path / "handed_in")
    (collected,) = course.folder.glob(f"submitted/{NAME}/s000/*.ipynb")

    assert collected.read_bytes() == (copy / EXERCISE).read_bytes()


def test_the_command_says_what_to_upload_and_what_is_missing(copy):
    said = CliRunner().invoke(app, ["submit", str(copy / EXERCISE)])

    assert said.exit_code == 0
    assert "upload it to your learning platform" in said.output
    assert "Not answered yet: core" in said.output
