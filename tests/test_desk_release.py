"""The bundle for students."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coursekit.cli import app
from coursekit.course import course_root
from coursekit.desk.course import find_course
from coursekit.desk.frames import parameters_for
from coursekit.desk.release import LeakError, release
from coursekit.errors import CoursekitError
from coursekit.workspace import open_workspace
from desk_work import EXERCISES, make_course

SLUG = EXERCISES[0]


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course")


def names_below(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in Path(folder).rglob("*")
        if path.is_file()
    )


def test_folder_archive_and_manifest_say_the_same(course):
    report = release(course)
    manifest = json.loads(Path(report.folder, "manifest.json").read_bytes())
    names = names_below(report.folder)

    assert sorted([*manifest["files"], "manifest.json"]) == names
    assert sorted(zipfile.ZipFile(report.archive).namelist()) == names
    assert list(manifest["exercises"]) == list(EXERCISES)
    assert manifest["exercises"][SLUG]["due"] == "2027-03-02T12:00:00+00:00"
    assert manifest["exercises"][SLUG]["points"] > 0


def test_no_source_and_no_reference_is_in_it(course):
    names = names_below(release(course).folder)

    assert [name for name in names if name.startswith("exercises/")] == sorted(
        f"exercises/{slug}{end}"
        for slug in EXERCISES
        for end in (".checks.json", ".ipynb")
    )


def test_with_some_named_only_these_and_their_lessons_are_in_it(course):
    names = names_below(release(course, ["02"]).folder)

    assert [name for name in names if name.endswith(".ipynb")] == [
        f"exercises/{SLUG}.ipynb",
        f"lessons/{SLUG}.ipynb",
    ]


def test_the_same_again_writes_nothing_and_a_change_never_writes_over(course):
    first, second = release(course), release(course)
    before = Path(first.archive).read_bytes()
    toml = course.folder / "course.toml"
    toml.write_text(toml.read_text().replace("2027-03-02", "2027-03-03"))
    third = release(find_course(course.folder))

    assert (second.folder, second.new) == (first.folder, False)
    assert third.folder == f"{first.folder}-2"
    assert Path(first.archive).read_bytes() == before


def test_two_releases_of_the_same_are_the_same_bytes(course, tmp_path):
    other = make_course(tmp_path / "other")
    one, two = (Path(release(c).archive).read_bytes() for c in (course, other))

    assert one == two


def test_a_bundle_is_a_students_copy_whose_files_nobody_edited(course):
    workspace = open_workspace(Path(release(course).folder))

    assert workspace.kept == ("START_HERE.md",)
    assert f"exercises/{SLUG}.ipynb" not in workspace.added


@pytest.mark.parametrize("form", ["reference", "solution"])
def test_a_bundle_with_a_solution_is_refused(course, form):
    own = course.folder / "exercises"
    (own / "reference").mkdir(parents=True)
    root = course_root() / "exercises"
    for name in (f"{SLUG}.checks.json", f"reference/{SLUG}.ipynb"):
        shutil.copy(root / name, own / name)
    student = own / f"{SLUG}.ipynb"
    if form == "reference":
        shutil.copy(root / f"reference/{SLUG}.ipynb", student)
    else:
        text = (root / f"{SLUG}.ipynb").read_text(encoding="utf-8")
        student.write_text(text.replace("Put your answer", "### BEGIN SOLUTION"))

    with pytest.raises(LeakError, match=r"holds the mark of a solution") as caught:
        release(course)

    assert f"exercises/{SLUG}.ipynb" in str(caught.value)
    assert not (course.folder / "release").exists()


def test_the_secret_is_in_no_bundle(course):
    own = course.folder / "lessons"
    own.mkdir()
    lesson = (course_root() / f"lessons/{SLUG}.ipynb").read_text(encoding="utf-8")
    lesson = lesson.replace("**Time**", "5e" * 32 + " **Time**")
    (own / "50_mine.ipynb").write_text(lesson, encoding="utf-8")

    with pytest.raises(LeakError, match=r"50_mine.ipynb holds the secret"):
        release(course)


def test_an_exercise_older_than_its_source_is_refused(course):
    own = course.folder / "exercises"
    own.mkdir()
    for end in (".ipynb", ".checks.json", ".md"):
        shutil.copy(course_root() / "exercises" / f"{SLUG}{end}", own / f"{SLUG}{end}")

    with pytest.raises(CoursekitError, match=rf"coursekit build .*{SLUG}\.md"):
        release(course)


def test_a_course_without_exercises_says_what_to_write(tmp_path):
    (tmp_path / "course.toml").touch()

    with pytest.raises(CoursekitError, match=r"\[exercises.02_who_may_invite\]"):
        release(find_course(tmp_path))


def test_where_variants_are_drawn_each_student_gets_their_own(tmp_path):
    slug = "05_forty_five_interventions"
    course = make_course(tmp_path / "c", exercises=[slug], more="variants = true")
    course.roster_path.write_text("student\ns1\ns2\ns3\n", encoding="utf-8")
    report = release(course)
    archives = {
        path.stem: zipfile.ZipFile(path)
        for path in Path(f"{report.folder}-for").glob("*.zip")
    }
    said = {
        student: json.loads(archive.read(f"exercises/{slug}.ipynb"))["metadata"][
            "coursekit"
        ]["parameters"]
        for student, archive in archives.items()
    }

    assert said == {name: parameters_for(course, slug, name) for name in said}
    assert sorted(said) == ["s1", "s2", "s3"]
    assert report.students == 3


def test_the_command_says_what_comes_next(course, monkeypatch):
    monkeypatch.chdir(course.folder)
    result = CliRunner().invoke(app, ["release", "02"])

    assert result.exit_code == 0
    assert "Next: coursekit collect" in result.stdout
