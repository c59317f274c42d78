"""Tiny notebooks for the tests of grading: a reference, its student version, edits."""

from __future__ import annotations

import copy
import json
from pathlib import Path

from coursekit.exercise.answers import MIME
from coursekit.exercise.solution import PLACEHOLDER
from coursekit.grading.frame import Frame, frame_of
from coursekit.grading.notebook import notebook_of

SETUP = "from coursekit import check\ncounts = [1, 3]"


def make_cell(cell_id, source, *, kind="code", tags=(), outputs=(), **course):
    metadata = {"tags": list(tags)}
    if course:
        metadata["coursekit"] = course
    cell = {"id": cell_id, "cell_type": kind, "source": source, "metadata": metadata}
    if kind == "code":
        cell |= {"execution_count": 1, "outputs": list(outputs)}
    return cell


def make_answer(cell_id, question, solution):
    source = f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
    return make_cell(cell_id, source, tags=["answer"], question=question)


def make_check(
    cell_id, question, name, value, *, source, points=2, hidden=False, **rule
):
    shipped = {"check": name, "value": value, "rule": rule}
    data = {MIME: shipped, "text/plain": f"{name}: recorded."}
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    return make_cell(
        cell_id,
        source,
        tags=["check", "hidden"] if hidden else ["check"],
        outputs=[output],
        question=question,
        points=points,
        check=name,
    )


def make_notebook(cells, **course):
    return {
        "cells": cells,
        "metadata": {"coursekit": course},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def make_reference():
    """Two questions of code, 2 + 3 points, one with a hidden check; one text."""
    shares = {"kind": "list", "items": [0.25, 0.75]}
    return make_notebook(
        [
            make_cell("tiny-00", SETUP, tags=["setup"]),
            make_cell("tiny-01", "Turn counts into shares.", kind="markdown"),
            make_answer(
                "tiny-02", "shares", "shares = [n / sum(counts) for n in counts]"
            ),
            make_check(
                "tiny-03", "shares", "shares", shares, source='check("shares", shares)'
            ),
            make_cell("tiny-04", "Write a function that doubles.", kind="markdown"),
            make_answer("tiny-05", "double", "def double(n):\n    return 2 * n"),
            make_check(
                "tiny-06", "double", "double", 8, source='check("double", double(4))'
            ),
            make_check(
                "tiny-07",
                "double",
                "double_text",
                "abab",
                source='check("double_text", double("ab"))',
                points=1,
                hidden=True,
            ),
            make_cell("tiny-08", "Say why.", kind="markdown"),
            make_cell(
                "tiny-09",
                "*Your answer.*",
                kind="markdown",
                tags=["written"],
                question="why",
                points=4,
            ),
        ],
        exercise="tiny",
        kind="reference",
        version="1",
    )


def make_student():
    """What a student gets: placeholders, no hidden check, no outputs."""
    notebook = copy.deepcopy(make_reference())
    notebook["metadata"]["coursekit"]["kind"] = "student"
    cells = [c for c in notebook["cells"] if "hidden" not in c["metadata"]["tags"]]
    for cell in cells:
        if "answer" in cell["metadata"]["tags"]:
            cell["source"] = PLACEHOLDER
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return {**notebook, "cells": cells}


def make_solved():
    """A student version with both questions of code answered."""
    notebook = make_student()
    find(notebook, "tiny-02")["source"] = "shares = [0.25, 0.75]"
    find(notebook, "tiny-05")["source"] = "def double(n):\n    return n + n"
    return notebook


def find(notebook, cell_id):
    return next(cell for cell in notebook["cells"] if cell.get("id") == cell_id)


def place_of(notebook, cell_id):
    return notebook["cells"].index(find(notebook, cell_id))


def read(notebook):
    return notebook_of(notebook, Path("notebook.ipynb"))


def make_frame() -> Frame:
    return frame_of(read(make_reference()))


def write(path, notebook):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path
