"""The editor of the decision table: what its sentences say when a choice changes."""

from __future__ import annotations

import pytest

from coursekit.errors import UnknownNameError
from coursekit.widgets.decision_table import CODED, NO_ROW, decision_table


@pytest.fixture
def panel():
    return decision_table()


def test_as_written_nothing_moves_and_that_is_no_test(panel):
    assert "No episode moves." in panel.words
    assert "25 of 25 are as coded by hand. One hand coded inputs" in panel.words


def test_the_table_is_read_aloud_in_its_order(panel):
    assert "S1, goal_change = no: none; S2, vehicle_status = none" in panel.words


def test_every_meaning_of_new_changes_the_words(panel):
    meanings = panel.controls["new"].options
    said = {decision_table(meaning).words for meaning in meanings}

    assert len(said) == len(meanings)


def test_a_threshold_names_what_moves(panel):
    panel.controls["new"].value = "at most 5 years old"

    assert "S4, body_age <= 5: via new secondary" in panel.words
    assert "1 episode moves: from via_existing_secondary to via_new" in panel.words
    assert "24 of 25 are as coded by hand." in panel.words
    assert "no test" not in panel.words


def test_another_order_names_what_moves(panel):
    panel.controls["order"].value = "S4 before S3"

    assert "E07, E08, E12" in panel.words
    assert panel.words.index("S4, ") < panel.words.index("S3, ")


def test_a_row_switched_off_leaves_some_without_a_class(panel):
    panel.controls["off"].value = "S5"

    assert "caught by no row and cannot be classified" in panel.words


def test_choices_add_up():
    panel = decision_table("at most 5 years old", order="S4 before S3")

    assert "from via_existing_secondary to via_new_secondary E10" in panel.words
    assert "E07, E08, E12" in panel.words


def test_the_static_form_has_sentence_and_table(panel):
    text = panel.static_html()

    assert "No episode moves." in text
    assert text.count("<tr>") == 26


@pytest.mark.parametrize(
    ("options", "known"),
    [
        pytest.param({"new": "young"}, CODED, id="meaning of new"),
        pytest.param({"order": "S1 before S5"}, "S2 before S1", id="order"),
        pytest.param({"off": "S9"}, NO_ROW, id="row"),
    ],
)
def test_an_unknown_start_is_answered_with_what_exists(options, known):
    with pytest.raises(UnknownNameError, match=known):
        decision_table(**options)
