"""The grader follows its lists and says whose grade is whose."""

from __future__ import annotations

import pytest

from coursekit.errors import UnknownNameError
from coursekit.evidence import load
from coursekit.widgets.evidence_grader import evidence_grader, view_grade

TABLE = load("deployments")


def test_a_report_starts_as_coded_beside_the_grade_of_the_hand():
    words = evidence_grader("KGZ-01").words

    assert "so A." in words
    assert "By hand it was graded C: another one." in words


def test_a_choice_moves_the_grade_and_the_figure():
    panel = evidence_grader("KGZ-01")
    before = panel.view.figure.data[1].y
    panel.controls["basis"].value = "claim"
    panel.controls["independent"].value = "no"

    assert "It starts at D (claim); so D." in panel.words
    assert panel.view.figure.data[1].y == (before[0] - 1, *before[1:3], before[3] + 1)


def test_a_step_down_can_be_taken_and_taken_back():
    stepped = view_grade(TABLE, report="KAZ-08", down="repost")
    taken_back = view_grade(TABLE, report="KGZ-03", down="no step down")

    assert "so C." in stepped.words
    assert "down:" not in taken_back.words


def test_the_table_keeps_the_three_questions_apart():
    table = view_grade(TABLE, report="KGZ-01").table

    assert table["question"].tolist()[:3] == [
        "agreed",
        "installed",
        "used against critics",
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"report": "KAZ-99"}, "no report", id="report"),
        pytest.param({"basis": "rumour"}, "no basis", id="basis"),
        pytest.param({"down": "old"}, "no reason", id="reason"),
        pytest.param({"independent": "maybe"}, "no answer", id="answer"),
    ],
)
def test_an_unknown_choice_is_refused(options, message):
    with pytest.raises(UnknownNameError, match=message):
        evidence_grader(**options)
