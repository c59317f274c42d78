import contextlib
import copy

import pytest

from coursekit.exercise.solution import PLACEHOLDER
from coursekit.grading.frame import frame_of
from coursekit.grading.merge import Answer, merge
from grading_notebooks import (
    SETUP,
    find,
    make_cell,
    make_frame,
    make_reference,
    make_solved,
    make_student,
    place_of,
    read,
)

FRAME = make_frame()
SHARES = "shares = [0.25, 0.75]"
DOUBLE = "def double(n):\n    return n + n"
ALL_RIGHT = {"shares": [0.25, 0.75], "double": 8, "double_text": "abab"}
ELSEWHERE = "the answer stands outside its cell; "


def merged_from(notebook):
    return merge(FRAME, read(notebook))


def shipped(merged):
    """Run a merged notebook, cell by cell, and give what the course's checks saw."""
    values = {}
    space = {}
    for cell in merged.notebook["cells"]:
        is_check = "check" in cell["metadata"].get("tags", ())
        space["check"] = values.__setitem__ if is_check else print
        with contextlib.suppress(Exception):
            if cell["cell_type"] == "code":
                source = cell["source"].replace("from coursekit import check", "")
                exec(source, space)
    return values


def texts(merged, kind="elsewhere"):
    return {r.question: r.text for r in merged.repairs if r.kind == kind}


def with_cells(notebook, *added):
    """Put cells with sources into a notebook, each at its place."""
    for number, (place, source) in enumerate(added):
        notebook["cells"].insert(place, make_cell(f"mine-{number}", source))
    return notebook


@pytest.mark.parametrize(
    ("place", "source"),
    [
        pytest.param(3, f"{SHARES}\n{DOUBLE}", id="below-the-first-answer"),
        pytest.param(0, f"import math\n{SHARES}\n{DOUBLE}", id="at-the-top"),
        pytest.param(99, f"{SHARES}\n{DOUBLE}", id="at-the-bottom"),
    ],
)
def test_whole_solution_in_one_added_cell_counts(place, source):
    merged = merged_from(with_cells(make_student(), (place, source)))

    assert shipped(merged) == ALL_RIGHT
    assert merged.answers["tiny-02"] == Answer(source, untouched=False)
    assert merged.answers["tiny-05"] == Answer("", untouched=False)
    assert texts(merged) == {
        "shares": f"{ELSEWHERE}the cell that defines shares was run in its place",
        "double": f"{ELSEWHERE}an earlier cell defines double",
    }


def test_solutions_at_the_bottom_bring_what_stands_before_them():
    notebook = with_cells(
        make_student(),
        (99, "quarter = 1 / 4"),
        (99, "shares = [quarter, 1 - quarter]"),
        (99, "two = 2"),
        (99, "def double(n):\n    return two * n"),
    )

    assert shipped(merged_from(notebook)) == ALL_RIGHT


@pytest.mark.parametrize(
    ("cell_id", "said"),
    [
        pytest.param("tiny-02", "an earlier cell defines double", id="first"),
        pytest.param(
            "tiny-05",
            "a later cell defines shares and was run in its place "
            "and again where it stands",
            id="second",
        ),
    ],
)
def test_answers_to_two_questions_may_stand_in_either_cell(cell_id, said):
    notebook = make_student()
    find(notebook, cell_id)["source"] = f"{SHARES}\n{DOUBLE}"

    merged = merged_from(notebook)

    assert shipped(merged) == ALL_RIGHT
    assert list(texts(merged).values()) == [ELSEWHERE + said]


@pytest.mark.parametrize(
    ("cell_id", "source"),
    [
        pytest.param("tiny-00", f"{SETUP}\n{SHARES}\n{DOUBLE}", id="setup"),
        pytest.param("tiny-03", f"{SHARES}\n{DOUBLE}\ncheck('shares', 1)", id="check"),
        pytest.param("tiny-06", f"{SHARES}\n{DOUBLE}\ncheck(0, 0)", id="later-check"),
    ],
)
def test_answer_may_stand_in_a_cell_of_the_course(cell_id, source):
    notebook = make_student()
    find(notebook, cell_id)["source"] = source

    merged = merged_from(notebook)

    assert shipped(merged) == ALL_RIGHT


@pytest.mark.parametrize(
    "left",
    [
        pytest.param("", id="emptied"),
        pytest.param("# See below.", id="commented"),
        pytest.param(PLACEHOLDER, id="as-given"),
        pytest.param("share = 'misspelt'", id="without-the-name"),
    ],
)
def test_answer_cell_without_the_answer_gives_way_to_one_further_down(left):
    notebook = with_cells(make_solved(), (99, "shares = [1]"))
    find(notebook, "tiny-02")["source"] = left

    merged = merged_from(notebook)

    assert shipped(merged)["shares"] == [1]
    assert merged.answers["tiny-02"] == Answer("shares = [1]", untouched=False)


def test_deleted_answer_may_stand_anywhere():
    notebook = with_cells(make_solved(), (99, DOUBLE))
    notebook["cells"].remove(find(notebook, "tiny-05"))

    merged = merged_from(notebook)

    assert shipped(merged) == ALL_RIGHT
    assert texts(merged, "missing") == {}


