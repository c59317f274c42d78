"""The submissions, written as each grader wants them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from graders.quiz import Quiz, Submission


def write_coursekit(
    student_version: Path, submissions: Iterable[Submission], folder: Path
) -> None:
    """Fill the built student version in, once for each student."""
    notebook = json.loads(student_version.read_text(encoding="utf-8"))
    for submission in submissions:
        for cell in notebook["cells"]:
            if "answer" in cell["metadata"].get("tags", ()):
                name = cell["metadata"]["coursekit"]["question"]
                cell["source"] = submission.answers[name]
        _write(folder / f"{submission.student}.ipynb", notebook)


def write_floor(quiz: Quiz, submissions: Iterable[Submission], path: Path) -> None:
    """Write the code cells that coursekit runs, as a list for each student."""
    students = []
    for submission in submissions:
        cells = [quiz.setup]
        for question in quiz.questions:
            cells += [submission.answers[question.name], question.check]
        students.append(cells)
    path.write_text(json.dumps(students), encoding="utf-8")


def write_nbval(
    quiz: Quiz,
    expected: Mapping[str, Any],
    submissions: Iterable[Submission],
    folder: Path,
) -> None:
    """Merge each submission with check cells that store what they should print."""
    for submission in submissions:
        cells = [_code("setup", quiz.bare_setup)]
        for question in quiz.questions:
            name = question.name
            text = f"{expected[name]}\n"
            output = {"output_type": "stream", "name": "stdout", "text": text}
            check = _code(f"{name}-check", f"print({question.plain})")
            check["metadata"] = {"tags": ["nbval-check-output"]}
            check["outputs"] = [output]
            cells += [_code(f"{name}-answer", submission.answers[name]), check]
        _write(folder / f"{submission.student}.ipynb", _notebook(cells))


def write_nbgrader_source(quiz: Quiz, expected: Mapping[str, Any], path: Path) -> None:
    """Write the instructor's notebook for `nbgrader generate_assignment`."""
    cells = [_code("setup", quiz.bare_setup)]
    for question in quiz.questions:
        name = question.name
        solution = f"### BEGIN SOLUTION\n{question.right[0]}\n### END SOLUTION"
        answer = _code(f"{name}-answer", solution)
        answer["metadata"] = _nbgrader(f"{name}-answer", solution=True)
        test = _code(name, f"assert {question.plain} == {expected[name]!r}")
        test["metadata"] = _nbgrader(name, grade=True, locked=True, points=1)
        cells += [answer, test]
    _write(path, _notebook(cells))


def _nbgrader(grade_id: str, **about: Any) -> dict[str, Any]:
    roles = dict.fromkeys(("grade", "solution", "locked", "task"), False)
    return {"nbgrader": {"schema_version": 3, "grade_id": grade_id, **roles, **about}}


def write_nbgrader(
    release: Path, submissions: Iterable[Submission], folder: Path
) -> None:
    """Fill the released assignment in, once for each student."""
    notebook = json.loads(release.read_text(encoding="utf-8"))
    for submission in submissions:
        for cell in notebook["cells"]:
            about = cell["metadata"].get("nbgrader", {})
            if about.get("solution"):
                name = about["grade_id"].removesuffix("-answer")
                cell["source"] = submission.answers[name]
        handed_in = folder / submission.student / release.parent.name
        _write(handed_in / release.name, notebook)


def write_otter_tests(quiz: Quiz, expected: Mapping[str, Any], folder: Path) -> None:
    """Write a test file for each question, in the format of `otter assign`."""
    folder.mkdir(parents=True)
    for question in quiz.questions:
        code = f">>> {question.plain} == {expected[question.name]!r}\nTrue"
        case = {"code": code, "hidden": False, "locked": False}
        suite = {"cases": [case], "scored": True, "type": "doctest"}
        suite |= {"setup": "", "teardown": ""}
        test = {"name": question.name, "points": 1, "suites": [suite]}
        text = f"OK_FORMAT = True\n\ntest = {test!r}\n"
        (folder / f"{question.name}.py").write_text(text, encoding="utf-8")


def write_otter(quiz: Quiz, submissions: Iterable[Submission], folder: Path) -> None:
    """Write each submission with otter's cells, as `otter assign` lays them out."""
    for submission in submissions:
        grader = _code("grader", "import otter\ngrader = otter.Notebook()")
        cells = [grader, _code("setup", quiz.bare_setup)]
        for question in quiz.questions:
            name = question.name
            cells.append(_code(f"{name}-answer", submission.answers[name]))
            cells.append(_code(f"{name}-check", f'grader.check("{name}")'))
        _write(folder / f"{submission.student}.ipynb", _notebook(cells))


def _code(cell_id: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": cell_id,
        "metadata": {},
        "source": source,
        "execution_count": 1,
        "outputs": [],
    }


def _notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _write(path: Path, notebook: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
