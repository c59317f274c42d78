"""Figures, words and tables of findings, shares and cases."""

import pandas as pd
import pytest

from coursekit.charts.cases import (
    describe_cases,
    describe_findings,
    describe_shares,
    draw_cases,
    draw_findings,
    draw_shares,
    tabulate_findings,
)
from coursekit.errors import UnknownNameError

GRID = pd.DataFrame(
    {"D01": ["met", "fails"], "D02": ["needs facts", "met"]},
    index=pd.Index(["AAA1990", "BBB2000"], name="case_id"),
)
SHARES = pd.DataFrame(
    {
        "label": ["all", "the sure ones", "nobody"],
        "low": [0.2, 0.5, None],
        "base": [0.25, 0.5, None],
        "high": [0.4, 0.5, None],
    }
)
CASES = pd.DataFrame(
    {
        "case_id": ["AAA1990", "BBB1990", "CCC2000"],
        "target_name": ["Aland", "Beland", "Celand"],
        "year_start": [1990, 1990, 2000],
        "form": pd.Categorical(
            ["by_letter", "by_letter", "none"],
            categories=["none", "by_letter", "by_wire"],
        ),
    }
)


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def test_each_outcome_has_marks_and_a_symbol_of_its_own():
    drawn = traces(draw_findings(GRID, cases=CASES))

    assert list(drawn["met"].x) == ["D01", "D02"]
    assert list(drawn["met"].text) == ["AAA1990 Aland", "BBB2000"]
    assert len({trace.marker.symbol for trace in drawn.values()}) == 3


def test_findings_are_told_in_words_and_as_rows():
    assert describe_findings(GRID) == (
        "2 cases, 2 doctrines. D01: met 1, fails 1, needs facts 0; "
        "D02: met 1, fails 0, needs facts 1."
    )
    assert tabulate_findings(GRID).iloc[1].tolist() == ["AAA1990", "D02", "needs facts"]


def test_many_doctrines_are_summed_up():
    wide = pd.concat([GRID] * 3, axis=1, keys=["x", "y", "z"])
    wide.columns = [f"{a}{b}" for a, b in wide.columns]

    assert describe_findings(wide).endswith("met 6, fails 3, needs facts 3.")


@pytest.mark.parametrize("show", [draw_findings, describe_findings, tabulate_findings])
def test_a_cell_that_is_no_outcome_is_an_error(show):
    with pytest.raises(UnknownNameError, match="no outcome named 'lawful'"):
        show(GRID.replace("met", "lawful"))


def test_a_share_has_its_interval_and_a_share_of_nothing_no_mark():
    drawn = traces(draw_shares(SHARES, n=4))

    assert list(drawn["base"].x) == [0.25, 0.5]
    assert list(drawn["across the readings"].x)[:3] == [0.2, 0.4, None]


def test_shares_are_told_in_words():
    assert describe_shares(SHARES, n=4) == (
        "Shares of 4 cases: all 0.25, from 0.2 to 0.4 across the readings; "
        "the sure ones 0.5 under every reading; nobody unknown."
    )


def test_cases_of_one_year_and_code_do_not_cover_each_other():
    drawn = traces(draw_cases(CASES, colour="form"))

    assert list(drawn) == ["none", "by letter"]
    assert drawn["by letter"].x == (1990, 1990)
    assert len(set(drawn["by letter"].y)) == 2


def test_cases_are_told_in_words():
    assert describe_cases(CASES, colour="form") == (
        "3 cases by form: none 1 (2000), by letter 2 (1990)."
    )
    assert describe_cases(CASES[:0], colour="form") == "No case is shown."


@pytest.mark.parametrize("show", [draw_cases, describe_cases])
def test_a_column_that_is_not_there_is_an_error(show):
    with pytest.raises(UnknownNameError, match="no column named 'shape'"):
        show(CASES, colour="shape")
