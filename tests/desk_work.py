"""A generated class: a course folder, and a gradebook filled without any kernel."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from coursekit.desk.book import open_book
from coursekit.desk.course import Course, find_course
from coursekit.desk.frames import frame_for, hashes_for
from coursekit.desk.marks import (
    Mark,
    keep_rubric,
    list_written,
    read_rubric,
    write_marks,
)
from coursekit.grading import tables as t
from coursekit.grading.frame import Check, Frame, Question
from coursekit.grading.judge import Judgement

DUE = datetime(2027, 3, 2, 12, 0, tzinfo=UTC)
EXERCISES = ("02_who_may_invite", "03_invited_for_what", "16_one_case_three_lenses")
WORDS = tuple(Path(__file__).read_text(encoding="utf-8").split()[:60])


def make_course(
    folder: Path, *, exercises: Sequence[str] = EXERCISES, more: str = ""
) -> Course:
    """Write a course folder: the exercises due a week apart, a tenth off a day late."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["[course]", 'name = "Generated"', 'timezone = "Asia/Almaty"']
    lines += ["[late]", "grace_minutes = 10", "deduction = 0.1", "closes_days = 14"]
    for number, slug in enumerate(exercises):
        due = DUE + timedelta(weeks=number)
        lines += [f"[exercises.{slug}]", f"due = {due.isoformat()}"]
    (folder / "course.toml").write_text("\n".join([*lines, more]), encoding="utf-8")
    (folder / "secret").write_text("5e" * 32, encoding="ascii")
    return find_course(folder)


def make_students(number: int) -> list[str]:
    """Name students."""
    return [f"s{place:03d}" for place in range(1, number + 1)]


def fill_gradebook(
    course: Course,
    *,
    students: int = 40,
    seed: int = 1,
    late: float = 0.15,
    marked: bool = True,
) -> list[str]:
    """Put generated work of every student and exercise into the gradebook.

    A student has a skill and a check a difficulty; wrong values come from the attempts
    that the author foresaw, or are invented. Some hand in late, a few nothing.
    """
    rng = random.Random(seed)
    skill = {name: rng.gauss(0, 1) for name in make_students(students)}
    with open_book(course, make=True) as book:
        for assignment in course.assignments:
            frame = frame_for(course, assignment.slug)
            checks = [check for asked in frame.questions for check in asked.checks]
            hard = {check.name: rng.gauss(-0.5, 1) for check in checks}
            book.transact(_Work(course, assignment.slug, hard, skill, rng, late).fill)
            if marked:
                mark_all(course, assignment.slug, "first", rng, book)
    return list(skill)


def mark_all(course: Course, slug: str, marker: str, rng, book) -> None:
    """Mark every written answer, each criterion at some level."""
    frame = frame_for(course, slug)
    for question in [asked.name for asked in frame.questions if asked.written]:
        answers = list_written(course, slug, question, book)

        def write(session, question=question, answers=answers):
            keep_rubric(session, course, slug, question)
            rubric = read_rubric(session, course, slug, question)
            marks = [_mark(answer, marker, rubric, rng) for answer in answers]
            write_marks(session, slug, marks)

        book.transact(write)


def _mark(answer, marker, rubric, rng) -> Mark:
    levels = {one["id"]: rng.choice(one["levels"])["id"] for one in rubric}
    return Mark(answer.student, answer.question, answer.hash, marker, levels, "Seen.")