@pytest.mark.parametrize(
    ("own", "added"),
    [
        pytest.param(
            "a = 0.25", [(3, "b = 1 - a"), (4, "shares = [a, b]")], id="below"
        ),
        pytest.param("shares = [a, 1 - a]", [(2, "a = 0.25")], id="above"),
        pytest.param(
            "b = 1 - a", [(2, "a = 0.25"), (4, "shares = [a, b]")], id="around"
        ),
        pytest.param(
            f"a = 0.25\n{PLACEHOLDER}", [(3, "shares = [a, 1 - a]")], id="still-raising"
        ),
        pytest.param(
            "a = 0.25",
            [(3, f"b = 1 - a\n{PLACEHOLDER}"), (4, "shares = [a, b]")],
            id="raising-in-between",
        ),
        pytest.param(
            PLACEHOLDER,
            [(3, "a = 0.25"), (4, "shares = [a, 1 - a]")],
            id="left-as-given",
        ),
        pytest.param(
            "", [(2, "a = 0.25"), (3, "shares = [a, 1 - a]")], id="left-empty"
        ),
    ],
)
def test_answer_split_over_cells_runs_whole_where_it_stands(own, added):
    notebook = with_cells(make_solved(), *added)
    find(notebook, "tiny-02")["source"] = own

    merged = merged_from(notebook)

    assert shipped(merged) == ALL_RIGHT
    assert not merged.answers["tiny-02"].untouched


def test_both_halves_of_a_cell_that_jupyterlab_split_run_in_order():
    notebook = make_solved()
    place = place_of(notebook, "tiny-02")
    half = notebook["cells"].pop(place)
    # JupyterLab copies the metadata and gives both halves new ids.
    for cell_id, source in [("b", "shares = [a, 1 - a]"), ("a", "a = 0.25")]:
        new = {**copy.deepcopy(half), "id": cell_id, "source": source}
        notebook["cells"].insert(place, new)

    merged = merged_from(notebook)

    assert shipped(merged) == ALL_RIGHT


@pytest.mark.parametrize(
    "place", [pytest.param(5, id="above"), pytest.param(99, id="below")]
)
@pytest.mark.parametrize(
    "note",
    [pytest.param("", id="as-given"), pytest.param("# See there.\n", id="noted")],
)
def test_scaffold_of_an_answer_runs_before_what_was_found_elsewhere(note, place):
    reference = make_reference()
    find(reference, "tiny-05")["source"] = (
        "FACTOR = 2\ndef double(n):\n    ### BEGIN SOLUTION\n    return FACTOR * n\n"
        "    ### END SOLUTION"
    )
    notebook = make_solved()
    scaffold = f"FACTOR = 2\ndef double(n):\n    {PLACEHOLDER}"
    find(notebook, "tiny-05")["source"] = note + scaffold
    with_cells(notebook, (place, "def double(n):\n    return FACTOR * n"))

    merged = merge(frame_of(read(reference)), read(notebook))

    assert shipped(merged) == ALL_RIGHT
    assert scaffold in [cell["source"] for cell in merged.notebook["cells"]]


def test_answer_far_above_stays_where_other_cells_may_need_it():
    notebook = with_cells(make_solved(), (1, DOUBLE))
    find(notebook, "tiny-02")["source"] = "shares = [double(0.125), double(0.375)]"
    find(notebook, "tiny-05")["source"] = PLACEHOLDER

    merged = merged_from(notebook)

    assert shipped(merged) == ALL_RIGHT
    assert texts(merged) == {"double": f"{ELSEWHERE}an earlier cell defines double"}


def test_answer_above_the_setup_that_it_needs_is_brought_down():
    notebook = with_cells(make_student(), (0, "shares = [n / 4 for n in counts]"))

    merged = merged_from(notebook)

    assert shipped(merged)["shares"] == [0.25, 0.75]


def test_check_above_the_answer_was_not_moved():
    notebook = with_cells(make_student(), (4, SHARES))

    merged = merged_from(notebook)

    assert shipped(merged)["shares"] == [0.25, 0.75]
    assert [repair.kind for repair in merged.repairs] == ["elsewhere"]


def test_function_inside_a_branch_is_found_elsewhere():
    source = "if True:\n    def double(n):\n        return n + n"

    merged = merged_from(with_cells(make_student(), (99, source)))

    assert shipped(merged)["double"] == 8


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("shares = [9]", id="a-scratch-cell"),
        pytest.param("counts = shares = None", id="what-spoils-everything"),
    ],
)
def test_cell_further_down_does_not_replace_an_answer_that_is_there(source):
    merged = merged_from(with_cells(make_solved(), (99, source)))

    assert shipped(merged) == ALL_RIGHT
    assert merged.answers["tiny-02"].source == SHARES


def test_answer_that_is_nowhere_stays_not_attempted():
    notebook = with_cells(make_student(), (3, "counts"), (99, "print(counts)"))

    merged = merged_from(notebook)

    assert all(answer.untouched for answer in merged.answers.values())
    assert [repair.kind for repair in merged.repairs] == ["added"]
