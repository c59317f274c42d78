"""Files and folders that students hand in and that are no ordinary notebooks.

Each function makes what one student hands in: a docstring says what it is, and the
decorator states the total that is right and what the report says of it.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from attacks.catalogue import make_reference, make_solved
from grading_notebooks import find, make_cell, make_check, write

NOTHING, ALL = 0, 10


@dataclass(frozen=True)
class File:
    """What one student hands in: ``make`` puts it into a folder under a name."""

    name: str
    make: Callable[[Path], object]
    total: float
    said: str


FILES: list[File] = []


def judged(total: float, said: str = "") -> Callable[[Callable[[Path], object]], None]:
    """State what is right: the points, and words of the fault or of a repair."""

    def keep(make: Callable[[Path], object]) -> None:
        FILES.append(File(make.__name__.replace("_", " "), make, total, said))

    return keep


@judged(NOTHING, "is empty")
def empty_file(path):
    """A file without a single byte."""
    path.touch()


@judged(NOTHING, "is not JSON")
def script(path):
    """A Python script under the name of a notebook."""
    path.write_text("shares = [0.25, 0.75]\n")


@judged(NOTHING, "breaks off")
def truncated(path):
    """The upload broke off."""
    text = json.dumps(make_solved())
    path.write_text(text[: len(text) // 2])


@judged(NOTHING, "is an archive")
def zip_file(path):
    """A notebook, but packed."""
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("attacked.ipynb", json.dumps(make_solved()))


@judged(NOTHING, "is an archive")
def zip_bomb(path):
    """A hundred kilobytes that unpack to a hundred megabytes, ten times over."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("attacked.ipynb", bytes(10**8))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(10):
            packed.writestr(f"{number}.zip", inner.getvalue())


@judged(NOTHING, "nested too deeply")
def brackets_without_end(path):
    """JSON nested a million levels deep."""
    path.write_text("[" * 10**6)


@judged(NOTHING, "has no cells")
def digits_without_end(path):
    """JSON with a number of a million digits."""
    path.write_text('{"cells": ' + "9" * 10**6 + "}")


@judged(NOTHING, "is larger than 64 MiB")
def two_hundred_megabytes(path):
    """A file that no notebook should be."""
    with path.open("wb") as file:
        file.truncate(200 * 2**20)


@judged(NOTHING, "format")
def format_of_2014(path):
    """A notebook of format 3, which had worksheets."""
    path.write_text(json.dumps({"nbformat": 3, "worksheets": [{"cells": []}]}))


@judged(NOTHING, "has no cells")
def other_json(path):
    """JSON of another kind."""
    path.write_text(json.dumps({"cells": 7}))


@judged(NOTHING, "has no cells")
def no_cells(path):
    """A notebook with nothing in it."""
    write(path, {**make_solved(), "cells": []})


@judged(NOTHING, "link")
def link_to_the_reference(path):
    """A link instead of a file: the grader would read the reference for the student."""
    path.symlink_to(path.parents[1] / "reference" / "attacked.ipynb")


@judged(NOTHING, "link")
def link_to_nowhere(path):
    """A link to what is not there."""
    path.symlink_to("nowhere.ipynb")


@judged(NOTHING, "link")
def link_to_a_device(path):
    """A link to a file without an end."""
    path.symlink_to("/dev/zero")


@judged(NOTHING, "is no file")
def pipe(path):
    """A pipe, from which nothing ever comes."""
    os.mkfifo(path)


@judged(NOTHING, "no notebook in")
def folder(path):
    """An empty folder under the name of a notebook."""
    path.mkdir()


@judged(NOTHING, "several notebooks")
def two_notebooks(path):
    """A folder with two notebooks, of which none has the exercise's name."""
    write(path.with_suffix("") / "first.ipynb", make_solved())
    write(path.with_suffix("") / "second.ipynb", make_solved())


@judged(NOTHING, "handed in twice")
def two_ways(path):
    """A notebook, and a folder of the same student with another."""
    write(path, make_solved())
    write(path.with_suffix("") / "attacked.ipynb", make_solved())


