"""Whatever a student's process ships, judging it is safe and never too generous."""

from __future__ import annotations

import copy
import json

from hypothesis import given
from hypothesis import strategies as st

from coursekit.exercise.answers import to_plain
from coursekit.exercise.rules import Rule, compare
from coursekit.grading.frame import frame_of
from coursekit.grading.judge import Judgement, judge
from coursekit.grading.merge import merge
from coursekit.grading.run import CellRecord, Run
from grading_notebooks import find, make_check, make_reference, make_solved, read
from plain_values import built_ins, json_trees, shipped, spoilt, values

MERGED = make_solved()
rules = st.fixed_dictionaries(
    {"ordered": st.booleans(), "partial": st.booleans()},
    optional={"rtol": st.sampled_from([1e-6, 0.1])},
)


def judge_text(expected, rule, *answers):
    """Judge what a check cell shipped, for 2 points, where a value was expected."""
    reference = make_reference()
    at = reference["cells"].index(find(reference, "tiny-03"))
    reference["cells"][at] = make_check(
        "tiny-03", "shares", "shares", to_plain(expected), source="", **rule
    )
    frame = frame_of(read(reference))
    run = Run({"tiny-03": CellRecord("tiny-03", "ok", answers=answers)}, 0.0)
    return judge(frame, merge(frame, read(copy.deepcopy(MERGED))), run)[0]


def ship(value):
    return json.dumps({"check": "shares", "value": value})


@given(values, rules, json_trees | spoilt() | values.map(shipped))
def test_any_tree_gets_points_in_bounds_and_full_ones_only_if_it_matches(
    expected, rule, tree
):
    result = judge_text(expected, rule, ship(tree))

    full = result.points == result.maximum
    assert 0 <= result.points <= result.maximum
    assert full == (result.judgement is Judgement.CORRECT)
    assert full == (result.message == "")
    assert (
        not full or compare(to_plain(expected), tree, Rule(**rule)).stage == "matches"
    )
    assert result.message.isprintable()


@given(values, rules)
def test_the_expected_value_gets_all_points(expected, rule):
    result = judge_text(expected, rule, ship(shipped(expected)))

    assert (result.judgement, result.points) == (Judgement.CORRECT, 2)


@given(built_ins, rules, st.lists(st.text(max_size=20), max_size=4))
def test_other_texts_cost_nothing(expected, rule, texts):
    result = judge_text(expected, rule, *texts, ship(shipped(expected)), *texts)

    assert result.judgement is Judgement.CORRECT


@given(values, rules, st.lists(st.text(max_size=40), max_size=4))
def test_texts_that_are_no_answer_get_nothing(expected, rule, texts):
    result = judge_text(expected, rule, *texts)

    assert (result.judgement, result.points) == (Judgement.WRONG, 0)
