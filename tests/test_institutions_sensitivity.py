"""What flips under another table."""

from __future__ import annotations

import pytest

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.institutions.change import CANNOT, read_decisions
from coursekit.institutions.sensitivity import (
    describe_flips,
    new_at_most,
    sensitivity,
    swap_steps,
    without_rows,
)


@pytest.mark.parametrize(
    ("years", "moved"),
    [
        pytest.param(3, [], id="three years"),
        pytest.param(5, ["E10"], id="five years"),
        pytest.param(10, ["E10"], id="ten years"),
    ],
)
def test_new_as_an_age_moves_at_most_one_episode(years, moved):
    assert sensitivity(new_at_most(years))["episode_id"].to_list() == moved


def test_recognition_asked_after_newness_moves_three():
    flips = sensitivity(swap_steps("S3", "S4"))

    assert flips["episode_id"].to_list() == ["E07", "E08", "E12"]
    assert set(flips["after"]) == {"via_new_secondary"}
    assert set(flips["row_before"]) == {"S3"}


def test_swapping_twice_gives_the_table_back():
    twice = swap_steps("S3", "S4", table=swap_steps("S3", "S4"))

    assert twice.equals(read_decisions())


def test_the_tables_can_be_edited_one_after_the_other():
    both = new_at_most(5, table=swap_steps("S3", "S4"))

    assert sensitivity(both)["episode_id"].to_list() == ["E07", "E08", "E10", "E12"]
    assert sensitivity(both, base=new_at_most(5))["episode_id"].to_list() == [
        "E07",
        "E08",
        "E12",
    ]


def test_existing_is_the_other_side_of_new():
    table = read_decisions()
    table.loc["S5", "when"] = "vehicle_status = existing"

    assert new_at_most(5, table=table).loc["S5", "when"] == "body_age > 5"


def test_new_may_be_written_without_gaps():
    table = read_decisions()
    table.loc["S4", "when"] = "vehicle_status=new"

    assert new_at_most(5, table=table).loc["S4", "when"] == "body_age <= 5"


def test_a_row_switched_off_leaves_episodes_without_a_class():
    flips = sensitivity(without_rows("S5"))

    assert set(flips["before"]) == {"via_existing_secondary"}
    assert set(flips["after"]) == {CANNOT}


def test_flips_are_told_in_words():
    assert describe_flips(sensitivity(new_at_most(5))) == (
        "1 episode moves: from via_existing_secondary to via_new_secondary E10."
    )
    assert describe_flips(sensitivity(read_decisions())) == "No episode moves."


def test_a_row_that_is_not_there_is_answered_with_those_there_are():
    with pytest.raises(UnknownNameError, match="S5"):
        swap_steps("S3", "S6")
    with pytest.raises(UnknownNameError, match="S5"):
        without_rows("S6")


@pytest.mark.parametrize(
    ("years", "error", "message"),
    [
        pytest.param(-1, CoursekitError, "at least 0", id="negative"),
        pytest.param("5", TypeError, "whole number", id="text"),
        pytest.param(2.5, TypeError, "whole number", id="fraction"),
        pytest.param(True, TypeError, "whole number", id="truth"),
    ],
)
def test_an_age_that_is_none_is_refused(years, error, message):
    with pytest.raises(error, match=message):
        new_at_most(years)


def test_a_table_that_does_not_ask_for_new_is_refused():
    with pytest.raises(CoursekitError, match="nothing to define otherwise"):
        new_at_most(5, table=read_decisions("outcome"))


def test_what_is_no_table_is_refused():
    with pytest.raises(TypeError, match="this is list"):
        swap_steps("S3", "S4", table=["S3", "S4"])
    with pytest.raises(TypeError, match="this is int"):
        sensitivity(5)
    with pytest.raises(TypeError, match="this is NoneType"):
        describe_flips(None)
    with pytest.raises(CoursekitError, match="no column 'episode_id'"):
        describe_flips(read_decisions())


def test_rows_may_be_named_in_a_column():
    named = read_decisions().reset_index()

    assert swap_steps("S3", "S4", table=named).equals(swap_steps("S3", "S4"))
