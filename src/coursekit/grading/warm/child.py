"""The kernel itself: answers the parent's requests, in the forked child."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import os
import signal
import socket
import sys
from json import loads  # by itself, as a cell may replace what json.loads is
from typing import Any

from coursekit.grading.warm.outbox import Outbox
from coursekit.grading.warm.wire import FrameReader, pack_frame

_LARGEST_REQUEST = 2**31  # the parent is trusted


class Serving:
    """Runs one cell after the other, inside an event loop as ipykernel does.

    Parameters
    ----------
    shell : ipykernel.zmqshell.ZMQInteractiveShell
        The shell.
    outbox : Outbox
        Where everything goes that cells put out.
    """

    def __init__(self, shell: Any, outbox: Outbox) -> None:
        self.shell = shell
        self.outbox = outbox
        self._cell: asyncio.Task[None] | None = None
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        # One context for all cells: decimal and numpy keep their settings in it.
        self._context = contextvars.copy_context()

    def serve(self, end: socket.socket) -> None:
        """Answer requests until the parent closes its end."""
        self.outbox.connect(end)
        frames = FrameReader(_LARGEST_REQUEST)

        def read() -> None:
            data = end.recv(2**20)
            if not data:
                os._exit(0)
            for frame in frames.feed(data):
                self.outbox.token = frame.token
                self._begin(loads(frame.payload or b"{}"))

        self._loop.add_reader(end, read)
        end.sendall(pack_frame(self.outbox.token, b""))  # "here I am"
        while True:
            # A task of the student's may raise these through the loop, or stop it.
            with contextlib.suppress(KeyboardInterrupt, SystemExit):
                self._loop.run_forever()

    def run(self, source: str) -> None:
        """Run one cell and wait for it; for warming up."""
        task = self._begin({"source": source, "msg_id": ""})
        self._loop.run_until_complete(task)

    def close(self) -> None:
        """Close the loop, which a child may not share with its parent."""
        self._loop.close()
        asyncio.set_event_loop(None)

    def _begin(self, request: dict[str, Any]) -> asyncio.Task[None]:
        signal.signal(signal.SIGINT, self._interrupt)  # a cell may have changed it
        self._cell = self._loop.create_task(
            self._answer(request), context=self._context
        )
        return self._cell

    async def _answer(self, request: dict[str, Any]) -> None:
        shell = self.shell
        shell.set_parent({"header": {"msg_id": request["msg_id"]}})
        error: BaseException | None
        try:
            error = await run_cell(shell, request["source"])
        except BaseException as outside:  # noqa: BLE001 - even showing an error can fail
            error = outside
            said = {"ename": type(outside).__name__, "evalue": str(outside)}
            self.outbox.send("error", {**said, "traceback": []})
        if not self.outbox.owned:
            os._exit(0)  # a process that the cell forked, and that came back from it
        self._cell = None
        payload = shell.payload_manager.read_payload()
        shell.payload_manager.clear_payload()
        reply = {
            "status": "error" if error else "ok",
            "execution_count": shell.execution_count - 1,
            "payload": [{"source": part.get("source")} for part in payload],
        }
        self.outbox.send("execute_reply", reply)

    def _interrupt(self, _number: int, _frame: Any) -> None:
        """Interrupt a cell that computes; cancel one that waits."""
        if self._cell is None or self.outbox.holds_back_interrupt():
            return
        if asyncio.current_task(self._loop) is None:
            self._loop.call_soon_threadsafe(self._cell.cancel)
        else:
            raise KeyboardInterrupt


async def run_cell(shell: Any, source: str) -> BaseException | None:
    """Run a cell as ipykernel does, without history.

    Parameters
    ----------
    shell : ipykernel.zmqshell.ZMQInteractiveShell
        The shell.
    source : str
        The cell.

    Returns
    -------
    BaseException or None
        What the cell raised; its traceback has been sent.
    """
    result = error = failure = None
    try:
        transformed = shell.transform_cell(source)
    except Exception:  # noqa: BLE001 - input transformers may raise anything
        transformed, failure = source, sys.exc_info()
    # Here IPython looks for a semicolon at the end.
    shell.history_manager.input_hist_parsed[-1] = transformed
    try:
        result = await shell.run_cell_async(
            source,
            store_history=False,
            transformed_cell=transformed,
            preprocessing_exc_tuple=failure,
        )
        error = result.error_before_exec or result.error_in_exec
    except BaseException as outside:  # noqa: BLE001 - an interrupt, most likely
        error = outside
        shell.showtraceback(running_compiled_code=True)
    finally:
        shell.events.trigger("post_execute")
        shell.events.trigger("post_run_cell", result)
    return error
