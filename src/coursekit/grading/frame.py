"""What an exercise asks for: the reference, its questions and stored expectations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursekit.errors import MalformedNotebookError
from coursekit.exercise.answers import MIME
from coursekit.exercise.rules import Rule
from coursekit.exercise.solution import cut_solution

MAX_NOTEBOOK_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook file, read without trusting any of it.

    ``outputs`` are only meaningful where the notebook is the course's own.
    """

    index: int
    id: str
    kind: str
    source: str
    tags: frozenset[str]
    course: Mapping[str, Any]
    grade_id: str
    outputs: tuple[Any, ...] = ()

    @property
    def question(self) -> str:
        """Name of the question that the cell says it belongs to, or nothing."""
        return _text(self.course.get("question"))


@dataclass(frozen=True)
class Notebook:
    """A notebook file: where it lies, what it says it is, and its cells."""

    path: Path
    exercise: str
    kind: str
    version: str
    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Check:
    """One check cell of the reference with the expectation that it stores.

    ``attempts`` pairs wrong values that the author foresaw with what to say of them.
    """

    cell_id: str
    name: str
    points: float
    hidden: bool
    expected: Any
    rule: Rule
    attempts: tuple[tuple[Any, str], ...] = ()


@dataclass(frozen=True)
class Question:
    """A part of an exercise with points: answer cells and their checks, or a text."""

    name: str
    answer_ids: tuple[str, ...]
    checks: tuple[Check, ...]
    written: bool
    maximum: float


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


def read_notebook(path: Path) -> Notebook:
    """Read a notebook file that may come from anybody.

    Parameters
    ----------
    path : pathlib.Path
        An ``.ipynb`` file, at most 64 MiB.

    Returns
    -------
    Notebook
        Its cells; a cell, tag or metadata entry that makes no sense is left out.

    Raises
    ------
    MalformedNotebookError
        If the file cannot be read, is not JSON, or has no list of cells.
    """
    try:
        if path.stat().st_size > MAX_NOTEBOOK_BYTES:
            raise MalformedNotebookError(
                path, "is larger than 64 MiB; clear its outputs and save it again."
            )
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MalformedNotebookError(
            path, f"cannot be read ({error.strerror})."
        ) from error
    except (ValueError, RecursionError) as error:
        raise MalformedNotebookError(
            path, "is not JSON, so it is no notebook; save it again in JupyterLab."
        ) from error
    return notebook_of(content, path)


def notebook_of(content: Any, path: Path) -> Notebook:
    """Take the parsed JSON of a notebook apart; see `read_notebook`."""
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise MalformedNotebookError(
            path, "has no cells of notebook format 4; save it again in JupyterLab."
        )
    cells = tuple(
        _cell(index, raw)
        for index, raw in enumerate(content["cells"])
        if isinstance(raw, dict)
    )
    if not cells:
        raise MalformedNotebookError(path, "has no cells.")
    metadata = _mapping(content.get("metadata"))
    course = _mapping(metadata.get("coursekit"))
    return Notebook(
        path=path,
        exercise=_text(course.get("exercise")),
        kind=_text(course.get("kind")),
        version=_text(course.get("version")),
        cells=cells,
        metadata=metadata,
    )


def read_frame(path: Path) -> Frame:
    """Read a built reference.

    Parameters
    ----------
    path : pathlib.Path
        The reference notebook, as ``coursekit build`` makes it.

    Raises
    ------
    MalformedNotebookError
        If the notebook is no built reference.
    """
    return frame_of(read_notebook(path))


def frame_of(reference: Notebook) -> Frame:
    """Make the frame of a reference that was read already; see `read_frame`."""
    if reference.kind != "reference":
        raise MalformedNotebookError(
            reference.path,
            "is not a reference made by `coursekit build`, so it holds no answers "
            "to judge by; name the notebook in the folder `reference`.",
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
            maximum=sum(map(_points, answers if written else checks)),
        )


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


def _cell(index: int, raw: Mapping[str, Any]) -> Cell:
    metadata = _mapping(raw.get("metadata"))
    source = raw.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    tags = metadata.get("tags")
    outputs = raw.get("outputs")
    return Cell(
        index=index,
        id=_text(raw.get("id")),
        kind=_text(raw.get("cell_type")),
        source=_text(source),
        tags=frozenset(
            tag
            for tag in (tags if isinstance(tags, list) else ())
            if isinstance(tag, str)
        ),
        course=_mapping(metadata.get("coursekit")),
        grade_id=_text(_mapping(metadata.get("nbgrader")).get("grade_id")),
        outputs=tuple(outputs) if isinstance(outputs, list) else (),
    )


def _text(value: Any) -> str:
    # Half an emoji is legal in JSON, and cannot be sent to a kernel or printed.
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


_ROLES = frozenset({"answer", "check", "written"})
