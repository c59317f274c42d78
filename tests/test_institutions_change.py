"""Episodes classified by a table: what decides, what is missing, what is refused."""

from __future__ import annotations

import pandas as pd
import pytest

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import across_readings, load
from coursekit.institutions.change import (
    CANNOT,
    DECIDES,
    NO_TEST,
    Episode,
    classify,
    compare_with_coding,
    explain,
    find_episode,
    read_decisions,
    read_episodes,
)
from coursekit.institutions.episodes import vocabulary
from coursekit.institutions.rules import MalformedRuleError

DIRECT = "direct_remoulding"
every_block = pytest.mark.parametrize("decides", DECIDES)


def edited(row, column, value, *, decides="strategy"):
    table = read_decisions(decides)
    table.loc[row, column] = value
    return table


def test_the_strategies_of_all_episodes_are_as_coded():
    compared = compare_with_coding()

    assert len(compared) == 25
    assert compared["agrees"].all()


@pytest.mark.parametrize("decides", ["strategy", "arena", "change_type"])
def test_three_blocks_give_every_episode_a_class(decides):
    assert CANNOT not in set(compare_with_coding(decides=decides)["by_rule"])


def test_an_episode_whose_success_nobody_could_score_has_no_outcome():
    compared = compare_with_coding(decides="outcome").set_index("by_rule")

    assert compared.loc[CANNOT, "episode_id"].to_list() == ["E15", "E22", "E24"]
    assert classify(find_episode("E15"), decides="outcome").missing[0] == "uptake"


@every_block
def test_every_row_says_what_stands_behind_it(decides):
    table = read_decisions(decides)

    assert set(table["basis"]) <= {"article", "footnotes", "ours"}
    assert table["gives"].str.len().gt(10).all()


def test_a_table_of_your_own_leaves_the_course_s_table_as_it_was():
    edited("S1", "then", "via_new_secondary")

    assert read_decisions().loc["S1", "then"] == "none"


def test_one_edited_cell_moves_an_episode():
    table = edited("S4", "when", "vehicle_status in new, existing")

    assert classify(find_episode("E20"), table).result == "via_new_secondary"


def test_the_order_of_the_steps_decides_and_not_the_order_of_the_rows():
    upside_down = read_decisions()[::-1]

    assert compare_with_coding(upside_down).equals(compare_with_coding())


@pytest.mark.parametrize(
    "decides", [pytest.param("strategy", id="named"), pytest.param(None, id="unnamed")]
)
def test_a_row_of_your_own_counts_whether_or_not_it_names_its_question(decides):
    table = read_decisions()
    columns = ["decides", "step", "when", "then"]
    table.loc["X1", columns] = [decides, 0, "venue = UN", "to_the_world"]

    assert classify(find_episode("E08"), table).result == "to_the_world"


def test_a_row_that_comes_earlier_decides():
    table = edited("S5", "step", 0)

    assert set(compare_with_coding(table)["row"]) == {"S5"}


def test_an_explanation_names_the_step_its_reasons_and_its_basis():
    said = explain(find_episode("E08"))

    assert "E08, strategy: inter_organisational_recognition (S3)." in said
    assert "Step 2 does not hold: vehicle_status is new (asked: none)." in said
    assert "Step 3 holds: recognition_sought is yes (asked: yes) and" in said
    assert "What stands behind it (footnotes): Not in the abstract." in said


def test_an_explanation_says_that_the_fit_is_no_test():
    assert explain(find_episode("E18")).endswith(f"the same. {NO_TEST}")


def test_an_explanation_says_where_coder_and_table_differ():
    said = explain(find_episode("E18"), edited("S2", "then", "none"))

    assert said.endswith("Coded by hand: direct_remoulding.")
    assert NO_TEST not in said


def test_an_invented_episode_is_compared_with_no_coding():
    said = explain(Episode("X1", {"goal_change": "no"}))

    assert "Step 1 holds" in said
    assert "Coded by hand" not in said


def test_what_is_missing_is_named():
    found = classify(Episode("X1", {"goal_change": "yes", "vehicle_status": "new"}))

    assert found.result == CANNOT
    assert found.missing == ("recognition_sought", "secondary_institution")
    assert set(found.possible) == {
        "via_new_secondary",
        "inter_organisational_recognition",
    }
    assert "cannot be classified. Missing: recognition_sought," in str(found)


def test_only_what_can_still_matter_is_missing():
    inputs = {"recognition_sought": "no", "vehicle_status": "none"}

    assert classify(Episode("X1", inputs)).missing == ("goal_change",)


@pytest.mark.parametrize(
    ("inputs", "decides", "result"),
    [
        pytest.param(
            {"goal_change": "yes", "vehicle_status": "none"},
            "strategy",
            "direct_remoulding",
            id="later rows need not be known",
        ),
        pytest.param(
            {"uptake": 2, "legitimation": 1, "reversed": "no"},
            "outcome",
            "success",
            id="the sum is high enough already",
        ),
        pytest.param({"venue": None}, "arena", CANNOT, id="unknown as None is unknown"),
        pytest.param({}, "change_type", CANNOT, id="nothing is known"),
    ],
)
def test_a_class_is_given_where_every_completion_leads_to_it(inputs, decides, result):
    assert classify(Episode("X1", inputs), decides=decides).result == result


