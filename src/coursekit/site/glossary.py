"""The page of terms, and links to it from where a lesson first uses them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from coursekit.evidence.glossary import (
    Translation,
    in_order,
    terms_of,
    translations,
)
from coursekit.evidence.sources import cite
from coursekit.evidence.tables import dataset_names, load
from coursekit.site.citations import anchor

_NONE_YET = "# Glossary\n\nThis version of the course has no glossary yet.\n"
_OPENING = """\
# Glossary

%d terms of the course in English, Russian and Kazakh.
*Official* words stand in a legal text of the language, *attested* ones in another text;
*contested* words have rivals, and *unverified* ones were seen in no text.
The [codebook](data/glossary/README.md) says how they were chosen.

"""
# What no link may stand in: headings, code, links, and tags.
_CLOSED = r"^#[^\n]*|^```.*?^```|`[^`\n]*`|\[[^\]]*\]\([^)]*\)|<[^>\n]*>"


def glossary_page(root: Path) -> str:
    """Write the page of terms.

    Parameters
    ----------
    root : pathlib.Path
        The course's folder.

    Returns
    -------
    str
        Markdown with a target ``term-...`` for each term; without the dataset
        ``glossary`` a page that says so.

    Raises
    ------
    MalformedDataError
        If the dataset is not as its description says.
    UnknownNameError
        If a term names a source that sources.bib does not have.
    """
    data = root / "data"
    if "glossary" not in dataset_names(root=data):
        return _NONE_YET
    terms = in_order(load("glossary", root=data))
    entries = ("\n".join(_entry(term, data)) for _, term in terms.iterrows())
    return _OPENING % len(terms) + "\n".join(entries)


def term_linker(root: Path, lesson: int) -> Callable[[str], str]:
    """Make a function that links the first use of each of a lesson's terms.

    Parameters
    ----------
    root : pathlib.Path
        The course's folder; without the dataset ``glossary`` nothing is linked.
    lesson : int
        The lesson's number.

    Returns
    -------
    callable
        Takes Markdown of the lesson, cell after cell, and gives it with links.
    """
    data = root / "data"
    if "glossary" not in dataset_names(root=data):
        return lambda text: text
    terms = terms_of(lesson, root=data)
    ids = dict(zip(terms["english"].str.casefold(), terms["term_id"], strict=True))
    words = "|".join(re.escape(word) for word in sorted(ids, key=len, reverse=True))
    if not words:
        return lambda text: text
    used = re.compile(
        rf"{_CLOSED}|(?<![\w-])(?P<term>{words})(?:s|es)?(?![\w-])",
        re.MULTILINE | re.DOTALL | re.IGNORECASE,
    )

    def replace(found: re.Match[str]) -> str:
        name = ids.pop((found["term"] or "").casefold(), None)
        return f"[{found[0]}](#term-{name}){{.term}}" if name else found[0]

    return lambda text: used.sub(replace, text)


def _entry(term: pd.Series, data: Path) -> Iterator[str]:
    yield f"(term-{term['term_id']})="
    yield f"## {term['english']}\n"
    yield f"{_plain(term['definition'])} ({_cite(term['source_1'], data)})\n"
    for word in translations(term):
        yield f"- {_translation(word, data)}"
    numbers = str(term["lessons"]).split(";")
    noun = "Lesson" if len(numbers) == 1 else "Lessons"
    yield f"- {noun} {', '.join(_lesson(number, data.parent) for number in numbers)}\n"


def _translation(word: Translation, data: Path) -> str:
    told = [word.status]
    if word.source:
        place = f", {_plain(word.pinpoint)}" if word.pinpoint else ""
        told.append(f"{_cite(word.source, data)}{place}")
    name = word.language.capitalize()
    noted = f" {_plain(word.note)}" if word.note else ""
    marked = f'<span class="word" lang="{word.code}">{_plain(word.word)}</span>'
    return f"{name} {marked}: {'; '.join(told)}.{noted}"


def _lesson(number: str, root: Path) -> str:
    path = next(iter(root.glob(f"lessons/{int(number):02d}_*.ipynb")), None)
    return f"[{number}](/lessons/{path.name})" if path else number


def _cite(key: str, data: Path) -> str:
    return f"[{_plain(cite(key, root=data))}](#{anchor(key)})"


def _plain(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>{}$|#])", r"\\\1", " ".join(text.split()))
