"""Notebooks out of sources: cells, ids, metadata, and a run from nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from coursekit.authoring.citations import cited_keys, resolve_citations
from coursekit.authoring.source import Cell, MalformedSourceError, Source, place_of
from coursekit.course import course_root
from coursekit.errors import CoursekitError
from coursekit.evidence import bibliography, cite
from coursekit.evidence.glossary import words_of
from coursekit.evidence.sources import source_keys
from coursekit.exercise.answers import SILENT
from coursekit.grading.meaning import STATE_MIME, WIDGET_MIME

CELL_TIMEOUT = 60  # seconds of wall clock, as in the tests
_KERNEL = {
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
    "name": "python3",
}


class CellRaisedError(CoursekitError, RuntimeError):
    """A cell raised while a notebook was built.

    Parameters
    ----------
    file : pathlib.Path
        The source.
    place : str
        The cell, by its first line.
    reason : str
        The exception's name and message.
    """

    def __init__(self, file: Path, place: str, reason: str) -> None:
        self.file = file
        self.place = place
        self.reason = reason
        super().__init__(file, place, reason)

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: raised {self.reason}"


def lay_out_notebook(
    source: Source, cells: Iterable[Cell], **course: Any
) -> NotebookNode:
    """Make a notebook of cells that have not run.

    Parameters
    ----------
    source : Source
        Where the cells come from; cell ids come from its slug and their position in it.
    cells : iterable of Cell
        Cells of the source, in order, perhaps with other text.
    **course : object
        What goes into the notebook's metadata under ``coursekit``.

    Returns
    -------
    nbformat.NotebookNode
        With citations resolved, the words of a lesson of ours, and the works cited
        listed in a last cell.
    """
    chosen = list(cells)
    nodes = [_node(source, cell) for cell in chosen]
    words = _words(source)
    if words:
        text = resolve_citations(words, cite)
        nodes.append(nbformat.v4.new_markdown_cell(text, id=f"{_stem(source)}-words"))
    prose = [cell.text for cell in chosen if cell.kind == "markdown"]
    keys = cited_keys("\n".join([*prose, words]))
    if keys:
        text = f"## Sources\n\n{bibliography(keys)._repr_markdown_()}"
        nodes.append(nbformat.v4.new_markdown_cell(text, id=f"{_stem(source)}-sources"))
    metadata = {
        "kernelspec": _KERNEL,
        "language_info": {"name": "python", "file_extension": ".py"},
        "coursekit": {"source": source.path.name, **course},
    }
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=nodes, metadata=metadata)
    return notebook


def run_notebook(
    notebook: NotebookNode, source: Source, *, folder: Path
) -> NotebookNode:
    """Run a notebook from nothing in a fresh kernel and keep what is stable.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Not run yet; it is filled in place.
    source : Source
        Its source, for messages.
    folder : pathlib.Path
        Working folder of the kernel.

    Returns
    -------
    nbformat.NotebookNode
        The notebook, with outputs and widget state and without times or random ids.

    Raises
    ------
    CellRaisedError
        If a cell raises without the tag ``raises-exception``, or runs over 60 seconds.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        record_timing=False,
        # It warns of TCP, which is loopback here.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        store_widget_state=True,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        with _silent():
            client.execute()
    except CellExecutionError as error:
        place = _failed_place(notebook)
        reason = f"{error.ename}: {error.evalue}"
        raise CellRaisedError(source.path, place, reason) from error
    except CellTimeoutError as error:
        reason = f"a timeout: it ran over {CELL_TIMEOUT} seconds"
        raise CellRaisedError(source.path, "a cell", reason) from error
    notebook.metadata["language_info"] = {"name": "python", "file_extension": ".py"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if "data" in output:
                output["data"] = rounded(output["data"])
    return _with_stable_widgets(notebook)


def write_notebook(notebook: NotebookNode) -> str:
    """Write a notebook as text that names its own digest, so that edits can be seen."""
    nbformat.validate(notebook)
    notebook.metadata["coursekit"].pop("built", None)
    notebook.metadata["coursekit"]["built"] = _digest(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def is_as_built(path: Path) -> bool:
    """Tell whether a notebook is just as `write_notebook` wrote it.

    Parameters
    ----------
    path : pathlib.Path
        An existing file.

    Returns
    -------
    bool
        False where a person or a program changed it, or it was never built here.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
        built = notebook.metadata["coursekit"].pop("built")
    except (ValueError, KeyError, AttributeError, TypeError, nbformat.ValidationError):
        return False  # whatever it is, it was not built here
    return bool(built == _digest(notebook))


def _digest(notebook: NotebookNode) -> str:
    return sha256(nbformat.writes(notebook).encode()).hexdigest()


def _words(source: Source) -> str:
    """Write the terms of a lesson of the course; other lessons have none."""
    number = source.slug.partition("_")[0]
    ours = course_root() / "lessons"
    if source.path.resolve().parent != ours.resolve() or not number.isdecimal():
        return ""
    return words_of(int(number))


def _stem(source: Source) -> str:
    """Shorten the slug so that an id stays within nbformat's 64 characters."""
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in source.slug)[:40]


def _node(source: Source, cell: Cell) -> NotebookNode:
    metadata: dict[str, Any] = {}
    if cell.tags:
        metadata["tags"] = sorted(cell.tags)
    if cell.meta.keys() - {"draw"}:
        metadata["coursekit"] = {
            key: value
            for key, value in cell.meta.items()
            if key not in {"hints", "draw"}
        }
    identity = f"{_stem(source)}-{cell.position:02d}"
    if cell.text.startswith("quiz("):
        metadata["jupyter"] = {"source_hidden": True}  # its call holds the answer
    if source.is_exercise:
        metadata |= _nbgrader(cell, identity)
    make = getattr(nbformat.v4, f"new_{cell.kind}_cell")
    text = cell.text if cell.kind == "code" else _cited(source, cell)
    node: NotebookNode = make(text, id=identity, metadata=metadata)
    return node


def _cited(source: Source, cell: Cell) -> str:
    known = source_keys()
    for key in cited_keys(cell.text):
        if key not in known:
            reason = f"there is no source {key!r} in data/sources.bib"
            raise MalformedSourceError(source.path, cell.place, reason)
    return resolve_citations(cell.text, cite)


def _nbgrader(cell: Cell, identity: str) -> dict[str, Any]:
    """Describe a cell to nbgrader (metadata schema 3), which can read what we build."""
    roles = cell.tags & {"answer", "written", "check"}
    if cell.kind == "markdown" and not roles:
        return {}
    graded = bool(roles & {"check", "written"})
    entry = {
        "schema_version": 3,
        "grade_id": identity,
        "grade": graded,
        "solution": bool(roles & {"answer", "written"}),
        "locked": "check" in roles or not roles,
        "task": False,
    }
    if graded:
        entry["points"] = cell.meta["points"]
    return {"nbgrader": entry}


@contextmanager
def _silent() -> Iterator[None]:
    """Keep `check` from reading the sidecar of an older build."""
    before = os.environ.get(SILENT)
    os.environ[SILENT] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[SILENT]
        else:
            os.environ[SILENT] = before


def _failed_place(notebook: NotebookNode) -> str:
    for cell in notebook.cells:
        if any(out.output_type == "error" for out in cell.get("outputs", [])):
            return place_of(cell.source)
    return "a cell"


def rounded(value: Any) -> Any:
    """Round the numbers in a tree of JSON to 12 digits: beyond them processors part.

    Examples
    --------
    >>> rounded({"y": [0.7999999999999998, 1]})
    {'y': [0.8, 1]}
    """
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    return [rounded(part) for part in value] if isinstance(value, list) else value


def _with_stable_widgets(notebook: NotebookNode) -> NotebookNode:
    """Give the widget models on view stable ids; drop those that nothing shows."""
    state = notebook.metadata.pop("widgets", {}).get(STATE_MIME, {}).get("state", {})
    views = [
        output.data[WIDGET_MIME]["model_id"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if WIDGET_MIME in output.get("data", {})
    ]
    reached: dict[str, None] = {}
    waiting = list(reversed(views))
    while waiting:
        model = waiting.pop()
        if model in reached or model not in state:
            continue
        reached[model] = None
        text = json.dumps(state[model])
        found = [other for other in state if f"IPY_MODEL_{other}" in text]
        waiting.extend(sorted(found, key=text.index, reverse=True))
    if not reached:
        return notebook
    notebook.metadata["widgets"] = {
        STATE_MIME: {
            "version_major": 2,
            "version_minor": 0,
            "state": {model: rounded(state[model]) for model in reached},
        }
    }
    text = json.dumps(notebook)
    for number, model in enumerate(reached, 1):
        text = text.replace(model, f"{number:032x}")
    stable: NotebookNode = nbformat.from_dict(json.loads(text))
    return stable
