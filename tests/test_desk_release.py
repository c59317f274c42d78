"""The bundle for students."""

import json
import os
import shutil
import zipfile
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from coursekit.authoring.build import build
from coursekit.cli import app
from coursekit.course import course_root
from coursekit.desk.course import find_course
from coursekit.desk.frames import frame_for, parameters_for, variant_for
from coursekit.desk.release import LeakError, release
from coursekit.errors import CoursekitError
from coursekit.grading.public import run_checks
from coursekit.student.workspace import open_workspace
from desk_work import EXERCISES, make_course
from exercise_source import HEADER
from variant_course import SLUG as VARIED
from variant_course import make_variant_course

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


@pytest.fixture
def lesson(course):
    """A lesson of the instructor's own, and its source."""
    path = course.folder / "lessons" / "50_mine.md"
    path.parent.mkdir()
    path.write_text(f"{HEADER}\n# Mine\n\nText.\n", encoding="utf-8")
    assert build([path]).passed
    return path


def test_what_is_older_than_its_source_is_refused(course, lesson):
    os.utime(lesson.with_suffix(".ipynb"), (0, 0))
    lesson.write_text(f"{HEADER}\n# Mine\n\nOther text.\n", encoding="utf-8")

    with pytest.raises(CoursekitError, match=r"coursekit build .*50_mine\.md"):
        release(course)


def test_a_source_that_was_only_touched_is_no_newer(course, lesson):
    os.utime(lesson.with_suffix(".ipynb"), (0, 0))

    assert "lessons/50_mine.ipynb" in names_below(release(course).folder)


def test_what_is_the_instructors_alone_is_refused_wherever_it_stands(course):
    course.roster_path.write_text("student,email\ns1,ana@x.org\n", encoding="utf-8")
    (course.folder / "data").mkdir()
    mine = course.folder / "data" / "mine.csv"
    mine.write_text("5E" * 32 + "\nAna@X.org", encoding="utf-16")

    with pytest.raises(LeakError, match=r"mine.csv holds the secret.*ana@x.org"):
        release(course, ["02"])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (f"exercises/reference/{SLUG}.ipynb", "is a reference"),
        (f"exercises/{SLUG}.md", "holds a solution of"),
    ],
)
def test_a_solution_in_a_lesson_or_in_data_is_refused(course, name, says):
    kind = "lessons" if name.endswith(".ipynb") else "data"
    (course.folder / kind).mkdir()
    shutil.copy(course_root() / name, course.folder / kind)

    with pytest.raises(LeakError, match=rf"{kind}/{SLUG}\S+ {says}"):
        release(course, ["02"])


