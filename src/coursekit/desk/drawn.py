"""Figures as a student drew them: read out of a notebook that may hold anything."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.errors import MalformedNotebookError
from coursekit.grading.notebook import Cell, parse_notebook, read_content

PLOTLY = "application/vnd.plotly.v1+json"
_PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_MOST_BYTES_READ = 24 * 2**20  # JSON can take thirty times the memory of its text
_UNREAD = "Its figures are not shown here, as the notebook is larger than 24 MiB."
_MOST_BYTES = 2 * 2**20  # of one figure
_MOST_BYTES_IN_ALL = 8 * 2**20  # of a page
_MOST_PIXELS = 25_000_000  # a browser takes four bytes for each
_MOST_HEIGHT = 2000  # pixels of a plotly figure
_MOST_FIGURES = 4  # of one question
_TAG = re.compile(r"<[^<>]*>")  # plotly reads some in titles
_TOO_LARGE = "A figure that is too large to be shown here; your notebook has it."
# Their way of drawing takes code made from text, which a page refuses.
_DRAWN_OTHERWISE = {"scattergl": "scatter", "scatterpolargl": "scatterpolar"}
_NOT_DRAWN = {"parcoords", "splom"} | {  # and these fetch a map
    *("choropleth", "choroplethmap", "choroplethmapbox", "densitymap"),
    *("densitymapbox", "scattergeo", "scattermap", "scattermapbox"),
}


@dataclass(frozen=True)
class Drawn:
    """One figure: a picture as a ``data:`` address, or a plotly figure as JSON.

    ``words`` says what it shows, for readers who cannot see it. It is neither where it
    cannot be shown, which the words then say.
    """

    words: str
    picture: str = ""
    plotly: str = ""


def read_drawn(
    path: Path, cells: Mapping[str, Collection[str]]
) -> dict[str, list[Drawn]]:
    """Read the figures of each question out of a student's notebook.

    Parameters
    ----------
    path : pathlib.Path
        The notebook as it was handed in.
    cells : mapping of str to collection of str
        For each question the ids of its answer and check cells.

    Returns
    -------
    dict of str to list of Drawn
        At most four a question; nothing where the notebook cannot be read. Of those
        over 2 MiB, of pictures over 25 million pixels, and of all after 8 MiB there are
        only words; so there are, under an empty name, of a notebook over 24 MiB. Other
        kinds of output are left out, SVG and HTML among them, which can hold scripts.
    """
    try:
        content = read_content(path)
        if len(content) > _MOST_BYTES_READ:
            return {"": [Drawn(_UNREAD)]}
        # Trusted only to keep its outputs; links are not followed.
        notebook = parse_notebook(content, path, trusted=True)
    except (MalformedNotebookError, ValueError):  # numbers of thousands of digits
        return {}
    found: dict[str, list[Drawn]] = {}
    owner = {cell_id: question for question, ids in cells.items() for cell_id in ids}
    left = _MOST_BYTES_IN_ALL
    for cell in notebook.cells:
        # Ids can be lost, and those of another version name other cells.
        named = cell.question in cells
        question = cell.question if named else owner.get(cell.id)
        if question is None:
            continue
        for drawn in _read_cell(cell):
            if len(found.setdefault(question, [])) == _MOST_FIGURES:
                break
            left -= len(drawn.picture) + len(drawn.plotly)
            found[question].append(drawn if left >= 0 else Drawn(_TOO_LARGE))
    return {question: drawn for question, drawn in found.items() if drawn}


def _read_cell(cell: Cell) -> Iterator[Drawn]:
    for output in cell.outputs:
        data = output.get("data") if isinstance(output, dict) else None
        drawn = _read(data) if isinstance(data, dict) else None
        if drawn is not None:
            yield drawn


def _read(data: Mapping[str, Any]) -> Drawn | None:
    figure = data.get(PLOTLY)
    if isinstance(figure, dict) and isinstance(figure.get("data"), list):
        return _read_plotly(figure)
    for kind, magic in _PICTURES.items():
        content = data.get(kind)
        if isinstance(content, list):  # as lines
            content = "".join(one for one in content if isinstance(one, str))
        if isinstance(content, str):
            if len(content) > _MOST_BYTES:
                return Drawn(_TOO_LARGE)
            picture = _decode(content)
            if picture.startswith(magic) and (pixels := _count_pixels(picture)):
                if pixels > _MOST_PIXELS:
                    return Drawn(_TOO_LARGE)
                encoded = base64.b64encode(picture).decode()
                return Drawn("A picture.", picture=f"data:{kind};base64,{encoded}")
    return None


def _read_plotly(figure: Mapping[str, Any]) -> Drawn:
    layout = figure.get("layout")
    kept_layout = dict(layout) if isinstance(layout, dict) else {}
    kept_layout.pop("images", None)  # pictures from elsewhere
    height = kept_layout.get("height")
    if not isinstance(height, int | float) or not 0 < height <= _MOST_HEIGHT:
        kept_layout.pop("height", None)
    traces = [_make_drawable(one) for one in figure["data"] if isinstance(one, dict)]
    kinds = [str(trace.get("type", "scatter"))[:20] for trace in traces]
    words = _describe(kinds, kept_layout)
    if not _NOT_DRAWN.isdisjoint(kinds):
        return Drawn(f"{words} It cannot be shown here; your notebook has it.")
    try:
        text = json.dumps({"data": traces, "layout": kept_layout})
        # Browsers know no NaN and no Infinity in JSON.
        known = json.loads(text, parse_constant=lambda _: None)
    except RecursionError:
        return Drawn(_TOO_LARGE)
    if len(text) > _MOST_BYTES:
        return Drawn(_TOO_LARGE)
    return Drawn(words, plotly=json.dumps(known))


def _make_drawable(trace: Mapping[str, Any]) -> dict[str, Any]:
    kind = trace.get("type")
    if isinstance(kind, str) and kind in _DRAWN_OTHERWISE:
        return {**trace, "type": _DRAWN_OTHERWISE[kind]}
    return dict(trace)


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _count_pixels(picture: bytes) -> int:
    """Count the pixels of a PNG or JPEG picture, as its header has them; 0 if none."""
    if picture[12:16] == b"IHDR":
        return _number(picture[16:20]) * _number(picture[20:24])
    at = 2
    while at + 9 <= len(picture) and picture[at] == 0xFF:
        marker = picture[at + 1]
        # A frame's header; three of those codes mean tables.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return _number(picture[at + 5 : at + 7]) * _number(picture[at + 7 : at + 9])
        at += 1 if marker == 0xFF else 2 + _number(picture[at + 2 : at + 4])
    return 0


def _number(digits: bytes) -> int:
    return int.from_bytes(digits, "big")


def _describe(kinds: list[str], layout: Mapping[str, Any]) -> str:
    """Say in a sentence what a plotly figure is made of."""
    counted = ", ".join(f"{kinds.count(k)} {k}" for k in dict.fromkeys(kinds))
    title = layout.get("title")
    said = title.get("text") if isinstance(title, dict) else title
    said = _TAG.sub(" ", said[:200]).strip() if isinstance(said, str) else ""
    named = f" titled {said[:100]}" if said else ""
    return f"A figure{named}, with the traces: {counted or 'none'}."
