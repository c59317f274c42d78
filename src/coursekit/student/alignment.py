"""Which cells of two versions of a notebook are the same cell.

Cells that are built are numbered, so that one more at the top gives every later one
another id. What a cell says, and which question it belongs to, tells more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

Cell = dict[str, Any]
_ALIKE = 0.6  # of 0-1, from where two texts count as versions of one
_SAME_ID = 0.25  # what an equal id adds to that
_SAME_QUESTION = 1.0  # what an equal question or check adds


def read_text(cell: Mapping[str, Any]) -> str:
    """Give kind and text of a cell, which is what a person edits."""
    source = cell["source"]
    text = "".join(source) if isinstance(source, list) else str(source)
    return f"{cell['cell_type']}\n{text}"


def align_cells(base: Sequence[Cell], newer: Sequence[Cell]) -> dict[str, str]:
    """Find for the cells of an older version their ids in a newer one.

    Parameters
    ----------
    base, newer : sequence of dict
        Cells with ids of their own.

    Returns
    -------
    dict of str to str
        The newer id by the older one; a cell that is gone is left out.

    Notes
    -----
    Equal texts are matched in order, as a diff does. Between them, cells of one kind
    are matched that belong to the same question or check, or whose texts are alike.

    Examples
    --------
    >>> def cell(key, text):
    ...     return {"id": key, "cell_type": "markdown", "source": text, "metadata": {}}
    >>> base = [cell("1", "Read the table."), cell("2", "Count the rows.")]
    >>> align_cells(base, [cell("1", "New."), cell("2", "Read the table.")])
    {'1': '2'}
    """
    found: dict[str, str] = {}
    before, after = ([read_text(cell) for cell in cells] for cells in (base, newer))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pairs = zip(base[a:b], newer[c:d], strict=True)
            found |= {old["id"]: new["id"] for old, new in pairs}
        elif kind == "replace":
            found |= _pair(base[a:b], newer[c:d])
    return found


def _pair(old: Sequence[Cell], new: Sequence[Cell]) -> dict[str, str]:
    """Pair changed cells, the most alike first."""
    scored = sorted(
        ((_score(a, b), i, k) for i, a in enumerate(old) for k, b in enumerate(new)),
        key=lambda one: (-one[0], one[1:]),
    )
    pairs: dict[int, int] = {}
    for score, i, k in scored:
        if score >= _ALIKE and i not in pairs and k not in pairs.values():
            pairs[i] = k
    return {old[i]["id"]: new[k]["id"] for i, k in pairs.items()}


def _score(old: Cell, new: Cell) -> float:
    if old["cell_type"] != new["cell_type"]:
        return 0.0
    facts = [cell["metadata"].get("coursekit") or {} for cell in (old, new)]
    asked = [(fact.get("question"), fact.get("check")) for fact in facts]
    if any(any(one) for one in asked):
        return _SAME_QUESTION if asked[0] == asked[1] else 0.0
    alike = SequenceMatcher(None, read_text(old), read_text(new), autojunk=False)
    return alike.ratio() + (_SAME_ID if old["id"] == new["id"] else 0.0)
