"""Figures of the causal map and of the forks."""

from __future__ import annotations

import pandas as pd
import pytest

from coursekit.charts.causes import (
    ACROSS,
    describe_map,
    draw_map,
    place_nodes,
    select_nodes,
    sort_arrows,
    sort_nodes,
    tabulate_map,
    tabulate_nodes,
)
from coursekit.charts.forks import describe_forks, draw_forks
from coursekit.errors import UnknownNameError
from coursekit.surveillance.causes import make_map, read_map

SMALL = make_map("U>X, U>Y, X>M, M>Y, W>X", hidden=["U"])
FORKS = pd.DataFrame(
    {
        "measure": ["rows", "rows", "share"],
        "evidence": ["all rows"] * 3,
        "index": ["a", "b", "a"],
        "first": [2012] * 3,
        "last": [2016, 2024, 2016],
        "rho": [0.5, -0.25, -1.0],
        "p": [0.4, 0.6, 0.01],
        "floor": [0.01] * 3,
        "sign": ["+", "-", "-"],
    }
)


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def test_words_say_chains_doors_and_controls():
    assert describe_map(SMALL, "X", "Y") == (
        "One directed path leads from X to Y; it is X -> M -> Y, grade D. "
        "1 back door is open, the shortest X <- U -> Y."
    )
    assert describe_map(SMALL, "X", "Y", given=["U"]).endswith(
        "No back door is open with U controlled for."
    )
    assert describe_map(SMALL, "Y", "W").startswith("The map draws no directed path")


def test_arrows_are_sorted_into_effect_door_and_rest():
    assert sort_arrows(SMALL, "X", "Y") == {
        "carries the effect": [("M", "Y"), ("X", "M")],
        "on an open back door": [("U", "X"), ("U", "Y")],
        "other arrow": [("W", "X")],
    }


def test_control_on_the_only_chain_leaves_nothing_to_carry_the_effect():
    kinds = sort_arrows(SMALL, "X", "Y", given=["M"])

    assert kinds["carries the effect"] == []
    assert "The controls cut 1 of 1." in describe_map(SMALL, "X", "Y", given=["M"])


def test_each_node_has_the_first_role_that_fits():
    assert sort_nodes("UXYMW", ("X", "Y"), {"U"}, {"M"}) == {
        "cause or effect": ["X", "Y"],
        "controlled for": ["U"],
        "observed": ["M"],
        "not observed": ["W"],
    }


def test_symbols_tell_roles_and_dashes_tell_arrows():
    drawn = traces(draw_map(SMALL, "X", "Y", given=["W"]))

    assert drawn["cause or effect"].marker.symbol == "star"
    assert drawn["controlled for"].marker.symbol == "square-x"
    assert drawn["not observed"].marker.color == "white"
    assert drawn["carries the effect"].line.dash == "solid"
    assert drawn["on an open back door"].line.dash == "dash"


def test_figure_holds_only_nodes_on_the_paths_unless_asked():
    assert select_nodes(SMALL, "X", "Y") == {"U", "X", "M", "Y"}
    assert len(draw_map(SMALL, "X", "Y").layout.annotations) == 4
    assert len(draw_map(SMALL, "X", "Y", shown=SMALL.graph).layout.annotations) == 5


def test_every_arrow_of_the_course_points_down_and_four_names_fit_a_row():
    drawn = read_map()
    places = place_nodes(drawn, drawn.graph)
    rows = pd.Series([down for _, down in places.values()]).value_counts()

    assert all(places[a][1] > places[b][1] for a, b in drawn.graph.edges)
    assert rows.max() <= ACROSS
    assert len(set(places.values())) == len(drawn.graph)


def test_table_lists_what_a_control_opens_too():
    shape = make_map("A>X, A>C, B>C, B>Y, X>Y")

    assert tabulate_map(shape, "X", "Y")["path"].tolist() == ["X -> Y"]
    assert tabulate_map(shape, "X", "Y", given=["C"])["path"].tolist() == [
        "X -> Y",
        "X <- A -> C <- B -> Y",
    ]


def test_short_names_are_explained():
    table = tabulate_nodes(read_map(), ["SHUT"])

    assert table["label"].tolist() == ["Shutdowns and blocks"]


def test_nodes_outside_the_map_cannot_be_drawn():
    with pytest.raises(UnknownNameError, match="no node named 'Z'"):
        draw_map(SMALL, "X", "Z")


def test_forks_have_a_trace_for_each_window_with_a_symbol_of_its_own():
    drawn = traces(draw_forks(FORKS))

    assert list(drawn) == ["2012 to 2016", "2012 to 2024"]
    assert list(drawn["2012 to 2016"].x) == [0.5, -1.0]
    assert len({trace.marker.symbol for trace in drawn.values()}) == 2


def test_words_count_the_forks_and_name_the_ends():
    words = describe_forks(FORKS)

    assert words.startswith("3 ways to ask: 2 answers below 0")
    assert "Lowest: -1.00 (share, all rows, a, 2012 to 2016)." in words
    assert "1 of them has a p below 0.05." in words
    assert words.endswith("Measures on both sides of 0: rows.")


def test_no_fork_is_said_to_be_none():
    assert describe_forks(FORKS.head(0)) == "No way to ask was given."
