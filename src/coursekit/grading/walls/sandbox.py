"""Raise walls around the zygote, as good as they can be had here, and say which.

What can be had is found by a probe that starts a sandbox and tries to break out, never
by version numbers.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import psutil

from coursekit.errors import CoursekitError
from coursekit.grading.walls import bubblewrap, probe
from coursekit.grading.walls.filter import is_known
from coursekit.grading.walls.limits import Limits
from coursekit.grading.walls.scratch import SCRATCH

CHOICES = ("required", "auto", "off")

Kind = Literal["own", "shared", "none"]

_PROBE_SECONDS = 20.0
_PROBE_LIMITS = Limits(processes=4, memory_bytes=2**28, scratch_bytes=2**20)
# Thread pools of libraries count as processes, gain nothing on small tables, and would
# not survive a fork.
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_KEPT = ("LANG", "LC_ALL", "LC_CTYPE", "TZ")
_FIRST_UID = 0x70000000  # no system gives these to people or services


@dataclass(frozen=True)
class Walls:
    """Walls that can be had here; `raise_walls` makes them.

    Parameters
    ----------
    description : str
        What they are, in a sentence for reports.
    config : dict
        What `coursekit.grading.walls.inner.spawn` needs to know; plain JSON.
    prefix : tuple of str
        Beginning of the command that runs the zygote behind them.
    variables : dict
        All environment variables that the zygote is to have.
    """

    description: str
    config: dict[str, Any]
    prefix: tuple[str, ...]
    variables: dict[str, str]

    def command(self, argv: Sequence[str]) -> list[str]:
        """Return the command that runs ``argv`` behind the walls."""
        return [*self.prefix, *argv]

    def environment(self) -> dict[str, str]:
        """Return all variables that the zygote is to have: nothing of the caller's."""
        return dict(self.variables)


def raise_walls(sandbox: str, limits: Limits) -> Walls:
    """Raise walls around what students hand in.

    Parameters
    ----------
    sandbox : {"required", "auto", "off"}
        "auto" goes on without walls where they cannot be had; its description says so.
    limits : Limits
        What one submission may use; held with and without walls.

    Returns
    -------
    Walls
        Nothing runs yet.  To be called in the process that starts the zygote, as
        submissions run as a user that is chosen for this process.

    Raises
    ------
    CoursekitError
        If walls are required and cannot be had, or no such choice exists.
    """
    if sandbox not in CHOICES:
        raise CoursekitError(
            f"There is no sandbox {sandbox!r}; choose one of: {', '.join(CHOICES)}."
        )
    if sandbox == "off":
        return _limits_alone(limits, "not asked for")
    kind, fault = find_walls()
    if kind != "none":
        return walls_of(kind, limits)
    if sandbox == "required":
        raise CoursekitError(f"There are no walls here: {fault}. {advise()}")
    return _limits_alone(limits, fault)


@cache
def find_walls() -> tuple[Kind, str]:
    """Find the best walls that can be had here, and why there are no better ones.

    Returns
    -------
    kind : {"own", "shared", "none"}
        Namespaces for each submission; a sandbox that submissions share; none.
    fault : str
        What keeps the best from working; empty if nothing does.
    """
    if sys.platform != "linux":
        return "none", "this system has no bubblewrap"
    if not _program():
        return "none", "bubblewrap is not installed"
    fault = _probe("own")
    if not fault:
        return "own", ""
    # Root's processes cannot be counted, so for root there is no second best.
    if os.geteuid() != 0 and not _probe("shared"):
        return "shared", fault
    return "none", fault


def advise() -> str:
    """Say what would help to have walls."""
    if sys.platform != "linux":
        return "Grade on Linux, for example in a virtual machine or WSL 2."
    if not _program():
        return "On Debian or Ubuntu: `apt-get install bubblewrap`."
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return (
            "Start the container with `--security-opt seccomp=unconfined "
            "--security-opt apparmor=unconfined --security-opt systempaths=unconfined` "
            "and grade in it as an ordinary user, or start it with `--privileged`."
        )
    if os.geteuid() == 0:
        return "Grade as an ordinary user."
    if _says("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"):
        return (
            "Ubuntu's AppArmor forbids it: install `apparmor-profiles`, copy "
            "/usr/share/apparmor/extra-profiles/bwrap-userns-restrict to "
            "/etc/apparmor.d and run `systemctl reload apparmor`."
        )
    return "Ask whoever runs this machine to allow user namespaces."


