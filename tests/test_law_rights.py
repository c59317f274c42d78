"""Rules on rights and events: three outcomes, and persons kept apart from crowds."""

from __future__ import annotations

import pickle

import pytest

from coursekit import load
from coursekit.errors import CoursekitError, MalformedDataError, UnknownNameError
from coursekit.law import parse_requirements
from coursekit.law.rights import (
    OUTCOMES,
    Event,
    Rule,
    apply_rule,
    apply_rules,
    classify,
    describe_ruling,
    event_vocabulary,
    find_event,
    find_rule,
    load_events,
    read_events,
    read_rules,
)

PEACEFUL = {"person": "participant", "conduct": "peaceful"}


def outcome_of(rule_id, **facts):
    return apply_rule(Event("T", facts), find_rule(rule_id)).outcome


@pytest.mark.parametrize(
    ("around", "outcome"),
    [
        pytest.param("none", "follows", id="none"),
        pytest.param("isolated", "follows", id="isolated"),
        pytest.param("widespread", "does not apply", id="widespread"),
        pytest.param(None, "needs facts", id="unknown"),
    ],
)
def test_the_peaceful_are_covered_unless_violence_around_them_is_widespread(
    around, outcome
):
    assert outcome_of("H12", **PEACEFUL, violence_of_others=around) == outcome


@pytest.mark.parametrize("conduct", ["peaceful", "disruptive"])
def test_stopping_traffic_is_no_violence(conduct):
    facts = {"person": "participant", "violence_of_others": "none", "conduct": conduct}

    assert outcome_of("H11", **facts) == "does not apply"
    assert outcome_of("H12", **facts) == "follows"


def test_violent_conduct_loses_assembly_and_keeps_life():
    facts = {"person": "participant", "conduct": "violent", "measure": "lethal_force"}

    assert outcome_of("H11", **facts) == "follows"
    assert outcome_of("H04", **facts) == "does not apply"
    assert outcome_of("H03", **facts) == "follows"


def test_an_emergency_leaves_life_where_it_was_and_derogation_open():
    facts = {"actor": "government", "measure": "emergency"}

    assert outcome_of("H14", **facts) == "needs facts"
    assert outcome_of("H19", **facts) == "follows"
    assert outcome_of("H03", **facts | {"measure": "lethal_force"}) == "follows"


def test_a_failed_requirement_outweighs_an_unknown_one():
    ruling = apply_rule(Event("T", {"actor": "police"}), find_rule("H13"))

    assert ruling.outcome == "does not apply"
    assert ruling.deciding == ("actor",)


def test_a_ruling_that_needs_facts_names_them():
    ruling = apply_rule(Event("T", {"actor": "foreign_force"}), find_rule("H13"))

    assert ruling.outcome == "needs facts"
    assert ruling.deciding == ("x:polices_assembly",)


def test_a_ruling_that_follows_says_what_follows_and_how_much_it_weighs():
    event = Event("T", {"measure": "network_cut", "conduct": "peaceful"})
    said = describe_ruling(apply_rule(event, find_rule("H10")))

    assert "T, H10 General Comment 37 paras 33 and 34: follows, because" in said
    assert find_rule("H10").consequence in said
    assert said.endswith("interprets the Covenant and is not formally binding.")


def test_a_ruling_says_what_is_disputed():
    event = Event("T", {"actor": "foreign_force", "x:polices_assembly": "yes"})

    assert "Disputed: Whether CSTO troops did" in str(
        apply_rule(event, find_rule("H20"))
    )


def test_classifying_leaves_the_event_as_it_was():
    before = find_event("zhanaozen-3-january")
    after = classify(before, {"x:calls_for_political_change": "yes"}, conduct="violent")

    assert "conduct" not in before.facts
    assert after.facts["conduct"] == "violent"
    assert after.facts["x:calls_for_political_change"] == "yes"
    assert after.case_id == before.case_id


def test_classifying_can_make_a_fact_unknown():
    event = classify(find_event("order-7-january"), measure=None)

    assert apply_rule(event, find_rule("H03")).outcome == "needs facts"


def test_all_events_meet_all_rules_once():
    table = apply_rules(read_events().values())

    assert len(table) == len(read_events()) * len(read_rules())
    assert not table.duplicated(["event_id", "rule_id"]).any()
    assert tuple(table["outcome"].cat.categories) == OUTCOMES


def test_one_event_needs_no_list():
    assert len(apply_rules(find_event("csto-6-january"))) == len(read_rules())


def test_rules_can_be_chosen():
    table = apply_rules(read_events().values(), [find_rule("H12")])

    assert set(table["rule_id"]) == {"H12"}


def test_no_event_makes_a_table_without_rows():
    assert apply_rules([]).empty


