"""Everything that a warm kernel puts out, in order: its end of the socket."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import socket
import threading
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

from jupyter_client.jsonutil import json_default
from jupyter_client.session import json_packer

from coursekit.grading.warm.wire import TOKEN_BYTES, pack_frame

PIECE_CHARACTERS = 64 * 2**10
_DESCRIPTORS = {1: "stdout", 2: "stderr"}
# Kept, as a cell may replace them where they come from.
_pid = os.getpid
_pack = json.JSONEncoder(
    default=json_default, ensure_ascii=False, allow_nan=False
).encode
_pack_anything = json.JSONEncoder(default=str).encode


class Outbox:
    """Sends messages to the parent, and text before the message that follows it.

    Text is sent when a piece is full, before any other message, and at the end of a
    cell; flushing a stream early would make one message of every dot of a progress
    bar.

    Attributes
    ----------
    socket : socket.socket or None
        Where to send; without one, as in the zygote, messages come to nothing.
    token : bytes
        Token of the request that is being answered.
    """

    def __init__(self) -> None:
        self.socket: socket.socket | None = None
        self.token = bytes(TOKEN_BYTES)
        self._owner = _pid()
        self._lock = threading.RLock()
        self._text: list[tuple[str, str]] = []
        self._waiting = 0  # characters of text
        self._seen = dict.fromkeys(_DESCRIPTORS, 0)
        self._sender: int | None = None  # thread that is in the middle of a frame
        self._interrupted = False

    def connect(self, end: socket.socket) -> None:
        """Send to the parent from now on; to be called in the child."""
        self.socket = end
        self._owner = _pid()

    @property
    def owned(self) -> bool:
        """Whether this process is the kernel, not one that a cell forked."""
        return _pid() == self._owner

    def write(self, name: str, text: str) -> None:
        """Take text for a stream."""
        if not self.owned:  # its text comes back through the descriptor
            number = 1 if name == "stdout" else 2
            os.write(number, text.encode("utf-8", "replace"))
            return
        with self._lock:
            self._collect()
            if self._waiting + len(text) > PIECE_CHARACTERS:
                self.flush()
            self._text.append((name, text))
            self._waiting += len(text)

    def flush(self) -> None:
        """Send the text that waits."""
        if not self.owned:
            return
        with self._lock:
            self._collect()
            waiting, self._text, self._waiting = self._text, [], 0
            for name, parts in groupby(waiting, key=itemgetter(0)):
                text = "".join(part for _, part in parts)
                for start in range(0, len(text), PIECE_CHARACTERS):
                    piece = text[start : start + PIECE_CHARACTERS]
                    self._send("stream", {"name": name, "text": piece}, ())

    def send(self, kind: str, content: Any, buffers: Iterable[Any] | None = ()) -> None:
        """Send a message, and the text that was written before it."""
        if not self.owned:
            return
        with self._lock:
            self.flush()
            self._send(kind, content, buffers or ())

    def holds_back_interrupt(self) -> bool:
        """Note an interrupt that comes in the middle of a frame; True if one is sent.

        Half a frame would be the end of the kernel.
        """
        if self._sender != threading.get_ident():
            return False
        self._interrupted = True
        return True

    def _send(self, kind: str, content: Any, buffers: Iterable[Any]) -> None:
        texts = [base64.b64encode(part).decode("ascii") for part in buffers]
        message = [kind, content, texts]
        try:
            payload = _pack(message).encode()
        except UnicodeEncodeError:  # half a surrogate pair
            payload = _pack_anything(message).encode()
        except ValueError:  # not a number, or infinite: Jupyter says how to write it
            payload = json_packer(message)
        if self.socket is None:
            return
        self._sender = threading.get_ident()
        try:
            self.socket.sendall(pack_frame(self.token, payload))
        finally:
            self._sender = None
        if self._interrupted:
            self._interrupted = False
            raise KeyboardInterrupt

    def _collect(self) -> None:
        """Take what programs wrote to the descriptors 1 and 2, which are files here."""
        for number, name in _DESCRIPTORS.items():
            with contextlib.suppress(OSError):  # a cell may have closed it
                size = os.lseek(number, 0, os.SEEK_END)
                seen = self._seen[number]
                if size == seen:
                    continue
                self._seen[number] = size
                data = os.pread(number, max(0, size - seen), seen)
                text = data.decode("utf-8", "replace")
                self._text.append((name, text))
                self._waiting += len(text)


class OutStream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a warm kernel."""

    encoding = "UTF-8"

    def __init__(self, outbox: Outbox, name: str) -> None:
        self._outbox = outbox
        self.name = name

    def fileno(self) -> int:
        """Give the descriptor of this name, for programs that are started with it."""
        return 1 if self.name == "stdout" else 2

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, text: str) -> int:
        """Take text, as ipykernel's stream does."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._outbox.write(self.name, text)
        return len(text)
