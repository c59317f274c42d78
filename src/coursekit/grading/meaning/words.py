"""Compare texts token by token: numbers by tolerance, addresses and random ids not."""

from __future__ import annotations

import math
import re
from itertools import zip_longest

# A millionth: far above the noise of another processor or library version, far below
# anything a lesson says.  Whole numbers are compared exactly.
RELATIVE_TOLERANCE = 1e-6
# What is left of a difference that should be zero, as in 0.1 + 0.2 - 0.3.
ABSOLUTE_TOLERANCE = 1e-12

EXCERPT_CHARACTERS = 60

# Each of these changes from run to run without meaning anything.
_VOLATILE = (
    (re.compile(r"\x1b\[[0-9;]*[A-Za-z]"), ""),  # colours of a terminal
    (re.compile(r"\bat 0x[0-9a-fA-F]+"), "at 0x0"),  # where an object lies in memory
    # The file of a cell; tried where a word begins, or long words take for ever.
    (re.compile(r"(?<!\S)\S*ipykernel_\d+[/\\]\d+\.py"), "cell.py"),
    (re.compile(r"IPY_MODEL_[0-9a-f]{32}"), "IPY_MODEL"),  # the id of a widget
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UUID"),
)
_NUMBER = r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?"
_TOKEN = re.compile(
    r"[^\W\d]\w*"  # a word, also with digits in it
    r"|\d+(?:\.\d+){2,}"  # a version number
    rf"|{_NUMBER}"
    r"|\S"  # a sign
)
_IS_NUMBER = re.compile(_NUMBER)
_IS_WHOLE = re.compile(r"[-+]?\d+")


def same_number(stored: float, fresh: float) -> bool:
    """Tell whether two numbers are equal within the tolerance; whole ones exactly."""
    if isinstance(stored, int) and isinstance(fresh, int):
        return stored == fresh
    try:
        if math.isnan(stored) and math.isnan(fresh):
            return True
        return math.isclose(
            stored, fresh, rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE
        )
    except OverflowError:  # a whole number beyond the reach of floats
        return stored == fresh


def steady(text: str) -> str:
    """Replace what changes from run to run by fixed words."""
    for pattern, replacement in _VOLATILE:
        text = pattern.sub(replacement, text)
    return text


def as_printed(text: str) -> str:
    """Let carriage returns overwrite their line, as a terminal does."""
    if "\r" not in text:
        return text
    lines = text.split("\n")
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)


def quoted(value: object) -> str:
    """Show a value in a message: short, on one line, texts in quotation marks."""
    if isinstance(value, str) and _IS_NUMBER.fullmatch(value):
        return value
    shown = repr(value) if not isinstance(value, str) else repr(" ".join(value.split()))
    if len(shown) > EXCERPT_CHARACTERS:
        return shown[: EXCERPT_CHARACTERS - 1] + "…"
    return shown


def say(where: str, stored: object, fresh: object) -> str:
    """Word a difference of two values."""
    return f"{where}: stored {quoted(stored)}, now {quoted(fresh)}"


def compare_text(
    stored: str, fresh: str, where: str, *, count_lines: bool = True
) -> str | None:
    """Compare two texts token by token.

    Parameters
    ----------
    stored, fresh : str
        The text in the notebook file and the one just computed.  White space only
        parts tokens; how much of it stands there does not matter.
    where : str
        What the message begins with, such as ``"printed text"``.
    count_lines : bool
        Whether a message about a text of several lines gives the number of the line.

    Returns
    -------
    str or None
        One line that shows the first difference; None if there is none.

    Examples
    --------
    >>> compare_text("mean 0.1", "mean  0.10000000001", "text")
    >>> compare_text("12 rows", "13 rows", "text")
    "text: stored '12 rows', now '13 rows'"
    """
    if stored == fresh:
        return None
    stored, fresh = steady(stored), steady(fresh)
    for old, new in zip_longest(_TOKEN.finditer(stored), _TOKEN.finditer(fresh)):
        if old is None or new is None or not _same_token(old[0], new[0]):
            break
    else:
        return None
    place = (
        stored.count("\n", 0, old.start()) if old else fresh.count("\n", 0, new.start())
    )
    several = count_lines and "\n" in stored.strip()
    said = f"{where}, line {place + 1}" if several else where
    return f"{said}: stored {_around(stored, old)}, now {_around(fresh, new)}"


def same_text(stored: str, fresh: str) -> bool:
    """Tell whether two texts mean the same; see `compare_text`."""
    return compare_text(stored, fresh, "") is None


def _same_token(stored: str, fresh: str) -> bool:
    if stored == fresh:
        return True
    if not (_IS_NUMBER.fullmatch(stored) and _IS_NUMBER.fullmatch(fresh)):
        return False
    if _IS_WHOLE.fullmatch(stored) and _IS_WHOLE.fullmatch(fresh):
        return False  # equal whole numbers are written alike, 007 is no number
    return same_number(float(stored), float(fresh))


def _around(text: str, token: re.Match[str] | None) -> str:
    """Show the token with what stands around it in its line."""
    if token is None:
        return "nothing more" if text.strip() else "nothing"
    start = text.rfind("\n", 0, token.start()) + 1
    end = text.find("\n", token.end())
    end = len(text) if end < 0 else end
    if end - start > EXCERPT_CHARACTERS:
        start = max(start, token.start() - EXCERPT_CHARACTERS // 2)
        end = min(end, max(token.end(), start + EXCERPT_CHARACTERS))
    return quoted(text[start:end])
