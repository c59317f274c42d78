"""The figure, the words and the table of an argument map."""

import math
from itertools import combinations

import pytest

from coursekit.charts.arguments import (
    COLUMN,
    ROW,
    SIZE,
    describe_argument_map,
    draw_argument_map,
    place_arguments,
    tabulate_argument_map,
)
from coursekit.errors import UnknownNameError
from coursekit.law.argument import Framework, labellings, read_framework

# c and d attack each other; b attacks a, and c attacks b.
DEBATE = Framework(
    "abcd",
    [("b", "a"), ("c", "b"), ("c", "d"), ("d", "c")],
    supports=[("d", "b")],
    claims={"a": "The gate was open.", "b": "It was shut."},
)
LABELS = {"a": "undecided", "b": "undecided", "c": "undecided", "d": "undecided"}
SIDE = {"a": "in", "b": "out", "c": "in", "d": "out"}


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def arrows(trace):
    ends = list(zip(trace.x, trace.y, strict=True))
    return list(zip(ends[::3], ends[1::3], strict=True))


def test_every_attack_is_an_arrow_from_attacker_to_target():
    drawn = traces(draw_argument_map(DEBATE, SIDE))
    places = place_arguments(DEBATE)
    shown = arrows(drawn["attacks by what is in"]) + arrows(drawn["other attacks"])

    assert sorted(shown) == sorted((places[a], places[b]) for a, b in DEBATE.attacks)
    assert len(arrows(drawn["attacks by what is in"])) == 2
    assert drawn["supports"].line.dash == "dot"


def test_a_label_is_told_by_sign_and_shape_besides_colour():
    drawn = traces(draw_argument_map(DEBATE, SIDE))

    assert list(drawn["\u2714 in"].text) == ["a<br>\u2714", "c<br>\u2714"]
    assert drawn["\u2714 in"].marker.symbol != drawn["\u2716 out"].marker.symbol


def test_what_changed_is_ringed_and_what_is_asked_about_has_a_heavy_edge():
    drawn = traces(draw_argument_map(DEBATE, SIDE, before=LABELS, highlight=["a"]))

    assert len(drawn["changed"].x) == 4
    assert list(drawn["\u2714 in"].marker.line.width) == [4, 1]


def test_an_argument_stands_below_what_it_attacks_and_nobody_on_another():
    places = place_arguments(read_framework())

    assert {a for a, (_, down) in places.items() if down > -0.5} == {"A01", "A02"}
    assert places["A03"][1] < places["A01"][1]
    assert len(set(places.values())) == len(places)
    assert place_arguments(read_framework()) == places


def test_no_argument_covers_another_on_a_telephone():
    everything = read_framework(also=[f"A{number}" for number in range(26, 32)])
    places = place_arguments(everything).values()
    apart = [
        math.dist((a * COLUMN, b * ROW), (c * COLUMN, d * ROW))
        for (a, b), (c, d) in combinations(places, 2)
    ]

    assert min(apart) > SIZE


def test_nothing_jumps_when_an_argument_is_switched_off():
    smaller = DEBATE.without("d")
    labels = {name: SIDE[name] for name in smaller.arguments}
    drawn = traces(draw_argument_map(smaller, labels, arranged=DEBATE))
    places = place_arguments(DEBATE)

    assert drawn["\u2714 in"].x == (places["a"][0], places["c"][0])


def test_a_framework_of_nothing_but_cycles_and_loners_can_be_drawn():
    circle = Framework("abcx", [("a", "b"), ("b", "c"), ("c", "a")])
    figure = draw_argument_map(circle, labellings(circle, "grounded")[0])

    assert len(traces(figure)["? undecided"].x) == 3
    assert draw_argument_map(Framework([]), {}).layout.height > 0


def test_words_name_every_argument_and_what_changed():
    assert describe_argument_map(DEBATE, SIDE, before={**SIDE, "a": "out"}) == (
        "Of 4 arguments, 2 in (a, c); 2 out (b, d); none undecided. 4 attacks and "
        "1 support link are drawn; support plays no part in the labels. "
        "Changed: a from out to in."
    )
    assert describe_argument_map(DEBATE, SIDE, before=SIDE).endswith(
        "No label changed."
    )


def test_the_table_lists_attackers_supporters_and_claims():
    table = tabulate_argument_map(DEBATE, SIDE).set_index("argument")

    assert table.loc["b"].tolist() == ["\u2716 out", "c", "d", "It was shut."]
    assert table.loc["c", "claim"] == ""


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        pytest.param({"a": "in"}, "no label of argument named 'b'", id="missing"),
        pytest.param({**SIDE, "d": "won"}, "no label named 'won'", id="unknown"),
    ],
)
@pytest.mark.parametrize(
    "show", [draw_argument_map, describe_argument_map, tabulate_argument_map]
)
def test_a_label_that_is_missing_or_unknown_is_an_error(show, labels, said):
    with pytest.raises(UnknownNameError, match=said):
        show(DEBATE, labels)
