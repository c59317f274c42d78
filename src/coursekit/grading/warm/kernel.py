"""The warm kernel as nbval sees it, and the zygote that forks it."""

from __future__ import annotations

import contextlib
import json
import select
import signal
import socket
import time
import uuid
from collections import deque
from collections.abc import Mapping
from queue import Empty
from typing import Any

from coursekit.errors import CoursekitError
from coursekit.grading.kernel import (
    CpuLimitError,
    KernelDiedError,
    MemoryLimitError,
    OutputLimitError,
    WatchedMessages,
)
from coursekit.grading.outcome import DIED
from coursekit.grading.walls.limits import Limits
from coursekit.grading.walls.sandbox import Walls
from coursekit.grading.warm.control import ORDER_SECONDS, ZygoteProcess
from coursekit.grading.warm.messages import Message, read_message
from coursekit.grading.warm.wire import Frame, FrameReader, new_token, pack_frame

_CHUNK = 2**18
_REST = 64  # chunks that are read of a kernel that is gone
_OVERHEAD = 2**20  # bytes of a message beside the output in it
_LONGEST_WAIT = 3600.0  # seconds; select() takes no infinity
_MOMENT = 1.0  # seconds until the zygote has noticed what we have
# A single process meets its own limit first, as a MemoryError that a cell can survive.
_SLACK = 1.25
_DIED = "the kernel died while this cell ran"


