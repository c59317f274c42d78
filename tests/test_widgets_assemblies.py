"""The panel that classifies the events of January keeps two questions apart."""

from __future__ import annotations

import pytest

from coursekit.errors import UnknownNameError
from coursekit.law.rights import Event, apply_rule, load_events, read_rules
from coursekit.widgets.assemblies import (
    FACTS,
    MOVEMENT,
    TROOPS,
    assemblies,
    describe_force,
    describe_record,
    describe_rulings,
    draw_rulings,
    tabulate_rulings,
)


def rulings(**facts):
    event = Event("T", facts)
    return [apply_rule(event, rule) for rule in read_rules().values()]


def test_panel_shows_what_the_record_settles_and_leaves_the_rest_unknown():
    panel = assemblies("network-cut-5-january")

    assert panel.controls["measure"].value == "network_cut"
    assert panel.controls["conduct"].value == "unknown"


def test_classifying_changes_the_words():
    panel = assemblies("zhanaozen-3-january")
    panel.controls["conduct"].value = "disruptive"
    panel.controls["violence_of_others"].value = "none"

    assert "Rules that follow: H12" in panel.words


def test_another_event_brings_its_own_facts():
    panel = assemblies("zhanaozen-3-january", facts={"conduct": "peaceful"})
    panel.controls["event"].value = "csto-6-january"

    assert panel.controls["actor"].value == "foreign_force"
    assert panel.controls["conduct"].value == "unknown"
    assert "In view: people who protested where CSTO units were sent" in panel.words


def test_classification_of_people_never_moves_the_question_of_force():
    panel = assemblies("almaty-5-january-others")
    before = panel.words.splitlines()[-1]
    panel.controls["conduct"].value = "violent"
    panel.controls["violence_of_others"].value = "widespread"

    assert panel.words.splitlines()[-1] == before


def test_supposing_a_movement_never_moves_the_question_of_rights():
    panel = assemblies("almaty-5-january-others")
    before = panel.words.splitlines()[:-1]
    panel.controls["movement"].value = "nonviolent as a whole"
    panel.controls["troops"].value = "used against protesters"

    assert panel.words.splitlines()[:-1] == before
    assert "met (as coded: fails)" in panel.words


def test_force_as_coded_has_the_outcomes_of_the_teaching_notes():
    said = describe_force({})

    assert "D09 IDI Rhodes 2011: needs facts" in said
    assert "D15 Internal self-determination limit: needs facts" in said
    assert "D24 Nonviolent-protest prohibition: fails" in said


@pytest.mark.parametrize("movement", MOVEMENT)
@pytest.mark.parametrize("troops", TROOPS)
def test_every_supposition_can_be_computed(movement, troops):
    assert describe_force({**MOVEMENT[movement], **TROOPS[troops]})


@pytest.mark.parametrize("event_id", load_events()["event_id"])
def test_every_event_names_people_sources_and_its_mark(event_id):
    said = describe_record(event_id)

    assert said.startswith("In view: ")
    assert "contested. Sources: " in said


def test_words_name_what_follows_and_which_facts_are_missing():
    said = describe_rulings(rulings(measure="lethal_force", actor="government"))

    assert "H03 ICCPR Art 6" in said
    assert "Facts asked for: person, conduct, violence of others, " in said
    assert "outside the lists" in said


def test_words_say_none_where_nothing_follows():
    assert "Rules that follow: none." in describe_rulings(rulings())


def test_figure_has_a_symbol_for_each_outcome_and_a_mark_for_each_rule():
    figure = draw_rulings(rulings(measure="lethal_force"))

    assert len({trace.marker.symbol for trace in figure.data}) == 3
    assert sum(len(trace.y) for trace in figure.data) == len(read_rules())


def test_rules_have_names_of_their_own_in_the_figure():
    figure = draw_rulings(rulings())
    names = [name for trace in figure.data for name in trace.y]

    assert len(set(names)) == len(names)


def test_table_begins_with_what_follows_and_says_it_in_signs():
    table = tabulate_rulings(rulings(measure="lethal_force"))

    assert table["outcome"].str.startswith("✔").iloc[0]
    assert table["what follows"].iloc[0]
    assert len(table) == len(read_rules())


def test_static_form_has_the_words_and_the_table():
    html = assemblies().static_html()

    assert "On rights." in html
    assert "<table>" in html


@pytest.mark.parametrize(
    ("options", "named"),
    [
        pytest.param({"event_id": "nowhere"}, "event named", id="event"),
        pytest.param({"facts": {"conduct": "riot"}}, "value of conduct", id="value"),
        pytest.param({"facts": {"mood": "bad"}}, "fact of an event", id="fact"),
        pytest.param(
            {"facts": {"x:serves_to_silence": "yes"}}, "fact of the panel", id="hidden"
        ),
    ],
)
def test_what_does_not_exist_is_refused(options, named):
    with pytest.raises(UnknownNameError, match=named):
        assemblies(**options)


def test_every_fact_of_the_panel_has_a_list():
    panel = assemblies()

    assert set(FACTS) <= set(panel.controls)
    assert all(panel.controls[fact].options[0] == "unknown" for fact in FACTS)


def test_an_unknown_event_is_refused_by_the_record():
    with pytest.raises(UnknownNameError, match="event named 'nowhere'"):
        describe_record("nowhere")


def test_another_event_is_computed_once(monkeypatch):
    panel = assemblies("zhanaozen-3-january", facts={"conduct": "peaceful"})
    computed = []
    monkeypatch.setattr(
        "coursekit.widgets.assemblies.apply_rule",
        lambda event, rule: computed.append(rule.rule_id) or apply_rule(event, rule),
    )
    panel.controls["event"].value = "csto-6-january"

    assert computed == list(read_rules())


def test_a_doctrine_that_needs_facts_names_them():
    assert "needs facts (x:object_is_support_against_own_population)" in describe_force(
        {}
    )
