"""The process that runs merged notebooks under nbval, in one pytest session.

It is started by `coursekit.grading.run` and speaks JSON, one object a line: settings
and then tasks on its standard input; a greeting, then for each task a record for each
cell and ``{"event": "end"}`` on its standard output. It never sees a student's folder,
and what it hands on of a cell's outputs is text and JSON of limited size that its
reader parses again.
"""

from __future__ import annotations

import json
import os
import queue
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any, TextIO

from coursekit.errors import CoursekitError
from coursekit.exercise.answers import MIME
from coursekit.grading.run import Settings
from coursekit.grading.walls.limits import Limits
from coursekit.imports import without_iri_grammar

MAX_ANSWER = 4 * 2**20  # characters of JSON; a frame of 20,000 cells takes about 1 MB
MAX_ANSWERS = 50  # names of checks that one cell may answer
MAX_TEXT = 500
LAST_WORDS_SECONDS = 5.0  # for a worker whose grader went away while a cell ran

# pytest's own parts that serve people and test modules; none of them is at work here.
_NOT_NEEDED = (
    "cacheprovider", "logging", "faulthandler", "warnings",
    "unraisableexception", "threadexception", "doctest", "stepwise", "junitxml",
)  # fmt: skip
FreshKernel = Callable[[], Any]


def main() -> None:
    """Run tasks until standard input ends."""
    # Results have a way of their own; whatever else prints must not mix with them.
    results = os.fdopen(os.dup(1), "w", encoding="utf-8")
    lines = os.fdopen(os.dup(0), encoding="utf-8")
    silence = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(silence, number)
    settings = json.loads(lines.readline())
    tasks: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(lines, tasks), daemon=True).start()
    try:
        with open_kernels(
            Settings(**{**settings, "limits": Limits(**settings["limits"])})
        ) as (fresh_kernel, greeting):
            _write(results, greeting)
            run_tasks(tasks, fresh_kernel, results, settings["limits"]["cell_seconds"])
    except CoursekitError as error:
        _write(results, {"refused": str(error)})


@contextmanager
def open_kernels(settings: Settings) -> Iterator[tuple[FreshKernel, dict[str, str]]]:
    """Make ready to start kernels, one for each submission.

    Parameters
    ----------
    settings : Settings
        Which kernel, and in which walls.

    Yields
    ------
    tuple of callable and dict
        What gives a fresh kernel, and the words for ``kernel`` and ``walls`` in
        reports.

    Raises
    ------
    CoursekitError
        If walls are required and cannot be had.
    """
    if settings.kernel == "jupyter" or not hasattr(os, "fork"):
        if settings.sandbox == "required":
            raise CoursekitError(
                "Walls are required, and this system has none that coursekit knows; "
                "grade on Linux, or in a container, and choose the sandbox off."
            )
        words = {
            "kernel": "an ordinary Jupyter kernel",
            "walls": "none: student code ran with the rights of the grader",
        }
        yield _start_jupyter, words
        return
    from coursekit.grading.walls.sandbox import raise_walls
    from coursekit.grading.warm.kernel import Zygote

    walls = raise_walls(settings.sandbox, settings.limits)
    with Zygote(walls, limits=settings.limits) as zygote:
        words = {
            "kernel": "a warm kernel, forked for each submission",
            "walls": walls.description,
        }
        yield zygote.fork, words


def _start_jupyter() -> Any:
    from coursekit.grading.kernel import CourseKernel

    class ScratchKernel(CourseKernel):
        """An ordinary kernel in an empty folder of its own, wiped when it stops."""

        def __init__(self) -> None:
            # On Windows a folder in which a process still works cannot be wiped.
            self.scratch = tempfile.TemporaryDirectory(
                prefix="scratch-", ignore_cleanup_errors=True
            )
            work, profile = Path(self.scratch.name, "work"), Path(self.scratch.name)
            work.mkdir()
            # IPython runs what lies in its profile: each submission gets an empty one.
            env = {**os.environ, "IPYTHONDIR": str(profile / "profile")}
            super().__init__("python3", cwd=str(work), env=env)

        def stop(self) -> None:
            super().stop()
            self.scratch.cleanup()

    return ScratchKernel()


