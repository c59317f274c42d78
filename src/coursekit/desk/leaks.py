"""Look for solutions in what students get, as somebody would who means to find them."""

from __future__ import annotations

import ast
import base64
import binascii
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from coursekit.exercise.answers import MIME
from coursekit.exercise.solution import BEGIN, END, cut_solution
from coursekit.grading.frame import Check, Frame

_RUN = 5  # a shorter run of words or small numbers stands in a task by chance
_LINE = 25  # characters; a shorter line of code is anybody's
_SOLUTION = 60  # characters; a lesson may teach what a shorter solution does
# How a tree is held together, which differs from one way of writing to the next.
_FRAMEWORK = {"kind", "items", "values", "list", "set", "dict", "frame", "series"}
_URL_SAFE = str.maketrans("-_", "+/")
_TAGS = {"setup", "parameters", "answer", "check", "written", "raises-exception"}
_INSIDE = re.compile(rf"{BEGIN}[^\n]*\n(.*?){END}", re.DOTALL)
_MARK = re.compile(r"#\s*(?:BEGIN|END)\s+(?:SOLUTION|HIDDEN)", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:|\\]+@[\w.-]*\w")
_GRADEBOOK = "create table coursekit_gradebook"
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}(?:\r?\n[A-Za-z0-9+/_-]+)*")


def find_leaks(frame: Frame, name: str, tree: Any) -> list[str]:
    """Find what of an exercise's solution a file gives away.

    Parameters
    ----------
    frame : Frame
        The reference: solutions, hidden checks and expected values.
    name : str
        Name of the file, for the sentences.
    tree : object
        Its parsed JSON: a student version or its sidecar.

    Returns
    -------
    list of str
        A sentence for each find, which names the cell, the check or the line; empty
        if nothing was found. What is short enough to be guessed is not looked for.
    """
    text = read_text(tree)
    found = [
        f"{name} holds the expected value of check {check.name!r}"
        for check in checks_of(frame)
        if is_given_away(check, text)
    ]
    found += [
        f"{name} names the hidden check {check.name!r}"
        for check in checks_of(frame)
        if check.hidden and check.name in text
    ]
    found += [f"{name} holds the line {line!r}" for line in _lines(frame, text)]
    found += [f"{name}: {cell}" for cell in _in_cells(tree)]
    return [f"{one}." for one in found] + find_marks(name, tree, text)


def find_solutions(frame: Frame, texts: Mapping[str, str]) -> list[str]:
    """Find an exercise's solutions in files that are not of it, such as lessons.

    Parameters
    ----------
    frame : Frame
        The reference.
    texts : mapping of str to str
        What `read_text` and then `squeeze` give of each file, by its name. A lesson
        shows how things are done, line by line: only a solution as a whole tells.
    """
    parts = [part.strip() for part in _secret_parts(frame)]
    long = {squeeze(part): part.splitlines()[0] for part in parts if part}
    return [
        f"{name} holds a solution of {frame.exercise}, which begins {first!r}."
        for name, text in texts.items()
        for part, first in long.items()
        if len(part) >= _SOLUTION and part in text
    ]


def find_marks(name: str, tree: Any, text: str) -> list[str]:
    """Find what says of itself that it is not for students."""
    found = [f"{name} holds the mark of a solution."] if _MARK.search(text) else []
    metadata = tree.get("metadata", {}) if isinstance(tree, Mapping) else {}
    if metadata.get("coursekit", {}).get("kind") == "reference":
        found.append(f"{name} is a reference, with all answers.")
    return found


def find_private(
    name: str, text: str, *, secret: bytes, addresses: Collection[str]
) -> list[str]:
    """Find what only the instructor may know.

    Parameters
    ----------
    name : str
        Name of the file, for the sentences.
    text : str
        What `read_text` gives of it.
    secret : bytes
        The course's; none where it is empty.
    addresses : collection of str
        Students' e-mail addresses, in small letters.
    """
    small = text.casefold()
    told = {secret.hex(), base64.b64encode(secret).decode().casefold()} - {""}
    found = ["the secret"] if any(word in small for word in told) else []
    found += ["a gradebook"] if _GRADEBOOK in small else []
    known = set(_ADDRESS.findall(small)) & set(addresses)
    found += [f"the address of a student, {address}" for address in sorted(known)]
    return [f"{name} holds {what}." for what in found]


def read_text(tree: Any) -> str:
    """Read every text of a file: of its JSON tree, and what was written as base64."""
    texts = list_texts(tree)
    encoded = [run for text in texts for run in _BASE64.findall(text)]
    return "\n".join([*texts, *filter(None, map(_decode, encoded))])


def checks_of(frame: Frame) -> list[Check]:
    """List the checks of all questions."""
    return [check for question in frame.questions for check in question.checks]


