import json

import pytest

from coursekit.errors import MalformedNotebookError
from coursekit.exercise.solution import PLACEHOLDER
from coursekit.grading.frame import frame_of, read_frame
from grading_notebooks import (
    find,
    make_answer,
    make_reference,
    make_student,
    read,
    write,
)


def names_of(notebook):
    return {q.name: set(q.names) for q in frame_of(read(notebook)).questions}


def test_questions_of_a_reference_carry_points_and_expectations(tmp_path):
    frame = read_frame(write(tmp_path / "tiny.ipynb", make_reference()))

    assert [(q.name, q.maximum, q.written) for q in frame.questions] == [
        ("shares", 2, False),
        ("double", 3, False),
        ("why", 4, True),
    ]
    assert frame.questions[1].checks[1].expected == "abab"
    assert frame.placeholders["tiny-02"] == PLACEHOLDER


def test_reference_may_be_reached_by_a_link(tmp_path):
    link = tmp_path / "link.ipynb"
    link.symlink_to(write(tmp_path / "tiny.ipynb", make_reference()))

    assert read_frame(link).exercise == "tiny"


def test_question_knows_the_names_that_its_answer_must_define():
    assert names_of(make_reference()) == {
        "shares": {"shares"},
        "double": {"double"},
        "why": set(),
    }


@pytest.mark.parametrize(
    ("solution", "names"),
    [
        pytest.param("helper = 1\nshares = [helper]", {"shares"}, id="no-helpers"),
        pytest.param("counts = []\nshares = []", {"shares"}, id="no-given-names"),
        pytest.param("counts.clear()", set(), id="nothing-new"),
    ],
)
def test_only_names_that_the_checks_use_and_nobody_else_defines_are_needed(
    solution, names
):
    notebook = make_reference()
    find(notebook, "tiny-02").update(make_answer("tiny-02", "shares", solution))

    assert names_of(notebook)["shares"] == names


def test_value_that_the_student_is_given_is_not_needed_but_a_function_is():
    notebook = make_reference()
    answer = find(notebook, "tiny-05")
    answer["source"] = (
        "trials = [1]\ndef double(n):\n    ### BEGIN SOLUTION\n    return 2 * n\n"
        "    ### END SOLUTION"
    )
    find(notebook, "tiny-06")["source"] = 'check("double", [double(n) for n in trials])'

    assert names_of(notebook)["double"] == {"double"}


def test_student_version_is_refused_as_a_reference():
    with pytest.raises(MalformedNotebookError, match="not a reference"):
        frame_of(read(make_student()))


@pytest.mark.parametrize(
    "cell_id", [pytest.param("", id="no-id"), pytest.param("tiny-00", id="same-id")]
)
def test_reference_whose_cells_cannot_be_told_apart_is_refused(cell_id):
    notebook = make_reference()
    find(notebook, "tiny-02")["id"] = cell_id

    with pytest.raises(MalformedNotebookError, match="without an id of their own"):
        frame_of(read(notebook))


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
