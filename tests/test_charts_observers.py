"""Figures of verdicts and letters show what is unknown as well as what is known."""

from __future__ import annotations

import pytest

from coursekit.charts.observers import (
    KINDS,
    SIDES,
    count_verdicts,
    describe_sides,
    describe_verdicts,
    draw_sides,
    draw_verdicts,
)
from coursekit.surveillance.letters import trace_sides
from coursekit.surveillance.observers import ABSENT, BODIES, read_elections

VOTES = read_elections()
TRACED = trace_sides()


@pytest.mark.parametrize("body", BODIES)
def test_the_parts_of_a_bar_are_all_votes(body):
    assert count_verdicts(VOTES).loc[body].sum() == len(VOTES)


def test_every_way_of_being_absent_has_a_part_of_its_own():
    assert set(ABSENT.values()) <= set(KINDS)


def test_bars_carry_their_numbers_and_no_part_is_told_by_colour_alone():
    figure = draw_verdicts(VOTES)
    looks = [(bar.marker.color, bar.marker.pattern.shape) for bar in figure.data]

    assert len(set(looks)) == len(figure.data)
    assert figure.data[0].text == ("8", "15", "13")


def test_words_tell_the_bars():
    assert "SCO: approves 15, not read 4, not found 24." in describe_verdicts(VOTES)


def test_every_state_has_a_mark_for_every_statement():
    marks = draw_sides(TRACED).data

    assert sum(len(trace.x) for trace in marks) == len(TRACED) * 5
    assert len({trace.marker.symbol for trace in marks}) == len(marks)


def test_words_name_what_a_state_supported_and_count_the_unknown():
    said = describe_sides(trace_sides(["KAZ"]))

    assert said == "KAZ: supported 2022-10 vote; neither 3; unknown 8."


def test_every_side_of_the_data_has_a_mark():
    sides = {
        side for state in ("KAZ", "UZB", "AUS") for side in trace_sides([state])[state]
    }

    assert sides <= set(SIDES)
