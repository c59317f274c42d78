"""Two doctrines over all cases: counts, partings, suppositions, and the panel."""

import pytest

from coursekit.errors import UnknownNameError
from coursekit.law import Case, find_doctrine
from coursekit.widgets.two_doctrines import (
    draw_two,
    suppose,
    tabulate_two,
    two_doctrines,
    view_two,
)

CONTROL, RECOGNITION = find_doctrine("D02"), find_doctrine("D03")
CASES = [
    Case(
        "exile", {"effective_control_of_inviter": "none", "recognised_inviter": "yes"}
    ),
    Case(
        "palace", {"effective_control_of_inviter": "full", "recognised_inviter": "yes"}
    ),
    Case("unclear", {"effective_control_of_inviter": "full"}),
]


def test_cases_on_which_the_two_part_come_first_with_the_reasons_of_both():
    table = tabulate_two(CASES, (CONTROL, RECOGNITION), {})

    assert table["case"].tolist() == ["exile", "unclear", "palace"]
    assert table["parted"].tolist() == ["yes", "yes", ""]
    assert table.iloc[0].tolist()[1:3] == ["fails", "met"]
    assert "recognised_inviter is not known" in table.loc[1, "because"]


def test_words_count_agreement_name_the_cases_and_say_what_met_means():
    words = view_two(CASES, (CONTROL, RECOGNITION), {}).words

    assert "D02 and D03 agree on 1 of 3 cases and part on 2." in words
    assert "D02 fails, D03 met: exile." in words
    assert "That D02 is met means " in words


def test_every_case_is_in_one_cell_of_the_grid():
    figure = draw_two(
        tabulate_two(CASES, (CONTROL, RECOGNITION), {}), (CONTROL, RECOGNITION)
    )

    assert [list(row) for row in figure.data[0].z] == [[1, 0, 1], [1, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("how", "facts"),
    [
        ("left unknown", {}),
        ("as it asks", {"x:object_is_support_against_own_population": "no"}),
        ("not as it asks", {"x:object_is_support_against_own_population": "yes"}),
    ],
)
def test_only_what_no_table_holds_is_supposed(how, facts):
    assert suppose(find_doctrine("D09"), how) == facts


def test_a_supposition_moves_the_panel_and_is_said():
    panel = two_doctrines("D12", "D11")
    before = panel.words
    panel.controls["of_first"].value = "as it asks"

    assert "part on 0" in before
    assert "Supposed in every case: x:aggression_or_armed_attack is yes" in panel.words
    assert "D12 met, D11 needs facts: " in panel.words


def test_where_both_ask_for_a_fact_the_first_counts():
    panel = two_doctrines(
        "D06", "D15", of_first="as it asks", of_second="not as it asks"
    )

    assert "x:broad_nonviolent_movement is yes" in panel.words


def test_contrast_cases_count_when_they_are_asked_for():
    panel = two_doctrines()
    core = len(panel.view.table)
    panel.controls["cases"].value = "contrast cases too"

    assert len(panel.view.table) == core + 2


def test_the_panel_has_a_form_without_a_kernel():
    assert "<table>" in two_doctrines().static_html()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"first": "D99"}, "no doctrine named 'D99'"),
        ({"of_second": "perhaps"}, "no supposition named 'perhaps'"),
        ({"cases": "mine"}, "no choice of cases named 'mine'"),
    ],
    ids=["doctrine", "supposition", "cases"],
)
def test_a_name_that_does_not_exist_is_an_error(options, said):
    with pytest.raises(UnknownNameError, match=said):
        two_doctrines(**options)


def test_a_supposition_that_does_not_exist_is_an_error():
    with pytest.raises(UnknownNameError, match="no supposition named 'maybe'"):
        suppose(CONTROL, "maybe")
