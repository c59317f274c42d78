"""The figure, the words and the table of a matrix of overlap."""

from __future__ import annotations

import pytest

from coursekit.charts.overlap import (
    describe_moves,
    describe_overlap,
    draw_overlap,
    tabulate_overlap,
)
from coursekit.institutions.overlap import measure_overlap

# Invented lists.
LISTS = {"A": {"war", "law"}, "B": {"war"}, "C": {"trade"}}
MATRIX = measure_overlap(LISTS)
EMPTY = measure_overlap({"C": set(), "D": set()})


def test_each_pair_is_drawn_once_with_its_number():
    heat = draw_overlap(MATRIX).data[0]

    assert (heat.x, heat.y) == (("A", "B"), ("B", "C"))
    assert [list(row) for row in heat.z] == [[0.5, None], [0, 0]]
    assert [list(row) for row in heat.text] == [["0.50", ""], ["0.00", "0.00"]]


def test_an_unknown_overlap_has_no_colour():
    assert draw_overlap(EMPTY).data[0].z == ([None],)


@pytest.mark.parametrize(
    "matrix",
    [
        pytest.param(MATRIX.iloc[:1, :1], id="one set"),
        pytest.param(measure_overlap({}), id="none"),
    ],
)
def test_without_pairs_there_is_an_empty_figure_and_a_word(matrix):
    assert len(draw_overlap(matrix).data[0].z) == 0
    assert describe_overlap(matrix) == "There is no pair to compare."
    assert tabulate_overlap(matrix).empty


def test_a_title_is_shown_where_there_is_one():
    assert draw_overlap(MATRIX, title="Three lists").layout.title.text == "Three lists"
    assert draw_overlap(MATRIX).layout.title.text is None


def test_words_name_the_most_and_the_least_alike():
    assert describe_overlap(MATRIX) == (
        "3 pairs: most alike A and B with 0.500, "
        "least alike A and C (and 1 other pair) with 0.000."
    )


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        pytest.param(
            measure_overlap({"A": {1}, "B": {1}}),
            "1 pair, all with overlap 1.000.",
            id="all the same",
        ),
        pytest.param(EMPTY, "1 pair. Unknown, since both are empty: 1.", id="unknown"),
    ],
)
def test_words_fit_what_there_is(matrix, words):
    assert describe_overlap(matrix) == words


def test_table_lists_the_pairs_from_the_most_alike_on():
    table = tabulate_overlap(MATRIX)

    assert table["overlap"].tolist() == [0.5, 0, 0]
    assert table.iloc[0].tolist() == ["A", "B", 0.5]


def test_moves_are_told_with_the_pair_that_went_furthest():
    after = measure_overlap({"A": {"war"}, "B": {"war"}, "C": {"trade"}})

    assert describe_moves(MATRIX, after) == (
        "1 of 3 pairs moved, 1 up and 0 down. "
        "Furthest: A and B, from 0.500 to 1.000 (+0.500)."
    )


def test_pairs_that_moved_as_far_are_counted():
    after = measure_overlap({"A": {"war"}, "B": {"trade"}, "C": {"law", "war"}})

    assert "(-0.500), and 1 pair as far." in describe_moves(MATRIX, after)


def test_a_list_that_is_gone_is_named():
    after = measure_overlap({"A": {"war", "law"}, "B": {"war"}})

    assert describe_moves(MATRIX, after) == "No pair has moved. Left out now: C."


def test_many_sets_are_drawn_with_two_digits_to_fit_a_telephone():
    crowd = measure_overlap({name: {"war"} for name in "ABCDEFGH"} | {"A": {"law"}})
    heat = draw_overlap(crowd).data[0]

    assert list(heat.text[1][:2]) == [".00", "1.00"]
    assert heat.textfont.size < draw_overlap(MATRIX).data[0].textfont.size
