"""Which facts decide a finding: every smallest change, and nothing else."""

from __future__ import annotations

import itertools
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.law import (
    Case,
    Change,
    Doctrine,
    Requirement,
    assess,
    decisive_facts,
    describe_decisive_facts,
    find_case,
    find_doctrine,
    read_cases,
    read_doctrines,
    vocabulary,
    what_if,
)

BOTH = Doctrine(
    "T01",
    "Both",
    "Both must hold.",
    (
        Requirement("x:consent_valid", ("yes",)),
        Requirement("x:request_by_member", ("yes",)),
    ),
)


@st.composite
def requirements(draw):
    fact = draw(st.sampled_from(sorted(vocabulary())))
    values = draw(
        st.lists(
            st.sampled_from(vocabulary()[fact]), min_size=1, max_size=3, unique=True
        )
    )
    return Requirement(fact, tuple(values), draw(st.booleans()))


@st.composite
def doctrines(draw):
    tests = draw(st.lists(requirements(), min_size=1, max_size=3))
    return Doctrine("T02", "Drawn", "Whatever was drawn.", tuple(tests))


@st.composite
def cases(draw, doctrine):
    facts = {
        need.fact: draw(st.sampled_from((None, *vocabulary()[need.fact])))
        for need in doctrine.requirements
    }
    return Case("T", facts)


def changes_by_definition(case, doctrine, size):
    """Try every other world in full, and keep what no part of it does already."""
    asked = sorted({need.fact for need in doctrine.requirements})
    before = assess(case, doctrine).outcome
    moved = {}
    for world in itertools.product(*((*vocabulary()[fact], None) for fact in asked)):
        facts = dict(zip(asked, world, strict=True))
        after = assess(Case("T", facts), doctrine).outcome
        other = frozenset(
            (fact, value) for fact, value in facts.items() if value != case.facts[fact]
        )
        if after != before:
            moved[other] = after
    return {
        (other, after)
        for other, after in moved.items()
        if len(other) <= size
        and not any(part < other and moved[part] == after for part in moved)
    }


def found_changes(case, doctrine, size):
    changes = decisive_facts(case, doctrine, size=size)
    found = {(frozenset(change.facts.items()), change.after) for change in changes}
    return len(changes), found


@given(data=st.data(), doctrine=doctrines(), size=st.integers(1, 3))
def test_the_changes_are_those_of_the_definition(data, doctrine, size):
    case = data.draw(cases(doctrine))
    expected = changes_by_definition(case, doctrine, size)

    assert found_changes(case, doctrine, size) == (len(expected), expected)


@pytest.mark.parametrize("doctrine", read_doctrines().values(), ids=read_doctrines())
def test_the_changes_of_every_case_are_those_of_the_definition(doctrine):
    for case in read_cases().values():
        expected = changes_by_definition(case, doctrine, 2)

        assert found_changes(case, doctrine, 2) == (len(expected), expected), case


def test_a_change_gives_the_outcome_that_it_names():
    syria, consent = find_case("SYR2015"), find_doctrine("D09")
    changes = decisive_facts(syria, consent)
    outcomes = [assess(what_if(syria, c.facts), consent).outcome for c in changes]

    assert changes
    assert outcomes == [change.after for change in changes]
    assert {change.before for change in changes} == {assess(syria, consent).outcome}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(
            {"x:consent_valid": "yes"},
            [
                ({"x:consent_valid": "no"}, "fails"),
                ({"x:request_by_member": "yes"}, "met"),
                ({"x:request_by_member": "no"}, "fails"),
            ],
            id="one fact is unknown",
        ),
        pytest.param(
            {"x:consent_valid": "no"},
            [
                ({"x:consent_valid": "yes"}, "needs facts"),
                ({"x:consent_valid": None}, "needs facts"),
                ({"x:consent_valid": "yes", "x:request_by_member": "yes"}, "met"),
            ],
            id="one fails and one is unknown",
        ),
        pytest.param(
            {"x:consent_valid": "no", "x:request_by_member": "no"},
            [
                ({"x:consent_valid": "yes", "x:request_by_member": "yes"}, "met"),
                (
                    {"x:consent_valid": "yes", "x:request_by_member": None},
                    "needs facts",
                ),
                (
                    {"x:consent_valid": None, "x:request_by_member": "yes"},
                    "needs facts",
                ),
                ({"x:consent_valid": None, "x:request_by_member": None}, "needs facts"),
            ],
            id="both fail",
        ),
    ],
)
def test_two_facts_are_decisive_alone_or_together(facts, expected):
    changes = decisive_facts(Case("T", facts), BOTH)

    assert [(change.facts, change.after) for change in changes] == expected


