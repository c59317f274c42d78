"""One case, three lenses: what each control moves, and what it leaves."""

from __future__ import annotations

import pytest

from coursekit.charts.lenses import BASE, SITUATIONS, list_choices
from coursekit.errors import UnknownNameError
from coursekit.widgets.three_lenses import BODIES, GRADES, three_lenses, view_case


@pytest.fixture
def panel():
    return three_lenses()


def lines(panel):
    return panel.words.splitlines()


def test_each_lens_has_a_line(panel):
    starts = [line.split(":")[0] for line in lines(panel)[1:]]

    assert starts == ["Law", "Institutions", "Surveillance"]


def test_the_first_control_is_the_case_and_its_next_value_gives_other_words(panel):
    before = panel.words
    first = next(iter(panel.controls))

    panel.controls[first].index += 1

    assert first == "case"
    assert panel.words != before
    assert panel.words.startswith("Kyrgyzstan 2010: a request declined.")


@pytest.mark.parametrize(
    ("control", "value", "line"),
    [
        pytest.param("doctrine", "D02", 1, id="a doctrine moves the law"),
        pytest.param("body", "SCO", 2, id="a body moves the institutions"),
        pytest.param("grade", "A only", 3, id="a grade moves what is on record"),
        pytest.param("reading", "sh09_start_ripe", 3, id="a start moves the cut"),
        pytest.param("reading", "situation_kaz2022_terrorism", 1, id="a fact"),
    ],
)
def test_a_control_moves_its_own_line_and_no_other(panel, control, value, line):
    before = lines(panel)

    panel.controls[control].value = value

    moved = [
        n
        for n, pair in enumerate(zip(before, lines(panel), strict=True))
        if pair[0] != pair[1]
    ]
    assert moved == [line]


def test_across_readings_moves_law_and_net(panel):
    panel.controls["reading"].value = "across readings"

    assert "needs facts under" in lines(panel)[1]
    assert "hours across readings" in lines(panel)[3]


def test_a_reading_of_another_case_says_so():
    words = three_lenses("KGZ2010", reading="sh09_start_ripe").words

    assert words.endswith("sh09_start_ripe is of another case: this is the base.")


def test_the_figure_is_of_the_case_alone(panel):
    panel.controls["case"].value = "UZB2022"

    assert [trace.name for trace in panel.view.figure.data] == ["Uzbekistan, 2022"]


def test_the_table_says_what_each_lens_has_to_go_on(panel):
    panel.controls["case"].value = "KAZ2011"
    table = panel.view.table.set_index("dataset")["KAZ2011"]

    assert table["interventions"] == "not covered"
    assert table["shutdowns"] == "1"


@pytest.mark.parametrize("case", list(SITUATIONS))
@pytest.mark.parametrize("reading", list_choices()[:3])
def test_every_case_has_words_under_base_and_across_and_a_reading(case, reading):
    view = view_case(case, "D24", "CIS", "A or B", reading)

    assert view.words.count("\n") in (3, 4)


@pytest.mark.parametrize("body", BODIES)
def test_every_body_has_words(body):
    assert body in view_case("KAZ2022", "D01", body, "any grade", BASE).words


def test_grades_grow_stricter_one_by_one():
    kept = list(GRADES.values())

    assert [len(grades) for grades in kept] == [4, 3, 2, 1]
    assert all(grades == "ABCD"[: len(grades)] for grades in kept)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"case": "KAZ2023"}, id="case"),
        pytest.param({"doctrine": "D99"}, id="doctrine"),
        pytest.param({"body": "CTSO"}, id="body"),
        pytest.param({"grade": "E"}, id="grade"),
        pytest.param({"reading": "no_such"}, id="reading"),
    ],
)
def test_a_name_that_is_none_is_refused(wrong):
    with pytest.raises(UnknownNameError):
        three_lenses(**wrong)
