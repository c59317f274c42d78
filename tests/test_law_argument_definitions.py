"""The engine against the definitions, tried on all sets of small frameworks."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.law.argument import (
    SEMANTICS,
    Framework,
    acceptance,
    extensions,
    flips,
    is_extension,
    labellings,
    status,
)
from plain_argumentation import Plain, subsets

LABELLED = [name for name in SEMANTICS if name not in ("conflict-free", "admissible")]
NAMES = "abcdefgh"


def attack_relations(size):
    pairs = list(product(NAMES[:size], repeat=2))
    return [frozenset(chosen) for chosen in subsets(pairs)]


@st.composite
def frameworks(draw, most=7):
    """Draw names and attacks, sparse or dense, often with attacks both ways."""
    names = NAMES[: draw(st.integers(1, most))]
    chance = draw(st.sampled_from([10, 20, 40, 70]))
    mutual = draw(st.booleans())
    dice = draw(
        st.lists(st.integers(0, 99), min_size=len(names) ** 2, max_size=len(names) ** 2)
    )
    drawn = {
        pair for pair, die in zip(product(names, names), dice, strict=True)
        if die < chance
    }  # fmt: skip
    back = {(b, a) for a, b in drawn if a != b} if mutual else set()
    return names, frozenset(drawn | back)


def found(names, attacks):
    framework = Framework(names, attacks)
    return {
        semantics: sorted(map(sorted, extensions(framework, semantics)))
        for semantics in SEMANTICS
    }


def defined(names, attacks):
    plain = Plain(names, attacks)
    return {
        semantics: sorted(map(sorted, plain.extensions(semantics)))
        for semantics in SEMANTICS
    }


def in_order(labels):
    return sorted(sorted(labelling.items()) for labelling in labels)


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_every_framework_of_up_to_three_arguments_has_its_extensions(size):
    names = NAMES[:size]
    wrong = [
        attacks
        for attacks in attack_relations(size)
        if found(names, attacks) != defined(names, attacks)
    ]

    assert wrong == []


@settings(max_examples=60)
@given(frameworks())
def test_random_frameworks_have_the_extensions_of_the_definitions(drawn):
    assert found(*drawn) == defined(*drawn)


@settings(max_examples=25)
@given(frameworks(most=5))
def test_a_set_is_an_extension_iff_it_is_listed(drawn):
    framework, plain = Framework(*drawn), Plain(*drawn)
    listed = {semantics: extensions(framework, semantics) for semantics in SEMANTICS}
    asked = list(product(SEMANTICS, plain.sets))
    due = [members in plain.extensions(semantics) for semantics, members in asked]

    assert [is_extension(framework, e, semantics) for semantics, e in asked] == due
    assert [members in listed[semantics] for semantics, members in asked] == due


@settings(max_examples=25)
@given(frameworks(most=6))
def test_labellings_are_the_legal_ones_of_each_extension(drawn):
    framework, plain = Framework(*drawn), Plain(*drawn)
    legal = plain.complete_labellings()
    due = {
        semantics: in_order(
            labelling
            for labelling in legal
            if {a for a in labelling if labelling[a] == "in"}
            in plain.extensions(semantics)
        )
        for semantics in LABELLED
    }

    assert {s: in_order(labellings(framework, s)) for s in LABELLED} == due


@settings(max_examples=30)
@given(frameworks())
def test_acceptance_is_membership_in_all_or_some_extensions(drawn):
    framework, plain = Framework(*drawn), Plain(*drawn)
    asked = list(product(framework.arguments, SEMANTICS))

    said = [acceptance(framework, argument, name) for argument, name in asked]

    assert said == [plain.acceptance(argument, name) for argument, name in asked]


@settings(max_examples=20)
@given(frameworks())
def test_status_agrees_with_the_definitions(drawn):
    plain = Plain(*drawn)
    due = [
        (
            argument,
            plain.standing(argument, "grounded"),
            plain.acceptance(argument, "preferred") != "rejected",
            plain.acceptance(argument, "preferred") == "sceptical",
        )
        for argument in plain.arguments
    ]

    table = status(Framework(*drawn)).drop(columns="claim")

    assert list(table.itertuples(index=False, name=None)) == due


@settings(max_examples=20)
@given(frameworks(most=5), st.sampled_from(SEMANTICS))
def test_flips_by_removal_are_minimal_and_complete(drawn, semantics):
    first, *others = drawn[0]
    said = flips(Framework(*drawn), first, semantics=semantics, largest=3)
    due = Plain(*drawn).flips(first, drawn[0], others, semantics, 3)

    assert {frozenset(one.changed): (one.before, one.after) for one in said} == due


@settings(max_examples=20)
@given(frameworks(most=6), st.integers(1, 5), st.sampled_from(SEMANTICS))
def test_flips_by_addition_are_minimal_and_complete(drawn, kept, semantics):
    names, whole = drawn[0], Framework(*drawn)
    said = flips(
        whole.restricted_to(names[:kept]),
        names[0],
        by="addition",
        candidates=whole,
        semantics=semantics,
        largest=3,
    )
    due = Plain(*drawn).flips(names[0], names[:kept], names[kept:], semantics, 3)

    assert {frozenset(one.changed): (one.before, one.after) for one in said} == due
