"""nbval's kernel with absolute deadlines, a watch on its life, a limit on its output.

nbval starts its timeout anew with every message and never looks whether the kernel
lives: a chatty cell then runs for ever, and a dead kernel is waited for in vain.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections import deque
from collections.abc import Mapping
from queue import Empty
from subprocess import DEVNULL
from typing import Any, cast

from nbval.kernel import (
    CURRENT_ENV_KERNEL_NAME,
    RunningKernel,
    start_new_kernel,
)

from coursekit.errors import CoursekitError
from coursekit.grading.outcome import Status
from coursekit.grading.walls.limits import Limits

POLL_SECONDS = 0.1
_CONTAINER = 50  # bytes

# Names under which Jupyter installs the Python that it runs in itself.
_OWN_KERNELS = ("python3", "python", f"python{sys.version_info[0]}", "")


class KernelDiedError(CoursekitError):
    """The process of a kernel ended while a cell ran, or the cell asked it to end.

    Attributes
    ----------
    status, ename : str
        What the outcome of the cell says of it; see `coursekit.grading.outcome`.
    """

    status: Status = "kernel_died"
    ename = ""


class MemoryLimitError(KernelDiedError):
    """A kernel was stopped because it used more memory than allowed."""

    ename = "MemoryError"


class CpuLimitError(KernelDiedError):
    """A kernel was stopped because it used more CPU time than allowed."""

    status: Status = "timed_out"


class OutputLimitError(CoursekitError):
    """A cell put out more than a notebook can hold."""


class WatchedMessages:
    """Waiting for messages, on top of ``get_message`` and ``is_alive`` of a kernel.

    A kernel with another transport gets the same deadlines by inheriting from this
    class and giving these two methods of nbval's ``RunningKernel``.

    Parameters
    ----------
    limits : Limits, optional
        Of these, ``output_bytes`` and ``messages`` are held here.

    Attributes
    ----------
    fault : str
        Why the kernel ended, where neither a cell nor a limit ended it.
    """

    fault = ""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.msg_id: str | None = None  # the request that was last waited for
        self._held: deque[dict[str, Any]] = deque()
        self.watch()

    def watch(self) -> None:
        """Count the output from here on; to be called before each cell."""
        self._bytes = 0
        self._messages = 0

    def await_reply(self, msg_id: str, timeout: float | None = None) -> None:
        """Wait for the reply to a request, and meanwhile keep what the kernel puts out.

        Parameters
        ----------
        msg_id : str
            The request.
        timeout : float, optional
            Seconds from now, however much the kernel says in between.

        Raises
        ------
        queue.Empty
            If the time is over.
        KernelDiedError
            If the kernel ended, or the cell asked it to.
        OutputLimitError
            If the output is larger than allowed.
        """
        self.msg_id = msg_id
        deadline = _deadline(timeout)
        while True:
            reply = self._next("shell", min(POLL_SECONDS, deadline - time.monotonic()))
            self._hold_output()
            if reply and reply["parent_header"].get("msg_id") == msg_id:
                _refuse_exit(reply["content"])
                return
            if reply is None and not self.is_alive():
                raise KernelDiedError("the kernel died while this cell ran")
            if time.monotonic() >= deadline:
                raise Empty

    def await_idle(self, parent_id: str, timeout: float | None = None) -> None:
        """Read the output until the kernel is idle again; see `await_reply`."""
        deadline = _deadline(timeout)
        while True:
            left = deadline - time.monotonic()
            if _is_idle(self.get_output(timeout=left), parent_id):
                return

    def get_output(self, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message that the kernel put out.

        Raises
        ------
        queue.Empty
            If none comes in time.
        KernelDiedError
            If none can come any more.
        OutputLimitError
            If the output is larger than allowed.
        """
        deadline = _deadline(timeout)
        while not self._held:
            left = deadline - time.monotonic()
            if left <= 0:  # also for a kernel that never stops to talk
                raise Empty
            message = self._next("iopub", min(POLL_SECONDS, left))
            if message is not None:
                self._hold(message)
            elif not self.is_alive():
                raise KernelDiedError("the kernel died while this cell ran")
        return self._held.popleft()

    def settle(self, timeout: float) -> bool:
        """Interrupt the cell that runs and throw away what it still puts out.

        Returns
        -------
        bool
            Whether the kernel was idle again within ``timeout`` seconds.
        """
        self.interrupt()
        self._held.clear()
        deadline = _deadline(timeout)
        with contextlib.suppress(KernelDiedError):
            while (left := deadline - time.monotonic()) > 0 and self.is_alive():
                message = self._next("iopub", min(POLL_SECONDS, left))
                if message is not None and _is_idle(message, self.msg_id):
                    return True
        return False

    def interrupt(self) -> None:
        """Interrupt the cell that runs; given by the kernel."""
        raise NotImplementedError

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message of a stream; given by the kernel."""
        raise NotImplementedError

    def is_alive(self) -> bool:
        """Tell whether the process of the kernel runs; given by the kernel."""
        raise NotImplementedError

    def _next(self, stream: str, timeout: float) -> dict[str, Any] | None:
        try:
            return self.get_message(stream, timeout=max(0.0, timeout))
        except Empty:
            return None

    def _hold_output(self) -> None:
        """Keep what has come, or the kernel would drop what nobody reads."""
        while message := self._next("iopub", 0.0):
            self._hold(message)

    def _hold(self, message: dict[str, Any]) -> None:
        self._messages += 1
        self._bytes += _size(message.get("content")) + _size(message.get("buffers"))
        if self._messages > self.limits.messages:
            limit = f"{self.limits.messages:,} messages"
            raise OutputLimitError(f"put out more than {limit}")
        if self._bytes > self.limits.output_bytes:
            limit = f"{self.limits.output_bytes / 1e6:g} MB"
            raise OutputLimitError(f"put out more than {limit}")
        self._held.append(message)


# misc: nbval ships no types, so its class is Any to mypy.
class CourseKernel(WatchedMessages, RunningKernel):  # type: ignore[misc]  # see above
    """An ordinary Jupyter kernel, spoken to as nbval does.

    Parameters
    ----------
    kernel_name : str
        Name of an installed kernel.  ``python3`` is always the Python that runs this
        code, whatever a user has installed under that name.
    cwd : str, optional
        Folder in which the kernel starts.
    env : mapping, optional
        Environment of the kernel; this process's own by default.
    startup_timeout : float, default 60
        Seconds.

    Raises
    ------
    jupyter_client.kernelspec.NoSuchKernel
        If no kernel has that name.
    RuntimeError
        If the kernel is not ready in time.
    """

    def __init__(
        self,
        kernel_name: str,
        *,
        cwd: str | None = None,
        env: Mapping[str, str] | None = None,
        startup_timeout: float = 60,
    ) -> None:
        # Not RunningKernel's own: that one leaks a handle of the null device.
        own = kernel_name in _OWN_KERNELS
        self.km, self.kc = _start(
            startup_timeout=startup_timeout,
            kernel_name=CURRENT_ENV_KERNEL_NAME if own else kernel_name,
            stderr=DEVNULL,
            cwd=cwd,
            env=dict(os.environ if env is None else env),
        )
        WatchedMessages.__init__(self)
        self._ensure_iopub_up()

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message of a stream; Empty if none comes in time."""
        message: dict[str, Any] = RunningKernel.get_message(self, stream, timeout)
        return message

    def is_alive(self) -> bool:
        """Tell whether the process of the kernel runs."""
        return bool(RunningKernel.is_alive(self))

    def interrupt(self) -> None:
        """Interrupt the cell that runs."""
        RunningKernel.interrupt(self)

    def stop(self) -> None:
        """End the kernel and close the connection to it; a second call does nothing."""
        if hasattr(self, "km"):
            super().stop()


