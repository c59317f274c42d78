"""Which names a source defines, guessed without running or parsing it."""

from __future__ import annotations

import re

_MOST_CHARACTERS = 200_000  # no honest cell has more
_LINE_END = re.compile(r"[\n;]")
_SCOPES = ("def ", "class ", "async def ")
_NAMED = re.compile(r"\b(?:def|class)\s+([^\W\d]\w*)")
_TARGETS = re.compile(r"[\w\s,*]+")
_WORD = re.compile(r"[^\W\d]\w*")


def words_of(source: str) -> frozenset[str]:
    """Name every word in a source that could be a name."""
    return frozenset(_WORD.findall(source))


def code_lines(source: str) -> list[str]:
    """List the lines of a source that are neither blank nor comments."""
    return [
        line for line in source.splitlines() if line.strip(" \t")[:1] not in ("", "#")
    ]


def defined_names(source: str, *, scopes: bool = True) -> frozenset[str]:
    r"""Name what a source seems to define outside of its functions and classes.

    A guess by lines, because a student's cell may hold magics, errors, or more than a
    parser bears.

    Parameters
    ----------
    source : str
        Source of a cell; of a very long one only the beginning is read.
    scopes : bool, default True
        Whether functions and classes count, and not only what is assigned.

    Returns
    -------
    frozenset of str
        The names.

    Examples
    --------
    >>> sorted(defined_names("%%time\ndef f(n):\n    m = n\na, b = f(1)"))
    ['a', 'b', 'f']
    """
    names: set[str] = set()
    in_scope = False
    for line in _LINE_END.split(source[:_MOST_CHARACTERS]):
        if line[:1].strip() not in ("", ")", "#"):
            in_scope = False
        if not in_scope and line.lstrip().startswith(_SCOPES):
            in_scope = True
            names.update(_NAMED.findall(line) if scopes else ())
        target, sign, value = line.partition("=")
        target = target.partition(":")[0].rstrip(" +-*/|&^%@")
        if sign and not in_scope and value[:1] != "=" and _TARGETS.fullmatch(target):
            names.update(_WORD.findall(target))
    return frozenset(names)
