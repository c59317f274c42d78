"""Figures of supply show the bounds, count once, and need no network."""

from __future__ import annotations

import pytest

from coursekit.charts.supply import (
    describe_flows,
    describe_shares,
    describe_values,
    draw_flows,
    draw_shares,
    draw_values,
    name_bloc,
    tabulate_shares,
)
from coursekit.charts.supply_map import PLACES, describe_map, draw_map, measure_states
from coursekit.surveillance.supply import Share, read_deployments, sum_values

SHARES = {
    "some": Share("China", count=1, named=2, rows=4),
    "unnamed": Share("China", count=0, named=0, rows=3),
}
EVERY = read_deployments()
OTHER = read_deployments(technology_class="other")


def test_a_line_goes_from_bound_to_bound_and_a_mark_stands_at_the_named():
    bounds, named = draw_shares(SHARES).data

    assert list(bounds.x) == [0.25, 0.75, None, 0, 1, None]
    assert list(named.x) == [0.5]


def test_words_and_table_tell_the_same_shares():
    table = tabulate_shares(SHARES)

    assert "some: China: 1 of 4 rows, 2 unnamed" in describe_shares(SHARES)
    assert table["lower"].tolist() == [0.25, 0]
    assert table["named only"].isna().tolist() == [False, True]


def test_a_stage_without_a_stated_value_has_no_mark_and_says_so():
    sums = sum_values(EVERY)
    (marks,) = draw_values(sums).data

    assert len(marks.x) == 3
    assert "claimed or tried not known (6 of 6 rows state no value)" in describe_values(
        sums
    )


def test_bands_add_up_to_the_rows_and_ends_carry_their_names():
    (sankey,) = draw_flows(EVERY).data

    assert sum(sankey.link.value) == len(EVERY)
    assert "China 21" in sankey.node.label
    assert "KAZ 20" in sankey.node.label


def test_no_row_is_no_band():
    assert draw_flows(EVERY[:0]).data[0].link.value == ()
    assert describe_flows(EVERY[:0]) == "No row is left."


def test_the_map_is_drawn_without_tiles_or_geography_from_elsewhere():
    figure = draw_map(EVERY)

    assert {trace.type for trace in figure.data} == {"scatter"}
    assert len(figure.data) == len(PLACES) + 1


@pytest.mark.parametrize("iso3", PLACES)
def test_an_outline_is_closed_and_holds_the_mark_of_its_state(iso3):
    (line,) = [trace for trace in draw_map(EVERY).data if trace.name == iso3]
    longitude, latitude, _ = PLACES[iso3]

    assert (line.x[0], line.y[0]) == (line.x[-1], line.y[-1])
    assert min(line.x) < longitude < max(line.x)
    assert min(line.y) < latitude < max(line.y)


def test_a_state_without_a_row_has_no_share_and_another_mark():
    marks = draw_map(OTHER).data[-1]

    assert measure_states(OTHER)["KAZ"] is None
    assert "KAZ<br>no row" in marks.text
    assert set(marks.marker.symbol) == {"circle", "x"}
    assert "Kazakhstan: no row." in describe_map(OTHER)


@pytest.mark.parametrize(
    ("bloc", "name"), [("Local", "own firms"), ("China", "China")], ids=str
)
def test_blocs_have_names_in_words(bloc, name):
    assert name_bloc(bloc) == name
