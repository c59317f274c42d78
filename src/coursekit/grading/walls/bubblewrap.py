"""The command that puts the zygote in a bubblewrap sandbox: what it may see and do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import coursekit
from coursekit.course import course_root
from coursekit.grading.walls.scratch import SCRATCH, SHARED_MEMORY

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = (
    "alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime",
    "mime.types", "nsswitch.conf", "timezone",
)  # fmt: skip
# Of a Python's folder, which may be a checkout, a home or a course.
_OF_PYTHON = ("bin", "include", "lib", "lib64", "pyvenv.cfg", "share")
# Of the zygote, which never runs a student's code: to make namespaces, to change to
# another user and drop all of these, to set up the network, to measure and to end what
# runs there.
# Under another number bubblewrap nests two user namespaces, and the zygote could not
# come back from the process namespace that it makes for a submission.
_AS_USER = ("--unshare-user", "--uid", "0", "--gid", "0")
_CAPABILITIES = (
    "SYS_ADMIN", "NET_ADMIN", "SETUID", "SETGID", "SETPCAP", "SYS_PTRACE", "KILL",
)  # fmt: skip


def temporary_folder() -> str:
    """Choose where submissions keep temporary files: a folder with nothing needed."""
    needed = (*_python_folders(), _package(), str(course_root()))
    taken = any(folder.startswith("/tmp/") for folder in needed)  # noqa: S108 - asked
    return "/var/tmp" if taken else "/tmp"  # noqa: S108 - the submission's own


def wrap(program: str, *, as_root: bool, own: bool, scratch_bytes: int) -> list[str]:
    """Return the beginning of a command, to which the words of another are added.

    Parameters
    ----------
    program : str
        Path of bubblewrap.
    as_root : bool
        Whether real root starts it; then there is no user namespace.
    own : bool
        Whether the zygote is to give each submission namespaces of its own.
    scratch_bytes : int
        Size of all files of a submission, where it has no namespace of its own.
    """
    tmp = temporary_folder()
    shares = {SCRATCH: 2, tmp: 4, SHARED_MEMORY: 4}
    return [
        program,
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"),
        *("--hostname", "coursekit"),
        *(() if as_root else _AS_USER),
        *("--as-pid-1", "--die-with-parent", "--new-session", "--cap-drop", "ALL"),
        *(
            word
            for name in _CAPABILITIES
            if own
            for word in ("--cap-add", f"CAP_{name}")
        ),
        *_system(),
        *("--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dev", "/dev"),
        *(
            word
            for place, share in shares.items()
            for word in (
                *_parents(place),
                *(() if own else ("--size", str(max(4096, scratch_bytes // share)))),
                *("--tmpfs", place),
            )
        ),
        *_course(),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", SCRATCH, "--"),
    ]


def _system() -> Iterator[str]:
    for folder in map(Path, _SYSTEM):
        if folder.is_symlink():
            yield from ("--symlink", str(folder.readlink()), str(folder))
        elif folder.is_dir():
            yield from ("--ro-bind", str(folder), str(folder))
    yield from ("--dir", "/etc")
    for name in _SETTINGS:
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")


def _course() -> Iterator[str]:
    """Show Python, its packages, coursekit and the data: not what lies beside them."""
    for prefix in _python_folders():
        for name in _OF_PYTHON:
            if Path(prefix, name).exists():
                yield from _show(f"{prefix}/{name}")
    yield from _show(_package())
    if not (root := course_root()).is_relative_to(_package()):
        yield from _show(str(root / "data"))
        yield from ("--dir", str(root / "lessons"))  # by which the course is known


def _python_folders() -> list[str]:
    """Give the folders of this Python, under each name that leads to them."""
    named = [Path(sys.prefix), Path(sys.base_prefix)]
    program = Path(sys.executable)
    while program.is_symlink():
        program = program.parent / program.readlink()
        named.append(program.parent.parent)
    folders = dict.fromkeys(
        str(folder) for path in named for folder in (path, path.resolve())
    )
    return [folder for folder in folders if not _is_system(folder)]


def _is_system(folder: str) -> bool:
    return folder == "/" or any(Path(folder).is_relative_to(top) for top in _SYSTEM)


def _package() -> str:
    return str(Path(coursekit.__file__).parent)


def _show(path: str) -> Iterator[str]:
    yield from _parents(path)
    yield from ("--ro-bind", path, path)


def _parents(path: str) -> Iterator[str]:
    """Make the folders above, or bubblewrap makes them, for its own user alone."""
    for parent in reversed(Path(path).parents[:-1]):
        yield from ("--dir", str(parent))
