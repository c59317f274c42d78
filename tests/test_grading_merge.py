import copy
import json
from pathlib import Path

import nbformat
import pytest

from coursekit.course import course_root
from coursekit.exercise.solution import PLACEHOLDER
from coursekit.grading.frame import frame_of, read_frame
from coursekit.grading.merge import Answer, merge
from coursekit.grading.notebook import read_notebook
from grading_notebooks import (
    SETUP,
    find,
    make_answer,
    make_cell,
    make_frame,
    make_reference,
    make_solved,
    make_student,
    place_of,
    read,
)

FRAME = make_frame()
REFERENCES = sorted((course_root() / "exercises" / "reference").glob("*.ipynb"))


def merged_from(notebook):
    return merge(FRAME, read(notebook))


def sources(merged):
    return [c["source"] for c in merged.notebook["cells"] if c["cell_type"] == "code"]


def kinds(merged):
    return [(repair.kind, repair.question) for repair in merged.repairs]


def test_answers_go_into_the_reference_and_nothing_is_reported_of_an_honest_notebook():
    merged = merged_from(make_solved())

    assert merged.repairs == ()
    assert sources(merged) == [
        SETUP,
        "shares = [0.25, 0.75]",
        'check("shares", shares)',
        "def double(n):\n    return n + n",
        'check("double", double(4))',
        'check("double_text", double("ab"))',
    ]


def test_merged_notebook_holds_no_expectation_and_no_output():
    merged = merged_from(make_reference())

    assert all(not cell.get("outputs") for cell in merged.notebook["cells"])
    assert "abab" not in str(merged.notebook)


def test_student_version_is_untouched_everywhere():
    merged = merged_from(make_student())

    assert all(answer.untouched for answer in merged.answers.values())
    assert merged.repairs == ()


def test_reference_is_touched_in_its_answers_and_untouched_in_its_text():
    merged = merged_from(make_reference())

    assert merged.repairs == ()
    assert not merged.answers["tiny-02"].untouched
    assert merged.answers["tiny-09"].untouched


def test_answer_is_found_by_its_question_when_ids_are_lost():
    notebook = make_solved()
    for cell in notebook["cells"]:
        del cell["id"]

    merged = merged_from(notebook)

    assert merged.answers["tiny-02"].source == "shares = [0.25, 0.75]"
    assert kinds(merged) == [
        ("unmarked", "shares"),
        ("unmarked", "double"),
        ("unmarked", "why"),
    ]


def test_answer_is_found_by_its_place_when_ids_and_metadata_are_lost():
    notebook = make_solved()
    for cell in notebook["cells"]:
        cell |= {"id": "", "metadata": {}}

    merged = merged_from(notebook)

    assert merged.answers["tiny-02"].source == "shares = [0.25, 0.75]"
    assert merged.answers["tiny-05"].source == "def double(n):\n    return n + n"
    assert ("unmarked", "shares") in kinds(merged)


def test_edited_copy_is_used_where_the_answer_cell_was_left_as_given():
    notebook = make_student()
    clone = {**copy.deepcopy(find(notebook, "tiny-02")), "id": "new"}
    notebook["cells"].append(clone | {"source": "shares = [1, 2]"})

    merged = merged_from(notebook)

    assert merged.answers["tiny-02"].source == "shares = [1, 2]"
    assert ("copied", "shares") in kinds(merged)


def test_split_answer_runs_whole_and_in_order():
    notebook = make_solved()
    first = find(notebook, "tiny-02")
    second = {**copy.deepcopy(first), "id": "new", "source": "shares = [a, 1 - a]"}
    first["source"] = "a = 0.25"
    notebook["cells"].insert(place_of(notebook, "tiny-02") + 1, second)

    merged = merged_from(notebook)

    assert sources(merged)[1:4] == [
        "a = 0.25",
        "shares = [a, 1 - a]",
        'check("shares", shares)',
    ]
    assert ("split", "shares") in kinds(merged)


def test_of_two_cells_with_one_id_the_edited_one_is_used():
    notebook = make_student()
    clone = copy.deepcopy(find(notebook, "tiny-02"))
    notebook["cells"].insert(0, clone | {"source": "shares = [1, 2]"})

    merged = merged_from(notebook)

    assert merged.answers["tiny-02"].source == "shares = [1, 2]"


def test_deleted_answer_cell_is_named_and_undoes_no_answer_that_stands_elsewhere():
    notebook = make_solved()
    notebook["cells"].remove(find(notebook, "tiny-05"))

    merged = merged_from(notebook)

    assert merged.answers["tiny-05"].source == ""
    assert merged.answers["tiny-05"].untouched
    assert kinds(merged) == [("missing", "double")]


