"""Adjustment sets and identification, against brute force and published examples."""

from __future__ import annotations

import pytest

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.surveillance.adjustment import (
    closes_back_doors,
    find_adjustment_sets,
    find_front_door,
)
from coursekit.surveillance.causes import make_map, read_map
from coursekit.surveillance.identification import (
    assess_identification,
    find_what_to_measure,
    is_identified,
)
from random_maps import meets_back_door, minimal_sets, random_map

# Pearl (2009), figure 3.4.
PEARL = make_map("X1>X3, X3>X, X2>X5, X5>Y, X>X6, X6>Y, X1>X4, X2>X4, X4>X, X4>Y")
# Pearl (1995), figure 3: smoking, tar, cancer and a hidden cause.
SMOKING = make_map("U>X, U>Y, X>Z, Z>Y", hidden=["U"])
# Greenland, Pearl and Robins (1999): controlling for C makes a bias.
M_BIAS = make_map("A>X, A>C, B>C, B>Y, X>Y", hidden=["A", "B"])
# Shrier and Platt (2008), figure 2a, as the R package dagR ships it.
SHRIER = make_map(
    "warm_up>intra_game, coach>motivation, coach>fitness, genetics>fitness, "
    "genetics>fatigue, genetics>tissue_disorder, fitness>pre_game, fitness>fatigue, "
    "tissue_disorder>fatigue, tissue_disorder>tissue_weakness, pre_game>warm_up, "
    "motivation>warm_up, motivation>previous_injury, fatigue>intra_game, "
    "fatigue>injury, contact_sport>intra_game, contact_sport>previous_injury, "
    "tissue_weakness>injury, intra_game>injury"
)
# Known answers on what can be identified from the nodes that are not hidden.
KNOWN = {
    "a bow": ("U>X, U>Y, X>Y", ["U"], False),
    "front door": ("U>X, U>Y, X>Z, Z>Y", ["U"], True),
    "front door, hidden cause of the carrier": (
        "U>X, U>Y, X>Z, Z>Y, V>X, V>Z", ["U", "V"], False
    ),
    "front door, hidden cause of carrier and effect": (
        "U>X, U>Y, X>Z, Z>Y, V>Z, V>Y", ["U", "V"], False
    ),
    "napkin": ("U>W, U>X, V>W, V>Y, W>Z, Z>X, X>Y", ["U", "V"], True),
    "instrument": ("Z>X, U>X, U>Y, X>Y", ["U"], False),
    "hidden cause of a child of the cause": ("X>Z, Z>Y, U>X, U>Z", ["U"], False),
    "M-bias": ("A>X, A>C, B>C, B>Y, X>Y", ["A", "B"], True),
    "no effect drawn": ("U>X, U>Y", ["U"], True),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(25), ids="seed {}".format)
@pytest.mark.parametrize("observed", [True, False], ids=["observed", "any"])
def test_minimal_sets_are_those_of_brute_force(seed, observed):
    drawn = random_map(seed)
    among = (drawn.observed() if observed else set(drawn.graph)) - {"END"}

    found = find_adjustment_sets(drawn, "N2", "N6", among=among)

    assert found == minimal_sets(drawn, "N2", "N6", among)


@pytest.mark.parametrize("seed", range(25), ids="seed {}".format)
def test_criterion_is_that_of_the_definition(seed):
    drawn = random_map(seed)
    controls = [(), ("N0",), ("N1", "N4"), ("N3", "N5"), ("N0", "N3", "N7")]

    assert [closes_back_doors(drawn, "N2", "N6", given) for given in controls] == [
        meets_back_door(drawn, "N2", "N6", given) for given in controls
    ]


@pytest.mark.parametrize("seed", range(40), ids="seed {}".format)
def test_either_door_open_means_identified(seed):
    drawn = random_map(seed).observing("N2", "N6")
    seen = drawn.observed()
    found = assess_identification(drawn, "N2", "N6")

    doors = bool(find_adjustment_sets(drawn, "N2", "N6", among=seen)) or bool(
        find_front_door(drawn, "N2", "N6", among=seen)
    )

    assert found.identified or not doors


@pytest.mark.parametrize("seed", range(20), ids="seed {}".format)
def test_everything_is_identified_where_everything_is_observed(seed):
    drawn = random_map(seed)

    assert is_identified(drawn, "N2", "N6", observed=drawn.graph)


def test_pearls_figure_has_his_sets_and_not_the_tempting_one():
    sets = find_adjustment_sets(PEARL, "X", "Y")

    assert sets == [("X1", "X4"), ("X2", "X4"), ("X3", "X4"), ("X4", "X5")]
    assert not closes_back_doors(PEARL, "X", "Y", ["X4"])
    assert not closes_back_doors(PEARL, "X", "Y", ["X3", "X4", "X6"])


