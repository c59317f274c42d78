"""One case as each lens sees it, and what is said where a row is missing."""

from __future__ import annotations

import pytest

from coursekit.charts.lenses import (
    ACROSS,
    SITUATIONS,
    describe_institutions,
    describe_law,
    describe_surveillance,
    find_situation,
    list_readings,
    measure_outcomes,
    name_situation,
    tabulate_coverage,
)
from coursekit.errors import UnknownNameError
from coursekit.evidence import readings
from coursekit.law import assess, find_case, find_doctrine, read_doctrines
from coursekit.law.doctrines import OUTCOMES

NO_REQUEST = [key for key, one in SITUATIONS.items() if not one.intervention]
ALMATY, OSH = find_situation("KAZ2022"), find_situation("KGZ2010")


def test_a_case_has_a_name_that_tells_it_apart():
    names = [name_situation(key) for key in SITUATIONS]

    assert names[0] == "Kazakhstan 2022: a request accepted"
    assert len(set(names)) == len(names)


def test_an_unknown_case_is_refused_with_those_that_are_there():
    with pytest.raises(UnknownNameError, match=r"no case named 'KAZ2023'.*KAZ2022"):
        find_situation("KAZ2023")


def test_only_readings_that_move_a_fact_of_a_doctrine_are_listed():
    rivals = readings("interventions")
    rows = rivals[rivals["reading"].isin(list_readings("KAZ2022"))]

    assert set(rows["column"]) == {"effective_control_of_inviter", "internal_situation"}
    assert not rows["base"].any()


@pytest.mark.parametrize("doctrine", list(read_doctrines()))
def test_the_base_outcome_is_that_of_the_law(doctrine):
    found = measure_outcomes("KAZ2022", doctrine)
    finding = assess(find_case("KAZ2022"), find_doctrine(doctrine))

    assert found["base"] == finding.outcome
    assert set(found.values()) <= set(OUTCOMES)
    assert list(found)[1:] == list_readings("KAZ2022")


def test_across_readings_names_the_readings_of_each_outcome():
    words = describe_law(ALMATY, doctrine_id="D24", reading=ACROSS)

    assert "fails under the base, control_kaz2022_full and" in words
    assert "needs facts under situation_kaz2022_nonviolent_protest." in words


def test_one_reading_gives_one_outcome_with_its_reason():
    words = describe_law(
        ALMATY, doctrine_id="D24", reading="situation_kaz2022_nonviolent_protest"
    )

    assert ": needs facts, because x:forces_help_suppress is not known" in words


def test_a_reading_of_another_case_leaves_the_base():
    reading = "situation_kaz2022_terrorism"

    assert describe_law(OSH, reading=reading) == describe_law(OSH)


@pytest.mark.parametrize("key", NO_REQUEST)
def test_a_case_without_a_request_is_not_covered_by_the_law(key):
    words = describe_law(find_situation(key))

    assert words.startswith("Law: not covered.")
    assert "no finding that all was lawful" in words


def test_members_are_those_of_the_day():
    assert "the CSTO had 7 members" in describe_institutions(OSH)
    assert "the CSTO had 6 members" in describe_institutions(ALMATY)


def test_a_state_outside_is_said_to_be_outside():
    words = describe_institutions(find_situation("UZB2022"))

    assert "Uzbekistan not among them" in words


def test_a_body_that_was_not_founded_is_not_covered():
    words = describe_institutions(find_situation("TJK1993"))

    assert "CSTO on 1 October 1993 is not covered" in words


def test_a_request_without_a_force_is_told_from_no_row_at_all():
    assert "asked for, and nobody was sent." in describe_institutions(OSH)
    assert "A force is not covered" in describe_institutions(find_situation("KAZ2011"))


def test_a_disputed_end_of_a_force_says_so():
    assert "(3 readings of the end)" in describe_institutions(ALMATY)


def test_a_length_that_is_not_known_is_no_number():
    assert "SH-10 has no length on record" in describe_surveillance(OSH)
    assert "0 hours" not in describe_surveillance(OSH)


def test_the_length_of_a_cut_has_two_ends_across_readings():
    base = describe_surveillance(ALMATY)
    across = describe_surveillance(ALMATY, reading=ACROSS)

    assert "SH-09 lasted 135.5 hours" in base
    assert "hours across readings" in across


def test_a_case_without_a_cut_is_not_covered():
    words = describe_surveillance(find_situation("TJK1993"))

    assert "a cut in the net is not covered" in words


def test_a_stricter_grade_leaves_fewer_rows():
    assert "20 rows on record" in describe_surveillance(ALMATY)
    assert "18 rows on record" in describe_surveillance(ALMATY, grades="AB")


@pytest.mark.parametrize(
    ("describe", "wrong"),
    [
        pytest.param(describe_law, {"doctrine_id": "D99"}, id="doctrine"),
        pytest.param(describe_institutions, {"body": "CTSO"}, id="body"),
        pytest.param(describe_surveillance, {"grades": "E"}, id="grade"),
        pytest.param(describe_law, {"reading": "no_such"}, id="reading of law"),
        pytest.param(describe_surveillance, {"reading": "no_such"}, id="of a cut"),
    ],
)
def test_a_name_that_is_none_is_refused(describe, wrong):
    with pytest.raises(UnknownNameError):
        describe(ALMATY, **wrong)


def test_coverage_is_a_number_or_says_that_there_is_none():
    table = tabulate_coverage(SITUATIONS)

    assert not (table == "0").any(axis=None)
    assert table.loc["interventions", "KAZ2011"] == "not covered"
    assert table.loc["shutdowns", "KAZ2022"] == "2"
