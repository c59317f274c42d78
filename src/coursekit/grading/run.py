"""Run merged notebooks in a worker process that can be killed and replaced."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from coursekit.errors import CoursekitError
from coursekit.exercise.answers import SILENT
from coursekit.grading.outcome import DIED
from coursekit.grading.walls.limits import Limits

_STARTUP = 60.0  # seconds for the imports of a worker and the start of a kernel
_GRACE = 10.0  # seconds in which a worker, told to end, ends by itself


@dataclass(frozen=True)
class Settings:
    """How students' code is run.

    Parameters
    ----------
    kernel : {'warm', 'jupyter'}, default 'warm'
        A process forked from one that has imported the course's packages, or an
        ordinary Jupyter kernel. Where processes cannot be forked, as on Windows, it
        is always the latter.
    sandbox : {'required', 'auto', 'off'}, default 'auto'
        Whether there must be walls, shall be if they can, or shall not.
    limits : Limits
        What code may use.

    Raises
    ------
    CoursekitError
        If kernel or sandbox is none of these, or walls are required of a Jupyter
        kernel, which has none.
    """

    kernel: Literal["warm", "jupyter"] = "warm"
    sandbox: Literal["required", "auto", "off"] = "auto"
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        for name, known in {
            "kernel": ("warm", "jupyter"),
            "sandbox": ("required", "auto", "off"),
        }.items():
            if getattr(self, name) not in known:
                raise CoursekitError(
                    f"There is no {name} {getattr(self, name)!r}; "
                    f"choose one of {', '.join(known)}."
                )
        if self.kernel == "jupyter" and self.sandbox == "required":
            raise CoursekitError(
                "Walls are required, and an ordinary Jupyter kernel has none; "
                "use the warm kernel, or do without walls."
            )


@dataclass(frozen=True)
class CellRecord:
    """What came of running one cell.

    ``status`` is ok, differs, error, timed_out, kernel_died or not_run; ``answers``
    holds the JSON text of what the cell shipped, the last under each name of a check,
    empty where it was too large.
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

    Every code cell has a record. ``fault`` says why a run did not come to its end;
    ``kernel`` and ``walls`` say in what it ran.
    """

    records: Mapping[str, CellRecord]
    seconds: float
    fault: str = ""
    kernel: str = ""
    walls: str = ""


class Runner:
    """Run merged notebooks one after the other; use it in a ``with`` statement.

    Parameters
    ----------
    settings : Settings
        How code is run.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._worker: _Worker | None = None

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
            self._worker.close()
            self._worker = None

    def kill(self) -> None:
        """End the worker at once, with what it runs; another thread may call this."""
        if self._worker is not None:
            self._worker.kill()

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

        Raises
        ------
        CoursekitError
            If no worker can be started, or there are no walls where they must be.
        """
        began = time.monotonic()
        code = [c["id"] for c in notebook["cells"] if c["cell_type"] == "code"]
        if self._worker is None:
            self._worker = _Worker(self.settings)
        worker = self._worker
        try:
            worker.greet()
        except CoursekitError:
            self._worker = None
            raise
        records, fault = worker.run(notebook, code)
        if worker.ended:
            self._worker = None
        for cell_id in code:
            records.setdefault(cell_id, CellRecord(cell_id, "not_run"))
        seconds = round(time.monotonic() - began, 3)
        return Run(records, seconds, fault, worker.kernel, worker.walls)


class _Worker:
    """One child process with a private folder; it dies with everything in it."""

    def __init__(self, settings: Settings) -> None:
        self.ended = False
        self.kernel = self.walls = ""
        self._limits = settings.limits
        self._home = tempfile.TemporaryDirectory(
            prefix="coursekit-", ignore_cleanup_errors=True
        )
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
        self._write(asdict(settings))

    def greet(self) -> None:
        """Wait until the process is ready, and learn in what it runs code."""
        if self.kernel:
            return
        try:
            greeting = json.loads(self._lines.get(timeout=_STARTUP) or "{}")
        except queue.Empty:
            greeting = {}
        if "kernel" in greeting:
            self.kernel, self.walls = str(greeting["kernel"]), str(greeting["walls"])
            return
        self.kill()
        reason = greeting.get("refused") or (
            "The process that runs notebooks could not be started; "
            "`coursekit doctor` may say why."
        )
        raise CoursekitError(reason)

    def run(
        self, notebook: Mapping[str, Any], code: list[str]
    ) -> tuple[dict[str, CellRecord], str]:
        """Run one notebook; give the records there are, and what went wrong."""
        records: dict[str, CellRecord] = {}
        # The worker holds the limits; this deadline is for a worker that hangs.
        allowed = min(
            _STARTUP + len(code) * self._limits.cell_seconds,
            self._limits.submission_seconds,
        )
        deadline = time.monotonic() + allowed + _GRACE
        token = secrets.token_hex(16)
        self._write({"token": token, "notebook": notebook, "seconds": allowed})
        started = 0
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self.kill()
                _mark(records, code, started, "timed_out")
                return records, "the time for the whole notebook was over"
            if line is None:
                self.kill()
                _mark(records, code, started, "kernel_died")
                return records, DIED
            try:
                message = json.loads(line)
                if message["token"] != token:
                    raise ValueError(line)
                if message["event"] == "start":
                    started += 1
                elif message["event"] == "cell":
                    record = _record(message)
                    records[record.cell_id] = record
                else:
                    no_cell = "" if records else "no cell was run"
                    return records, str(message["fault"]) or no_cell
            except (ValueError, LookupError, TypeError, RecursionError):
                # Without walls a kernel can reach the pipes of its worker.
                self.kill()
                return {}, "the process that ran the notebook was tampered with"

    def close(self) -> None:
        """Let the process end, and everything in it; kill it if it does not."""
        if not self.ended:
            self._close_input()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE)
        self.kill()

    def kill(self) -> None:
        """End the process at once and wipe its folder; its kernel ends with it."""
        self.ended = True
        process = self._process
        if process.poll() is None:  # else its number may be another's by now
            with contextlib.suppress(OSError):
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
            process.wait()
        self._close_input()
        self._home.cleanup()

    def _write(self, message: Mapping[str, Any]) -> None:
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):  # a dead worker is noticed by silence
                self._process.stdin.write(json.dumps(message) + "\n")
                self._process.stdin.flush()

    def _close_input(self) -> None:
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):  # a dead reader breaks the last write
                self._process.stdin.close()

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
        "TMPDIR": str(home),  # what a killed worker leaves goes with its folder
    }
