"""Feedback: one page a student, with every judgement and how the points came about."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.desk.book import open_book
from coursekit.desk.feedback_page import Details, render_feedback
from coursekit.desk.frames import frame_for
from coursekit.desk.marks import read_marks, read_rubric
from coursekit.desk.pages import is_as_written, is_made_from
from coursekit.desk.scores import ExerciseScore, score_exercise
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.exercise.sidecar import read_sidecar
from coursekit.grading.notebook import printable
from coursekit.grading.tables import (
    HandedInRow,
    StudentRow,
    SubmissionRow,
    graded_of,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from coursekit.desk.course import Course

# What each platform reads out of a name whose feedback a file is: of Canvas the first
# two numbers (app/models/abstract_assignment.rb of instructure/canvas-lms), of Moodle
# the name of the folder (mod/assign/feedback/file/importziplib.php of moodle/moodle).
_CANVAS = re.compile(r"(?:.*/)?(?P<who>[^/]+?_\d+_\d+)_[^/]+")
_MOODLE = re.compile(r"(?:.*/)?(?P<who>[^/]+?_\d+_assignsubmission_file)[_/].*")


@dataclass(frozen=True)
class FeedbackReport:
    """What was written.

    ``beside`` names new pages of students whose page was edited by hand, ``unpacked``
    students whose work has no name by which a platform would know whose it is, and
    ``open`` those whose page says that something awaits.
    """

    exercise: str
    new: int
    unchanged: int
    beside: tuple[str, ...]
    archives: tuple[str, ...]
    unpacked: tuple[str, ...]
    open: tuple[str, ...]
    passed: bool = True

    def to_json(self) -> str:
        """Give the report as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """Say what was written and what is still open."""
        lines = [
            f"{self.exercise}: {_count(self.new)} written, {self.unchanged} as before."
        ]
        lines += [
            f"Edited by hand, so the new one lies at {printable(name)}."
            for name in self.beside
        ]
        lines += [f"To upload: {name}" for name in self.archives]
        if self.unpacked:
            lines.append(
                f"In no archive, as their work has no name of a platform's: "
                f"{printable(', '.join(self.unpacked))}."
            )
        if self.open:
            lines.append(
                f"{_count(len(self.open))} not final yet; `coursekit grade "
                f"{self.exercise}` and `coursekit review {self.exercise}` help."
            )
        return "\n".join(lines)


def _count(pages: int) -> str:
    return f"{pages} page{'s' * (pages != 1)}"


def write_feedback(
    course: Course, slug: str, students: Sequence[str] = ()
) -> FeedbackReport:
    """Write a page for every student who handed in, or for some.

    Parameters
    ----------
    course : Course
        Rules, gradebook and collected work.
    slug : str
        Name of the exercise, in full.
    students : sequence of str, optional
        Ids; everybody by default.

    Returns
    -------
    FeedbackReport
        Pages lie in ``feedback/EXERCISE``, and beside it archives named as Canvas and
        Moodle expect them; for some students with ``-some`` in their names. A page
        that somebody edited is never written over: once there is something new to say,
        it lies in ``feedback/EXERCISE/new``.

    Raises
    ------
    UnknownNameError
        If a student handed in nothing.
    CoursekitError
        If nothing was collected or graded yet.
    """
    with open_book(course) as book:
        scores = score_exercise(course, slug, book=book)
        known = {
            s: score for s, score in scores.items() if score.state != "not handed in"
        }
        unknown = [student for student in students if student not in known]
        if unknown:
            raise UnknownNameError("student with work", unknown[0], known)
        if not known:
            raise CoursekitError(
                f"Nothing was collected or graded for {slug}; run `coursekit collect "
                f"{slug} DOWNLOAD`."
            )
        chosen = {s: known[s] for s in students or known}
        details = book.transact(lambda use: _read_details(use, course, slug, chosen))
        names = book.transact(lambda use: _read_names(use, slug))
    home = course.folder / "feedback" / slug
    home.mkdir(parents=True, exist_ok=True)
    new, beside = 0, []
    pages: dict[str, Path] = {}
    for student, score in chosen.items():
        page = render_feedback(course, score, details)
        place, written = _place(home, student, page)
        pages[student] = place
        new += written
        if place.parent != home:
            beside.append(str(place))
    files, left_out = _sort(pages, names)
    title = f"{slug}-some" if students else slug
    return FeedbackReport(
        slug,
        new,
        len(chosen) - new,
        tuple(beside),
        tuple(_pack(home.with_name(title), files)),
        left_out,
        tuple(s for s, score in chosen.items() if score.final is None),
    )


def _read_details(
    session: Session, course: Course, slug: str, scores: Mapping[str, ExerciseScore]
) -> Details:
    frame = frame_for(course, slug)
    written = [asked.name for asked in frame.questions if asked.written]
    sidecar = read_sidecar(course.sidecar(slug))
    return Details(
        graded={
            student: graded_of(
                session.get_one(SubmissionRow, score.submission_id), student
            )
            for student, score in scores.items()
            if score.submission_id is not None
        },
        marks={name: read_marks(session, slug, name) for name in written},
        rubrics={name: read_rubric(session, course, slug, name) for name in written},
        hints={name: entry["hints"] for name, entry in sidecar.questions.items()},
    )


def _read_names(session: Session, slug: str) -> dict[str, tuple[str, str]]:
    """Read by student which platform work came from, and what it was called there."""
    from sqlalchemy import select

    # The last: a platform may know its newest version only. By hash it would not do,
    # as two students may hand in the same bytes.
    rows = session.execute(
        select(StudentRow.name, HandedInRow.origin, HandedInRow.name)
        .join(StudentRow, StudentRow.id == HandedInRow.student_id)
        .where(HandedInRow.slug == slug, HandedInRow.origin.in_(("canvas", "moodle")))
        .order_by(HandedInRow.id)
    )
    return {student: (origin, name) for student, origin, name in rows}


def _place(home: Path, student: str, page: str) -> tuple[Path, bool]:
    """Write a page; keep one that somebody edited, and say whether it is new."""
    path, number = home / f"{student}.html", 1
    while path.is_file():
        if is_made_from(path, page):
            return path, False  # even if edited: nothing is new since
        if is_as_written(path):
            break
        # In a folder of its own: another student may be called s001-2.
        number += 1
        path = home / "new" / f"{student}-{number}.html"
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(page, encoding="utf-8", newline="\n")
    draft.replace(path)
    return path, True


def _sort(
    pages: Mapping[str, Path], names: Mapping[str, tuple[str, str]]
) -> tuple[dict[str, dict[str, Path]], tuple[str, ...]]:
    """Name the pages as Canvas and Moodle expect them; list students left out."""
    into: dict[str, dict[str, Path]] = {"canvas": {}, "moodle": {}}
    left_out = []
    for student in sorted(pages.keys() & names.keys()):
        origin, name = names[student]
        if found := (_CANVAS if origin == "canvas" else _MOODLE).fullmatch(name):
            end = "_feedback.html" if origin == "canvas" else "_/feedback.html"
            into[origin][found["who"] + end] = pages[student]
        else:
            left_out.append(student)
    return into, tuple(left_out)


def _pack(home: Path, into: Mapping[str, Mapping[str, Path]]) -> Iterator[str]:
    """Pack the pages for each platform that work came from."""
    for origin, files in into.items():
        if files:
            archive = home.with_name(f"{home.name}-{origin}.zip")
            draft = archive.with_suffix(".draft")
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as packed:
                for name, page in sorted(files.items()):
                    packed.write(page, name)
            draft.replace(archive)
            yield str(archive)
