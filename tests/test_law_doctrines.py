"""Doctrines on cases: three outcomes, and unknown is never false."""

from __future__ import annotations

import itertools
import pickle

import pandas as pd
import pytest

from coursekit import load
from coursekit.errors import MalformedDataError, UnknownNameError
from coursekit.exercise.answers import to_plain
from coursekit.law import (
    MET_MEANS,
    Case,
    Doctrine,
    Requirement,
    assess,
    assess_all,
    compare,
    describe_change,
    find_case,
    find_doctrine,
    parse_requirements,
    read_cases,
    read_doctrines,
    read_notes,
    record,
    tabulate_outcomes,
    vocabulary,
    what_if,
)

FACTS = ("x:consent_valid", "x:request_by_member")
BOTH = Doctrine("T01", "Both", "Both must hold.", tuple(
    Requirement(fact, ("yes",)) for fact in FACTS
))  # fmt: skip
KLEENE = {  # strong conjunction, Kleene 1952 section 64
    ("yes", "yes"): "met",
    ("yes", None): "needs facts",
    ("yes", "no"): "fails",
    (None, None): "needs facts",
    (None, "no"): "fails",
    ("no", "no"): "fails",
}


@pytest.mark.parametrize("values", KLEENE, ids=str)
def test_two_requirements_follow_kleenes_table(values):
    found = assess(Case("T", dict(zip(FACTS, values, strict=True))), BOTH)

    assert found.outcome == KLEENE[values]


@pytest.mark.parametrize("values", KLEENE, ids=str)
def test_the_order_of_requirements_does_not_matter(values):
    found = assess(Case("T", dict(zip(FACTS, reversed(values), strict=True))), BOTH)

    assert found.outcome == KLEENE[values]


@pytest.mark.parametrize(
    ("asked", "value", "holds"),
    [
        pytest.param("internal_situation=coup|terrorism", "coup", True, id="one of"),
        pytest.param("internal_situation=coup|terrorism", "none", False, id="none of"),
        pytest.param("internal_situation!=civil_war", "coup", True, id="not excluded"),
        pytest.param(
            "internal_situation!=civil_war", "civil_war", False, id="excluded"
        ),
        pytest.param("internal_situation!=civil_war", None, None, id="unknown"),
    ],
)
def test_a_requirement_holds_or_not_or_is_unknown(asked, value, holds):
    (requirement,) = parse_requirements(asked)

    assert requirement.holds(Case("T", {"internal_situation": value})) is holds


def test_an_absent_fact_is_unknown():
    assert assess(Case("T"), BOTH).outcome == "needs facts"


def test_contested_is_a_value_and_not_yes():
    syria = find_case("SYR2015")

    assert assess(syria, find_doctrine("D03")).outcome == "fails"


def test_the_none_of_the_data_is_a_value_and_not_a_gap():
    found = assess(find_case("HTI1994"), find_doctrine("D02"))

    assert (found.outcome, found.deciding) == (
        "fails",
        ("effective_control_of_inviter",),
    )


def test_a_finding_that_fails_names_only_what_failed():
    found = assess(Case("T", {FACTS[0]: "no"}), BOTH)

    assert found.reasons == ("x:consent_valid is no (asked: yes)",)


def test_a_finding_that_needs_facts_names_only_what_is_unknown():
    found = assess(Case("T", {FACTS[0]: "yes"}), BOTH)

    assert found.reasons == ("x:request_by_member is not known (asked: yes)",)


def test_a_finding_that_is_met_names_all_that_was_asked():
    found = assess(Case("T", dict.fromkeys(FACTS, "yes")), BOTH)

    assert found.deciding == FACTS


def test_a_finding_carries_authority_and_pinpoint():
    found = assess(find_case("KAZ2022"), find_doctrine("D01"))

    assert ("Nicaragua1986", "para 246") in found.sources


@pytest.mark.parametrize(
    ("doctrine_id", "said"),
    [
        pytest.param("D01", "Met means that this doctrine permits", id="permits"),
        pytest.param("D24", "Met would mean that this doctrine speaks", id="bars"),
        pytest.param("D07", "Met means that what this doctrine bars", id="bar absent"),
        pytest.param("D02", "Met means that one condition of valid", id="condition"),
        pytest.param("D22", "Met would mean that what this doctrine", id="describes"),
    ],
)
def test_a_finding_says_what_it_means_to_be_met(doctrine_id, said):
    assert said in str(assess(find_case("KAZ2022"), find_doctrine(doctrine_id)))


