"""Many notebooks at once on this machine: each comes back once, and nothing stays."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psutil
import pytest

from coursekit.errors import CoursekitError
from coursekit.grading.run import Run, Settings
from coursekit.grading.schedule import Runners, Task, core_count, run_all
from grading_notebooks import make_cell, make_notebook

RUN = Run({}, 0.0)


def make_task(key, source="one = 1"):
    """A task of one cell, whose id is the key."""
    return Task(key, make_notebook([make_cell(key, source)]))


class Bench:
    """Stand-ins for runners; tests say what a notebook does by its key."""

    def __init__(self):
        self.runners = []
        self.ended = []
        self.does = {}
        self.kills = threading.Semaphore(0)

    def __call__(self, settings):
        self.runners.append(StandIn(self))
        return self.runners[-1]


class StandIn:
    def __init__(self, bench):
        self.bench = bench

    def run(self, notebook):
        return self.bench.does.get(notebook["cells"][0]["id"], lambda: RUN)()

    def close(self):
        self.bench.ended.append((self, "closed"))

    def kill(self):
        self.bench.ended.append((self, "killed"))
        self.bench.kills.release()


@pytest.fixture
def bench(monkeypatch):
    bench = Bench()
    monkeypatch.setattr("coursekit.grading.schedule.Runner", bench)
    return bench


def fail_with(error):
    def fail():
        raise error

    return fail


@pytest.mark.parametrize("jobs", [1, 3, None], ids=["one", "three", "default"])
def test_each_notebook_comes_back_once_under_its_key(bench, jobs):
    tasks = [make_task(f"s{number}") for number in range(50)]
    runs = list(run_all(tasks, Settings(), jobs=jobs))

    assert sorted(key for key, _ in runs) == sorted(task.key for task in tasks)
    assert all(run is RUN for _, run in runs)


def test_what_is_done_first_comes_first(bench):
    quick_is_out = threading.Event()
    bench.does["slow"] = lambda: quick_is_out.wait(30) and RUN
    with closing(
        run_all([make_task("slow"), make_task("quick")], Settings(), jobs=2)
    ) as runs:
        first = next(runs)
        quick_is_out.set()
        second = next(runs)

    assert (first, second) == (("quick", RUN), ("slow", RUN))


def test_notebooks_are_taken_only_as_there_is_room(bench):
    taken = []

    def tasks():
        for number in range(1000):
            taken.append(threading.current_thread())
            yield make_task(str(number))

    with closing(run_all(tasks(), Settings(), jobs=2)) as runs:
        next(runs)

    assert len(taken) == 4
    assert set(taken) == {threading.current_thread()}


@pytest.mark.parametrize(
    ("count", "jobs"), [(0, 2), (2, 8), (40, 2)], ids=["none", "few", "many"]
)
def test_there_are_no_more_runners_than_jobs_or_notebooks(bench, count, jobs):
    tasks = [make_task(str(number)) for number in range(count)]
    runs = list(run_all(tasks, Settings(), jobs=jobs))

    assert len(runs) == count
    assert len(bench.runners) <= min(count, jobs)


def test_every_runner_is_closed_at_the_end(bench):
    list(run_all([make_task("a"), make_task("b")], Settings(), jobs=2))

    assert {ended for ended, _ in bench.ended} == set(bench.runners)
    assert {how for _, how in bench.ended} == {"closed"}


def test_runner_whose_process_was_just_starting_is_killed_again(bench):
    began, killed = threading.Event(), []

    def start_late():
        began.set()
        killed.extend(bench.kills.acquire(timeout=30) for _ in range(2))
        return RUN

    bench.does = {"late": start_late, "quick": lambda: began.wait(30) and RUN}
    tasks = [make_task("late"), make_task("quick")]
    with closing(run_all(tasks, Settings(), jobs=2)) as runs:
        first = next(runs)

    assert first == ("quick", RUN)
    assert killed == [True, True]


def test_notebook_whose_runner_was_ended_is_no_run_with_a_fault(bench):
    began = threading.Event()

    def wait_for_the_end():
        began.set()
        bench.kills.acquire(timeout=30)
        return Run({}, 0.0, "the process that ran the notebook died")

    bench.does["cut short"] = wait_for_the_end
    runners = Runners(Settings())
    with ThreadPoolExecutor() as threads:
        future = threads.submit(runners.run, make_task("cut short").notebook)
        began.wait(30)
        runners.end()

    with pytest.raises(CoursekitError, match="was ended while a notebook ran"):
        future.result()


def test_fault_of_a_runner_is_a_run_with_a_fault_and_the_next_has_a_fresh_one(bench):
    bench.does["bad"] = fail_with(ZeroDivisionError("ours"))
    tasks = [make_task("bad"), make_task("good")]
    runs = dict(run_all(tasks, Settings(), jobs=1))

    assert runs["bad"].fault == "it could not be run: ZeroDivisionError: ours"
    assert {r.cell_id: r.status for r in runs["bad"].records.values()} == {
        "bad": "not_run"
    }
    assert runs["good"] is RUN
    assert bench.ended[0] == (bench.runners[0], "killed")
    assert len(bench.runners) == 2


def test_where_nothing_can_run_grading_ends(bench):
    bench.does["1"] = fail_with(CoursekitError("no walls"))
    tasks = [make_task(str(number)) for number in range(9)]

    with pytest.raises(CoursekitError, match="no walls"):
        list(run_all(tasks, Settings(sandbox="required"), jobs=1))


def test_fault_in_making_tasks_ends_everything(bench):
    def tasks():
        yield make_task("a")
        raise OSError("folder gone")

    with pytest.raises(OSError, match="folder gone"):
        list(run_all(tasks(), Settings(), jobs=2))
    assert {ended for ended, _ in bench.ended} == set(bench.runners)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"jobs": 0}, "0 jobs were asked for; it takes at least 1"),
        ({"jobs": 2, "scheduler": "tcp://127.0.0.1:1"}, "give one of the two"),
    ],
    ids=["no jobs", "both"],
)
def test_impossible_numbers_of_jobs_are_refused(options, said):
    with pytest.raises(CoursekitError, match=said):
        list(run_all([make_task("a")], Settings(), **options))


def test_cores_are_those_that_the_process_may_use(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: {3, 5}, raising=False)

    assert core_count() == 2


def test_cores_are_all_where_the_system_does_not_say(monkeypatch):
    monkeypatch.delattr("os.sched_getaffinity", raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: 7)

    assert core_count() == 7


def test_closing_ends_every_process_at_once():
    endless = make_task("endless", "while True:\n    pass")
    tasks = [make_task("solved"), endless, endless]
    own = psutil.Process()
    before = set(own.children(recursive=True))
    with closing(run_all(tasks, Settings(), jobs=2)) as runs:
        next(runs)
        during = set(own.children(recursive=True)) - before
    gone, alive = psutil.wait_procs(during, timeout=5)

    assert gone
    assert not alive
