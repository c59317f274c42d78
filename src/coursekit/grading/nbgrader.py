"""Plain nbgrader assignments: their cells read as questions, their asserts as checks.

A test of nbgrader's runs beside the student's code, which could tamper with it; what
`coursekit grade` has of its own (merge, limits, walls) holds as ever.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from textwrap import indent
from typing import Any

from coursekit.errors import MalformedNotebookError
from coursekit.exercise.rules import Rule
from coursekit.grading.frame import Check, Frame, Question
from coursekit.grading.names import defined_names, words_of
from coursekit.grading.notebook import Cell, Notebook

# What nbgrader puts in the place of a solution.
CODE_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
TEXT_STUB = "YOUR ANSWER HERE"
NOTE = (
    "This is a plain nbgrader assignment: its asserts ran beside the students' code, "
    "which could have tampered with them."
)
_SOLUTION = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION[^\n]*\n.*?^[ \t]*### END SOLUTION[^\n]*$",
    re.MULTILINE | re.DOTALL,
)
_SCHEME = re.compile(
    r"^=== BEGIN MARK SCHEME ===\n.*?^=== END MARK SCHEME ===[^\n]*\n?",
    re.MULTILINE | re.DOTALL,
)
_SHIP = (
    "__import__('coursekit').check({name!r}, "
    "(lambda value: value if type(value) in (int, float) else True)({value}))"
)


def is_assignment(notebook: Notebook) -> bool:
    """Tell whether a notebook is an assignment of nbgrader's, and not one of ours."""
    return not notebook.kind and any(cell.nbgrader for cell in notebook.cells)


def read_assignment(notebook: Notebook) -> Frame:
    """Read a source of nbgrader's, or what it releases.

    Parameters
    ----------
    notebook : Notebook
        Autograded answers, tests, manually graded answers and tasks, told by nbgrader's
        metadata of schema 1 to 3.

    Returns
    -------
    Frame
        A question for each autograded answer, with the tests that follow it as checks;
        a written question for each manually graded answer or task. A test gives its
        points unless it raises; where its last line is a number, as many as that.

    Raises
    ------
    MalformedNotebookError
        If a graded cell has no ``grade_id``, two have the same, or nothing is graded.
    """
    cells = tuple(_mark(notebook, cell) for cell in notebook.cells)
    ids = [cell.id for cell in cells]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise MalformedNotebookError(
            notebook.path, f"has two cells with the grade_id {twice!r}."
        )
    questions = tuple(_questions(cells))
    if not questions:
        raise MalformedNotebookError(notebook.path, "has no cell that nbgrader grades.")
    said = "\0".join(cell.source for cell in cells)
    reference = replace(
        notebook,
        exercise=notebook.path.stem,
        kind="reference",
        version=sha256(said.encode()).hexdigest()[:12],
        cells=cells,
    )
    placeholders = {
        cell.id: _cut(cell) for cell in cells if cell.tags & {"answer", "written"}
    }
    return Frame(reference, questions, placeholders)


def _mark(notebook: Notebook, cell: Cell) -> Cell:
    """Give a cell the tags and metadata that the course's own have."""
    said = cell.nbgrader
    is_graded, is_solution = said.get("grade") is True, said.get("solution") is True
    is_task = said.get("task") is True
    name = cell.grade_id
    if (is_graded or is_solution or is_task) and not name:
        raise MalformedNotebookError(
            notebook.path, f"has a graded cell without a grade_id, number {cell.index}."
        )
    course: dict[str, Any] = {}
    tag, source = "", cell.source
    if is_task or (is_graded and is_solution):
        tag = "written"
    elif is_solution:
        tag = "answer"
    elif is_graded:
        tag, source = "check", _ship(name, cell.source)
        course["check"] = name
    if tag:
        course |= {"question": name, "points": _points(said)}
    return replace(
        cell,
        id=name or f"cell-{cell.index}",
        source=source,
        tags=frozenset([tag] if tag else []),
        course=course,
    )


def _questions(cells: tuple[Cell, ...]) -> Iterator[Question]:
    """Put tests to the answer before them; one without an answer stands alone."""
    found: list[tuple[Cell, list[Cell]]] = []
    for cell in cells:
        if cell.tags & {"answer", "written"}:
            found.append((cell, []))
        elif "check" in cell.tags:
            answer = found[-1] if found else (cell, [])
            if "answer" not in answer[0].tags:
                answer = (cell, [])
                found.append(answer)
            answer[1].append(cell)
    for first, tests in found:
        written = "written" in first.tags
        if not written and not tests:
            continue  # an answer that nothing tests has no points
        checks = tuple(_check(test) for test in tests)
        points = first.course["points"] if written else sum(c.points for c in checks)
        answers = (first.id,) if first.tags & {"answer", "written"} else ()
        used = frozenset().union(*(words_of(test.source) for test in tests))
        names = defined_names(first.source) & used if answers else frozenset()
        yield Question(first.grade_id, answers, checks, written, float(points), names)


def _check(cell: Cell) -> Check:
    return Check(
        cell_id=cell.id,
        name=cell.grade_id,
        points=float(cell.course["points"]),
        hidden="BEGIN HIDDEN TESTS" in cell.source,
        expected=True,
        rule=Rule(),
        asserts=True,
    )


def _ship(name: str, source: str) -> str:
    """End a test with its result: the number in its last line, or that it ended."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return source  # with magics of IPython, say: it ships nothing, and gives none
    lines = source.splitlines()
    if body and isinstance(body[-1], ast.Expr) and body[-1].col_offset == 0:
        last = body[-1]
        value = ast.get_source_segment(source, last.value) or "None"
        kept = lines[: last.lineno - 1]
        return "\n".join([*kept, _SHIP.format(name=name, value=value)])
    return "\n".join([*lines, _SHIP.format(name=name, value="None")])


def _cut(cell: Cell) -> str:
    """Give what students received in an answer cell.

    Without marks nbgrader takes all of a solution away, unless that is what it did.
    """
    stub = CODE_STUB if cell.kind == "code" else TEXT_STUB
    source = _SCHEME.sub("", cell.source)
    if stub.splitlines()[0] in source or cell.nbgrader.get("task") is True:
        return source
    if _SOLUTION.search(source):
        return _SOLUTION.sub(lambda found: indent(stub, found[1]), source)
    return stub


def _points(said: Any) -> float:
    points = said.get("points", 0)
    return float(points) if isinstance(points, int | float) else 0.0
