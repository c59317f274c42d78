"""Frames on a socket: the token of a request, a length, and JSON text of that length.

The parent draws a fresh token for each request and believes only frames that carry it,
so that a frame can neither name another cell nor be kept for later.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN_BYTES = 16
_HEADER = struct.Struct(f"!{TOKEN_BYTES}sI")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; ``payload`` is None if it is larger than its reader takes."""

    token: bytes
    payload: bytes | None


def new_token() -> bytes:
    """Draw a token that nobody can guess."""
    return secrets.token_bytes(TOKEN_BYTES)


def pack_frame(token: bytes, payload: bytes) -> bytes:
    """Put a frame together; ``payload`` is under 4 GiB."""
    return _HEADER.pack(token, len(payload)) + payload


class FrameReader:
    """Takes bytes as they come and gives the frames that they make.

    Parameters
    ----------
    limit : int
        Largest payload that is kept, in bytes. A larger one is told at its beginning
        and passed over, so that no length that a frame claims costs memory.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._skip = 0

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take in some bytes; give the frames that are complete now."""
        self._buffer += data
        while True:
            passed = min(self._skip, len(self._buffer))
            del self._buffer[:passed]
            self._skip -= passed
            if len(self._buffer) < _HEADER.size:
                return
            token, length = _HEADER.unpack_from(self._buffer)
            end = _HEADER.size + length
            if length > self._limit:
                self._skip = end
                yield Frame(token, None)
            elif len(self._buffer) >= end:
                payload = bytes(self._buffer[_HEADER.size : end])
                del self._buffer[:end]
                yield Frame(token, payload)
            else:
                return
