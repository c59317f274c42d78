"""Run merged notebooks in a worker process that can be killed and replaced."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from coursekit.errors import CoursekitError
from coursekit.exercise.answers import SILENT

KERNEL = "jupyter"
SANDBOX = "none: ordinary Jupyter kernel, no walls"
CELL_TIMEOUT = 60.0
SUBMISSION_TIMEOUT = 900.0
_STARTUP = 60.0  # seconds for the imports of a worker and the start of a kernel


@dataclass(frozen=True)
class CellRecord:
    """What came of running one cell.

    ``status`` is ok, differs, error, timed_out, kernel_died or not_run; ``answers``
    holds the JSON text of what the cell shipped, empty where it was too large.
    """

    cell_id: str
    status: str
    ename: str = ""
    evalue: str = ""
    seconds: float = 0.0
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """What came of running one merged notebook.

    Every code cell has a record. ``fault`` says why a run did not come to its end.
    """

    records: Mapping[str, CellRecord]
    seconds: float
    fault: str = ""


@dataclass
class Runner:
    """Run merged notebooks one after the other; use it in a ``with`` statement.

    Parameters
    ----------
    cell_timeout : float, default 60
        Seconds that one cell may take.
    submission_timeout : float, default 900
        Seconds that one notebook may take in all; then its worker is killed.
    """

    cell_timeout: float = CELL_TIMEOUT
    submission_timeout: float = SUBMISSION_TIMEOUT
    _worker: _Worker | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker, if there is one."""
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    def run(self, notebook: Mapping[str, Any]) -> Run:
        """Run one merged notebook in a fresh kernel.

        Parameters
        ----------
        notebook : mapping
            The parsed JSON of a notebook, as `coursekit.grading.merge.merge` makes it.

        Returns
        -------
        Run
            A record for each code cell, whatever the student's code does.
        """
        began = time.monotonic()
        code = [c["id"] for c in notebook["cells"] if c["cell_type"] == "code"]
        allowed = _STARTUP + len(code) * self.cell_timeout
        deadline = began + min(allowed, self.submission_timeout)
        if self._worker is None:
            self._worker = _Worker()
        records, fault = self._worker.run(notebook, self.cell_timeout, code, deadline)
        if fault:
            self.close()
        for cell_id in code:
            records.setdefault(cell_id, CellRecord(cell_id, "not_run"))
        return Run(records, round(time.monotonic() - began, 3), fault)


class _Worker:
    """One child process with a private folder; it dies with everything in it."""

    def __init__(self) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="coursekit-")
        home = Path(self._home.name)
        # -P: nothing that lies in the working folder can be imported by accident.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "coursekit.grading.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=home,
            env=_environment(home),
            encoding="utf-8",
            start_new_session=True,
        )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def run(
        self,
        notebook: Mapping[str, Any],
        cell_timeout: float,
        code: list[str],
        deadline: float,
    ) -> tuple[dict[str, CellRecord], str]:
        """Run one notebook; give the records there are, and what went wrong."""
        records: dict[str, CellRecord] = {}
        # The kernel's folders lie apart from the merged notebook with its checks. On
        # Windows a folder in which a process still works cannot be wiped.
        with (
            tempfile.TemporaryDirectory(
                dir=self._home.name, prefix="job-", ignore_cleanup_errors=True
            ) as job,
            tempfile.TemporaryDirectory(
                prefix="scratch-", ignore_cleanup_errors=True
            ) as scratch,
        ):
            self._send(notebook, cell_timeout, Path(job), Path(scratch))
            started = 0
            while True:
                try:
                    line = self._lines.get(
                        timeout=max(0.0, deadline - time.monotonic())
                    )
                except queue.Empty:
                    self.kill()
                    _mark(records, code, started, "timed_out")
                    return records, "the time for the whole notebook was over"
                if line is None:
                    self.kill()
                    _mark(records, code, started, "kernel_died")
                    return records, "the process that ran the notebook died"
                try:
                    message = json.loads(line)
                    if message["event"] == "start":
                        started += 1
                    elif message["event"] == "cell":
                        record = _record(message)
                        records[record.cell_id] = record
                    else:
                        no_cell = "" if records else "no cell was run"
                        return records, str(message["fault"]) or no_cell
                except (ValueError, LookupError, TypeError, RecursionError):
                    # The kernel runs as the same user and can reach the worker's pipe.
                    self.kill()
                    return {}, "the process that ran the notebook was tampered with"

    def kill(self) -> None:
        """End the process and wipe its folder; its kernel then ends by itself."""
        process = self._process
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()
        if process.stdin is not None:
            with contextlib.suppress(OSError):  # a dead reader breaks the last write
                process.stdin.close()
        with contextlib.suppress(OSError):
            self._home.cleanup()

    def _send(
        self, notebook: Mapping[str, Any], cell_timeout: float, job: Path, scratch: Path
    ) -> None:
        path, config = job / "merged.ipynb", job / "empty.ini"
        for folder in ("work", "profile"):
            (scratch / folder).mkdir()
        path.write_text(json.dumps(notebook), encoding="utf-8")
        config.write_text("[pytest]\n", encoding="utf-8")
        task = {
            "notebook": str(path),
            "rootdir": str(job),
            "config": str(config),
            "scratch": str(scratch / "work"),
            "profile": str(scratch / "profile"),
            "cell_timeout": cell_timeout,
        }
        tasks = self._process.stdin
        if tasks is not None:
            with contextlib.suppress(OSError):  # a dead worker is noticed by silence
                tasks.write(json.dumps(task) + "\n")
                tasks.flush()

    def _listen(self) -> None:
        if self._process.stdout is not None:
            with self._process.stdout as lines:
                for line in lines:
                    self._lines.put(line)
        self._lines.put(None)


def _record(message: Mapping[str, Any]) -> CellRecord:
    return CellRecord(
        cell_id=str(message["cell_id"]),
        status=str(message["status"]),
        ename=str(message.get("ename", "")),
        evalue=str(message.get("evalue", "")),
        seconds=float(message.get("seconds", 0.0)),
        answers=tuple(map(str, message.get("answers", ()))),
    )


def _mark(
    records: dict[str, CellRecord], code: list[str], started: int, status: str
) -> None:
    """Note the cell that was running when the worker ended."""
    if len(records) < started <= len(code):
        cell_id = code[started - 1]
        records[cell_id] = CellRecord(cell_id, status)


def _environment(home: Path) -> dict[str, str]:
    """Leave the instructor's pytest options outside."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "COV_CORE_", "COVERAGE_"))
    }
    return {
        **kept,
        SILENT: "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }


def check_timeouts(cell_timeout: float, submission_timeout: float) -> None:
    """Refuse limits under which nothing could run."""
    if cell_timeout <= 0 or submission_timeout <= 0:
        raise CoursekitError(
            "Time limits are in seconds and above 0; they are "
            f"{cell_timeout} for a cell and {submission_timeout} for a notebook."
        )
