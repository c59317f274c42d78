"""Run many merged notebooks at once, on this machine or on a Dask cluster."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Generator, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, Self

from coursekit.errors import CoursekitError
from coursekit.grading.run import CellRecord, Run, Runner, Settings

_LOOK_AGAIN = 1.0  # seconds until there may be more room, as a cluster can grow
_SOON = 0.02  # seconds in which a runner that was killed gives up its notebook


@dataclass(frozen=True)
class Task:
    """One merged notebook to run, and the key under which its `Run` comes back."""

    key: str
    notebook: Mapping[str, Any]


def run_all(
    tasks: Iterable[Task],
    settings: Settings,
    *,
    jobs: int | None = None,
    scheduler: str = "",
) -> Generator[tuple[str, Run], None, None]:
    """Run merged notebooks, several at once.

    Parameters
    ----------
    tasks : iterable of Task
        Taken one by one, in the caller's thread, as there is room for them.
    settings : Settings
        How code is run.
    jobs : int, optional
        How many notebooks run at one time on this machine; by default as many as
        there are cores that this process may use.
    scheduler : str, optional
        Address of a Dask scheduler, such as ``tcp://10.0.0.5:8786``, whose workers do
        it instead.

    Yields
    ------
    tuple of str and Run
        Each task's key and what came of it, in the order in which they are done.
        Close the generator (`contextlib.closing`) to end all processes early.

    Raises
    ------
    CoursekitError
        If ``jobs`` is below 1 or given with a scheduler, the cluster cannot be had
        or is lost, or no notebook can be run at all, as without required walls.
    """
    with _machines(settings, jobs, scheduler) as machines:
        coming, waiting, suspects = iter(tasks), dict[Future[Run], Task](), list[Task]()
        while True:
            for task in islice(coming, max(0, machines.room() - len(waiting))):
                waiting[machines.submit(task.notebook)] = task
            if not waiting:
                break
            done, _ = wait(waiting, _LOOK_AGAIN, return_when=FIRST_COMPLETED)
            for future in done:
                task = waiting.pop(future)
                try:
                    run = machines.result(future)
                except WorkersLostError:
                    suspects.append(task)
                else:
                    yield task.key, run
        # All that were on a lost worker are suspects; alone, only the guilty one is.
        for task in suspects:
            try:
                run = machines.result(machines.submit(task.notebook))
            except WorkersLostError:
                run = make_unrun(task.notebook, "each process that ran it was lost")
            yield task.key, run


class WorkersLostError(Exception):
    """Each worker that was to run a notebook was lost, perhaps by its doing."""


class Machines(Protocol):
    """Where notebooks are run; leaving its ``with`` statement ends what still runs."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def room(self) -> int:
        """How many notebooks may be under way at one time, waiting ones among them."""

    def submit(self, notebook: Mapping[str, Any]) -> Future[Run]:
        """Begin to run a notebook."""

    def result(self, future: Future[Run]) -> Run:
        """Wait for what came of it."""


def _machines(settings: Settings, jobs: int | None, scheduler: str) -> Machines:
    if not scheduler:
        return ThisMachine(settings, core_count() if jobs is None else jobs)
    if jobs is not None:
        raise CoursekitError(
            f"{jobs} jobs were asked for together with the scheduler {scheduler}, "
            "whose workers decide how much runs at one time; give one of the two."
        )
    from coursekit.grading.cluster import Cluster

    return Cluster(settings, scheduler)


class ThisMachine:
    """Threads of this process, each with a `Runner` of its own.

    Parameters
    ----------
    settings : Settings
        How code is run.
    jobs : int
        How many threads, from 1; no more are started than there are notebooks.
    """

    def __init__(self, settings: Settings, jobs: int) -> None:
        if jobs < 1:
            raise CoursekitError(f"{jobs} jobs were asked for; it takes at least 1.")
        self._jobs = jobs
        self._runners = Runners(settings)
        self._threads = ThreadPoolExecutor(jobs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._runners.end()
        self._threads.shutdown()

    def room(self) -> int:
        """Leave one waiting for each that runs, so that no thread is ever idle."""
        return 2 * self._jobs

    def submit(self, notebook: Mapping[str, Any]) -> Future[Run]:
        """Begin to run a notebook."""
        return self._threads.submit(self._runners.run, notebook)

    def result(self, future: Future[Run]) -> Run:
        """Wait for what came of it."""
        return future.result()


class Runners:
    """A `Runner` for each thread that asks for one; all end together.

    Parameters
    ----------
    settings : Settings
        How code is run.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._own = threading.local()
        self._all: set[Runner] = set()
        self._busy: set[Runner] = set()
        self._ended = False

    def run(self, notebook: Mapping[str, Any]) -> Run:
        """Run a notebook with this thread's runner; a fault of ours is in the run.

        Raises
        ------
        CoursekitError
            If no notebook can be run here, or the runners were ended meanwhile.
        """
        if not hasattr(self._own, "runner"):
            self._own.runner = Runner(self._settings)
        runner: Runner = self._own.runner
        self._all.add(runner)
        self._busy.add(runner)  # first, so that `end` sees it or is seen here
        try:
            if self._ended:
                raise CoursekitError("Grading was ended while a notebook waited.")
            run = runner.run(notebook)
            if self._ended and run.fault:  # its process was killed by `end`
                raise CoursekitError("Grading was ended while a notebook ran.")
            return run
        except CoursekitError:
            raise
        except Exception as error:  # noqa: BLE001 - one submission never ends the batch
            runner.kill()
            self._all.discard(runner)
            del self._own.runner
            said = f"it could not be run: {type(error).__name__}: {error}"
            return make_unrun(notebook, said)
        finally:
            self._busy.discard(runner)

    def end(self) -> None:
        """End every runner: at once where it is at work, else in its own time."""
        self._ended = True
        while busy := self._busy.copy():  # again: one may just be starting its process
            for runner in busy:
                runner.kill()
            time.sleep(_SOON)
        with ThreadPoolExecutor() as threads:
            for runner in self._all.copy():
                threads.submit(runner.close)


def make_unrun(notebook: Mapping[str, Any], fault: str) -> Run:
    """Write the record of a notebook that did not come to be run."""
    code = [cell["id"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return Run({cell_id: CellRecord(cell_id, "not_run") for cell_id in code}, 0, fault)


def core_count() -> int:
    """Count the cores that this process may use, which may be fewer than there are."""
    # os.process_cpu_count does this from Python 3.13 on; macOS and Windows cannot.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
