"""What a student's notebook knows of an exercise: points, hints and sealed answers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.course import course_root
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.exercise.answers import Plain
from coursekit.exercise.layout import lay_out
from coursekit.exercise.rules import Rule, compare_parts
from coursekit.exercise.seals import Sealed, digest

SUFFIX = ".checks.json"


@dataclass(frozen=True)
class Feedback:
    """What is said of an answer at once.

    Parameters
    ----------
    check : str
        The check's name.
    stage : str
        ``matches``, ``values differ``, ``wrong shape`` or ``wrong type``; ``hidden``
        for a check that only a reference holds.
    text : str
        Sentences for the student; never which value is wrong or what it should be.
    """

    check: str
    stage: str
    text: str


@dataclass(frozen=True)
class Sidecar:
    """An exercise as its student version may know it.

    Parameters
    ----------
    exercise : str
        Slug of the exercise.
    questions : dict
        For each question its ``points``, ``hints``, digests of the names of its
        ``hidden`` checks, and its public ``checks`` (rule, sealed expectation, sealed
        wrong attempts with their messages).
    """

    exercise: str
    questions: dict[str, Any]

    @property
    def checks(self) -> dict[str, dict[str, Any]]:
        """Public checks by name, with the ``question`` each belongs to."""
        return {
            name: {**check, "question": question}
            for question, entry in self.questions.items()
            for name, check in entry["checks"].items()
        }

    def feedback(self, check: str, plain: Plain) -> Feedback:
        """Say how far an answer gets.

        Parameters
        ----------
        check : str
            Name of a public check.
        plain : object
            The answer in plain form.

        Returns
        -------
        Feedback
            The stage, and a wrong attempt's own message where the answer is one.

        Raises
        ------
        UnknownNameError
            If the exercise has no public check of that name.
        """
        if self._is_hidden(check):
            text = "This is a hidden check; it is judged at grading."
            return Feedback(check, "hidden", text)
        if check not in self.checks:
            raise UnknownNameError("check", check, self.checks)
        entry = self.checks[check]
        rule = Rule(**entry["rule"])
        given = lay_out(plain, ordered=rule.ordered)
        result = compare_parts(self._sealed(check, entry["expected"], rule), given)
        text = result.message
        if result.stage == "matches":
            text = "It matches the public checks."
            hidden = len(self.questions[entry["question"]]["hidden"])
            if hidden:
                runs = "check runs" if hidden == 1 else "checks run"
                text = f"{text[:-1]}; {hidden} hidden {runs} at grading."
            return Feedback(check, result.stage, text)
        for attempt in entry["wrong"]:
            sealed = self._sealed(check, attempt["value"], rule)
            if compare_parts(sealed, given).stage == "matches":
                text = f"{text} {attempt['message']}"
                break
        return Feedback(check, result.stage, text)

    def _is_hidden(self, check: str) -> bool:
        name = hidden_name(self.exercise, check)
        return any(name in entry["hidden"] for entry in self.questions.values())

    def _sealed(self, check: str, entry: dict[str, Any], rule: Rule) -> Sealed:
        return Sealed(**entry, salt=salt(self.exercise, check), rule=rule)


class MissingSidecarError(UnknownNameError):
    """An exercise is open whose sidecar lies neither beside it nor in the course.

    Parameters
    ----------
    exercise : str
        Slug of the exercise.
    known : iterable of str
        Exercises whose sidecar was found.
    """

    def __init__(self, exercise: str, known: Iterable[str]) -> None:
        super().__init__("exercise", exercise, known)
        self.args = (exercise, self.known)  # what pickle rebuilds it from

    def __str__(self) -> str:
        return (
            f"{super().__str__()} To check your answers, {self.name}{SUFFIX} must lie "
            "beside the notebook, where the course or your instructor put it."
        )


def salt(exercise: str, check: str) -> str:
    """Give each check of each exercise its own salt, the same at every build."""
    return f"coursekit/{exercise}/{check}"


def hidden_name(exercise: str, check: str) -> str:
    """Digest the name of a hidden check, so that a sidecar can count and not tell."""
    return digest(salt(exercise, check), check)


def find_sidecar(exercise: str, *, folder: Path | None = None) -> Sidecar:
    """Read the sidecar of an exercise.

    Parameters
    ----------
    exercise : str
        Slug of the exercise.
    folder : pathlib.Path, optional
        Where to look first; the working folder, which is the notebook's, by default.
        The course's own exercises come second.

    Returns
    -------
    Sidecar
        Points, hints and sealed answers.

    Raises
    ------
    MissingSidecarError
        If neither place has a sidecar of that name.
    CoursekitError
        If the sidecar cannot be read.
    """
    folders = [folder or Path.cwd(), course_root() / "exercises"]
    for place in folders:
        path = place / f"{exercise}{SUFFIX}"
        if path.is_file():
            return read_sidecar(path)
    known = {
        path.name.removesuffix(SUFFIX)
        for place in folders
        for path in place.glob(f"*{SUFFIX}")
    }
    raise MissingSidecarError(exercise, known)


def read_sidecar(path: Path) -> Sidecar:
    """Read a sidecar file; `CoursekitError` says what is wrong with a broken one."""
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
        return Sidecar(tree["exercise"], tree["questions"])
    except (ValueError, KeyError, TypeError) as error:
        raise CoursekitError(
            f"{path}: this is not a sidecar of an exercise ({error}). "
            "Copy it again from the course, or build the exercise again."
        ) from error
