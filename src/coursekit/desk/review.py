"""Marking written answers: whose turn it is, in which order, and do markers agree."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit.desk.book import open_book
from coursekit.desk.frames import frame_for
from coursekit.desk.marks import (
    Mark,
    Written,
    keep_rubric,
    list_written,
    read_marks,
    read_rubric,
    write_marks,
    write_rubric,
)
from coursekit.desk.rules import AGREED, marked_points
from coursekit.desk.sheets import code_of
from coursekit.errors import CoursekitError
from coursekit.evidence.agreement import measure_kappa
from coursekit.exercise.rubrics import Rubric, require_rubric
from coursekit.files import write_new

if TYPE_CHECKING:
    from coursekit.desk.course import Course
    from coursekit.grading.database import Database

Levels = dict[str, str]


class Review:
    """The answers to one written question, as one marker goes through them.

    Parameters
    ----------
    course : Course
        Rules and gradebook.
    slug, question : str
        Exercise in full, and its written question.
    marker : str
        Who marks.
    book : Database
        The gradebook, which stays open meanwhile.
    shuffled : bool, default True
        Whether answers come in an order of this marker's own.

    Attributes
    ----------
    answers : list of Written
        In the order in which they are shown.
    rubric : list of dict
        Criteria with levels, as they are now.

    Raises
    ------
    CoursekitError
        If nothing is there to be marked.
    """

    def __init__(
        self,
        course: Course,
        slug: str,
        question: str,
        marker: str,
        book: Database,
        *,
        shuffled: bool = True,
    ) -> None:
        self.slug, self.question, self.marker = slug, question, marker
        self._course, self._book = course, book
        questions = frame_for(course, slug).questions
        self._maximum = next(q.maximum for q in questions if q.name == question)
        self.answers = list_written(course, slug, question, book)
        if shuffled:
            seed = "\0".join([slug, question, marker])
            self.answers.sort(key=lambda one: code_of(slug, one))
            random.Random(seed).shuffle(self.answers)  # noqa: S311 - an order, no secret
        book.transact(lambda use: keep_rubric(use, course, slug, question))
        self.rubric = book.transact(
            lambda use: read_rubric(use, course, slug, question)
        )
        marks = book.transact(lambda use: read_marks(use, slug, question))
        self._mine = {
            (mark.student, mark.hash): mark for mark in marks if mark.marker == marker
        }

    def mark_of(self, place: int) -> Mark:
        """Give this marker's mark of an answer, empty where there is none yet."""
        answer = self.answers[place]
        empty = self._mark(answer, {}, "")
        return self._mine.get((answer.student, answer.hash), empty)

    def save(self, place: int, levels: Mapping[str, str], comment: str) -> Mark:
        """Write a mark down at once.

        Raises
        ------
        CoursekitError
            If the gradebook fails; the mark that stood there stays.
        """
        mark = self._mark(self.answers[place], levels, comment)
        self._book.transact(lambda use: write_marks(use, self.slug, [mark]))
        self._mine[mark.student, mark.hash] = mark
        return mark

    def points_of(self, place: int) -> float | None:
        """Give the points of this marker's mark, None while a level is missing."""
        levels = dict(self.mark_of(place).levels)
        return marked_points(self.rubric, {self.marker: levels})

    def find_open(self, start: int = 0) -> int | None:
        """Find the first answer from a place on that lacks a level, or None."""
        number = len(self.answers)
        places = [(start + step) % number for step in range(number)]
        return next((p for p in places if self.points_of(p) is None), None)

    def change_rubric(self, rubric: Rubric) -> list[int]:
        """Take another rubric; marks given before are scored by it at once.

        Parameters
        ----------
        rubric : list of dict
            Criteria and levels; those that stay keep their ``id``, new ones have that
            of `make_id`.

        Returns
        -------
        list of int
            Places of answers marked before that now lack a level.

        Raises
        ------
        CoursekitError
            If answers cannot be marked by it, as where its best levels do not add up
            to the points of the question; the rubric that stood there stays.
        """
        require_rubric(rubric, self._maximum)
        marked = [p for p in range(len(self.answers)) if self.points_of(p) is not None]
        self._book.transact(
            lambda use: write_rubric(
                use, self.slug, self.question, rubric, by=self.marker
            )
        )
        self.rubric = rubric
        return [place for place in marked if self.points_of(place) is None]

    def refresh_rubric(self) -> bool:
        """Read the rubric again, which another marker may have changed; say whether."""
        before = self.rubric
        self.rubric = self._book.transact(
            lambda use: read_rubric(use, self._course, self.slug, self.question)
        )
        return self.rubric != before

    def comments(self) -> list[str]:
        """List the comment bank of this question."""
        from sqlalchemy import select

        from coursekit.grading.tables import CommentRow

        bank = select(CommentRow.text).filter_by(slug=self.slug, question=self.question)
        return self._book.transact(lambda use: list(use.scalars(bank)))

    def add_comment(self, text: str) -> None:
        """Put a sentence into the comment bank, once."""
        from coursekit.grading.tables import CommentRow

        if text.strip() and text not in self.comments():
            row = {"slug": self.slug, "question": self.question, "text": text}
            self._book.transact(lambda use: use.add(CommentRow(**row)))

    def _mark(self, answer: Written, levels: Mapping[str, str], comment: str) -> Mark:
        given = {key: level for key, level in levels.items() if level}
        return Mark(
            answer.student, self.question, answer.hash, self.marker, given, comment
        )


