"""Who was in which body on which day, and what is not covered."""

import datetime as dt
import pickle

import pandas as pd
import pytest

from coursekit import across_readings, load
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.institutions.membership import (
    NeverMemberError,
    NotCoveredError,
    across_panel,
    covered_days,
    is_member,
    measure_days,
    members,
    panel,
    questions_about,
    read_memberships,
)
from coursekit.institutions.spells import tabulate_spells

# Invented: a club of three states, and a second spell of one of them.
CLUB = pd.DataFrame(
    {
        "membership_id": ["CLUB-AAA-1", "CLUB-BBB", "CLUB-AAA-2", "CLUB-CCC"],
        "institution": ["CLUB"] * 4,
        "iso3": ["AAA", "BBB", "AAA", "CCC"],
        "joined": pd.to_datetime(
            ["2000-01-10", "2001-06-01", "2005-01-01", "2003-03-03"]
        ),
        "left": pd.to_datetime(["2002-01-10", None, None, None]),
        "status": ["member", "member", "member", "observer"],
    }
)
CLUBS = pd.DataFrame({"id": ["CLUB"], "founded": pd.to_datetime(["2000-01-01"])})


def in_club(day, **options):
    return members("CLUB", day, reading=CLUB, founding=CLUBS, **options)


@pytest.mark.parametrize(
    ("body", "day", "count"),
    [
        pytest.param("CST", "1994-04-20", 9, id="treaty-in-force"),
        pytest.param("CST", "1999-12-31", 6, id="three-gone"),
        pytest.param("CSTO", "2010-12-31", 7, id="with-Uzbekistan"),
        pytest.param("CSTO", "2024-12-31", 6, id="frozen-counted"),
    ],
)
def test_members_on_a_day_are_as_taught(body, day, count):
    assert len(members(body, day)) == count


def test_a_state_is_in_on_the_day_it_joins_and_out_on_the_day_it_leaves():
    assert in_club("2000-01-10") == ("AAA",)
    assert in_club("2002-01-09") == ("AAA", "BBB")
    assert in_club("2002-01-10") == ("BBB",)


def test_statuses_are_counted_as_asked_for():
    assert in_club("2004-01-01", status="observer") == ("CCC",)
    assert in_club("2004-01-01", status=("member", "observer")) == ("BBB", "CCC")


@pytest.mark.parametrize(
    ("body", "day"),
    [
        pytest.param("CSTO", "1999-12-31", id="before-founding"),
        pytest.param("CIS", "1991-12-07", id="before-the-data"),
        pytest.param("CIS", "2025-01-01", id="after-the-data"),
        pytest.param("EAEU", "2014-12-31", id="founded-but-without-members"),
    ],
)
def test_a_day_outside_a_body_s_life_or_the_data_is_not_covered(body, day):
    with pytest.raises(NotCoveredError, match=f"Not covered: {body} on {day}"):
        members(body, day)


def test_a_rival_day_of_founding_moves_what_is_covered():
    assert len(members("GUAM", "1998-12-31")) == 4
    with pytest.raises(NotCoveredError, match="from 2001-06-07"):
        members("GUAM", "1998-12-31", founding="guam_founded_yalta")


def test_a_body_whose_members_are_not_in_the_data_has_no_zero():
    with pytest.raises(NotCoveredError, match="Its rows have: permanent_member"):
        members("UNSC", "2010-12-31")


def test_a_state_that_never_was_a_member_is_named_with_what_would_work():
    with pytest.raises(NeverMemberError) as caught:
        is_member("GEO", "CSTO", "2010-12-31")

    assert "GEO never was member of CSTO" in str(caught.value)
    assert "ARM, BLR, KAZ" in str(caught.value)
    assert "GUAM (member)" in str(caught.value)


