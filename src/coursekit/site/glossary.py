"""The page of terms, from the dataset `glossary`."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from coursekit.errors import MalformedDataError
from coursekit.evidence.packages import read_text
from coursekit.evidence.sources import cite, source_columns
from coursekit.site.citations import anchor

_LANGUAGES = {"russian": "ru", "kazakh": "kk"}
_NOT_SHOWN = re.compile(
    r"term_id|english|russian|kazakh|definition|(source|pinpoint)\w*"
)
_NONE_YET = "# Glossary\n\nThis version of the course has no glossary yet.\n"
_OPENING = """\
# Glossary

%d terms of the course in English, Russian and Kazakh.
Who uses which word, and how sure the translations are, is told in the
[codebook](data/glossary/README.md).

"""


def glossary_page(root: Path) -> str:
    """Write the page of terms.

    Parameters
    ----------
    root : pathlib.Path
        The course's folder. Its dataset ``glossary`` has the columns ``term_id``,
        ``english``, ``russian`` and ``kazakh``; others are shown under their names.

    Returns
    -------
    str
        Markdown with a target ``term-...`` for each row; without the dataset a page
        that says so.

    Raises
    ------
    MalformedDataError
        If the dataset lacks the terms or their names.
    UnknownNameError
        If a term names a source that sources.bib does not have.
    """
    file = root / "data" / "glossary" / "glossary.csv"
    if not file.is_file():
        return _NONE_YET
    rows = csv.DictReader(read_text(file).splitlines(keepends=True))
    columns = rows.fieldnames or ()
    if not {"term_id", "english"} <= set(columns):
        found = ", ".join(columns) or "none"
        raise MalformedDataError(file, "the columns term_id and english", found, 1)
    terms = sorted(rows, key=lambda term: term["english"].casefold())
    return _OPENING % len(terms) + "\n".join(
        "\n".join(_entry(term, root / "data")) for term in terms
    )


def _entry(term: dict[str, str], data: Path) -> Iterator[str]:
    yield f"(term-{term['term_id']})="
    yield f"## {_plain(term['english'])}\n"
    words = [
        f"{name.capitalize()}: [{_plain(term[name])}]{{.language-{code}}}"
        for name, code in _LANGUAGES.items()
        if term.get(name)
    ]
    if words:
        yield "{.words}\n" + "\\\n".join(words) + "\n"
    if term.get("definition"):
        yield _plain(term["definition"]) + "\n"
    for name, value in term.items():
        if value and not _NOT_SHOWN.fullmatch(name):
            yield f"- {name.replace('_', ' ')}: {_plain(value)}"
    keys = [term[name] for name in source_columns(term) if term[name]]
    if keys:
        links = [f"[{_plain(cite(key, root=data))}](#{anchor(key)})" for key in keys]
        yield f"- sources: {'; '.join(links)}"
    yield ""


def _plain(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>{}$|#])", r"\\\1", " ".join(text.split()))
