"""Wall time, CPU time and memory of commands with all that they leave behind.

The kernel adds the CPU time of a process to its parent's account only when the parent
waits for it.  So this process becomes the one to which every orphan below it falls
(a "subreaper"), waits for each of them, and then reads the account of its children.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

_PR_SET_CHILD_SUBREAPER = 36
_SAMPLED_EVERY = 0.1  # seconds
_LINGERING = 20.0  # seconds that what is left behind may take to end


@dataclass(frozen=True)
class Measured:
    """What running some commands took."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int | None  # unknown unless asked for


@dataclass(frozen=True, kw_only=True)
class Run:
    """Commands to measure as one, so many at a time."""

    commands: Sequence[Sequence[str]]
    folder: Path
    environment: Mapping[str, str]
    at_once: int = 1
    accepted: tuple[int, ...] = (0,)  # exit statuses that are no failure


def adopt_orphans() -> None:
    """Make this process the parent of every orphan below it (Linux)."""
    if sys.platform != "linux":
        raise SystemExit("This benchmark counts CPU time as Linux does; run it there.")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def measure(run: Run, *, memory: bool = False) -> Measured:
    """Run commands to their end and measure them with all their descendants.

    Parameters
    ----------
    run : Run
        What to run; each command's output goes to ``command-N.log`` in its folder,
        and standard output alone to ``command-N.out``.
    memory : bool, default False
        Sample the memory of the whole tree (proportional set size, summed) every
        0.1 s, which costs time: do not compare the times of such a run.

    Raises
    ------
    RuntimeError
        If a command fails, or a process is still there 20 s after the last command.
    """
    before = _cpu_of_children()
    with _sampled(enabled=memory) as peak:
        began = time.perf_counter()
        with ThreadPoolExecutor(run.at_once) as pool:
            list(pool.map(lambda n: _run_one(run, n), range(len(run.commands))))
        wall = time.perf_counter() - began
    _wait_for_orphans()
    cpu = _cpu_of_children() - before
    return Measured(wall, cpu, peak[0] if memory else None)


def _run_one(run: Run, number: int) -> None:
    out, log = (run.folder / f"command-{number}.{kind}" for kind in ("out", "log"))
    with out.open("wb") as stdout, log.open("wb") as stderr:
        done = subprocess.run(
            run.commands[number],
            cwd=run.folder,
            env=run.environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            check=False,
        )
    if done.returncode not in run.accepted:
        said = (out.read_text(errors="replace") + log.read_text(errors="replace"))[
            -3000:
        ]
        command = " ".join(run.commands[number])[:500]
        raise RuntimeError(f"{command}\nended with {done.returncode}:\n{said}")


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _wait_for_orphans() -> None:
    deadline = time.monotonic() + _LINGERING
    while time.monotonic() < deadline:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not ended:
            time.sleep(0.02)
    left = [" ".join(child.cmdline()) for child in psutil.Process().children()]
    raise RuntimeError(f"still running after {_LINGERING:.0f} s: {left}")


@contextmanager
def _sampled(*, enabled: bool) -> Iterator[list[int]]:
    """Keep the peak of the memory of all descendants, in bytes."""
    peak, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(_SAMPLED_EVERY):
            peak[0] = max(peak[0], _memory_of_tree())

    watcher = threading.Thread(target=watch)
    if enabled:
        watcher.start()
    try:
        yield peak
    finally:
        over.set()
        if enabled:
            watcher.join()


def _memory_of_tree() -> int:
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:  # it has ended meanwhile
            continue
    return total