def test_membership_is_true_or_false_for_a_state_that_once_was_in():
    assert is_member("UZB", "CSTO", "2010-12-31")
    assert not is_member("UZB", "CSTO", "2013-12-31")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(
            lambda: is_member("XXX", "CIS", "2010-12-31"),
            "no state named 'XXX'",
            id="code",
        ),
        pytest.param(
            lambda: members("NAFTA", "2010-12-31"), "no body named 'NAFTA'", id="body"
        ),
        pytest.param(
            lambda: members("CIS", "2010-12-31", status="ally"),
            "no status named 'ally'",
            id="status",
        ),
        pytest.param(
            lambda: members("CIS", "2010-12-31", reading="late"),
            "no reading named 'late'",
            id="reading",
        ),
        pytest.param(
            lambda: members(7, "2010-12-31"), "no body named '7'", id="no-text"
        ),
        pytest.param(
            lambda: panel("CIS", [2010], states=["KAZ", "XXX"]),
            "no state named 'XXX'",
            id="panel",
        ),
    ],
)
def test_unknown_names_are_named_with_those_that_exist(call, message):
    with pytest.raises(UnknownNameError, match=message):
        call()


@pytest.mark.parametrize(
    "day",
    [
        pytest.param("2010-12-31", id="text"),
        pytest.param(dt.date(2010, 12, 31), id="date"),
        pytest.param(pd.Timestamp("2010-12-31 17:30"), id="timestamp"),
        pytest.param(pd.Timestamp("2010-12-31", tz="UTC"), id="with-a-time-zone"),
    ],
)
def test_a_day_may_be_given_as_text_date_or_timestamp(day):
    assert "UZB" in members("CSTO", day)


@pytest.mark.parametrize(
    ("day", "error"),
    [
        pytest.param(2010, TypeError, id="year"),
        pytest.param(None, TypeError, id="nothing"),
        pytest.param(pd.NaT, TypeError, id="not-a-time"),
        pytest.param("2010-13-01", ValueError, id="no-such-month"),
        pytest.param("summer 2010", ValueError, id="words"),
    ],
)
def test_what_is_no_day_is_refused_with_an_example(day, error):
    with pytest.raises(error, match='"2010-12-31"'):
        members("CSTO", day)


def test_days_of_uzbekistan_in_the_csto_run_from_the_shortest_to_the_longest_reading():
    found = across_readings(
        "membership",
        lambda table: measure_days("UZB", "CSTO", reading=table),
        questions=questions_about(state="UZB", body="CSTO"),
    )

    assert (found.low, found.high) == (1553, 2371)
    assert found.joint


def test_days_of_all_spells_are_added_up_to_the_last_day_that_counts():
    table = read_memberships().copy()
    table["institution"] = table["institution"].replace("CST", "CSTO")

    days = measure_days("UZB", "CSTO", reading=table, until="2007-01-01")

    first = pd.Timestamp("1999-04-02") - pd.Timestamp("1992-05-15")
    second = pd.Timestamp("2007-01-02") - pd.Timestamp("2006-06-23")
    assert days == (first + second).days


def test_days_before_joining_are_none_and_an_unknown_joining_is_unknown():
    unknown = CLUB.assign(joined=pd.Series([pd.NaT] * 4, dtype="datetime64[ns]"))

    assert measure_days("AAA", "CLUB", reading=CLUB, until="2001-01-09") == 366
    assert measure_days("BBB", "CLUB", reading=CLUB, until="2001-05-31") == 0
    assert measure_days("BBB", "CLUB", reading=unknown) is None


def test_days_up_to_a_day_that_is_not_covered_are_refused():
    with pytest.raises(NotCoveredError, match="CSTO on 2030-01-01"):
        measure_days("UZB", "CSTO", until="2030-01-01")


def test_panel_of_the_treaty_and_the_organisation_is_as_taught():
    counts = panel(["CST", "CSTO"], range(1992, 2025))

    both = [*counts["CST"].loc[:2001], *counts["CSTO"].loc[2002:]]
    assert both == [6] + [9] * 6 + [6] * 7 + [7] * 6 + [6] * 13


