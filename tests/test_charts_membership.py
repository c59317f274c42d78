"""Figures and words of membership by year, and of one state's memberships."""

import pandas as pd
import pytest

from coursekit.charts.membership import (
    describe_panel,
    describe_spells,
    describe_years,
    draw_panel,
    draw_spells,
)

PANEL = pd.DataFrame(
    {
        "body": ["CLUB"] * 4 + ["GUILD"] * 4,
        "year": [1999, 2000, 2001, 2002] * 2,
        "low": pd.array([None, 2, 2, 3, None, None, None, None], dtype="Int64"),
        "base": pd.array([None, 2, 3, 3, None, None, None, None], dtype="Int64"),
        "high": pd.array([None, 2, 3, 3, None, None, None, None], dtype="Int64"),
    }
)
UNTIL = pd.Timestamp("2024-12-31")
SPELLS = pd.DataFrame(
    {
        "body": ["CLUB", "GUILD"],
        "status": ["member", "permanent_member"],
        "rival_status": ["observer", ""],
        "participation": ["frozen_2024", "active"],
        "joined": pd.to_datetime(["2001-01-01", "2003-01-01"]),
        "joined_first": pd.to_datetime(["2001-01-01", "2003-01-01"]),
        "joined_last": pd.to_datetime(["2002-05-01", "2003-01-01"]),
        "left": pd.to_datetime([None, "2009-06-01"]),
        "left_first": pd.to_datetime(["2020-02-02", "2009-06-01"]),
        "left_last": pd.to_datetime([None, "2009-06-01"]),
    }
)


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def test_a_panel_has_a_line_and_a_band_for_each_body():
    drawn = traces(draw_panel(PANEL))

    assert list(drawn["CLUB, base"].y) == [None, 2, 3, 3]
    assert list(drawn["CLUB, lowest reading"].y) == [None, 2, 2, 3]
    assert drawn["CLUB, highest reading"].fill == "tonexty"


def test_years_that_are_not_covered_are_grey_and_no_zero():
    figure = draw_panel(PANEL)

    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [
        (1998.5, 1999.5),
        (1998.5, 2002.5),
    ]
    assert "not covered" in figure.layout.xaxis2.title.text


def test_a_panel_is_told_with_its_steps_doubts_and_gaps():
    assert describe_panel(PANEL) == (
        "CLUB: 2 from 2000, 3 from 2001, up to 2002; readings differ in 2001; "
        "not covered 1999. GUILD: not covered in these years."
    )


def test_each_status_has_a_bar_with_a_pattern_of_its_own():
    drawn = traces(draw_spells(SPELLS, until=UNTIL))

    assert list(drawn["member"].base) == ["2001-01-01"]
    assert list(drawn["permanent member"].y) == [-1]
    assert drawn["member"].marker.pattern.shape == ""


def test_memberships_stand_below_one_another_whatever_rows_were_left_out():
    figure = draw_spells(SPELLS.set_index(pd.Index([3, 8])), until=UNTIL)

    assert [list(trace.y) for trace in figure.data[:2]] == [[0], [-1]]


def test_contested_days_are_drawn_from_the_first_to_the_last():
    doubts = traces(draw_spells(SPELLS, until=UNTIL))["contested day"]

    assert list(doubts.x) == [
        *("2001-01-01", "2002-05-01", None),
        *("2020-02-02", "2024-12-31", None),
    ]


def test_memberships_are_told_with_status_end_and_what_is_contested():
    assert describe_spells(SPELLS, until=UNTIL) == (
        "CLUB: member (or observer), frozen 2024 from 1 January 2001 open on "
        "31 December 2024; GUILD: permanent member from 1 January 2003 to 1 June 2009. "
        "Contested: CLUB, joined 1 January 2001 or 1 May 2002; "
        "CLUB, left 2 February 2020 or no leaving at all."
    )


@pytest.mark.parametrize(
    ("years", "text"),
    [
        pytest.param([], "", id="none"),
        pytest.param([2006], "2006", id="one"),
        pytest.param([2002, 2003, 2004, 2006], "2002-2004, 2006", id="runs"),
    ],
)
def test_years_are_written_as_runs(years, text):
    assert describe_years(years) == text
