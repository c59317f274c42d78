"""A student's copy of an invented course: what is added, renewed and left alone."""

from __future__ import annotations

import errno
import json
import tempfile
from datetime import datetime, tzinfo
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import coursekit
from coursekit.errors import CoursekitError, MalformedNotebookError
from coursekit.student import workspace
from coursekit.student.workspace import (
    MANIFEST,
    WorkspaceError,
    default_folder,
    open_workspace,
)

LESSON = "lessons/01_courts.ipynb"
EXERCISE = "exercises/01_courts.ipynb"
SIDECAR = "exercises/01_courts.checks.json"
CODEBOOK = "data/courts/README.md"


def write_notebook(file: Path, *sources: str) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {"seconds": 1.0}, "source": source}
        for source in sources
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"cells": cells, "metadata": {}}))


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with one lesson and one exercise, and what no student may get."""
    root = tmp_path / "course"
    write_notebook(root / LESSON, "# 1. Courts", "**Time** 40 minutes.")
    write_notebook(root / EXERCISE, "# Count the courts")
    write_notebook(root / "exercises/reference/01_courts.ipynb", "# The solution")
    (root / SIDECAR).write_text("{}")
    (root / "exercises/01_courts.md").write_text("### BEGIN SOLUTION")
    (root / "lessons/01_courts.md").write_text("# 1. Courts")
    (root / CODEBOOK).parent.mkdir(parents=True)
    (root / CODEBOOK).write_text("# Codebook")
    (root / "data/courts/courts.csv").write_text("court\nNorth\n")
    monkeypatch.setattr(workspace, "course_root", lambda: root)
    return root


@pytest.fixture
def copy(course: Path, tmp_path: Path) -> Path:
    """A student's copy of it, just made."""
    return open_workspace(tmp_path / "copy").folder


def files_below(folder: Path) -> set[str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix() for file in files}


def test_a_first_visit_hands_out_lessons_exercises_and_codebooks(copy: Path) -> None:
    given = {name for name in files_below(copy) if not name.startswith(".coursekit")}

    assert given == {"START_HERE.md", LESSON, EXERCISE, SIDECAR, CODEBOOK}


def test_a_second_visit_finds_nothing_to_do(copy: Path) -> None:
    again = open_workspace(copy)

    assert (again.added, again.updated, again.kept, again.offered) == ((), (), (), ())
    assert "nothing new" in again.to_text()


def test_what_is_new_is_added_later(course: Path, copy: Path) -> None:
    write_notebook(course / "lessons/02_judges.ipynb", "# 2. Judges")
    again = open_workspace(copy)

    assert again.added == ("lessons/02_judges.ipynb",)
    assert "2. Judges" in (copy / "START_HERE.md").read_text()


def test_a_file_that_nobody_edited_follows_the_course(course: Path, copy: Path) -> None:
    write_notebook(course / LESSON, "# 1. Courts, revised")
    again = open_workspace(copy)

    assert LESSON in again.updated
    assert (copy / LESSON).read_bytes() == (course / LESSON).read_bytes()


def test_an_edited_file_is_kept_while_the_course_stays_as_it_was(copy: Path) -> None:
    write_notebook(copy / LESSON, "# My notes")
    again = open_workspace(copy)

    assert again.kept == (LESSON,)
    assert again.offered == ()
    assert "My notes" in (copy / LESSON).read_text()


def test_a_notebook_that_was_only_opened_and_saved_still_follows_the_course(
    course: Path, copy: Path
) -> None:
    saved = json.loads((copy / LESSON).read_text())
    saved["cells"][0]["metadata"]["seconds"] = 1
    saved["metadata"] = {"language_info": {"name": "python", "version": "3.13.1"}}
    (copy / LESSON).write_text(json.dumps(saved, indent=1))
    write_notebook(course / LESSON, "# 1. Courts, revised")

    assert LESSON in open_workspace(copy).updated


