import os
import unicodedata
from pathlib import Path

import pytest

from coursekit.errors import CoursekitError
from coursekit.grading.submissions import find_submissions, unread_files
from grading_notebooks import make_student, write

COMPOSED = unicodedata.normalize("NFC", "zoë")
DECOMPOSED = unicodedata.normalize("NFD", "zoë")


def hand_in(folder, *names):
    for name in names:
        write(folder / name, make_student())


def found_in(folder, **options):
    return [
        (s.student, s.notebook and s.notebook.relative_to(folder).as_posix(), s.fault)
        for s in find_submissions(folder, **options)
    ]


def test_both_forms_of_handing_in_are_found_in_the_order_of_names(tmp_path):
    hand_in(tmp_path, "ben.ipynb", "ada/work.ipynb")

    assert found_in(tmp_path) == [
        ("ada", "ada/work.ipynb", ""),
        ("ben", "ben.ipynb", ""),
    ]


def test_one_notebook_is_one_submission(tmp_path):
    path = write(tmp_path / "ada.ipynb", make_student())

    assert [s.student for s in find_submissions(path)] == ["ada"]


@pytest.mark.parametrize(
    ("name", "student"),
    [
        pytest.param("ada.IPYNB", "ada", id="suffix-in-capitals"),
        pytest.param("ada.b.ipynb", "ada.b", id="name-with-a-dot"),
        pytest.param("ada.ipynb/work.ipynb", "ada", id="folder-named-like-a-notebook"),
        pytest.param("ada/exercise/work.ipynb", "ada", id="folder-in-a-folder"),
        pytest.param("a\nb\x1b[2J.ipynb", r"a\nb\x1b[2J", id="control-characters"),
        pytest.param("..\\..\\ada.ipynb", "..\\..\\ada", id="path-in-a-name"),
        pytest.param(f"{DECOMPOSED}.ipynb", COMPOSED, id="decomposed-letters"),
        pytest.param("=1+1.ipynb", "=1+1", id="formula"),
        pytest.param(os.fsdecode(b"a\xff.ipynb"), r"a\udcff", id="name-of-no-encoding"),
    ],
)
def test_student_is_named_by_the_file_or_folder(tmp_path, name, student):
    hand_in(tmp_path, name)

    assert [(s.student, s.fault) for s in find_submissions(tmp_path)] == [(student, "")]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(".ipynb_checkpoints/ada-checkpoint.ipynb", id="checkpoint"),
        pytest.param(".hidden.ipynb", id="hidden"),
        pytest.param("__MACOSX/._ada.ipynb", id="leftovers-of-an-archive"),
    ],
)
def test_what_programs_leave_behind_is_passed_over(tmp_path, name):
    hand_in(tmp_path, "ada.ipynb", name)

    assert found_in(tmp_path) == [("ada", "ada.ipynb", "")]


def test_notebook_named_like_the_exercise_is_taken_from_several(tmp_path):
    hand_in(tmp_path, "ada/notes.ipynb", "ada/tiny.ipynb")

    assert found_in(tmp_path, exercise="tiny") == [("ada", "ada/tiny.ipynb", "")]


def test_renamed_notebook_is_told_from_others_by_what_it_says(tmp_path):
    other = {**make_student(), "metadata": {"coursekit": {"exercise": "other"}}}
    write(tmp_path / "ada" / "a.ipynb", other)
    write(tmp_path / "ada" / "b.ipynb", {"cells": []})
    hand_in(tmp_path, "ada/c.ipynb")

    assert found_in(tmp_path, exercise="tiny") == [("ada", "ada/c.ipynb", "")]


