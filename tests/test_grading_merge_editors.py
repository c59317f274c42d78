"""Notebooks as other programs than JupyterLab save them."""

import json
from pathlib import Path

import pytest

from coursekit.grading.merge import merge
from coursekit.grading.notebook import parse_notebook
from grading_notebooks import make_frame, make_solved, read

FRAME = make_frame()


def from_colab(cell, **metadata):
    """Save a cell as Google Colab does: the id is metadata, the source is a list."""
    colab = {"base_uri": "https://localhost:8080/"}
    return {
        "cell_type": cell["cell_type"],
        "source": cell["source"].splitlines(keepends=True),
        "metadata": {"colab": colab, "outputId": "0f1e2d3c-4b5a", **metadata},
        "execution_count": 7,
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["ok\n"]}],
    }


def with_ids(cell):
    return from_colab(cell, **{**cell["metadata"], "id": cell["id"]})


def with_new_ids(cell):
    return from_colab(cell, **{**cell["metadata"], "id": f"x{hash(cell['id'])}"})


def with_ids_alone(cell):
    return from_colab(cell, id=cell["id"])


def without_anything(cell):
    return from_colab(cell)


def from_vs_code(cell):
    """Save a cell as VS Code does where it takes the notebook for its own."""
    metadata = {**cell["metadata"], "vscode": {"languageId": "python"}}
    return {**cell, "id": f"{abs(hash(cell['id'])):08x}"[:8], "metadata": metadata}


def from_vs_code_as_text(cell):
    """Save a cell whose language was changed by a slip of the mouse."""
    metadata = {**cell["metadata"], "vscode": {"languageId": "raw"}}
    return {**cell, "cell_type": "raw", "metadata": metadata}


def from_format_3(cell):
    return {
        "cell_type": cell["cell_type"],
        "metadata": {"collapsed": False},
        "source" if cell["cell_type"] == "markdown" else "input": cell["source"],
        "language": "python",
        "outputs": [{"output_type": "pyout", "text": "1", "prompt_number": 1}],
        "prompt_number": 1,
    }


def merged_from(notebook):
    content = json.dumps(notebook).encode()
    return merge(FRAME, parse_notebook(content, Path("ada.ipynb")))


def kinds(merged):
    return {repair.kind for repair in merged.repairs}


@pytest.mark.parametrize(
    ("save", "expected"),
    [
        pytest.param(with_ids, set(), id="colab"),
        pytest.param(with_new_ids, {"unmarked"}, id="colab-with-new-ids"),
        pytest.param(with_ids_alone, {"retagged"}, id="colab-without-metadata"),
        pytest.param(without_anything, {"unmarked"}, id="colab-without-any-mark"),
        pytest.param(from_vs_code, {"unmarked"}, id="vs-code"),
        pytest.param(
            from_vs_code_as_text, {"changed", "converted"}, id="vs-code-as-text"
        ),
    ],
)
def test_notebook_saved_by_another_program_is_merged_as_the_one_of_jupyterlab(
    save, expected
):
    notebook = make_solved()
    notebook["cells"] = [save(cell) for cell in notebook["cells"]]
    notebook["metadata"]["colab"] = {"provenance": []}

    merged = merged_from({**notebook, "nbformat_minor": 0})

    assert merged.notebook == merge(FRAME, read(make_solved())).notebook
    assert kinds(merged) == expected


def test_notebook_of_format_3_is_converted_and_said_so():
    cells = [from_format_3(cell) for cell in make_solved()["cells"]]
    notebook = {
        "nbformat": 3,
        "metadata": {"name": ""},
        "worksheets": [{"cells": cells}],
    }

    merged = merged_from(notebook)

    assert merged.notebook == merge(FRAME, read(make_solved())).notebook
    assert merged.repairs[0].text == (
        "the notebook was of format 3 and was converted to format 4"
    )
    assert kinds(merged) == {"mended", "unmarked"}
