"""What an exercise asks for: the reference, its questions and stored expectations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.errors import MalformedNotebookError
from coursekit.exercise.answers import MIME
from coursekit.exercise.rules import Rule
from coursekit.exercise.solution import cut_solution
from coursekit.grading.names import defined_names, words_of
from coursekit.grading.notebook import Cell, Notebook, read_notebook


@dataclass(frozen=True)
class Check:
    """One check cell of the reference with the expectation that it stores.

    ``attempts`` pairs wrong values that the author foresaw with what to say of them.
    ``asserts`` says that the cell judges by itself, as those of nbgrader do.
    """

    cell_id: str
    name: str
    points: float
    hidden: bool
    expected: Any
    rule: Rule
    attempts: tuple[tuple[Any, str], ...] = ()
    asserts: bool = False


@dataclass(frozen=True)
class Question:
    """A part of an exercise with points: answer cells and their checks, or a text.

    ``names`` are those that the reference's answers alone define and the checks use:
    a cell that defines one of them answers the question, wherever it stands.
    """

    name: str
    answer_ids: tuple[str, ...]
    checks: tuple[Check, ...]
    written: bool
    maximum: float
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Frame:
    """A reference, cut into what the course owns and what a student fills in.

    ``placeholders`` has the source of each answer cell as the student received it.
    """

    notebook: Notebook
    questions: tuple[Question, ...]
    placeholders: Mapping[str, str]

    @property
    def exercise(self) -> str:
        """Slug of the exercise."""
        return self.notebook.exercise

    @property
    def version(self) -> str:
        """Version of the exercise that submissions are judged by."""
        return self.notebook.version


def read_frame(path: Path) -> Frame:
    """Read a built reference, or a plain assignment of nbgrader's.

    Parameters
    ----------
    path : pathlib.Path
        The reference notebook, as ``coursekit build`` makes it; or a source notebook
        of nbgrader's.

    Raises
    ------
    MalformedNotebookError
        If the notebook is no built reference.
    """
    from coursekit.grading.nbgrader import is_assignment, read_assignment

    notebook = read_notebook(path, trusted=True)
    return read_assignment(notebook) if is_assignment(notebook) else frame_of(notebook)


def frame_of(reference: Notebook) -> Frame:
    """Make the frame of a reference that was read already; see `read_frame`."""
    if reference.kind != "reference":
        raise MalformedNotebookError(
            reference.path,
            "is not a reference made by `coursekit build`, so it holds no answers "
            "to judge by; name the notebook in the folder `reference`.",
        )
    ids = [cell.id for cell in reference.cells]
    if "" in ids or len(set(ids)) < len(ids):
        raise MalformedNotebookError(
            reference.path,
            "has cells without an id of their own; run `coursekit build` to make it "
            "again.",
        )
    # The build cuts the student version in the same way.
    placeholders = {
        cell.id: cut_solution(cell.source) if "answer" in cell.tags else cell.source
        for cell in reference.cells
        if cell.tags & {"answer", "written"}
    }
    questions = tuple(_questions(reference))
    if not questions:
        raise MalformedNotebookError(reference.path, "asks no questions.")
    return Frame(reference, questions, placeholders)


def _questions(reference: Notebook) -> Iterator[Question]:
    names = dict.fromkeys(
        cell.question for cell in reference.cells if cell.tags & _ROLES
    )
    for name in names:
        cells = [cell for cell in reference.cells if cell.question == name]
        answers = [cell for cell in cells if cell.tags & {"answer", "written"}]
        checks = [cell for cell in cells if "check" in cell.tags]
        written = any("written" in cell.tags for cell in answers) and not checks
        yield Question(
            name=name,
            answer_ids=tuple(cell.id for cell in answers),
            checks=tuple(_check(reference.path, cell) for cell in checks),
            written=written,
            maximum=sum(map(_points, answers if written else checks), start=0.0),
            names=_names(reference, answers, checks),
        )


def _names(
    reference: Notebook, answers: Sequence[Cell], checks: Sequence[Cell]
) -> frozenset[str]:
    own = {cell.index for cell in (*answers, *checks)}
    code = [cell for cell in reference.cells if cell.kind == "code"]
    defined = _union(defined_names(cell.source) for cell in answers)
    used = _union(words_of(check.source) for check in checks)
    others = _union(defined_names(c.source) for c in code if c.index not in own)
    # A function that is given has yet to be filled in; a value that is given is there.
    given = _union(
        defined_names(cut_solution(cell.source), scopes=False) for cell in answers
    )
    return (defined & used) - others - given


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _check(path: Path, cell: Cell) -> Check:
    name = str(cell.course.get("check", ""))
    stored = [
        output["data"][MIME]
        for output in cell.outputs
        if isinstance(output, dict) and MIME in _mapping(output.get("data"))
    ]
    if len(stored) != 1 or not isinstance(stored[0], dict) or "value" not in stored[0]:
        raise MalformedNotebookError(
            path,
            f"stores no answer for the check {name or cell.id!r}; "
            "run `coursekit build` to make it again.",
        )
    try:
        rule = Rule(**_mapping(stored[0].get("rule")))
    except (TypeError, ValueError) as error:
        raise MalformedNotebookError(
            path, f"stores a rule for the check {name!r} that makes no sense: {error}."
        ) from error
    return Check(
        cell_id=cell.id,
        name=name or str(stored[0].get("check", "")),
        points=_points(cell),
        hidden="hidden" in cell.tags,
        expected=stored[0]["value"],
        rule=rule,
        attempts=tuple(
            (attempt.get("value"), str(attempt.get("message", "")))
            for attempt in cell.course.get("attempts", ())
            if isinstance(attempt, dict)
        ),
    )


def _points(cell: Cell) -> float:
    points = cell.course.get("points", 0)
    return float(points) if isinstance(points, int | float) else 0.0


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


_ROLES = frozenset({"answer", "check", "written"})
