"""The folders that a submission may write to: empty before, wiped after."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursekit.grading.walls import linux

SCRATCH = "/scratch"  # where a walled submission works
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the submission's own
TERMINALS = "/dev/pts"

_CLOSED_CONNECTIONS = Path("/proc/sys/net/ipv4/tcp_max_tw_buckets")
_WIPE_SECONDS = 10.0
_MOST_TERMINALS = 32
_INODE_BYTES = 4096  # of scratch, for each file that it may hold


def mount_scratch(size: int, tmp: str) -> None:
    """See only own processes; keep all files in one piece of memory of limited size."""
    linux.mount("none", "/", flags=linux.PRIVATE)
    safe = linux.NO_SETUID | linux.NO_DEVICES
    locked = safe | linux.NO_PROGRAMS
    linux.mount("proc", "/proc", kind="proc", flags=locked)
    # A closed connection would be seen, and keep its ports, for a minute: by the next.
    with contextlib.suppress(OSError):  # older kernels have one setting for all
        _CLOSED_CONNECTIONS.write_text("0", encoding="ascii")
    # Read-only, as the settings of the network belong to who made the sandbox.
    locked |= linux.REMOUNT | linux.BIND | linux.READ_ONLY
    linux.mount("none", "/proc", flags=locked)
    # A number of their own, as the machine has some thousands for all.
    options = f"newinstance,ptmxmode=666,mode=620,max={_MOST_TERMINALS}"
    linux.mount(
        "devpts", TERMINALS, kind="devpts", flags=linux.NO_SETUID, options=options
    )
    options = f"size={size},nr_inodes={max(64, size // _INODE_BYTES)},mode=755"
    linux.mount("tmpfs", SCRATCH, kind="tmpfs", flags=safe, options=options)
    for name, place in (("tmp", tmp), ("shm", SHARED_MEMORY), ("work", SCRATCH)):
        folder = Path(SCRATCH, name)
        folder.mkdir()
        folder.chmod(0o1777)
        linux.mount(str(folder), place, flags=linux.BIND)


def make_scratch(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the folders to be wiped afterwards; the first is to work in."""
    if config["walls"] == "shared":
        # The one thing besides that a submission owns, and could spoil for the next.
        Path(TERMINALS).chmod(0o755)
        Path(TERMINALS, "ptmx").chmod(0o666)
        shared = (SCRATCH, config["tmp"], SHARED_MEMORY)
        for folder in shared:
            wipe(folder)
        return shared
    folder = tempfile.mkdtemp(prefix="coursekit-scratch-")
    if config["uid"]:
        os.chown(folder, config["uid"], config["uid"])
    return (folder,)


def wipe(folder: str) -> None:
    """Remove a folder, or what is in it where it is a mount; no process uses it.

    Raises
    ------
    OSError
        If the next submission would find something in it.
    """
    top = Path(folder)
    if is_mount := top.is_mount():
        top.chmod(0o755)
    for path in list(top.iterdir()) if is_mount else [top]:
        with contextlib.suppress(OSError, RecursionError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        if os.path.lexists(path):
            _wipe_by_force(path)
    if is_mount and any(top.iterdir()):
        raise OSError(f"{folder} could not be wiped")  # for the next, it is no scratch


def _wipe_by_force(path: Path) -> None:
    """Remove a folder that lacks permissions, or is too deep for Python."""
    for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(  # noqa: S603 - our own words
                [*command, "--", str(path)],
                check=False,
                stderr=subprocess.DEVNULL,
                timeout=_WIPE_SECONDS,
            )
