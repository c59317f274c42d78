"""The panel on what counts as the same: its words, its lists, its errors."""

from __future__ import annotations

import pytest

from coursekit.errors import UnknownNameError
from coursekit.widgets.same_institution import NOTHING, list_entries, same_institution

FAMILY = "they belong to one family"
WORDS = "the same words were used"


@pytest.fixture
def panel():
    return same_institution()


def test_as_coded_no_pair_has_moved(panel):
    assert "No pair has moved." in panel.words


def test_next_rule_says_other_words(panel):
    before = panel.words

    panel.controls["rule"].index += 1

    assert panel.words != before
    assert "Furthest: " in panel.words


def test_a_merge_says_which_pair_moved_and_how_far():
    words = same_institution(merge=("boundaries", "territoriality")).words

    assert "pairs moved" in words
    assert "Furthest: Holsti and James, from 0.333 to 0.500 (+0.167)" in words


def test_a_split_lowers_the_pair_that_shared_the_entry():
    words = same_institution(split="market").words

    assert "1 of 15 pairs moved, 0 up and 1 down. Furthest: Wight and Holsti" in words


def test_checked_rows_leave_an_author_out(panel):
    panel.controls["rows"].value = "checked only"

    assert "Left out now: Wight, Mayall." in panel.words
    assert "Named by all 4 lists: nothing." in panel.words


def test_an_entry_that_is_merged_but_not_checked_does_no_harm(panel):
    panel.controls["take"].value = "boundaries"
    panel.controls["into"].value = "territoriality"

    panel.controls["rows"].value = "checked only"

    assert "Left out now: Wight, Mayall." in panel.words


def test_a_family_that_only_unchecked_rows_have_does_no_harm_when_split():
    panel = same_institution(FAMILY, split="human_equality")

    panel.controls["rows"].value = "checked only"

    assert "Left out now: Wight, Mayall." in panel.words


def test_entries_on_offer_follow_the_rule(panel):
    panel.controls["split"].value = "market"
    panel.controls["take"].value = "market: trade"

    panel.controls["rule"].value = WORDS

    assert panel.controls["split"].options == (NOTHING,)
    assert panel.controls["take"].value == NOTHING
    assert "international trade" in panel.controls["into"].options


def test_a_choice_that_still_exists_is_kept(panel):
    panel.controls["take"].value = "sovereignty"

    panel.controls["rule"].value = FAMILY

    assert panel.controls["take"].value == "sovereignty"


def test_a_split_family_offers_its_ids():
    assert "sovereignty: international_law" in list_entries(FAMILY, "sovereignty")


def test_the_static_form_has_sentence_and_table(panel):
    text = panel.static_html()

    assert "Named by all 6 lists" in text
    assert "<table>" in text


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param({"rule": "by ear"}, FAMILY, id="rule"),
        pytest.param({"split": "war"}, "market", id="split"),
        pytest.param({"merge": ("war", "peace")}, "named 'peace'", id="merge"),
        pytest.param({"rows": "all"}, "checked only", id="rows"),
    ],
)
def test_an_unknown_start_is_answered_with_what_exists(options, told):
    with pytest.raises(UnknownNameError, match=told):
        same_institution(**options)
