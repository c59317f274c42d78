"""Bounds hold whatever the unknown are, and go no further than what is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.errors import CoursekitError
from coursekit.evidence.bounds import measure_bounds

# For each of some things: whether it belongs, and whether that is known.
THINGS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60)


def test_the_unknown_may_be_none_or_all_of_the_share():
    assert measure_bounds(1, 4, 10) == (0.1, 0.7)
    assert measure_bounds(2, 4, 4) == (0.5, 0.5)
    assert measure_bounds(0, 3, None) == (0.0, 1.0)
    assert measure_bounds(0, 0, 0) == (0.0, 1.0)


@given(THINGS)
def test_the_true_share_always_lies_within(things):
    known = [belongs for belongs, seen in things if seen]
    low, high = measure_bounds(sum(known), len(known), len(things))

    assert low <= sum(belongs for belongs, _ in things) / len(things) <= high


@given(THINGS)
def test_both_bounds_are_reached_by_some_truth(things):
    known = [belongs for belongs, seen in things if seen]
    hidden = len(things) - len(known)
    bounds = measure_bounds(sum(known), len(known), len(things))

    assert bounds == (sum(known) / len(things), (sum(known) + hidden) / len(things))


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param((3, 2, 5), id="more that belong than known"),
        pytest.param((1, 6, 5), id="more known than there are"),
        pytest.param((-1, 2, 5), id="fewer than none"),
    ],
)
def test_counts_that_cannot_be_are_refused(counts):
    with pytest.raises(CoursekitError, match="cannot be"):
        measure_bounds(*counts)


@pytest.mark.parametrize("wrong", ["4", 2.0, True, None], ids=repr)
def test_what_is_no_whole_number_is_a_type_error(wrong):
    with pytest.raises(TypeError, match="is no number to count with"):
        measure_bounds(1, wrong, 9)