@dataclass(frozen=True)
class _Work:
    """Everybody's work on one exercise."""

    course: Course
    slug: str
    hard: dict[str, float]
    skill: dict[str, float]
    rng: random.Random
    late: float

    def fill(self, session):
        """Add the exercise, and what everybody made of it."""
        frame = frame_for(self.course, self.slug)
        runs, expects = hashes_for(self.course, self.slug)
        exercise = t.ExerciseRow(
            slug=self.slug,
            version=frame.version,
            runs_hash=runs,
            expectations_hash=expects,
        )
        run = t.RunRow(started=DUE, ended=DUE, settings={}, versions={})
        session.add_all([exercise, run])
        session.flush()
        known = {row.name: row for row in session.query(t.StudentRow)}
        for name in self.skill:
            if self.rng.random() < 0.03:
                continue
            if name not in known:
                known[name] = t.StudentRow(name=name)
                session.add(known[name])
                session.flush()
            self._hand_in(session, frame, known[name], exercise.id, run.id)

    def _hand_in(self, session, frame, student, exercise_id, run_id):
        days = self.rng.uniform(0.1, 5)
        if self.rng.random() > self.late:
            days = -days
        submitted = self.course.find(self.slug).due + timedelta(days=days)
        digest = sha256(f"{self.slug}{student.name}".encode()).hexdigest()
        handed_in = t.HandedInRow(
            slug=self.slug,
            student_id=student.id,
            hash=digest,
            submitted=submitted,
            marked_late=days > 0,
            attempt=1,
            name=f"{student.name}.ipynb",
            file=f"submitted/{self.slug}/{student.name}/{digest[:8]}.ipynb",
            origin="folder",
            collected=submitted,
        )
        rows, texts = self._answer(frame, self.skill[student.name])
        sent = t.SubmissionRow(
            exercise_id=exercise_id,
            run_id=run_id,
            student_id=student.id,
            hash=digest,
            recorded=submitted,
            notebook="",
            repairs=[],
            fault="",
            kernel="generated",
            walls="none",
            seconds=0.3,
            cells=[],
            untouched={},
            judgements=rows,
            texts=texts,
        )
        session.add_all([handed_in, sent])

    def _answer(self, frame: Frame, skill: float):
        rows, texts = [], []
        for question in frame.questions:
            judged = [self._check(check, skill) for check in question.checks]
            points = None if question.written else sum(row.points for row in judged)
            judgement = _sum_up(question, judged)
            rows.append(_row(None, judgement, points, question.maximum))
            rows += judged
            for row in rows[-len(judged) - 1 :]:
                row.question = question.name
            texts += [
                t.AnswerRow(
                    cell_id=i, question=question.name, source=self._text(question)
                )
                for i in question.answer_ids
            ]
        for place, row in enumerate(rows):
            row.place = place
        return rows, texts

    def _check(self, check: Check, skill: float) -> t.JudgementRow:
        logit = 1.7 * (skill - self.hard[check.name])
        value, judgement, points = check.expected, Judgement.CORRECT, check.points
        message = ""
        if self.rng.random() > 1 / (1 + math.exp(-logit)):
            judgement, points = Judgement.WRONG, 0.0
            value = {"kind": "int", "value": self.rng.randrange(9)}
            if check.attempts and self.rng.random() < 0.6:
                value, message = self.rng.choice(check.attempts)
        row = _row(check.name, judgement, points, check.points)
        row.message = message
        row.cell_id, row.hidden = check.cell_id, check.hidden
        row.value = [json.dumps({"check": check.name, "value": value})]
        return row

    def _text(self, question: Question) -> str:
        if question.written:
            return " ".join(self.rng.choices(WORDS, k=60))
        names = self.rng.sample("abcdefghijk", k=4)
        steps = [
            f"{name} = [row * {self.rng.randrange(2, 90)} for row in {other}]"
            for name, other in zip(names, reversed(names), strict=True)
        ]
        return "\n".join([*steps, f"{question.name} = max({', '.join(names)})"])


def _row(check, judgement, points, maximum) -> t.JudgementRow:
    return t.JudgementRow(
        check_name=check,
        cell_id=None,
        hidden=False,
        judgement=None if judgement is None else str(judgement),
        points=points,
        maximum=maximum,
        message="",
        seconds=0.01,
        value=[],
    )


def _sum_up(question: Question, judged) -> Judgement | None:
    if question.written:
        return None
    given = sum(row.points for row in judged)
    if given == question.maximum:
        return Judgement.CORRECT
    return Judgement.PARTLY_CORRECT if given else Judgement.WRONG
