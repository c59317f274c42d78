"""The process that is forked for each submission; run as ``python -m``.

Its one argument is the number of the socket by which the worker tells it what to do:
lines of JSON, ``{"do": "fork", "config": ...}`` with the child's end of a socket pair,
``{"do": "interrupt"}`` and ``{"do": "end"}``. It answers ``{"event": "ready"}`` once,
``usage`` while a submission lives, ``gone`` when its kernel has ended by itself,
``interrupted`` to ``interrupt`` and ``ended`` to ``end``.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import random
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.grading.walls import inner
from coursekit.grading.warm.child import Serving
from coursekit.grading.warm.outbox import Outbox
from coursekit.grading.warm.warmup import warm_shell

MEASURE_SECONDS = 0.25
_DATA = 3  # descriptor of the socket in the child


def main() -> None:
    """Warm up, then serve until the worker closes its end of the socket."""
    control = socket.socket(fileno=int(sys.argv.pop()))
    control.set_inheritable(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # that one is for the worker
    outbox = Outbox()
    try:
        shell = warm_shell(outbox)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)  # the shell has taken the other one
        raise

    def serve_child(end: socket.socket) -> None:
        gc.enable()
        random.seed(0)  # the same code draws the same numbers in every submission
        np.random.seed(0)  # noqa: NPY002 - it is the old generator that is seeded
        sys.path.insert(0, "")  # as in a kernel: files of the working folder
        Serving(shell, outbox).serve(end)

    gc.collect()
    gc.freeze()
    Forker(control, serve_child).run()
    os._exit(0)  # nothing is left to do, and taking all down would take a while


class Forker:
    """Does what the worker says, and tells it what becomes of the submission.

    Parameters
    ----------
    control : socket.socket
        Connected to the worker.
    serve_child : callable
        What a child does with its end of the data socket.
    """

    def __init__(
        self, control: socket.socket, serve_child: Callable[[socket.socket], None]
    ) -> None:
        self.control = control
        self.serve_child = serve_child
        self.living = False
        self._measured = 0.0
        self._received = b""
        # A signal that a process ended wakes the loop at once.
        self._wake, self._waker = socket.socketpair()
        self._wake.settimeout(0)
        self._waker.settimeout(0)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)

    def run(self) -> None:
        """Serve until the worker is gone, then take everything down."""
        self.tell(event="ready")
        while True:
            left = self._measured + MEASURE_SECONDS - time.monotonic()
            timeout = max(0.0, left) if self.living else None
            ready, _, _ = select.select([self.control, self._wake], [], [], timeout)
            if self._wake in ready:
                with contextlib.suppress(BlockingIOError):
                    self._wake.recv(4096)
            if self.control in ready and not self.obey():
                break
            if self.living and (status := inner.poll()) is not None:
                self.living = False
                self.tell(event="gone", status=status)
            if self.living and time.monotonic() >= self._measured + MEASURE_SECONDS:
                self.measure()
        inner.end()

    def obey(self) -> bool:
        """Do what the worker says; False if it is gone."""
        data, ends, _, _ = socket.recv_fds(self.control, 2**16, 1)
        self._received += data
        *lines, self._received = self._received.split(b"\n")
        for line in lines:
            order = json.loads(line)
            if order["do"] == "fork":
                self.fork(order["config"], ends.pop())
            elif order["do"] == "interrupt":
                inner.interrupt()
                self.tell(event="interrupted")
            else:
                self.living = False
                self.tell(event="ended", status=inner.end())
        return bool(data)

    def fork(self, config: dict[str, Any], end: int) -> None:
        """Fork a submission, which gets its end of the data socket and nothing else."""

        def live() -> None:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(end, _DATA, inheritable=False)
            _redirect_output()
            os.closerange(_DATA + 1, os.sysconf("SC_OPEN_MAX"))
            self.serve_child(socket.socket(fileno=_DATA))

        try:
            inner.spawn(config, live)
            self.living, self._measured = True, time.monotonic()
        except OSError as error:
            os.write(2, f"{error}\n".encode())
            self.tell(event="gone", status=None)
        finally:
            os.close(end)

    def measure(self) -> None:
        """Tell what the submission uses."""
        used = inner.measure()
        self._measured = time.monotonic()
        self.tell(
            event="usage",
            cpu=used.cpu_seconds,
            memory=used.memory_bytes,
            processes=used.processes,
        )

    def tell(self, **event: Any) -> None:
        """Write a line to the worker; one that is gone is noticed by reading."""
        with contextlib.suppress(OSError):
            self.control.sendall(json.dumps(event).encode() + b"\n")


def _redirect_output() -> None:
    """Let the descriptors 1 and 2 be files, which the kernel reads as they grow."""
    for number in (1, 2):
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), number)


if __name__ == "__main__":
    main()
