"""The same on a Dask cluster, of which a worker may be lost at any time."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import closing
from dataclasses import replace

import dask
import psutil
import pytest
from distributed import LocalCluster

from coursekit.errors import CoursekitError
from coursekit.grading.run import Settings
from coursekit.grading.schedule import Task, run_all
from grading_notebooks import make_cell, make_notebook
from grading_runs import die_or_run

SHIPS = """
from IPython.display import display
display({"application/vnd.coursekit.answer+json": {"check": "a", "value": 3}}, raw=True)
"""
SOURCES = {
    "raises": "1 / 0",
    "dies": "import os\nos._exit(1)",
    "prints": "print('a' * 1000)",
    "ships": SHIPS,
    "waits": "import time\ntime.sleep(1)",
}


def make_task(key, source="one = 1"):
    return Task(
        key, make_notebook([make_cell(key, source), make_cell("last", "two = 2")])
    )


TASKS = [make_task(key, source) for key, source in SOURCES.items()]


def start_cluster(workers):
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",  # any free port
        silence_logs=logging.CRITICAL,
    )


@pytest.fixture(scope="module")
def cluster():
    # A notebook is given up once its second worker is lost, which saves time here.
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        start_cluster(2) as cluster,
    ):
        yield cluster


@pytest.fixture
def stand_in(monkeypatch):
    monkeypatch.setattr("coursekit.grading.cluster._run_on_worker", die_or_run)


def list_runs(runs):
    """What came of each task, but for times: it must be the same wherever it ran."""
    return sorted((key, repr(without_times(run))) for key, run in runs)


def without_times(run):
    records = {key: replace(record, seconds=0) for key, record in run.records.items()}
    return replace(run, seconds=0, records=dict(sorted(records.items())))


def list_children():
    return {
        process
        for process in psutil.Process().children(recursive=True)
        if "multiprocessing" not in " ".join(process.cmdline())
    }


def test_runs_are_the_same_in_any_order_anywhere_even_if_a_worker_is_killed(cluster):
    alone = list(run_all(TASKS, Settings(), jobs=1))
    turned = list(run_all(reversed(TASKS), Settings(), jobs=2))
    with closing(
        run_all(TASKS, Settings(), scheduler=cluster.scheduler_address)
    ) as runs:
        first = next(runs)
        os.kill(cluster.workers[0].pid, signal.SIGKILL)
        away = [first, *runs]

    assert dict(alone)["ships"].records["ships"].answers
    assert dict(alone)["waits"].records["last"].status == "ok"
    assert list_runs(turned) == list_runs(alone)
    assert list_runs(away) == list_runs(alone)


def test_closing_ends_what_runs_on_the_cluster(cluster):
    tasks = [make_task("quick"), *[make_task("endless", "while True:\n    pass")] * 3]
    before = list_children()
    with closing(
        run_all(tasks, Settings(), scheduler=cluster.scheduler_address)
    ) as runs:
        next(runs)
        during = list_children() - before
    gone, alive = psutil.wait_procs(during, timeout=5)

    assert gone
    assert not alive


def test_notebook_that_kills_its_workers_is_given_up_and_its_neighbours_are_not(
    stand_in,
):
    tasks = [make_task(key) for key in ("kills", "a", "b", "c", "d")]
    # It costs four, which Dask replaces in its own time; one is always left.
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        start_cluster(5) as cluster,
    ):
        runs = dict(run_all(tasks, Settings(), scheduler=cluster.scheduler_address))

    assert runs.keys() == {"kills", "a", "b", "c", "d"}
    assert {key: run.fault for key, run in runs.items() if run.fault} == {
        "kills": "each process that ran it was lost"
    }
    assert runs["kills"].records["last"].status == "not_run"


def test_worker_of_another_version_is_refused(cluster, monkeypatch):
    monkeypatch.setattr(
        "coursekit.grading.cluster._versions", lambda: {"coursekit": "9"}
    )

    with pytest.raises(CoursekitError, match="start both from the same environment"):
        list(run_all(TASKS, Settings(), scheduler=cluster.scheduler_address))


def test_cluster_of_another_version_of_dask_is_refused(cluster, monkeypatch):
    monkeypatch.setattr("distributed.versions._version_cached", lambda _name: "1.0")

    with pytest.raises(CoursekitError, match="differ in their packages"):
        list(run_all(TASKS, Settings(), scheduler=cluster.scheduler_address))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:9", "Timed out"),
        ("smoke://127.0.0.1:9", "unknown address scheme 'smoke'"),
        ("127.0.0.1", "missing port"),
    ],
    ids=["nobody", "scheme", "port"],
)
def test_scheduler_that_cannot_be_reached_is_an_error(monkeypatch, address, said):
    monkeypatch.setattr("coursekit.grading.cluster.PATIENCE", 0.2)

    with pytest.raises(CoursekitError, match=f"No Dask scheduler .* {said}"):
        list(run_all(TASKS, Settings(), scheduler=address))


def test_without_workers_grading_says_that_it_waits_and_goes_on_once_one_comes(
    caplog, stand_in
):
    with start_cluster(0) as cluster:
        monitor = WhenSaid(lambda: cluster.scale(1))
        logging.getLogger("coursekit.grading.cluster").addHandler(monitor)
        runs = list(
            run_all([make_task("a")], Settings(), scheduler=cluster.scheduler_address)
        )
        logging.getLogger("coursekit.grading.cluster").removeHandler(monitor)

    assert [key for key, _ in runs] == ["a"]
    assert "has no workers; grading waits for them" in caplog.text


class WhenSaid(logging.Handler):
    """Does something when the first message is logged."""

    def __init__(self, act):
        super().__init__()
        self.act = act

    def emit(self, record):
        self.act()


def test_scheduler_that_is_lost_is_an_error(monkeypatch, stand_in):
    monkeypatch.setattr("coursekit.grading.cluster.PATIENCE", 0.5)
    with start_cluster(1) as cluster:
        runs = run_all(TASKS, Settings(), scheduler=cluster.scheduler_address)
        next(runs)
        cluster.close()

        with closing(runs), pytest.raises(CoursekitError, match="was lost"):
            list(runs)