def test_emptied_answer_cell_undoes_no_answer_that_stands_elsewhere():
    notebook = make_solved()
    find(notebook, "tiny-05")["source"] = "\n"

    merged = merged_from(notebook)

    assert merged.answers["tiny-05"] == Answer("", untouched=True)


def test_written_answer_that_lost_its_marks_and_was_left_alone_is_not_called_missing():
    notebook = make_solved()
    find(notebook, "tiny-09").update(id="", metadata={})

    merged = merged_from(notebook)

    assert merged.repairs == ()


def test_half_an_emoji_does_not_keep_a_notebook_from_running():
    notebook = make_solved()
    find(notebook, "tiny-02")["source"] = 'shares = "\ud83d"'

    merged = merged_from(notebook)

    assert merged.answers["tiny-02"].source == 'shares = "?"'


def test_reordered_cells_are_put_back_and_said_so():
    notebook = make_solved()
    notebook["cells"].insert(0, notebook["cells"].pop(place_of(notebook, "tiny-05")))

    merged = merged_from(notebook)

    assert sources(merged) == sources(merged_from(make_solved()))
    assert kinds(merged) == [("moved", "double")]


def test_helper_cell_moves_with_the_answer_that_it_stands_before():
    notebook = make_solved()
    answer = notebook["cells"].pop(place_of(notebook, "tiny-02"))
    notebook["cells"] += [make_cell("helper", "a = 1"), answer]

    merged = merged_from(notebook)

    assert sources(merged)[1:3] == ["a = 1", "shares = [0.25, 0.75]"]


def test_retagged_answer_is_still_an_answer():
    notebook = make_solved()
    find(notebook, "tiny-02")["metadata"]["tags"] = ["check", "nbval-skip"]

    merged = merged_from(notebook)

    assert merged.answers["tiny-02"].source == "shares = [0.25, 0.75]"
    assert kinds(merged) == [("retagged", "shares")]
    assert "nbval-skip" not in str(merged.notebook)


def test_answer_that_became_markdown_is_run_as_code():
    notebook = make_solved()
    find(notebook, "tiny-02")["cell_type"] = "markdown"

    merged = merged_from(notebook)

    assert "shares = [0.25, 0.75]" in sources(merged)
    assert kinds(merged) == [("converted", "shares")]


def test_added_cells_run_where_they_stand_but_after_hidden_checks():
    notebook = make_solved()
    after = place_of(notebook, "tiny-06") + 1
    notebook["cells"].insert(after, make_cell("mine", "double = None"))

    merged = merged_from(notebook)

    assert sources(merged)[-2:] == [
        'check("double_text", double("ab"))',
        "double = None",
    ]
    assert [repair.text for repair in merged.repairs] == [
        "1 added code cell was run in place"
    ]


def test_changed_check_has_no_power_and_is_reported():
    notebook = make_solved()
    find(notebook, "tiny-03")["source"] = 'check("shares", [0.25, 0.75])'

    merged = merged_from(notebook)

    assert sources(merged) == sources(merged_from(make_solved()))
    assert [repair.text for repair in merged.repairs] == [
        "a check cell was changed; the course's own was used"
    ]


def test_changed_setup_runs_after_the_course_has_set_up():
    notebook = make_solved()
    find(notebook, "tiny-00")["source"] = "import math"

    merged = merged_from(notebook)

    assert sources(merged)[:2] == [SETUP, "import math"]
    assert kinds(merged) == [("changed", "")]


def test_deleted_check_is_put_back_and_said_so():
    notebook = make_solved()
    notebook["cells"].remove(find(notebook, "tiny-03"))

    merged = merged_from(notebook)

    assert 'check("shares", shares)' in sources(merged)
    assert kinds(merged) == [("changed", "shares")]


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        pytest.param("exercise", "other", "foreign", id="another-exercise"),
        pytest.param("version", "0", "outdated", id="an-older-version"),
    ],
)
def test_notebook_made_from_something_else_is_reported(key, value, kind):
    notebook = make_solved()
    notebook["metadata"]["coursekit"][key] = value

    merged = merged_from(notebook)

    assert kinds(merged) == [(kind, "")]


@pytest.mark.parametrize("key", ["exercise", "version"])
def test_notebook_that_says_nothing_of_its_exercise_is_taken_as_it_is(key):
    notebook = make_solved()
    notebook["metadata"]["coursekit"][key] = None

    merged = merged_from(notebook)

    assert merged.repairs == ()


def test_notebook_of_an_older_version_is_matched_by_question_not_by_number():
    notebook = make_solved()
    notebook["metadata"]["coursekit"]["version"] = "0"
    del notebook["cells"][1]
    for place, cell in enumerate(notebook["cells"]):
        cell["id"] = f"tiny-{place:02d}"

    merged = merged_from(notebook)

    assert sources(merged) == sources(merged_from(make_solved()))
    assert kinds(merged) == [("outdated", "")]