class Zygote(ZygoteProcess):
    """A process that has everything imported and forks a kernel for each submission.

    It starts at once and in the background; `fork` waits until it is ready, and
    starts it anew if it died.

    Parameters
    ----------
    walls : Walls
        What stands around it.
    limits : Limits, optional
        What a submission may use.
    environment : mapping of str to str, optional
        Variables beside those of the walls.
    """

    def __init__(
        self,
        walls: Walls,
        *,
        limits: Limits | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._kernel: WarmKernel | None = None
        super().__init__(walls, environment=environment)

    def fork(self) -> WarmKernel:
        """Fork a kernel with an empty namespace and a private folder.

        The kernel before it is stopped, if that has not been done.

        Returns
        -------
        WarmKernel
            Ready for its first cell.

        Raises
        ------
        CoursekitError
            If the zygote does not start, or cannot fork a kernel behind its walls.
        """
        if self._kernel:
            self._kernel.stop()
        self.require()
        ours, theirs = socket.socketpair()
        with theirs:
            self.tell(theirs.fileno(), do="fork", config=self.walls.config)
        self._kernel = kernel = WarmKernel(self, ours)
        if not kernel.wait_until_started(ORDER_SECONDS):
            why = self.last_words()
            kernel.stop()
            raise CoursekitError(f"No kernel could be forked behind its walls ({why}).")
        return kernel

    def close(self) -> None:
        """End it and all that it forked; a second call does nothing."""
        if self._kernel:
            self._kernel.stop()
        super().close()

    def end(self, kernel: WarmKernel) -> None:
        """End all processes of a kernel, unless that was done before."""
        if kernel is not self._kernel:
            return
        self._kernel = None
        self.tell(do="end")
        if self.wait_for("ended", ORDER_SECONDS) is None:
            self.close()


class WarmKernel(WatchedMessages):
    """A forked kernel with the methods of nbval's ``RunningKernel``.

    All that it says is made into messages here: the cell that is answered is the one
    that is open, and a frame without the token of that cell is dropped.

    Parameters
    ----------
    zygote : Zygote
        What forked it.
    data : socket.socket
        Connected to the kernel.
    """

    language = "python"

    def __init__(self, zygote: Zygote, data: socket.socket) -> None:
        super().__init__(zygote.limits)
        data.settimeout(0)
        self._zygote = zygote
        self._data = data
        self._frames = FrameReader(2 * self.limits.output_bytes + _OVERHEAD)
        self._waiting: dict[str, deque[Message]] = {"shell": deque(), "iopub": deque()}
        self._token = b""  # of the cell that is open, empty if none is
        self._request = ""
        self._dropped = 0
        self._flooded = self._started = self._interrupting = False
        self._cpu = self._cpu_before = 0.0
        self._gone: Mapping[str, Any] | None = None  # what the zygote said of its end
        self._death: KernelDiedError | None = None

    def wait_until_started(self, timeout: float) -> bool:
        """Wait until the kernel is ready for its first cell; False if it is not."""
        deadline = time.monotonic() + timeout
        while not self._started and not self._death:
            if (left := deadline - time.monotonic()) <= 0:
                break
            self._pump(left)
        return self._started

    def execute_cell_input(
        self,
        cell_input: str,
        allow_stdin: bool | None = None,  # noqa: FBT001 - as nbval has it
    ) -> str:
        """Have the kernel run a cell; returns the number of the request.

        Parameters
        ----------
        cell_input : str
            Source of the cell.
        allow_stdin : bool, optional
            Has no effect: a cell cannot ask anybody anything here.

        Raises
        ------
        KernelDiedError
            If the kernel is dead, or does not take the cell within 10 seconds.
        """
        del allow_stdin
        self._token, self._request = new_token(), str(uuid.uuid4())
        self._dropped, self._flooded, self._cpu_before = 0, False, self._cpu
        request = {"msg_id": self._request, "source": cell_input}
        self._send(pack_frame(self._token, json.dumps(request).encode()))
        return self._request

    def get_message(self, stream: str, timeout: float | None = None) -> Message:
        """Return the next message of ``shell`` or ``iopub``.

        Raises
        ------
        queue.Empty
            If none comes in time. Also at once if the reply is waited for but there
            is output to be read, so that nothing piles up here.
        KernelDiedError
            If the kernel is dead; of the limit that it passed, if it did.
        OutputLimitError
            If a single message is larger than all output of a cell may be.
        """
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        waiting = self._waiting[stream]
        while not waiting:
            if self._death:
                raise self._death
            if stream == "shell" and self._waiting["iopub"]:
                raise Empty
            self._pump(deadline - time.monotonic())
            if not waiting and not self._death and time.monotonic() >= deadline:
                raise Empty
        return waiting.popleft()

    def is_alive(self) -> bool:
        """Tell whether the kernel runs."""
        if not self._token and not self._death:
            self._pump(0)
        return self._death is None

    def interrupt(self) -> None:
        """Interrupt the cell that runs, and by no chance the one after it.

        A signal that comes late would hit whatever runs then, so no other cell begins
        before the zygote has sent it.
        """
        self._interrupting = True
        self._zygote.tell(do="interrupt")
        deadline = time.monotonic() + ORDER_SECONDS
        while self._interrupting and not self._death:
            left = deadline - time.monotonic()
            for event in self._zygote.listen(max(0.0, left)):
                self._heed(event)
            if left <= 0 or self._zygote.lost:
                self._die("the kernel could not be interrupted")

    def stop(self) -> None:
        """End the kernel and all processes it started; a second call does nothing."""
        self._die("the kernel was stopped")
        self._data.close()
        self._zygote.end(self)

    def _send(self, frame: bytes) -> None:
        """Send a request, reading meanwhile: the kernel may be waiting to be read."""
        deadline = time.monotonic() + ORDER_SECONDS
        left = memoryview(frame)
        while left:
            try:
                left = left[self._data.send(left) :]
            except BlockingIOError:
                self._pump(deadline - time.monotonic(), sending=True)
            except OSError:
                self._die(_DIED)
            if time.monotonic() >= deadline:
                self._die("the kernel did not take the cell")
            if self._death:
                raise self._death

    def _pump(self, timeout: float, *, sending: bool = False) -> None:
        """Wait for the kernel or the zygote to say something, and take it in."""
        control = self._zygote.control
        timeout = min(max(0.0, timeout), _LONGEST_WAIT)
        writers = [self._data] if sending else []
        ready, _, _ = select.select([self._data, control], writers, [], timeout)
        if self._data in ready:
            self._receive()
        if control in ready:
            for event in self._zygote.listen(0):
                self._heed(event)
        if self._zygote.lost:
            self.fault = DIED
            self._die(_DIED)

    def _receive(self) -> bool:
        """Take in what the kernel has sent; False if there is nothing."""
        try:
            data = self._data.recv(_CHUNK)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            self._gone = self._gone or self._zygote.wait_for("gone", _MOMENT)
            self._die(_DIED + _how(self._gone))
        self._started = self._started or bool(data)
        for frame in self._frames.feed(data):
            self._take(frame)
        return bool(data)

    def _take(self, frame: Frame) -> None:
        if not self._token or frame.token != self._token:
            self._drop(frame)
        elif frame.payload is None:
            self._complain()
        elif (message := read_message(frame.payload)) is None:
            self._drop(frame)
        else:
            self._file(message)

    def _complain(self) -> None:
        """Refuse a message for its size, once for each cell."""
        if not self._flooded:
            self._flooded = True
            limit = f"{self.limits.output_bytes / 1e6:g} MB"
            raise OutputLimitError(f"put out more than {limit} at once")

    def _drop(self, frame: Frame) -> None:
        """Count a frame that is none of the cell's, or no message.

        One that is too large on top of that is most likely no frame at all.
        """
        self._dropped += 1
        if frame.payload is None or self._dropped > self.limits.messages:
            self._die("the kernel broke the protocol")

    def _file(self, message: Message) -> None:
        """Stamp a message with the cell that is open; a reply closes it."""
        message["parent_header"] = {"msg_id": self._request}
        if message["msg_type"] != "execute_reply":
            self._waiting["iopub"].append(message)
            return
        self._token = b""
        self._waiting["shell"].append(message)
        idle = {"msg_type": "status", "content": {"execution_state": "idle"}}
        idle |= {"parent_header": message["parent_header"], "buffers": []}
        self._waiting["iopub"].append(idle)

    def _heed(self, event: Mapping[str, Any]) -> None:
        """Take in what the zygote tells about the submission."""
        if event["event"] == "interrupted":
            self._interrupting = False
        elif event["event"] == "gone":
            self._gone = event
            try:
                self._read_the_rest()
            finally:
                self._die(_DIED + _how(event))
        elif event["event"] == "usage":
            self._cpu = event["cpu"]
            excess = self._excess(event)
            if excess:
                self._death = self._death or excess
                self.stop()

    def _read_the_rest(self) -> None:
        """Read what the kernel said before it died; its children may say more."""
        for _ in range(_REST):
            if self._death or not self._receive():
                return

    def _excess(self, usage: Mapping[str, Any]) -> KernelDiedError | None:
        """Say which limit the submission has passed, if any."""
        limits = self.limits
        if usage["memory"] > _SLACK * limits.memory_bytes:
            used = f"used more than {limits.memory_bytes / 2**20:g} MiB of memory"
            return MemoryLimitError(used)
        if usage["processes"] > limits.processes:
            return KernelDiedError(f"ran more than {limits.processes} processes")
        if self._cpu - self._cpu_before > limits.cell_cpu_seconds:
            return CpuLimitError(f"computed for over {limits.cell_cpu_seconds:g} s")
        if self._cpu > limits.submission_cpu_seconds:
            allowed = f"{limits.submission_cpu_seconds:g} s"
            return CpuLimitError(f"the notebook computed for over {allowed} in all")
        return None

    def _die(self, why: str) -> None:
        self._token = b""
        self._death = self._death or KernelDiedError(why)


def _how(gone: Mapping[str, Any] | None) -> str:
    """Say which signal ended a kernel, if one did."""
    status = (gone or {}).get("status") or 0
    if status >= 0:
        return ""
    with contextlib.suppress(ValueError):
        return f" ({signal.Signals(-status).name})"
    return f" (signal {-status})"
