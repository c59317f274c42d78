from __future__ import annotations

import json

import pytest

from coursekit.authoring.selftest import selftest
from coursekit.errors import CoursekitError, UnknownNameError


def respell(path, before, after):
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")


def test_an_exercise_that_keeps_its_word_passes(built):
    report = selftest([built / "97_tiny.md"])

    assert report.passed, report.to_text()
    assert report.attempts == 6


def test_every_broken_promise_is_named_with_what_was_given(built):
    # The source promises other messages than the reference knows; one right attempt
    # became wrong; and the reference expects what its own solution does not give.
    respell(built / "97_tiny.md", "These add up to 100.", "These are percentages.")
    respell(built / "97_tiny.md", "counts.div(4)", "counts.div(5)")
    respell(built / "reference" / "97_tiny.ipynb", '"south"', '"north"')

    report = selftest([built / "97_tiny.md"])
    found = {(fault.question, fault.submission) for fault in report.faults}

    assert not report.passed
    assert found >= {
        ("shares", "wrong attempt 1"),
        ("shares", "right attempt 1"),
        ("top", "reference"),
    }
    assert json.loads(report.to_json())["passed"] is False
    assert "These are percentages." in report.to_text()


def test_an_unknown_exercise_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match="There is: "):
        selftest(["02_who_may_invit"])


def test_an_exercise_that_was_never_built_says_what_to_run(built):
    (built / "97_tiny.ipynb").unlink()

    with pytest.raises(CoursekitError, match="run `coursekit build` first"):
        selftest([built / "97_tiny.md"])
