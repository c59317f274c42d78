import json

import pytest

from coursekit.grading.frame import frame_of
from coursekit.grading.judge import Judgement, judge, judge_unreadable
from coursekit.grading.merge import merge
from coursekit.grading.run import CellRecord, Run
from grading_notebooks import (
    find,
    make_check,
    make_frame,
    make_reference,
    make_solved,
    make_student,
    read,
)

FRAME = make_frame()
SHARES = {"kind": "list", "items": [0.25, 0.75]}


def ship(name, value, cell_id="tiny-03", **fields):
    answer = json.dumps({"check": name, "value": value})
    return CellRecord(cell_id, "ok", answers=(answer,), **fields)


def judge_shares(*records, notebook=None, frame=FRAME):
    merged = merge(frame, read(notebook or make_solved()))
    run = Run({record.cell_id: record for record in records}, 0.0)
    return judge(frame, merged, run)[0]


def test_value_that_matches_gives_the_points():
    result = judge_shares(ship("shares", SHARES))

    assert (result.judgement, result.points) == (Judgement.CORRECT, 2)


def test_value_that_differs_is_wrong_and_says_how_far_it_got():
    result = judge_shares(ship("shares", {"kind": "list", "items": [0.25, 0.5]}))

    assert (result.judgement, result.points) == (Judgement.WRONG, 0)
    assert result.message == "1 of 2 values differ."


def test_mistake_that_the_author_foresaw_brings_the_authors_message():
    reference = make_reference()
    attempt = {
        "value": {"kind": "list", "items": [25, 75]},
        "message": "A share is <= 1",
    }
    find(reference, "tiny-03")["metadata"]["coursekit"]["attempts"] = [attempt]
    frame = frame_of(read(reference))

    result = judge_shares(ship("shares", attempt["value"]), frame=frame)

    assert result.message == "A share is <= 1"


def test_matching_value_counts_even_where_the_answer_cell_is_untouched():
    result = judge_shares(ship("shares", SHARES), notebook=make_student())

    assert result.judgement is Judgement.CORRECT


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        pytest.param((), "shipped no answer", id="none"),
        pytest.param(("1",), "no answer of its own", id="nothing-but-a-number"),
        pytest.param(("",), "too large", id="too-large"),
        pytest.param(("{",), "malformed", id="no-json"),
        pytest.param(("[" * 100_000,), "malformed", id="too-deep"),
        pytest.param(('{"check": "shares"}',), "malformed", id="no-value"),
        pytest.param(('{"value": 1}',), "no answer of its own", id="no-name"),
        pytest.param(
            ('{"check": "double", "value": 8}',),
            "no answer of its own",
            id="other-name",
        ),
        pytest.param(
            ('{"check": ["shares"], "value": 8}',), "of its own", id="name-in-a-list"
        ),
        pytest.param(('{"check": "shares", "value": NaN}',), "NaN", id="NaN"),
        pytest.param(
            ('{"check": "shares", "value": {"kind": "list"}}',),
            "malformed",
            id="half-a-tree",
        ),
        pytest.param(
            ('{"check": "shares", "value": {"kind": "frame", "index": 3}}',),
            "malformed",
            id="tree-of-other-types",
        ),
        pytest.param(
            ('{"check": "shares", "value": {"kind": "other", "type": "Equal"}}',),
            "A list was expected",
            id="object-that-equals-everything",
        ),
    ],
)
def test_anything_but_one_sound_answer_is_wrong_with_the_reason(answers, message):
    result = judge_shares(CellRecord("tiny-03", "ok", answers=answers))

    assert (result.judgement, result.points) == (Judgement.WRONG, 0)
    assert message in result.message