def test_a_panel_has_gaps_and_no_zeros_where_nothing_is_covered():
    counts = panel(["CSTO", "UNSC"], [1999, 2002, 2025])

    assert counts["CSTO"].isna().tolist() == [True, False, True]
    assert counts["UNSC"].isna().all()
    assert counts.index.name == "year"


def test_a_panel_of_some_states_counts_only_these():
    assert panel("CIS", [2000], states=["GEO", "UKR"])["CIS"].to_list() == [1]


def test_a_year_that_is_no_whole_number_is_refused():
    with pytest.raises(TypeError, match="given as '1999'"):
        panel("CIS", ["1999"])


def test_the_band_of_a_panel_holds_its_base_and_knows_where_readings_differ():
    bands = across_panel("CSTO", range(2005, 2014)).set_index("year")

    assert (bands["low"] <= bands["base"]).all()
    assert (bands["base"] <= bands["high"]).all()
    apart = bands.index[bands["low"] != bands["high"]]
    assert apart.to_list() == [2006, 2007]


def test_a_band_is_missing_where_the_body_is_not_covered():
    bands = across_panel(["CSTO"], [2001])

    assert bands[["low", "base", "high"]].isna().all(axis=None)


def test_questions_are_those_about_the_rows_asked_for():
    assert questions_about(state="UZB", body="CSTO") == [
        "uzb_csto_joined",
        "uzb_csto_left",
    ]
    assert questions_about(state="CHN") == []


def test_a_table_without_the_columns_is_refused():
    with pytest.raises(CoursekitError, match="without joined, left"):
        members("CLUB", "2001-01-01", reading=CLUB.drop(columns=["joined", "left"]))


def test_coverage_begins_with_the_latest_of_data_founding_and_first_member():
    first, last = covered_days("EAEU")

    assert (first, last) == (pd.Timestamp("2015-01-01"), pd.Timestamp("2024-12-31"))
    assert covered_days("UN")[0] == pd.Timestamp("1991-12-08")


def test_spells_of_a_state_carry_the_first_and_last_day_on_record():
    spells = tabulate_spells("UZB").set_index("body")

    assert spells.loc["CSTO", "joined_last"] == pd.Timestamp("2008-03-28")
    assert spells.loc["CSTO", "left_first"] == pd.Timestamp("2012-06-28")
    assert spells.loc["SCO", ["left", "left_first", "left_last"]].isna().all()


def test_a_rival_status_is_told_beside_the_status():
    spells = tabulate_spells("UKR").set_index("body")

    assert spells.loc["CIS", "status"] == "participant"
    assert spells.loc["CIS", "rival_status"] == "member"


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(NotCoveredError("CSTO", "1999-01-01", "a", "b"), id="day"),
        pytest.param(NotCoveredError("UNSC", status=("x",), known=("y",)), id="status"),
        pytest.param(
            NeverMemberError("GEO", "CSTO", ("member",), ("ARM",), ("CIS (member)",)),
            id="never",
        ),
    ],
)
def test_errors_survive_pickling(fault):
    assert str(pickle.loads(pickle.dumps(fault))) == str(fault)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda: members(None, "2010-12-31"), id="members"),
        pytest.param(lambda: panel([None], [2002]), id="panel"),
        pytest.param(lambda: measure_days("KAZ", None), id="days"),
        pytest.param(lambda: measure_days(None, "CSTO"), id="state"),
    ],
)
def test_nothing_in_the_place_of_a_body_or_state_is_refused(ask):
    with pytest.raises(UnknownNameError, match=r"no (body|state) named 'None'"):
        ask()


def test_no_status_is_refused():
    with pytest.raises(CoursekitError, match="No status was given"):
        members("CSTO", "2010-12-31", status=())


def test_a_table_without_founding_days_is_refused():
    with pytest.raises(CoursekitError, match="without id or founded"):
        members("CSTO", "2010-12-31", founding=load("membership"))


def test_no_bodies_make_an_empty_panel():
    assert across_panel([], [2002]).empty
