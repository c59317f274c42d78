"""States and bodies as a network: links, pairs, bridges and nesting."""

import networkx as nx
import pytest

from coursekit import across_readings
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.institutions.membership import NotCoveredError, members
from coursekit.institutions.networks import (
    BODIES,
    STATES,
    compare_links,
    cut_off,
    measure_bridges,
    measure_nesting,
    project,
    tabulate_pairs,
    two_mode,
)


@pytest.fixture(scope="module")
def graph():
    return two_mode("2024-12-31")


def test_links_of_each_state_are_as_taught(graph):
    assert {state: graph.degree[state] for state in STATES} == {
        "ARM": 3,
        "AZE": 3,
        "BLR": 4,
        "GEO": 1,
        "KAZ": 5,
        "KGZ": 5,
        "MDA": 2,
        "RUS": 4,
        "TJK": 3,
        "TKM": 0,
        "UKR": 1,
        "UZB": 3,
    }


def test_states_share_as_many_bodies_as_taught(graph):
    assert project(graph)["KAZ"]["KGZ"]["weight"] == 5
    top = tabulate_pairs(graph).iloc[0]
    assert top[["first", "second", "shared"]].to_list() == ["KAZ", "KGZ", 5]
    assert top["which"] == "CIS, CSTO, EAEU, OTS, SCO"


def test_a_projection_onto_bodies_counts_the_members_they_share(graph):
    assert project(graph, "bodies")["CSTO"]["EAEU"]["weight"] == 5


def test_bridges_are_as_taught(graph):
    bridges = measure_bridges(graph).head(4)

    assert bridges.index.to_list() == ["CIS", "GUAM", "AZE", "MDA"]
    assert bridges["betweenness"].round(3).to_list() == [0.408, 0.218, 0.168, 0.105]


def test_without_guam_two_states_are_cut_off_and_without_the_cis_none(graph):
    assert cut_off(graph, "GUAM") == ("GEO", "UKR")
    assert cut_off(graph, "CIS") == ()
    assert cut_off(graph, "TKM") == ()


def test_the_network_falls_into_two_parts(graph):
    assert sorted(map(len, nx.connected_components(graph))) == [1, 17]


def test_a_body_that_is_not_covered_is_no_node():
    graph = two_mode("1995-12-31")

    assert "CSTO" not in graph
    assert graph.graph == {
        "day": "1995-12-31",
        "not_covered": ("CSTO", "SCO", "EAEU", "GUAM", "OTS"),
    }


def test_a_day_on_which_nothing_is_covered_is_refused():
    with pytest.raises(NotCoveredError, match="CIS on 1980-01-01"):
        two_mode("1980-01-01")


def test_states_may_be_whoever_was_in():
    graph = two_mode("2024-12-31", bodies=["SCO"], states=None)

    assert {"CHN", "IND", "IRN", "PAK"} <= set(graph)
    assert "ARM" not in graph


def test_readings_and_statuses_move_links(graph):
    frozen = two_mode("2024-12-31", reading="arm_csto_left_frozen")
    wide = two_mode("2024-12-31", status=("member", "associate"))

    assert compare_links(graph, frozen).to_numpy().tolist() == [["ARM", "CSTO", "gone"]]
    assert compare_links(graph, wide).to_numpy().tolist() == [["TKM", "CIS", "new"]]


def test_a_network_can_be_measured_across_readings():
    found = across_readings(
        "membership",
        lambda table: two_mode("2024-12-31", reading=table).number_of_edges(),
        questions="arm_csto_left",
    )

    assert found.high - found.low == 1


def test_nesting_of_bodies_is_as_taught():
    sets = {body: members(body, "2024-12-31") for body in BODIES}

    found = measure_nesting(sets)

    assert found["overlap"].round(3).head(4).to_list() == [0.833, 0.667, 0.556, 0.462]
    first = found.iloc[0]
    assert (first["first"], first["second"]) == ("CSTO", "EAEU")
    assert (first["relation"], first["only_first"]) == ("nested", "TJK")


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        pytest.param("ab", "ba", "the same", id="same"),
        pytest.param("ab", "abc", "nested", id="nested"),
        pytest.param("ab", "bc", "overlapping", id="overlapping"),
        pytest.param("ab", "cd", "apart", id="apart"),
        pytest.param("", "ab", "apart", id="nobody"),
    ],
)
def test_a_pair_of_bodies_has_one_relation(first, second, relation):
    found = measure_nesting({"A": set(first), "B": set(second)})

    assert found["relation"].to_list() == [relation]


def test_partners_of_the_sco_in_the_gulf_are_as_taught():
    partners = members("SCO", "2024-12-31", status="partner")
    gulf = members("GCC", "2024-12-31")

    assert len(partners) == 14
    assert sorted(set(partners) & set(gulf)) == ["ARE", "BHR", "KWT", "QAT", "SAU"]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        pytest.param(
            lambda graph: project(graph, "regions"),
            UnknownNameError,
            "no side of the network named 'regions'",
            id="side",
        ),
        pytest.param(
            lambda graph: cut_off(graph, "NATO"),
            UnknownNameError,
            "no node named 'NATO'",
            id="node",
        ),
        pytest.param(
            lambda graph: project(project(graph)),
            CoursekitError,
            "no network of states and bodies",
            id="one-mode",
        ),
        pytest.param(
            lambda graph: measure_bridges(nx.path_graph(3)),
            CoursekitError,
            "look at 0, 1, 2",
            id="no-kinds",
        ),
        pytest.param(
            lambda graph: two_mode("2024-12-31", states=["KAZ", "XXX"]),
            UnknownNameError,
            "no state named 'XXX'",
            id="state",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_words(graph, call, error, message):
    with pytest.raises(error, match=message):
        call(graph)


@pytest.mark.parametrize("function", [project, measure_bridges, tabulate_pairs])
def test_what_is_no_network_is_refused(function):
    with pytest.raises(CoursekitError, match="no network but a NoneType"):
        function(None)


def test_an_empty_network_folds_into_an_empty_one():
    assert len(project(nx.Graph())) == 0
