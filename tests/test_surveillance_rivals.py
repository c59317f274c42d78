"""Rival stories, held against the map and the files."""

from __future__ import annotations

from coursekit.surveillance.causes import read_map
from coursekit.surveillance.rivals import list_rivals, tabulate_rivals


def rivals(drawn):
    return tabulate_rivals(drawn).set_index("rival")


def test_each_rival_begins_and_ends_inside_the_map():
    nodes = set(read_map().graph)

    assert {r.ends for r in list_rivals().values()} <= nodes
    assert {name for r in list_rivals().values() for name in r.begins} <= nodes


def test_chinese_supply_hangs_on_one_chain_of_grade_c():
    row = rivals(read_map()).loc["Chinese supply"]

    assert (row["paths"], row["best_grade"], row["weakest"]) == (1, "C", "CAP>REP")


def test_best_path_is_the_best_shown_and_not_the_shortest():
    row = rivals(read_map()).loc["Russian template"]

    assert row["best_path"] == "RU -> LAW -> SHUT -> REP -> AUTH_1"
    assert row["best_grade"] == "B"


def test_every_rival_predicts_and_is_held_against_the_files():
    table = rivals(read_map())

    assert table["predicts"].str.len().gt(20).all()
    assert table["files_show"].str.len().gt(20).all()


def test_files_show_most_interception_from_elsewhere_than_china():
    shown = rivals(read_map()).loc["open vendor market", "files_show"]

    assert shown.startswith("Interception and spyware, 33 rows: Europe_NorthAmerica")


def test_story_without_a_chain_has_no_grade():
    row = rivals(read_map().without("PUBLIC>XJ")).loc["public as a brake"]

    assert row["paths"] == 0
    assert row["best_grade"] is None or row["best_grade"] != row["best_grade"]


def test_story_whose_beginning_was_taken_away_is_empty():
    row = rivals(read_map().without(nodes=["TECH_CN"])).loc["Chinese supply"]

    assert (row["paths"], row["best_path"]) == (0, "")
