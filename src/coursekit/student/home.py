"""The home page of a student's copy: the map of lessons, read off the notebooks."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import MalformedNotebookError

HOME_PAGE = "START_HERE.md"

# The first lesson of each part, and what the part is called.
PARTS = {
    1: "The record",
    2: "The law of intervention by invitation",
    7: "The institutions of international society",
    12: "The trade in surveillance",
    16: "All three",
}

_TITLE = re.compile(r"^# +(?P<title>.+?) *$", re.MULTILINE)
_OUTCOME = re.compile(r"^\d+\. +(?P<words>.+?)[;.]? *$", re.MULTILINE)
_OUTCOMES = "By the end you can"
_MINUTES = re.compile(r"\*\*Time\*\*\s+(?P<minutes>\d+)\s+minutes?\b")

_OPENING = """\
# coursekit

Kazakhstan, January 2022: protests, a state of emergency, and foreign soldiers who came
at the president's request and left within two weeks.
The course reads these days through three lenses: the law of intervention by
invitation, the institutions of international society, and the trade in surveillance.
Every fact is a claim: ask who says so, and what would change if they were wrong.

## The lessons

"""

_ENDING = """
## How it works

- Open a lesson and read it from the top.
  Run each cell with <kbd>Shift</kbd>+<kbd>Enter</kbd>.
- In an exercise, write your answer where the cell asks for it.
  The cell below checks it at once.
- `hint("name of the question")` gives a hint, and another one if you ask again.
- This folder is yours.
  When the course is updated, what you wrote stays.
- For a fresh copy of a notebook, rename or delete yours.
  Then start `coursekit lab` again.
- If a cell says `No module named 'coursekit'`, the notebook runs in another Python.
  Open it with `coursekit lab`, and choose *Kernel > Change Kernel > Python 3*.
"""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the map shows of one notebook.

    Parameters
    ----------
    path : str
        The notebook below the course's folder, as a POSIX path.
    title : str
        Its first heading, or its file name if it has none.
    minutes : int or None
        What the lesson says it takes; None if it does not say.
    questions : int
        Questions of an exercise; 0 in a lesson.
    outcomes : tuple of str
        What a lesson says that one can do by its end.
    """

    path: str
    title: str
    minutes: int | None
    questions: int
    outcomes: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The number that the file's name begins with; 0 if it has none."""
        found = re.match(r"\d+", self.path.rsplit("/", 1)[-1])
        return int(found[0]) if found else 0


@dataclass(frozen=True, kw_only=True)
class Row:
    """A lesson and its exercise; one of them may be missing."""

    part: str
    lesson: Card | None
    exercise: Card | None


def read_card(file: Path, *, root: Path) -> Card:
    """Read what the map shows of one notebook.

    Parameters
    ----------
    file : pathlib.Path
        A built lesson or the student version of an exercise.
    root : pathlib.Path
        The folder that its path is given from.

    Returns
    -------
    Card
        Title, minutes and questions.

    Raises
    ------
    MalformedNotebookError
        If the file is no JSON or has no cells.
    """
    try:
        cells = json.loads(file.read_bytes())["cells"]
        prose = [_text(cell) for cell in cells if cell["cell_type"] == "markdown"]
        facts = [cell["metadata"].get("coursekit", {}) for cell in cells]
        questions = {fact["question"] for fact in facts if "question" in fact}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MalformedNotebookError(
            file, "is not a notebook with cells; build or install the course again."
        ) from error
    text = "\n".join(prose)
    title, minutes = _TITLE.search(text), _MINUTES.search(text)
    return Card(
        path=file.relative_to(root).as_posix(),
        title=title["title"] if title else file.stem,
        minutes=int(minutes["minutes"]) if minutes else None,
        questions=len(questions),
        outcomes=_outcomes(prose),
    )


def list_rows(root: Path) -> list[Row]:
    """List lessons and exercises of one name side by side, in the course's order.

    Parameters
    ----------
    root : pathlib.Path
        A folder with ``lessons`` and ``exercises``.

    Returns
    -------
    list of Row
        Each with the part of the course that it belongs to.

    Raises
    ------
    MalformedNotebookError
        If one of the notebooks cannot be read.
    """
    lessons, exercises = _cards(root, "lessons"), _cards(root, "exercises")
    rows = []
    for name in sorted({*lessons, *exercises}):
        lesson, exercise = lessons.get(name), exercises.get(name)
        number = max(card.number for card in (lesson, exercise) if card)
        begun = [first for first in PARTS if first <= max(number, 1)]
        rows.append(Row(part=PARTS[begun[-1]], lesson=lesson, exercise=exercise))
    return rows


def home_page(root: Path) -> str:
    """Write the map of all lessons and exercises below ``root`` as Markdown.

    Parameters
    ----------
    root : pathlib.Path
        A folder with ``lessons`` and ``exercises``.

    Returns
    -------
    str
        The page; an exercise stands in the row of the lesson that has its file name.

    Raises
    ------
    MalformedNotebookError
        If one of the notebooks cannot be read.
    """
    rows = ["| Lesson | Minutes | Exercise |", "|:--|--:|:--|"]
    for row in list_rows(root):
        minutes = str(row.lesson.minutes or "") if row.lesson else ""
        rows.append(f"| {_link(row.lesson)} | {minutes} | {_link(row.exercise)} |")
    return _OPENING + "\n".join(rows) + "\n" + _ENDING


def _cards(root: Path, folder: str) -> dict[str, Card]:
    files = sorted((root / folder).glob("*.ipynb"))
    return {file.stem: read_card(file, root=root) for file in files}


def _link(card: Card | None) -> str:
    """Name a notebook in a table cell, with what an exercise asks."""
    if card is None:
        return ""
    title = card.title.replace("|", "\\|")
    link = f"[{title}]({card.path})"
    if not card.questions:
        return link
    return f"{link}, {card.questions} questions"


def _outcomes(prose: list[str]) -> tuple[str, ...]:
    """Read the list under the sentence that promises outcomes."""
    for text in prose:
        _, promised, after = text.partition(_OUTCOMES)
        if promised:
            paragraph = re.split(r"\n(?!\d+\. |\s*\n)", after.strip(), maxsplit=1)[0]
            return tuple(found["words"] for found in _OUTCOME.finditer(paragraph))
    return ()


def _text(cell: dict[str, object]) -> str:
    source = cell["source"]
    return "".join(source) if isinstance(source, list) else str(source)
