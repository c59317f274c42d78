"""Citation keys in prose: ``[@Key, para 246]`` becomes a short citation."""

from __future__ import annotations

import re
from collections.abc import Callable

_GROUP = re.compile(r"\[(@[^\]]+)\]")
_ONE = re.compile(r"@(?P<key>[\w:.+-]*\w)(?:,\s*(?P<pinpoint>.+))?", re.DOTALL)


def cited_keys(text: str) -> list[str]:
    """Name the keys that a text cites, in order, each once.

    Examples
    --------
    >>> cited_keys("So they say [@A2020, n 2; @B2021]; again [@A2020].")
    ['A2020', 'B2021']
    """
    keys = [
        match["key"]
        for group in _GROUP.findall(text)
        for part in group.split(";")
        if (match := _ONE.fullmatch(part.strip()))
    ]
    return list(dict.fromkeys(keys))


def resolve_citations(text: str, cite: Callable[[str, str | None], str]) -> str:
    """Put readable citations in the place of keys.

    Parameters
    ----------
    text : str
        Markdown with ``[@Key]``, ``[@Key, pinpoint]`` or ``[@A; @B, n 27]``.
    cite : callable
        Turns a key and a pinpoint, or ``None``, into a short citation.

    Returns
    -------
    str
        The text with each group of keys as one parenthesis.

    Examples
    --------
    >>> resolve_citations("So [@A, n 2; @B].", lambda key, pin: f"{key} ({pin})")
    'So (A (n 2); B (None)).'
    """

    def replace(group: re.Match[str]) -> str:
        cited = []
        for part in group[1].split(";"):
            match = _ONE.fullmatch(part.strip())
            if match is None:
                return group[0]
            pinpoint = match["pinpoint"]
            cited.append(
                cite(match["key"], " ".join(pinpoint.split()) if pinpoint else None)
            )
        return f"({'; '.join(cited)})"

    return _GROUP.sub(replace, text)
