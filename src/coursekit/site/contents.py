"""The pages that list others: home, lessons, exercises and codebooks."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from coursekit.student.home import Card, Row

_HOME = """\
---
html_theme.sidebar_primary.remove: true
html_theme.sidebar_secondary.remove: true
---

# One case, three lenses

{.opening}
Kazakhstan, January 2022: protests, a state of emergency, and foreign soldiers who came
at the president's request and left within two weeks.

The course reads these days through the law of intervention by invitation, the
institutions of international society, and the trade in surveillance.
Every fact is a claim: ask who says so, and what would change if they were wrong.

{.begin}
[Begin with lesson 1](%(first)s)

%(parts)s

## About these pages

These pages are for reading.
Figures answer to the pointer, the search works, and nothing is fetched from anywhere:
they can be read without a network.
To change a number, move a widget or answer an exercise, open the course in JupyterLab
with `coursekit lab`.

```{toctree}
:hidden:

lessons/index
exercises/index
data/index
glossary
bibliography
```
"""


def home_page(rows: list[Row]) -> str:
    """Write the map of the course."""
    parts = []
    for part, row_of_part in groupby(rows, key=lambda row: row.part):
        lines = [f"## {part}\n", "{.lessons}"]
        for lesson, exercise in ((row.lesson, row.exercise) for row in row_of_part):
            links = [_link(lesson), _minutes(lesson), _questions(exercise)]
            lines.append("- " + "\\\n  ".join(filter(None, links)))
        parts.append("\n".join(lines))
    first = next(card.path for row in rows if (card := row.lesson or row.exercise))
    return _HOME % {"first": first, "parts": "\n\n".join(parts)}


def lessons_page(rows: list[Row]) -> str:
    """Write the list of lessons with their outcomes."""
    text = "# Lessons\n\nAfter each lesson you can do what is listed under it.\n"
    with_lessons = [row for row in rows if row.lesson]
    for part, row_of_part in groupby(with_lessons, key=lambda row: row.part):
        cards = [row.lesson for row in row_of_part if row.lesson]
        text += f"\n## {part}\n"
        for card in cards:
            outcomes = "\n".join(f"- {outcome}" for outcome in card.outcomes)
            text += f"\n### {_link(card)}\n\n{_minutes(card)}\n\n{outcomes}\n"
        text += _toctree([Path(card.path).stem for card in cards], caption=part)
    return text


def exercises_page(rows: list[Row]) -> str:
    """Write the list of exercises."""
    cards = [row.exercise for row in rows if row.exercise]
    listed = "\n".join(f"- {_link(card)}, {card.questions} questions" for card in cards)
    intro = (
        "# Exercises\n\nEach belongs to the lesson of its number, without answers.\n"
    )
    return f"{intro}\n{listed}\n" + _toctree([Path(card.path).stem for card in cards])


def codebooks_page(root: Path) -> str:
    """List the codebooks by their titles."""
    text = "# Codebooks\n\nWhat each dataset holds, who says so, what it cannot tell.\n"
    files = sorted(root.glob("data/*/README.md"))
    for file in files:
        title = file.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
        text += f"\n- [{title}]({file.parent.name}/README.md), `{file.parent.name}`"
    return text + "\n" + _toctree([f"{file.parent.name}/README" for file in files])


def _toctree(names: list[str], *, caption: str = "") -> str:
    option = f":caption: {caption}\n" if caption else ""
    listed = "\n".join(names)
    return f"\n```{{toctree}}\n:hidden:\n{option}\n{listed}\n```\n"


def _link(card: Card | None) -> str:
    return f"[{card.title}](/{card.path})" if card else ""


def _minutes(card: Card | None) -> str:
    return f"{card.minutes} minutes" if card and card.minutes else ""


def _questions(card: Card | None) -> str:
    return f"[Exercise, {card.questions} questions](/{card.path})" if card else ""