@judged(ALL)
def folder_of_many_things(path):
    """The notebook that has the exercise's name counts, and nothing else is read."""
    own = path.with_suffix("")
    write(own / "attacked.ipynb", make_solved())
    write(own / "draft.ipynb", {})
    (own / "conftest.py").write_text("raise SystemExit('loaded')\n")
    (own / "json.py").write_text("raise SystemExit('loaded')\n")
    (own / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")


@judged(ALL, "the notebook says it is the exercise 'other'")
def other_exercise(path):
    """A notebook that says it is another exercise; it is judged, and named."""
    notebook = make_solved()
    notebook["metadata"]["coursekit"]["exercise"] = "other"
    write(path, notebook)


@judged(ALL, "was made from version 0 of the exercise")
def older_version(path):
    """A notebook made from an older version of the exercise."""
    notebook = make_solved()
    notebook["metadata"]["coursekit"]["version"] = "0"
    write(path, notebook)


@judged(8, "was changed")
def points_of_its_own(path):
    """990 points, another rule, and an expectation that fits a wrong answer."""
    notebook = make_solved()
    find(notebook, "shares")["source"] = "shares = counts"
    cell = find(notebook, "check_shares")
    wrong = {"kind": "series", "index": None, "values": [1, 3, 2, 2]}
    own = make_check(
        "check_shares", "shares", "shares", wrong, source="check('shares', counts)"
    )
    cell |= own
    cell["metadata"]["coursekit"]["points"] = 990
    write(path, notebook)


@judged(8, "added code cell")
def checks_of_its_own(path):
    """Cells that are tagged as checks, as hidden ones and as answers, with points."""
    notebook = make_solved()
    find(notebook, "shares")["source"] = "shares = counts"
    for number in range(5):
        cell = make_check(
            f"mine-{number}", "shares", "shares", 0, source="1", points=99, hidden=True
        )
        notebook["cells"].append(cell)
    write(path, notebook)


@judged(8)
def tags_of_nbval(path):
    """Tags that switch comparisons off, or let an error pass."""
    notebook = make_solved()
    cell = find(notebook, "shares")
    cell["source"] = "1 / 0"
    cell["metadata"]["tags"] += ["nbval-skip", "raises-exception", "skip-execution"]
    write(path, notebook)


@judged(ALL)
def twenty_megabytes_of_outputs(path):
    """An honest notebook with pictures and tables in it."""
    notebook = make_solved()
    data = {"image/png": "A" * 20_000_000, "text/plain": "<Figure>"}
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    find(notebook, "shares")["outputs"] = [output]
    write(path, notebook)


@judged(ALL)
def two_thousand_cells(path):
    """Somebody kept every attempt, as text."""
    notebook = make_solved()
    notes = [make_cell(f"n{n}", f"Attempt {n}", kind="markdown") for n in range(2000)]
    write(path, {**notebook, "cells": notebook["cells"] + notes})


@judged(ALL)
def one_id_for_all(path):
    """All cells that the student added have the id of an answer."""
    notebook = make_solved()
    notebook["cells"] += [make_cell("shares", "") for _ in range(5)]
    write(path, notebook)


@judged(ALL)
def nonsense_beside_the_answers(path):
    """Cells, tags, sources and metadata of types that no notebook has."""
    notebook = make_solved()
    notebook["cells"] += [None, 7, [], {"cell_type": 7, "source": [1, None], "id": {}}]
    notebook["cells"][0]["metadata"]["tags"] = {"setup": True}
    notebook["metadata"] |= {"kernelspec": "R", "widgets": 7, "language_info": []}
    write(path, notebook)


@judged(ALL)
def mark_at_the_beginning(path):
    """Saved by an editor of Windows, with a mark of its encoding."""
    path.write_text(json.dumps(make_solved()), encoding="utf-8-sig")


@judged(ALL)
def other_encoding(path):
    """Saved by a program that writes UTF-16."""
    path.write_text(json.dumps(make_solved()), encoding="utf-16")


@judged(ALL)
def other_kernel(path):
    """A notebook that asks for a kernel that nobody has."""
    notebook = make_solved()
    notebook["metadata"]["kernelspec"] = {"name": "mine", "display_name": "Mine"}
    write(path, notebook)


@judged(ALL)
def the_reference(path):
    """The reference itself is handed in: it is right, and a person should ask."""
    write(path, make_reference())
