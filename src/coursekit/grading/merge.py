"""Put a student's answers into the reference's frame; repair and report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from coursekit.grading.frame import Cell, Frame, Notebook
from coursekit.grading.match import Matching, Repair, stripped, text_of


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
    then by place and likeness. Code cells that the student added run where they
    stand. Everything else comes from the reference.

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
    for cell in frame.notebook.cells:
        if cell.id in frame.placeholders:
            work.find_answer(cell)
    for cell in frame.notebook.cells:
        if cell.id in frame.placeholders and cell.id not in work.home:
            work.find_by_place(cell)
    work.report_versions()
    work.report_frame_cells()
    work.report_moves()
    answers = {cell_id: Answer(*work.answer(cell_id)) for cell_id in frame.placeholders}
    notebook = plain_notebook(_assemble(work, answers), _run_metadata(frame))
    return Merged(notebook, tuple(work.sorted_repairs()), answers)


def plain_notebook(
    cells: list[dict[str, Any]], metadata: dict[str, Any]
) -> dict[str, Any]:
    """Write a notebook, in the format of the day, of cells written already."""
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _assemble(work: Matching, answers: Mapping[str, Answer]) -> list[dict[str, Any]]:
    """Write the merged cells: frame, answers, and what the student added."""
    before, after = _added(work)
    ordered: list[Cell] = []
    waiting: list[Cell] = before.pop("", [])
    for cell in work.frame.notebook.cells:
        # A hidden check follows its question at once: a student never saw it, and
        # whatever was added after the question was meant for what comes next.
        if "hidden" not in cell.tags:
            ordered += [*waiting, *before.get(cell.id, ())]
            waiting = []
        ordered.append(cell)
        if work.reruns(cell):
            waiting.append(work.home[cell.id])
        waiting += after.get(cell.id, ())
    own = {id(cell) for cell in work.frame.notebook.cells}
    number = count(1)
    return [
        _frame_cell(cell, answers[cell.id].source if cell.id in answers else None)
        if id(cell) in own
        else code_cell(f"_added_{next(number)}", cell.source, {})
        for cell in [*ordered, *waiting]
    ]


def _added(work: Matching) -> tuple[dict[str, list[Cell]], dict[str, list[Cell]]]:
    """Say before or after which frame cell each added code cell runs."""
    place = {cell.index: cell_id for cell_id, cell in work.home.items()}
    moved = work.moved()
    blank = {stripped(source) for source in work.frame.placeholders.values()} | {""}
    before: dict[str, list[Cell]] = {}
    after: dict[str, list[Cell]] = {}
    number = 0
    for cell in work.submission.cells:
        if cell.index in place or cell.kind != "code" or text_of(cell) in blank:
            continue
        earlier = [at for at in place if at < cell.index]
        later = [at for at in place if at > cell.index]
        last = place[max(earlier)] if earlier else ""
        following = place[min(later)] if later else ""
        number += 1
        is_led = following in moved and following in work.frame.placeholders
        if is_led and last not in moved:
            before.setdefault(following, []).append(cell)
        elif last:
            after.setdefault(last, []).append(cell)
        else:
            before.setdefault("", []).append(cell)
    if number:
        cells = (
            "1 added code cell was"
            if number == 1
            else f"{number} added code cells were"
        )
        text = f"{cells} run in place"
        work.repairs.append(Repair("added", "", text))
    return before, after


def _frame_cell(cell: Cell, answer: str | None) -> dict[str, Any]:
    source = cell.source if answer is None else answer
    course = {k: cell.course[k] for k in ("question", "check") if k in cell.course}
    metadata = {"tags": sorted(cell.tags), "coursekit": course}
    if cell.kind == "code":
        return code_cell(cell.id, source, metadata)
    kind = cell.kind if cell.kind in ("markdown", "raw") else "raw"
    return {"cell_type": kind, "id": cell.id, "metadata": metadata, "source": source}


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
