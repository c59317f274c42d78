"""Sources of lessons and exercises: MyST Markdown, read and held to the rules."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from coursekit.errors import CoursekitError
from coursekit.exercise.rubrics import require_rubric
from coursekit.exercise.solution import BEGIN, END
from coursekit.exercise.variants import (
    MalformedParametersError,
    Parameter,
    read_parameters,
    write_parameters,
)

TAGS = frozenset(
    {
        "setup",
        "parameters",
        "answer",
        "check",
        "hidden",
        "right",
        "wrong",
        "written",
        "raises-exception",
    }
)


_KEPT = ("question", "points", "hints", "message", "rubric", "draw")


class MalformedSourceError(CoursekitError, ValueError):
    """A source of a lesson or exercise breaks a rule.

    Parameters
    ----------
    file : pathlib.Path
        The source.
    place : str
        The cell, by its first line, or the header.
    reason : str
        What is wrong and what would work.
    """

    def __init__(self, file: Path, place: str, reason: str) -> None:
        self.file = file
        self.place = place
        self.reason = reason
        super().__init__(file, place, reason)

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: {self.reason}"


@dataclass
class Cell:
    """One cell of a source.

    Parameters
    ----------
    kind : {'code', 'markdown', 'raw'}
        Kind of cell, as nbformat has it.
    text : str
        The cell's source.
    tags : frozenset of str
        Tags of the closed list in `TAGS`.
    meta : dict
        ``question``, ``points``, ``hints``, ``message``, ``rubric`` and ``draw`` where
        given; ``check``, the check's name, on check cells.
    position : int
        Place in the source, from 0; the same in everything that is built from it.
    """

    kind: Literal["code", "markdown", "raw"]
    text: str
    tags: frozenset[str]
    meta: dict[str, Any]
    position: int

    @property
    def place(self) -> str:
        """The cell by its first line, for messages."""
        return place_of(self.text)


@dataclass
class Source:
    """A lesson or an exercise as its author wrote it.

    Parameters
    ----------
    path : pathlib.Path
        The file, which ends in ``.md``.
    cells : list of Cell
        In order.
    """

    path: Path
    cells: list[Cell]

    @property
    def slug(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def is_exercise(self) -> bool:
        """Whether there is anything to answer."""
        return any({"answer", "written"} & cell.tags for cell in self.cells)

    def questions(self) -> list[str]:
        """Name the questions in their order."""
        names = [
            cell.meta["question"]
            for cell in self.cells
            if {"answer", "written"} & cell.tags
        ]
        return list(dict.fromkeys(names))

    @property
    def draw(self) -> dict[str, list[Parameter]]:
        """Values that each parameter may have; empty without parameters."""
        cells = (cell for cell in self.cells if "parameters" in cell.tags)
        return next((cell.meta["draw"] for cell in cells), {})

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Values of the parameters as they stand in the source."""
        cells = (cell for cell in self.cells if "parameters" in cell.tags)
        return next((read_parameters(c.text, c.meta["draw"]) for c in cells), {})

    def with_parameters(self, values: Mapping[str, Parameter]) -> Source:
        """Put other values of the parameters into a copy."""
        cells = [
            replace(cell, text=write_parameters(cell.text, values))
            if "parameters" in cell.tags
            else cell
            for cell in self.cells
        ]
        return replace(self, cells=cells)

    def of(self, question: str, tag: str) -> list[Cell]:
        """Find the cells of a question that carry a tag."""
        return [
            cell
            for cell in self.cells
            if tag in cell.tags and cell.meta.get("question") == question
        ]


