"""A text in Markdown as paragraphs and sentences, for `coursekit.evidence.memos`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

GROUP = re.compile(r"\[@[^\]]*\]")  # a citation, such as [@Key, n 2; @Other]
_CODE = re.compile(r"`([^`]+)`")
_ENTRY = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")  # of a list
_LIMITS = re.compile(r"\bcannot\b|\bcan not\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_OWN = re.compile(r"(?:I|We|My|Our|This memo|In this memo)\b")  # speaks of the memo
# No sentence ends after these, nor after one letter with a full stop.
_SHORT = r"(?<!\bArt\.)(?<!\bArts\.)(?<!\bNo\.)(?<!\bRes\.)(?<!\bpara\.)(?<!\b\w\.)"
_END = re.compile(rf"(?<=[.!?]){_SHORT}\s+(?=[\"'(`*\w\x00])")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a text.

    Parameters
    ----------
    text : str
        On one line, without the mark of a list.
    limits : bool
        Whether it stands under a heading with "cannot".
    """

    text: str
    limits: bool

    @property
    def sentences(self) -> tuple[str, ...]:
        """Its sentences, each with its citations."""
        groups = GROUP.findall(self.text)
        found = iter(groups)  # a full stop inside a citation ends no sentence
        masked = GROUP.sub("\x00", self.text)
        return tuple(
            re.sub("\x00", lambda _: next(found), part) for part in _END.split(masked)
        )

    @property
    def states(self) -> bool:
        """Whether it has a figure, or claims something about the world."""
        bare = GROUP.sub("", _CODE.sub("", self.text))
        if re.search(r"\d", _YEAR.sub("", bare)):
            return True
        claims = [s for s in self.sentences if "?" not in s and not _OWN.match(s)]
        return bool(claims) and not self.limits


def read_paragraphs(text: str) -> tuple[Paragraph, ...]:
    r"""Read the paragraphs of a text, headings left out.

    Parameters
    ----------
    text : str
        Markdown: an empty line ends a paragraph, an entry of a list is one.

    Returns
    -------
    tuple of Paragraph
        In their order.

    Examples
    --------
    >>> [part.limits for part in read_paragraphs("One.\n\n## Cannot\nTwo.")]
    [False, True]
    """
    return tuple(_paragraphs(text))


def names_in_code(text: str) -> frozenset[str]:
    """Name what stands in backticks.

    Examples
    --------
    >>> sorted(names_in_code("`shutdowns` and `deployments`"))
    ['deployments', 'shutdowns']
    """
    return frozenset(name.strip() for name in _CODE.findall(text))


def _paragraphs(text: str) -> Iterator[Paragraph]:
    limits, lines = False, list[str]()
    for line in [*text.splitlines(), ""]:
        heading = line.lstrip().startswith("#")
        if lines and (heading or not line.strip() or _ENTRY.match(line)):
            yield Paragraph(" ".join(lines), limits)
            lines = []
        if heading:
            limits = bool(_LIMITS.search(line))
        elif line.strip():
            lines.append(_ENTRY.sub("", line).strip())
