"""The society by year: what its sentences say when a decision changes."""

import pytest

from coursekit.errors import UnknownNameError
from coursekit.institutions.networks import two_mode
from coursekit.widgets.society import describe_bridges, rivals, society


@pytest.fixture
def panel():
    return society()


def test_it_begins_with_the_last_year_and_the_table_s_own_readings(panel):
    assert "On 31 December 2024" in panel.words
    assert "The table's own reading" in panel.words


def test_the_year_moves_the_network(panel):
    panel.controls["year"].value = 1998

    assert "On 31 December 1998: 12 states, 2 bodies" in panel.words
    assert "Not covered on that day: CSTO, SCO, EAEU, OTS." in panel.words


def test_a_reading_says_what_it_moves_here_and_when_it_matters(panel):
    panel.controls["year"].value = 2007
    panel.controls["reading"].value = "uzb_csto_joined_ratified"

    assert "moves in 2007: gone UZB-CSTO." in panel.words
    assert "It moves something at the end of 2006-2007." in panel.words
    assert [trace.name for trace in panel.view.figure.data][1] == "link gone"


def test_a_reading_that_moves_nothing_in_a_year_says_so():
    words = society(2010, reading="uzb_csto_joined_ratified").words

    assert "moves in 2010: no link." in words


def test_a_body_taken_away_shows_who_is_cut_off(panel):
    panel.controls["without"].value = "GUAM"

    assert "12 states, 5 bodies" in panel.words
    assert "taking it away cuts off GEO, UKR" in panel.words


def test_a_body_that_is_not_covered_cannot_be_taken_away():
    words = society(1995, without="GUAM").words

    assert "GUAM is not covered, so there is nothing to take away" in words


def test_counting_participants_makes_guam_dispensable():
    narrow = society(2008, without="GUAM").words
    wide = society(
        2008, without="GUAM", count="members, participants, associates"
    ).words

    assert "cuts off UKR" in narrow
    assert "cuts off nobody" in wide


def test_every_rival_reading_offered_moves_these_states_and_bodies(panel):
    offered = [value for _, value in panel.controls["reading"].options]

    assert offered[1:] == rivals()
    assert "arm_csto_left_frozen" in offered
    assert "rus_pfp_left_open" not in offered


def test_words_without_any_bridge_name_nobody():
    assert describe_bridges(two_mode("2024-12-31", bodies=["OTS"], states=["RUS"])) == (
        "Most between others: nobody."
    )


@pytest.mark.parametrize(
    ("start", "error"),
    [
        pytest.param({"year": 1980}, ValueError, id="year"),
        pytest.param({"reading": "late"}, UnknownNameError, id="reading"),
        pytest.param({"count": "allies"}, UnknownNameError, id="count"),
        pytest.param({"without": "NATO"}, UnknownNameError, id="body"),
    ],
)
def test_a_start_that_does_not_exist_is_refused(start, error):
    with pytest.raises(error):
        society(**start)
