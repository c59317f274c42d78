"""What is on record before and after a moment: counts, bars, words."""

from __future__ import annotations

import pandas as pd
import pytest

from coursekit.charts.purchases import (
    MOMENTS,
    describe_purchases,
    draw_purchases,
    tabulate_purchases,
)
from coursekit.errors import UnknownNameError
from coursekit.evidence import load

# Invented counts, and a state of which nothing is known.
TABLE = pd.DataFrame(
    {
        "state": ["KAZ", "XXX"],
        "year": [2000, 2001],
        "before": [1, None],
        "same_year": [0, None],
        "after": [2, None],
        "undated": [3, None],
        "rows": [6, None],
    }
).astype(dict.fromkeys(["before", "same_year", "after", "undated", "rows"], "Int64"))


@pytest.mark.parametrize("grades", ["ABCD", "AB", "D", ""])
def test_the_four_counts_are_all_the_rows(grades):
    (row,) = tabulate_purchases([("UZB", 2016)], grades).to_dict("records")
    table = load("deployments").query("country_iso3 == 'UZB'")

    assert sum(row[moment] for moment in MOMENTS) == row["rows"]
    assert row["rows"] == table["evidence_grade"].isin(list(grades)).sum()


def test_a_state_without_any_row_has_no_numbers():
    table = tabulate_purchases([("GEO", 2008)])

    assert table[[*MOMENTS, "rows"]].isna().all(axis=None)
    assert describe_purchases(table) == "GEO: not covered."


def test_a_grade_that_no_row_has_is_a_number_and_says_so():
    table = tabulate_purchases([("KGZ", 2010)], "D")

    assert describe_purchases(table).startswith("Kyrgyzstan: 0 rows on record")


def test_an_earlier_year_has_no_more_before_it():
    table = tabulate_purchases([("KAZ", year) for year in range(2010, 2026)])

    assert table["before"].is_monotonic_increasing
    assert table["after"].is_monotonic_decreasing
    assert set(table["undated"]) == {2}


@pytest.mark.parametrize("grade", ["E", "a", "AB", 1])
def test_a_grade_that_is_none_is_refused(grade):
    with pytest.raises(UnknownNameError, match="no grade named"):
        tabulate_purchases([("KAZ", 2022)], [grade])


def test_nothing_asked_for_gives_an_empty_table():
    assert tabulate_purchases([]).empty


def test_each_moment_is_a_trace_with_its_numbers_written_above():
    figure = draw_purchases(TABLE)

    assert [trace.name for trace in figure.data] == ["Kazakhstan, 2000", "XXX, 2001"]
    assert list(figure.data[0].y) == [1, 0, 2, 3]
    assert list(figure.data[0].text) == ["1", "0", "2", "3"]


def test_what_is_not_covered_has_no_bar():
    figure = draw_purchases(TABLE)

    assert list(figure.data[1].y) == [None] * 4


def test_traces_differ_in_more_than_colour():
    figure = draw_purchases(TABLE)
    shapes = [trace.marker.pattern.shape for trace in figure.data]

    assert len(set(shapes)) == 2


def test_words_say_every_number_and_what_is_not_covered():
    assert describe_purchases(TABLE) == (
        "Kazakhstan: 6 rows on record, 1 dated before 2000, 0 in it, 2 after it and "
        "3 without a year. XXX: not covered."
    )
