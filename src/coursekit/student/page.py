"""The home page as HTML: the map of the course, how far one has come, what is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from coursekit.course import course_root
from coursekit.errors import CoursekitError
from coursekit.student.home import Card, Row, list_rows
from coursekit.student.progress import (
    Progress,
    Record,
    read_progress,
    read_record,
)
from coursekit.student.template import STYLE, TEMPLATE

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


@dataclass(frozen=True)
class Entry:
    """A lesson or an exercise on the map, and how far the student has come with it."""

    card: Card
    progress: Progress

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do: a lesson run, an exercise handed in."""
        if not self.card.questions:
            return self.progress.state == "done"
        return self.progress.submitted is not None and not self.progress.changed

    @property
    def said(self) -> str:
        """How far one has come, in words."""
        found, parts = self.progress, self.progress.parts
        if found.state == "not there":
            return "Not in your folder"
        if found.state == "not readable":
            return "Damaged"
        if found.state == "not begun" and not self.finished:
            return "Not begun"
        if self.card.questions:
            done = "Handed in, " if self.finished else ""
            return f"{done}{found.done} of {parts} checks match"
        return f"{found.done} of {parts} cells run"

    @property
    def advice(self) -> str:
        """What helps where the file is missing or damaged."""
        if self.progress.state == "not there":
            return "Start coursekit lab again to have a fresh one."
        if self.progress.state == "not readable":
            return "Rename it, and start coursekit lab again to have a fresh one."
        return ""

    @property
    def history(self) -> list[str]:
        """What was checked and handed in, a sentence each."""
        said, checked = [], self.progress.checked
        if checked is not None:
            passed = f"{checked.passed} of {checked.of} passed"
            said.append(f"Checked {_when(checked.at)}: {passed}.")
        if self.progress.submitted is not None:
            since = "; changed since" if self.progress.changed else ""
            said.append(f"Handed in {_when(self.progress.submitted.at)}{since}.")
        return said

    @property
    def call(self) -> str:
        """What to do with it next, as a link would say it."""
        if self.progress.submitted is not None and self.progress.changed:
            return "Hand in again"
        if self.card.questions and self.progress.state == "done":
            return "Hand in"
        return "Begin" if self.progress.state == "not begun" else "Go on with"


def render_home(copy: Path, *, base: str, theme: str = "", **values: Any) -> str:
    """Render the home page of a student's copy.

    Parameters
    ----------
    copy : pathlib.Path
        The copy of the course.
    base : str
        Path of JupyterLab's address, such as ``/``.
    theme : str, optional
        ``light`` or ``dark``; what the system says by default.
    **values : str
        ``nonce`` of the script, ``xsrf`` for the forms, and what was ``said`` of the
        last thing done.

    Returns
    -------
    str
        HTML that fetches nothing.
    """
    record, notes = Record(), []
    try:
        record = read_record(copy)
    except CoursekitError as error:
        notes.append(str(error))
    rows = [_entries(copy, row, record) for row in list_rows(course_root())]
    entries = [entry for _, *pair in rows for entry in pair if entry]
    lessons = [entry for entry in entries if not entry.card.questions]
    exercises = [entry for entry in entries if entry.card.questions]
    upcoming = next((entry for entry in entries if not entry.finished), None)
    return _template().render(
        style=_trust(STYLE),
        scheme=theme or "light dark",
        parts=_by_part(rows),
        upcoming=upcoming,
        run=sum(entry.finished for entry in lessons),
        lessons=len(lessons),
        handed_in=sum(entry.progress.submitted is not None for entry in exercises),
        exercises=len(exercises),
        notes=notes,
        base=base,
        link=lambda path: f"{base}lab/tree/{quote(path)}",
        words=_render_words,
        **{"said": "", "file": "", **values},
    )


def _entries(
    copy: Path, row: Row, record: Record
) -> tuple[str, Entry | None, Entry | None]:
    lesson, exercise = (
        Entry(card, read_progress(copy, card.path, record)) if card else None
        for card in (row.lesson, row.exercise)
    )
    return row.part, lesson, exercise


def _by_part(rows: list[tuple[str, Any, Any]]) -> list[tuple[str, list[Any]]]:
    parts: dict[str, list[Any]] = {}
    for part, lesson, exercise in rows:
        parts.setdefault(part, []).append((lesson, exercise))
    return list(parts.items())


def _when(at: datetime) -> str:
    here = at.astimezone()
    return f"{here.day} {here:%B, %H:%M}"


def _render_words(text: str) -> Markup:
    """Render emphasis and code in a line of the course's own text."""
    from markdown_it import MarkdownIt

    return _trust(MarkdownIt("commonmark", {"html": False}).renderInline(text))


def _trust(text: str) -> Markup:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - only what is written in this package, or rendered


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(TEMPLATE)
