from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.exercise.answers import to_plain
from coursekit.exercise.layout import lay_out
from coursekit.exercise.rules import Rule, compare, compare_parts
from coursekit.exercise.seals import seal
from plain_values import built_ins, compare_both, tables, values

SHARES = pd.Series({"full": 0.07, "none": 0.3, "partial": 0.63})
CASES = pd.DataFrame({"case": ["A", "B", "C"], "troops": [1.0, None, 3.0]})

BY_YEAR = pd.Series([4, 5, 6], index=pd.Index([2020, 2021, 2022], name="year"))
BY_YEAR_FLOAT = BY_YEAR.set_axis(pd.Index([2020.0, 2021.0, 2022.0], name="year"))


def stage_of(expected, found, **options):
    return compare_both(expected, found, **options).stage


@pytest.mark.parametrize(
    ("expected", "found", "options", "stage"),
    [
        pytest.param(3, 3.0, {}, "matches", id="3 is 3.0"),
        pytest.param(0.3, 0.1 + 0.2, {}, "matches", id="noise"),
        pytest.param(0.5, 0.501, {}, "values differ", id="no tolerance asked"),
        pytest.param(0.5, 0.501, {"rtol": 0.01}, "matches", id="relative"),
        pytest.param(0.0, 0.0, {"rtol": 0.01}, "matches", id="zero"),
        pytest.param(0.0, 1e-12, {"rtol": 0.01}, "values differ", id="not quite zero"),
        pytest.param(0.0, -0.4, {"atol": 0.5}, "matches", id="absolute across zero"),
        pytest.param(680, 681.5, {"atol": 1}, "values differ", id="absolute"),
        pytest.param(1, True, {}, "wrong type", id="true is not 1"),
        pytest.param(1, "1", {}, "wrong type", id="text is not a number"),
        pytest.param(SHARES, SHARES.iloc[::-1], {}, "wrong shape", id="order counts"),
        pytest.param(
            SHARES, SHARES.iloc[::-1], {"ordered": False}, "matches", id="by label"
        ),
        pytest.param(SHARES, SHARES * 100, {}, "values differ", id="per cent"),
        pytest.param(SHARES, SHARES.to_frame(), {}, "wrong type", id="frame"),
        pytest.param(CASES, CASES[["troops", "case"]], {}, "matches", id="columns"),
        pytest.param(CASES, CASES.fillna(0), {}, "values differ", id="gap is not zero"),
        pytest.param(CASES, CASES.dropna(), {}, "wrong shape", id="rows dropped"),
        pytest.param(
            CASES, CASES.iloc[[2, 0, 1]], {"ordered": False}, "matches", id="rows"
        ),
        pytest.param({"a", "b"}, {"b", "a"}, {}, "matches", id="set"),
        pytest.param({"a", "b"}, {"a", "c"}, {}, "wrong shape", id="other member"),
        pytest.param({"a": 1}, {"a": 2}, {}, "values differ", id="mapping"),
        pytest.param({1, 2}, {1.0, 2.0}, {}, "matches", id="members 1 and 1.0"),
        pytest.param({2022: "a"}, {2022.0: "a"}, {}, "matches", id="keys 1 and 1.0"),
        pytest.param(BY_YEAR, BY_YEAR_FLOAT, {}, "matches", id="labels 1 and 1.0"),
        pytest.param({True}, {1}, {}, "wrong shape", id="member true is not 1"),
        pytest.param(
            pd.Series([1], index=[True]),
            pd.Series([1], index=pd.Index([1], name="flag")),
            {},
            "wrong shape",
            id="label true is not 1",
        ),
        pytest.param(
            BY_YEAR,
            BY_YEAR.replace(5, None),
            {"ordered": False},
            "values differ",
            id="a gap does not move the labels",
        ),
        pytest.param(object(), object(), {}, "wrong type", id="nothing plain"),
    ],
)  # fmt: skip
def test_known_and_sealed_answers_are_compared_alike(expected, found, options, stage):
    assert stage_of(expected, found, **options) == stage


@given(
    expected=st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-6),
    drift=st.floats(-2, 2).filter(lambda x: abs(abs(x) - 1) > 1e-3),
    rtol=st.sampled_from([1e-6, 1e-3, 0.1]),
)
def test_a_digest_accepts_just_what_the_tolerance_accepts(expected, drift, rtol):
    found = expected * (1 - rtol) ** drift

    assert stage_of(expected, found, rtol=rtol) == (
        "matches" if abs(drift) < 1 else "values differ"
    )


