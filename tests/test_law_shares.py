"""Shares of a hand-picked list: counted right, and as firm as they say."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import load, readings
from coursekit.law.shares import (
    RULES,
    SUPPORTIVE,
    Share,
    across_shares,
    count_recodings,
    measure_share,
    questions_about,
    recode_case,
    select_cases,
)

ROWS = pd.DataFrame({"answer": ["yes", "no", "none", None, "yes"]})
shares = st.builds(
    lambda hits, misses: Share(hits, hits + misses),
    st.integers(0, 6),
    st.integers(1, 6),
)


@pytest.fixture
def cases():
    return load("interventions")


def turned(ahead, behind, *, lost, won):
    return (behind.hits + won) * ahead.n > (ahead.hits - lost) * behind.n


def test_empty_cells_are_in_no_count_but_their_own():
    assert measure_share(ROWS, "answer", "yes") == Share(2, 4, 1)


def test_the_word_none_is_a_value():
    assert measure_share(ROWS, "answer", "none").hits == 1


def test_several_codes_count_together():
    assert measure_share(ROWS, "answer", ["yes", "no"]).value == 0.75


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param((3, 2), id="more than all"),
        pytest.param((-1, 2), id="fewer than none"),
        pytest.param((1, 2, -1), id="gaps below none"),
    ],
)
def test_a_share_that_cannot_be_is_refused(numbers):
    with pytest.raises(CoursekitError, match="A share cannot be"):
        Share(*numbers)


def test_a_share_of_nothing_is_unknown():
    nothing = measure_share(ROWS.iloc[3:4], "answer", "yes")

    assert (nothing.value, nothing.step, nothing.without_one) == (None, None, None)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        pytest.param(Share(2, 4), "2 of 4 (50.0 per cent)", id="complete"),
        pytest.param(Share(1, 3, 2), "1 of 3 (33.3 per cent, 2 not coded)", id="gaps"),
        pytest.param(Share(0, 0, 2), "no case", id="nothing"),
    ],
)
def test_a_share_says_what_it_was_counted_from(share, words):
    assert str(share) == words


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        pytest.param([1, 1, 0, 0], (1 / 3, 2 / 3), id="some"),
        pytest.param([0, 0, 0], (0, 0), id="none"),
        pytest.param([1, 1, 1], (1, 1), id="all"),
    ],
)
def test_leaving_out_each_case_in_turn_gives_the_same_ends(values, ends):
    assert Share(sum(values), len(values)).without_one == ends


def test_an_unknown_column_is_answered_with_those_there_are():
    with pytest.raises(UnknownNameError, match="answer"):
        measure_share(ROWS, "reply", "yes")


def test_a_value_outside_the_categories_is_answered_with_them(cases):
    with pytest.raises(UnknownNameError, match="res_neutral"):
        measure_share(cases, "unsc_response", "resolution")


@given(ahead=shares, behind=shares)
def test_recodings_agree_with_trying_one_number_after_the_other(ahead, behind):
    first, second = sorted((ahead, behind), key=lambda share: -share.value)

    found = count_recodings(first, second)

    tries = [
        lost + won
        for lost in range(first.hits + 1)
        for won in range(second.n - second.hits + 1)
        if turned(first, second, lost=lost, won=won)
    ]
    assert found == min(tries)


def test_a_tie_does_not_turn_a_comparison_round():
    assert count_recodings(Share(1, 2), Share(0, 2)) == 2


def test_one_recoding_parts_two_groups_that_tie():
    assert count_recodings(Share(0, 1), Share(0, 1)) == 1


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        pytest.param(Share(1, 4), Share(2, 4), "Change their order", id="order"),
        pytest.param(Share(1, 4), Share(0, 0), "at least one case", id="empty"),
    ],
)
def test_a_comparison_that_makes_no_sense_is_refused(first, second, words):
    with pytest.raises(CoursekitError, match=words):
        count_recodings(first, second)


def test_contested_questions_are_found_by_their_column():
    found = set(questions_about("internal_situation"))
    rivals = readings("interventions").set_index("question")

    assert set(rivals.loc[sorted(found), "column"]) == {"internal_situation"}


def test_the_interval_tries_readings_together():
    found = across_shares("internal_situation", "nonviolent_protest")

    assert found.joint
    assert found.low < found.base < found.high


def test_a_column_without_rivals_has_an_interval_of_one_point():
    found = across_shares("recognised_inviter", "yes")

    assert found.low == found.base == found.high


def test_across_readings_only_the_chosen_cases_count():
    rule = "before 1990"
    named = across_shares("unsc_response", SUPPORTIVE, choose=rule)
    called = across_shares(
        "unsc_response", SUPPORTIVE, choose=lambda t: select_cases(t, rule)
    )

    assert named.low == named.high == called.low == called.high


@pytest.mark.parametrize(
    ("column", "values", "rule", "known"),
    [
        pytest.param("reply", "veto", "from 1990", "unsc_response", id="column"),
        pytest.param("unsc_response", "no", "from 1990", "res_neutral", id="value"),
        pytest.param("unsc_response", "veto", "mine", "from 1990", id="rule"),
    ],
)
def test_an_interval_of_what_does_not_exist_is_refused(column, values, rule, known):
    with pytest.raises(CoursekitError, match=known):
        across_shares(column, values, choose=rule)


def test_the_core_leaves_out_the_contrast_cases(cases):
    left_out = set(cases["case_id"]) - set(select_cases(cases)["case_id"])

    assert left_out == {"GEO2008", "KGZ2010"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("before 1990", "from 1990", id="periods"),
        pytest.param(
            "a permanent member went in",
            "no permanent member went in",
            id="members",
        ),
    ],
)
def test_two_rules_divide_the_core(cases, one, other):
    halves = [set(select_cases(cases, rule)["case_id"]) for rule in (one, other)]

    assert halves[0] & halves[1] == set()
    assert halves[0] | halves[1] == set(select_cases(cases)["case_id"])


def test_no_rule_but_the_mistake_lets_a_contrast_case_in(cases):
    leaks = [rule for rule in RULES if select_cases(cases, rule)["contrast_case"].any()]

    assert leaks == ["contrast cases as well"]


def test_an_unknown_rule_is_answered_with_those_there_are(cases):
    with pytest.raises(UnknownNameError, match="high confidence only"):
        select_cases(cases, "my favourites")


def test_recoding_leaves_the_table_as_it_was(cases):
    recoded = recode_case(cases, "AGO1975", "unsc_response", "res_neutral")

    changed = cases["unsc_response"] != recoded["unsc_response"]
    assert cases.loc[changed, "case_id"].tolist() == ["AGO1975"]


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        pytest.param(("KAZ2023", "unsc_response", "veto"), "KAZ2022", id="case"),
        pytest.param(("KAZ2022", "outcome", "veto"), "unsc_response", id="column"),
        pytest.param(("KAZ2022", "unsc_response", "no"), "res_neutral", id="code"),
    ],
)
def test_recoding_to_what_does_not_exist_is_refused(cases, asked, known):
    with pytest.raises(UnknownNameError, match=known):
        recode_case(cases, *asked)