def test_smoking_has_no_back_door_set_and_a_front_door():
    found = assess_identification(SMOKING, "X", "Y")

    assert find_adjustment_sets(SMOKING, "X", "Y", among=["Z"]) == []
    assert found.front_door == ("Z", ())
    assert found.identified


def test_m_bias_needs_no_control_and_suffers_from_one():
    assert find_adjustment_sets(M_BIAS, "X", "Y") == [()]
    assert not closes_back_doors(M_BIAS, "X", "Y", ["C"])
    assert closes_back_doors(M_BIAS, "X", "Y", ["C", "A"])


def test_shrier_and_platts_two_controls_do_and_a_third_spoils_them():
    two = ("fatigue", "tissue_weakness")

    assert two in find_adjustment_sets(SHRIER, "warm_up", "injury")
    assert not closes_back_doors(SHRIER, "warm_up", "injury", [*two, "previous_injury"])


def test_shrier_and_platts_other_drawing_needs_more_than_the_two():
    other = SHRIER.with_edge("previous_injury", "pre_game")

    assert not closes_back_doors(
        other, "warm_up", "injury", ["fatigue", "tissue_weakness"]
    )


@pytest.mark.parametrize(
    ("arrows", "hidden", "answer"),
    [pytest.param(*case, id=name) for name, case in KNOWN.items()],
)
def test_known_answers_on_identification_come_out(arrows, hidden, answer):
    drawn = make_map(arrows, hidden=hidden)

    assert is_identified(drawn, "X", "Y", observed=drawn.observed()) is answer


def test_effect_of_chinese_supply_is_not_identified():
    found = assess_identification(read_map(), "TECH_CN", "AUTH_1")

    assert not found.identified
    assert found.controls == (
        "AUTH_0", "CN_INT", "ELITE", "NEOPAT", "UNREST_0", "URBAN"
    )  # fmt: skip
    assert set(found.controls) - set(found.missing) == {"AUTH_0"}
    assert found.needed == ("AUTH_0", "ELITE", "UNREST_0")


def test_front_door_hangs_on_one_node_and_on_arrows_not_drawn():
    drawn = read_map()
    seen = drawn.observed("fully or partly")
    door = ("CAP", ("TECH_LOC", "TECH_OTH", "TECH_RU"))
    drawn_in = drawn.with_edge("ELITE", "CAP")

    assert find_what_to_measure(
        drawn, "TECH_CN", "AUTH_1", observed=drawn.observed()
    ) == [("CAP",)]
    assert find_front_door(drawn, "TECH_CN", "AUTH_1", among=seen) == door
    assert find_front_door(drawn_in, "TECH_CN", "AUTH_1", among=seen) is None
    assert not is_identified(drawn_in, "TECH_CN", "AUTH_1", observed=seen)


@pytest.mark.parametrize(
    ("drawn", "cause", "effect", "words"),
    [
        pytest.param(read_map, "AUTH_1", "RU", "no directed path", id="no effect"),
        pytest.param(read_map, "RU", "AUTH_1", "No back door is open", id="no need"),
        pytest.param(lambda: PEARL, "X", "Y", "every back door: X1, X4", id="controls"),
        pytest.param(lambda: SMOKING, "X", "Y", "through Z.", id="front door"),
        pytest.param(read_map, "TECH_CN", "AUTH_1", "1 of 6 observed", id="neither"),
        pytest.param(
            lambda: make_map("U>W, U>X, V>W, V>Y, W>Z, Z>X, X>Y", hidden=["U", "V"]),
            "X", "Y", "another formula", id="napkin",
        ),
    ],
)  # fmt: skip
def test_assessment_reads_as_sentences(drawn, cause, effect, words):
    assert words in str(assess_identification(drawn(), cause, effect))


def test_effect_of_what_nobody_observed_is_refused():
    drawn = read_map()

    with pytest.raises(CoursekitError, match="ELITE is not observed"):
        is_identified(drawn, "ELITE", "AUTH_1", observed=drawn.observed())


def test_question_on_nodes_outside_the_map_is_refused():
    with pytest.raises(UnknownNameError, match="no node named 'CAMERAS'"):
        assess_identification(read_map(), "CAMERAS", "AUTH_1")
    with pytest.raises(UnknownNameError, match="no node named 'EU'"):
        find_adjustment_sets(read_map(), "TECH_CN", "AUTH_1", among=["EU"])