@pytest.mark.parametrize(
    ("names", "student", "fault"),
    [
        pytest.param(
            ["ada/a.ipynb", "ada/b.ipynb"],
            "ada",
            "several notebooks: a.ipynb, b.ipynb; keep the one that counts",
            id="several",
        ),
        pytest.param(
            [f"ada/{n}.ipynb" for n in range(9)],
            "ada",
            "several notebooks: 0.ipynb, 1.ipynb, 2.ipynb, 3.ipynb, 4.ipynb "
            "and 4 more; keep the one that counts",
            id="very-many",
        ),
        pytest.param(["ada/a.txt"], "ada", "no notebook in ada/", id="none"),
        pytest.param(
            ["ada/work.zip"],
            "ada",
            "no notebook in ada/; unpack work.zip first",
            id="archive-in-a-folder",
        ),
        pytest.param(
            ["ada.ipynb.zip"],
            "ada",
            "ada.ipynb.zip is an archive; unpack it first",
            id="archive",
        ),
        pytest.param(
            ["ada.ipynb", "ada/a.ipynb"],
            "ada",
            "handed in twice, as ada/, ada.ipynb; keep the one that counts",
            id="twice",
        ),
        pytest.param(
            ["Ada.ipynb", "ada.ipynb", "ADA/a.ipynb"],
            "ADA",
            "handed in 3 times, as ADA/, Ada.ipynb, ada.ipynb; "
            "keep the one that counts",
            id="names-that-differ-in-case",
        ),
        pytest.param(
            [f"{COMPOSED}.ipynb", f"{DECOMPOSED}.ipynb"],
            COMPOSED,
            r"handed in twice, as zoe\u0308.ipynb, zo\xeb.ipynb; "
            "keep the one that counts",
            id="names-that-look-the-same",
        ),
    ],
)
def test_student_without_one_clear_notebook_is_listed_with_the_fault(
    tmp_path, names, student, fault
):
    hand_in(tmp_path, *names)

    assert found_in(tmp_path) == [(student, None, fault)]


def test_notebook_counts_where_the_archive_it_came_from_lies_beside_it(tmp_path):
    hand_in(tmp_path, "ada.zip", "ada/work.ipynb")

    assert found_in(tmp_path) == [("ada", "ada/work.ipynb", "")]
    assert unread_files(tmp_path) == ["ada.zip"]


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("{outside}", id="folder"),
        pytest.param("/dev/zero", id="device"),
        pytest.param("nowhere", id="nothing"),
    ],
)
def test_links_among_the_submissions_are_not_followed(tmp_path, target):
    hand_in(tmp_path, "outside/tiny.ipynb", "in/ben.ipynb")
    link = tmp_path / "in" / "ada"
    link.symlink_to(target.format(outside=tmp_path / "outside"))

    assert found_in(tmp_path / "in")[0] == (
        "ada",
        None,
        "ada is a link, and links are not followed",
    )


def test_links_in_a_students_folder_are_not_followed(tmp_path):
    hand_in(tmp_path, "outside/tiny.ipynb")
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / "more").symlink_to(tmp_path / "outside")

    assert found_in(tmp_path / "in") == [("ada", None, "no notebook in ada/")]


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda path: path.symlink_to("ada.ipynb"), id="link"),
        pytest.param(os.mkfifo, id="pipe"),
        pytest.param(Path.mkdir, id="folder"),
    ],
)
def test_what_is_no_file_does_not_make_the_notebook_beside_it_unclear(tmp_path, make):
    hand_in(tmp_path, "ada/work.ipynb")
    make(tmp_path / "ada" / "odd.ipynb")

    assert found_in(tmp_path) == [("ada", "ada/work.ipynb", "")]


def test_folder_that_may_not_be_read_is_a_fault_of_its_student(tmp_path, monkeypatch):
    hand_in(tmp_path, "ada/work.ipynb", "ben.ipynb")
    scan = os.scandir

    def refuse(path):
        if Path(path).name == "ada":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    # A stand-in, because whoever runs tests as root may read anything.
    monkeypatch.setattr(os, "scandir", refuse)

    assert found_in(tmp_path) == [
        ("ada", None, "ada/ cannot be read (Permission denied)"),
        ("ben", "ben.ipynb", ""),
    ]


def test_files_that_are_nobodys_notebook_are_named(tmp_path):
    hand_in(tmp_path, "ada.ipynb", "ada.txt", "no\nte.md", ".DS_Store", ".ipynb")
    hand_in(tmp_path, ".ada.ipynb", "._ada.ipynb", ".config/a.txt")

    assert unread_files(tmp_path) == [
        ".ada.ipynb",
        ".ipynb",
        "ada.txt",
        r"no\nte.md",
    ]
    assert unread_files(tmp_path / "ada.ipynb") == []


def test_folder_that_is_missing_or_empty_is_refused(tmp_path):
    with pytest.raises(CoursekitError, match="no folder of submissions"):
        find_submissions(tmp_path / "nowhere")
    with pytest.raises(CoursekitError, match="holds no submissions"):
        find_submissions(tmp_path)
