"""What a student calls in an exercise: `open_exercise`, `check` and `hint`."""

from __future__ import annotations

import html
import os
import traceback
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.exercise.answers import MIME, SILENT, to_plain
from coursekit.exercise.rules import Rule
from coursekit.exercise.sidecar import Sidecar, find_sidecar
from coursekit.imports import without_iri_grammar


@dataclass
class _Session:
    """The exercise that this notebook works on, and the hints it has given."""

    sidecar: Sidecar | None = None
    hints: dict[str, int] = field(default_factory=dict)

    def require(self) -> Sidecar:
        if self.sidecar is None:
            raise CoursekitError(
                "No exercise is open. Run the setup cell at the top of the notebook, "
                'which calls open_exercise("NAME").'
            )
        return self.sidecar


_SESSION = _Session()


def open_exercise(exercise: str) -> None:
    """Open an exercise, so that `check` and `hint` know what belongs to it.

    Parameters
    ----------
    exercise : str
        Slug of the exercise: the notebook's name without its ending.

    Raises
    ------
    UnknownNameError
        If neither the notebook's folder nor the course has such an exercise.
    """
    with without_iri_grammar():
        import_module("nbformat")  # plotly imports it when it draws the first figure
    if os.environ.get(SILENT):
        return
    _SESSION.sidecar = find_sidecar(exercise)
    _SESSION.hints.clear()
    shell = get_ipython()
    if shell is not None:
        shell.set_custom_exc((NameError, NotImplementedError), _explain)


def check(
    name: str,
    value: object,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    ordered: bool = True,
    partial: bool = False,
) -> None:
    """Hand in an answer and see at once how far it gets.

    Parameters
    ----------
    name : str
        Name of the check.
    value : object
        The answer; see `coursekit.exercise.answers.to_plain` for what it may be.
    rtol, atol : float, optional
        Relative (in 0-1) or absolute tolerance of numbers; floating-point noise only
        by default.
    ordered : bool, default True
        Whether the order of items, rows or points counts.
    partial : bool, default False
        Whether grading gives each part that is right its share of the points, once two
        different ones are; parts too many count as wrong.

    Raises
    ------
    CoursekitError
        If no exercise is open, or the answer is too large.
    UnknownNameError
        If the exercise has no such check.

    Notes
    -----
    The notebook knows only digests of the expected values. What it says is a help; the
    judgement is made from the value, in another process.
    """
    rule = Rule(rtol=rtol, atol=atol, ordered=ordered, partial=partial)
    plain = to_plain(value)
    answer = {"check": name, "value": plain, "rule": rule.to_json()}
    if os.environ.get(SILENT):
        _say(f"{name}: recorded.", {MIME: answer})
        return
    feedback = _SESSION.require().feedback(name, plain)
    right = feedback.stage == "matches"
    _say(f"{name}: {feedback.text}", {MIME: answer}, right=right)


def hint(question: str) -> None:
    """Show the next hint for a question; each call gives one more.

    Parameters
    ----------
    question : str
        Name of the question.

    Raises
    ------
    UnknownNameError
        If the exercise has no such question.
    """
    if os.environ.get(SILENT):
        return
    questions = _SESSION.require().questions
    if question not in questions:
        raise UnknownNameError("question", question, questions)
    hints = questions[question]["hints"]
    if not hints:
        _say(f"{question}: there is no hint. Read the task once more.", {})
        return
    place = min(_SESSION.hints.get(question, 0), len(hints) - 1)
    _SESSION.hints[question] = place + 1
    _say(f"{question}, hint {place + 1} of {len(hints)}: {hints[place]}", {})


def _say(text: str, data: dict[str, Any], *, right: bool | None = None) -> None:
    """Display a line for a person, with its data for the grader beside it."""
    edge = {True: "#009E73", False: "#D55E00", None: "#0072B2"}[right]
    line = (
        f'<p style="border-left:4px solid {edge};padding:2px 10px;margin:4px 0">'
        f"{html.escape(text)}</p>"
    )
    display({"text/plain": text, "text/html": line, **data}, raw=True)


def _explain(
    shell: Any, kind: type[BaseException], error: BaseException, tb: Any, tb_offset: Any
) -> None:
    """Say "not attempted" where a check meets an answer that is not there yet."""
    cell = shell.user_ns.get("In", [""])[-1].lstrip()
    *_, (innermost, _) = traceback.walk_tb(tb)
    name = cell.removeprefix("check(").split(",")[0].strip("\"' ")
    if cell.startswith("check(") and kind is NotImplementedError:
        reason = "The answer cell above is not finished."
    elif cell.startswith("check(") and innermost.f_code.co_name == "<module>":
        reason = f"There is no {getattr(error, 'name', None)!r} yet."
    else:
        shell.showtraceback((kind, error, tb), tb_offset=tb_offset)
        return
    advice = "Write the answer, run its cell, then run this one again."
    _say(f"{name}: not attempted. {reason} {advice}", {})
