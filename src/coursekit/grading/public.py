"""`coursekit check`: the public checks of one notebook, run as CI would run them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coursekit.errors import CoursekitError
from coursekit.exercise.sidecar import Sidecar, find_sidecar
from coursekit.exercise.trees import MalformedAnswerError, read_json, read_value
from coursekit.grading.judge import Judgement, explain
from coursekit.grading.merge import code_cell, plain_notebook
from coursekit.grading.notebook import Notebook, read_notebook
from coursekit.grading.run import CellRecord, Runner, Settings

TIMEOUT_SECONDS = 900.0


@dataclass(frozen=True)
class CheckLine:
    """What came of one check of an exercise, or of one cell of a lesson.

    Parameters
    ----------
    name : str
        Name of the check, or the cell by its first line.
    passed : bool
        Whether the answer matches, or the cell's outputs mean what is stored.
    text : str
        What was seen, in one line.
    """

    name: str
    passed: bool
    text: str


@dataclass(frozen=True)
class CheckReport:
    """What came of all checks of one notebook."""

    notebook: str
    lines: tuple[CheckLine, ...]

    @property
    def passed(self) -> bool:
        """Whether everything passed."""
        return all(line.passed for line in self.lines)

    def to_json(self) -> str:
        """Give the report as JSON."""
        tree = {"passed": self.passed, **asdict(self)}
        return json.dumps(tree, indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """Give a line for each check, and a last one that sums up."""
        right = sum(line.passed for line in self.lines)
        last = f"{right} of {len(self.lines)} passed in {self.notebook}."
        return "\n".join([*(f"{line.name}: {line.text}" for line in self.lines), last])


def run_checks(path: Path) -> CheckReport:
    """Run the public checks of a notebook under nbval, in a fresh kernel.

    Parameters
    ----------
    path : pathlib.Path
        An exercise, whose answers are compared with sealed ones, or a lesson or any
        other notebook, whose fresh outputs are compared with the stored ones.

    Returns
    -------
    CheckReport
        A line for each check or cell. Hidden checks run only at grading.

    Raises
    ------
    MalformedNotebookError
        If the file is no notebook.
    UnknownNameError
        If it belongs to an exercise whose sidecar is not found.
    CoursekitError
        If the notebook could not be run.
    """
    notebook = read_notebook(path.resolve())
    if notebook.exercise:
        sidecar = find_sidecar(notebook.exercise, folder=path.resolve().parent)
        return CheckReport(path.name, tuple(_check_exercise(notebook, sidecar)))
    return CheckReport(path.name, tuple(_check_outputs(path.resolve())))


def _check_exercise(notebook: Notebook, sidecar: Sidecar) -> list[CheckLine]:
    sources = {
        f"cell-{cell.index}": cell.source
        for cell in notebook.cells
        if cell.kind == "code"
    }
    cells = [code_cell(cell_id, source, {}) for cell_id, source in sources.items()]
    # The kernel that students have before them, and no walls around their own code.
    with Runner(Settings(kernel="jupyter", sandbox="off")) as runner:
        run = runner.run(plain_notebook(cells, {}))
    if run.fault:
        name = notebook.path.name
        raise CoursekitError(f"{name} could not be run to its end: {run.fault}.")
    shipped = dict(
        _read(answer) for record in run.records.values() for answer in record.answers
    )
    lines = []
    for name in sidecar.checks:
        if isinstance(shipped.get(name), MalformedAnswerError):
            passed, text = False, str(shipped[name])
        elif name in shipped:
            feedback = sidecar.feedback(name, shipped[name])
            passed, text = feedback.stage == "matches", feedback.text
        else:
            passed, text = False, _reason(sources, name, run.records)
        lines.append(CheckLine(name, passed=passed, text=text))
    return lines


def _reason(
    sources: Mapping[str, str], name: str, records: Mapping[str, CellRecord]
) -> str:
    """Say why a check gave no answer, by what became of its cell."""
    for cell_id, source in sources.items():
        if re.search(rf"""check\(\s*["']{re.escape(name)}["']""", source):
            record = records[cell_id]
            if record.ename == "NameError":
                return f"{Judgement.NOT_ATTEMPTED}. There is no answer: {record.evalue}"
            judgement, message = explain(record, where="The check")
            if judgement is not None:
                return f"{judgement}. {message}"
    return f"{Judgement.NOT_ATTEMPTED}."


def _read(text: str) -> tuple[str, Any]:
    """Read what a cell shipped: a check, and its answer or why there is none."""
    try:
        answer = read_json(text)
        name = answer.get("check") if isinstance(answer, dict) else None
    except MalformedAnswerError:
        return "", None
    try:
        return str(name), read_value(answer)
    except MalformedAnswerError as error:
        return str(name), error


def _check_outputs(path: Path) -> list[CheckLine]:
    with tempfile.TemporaryDirectory(prefix="coursekit-") as folder:
        config, results = Path(folder, "empty.ini"), Path(folder, "results.xml")
        config.write_text("[pytest]\n", encoding="utf-8")
        options = [
            "--coursekit", "-q", "-pno:cacheprovider", "--noconftest",
            f"--rootdir={path.parent}", f"-c{config}", f"--junitxml={results}",
        ]  # fmt: skip
        try:
            done = subprocess.run(  # noqa: S603 - our own pytest on the named notebook
                [sys.executable, "-P", "-m", "pytest", str(path), *options],
                capture_output=True,
                check=False,
                encoding="utf-8",
                errors="replace",  # Windows prints in an encoding of its own
                timeout=TIMEOUT_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise CoursekitError(
                f"{path.name} was stopped: it ran over {TIMEOUT_SECONDS:g} seconds."
            ) from error
        if not results.is_file():
            raise CoursekitError(f"{path.name} could not be run: {done.stdout.strip()}")
        tree = ET.parse(results)  # noqa: S314 - pytest just wrote it
        cases = tree.iter("testcase")
        return [_cell_line(case) for case in cases]


def _cell_line(case: ET.Element) -> CheckLine:
    name = case.get("name", "")
    fault = next((node for node in case if node.tag in {"failure", "error"}), None)
    if fault is None:
        return CheckLine(name, passed=True, text="as stored")
    text = (fault.get("message") or fault.text or "failed").splitlines()[0]
    return CheckLine(name, passed=False, text=text.removeprefix(f"{name}: "))
