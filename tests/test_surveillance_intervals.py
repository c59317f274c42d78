from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from coursekit.errors import CoursekitError
from coursekit.surveillance.intervals import Interval, parse_moment, read_local

START = datetime(2022, 1, 5, 10, 45, tzinfo=UTC)
END = datetime(2022, 1, 11, 2, 15, tzinfo=UTC)


def test_the_near_total_phase_lasts_135_hours_and_a_half():
    assert Interval(START, END).hours == 135.5


def test_an_interval_may_have_no_length():
    assert Interval(START, START).hours == 0


def test_an_interval_that_ends_before_it_starts_is_refused():
    with pytest.raises(CoursekitError, match="before it starts at 2022-01-11 02:15"):
        Interval(END, START)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(CoursekitError, match="without a time zone"):
        Interval(datetime(2022, 1, 5, 16, 45), END)  # noqa: DTZ001  # what is tested


def test_a_text_in_place_of_a_moment_is_a_clear_type_error():
    with pytest.raises(TypeError, match="takes a datetime with a time zone"):
        Interval("2022-01-05T10:45Z", END)  # type: ignore[arg-type]  # what is tested


def test_the_local_clock_shows_the_same_moments():
    local_start, local_end = Interval(START, END).local(6)

    assert f"{local_start:%Y-%m-%d %H:%M}" == "2022-01-05 16:45"
    assert (local_start, local_end) == (START, END)


@pytest.mark.parametrize(
    ("offset", "error"),
    [
        pytest.param("6", TypeError, id="text"),
        pytest.param(True, TypeError, id="truth value"),
        pytest.param(15, CoursekitError, id="no clock"),
        pytest.param(float("nan"), CoursekitError, id="NaN"),
    ],
)
def test_an_offset_that_no_clock_has_is_refused(offset, error):
    with pytest.raises(error, match=r"ahead of UTC|takes hours"):
        Interval(START, END).local(offset)


def test_the_start_is_in_an_interval_and_the_end_is_not():
    interval = Interval(START, END)

    assert START in interval
    assert END not in interval


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2022", id="year"),
        pytest.param("2022-01", id="month"),
        pytest.param("2022-01-05", id="day"),
        pytest.param(pd.NA, id="missing"),
    ],
)
def test_a_moment_known_to_the_day_or_less_has_no_hour(text):
    assert parse_moment(text) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("soon", id="word"),
        pytest.param("2022-01-05T99:00Z", id="no such hour"),
        pytest.param("2022-01-05T10:45", id="no time zone"),
    ],
)
def test_a_moment_that_cannot_be_read_is_refused(text):
    with pytest.raises(CoursekitError, match="2022-01-05T10:45Z"):
        parse_moment(text)


def test_a_local_hour_early_in_the_day_is_the_day_before_in_utc():
    found = read_local(pd.Timestamp("2022-01-06"), "03:50", 6)

    assert found == datetime(2022, 1, 5, 21, 50, tzinfo=UTC)


def test_an_hour_that_no_day_has_is_refused():
    with pytest.raises(CoursekitError, match="'25:00' is no hour"):
        read_local(pd.Timestamp("2022-01-06"), "25:00", 6)