def test_a_newer_version_of_an_edited_file_is_put_beside_it(
    course: Path, copy: Path
) -> None:
    write_notebook(copy / LESSON, "# My notes")
    write_notebook(course / LESSON, "# 1. Courts, revised")
    again = open_workspace(copy)

    assert again.offered == (f"lessons/01_courts.new-{coursekit.__version__}.ipynb",)
    assert "My notes" in (copy / LESSON).read_text()
    assert "revised" in (copy / again.offered[0]).read_text()
    assert "yours is untouched" in again.to_text()


def write_cells(file: Path, cells: dict[str, str]) -> None:
    listed = [
        {"cell_type": "markdown", "id": key, "metadata": {}, "source": text}
        for key, text in cells.items()
    ]
    file.write_text(json.dumps({"cells": listed, "metadata": {}}))


def read_cells(file: Path) -> list[str]:
    return [cell["source"] for cell in json.loads(file.read_text())["cells"]]


@pytest.fixture
def edited(course: Path, tmp_path: Path) -> Path:
    """A copy whose lesson the student has edited in two cells of three."""
    write_cells(course / LESSON, {"a": "Old A", "b": "Old B", "c": "Old C"})
    copy = open_workspace(tmp_path / "copy").folder
    write_cells(copy / LESSON, {"a": "Old A", "b": "My B", "mine": "Own", "c": "My C"})
    return copy


def test_a_newer_version_is_merged_into_an_edited_notebook_and_a_backup_kept(
    course: Path, edited: Path
) -> None:
    before = (edited / LESSON).read_bytes()
    write_cells(course / LESSON, {"a": "New A", "b": "Old B", "c": "New C", "d": "D"})
    again = open_workspace(edited)
    texts = read_cells(edited / LESSON)
    (backup,) = edited.glob(f".coursekit/backup/*/{LESSON}")

    assert again.merged == (LESSON,)
    assert texts[:4] == ["New A", "My B", "Own", "My C"]
    assert "> New C" in texts[4]
    assert texts[5:] == ["D"]
    assert backup.read_bytes() == before
    assert "2 cells are new or corrected, 1 of yours" in again.to_text()


def test_after_a_merge_nothing_is_left_to_merge(course: Path, edited: Path) -> None:
    write_cells(course / LESSON, {"a": "New A", "b": "Newer B", "c": "Old C"})
    first = open_workspace(edited)
    merged = (edited / LESSON).read_bytes()
    again = open_workspace(edited)

    assert "1 cell is new or corrected, 1 of yours" in first.to_text()
    assert (again.merged, again.offered) == ((), ())
    assert (edited / LESSON).read_bytes() == merged


def test_a_clock_that_was_set_back_writes_over_no_backup(
    course: Path, edited: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class StoppedClock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> StoppedClock:
            return cls(2026, 11, 23, tzinfo=tz)

    monkeypatch.setattr(workspace, "datetime", StoppedClock)
    before = (edited / LESSON).read_bytes()
    write_cells(course / LESSON, {"a": "New A", "b": "Old B", "c": "Old C"})
    open_workspace(edited)
    between = (edited / LESSON).read_bytes()
    write_cells(course / LESSON, {"a": "Newer A", "b": "Old B", "c": "Old C"})
    open_workspace(edited)
    backups = edited.glob(".coursekit/backup/*/lessons/*")

    assert {file.read_bytes() for file in backups} == {before, between}


def test_a_merge_that_was_cut_short_is_made_again_without_a_second_note(
    course: Path, edited: Path
) -> None:
    record = (edited / MANIFEST).read_bytes()
    base = edited / ".coursekit/handed_out" / LESSON
    handed_out = base.read_bytes()
    write_cells(course / LESSON, {"a": "New A", "b": "Newer B", "c": "Old C"})
    open_workspace(edited)
    merged = read_cells(edited / LESSON)
    (edited / MANIFEST).write_bytes(record)
    base.write_bytes(handed_out)
    open_workspace(edited)

    assert read_cells(edited / LESSON) == merged


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "no JSON",
        '{"cells": 1}',
        '{"cells": [1]}',
        "[]",
        "null",
        '{"cells": [], "metadata": null}',
        '{"cells": [], "metadata": {"widgets": null}}',
        (
            '{"cells": [{"id": "a", "cell_type": "markdown", "source": "New A",'
            ' "outputs": []}], "metadata": {}}'
        ),
        '{"cells": [{"id": "m", "cell_type": "raw", "source": "\\ud83d"}]}',
    ],
    ids=[
        "empty",
        "text",
        "number",
        "numbers",
        "list",
        "null",
        "no metadata",
        "no widgets",
        "no metadata of a cell",
        "half an emoji",
    ],
)
def test_a_notebook_that_cannot_be_merged_has_the_newer_one_beside_it(
    course: Path, edited: Path, broken: str
) -> None:
    (edited / LESSON).write_text(broken)
    write_cells(course / LESSON, {"a": "New A"})
    again = open_workspace(edited)

    assert (again.merged, len(again.offered)) == ((), 1)
    assert (edited / LESSON).read_text() == broken


