"""Paths of a causal map, against networkx and the textbooks."""

from __future__ import annotations

import random

import networkx as nx
import pytest

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.surveillance.causes import make_map, read_map
from coursekit.surveillance.paths import (
    explain_path,
    find_weakest,
    grade_path,
    is_open,
    is_separated,
    list_back_doors,
    list_open_paths,
    list_paths,
    tabulate_paths,
    write_path,
)
from random_maps import NAMES, random_map

# Greenland, Pearl and Robins (1999): two hidden causes that meet in C.
M_BIAS = make_map("A>X, A>C, B>C, B>Y, X>Y, C>D", hidden=["A", "B"])


def disagreements(seed):
    """Questions on which the paths and networkx do not agree."""
    dice = random.Random(1000 + seed)
    drawn = random_map(seed)
    found = []
    for _ in range(60):
        first, second, *others = dice.sample(NAMES, len(NAMES))
        given = others[: dice.randrange(4)]
        by_paths = not list_open_paths(drawn, first, second, given=given)
        by_each = not any(
            is_open(drawn, path, given)
            for path in nx.all_simple_paths(drawn.graph.to_undirected(), first, second)
        )
        by_networkx = nx.is_d_separator(drawn.graph, {first}, {second}, set(given))
        if not by_paths == by_each == by_networkx:
            found.append((first, second, given))
    return found


def open_ones(drawn, paths, given):
    return [path for path in paths if is_open(drawn, path, given)]


@pytest.mark.parametrize("seed", range(25), ids="seed {}".format)
def test_open_paths_are_there_just_where_networkx_sees_no_separation(seed):
    assert disagreements(seed) == []


@pytest.mark.parametrize("seed", range(20), ids="seed {}".format)
def test_back_doors_found_by_pruning_are_the_open_ones_of_all(seed):
    drawn = random_map(seed)
    every = list_back_doors(drawn, "N1", "N7", closed=True)

    found = list_back_doors(drawn, "N1", "N7", given=["N3"])

    assert found == open_ones(drawn, every, ["N3"])


@pytest.mark.parametrize(
    ("given", "lets_through"),
    [
        pytest.param([], False, id="closed by the collider itself"),
        pytest.param(["C"], True, id="opened by the collider"),
        pytest.param(["D"], True, id="opened by what the collider causes"),
        pytest.param(["C", "A"], False, id="closed again by a fork"),
    ],
)
def test_m_bias_opens_a_path_that_was_closed(given, lets_through):
    path = ("X", "A", "C", "B", "Y")

    assert is_open(M_BIAS, path, given) is lets_through
    assert (path in list_back_doors(M_BIAS, "X", "Y", given=given)) is lets_through


def test_each_node_inside_a_path_says_what_it_is_and_why():
    table = explain_path(M_BIAS, ("X", "A", "C", "B", "Y"), ["D"])

    assert table["kind"].tolist() == ["fork", "collider", "fork"]
    assert table["lets_through"].tolist() == [True, True, True]
    assert table["reason"].tolist()[1] == (
        "two arrows meet here, and something that it causes is controlled for"
    )


def test_separation_is_that_of_networkx():
    assert is_separated(M_BIAS, "A", "B")
    assert not is_separated(M_BIAS, "A", "B", ["D"])


def test_one_directed_path_leads_from_chinese_supply_to_the_outcome():
    drawn = read_map()

    paths = list_paths(drawn, "TECH_CN", "AUTH_1")

    assert paths == [("TECH_CN", "CAP", "REP", "AUTH_1")]
    assert grade_path(drawn, paths[0]) == "C"
    assert find_weakest(drawn, paths[0]) == ["CAP>REP"]


def test_path_is_written_with_its_arrows():
    drawn = read_map()

    assert write_path(drawn, ("TECH_CN", "ELITE", "REP")) == "TECH_CN <- ELITE -> REP"


def test_table_of_paths_says_which_are_open():
    drawn = read_map()
    paths = [("TECH_CN", "ELITE", "REP"), ("TECH_CN", "CAP", "REP")]

    table = tabulate_paths(drawn, paths, given=["ELITE"])

    assert table["open"].tolist() == [False, True]
    assert table["grade"].tolist() == ["C", "C"]
    assert table["weakest"].tolist() == ["ELITE>TECH_CN", "CAP>REP"]


def test_no_path_gives_a_table_without_rows():
    assert tabulate_paths(read_map(), []).shape == (0, 5)
    assert list_paths(read_map(), "AUTH_1", "TECH_CN") == []


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(lambda m: list_paths(m, "TECH_CH", "AUTH_1"), id="paths"),
        pytest.param(lambda m: list_back_doors(m, "TECH_CN", "AUTH"), id="back doors"),
        pytest.param(lambda m: is_open(m, ("TECH_CN", "CAMERA")), id="a path"),
        pytest.param(
            lambda m: is_separated(m, "TECH_CN", "AUTH_1", ["WEALTH"]), id="controls"
        ),
    ],
)
def test_question_on_nodes_outside_the_map_names_those_inside(question):
    with pytest.raises(UnknownNameError, match="There is no node named"):
        question(read_map())


@pytest.mark.parametrize(
    ("question", "message"),
    [
        pytest.param(
            lambda m: list_paths(m, "RU", "RU"), "as cause and as effect", id="one node"
        ),
        pytest.param(
            lambda m: is_separated(m, "RU", "REP", ["REP"]), "cannot be", id="an end"
        ),
        pytest.param(
            lambda m: is_open(m, ("RU", "REP")), "no arrow between", id="no arrow"
        ),
        pytest.param(
            lambda m: is_open(m, ("RU",)), "no path", id="one node is no path"
        ),
    ],
)
def test_question_without_sense_says_what_would_have_one(question, message):
    with pytest.raises(CoursekitError, match=message):
        question(read_map())


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(lambda m: list_paths(m, 3, "REP"), id="a number for a node"),
        pytest.param(
            lambda m: list_back_doors(m, "RU", "REP", given="LAW"), id="text for a list"
        ),
        pytest.param(lambda m: list_paths(m.graph, "RU", "REP"), id="no causal map"),
    ],
)
def test_wrong_types_are_refused_in_words(question):
    with pytest.raises(TypeError, match=r"give|gives|takes"):
        question(read_map())
