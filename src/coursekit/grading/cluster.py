"""Run merged notebooks on the machines of a Dask cluster.

Nothing but settings, merged notebooks and what came of them travels: expectations,
names and the gradebook stay on the machine that grades.
"""

from __future__ import annotations

import asyncio
import json
import logging
import platform
import warnings
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from importlib.metadata import version
from typing import Any, Self
from uuid import uuid4

from distributed import Client, KilledWorker, Worker, WorkerPlugin, get_worker
from distributed.comm.addressing import resolve_address
from distributed.versions import VersionMismatchWarning

from coursekit.errors import CoursekitError
from coursekit.grading.run import Run, Settings
from coursekit.grading.schedule import Runners, WorkersLostError

PATIENCE = 5.0  # seconds to reach the scheduler in
_logger = logging.getLogger(__name__)


class Cluster:
    """The workers of a Dask cluster, each of whose threads keeps a warm runner.

    A notebook whose worker is lost is run by another one, as often as the scheduler's
    setting ``distributed.scheduler.allowed-failures`` says.

    Parameters
    ----------
    settings : Settings
        How code is run.
    scheduler : str
        Address of the Dask scheduler.
    """

    def __init__(self, settings: Settings, scheduler: str) -> None:
        self._address = scheduler
        self._plugin = KeepRunners(settings)
        self._has_workers = True

    def __enter__(self) -> Self:
        self._client = _connect(self._address)
        try:
            self._client.register_plugin(self._plugin)
        except Exception as error:
            self._client.close()
            raise CoursekitError(
                f"The workers of {self._address} could not be made ready: {error}"
            ) from error
        self._executor = self._client.get_executor(pure=False, retries=3)
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(Exception):  # a lost cluster has nothing left to end
            self._executor.shutdown(wait=False)
            self._client.unregister_worker_plugin(self._plugin.name)
        self._client.close()

    def room(self) -> int:
        """Leave one waiting for each that runs; the first wait for workers to come."""
        try:
            threads: int = sum(self._client.nthreads().values())
        except Exception as error:
            raise self._lost(error) from error
        if self._has_workers and not threads:
            _logger.warning(
                "The scheduler %s has no workers; grading waits for them.",
                self._address,
            )
        self._has_workers = bool(threads)
        return 2 * max(1, threads)

    def submit(self, notebook: Mapping[str, Any]) -> Future[Run]:
        """Begin to run a notebook."""
        text = json.dumps(notebook)  # Dask would look for tasks within a mapping
        future: Future[Run] = self._executor.submit(
            _run_on_worker, self._plugin.name, text
        )
        return future

    def result(self, future: Future[Run]) -> Run:
        """Wait for what came of it."""
        try:
            return future.result()
        except CoursekitError:
            raise
        except KilledWorker as error:
            raise WorkersLostError from error
        except Exception as error:
            raise self._lost(error) from error

    def _lost(self, error: Exception) -> CoursekitError:
        return CoursekitError(
            f"The scheduler {self._address} was lost, or its workers cannot grade: "
            f"{type(error).__name__}: {error}"
        )


class KeepRunners(WorkerPlugin):
    """Keeps the runners of a Dask worker, and ends them when grading ends.

    Parameters
    ----------
    settings : Settings
        How code is run.
    """

    def __init__(self, settings: Settings) -> None:
        self.name = f"coursekit-{uuid4()}"  # several may grade on one cluster
        self._settings = settings
        self._versions = _versions()

    def setup(self, worker: Worker) -> None:  # noqa: ARG002 - as Dask calls it
        """Begin on a worker."""
        self._runners = Runners(self._settings)

    async def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - as Dask calls it
        """End on a worker."""
        await asyncio.to_thread(self._runners.end)

    def run(self, notebook: Mapping[str, Any]) -> Run:
        """Run a notebook, if it runs here as on the machine that grades."""
        here = _versions()
        if here != self._versions:
            raise CoursekitError(
                f"it has {here}, and the grader {self._versions}; "
                "start both from the same environment."
            )
        return self._runners.run(notebook)


def _run_on_worker(plugin: str, text: str) -> Run:
    worker = get_worker()
    keeper: Any = worker.plugins[plugin]
    try:
        run: Run = keeper.run(json.loads(text))
    except CoursekitError as error:
        raise CoursekitError(f"The worker {worker.address} cannot: {error}") from None
    return run


def _connect(address: str) -> Any:
    connect: Any = Client  # distributed has few types
    try:
        resolve_address(address)  # a client that cannot even begin does not end well
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always", VersionMismatchWarning)
            client = connect(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:
        raise CoursekitError(
            f"No Dask scheduler can be reached at {address}: {error}. "
            "An address looks like tcp://10.0.0.5:8786; `dask scheduler` prints it."
        ) from error
    for warning in seen:
        if issubclass(warning.category, VersionMismatchWarning):
            client.close()
            raise CoursekitError(
                f"The cluster of {address} and the grader differ in their packages; "
                f"start both from the same environment. {warning.message}"
            )
    return client


def _versions() -> dict[str, str]:
    """Name what decides how a notebook runs."""
    packages = ("coursekit", "nbval", "ipython", "pandas", "numpy", "plotly")
    python = ".".join(platform.python_version_tuple()[:2])
    return {"python": python} | {name: version(name) for name in packages}
