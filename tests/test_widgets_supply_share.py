"""The panel of shares follows its lists, and never calls an empty set a zero."""

from __future__ import annotations

import pytest

from coursekit.errors import UnknownNameError
from coursekit.widgets.supply_share import supply_share, view_supply


def test_a_stricter_threshold_counts_fewer_rows():
    panel = supply_share()
    before = panel.words
    panel.controls["worst"].value = "A"

    assert before.startswith("China: 16 of 35 rows, 7 unnamed")
    assert panel.words.startswith("China: 5 of 16 rows, 6 unnamed")


def test_words_say_when_the_unnamed_decide_a_majority():
    undecided = view_supply(technology_class="camera")
    decided = view_supply(technology_class="network")

    assert "The unnamed rows decide" in undecided.words
    assert "The unnamed rows decide" not in decided.words


def test_a_state_without_rows_is_said_to_have_no_share():
    view = view_supply(worst="A", technology_class="camera")

    assert "No row is left for Turkmenistan: no share, not 0." in view.words
    assert "Turkmenistan" not in view.table["rows of"].tolist()


def test_no_row_at_all_is_no_share():
    view = view_supply(technology_class="other", stage="announced")

    assert view.words == "No row is left, so there is no share: not 0, but none."
    assert view.figure is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"worst": "E"}, "no grade", id="grade"),
        pytest.param({"technology_class": "drone"}, "no class", id="class"),
        pytest.param({"stage": "sold"}, "no stage", id="stage"),
        pytest.param({"bloc": "Unspecified"}, "no bloc", id="bloc"),
    ],
)
def test_an_unknown_choice_is_refused(options, message):
    with pytest.raises(UnknownNameError, match=message):
        supply_share(**options)


def test_an_unknown_grade_is_refused_without_a_front_end_too():
    with pytest.raises(UnknownNameError, match="no grade named 'E'"):
        view_supply(worst="E")
