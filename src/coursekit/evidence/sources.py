"""The sources of rows and lessons: short citations and full entries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence.rivals import names_in
from coursekit.evidence.tables import data_root, dataset_names, open_dataset
from coursekit.evidence.works import BIBLIOGRAPHY, Shelf, Work, open_shelf

SOURCE_COLUMN = re.compile(r"source(_\w+)?")  # source, source_1, source_called, ...

_WHOLES = ("journal", "journaltitle", "booktitle")
_PUBLISHED = ("howpublished", "type", "institution", "publisher")


@dataclass(frozen=True, repr=False)
class Bibliography:
    """Works in full, one line each; prints as a list.

    Parameters
    ----------
    keys : tuple of str
        Keys of the works, in the order of the list.
    lines : tuple of str
        The works as plain text.
    markdown : tuple of str
        The works as Markdown, with links.
    """

    keys: tuple[str, ...]
    lines: tuple[str, ...]
    markdown: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.keys)

    def __str__(self) -> str:
        return "\n".join(self.lines)

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return "\n".join(f"- {line}" for line in self.markdown)


def source_keys(*, root: Path | None = None) -> tuple[str, ...]:
    """List the keys of the course's sources.

    Parameters
    ----------
    root : pathlib.Path, optional
        A folder with sources.bib; the course's own ``data`` unless given.

    Returns
    -------
    tuple of str
        In the order of the file.

    Raises
    ------
    MalformedDataError
        If sources.bib cannot be read.
    """
    return tuple(_shelf(root).works)


def cite(key: str, pinpoint: str | None = None, *, root: Path | None = None) -> str:
    """Cite a source in short.

    Parameters
    ----------
    key : str
        Key of the source.
    pinpoint : str, optional
        Where in the source: ``"n 27"``, ``"para 246"``.
    root : pathlib.Path, optional
        A folder with sources.bib; the course's own ``data`` unless given.

    Returns
    -------
    str
        Names and year, or title and (year) where nobody is named; works of one label
        in one year are told apart by a letter.

    Raises
    ------
    UnknownNameError
        If there is no such source.
    MalformedDataError
        If sources.bib cannot be read.

    Examples
    --------
    >>> cite("Hasar2022", "para 3")
    'Hasar 2022, para 3'
    >>> cite("UNSC940")
    'UNSC Res 940 (1994)'
    """
    known = source_keys(root=root)
    if key not in known:
        raise UnknownNameError("source", key, known)
    label = _shelf(root).label(key)
    return f"{label}, {pinpoint}" if pinpoint else label


def bibliography(
    what: str | Iterable[str] | pd.DataFrame, *, root: Path | None = None
) -> Bibliography:
    """List sources in full.

    Parameters
    ----------
    what : str, iterable of str or pandas.DataFrame
        Keys, or a dataset by name (its rows and its readings), or a frame with
        columns ``source_1`` and ``source_2``, or ``source``.
    root : pathlib.Path, optional
        A folder of datasets with sources.bib; the course's own ``data`` unless given.

    Returns
    -------
    Bibliography
        Each work once, in alphabetical order.

    Raises
    ------
    UnknownNameError
        If there is no such source or dataset.
    CoursekitError
        If the frame has no column of sources.
    MalformedDataError
        If sources.bib or the dataset cannot be read.

    Examples
    --------
    >>> bibliography(["UNSC940", "Hasar2022"]).keys
    ('Hasar2022', 'UNSC940')
    """
    shelf = _shelf(root)
    keys = _find_keys(what, shelf, root)
    for key in keys:
        if key not in shelf.works:
            raise UnknownNameError("source", key, shelf.works)
    return list_works(keys, shelf)


def list_works(
    keys: Iterable[str], shelf: Shelf, *, suffixes: bool = True
) -> Bibliography:
    """List works of a shelf in full; without suffixes for a text that stands alone."""

    def order(key: str) -> tuple[str, str, str]:
        plain = unicodedata.normalize("NFKD", shelf.label(key)).casefold()
        letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
        return letters, shelf.works[key].fields["title"], key

    keys = tuple(sorted(set(keys), key=order))
    suffix = shelf.suffixes if suffixes else dict.fromkeys(keys, "")
    return Bibliography(
        keys,
        tuple(_line(shelf.works[key], suffix[key]) for key in keys),
        tuple(_line(shelf.works[key], suffix[key], markdown=True) for key in keys),
    )


def source_columns(names: Iterable[object]) -> list[str]:
    """Pick the columns that hold keys of sources, by their names."""
    return [str(name) for name in names if SOURCE_COLUMN.fullmatch(str(name))]


def keys_in(frame: pd.DataFrame) -> list[str]:
    """List the keys in the source columns of a frame, each once.

    Raises
    ------
    CoursekitError
        If the frame has no column of sources.
    """
    columns = source_columns(frame.columns)
    if not columns:
        raise CoursekitError(
            "The frame has no column of sources, such as source or source_1. "
            f"It has: {', '.join(map(str, frame.columns))}."
        )
    cells = pd.concat([frame[name].astype("string") for name in columns])
    return [str(key) for key in cells.dropna().unique()]


def _shelf(root: Path | None) -> Shelf:
    return open_shelf(data_root(root) / BIBLIOGRAPHY)


def _find_keys(
    what: str | Iterable[str] | pd.DataFrame, shelf: Shelf, root: Path | None
) -> list[str]:
    if isinstance(what, pd.DataFrame):
        return keys_in(what)
    if not isinstance(what, str) or what in shelf.works:
        return names_in(what)
    datasets = dataset_names(root=root)
    if what not in datasets:
        raise UnknownNameError("source or dataset", what, [*datasets, *shelf.works])
    dataset = open_dataset(what, root=root)
    return keys_in(dataset.base) + keys_in(dataset.rivals.frame)


def _line(work: Work, suffix: str, *, markdown: bool = False) -> str:
    """Write one work: names (year). Title. Where it appeared. Link."""
    mark = _escape if markdown else str
    star = "*" if markdown else ""
    fields = work.fields
    within = next((fields[name] for name in _WHOLES if fields.get(name)), "")
    title = mark(fields["title"])
    title = title if within else f"{star}{title}{star}"
    year = f"({work.year}{suffix})"
    names = mark(_names(work))
    parts = (
        [f"{names} {year}.", _ended(title)] if names else [_ended(f"{title} {year}")]
    )
    if within:
        where = "In " if "booktitle" in fields else ""
        parts.append(_ended(f"{where}{star}{mark(within)}{star}{mark(_place(fields))}"))
    said = {"", work.names[0][0] if work.names else ""}
    published = [fields.get(name, "") for name in _PUBLISHED]
    parts += [_ended(mark(where)) for where in published if where not in said]
    link = _link(fields)
    if link:
        parts.append(f"<{link}>" if markdown else link)
    return " ".join(parts)


def _names(work: Work) -> str:
    names = "; ".join(
        f"{family}, {given}" if given else family for family, given in work.names
    )
    editors = " (ed)" if len(work.names) == 1 else " (eds)"
    return names + (editors if work.edited else "")


def _place(fields: Mapping[str, str]) -> str:
    """Volume, number, chapter and pages of what appeared in something larger."""
    volume, number = fields.get("volume", ""), fields.get("number", "")
    place = f" {volume}" if volume else ""
    if number:
        place += f"({number})" if volume else f" no {number}"
    if fields.get("chapter"):
        place += f", ch {fields['chapter']}"
    if fields.get("pages"):
        place += f", {fields['pages']}"
    return place


def _link(fields: Mapping[str, str]) -> str:
    if fields.get("doi"):
        return "https://doi.org/" + re.sub(
            r"^https?://(dx\.)?doi\.org/", "", fields["doi"]
        )
    return fields.get("url", "")


def _ended(sentence: str) -> str:
    return sentence if re.search(r"[.?!…][*]?$", sentence) else sentence + "."


def _escape(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>$|])", r"\\\1", text)