def _start(**options: Any) -> tuple[Any, Any]:
    """Start a kernel, and once more if it died at once.

    Its ports are chosen before it takes them, and another process may be quicker.
    """
    try:
        return cast("tuple[Any, Any]", start_new_kernel(**options))
    except RuntimeError as error:
        if "died" not in str(error):
            raise
    return cast("tuple[Any, Any]", start_new_kernel(**options))


def _deadline(timeout: float | None) -> float:
    return time.monotonic() + (float("inf") if timeout is None else timeout)


def _is_idle(message: Mapping[str, Any], parent_id: str | None) -> bool:
    return bool(
        message["parent_header"].get("msg_id") == parent_id
        and message["msg_type"] == "status"
        and message["content"].get("execution_state") == "idle"
    )


def _refuse_exit(reply: Mapping[str, Any]) -> None:
    """Notice ``exit()``: the kernel answers first and ends a moment later."""
    for payload in reply.get("payload") or []:
        if payload.get("source") == "ask_exit":
            raise KernelDiedError("the cell ended the kernel, as exit() does")


def _size(value: Any) -> int:
    """Count the bytes of a message, near enough; an empty list takes some too."""
    if isinstance(value, Mapping):
        return _CONTAINER + sum(_size(key) + _size(part) for key, part in value.items())
    if isinstance(value, list | tuple):
        return _CONTAINER + sum(map(_size, value))
    if isinstance(value, memoryview):
        return _CONTAINER + value.nbytes
    return 8 + (len(value) if isinstance(value, str | bytes) else 0)
