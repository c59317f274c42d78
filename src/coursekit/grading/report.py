"""What a grader is told: a table, a CSV file, and JSON with everything."""

from __future__ import annotations

import csv
import io
import json
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import fmean
from typing import Any

from rich.cells import cell_len

from coursekit.errors import CoursekitError
from coursekit.files import write_new
from coursekit.grading.cells import plain_text, safe_cell
from coursekit.grading.judge import Judgement, QuestionResult
from coursekit.grading.match import Repair

_AWAITING = "awaiting review"


def list_versions() -> dict[str, str]:
    """Name the versions of what grades."""
    packages = ("coursekit", "nbval", "pytest", "ipykernel", "pandas")
    return {"python": platform.python_version()} | {
        name: version(name) for name in packages
    }


@dataclass(frozen=True)
class SubmissionGrade:
    """The grade of one submission.

    ``fault`` says why it could not be graded, or why its run was cut short. ``kernel``
    and ``walls`` say in what it ran, and are empty where it did not.
    """

    student: str
    notebook: str
    questions: tuple[QuestionResult, ...]
    repairs: tuple[Repair, ...] = ()
    fault: str = ""
    seconds: float = 0.0
    kernel: str = ""
    walls: str = ""

    @property
    def total(self) -> float:
        """Points of all automatically graded questions."""
        return round(sum(q.points or 0.0 for q in self.questions), 6)

    @property
    def awaiting_review(self) -> tuple[str, ...]:
        """Names of the written questions that a person has to mark."""
        return tuple(q.name for q in self.questions if q.awaiting_review)


@dataclass(frozen=True)
class QuestionSummary:
    """How one question, or in the end all of them, went.

    ``judgements`` counts each that occurs, written answers that await review among
    them. ``mean_share`` is the mean share of the points, in 0-1; missing where people
    still have to give some, or there are none to have.
    """

    name: str
    judgements: dict[str, int]
    mean_share: float | None


