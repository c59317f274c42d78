"""The sources of the site's pages: notebooks made still, codebooks, and our own."""

from __future__ import annotations

import json
from pathlib import Path

from coursekit.errors import CoursekitError
from coursekit.site.citations import citation_linker, works_page
from coursekit.site.contents import (
    codebooks_page,
    exercises_page,
    home_page,
    lessons_page,
)
from coursekit.site.glossary import glossary_page, term_linker
from coursekit.site.outputs import read_notebook, still
from coursekit.student.home import list_rows

_TO_READ = {
    "lessons": (
        "Results are stored from the day the lesson was built. "
        "To run it and to move its widgets, open it in JupyterLab: `coursekit lab`."
    ),
    "exercises": (
        "This is the exercise as students get it. "
        "To answer it and have it checked, open it in JupyterLab: `coursekit lab`."
    ),
}


def write_sources(root: Path, into: Path) -> None:
    """Write what Sphinx reads.

    Parameters
    ----------
    root : pathlib.Path
        A folder with ``lessons``, ``exercises`` and ``data``.
    into : pathlib.Path
        An empty folder.

    Raises
    ------
    CoursekitError
        If there is no lesson and no exercise.
    MalformedNotebookError, MalformedDataError
        If a notebook or the sources cannot be read.
    """
    rows = list_rows(root)
    if not rows:
        raise CoursekitError(
            f"{root} has no built lessons; install coursekit again, or run "
            "`coursekit build` in a checkout of its repository."
        )
    citing: dict[str, list[tuple[str, str]]] = {}
    link = citation_linker(root / "data")
    for card in (card for row in rows for card in (row.lesson, row.exercise) if card):
        notebook = read_notebook(root / card.path)
        still(notebook)
        link_terms = term_linker(root, card.number)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                linked, keys = link(cell["source"])
                cell["source"] = link_terms(linked)
                for key in sorted(keys):
                    place = (f"{card.path.split('/')[0][:-1]} {card.number}", card.path)
                    if place not in citing.setdefault(key, []):
                        citing[key].append(place)
        _add_note(notebook["cells"][0], _TO_READ[card.path.split("/")[0]])
        _write(into / card.path, json.dumps(notebook))
    for file in root.glob("data/*/README.md"):
        _write(into / file.relative_to(root), file.read_text(encoding="utf-8"))
    _write(into / "index.md", home_page(rows))
    _write(into / "lessons/index.md", lessons_page(rows))
    _write(into / "exercises/index.md", exercises_page(rows))
    _write(into / "data/index.md", codebooks_page(root))
    _write(into / "glossary.md", glossary_page(root))
    _write(into / "bibliography.md", works_page(root / "data", citing))


def _add_note(cell: dict[str, str], words: str) -> None:
    title, line, rest = cell["source"].partition("\n")
    cell["source"] = f"{title}{line}\n{{.to-read}}\n{words}\n{rest}"


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
