import json

import pytest

from coursekit.errors import CoursekitError, MalformedNotebookError
from coursekit.exercise.solution import PLACEHOLDER
from coursekit.grading.frame import frame_of, read_frame, read_notebook
from coursekit.grading.submissions import find_submissions, unread_files
from grading_notebooks import (
    find,
    make_reference,
    make_student,
    read,
    write,
)


def test_both_forms_of_handing_in_are_found_in_the_order_of_names(tmp_path):
    ben = write(tmp_path / "ben.ipynb", make_student())
    ada = write(tmp_path / "ada" / "work.ipynb", make_student())

    found = find_submissions(tmp_path)

    assert [(s.student, s.notebook) for s in found] == [("ada", ada), ("ben", ben)]


def test_one_notebook_is_one_submission(tmp_path):
    path = write(tmp_path / "ada.ipynb", make_student())

    assert [s.student for s in find_submissions(path)] == ["ada"]


def test_checkpoints_and_hidden_files_are_passed_over(tmp_path):
    write(tmp_path / "ada.ipynb", make_student())
    write(tmp_path / ".ipynb_checkpoints" / "ada-checkpoint.ipynb", make_student())
    write(tmp_path / ".hidden.ipynb", make_student())

    assert [s.student for s in find_submissions(tmp_path)] == ["ada"]


def test_notebook_named_like_the_exercise_is_taken_from_several(tmp_path):
    write(tmp_path / "ada" / "notes.ipynb", make_student())
    path = write(tmp_path / "ada" / "tiny.ipynb", make_student())

    found = find_submissions(tmp_path, exercise="tiny")

    assert found[0].notebook == path


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        pytest.param(
            ["ada/a.ipynb", "ada/b.ipynb"],
            "several notebooks and none is tiny.ipynb: a.ipynb, b.ipynb",
            id="several",
        ),
        pytest.param(["ada/a.txt"], "no notebook in ada/", id="none"),
        pytest.param(
            ["ada.ipynb", "ada/a.ipynb"],
            "handed in twice, as ada.ipynb and in the folder ada/; "
            "keep the one that counts",
            id="twice",
        ),
    ],
)
def test_student_without_one_clear_notebook_is_listed_with_the_fault(
    tmp_path, names, fault
):
    for name in names:
        write(tmp_path / name, make_student())

    (found,) = find_submissions(tmp_path, exercise="tiny")

    assert (found.student, found.notebook, found.fault) == ("ada", None, fault)


def test_files_that_are_nobodys_notebook_are_named(tmp_path):
    write(tmp_path / "ada.ipynb", make_student())
    write(tmp_path / "ben.zip", {})

    assert unread_files(tmp_path) == ["ben.zip"]


def test_folder_that_is_missing_or_empty_is_refused(tmp_path):
    with pytest.raises(CoursekitError, match="no folder of submissions"):
        find_submissions(tmp_path / "nowhere")
    with pytest.raises(CoursekitError, match="holds no submissions"):
        find_submissions(tmp_path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"not json", "is not JSON", id="not-json"),
        pytest.param(b"\xff\xfe\x00", "is not JSON", id="not-text"),
        pytest.param(b"[" * 100_000, "is not JSON", id="too-deep"),
        pytest.param(b"[]", "has no cells", id="no-object"),
        pytest.param(b'{"cells": []}', "has no cells", id="no-cells"),
        pytest.param(b'{"worksheets": []}', "has no cells", id="format-3"),
    ],
)
def test_file_that_is_no_notebook_is_named_with_the_reason(tmp_path, content, reason):
    path = tmp_path / "ada.ipynb"
    path.write_bytes(content)

    with pytest.raises(MalformedNotebookError, match=reason):
        read_notebook(path)


def test_questions_of_a_reference_carry_points_and_expectations(tmp_path):
    frame = read_frame(write(tmp_path / "tiny.ipynb", make_reference()))

    assert [(q.name, q.maximum, q.written) for q in frame.questions] == [
        ("shares", 2, False),
        ("double", 3, False),
        ("why", 4, True),
    ]
    assert frame.questions[1].checks[1].expected == "abab"
    assert frame.placeholders["tiny-02"] == PLACEHOLDER


def test_student_version_is_refused_as_a_reference():
    with pytest.raises(MalformedNotebookError, match="not a reference"):
        frame_of(read(make_student()))


def test_reference_without_a_stored_answer_is_refused():
    notebook = make_reference()
    find(notebook, "tiny-03")["outputs"] = []

    with pytest.raises(
        MalformedNotebookError, match="no answer for the check 'shares'"
    ):
        frame_of(read(notebook))


def test_reference_with_a_rule_that_makes_no_sense_is_refused():
    text = json.dumps(make_reference()).replace('"rule": {}', '"rule": {"luck": 1}')

    with pytest.raises(MalformedNotebookError, match="makes no sense"):
        frame_of(read(json.loads(text)))