def _says(file: str, word: str) -> bool:
    try:
        return Path(file).read_text(encoding="ascii").strip() == word
    except OSError:
        return False


def _program() -> str:
    return shutil.which("bwrap") or ""


def _probe(kind: Kind, secret: str = "") -> str:
    """Start a sandbox and try to break out; return what is wrong with it."""
    if not secret:
        with tempfile.NamedTemporaryFile(prefix="coursekit-secret-") as file:
            return _probe(kind, file.name)
    walls = walls_of(kind, _PROBE_LIMITS)
    words = ("-m", "coursekit.grading.walls.probe", json.dumps(walls.config), secret)
    try:
        tried = subprocess.run(  # noqa: S603 - our own words
            walls.command([sys.executable, "-I", *words]),
            env=walls.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not run ({error})"
    if tried.returncode == 0 and tried.stdout.strip() == probe.WALLED:
        return ""
    said = (tried.stdout + tried.stderr).strip().splitlines() or ["nothing"]
    return f"bubblewrap does not hold here ({said[-1].rstrip('.')})"


def walls_of(kind: Kind, limits: Limits) -> Walls:
    """Give walls of a kind, "own" or "shared", whether or not they hold here."""
    as_root = os.geteuid() == 0
    tmp = bubblewrap.temporary_folder()
    own = kind == "own"
    prefix = bubblewrap.wrap(
        _program(), as_root=as_root, own=own, scratch_bytes=limits.scratch_bytes
    )
    processes = "its own processes" if own else "processes ended after each submission"
    filtered = "" if is_known() else ", no filter of system calls"
    return Walls(
        description=(
            "bubblewrap: no network, system read-only, private empty folder, "
            f"{processes}{filtered}; limits on time, CPU, memory, processes, files "
            "and output"
        ),
        config={
            "walls": kind,
            "uid": _free_uid() if as_root else 0,
            # The zygote, perhaps a reaper, and what older kernels count with them.
            "others": 0 if as_root else 1 + own + _tasks_outside(),
            "tmp": tmp,
            "limits": asdict(limits),
        },
        prefix=tuple(prefix),
        variables=_environment(SCRATCH, tmp),
    )


def _limits_alone(limits: Limits, why: str) -> Walls:
    uid, others, held = 0, None, ["time", "output"]
    if sys.platform != "win32":
        held[1:1] = ["CPU", "memory", "files"]
        if os.geteuid() != 0:
            others = _tasks()
        elif _is_open_to_all():
            uid, others = _free_uid(), 0
    if others is not None:  # Linux does not count the processes of root
        held.insert(3, "processes")
    folder = tempfile.gettempdir()
    return Walls(
        description=f"no walls ({why}); limits on {_list(held)} alone",
        config={
            "walls": "none",
            "uid": uid,
            "others": others,
            "tmp": folder,
            "limits": asdict(limits),
        },
        prefix=(),
        variables=_environment(folder, folder),
    )


def _list(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _is_open_to_all() -> bool:
    """Tell whether another user could run this Python and the course."""
    needed = (sys.executable, os.__file__, psutil.__file__, __file__)
    files = [Path(file).resolve() for file in needed]
    folders = {folder for file in files for folder in file.parents}
    return all(file.stat().st_mode & 0o004 for file in files) and all(
        folder.stat().st_mode & 0o001 for folder in folders
    )


def _environment(home: str, tmp: str) -> dict[str, str]:
    """Leave out what students have no business with: tokens, paths, passwords."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    programs = (str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin")
    return {
        "LANG": "C.UTF-8",
        **kept,
        **dict.fromkeys(_ONE_THREAD, "1"),
        "HOME": home,
        "PATH": os.pathsep.join(programs),
        "TMPDIR": tmp,
        "USER": "student",
    }


def _free_uid() -> int:
    """Choose a user for the submissions of this process that nobody else is."""
    return _FIRST_UID + os.getpid()


def _tasks_outside() -> int:
    """Count what older kernels count into a sandbox: all tasks of the same user."""
    release = os.uname().release.split(".")
    is_old = tuple(int("".join(filter(str.isdigit, n))) for n in release[:2]) < (5, 14)
    return _tasks() if is_old else 0


def _tasks() -> int:
    """Count the processes and threads of this user."""
    mine = os.getuid()
    found = psutil.process_iter(["uids", "num_threads"])
    return sum(
        one.info["num_threads"] or 1
        for one in found
        if one.info["uids"] and one.info["uids"].real == mine
    )
