"""The zygote as the worker sees it: a process that is told things and tells things."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from types import TracebackType
from typing import IO, Any, Self

from coursekit.errors import CoursekitError
from coursekit.exercise.answers import SILENT
from coursekit.grading.walls.sandbox import Walls

START_SECONDS = 60.0
ORDER_SECONDS = 10.0  # for anything that it is told later
_CHUNK = 2**16
_ENVIRONMENT = {
    SILENT: "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONHASHSEED": "0",  # the order of a set may not decide about points
}


class ZygoteProcess:
    """The process of `coursekit.grading.warm.zygote`, started at once.

    Parameters
    ----------
    walls : Walls
        What stands around it.
    environment : mapping of str to str, optional
        Variables beside those of the walls.

    Attributes
    ----------
    control : socket.socket
        Connected to it.
    lost : bool
        Whether it is gone, or says what it should not.
    """

    control: socket.socket
    lost: bool
    _ready: bool
    _received: bytes
    _errors: IO[bytes]
    _process: subprocess.Popen[bytes]

    def __init__(
        self, walls: Walls, *, environment: Mapping[str, str] | None = None
    ) -> None:
        self.walls = walls
        self._environment = walls.environment() | _ENVIRONMENT | dict(environment or {})
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def require(self) -> None:
        """Wait until it is ready; start it again first if it was lost.

        Raises
        ------
        CoursekitError
            If it does not start.
        """
        if self.lost:
            self.close()
            self._start()
        if self._ready:
            return
        self._ready = self.wait_for("ready", START_SECONDS) is not None
        if not self._ready:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(ORDER_SECONDS)  # what it says, it says in the end
            said = self.last_words()
            self.close()
            raise CoursekitError(
                f"The warm kernel did not start ({said}). "
                "--kernel jupyter does without it."
            )

    def close(self) -> None:
        """End it and all that it forked; a second call does nothing."""
        self.lost = True
        self.control.close()
        try:
            self._process.wait(ORDER_SECONDS)  # it ends when nobody is left to serve
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def tell(self, *descriptors: int, **order: Any) -> None:
        """Give an order; that nobody takes it is noticed by listening."""
        line = json.dumps(order).encode() + b"\n"
        with contextlib.suppress(OSError):
            socket.send_fds(self.control, [line], descriptors)

    def listen(self, timeout: float) -> list[dict[str, Any]]:
        """Return the events that come in time, in seconds; none if it is lost."""
        if self.lost or not select.select([self.control], [], [], timeout)[0]:
            return []
        try:
            data = self.control.recv(_CHUNK)
            *lines, self._received = (self._received + data).split(b"\n")
            self.lost = not data
            return [json.loads(line) for line in lines]
        except (OSError, ValueError):
            self.lost = True
            return []

    def wait_for(self, kind: str, seconds: float) -> dict[str, Any] | None:
        """Wait for an event and pass over others; None if it does not come."""
        deadline = time.monotonic() + seconds
        while not self.lost and (left := deadline - time.monotonic()) > 0:
            for event in self.listen(left):
                if event["event"] == kind:
                    return event
        return None

    def last_words(self) -> str:
        """Return the last line that it or what it forked wrote on standard error."""
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").split("\n")
        return next(filter(str.strip, reversed(said)), "it said nothing")

    def _start(self) -> None:
        self.control, theirs = socket.socketpair()
        self.control.settimeout(ORDER_SECONDS)
        self.lost = self._ready = False
        self._received = b""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - close() closes it
        number = theirs.fileno()
        module = ["-m", "coursekit.grading.warm.zygote", str(number)]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                self.walls.command([sys.executable, "-P", *module]),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                env=self._environment,
                pass_fds=[number],
            )
