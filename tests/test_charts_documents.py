"""Figures, words and tables of the paper trail."""

import pandas as pd
import pytest

from coursekit.charts.documents import (
    describe_ladder,
    describe_stances,
    draw_ladder,
    draw_stances,
    tabulate_ladder,
)

TEXTS = pd.DataFrame(
    {
        "symbol": ["R/1", "R/2", "P/1", "R/3"],
        "date": pd.to_datetime(
            ["1994-03-01", "2010-03-02", "2016-10-28", "2022-11-21"]
        ),
        "body": ["UNSC", "UNGA", "UNSC", "UNGA"],
        "type": ["resolution", "resolution", "meeting record", "resolution"],
        "title_short": ["Mission", "Cooperation", "Debate", "Cooperation again"],
        "actor_concerned": ["CIS", "CSTO", "CIS; CSTO", "CSTO"],
        "recognition_level": pd.array([2, 2, 1, 2], dtype="Int64"),
        "vote": ["unanimous", "without a vote", None, "recorded vote"],
    }
)
STANCES = pd.DataFrame(
    {
        "year": [2016, 2017, 2019, 2022],
        "coded": pd.array([4, None, 1, 0], dtype="Int64"),
        "count": pd.array([1, None, 1, 0], dtype="Int64"),
        "share": pd.array([0.25, None, 1.0, None], dtype="Float64"),
        "speakers": pd.array([10, None, None, 5], dtype="Int64"),
        "missing": pd.array([6, None, None, 5], dtype="Int64"),
        "low": pd.array([0.1, None, 0.0, 0.0], dtype="Float64"),
        "high": pd.array([0.7, None, 1.0, 1.0], dtype="Float64"),
        "covered": pd.array([True, False, True, True], dtype="boolean"),
    }
)


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def test_the_two_bodies_differ_in_symbol_and_line_and_not_by_colour_alone():
    drawn = traces(draw_ladder(TEXTS))

    assert drawn["CIS, a text"].marker.symbol == "circle"
    assert drawn["CSTO, a text"].marker.symbol == "diamond"
    assert drawn["CIS, highest so far"].line.dash == "solid"
    assert drawn["CSTO, highest so far"].line.dash == "dash"


def test_the_line_keeps_the_highest_step_to_the_last_day_of_the_texts():
    line = traces(draw_ladder(TEXTS, of=["CIS"]))["CIS, highest so far"]

    assert list(line.x) == ["1994-03-01", "2016-10-28", "2022-11-21"]
    assert len(set(line.y)) == 1


def test_a_text_adopted_by_recorded_vote_is_hollow():
    voted = traces(draw_ladder(TEXTS))["CSTO, by recorded vote"]

    assert list(voted.x) == ["2022-11-21"]
    assert voted.marker.symbol == "diamond-open"


def test_the_steps_stand_on_the_axis_in_words_also_those_not_reached():
    axis = draw_ladder(TEXTS).layout.yaxis

    assert axis.ticktext[-1] == "4 mandate"
    assert axis.range[1] > 4


def test_a_vote_given_in_numbers_is_a_recorded_vote_too():
    counted = TEXTS.assign(vote=["unanimous", "67 in favour, 8 against", None, None])

    assert list(traces(draw_ladder(counted))["CSTO, by recorded vote"].x) == [
        "2010-03-02"
    ]


def test_without_texts_there_is_an_empty_figure_and_an_empty_table():
    assert len(draw_ladder(TEXTS[:0]).data) == 0
    assert tabulate_ladder(TEXTS[:0]).empty


def test_the_table_has_a_row_for_each_body_that_a_text_concerns():
    table = tabulate_ladder(TEXTS)

    assert table["symbol"].tolist() == ["R/1", "P/1", "R/2", "P/1", "R/3"]
    assert table.loc[0, "meaning"] == "cooperation or liaison"


def test_the_words_name_the_highest_step_and_those_above_it():
    words = describe_ladder(TEXTS, of=["CIS"])

    assert "The highest step is 2 (cooperation or liaison)" in words
    assert words.endswith("step 3 (operational arrangement), or 4 (mandate).")


def test_bounds_are_dotted_where_the_speakers_are_not_known():
    drawn = traces(draw_stances(STANCES))

    assert list(drawn["bounds, speakers known"].x) == [0.1, 0.7, None, 0, 1, None]
    assert drawn["bounds, speakers not known"].line.dash == "dot"
    assert list(drawn["share of those coded"].x) == [0.25, 1.0]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "2016 1 of 4 coded (0.25), 6 of 10 missing, so 0.1 to 0.7", id="known"
        ),
        pytest.param("2017 not covered", id="not covered"),
        pytest.param(
            "2019 1 of 1 coded (1), number of speakers not known", id="unknown"
        ),
        pytest.param("2022 nobody coded, 5 of 5 missing, so 0 to 1", id="nobody"),
    ],
)
def test_each_year_is_told_in_words(text):
    assert text in describe_stances(STANCES)


def test_a_year_that_is_not_covered_says_so_in_the_figure():
    shown = [note.text for note in draw_stances(STANCES).layout.annotations]

    assert shown[1] == "2017: not covered"
    assert shown[2] == "2019: 1 of 1 coded, ? spoke"
