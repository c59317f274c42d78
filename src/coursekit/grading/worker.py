"""The process that runs merged notebooks under nbval, one pytest session for each.

It is started by `coursekit.grading.run` and speaks JSON, one object a line: a task on
its standard input, then one record for each cell, then ``{"event": "end"}``. It never
sees a student's folder, and what it hands on of a cell's outputs is text and JSON of
limited size that its reader parses again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from coursekit.exercise.answers import MIME
from coursekit.imports import without_iri_grammar

MAX_ANSWER = 4 * 2**20  # characters of JSON; a frame of 20,000 cells takes about 1 MB
MAX_TEXT = 500


def main() -> None:
    """Run tasks until standard input ends."""
    with without_iri_grammar():
        import nbformat  # noqa: F401 - once, before the first task
    # Results have a way of their own; whatever else prints must not mix with them.
    results = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silence = os.open(os.devnull, os.O_RDWR)
    tasks = os.fdopen(os.dup(0), encoding="utf-8")
    for number in (0, 1):
        os.dup2(silence, number)
    for line in tasks:
        run_task(json.loads(line), results)


def run_task(task: Mapping[str, Any], results: TextIO) -> None:
    """Run one merged notebook and write a record for each code cell.

    Parameters
    ----------
    task : mapping
        ``notebook``, ``rootdir``, ``config``, ``scratch`` and ``profile`` are paths;
        ``cell_timeout`` is in seconds.
    results : file
        Where the records go.
    """
    import pytest

    recorder = Recorder(results)
    os.chdir(task["rootdir"])
    # IPython runs what lies in its profile: each submission gets an empty one.
    os.environ["IPYTHONDIR"] = task["profile"]
    status = pytest.main(
        [
            task["notebook"],
            "--coursekit",
            f"--coursekit-cwd={task['scratch']}",
            "--coursekit-kernel-name=python3",
            f"--coursekit-cell-timeout={task['cell_timeout']}",
            f"--rootdir={task['rootdir']}",
            f"--confcutdir={task['rootdir']}",
            "-c",
            task["config"],
            "--noconftest",
            "--color=no",
            "-qq",
            "-Wignore",
            "-pno:cacheprovider",
            "-pnbval.plugin",
            "-pcoursekit.grading.plugin",
        ],
        plugins=[recorder],
    )
    recorder.write({"event": "end", "status": int(status), "fault": recorder.fault})


class Recorder:
    """A pytest plugin that writes a record for each cell as soon as it is over."""

    def __init__(self, results: TextIO) -> None:
        self.results = results
        self.fault = ""

    def write(self, record: Mapping[str, Any]) -> None:
        """Write one line at once: the reader may have to do without the next."""
        self.results.write(json.dumps(record) + "\n")
        self.results.flush()

    def pytest_collectreport(self, report: Any) -> None:
        """Keep why a notebook could not be collected."""
        if report.failed:
            self.fault = _cut(report.longreprtext)

    def pytest_runtest_logstart(self) -> None:
        """Say that a cell begins, so that a killed one can be named."""
        self.write({"event": "start"})

    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        """Write the record once the cell is over."""
        if call.when == "setup" and call.excinfo is not None:
            self.fault = _cut(f"{call.excinfo.typename}: {call.excinfo.value}")
        if call.when == "teardown":
            self.write({"event": "cell", **_record(item)})


def _record(item: Any) -> dict[str, Any]:
    outcome = getattr(item, "outcome", None)
    if outcome is None:
        return {"cell_id": str(item.cell.get("id", "")), "status": "not_run"}
    answers = list(_answers(outcome.outputs or ()))
    return {
        "cell_id": outcome.cell_id,
        "status": str(outcome.status),
        "ename": _cut(outcome.ename),
        "evalue": _cut(outcome.evalue),
        "seconds": round(float(outcome.seconds or 0), 3),
        "answers": answers[:2],  # two are one too many already
    }


def _answers(outputs: Any) -> Iterator[str]:
    """Give every answer among the outputs as JSON text, empty where it is too large."""
    for output in outputs:
        data = output.get("data")
        if not isinstance(data, Mapping) or MIME not in data:
            continue
        try:
            text = json.dumps(data[MIME])
        except (TypeError, ValueError, RecursionError):
            text = ""
        yield text if len(text) <= MAX_ANSWER else ""


def _cut(text: object) -> str:
    return str(text or "")[:MAX_TEXT]


if __name__ == "__main__":
    main()
