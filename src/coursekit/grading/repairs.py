"""Say what else was repaired, once every cell of a submission has its place."""

from __future__ import annotations

from coursekit.grading.match import Matching, Repair
from coursekit.grading.notebook import Cell


def report_repairs(work: Matching) -> None:
    """Note what was mended, outdated, missing, changed and moved."""
    work.repairs += [Repair("mended", "", text) for text in work.submission.repairs]
    _report_version(work)
    moved = work.moved()
    for cell in work.frame.notebook.cells:
        if cell.id in work.given:
            _report_answer(work, cell, is_moved=cell.id in moved)
        # An older version may well have had other cells.
        elif not work.is_outdated and work.is_course_cell(cell):
            _report_course_cell(work, cell, is_moved=cell.id in moved)


def _report_version(work: Matching) -> None:
    mine, its = work.frame.notebook, work.submission
    if its.exercise and its.exercise != mine.exercise:
        text = f"the notebook says it is the exercise {its.exercise!r}"
        work.repairs.append(Repair("foreign", "", text))
    elif work.is_outdated:
        text = (
            f"the notebook was made from version {its.version} of the exercise "
            f"and is judged by version {mine.version}"
        )
        work.repairs.append(Repair("outdated", "", text))


def _report_answer(work: Matching, cell: Cell, *, is_moved: bool) -> None:
    if cell.id in work.sources:
        return  # what was found elsewhere is reported already
    if cell.id not in work.home:
        work.report("missing", cell, "the answer cell is missing")
    elif is_moved:
        work.report("moved", cell, "the answer cell was moved back")


def _report_course_cell(work: Matching, cell: Cell, *, is_moved: bool) -> None:
    """Say what became of a cell of the course; a deleted text does no harm."""
    name = "a check cell" if "check" in cell.tags else "a cell of the course"
    found = work.home.get(cell.id)
    if found is None:
        if cell.kind == "code":
            text = f"{name} was deleted; the course's own was used"
            work.report("changed", cell, text)
        return
    if (found.text, found.kind) != (cell.text, cell.kind):
        text = f"{name} was changed; the course's own was used"
        if work.reruns(cell):
            verb = "ran" if cell.kind == "code" else "stands"
            text += f" and the changed one {verb} after it"
        work.report("changed", cell, text)
    if is_moved and cell.kind == "code":
        work.report("moved", cell, f"{name} was moved back")
