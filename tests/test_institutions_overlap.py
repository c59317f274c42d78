"""Overlap of sets: the measure, its matrix, its bounds and its moves."""

from __future__ import annotations

import pandas as pd
import pytest

from coursekit.errors import CoursekitError
from coursekit.institutions.overlap import (
    jaccard,
    measure_bounds,
    measure_moves,
    measure_overlap,
)

# Invented lists.
LISTS = {"A": {"war", "law"}, "B": ["war", "war"], "C": set(), "D": ()}


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param({"x", "y"}, {"y", "z"}, 1 / 3, id="in part"),
        pytest.param({"x"}, {"x"}, 1, id="the same"),
        pytest.param({"x"}, {"y"}, 0, id="nothing in common"),
        pytest.param({"x"}, set(), 0, id="one empty"),
        pytest.param(set(), [], None, id="both empty are unknown"),
        pytest.param(["x", "x"], ("x",), 1, id="repeats count once"),
        pytest.param({1, 2}, {2}, 0.5, id="numbers"),
    ],
)
def test_overlap_is_what_is_shared_of_what_is_there(a, b, expected):
    assert jaccard(a, b) == jaccard(b, a) == expected


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        pytest.param("war", "'war', a str", id="text"),
        pytest.param(None, "None, a NoneType", id="nothing"),
        pytest.param(iter(["war"]), "iterator", id="iterator"),
        pytest.param([["war"]], "itself a list", id="lists within"),
    ],
)
def test_what_is_no_set_is_refused_with_what_would_work(wrong, told):
    with pytest.raises(TypeError, match=told):
        jaccard({"war"}, wrong)


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA], ids=str)
def test_a_missing_member_is_refused_and_not_compared(missing):
    with pytest.raises(CoursekitError, match="missing value"):
        jaccard([missing], ["war", missing])


def test_matrix_is_symmetric_with_ones_where_a_set_meets_itself():
    matrix = measure_overlap(LISTS)

    assert list(matrix.index) == list(matrix.columns) == ["A", "B", "C", "D"]
    pd.testing.assert_frame_equal(matrix, matrix.T)
    assert matrix.loc["A"].tolist() == [1, 0.5, 0, 0]


def test_two_empty_sets_are_unknown_in_the_matrix():
    matrix = measure_overlap(LISTS)

    assert matrix.isna().sum().tolist() == [0, 0, 2, 2]
    assert set(map(str, matrix.dtypes)) == {"Float64"}


def test_no_sets_make_an_empty_matrix():
    assert measure_overlap({}).shape == (0, 0)


def test_sets_without_names_are_refused():
    with pytest.raises(TypeError, match="given as list; they are compared by name"):
        measure_overlap([{"war"}])


def test_bounds_let_each_doubtful_member_be_right_or_wrong():
    # "war" is shared and doubtful in B; "law" and "trade" are differences.
    sets = {"A": {"war", "law"}, "B": {"war", "trade"}}

    low, overlap, high = measure_bounds(sets, {"A": {"war", "law"}}).iloc[0, 2:]

    assert (low, overlap, high) == (0, 1 / 3, 1 / 2)


def test_bounds_of_sure_sets_meet():
    sets = {"A": {"war", "law"}, "B": {"war"}}

    bounds = measure_bounds(sets, sets).iloc[0]

    assert bounds["low"] == bounds["overlap"] == bounds["high"] == 0.5


def test_bounds_are_those_of_trying_every_combination():
    sets = {"A": {1, 2, 3}, "B": {2, 3, 4}}
    sure = {"A": {1, 2}, "B": {2}}
    tried = [
        jaccard({1, 2} | first, {2} | second)
        for first in ({3}, set())
        for second in ({3, 4}, {3}, {4}, set())
    ]

    bounds = measure_bounds(sets, sure).iloc[0]

    assert (bounds["low"], bounds["high"]) == (min(tried), max(tried))


def test_bounds_of_empty_sets_are_unknown():
    assert measure_bounds({"C": set(), "D": set()}, {}).iloc[0, 2:].isna().all()


def test_moves_begin_with_the_pair_that_moved_furthest():
    after = {"A": {"war"}, "B": {"war"}, "C": {"law"}}

    moves = measure_moves(measure_overlap(LISTS), measure_overlap(after))

    assert moves["first"].tolist() == ["A", "A", "B"]
    assert moves["moved"].tolist() == [0.5, 0, 0]


def test_a_pair_that_was_unknown_has_no_move():
    after = {"C": {"war"}, "D": {"war"}}

    moves = measure_moves(measure_overlap(LISTS), measure_overlap(after))

    assert moves["moved"].isna().all()