@dataclass(frozen=True)
class AgreementReport:
    """How far two markers agree.

    Parameters
    ----------
    markers : tuple of str
        The two.
    answers : int
        How many both marked in full.
    alike : float or None
        Share of them with the same points, in 0-1.
    kappa : dict
        Cohen's kappa of the levels, for each criterion; None where it is not defined.
    differ : tuple of dict
        Answers with other points: code, and the points of each.
    """

    markers: tuple[str, str]
    answers: int
    alike: float | None
    kappa: dict[str, float | None]
    differ: tuple[dict[str, Any], ...]
    passed: bool = True

    def to_json(self) -> str:
        """Give the report as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """Say how far they agree, and where they do not."""
        first, second = self.markers
        lines = [f"{first} and {second} both marked {self.answers} answers."]
        if self.alike is not None:
            lines.append(f"The same points: {self.alike:.0%}.")
        for criterion, kappa in self.kappa.items():
            said = "not defined" if kappa is None else f"{kappa:.2f}"
            lines.append(f"{criterion}: kappa {said}.")
        lines += [
            f"Answer {one['answer']}: {one['first']:g} and {one['second']:g}."
            for one in self.differ
        ]
        if self.differ:
            lines.append(f"A marker named `{AGREED}` decides where they differ.")
        return "\n".join(lines)


def compare_markers(course: Course, slug: str, question: str) -> AgreementReport:
    """Compare the two markers who marked most of a question's answers.

    Raises
    ------
    CoursekitError
        If fewer than two have marked.
    """
    with open_book(course) as book:
        answers = list_written(course, slug, question, book)
        rubric = book.transact(lambda use: read_rubric(use, course, slug, question))
        marks = book.transact(lambda use: read_marks(use, slug, question))
    counted = {(one.student, one.hash): one for one in answers}
    given: dict[str, dict[tuple[str, str], Levels]] = defaultdict(dict)
    for mark in marks:
        key = (mark.student, mark.hash)
        full = marked_points(rubric, {mark.marker: dict(mark.levels)}) is not None
        if full and key in counted and mark.marker != AGREED:
            given[mark.marker][key] = dict(mark.levels)
    if len(given) < 2:
        raise CoursekitError(
            f"To compare takes two who have marked {question!r} of {slug}, and there "
            f"is {', '.join(given) or 'nobody'}; run `coursekit review {slug} "
            f"{question} --marker NAME`."
        )
    first, second = sorted(given, key=lambda name: (-len(given[name]), name))[:2]
    both = [key for key in counted if key in given[first] and key in given[second]]
    kappa = {
        str(one["criterion"]): measure_kappa(
            [given[first][key][one["id"]] for key in both],
            [given[second][key][one["id"]] for key in both],
        )
        for one in rubric
    }
    points = {
        key: [marked_points(rubric, {m: given[m][key]}) for m in (first, second)]
        for key in both
    }
    differ = tuple(
        {"answer": code_of(slug, counted[key]), "first": a, "second": b}
        for key, (a, b) in points.items()
        if a != b
    )
    alike = 1 - len(differ) / len(both) if both else None
    return AgreementReport((first, second), len(both), alike, kappa, differ)


def write_notebook(
    course: Course, slug: str, question: str, marker: str, options: str
) -> Path:
    """Write the notebook that shows the panel, or give the one that is there.

    Parameters
    ----------
    course : Course
        Its folder gets a folder ``review``.
    slug, question, marker : str
        What is marked, and by whom.
    options : str
        Further options of the panel, as Python writes them.

    Returns
    -------
    pathlib.Path
        A notebook of one cell; run it to begin.
    """
    from nbformat import v4

    source = (
        "from coursekit.desk.panel import review_panel\n\n"
        f"review_panel({slug!r}, {question!r}, marker={marker!r}{options})"
    )
    cell = v4.new_code_cell(source, id="panel")
    kernel = {"display_name": "Python 3 (ipykernel)", "name": "python3"}
    notebook = v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    text = json.dumps(notebook, indent=1) + "\n"
    digest = sha256(source.encode()).hexdigest()[:8]
    path = course.folder / "review" / f"{slug}_{question}_{digest}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        write_new(path, text.encode())
    return path