@pytest.mark.parametrize(
    ("answer", "check", "judgement", "message"),
    [
        pytest.param(
            ("error", "ZeroDivisionError", "division by zero"),
            ("error", "NameError", "shares"),
            Judgement.ERROR,
            "The answer raised ZeroDivisionError: division by zero",
            id="answer-raises",
        ),
        pytest.param(
            ("ok", "", ""),
            ("error", "NameError", "name 'shares' is not defined"),
            Judgement.ERROR,
            "The check raised NameError: name 'shares' is not defined",
            id="check-raises",
        ),
        pytest.param(
            ("error", "NotImplementedError", ""),
            ("error", "NameError", "shares"),
            Judgement.NOT_ATTEMPTED,
            "The answer is not finished.",
            id="answer-unfinished",
        ),
        pytest.param(
            ("ok", "", ""),
            ("error", "NotImplementedError", ""),
            Judgement.NOT_ATTEMPTED,
            "The answer is not finished.",
            id="body-unfinished",
        ),
        pytest.param(
            ("error", "MemoryError", ""),
            ("error", "NameError", "shares"),
            Judgement.OUT_OF_MEMORY,
            "The answer ran out of memory.",
            id="out-of-memory",
        ),
        pytest.param(
            ("timed_out", "", ""),
            ("error", "NameError", "shares"),
            Judgement.TIMED_OUT,
            "The answer took too long and was stopped.",
            id="timed-out",
        ),
        pytest.param(
            ("kernel_died", "", ""),
            ("not_run", "", ""),
            Judgement.ERROR,
            "The kernel died while the answer ran.",
            id="kernel-died",
        ),
        pytest.param(
            ("not_run", "", ""),
            ("not_run", "", ""),
            Judgement.NOT_RUN,
            "The kernel had stopped before.",
            id="not-run",
        ),
    ],
)
def test_cause_is_taken_from_the_answer_before_the_check(
    answer, check, judgement, message
):
    result = judge_shares(CellRecord("tiny-02", *answer), CellRecord("tiny-03", *check))

    assert (result.judgement, result.message) == (judgement, message)


def test_last_answer_under_the_checks_own_name_counts():
    """Others cost nothing, whether they are sound or not."""
    right, wrong = ship("shares", SHARES).answers[0], ship("shares", 1).answers[0]
    others = ("", "{", '{"check": "double", "value": 8}')

    last_right = judge_shares(
        CellRecord("tiny-03", "ok", answers=(*others, wrong, right, *others))
    )
    last_wrong = judge_shares(CellRecord("tiny-03", "ok", answers=(right, wrong)))

    assert (last_right.judgement, last_right.points) == (Judgement.CORRECT, 2)
    assert (last_wrong.judgement, last_wrong.points) == (Judgement.WRONG, 0)


@pytest.mark.parametrize("status", ["error", "timed_out", "kernel_died"])
def test_answer_counts_whatever_became_of_its_cell_after(status):
    answers = ship("shares", SHARES).answers

    result = judge_shares(CellRecord("tiny-03", status, "ValueError", answers=answers))

    assert (result.judgement, result.points) == (Judgement.CORRECT, 2)


def test_right_value_counts_although_the_answer_cell_raised():
    result = judge_shares(
        CellRecord("tiny-02", "error", "ValueError"), ship("shares", SHARES)
    )

    assert result.judgement is Judgement.CORRECT


