"""The causal map and its edits."""

from __future__ import annotations

import pickle

import networkx as nx
import pytest

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.surveillance.causes import make_map, read_map, split_arrow


def test_map_of_the_course_has_no_loop():
    drawn = read_map()

    assert repr(drawn) == "<CausalMap: 26 nodes, 50 arrows>"
    assert nx.is_directed_acyclic_graph(drawn.graph)


def test_no_arrow_runs_back_in_time():
    drawn = read_map()
    period = drawn.nodes.set_index("node_id")["period"].astype(int)

    assert all(period[a] <= period[b] for a, b in drawn.graph.edges)


def test_edits_leave_the_first_map_as_it_was():
    drawn = read_map()

    drawn.without("ELITE>REP").with_edge("ELITE", "CAP").observing("ELITE")

    assert drawn.graph.has_edge("ELITE", "REP")
    assert not drawn.graph.has_edge("ELITE", "CAP")
    assert "ELITE" not in drawn.observed()


def test_arrow_of_your_own_is_only_asserted():
    row = read_map().with_edge("ELITE", "CAP").edge("ELITE", "CAP")

    assert (row["grade"], row["status"], row["rival_group"]) == (
        "D",
        "asserted",
        "yours",
    )


def test_arrows_go_by_name_by_group_and_with_their_node():
    drawn = read_map()
    russian = drawn.without(groups=["russia"]).edges["rival_group"]

    assert not drawn.without("ELITE>REP").graph.has_edge("ELITE", "REP")
    assert "russia" not in set(russian.astype(str))
    assert "ELITE" not in drawn.without(nodes=["ELITE"]).graph


def test_supposing_a_measurement_makes_a_node_observed():
    drawn = read_map()

    assert drawn.observing("CAP").observed() == drawn.observed() | {"CAP"}
    assert drawn.observed() < drawn.observed("fully or partly")
    assert drawn.observed("everything") == set(drawn.graph)


def test_node_says_what_it_means():
    assert read_map().label("SHUT") == "Shutdowns and blocks"


def test_small_map_is_made_from_text():
    drawn = make_map("U>X, U>Y, X>Y", hidden=["U"])

    assert sorted(drawn.graph.edges) == [("U", "X"), ("U", "Y"), ("X", "Y")]
    assert drawn.observed() == {"X", "Y"}


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        pytest.param(
            lambda m: m.with_edge("AUTH_1", "ELITE"), "make a loop", id="a loop"
        ),
        pytest.param(lambda m: m.with_edge("RU", "LAW"), "drawn already", id="twice"),
        pytest.param(lambda m: m.with_edge("RU", "RU"), "two nodes", id="to itself"),
        pytest.param(lambda m: m.without("RU"), "is no arrow", id="no arrow"),
        pytest.param(lambda m: m.without("RU>REP"), "no arrow named", id="not drawn"),
        pytest.param(lambda m: m.without(groups=["usa"]), "no group", id="group"),
        pytest.param(lambda m: m.with_edge("RU", "EU"), "no node", id="node"),
        pytest.param(
            lambda m: m.with_edge("RU", "CAP", grade="E"), "no grade", id="grade"
        ),
        pytest.param(lambda m: m.observed("some"), "no rule", id="rule"),
        pytest.param(lambda m: m.observing("EU"), "no node", id="observing"),
    ],
)
def test_edit_that_cannot_be_says_why(edit, message):
    with pytest.raises(CoursekitError, match=message):
        edit(read_map())


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda m: m.without(7), id="a number for an arrow"),
        pytest.param(lambda m: m.without(groups="russia"), id="text for groups"),
        pytest.param(lambda m: m.without(nodes="RU"), id="text for nodes"),
        pytest.param(lambda m: make_map(["A>B"]), id="a list for text"),
    ],
)
def test_wrong_types_are_refused_in_words(edit):
    with pytest.raises(TypeError, match="'"):
        edit(read_map())


def test_errors_survive_pickling():
    with pytest.raises(UnknownNameError) as caught:
        read_map().require("EU")

    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_arrow_is_split_at_its_point():
    assert split_arrow("ELITE > REP") == ("ELITE", "REP")
