"""Look for solutions in what students get, as somebody would who means to find them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from coursekit.exercise.answers import MIME
from coursekit.exercise.solution import BEGIN, END
from coursekit.grading.frame import Check, Frame

_RUN = 5  # a shorter run of words or small numbers stands in a task by chance
_LINE = 25  # characters; a shorter line of code is anybody's
# How a tree is held together, which differs from one way of writing to the next.
_FRAMEWORK = {"kind", "items", "values", "list", "set", "dict", "frame", "series"}
_TAGS = {"setup", "parameters", "answer", "check", "written", "raises-exception"}
_INSIDE = re.compile(f"{BEGIN}\n(.*?){END}", re.DOTALL)


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
    text = "\n".join(list_texts(tree))
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
    if "SOLUTION" in text:
        found.append(f"{name} holds the mark of a solution")
    return [f"{one}." for one in [*found, *(f"{name}: {c}" for c in _in_cells(tree))]]


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
        return [text for part in tree for text in list_texts(part)]
    return [str(tree)]


def _lines(frame: Frame, text: str) -> Iterator[str]:
    """Find lines of code that stand in a solution alone."""
    for cell in frame.notebook.cells:
        if "answer" in cell.tags:
            for solution in _INSIDE.findall(cell.source):
                for line in map(str.strip, solution.splitlines()):
                    if len(line) >= _LINE and line in text:
                        yield line


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
