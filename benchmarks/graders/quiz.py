"""The workload: the questions of quiz.md, and what invented students hand in."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.authoring.source import Source, read_source

QUIZ = Path(__file__).with_name("quiz.md")
UNFINISHED = 'raise NotImplementedError("write your answer here")'

# coursekit compares the values themselves.  The others compare with ``==``, or as
# text: for them a value is made plain, and rounded where coursekit has a tolerance.
PLAIN = {
    "long": 'long[["decision_id", "pages"]].values.tolist()',
    "mean_pages": "{c: round(float(n), 1) for c, n in sorted(mean_pages.items())}",
    "by_country": 'sorted(by_country[["country", "decisions"]].values.tolist())',
    "share": "round(float(share), 2)",
    "longest": "[longest(decisions, 3), longest(decisions.iloc[::7], 5)]",
    "per_year": "dict(sorted((int(y), int(n)) for y, n in per_year.items()))",
    "settlers": "sorted(settlers)",
    "bars": (
        "sorted((t.name, c, int(n)) for t in bars.data for c, n in zip(t.x, t.y))"
    ),
    "sentence": "sentence",
    "lines": (
        "sorted((t.name, int(y), round(float(n), 1)) "
        "for t in lines.data for y, n in zip(t.x, t.y))"
    ),
}

# What students leave beside an answer.
_HABITS = (
    *["{}"] * 5,
    "print('trying')\n{}",
    "import warnings\nwarnings.warn('I am not sure of this one')\n{}",
    "# my second attempt\ndecisions.describe()\n{}",
    "tried = px.histogram(decisions, x='pages', color='court')\n{}",
)


@dataclass(frozen=True)
class Question:
    """One question: what is asked, how, and what students answer."""

    name: str
    check: str
    right: tuple[str, ...]  # the author's solution first
    wrong: tuple[str, ...]

    @property
    def plain(self) -> str:
        """The expression that turns the answer into a plain value."""
        return PLAIN[self.name]


@dataclass(frozen=True)
class Quiz:
    """The exercise: its setup and its questions."""

    setup: str
    questions: tuple[Question, ...]

    @property
    def bare_setup(self) -> str:
        """The setup for graders that do not know coursekit."""
        lines = self.setup.splitlines()
        own = ("from coursekit", "open_exercise")
        return "\n".join(line for line in lines if not line.startswith(own))

    def expected(self) -> dict[str, Any]:
        """Answer every question right, and give the plain values by question."""
        names: dict[str, Any] = {}
        values = {}
        exec(self.bare_setup, names)  # noqa: S102 - our own code
        for question in self.questions:
            exec(question.right[0], names)  # noqa: S102 - the same
            values[question.name] = eval(question.plain, names)  # noqa: S307 - the same
        return values


@dataclass(frozen=True)
class Submission:
    """What one student hands in, and which questions of it are right."""

    student: str
    answers: Mapping[str, str]
    marks: Mapping[str, bool]


def read_quiz() -> Quiz:
    """Read the questions out of the source that `coursekit build` builds."""
    source = read_source(QUIZ)
    setup = next(cell.text for cell in source.cells if "setup" in cell.tags)
    return Quiz(setup, tuple(_question(source, name) for name in source.questions()))


def _question(source: Source, name: str) -> Question:
    def texts(tag: str) -> list[str]:
        return [cell.text for cell in source.of(name, tag)]

    solution = "\n".join(texts("answer")[0].splitlines()[1:-1])
    right = (solution, *texts("right"))
    return Question(name, texts("check")[0], right, tuple(texts("wrong")))


def make_submissions(quiz: Quiz, number: int, *, seed: int = 3) -> list[Submission]:
    """Make submissions, about three answers in four right; the same at each call.

    Parameters
    ----------
    quiz : Quiz
        What is asked.
    number : int
        How many; the first 20 of 60 are the 20.
    seed : int, default 3
        Another seed gives other students.
    """
    dice = random.Random(seed)  # noqa: S311 - invented students are no secret
    names = [f"student{place:02}" for place in range(number)]
    return [_make_submission(quiz, name, dice) for name in names]


def _make_submission(quiz: Quiz, student: str, dice: random.Random) -> Submission:
    answers, marks = {}, {}
    for question in quiz.questions:
        right = marks[question.name] = dice.random() < 0.75
        tried = question.right if right else (*question.wrong, UNFINISHED)
        answers[question.name] = dice.choice(_HABITS).format(dice.choice(tried))
    return Submission(student, answers, marks)