def test_every_meaning_of_met_is_a_category_of_the_data_with_words():
    meanings = load("doctrines")["met_means"].cat.categories

    assert list(MET_MEANS) == list(meanings)


def test_a_doctrine_that_does_not_say_what_met_means_has_a_shorter_finding():
    assert "Met" not in str(assess(Case("T"), BOTH))


def test_a_meaning_of_met_that_does_not_exist_is_refused():
    with pytest.raises(UnknownNameError, match="bar_absent"):
        Doctrine("T01", "", "", (), met_means="allows")


def test_two_doctrines_that_ask_the_same_fact_always_agree():
    grid = tabulate_outcomes()

    assert grid["D02"].equals(grid["D05"].rename("D02"))


def test_a_finding_can_be_handed_in_as_an_answer():
    plain = to_plain(assess(find_case("KAZ2022"), find_doctrine("D24")))

    assert (plain["kind"], plain["fields"]["outcome"]) == ("record", "fails")


def test_kazakhstan_has_the_outcomes_of_the_teaching_notes():
    outcomes = tabulate_outcomes([find_case("KAZ2022")]).loc["KAZ2022"]

    assert outcomes.groupby(outcomes).apply(lambda x: " ".join(x.index)).to_dict() == {
        "met": "D01 D02 D03 D05 D07 D08 D17",
        "fails": "D04 D14 D20 D21 D24",
        "needs facts": "D06 D09 D10 D11 D12 D13 D15 D16 D18 D19 D22 D23",
    }


def test_control_and_recognition_part_on_the_cases_of_the_teaching_notes():
    cases = load("interventions")
    both = tabulate_outcomes(
        cases[~cases["contrast_case"]], [find_doctrine("D02"), find_doctrine("D03")]
    )
    parted = both[both["D02"] != both["D03"]]

    assert " ".join(sorted(parted.index)) == (
        "AGO1975 GAB1964 GMB2017 HTI1994 SLE1998 SOM2006 SYR2015 VEN2019 VNM1965 "
        "YEM2015"
    )


def test_recoding_kazakhstan_as_nonviolent_moves_one_doctrine_only():
    kazakhstan = find_case("KAZ2022")
    flips = compare(
        kazakhstan, what_if(kazakhstan, internal_situation="nonviolent_protest")
    )

    assert [(f.doctrine_id, f.before, f.after) for f in flips] == [
        ("D24", "fails", "needs facts")
    ]


def test_what_if_leaves_the_case_as_it_was():
    kazakhstan = find_case("KAZ2022")
    what_if(kazakhstan, internal_situation="terrorism")

    assert kazakhstan == find_case("KAZ2022")


def test_what_if_supplies_facts_that_are_no_python_names():
    changed = what_if(find_case("GMB2017"), {"x:inviter_won_accepted_election": "yes"})

    assert assess(changed, find_doctrine("D04")).outcome == "met"


def test_what_if_can_make_a_fact_unknown():
    changed = what_if(find_case("SYR2015"), recognised_inviter=None)

    assert assess(changed, find_doctrine("D03")).outcome == "needs facts"


def test_a_change_is_said_in_words_with_its_authority():
    kazakhstan = find_case("KAZ2022")
    changed = what_if(kazakhstan, internal_situation="nonviolent_protest")

    assert describe_change(kazakhstan, changed) == (
        "In KAZ2022, changing internal_situation from riot_mixed to "
        "nonviolent_protest moves 1 doctrine. D24, Nonviolent-protest prohibition "
        "(the article's thesis), goes from fails to needs facts, because "
        "x:forces_help_suppress is not known (asked: yes). Authority: Kriener and "
        "Brassat (2023), built from D09, D15 and D16. Nothing else moves."
    )


def test_a_change_that_moves_nothing_is_said_in_words():
    kazakhstan = find_case("KAZ2022")
    changed = what_if(kazakhstan, effective_control_of_inviter="full")

    assert describe_change(kazakhstan, changed) == (
        "In KAZ2022, changing effective_control_of_inviter from partial to full moves "
        "no doctrine."
    )


