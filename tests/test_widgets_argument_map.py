"""The argument map: what the switches do, in words, figure and table."""

from __future__ import annotations

import pytest

from coursekit.errors import UnknownNameError
from coursekit.law.argument import Framework, read_framework
from coursekit.widgets.argument_map import (
    AGAINST,
    CAUTIOUS,
    FOR,
    argument_map,
    choose_labels,
    describe_moves,
    explain_label,
    view_map,
)

LEFT_OUT = ("A26", "A27", "A28", "A29", "A30", "A31")


@pytest.fixture(scope="module")
def shown():
    return read_framework()


@pytest.fixture(scope="module")
def everything():
    return read_framework(also=LEFT_OUT)


@pytest.fixture
def duel():
    return Framework(["a", "b", "c"], [("a", "b"), ("b", "a"), ("b", "c")])


def test_the_verdict_is_undecided_and_the_words_name_who_leaves_it_so(
    shown, everything
):
    view = view_map(shown, everything, claim="A01")

    assert view.words.splitlines() == [
        "A01 is undecided, because no attacker is in and A11 is undecided.",
        "No label moves, seen from the map as it was.",
        "25 arguments, 28 attacks: 12 in, 10 out, 3 undecided.",
    ]


def test_switching_an_argument_off_says_what_moves(shown, everything):
    view = view_map(shown, everything, claim="A01", off=["A11"])

    assert "A01 is in, because every attacker is out: A03, A06, A18." in view.words
    assert "A01 from undecided to in; A10 from undecided to in." in view.words


def test_adding_what_was_left_out_says_what_moves(shown, everything):
    view = view_map(shown, everything, claim="A02", added=["A26"])

    assert "A02 is out, because an attacker is in: A08." in view.words
    assert "A02 from in to out" in view.words


def test_cutting_an_attack_moves_labels(shown, everything):
    view = view_map(shown, everything, claim="A01", cut=["A11-A10"])

    assert view.words.startswith("A01 is in")


def test_cutting_an_attack_of_an_argument_that_is_off_changes_nothing_more(
    shown, everything
):
    off = view_map(shown, everything, claim="A01", off=["A11"])
    both = view_map(shown, everything, claim="A01", off=["A11"], cut=["A11-A10"])

    assert both.words == off.words


def test_the_entry_for_none_changes_nothing(shown, everything):
    view = view_map(shown, everything, claim="A01", off=[""], added=[""], cut=[""])

    assert view.words == view_map(shown, everything, claim="A01").words


def test_a_claim_that_is_switched_off_is_said_to_be_absent(shown, everything):
    view = view_map(shown, everything, claim="A01", off=["A01"])

    assert view.words.startswith("A01 is not on the map now.")


def test_a_map_without_arguments_is_shown_as_empty(shown, everything):
    view = view_map(shown, everything, claim="A01", off=shown.arguments)

    assert view.words.endswith("0 arguments, 0 attacks: 0 in, 0 out, 0 undecided.")


def test_the_table_has_a_row_for_each_argument_on_the_map(shown, everything):
    view = view_map(shown, everything, claim="A01", off=["A11"], added=["A26", "A30"])

    assert len(view.table) == 26


@pytest.mark.parametrize(
    ("reading", "label"),
    [
        pytest.param(CAUTIOUS, "undecided", id="cautious"),
        pytest.param(FOR, "in", id="for"),
        pytest.param(AGAINST, "out", id="against"),
    ],
)
def test_taking_sides_takes_the_side_asked_for(duel, reading, label):
    labels, _ = choose_labels(duel, "c", reading)

    assert labels["c"] == label


def test_taking_sides_says_how_many_ways_there_are(duel):
    _, said = choose_labels(duel, "c", FOR)

    assert said == (
        "There are 2 ways to take sides as far as possible; c is in by 1 of 2."
    )


def test_where_nothing_is_open_there_is_one_way(duel):
    _, said = choose_labels(duel.without("a"), "c", FOR)

    assert said == (
        "There is one way to take sides as far as possible; c is in by 0 of 1."
    )


def test_an_argument_that_nothing_attacks_is_in_for_that_reason():
    assert explain_label(Framework(["a"]), {"a": "in"}, "a") == (
        "a is in, because nothing attacks it."
    )


def test_what_was_added_or_removed_has_not_moved():
    before, after = {"a": "in", "b": "out"}, {"b": "in", "c": "in"}

    assert describe_moves(before, after) == (
        "What moves, seen from the map as it was: b from out to in."
    )


def test_choosing_in_the_lists_moves_the_panel():
    panel = argument_map("A02")

    panel.controls["added"].value = ("A27",)

    assert panel.words.startswith("A02 is out, because an attacker is in: A22.")


def test_each_entry_says_in_words_what_it_is():
    panel = argument_map()
    said = {name: words for words, name in panel.controls["cut"].options}

    assert said["A11-A10"] == ("A11 attacks A10: Violence was widespread, not isolated")
    assert panel.controls["added"].options[1][0].startswith("A26 Rhodes is")


def test_the_lists_offer_the_map_and_what_was_left_out_apart():
    panel = argument_map()

    assert tuple(name for _, name in panel.controls["added"].options) == (
        "",
        *LEFT_OUT,
    )


def test_the_static_form_has_sentence_and_table():
    text = argument_map("A01", added=["A31"]).static_html()

    assert "A01 is out" in text
    assert "<table>" in text


def test_a_single_argument_needs_no_list_around_it():
    assert argument_map(off="A11").words == argument_map(off=["A11"]).words


@pytest.mark.parametrize(
    ("options", "known"),
    [
        pytest.param({"claim": "A99"}, "A01", id="claim"),
        pytest.param({"reading": "fair"}, "cautious", id="reading"),
        pytest.param({"off": ["A26"]}, "A25", id="not on the map"),
        pytest.param({"added": ["A01"]}, "A26", id="not left out"),
        pytest.param({"cut": ["A01-A02"]}, "A11-A10", id="attack"),
    ],
)
def test_an_unknown_start_is_answered_with_what_exists(options, known):
    with pytest.raises(UnknownNameError, match=known):
        argument_map(**options)
