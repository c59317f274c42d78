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
        pytest.param(("1", "1"), "more than one answer", id="two"),
        pytest.param(("",), "too large", id="too-large"),
        pytest.param(("{",), "malformed", id="no-json"),
        pytest.param(("[" * 100_000,), "malformed", id="too-deep"),
        pytest.param(('{"check": "shares"}',), "malformed", id="no-value"),
        pytest.param(('{"value": 1}',), "another check", id="no-name"),
        pytest.param(
            ('{"check": "double", "value": 8}',), "another check", id="other-name"
        ),
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