def test_cells_of_no_known_form_are_left_out():
    notebook = make_solved()
    notebook["cells"] += [None, 3, {"source": 4}, {"cell_type": [], "metadata": 1}]

    merged = merged_from(notebook)

    assert merged.repairs == ()


@pytest.mark.parametrize(
    "reference", [pytest.param(path, id=path.stem) for path in REFERENCES]
)
@pytest.mark.parametrize(
    "folder", [pytest.param(".", id="reference"), pytest.param("..", id="student")]
)
def test_what_the_course_made_itself_needs_no_repair(reference, folder):
    submission = read_notebook(reference.parent / folder / reference.name)

    merged = merge(read_frame(reference), submission)

    assert merged.repairs == ()
    nbformat.validate(merged.notebook)


def test_merged_notebook_is_valid_whatever_was_added():
    notebook = make_solved()
    notebook["cells"] += [
        make_cell("tiny-00", ["# Notes\n", "more"], kind="markdown"),
        make_cell("tiny-00", "raw", kind="raw"),
        make_cell("", "x = 1", kind="heading"),
        make_cell("x y!", "y = 2", tags=["a", "a"]),
    ]

    merged = merged_from(notebook)

    nbformat.validate(merged.notebook)
    ids = [cell["id"] for cell in merged.notebook["cells"]]
    assert len(set(ids)) == len(ids)


def test_text_that_the_student_added_is_kept_where_it_stands():
    notebook = make_solved()
    notebook["cells"].insert(1, make_cell("mine", "A note.", kind="markdown"))

    merged = merged_from(notebook)

    assert merged.notebook["cells"][1]["source"] == "A note."
    assert merged.repairs == ()


def test_task_that_the_student_wrote_into_stays_and_the_changed_one_follows():
    notebook = make_solved()
    find(notebook, "tiny-04")["source"] = "Write a function. Done!"

    merged = merged_from(notebook)

    texts = [c["source"] for c in merged.notebook["cells"]]
    assert texts[4:6] == ["Write a function that doubles.", "Write a function. Done!"]
    assert kinds(merged) == [("changed", "")]
    assert merged.repairs[0].text.endswith("and the changed one stands after it")


def test_written_answer_in_several_cells_is_read_as_one():
    notebook = make_solved()
    find(notebook, "tiny-09")["source"] = "First."
    notebook["cells"] += [
        make_cell("a", "Second.", kind="markdown", tags=["written"], question="why"),
        make_cell("b", "Third.", kind="markdown"),
    ]

    merged = merged_from(notebook)

    assert merged.answers["tiny-09"].source == "First.\n\nSecond.\n\nThird."
    assert merged.notebook["cells"][-1]["id"] == "tiny-09"
    assert kinds(merged) == [("split", "why")]


@pytest.mark.parametrize(
    "place", [pytest.param(9, id="below"), pytest.param(8, id="above")]
)
def test_text_beside_a_written_answer_left_as_given_is_the_answer(place):
    notebook = make_solved()
    notebook["cells"].insert(place, make_cell("a", "Because.", kind="markdown"))

    merged = merged_from(notebook)

    assert merged.answers["tiny-09"] == Answer("Because.", untouched=False)
    assert kinds(merged) == [("split", "why")]


def test_written_answer_may_stand_in_the_cell_of_its_task():
    notebook = make_solved()
    find(notebook, "tiny-08")["source"] = "Say why.\n\nBecause."

    merged = merged_from(notebook)

    assert merged.answers["tiny-09"] == Answer("Say why.\n\nBecause.", untouched=False)
    assert kinds(merged) == [("changed", ""), ("elsewhere", "why")]


def test_id_of_the_course_on_a_cell_of_another_kind_means_nothing():
    notebook = make_solved()
    notebook["cells"].insert(3, make_cell("tiny-01", "x = 1"))

    merged = merged_from(notebook)

    assert sources(merged)[1:3] == ["shares = [0.25, 0.75]", "x = 1"]
    assert kinds(merged) == [("added", "")]


@pytest.mark.parametrize(
    "cell_id",
    [
        pytest.param("tiny-07", id="hidden-check"),
        pytest.param("tiny-02", id="answer"),
        pytest.param("_added_1", id="added-cell"),
    ],
)
def test_id_of_the_course_on_a_cell_of_the_students_drops_nothing(cell_id):
    notebook = make_solved()
    notebook["cells"].insert(7, make_cell(cell_id, "mine = 1"))

    merged = merged_from(notebook)

    assert "mine = 1" in sources(merged)
    assert "shares = [0.25, 0.75]" in sources(merged)


