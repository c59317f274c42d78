"""sources.bib as works: names, plain text, and short labels that tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares import (
    LatexDecodingMiddleware,
    NameParts,
    SeparateCoAuthors,
    SplitNameParts,
)
from bibtexparser.model import (
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    Field,
    ImplicitComment,
    ParsingFailedBlock,
)

from coursekit.errors import MalformedDataError
from coursekit.evidence.packages import read_text

BIBLIOGRAPHY = "sources.bib"

_PLAIN_FIELDS = frozenset({"url", "doi"})  # where % and _ are just letters
_PEOPLE = ("author", "editor")
_LONGEST_TITLE = 60  # characters of a title that stands for an author


@dataclass(frozen=True)
class Work:
    """One entry of sources.bib in plain text.

    Parameters
    ----------
    key : str
        Its key.
    line : int
        The line of sources.bib on which it starts.
    names : tuple of (str, str)
        Family and given names of the authors, or of the editors if it has no author;
        a body has no given name.
    edited : bool
        Whether the names are those of editors.
    fields : mapping of str to str
        All other fields without LaTeX.
    """

    key: str
    line: int
    names: tuple[tuple[str, str], ...]
    edited: bool
    fields: Mapping[str, str]

    @property
    def year(self) -> str:
        """The year, or ``n.d.`` where there is none."""
        year = self.fields.get("year") or self.fields.get("date", "")[:4]
        return year or "n.d."

    def label(self, suffix: str = "") -> str:
        """Names and year, or title and (year); a suffix tells equal ones apart."""
        families = [family for family, _given in self.names]
        year = self.year + suffix
        if not families:
            title = self._short_title()
            return title + suffix if self.year in title else f"{title} ({year})"
        if len(families) == 1:
            return f"{families[0]} {year}"
        if len(families) == 2 and families[1] != "others":
            return f"{families[0]} and {families[1]} {year}"
        return f"{families[0]} and others {year}"

    def _short_title(self) -> str:
        title = self.fields.get("shorttitle")
        if title:
            return title
        title = re.split(r": | \(", self.fields["title"])[0]
        if len(title) > _LONGEST_TITLE:
            title = title[:_LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(",;") + " …"
        # A title in brackets is our translation of it.
        return title + "]" if title.startswith("[") and "]" not in title else title


@dataclass(frozen=True)
class Shelf:
    """All works by key, and the suffix (a, b, …) of those whose labels are equal."""

    works: Mapping[str, Work]
    suffixes: Mapping[str, str]

    def label(self, key: str) -> str:
        """Give the label of a work, with its suffix."""
        return self.works[key].label(self.suffixes[key])


def open_shelf(file: Path) -> Shelf:
    """Read a bibliography, or take it from memory while the file is as it was.

    Raises
    ------
    MalformedDataError
        If the file is not there, or an entry cannot be read, comes twice or has no
        title; names the line.
    """
    try:
        stat = file.stat()
    except OSError as fault:
        raise MalformedDataError(file, "a file", fault.strerror or "none") from None
    return _read_shelf(file, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _read_shelf(file: Path, _changed: int, _size: int) -> Shelf:
    library = parse_string(
        read_text(file),
        append_middleware=[
            SeparateCoAuthors(name_fields=_PEOPLE),
            SplitNameParts(name_fields=_PEOPLE),
        ],
    )
    _refuse_faults(library, file)
    decoder = LatexDecodingMiddleware()
    works = {entry.key: _read_work(entry, decoder, file) for entry in library.entries}
    return Shelf(works, _suffixes(works.values()))


def _refuse_faults(library: Library, file: Path) -> None:
    for block in library.blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, DuplicateBlockKeyBlock):
            raise MalformedDataError(file, "each key once", f"{block.key} again", line)
        if isinstance(block, DuplicateFieldKeyBlock):
            twice = ", ".join(sorted(block.duplicate_keys))
            raise MalformedDataError(file, "each field once", f"{twice} again", line)
        if isinstance(block, ParsingFailedBlock):
            found = str(getattr(block.error, "abort_reason", block.error))
            raise MalformedDataError(file, "a BibTeX entry", found.rstrip("."), line)
        if isinstance(block, ImplicitComment):
            for text in block.comment.splitlines():
                if text.strip() and not text.lstrip().startswith("%"):
                    raise MalformedDataError(
                        file, "an entry (@...) or a comment (%...)", repr(text), line
                    )


def _read_work(entry: Entry, decoder: LatexDecodingMiddleware, file: Path) -> Work:
    line = (entry.start_line or 0) + 1
    people = next((kind for kind in _PEOPLE if kind in entry.fields_dict), "")
    parts = entry.fields_dict[people].value if people else []
    plain = _decode(entry, parts, decoder, file)
    if not plain.get("title"):
        raise MalformedDataError(file, f"a title of {entry.key}", "none", line)
    names = [
        (plain.pop(f"family {place}"), plain.pop(f"given {place}"))
        for place in range(len(parts))
    ]
    return Work(entry.key, line, tuple(names), people == "editor", plain)


def _decode(
    entry: Entry, parts: list[NameParts], decoder: LatexDecodingMiddleware, file: Path
) -> dict[str, str]:
    """Turn LaTeX into text; only where there is any, since decoding is slow."""
    texts = {
        name.lower(): str(field.value)
        for name, field in entry.fields_dict.items()
        if name not in _PEOPLE
    }
    address = re.search(r"\\url\{([^}]*)\}", texts.get("howpublished", ""))
    if address:
        texts.setdefault("url", address[1])
        texts["howpublished"] = texts["howpublished"].replace(address[0], "").strip()
    for place, part in enumerate(parts):
        texts[f"family {place}"] = " ".join([*part.von, *part.last, *part.jr])
        texts[f"given {place}"] = " ".join(part.first)
    latex = [
        Field(name, text)
        for name, text in texts.items()
        if name not in _PLAIN_FIELDS and re.search(r"[\\{}~$`]|''|--", text)
    ]
    decoded = decoder.transform_entry(Entry("misc", entry.key, latex), Library())
    if not isinstance(decoded, Entry):
        line = (entry.start_line or 0) + 1
        raise MalformedDataError(file, "LaTeX that can be read", entry.key, line)
    texts |= {field.key: str(field.value) for field in decoded.fields}
    return {
        name: " ".join(text.replace("`", "'").split()) for name, text in texts.items()
    }


def _suffixes(works: Iterable[Work]) -> dict[str, str]:
    """Tell equal labels apart in the order of the file, so that new works come last."""
    shared: dict[str, list[str]] = {}
    for work in works:
        shared.setdefault(work.label(), []).append(work.key)
    return {
        key: _letters(place) if len(keys) > 1 else ""
        for keys in shared.values()
        for place, key in enumerate(keys)
    }


def _letters(place: int) -> str:
    letter = chr(ord("a") + place % 26)
    return letter if place < 26 else _letters(place // 26 - 1) + letter
