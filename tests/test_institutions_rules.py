"""The language of the decision table: what it says, and what it refuses."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

from coursekit.errors import CoursekitError
from coursekit.institutions.rules import (
    Condition,
    MalformedRuleError,
    Rule,
    parse_table,
    parse_when,
)

TABLE = pd.DataFrame(
    {
        "row_id": ["B", "A"],
        "step": [2, 1],
        "when": ["otherwise", "goal = yes and score >= 3"],
        "then": ["no", "yes"],
    }
)


def test_conditions_are_read_in_their_order():
    assert parse_when("goal = yes and body in CIS, CSTO and score>=3") == (
        Condition("goal", "=", ("yes",)),
        Condition("body", "in", ("CIS", "CSTO")),
        Condition("score", ">=", ("3",)),
    )


def test_a_condition_may_stand_on_a_line_of_its_own():
    assert parse_when("goal = yes\n  and score > 1") == (
        Condition("goal", "=", ("yes",)),
        Condition("score", ">", ("1",)),
    )


def test_otherwise_asks_nothing():
    assert parse_when(" otherwise ") == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("goal == yes", "no condition", id="two signs"),
        pytest.param("goal != yes", "no condition", id="not"),
        pytest.param("goal = yes or body = CIS", "no condition", id="or"),
        pytest.param("goal", "no condition", id="no sign"),
        pytest.param("goal = ", "no condition", id="no value"),
        pytest.param("= yes", "no condition", id="no input"),
        pytest.param("goal = yes and ", "no condition", id="nothing after and"),
        pytest.param("goal = yes and otherwise", "no condition", id="otherwise within"),
        pytest.param("", "no condition", id="empty"),
        pytest.param("body = CIS, CSTO", "stand after `in`", id="list after equals"),
        pytest.param("body in CIS,", "stand after `in`", id="gap in a list"),
        pytest.param("score >= three", "whole number", id="word for a number"),
        pytest.param("score >= 2.5", "whole number", id="fraction"),
        pytest.param("score >= --3", "whole number", id="two minus signs"),
    ],
)
def test_what_is_no_condition_is_answered_with_the_grammar(text, reason):
    with pytest.raises(MalformedRuleError, match=reason) as caught:
        parse_when(text, row_id="S4")

    assert "Row S4" in str(caught.value)
    assert "`input in a, b, c`" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "facts", "holds"),
    [
        pytest.param("goal = yes", {"goal": "yes"}, True, id="equal"),
        pytest.param("goal = yes", {"goal": "no"}, False, id="other"),
        pytest.param("goal = yes", {"goal": None}, None, id="unknown"),
        pytest.param("goal = yes", {}, None, id="absent"),
        pytest.param("score = 1", {"score": 1}, True, id="number as such"),
        pytest.param("score > 3", {"score": 3}, False, id="more"),
        pytest.param("score >= 3", {"score": 3}, True, id="at least"),
        pytest.param("score < 10", {"score": 9}, True, id="less, as a number"),
        pytest.param("age <= -1", {"age": -2}, True, id="at most, below zero"),
    ],
)
def test_a_condition_holds_fails_or_is_open(text, facts, holds):
    (condition,) = parse_when(text)

    assert condition.holds(facts) is holds


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        pytest.param({"goal": "no"}, False, id="one fails, the other is unknown"),
        pytest.param({"goal": "yes"}, None, id="one holds, the other is unknown"),
        pytest.param({"goal": "yes", "score": 3}, True, id="both hold"),
    ],
)
def test_one_condition_that_fails_settles_a_row(facts, holds):
    rule = Rule("A", 1, parse_when("goal = yes and score >= 3"), "yes")

    assert rule.holds(facts) is holds


def test_rows_are_taken_by_step_and_not_by_place():
    assert [rule.row_id for rule in parse_table(TABLE)] == ["A", "B"]


def test_the_name_of_a_row_may_stand_in_the_index():
    assert parse_table(TABLE.set_index("row_id")) == parse_table(TABLE)


def test_rows_without_a_note_have_an_empty_one():
    noted = parse_table(TABLE.assign(basis="ours", gives=[None, "note 5"]))

    assert [(rule.basis, rule.gives) for rule in noted] == [
        ("ours", "note 5"),
        ("ours", ""),
    ]


def test_two_rows_of_one_name_are_refused():
    with pytest.raises(MalformedRuleError, match="two rows have that name"):
        parse_table(TABLE.assign(row_id="A"))


def test_two_rows_of_one_step_are_refused():
    with pytest.raises(MalformedRuleError, match="row B has that step too"):
        parse_table(TABLE.assign(step=1))


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        pytest.param("step", "first", "whole number", id="step"),
        pytest.param("step", None, "whole number", id="no step"),
        pytest.param("then", None, "needs a class", id="no class"),
        pytest.param("when", None, "no text", id="no condition"),
        pytest.param("when", 3, "no text", id="a number for a condition"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(column, value, reason):
    table = TABLE.astype("object")
    table.loc[0, column] = value

    with pytest.raises(MalformedRuleError, match=rf"Row B .*{reason}"):
        parse_table(table)


def test_a_table_without_rows_or_columns_is_refused():
    with pytest.raises(CoursekitError, match="no rows"):
        parse_table(TABLE[:0])
    with pytest.raises(CoursekitError, match="no column 'then'"):
        parse_table(TABLE.drop(columns="then"))


def test_what_is_no_table_is_refused():
    with pytest.raises(TypeError, match="this is list"):
        parse_table(["goal = yes"])


def test_the_error_survives_pickling():
    error = MalformedRuleError("S4", "goal", "that is no condition.")

    assert str(pickle.loads(pickle.dumps(error))) == str(error)
