"""Rank correlation with five cases, and every way to ask one question."""

from __future__ import annotations

from itertools import permutations

import pandas as pd
import pytest

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.surveillance.forks import (
    MEASURES,
    STATES,
    measure_change,
    measure_rank_correlation,
    measure_supply,
    read_index,
    tabulate_forks,
)

FIRST = [2.0, 2.0, 5.0, 1.0, 9.0]
SECOND = [0.1, -0.4, 0.3, 0.3, -0.2]


def by_pandas(first, second):
    """Rho and p the slow way, by pandas."""
    one, two = pd.Series(first).rank(), pd.Series(second).rank()
    rho = one.corr(two)
    far = [abs(one.corr(pd.Series(order))) for order in permutations(two)]
    return rho, sum(value >= abs(rho) - 1e-9 for value in far) / len(far)


def test_rho_and_p_are_those_of_pandas():
    found = measure_rank_correlation(FIRST, SECOND)

    assert (found.rho, found.p) == pytest.approx(by_pandas(FIRST, SECOND))


def test_five_cases_in_perfect_order_reach_the_floor_and_no_less():
    found = measure_rank_correlation([1, 2, 3, 4, 5], [10, 20, 30, 40, 50])

    assert found.rho == pytest.approx(1)
    assert found.p == found.floor == pytest.approx(2 / 120)
    assert found.orders == 120


def test_ties_raise_the_floor():
    tied = measure_rank_correlation([3, 3, 5, 3, 7], [1, 2, 3, 4, 5])
    plain = measure_rank_correlation([1, 2, 5, 3, 7], [1, 2, 3, 4, 5])

    assert tied.floor > plain.floor


def test_turning_one_list_round_turns_the_sign_and_keeps_p():
    found = measure_rank_correlation(FIRST, SECOND)
    turned = measure_rank_correlation(FIRST, [-value for value in SECOND])

    assert turned.rho == pytest.approx(-found.rho)
    assert turned.p == found.p


def test_result_reads_as_a_sentence():
    found = measure_rank_correlation([1, 2, 3], [3, 2, 1])

    assert str(found) == (
        "Spearman's rho -1.00, exact p 0.333 over 6 orders; no order of these values "
        "could give a p below 0.333."
    )


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        pytest.param([1, 2, 3], [1, 2], "takes 3 to 8", id="too short"),
        pytest.param([1, 2, 3, 4], [1, 2, 3], "cannot be paired", id="unequal"),
        pytest.param(range(9), range(9), "takes 3 to 8", id="too long"),
        pytest.param([1, 2, float("nan")], [1, 2, 3], "missing", id="missing"),
        pytest.param([4, 4, 4], [1, 2, 3], "no order", id="all equal"),
    ],
)
def test_lists_that_have_no_correlation_are_refused(first, second, message):
    with pytest.raises(CoursekitError, match=message):
        measure_rank_correlation(first, second)


@pytest.mark.parametrize(
    "value", [pytest.param("2", id="text"), pytest.param(True, id="truth value")]
)
def test_what_is_no_number_has_no_rank(value):
    with pytest.raises(TypeError, match="is no number"):
        measure_rank_correlation([1, 2, value], [1, 2, 3])


def test_sign_turns_with_the_denominator():
    change = measure_change("vdem_libdem", 2012, 2024)
    signs = {
        name: measure_rank_correlation(measure_supply(name), change).rho > 0
        for name in MEASURES
    }

    assert signs == {
        "rows": True,
        "rows per million people": False,
        "share of all rows": False,
        "share of rows with a named maker": False,
    }


def test_every_fork_is_one_row_and_only_raw_counts_lie_above_zero():
    table = tabulate_forks()

    assert len(table) == 4 * 2 * 2 * 4
    assert set(table.loc[table["rho"] > 0, "measure"]) == {"rows"}
    assert table["p"].ge(table["floor"]).all()


def test_smallest_p_stands_where_most_rows_had_not_been_announced():
    table = tabulate_forks()
    strongest = table[table["p"] == table["p"].min()]

    assert set(strongest["last"]) == {2016}


def test_supply_covers_the_five_states_in_every_measure():
    assert [list(measure_supply(name).index) for name in MEASURES] == [list(STATES)] * 4


def test_shares_lie_between_nought_and_one():
    shares = measure_supply("share of all rows")

    assert shares.between(0, 1).all()
    assert (shares <= measure_supply("share of rows with a named maker")).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: measure_supply("cameras"), "no measure", id="measure"),
        pytest.param(
            lambda: measure_supply(evidence="good ones"), "kind of evidence", id="grade"
        ),
        pytest.param(lambda: measure_supply(bloc="Chinese"), "no bloc", id="bloc"),
        pytest.param(lambda: read_index("fiw_total", 2012), "indicator", id="index"),
        pytest.param(lambda: read_index("vdem_libdem", 1990), "no year", id="year"),
    ],
)
def test_unknown_choices_are_named(call, message):
    with pytest.raises(UnknownNameError, match=message):
        call()


def test_change_into_the_past_is_refused():
    with pytest.raises(CoursekitError, match="nothing can change"):
        measure_change("vdem_libdem", 2024, 2012)