def test_an_age_that_is_not_known_leaves_the_class_open():
    table = edited("S4", "when", "body_age <= 5")
    inputs = {"goal_change": "yes", "recognition_sought": "no"}
    episode = Episode("X1", {**inputs, "vehicle_status": "existing"})

    assert classify(episode, table).missing == ("body_age",)


def test_an_episode_that_no_row_catches_cannot_be_classified():
    found = classify(find_episode("E20"), read_decisions().drop(index="S5"))

    assert found.result == CANNOT
    assert found.missing == ()
    assert "no row holds" in str(found)


def test_two_rows_that_lead_to_one_class_are_both_named():
    table = edited("S4", "then", "through_a_body")
    table.loc["S5", "then"] = "through_a_body"
    inputs = {"goal_change": "yes", "recognition_sought": "no"}
    found = classify(Episode("X1", {**inputs, "vehicle_status": None}), table)

    assert found.missing == ("vehicle_status",)
    assert set(found.possible) == {"direct_remoulding", "through_a_body"}


def test_ages_are_counted_from_the_founding_of_the_body():
    ages = {name: find_episode(name).inputs["body_age"] for name in ("E10", "E13")}

    assert ages == {"E10": 5, "E13": 2}


def test_the_score_is_the_sum_of_three_and_unknown_if_one_is():
    known = {"uptake": 2, "legitimation": 1, "codification": 1}

    assert Episode("X1", known).facts["score"] == 4
    assert Episode("X1", {**known, "uptake": None}).facts["score"] is None


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        pytest.param("vehicle_staus = new", "Near it: vehicle_status", id="input"),
        pytest.param("vehicle_status = knew", "Near it: new", id="value"),
        pytest.param("secondary_institution in CIS, CSTOO", "Near it: CSTO", id="body"),
        pytest.param("vehicle_status >= 3", "is no number", id="words in order"),
        pytest.param("score = many", "is a whole number", id="a word for a number"),
        pytest.param("vehicle_status == new", "no condition", id="grammar"),
        pytest.param("uptake = 7", "There is: 0, 1, 2", id="a score out of range"),
    ],
)
def test_a_row_that_no_episode_could_answer_is_named(when, reason):
    with pytest.raises(CoursekitError, match="S4") as caught:
        classify(find_episode("E20"), edited("S4", "when", when))

    assert reason in str(caught.value)


def test_a_table_for_another_question_is_refused():
    with pytest.raises(CoursekitError, match="no rows for 'strategy'; its rows decide"):
        classify(find_episode("E20"), read_decisions("outcome"))


def test_an_unknown_question_is_answered_with_those_there_are():
    with pytest.raises(UnknownNameError, match="change_type"):
        classify(find_episode("E20"), decides="success")


def test_an_unknown_episode_is_answered_with_those_there_are():
    with pytest.raises(UnknownNameError, match="E25"):
        find_episode("E26")


@pytest.mark.parametrize(
    ("episode", "message"),
    [
        pytest.param("E20", r'find_episode\("E20"\) gives it', id="a name"),
        pytest.param(20, "this is int", id="a number"),
        pytest.param(pd.Series({"episode_id": "E20"}), "this is Series", id="a row"),
    ],
)
def test_what_is_no_episode_is_refused(episode, message):
    with pytest.raises(TypeError, match=message):
        classify(episode)


@pytest.mark.parametrize(
    ("inputs", "error", "message"),
    [
        pytest.param({"goal": "yes"}, UnknownNameError, "goal_change", id="input"),
        pytest.param({"goal_change": "maybe"}, UnknownNameError, "no, yes", id="value"),
        pytest.param({"uptake": 3}, UnknownNameError, "0, 1, 2", id="score too high"),
        pytest.param({"uptake": "2"}, TypeError, "takes a whole number", id="text"),
        pytest.param({"goal_change": True}, TypeError, "takes a word", id="truth"),
        pytest.param({"uptake": True}, TypeError, "whole number", id="truth as number"),
        pytest.param(["goal_change"], TypeError, "give a dict", id="no mapping"),
    ],
)
def test_inputs_that_no_episode_has_are_refused(inputs, error, message):
    with pytest.raises(error, match=message):
        Episode("X1", inputs)


def test_episodes_have_only_inputs_that_are_known():
    inputs = {name for one in read_episodes().values() for name in one.inputs}

    assert inputs == set(vocabulary())


def test_a_reading_of_the_data_can_move_a_class():
    found = across_readings(
        "episodes",
        lambda rows: int(
            (compare_with_coding(episodes=rows)["by_rule"] == DIRECT).sum()
        ),
        questions=["vehicle_e01", "vehicle_e02"],
    )

    assert (found.low, found.base, found.high) == (1, 3, 3)


def test_no_episodes_are_compared_in_an_empty_table():
    compared = compare_with_coding(episodes=load("episodes")[:0])

    assert compared.empty
    assert list(compared) == list(compare_with_coding())


def test_rows_that_are_none_are_refused():
    with pytest.raises(TypeError, match="this is str"):
        read_episodes("E08")
    with pytest.raises(CoursekitError, match="reset_index"):
        read_episodes(load("episodes").set_index("episode_id"))


def test_a_malformed_row_is_a_course_error():
    assert issubclass(MalformedRuleError, CoursekitError)
