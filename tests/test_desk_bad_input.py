"""Commands of the desk in the wrong order, and in folders that are half there."""

import shutil

import pytest
from typer.testing import CliRunner

from coursekit.cli import app
from coursekit.desk.scores import score_exercise
from desk_work import fill_gradebook, make_course

SLUG = "02_who_may_invite"
COMMANDS = [
    "release",
    "release --only 02",
    "variant 02 --student s001",
    "collect 02 nothing.zip",
    "collect 02 .",
    "grade 02",
    "grade 02 --rejudge",
    "review 02 --csv sheet.csv",
    "review 02 --read nothing.csv",
    "review 02 --agreement",
    "feedback 02",
    "feedback 02 --student nobody",
    "export csv",
    "export canvas",
    "export moodle",
    "export gradescope",
    "export --check",
    "analyse",
]


def remove(name):
    def change(folder):
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    return change


def write(name, content):
    return lambda folder: (folder / name).write_bytes(content)


def block(folder):
    for name in ("release", "submitted", "review", "feedback", "exports", "reports"):
        (folder / name).write_text("a file, where a folder belongs")


def empty_course(folder):
    (folder / "course.toml").write_text('[course]\nname = "Empty"\n')


def make_it_a_folder(folder):
    (folder / "gradebook.db").unlink()
    (folder / "gradebook.db").mkdir()


STATES = {
    "as it is": lambda _folder: None,
    "no gradebook": remove("gradebook.db"),
    "a gradebook that is none": write("gradebook.db", b"none" * 500),
    "an empty gradebook": write("gradebook.db", b""),
    "a folder for a gradebook": make_it_a_folder,
    "no secret": remove("secret"),
    "a roster that is none": write("roster.csv", b"student\n\xff\xfe\x00\n"),
    "a roster twice the same": write("roster.csv", b"student\na\na\n"),
    "no course.toml": remove("course.toml"),
    "a course.toml that is none": write("course.toml", b"[course\n"),
    "no exercise": empty_course,
    "files for folders": block,
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A course with generated work of four students."""
    course = make_course(tmp_path_factory.mktemp("filled") / "c", exercises=[SLUG])
    fill_gradebook(course, students=4)
    return course.folder


@pytest.fixture
def folder(filled, tmp_path, monkeypatch):
    copy = tmp_path / "course"
    shutil.copytree(filled, copy)
    monkeypatch.chdir(copy)
    return copy


def run(command):
    return CliRunner().invoke(app, command.split())


@pytest.mark.parametrize("state", STATES)
def test_every_command_says_in_words_what_is_the_case(folder, state):
    STATES[state](folder)
    said = {command: run(command) for command in COMMANDS}

    assert {one.exit_code for one in said.values()} <= {0, 1, 2}
    assert [
        command
        for command, one in said.items()
        if one.exception is not None and not isinstance(one.exception, SystemExit)
    ] == []
    assert all(one.output.strip() for one in said.values())


@pytest.mark.parametrize(
    ("state", "command", "said"),
    [
        ("no gradebook", "grade 02", "Run `coursekit collect EXERCISE DOWNLOAD`"),
        ("no gradebook", "export csv", "Run `coursekit collect EXERCISE DOWNLOAD`"),
        ("no gradebook", "analyse", "Run `coursekit collect EXERCISE DOWNLOAD`"),
        ("no course.toml", "release", "coursekit new course"),
        ("no exercise", "release", "[exercises.02_who_may_invite]"),
        ("no exercise", "grade 02", "[exercises.02_who_may_invite]"),
        ("no exercise", "export csv", "[exercises.02_who_may_invite]"),
        ("no exercise", "analyse", "[exercises.02_who_may_invite]"),
        ("as it is", "collect 02 .", "is the course folder"),
        ("as it is", "collect 02 ..", "is the course folder"),
        ("as it is", "export --check", "run `coursekit export csv`"),
        ("as it is", "review 02 --agreement", "--marker NAME"),
        ("a roster twice the same", "export csv", "line 3"),
        ("a roster that is none", "collect 02 x.zip", "line 2"),
    ],
)
def test_a_command_too_early_says_what_to_run_next(folder, state, command, said):
    STATES[state](folder)
    answer = run(command)

    assert answer.exit_code == 2
    assert said in " ".join(answer.output.split())


def test_grades_stay_when_collected_files_are_gone(folder):
    from coursekit.desk.course import find_course

    before = score_exercise(find_course(folder), SLUG)
    shutil.rmtree(folder / "submitted", ignore_errors=True)
    again = run("grade 02")

    assert again.exit_code == 1
    assert score_exercise(find_course(folder), SLUG) == before


@pytest.mark.parametrize("command", ["feedback 02", "export csv", "analyse", "release"])
def test_twice_is_no_harm(folder, command):
    first, second = run(command), run(command)
    files = sorted(path for path in folder.rglob("*") if path.is_file())

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert all(path.stat().st_size for path in files)


def test_an_exercise_of_the_course_is_not_hidden_by_one_of_the_same_name(folder):
    said = run(f"new exercise {SLUG}")

    assert said.exit_code == 2
    assert "take another name" in said.output
    assert not (folder / "exercises").exists()