def test_one_fact_at_a_time_leaves_out_the_pairs():
    case = Case("T", dict.fromkeys(["x:consent_valid", "x:request_by_member"], "no"))

    assert decisive_facts(case, BOTH, size=1) == ()


def test_the_case_is_left_as_it_was():
    kazakhstan = find_case("KAZ2022")
    decisive_facts(kazakhstan, find_doctrine("D24"))

    assert kazakhstan == find_case("KAZ2022")


def test_a_change_survives_pickling():
    change = Change({"x:consent_valid": None}, "met", "needs facts")

    assert pickle.loads(pickle.dumps(change)) == change


def test_what_would_change_a_finding_is_said_in_words():
    assert describe_decisive_facts(find_case("KAZ2022"), find_doctrine("D14")) == (
        "D14 on KAZ2022: fails. It would need facts if internal_situation were "
        "insurgency or civil_war or unknown. It would be met if internal_situation "
        "were insurgency or civil_war, and x:prior_intervention_for_rebels were yes."
    )


def test_a_finding_that_nothing_changes_is_said_in_words():
    case = Case("T", dict.fromkeys(["x:consent_valid", "x:request_by_member"], "no"))

    assert describe_decisive_facts(case, BOTH, size=1) == (
        "T01 on T: fails. No change of 1 fact gives another outcome."
    )


@pytest.mark.parametrize("function", [assess, decisive_facts], ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    ("case", "doctrine", "error", "says"),
    [
        pytest.param(
            find_case("KAZ2022"), "D99", UnknownNameError, "D24", id="no doctrine"
        ),
        pytest.param(
            find_case("KAZ2022"),
            "D24",
            CoursekitError,
            r'find_doctrine\("D24"\) gives the doctrine',
            id="name of a doctrine",
        ),
        pytest.param("KAZ2023", BOTH, UnknownNameError, "KAZ2022", id="no case"),
        pytest.param(
            "KAZ2022",
            BOTH,
            CoursekitError,
            r'find_case\("KAZ2022"\) gives the case',
            id="name of a case",
        ),
        pytest.param(
            Case("T"),
            Doctrine("T03", "", "", (Requirement("weather", ("good",)),)),
            UnknownNameError,
            "no fact named 'weather'",
            id="fact that no doctrine uses",
        ),
        pytest.param(
            Case("T"),
            Doctrine("T04", "", "", (Requirement("x:consent_valid", ("maybe",)),)),
            UnknownNameError,
            "no value of x:consent_valid named 'maybe'",
            id="value outside",
        ),
    ],
)
def test_what_cannot_be_assessed_is_refused(function, case, doctrine, error, says):
    with pytest.raises(error, match=says):
        function(case, doctrine)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        pytest.param(
            {"wealth": "high"}, "no fact named 'wealth'.*recognised", id="fact"
        ),
        pytest.param(
            {"recognised_inviter": "maybe"},
            "no value of recognised_inviter named 'maybe'.*contested",
            id="value",
        ),
        pytest.param(
            {"x:consent_valid": True},
            "no value of x:consent_valid named 'True'.*no, yes",
            id="truth value",
        ),
    ],
)
def test_a_case_takes_known_facts_and_values_only(facts, says):
    with pytest.raises(UnknownNameError, match=says):
        Case("T", facts)


def test_the_name_of_a_case_cannot_be_changed_into_another():
    with pytest.raises(CoursekitError, match="only the name of one"):
        what_if("KAZ2022", internal_situation="coup")


@pytest.mark.parametrize("size", [0, -1], ids=str)
def test_a_change_of_no_fact_is_refused(size):
    with pytest.raises(CoursekitError, match="at least 1"):
        decisive_facts(Case("T"), BOTH, size=size)
