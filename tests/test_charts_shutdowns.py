from __future__ import annotations

import pytest

from coursekit import load
from coursekit.charts.shutdowns import (
    EVENTS,
    OURS,
    describe_estimates,
    describe_placed,
    draw_estimates,
    draw_hours,
    list_figures,
    tabulate_placed,
)
from coursekit.surveillance.costs import estimate_cost
from coursekit.surveillance.shutdowns import place_events, read_phases

ESTIMATE = estimate_cost(
    gdp_usd=8.76e10, digital_share=0.05, hours=100, share_affected=1
)


@pytest.fixture(scope="module")
def placed():
    events = load("timeline")
    january = events["date"].between("2022-01-04", "2022-01-11")
    return place_events(read_phases(), events[january])


def test_phases_and_events_have_lanes_of_one_clock(placed):
    figure = draw_hours(read_phases(), placed)

    assert figure.data[1].x == ("2022-01-05 16:45", "2022-01-11 08:15")
    assert figure.layout.xaxis.title.text == "UTC+6"
    assert set(figure.data[2].y) == {EVENTS}


def test_the_clock_of_the_axis_moves_phases_and_events_together(placed):
    figure = draw_hours(read_phases(), placed, offset=0)

    assert figure.data[1].x[0] == "2022-01-05 10:45"
    assert figure.data[2].x[0] == "2022-01-04 14:30"


def test_a_phase_that_is_not_counted_is_thin_dotted_and_named_so(placed):
    figure = draw_hours(read_phases(), placed)

    assert figure.data[0].line.dash == "dot"
    assert figure.data[0].name == "mobile slow, not counted"


def test_words_say_how_many_events_the_day_alone_cannot_place(placed):
    said = describe_placed(read_phases(), placed)

    assert "SH-09 (national (near-total)): 135.5 hours" in said
    assert said.endswith("not placed, for want of an hour: 7.")


def test_the_table_shows_both_clocks(placed):
    table = tabulate_placed(placed)
    cut = table[table["hour, UTC+6"] == "16:37"].iloc[0]

    assert cut["UTC"] == "05 January 10:37"


def test_damage_by_the_unrest_is_not_on_the_axis_of_costs():
    assert list_figures()["value_usd"].tolist() == [
        189e6,
        429e6,
        460e6,
        410.7e6,
        410.3e6,
    ]


def test_the_model_stands_beside_the_published_estimates():
    figure = draw_estimates(ESTIMATE)

    assert [trace.name for trace in figure.data] == [
        "January 2022",
        "all of 2022",
        OURS,
    ]
    assert figure.data[2].x == (50.0,)


def test_an_estimate_with_missing_inputs_is_not_drawn():
    figure = draw_estimates(estimate_cost(hours=1))

    assert [trace.name for trace in figure.data] == ["January 2022", "all of 2022"]


def test_words_keep_event_and_year_apart():
    assert describe_estimates(ESTIMATE) == (
        "Published for January 2022: USD 189m to slightly over USD 460m; for all cuts "
        "of 2022: USD 410.3m to USD 410.7m. About 50 million US dollars, by the model."
    )
