"""Try to break out of the walls; `sandbox.raise_walls` starts this inside them."""

from __future__ import annotations

import json
import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursekit.grading.walls import filter as calls
from coursekit.grading.walls import inner, linux

WALLED = "walled"  # what is said if nothing was possible

_SECONDS = 10.0


def main(config: Mapping[str, Any], secret: str) -> None:
    """Fork a submission that tries, and say what was possible.

    Parameters
    ----------
    config : mapping
        As a zygote has it.
    secret : str
        Path of a file outside.
    """
    inner.spawn(config, lambda: _attack(config, secret))
    deadline = time.monotonic() + _SECONDS
    while (status := inner.poll()) is None and time.monotonic() < deadline:
        time.sleep(0.001)
    inner.end()
    if status == 0:
        print(WALLED)  # noqa: T201 - read by who started this


def _attack(config: Mapping[str, Any], secret: str) -> None:
    limits = config["limits"]
    attacks = {
        "files outside can be read": Path(secret).exists(),
        "the system can be written": os.access(sys.prefix, os.W_OK)
        or os.access("/usr", os.W_OK),
        "scratch cannot be written": any(Path().iterdir())
        or not os.access(".", os.W_OK),
        "other processes can be seen": _sees_others(),
        "capabilities are left": _has_capabilities(),
        "the network can be reached": _reaches_network(),
        "there is no limit on memory": _maps(2 * limits["memory_bytes"]),
        "there is no limit on processes": _forks(limits["processes"] + 2),
        "namespaces can be made": calls.is_known() and _makes_namespace(),
    }
    for said, possible in attacks.items():
        if possible:
            print(said, flush=True)  # noqa: T201 - read by who started this
            os._exit(1)


def _sees_others() -> bool:
    # Process 1 is the reaper, or the zygote where there is none.
    seen = {int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()}
    return not seen <= {1, os.getpid()} or _opens("/proc/1/mem")


def _opens(file: str) -> bool:
    try:
        Path(file).open("rb").close()
    except OSError:
        return False
    return True


def _has_capabilities() -> bool:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    lines = dict(line.split(":", 1) for line in status.splitlines())
    return any(int(lines[name], 16) for name in ("CapPrm", "CapEff", "CapAmb"))


def _reaches_network() -> bool:
    # Nothing is sent: a datagram socket only looks for a way there.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        return asked.connect_ex(("192.0.2.1", 9)) == 0


def _maps(size: int) -> bool:
    try:
        mmap.mmap(-1, size).close()
    except (OSError, MemoryError):
        return False
    return True


def _forks(count: int) -> bool:
    children = []
    try:
        for _ in range(count):
            child = os.fork()
            if child == 0:
                signal.pause()
            children.append(child)
    except OSError:
        return False
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
    return True


def _makes_namespace() -> bool:
    try:
        linux.unshare(linux.NEW_USER)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2])
