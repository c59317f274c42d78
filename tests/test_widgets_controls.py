"""The list from which one entry is chosen."""

import pytest

from coursekit.errors import UnknownNameError
from coursekit.widgets.controls import drop_down


def test_the_first_option_is_chosen_unless_another_is_asked_for():
    pairs = [("one", 1), ("two", 2)]

    assert drop_down("Number", pairs).value == 1
    assert drop_down("Number", pairs, 2).value == 2


def test_its_label_is_said_by_what_reads_aloud():
    assert drop_down("Days:", ["a"]).tooltip == "Days"


def test_an_option_that_is_not_there_is_an_error():
    with pytest.raises(UnknownNameError, match="no case named 'c'"):
        drop_down("Case", ["a", "b"], "c", kind="case")
