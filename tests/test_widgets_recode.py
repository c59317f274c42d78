"""The recoder: what its sentences say when a code, a case or a rule changes."""

from __future__ import annotations

import pytest

from coursekit.errors import UnknownNameError
from coursekit.law.shares import Share
from coursekit.widgets.recode import (
    AS_CODED,
    NO_CASE,
    describe_move,
    describe_periods,
    describe_share,
    recode,
)


@pytest.fixture
def panel():
    return recode()


def test_as_coded_nothing_has_moved(panel):
    assert "Your choices change nothing" in panel.words


def test_a_recoding_says_by_how_much_the_share_moved():
    words = recode(
        "nonviolent protest", case="KAZ2022", code="nonviolent_protest"
    ).words

    assert "Nonviolent protest: 2 of 43 (4.7 per cent)" in words
    assert "it is 1 of 43 (2.3 per cent): you moved it +2.3." in words


def test_a_recoding_counts_under_every_reading():
    base = recode("nonviolent protest").view.table.set_index("label")
    moved = recode(
        "nonviolent protest", case="KAZ2022", code="nonviolent_protest"
    ).view.table.set_index("label")

    row = "with your choices (43)"
    assert moved.loc[row, "high"] == base.loc[row, "high"]
    assert moved.loc[row, "low"] > base.loc[row, "low"]


def test_a_case_left_out_leaves_the_denominator(panel):
    panel.controls["drop"].value = "VNM1965"

    assert "14 of 42" in panel.words


def test_a_rule_leaves_one_period_without_another(panel):
    panel.controls["rule"].value = "from 1990"

    assert "There are no two periods to compare" in panel.words
    assert len(panel.view.figure.data[1].y) == 3


def test_codes_on_offer_follow_the_case(panel):
    panel.controls["case"].value = "GAB1964"

    assert panel.controls["code"].options[0] == ("none (as coded)", AS_CODED)


def test_codes_on_offer_follow_the_share():
    panel = recode(case="GAB1964", code="veto")

    panel.controls["share"].value = "recognised inviter"

    assert panel.controls["code"].value == AS_CODED
    assert panel.controls["code"].options[0] == ("yes (as coded)", AS_CODED)


def test_without_a_case_there_is_nothing_to_recode_to(panel):
    assert panel.controls["case"].value == NO_CASE
    assert panel.controls["code"].options == ((AS_CODED, AS_CODED),)


def test_one_case_left_says_nothing_about_leaving_one_out():
    words = describe_share("veto", Share(1, 1), 1.0, 1.0)

    assert (
        words == "Veto: 1 of 1 (100.0 per cent), the same under every recorded reading."
    )


def test_no_case_left_is_said():
    assert "leave no case" in describe_share("veto", Share(0, 0), None, None)
    assert describe_move(Share(1, 2), Share(0, 0)) == "There is nothing to compare."


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        pytest.param(
            Share(1, 4), Share(3, 4), "From 1990 is ahead; 3 cases", id="later"
        ),
        pytest.param(Share(1, 9), Share(0, 9), "Before 1990 is ahead; 2", id="earlier"),
        pytest.param(Share(1, 4), Share(7, 15), "1 case coded otherwise", id="one"),
        pytest.param(Share(1, 2), Share(2, 4), "Neither period is ahead", id="tie"),
    ],
)
def test_the_words_say_who_is_ahead_and_how_firmly(before, after, words):
    assert words in describe_periods(before, after)


def test_the_static_form_has_sentence_and_table(panel):
    text = panel.static_html()

    assert "Supportive answer of the Council: 14 of 43" in text
    assert "<table>" in text


@pytest.mark.parametrize(
    ("options", "known"),
    [
        pytest.param({"share": "bravery"}, "civil war", id="share"),
        pytest.param({"case": "KAZ2023"}, "KAZ2022", id="case"),
        pytest.param({"case": "KAZ2022", "code": "yes"}, "res_neutral", id="code"),
        pytest.param({"code": "veto"}, "code for no case", id="code without a case"),
        pytest.param({"rule": "mine"}, "from 1990", id="rule"),
    ],
)
def test_an_unknown_start_is_answered_with_what_exists(options, known):
    with pytest.raises(UnknownNameError, match=known):
        recode(**options)
