"""Two versions of a notebook merged: nothing of a student's is lost, whatever comes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.student.update import UnmergeableError, merge_notebooks

WIDGETS = "application/vnd.jupyter.widget-state+json"


def cell(key: str, text: str, **more: Any) -> dict[str, Any]:
    code = {"outputs": [], "execution_count": None, "metadata": {}}
    return {"cell_type": "code", "id": key, "source": text, **code, **more}


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4}


def texts(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(cell["id"], cell["source"]) for cell in found["cells"]]


def some_notebook(ids: str) -> st.SearchStrategy[dict[str, Any]]:
    keys = st.lists(st.sampled_from(ids), unique=True)
    return keys.flatmap(
        lambda keys: st.lists(
            st.sampled_from("xyz"), min_size=len(keys), max_size=len(keys)
        ).map(
            lambda said: notebook(*(cell(k, f"{k}{t}") for k, t in zip(keys, said)))  # noqa: B905 - as long
        )
    )


COURSE, STUDENT = some_notebook("abcdef"), some_notebook("abcdefmno")


@given(COURSE, STUDENT, COURSE)
def test_every_text_that_the_student_wrote_stays(base, mine, newer):
    merged = dict(texts(merge_notebooks(base, mine, newer).notebook)).values()
    handed_out = dict(texts(base)).values()

    assert set(dict(texts(mine)).values()) - set(handed_out) <= set(merged)


@given(COURSE, STUDENT, COURSE)
def test_every_text_that_the_course_changed_arrives_or_stands_below(base, mine, newer):
    found = merge_notebooks(base, mine, newer)
    merged = texts(found.notebook)
    notes = " ".join(text for key, text in merged if key.startswith("note-"))
    missing = set(texts(newer)) - set(texts(base)) - set(merged)

    assert {key for key, _ in missing} <= set(found.clashed)
    assert all(f"\n{text}\n" in notes for _, text in missing)


@given(COURSE, STUDENT, COURSE)
def test_no_id_stands_twice(base, mine, newer):
    keys = [key for key, _ in texts(merge_notebooks(base, mine, newer).notebook)]

    assert len(keys) == len(set(keys))


@given(COURSE, COURSE)
def test_who_edited_nothing_has_the_newer_version(base, newer):
    assert texts(merge_notebooks(base, base, newer).notebook) == texts(newer)


@given(COURSE, STUDENT)
def test_where_the_course_changed_nothing_the_student_s_stays_as_it_is(base, mine):
    found = merge_notebooks(base, mine, base)

    assert texts(found.notebook) == texts(mine)
    assert (found.arrived, found.clashed) == ((), ())


@given(COURSE, STUDENT, COURSE)
def test_merging_the_same_version_again_changes_nothing(base, mine, newer):
    once = merge_notebooks(base, mine, newer).notebook

    assert texts(merge_notebooks(newer, once, newer).notebook) == texts(once)


def test_a_cell_that_the_student_removed_stays_away_unless_the_course_changed_it():
    base = notebook(cell("a", "x"), cell("b", "x"))
    newer = notebook(cell("a", "x"), cell("b", "y"))

    assert texts(merge_notebooks(base, notebook(), newer).notebook) == [("b", "y")]


def test_what_the_course_took_away_goes_unless_the_student_edited_it():
    base = notebook(cell("a", "x"), cell("b", "x"))
    mine = notebook(cell("a", "x"), cell("b", "mine"))
    found = merge_notebooks(base, mine, notebook())

    assert texts(found.notebook)[0] == ("b", "mine")
    assert "no longer has the cell above" in found.notebook["cells"][1]["source"]


def test_outputs_are_the_student_s_where_the_student_ran_the_same_text():
    out = [{"output_type": "stream", "name": "stdout", "text": "mine"}]
    new = [{"output_type": "stream", "name": "stdout", "text": "new"}]
    base = notebook(cell("a", "x"), cell("b", "x"), cell("c", "x"))
    mine = notebook(
        cell("a", "x", outputs=out), cell("b", "x"), cell("c", "x", outputs=out)
    )
    newer = notebook(
        cell("a", "x", outputs=new), cell("b", "x", outputs=new), cell("c", "y")
    )
    found = merge_notebooks(base, mine, newer).notebook["cells"]

    assert [one["outputs"] for one in found] == [out, new, []]


def test_a_cell_that_was_run_is_still_run_where_its_outputs_are_the_course_s():
    times = {"execution": {"iopub.execute_input": "2026-11-23T10:00:00Z"}}
    base = notebook(cell("a", "x"), cell("b", "x"))
    mine = notebook(cell("a", "x", metadata=times), cell("b", "x", metadata=times))
    newer = notebook(cell("a", "x"), cell("b", "y"))
    found = merge_notebooks(base, mine, newer).notebook["cells"]

    assert [one["metadata"] for one in found] == [times, {}]


def test_an_answer_that_clashes_stays_the_one_that_is_graded():
    marks = {"nbgrader": {"grade_id": "a", "solution": True}}
    base = notebook(cell("a", "# answer", metadata=marks))
    mine = notebook(cell("a", "answer = 1", metadata={**marks, "scrolled": True}))
    newer = notebook(cell("a", "# your answer", metadata=marks))
    kept, note = merge_notebooks(base, mine, newer).notebook["cells"]

    assert (kept["source"], kept["metadata"]["nbgrader"]) == (
        "answer = 1",
        marks["nbgrader"],
    )
    assert (note["cell_type"], note["metadata"]) == ("markdown", {})
    assert "# your answer" in note["source"]


def test_new_metadata_of_a_cell_arrives_with_an_edited_answer():
    base = notebook(cell("a", "# answer", metadata={"hints": 1}))
    mine = notebook(cell("a", "answer = 1", metadata={"hints": 1, "scrolled": True}))
    newer = notebook(cell("a", "# answer", metadata={"hints": 2}))
    (kept,) = merge_notebooks(base, mine, newer).notebook["cells"]

    assert kept["metadata"] == {"hints": 2, "scrolled": True}
    assert kept["source"] == "answer = 1"


def test_states_of_widgets_are_kept_beside_each_other():
    def with_state(**models: int) -> dict[str, Any]:
        return notebook(widgets={WIDGETS: {"state": models, "version_major": 2}})

    merged = merge_notebooks(
        notebook(), with_state(a=1, b=1), with_state(b=2, c=2)
    ).notebook

    assert merged["metadata"]["widgets"][WIDGETS]["state"] == {"a": 1, "b": 1, "c": 2}


def test_cells_that_the_course_moved_are_in_the_course_s_order():
    base = notebook(cell("a", "A"), cell("b", "B"))
    mine = notebook(cell("a", "A"), cell("own", "x"), cell("b", "B"))
    newer = notebook(cell("b", "B"), cell("a", "A"))
    merged = merge_notebooks(base, mine, newer).notebook

    assert [key for key, _ in texts(merged)] == ["b", "a", "own"]


SAID = st.sampled_from(
    ["import pandas", "count = len(rows)", "1 + 2 + 3 + 4", "count / total", "x"]
)


def numbered(*said: str) -> list[dict[str, Any]]:
    return [cell(f"lesson-{n:02}", text) for n, text in enumerate(said)]


@given(
    st.lists(st.lists(SAID, min_size=1, max_size=4), min_size=2, max_size=5),
    st.lists(st.sets(st.integers(0, 4)), min_size=4, max_size=4),
    st.booleans(),
)
def test_every_text_that_the_student_wrote_stays_in_one_update_after_another(
    versions, edits, adds
):
    base = mine = notebook(*numbered(*versions[0]))
    for number, (said, places) in enumerate(zip(versions[1:], edits, strict=False)):
        cells = [
            cell(f"own-{number}", f"own {number}"),
            *(
                {**one, "source": f"{one['source'] * adds}\nmine {number} {place}"}
                if place in places
                else one
                for place, one in enumerate(mine["cells"])
            ),
        ]
        newer = notebook(*numbered(*said))
        mine = merge_notebooks(base, notebook(*cells), newer).notebook
        stays = [text for _, text in texts(mine)]
        said_by_course = {text for _, text in texts(base)}
        base = newer

        assert len(dict(texts(mine))) == len(stays)
        assert {one["source"] for one in cells} - said_by_course <= {*stays}


def test_cells_that_have_other_numbers_now_are_known_by_what_they_say():
    base = notebook(*numbered("import pandas", "count = len(rows)", "count / total"))
    mine = notebook(*numbered("import pandas", "count = my_own(rows)", "count / total"))
    newer = notebook(
        *numbered("import pandas", "load_it()", "count = len(rows)", "count / all_rows")
    )
    found = merge_notebooks(base, mine, newer)

    assert texts(found.notebook) == [
        ("lesson-00", "import pandas"),
        ("lesson-01", "load_it()"),
        ("lesson-02", "count = my_own(rows)"),
        ("lesson-03", "count / all_rows"),
    ]
    assert found.clashed == ()


def test_an_answer_is_known_by_its_question_whatever_its_number_and_text():
    def asks(key: str, text: str, question: str) -> dict[str, Any]:
        return cell(key, text, metadata={"coursekit": {"question": question}})

    base = notebook(asks("quiz-01", "# first", "one"), asks("quiz-02", "# next", "two"))
    mine = notebook(
        asks("quiz-01", "one = 1", "one"), asks("quiz-02", "two = 2", "two")
    )
    newer = notebook(
        asks("quiz-01", "Other words, as it were", "two"),
        asks("quiz-02", "# again other ones", "one"),
    )
    merged = dict(texts(merge_notebooks(base, mine, newer).notebook))

    assert (merged["quiz-01"], merged["quiz-02"]) == ("two = 2", "one = 1")


def test_a_cell_that_made_room_for_another_one_twice_is_kept_twice():
    """Its old id was given to a cell of other words, in two updates running."""
    first = merge_notebooks(
        notebook(cell("a", "import pandas as pd")),
        notebook(cell("a", "my first answer")),
        notebook(cell("a", "0123456789" * 3)),
    ).notebook
    mine = notebook(cell("a", "my second answer"), *first["cells"][1:])
    found = merge_notebooks(
        notebook(cell("a", "0123456789" * 3)), mine, notebook(cell("a", "#" * 30))
    ).notebook

    assert {"my first answer", "my second answer"} <= set(dict(texts(found)).values())


def test_a_merge_that_was_cut_short_is_not_made_twice():
    def built(notebook: dict[str, Any], when: str) -> dict[str, Any]:
        return {**notebook, "metadata": {"coursekit": {"built": when}}}

    base = built(notebook(*numbered("import pandas", "count")), "1")
    mine = notebook(*numbered("import pandas", "count"), cell("own", "My own"))
    newer = built(notebook(*numbered("load_it()", "import pandas", "count")), "2")
    once = merge_notebooks(base, mine, newer).notebook

    assert texts(merge_notebooks(base, once, newer).notebook) == texts(once)
    assert len(once["cells"]) == 4


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"cells": 1},
        {"cells": [1]},
        {"cells": [{"cell_type": "code", "source": "", "metadata": {}}]},
        notebook(cell("a", "x"), cell("a", "x")),
        {"cells": [{"id": "a"}]},
    ],
)
def test_a_notebook_without_ids_is_refused(broken):
    with pytest.raises(UnmergeableError):
        merge_notebooks(notebook(), broken, notebook())
