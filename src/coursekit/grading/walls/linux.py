"""Calls to Linux that Python does not have."""

from __future__ import annotations

import ctypes
import os
from functools import cache

NEW_MOUNTS = 0x00020000
NEW_IPC = 0x08000000
NEW_USER = 0x10000000
NEW_PIDS = 0x20000000

READ_ONLY = 1
NO_SETUID = 2
NO_DEVICES = 4
NO_PROGRAMS = 8
REMOUNT = 32
BIND = 4096
PRIVATE = 1 << 18 | 1 << 14  # and all mounts below it

DIE_WITH_PARENT = 1
DUMPABLE = 4
SECCOMP = 22
DROP_BOUND = 24
SUBREAPER = 36
NO_NEW_PRIVILEGES = 38

_LAST_CAPABILITY = 63
_CAPABILITY_VERSION = 0x20080522


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc(), name)(*arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def unshare(what: int) -> None:
    """Give this process, or its next children, namespaces of their own."""
    _call("unshare", what)


def enter(namespace: int, kind: int) -> None:
    """Enter the namespace that a file descriptor stands for."""
    _call("setns", namespace, kind)


def mount(
    source: str, place: str, *, kind: str = "none", flags: int = 0, options: str = ""
) -> None:
    """Mount a file system, or change how it is mounted."""
    words = (os.fsencode(word) for word in (source, place, kind))
    _call("mount", *words, ctypes.c_ulong(flags), os.fsencode(options) or None)


def control(what: int, value: int | ctypes.Structure = 0) -> None:
    """Change an attribute of this process, by ``prctl``."""
    last = ctypes.c_ulong(value) if isinstance(value, int) else ctypes.byref(value)
    # Seccomp's first argument is its mode, 2: a filter.
    first = (2,) if what == SECCOMP else ()
    rest = [ctypes.c_ulong(0)] * (3 - len(first))
    _call("prctl", what, *map(ctypes.c_ulong, first), last, *rest)


def forbid_capabilities() -> None:
    """Let no program that this process runs ever gain a capability."""
    for number in range(_LAST_CAPABILITY + 1):
        try:
            control(DROP_BOUND, number)
        except OSError:
            if number == 0:
                raise
            return  # the kernel has no more


def drop_capabilities() -> None:
    """Give up all capabilities."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())
