"""One case, three lenses: what several datasets hold is one fact, or readings of it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pandas as pd
import pytest

from coursekit.authoring.source import read_source
from coursekit.charts.lenses import SITUATIONS
from coursekit.evidence import load, readings
from coursekit.evidence.memos import LENSES
from coursekit.institutions.membership import covered_days, is_member, members
from coursekit.law import find_case, find_doctrine
from coursekit.law.events import load_events

REQUEST, CUT = "2022-01-05-request-to-csto", "2022-01-05-internet-cut"
NAMES = {
    "Russia": "RUS",
    "Belarus": "BLR",
    "Armenia": "ARM",
    "Tajikistan": "TJK",
    "Kyrgyzstan": "KGZ",
    "Kazakhstan": "KAZ",
}
OFFSET = pd.Timedelta(hours=6)  # all of Kazakhstan's north and east in January 2022


def row(dataset, key):
    table = load(dataset)
    return table.set_index(table.columns[0]).loc[key]


def values(dataset, key, column):
    """Name every value on record for a cell: its own, and those of its readings."""
    rivals = readings(dataset)
    here = rivals[(rivals["key"] == key) & (rivals["column"] == column)]
    own = row(dataset, key)[column]
    own = f"{own:%Y-%m-%d}" if isinstance(own, pd.Timestamp) else str(own)
    return {own, *here["value"].dropna().astype(str)} - {"<NA>"}


def numbers(dataset, key, column):
    return {int(float(value)) for value in values(dataset, key, column)}


def days(dataset, key, column="date"):
    return {pd.Timestamp(value) for value in values(dataset, key, column)}


# The request, the decision, the days of the force


def test_the_request_comes_before_the_force_under_every_reading():
    assert max(days("timeline", REQUEST)) <= min(
        days("peacekeeping_missions", "CPF_KAZ", "start")
    )


def test_the_mission_rests_on_the_request_of_the_timeline():
    day = row("timeline", REQUEST)["date"]

    assert (
        f"request of {day.day} {day:%b}"
        in (row("peacekeeping_missions", "CPF_KAZ")["mandate_source"])
    )


def test_the_day_of_the_decision_is_the_same_in_all():
    day = row("timeline", "2022-01-06-csto-decision")["date"]

    assert row("peacekeeping_missions", "CPF_KAZ")["mandate_date"] == day
    assert f"{day.day} {day:%B %Y}" in row("episodes", "E20")["codification_reason"]


def test_the_force_begins_on_the_day_of_its_first_units():
    day = row("timeline", "2022-01-06-csto-first-units")["date"]

    assert days("peacekeeping_missions", "CPF_KAZ", "start") == {day}


def test_every_end_of_the_force_is_a_day_of_the_timeline():
    leaving = days("timeline", "2022-01-19-csto-out")
    begins = row("timeline", "2022-01-13-withdrawal-begins")["date"]

    assert days("peacekeeping_missions", "CPF_KAZ", "end") == leaving | {begins}


def test_the_years_of_the_case_are_those_of_the_force():
    case = row("interventions", "KAZ2022")
    mission = row("peacekeeping_missions", "CPF_KAZ")
    episode = row("episodes", "E20")

    assert {case["year_start"], episode["start"]} == {mission["start"].year}
    assert {case["year_end"], episode["end"]} == {mission["end"].year}


def test_the_size_of_the_force_has_the_same_readings():
    told = numbers("timeline", "2022-01-06-csto-first-units", "figure")

    assert numbers("interventions", "KAZ2022", "approx_troops") == told
    assert numbers("peacekeeping_missions", "CPF_KAZ", "troops_peak") < told


# The toll


def test_the_toll_of_the_case_is_that_of_the_timeline_less_the_security_personnel():
    text = row("timeline", "2022-01-15-toll-prosecutors")["event"]
    personnel = int(re.search(r"(\d+) of them security personnel", text)[1])
    told = numbers("timeline", "2022-08-16-toll-names-published", "figure")
    counted = numbers("interventions", "KAZ2022", "protester_or_civilian_deaths")

    # In the withdrawn count of 9 January nobody was told apart.
    assert counted - {164} == {toll - personnel for toll in told - {164}}
    assert 164 in counted & told


@pytest.mark.parametrize(
    "event",
    [
        pytest.param("2022-01-09-toll-withdrawn", id="9 January"),
        pytest.param("2022-01-15-toll-prosecutors", id="15 January"),
        pytest.param("2022-03-14-toll-parliament", id="14 March"),
    ],
)
def test_each_earlier_toll_is_a_reading_of_the_last(event):
    told = numbers("timeline", "2022-08-16-toll-names-published", "figure")

    assert numbers("timeline", event, "figure") <= told


def test_the_toll_in_the_counter_evidence_is_the_last_official_one():
    text = row("claims", "N02")["counter_evidence"]
    last = row("timeline", "2022-08-16-toll-names-published")["figure"]

    assert f"{int(last)} dead by the official count" in text


# Who was in the alliance


def test_those_who_sent_troops_are_the_other_members_on_the_day():
    day = row("timeline", "2022-01-06-csto-decision")["date"]
    sent = row("interventions", "KAZ2022")["interveners"].split("; ")

    assert {NAMES[name] for name in sent} == {*members("CSTO", day)} - {"KAZ"}


def test_the_mission_names_the_same_states():
    composition = row("peacekeeping_missions", "CPF_KAZ")["composition"]
    sent = row("interventions", "KAZ2022")["interveners"].split("; ")

    assert [name for name in sent if name not in composition] == []


@pytest.mark.parametrize(
    ("state", "event"),
    [
        pytest.param("KGZ", "2010-06-12-russia-declines-kyrgyz-request", id="2010"),
        pytest.param("KAZ", REQUEST, id="2022"),
    ],
)
def test_who_asked_was_a_member_so_the_treaty_could_be_named(state, event):
    asked = {need.fact for need in find_doctrine("D12").requirements}

    assert "x:request_by_member" in asked
    assert is_member(state, "CSTO", row("timeline", event)["date"])


def test_both_requests_fall_in_the_days_that_the_alliance_covers():
    first, last = covered_days("CSTO")
    founded = row("secondary_institutions", "CSTO")["founded"]
    asked = row("timeline", "2010-06-12-russia-declines-kyrgyz-request")["date"]

    assert founded <= first < asked < row("timeline", REQUEST)["date"] < last


def test_the_agreement_on_peacekeeping_is_older_than_both_requests():
    signed = row("un_documents", "UNTS-2632-p29")["date"]

    assert signed < row("peacekeeping_missions", "CSTO_KGZ2010")["start"]


# The request of 2010


def test_the_kyrgyz_request_has_one_day():
    day = row("timeline", "2010-06-12-russia-declines-kyrgyz-request")["date"]
    mission = row("peacekeeping_missions", "CSTO_KGZ2010")

    assert mission["start"] == day
    assert {row("interventions", "KGZ2010")["year_start"], day.year} == {
        row("episodes", "E15")["start"]
    }


def test_the_kyrgyz_request_was_declined_in_every_lens():
    case = row("interventions", "KGZ2010")

    assert case["invitation_form"] == "request_declined"
    assert case["approx_troops"] == 0
    assert not row("peacekeeping_missions", "CSTO_KGZ2010")["deployed"]
    assert row("episodes", "E15")["practice_altered"] == "no"


def test_the_treaty_was_changed_in_the_month_that_the_case_gives():
    day = row("timeline", "2010-12-10-csto-protocol-signed")["date"]

    assert f"CST amended in {day:%B %Y}" in row("interventions", "KGZ2010")["outcome"]


# The hour of the cut


def local(text):
    """Give day and hour of a moment of the shutdowns on the clock of the timeline."""
    return str((pd.Timestamp(text).tz_localize(None) + OFFSET).floor("min"))


def moments(event):
    """Give day and hour of an event of the timeline under each of its readings."""
    table = load("timeline").set_index("event_id")
    rivals = readings("timeline").query("key == @event")
    found = {row_of(table, event)}
    for reading in rivals["reading"].unique():
        found.add(
            row_of(load("timeline", reading=reading).set_index("event_id"), event)
        )
    return found


def row_of(table, event):
    return f"{table.loc[event, 'date']:%Y-%m-%d} {table.loc[event, 'time_local']}:00"


def test_every_reading_of_the_start_is_a_reading_of_the_hour_of_the_cut():
    starts = values("shutdowns", "SH-09", "start_utc")

    assert {local(start) for start in starts} == moments(CUT)


def test_the_offset_of_the_cut_is_that_of_the_hours_of_the_timeline():
    hours = load("shutdowns").query("episode == '2022-01'")["utc_offset_hours"]

    assert set(hours) == {OFFSET / pd.Timedelta(hours=1)}


def test_the_first_phase_begins_when_mobile_traffic_falls():
    starts = values("shutdowns", "SH-08", "start_utc")

    assert {local(start) for start in starts} == moments(
        "2022-01-04-mobile-traffic-falls"
    )


def test_the_first_phase_ends_where_the_second_begins_under_every_reading():
    rivals = readings("shutdowns").query("question == 'sh09_start'")
    tables = [load("shutdowns", reading=name) for name in rivals["reading"].unique()]
    pairs = [table.set_index("event_id") for table in tables]

    assert [
        (pair.loc["SH-08", "end_utc"], pair.loc["SH-09", "start_utc"])
        for pair in pairs
        if pair.loc["SH-08", "end_utc"] != pair.loc["SH-09", "start_utc"]
    ] == []


def test_rights_are_asked_about_on_the_day_of_the_cut():
    events = load_events().set_index("event_id")

    assert events.loc["network-cut-5-january", "timeline_id"] == CUT
    assert local(row("shutdowns", "SH-09")["start_utc"]).startswith(
        f"{events.loc['network-cut-5-january', 'date']:%Y-%m-%d}"
    )


def test_the_net_of_2010_was_cut_before_the_request_and_not_on_its_day():
    cut = row("shutdowns", "SH-10")
    asked = row("timeline", "2010-06-12-russia-declines-kyrgyz-request")["date"]

    assert cut["start_precision"] == "month"
    assert pd.Timestamp(cut["start_utc"]) < asked.replace(day=1)


def test_who_ordered_the_cut_is_the_same_in_law_and_event():
    order = row("shutdowns", "SH-09")["order_authority"]
    rule = row("shutdown_law", "KAZ-14")
    day = row("timeline", CUT)["date"]

    assert f"{day.day} {day:%B %Y}" in rule["power"]
    assert rule["article"] in order
    assert "National Security Committee" in rule["who_may_order"]
    assert "National Security Committee" in order


def test_estimates_of_the_cost_name_shutdowns_that_are_there():
    named = load("shutdown_costs")["event_or_year"].str.findall(r"SH-\d\d").explode()

    assert set(named.dropna()) == {"SH-08", "SH-09"}
    assert set(named.dropna()) <= set(load("shutdowns")["event_id"])


# The vote of 2019


def test_the_vote_of_2019_has_one_day_in_all_lenses():
    day = row("timeline", "2019-06-09-presidential-election")["date"]
    cut = row("shutdowns", "SH-06")

    assert row("elections", "KAZ-2019-06-09")["date"] == day
    assert cut["trigger"] == "election"
    assert cut["start_utc"].startswith(f"{day:%Y-%m-%d}")


def test_the_verdict_on_the_vote_rests_on_one_statement():
    told = row("timeline", "2019-06-10-observers-find-violations")

    assert row("elections", "KAZ-2019-06-09")["source_osce"] in {
        told["source_1"],
        told["source_2"],
    }


# The United Nations


def test_the_debate_has_one_day():
    day = row("un_documents", "S/PV.8967")["date"]

    assert row("timeline", "2022-02-16-security-council-debate")["date"] == day
    assert (
        f"debated it on {day:%Y-%m-%d}"
        in (row("peacekeeping_missions", "CPF_KAZ")["un_or_osce_counterpart"])
    )
    assert find_case("KAZ2022").facts["unsc_response"] == "debate"


def test_the_letter_to_the_council_is_reported_the_day_after_it_was_dated():
    dated = row("timeline", "2022-01-06-csto-letters")["date"]
    reported = row("un_documents", "LETTER-ARM-2022-01")["date"]

    assert (reported - dated).days == 1


# The last lesson


@pytest.fixture(scope="module")
def last_lesson():
    source = Path(__file__).parents[1] / "lessons" / "16_one_case_three_lenses.md"
    code = [cell.text for cell in read_source(source).cells if cell.kind == "code"]
    return ast.parse("\n".join(code))


@pytest.mark.parametrize("lens", list(LENSES))
def test_the_last_lesson_calls_a_function_of_each_lens(last_lesson, lens):
    imported = {
        alias.name
        for node in ast.walk(last_lesson)
        if isinstance(node, ast.ImportFrom)
        and f"{node.module}.".startswith(f"coursekit.{lens}.")
        for alias in node.names
    }

    assert imported & called_in(last_lesson)


@pytest.mark.parametrize("lens", list(LENSES))
def test_the_last_lesson_loads_a_dataset_of_each_lens(last_lesson, lens):
    loaded = {
        node.args[0].value
        for node in ast.walk(last_lesson)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "load"
        and isinstance(node.args[0], ast.Constant)
    }

    assert loaded & {*LENSES[lens]}


def called_in(tree):
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {getattr(function, "id", "") for function in calls}


# The cases of the last lesson


@pytest.mark.parametrize(
    "situation", [pytest.param(one, id=key) for key, one in SITUATIONS.items()]
)
def test_a_case_is_of_one_state_in_all_lenses(situation):
    keys = [
        ("interventions", situation.intervention, "target_iso3"),
        ("peacekeeping_missions", situation.mission, "host_iso3"),
        *(("shutdowns", key, "country_iso3") for key in situation.shutdowns),
    ]

    assert {row(name, key)[column] for name, key, column in keys if key} == {
        situation.state
    }


@pytest.mark.parametrize(
    ("key", "day"),
    [
        pytest.param("KAZ2022", ("timeline", REQUEST, "date"), id="KAZ2022"),
        pytest.param(
            "KGZ2010", ("peacekeeping_missions", "CSTO_KGZ2010", "start"), id="KGZ2010"
        ),
        pytest.param(
            "TJK1993", ("peacekeeping_missions", "CPF_TJK", "start"), id="TJK1993"
        ),
        pytest.param("KAZ2011", ("shutdowns", "SH-01", "start_utc"), id="KAZ2011"),
        pytest.param("TJK2021", ("shutdowns", "SH-18", "start_utc"), id="TJK2021"),
        pytest.param("UZB2022", ("shutdowns", "SH-24", "start_utc"), id="UZB2022"),
    ],
)
def test_the_day_of_a_case_is_one_of_the_data(key, day):
    dataset, name, column = day

    assert pd.Timestamp(SITUATIONS[key].day) == pd.Timestamp(row(dataset, name)[column])


def test_no_case_leaves_out_a_shutdown_of_its_days():
    table = load("shutdowns").query("start_precision in ['day', 'hour']")
    starts = pd.to_datetime(table["start_utc"].str[:10])
    left_out = {
        (key, event)
        for key, one in SITUATIONS.items()
        for event in table.loc[
            (table["country_iso3"] == one.state)
            & ((starts - pd.Timestamp(one.day)).abs() <= pd.Timedelta(days=7)),
            "event_id",
        ]
        if event not in one.shutdowns
    }

    assert left_out == set()


# The people and their rights


def test_events_that_are_classified_have_the_day_of_the_timeline():
    events = load_events().set_index("event_id")
    timeline = load("timeline").set_index("event_id")["date"]
    days_told = events["timeline_id"].map(timeline)
    apart = events.index[events["date"] != days_told]

    # Bystanders were counted in March; the day stands for the days of violence.
    assert list(apart) == ["almaty-bystanders"]
