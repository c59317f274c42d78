"""Refuse system calls that no notebook needs and from which break-outs are made.

The kernel takes a small program (seccomp's classic BPF) that looks at the number of a
call and at its first argument. Numbers differ by processor; on others than these two
there is no filter, and the walls say so.
"""

from __future__ import annotations

import ctypes
import errno
import platform
from collections.abc import Iterator
from functools import cache

from coursekit.grading.walls import linux

COLUMNS = {"x86_64": 0, "aarch64": 1}
_ARCHITECTURE = (0xC000003E, 0xC00000B7)

# Other namespaces and mounts, other processes, the kernel itself, and memory that
# outlives its process or is counted nowhere.
REFUSED = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "ioprio_set": (251, 30),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "migrate_pages": (256, 238),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_madvise": (440, 440),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "setns": (308, 268),
    "setpriority": (141, 140),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
# Programs fall back to something else where the kernel does not know these. What
# clone3 is to make lies in memory, where no filter can look.
UNKNOWN = {
    "clone3": (435, 435),
    "io_setup": (206, 0),  # the machine has one allowance for all of its users
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "semget": (64, 190),
    "shmget": (29, 194),
}
CLONE = (56, 220)
_NEW_NAMESPACES = 0x7E020000
# Allowed with these first arguments only: the calling process itself (0), and sockets
# of Unix, IPv4 and IPv6.
ITSELF = {"prlimit64": (302, 261), "sched_setaffinity": (203, 122)}
SOCKET = (41, 198)
_FAMILIES = (1, 2, 10)

_X32 = 0x40000000  # x86_64 has its calls a second time from here on

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _PROCESSOR, _FIRST = 0, 4, 16  # where a call's data have them
_KILL, _ERROR, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000

Step = tuple[int, int, int, int]  # operation, jump if true, jump if false, value


def is_known(machine: str = "") -> bool:
    """Tell whether there is a filter for a processor, this one by default."""
    return (machine or platform.machine()) in COLUMNS


def make_filter(machine: str = "") -> list[Step]:
    """Return the program for a processor, this one by default."""
    column = COLUMNS[machine or platform.machine()]
    return [
        (_LOAD, 0, 0, _PROCESSOR),
        (_EQUAL, 1, 0, _ARCHITECTURE[column]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _ERROR | errno.ENOSYS),
        *(step for call in REFUSED.values() for step in _deny(call[column])),
        *(
            step
            for call in UNKNOWN.values()
            for step in _deny(call[column], errno.ENOSYS)
        ),
        (_EQUAL, 0, 4, CLONE[column]),
        (_LOAD, 0, 0, _FIRST),
        (_ANY_BIT, 0, 1, _NEW_NAMESPACES),
        (_RETURN, 0, 0, _ERROR | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
        *(step for call in ITSELF.values() for step in _only(call[column], (0,))),
        *_only(SOCKET[column], _FAMILIES, errno.EAFNOSUPPORT),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _deny(number: int, error: int = errno.EPERM) -> Iterator[Step]:
    yield (_EQUAL, 0, 1, number)
    yield (_RETURN, 0, 0, _ERROR | error)


def _only(
    number: int, allowed: tuple[int, ...], error: int = errno.EPERM
) -> Iterator[Step]:
    yield (_EQUAL, 0, len(allowed) + 3, number)
    yield (_LOAD, 0, 0, _FIRST)
    for place, value in enumerate(allowed):
        yield (_EQUAL, len(allowed) - place, 0, value)
    yield (_RETURN, 0, 0, _ERROR | error)
    yield (_RETURN, 0, 0, _ALLOW)


class _Step(ctypes.Structure):
    _fields_ = (
        ("operation", ctypes.c_uint16),
        ("true", ctypes.c_uint8),
        ("false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


@cache
def prepare_filter() -> ctypes.Structure | None:
    """Lay the program for this processor out in memory, once; None if there is none."""
    if not is_known():
        return None
    steps = [_Step(*step) for step in make_filter()]
    return _Program(len(steps), (_Step * len(steps))(*steps))


def filter_calls() -> None:
    """Filter the calls of this process and of all that it starts, for ever.

    Where there is no filter for the processor, nothing is done.

    Raises
    ------
    OSError
        If the kernel refuses the filter.
    """
    program = prepare_filter()
    if program is not None:
        linux.control(linux.SECCOMP, program)