def is_given_away(check: Check, text: str) -> bool:
    """Tell whether an expected value stands in a text, as far as it tells anything.

    Parameters
    ----------
    check : Check
        What is expected.
    text : str
        Every text and number of a file; see `list_texts`.
    """
    canonical = _words("\n".join(list_texts(check.expected)))
    if len(canonical) > _RUN and _stands_in(canonical, _words(text)):
        return True
    if any(_stands_in(run, _said(text)) for run in _runs(check.expected)):
        return True
    given = " ".join(map(str, _leaves(check.expected, keys=False)))
    return bool(_long_numbers(given) & _long_numbers(text))


def list_texts(tree: Any) -> list[str]:
    """List every text and number of a JSON tree, keys included."""
    if isinstance(tree, Mapping):
        return [text for key in sorted(tree) for text in [key, *list_texts(tree[key])]]
    if isinstance(tree, list):
        lines = all(isinstance(p, str) and p.endswith("\n") for p in tree[:-1])
        if lines and tree[1:] and isinstance(tree[-1], str):
            return ["".join(tree)]  # as notebooks keep a text of several lines
        return [text for part in tree for text in list_texts(part)]
    return [str(tree)]


def _lines(frame: Frame, text: str) -> Iterator[str]:
    """Find lines of code that stand in a solution or a hidden check alone."""
    squeezed = squeeze(text)
    public = squeeze(
        "".join(
            cut_solution(cell.source)
            for cell in frame.notebook.cells
            if "hidden" not in cell.tags
        )
    )
    for part in _secret_parts(frame):
        for line in [*map(str.strip, part.splitlines()), part.strip()]:
            bare = squeeze(line)
            if len(line) >= _LINE and bare in squeezed and bare not in public:
                yield line


def _secret_parts(frame: Frame) -> list[str]:
    """List the solutions of answer cells, and the hidden checks."""
    parts = []
    for cell in frame.notebook.cells:
        if "answer" in cell.tags:
            parts += _INSIDE.findall(cell.source)
        elif "hidden" in cell.tags:
            parts += [cell.source, *_checked(cell.source)]
    return parts


def _checked(source: str) -> Iterator[str]:
    """List what a check cell looks at, under whatever name."""
    with suppress(SyntaxError):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and len(node.args) > 1:
                yield ast.get_source_segment(source, node.args[1]) or ""


def squeeze(text: str) -> str:
    """Take all blanks and line ends out of a text."""
    return "".join(text.split())


def _decode(text: str) -> str:
    """Give the text that stands as base64; nothing if it is none."""
    plain = squeeze(text).translate(_URL_SAFE)
    try:
        content = base64.b64decode(plain + "=" * (-len(plain) % 4))
        return content.decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _in_cells(tree: Any) -> Iterator[str]:
    """Find cells that no student version has."""
    for place, cell in enumerate(tree.get("cells", ()), start=1):
        tags = set(cell.get("metadata", {}).get("tags", ())) - _TAGS
        if tags:
            yield f"cell {place} is tagged {', '.join(sorted(tags))}"
        for output in cell.get("outputs", ()):
            what = "an answer" if MIME in output.get("data", {}) else "an output"
            yield f"cell {place} stores {what}"


def _words(text: str) -> list[str]:
    """Take a text as words and numbers, however it is quoted, spaced and bracketed."""
    return re.findall(r"-?\d+\.?\d*(?:[eE][-+]?\d+)?|\w+", text)


def _said(text: str) -> list[str]:
    return [word for word in _words(text) if word not in _FRAMEWORK]


def _stands_in(needle: Sequence[str], haystack: Iterable[str]) -> bool:
    return f" {' '.join(needle)} " in f" {' '.join(haystack)} "


def _leaves(plain: Any, *, keys: bool) -> list[Any]:
    """List what an answer says, with the keys of its mappings or without them.

    Labels of rows and columns are left out: a task may well give them away.
    """
    if isinstance(plain, list):
        return [leaf for part in plain for leaf in _leaves(part, keys=keys)]
    if not isinstance(plain, dict):
        return [plain]
    if plain["kind"] == "dict" and not keys:
        return _leaves([part for _, part in plain["items"]], keys=keys)
    if plain["kind"] == "figure":
        heights = [trace.get("y", trace.get("values", [])) for trace in plain["traces"]]
        return _leaves(heights, keys=keys)
    return _leaves(
        [plain[key] for key in ("items", "values") if key in plain], keys=keys
    )


def _runs(plain: Any) -> list[list[str]]:
    """List rows of words that would give an answer away, if one stood in a file."""
    parts = [plain]
    if isinstance(plain, dict) and plain["kind"] == "dict":
        parts += [part for _, part in plain["items"]]
    found = (_leaves(part, keys=keys) for part in parts for keys in (True, False))
    return [_said(" ".join(map(str, run))) for run in found if len(run) >= _RUN]


def _long_numbers(text: str) -> set[str]:
    """Find numbers with more than three significant digits, to six of them."""
    return {
        f"{float(word):.6g}"
        for word in _words(text)
        if word.lstrip("-")[0].isdigit()
        and len(re.sub(r"[eE].*|\D", "", word).strip("0")) > 3
    }
