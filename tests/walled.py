"""A small zygote for the tests of walls: it runs texts of Python as submissions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Self

import pytest

from coursekit.grading.walls.limits import Limits
from coursekit.grading.walls.sandbox import Walls, find_walls, raise_walls, walls_of

LIMITS = Limits(
    memory_bytes=2**28,
    processes=24,
    file_bytes=2**20,
    scratch_bytes=2**25,
)
# Ordinary users have a second kind, for where submissions cannot have namespaces.
WALLED = ["own"] if os.geteuid() == 0 else ["own", "shared"]

_ZYGOTE = r"""
import json, os, select, sys, time
import psutil
from coursekit.grading.walls import inner

config = json.loads(sys.argv[1])

def run(code, during):
    reads, writes = os.pipe()

    def submission():
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)
        os.close(reads)

        def tell(value):
            os.write(writes, json.dumps(value).encode() + b"\n")

        exec(code, {"tell": tell})

    inner.spawn(config, submission)
    os.close(writes)
    told = os.fdopen(reads)
    if during:
        names = {"inner": inner, "time": time}
        names["hear"] = lambda: json.loads(told.readline())
        exec(during, names)
    else:
        deadline = time.monotonic() + 30
        while inner.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
    status = inner.end()
    left = len(psutil.Process().children(recursive=True))
    os.set_blocking(reads, False)  # what outlives its submission holds the other end
    return {
        "told": [json.loads(line) for line in told],
        "status": status,
        "left": left,
        "seen": names.get("seen") if during else None,
    }

for line in sys.stdin:
    print(json.dumps(run(*json.loads(line))), flush=True)
"""


@dataclass(frozen=True)
class Outcome:
    """What came of a submission.

    ``told`` is what it said by ``tell(value)``, ``left`` the processes that were there
    after its end, and ``seen`` what the zygote's own code put under that name.
    """

    told: list[Any]
    status: int | None
    left: int
    seen: Any


class Zygote:
    """Runs submissions one after the other; use it in a ``with`` statement."""

    def __init__(self, walls: Walls) -> None:
        self.walls = walls
        argv = [sys.executable, "-P", "-c", _ZYGOTE, json.dumps(walls.config)]
        self.process = subprocess.Popen(
            walls.command(argv),
            env=walls.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.communicate(timeout=30)

    def run(self, code: str, during: str = "") -> Outcome:
        """Run a submission to its end, or until ``during``, run in the zygote, ends."""
        self.start(code, during)
        return Outcome(**json.loads(self.process.stdout.readline()))

    def start(self, code: str, during: str) -> None:
        """Let a submission run, without waiting for what comes of it."""
        self.process.stdin.write(json.dumps([code, during]) + "\n")
        self.process.stdin.flush()


def require_walls() -> None:
    """Skip a test where walls cannot be had; where all must run, fail it."""
    kind, fault = find_walls()
    if kind == "none":
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(fault)


def make_walls(kind: str, limits: Limits = LIMITS) -> Walls:
    """Raise walls of a kind: own, shared or none."""
    return raise_walls("off", limits) if kind == "none" else walls_of(kind, limits)
