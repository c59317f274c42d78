"""Figures and words of states and bodies in two columns."""

import pytest

from coursekit.charts.networks import (
    describe_links,
    describe_two_mode,
    draw_two_mode,
    place_nodes,
    tabulate_two_mode,
)
from coursekit.institutions.networks import two_mode


@pytest.fixture(scope="module")
def early():
    return two_mode("1998-12-31")


@pytest.fixture(scope="module")
def late():
    return two_mode("2024-12-31")


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def test_states_stand_on_the_left_and_bodies_on_the_right(late):
    drawn = traces(draw_two_mode(late))

    assert set(drawn["states"].x) == {0.0}
    assert set(drawn["bodies"].x) == {1.0}
    assert drawn["states"].marker.symbol != drawn["bodies"].marker.symbol
    assert len(drawn["link"].x) == 3 * late.number_of_edges()


def test_links_that_moved_have_a_line_of_their_own(early, late):
    drawn = traces(draw_two_mode(late, before=early))

    assert len(drawn["link gone"].x) == 3  # Georgia and the CIS
    assert drawn["link gone"].line.dash != drawn["new link"].line.dash


def test_a_body_that_is_not_covered_has_a_name_in_brackets_and_no_mark(early):
    figure = draw_two_mode(early)

    assert {note.text for note in figure.layout.annotations} == {
        *("(CSTO)", "(SCO)", "(EAEU)", "(OTS)")
    }
    assert set(traces(figure)["bodies"].text) == {"CIS", "GUAM"}


def test_nothing_jumps_where_an_arrangement_is_kept(early, late):
    whole = traces(draw_two_mode(late))["states"]
    kept = traces(draw_two_mode(early, arranged=late))["states"]

    assert (list(kept.text), list(kept.y)) == (list(whole.text), list(whole.y))


def test_no_two_nodes_have_one_place(late):
    places = place_nodes(late)

    assert len(set(places.values())) == len(late)


def test_a_network_is_told_with_pairs_lonely_states_and_gaps(early, late):
    assert describe_two_mode(late) == (
        "On 31 December 2024: 12 states, 6 bodies, 34 links. "
        "Most is shared by KAZ-KGZ: 5 bodies. Without a link: TKM."
    )
    assert describe_two_mode(early).endswith(
        "Not covered on that day: CSTO, SCO, EAEU, OTS."
    )


def test_moved_links_are_told_by_name(late):
    frozen = two_mode("2024-12-31", reading="arm_csto_left_frozen")

    assert describe_links(late, frozen) == "gone ARM-CSTO"
    assert describe_links(late, late) == "no link"


def test_a_network_is_listed_by_state(late):
    table = tabulate_two_mode(late)

    assert table.iloc[0].to_list() == [
        *("KAZ", "Kazakhstan", 5, "CIS, CSTO, SCO, EAEU, OTS")
    ]
    assert table["state"].iloc[-1] == "TKM"