def test_answers_whose_ids_were_exchanged_are_told_apart_by_their_questions():
    notebook = make_solved()
    first, second = find(notebook, "tiny-02"), find(notebook, "tiny-05")
    first["id"], second["id"] = second["id"], first["id"]

    merged = merged_from(notebook)

    assert sources(merged) == sources(merged_from(make_solved()))
    assert kinds(merged) == [("unmarked", "shares"), ("unmarked", "double")]


def test_answers_to_one_question_are_told_apart_when_ids_are_lost():
    reference = make_reference()
    second = make_answer("tiny-2b", "shares", "total = sum(shares)")
    reference["cells"].insert(3, second)
    notebook = copy.deepcopy(reference)
    find(notebook, "tiny-02")["source"] = "shares = [1]"
    find(notebook, "tiny-2b")["source"] = "total = 1"
    for cell in notebook["cells"]:
        del cell["id"]

    merged = merge(frame_of(read(reference)), read(notebook))

    assert merged.answers["tiny-02"].source == "shares = [1]"
    assert merged.answers["tiny-2b"].source == "total = 1"


def test_untouched_answer_is_not_filled_with_the_other_answer_to_its_question():
    reference = make_reference()
    second = make_answer("tiny-2b", "shares", "total = sum(shares)")
    reference["cells"].insert(3, second)
    notebook = copy.deepcopy(reference)
    find(notebook, "tiny-02")["source"] = PLACEHOLDER
    find(notebook, "tiny-2b")["source"] = "total = 1"

    merged = merge(frame_of(read(reference)), read(notebook))

    assert merged.answers["tiny-02"] == Answer(PLACEHOLDER, untouched=True)
    assert merged.answers["tiny-2b"].source == "total = 1"


def test_check_moved_before_its_answer_is_put_back_and_takes_no_helper_with_it():
    notebook = make_solved()
    check = notebook["cells"].pop(place_of(notebook, "tiny-03"))
    notebook["cells"][1:1] = [check, make_cell("helper", "a = 1")]

    merged = merged_from(notebook)

    assert sources(merged)[:4] == [
        SETUP,
        "a = 1",
        "shares = [0.25, 0.75]",
        'check("shares", shares)',
    ]
    assert kinds(merged) == [("added", ""), ("moved", "shares")]


def test_copy_of_a_check_runs_as_a_cell_of_the_students():
    notebook = make_solved()
    copied = {**copy.deepcopy(find(notebook, "tiny-03")), "id": "copy"}
    notebook["cells"].append(copied)

    merged = merged_from(notebook)

    assert merged.notebook["cells"][-1]["id"] == "_added_1"
    assert merged.notebook["cells"][-1]["metadata"] == {}
    assert kinds(merged) == [("added", "")]


def test_check_that_became_text_is_named_and_still_runs():
    notebook = make_solved()
    find(notebook, "tiny-03")["cell_type"] = "markdown"

    merged = merged_from(notebook)

    assert sources(merged) == sources(merged_from(make_solved()))
    assert kinds(merged) == [("changed", "shares")]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("%%time\nshares = [0.25, 0.75]", id="cell-magic"),
        pytest.param("!pip install pandas\nshares = [0.25, 0.75]", id="shell"),
        pytest.param("shares = [0.25,", id="syntax-error"),
        pytest.param("shares = await f()  # NBVAL_SKIP", id="marker-of-nbval"),
    ],
)
def test_answer_that_is_no_plain_python_is_passed_on_as_it_is(source):
    notebook = make_solved()
    find(notebook, "tiny-02")["source"] = source

    merged = merged_from(notebook)

    assert merged.answers["tiny-02"].source == source
    assert merged.repairs == ()


def test_repairs_are_in_the_order_of_the_exercise():
    notebook = make_solved()
    notebook["metadata"]["coursekit"]["exercise"] = "other"
    notebook["cells"].remove(find(notebook, "tiny-09"))
    notebook["cells"].remove(find(notebook, "tiny-03"))
    find(notebook, "tiny-05")["metadata"]["tags"] = []

    assert kinds(merged_from(notebook)) == [
        ("foreign", ""),
        ("changed", "shares"),
        ("retagged", "double"),
        ("missing", "why"),
    ]


def test_what_was_mended_in_reading_is_among_the_repairs(tmp_path):
    path = Path(tmp_path, "ada.ipynb")
    path.write_text(json.dumps(make_solved()) + "}", encoding="utf-8")

    merged = merge(FRAME, read_notebook(path))

    assert [(repair.kind, repair.text) for repair in merged.repairs] == [
        ("mended", "what stood after the end of the notebook was left out")
    ]
