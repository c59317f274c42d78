"""What the processes of a submission use, and an end to all of them."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Usage:
    """What the processes of a submission use together.

    Parameters
    ----------
    cpu_seconds : float
        Time on processors, also of processes that ended.
    memory_bytes : int
        Memory, where pages that several processes share are counted once.
    processes : int
        How many there are.
    """

    cpu_seconds: float = 0.0
    memory_bytes: int = 0
    processes: int = 0


def measure_descendants(*, besides: int = 0) -> Usage:
    """Measure all descendants of this process, and those that it buried.

    Parameters
    ----------
    besides : int
        Process that is not counted, though the children that it buried are.
    """
    seconds, memory, count = measure_buried(), 0, 0
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it has ended meanwhile
            seconds += sum(process.cpu_times()[:4])
            if process.pid != besides:
                memory += _memory(process)
                count += 1
    return Usage(seconds, memory, count)


def measure_buried() -> float:
    """Measure the seconds on processors of all descendants that were buried."""
    times = os.times()
    return times.children_user + times.children_system


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.Error, AttributeError):
        return int(process.memory_info().rss)


def kill_descendants() -> None:
    """Kill all descendants of this process that can be found now.

    Each is stopped before its children are looked for, as what runs forks faster than
    it is found; and with it all of its group, as one process may live on by forking
    and ending at once. There may be one that was not seen, so this is to be called
    until no child is left.
    """
    parents, groups = [os.getpid()], {os.getpgrp()}
    for parent in parents:  # which grows meanwhile
        for child in _children(parent):
            parents.append(child)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGSTOP)
                if (group := os.getpgid(child)) not in groups:
                    groups.add(group)
                    os.killpg(group, signal.SIGSTOP)
    for child in parents[1:]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _children(parent: int) -> list[int]:
    if sys.platform != "linux":
        with contextlib.suppress(psutil.NoSuchProcess):
            return [child.pid for child in psutil.Process(parent).children()]
        return []
    try:  # quicker than psutil, which reads of all processes who their parents are
        tasks = list(Path(f"/proc/{parent}/task").iterdir())
        lines = [(task / "children").read_text(encoding="ascii") for task in tasks]
    except OSError:  # it has ended
        return []
    return [int(word) for line in lines for word in line.split()]
