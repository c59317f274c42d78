"""Put a student's answers into the reference's frame; repair and report."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from coursekit.grading.elsewhere import find_elsewhere
from coursekit.grading.frame import Frame
from coursekit.grading.match import Matching, Repair
from coursekit.grading.notebook import Cell, Notebook
from coursekit.grading.repairs import report_repairs

_Placed = defaultdict[str, list[Cell]]


@dataclass(frozen=True)
class Answer:
    """What stands in one answer cell of the merged notebook."""

    source: str
    untouched: bool


@dataclass(frozen=True)
class Merged:
    """A notebook to run: the reference's frame with a student's answers in it.

    ``notebook`` holds no output, no expectation and nothing of the student's but
    source text. ``answers`` maps the ids of answer cells to what stands in them.
    """

    notebook: dict[str, Any]
    repairs: tuple[Repair, ...]
    answers: Mapping[str, Answer]


def merge(frame: Frame, submission: Notebook) -> Merged:
    """Put the answers of a submission into the frame of the reference.

    Answer cells are found by cell id, then by the question named in their metadata,
    then by place and likeness, then by the names that the question's checks use. Cells
    that the student added stay where they stand, and code in them runs. Everything else
    comes from the reference.

    Parameters
    ----------
    frame : Frame
        What the exercise asks for.
    submission : Notebook
        What the student handed in.

    Returns
    -------
    Merged
        The notebook to run, with every repair in the order of the exercise.
    """
    work = Matching(frame, submission)
    work.anchor_frame_cells()
    answers = [cell for cell in frame.notebook.cells if cell.id in frame.placeholders]
    for cell in answers:
        work.find_answer(cell)
    for cell in answers:
        if cell.id not in work.home:
            work.find_by_place(cell)
    for cell in answers:
        if cell.kind != "code":
            work.gather_text(cell)
    scaffolds: set[str] = set()
    for question in frame.questions:
        scaffolds |= find_elsewhere(work, question)
    sources = {cell.id: Answer(*work.answer(cell.id)) for cell in answers}
    cells = _assemble(work, sources, scaffolds)
    report_repairs(work)
    notebook = plain_notebook(cells, _run_metadata(frame))
    return Merged(notebook, tuple(work.sorted_repairs()), sources)


def plain_notebook(
    cells: list[dict[str, Any]], metadata: dict[str, Any]
) -> dict[str, Any]:
    """Write a notebook, in the format of the day, of cells written already."""
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _assemble(
    work: Matching, answers: Mapping[str, Answer], scaffolds: Container[str]
) -> list[dict[str, Any]]:
    """Write the merged cells: frame, answers, and what the student added."""
    before, after = _added(work)
    cells: list[dict[str, Any]] = []
    waiting: list[Cell] = []
    number = count(1)

    def add(added: Iterable[Cell]) -> None:
        cells.extend(_added_cell(next(number), c.kind, c.source) for c in added)

    for cell in work.frame.notebook.cells:
        # A hidden check follows its question at once: a student never saw it, and
        # whatever was added after the question was meant for what comes next.
        if "hidden" not in cell.tags:
            add([*waiting, *before[cell.id]])
            waiting = []
        given = work.frame.placeholders.get(cell.id, cell.source)
        if cell.id in scaffolds:
            cells.append(_added_cell(next(number), cell.kind, given))
        answer = answers.get(cell.id)
        cells.append(_frame_cell(cell, answer.source if answer else given))
        if work.reruns(cell):
            waiting.append(work.home[cell.id])
        waiting += after[cell.id]
    add(waiting)
    return cells


def _added(work: Matching) -> tuple[_Placed, _Placed]:
    """Say before or after which frame cell each added cell stands."""
    moved, taken, first = work.moved(), work.taken, work.frame.notebook.cells[0].id
    # What stands beside a cell of the course that was moved did not move with it.
    place = {
        cell.index: cell_id
        for cell_id, cell in work.home.items()
        if cell_id in work.given or cell_id not in moved
    }
    indices = sorted(place)
    given = {"", *work.given.values()}
    before: _Placed = defaultdict(list)
    after: _Placed = defaultdict(list)
    added = [
        cell
        for cell in work.submission.cells
        if cell.index not in taken
        and (work.holds_code(cell) if cell.kind == "code" else cell.text not in given)
    ]
    for cell in added:
        at = bisect(indices, cell.index)
        last = place[indices[at - 1]] if at else ""
        following = place[indices[at]] if at < len(indices) else ""
        is_led = following in moved and following in work.given
        if (is_led and last not in moved) or not last:
            before[following if is_led else first].append(cell)
        else:
            after[last].append(cell)
    number = sum(cell.kind == "code" for cell in added)
    if number:
        cells = "cell was" if number == 1 else "cells were"
        text = f"{number} added code {cells} run in place"
        work.repairs.append(Repair("added", "", text))
    return before, after


def _frame_cell(cell: Cell, source: str) -> dict[str, Any]:
    course = {k: cell.course[k] for k in ("question", "check") if k in cell.course}
    metadata = {"tags": sorted(cell.tags), "coursekit": course}
    return _cell(cell.kind, cell.id, source, metadata)


def _added_cell(number: int, kind: str, source: str) -> dict[str, Any]:
    return _cell(kind, f"_added_{number}", source, {})


def _cell(
    kind: str, cell_id: str, source: str, metadata: dict[str, Any]
) -> dict[str, Any]:
    if kind == "code":
        return code_cell(cell_id, source, metadata)
    return {"cell_type": kind, "id": cell_id, "metadata": metadata, "source": source}


def code_cell(cell_id: str, source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    """Write a code cell that is ready to run and stores no output."""
    # nbval compares nothing, and the project's plugin fails, without a count.
    return {
        "cell_type": "code",
        "id": cell_id,
        "metadata": metadata,
        "source": source,
        "execution_count": 1,
        "outputs": [],
    }


def _run_metadata(frame: Frame) -> dict[str, Any]:
    notebook = frame.notebook
    kept = {
        key: notebook.metadata[key]
        for key in ("kernelspec", "language_info")
        if key in notebook.metadata
    }
    course = {"exercise": notebook.exercise, "version": notebook.version}
    return {**kept, "coursekit": {**course, "kind": "merged"}}
