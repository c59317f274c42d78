"""Confine this process, which is to run a submission; there is no way back."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursekit.grading.walls import linux
from coursekit.grading.walls.filter import filter_calls
from coursekit.grading.walls.scratch import mount_scratch

OPEN_FILES = 256

_CPU_MARGIN = 2  # seconds: who watches is to see the limit passed, not a dead kernel

ResourceLimits = list[tuple[int, int]]


def find_limits(config: Mapping[str, Any]) -> ResourceLimits:
    """Turn the limits into the kernel's; in the zygote, as its memory counts extra."""
    import resource

    limits = config["limits"]
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: math.ceil(limits["submission_cpu_seconds"]) + _CPU_MARGIN,
        resource.RLIMIT_FSIZE: limits["file_bytes"],
        resource.RLIMIT_NOFILE: OPEN_FILES,
    }
    if sys.platform == "linux":  # macOS refuses it
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
        mapped = int(pages) * resource.getpagesize()
        wanted[resource.RLIMIT_AS] = mapped + limits["memory_bytes"]
    if config["others"] is not None:
        wanted[resource.RLIMIT_NPROC] = limits["processes"] + config["others"]
    return [
        (what, _within(resource.getrlimit(what)[1], most))
        for what, most in wanted.items()
    ]


def _within(hard: int, most: int) -> int:
    return most if hard < 0 else min(most, hard)  # below 0: no limit yet


def confine(config: Mapping[str, Any], limits: ResourceLimits) -> None:
    """Raise the walls around this process, as ``config`` says.

    Raises
    ------
    OSError
        If one of them cannot be raised; then nothing of a student's is to run here.
    """
    import resource

    kind, uid = config["walls"], config["uid"]
    if sys.platform == "linux":
        linux.control(linux.DUMPABLE, 1)  # its own /proc/self is its own again
        with contextlib.suppress(OSError):  # if memory runs out, it goes first
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    if kind == "own":
        linux.unshare(linux.NEW_MOUNTS | linux.NEW_IPC)
        mount_scratch(config["limits"]["scratch_bytes"], config["tmp"])
    for what, most in limits:
        resource.setrlimit(what, (most, most))
    if sys.platform != "linux":
        return
    if kind == "own":
        linux.forbid_capabilities()
    if uid:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    if kind != "none":
        linux.drop_capabilities()
    linux.control(linux.NO_NEW_PRIVILEGES, 1)
    linux.control(linux.DIE_WITH_PARENT, signal.SIGKILL)
    linux.control(linux.DUMPABLE, 1)  # a change of user took it away
    if kind != "none":
        filter_calls()