@dataclass(frozen=True)
class GradeReport:
    """The grades of one exercise, and what produced them.

    Attributes
    ----------
    exercise, exercise_version : str
        Slug of the exercise and the version submissions were judged by.
    maximum : float
        Points that can be had without a person's review.
    review_maximum : float
        Points that only a person can give, for written questions.
    grades : tuple of SubmissionGrade
        Ordered by student.
    unread : tuple of str
        Files of the folder that are nobody's notebook.
    notes : tuple of str
        What else a grader should know, in sentences.
    """

    exercise: str
    exercise_version: str
    maximum: float
    review_maximum: float
    grades: tuple[SubmissionGrade, ...]
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=list_versions)

    @property
    def passed(self) -> bool:
        """Whether every submission could be graded; says nothing of its points."""
        return not any(grade.fault for grade in self.grades)

    @property
    def ran_in(self) -> dict[tuple[str, str], int]:
        """How many submissions ran in which kernel and walls."""
        return dict(Counter((g.kernel, g.walls) for g in self.grades if g.kernel))

    def summarise(self) -> tuple[QuestionSummary, ...]:
        """Sum up each question over all submissions, and at the end all questions."""
        columns = zip(*(grade.questions for grade in self.grades), strict=True)
        rows = [_summarise(column[0].name, column) for column in columns]
        judgements = _count([q for grade in self.grades for q in grade.questions])
        mean = _mean_share([(grade.total, self.maximum) for grade in self.grades])
        return (*rows, QuestionSummary("all", judgements, mean))

    def to_json(self) -> str:
        """Write everything that is known, for another program or a later look."""
        content = {
            "exercise": self.exercise,
            "version": self.exercise_version,
            "maximum": self.maximum,
            "review_maximum": self.review_maximum,
            "ran_in": [
                {"kernel": kernel, "walls": walls, "submissions": count}
                for (kernel, walls), count in self.ran_in.items()
            ],
            "versions": self.versions,
            "unread": list(self.unread),
            "notes": list(self.notes),
            "summary": [asdict(row) for row in self.summarise()],
            "grades": [
                {
                    "student": grade.student,
                    "notebook": grade.notebook,
                    "total": grade.total,
                    "maximum": self.maximum,
                    "awaiting_review": list(grade.awaiting_review),
                    "fault": grade.fault,
                    "seconds": grade.seconds,
                    "kernel": grade.kernel,
                    "walls": grade.walls,
                    "questions": [asdict(question) for question in grade.questions],
                    "repairs": [asdict(repair) for repair in grade.repairs],
                }
                for grade in self.grades
            ],
        }
        text = json.dumps(content, indent=2, ensure_ascii=False)
        # A student's message or file name may hold half an emoji: no UTF-8 can.
        return text.encode(errors="replace").decode()

    def to_csv(self) -> str:
        """Write one row a student, safe to open in a spreadsheet."""
        out = io.StringIO()
        names = [question.name for question in self._questions()]
        writer = csv.writer(out, lineterminator="\n")
        header = ["student", "exercise", "version", *names, "total", "maximum"]
        header += [f"{name} judgement" for name in names]
        header += ["kernel", "walls", "fault", "repairs"]
        writer.writerow([safe_cell(name) for name in header])
        for grade in self.grades:
            row: list[Any] = [grade.student, self.exercise, self.exercise_version]
            row += [_number(question.points) for question in grade.questions]
            row += [_number(grade.total), _number(self.maximum)]
            row += [_judged(question) for question in grade.questions]
            repairs = "; ".join(_say(repair) for repair in grade.repairs)
            row += [grade.kernel, grade.walls, grade.fault, repairs]
            writer.writerow([safe_cell(entry) for entry in row])
        return out.getvalue()

    def to_text(self) -> str:
        """Write tables for the terminal, then what a grader should look at."""
        grades = [("student", "points", "judgements")]
        grades += [
            (
                plain_text(grade.student),
                f"{_number(grade.total)}/{_number(self.maximum)}",
                _list_counts(_count(grade.questions)),
            )
            for grade in self.grades
        ]
        summary = [("question", "mean share", "judgements")]
        summary += [
            (plain_text(row.name), _share(row.mean_share), _list_counts(row.judgements))
            for row in self.summarise()
        ]
        lines = [f"{self.exercise}, version {self.exercise_version or 'unknown'}"]
        lines += [*_align(grades), "", *_align(summary), ""]
        for grade in self.grades:
            notes = [grade.fault] if grade.fault else []
            notes += [_say(repair) for repair in grade.repairs]
            lines += [
                f"{plain_text(grade.student)}: {plain_text(note)}" for note in notes
            ]
        if self.unread:
            lines.append(
                f"Not read, no notebooks: {plain_text(', '.join(self.unread))}"
            )
        if self.review_maximum:
            lines.append(
                f"{_number(self.review_maximum)} more points are for written answers, "
                "which people mark."
            )
        lines += [
            f"Kernel: {kernel}. Walls: {walls}. Submissions: {count}."
            for (kernel, walls), count in self.ran_in.items()
        ]
        return "\n".join([*lines, *self.notes])

    def write_csv(self, path: Path) -> Path:
        """Write the grades to a file that does not exist yet.

        Parameters
        ----------
        path : pathlib.Path
            Where to; if something is there already, it stays, and the next free name
            of the kind ``grades-2.csv`` is taken.

        Returns
        -------
        pathlib.Path
            The file that was written.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            free = next_free(path)
            try:
                write_new(free, self.to_csv().encode())
            except FileExistsError:
                continue
            return free

    def _questions(self) -> tuple[QuestionResult, ...]:
        return self.grades[0].questions if self.grades else ()


def next_free(path: Path) -> Path:
    """Give the path itself, or the first of ``NAME-2``, ``NAME-3``, that is free."""
    free, number = path, 1
    while free.exists() or free.is_symlink():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def refuse_existing(path: Path) -> None:
    """Refuse to write where something is already; no grades are ever overwritten."""
    if path.exists() or path.is_symlink():
        raise CoursekitError(
            f"{path} exists already and is not overwritten; "
            f"name another file, for example {next_free(path).name}."
        )


def _number(points: float | None) -> int | float | str:
    if points is None:
        return ""
    return int(points) if points == int(points) else points


def _judged(question: QuestionResult) -> str:
    return _AWAITING if question.judgement is None else str(question.judgement)


def _count(questions: Sequence[QuestionResult]) -> dict[str, int]:
    """Count judgements, in the order in which the course lists them."""
    judged = Counter(map(_judged, questions))
    order = [*map(str, Judgement), _AWAITING]
    return {name: judged[name] for name in order if name in judged}


def _list_counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _summarise(name: str, results: Sequence[QuestionResult]) -> QuestionSummary:
    points = [(r.points, r.maximum) for r in results if r.points is not None]
    mean = _mean_share(points) if len(points) == len(results) else None
    return QuestionSummary(name, _count(results), mean)


def _mean_share(points: Sequence[tuple[float, float]]) -> float | None:
    if not points or not all(maximum for _, maximum in points):
        return None
    return round(fmean(given / maximum for given, maximum in points), 6)


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.2f}"


def _align(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    # Not len: a terminal gives a Chinese character two columns, an accent none.
    first = max(cell_len(name) for name, _, _ in rows)
    second = max(len(number) for _, number, _ in rows)
    return [
        f"{name}{' ' * (first - cell_len(name))}  {number:>{second}}  {rest}".rstrip()
        for name, number, rest in rows
    ]


def _say(repair: Repair) -> str:
    return f"{repair.question}: {repair.text}" if repair.question else repair.text