def run_tasks(
    tasks: queue.SimpleQueue[str],
    fresh_kernel: FreshKernel,
    results: TextIO,
    cell_seconds: float,
) -> None:
    """Run notebooks in one pytest session, until an empty line comes.

    Parameters
    ----------
    tasks : queue of str
        JSON with ``notebook``, ``token``, which comes back with every record, and
        ``seconds``, the limit for the whole notebook.
    fresh_kernel : callable
        Gives a fresh kernel.
    results : file
        Where a record for each code cell goes.
    cell_seconds : float
        The limit for one cell.
    """
    with without_iri_grammar():
        import pytest

        import coursekit.grading.items  # noqa: F401 - once, before the first task

    with tempfile.TemporaryDirectory(prefix="coursekit-job-") as job:
        config = Path(job, "empty.ini")
        config.write_text("[pytest]\n", encoding="utf-8")
        os.chdir(job)
        pytest.main(
            [
                "--coursekit",
                f"--coursekit-cell-timeout={cell_seconds}",
                f"--rootdir={job}",
                f"-c{config}",
                "--noconftest",
                "--capture=no",
                "--color=no",
                *(f"-pno:{name}" for name in _NOT_NEEDED),
                "-pnbval.plugin",
                "-pcoursekit.grading.plugin",
            ],
            plugins=[Desk(tasks, fresh_kernel, results, Path(job, "merged.ipynb"))],
        )
        os.chdir("/")


class Desk:
    """A pytest plugin that takes notebooks as they come and writes what came of them.

    The session collects nothing by itself; each notebook goes through nbval's items
    and pytest's protocol as it would in a session of its own.
    """

    def __init__(
        self,
        tasks: queue.SimpleQueue[str],
        fresh_kernel: FreshKernel,
        results: TextIO,
        path: Path,
    ) -> None:
        self.tasks = tasks
        self.fresh_kernel = fresh_kernel
        self.results = results
        self.path = path  # one name for all: pytest keeps what it knows of a path
        self.token = ""
        self.fault = ""

    def pytest_sessionstart(self, session: Any) -> None:
        """Send pytest's reporter away, which would keep every report for the end."""
        session.config.pluginmanager.unregister(name="terminalreporter")

    def pytest_collection(self) -> bool:
        """Collect nothing."""
        return True

    def pytest_runtestloop(self, session: Any) -> bool:
        """Run notebooks until there are no more."""
        while line := self.tasks.get():
            self.run(session, json.loads(line))
        return True

    def run(self, session: Any, task: Mapping[str, Any]) -> None:
        """Run one notebook."""
        from coursekit.grading.items import CoursekitFile

        self.token, self.fault = task["token"], ""
        self.path.write_text(json.dumps(task["notebook"]), encoding="utf-8")
        file: Any = CoursekitFile.from_parent(session, path=self.path)
        file.fresh_kernel = self.fresh_kernel
        file.deadline = time.monotonic() + task["seconds"]
        items = list(file.collect())
        for item, following in zip_longest(items, items[1:]):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        fault = self.fault or file.fault or getattr(file.kernel, "fault", "")
        self.write("end", {"fault": _cut(fault)})

    def write(self, event: str, record: Mapping[str, Any]) -> None:
        """Write one line at once: the reader may have to do without the next."""
        _write(self.results, {"event": event, "token": self.token, **record})

    def pytest_runtest_logstart(self) -> None:
        """Say that a cell begins, so that a killed one can be named."""
        self.write("start", {})

    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        """Write the record once the cell is over."""
        if call.when == "setup" and call.excinfo is not None:
            self.fault = f"{call.excinfo.typename}: {call.excinfo.value}"
        if call.when == "teardown":
            self.write("cell", _record(item.outcome))
            # Items refer to each other, so that what they hold would stay for long.
            item.outcome.outputs.clear()


def _listen(lines: TextIO, tasks: queue.SimpleQueue[str]) -> None:
    for line in lines:
        tasks.put(line)
    tasks.put("")
    # The grader is gone. If a cell still runs after this, nobody waits for it.
    time.sleep(LAST_WORDS_SECONDS)
    os._exit(1)


def _write(results: TextIO, message: Mapping[str, Any]) -> None:
    results.write(json.dumps(message) + "\n")
    results.flush()


def _record(outcome: Any) -> dict[str, Any]:
    return {
        "cell_id": outcome.cell_id,
        "status": str(outcome.status),
        "ename": _cut(outcome.ename),
        "evalue": _cut(outcome.evalue),
        "seconds": round(float(outcome.seconds or 0), 3),
        "answers": _answers(outcome.outputs or ()),
    }


def _answers(outputs: Any) -> list[str]:
    """Give the last answer under each name of a check, empty where it is too large."""
    last: dict[str, str] = {}
    for output in outputs:
        data = output.get("data")
        if not isinstance(data, Mapping) or MIME not in data:
            continue
        answer = data[MIME]
        name = str(answer.get("check")) if isinstance(answer, Mapping) else ""
        try:
            text = json.dumps(answer)
        except (TypeError, ValueError, RecursionError):
            text = ""
        last.pop(name, None)
        last[name] = text if len(text) <= MAX_ANSWER else ""
    return list(last.values())[-MAX_ANSWERS:]


def _cut(text: object) -> str:
    return str(text or "")[:MAX_TEXT]


if __name__ == "__main__":
    main()
