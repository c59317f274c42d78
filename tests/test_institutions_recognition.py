"""How far texts recognise a body: the way up, what counts, what is not covered."""

import pandas as pd
import pytest

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.institutions.documents import read_documents
from coursekit.institutions.recognition import (
    BODIES,
    LEVELS,
    concerns,
    ladder,
    recode_levels,
    select_documents,
)

# Invented texts about an invented body.
TEXTS = pd.DataFrame(
    {
        "symbol": ["L/1", "R/1", "R/2", "M/1", "P/1", "R/3"],
        "date": pd.to_datetime(
            [
                "1990-01-05", "1991-02-01", "1991-02-01",
                "1995-03-01", "1997-04-01", "1999-05-01",
            ]
        ),
        "type": [
            "letter", "resolution", "resolution",
            "memorandum", "meeting record", "resolution",
        ],
        "body": ["UNSC", "UNGA", "UNSC", "Secretariats", "UNSC", "UNSC"],
        "actor_concerned": [
            "Union", "Union", "Union; Pact", "Pact/Union", "Pact", "Union"
        ],
        "recognition_level": pd.array([0, 1, 2, 3, 2, 2], dtype="Int64"),
        "speakers_total": pd.array([1, None, None, None, 10, None], dtype="Int64"),
    }
)  # fmt: skip


def test_the_way_up_holds_the_texts_that_went_higher_than_all_before():
    found = ladder(TEXTS, of="Union")

    assert [step.symbol for step in found.steps] == ["L/1", "R/1", "R/2", "M/1"]
    assert found.highest == 3
    assert found.counted == 5


def test_a_ladder_prints_as_a_sentence_with_step_day_and_text():
    assert str(ladder(TEXTS, of="Union")) == (
        "Union up to 1999: 5 texts count. The highest step is 3 (operational "
        "arrangement), first reached on 1 March 1995 by M/1."
    )


def test_a_text_may_concern_two_bodies():
    assert concerns(TEXTS, "Pact").tolist() == [False, False, True, True, True, False]


@pytest.mark.parametrize(
    ("rule", "symbols"),
    [
        pytest.param(
            "adopted by or signed with the UN", "R/1 R/2 M/1 R/3", id="agreed"
        ),
        pytest.param("resolutions only", "R/1 R/2 R/3", id="resolutions"),
        pytest.param("Security Council resolutions", "R/2 R/3", id="council"),
    ],
)
def test_a_rule_keeps_its_kinds_of_text(rule, symbols):
    kept = select_documents(TEXTS, of="Union", rule=rule)

    assert kept["symbol"].tolist() == symbols.split()


def test_years_cut_the_texts_at_both_ends_and_include_them():
    found = ladder(TEXTS, of="Union", since=1991, until=1995)

    assert [step.symbol for step in found.steps] == ["R/1", "R/2", "M/1"]
    assert ladder(TEXTS, of="Union", since=1996).highest == 2


def test_another_judgement_of_a_text_moves_the_step_and_leaves_the_texts_alone():
    found = ladder(TEXTS, of="Union", levels={"M/1": 1, "R/3": 4})

    assert [step.symbol for step in found.steps] == ["L/1", "R/1", "R/2", "R/3"]
    assert TEXTS["recognition_level"].tolist() == [0, 1, 2, 3, 2, 2]


def test_without_a_text_there_is_no_step_and_not_step_zero():
    found = ladder(TEXTS, of="Pact", until=1990)

    assert found.highest is None
    assert "no text that counts, so no step; that is not step 0" in str(found)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        pytest.param({"until": 2030}, "the texts run from 1993 to", id="too late"),
        pytest.param({"since": 1980}, "the texts run from 1993 to", id="too early"),
        pytest.param({"until": 1995}, "the CSTO was founded in 2002", id="not founded"),
        pytest.param(
            {"since": 2015, "until": 2010}, "the last year lies before", id="turned"
        ),
    ],
)
def test_years_that_are_not_covered_are_said_to_be_so(options, reason):
    found = ladder(of="CSTO", **options)

    assert f"not covered, for {reason}" in str(found)
    assert found.highest is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: ladder(TEXTS, of="NATO"), "no body in", id="body"),
        pytest.param(
            lambda: ladder(TEXTS, of="Pact", rule="all"), "no rule", id="rule"
        ),
        pytest.param(
            lambda: recode_levels(TEXTS, {"R/9": 1}), "no text named", id="text"
        ),
        pytest.param(lambda: recode_levels(TEXTS, {"R/1": 5}), "no level", id="level"),
    ],
)
def test_a_name_that_does_not_exist_is_refused(call, message):
    with pytest.raises(UnknownNameError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(
            lambda: ladder(TEXTS, of="Pact", until="1995"), "is no year", id="year"
        ),
        pytest.param(
            lambda: recode_levels(TEXTS, {"R/1": True}), "is no level", id="truth value"
        ),
        pytest.param(
            lambda: ladder(TEXTS, of="Pact", levels=["R/1"]), "give a dict", id="levels"
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_type_error(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_the_data_know_the_five_steps_and_both_bodies():
    texts = read_documents()

    assert set(texts["recognition_level"]) <= set(LEVELS)
    assert texts["date"].is_monotonic_increasing
    assert [ladder(of=body).highest for body in BODIES] == [2, 3]


def test_no_text_of_the_data_gives_a_mandate():
    assert read_documents()["recognition_level"].max() < max(LEVELS)


def test_a_ladder_of_no_texts_is_refused():
    with pytest.raises(CoursekitError, match="text"):
        ladder(read_documents().iloc[:0])


@pytest.mark.parametrize("function", [ladder, select_documents])
def test_a_symbol_in_the_place_of_a_table_is_refused(function):
    with pytest.raises(TypeError, match="table"):
        function("A/RES/59/50")


@pytest.mark.parametrize(
    "options", [{"of": ["CSTO"]}, {"rule": ["every text"]}], ids=["body", "rule"]
)
def test_a_list_in_the_place_of_a_name_is_refused(options):
    with pytest.raises(UnknownNameError):
        ladder(read_documents(), **options)


def test_years_after_the_last_text_are_not_covered():
    found = ladder(read_documents(), since=2030)

    assert "not covered, for the texts run from 1993 to 2024" in str(found)
