"""The panel that opens and closes paths, without a front end."""

from __future__ import annotations

import pytest

from coursekit.errors import UnknownNameError
from coursekit.surveillance.causes import make_map, read_map
from coursekit.widgets.causal_paths import causal_paths, describe_needs, view_paths

SMALL = make_map("U>X, U>Y, X>M, M>Y", hidden=["U", "M"])


def words_of(**choices):
    return view_paths(read_map(), "TECH_CN", "AUTH_1", **choices).words


def move(panel, **values):
    for name, value in values.items():
        panel.controls[name].value = value


def test_first_list_changes_the_words_on_its_next_entry():
    panel = causal_paths()
    before = panel.words

    cause = next(iter(panel.controls.values()))
    cause.index += 1

    assert cause.value == "TECH_RU"
    assert panel.words != before


def test_panel_has_at_most_eight_controls():
    assert len(causal_paths().controls) == 8


def test_controls_are_judged():
    enough = ["AUTH_0", "CN_INT", "ELITE", "NEOPAT", "UNREST_0", "URBAN"]

    assert "Your controls close every back door." in words_of(given=enough)
    assert "Nobody has observed CN_INT, ELITE" in words_of(given=enough)
    assert "Your controls leave a back door open." in words_of(given=enough[:-1])
    assert "REP: an effect of TECH_CN." in words_of(given=["REP"])


def test_partly_observed_opens_the_front_door_and_an_arrow_shuts_it():
    opened = words_of(rule="fully or partly")
    shut = words_of(rule="fully or partly", arrow=("ELITE", "CAP"))

    assert "The front door is open: through CAP" in opened
    assert "is not identified" in shut
    assert "measure also: ELITE." in shut


def test_group_that_is_taken_away_takes_its_doors_along():
    assert "4 back doors are open" in words_of(off=["domestic"])


def test_arrow_that_makes_a_loop_is_answered_in_words():
    assert words_of(arrow=("AUTH_1", "ELITE")).startswith("These arrows make a loop")


def test_question_about_one_node_is_answered_in_words():
    view = view_paths(SMALL, "X", "X")

    assert "as cause and as effect" in view.words
    assert view.figure is None


def test_ends_of_the_question_are_left_out_of_the_controls():
    plain = view_paths(SMALL, "X", "Y").words

    assert view_paths(SMALL, "X", "Y", given=["X", "Y"]).words == plain


def test_what_to_measure_is_said_until_nothing_is_missing():
    assert describe_needs(SMALL, "X", "Y", ["X", "Y"]) == (
        "To identify it in this map, measure also: M, or U."
    )
    assert describe_needs(SMALL, "X", "Y", ["X", "Y", "U"]) == ""


def test_table_ends_with_what_the_names_mean():
    table = view_paths(read_map(), "TECH_CN", "AUTH_1").table
    names = table[table["kind"] == "name"]

    assert names["meaning"].str.contains("observed: ").all()
    assert "TECH_CN" in set(names["path"])


def test_every_list_can_be_moved():
    panel = causal_paths()

    move(panel, effect="XJ", given=("ELITE",), rule="everything", measured="CAP")
    move(panel, off="west", source="RU", target="REP")

    assert panel.words.startswith("The map draws no directed path from TECH_CN to XJ.")


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"cause": "CAMERAS"}, id="cause"),
        pytest.param({"given": ["CAMERAS"]}, id="control"),
        pytest.param({"observed": "well"}, id="rule"),
    ],
)
def test_panel_refuses_what_the_map_does_not_have(options):
    with pytest.raises(UnknownNameError):
        causal_paths(**options)
