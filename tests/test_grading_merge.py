import copy

import pytest

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
        "changed a check cell; the course's own was used"
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