def place_of(text: str) -> str:
    """Name a cell by its first line, as messages do."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return f"cell {first[:50]!r}"


def read_source(path: Path) -> Source:
    """Read a source and check that it keeps the rules.

    Parameters
    ----------
    path : pathlib.Path
        A MyST Markdown file with jupytext's header.

    Returns
    -------
    Source
        Its cells, with tags and what coursekit knows of them.

    Raises
    ------
    MalformedSourceError
        If it is no MyST notebook, or a tag, a question or a check breaks a rule.
    """
    import jupytext
    from yaml import YAMLError

    try:
        notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
    except (ValueError, YAMLError, jupytext.myst.MystMetadataParsingError) as error:
        reason = f"this cannot be read as MyST Markdown: {str(error).splitlines()[0]}"
        raise MalformedSourceError(path, "header or cell options", reason) from error
    if "kernelspec" not in notebook.metadata:
        reason = "there is no jupytext header with a kernelspec; see `lessons/` for one"
        raise MalformedSourceError(path, "header", reason)
    nodes = [node for node in notebook.cells if node.source.strip()]
    cells = [_read_cell(path, node, place) for place, node in enumerate(nodes)]
    source = Source(path, cells)
    _check_parameters(source)
    if source.is_exercise:
        _check_exercise(source)
    return source


def parse_check(path: Path, cell: Cell) -> tuple[str, dict[str, Any]]:
    """Read a check cell's one call: the check's name and its options.

    Parameters
    ----------
    path : pathlib.Path
        The source, for the message.
    cell : Cell
        A check cell: ``check("name", value, rtol=1e-3)``.

    Returns
    -------
    tuple of str and dict
        Name and keyword options.

    Raises
    ------
    MalformedSourceError
        If the cell is anything but one such call.
    """
    reason = 'a check cell is one call: check("name", value, rtol=1e-6)'
    try:
        body = ast.parse(cell.text).body
        call = body[0].value if len(body) == 1 else None  # type: ignore[attr-defined]
        if not isinstance(call, ast.Call) or ast.unparse(call.func) != "check":
            raise MalformedSourceError(path, cell.place, reason)
        name = ast.literal_eval(call.args[0])
        options = {
            str(word.arg): ast.literal_eval(word.value) for word in call.keywords
        }
    except (SyntaxError, ValueError, IndexError, AttributeError) as error:
        raise MalformedSourceError(path, cell.place, reason) from error
    return str(name), options


def _read_cell(path: Path, node: Any, position: int) -> Cell:
    tags = frozenset(node.metadata.get("tags", []))
    meta = {key: node.metadata[key] for key in _KEPT if key in node.metadata}
    cell = Cell(node.cell_type, node.source, tags, meta, position)
    unknown = sorted(tags - TAGS)
    if unknown:
        reason = f"there is no tag {unknown[0]!r}; there is {', '.join(sorted(TAGS))}"
        raise MalformedSourceError(path, cell.place, reason)
    other = sorted(set(node.metadata) - {*_KEPT, "tags"})
    if other:
        reason = f"there is no cell option {other[0]!r}; there is {', '.join(_KEPT)}"
        raise MalformedSourceError(path, cell.place, reason)
    if tags - {"setup", "parameters", "raises-exception"} and "question" not in meta:
        reason = f"a cell tagged {', '.join(sorted(tags))} names its question"
        raise MalformedSourceError(path, cell.place, reason)
    if "check" in tags:
        meta["check"] = parse_check(path, cell)[0]
    return cell


def _check_parameters(source: Source) -> None:
    """Hold the parameters cell to the rules; there is one at most."""
    cells = [c for c in source.cells if "parameters" in c.tags or "draw" in c.meta]
    for number, cell in enumerate(cells):
        if number or not source.is_exercise:
            reason = "only an exercise has a parameters cell, and one at most"
        elif cell.kind != "code" or not {"parameters", "draw"} <= cell.tags | {
            *cell.meta
        }:
            reason = "a parameters cell is code with the tag parameters and option draw"
        else:
            try:
                read_parameters(cell.text, cell.meta["draw"])
                continue
            except MalformedParametersError as error:
                reason = str(error)
        raise MalformedSourceError(source.path, cell.place, reason)


def _check_exercise(source: Source) -> None:
    """Hold an exercise to the rules of design section 7."""
    seen: set[str] = set()
    for cell in source.cells:
        question = cell.meta.get("question")
        if cell.tags & {"answer", "written"}:
            _check_answer(source, cell, seen)
            seen.add(question or "")
        elif question is not None and question not in seen:
            reason = f"question {question!r} has no answer cell before this one"
            raise MalformedSourceError(source.path, cell.place, reason)
    names = [cell.meta["check"] for cell in source.cells if "check" in cell.tags]
    for cell in source.cells:
        if "check" in cell.tags and names.count(cell.meta["check"]) > 1:
            reason = f"two checks are named {cell.meta['check']!r}; names are unique"
            raise MalformedSourceError(source.path, cell.place, reason)
    for question in source.questions():
        _check_question(source, question)


def _check_answer(source: Source, cell: Cell, seen: set[str]) -> None:
    if cell.meta["question"] in seen:
        reason = f"question {cell.meta['question']!r} has two answer cells"
        raise MalformedSourceError(source.path, cell.place, reason)
    if "answer" in cell.tags:
        lines = [line.strip() for line in cell.text.splitlines()]
        if lines.count(BEGIN) != 1 or lines.count(END) != 1:
            reason = f"an answer cell has one {BEGIN!r} and one {END!r}"
            raise MalformedSourceError(source.path, cell.place, reason)
    elif "points" not in cell.meta or "rubric" not in cell.meta:
        reason = "a written answer has points and a rubric"
        raise MalformedSourceError(source.path, cell.place, reason)
    else:
        try:
            require_rubric(cell.meta["rubric"], cell.meta["points"])
        except CoursekitError as error:
            raise MalformedSourceError(source.path, cell.place, str(error)) from None


def _check_question(source: Source, question: str) -> None:
    if source.of(question, "written"):
        return
    place = source.of(question, "answer")[0].place
    checks = source.of(question, "check")
    if not checks or any("points" not in cell.meta for cell in checks):
        reason = f"question {question!r} needs a check, and each check its points"
        raise MalformedSourceError(source.path, place, reason)
    if all("hidden" in cell.tags for cell in checks):
        reason = f"question {question!r} needs a check that students can run"
        raise MalformedSourceError(source.path, place, reason)
    if len(source.of(question, "wrong")) < 2 or not source.of(question, "right"):
        reason = f"question {question!r} needs two wrong attempts and a right one"
        raise MalformedSourceError(source.path, place, reason)
    for cell in source.of(question, "wrong"):
        if not cell.meta.get("message"):
            reason = "a wrong attempt has the message that it must bring"
            raise MalformedSourceError(source.path, cell.place, reason)
