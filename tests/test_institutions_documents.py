"""Speakers and their stances: shares, with bounds for those who are missing."""

import pandas as pd
import pytest

from coursekit import across_readings
from coursekit.errors import UnknownNameError
from coursekit.institutions.documents import measure_stances

# Invented texts of an invented body.
TEXTS = pd.DataFrame(
    {
        "symbol": ["L/1", "R/1", "P/1", "R/3"],
        "date": pd.to_datetime(
            ["1990-01-05", "1991-02-01", "1997-04-01", "1999-05-01"]
        ),
        "speakers_total": pd.array([1, None, 10, None], dtype="Int64"),
    }
)
STANCES = pd.DataFrame(
    {
        "symbol": ["L/1", "P/1", "P/1", "P/1", "P/1", "R/3"],
        "speaker": ["AAA", "AAA", "BBB", "CCC", "DDD", "BBB"],
        "stance": [
            "supportive", "supportive", "critical", "neutral", "supportive", "critical"
        ],
    }
)  # fmt: skip


def by_year(**options):
    table = measure_stances(STANCES, TEXTS, **options)
    return table.set_index("year")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(
            lambda: measure_stances(STANCES, TEXTS, stance="angry"),
            "no stance named",
            id="stance",
        ),
        pytest.param(
            lambda: measure_stances(STANCES, TEXTS, by="month"), "no way to", id="by"
        ),
        pytest.param(
            lambda: measure_stances(STANCES, TEXTS[:1]), "no text named", id="stray"
        ),
    ],
)
def test_a_name_that_does_not_exist_is_refused(call, message):
    with pytest.raises(UnknownNameError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: by_year(years=[1990.5]), "is no year", id="half a year"),
    ],
)
def test_what_is_no_whole_number_is_a_type_error(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_a_year_with_known_speakers_has_share_missing_and_bounds():
    row = by_year().loc[1997]

    assert row[["coded", "count", "speakers", "missing"]].tolist() == [4, 1, 10, 6]
    assert row[["share", "low", "high"]].tolist() == [0.25, 0.1, 0.7]


def test_a_year_with_unknown_speakers_is_bounded_by_nothing():
    row = by_year().loc[1999]

    assert row["share"] == 1
    assert row[["low", "high"]].tolist() == [0, 1]
    assert row[["speakers", "missing"]].isna().all()


def test_a_year_in_which_nobody_spoke_is_not_covered_and_has_no_zero():
    row = by_year().loc[1993]

    assert not row["covered"]
    assert row.drop("covered").isna().all()


def test_years_beyond_the_texts_are_not_covered_either():
    assert by_year(years=[1980, 1997])["covered"].tolist() == [False, True]


def test_a_text_whose_speakers_are_all_missing_has_no_share():
    row = measure_stances(STANCES[:1], TEXTS).set_index("year").loc[1997]

    assert pd.isna(row["share"])
    assert row[["missing", "low", "high"]].tolist() == [10, 0, 1]


def test_by_text_there_is_a_row_for_each_text_with_a_speaker():
    table = measure_stances(STANCES, TEXTS, by="symbol", stance="supportive")

    assert table["symbol"].tolist() == ["L/1", "P/1", "R/3"]
    assert table["share"].tolist() == [1, 0.5, 0]


def test_the_zero_of_2024_is_bounded_by_nothing():
    row = measure_stances(years=[2024]).loc[0]

    assert row["count"] == 0
    assert row[["low", "high"]].tolist() == [0, 1]


def test_a_reading_of_who_spoke_bounds_the_debate_of_2022():
    def upper(documents):
        table = measure_stances(documents=documents, by="symbol")
        return table.set_index("symbol").loc["S/PV.8967", "high"]

    found = across_readings("un_documents", upper, questions="speakers_2022")

    assert found.base == 1
    assert found.low < 1
