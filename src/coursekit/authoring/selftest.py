"""`coursekit selftest`: the grader gives every listed attempt what its author says."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import nbformat

from coursekit.authoring.build import find_sources
from coursekit.authoring.source import Cell, Source, read_source
from coursekit.authoring.variants import build_variant, write_variant
from coursekit.course import course_root
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.exercise.variants import Parameter, sample_variants, variant_id
from coursekit.grading.grade import grade
from coursekit.grading.judge import Judgement, QuestionResult

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Fault:
    """One way in which an exercise does not keep its word.

    Parameters
    ----------
    exercise, question : str
        Where.
    submission : str
        What was handed in: ``reference``, ``student version``, or an attempt.
    expected, seen : str
        What should have come of it, and what did.
    """

    exercise: str
    question: str
    submission: str
    expected: str
    seen: str


@dataclass(frozen=True)
class SelftestReport:
    """What came of testing exercises against themselves."""

    exercises: tuple[str, ...]
    attempts: int
    faults: tuple[Fault, ...]

    @property
    def passed(self) -> bool:
        """Whether every exercise keeps its word."""
        return not self.faults

    def to_json(self) -> str:
        """Give the report as JSON."""
        return json.dumps({"passed": self.passed, **asdict(self)}, indent=2)

    def to_text(self) -> str:
        """Give a line for each fault, and a last one that sums up."""
        lines = [
            f"{fault.exercise}, {fault.question}, {fault.submission}: "
            f"expected {fault.expected}; got {fault.seen}"
            for fault in self.faults
        ]
        names = ", ".join(self.exercises) or "no exercise"
        last = (
            f"{len(self.faults)} faults in {names} "
            f"({self.attempts} attempts, references and student versions graded)."
        )
        return "\n".join([*lines, last])


def selftest(
    exercises: Iterable[str | Path] = (), *, progress: Progress | None = None
) -> SelftestReport:
    """Hand in reference, student version and every attempt, and see what is given.

    Parameters
    ----------
    exercises : iterable of str or pathlib.Path
        Slugs of the course's exercises, or sources of built ones. All of the course's
        by default.
    progress : callable, optional
        Called with the number done, the number of all, and the name of the next.

    Returns
    -------
    SelftestReport
        Every way in which an exercise does not keep its word.

    Raises
    ------
    UnknownNameError
        If the course has no such exercise.
    CoursekitError
        If an exercise was not built.
    """
    sources = [read_source(path) for path in _find(exercises)]
    faults: list[Fault] = []
    attempts = 0
    for done, source in enumerate(sources):
        if progress:
            progress(done, len(sources), source.slug)
        attempts += sum(bool(cell.tags & {"right", "wrong"}) for cell in source.cells)
        faults += _test_one(source)
    if progress:
        progress(len(sources), len(sources), "")
    return SelftestReport(tuple(s.slug for s in sources), attempts, tuple(faults))


def _find(exercises: Iterable[str | Path]) -> list[Path]:
    known = {path.stem: path for path in find_sources(course_root() / "exercises")}
    found = []
    for asked in exercises:
        path = Path(asked)
        if path.suffix != ".md" and str(asked) not in known:
            raise UnknownNameError("exercise", str(asked), known)
        found.append(path if path.suffix == ".md" else known[str(asked)])
    return found or list(known.values())


def _test_one(source: Source) -> list[Fault]:
    reference = source.path.parent / "reference" / f"{source.slug}.ipynb"
    student = source.path.with_suffix(".ipynb")
    for path in (reference, student):
        if not path.is_file():
            raise CoursekitError(f"{path} is missing; run `coursekit build` first.")
    faults = _test_forms(source, reference, student)
    for values in sample_variants(source.draw) if source.draw else []:
        if values != source.parameters:
            faults += _test_variant(source, values)
    return faults


def _test_variant(source: Source, values: Mapping[str, Parameter]) -> list[Fault]:
    """Build a variant, which tries every attempt already, and grade what it gives."""
    slug = source.slug
    name = f"variant {variant_id(values)}"
    try:
        products = build_variant(source, values)
    except CoursekitError as error:
        given = ", ".join(f"{key} = {value!r}" for key, value in values.items())
        fault = Fault(slug, "every question", name, f"a build with {given}", str(error))
        return [fault]
    with tempfile.TemporaryDirectory(prefix="coursekit-") as place:
        folder = Path(place)
        write_variant(products, source, folder)
        reference, student = (
            folder / "reference" / f"{slug}.ipynb",
            folder / f"{slug}.ipynb",
        )
        faults = _test_forms(source, reference, student)
    return [replace(f, submission=f"{name}, {f.submission}") for f in faults]


def _test_forms(source: Source, reference: Path, student: Path) -> list[Fault]:
    submissions = {
        "reference": reference.read_text(encoding="utf-8"),
        "student version": student.read_text(encoding="utf-8"),
    }
    rounds = _rounds(source)
    for name, cells in rounds.items():
        submissions[name] = _filled(reference, cells)
    grades = _grade(reference, submissions)
    attempts = (
        _fault(source, name, cell, grades[name])
        for name, cells in rounds.items()
        for cell in cells.values()
    )
    return [
        *_faults(source, "reference", grades, Judgement.CORRECT),
        *_faults(source, "student version", grades, Judgement.NOT_ATTEMPTED),
        *filter(None, attempts),
    ]


def _rounds(source: Source) -> dict[str, dict[str, Cell]]:
    """Gather the first, second, ... attempts of all questions into one hand-in each."""
    rounds: dict[str, dict[str, Cell]] = {}
    for question in source.questions():
        for tag in ("right", "wrong"):
            for number, cell in enumerate(source.of(question, tag), 1):
                rounds.setdefault(f"{tag} attempt {number}", {})[question] = cell
    return rounds


def _filled(reference: Path, cells: Mapping[str, Cell]) -> str:
    """Put attempts in the place of the reference's answers.

    Behind the checks of a question its solution runs again, as in the build, so that a
    wrong attempt does not spoil the questions that follow.
    """
    notebook = nbformat.read(reference, as_version=4)
    asked = [c.metadata.get("coursekit", {}).get("question") for c in notebook.cells]
    last_of = {question: place for place, question in enumerate(asked)}
    solution, filled = "", []
    for place, (cell, question) in enumerate(zip(notebook.cells, asked, strict=True)):
        filled.append(cell)
        if question in cells and "answer" in cell.metadata.get("tags", []):
            solution, cell.source = cell.source, cells[question].text
        if question in cells and last_of[question] == place:
            filled.append(nbformat.v4.new_code_cell(solution, id=f"again-{place}"))
    notebook.cells = filled
    return str(nbformat.writes(notebook))


def _grade(
    reference: Path, submissions: Mapping[str, str]
) -> dict[str, dict[str, QuestionResult]]:
    with tempfile.TemporaryDirectory(prefix="coursekit-") as folder:
        for name, text in submissions.items():
            Path(folder, f"{name}.ipynb").write_text(text, encoding="utf-8")
        report = grade(reference, Path(folder))
    return {
        given.student: {result.name: result for result in given.questions}
        for given in report.grades
    }


def _faults(
    source: Source,
    submission: str,
    grades: Mapping[str, Mapping[str, QuestionResult]],
    judgement: Judgement,
) -> list[Fault]:
    """Compare every question's judgement with the one that all must get."""
    return [
        Fault(source.slug, name, submission, judgement, _seen(result))
        for name, result in grades[submission].items()
        if result.judgement != judgement
        # A reference holds no model text: its written questions stay unanswered.
        and (result.checks or judgement is not Judgement.CORRECT)
    ]


def _fault(
    source: Source, name: str, cell: Cell, graded: Mapping[str, QuestionResult]
) -> Fault | None:
    question = cell.meta["question"]
    result = graded[question]
    if "right" in cell.tags:
        expected = str(Judgement.CORRECT)
        kept = result.judgement == Judgement.CORRECT
    else:
        expected = f"a refusal saying {cell.meta['message']!r}"
        kept = result.judgement != Judgement.CORRECT and (
            " ".join(cell.meta["message"].split()) in " ".join(result.message.split())
        )
    return None if kept else Fault(source.slug, question, name, expected, _seen(result))


def _seen(result: QuestionResult) -> str:
    return (
        f"{result.judgement} ({result.message})"
        if result.message
        else str(result.judgement)
    )