@pytest.mark.parametrize(
    ("stopped", "questions"),
    [
        pytest.param(
            CellRecord("tiny-02", "kernel_died", "MemoryError"),
            [
                (Judgement.OUT_OF_MEMORY, "The answer ran out of memory."),
                (
                    Judgement.NOT_RUN,
                    "The kernel had stopped at the answer to 'shares'.",
                ),
            ],
            id="memory",
        ),
        pytest.param(
            CellRecord("tiny-03", "kernel_died", "MemoryError"),
            [
                (Judgement.OUT_OF_MEMORY, "The check ran out of memory."),
                (Judgement.NOT_RUN, "The kernel had stopped at a check of 'shares'."),
            ],
            id="memory in the check",
        ),
        pytest.param(
            CellRecord("tiny-02", "error", "_ArrayMemoryError", "Unable to allocate"),
            [
                (Judgement.OUT_OF_MEMORY, "The answer ran out of memory."),
                (
                    Judgement.NOT_RUN,
                    "The kernel had stopped at the answer to 'shares'.",
                ),
            ],
            id="memory that numpy asked for",
        ),
        pytest.param(
            CellRecord("tiny-02", "timed_out"),
            [
                (Judgement.TIMED_OUT, "The answer took too long and was stopped."),
                (
                    Judgement.NOT_RUN,
                    "The kernel had stopped at the answer to 'shares'.",
                ),
            ],
            id="time",
        ),
        pytest.param(
            CellRecord("tiny-05", "kernel_died"),
            [
                (Judgement.WRONG, "The check cell shipped no answer of its own."),
                (Judgement.ERROR, "The kernel died while the answer ran."),
            ],
            id="death in the second",
        ),
        pytest.param(
            CellRecord("tiny-00", "kernel_died"),
            [
                (Judgement.NOT_RUN, "The kernel had stopped at an earlier cell."),
                (Judgement.NOT_RUN, "The kernel had stopped at an earlier cell."),
            ],
            id="death in a cell of no question",
        ),
    ],
)
def test_cell_that_stopped_the_kernel_is_named_in_all_that_follow(stopped, questions):
    cells = ["tiny-00", "tiny-02", "tiny-03", "tiny-05", "tiny-06", "tiny-07"]
    at = cells.index(stopped.cell_id)
    records = [
        *(CellRecord(cell_id, "ok") for cell_id in cells[:at]),
        stopped,
        *(CellRecord(cell_id, "not_run") for cell_id in cells[at + 1 :]),
    ]
    run = Run({record.cell_id: record for record in records}, 0.0)

    results = judge(FRAME, merge(FRAME, read(make_solved())), run)

    assert [(r.judgement, r.message) for r in results[:2]] == questions


def test_notebook_of_which_nothing_ran_is_not_run():
    results = judge(FRAME, merge(FRAME, read(make_solved())), Run({}, 0.0, "no worker"))

    assert [result.message for result in results[:2]] == [
        "The kernel had stopped before."
    ] * 2


def test_message_of_an_error_can_be_stored_and_printed():
    said = "half \ud800 and \x1b[2J\nmore"

    result = judge_shares(CellRecord("tiny-02", "error", "ValueError", said))

    assert result.message == "The answer raised ValueError: half ? and ?[2J more"


@pytest.mark.parametrize(
    "is_there", [pytest.param(True, id="emptied"), pytest.param(False, id="deleted")]
)
def test_answer_cell_that_holds_nothing_is_not_called_as_it_was_given(is_there):
    notebook = make_solved()
    find(notebook, "tiny-02")["source"] = ""
    notebook["cells"] = [
        c for c in notebook["cells"] if is_there or c["id"] != "tiny-02"
    ]

    result = judge_shares(notebook=notebook)

    assert result.judgement is Judgement.NOT_ATTEMPTED
    assert result.message == "The answer cell is missing, empty or as it was given."


def test_untouched_answer_is_not_attempted_whatever_its_check_does():
    result = judge_shares(
        CellRecord("tiny-03", "error", "NameError", "shares"), notebook=make_student()
    )

    assert result.judgement is Judgement.NOT_ATTEMPTED


def test_question_with_some_checks_right_is_partly_correct():
    merged = merge(FRAME, read(make_solved()))
    run = Run({"tiny-06": ship("double", 8, "tiny-06")}, 0.0)

    result = judge(FRAME, merged, run)[1]

    assert (result.judgement, result.points, result.maximum) == (
        Judgement.PARTLY_CORRECT,
        2,
        3,
    )


def make_partial_frame(value, **rule):
    reference = make_reference()
    at = reference["cells"].index(find(reference, "tiny-03"))
    reference["cells"][at] = make_check(
        "tiny-03", "shares", "shares", value, source="", partial=True, **rule
    )
    return frame_of(read(reference))