@given(
    expected=st.floats(-100, 100),
    drift=st.floats(-2, 2).filter(lambda x: abs(abs(x) - 1) > 1e-3),
)
def test_a_digest_keeps_an_absolute_tolerance_too(expected, drift):
    assert stage_of(expected, expected + drift * 0.5, atol=0.5) == (
        "matches" if abs(drift) < 1 else "values differ"
    )


@pytest.mark.parametrize(
    ("expected", "found", "options"),
    [
        pytest.param(680, 681, {"atol": 1}, id="one too many"),
        pytest.param(680, 679, {"atol": 1}, id="one too few"),
        pytest.param(0.3, 0.4, {"atol": 0.1}, id="noise on the edge"),
        pytest.param(100, 90, {"rtol": 0.1}, id="a tenth less"),
        pytest.param(90, 100, {"rtol": 0.1}, id="of which it is a tenth"),
        pytest.param([[1] * 9], [[2] * 9], {"atol": 1}, id="many in one part"),
    ],
)
def test_edge_of_the_tolerance_is_within_it(expected, found, options):
    assert stage_of(expected, found, **options) == "matches"


@pytest.mark.parametrize(
    ("number", "options"),
    [
        pytest.param(1e308, {"atol": 1e-9}, id="float"),
        pytest.param(2**1023 - 1, {"atol": 1e-300}, id="whole number"),
        pytest.param(5e-324, {"rtol": 0.1}, id="smallest of all"),
    ],
)
def test_numbers_at_the_ends_of_all_numbers_can_be_compared(number, options):
    assert stage_of(number, number, **options) == "matches"


@given(values)
def test_every_value_matches_itself(value):
    assert stage_of(value, value) == "matches"
    assert stage_of(value, value, ordered=False) == "matches"


@given(built_ins, built_ins, st.booleans())
def test_two_values_are_of_one_kind_whichever_is_asked_for(one, two, ordered):
    there = stage_of(one, two, ordered=ordered)
    back = stage_of(two, one, ordered=ordered)

    assert (there == "wrong type") == (back == "wrong type")


@given(values, values, st.booleans())
def test_any_two_values_are_compared_alike_known_and_sealed(one, two, ordered):
    found = compare_both(one, two, ordered=ordered)

    assert (found.stage == "matches") == (found.message == "It matches.")


@given(st.data(), st.lists(built_ins, max_size=6))
def test_order_is_of_no_account_where_it_is_not_asked_for(data, items):
    found = data.draw(st.permutations(items))

    assert stage_of(items, found, ordered=False) == "matches"


@given(st.data(), tables())
def test_rows_are_found_in_any_order(data, table):
    rows = data.draw(st.permutations(range(len(table))))
    columns = data.draw(st.permutations(range(table.shape[1])))
    unlike = table.columns.map(str).is_unique

    found = table.iloc[rows, columns if unlike else slice(None)]

    assert stage_of(table, found, ordered=False) == "matches"


@given(
    expected=st.floats(-1e6, 1e6),
    atol=st.sampled_from([1e-3, 1, 250]),
    excess=st.floats(1e-3, 1e6),
    sign=st.sampled_from([-1, 1]),
)
def test_what_lies_beyond_the_tolerance_never_matches(expected, atol, excess, sign):
    found = [expected + sign * atol * (1 + excess)]

    assert stage_of([expected], found, atol=atol) == "values differ"


def test_parts_are_counted_and_not_named():
    result = compare(to_plain(SHARES), to_plain(SHARES.replace(0.3, 0.4)), Rule())

    assert (len(result.right), result.total) == (2, 3)
    assert result.message == "1 of 3 values differ."


def test_members_of_a_set_count_where_others_are_missing():
    result = compare(to_plain({"a", "b", "c"}), to_plain({"a", "b"}), Rule())

    assert (result.stage, len(result.right), result.total) == ("wrong shape", 2, 3)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param({"rtol": 0.1, "atol": 1}, "not both", id="both"),
        pytest.param({"rtol": 2}, "between 0 and 1", id="rtol"),
        pytest.param({"atol": -1}, "above 0", id="atol"),
        pytest.param({"atol": float("inf")}, "finite", id="no end"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        Rule(**options)


def test_mark_of_a_number_is_no_number():
    mark = {"kind": "number"}
    forged = {"kind": "series", "index": list(SHARES.index), "values": [mark] * 3}
    rule = Rule(rtol=0.01)
    sealed = compare_parts(
        seal(to_plain(SHARES), rule, "salt"), lay_out(forged, ordered=True)
    )

    assert compare(to_plain(SHARES), forged, rule).stage == "values differ"
    assert sealed.stage == "values differ"