def test_what_lies_about_in_the_folder_is_not_in_it(course):
    litter = [
        "exercises/.ipynb_checkpoints/x-checkpoint.ipynb",
        "exercises/__pycache__/x.pyc",
        "exercises/notes.txt",
        "lessons/.ipynb_checkpoints/x-checkpoint.ipynb",
        "lessons/.#x.ipynb",
        "lessons/._x.ipynb",
        "lessons/x.ipynb~",
        "data/.DS_Store",
        "data/__pycache__/x.pyc",
        "data/mine.csv~",
        "data/.git/config",
        "gradebook.db",
        "submitted/s1.ipynb",
    ]
    before = names_below(release(course, ["02"]).folder)
    for name in litter:
        (course.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (course.folder / name).write_text("x", encoding="utf-8")
    after = release(course, ["02"])

    assert names_below(after.folder) == before
    assert not after.new


def test_data_of_ones_own_are_in_it(course):
    (course.folder / "data" / "mine").mkdir(parents=True)
    (course.folder / "data" / "mine" / "a b.csv").write_text("1", encoding="utf-8")

    assert "data/mine/a b.csv" in names_below(release(course, ["02"]).folder)


def test_a_course_without_exercises_says_what_to_write(tmp_path):
    (tmp_path / "course.toml").touch()

    with pytest.raises(CoursekitError, match=r"\[exercises.02_who_may_invite\]"):
        release(find_course(tmp_path))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("x") / "c"
    course = make_variant_course(folder, roster="student\ns1\ns2\ns3\n李娜\n")
    for student in ("s1", "s2", "s3", "李娜"):
        frame_for(course, VARIED, student)
    return folder


@pytest.fixture
def drawn(built, tmp_path):
    """A course with a parameter that is drawn for each of four students."""
    shutil.copytree(built, tmp_path / "drawn")
    return find_course(tmp_path / "drawn")


def test_where_variants_are_drawn_each_student_gets_their_own(drawn):
    report = release(drawn, ["97"])
    archives = {
        path.stem: zipfile.ZipFile(path)
        for path in Path(f"{report.folder}-for").glob("*.zip")
    }
    said = {
        student: json.loads(archive.read(f"exercises/{VARIED}.ipynb"))["metadata"][
            "coursekit"
        ]["parameters"]
        for student, archive in archives.items()
    }

    assert said == {name: parameters_for(drawn, VARIED, name) for name in said}
    assert sorted(said) == ["s1", "s2", "s3", "李娜"]
    assert len({str(values) for values in said.values()}) == 2
    assert report.students == 4


def test_the_manifest_of_a_students_archive_is_that_of_its_files(drawn):
    folder = Path(f"{release(drawn, ['97']).folder}-for")
    for student in ("s1", "s2", "s3", "李娜"):
        archive = zipfile.ZipFile(folder / f"{student}.zip")
        files = {name: archive.read(name) for name in archive.namelist()}
        manifest = json.loads(files.pop("manifest.json"))
        digests = {name: sha256(text).hexdigest() for name, text in files.items()}

        assert manifest["files"] == digests
        assert manifest["exercises"][VARIED]["variant"] == variant_for(
            drawn, VARIED, student
        )


def test_the_record_says_who_got_which_archive_and_no_archive_says_so(drawn):
    report = release(drawn, ["97"])
    text = Path(report.record).read_text(encoding="utf-8")
    record = json.loads(text)
    folder = Path(f"{report.folder}-for")
    everything = b"".join(
        archive.read(name)
        for path in [Path(report.archive), *folder.iterdir()]
        for archive in [zipfile.ZipFile(path)]
        for name in archive.namelist()
    )

    assert record["students"] == {
        student: {
            "variants": {VARIED: variant_for(drawn, VARIED, student)},
            "sha256": sha256((folder / f"{student}.zip").read_bytes()).hexdigest(),
        }
        for student in ("s1", "s2", "s3", "李娜")
    }
    assert record["sha256"] == sha256(Path(report.archive).read_bytes()).hexdigest()
    assert record["secret_sha256"] == sha256(drawn.secret).hexdigest()[:8]
    assert "5e5e5e" not in text
    assert "李娜".encode() not in everything


def test_a_student_can_check_answers_with_what_lies_in_the_archive(drawn, tmp_path):
    folder = Path(f"{release(drawn, ['97']).folder}-for")
    student = next(
        name
        for name in ("s1", "s2", "s3", "李娜")
        if parameters_for(drawn, VARIED, name) == {"SOUTH": 7}
    )
    zipfile.ZipFile(folder / f"{student}.zip").extractall(tmp_path / "home")
    path = tmp_path / "home" / "exercises" / f"{VARIED}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells if c.metadata.get("tags") == ["answer"])
    cell.source = 'shares = pd.Series({"north": 0.125, "south": 0.875})'
    nbformat.write(notebook, path)
    report = run_checks(path)

    assert [line.passed for line in report.lines] == [True, False]


def test_forms_of_two_builds_are_refused(drawn):
    path = drawn.folder / "exercises" / "reference" / f"{VARIED}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["coursekit"]["version"] = "another"
    nbformat.write(notebook, path)

    with pytest.raises(CoursekitError, match="not of one build"):
        release(drawn, ["97"])


def test_who_drew_the_public_variant_of_one_exercise_alone_gets_the_others(drawn):
    second = VARIED.replace("97", "98")
    for path in list((drawn.folder / "exercises").rglob(f"{VARIED}.*")):
        text = path.read_text(encoding="utf-8").replace(VARIED, second)
        path.with_name(path.name.replace(VARIED, second)).write_text(text, "utf-8")
    with (drawn.folder / "course.toml").open("a", encoding="utf-8") as file:
        file.write(f"[exercises.{second}]\nvariants = true\n")
    course = find_course(drawn.folder)
    names = [f"t{number}" for number in range(20)]
    course.roster_path.write_text("\n".join(["student", *names]), encoding="utf-8")
    report = release(course, ["97", "98"])
    record = json.loads(Path(report.record).read_text(encoding="utf-8"))
    expected = {
        name: {slug: variant_for(course, slug, name) for slug in (VARIED, second)}
        for name in names
    }

    assert report.folder.endswith("97-98")
    assert {n: o["variants"] for n, o in record["students"].items()} == expected
    assert len({tuple(drawn.values()) for drawn in expected.values()}) == 4


def test_a_student_who_came_later_gets_an_archive(drawn):
    first = release(drawn, ["97"])
    with drawn.roster_path.open("a", encoding="utf-8") as file:
        file.write("s4\n")
    second, third = release(drawn, ["97"]), release(drawn, ["97"])

    assert (second.new, third.new) == (True, False)
    assert second.folder == third.folder == f"{first.folder}-2"
    assert Path(f"{second.folder}-for", "s4.zip").is_file()
    assert not Path(f"{first.folder}-for", "s4.zip").exists()


def test_with_nobody_in_the_roster_it_says_that_nothing_was_drawn(drawn):
    drawn.roster_path.write_text("student\n", encoding="utf-8")
    report = release(drawn, ["97"])

    assert report.students == 0
    assert "Variants are drawn for nobody yet" in report.to_text()


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (["--json", "--only", "02", "03"], list(EXERCISES[:2])),
        (["--only", "03", "02", "--json"], list(EXERCISES[:2])),
        (["--json", "--only", "02", "--only", "02"], [EXERCISES[0]]),
        (["--json"], list(EXERCISES)),
    ],
)
def test_only_takes_one_exercise_or_several(course, monkeypatch, words, given):
    monkeypatch.chdir(course.folder)
    result = CliRunner().invoke(app, ["release", *words])

    assert json.loads(result.stdout)["exercises"] == given


@pytest.mark.parametrize("words", [["02"], ["--only"], ["--only", "99"]])
def test_exercises_are_named_by_only_alone(course, monkeypatch, words):
    monkeypatch.chdir(course.folder)
    result = CliRunner().invoke(app, ["release", *words])

    assert result.exit_code == 2
    assert not (course.folder / "release").exists()


def test_the_command_says_what_comes_next(course, monkeypatch):
    monkeypatch.chdir(course.folder)
    result = CliRunner().invoke(app, ["release", "--only", "02"])

    assert result.exit_code == 0
    assert "Next: coursekit collect" in result.stdout
