from __future__ import annotations

import json
import pickle

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.exercise import check as module
from coursekit.exercise.answers import MIME, to_plain
from coursekit.exercise.check import SILENT, check, hint, open_exercise
from coursekit.exercise.rules import Rule
from coursekit.exercise.seals import seal
from coursekit.exercise.sidecar import (
    SUFFIX,
    MissingSidecarError,
    find_sidecar,
    hidden_name,
    read_sidecar,
    salt,
)


@pytest.fixture
def shell(monkeypatch):
    config = Config()
    config.HistoryManager.enabled = False
    yield InteractiveShell.instance(config=config)
    InteractiveShell.clear_instance()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A student's folder that holds the sidecar of one exercise."""

    def sealed(value, name, rule):
        return seal(to_plain(value), rule, salt("97_tiny", name)).to_json()

    entry = {
        "points": 2,
        "hints": ["Divide.", "Divide by the sum."],
        "hidden": [hidden_name("97_tiny", "share.fresh")],
        "checks": {
            "share": {
                "rule": {"rtol": 0.001},
                "expected": sealed(0.25, "share", Rule(rtol=0.001)),
                "wrong": [
                    {
                        "message": "A share lies between 0 and 1.",
                        "value": sealed(25.0, "share", Rule(rtol=0.001)),
                    }
                ],
            }
        },
    }
    plain = {"points": 1, "hints": [], "hidden": [], "checks": {}}
    questions = {"share": entry, "essay": plain}
    tree = {"exercise": "97_tiny", "version": "1", "questions": questions}
    (tmp_path / f"97_tiny{SUFFIX}").write_text(json.dumps(tree), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(SILENT, raising=False)
    monkeypatch.setattr(module, "_SESSION", module._Session())
    return tmp_path


@pytest.fixture
def opened(shell, folder):
    open_exercise("97_tiny")


def said(function, *args, **options):
    """Call, and give the one thing that was displayed."""
    with capture_output() as captured:
        function(*args, **options)
    (output,) = captured.outputs
    return output.data


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(
            0.25001,
            "share: It matches the public checks; 1 hidden check runs at grading.",
            id="right",
        ),
        pytest.param(0.5, "share: The value differs.", id="wrong"),
        pytest.param(
            25.0,
            "share: The value differs. A share lies between 0 and 1.",
            id="known mistake",
        ),
        pytest.param(
            "a quarter",
            "share: A number was expected, and this is a text.",
            id="wrong type",
        ),
    ],
)
@pytest.mark.usefixtures("opened")
def test_check_answers_in_stages(value, text):
    data = said(check, "share", value, rtol=0.001)

    assert data["text/plain"] == text
    assert data[MIME]["value"] == value


@pytest.mark.usefixtures("opened")
def test_a_hidden_check_in_a_reference_says_what_it_is():
    text = said(check, "share.fresh", 1)["text/plain"]

    assert text == "share.fresh: This is a hidden check; it is judged at grading."


@pytest.mark.usefixtures("opened")
def test_hints_come_one_at_a_time_and_the_last_one_stays():
    given = [said(hint, "share")["text/plain"] for _ in range(3)]

    assert given == [
        "share, hint 1 of 2: Divide.",
        "share, hint 2 of 2: Divide by the sum.",
        "share, hint 2 of 2: Divide by the sum.",
    ]


@pytest.mark.usefixtures("opened")
def test_a_question_without_hints_says_so():
    assert "there is no hint" in said(hint, "essay")["text/plain"]


@pytest.mark.usefixtures("opened")
def test_a_check_without_an_answer_is_not_attempted(shell):
    shell.user_ns["check"] = check
    with capture_output() as captured:
        shell.run_cell('check("share", share_of_all, rtol=0.001)', store_history=True)

    assert captured.outputs[0].data["text/plain"] == (
        "share: not attempted. There is no 'share_of_all' yet. "
        "Write the answer, run its cell, then run this one again."
    )


@pytest.mark.usefixtures("opened")
def test_a_check_of_an_unfinished_function_is_not_attempted(shell):
    shell.user_ns["check"] = check
    with capture_output() as captured:
        shell.run_cell("def share():\n    raise NotImplementedError")
        shell.run_cell('check("share", share(), rtol=0.001)', store_history=True)

    text = captured.outputs[0].data["text/plain"]
    assert "not attempted. The answer cell above is not finished." in text


@pytest.mark.usefixtures("opened")
def test_another_missing_name_is_shown_as_ever(shell):
    with capture_output() as captured:
        shell.run_cell("print(troops)", store_history=True)

    assert "NameError" in captured.stdout


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        pytest.param(
            lambda: check("shore", 1), UnknownNameError, "There is: share", id="check"
        ),
        pytest.param(
            lambda: hint("shore"), UnknownNameError, "essay, share", id="question"
        ),
        pytest.param(
            lambda: open_exercise("98_none"), UnknownNameError, "97_tiny", id="exercise"
        ),
    ],
)
@pytest.mark.usefixtures("opened")
def test_an_unknown_name_lists_what_exists(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.usefixtures("shell", "folder")
def test_check_before_open_exercise_says_what_to_run():
    with pytest.raises(CoursekitError, match="Run the setup cell"):
        check("share", 1)


@pytest.mark.usefixtures("shell", "folder")
def test_grading_records_the_answer_and_says_nothing_of_it(monkeypatch):
    monkeypatch.setenv(SILENT, "1")

    data = said(check, "anything", 0.5, atol=1)

    assert data["text/plain"] == "anything: recorded."
    assert data[MIME] == {"check": "anything", "value": 0.5, "rule": {"atol": 1}}


def test_a_broken_sidecar_says_where_to_get_another(folder):
    path = folder / f"97_tiny{SUFFIX}"
    path.write_text("{", encoding="utf-8")

    with pytest.raises(CoursekitError, match="Copy it again"):
        read_sidecar(path)


def test_a_missing_sidecar_says_where_it_must_lie(folder):
    with pytest.raises(
        MissingSidecarError, match=r"98_none\.checks\.json must lie"
    ) as e:
        find_sidecar("98_none", folder=folder)

    assert str(pickle.loads(pickle.dumps(e.value))) == str(e.value)


def test_a_sidecar_is_looked_for_beside_the_notebook_first(folder):
    assert find_sidecar("97_tiny", folder=folder).questions["share"]["points"] == 2
