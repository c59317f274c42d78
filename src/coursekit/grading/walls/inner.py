"""Fork a submission behind its walls; runs in the zygote, one submission at a time.

Behind walls of its own (``config["walls"]`` is "own") a submission is a process
namespace: the zygote forks a *reaper*, process 1 there, and the kernel, process 2.
When the reaper is killed, Linux kills whatever else lives there, and the memory that
held the submission's files is freed. Without namespaces ("shared", "none") the zygote
hunts the submission's processes down and wipes its files.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from coursekit.grading.walls import linux
from coursekit.grading.walls.confine import ResourceLimits, confine, find_limits
from coursekit.grading.walls.filter import prepare_filter
from coursekit.grading.walls.scratch import SCRATCH, make_scratch, wipe
from coursekit.grading.walls.watch import (
    Usage,
    kill_descendants,
    measure_buried,
    measure_descendants,
)

WALLS_FELL = 70  # exit status of a submission that was not let in without its walls


@dataclass
class _Living:
    kernel: int
    reaper: int = 0
    is_alone: bool = False  # in this namespace, but for the zygote
    folders: tuple[str, ...] = ()
    status: int | None = None
    cpu_seconds: float = 0.0
    buried_seconds: float = field(default_factory=measure_buried)


# State of the module, as a process has one zygote in it, and that one submission.
_living: _Living | None = None


def spawn(config: Mapping[str, Any], target: Callable[[], None]) -> int:
    """Fork a submission and call ``target`` in it, behind its walls.

    Parameters
    ----------
    config : mapping
        As `coursekit.grading.walls.sandbox.Walls` has it.
    target : callable
        Called in the new process, in an empty folder of its own. When it returns, the
        process ends with status 0; with status 1 if it raises.

    Returns
    -------
    int
        The new process, as this one sees it.  If its walls cannot be raised, it ends
        with status `WALLS_FELL` and ``target`` is not called.

    Raises
    ------
    OSError
        If no process can be made.
    """
    global _living  # noqa: PLW0603 - see above
    end()
    if sys.platform == "linux":
        linux.control(linux.DUMPABLE, 0)  # nobody reads or traces the zygote
        linux.control(linux.SUBREAPER, 1)
        prepare_filter()
    limits = find_limits(config)
    if config["walls"] == "own":
        _living = _fork_apart(lambda: _become(config, limits, SCRATCH, target))
    else:
        folders = make_scratch(config)
        kernel = os.fork()
        if kernel == 0:
            _become(config, limits, folders[0], target)
        is_alone = config["walls"] == "shared" and os.getpid() == 1
        _living = _Living(kernel, is_alone=is_alone, folders=folders)
    return _living.kernel


def interrupt() -> None:
    """Interrupt the cell that runs, as Ctrl+C does."""
    if _living is not None and poll() is None:
        os.kill(_living.kernel, signal.SIGINT)


def poll() -> int | None:
    """Return the kernel's exit status, negative for a signal; None while it lives."""
    if _living is None:
        return None
    _bury(_living, os.WNOHANG)
    return _living.status


def measure() -> Usage:
    """Measure what the processes of the submission use together."""
    if _living is None:
        return Usage()
    usage = measure_descendants(besides=_living.reaper)
    # Linux forgets the time of children whose parent does not care to bury them.
    seconds = max(_living.cpu_seconds, usage.cpu_seconds - _living.buried_seconds)
    _living.cpu_seconds = seconds
    return replace(usage, cpu_seconds=seconds)


def end() -> int | None:
    """End all processes of the submission and wipe its files.

    Returns
    -------
    int or None
        The kernel's exit status, negative for a signal; None if nothing was spawned.

    Raises
    ------
    OSError
        If the next submission would find something of this one; then this process is
        not to go on.
    """
    global _living
    if _living is None:
        return None
    living, _living = _living, None
    if living.reaper:
        os.kill(living.reaper, signal.SIGKILL)
        _bury(living)
    elif living.is_alone:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        _bury(living)
    while _bury(living, os.WNOHANG):
        kill_descendants()
    if sys.platform != "linux":  # there, orphans are nobody's descendants
        with contextlib.suppress(OSError):
            os.killpg(living.kernel, signal.SIGKILL)
    for folder in living.folders:
        wipe(folder)
    return living.status


def _bury(living: _Living, options: int = 0) -> bool:
    """Bury what is dead, or wait for all with ``options`` 0; tell if one is left."""
    while True:
        try:
            pid, status = os.waitpid(-1, options)
        except ChildProcessError:
            return False
        if pid == 0:
            return True
        if pid == living.kernel:
            living.status = os.waitstatus_to_exitcode(status)


def _fork_apart(become: Callable[[], NoReturn]) -> _Living:
    here = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    try:
        linux.unshare(linux.NEW_PIDS)
        try:
            reaper = os.fork()
            if reaper == 0:
                _reap()
            try:
                kernel = os.fork()
            except OSError:
                os.kill(reaper, signal.SIGKILL)
                os.waitpid(reaper, 0)
                raise
            if kernel == 0:
                os.close(here)
                become()
        finally:
            linux.enter(here, linux.NEW_PIDS)
    finally:
        os.close(here)
    return _Living(kernel, reaper)


def _reap() -> NoReturn:
    """Be process 1 of a submission: bury orphans, so that their times are counted."""
    try:
        for descriptor in Path("/proc/self/fd").iterdir():
            with contextlib.suppress(OSError):  # the folder's own is closed by now
                os.close(int(descriptor.name))
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        # Process 1 hears no signal of its namespace that it has no handler for.
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_DFL)
        while True:
            signal.sigwait({signal.SIGCHLD})
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
    finally:
        os._exit(1)


def _become(
    config: Mapping[str, Any],
    limits: ResourceLimits,
    scratch: str,
    target: Callable[[], None],
) -> NoReturn:
    status = WALLS_FELL
    try:
        os.setsid()
        confine(config, limits)
        os.chdir(scratch)
        os.environ.update(HOME=scratch, PWD=scratch)
        if config["walls"] == "none":
            os.environ.update(TMPDIR=scratch)
            tempfile.tempdir = None
        status = 1
        target()
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001 - nothing may come back into the zygote
        traceback.print_exc()
    finally:
        os._exit(status & 0xFF)
