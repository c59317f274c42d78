"""Agreement between coders, on examples that were published with their results."""

from __future__ import annotations

import pandas as pd
import pytest

from coursekit.errors import CoursekitError
from coursekit.evidence.agreement import measure_alpha, measure_kappa

# Cohen's two judges, 200 cases, reported as .492; with this result in the help of
# cohen.kappa in R's package psych, which quotes Cohen J, 'Weighted Kappa' (1968) 70
# Psychological Bulletin 213.
COHEN = {"AA": 88, "AB": 14, "AC": 18, "BA": 10, "BB": 40, "BC": 10, "CA": 2, "CB": 6}
PAIRS = "".join(pair * count for pair, count in {**COHEN, "CC": 12}.items())
# Krippendorff K, 'Computing Krippendorff's Alpha-Reliability' (2011): binary data of
# two observers, nominal data of two observers, and four observers with gaps.
BINARY = {"Meg": "0100000010", "Owen": "1110010000"}
NOMINAL = {"Ben": "aabbdcccedda", "Gerry": "babbbccceddd"}
FOUR = {
    "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    "C": [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
}


def test_kappa_is_as_cohen_reports_it():
    assert measure_kappa(PAIRS[::2], PAIRS[1::2]) == pytest.approx(0.492, abs=5e-4)


@pytest.mark.parametrize(
    ("codings", "alpha"),
    [
        pytest.param(BINARY, 0.095, id="binary"),
        pytest.param(NOMINAL, 0.692, id="nominal"),
        pytest.param(FOUR, 0.743, id="four coders with gaps"),
        pytest.param(pd.DataFrame(FOUR), 0.743, id="as a table"),
    ],
)
def test_alpha_is_as_krippendorff_reports_it(codings, alpha):
    assert measure_alpha(codings) == pytest.approx(alpha, abs=5e-4)


@pytest.mark.parametrize(
    ("first", "second", "kappa"),
    [
        pytest.param("aabb", "aabb", 1.0, id="full agreement"),
        pytest.param("aabb", "abab", 0.0, id="as chance has it"),
        pytest.param("ab", "ba", -1.0, id="never"),
        pytest.param("aaaa", "aaaa", None, id="one class throughout"),
        pytest.param("", "", None, id="no unit"),
    ],
)
def test_kappa_runs_from_less_than_chance_to_full_agreement(first, second, kappa):
    assert measure_kappa(list(first), list(second)) == kappa


def test_kappa_leaves_out_what_one_coder_left_open():
    first = ["a", "a", "b", "b", None, "a"]
    second = ["a", "a", "b", "a", "b", pd.NA]

    assert measure_kappa(first, second) == measure_kappa(first[:4], second[:4])


def test_series_are_matched_by_label():
    first = pd.Series({"E01": "a", "E02": "b", "E03": "b"})

    assert measure_kappa(first, first[::-1]) == 1.0
    assert measure_alpha({"Ada": first, "Ben": first[::-1]}) == 1.0


def test_dicts_are_matched_by_key_and_compared_by_value():
    first = {"E01": "a", "E02": "b"}

    assert measure_kappa(first, {"E02": "b", "E01": "a"}) == 1.0
    assert measure_kappa(first, {"E02": "a", "E01": "b"}) == -1.0


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        pytest.param({"E01": "a"}, "only one has 'E02'", id="a unit is not there"),
        pytest.param({"E01": "a", "E03": "b"}, "only one has 'E02'", id="another unit"),
    ],
)
def test_series_of_other_units_are_refused(second, reason):
    with pytest.raises(CoursekitError, match=reason):
        measure_kappa(pd.Series({"E01": "a", "E02": "b"}), pd.Series(second))


def test_a_unit_that_comes_twice_is_refused():
    twice = pd.Series(["a", "b"], index=["E01", "E01"])

    with pytest.raises(CoursekitError, match="a label comes twice"):
        measure_kappa(twice, twice)


def test_codings_of_different_length_are_refused():
    with pytest.raises(CoursekitError, match="1 and 2 units"):
        measure_kappa(["a", "b"], ["a"])
    with pytest.raises(CoursekitError, match="1 and 2 units"):
        measure_alpha({"Ada": ["a", "b"], "Ben": ["a"]})


def test_alpha_takes_two_coders():
    with pytest.raises(CoursekitError, match="two coders or more"):
        measure_alpha({"Ada": ["a", "b"]})


@pytest.mark.parametrize(
    "codings",
    [
        pytest.param({"Ada": "aa", "Ben": "aa"}, id="one class throughout"),
        pytest.param({"Ada": ["a", None], "Ben": [None, "b"]}, id="no unit twice"),
        pytest.param({"Ada": [], "Ben": []}, id="no unit"),
    ],
)
def test_alpha_is_missing_where_it_is_not_defined(codings):
    assert measure_alpha(codings) is None


def test_what_is_no_coding_is_refused():
    with pytest.raises(TypeError, match="this is int"):
        measure_kappa(["a"], 1)
    with pytest.raises(TypeError, match="this is list"):
        measure_alpha([["a"], ["b"]])
    with pytest.raises(TypeError, match="this is Series"):
        measure_alpha(pd.Series(["a", "b"]))
