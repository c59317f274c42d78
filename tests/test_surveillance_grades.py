"""The rule grades evidence as it is written, and is compared with the hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.surveillance.grades import (
    STARTS,
    STEPS_DOWN,
    compare_with_coding,
    explain_grade,
    grade_evidence,
    read_grades,
    weakest,
)

BASES = st.sampled_from(sorted(STARTS))
REASONS = st.sets(st.sampled_from(sorted(STEPS_DOWN)))


@pytest.mark.parametrize(
    ("basis", "grade"),
    [
        pytest.param("official_document", "A", id="document"),
        pytest.param("named_official", "A", id="official"),
        pytest.param("report", "B", id="report"),
        pytest.param("single_media", "C", id="medium"),
        pytest.param("claim", "D", id="claim"),
    ],
)
def test_a_report_starts_at_the_grade_of_its_basis(basis, grade):
    assert grade_evidence(basis) == grade


@pytest.mark.parametrize(
    ("options", "grade"),
    [
        pytest.param({"down": "repost"}, "C", id="one-step"),
        pytest.param({"down": ["repost", "party_alone"]}, "D", id="two-steps"),
        pytest.param({"down": ["repost", "repost"]}, "C", id="one-reason-twice"),
        pytest.param({"down": list(STEPS_DOWN)}, "D", id="not-below-D"),
        pytest.param({"independent": True}, "B", id="never-to-A"),
        pytest.param({"down": "repost", "independent": True}, "B", id="down-and-up"),
        pytest.param(
            {"down": list(STEPS_DOWN), "independent": True}, "C", id="up-from-D"
        ),
    ],
)
def test_steps_go_down_first_and_up_last(options, grade):
    assert grade_evidence("report", **options) == grade


@given(BASES, REASONS)
def test_a_second_source_never_makes_it_worse_nor_an_official_text(basis, down):
    alone = grade_evidence(basis, down=down)
    agreed = grade_evidence(basis, down=down, independent=True)

    assert agreed <= alone
    assert (agreed == "A") == (alone == "A")


@given(BASES, REASONS)
def test_the_explanation_ends_with_the_grade(basis, down):
    grade = grade_evidence(basis, down=down, independent=True)

    assert explain_grade(basis, down=down, independent=True).endswith(f"so {grade}.")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: grade_evidence("rumour"), "no basis", id="basis"),
        pytest.param(
            lambda: grade_evidence("report", down="old"), "no reason", id="reason"
        ),
        pytest.param(lambda: weakest("AE"), "no grade named 'E'", id="grade"),
        pytest.param(lambda: read_grades(pd.DataFrame()), "no column", id="column"),
    ],
)
def test_an_unknown_name_is_refused(call, message):
    with pytest.raises(UnknownNameError, match=message):
        call()


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"independent": "yes"}, id="text-for-truth"),
        pytest.param({"down": 3}, id="number-for-reasons"),
    ],
)
def test_a_wrong_type_is_refused(options):
    with pytest.raises(TypeError, match="give"):
        grade_evidence("report", **options)


def test_the_weakest_link_grades_a_chain():
    assert weakest(["A", "C", "B"]) == "C"
    with pytest.raises(CoursekitError, match="give one or more"):
        weakest([])


def test_the_rule_and_the_hand_agree_in_58_of_77_rows():
    counts = compare_with_coding()

    assert sum(counts.loc[grade, grade] for grade in "ABCD") == 58
    assert counts.to_numpy().sum() == 77


def test_a_row_without_a_reason_to_step_down_stays():
    table = pd.DataFrame(
        {
            "evidence_basis": ["report", "report"],
            "evidence_down": [None, "repost; party_alone"],
            "independent_sources": [False, False],
        }
    )

    assert read_grades(table)["rule_grade"].tolist() == ["B", "D"]
