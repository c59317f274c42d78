"""Read a notebook file before nbval does, and say in one line why it cannot be run."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import nbformat

from coursekit.errors import MalformedNotebookError

FIRST_LINE_CHARACTERS = 40
REASON_CHARACTERS = 200


def read_cell_names(file: Path) -> list[tuple[str, str]]:
    """Check a notebook file and name its code cells.

    Parameters
    ----------
    file : pathlib.Path
        A notebook in format 4.

    Returns
    -------
    list of tuple of str
        For each code cell its id and its name in reports: the id and the first line of
        its source, shortened.  Files older than format 4.5 have no ids; there the place
        among the code cells stands for it.

    Raises
    ------
    MalformedNotebookError
        If the file is no JSON, no notebook of format 4, or has no cells.
    """
    notebook = _read_json(file)
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if version is None:
        raise MalformedNotebookError(file, "is JSON but not a notebook")
    if version != 4:
        reason = f"is in notebook format {version}; open it in JupyterLab and save it"
        raise MalformedNotebookError(file, f"{reason} in format 4")
    if not notebook.get("cells"):
        raise MalformedNotebookError(file, "has no cells")
    _validate(file, notebook)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return [
        _name(str(cell.get("id") or f"code cell {number}"), cell["source"])
        for number, cell in enumerate(cells, start=1)
    ]


def _read_json(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        raise MalformedNotebookError(file, reason) from error
    except json.JSONDecodeError as error:
        reason = f"is not JSON (line {error.lineno}: {error.msg})"
        raise MalformedNotebookError(file, reason) from error
    except (ValueError, RecursionError) as error:  # no UTF-8, or nested without end
        raise MalformedNotebookError(file, "is not JSON") from error


def _validate(file: Path, notebook: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        # nbformat warns of missing and double ids, which do no harm here.
        warnings.simplefilter("ignore")
        try:
            nbformat.validate(notebook, relax_add_props=True)
        except Exception as error:
            # Broad: a broken file raises many things in there, and all mean this.
            said = str(error).strip().partition("\n")[0][:REASON_CHARACTERS]
            reason = f"is no valid notebook: {said}"
            raise MalformedNotebookError(file, reason) from error


def _name(cell_id: str, source: str | list[str]) -> tuple[str, str]:
    text = source if isinstance(source, str) else "".join(source)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if len(first) > FIRST_LINE_CHARACTERS:
        first = first[: FIRST_LINE_CHARACTERS - 1].rstrip() + "…"
    return cell_id, f"{cell_id} {first}".rstrip()
