"""Find answers of code that stand in no answer cell, by the names that they define."""

from __future__ import annotations

import re

from coursekit.exercise.solution import PLACEHOLDER
from coursekit.grading.frame import Question
from coursekit.grading.match import Matching
from coursekit.grading.names import code_lines, defined_names
from coursekit.grading.notebook import Cell

_MOST_NAMES = 3  # in one sentence


def find_elsewhere(work: Matching, question: Question) -> set[str]:
    """Find the answer to a question whose answer cells hold none.

    It may stand in a cell that the student added, in the answer to another question, or
    in a changed check cell. That cell is put in the place of the last answer cell,
    unless it runs before the checks anyway; where something else may need it in its own
    place as well, it stays there.

    Returns
    -------
    set of str
        Ids of the answer cells whose given source runs before what was found, because
        it defines something itself.
    """
    cells = [work.frame_cell(cell_id) for cell_id in question.answer_ids]
    cells = [cell for cell in cells if cell.kind == "code"]
    homes = [work.home[cell.id] for cell in cells if cell.id in work.home]
    attempts = [home for home in homes if work.holds_code(home)]
    if not cells or any(_mentions(cell, question) for cell in attempts):
        return set()
    in_time, later = _givers(work, question, cells[-1])
    if not in_time + later or (attempts and in_time):
        return set()  # it is split, and runs where it stands
    last, giver = cells[-1], (in_time or later)[-1]
    is_moved = giver.index not in work.taken
    is_moved &= not (in_time and _is_needed_there(work, giver, last))
    _report(work, question, last, giver, is_moved=is_moved, in_time=bool(in_time))
    replaced = [last] if attempts else cells
    scaffolds = {cell.id for cell in replaced if _has_scaffold(work, cell)}
    for cell in replaced:
        work.home.pop(cell.id, None)
        work.sources[cell.id] = ""
    if is_moved:
        work.home[last.id] = giver
    if is_moved or scaffolds or not in_time:
        work.sources[last.id] = giver.source
    return set() if attempts else scaffolds


def _report(
    work: Matching,
    question: Question,
    cell: Cell,
    giver: Cell,
    *,
    is_moved: bool,
    in_time: bool,
) -> None:
    defined = sorted(question.names & defined_names(giver.source))
    names = " and ".join(defined[:_MOST_NAMES])
    how = f"a later cell defines {names} and was run in its place"
    if any(found is giver and _runs(work, i) for i, found in work.home.items()):
        how += " and again where it stands"
    if is_moved:
        how = f"the cell that defines {names} was run in its place"
    elif in_time:
        how = f"an earlier cell defines {names}"
    work.report("elsewhere", cell, f"the answer stands outside its cell; {how}")


def _givers(
    work: Matching, question: Question, last: Cell
) -> tuple[list[Cell], list[Cell]]:
    """List who defines a question's names: what runs before its checks, what later.

    The best of each comes last: what the student added, and of it what comes last.
    """
    owner = {found.index: cell_id for cell_id, found in work.home.items()}
    checks = [check.cell_id for check in question.checks]
    found = [work.home[check].index for check in checks if check in work.home]
    stop = min(found, default=len(work.submission.cells))
    in_time: list[tuple[bool, int, Cell]] = []
    later: list[tuple[bool, int, Cell]] = []
    for cell, defined in work.own_code:
        if defined & question.names and work.holds_code(cell):
            home = owner.get(cell.index)
            runs_before = cell.index < stop
            if home is not None:
                runs_before = work.order[home] < work.order[last.id]
                runs_before &= _runs(work, home)
            runs_before |= cell.source in work.sources.values()
            entry = (home is None, cell.index, cell)
            (in_time if runs_before else later).append(entry)
    return [c for *_, c in sorted(in_time)], [c for *_, c in sorted(later)]


def _is_needed_there(work: Matching, giver: Cell, last: Cell) -> bool:
    """Tell whether cells between an added cell and its answer's place may use it.

    What stands above the setup needs the setup more.
    """
    passed = [
        work.frame_cell(cell_id)
        for cell_id, found in work.home.items()
        if found.index > giver.index and work.order[cell_id] < work.order[last.id]
    ]
    return bool(passed) and not any(
        cell.kind == "code" and work.is_course_cell(cell) and "check" not in cell.tags
        for cell in passed
    )


def _runs(work: Matching, cell_id: str) -> bool:
    """Tell whether what a student put in a frame cell runs: no check does."""
    return cell_id in work.given or work.reruns(work.frame_cell(cell_id))


def _mentions(cell: Cell, question: Question) -> bool:
    return any(re.search(rf"\b{name}\b", cell.source) for name in question.names)


def _has_scaffold(work: Matching, cell: Cell) -> bool:
    """Tell whether an answer cell is given with more than the line that raises."""
    return any(line.strip() != PLACEHOLDER for line in code_lines(work.given[cell.id]))
