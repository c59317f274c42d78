"""Scores out of the gradebook by the rules of the day; nothing of it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from coursekit.desk.book import open_book
from coursekit.desk.frames import frame_for, hashes_for
from coursekit.desk.rows import Rows, hash_answer, read_rows
from coursekit.desk.rules import (
    Choice,
    choose,
    marked_points,
    measure_deduction,
    sum_points,
    total_shares,
)

if TYPE_CHECKING:
    from coursekit.desk.course import Assignment, Course
    from coursekit.grading.database import Database
    from coursekit.grading.frame import Frame

State = Literal["graded", "awaiting review", "not graded", "not handed in", "closed"]


@dataclass(frozen=True)
class QuestionScore:
    """Points of one question; ``points`` are missing while a person has to mark it.

    ``judgement`` is empty for a written answer that was attempted.
    """

    name: str
    points: float | None
    maximum: float
    judgement: str
    written: bool
    message: str = ""


@dataclass(frozen=True)
class ExerciseScore:
    """What one student has in one exercise.

    Parameters
    ----------
    student, slug : str
        Who, and in what.
    state : str
        ``graded``; ``awaiting review``, where a person has to mark something; ``not
        graded``, where what counts was not run or judged as it would be now; ``not
        handed in``; ``closed``, where it came when nothing was taken any more.
    maximum : float
        Points that could be had, the cap observed.
    questions : tuple of QuestionScore
        In order; empty where nothing was graded.
    points : float or None
        Points earned, at most ``maximum``; None where something is missing.
    deduction : float
        What lateness takes off.
    final : float or None
        Points less the deduction; 0 where it is closed.
    choice : Choice or None
        Which version counts, where it was collected.
    submission_id : int or None
        Its row in the gradebook, where it was graded.
    notes : tuple of str
        What else should be known, in sentences.
    """

    student: str
    slug: str
    state: State
    maximum: float
    questions: tuple[QuestionScore, ...] = ()
    points: float | None = None
    deduction: float = 0.0
    final: float | None = None
    choice: Choice | None = None
    submission_id: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def share(self) -> float | None:
        """Share of the points in 0-1; 0 for nothing handed in, None while open."""
        if self.state in ("not handed in", "closed"):
            return 0.0
        if self.final is None or not self.maximum:
            return None
        return self.final / self.maximum


@dataclass(frozen=True)
class CourseScore:
    """What one student has in all.

    ``total`` is out of the course's ``out_of``, over the exercises with a weight and
    points in which anybody has handed in; missing while one of the student's awaits
    something. ``dropped`` names those that count nothing as the lowest.
    """

    student: str
    exercises: Mapping[str, ExerciseScore]
    total: float | None
    dropped: tuple[str, ...] = ()


def score_exercise(
    course: Course,
    slug: str,
    *,
    students: Iterable[str] = (),
    book: Database | None = None,
) -> dict[str, ExerciseScore]:
    """Score an exercise for every student, by the rules as they are now.

    Parameters
    ----------
    course : Course
        Rules and gradebook.
    slug : str
        Name of the exercise, in full.
    students : iterable of str, optional
        Who belongs to the course, whether they handed in or not.
    book : Database, optional
        The gradebook, if it is open already.

    Returns
    -------
    dict of str to ExerciseScore
        By student, in order.

    Raises
    ------
    CoursekitError
        If there is no gradebook yet, it fails, or the exercise has no reference.
    """
    assignment, frame = course.find(slug), frame_for(course, slug)
    if book is None:
        with open_book(course) as opened:
            rows = opened.transact(lambda use: read_rows(use, slug, frame))
    else:
        rows = book.transact(lambda use: read_rows(use, slug, frame))
    everybody = {*students, *rows.versions, *(name for name, _ in rows.graded)}
    common = None if assignment.variants else hashes_for(course, slug)
    possible = _possible(course, slug)
    return {
        student: _score(
            assignment,
            frame,
            rows,
            student,
            possible=possible,
            hashes=common or hashes_for(course, slug, student),
        )
        for student in sorted(everybody)
    }


def score_course(
    course: Course, *, students: Iterable[str] = (), slugs: Iterable[str] = ()
) -> list[CourseScore]:
    """Score all exercises, or some, and the total of every student.

    Parameters
    ----------
    course : Course
        Rules and gradebook.
    students : iterable of str, optional
        Who belongs to the course.
    slugs : iterable of str, optional
        Names of exercises, in full; all of ``course.toml`` by default.

    Returns
    -------
    list of CourseScore
        Ordered by student.
    """
    wanted = tuple(slugs) or tuple(one.slug for one in course.assignments)
    known = list(students)
    with open_book(course) as book:
        scores = {
            slug: score_exercise(course, slug, students=known, book=book)
            for slug in wanted
        }
    everybody = sorted({*known}.union(*scores.values()))
    begun = [
        slug
        for slug, given in scores.items()
        # What counts nothing makes no total wait, and is no exercise to drop.
        if course.find(slug).weight
        and any(one.state != "not handed in" and one.maximum for one in given.values())
    ]
    return [_total(course, student, scores, begun) for student in everybody]


def _total(
    course: Course,
    student: str,
    scores: Mapping[str, Mapping[str, ExerciseScore]],
    begun: Iterable[str],
) -> CourseScore:
    exercises = {
        slug: given.get(student)
        or ExerciseScore(
            student, slug, "not handed in", maximum=_possible(course, slug)
        )
        for slug, given in scores.items()
    }
    shares = {slug: exercises[slug].share for slug in begun}
    open_ = [slug for slug, share in shares.items() if share is None]
    if open_ or not shares:
        return CourseScore(student, exercises, None)
    share, dropped = total_shares(
        {slug: share or 0.0 for slug, share in shares.items()},
        {one.slug: one.weight for one in course.assignments},
        course.drop_lowest,
    )
    total = None if share is None else round(share * course.out_of, 6)
    return CourseScore(student, exercises, total, dropped)


def _possible(course: Course, slug: str) -> float:
    frame, cap = frame_for(course, slug), course.find(slug).cap
    maximum = sum_points(question.maximum for question in frame.questions)
    return maximum if cap is None else min(cap, maximum)


def _score(
    assignment: Assignment,
    frame: Frame,
    rows: Rows,
    student: str,
    *,
    possible: float,
    hashes: tuple[str, str],
) -> ExerciseScore:
    slug = assignment.slug
    versions = rows.versions.get(student, [])
    choice = choose(versions, assignment, student)
    if choice is not None and choice.closed:
        note = "It came when nothing was taken any more."
        return ExerciseScore(
            student, slug, "closed", possible, final=0.0, choice=choice, notes=(note,)
        )
    # Graded straight from a folder: what was graded last counts, at no known time.
    digest = choice.version.hash if choice is not None else rows.last.get(student)
    if digest is None:
        return ExerciseScore(student, slug, "not handed in", possible)
    judged = rows.graded.get((student, digest), {})
    number = judged.get(hashes)
    if number is None:
        note = (
            "It was graded by another version of the exercise; run `coursekit grade "
            f"{slug}`, with --rejudge if only an expectation changed."
            if judged
            else f"Run `coursekit grade {slug}`."
        )
        return ExerciseScore(
            student, slug, "not graded", possible, choice=choice, notes=(note,)
        )
    questions = _questions(frame, rows, student, number)
    notes = []
    if choice is not None and choice.is_late and choice.late is None:
        notes.append("How late it was is not known; it counts as one interval.")
    given = [question.points for question in questions if question.points is not None]
    done = len(given) == len(questions)
    points = min(sum_points(given), possible) if done else None
    deduction = 0.0
    if points is not None:
        deduction = measure_deduction(assignment.late, choice, points, possible)
    return ExerciseScore(
        student,
        slug,
        "graded" if done else "awaiting review",
        possible,
        questions,
        points,
        deduction,
        None if points is None else sum_points([points, -deduction]),
        choice,
        number,
        tuple(notes),
    )


def _questions(
    frame: Frame, rows: Rows, student: str, number: int
) -> tuple[QuestionScore, ...]:
    written = {question.name for question in frame.questions if question.written}
    scores = []
    for name, judgement, points, maximum, message in rows.judged.get(number, ()):
        given = points
        if judgement is None and name in rows.rubrics:
            digest = hash_answer(rows.texts.get((number, name), ""))
            marks = rows.marks.get((student, name, digest), {})
            given = marked_points(rows.rubrics[name], marks)
        scores.append(
            QuestionScore(
                name, given, maximum, judgement or "", name in written, message
            )
        )
    return tuple(scores)
