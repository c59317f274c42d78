"""The panel in which a student says what peacekeeping has to be."""

from __future__ import annotations

import pytest

from coursekit.errors import UnknownNameError
from coursekit.institutions.missions import CODES, read_missions
from coursekit.institutions.thresholds import THRESHOLDS, Threshold
from coursekit.widgets.peacekeeping_threshold import (
    OWN,
    find_hanging,
    peacekeeping_threshold,
    view_threshold,
)


def ticked(panel):
    boxes = [name for name in panel.controls if name != "definition"]
    return {name for name in boxes if panel.controls[name].value}


def test_the_first_control_is_a_list_whose_every_step_changes_the_words():
    panel = peacekeeping_threshold()
    name, first = next(iter(panel.controls.items()))
    said = []
    for first.value in THRESHOLDS:
        said.append(panel.words)

    assert name == "definition"
    assert len(set(said)) == len(THRESHOLDS)


def test_a_definition_ticks_its_boxes():
    panel = peacekeeping_threshold("a UN mandate")
    mandates = {name for name in ticked(panel) if name.startswith("mandate_")}

    assert mandates == {"mandate_un_mandate"}
    assert {f"force_{code}" for code in CODES["force"]} <= ticked(panel)


def test_ticking_a_box_makes_the_definition_the_students_own():
    panel = peacekeeping_threshold()
    before = panel.words
    panel.controls["consent_host_only"].value = True

    assert panel.controls["definition"].value == OWN
    assert panel.words != before
    assert "consent all parties or host only" in panel.words


def test_choosing_a_definition_again_brings_its_boxes_back():
    panel = peacekeeping_threshold()
    before = panel.words
    panel.controls["consent_host_only"].value = True
    panel.controls["definition"].value = "the UN's three principles"

    assert panel.words == before


def test_choosing_ones_own_keeps_the_boxes():
    panel = peacekeeping_threshold()
    before = ticked(panel)
    panel.controls["definition"].value = OWN

    assert ticked(panel) == before


def test_words_say_what_is_asked_who_passes_and_on_what_the_others_fail():
    asked, operations, counterparts, hanging = view_threshold(
        THRESHOLDS["a UN mandate"]
    ).words.splitlines()

    assert asked.startswith("Asked for: mandate un mandate.")
    assert operations.startswith("0 of 6 operations pass. Fail: JPKF_SO (mandate ")
    assert "UNOMIG" in counterparts.partition(" Fail:")[0]
    assert hanging.startswith("Hanging on a contested code: ")


def test_nothing_hangs_where_everything_passes():
    assert find_hanging(Threshold()) == {}


def test_what_hangs_is_named_with_the_reading_that_turns_it():
    hanging = find_hanging(THRESHOLDS["the UN's three principles"])

    assert set(hanging) <= set(read_missions())
    assert all(" under " in how for how in hanging.values())


def test_table_lists_every_mission_with_its_codes():
    table = view_threshold(THRESHOLDS["a UN mandate"]).table

    assert len(table) == len(read_missions())
    assert table["outcome"].iloc[0] == "passes"
    assert table["mandate"].iloc[0] == "un mandate (good enough)"


def test_an_unknown_definition_is_refused():
    with pytest.raises(UnknownNameError, match="no definition named 'mine'"):
        peacekeeping_threshold("mine")


def test_figure_has_a_mark_for_every_mission_and_criterion():
    figure = view_threshold(Threshold()).figure

    assert sum(len(trace.x) for trace in figure.data) == 4 * len(read_missions())
