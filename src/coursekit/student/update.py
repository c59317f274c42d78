"""A newer version of a notebook merged into a student's, cell by cell, by cell id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from coursekit.errors import CoursekitError
from coursekit.student.alignment import Cell, align_cells, read_text

_NOTE = "The course has a newer version of the cell above, which you have edited. "
_GONE = "The course no longer has the cell above; you have edited it, so it stays. "


class UnmergeableError(CoursekitError):
    """A notebook's cells cannot be told apart by their ids."""


@dataclass(frozen=True)
class Merged:
    """What came of a merge.

    Parameters
    ----------
    notebook : dict
        The merged notebook.
    arrived, clashed : tuple of str
        Ids of cells that are new or corrected, and of those that both changed.
    """

    notebook: dict[str, Any]
    arrived: tuple[str, ...]
    clashed: tuple[str, ...]


def merge_notebooks(
    base: Mapping[str, Any], mine: Mapping[str, Any], newer: Mapping[str, Any]
) -> Merged:
    """Merge a newer version of a notebook into a student's.

    Parameters
    ----------
    base : mapping
        The version that the student's was made from.
    mine, newer : mapping
        The student's notebook, and the course's as it is now.

    Returns
    -------
    Merged
        New and corrected cells arrive, and what the course took away goes. A cell that
        the student edited stays as it is; where the course changed it too, the newer
        text stands below it in a cell of its own. Cells of the student's stay behind
        the cell that they followed, and cells that the student removed stay away
        unless the course changed them. Outputs are the student's where the text is
        the same.

    Raises
    ------
    UnmergeableError
        If a notebook has no cells, or cells without ids or with one id twice.
    """
    if _built(base) != _built(mine) == _built(newer):
        base = newer  # merged before, in a run that was cut short
    old, ours, theirs = _name_alike(*map(_by_id, (base, mine, newer)))
    cells: dict[str, Cell] = {}
    below: dict[str, Cell] = {}
    arrived, clashed = [], []
    for key, cell in theirs.items():
        before, own = old.get(key), ours.get(key)
        changed = before is None or read_text(before) != read_text(cell)
        if own is None:
            if changed:
                cells[key] = cell
                arrived.append(key)
        elif before is not None and read_text(own) == read_text(before) and changed:
            cells[key] = cell
            arrived.append(key)
        elif not changed or read_text(own) == read_text(cell):
            cells[key] = _carry(before, own, cell)
        else:
            cells[key] = own
            below[key] = _note(key, _NOTE, cell)
            clashed.append(key)
    for key, own in ours.items():
        if key in cells or key in theirs:
            continue
        if key not in old:
            cells[key] = own
        elif read_text(own) != read_text(old[key]):
            cells[key] = own
            below[key] = _note(key, _GONE, None)
            clashed.append(key)
    below = {key: note for key, note in below.items() if note["id"] not in ours}
    order = _weave(list(old), list(ours), list(theirs), set(cells))
    listed = [part for key in order for part in (cells[key], below.get(key)) if part]
    notebook = {**newer, "cells": listed, "metadata": _metadata(mine, newer)}
    return Merged(notebook, tuple(arrived), tuple(clashed))


def _built(notebook: Mapping[str, Any]) -> str:
    """Give the fingerprint that a built notebook bears, which a merge takes over."""
    facts = notebook.get("metadata", {}).get("coursekit", {})
    return str(facts.get("built", "")) if isinstance(facts, dict) else ""


def _by_id(notebook: Mapping[str, Any]) -> dict[str, Cell]:
    try:
        cells = {str(cell["id"]): dict(cell) for cell in notebook["cells"]}
        sound = len(cells) == len(notebook["cells"])
        sound = sound and all(
            isinstance(read_text(cell), str) for cell in cells.values()
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnmergeableError("its cells have no ids") from error
    if not sound:
        raise UnmergeableError("two of its cells have one id")
    return cells


def _name_alike(
    old: dict[str, Cell], ours: dict[str, Cell], theirs: dict[str, Cell]
) -> list[dict[str, Cell]]:
    """Give cells of the older version and the student's the ids that they have now."""
    names = align_cells(list(old.values()), list(theirs.values()))
    taken = {*old, *ours, *theirs}
    for key in (*old, *ours):
        if key not in names:
            names[key] = _free_id(key, taken) if key in theirs else key
            taken.add(names[key])
    renamed = [
        {names[key]: {**cell, "id": names[key]} for key, cell in cells.items()}
        for cells in (old, ours)
    ]
    return [*renamed, theirs]


def _free_id(key: str, taken: set[str]) -> str:
    """Give a cell an id that no cell has, not even one that was renamed earlier."""
    free, number = f"{key}-before", 2
    while free in taken:
        free, number = f"{key}-before-{number}", number + 1
    return free


def _carry(before: Cell | None, own: Cell, cell: Cell) -> Cell:
    """Take the student's cell with what the course says about it now."""
    run = before is None or own.get("outputs") != before.get("outputs")
    run = run or "execution" in own["metadata"]
    if not run and read_text(own) == read_text(cell):
        return cell  # nothing in it is the student's
    return {**own, "metadata": {**own["metadata"], **cell["metadata"]}}


def _note(key: str, said: str, newer: Cell | None) -> Cell:
    """Show the course's text of a cell as Markdown, which nobody runs or grades."""
    text = "" if newer is None else read_text(newer).partition("\n")[2]
    body = ""
    if newer is not None and newer["cell_type"] == "code":
        body = f"It is:\n\n~~~~python\n{text}\n~~~~"
    elif newer is not None:
        body = "It is:\n\n" + "\n".join(f"> {line}" for line in text.splitlines())
    digest = sha256(f"{key}\0{said}{text}".encode()).hexdigest()[:8]
    return {
        "cell_type": "markdown",
        "id": f"note-{digest}",
        "metadata": {},
        "source": f"**Note.** {said}{body}".strip(),
    }


def _weave(
    old: Sequence[str], ours: Sequence[str], theirs: Sequence[str], kept: set[str]
) -> list[str]:
    """Order what is kept: as the student has it, unless the course moved its cells."""
    common = [key for key in theirs if key in set(old)]
    moved = common != [key for key in old if key in set(theirs)]
    spine, other = (theirs, ours) if moved else (ours, theirs)
    order = [key for key in spine if key in kept]
    placed = set(order)
    for place, key in enumerate(other):
        if key not in kept or key in placed:
            continue
        before = next((k for k in reversed(other[:place]) if k in placed), None)
        order.insert(0 if before is None else order.index(before) + 1, key)
        placed.add(key)
    return order


def _metadata(mine: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, Any]:
    """Take the course's metadata, and the student's state of widgets beside it."""
    merged = dict(newer.get("metadata", {}))
    mime = "application/vnd.jupyter.widget-state+json"
    states = [
        part.get("metadata", {}).get("widgets", {}).get(mime) for part in (newer, mine)
    ]
    known = [state for state in states if isinstance(state, dict)]
    if known:
        both = {key: v for state in known for key, v in state.get("state", {}).items()}
        merged["widgets"] = {mime: {**known[0], "state": both}}
    return merged