def test_a_full_disk_is_told_from_a_folder_of_somebody_else(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "a draft")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)

    with pytest.raises(WorkspaceError, match="make room on the disk, and start again"):
        open_workspace(tmp_path / "copy")


def test_a_version_that_the_student_threw_away_is_not_offered_again(
    course: Path, copy: Path
) -> None:
    write_notebook(copy / LESSON, "# My notes")
    write_notebook(course / LESSON, "# 1. Courts, revised")
    (copy / open_workspace(copy).offered[0]).unlink()

    assert open_workspace(copy).offered == ()


def test_an_offer_that_the_student_edited_is_not_written_over(
    course: Path, copy: Path
) -> None:
    write_notebook(copy / LESSON, "# My notes")
    write_notebook(course / LESSON, "# 1. Courts, revised")
    first = open_workspace(copy).offered[0]
    write_notebook(copy / first, "# My notes on the revision")
    write_notebook(course / LESSON, "# 1. Courts, revised twice")
    second = open_workspace(copy).offered[0]

    assert second == f"lessons/01_courts.new-{coursekit.__version__}-2.ipynb"
    assert "My notes on the revision" in (copy / first).read_text()


def test_a_file_that_was_removed_comes_back_fresh(course: Path, copy: Path) -> None:
    (copy / LESSON).rename(copy / "lessons/mine.ipynb")
    again = open_workspace(copy)

    assert again.added == (LESSON,)
    assert (copy / "lessons/mine.ipynb").exists()


def test_a_students_own_file_of_the_same_name_is_kept(
    course: Path, tmp_path: Path
) -> None:
    write_notebook(tmp_path / "copy" / LESSON, "# Mine before the course came")
    first = open_workspace(tmp_path / "copy")

    assert first.kept == (LESSON,)
    assert "before the course" in (tmp_path / "copy" / LESSON).read_text()


@pytest.mark.parametrize(
    "broken",
    ["", "no JSON", "[]", '{"files": {"a": 1}}', '{"files": {"a": {"base": 1}}}'],
    ids=["empty", "text", "list", "number", "half"],
)
def test_a_broken_record_makes_every_difference_count_as_an_edit(
    course: Path, copy: Path, broken: str
) -> None:
    (copy / ".coursekit/manifest.json").write_text(broken)
    write_notebook(course / LESSON, "# 1. Courts, revised")
    again = open_workspace(copy)

    assert LESSON in again.kept
    assert again.updated == ()
    assert "could not be read" in again.to_text()
    assert open_workspace(copy).notes == ()


@pytest.mark.parametrize(
    "name",
    ["lessons", LESSON, ".coursekit", f".coursekit/handed_out/{LESSON}"],
    ids=["folder", "file", "record", "as handed out"],
)
def test_a_link_in_the_way_is_refused_before_anything_is_written(
    course: Path, tmp_path: Path, name: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "copy" / name).parent.mkdir(parents=True)
    (tmp_path / "copy" / name).symlink_to(elsewhere)

    with pytest.raises(WorkspaceError, match="a link to"):
        open_workspace(tmp_path / "copy")
    assert files_below(tmp_path / "copy") == set()
    assert files_below(elsewhere) == set()