@pytest.mark.parametrize(
    ("call", "named"),
    [
        pytest.param(lambda: find_rule("H99"), "rule named 'H99'", id="rule"),
        pytest.param(
            lambda: find_event("nowhere"), "event named 'nowhere'", id="event"
        ),
        pytest.param(
            lambda: Event("T", {"mood": "angry"}), "fact of an event", id="fact"
        ),
        pytest.param(
            lambda: Event("T", {"conduct": "riot"}), "value of conduct", id="value"
        ),
        pytest.param(
            lambda: classify(find_event("csto-6-january"), actor="nato"),
            "foreign_force",
            id="value of a known event",
        ),
    ],
)
def test_an_unknown_name_is_answered_with_those_that_exist(call, named):
    with pytest.raises(UnknownNameError, match=named):
        call()


@pytest.mark.parametrize(
    "conditions",
    [
        pytest.param("mood=angry", id="no fact of an event"),
        pytest.param("conduct=riot", id="no value of the fact"),
        pytest.param("conduct", id="no test"),
    ],
)
def test_conditions_that_could_never_be_tested_are_refused(conditions):
    table = load("human_rights").astype("string")
    table.loc[3, "conditions"] = conditions

    with pytest.raises(MalformedDataError, match="row 5"):
        read_rules(table)


def test_nobody_can_change_what_facts_exist():
    with pytest.raises(TypeError):
        event_vocabulary()["mood"] = ("angry",)


def test_every_fact_is_asked_for_by_a_rule_and_every_rule_asks():
    asked = {need.fact for rule in read_rules().values() for need in rule.requirements}

    assert asked == set(event_vocabulary())
    assert all(rule.requirements for rule in read_rules().values())


def satisfying(rule):
    """Facts that the rule asks for, the first that will do."""
    return {
        need.fact: next(
            value
            for value in event_vocabulary()[need.fact]
            if (value in need.values) != need.excluded
        )
        for need in rule.requirements
    }


@pytest.mark.parametrize("rule", read_rules().values(), ids=list(read_rules()))
def test_every_rule_can_follow(rule):
    assert apply_rule(Event("T", satisfying(rule)), rule).outcome == "follows"


def test_every_event_is_a_row_of_the_timeline():
    assert set(load_events()["timeline_id"]) <= set(load("timeline")["event_id"])


def test_conduct_in_a_crowd_is_left_to_the_reader():
    people = [e for e in read_events().values() if e.facts.get("person") != "bystander"]

    assert all("conduct" not in event.facts for event in people)
    assert all("violence_of_others" not in event.facts for event in people)


def test_texts_that_do_not_bind_are_told_from_those_that_do():
    table = load("human_rights").astype("string")
    binding = table[table["binds"] == "parties"]

    assert set(binding["status"]) == {"treaty"}
    assert set(table.loc[table["status"] == "treaty", "binds"]) == {"parties"}
    assert set(table.loc[table["status"] == "general_comment", "binds"]) == {
        "interprets"
    }


def test_every_contested_rule_says_what_is_contested():
    table = load("human_rights")

    assert (table["contested"] == table["contested_note"].notna()).all()


def test_a_ruling_survives_pickling():
    ruling = apply_rule(find_event("csto-6-january"), find_rule("H20"))

    assert pickle.loads(pickle.dumps(ruling)) == ruling


def test_a_rule_of_ones_own_can_be_applied():
    rule = Rule("T", "Test", "", "", parse_requirements("measure!=none"))

    assert apply_rule(Event("T", {"measure": "ban"}), rule).outcome == "follows"
    assert apply_rule(Event("T", {"measure": "none"}), rule).outcome == "does not apply"


def test_rules_take_one_rule_or_a_mapping_as_well_as_a_list():
    events, rule = read_events(), find_rule("H11")
    expected = apply_rules(list(events.values()), [rule])

    assert apply_rules(events, rule).equals(expected)
    assert apply_rules(events, {"H11": rule}).equals(expected)


def test_only_the_bystanders_have_a_settled_conduct():
    settled = [
        name for name, event in read_events().items() if "conduct" in event.facts
    ]

    assert settled == ["almaty-bystanders"]


@pytest.mark.parametrize(
    ("event", "rule", "error", "says"),
    [
        pytest.param(
            "zhanaozen-3-january",
            "H11",
            CoursekitError,
            r'find_event\("zhanaozen-3-january"\) gives the event',
            id="event",
        ),
        pytest.param(
            find_event("zhanaozen-3-january"),
            "H11",
            CoursekitError,
            r'find_rule\("H11"\) gives the rule',
            id="rule",
        ),
        pytest.param(
            find_event("zhanaozen-3-january"),
            "H99",
            UnknownNameError,
            "no rule named 'H99'",
            id="unknown rule",
        ),
    ],
)
def test_names_in_the_place_of_an_event_or_a_rule_are_refused(event, rule, error, says):
    with pytest.raises(error, match=says):
        apply_rule(event, rule)
