from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.surveillance.costs import (
    LEFT_OUT,
    CostModel,
    estimate_by_population,
    estimate_cost,
    find_input,
    read_estimates,
    read_inputs,
)

FULL = {
    "gdp_usd": 8.76e10,
    "digital_share": 0.05,
    "hours": 100,
    "share_affected": 0.5,
}


def test_the_cost_is_the_product_of_its_inputs():
    assert estimate_cost(**FULL).value == pytest.approx(25_000_000)


def test_the_multiplier_and_the_year_are_inputs_too():
    found = estimate_cost(**FULL, multiplier=2, hours_in_year=4380)

    assert found.value == pytest.approx(100_000_000)


def test_the_base_of_the_course_is_about_162_million():
    found = estimate_cost(
        gdp_usd=find_input("gdp-2021"),
        digital_share=find_input("digital-share"),
        hours=135.5,
        share_affected=1,
    )

    assert str(found) == "About 162 million US dollars, by the model."


def test_the_implied_share_gives_the_annual_figure():
    found = estimate_cost(
        gdp_usd=find_input("gdp-2021"),
        digital_share=find_input("digital-share-implied"),
        hours=144,
        share_affected=1,
    )
    published = read_estimates(of="year").loc["CE-04", "value_usd"]

    assert found.value == pytest.approx(published, rel=1e-3)


@pytest.mark.parametrize("nothing", [None, pd.NA, float("nan"), np.nan], ids=repr)
def test_a_missing_input_is_named_and_gives_no_value(nothing):
    found = estimate_cost(**{**FULL, "hours": nothing})

    assert found.value is None
    assert str(found) == "No estimate: hours is missing."


def test_missing_inputs_are_named_in_the_order_of_the_formula():
    found = estimate_cost(hours=1, multiplier=None)

    assert found.missing == (
        "gdp_usd",
        "digital_share",
        "share_affected",
        "multiplier",
    )


def test_an_input_of_zero_is_not_missing():
    assert estimate_cost(**{**FULL, "share_affected": 0}).value == 0


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        pytest.param("hours", -1, "hours was given -1", id="negative hours"),
        pytest.param("gdp_usd", float("inf"), "gdp_usd was given inf", id="endless"),
        pytest.param("digital_share", 5.3, "5.3 per cent is 0.053", id="per cent"),
        pytest.param("hours_in_year", 0, "more than 0", id="year without hours"),
    ],
)
def test_an_input_outside_its_range_is_refused(name, value, message):
    with pytest.raises(CoursekitError, match=message):
        estimate_cost(**{**FULL, name: value})


@pytest.mark.parametrize("value", ["100", True, [1]], ids=repr)
def test_an_input_that_is_no_number_is_a_clear_type_error(value):
    with pytest.raises(TypeError, match="it takes a number"):
        estimate_cost(**{**FULL, "hours": value})


def test_a_number_of_numpy_is_a_number():
    assert CostModel(**{**FULL, "hours": np.float64(100)}).estimate().value > 0


def test_the_rival_method_counts_people_and_days():
    found = estimate_by_population(
        population=20_000_000, loss_per_day_per_10m=3_000_000, hours=48
    )

    assert found.value == pytest.approx(12_000_000)


def test_the_rival_method_names_what_is_missing():
    found = estimate_by_population(hours=48)

    assert found.missing == ("population", "loss_per_day_per_10m")


def test_published_estimates_of_the_event_run_from_189_to_460_million():
    values = read_estimates(of="event")["value_usd"]

    assert (values.min(), values.max()) == (189e6, 460e6)


def test_damage_by_the_unrest_is_no_estimate_of_a_model():
    assert "CE-13" not in read_estimates().index
    assert "CE-13" in read_estimates(kind=None).index


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        pytest.param({"state": "FRA"}, "state named 'FRA'", id="state"),
        pytest.param({"kind": "guess"}, "kind of figure named 'guess'", id="kind"),
        pytest.param({"of": "week"}, "coverage named 'week'", id="coverage"),
    ],
)
def test_estimates_that_do_not_exist_are_refused(asked, message):
    with pytest.raises(UnknownNameError, match=message):
        read_estimates(**asked)


def test_an_unknown_input_is_refused():
    with pytest.raises(UnknownNameError, match="input named 'gdp-1999'"):
        find_input("gdp-1999")


def test_the_digital_share_says_that_it_is_not_kazakh():
    assert read_inputs().loc["digital-share", "note"].startswith("NOT a figure for Kaz")


def test_what_has_no_price_is_said():
    assert "ambulances, hospitals and medicines" in LEFT_OUT
