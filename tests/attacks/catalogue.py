"""The exercise that is attacked, and the catalogue of attacks and accidents on it.

Each ``.md`` file beside this one holds attacks of one kind.  A heading names the attack
and a sentence says what it tries.  A block ``python NAME`` is the student's answer to
the question NAME, or, for ``first``, ``last`` and ``check``, a cell added after the
setup, one added at the end, and another source of the check of ``shares``.  The rest of
the notebook is answered rightly.  A line states the total that is right, and the
judgement of each question that is not correct.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from coursekit.exercise.answers import to_plain
from grading_notebooks import make_answer, make_cell, make_check, make_notebook

SETUP = """\
import pandas as pd
from coursekit import check
counts = pd.Series({"north": 1, "south": 3, "east": 2, "west": 2})"""
SOLUTIONS = {
    "shares": "shares = counts / counts.sum()",
    "double": "def double(n):\n    return n + n",
    "places": "places = set(counts.index)",
    "total": "total = int(counts.sum())",
}
SHARES = pd.Series({"north": 0.125, "south": 0.375, "east": 0.25, "west": 0.25})
PLACES = {"north", "south", "east", "west"}
MAXIMUM = 10

_BLOCK = re.compile(r"^```python (\w+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
_JUDGED = re.compile(r"^Judged (\S+) of 10(?:: (.+))?\.$", re.MULTILINE)
_PLACE = re.compile(r"@(\w+)@")
_ADDED = {"first": 1, "last": None}  # where such a cell is put in


@dataclass(frozen=True)
class Attack:
    """What a student hands in, and what is right to make of it.

    ``judgements`` has the questions that are not correct.  ``open`` says that the
    attack is one on the walls, and earns full marks where there are none.
    """

    name: str
    cells: dict[str, str]
    total: float
    judgements: dict[str, str]
    open: bool = False

    def notebook(self, places: Mapping[str, str]) -> dict[str, Any]:
        """Write the notebook; the attack is told the places that it names."""
        notebook = make_solved()
        cells = {cell["id"]: cell for cell in notebook["cells"]}
        for name, text in self.cells.items():
            source = _PLACE.sub(lambda found: places[found[1]], text)
            if name in _ADDED:
                place = _ADDED[name] or len(notebook["cells"])
                notebook["cells"].insert(place, make_cell(name, source))
            else:
                cells["check_shares" if name == "check" else name]["source"] = source
        return notebook


def read_attacks(*names: str) -> list[Attack]:
    """Read the attacks of some files of the catalogue, in their order."""
    folder = Path(__file__).parent
    return [
        _read(entry)
        for name in names
        for entry in (folder / f"{name}.md").read_text("utf-8").split("\n## ")[1:]
    ]


def _read(entry: str) -> Attack:
    name, _, body = entry.partition("\n")
    total, judged = _JUDGED.findall(body)[0]
    judgements = dict(one.split(" ", 1) for one in judged.split(", ") if one)
    cells = dict(_BLOCK.findall(body))
    return Attack(name, cells, float(total), judgements, "Without walls" in body)


def make_reference() -> dict[str, Any]:
    """Four questions, one with a hidden check and one with points for parts."""
    answers = [make_answer(name, name, text) for name, text in SOLUTIONS.items()]
    checks = {
        "shares": [_check("shares", "shares", SHARES)],
        "double": [
            _check("double", "double(4)", 8),
            _check("double_text", 'double("ab")', "abab", points=1, hidden=True),
        ],
        "places": [_check("places", "places", PLACES, points=4, partial=True)],
        "total": [_check("total", "total", 8, points=1)],
    }
    cells = [make_cell("setup", SETUP, tags=["setup"])]
    for answer in answers:
        cells += [answer, *checks[answer["id"]]]
    return make_notebook(cells, exercise="attacked", kind="reference", version="1")


def make_solved() -> dict[str, Any]:
    """The student version, with every question answered rightly."""
    notebook = copy.deepcopy(make_reference())
    notebook["metadata"]["coursekit"]["kind"] = "student"
    notebook["cells"] = [
        {**cell, "source": SOLUTIONS.get(cell["id"], cell["source"]), "outputs": []}
        for cell in notebook["cells"]
        if "hidden" not in cell["metadata"]["tags"]
    ]
    return notebook


def _check(name: str, code: str, value: object, **options: Any) -> dict[str, Any]:
    question = name.partition("_")[0]
    source = f'check("{name}", {code})'
    plain = to_plain(value)
    return make_check(f"check_{name}", question, name, plain, source=source, **options)
