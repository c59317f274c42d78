"""The recognition ladder: what its sentences say when a choice changes."""

import pytest

from coursekit.errors import UnknownNameError
from coursekit.widgets.recognition_ladder import recognition_ladder


@pytest.fixture
def panel():
    return recognition_ladder()


def test_at_first_nothing_differs_from_the_coding(panel):
    assert "The highest step is 3 (operational arrangement)" in panel.words
    assert "the same, by the same text." in panel.words


def test_the_way_up_names_day_and_text_of_each_step(panel):
    assert "The way up: 1 on 2 December 2004 (A/RES/59/50), then 2 on" in panel.words


def test_the_next_body_gives_other_words(panel):
    before = panel.words

    panel.controls["of"].index += 1

    assert panel.words != before
    assert panel.words.startswith("CIS up to")


def test_a_rule_that_leaves_no_text_leaves_no_step(panel):
    panel.controls["rule"].value = "Security Council resolutions"

    assert "no text that counts, so no step; that is not step 0" in panel.words
    assert "your choices leave no text to climb on" in panel.words
    assert panel.view.table.empty


def test_fewer_years_can_lower_the_step(panel):
    panel.controls["until"].value = 2011

    assert "your choices make it lower" in panel.words


def test_years_before_the_body_are_not_covered(panel):
    panel.controls["until"].value = 1999

    assert "not covered, for the CSTO was founded in 2002" in panel.words


def test_a_judgement_stands_beside_the_coding_and_moves_the_step():
    words = recognition_ladder("CIS", text="S/RES/937", level=4).words

    assert "The highest step is 4 (mandate)" in words
    assert "You hold that S/RES/937 is worth step 4 (mandate). It is coded 2" in words
    assert "your choices make it higher" in words


def test_a_judgement_of_a_text_that_does_not_count_says_so():
    words = recognition_ladder("CSTO", text="S/RES/937", level=4).words

    assert "It is not among the texts that count here." in words


def test_another_text_may_hold_the_same_step():
    words = recognition_ladder("CIS", text="S/RES/937", level=1).words

    assert "the same, by another text" in words


def test_the_years_of_the_figure_stay_whatever_counts(panel):
    before = panel.view.figure.layout.xaxis.range

    panel.controls["until"].value = 2005

    assert panel.view.figure.layout.xaxis.range == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"of": "NATO"}, "no body", id="body"),
        pytest.param({"rule": "all"}, "no rule", id="rule"),
        pytest.param({"until": 1950}, "no year", id="year"),
        pytest.param({"text": "S/RES/1"}, "no text", id="text"),
        pytest.param({"level": 7}, "no level", id="level"),
    ],
)
def test_what_does_not_exist_is_an_error(options, message):
    with pytest.raises(UnknownNameError, match=message):
        recognition_ladder(**options)
