"""Compare images: SVG by words and shapes, PNG by its pixels, others byte for byte."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
import zlib
from html.parser import HTMLParser

from coursekit.grading.meaning.words import compare_text

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# A bomb of a few kilobytes can unpack to gigabytes; no honest figure is that large.
MAX_PIXEL_BYTES = 200_000_000
_GEOMETRY = re.compile(
    r"d|[xyr]|[xy][12]|c[xy]|r[xy]|width|height|points|transform|viewbox"
)


def compare_svg(stored: str, fresh: str) -> str | None:
    """Compare two SVG images by their words, then by the place and form of shapes."""
    old, new = _SvgReader(stored), _SvgReader(fresh)
    for part in ("words", "shapes"):
        one, other = ("\n".join(getattr(side, part)) for side in (old, new))
        found = compare_text(one, other, f"SVG image, {part}", count_lines=False)
        if found:
            return found
    return None


def compare_raster(stored: str, fresh: str, mime: str) -> str | None:
    """Compare two images in base64: PNG by pixels, other formats byte for byte.

    There is no tolerance for pixels: what a change of a few of them means cannot be
    told.  A figure that shall survive other fonts and versions is shown as plotly.
    """
    old, new = _bytes(stored), _bytes(fresh)
    if old == new:
        return None
    old_size, new_size = _png_size(old), _png_size(new)
    if old_size != new_size:
        return f"{mime}: stored {_say_size(old_size)}, now {_say_size(new_size)}"
    if old_size is not None and _png_pixels(old) == _png_pixels(new):
        return None  # only remarks in the file differ, such as the name of the program
    return f"{mime}: the picture is not the one stored ({_say_size(old_size)})"


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return text.encode()


def _png_size(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(_PNG_SIGNATURE) or len(data) < 24:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _say_size(size: tuple[int, int] | None) -> str:
    return f"{size[0]} by {size[1]} pixels" if size else "no PNG"


def _png_pixels(data: bytes) -> str:
    """Digest what is drawn: header, palette and unpacked pixels."""
    digest, packed = hashlib.sha256(), bytearray()
    at = len(_PNG_SIGNATURE)
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if kind == b"IDAT":
            packed += body
        elif kind in (b"IHDR", b"PLTE", b"tRNS"):
            digest.update(kind + body)
        at += length + 12
    try:
        digest.update(zlib.decompressobj().decompress(packed, MAX_PIXEL_BYTES))
    except zlib.error:
        digest.update(packed)
    return digest.hexdigest()


class _SvgReader(HTMLParser):
    """Collects words and shapes; ids, styles and references mean nothing here."""

    def __init__(self, svg: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.shapes: list[str] = []
        self._hidden = 0
        self.feed(svg)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "metadata")
        numbers = [
            f"{name} {value}" for name, value in attrs if _GEOMETRY.fullmatch(name)
        ]
        if not self._hidden:
            self.shapes.append(" ".join((tag, *numbers)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("style", "metadata"):
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in ("style", "metadata")))

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.words.append(data.strip())