def test_no_change_is_said_in_words():
    kazakhstan = find_case("KAZ2022")

    assert describe_change(kazakhstan, kazakhstan) == (
        "Nothing is changed in KAZ2022, so no doctrine moves."
    )


def test_a_case_and_its_changed_copy_have_a_row_each():
    kazakhstan = find_case("KAZ2022")
    coup = what_if(kazakhstan, internal_situation="coup")
    grid = tabulate_outcomes([kazakhstan, coup], [find_doctrine("D04")])

    assert list(grid["D04"]) == ["fails", "needs facts"]


def test_no_cases_make_a_grid_without_rows():
    assert tabulate_outcomes([]).shape == (0, len(read_doctrines()))


def test_all_cases_meet_all_doctrines_once():
    found = assess_all()
    pairs = set(itertools.product(load("interventions")["case_id"], read_doctrines()))

    assert set(found[["case_id", "doctrine_id"]].itertuples(index=False)) == pairs


def test_a_table_of_some_rows_gives_some_cases():
    table = load("interventions").head(2)

    assert list(read_cases(table)) == list(table["case_id"])


def test_the_notes_on_a_case_are_those_of_the_coders():
    notes = read_notes("MDV1988")

    assert set(notes["case_id"]) == {"MDV1988"}
    assert "approx_troops" in set(notes["field"])


def test_ids_in_the_index_of_a_table_are_found():
    table = load("interventions").set_index("case_id")

    assert find_case("KAZ2022", table) == find_case("KAZ2022")


def test_a_table_without_ids_is_refused():
    table = load("interventions").drop(columns="case_id")

    with pytest.raises(UnknownNameError, match="target_name"):
        read_cases(table)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        pytest.param(lambda: find_case("KAZ2023"), "KAZ2022", id="case"),
        pytest.param(lambda: read_notes("KAZ2023"), "KAZ2022", id="notes"),
        pytest.param(lambda: find_doctrine("D99"), "D24", id="doctrine"),
        pytest.param(
            lambda: what_if(find_case("KAZ2022"), wealth="high"),
            "internal_situation",
            id="fact",
        ),
        pytest.param(
            lambda: what_if(find_case("KAZ2022"), recognised_inviter="maybe"),
            "contested",
            id="value",
        ),
    ],
)
def test_an_unknown_name_is_answered_with_those_that_exist(call, named):
    with pytest.raises(UnknownNameError, match=named):
        call()


@pytest.mark.parametrize(
    "text",
    ["", "fact", "fact=", "=a", "fact=a;", "fact=a||b", "a=b=c", "a!!=b"],
    ids=repr,
)
def test_malformed_requirements_are_refused_with_their_row(text):
    with pytest.raises(MalformedDataError, match="row 7, column 'required_facts'"):
        parse_requirements(text, row=7)


def test_a_malformed_row_of_a_table_is_named():
    table = load("doctrines").head(3)
    table["required_facts"] = ["a=b", "a=b", "nothing"]

    with pytest.raises(MalformedDataError, match="row 4"):
        read_doctrines(table)


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        pytest.param("weather=good", "internal_situation", id="fact not coded"),
        pytest.param("internal_situation=cuop", "coup", id="value not coded"),
        pytest.param("x:consent_valid=perhaps", "yes, no", id="value outside"),
    ],
)
def test_a_doctrine_that_could_never_be_tested_is_refused(monkeypatch, asked, known):
    doctrine = Doctrine("T01", "Typing error", "", parse_requirements(asked))
    monkeypatch.setattr(record, "read_doctrines", lambda: {"T01": doctrine})

    with pytest.raises(MalformedDataError, match=known):
        vocabulary.__wrapped__()


def test_nobody_can_change_what_facts_exist():
    with pytest.raises(TypeError):
        vocabulary()["x:consent_valid"] = ("maybe",)


def test_every_fact_of_the_data_has_the_categories_of_its_codebook():
    situations = load("interventions")["internal_situation"].cat.categories

    assert vocabulary()["internal_situation"] == tuple(situations)


def test_a_finding_survives_pickling():
    found = assess(find_case("KAZ2022"), find_doctrine("D02"))

    assert pickle.loads(pickle.dumps(found)) == found


def test_a_row_with_a_gap_makes_an_unknown_fact():
    row = load("interventions").iloc[0].copy()
    row["unsc_response"] = pd.NA

    assert Case.from_row(row).facts["unsc_response"] is None
