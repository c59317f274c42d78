"""Starting a course, an exercise and a lesson."""

import errno
import re
import stat
import tomllib

import pytest
from typer.testing import CliRunner

from coursekit.authoring.build import build
from coursekit.authoring.selftest import selftest
from coursekit.cli import app
from coursekit.desk.course import find_course
from coursekit.desk.new import start_course, start_source
from coursekit.errors import CoursekitError


def test_a_new_course_is_one(tmp_path):
    report = start_course(tmp_path / "my course")
    course = find_course(tmp_path / "my course")

    assert len(report.added) == 4
    assert course.name == "my course"
    assert len(course.secret) == 32
    assert stat.S_IMODE((course.folder / "secret").stat().st_mode) == 0o600
    assert "secret" in (course.folder / ".gitignore").read_text().split()


def test_two_courses_have_two_secrets(tmp_path):
    for name in ("a", "b"):
        start_course(tmp_path / name)

    assert find_course(tmp_path / "a").secret != find_course(tmp_path / "b").secret


def test_the_second_time_only_what_is_missing_is_added(tmp_path):
    start_course(tmp_path)
    (tmp_path / "course.toml").write_text('[course]\nname = "Mine"\n')
    (tmp_path / "roster.csv").unlink()
    report = start_course(tmp_path)

    assert report.added == (str(tmp_path / "roster.csv"),)
    assert find_course(tmp_path).name == "Mine"


def test_a_full_disk_leaves_no_half_file_that_the_next_run_takes_for_whole(
    tmp_path, monkeypatch
):
    def refuse(*_given):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("pathlib.Path.chmod", refuse)  # once `secret` has been opened
        with pytest.raises(CoursekitError, match="make room on the disk"):
            start_course(tmp_path)

    assert not (tmp_path / "secret").exists()
    assert str(tmp_path / "secret") in start_course(tmp_path).added


def test_every_example_in_course_toml_works_when_its_mark_is_taken_away(tmp_path):
    start_course(tmp_path)
    path = tmp_path / "course.toml"
    text = re.sub(r"^# (?=[a-z_]+ = |\[)", "", path.read_text(), flags=re.MULTILINE)
    path.write_text(text)
    course, tree = find_course(tmp_path), tomllib.loads(text)
    exercise = course.assignments[0]

    assert set(tree) == {"course", "late", "exercises", "extensions", "total"}
    assert set(tree["late"]) == {
        "grace_minutes",
        "deduction",
        "interval",
        "lowest",
        "closes_days",
    }
    assert set(tree["exercises"][exercise.slug]) == {
        "due",
        "counts",
        "weight",
        "cap",
        "column",
        "variants",
        "late",
    }
    assert (exercise.late.deduction, course.drop_lowest) == (0.2, 1)
    assert exercise.due_for("s07") > exercise.due


def test_a_folder_may_have_any_name_that_its_system_takes(tmp_path):
    folder = tmp_path / 'a\nb\x7f "c" {d} \\ é'
    start_course(folder)

    assert find_course(folder).name == "ab 'c' {d} / é"


def test_a_course_without_a_name_is_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["new", "course", ""])

    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_a_folder_is_refused(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(CoursekitError, match="cannot be made a course"):
        start_course(tmp_path / "file")


def test_a_new_exercise_builds_and_keeps_its_word_outside_the_repository(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (path,) = start_source("exercise", "20_my_quiz").added
    source = tmp_path / "20_my_quiz.md"
    built, kept = build([source]), selftest([source])

    assert path == str(source)
    assert built.passed, built.to_text()
    assert kept.passed, kept.to_text()
    assert kept.attempts == 3


def test_a_new_lesson_builds(tmp_path, monkeypatch):
    start_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    start_source("lesson", "20_my_lesson")
    report = build([tmp_path / "lessons" / "20_my_lesson.md"])

    assert report.passed, report.to_text()


def test_a_source_that_is_there_is_not_written_over(tmp_path, monkeypatch):
    start_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    start_source("exercise", "quiz")
    (tmp_path / "exercises" / "quiz.md").write_text("mine")

    with pytest.raises(CoursekitError, match="is there already"):
        start_source("exercise", "quiz")

    assert (tmp_path / "exercises" / "quiz.md").read_text() == "mine"


@pytest.mark.parametrize("name", ["", "My Quiz", "../quiz", "quiz.md", "x" * 62, "con"])
def test_what_can_be_no_name_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CoursekitError, match="small letters"):
        start_source("lesson", name)

    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_comes_next(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["new", "course", "mine"])

    assert result.exit_code == 0
    assert "Next: coursekit release" in result.stdout