def test_a_file_in_place_of_a_folder_is_named(course: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy/lessons").write_text("a shopping list")

    with pytest.raises(WorkspaceError, match=r"lessons should be a folder"):
        open_workspace(tmp_path / "copy")
    assert (tmp_path / "copy/lessons").read_text() == "a shopping list"


def test_a_folder_in_place_of_a_notebook_is_named(course: Path, tmp_path: Path) -> None:
    (tmp_path / "copy" / LESSON).mkdir(parents=True)

    with pytest.raises(WorkspaceError, match=r"01_courts.ipynb should be a file"):
        open_workspace(tmp_path / "copy")


def test_a_file_in_place_of_the_copy_is_named(course: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("a shopping list")

    with pytest.raises(WorkspaceError, match="should be a folder"):
        open_workspace(tmp_path / "copy")


@pytest.mark.parametrize("part", ["", "lessons", "exercises/reference"])
def test_the_course_itself_is_no_students_copy(course: Path, part: str) -> None:
    with pytest.raises(CoursekitError, match="belongs to the course itself"):
        open_workspace(course / part)


def test_a_killed_write_leaves_the_old_file_whole(
    course: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (copy / LESSON).read_bytes()
    write_notebook(course / LESSON, "# 1. Courts, revised")

    def die(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        open_workspace(copy)

    assert (copy / LESSON).read_bytes() == before
    assert not list(copy.rglob(".*.ipynb.*"))


def test_a_folder_that_cannot_be_written_is_named(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_options: object) -> None:
        raise PermissionError(13, "Permission denied", "a draft")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    said = r"copy \(Permission denied\); close it in other programs, or use"

    with pytest.raises(WorkspaceError, match=said):
        open_workspace(tmp_path / "copy")


class StudentAndCourse(RuleBasedStateMachine):
    """Both write the same lesson, in any order; only the student removes it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.root, self.copy = (Path(self.folder.name) / name for name in "rc")
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(workspace, "course_root", lambda: self.root)
        self.words = ""
        self.course_changes(0)

    def teardown(self) -> None:
        self.patch.undo()
        self.folder.cleanup()

    @rule(number=st.integers(0, 3))
    def course_changes(self, number: int) -> None:
        write_notebook(self.root / LESSON, f"# 1. Courts, revision {number}")

    @rule(number=st.integers(0, 3))
    def student_writes(self, number: int) -> None:
        self.words = f"My words {number}"
        write_notebook(self.copy / LESSON, self.words)

    @rule()
    def student_removes(self) -> None:
        self.words = ""
        (self.copy / LESSON).unlink(missing_ok=True)

    @rule()
    def record_is_lost(self) -> None:
        (self.copy / MANIFEST).unlink(missing_ok=True)

    @rule()
    def student_visits(self) -> None:
        open_workspace(self.copy)

        assert (self.copy / LESSON).is_file()

    @invariant()
    def words_of_the_student_stay(self) -> None:
        assert not self.words or self.words in (self.copy / LESSON).read_text()


TestStudentAndCourse = StudentAndCourse.TestCase
TestStudentAndCourse.settings = settings(deadline=None, max_examples=50)


def test_the_copy_is_found_from_inside_it(copy: Path, tmp_path: Path) -> None:
    assert default_folder(copy / "lessons") == copy
    assert default_folder(tmp_path) == tmp_path / "coursekit-course"


def test_the_home_page_maps_lessons_to_exercises(copy: Path) -> None:
    page = (copy / "START_HERE.md").read_text()

    assert f"| [1. Courts]({LESSON}) | 40 | [Count the courts]({EXERCISE}) |" in page


def test_a_notebook_of_the_course_that_is_none_is_named(
    course: Path, tmp_path: Path
) -> None:
    (course / LESSON).write_text("no JSON")

    with pytest.raises(MalformedNotebookError, match=r"01_courts.ipynb"):
        open_workspace(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