def test_partial_credit_is_given_by_part():
    frame = make_partial_frame({"kind": "list", "items": [1, 2, 3, 4]})
    given = {"kind": "list", "items": [1, 2, 3, 0]}

    result = judge_shares(ship("shares", given), frame=frame)

    assert (result.judgement, result.points) == (Judgement.PARTLY_CORRECT, 1.5)


ZEROS = {"kind": "list", "items": [0, 0, 0, 5, 7]}
CORNERS = {
    "kind": "dict",
    "items": [
        [name, {"kind": "set", "items": members}]
        for name, members in {"a": ["X"], "b": [], "c": ["Y", "Z"], "d": []}.items()
    ],
}


def answered(tree, items):
    return {**tree, "items": items}


def emptied(pairs, *names):
    empty = {"kind": "set", "items": []}
    return [[name, empty if name in names else members] for name, members in pairs]


@pytest.mark.parametrize(
    ("expected", "given", "points"),
    [
        pytest.param(ZEROS, [0, 0, 0, 0, 0], 0, id="zeros all over"),
        pytest.param(ZEROS, [0, 0, 0, 1, 1], 0, id="zeros and a guess"),
        pytest.param(ZEROS, [0, 0, 0, 5, 1], 1.6, id="zeros and one that is known"),
        pytest.param(ZEROS, [1, 1, 1, 5, 7], 0.8, id="all but the zeros"),
        pytest.param(
            CORNERS, emptied(CORNERS["items"], "a", "c"), 0, id="empty sets all over"
        ),
        pytest.param(
            CORNERS, emptied(CORNERS["items"], "a"), 1.5, id="empty sets and one known"
        ),
    ],
)
def test_one_value_all_over_earns_no_part_of_the_points(expected, given, points):
    frame = make_partial_frame(expected)

    result = judge_shares(ship("shares", answered(expected, given)), frame=frame)

    assert result.points == points
    assert ("once two different values are right" in result.message) == (points == 0)


def test_bars_of_one_height_earn_no_part_of_the_points():
    def bars(heights):
        x, y = ({"kind": "list", "items": items} for items in ("abc", heights))
        trace = {"type": "bar", "x": {**x, "items": ["a", "b", "c"]}, "y": y}
        return {"kind": "figure", "traces": [trace], "axes": {}}

    frame = make_partial_frame(bars([0, 0, 3]))

    guessed = judge_shares(ship("shares", bars([0, 0, 0])), frame=frame)
    known = judge_shares(ship("shares", bars([0, 1, 3])), frame=frame)

    assert (guessed.points, known.points) == (0, pytest.approx(4 / 3, abs=1e-6))


def test_graph_with_the_wrong_directions_earns_no_part_of_the_points():
    graph = {"kind": "graph", "directed": True, "nodes": [1, 2], "edges": [[1, 2]]}
    frame = make_partial_frame(graph)

    result = judge_shares(ship("shares", {**graph, "directed": False}), frame=frame)

    assert (result.judgement, result.points) == (Judgement.WRONG, 0)


def test_set_of_everything_does_not_earn_the_points_of_its_parts():
    frame = make_partial_frame({"kind": "set", "items": ["a", "b"]})
    given = {"kind": "set", "items": list("abcdefgh")}

    result = judge_shares(ship("shares", given), frame=frame)

    assert result.points == 0.5


def test_written_text_awaits_review_and_its_placeholder_is_not_attempted():
    notebook = make_solved()
    blank = judge(FRAME, merge(FRAME, read(notebook)), Run({}, 0.0))[2]
    find(notebook, "tiny-09")["source"] = "Because of Article 2(4)."
    filled = judge(FRAME, merge(FRAME, read(notebook)), Run({}, 0.0))[2]

    assert (blank.judgement, blank.points) == (Judgement.NOT_ATTEMPTED, 0)
    assert (filled.judgement, filled.points) == (None, None)
    assert filled.awaiting_review


def test_unreadable_submission_is_an_error_in_every_question():
    results = judge_unreadable(FRAME, "is not JSON")

    assert {result.judgement for result in results} == {Judgement.ERROR}
    assert [result.maximum for result in results] == [2, 3, 4]
