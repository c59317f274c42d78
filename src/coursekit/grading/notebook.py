"""Read a notebook file that may come from anybody, or say in words why not."""

from __future__ import annotations

import json
import math
import os
import re
import stat
import unicodedata
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from coursekit.errors import MalformedNotebookError

MAX_NOTEBOOK_BYTES = 64 * 2**20
# Parsed JSON can take twenty times the memory of its text.
_MAX_TEXT_BYTES = 16 * 2**20
_NAME_CHARACTERS = 100

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_HEAVY = re.compile(
    rb'"(?:outputs|attachments|widgets)"\s*+:\s*+(?=[\[{])|' + _STRING, re.DOTALL
)
_BRACKET = re.compile(_STRING + rb"|([\[{])|[\]}]", re.DOTALL)

_NOTHING = re.compile(rb"[\0\s]*+\Z")
_OTHER_FILES = (
    (rb"PK\x03\x04|PK\x05\x06|7z\xbc\xaf|Rar!|\x1f\x8b", "an archive; unpack it first"),
    (rb"%PDF", "a PDF file; hand in the notebook itself"),
    (rb"\s*<(?i:!doctype html|html)", "a web page; hand in the notebook itself"),
)


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook file, read without trusting any of it.

    ``outputs`` are only meaningful where the notebook is the course's own, and are not
    read from submissions. No text holds half a surrogate pair, which no UTF-8 can.
    """

    index: int
    id: str
    kind: str
    source: str
    tags: frozenset[str]
    course: Mapping[str, Any]
    grade_id: str
    outputs: tuple[Any, ...] = ()
    nbgrader: Mapping[str, Any] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """Name of the question that the cell says it belongs to, or nothing."""
        return _text(self.course.get("question"))

    @cached_property
    def text(self) -> str:
        """The source without the blanks that editors add and take away."""
        return stripped(self.source)


@dataclass(frozen=True)
class Notebook:
    """A notebook file: where it lies, what it says it is, and its cells.

    ``repairs`` says in sentences what had to be mended before it could be read.
    """

    path: Path
    exercise: str
    kind: str
    version: str
    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
    repairs: tuple[str, ...] = ()


def read_notebook(path: Path, *, trusted: bool = False) -> Notebook:
    """Read a notebook file that may come from anybody.

    Parameters
    ----------
    path : pathlib.Path
        An ``.ipynb`` file, at most 64 MiB.
    trusted : bool, default False
        Whether the file is the course's own: then links are followed, outputs are kept,
        and it may have more than 16 MiB beside them.

    Returns
    -------
    Notebook
        Its cells; a cell, tag or metadata entry that makes no sense is left out.
        Notebooks of formats 1 to 3 are converted.

    Raises
    ------
    MalformedNotebookError
        If it is no ordinary file, cannot be read, is not JSON, or has no cells.
    """
    content = read_content(path.resolve() if trusted else path)
    return parse_notebook(content, path, trusted=trusted)


def read_content(path: Path) -> bytes:
    """Read the bytes of a file that may be anything; see `read_notebook`.

    Raises
    ------
    MalformedNotebookError
        If it is no ordinary file (links, pipes and devices are never opened), cannot be
        read, or is larger than 64 MiB.
    """
    # Between looking and opening, a file may be exchanged for a link or a pipe.
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
        flags |= getattr(os, name, 0)
    try:
        _refuse_special(path, path.lstat())
        with os.fdopen(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            _refuse_special(path, status)
            return file.read(status.st_size)
    except OSError as error:
        raise MalformedNotebookError(
            path, f"cannot be read ({error.strerror or error})."
        ) from error


def parse_notebook(content: bytes, path: Path, *, trusted: bool = False) -> Notebook:
    """Take the bytes of a notebook file apart; see `read_notebook`."""
    if _NOTHING.match(content):
        raise MalformedNotebookError(path, "is empty.")
    for beginning, what in _OTHER_FILES:
        if re.match(beginning, content):
            raise MalformedNotebookError(path, f"is {what}.")
    encoding = json.detect_encoding(content)
    if encoding != "utf-8":
        content = content.decode(encoding, errors="replace").encode()
    if not trusted:
        content = _without_outputs(content)
        if len(content) > _MAX_TEXT_BYTES:
            raise MalformedNotebookError(
                path, "holds more than 16 MiB beside outputs; make its cells smaller."
            )
    repairs = []
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode(errors="replace")
        repairs.append("bytes that are no UTF-8 were replaced by question marks")
    tree, rest = _parse(text, path, parse_int=int if trusted else _whole)
    if rest:
        repairs.append("what stood after the end of the notebook was left out")
    return notebook_of(tree, path, repairs=repairs)


def notebook_of(
    content: Any, path: Path, *, repairs: list[str] | None = None
) -> Notebook:
    """Take the parsed JSON of a notebook apart; see `read_notebook`."""
    if not isinstance(content, dict):
        raise MalformedNotebookError(path, "has no cells, so it is no notebook.")
    content, converted = _in_format_4(content, path)
    if not isinstance(content.get("cells"), list):
        raise MalformedNotebookError(
            path, "has no cells of notebook format 4; save it again in JupyterLab."
        )
    raw_cells = (raw for raw in content["cells"] if isinstance(raw, dict))
    cells = tuple(_cell(index, raw) for index, raw in enumerate(raw_cells))
    if not cells:
        raise MalformedNotebookError(path, "has no cells.")
    metadata = _mapping(content.get("metadata"))
    course = _mapping(metadata.get("coursekit"))
    return Notebook(
        path=path,
        exercise=_name(course.get("exercise")),
        kind=_name(course.get("kind")),
        version=_name(course.get("version")),
        cells=cells,
        metadata=metadata,
        repairs=(*(repairs or ()), *converted),
    )


def stripped(source: str) -> str:
    """Leave out of a source the blanks that editors add and take away."""
    return "\n".join(line.rstrip() for line in source.splitlines()).strip()


# Parts of how names are written in Persian and in the languages of India.
JOINERS = "\u200c\u200d"


def printable(text: str) -> str:
    r"""Write characters that steer, hide or cannot be encoded as escapes.

    Examples
    --------
    >>> print(printable("Zoë\n\x1b[2J"))
    Zoë\n\x1b[2J
    """
    return "".join(
        c.encode("unicode_escape").decode()
        if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        and c not in JOINERS
        else c
        for c in text
    )


def _refuse_special(path: Path, status: os.stat_result) -> None:
    mode = status.st_mode
    if stat.S_ISLNK(mode):
        raise MalformedNotebookError(
            path, "is a link, and links are not followed; hand in the notebook itself."
        )
    if stat.S_ISDIR(mode):
        raise MalformedNotebookError(path, "is no file but a folder.")
    if not stat.S_ISREG(mode):
        raise MalformedNotebookError(path, "is no file but a pipe or a device.")
    if status.st_size > MAX_NOTEBOOK_BYTES:
        raise MalformedNotebookError(
            path, "is larger than 64 MiB; clear its outputs and save it again."
        )


def _without_outputs(content: bytes) -> bytes:
    """Cut what may be large and is never used out of JSON, before it is parsed."""
    kept: list[bytes] = []
    start = at = 0
    while found := _HEAVY.search(content, at):
        at = found.end()
        if content[at - 1 : at] != b'"':  # no string: the key of something heavy
            kept += (content[start:at], b"[]")
            start = at = _end_of_value(content, at)
    return b"".join([*kept, content[start:]])


def _end_of_value(content: bytes, at: int) -> int:
    depth = 0
    for found in _BRACKET.finditer(content, at):
        if found[1]:
            depth += 1
        elif found[0] in (b"]", b"}"):
            depth -= 1
            if depth == 0:
                return found.end()
    return len(content)


def _parse(
    text: str, path: Path, *, parse_int: Callable[[str], float]
) -> tuple[Any, str]:
    """Parse JSON; give what it says, and what stands after its end."""
    text = text.strip("\ufeff\0 \t\r\n")
    decoder = json.JSONDecoder(strict=False, parse_int=parse_int)
    try:
        tree, end = decoder.raw_decode(text)
    except RecursionError as error:
        raise MalformedNotebookError(
            path, "is nested too deeply to be a notebook."
        ) from error
    except json.JSONDecodeError as error:
        if text[:1] == "{" and (error.pos >= len(text) or "Unterm" in error.msg):
            reason = "breaks off before its end; save it and hand it in again."
        else:
            reason = "is not JSON, so it is no notebook; save it again in JupyterLab."
        raise MalformedNotebookError(path, reason) from error
    return tree, text[end:]


def _whole(digits: str) -> float:
    # Python refuses to read integers of thousands of digits; no notebook needs them.
    return int(digits) if len(digits) < 20 else math.inf


def _in_format_4(
    content: dict[str, Any], path: Path
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Convert a notebook of an older format; say so."""
    version = content.get("nbformat", 4)
    is_number = isinstance(version, int | float) and not isinstance(version, bool)
    if not is_number or version not in (1, 2, 3, 4):
        shown = f" {version:g}" if is_number else ""
        raise MalformedNotebookError(
            path,
            f"is of an unknown notebook format{shown}; save it in format 4, as "
            "JupyterLab does.",
        )
    if version == 4 or (version > 1 and "worksheets" not in content):
        return content, ()
    import nbformat  # it takes seconds to import, and hardly any notebook needs it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what it warns of is its own doing
            converted = nbformat.convert(nbformat.from_dict(content), 4)
    except Exception as error:  # a converter meets anything and raises anything
        raise MalformedNotebookError(
            path,
            f"is of the old notebook format {version:g} and cannot be converted; open "
            "it in JupyterLab and save it again.",
        ) from error
    text = f"the notebook was of format {version:g} and was converted to format 4"
    return dict(converted), (text,)


def _cell(index: int, raw: Mapping[str, Any]) -> Cell:
    metadata = _mapping(raw.get("metadata"))
    source = raw.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    kind, tags, outputs = raw.get("cell_type"), metadata.get("tags"), raw.get("outputs")
    return Cell(
        index=index,
        # Google Colab keeps ids in the metadata.
        id=_text(raw.get("id")) or _text(metadata.get("id")),
        kind=kind if kind in ("code", "markdown") else "raw",
        source=_text(source),
        tags=frozenset(
            tag
            for tag in (tags if isinstance(tags, list) else ())
            if isinstance(tag, str)
        ),
        course=_mapping(metadata.get("coursekit")),
        grade_id=_text(_mapping(metadata.get("nbgrader")).get("grade_id")),
        outputs=tuple(outputs) if isinstance(outputs, list) else (),
        nbgrader=_mapping(metadata.get("nbgrader")),
    )


def _name(value: Any) -> str:
    return printable(_text(value))[:_NAME_CHARACTERS]


def _text(value: Any) -> str:
    # Half an emoji is legal in JSON, and cannot be sent to a kernel or printed.
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
