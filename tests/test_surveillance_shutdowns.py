from __future__ import annotations

import pandas as pd
import pytest

from coursekit import across_readings, load
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.surveillance.shutdowns import (
    AFTER,
    BEFORE,
    UNPLACED,
    describe_hours,
    measure_hours,
    place_events,
    read_phases,
    read_shutdowns,
)


def rows(**cells: object) -> pd.DataFrame:
    base = load("shutdowns")
    invented = base[base["event_id"] == "SH-09"].copy()
    for column, value in cells.items():
        invented[column] = value
    return invented


def event(date: str, clock: str | None) -> pd.DataFrame:
    return pd.DataFrame(
        {"date": pd.to_datetime([date]), "time_local": pd.array([clock], "string")}
    )


def test_january_2022_lasts_135_to_155_hours_by_whether_slow_data_counts():
    found = across_readings("shutdowns", measure_hours, questions="sh08_counted")

    assert (found.low, found.base, found.high) == (135.5, 135.5, 155.75)


def test_no_reading_of_january_2022_reaches_a_week():
    found = across_readings("shutdowns", measure_hours)

    assert (found.low, found.high) == (36.75, 155.75)


def test_one_shutdown_is_measured_whether_its_episode_counts_it_or_not():
    assert measure_hours(load("shutdowns"), "SH-08") == 20.25


def test_a_shutdown_without_a_known_end_has_no_hours_and_not_zero():
    assert measure_hours(load("shutdowns"), "SH-01") is None


def test_an_episode_with_one_unknown_end_has_no_hours():
    both = pd.concat(
        [rows(), rows(event_id="X", end_utc=pd.NA, hours=pd.NA)], ignore_index=True
    )

    assert measure_hours(both, "2022-01") is None


def test_a_source_that_counts_days_gives_the_hours_where_no_hour_is_known():
    assert measure_hours(load("shutdowns"), "SH-18") == 2784


def test_negative_hours_are_refused():
    faulty = rows(end_utc=pd.NA, hours=-3.0)

    with pytest.raises(CoursekitError, match="said to last -3 hours"):
        measure_hours(faulty, "SH-09")


def test_a_row_that_ends_before_it_starts_is_refused():
    with pytest.raises(CoursekitError, match="before it starts"):
        measure_hours(rows(end_utc="2022-01-04T00:00Z"), "SH-09")


def test_an_unknown_shutdown_is_named_with_those_there_are():
    with pytest.raises(UnknownNameError, match="shutdown or episode named 'SH-99'"):
        measure_hours(load("shutdowns"), "SH-99")


def test_an_unknown_state_is_refused():
    with pytest.raises(UnknownNameError, match="state named 'FRA'"):
        read_shutdowns(states="FRA")


def test_an_unknown_scope_is_refused():
    with pytest.raises(UnknownNameError, match="scope named 'total'"):
        read_shutdowns(scopes=["total"])


def test_ten_of_twenty_four_rows_are_platform_blocks_and_six_regional():
    counts = read_shutdowns()["scope"].value_counts()

    assert (counts["platform"], counts["regional"], counts.sum()) == (10, 6, 24)


def test_lengths_follow_the_reading():
    cuts = read_shutdowns(states="KAZ", reading="sh09_start_ripe")
    lengths = cuts.set_index("event_id")["length_hours"]

    assert lengths["SH-09"] == 135.0
    assert pd.isna(lengths["SH-07"])


def test_phases_are_in_order_and_adjacent():
    phases = read_phases("2022-01")

    assert list(phases["event_id"]) == ["SH-08", "SH-09"]
    assert phases["end"][0] == phases["start"][1]
    assert list(phases["counted"]) == [False, True]


def test_an_episode_that_does_not_exist_is_refused():
    with pytest.raises(UnknownNameError, match="'2023-01'"):
        read_phases("2023-01")


@pytest.mark.parametrize(
    ("date", "clock", "phase"),
    [
        pytest.param("2022-01-03", None, BEFORE, id="day before"),
        pytest.param("2022-01-05", "16:44", "SH-08", id="minute before the cut"),
        pytest.param("2022-01-05", "16:45", "SH-09", id="minute of the cut"),
        pytest.param("2022-01-05", None, UNPLACED, id="day of the cut"),
        pytest.param("2022-01-07", None, "SH-09", id="day within"),
        pytest.param("2022-01-11", "08:15", AFTER, id="minute of the end"),
        pytest.param("2022-01-12", None, AFTER, id="day after"),
    ],
)
def test_an_event_is_placed_by_its_hour_or_by_a_day_that_settles_it(date, clock, phase):
    placed = place_events(read_phases(), event(date, clock))

    assert placed["phase"].tolist() == [phase]


def test_the_fire_changes_its_side_with_the_reading():
    fire = event("2022-01-05", "16:37")
    by_traffic = place_events(read_phases(reading="sh09_start_traffic"), fire)

    assert place_events(read_phases(), fire)["phase"].tolist() == ["SH-08"]
    assert by_traffic["phase"].tolist() == ["SH-09"]


def test_a_phase_without_length_holds_no_event():
    phases = read_phases(reading="sh09_start_4_january")
    placed = place_events(phases, event("2022-01-04", "20:30"))

    assert placed["phase"].tolist() == ["SH-09"]


def test_events_cannot_be_placed_in_no_phase():
    with pytest.raises(CoursekitError, match="no phase"):
        place_events(read_phases().head(0), event("2022-01-05", None))


def test_words_for_hours_keep_unknown_apart_from_zero():
    assert describe_hours(135.5) == "135.5 hours, 81% of a week of 168."
    assert describe_hours(0) == "0 hours, 0% of a week of 168."
    assert describe_hours(None) == "The length is not known: an end is missing."
