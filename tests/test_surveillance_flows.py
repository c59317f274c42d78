"""Flows are counts of rows, and a contrast is tried without each of its sources."""

from __future__ import annotations

import pandas as pd
import pytest

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.surveillance.flows import (
    leave_out_each,
    list_flows,
    measure_odds_ratio,
    tabulate_contrast,
)
from coursekit.surveillance.supply import read_deployments

ROWS = pd.DataFrame(
    {
        "bloc": ["China", "China", "Israel", "Unspecified", "China"],
        "country_iso3": ["KAZ", "UZB", "KAZ", "KAZ", "KAZ"],
        "technology_class": ["camera", "camera", "interception", "camera", "network"],
        "source_1": ["x", "y", "y", "z", None],
    }
)


def test_flows_come_by_seller_the_largest_first():
    flows = list_flows(ROWS)

    assert flows.to_numpy().tolist() == [
        ["China", "KAZ", 2],
        ["China", "UZB", 1],
        ["Israel", "KAZ", 1],
        ["Unspecified", "KAZ", 1],
    ]


def test_flows_of_all_reports_lose_none():
    assert list_flows(read_deployments())["rows"].sum() == len(read_deployments())
    assert list_flows(ROWS[:0]).empty


def test_the_contrast_counts_the_unnamed_among_the_others():
    assert tabulate_contrast(ROWS).to_numpy().tolist() == [[2, 1], [0, 1]]


def test_the_contrast_refuses_what_it_cannot_count():
    with pytest.raises(CoursekitError, match="a share of nothing"):
        tabulate_contrast(ROWS[:0])
    with pytest.raises(UnknownNameError, match="no bloc named 'Atlantis'"):
        tabulate_contrast(ROWS, "Atlantis")
    with pytest.raises(UnknownNameError, match="no column named 'technology_class'"):
        tabulate_contrast(ROWS[["bloc"]])


@pytest.mark.parametrize(
    ("counts", "ratio"),
    [
        pytest.param([[3, 3], [3, 3]], 1.0, id="alike"),
        pytest.param([[1, 0], [0, 1]], 9.0, id="with-empty-cells"),
        pytest.param([[0, 1], [1, 0]], 1 / 9, id="upside-down"),
    ],
)
def test_odds_ratio_has_a_half_added_to_each_cell(counts, ratio):
    assert measure_odds_ratio(pd.DataFrame(counts)) == pytest.approx(ratio)


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param(pd.DataFrame([[1, 2]]), id="one-row"),
        pytest.param(pd.DataFrame([[1, -2], [1, 2]]), id="negative"),
        pytest.param(pd.DataFrame([[1, None], [1, 2]]), id="missing"),
        pytest.param("table", id="text"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(counts):
    with pytest.raises(CoursekitError, match="two by two counts"):
        measure_odds_ratio(counts)


def test_each_value_is_left_out_in_turn_and_a_missing_one_never():
    left = leave_out_each(ROWS, len)

    assert left.to_dict() == {"x": 4, "y": 3, "z": 4}


def test_a_column_that_is_not_there_cannot_be_left_out():
    with pytest.raises(UnknownNameError, match="no column named 'colour'"):
        leave_out_each(ROWS, len, column="colour")
