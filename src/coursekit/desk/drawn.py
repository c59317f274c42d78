"""Figures as a student drew them: read out of a notebook that may hold anything."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.errors import MalformedNotebookError
from coursekit.grading.notebook import read_content

PLOTLY = "application/vnd.plotly.v1+json"
_PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_MOST_BYTES = 2 * 2**20  # of one figure
_MOST_FIGURES = 4  # of one question


@dataclass(frozen=True)
class Drawn:
    """One figure: a picture as a ``data:`` address, or a plotly figure as JSON.

    ``words`` says what it shows, for readers who cannot see it.
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
        At most four a question, each of at most 2 MiB; nothing where the notebook
        cannot be read. Other kinds of output are left out, SVG and HTML among them,
        which can hold scripts.
    """
    try:
        tree = json.loads(read_content(path))
    except (MalformedNotebookError, ValueError, RecursionError):
        return {}
    found: dict[str, list[Drawn]] = {}
    owner = {cell_id: question for question, ids in cells.items() for cell_id in ids}
    for cell in _dicts(tree, "cells"):
        question = owner.get(str(cell.get("id")))
        if question is None:
            continue
        for output in _dicts(cell, "outputs"):
            data = output.get("data")
            drawn = _read(data) if isinstance(data, dict) else None
            if drawn is not None and len(found.get(question, ())) < _MOST_FIGURES:
                found.setdefault(question, []).append(drawn)
    return found


def _read(data: Mapping[str, Any]) -> Drawn | None:
    figure = data.get(PLOTLY)
    if isinstance(figure, dict) and isinstance(figure.get("data"), list):
        layout = figure.get("layout")
        kept_layout = dict(layout) if isinstance(layout, dict) else {}
        kept_layout.pop("images", None)  # pictures from elsewhere
        kept = {"data": figure["data"], "layout": kept_layout}
        text = json.dumps(kept)
        if len(text) > _MOST_BYTES:
            return None
        return Drawn(_describe(kept), plotly=text)
    for kind, magic in _PICTURES.items():
        content = data.get(kind)
        joined = content
        if isinstance(content, list):  # as lines
            joined = "".join(one for one in content if isinstance(one, str))
        if isinstance(joined, str) and len(joined) <= _MOST_BYTES:
            picture = _decode(joined)
            if picture.startswith(magic):
                encoded = base64.b64encode(picture).decode()
                return Drawn("A picture.", picture=f"data:{kind};base64,{encoded}")
    return None


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _describe(figure: Mapping[str, Any]) -> str:
    """Say in a sentence what a plotly figure is made of."""
    traces = [trace for trace in figure["data"] if isinstance(trace, dict)]
    kinds = [str(trace.get("type", "scatter"))[:20] for trace in traces]
    counted = ", ".join(f"{kinds.count(k)} {k}" for k in dict.fromkeys(kinds))
    title = figure["layout"].get("title") if isinstance(figure["layout"], dict) else ""
    said = title.get("text") if isinstance(title, dict) else title
    named = f" titled {said[:100]}" if isinstance(said, str) and said else ""
    return f"A figure{named}, with the traces: {counted or 'none'}."


def _dicts(tree: Any, key: str) -> Iterator[dict[str, Any]]:
    parts = tree.get(key) if isinstance(tree, dict) else None
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict):
            yield part
