"""Feedback: one page a student, with every judgement and how the points came about."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from coursekit.desk.book import open_book
from coursekit.desk.feedback_page import Details, render_feedback
from coursekit.desk.frames import frame_for
from coursekit.desk.marks import read_marks, read_rubric
from coursekit.desk.pages import is_as_written
from coursekit.desk.scores import ExerciseScore, score_exercise
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.exercise.sidecar import read_sidecar
from coursekit.grading.report import next_free
from coursekit.grading.tables import HandedInRow, SubmissionRow, graded_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from coursekit.desk.course import Course


@dataclass(frozen=True)
class FeedbackReport:
    """What was written; ``open`` names those whose page says that something awaits."""

    exercise: str
    new: int
    unchanged: int
    beside: tuple[str, ...]
    archives: tuple[str, ...]
    open: tuple[str, ...]
    passed: bool = True

    def to_json(self) -> str:
        """Give the report as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """Say what was written and what is still open."""
        lines = [
            f"{self.exercise}: {self.new} pages written, {self.unchanged} as before."
        ]
        lines += [
            f"Edited by hand, so the new one lies at {name}." for name in self.beside
        ]
        lines += [f"To upload: {name}" for name in self.archives]
        if self.open:
            lines.append(
                f"{len(self.open)} pages say that something awaits; `coursekit grade "
                f"{self.exercise}` and `coursekit review {self.exercise}` help."
            )
        return "\n".join(lines)


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
        Moodle expect them. A page that somebody edited is never written over.

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
        place, written = _place(home / f"{student}.html", page)
        pages[student] = place
        new += written
        if place.stem != student:
            beside.append(str(place))
    return FeedbackReport(
        slug,
        new,
        len(chosen) - new,
        tuple(beside),
        tuple(_pack(home, pages, chosen, names)),
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
    """Read by hash what each file was called where it came from."""
    from sqlalchemy import select

    rows = session.execute(
        select(HandedInRow.hash, HandedInRow.origin, HandedInRow.name).filter_by(
            slug=slug
        )
    )
    return {digest: (origin, name) for digest, origin, name in rows}


def _place(path: Path, page: str) -> tuple[Path, bool]:
    """Write a page; keep one that somebody edited, and say whether it is new."""
    if path.is_file():
        if path.read_text(encoding="utf-8", errors="replace") == page:
            return path, False
        if not is_as_written(path):
            path = next_free(path)
    draft = path.with_suffix(".draft")
    draft.write_text(page, encoding="utf-8")
    draft.replace(path)
    return path, True


def _pack(
    home: Path,
    pages: Mapping[str, Path],
    scores: Mapping[str, ExerciseScore],
    names: Mapping[str, tuple[str, str]],
) -> Iterator[str]:
    """Pack the pages under the names that Canvas and Moodle gave the work."""
    into: dict[str, dict[str, Path]] = {"canvas": {}, "moodle": {}}
    for student, page in pages.items():
        choice = scores[student].choice
        origin, name = names.get(choice.version.hash, ("", "")) if choice else ("", "")
        if origin == "canvas":
            into[origin][f"{PurePosixPath(name).stem}.html"] = page
        elif origin == "moodle":
            into[origin][f"{_moodle_folder(name)}/feedback.html"] = page
    for origin, files in into.items():
        if files:
            archive = home.with_name(f"{home.name}-{origin}.zip")
            draft = archive.with_suffix(".draft")
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as packed:
                for name, page in sorted(files.items()):
                    packed.write(page, name)
            draft.replace(archive)
            yield str(archive)


def _moodle_folder(name: str) -> str:
    """Give the folder of a student in a download of Moodle, flat or not."""
    mark = "_assignsubmission_file"
    who = next(part for part in PurePosixPath(name).parts if mark in part)
    return f"{who.split(mark)[0]}{mark}_"
