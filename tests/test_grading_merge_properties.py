"""Whatever is done to the cells of a notebook, it is merged, whole and in order."""

import copy

import nbformat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursekit.grading.merge import merge
from coursekit.grading.notebook import stripped
from grading_notebooks import make_cell, make_frame, make_solved, make_student, read

# Time is no matter here, and machines are busy.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

FRAME = make_frame()
IDS = [cell.id for cell in FRAME.notebook.cells]
SOURCES = [
    *(
        "",
        "x = 1",
        "# done",
        "raise",
        "A note.",
        "check(1)",
        "\ud83d",
        "%%time\nshares = 1",
    ),
    *("shares = [0.25, 0.75]", "def double(n):\n    return 2 * n", "shares"),
    *(cell.source for cell in FRAME.notebook.cells),
    *FRAME.placeholders.values(),
]
QUESTIONS = [question.name for question in FRAME.questions]
KINDS = ["code", "markdown", "raw"]

ids = st.sampled_from([*IDS, "", "new"])
courses = st.fixed_dictionaries(
    {}, optional={"question": st.sampled_from(QUESTIONS), "check": st.just("shares")}
)
tags = st.lists(st.sampled_from(["answer", "check", "hidden", "written", "mine"]))


@st.composite
def added_cells(draw):
    source, kind = draw(st.sampled_from(SOURCES)), draw(st.sampled_from(KINDS))
    return make_cell(draw(ids), source, kind=kind, tags=draw(tags), **draw(courses))


@st.composite
def kept_cells(draw, make):
    """Copy, delete and reorder the cells of a notebook, and lose ids and metadata."""
    cells = draw(st.lists(st.sampled_from(make()["cells"]), max_size=15))
    lost = draw(
        st.sampled_from([{}, {"id": ""}, {"metadata": {}}, {"cell_type": "raw"}])
    )
    return [copy.deepcopy(cell) | lost for cell in cells]


@st.composite
def edited_notebooks(draw):
    """Do anything to a notebook that editors and students do."""
    cells = draw(kept_cells(make_solved)) + draw(st.lists(added_cells(), max_size=8))
    for cell in cells:
        if draw(st.integers(0, 5)) == 0:
            cell["source"] = draw(st.sampled_from(SOURCES))
    version = draw(st.sampled_from(["1", "1", "0"]))
    course = {"exercise": "tiny", "version": version}
    cells = draw(st.permutations(cells)) or [make_cell("", "")]
    return {**make_solved(), "cells": cells, "metadata": {"coursekit": course}}


def texts(cells):
    """List what the cells say, line by line where several were put together."""
    return [part for c in cells for part in [stripped(c), *stripped(c).split("\n\n")]]


@patiently
@given(edited_notebooks())
def test_merged_notebook_is_valid_and_has_the_frame_in_its_order(notebook):
    merged = merge(FRAME, read(notebook)).notebook

    nbformat.validate(merged)
    ids = [cell["id"] for cell in merged["cells"]]
    assert [cell_id for cell_id in ids if cell_id in IDS] == IDS
    assert len(set(ids)) == len(ids)


@patiently
@given(edited_notebooks())
def test_the_course_own_cells_are_its_own_whatever_was_handed_in(notebook):
    merged = merge(FRAME, read(notebook)).notebook

    found = {cell["id"]: cell for cell in merged["cells"]}
    own = [cell for cell in FRAME.notebook.cells if cell.id not in FRAME.placeholders]
    assert [found[cell.id]["source"] for cell in own] == [cell.source for cell in own]
    assert [found[cell.id]["cell_type"] for cell in own] == [cell.kind for cell in own]


@patiently
@given(edited_notebooks())
def test_nothing_of_the_students_but_source_is_in_the_merged_notebook(notebook):
    merged = merge(FRAME, read(notebook)).notebook

    own = merge(FRAME, read(make_solved())).notebook
    metadata = [c["metadata"] for c in merged["cells"] if not c["id"].startswith("_")]
    assert metadata == [cell["metadata"] for cell in own["cells"]]
    assert not any(c["metadata"] for c in merged["cells"] if c["id"].startswith("_"))
    assert not any(cell.get("outputs") for cell in merged["cells"])
    assert merged["metadata"] == own["metadata"]


@patiently
@given(edited_notebooks())
def test_every_source_of_the_students_is_kept_or_reported(notebook):
    submission = read(notebook)

    merged = merge(FRAME, submission)

    kept = set(texts(cell["source"] for cell in merged.notebook["cells"]))
    kept |= {"", *map(stripped, FRAME.placeholders.values())}
    dropped = [cell for cell in submission.cells if cell.text not in kept]
    reported = {repair.kind for repair in merged.repairs}
    assert not dropped or reported & {"changed", "outdated"}
    assert all("check" in {*c.tags, *c.course} or "check(" in c.text for c in dropped)


@patiently
@given(edited_notebooks())
def test_answers_say_what_stands_in_the_merged_notebook(notebook):
    merged = merge(FRAME, read(notebook))

    found = {cell["id"]: cell["source"] for cell in merged.notebook["cells"]}
    assert {i: answer.source for i, answer in merged.answers.items()} == {
        cell_id: found[cell_id] for cell_id in FRAME.placeholders
    }


@patiently
@given(kept_cells(make_student))
def test_answers_that_nobody_touched_are_untouched_in_any_order(cells):
    notebook = {**make_student(), "cells": cells or [make_cell("", "")]}

    merged = merge(FRAME, read(notebook))

    assert all(answer.untouched for answer in merged.answers.values())


@patiently
@given(edited_notebooks())
def test_merging_twice_gives_the_same(notebook):
    assert merge(FRAME, read(notebook)) == merge(FRAME, read(notebook))


@patiently
@given(edited_notebooks())
def test_repairs_are_short_sentences_of_known_questions(notebook):
    repairs = merge(FRAME, read(notebook)).repairs

    assert {repair.question for repair in repairs} <= {"", *QUESTIONS}
    assert all(0 < len(repair.text) < 250 for repair in repairs)
    assert all(repair.text.isprintable() for repair in repairs)
