"""Start a course, an exercise or a lesson of one's own."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from coursekit.course import course_root
from coursekit.desk import templates
from coursekit.desk.course import FILE, SECRET, NoCourseError, find_course
from coursekit.desk.roster import find_fault
from coursekit.errors import CoursekitError, advise
from coursekit.files import write_new

Kind = Literal["course", "exercise", "lesson"]
_SLUG = re.compile(r"[a-z0-9][a-z0-9_]{0,60}")


@dataclass(frozen=True)
class NewReport:
    """What was written, what was there and stayed, and what comes next."""

    added: tuple[str, ...]
    kept: tuple[str, ...]
    next: tuple[str, ...]
    passed: bool = True

    def to_json(self) -> str:
        """Give the report as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """Give a line for each file."""
        lines = [f"written: {name}" for name in self.added]
        lines += [f"there already, and left alone: {name}" for name in self.kept]
        return "\n".join([*lines, *(f"Next: {line}" for line in self.next)])


def start_course(folder: Path) -> NewReport:
    """Make a course folder, or add to one what it lacks.

    Parameters
    ----------
    folder : pathlib.Path
        Where to; made if it does not exist. No file that is there is touched.

    Returns
    -------
    NewReport
        What was written.

    Raises
    ------
    CoursekitError
        If the folder cannot be written to.
    """
    name = folder.resolve().name.replace('"', "'").replace("\\", "/")
    name = "".join(letter for letter in name if letter.isprintable())
    files = {
        FILE: templates.COURSE.format(name=name),
        "roster.csv": templates.ROSTER,
        ".gitignore": templates.IGNORED,
        # Nobody needs to read it, and whoever can could draw others' variants.
        SECRET: secrets.token_hex(32) + "\n",
    }
    added: list[str] = []
    kept: list[str] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            written = _write_new(folder / file, text, private=file == SECRET)
            (added if written else kept).append(str(folder / file))
    except OSError as error:
        raise CoursekitError(
            f"{folder} cannot be made a course ({error.strerror}); "
            f"{advise(error) or 'name another folder'}."
        ) from error
    advice = (
        f"name your exercises and their due dates in {folder / FILE}",
        f"put your students into {folder / 'roster.csv'}",
        "coursekit release",
    )
    return NewReport(tuple(added), tuple(kept), advice)


def start_source(kind: Literal["exercise", "lesson"], name: str) -> NewReport:
    """Write the source of an exercise or a lesson that builds and works as it is.

    Parameters
    ----------
    kind : {'exercise', 'lesson'}
        Which of them.
    name : str
        Its slug: small letters, digits and underscores. It is written to the folder
        ``exercises`` or ``lessons`` of the course folder, or of the working folder
        where that has one; else into the working folder.

    Returns
    -------
    NewReport
        What was written.

    Raises
    ------
    CoursekitError
        If the name is none, or that of something that is there already.
    """
    if not _SLUG.fullmatch(name) or find_fault(name):
        raise CoursekitError(
            f"{name!r} is no name of {_ARTICLES[kind]}: it has small letters, digits "
            "and underscores, such as 20_my_quiz, at most 61 of them, and is no name "
            "that Windows keeps for itself."
        )
    if (course_root() / f"{kind}s" / f"{name}.ipynb").is_file():
        raise CoursekitError(
            f"{name} is {_ARTICLES[kind]} of coursekit's own, and would be hidden by "
            "yours; take another name."
        )
    place = _folder(kind) / f"{name}.md"
    text = templates.EXERCISE if kind == "exercise" else templates.LESSON
    place.parent.mkdir(parents=True, exist_ok=True)
    if not _write_new(place, text.format(name=name)):
        raise CoursekitError(
            f"{place} is there already and is not written over; take another name."
        )
    advice = [f"edit {place}, then coursekit build {place}"]
    if kind == "exercise":
        advice.append(f"coursekit selftest {place}")
        advice.append(f"a line [exercises.{name}] in {FILE} hands it out")
    return NewReport((str(place),), (), tuple(advice))


def _folder(kind: str) -> Path:
    try:
        return find_course().folder / f"{kind}s"
    except NoCourseError:
        here = Path.cwd()
        return here / f"{kind}s" if (here / f"{kind}s").is_dir() else here


def _write_new(path: Path, text: str, *, private: bool = False) -> bool:
    """Write a file unless there is one; tell whether it was written."""
    try:
        write_new(path, text.encode(), private=private)
    except FileExistsError:
        return False
    return True


_ARTICLES = {"exercise": "an exercise", "lesson": "a lesson"}
