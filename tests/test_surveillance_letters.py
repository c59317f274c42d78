"""Who signed, who joined, who left, and of whom nobody knows."""

from __future__ import annotations

import pytest

from coursekit.errors import UnknownNameError
from coursekit.evidence import load
from coursekit.surveillance.letters import FIVE, Sides, read_sides, trace_sides

JULY = read_sides("HRC41_2019_07")


def test_the_letters_of_2019_have_37_supporters_first_and_50_in_the_end():
    assert len(JULY.critics) == 22
    assert len(JULY.original) == 37
    assert len(JULY.acceded) == 14
    assert JULY.left == {"QAT"}
    assert len(JULY.final) == 50


def test_no_state_stands_on_both_sides():
    assert not JULY.critics & JULY.final


@pytest.mark.parametrize(
    ("state", "side"),
    [
        pytest.param("AUS", "criticised", id="critic"),
        pytest.param("TJK", "supported", id="first"),
        pytest.param("UZB", "supported", id="later"),
        pytest.param("QAT", "left", id="withdrew"),
        pytest.param("KAZ", "neither", id="neither"),
    ],
)
def test_a_state_stands_where_the_lists_have_it(state, side):
    assert JULY.side_of(state) == side


def test_who_is_not_on_a_list_that_is_not_whole_is_unknown():
    partial = Sides(
        "x",
        critics=frozenset({"A"}),
        original=frozenset({"B"}),
        acceded=frozenset(),
        left=frozenset(),
        critics_complete=True,
        supporters_complete=False,
    )

    assert partial.side_of("C") == "unknown"


def test_counts_of_whole_lists_agree_with_the_statement():
    statements = load("xinjiang_statements").set_index("statement_id")
    counted = read_sides("UNGA3C_2020_10")

    assert len(counted.critics) == statements.loc["UNGA3C_2020_10", "critics_count"]
    assert len(counted.final) == statements.loc["UNGA3C_2020_10", "supporters_count"]


def test_states_are_traced_through_all_statements_in_order_of_time():
    traced = trace_sides()

    assert list(traced.columns) == ["date", "topic", *FIVE]
    assert traced["date"].is_monotonic_increasing
    assert len(traced) == len(load("xinjiang_statements"))


def test_a_state_without_a_row_is_unknown_and_not_on_neither_side():
    traced = trace_sides(["KGZ"])

    assert traced.loc["HRC51_2022_09", "KGZ"] == "supported"
    assert traced.loc["HRC41_2019_07", "KGZ"] == "neither"
    assert traced.loc["UNGA3C_2019_10", "KGZ"] == "unknown"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: read_sides("HRC99"), "no statement", id="statement"),
        pytest.param(lambda: trace_sides(["XXX"]), "no state in these", id="state"),
    ],
)
def test_an_unknown_name_is_refused(call, message):
    with pytest.raises(UnknownNameError, match=message):
        call()


def test_what_is_no_list_of_states_is_a_type_error():
    with pytest.raises(TypeError, match="give codes in a list"):
        trace_sides(5)
