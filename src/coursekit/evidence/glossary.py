"""Terms of the course in English, Russian and Kazakh, each word with its standing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from coursekit.evidence.tables import load

LANGUAGES = {"russian": "ru", "kazakh": "kk"}
_MARKED = ("contested", "unverified")  # what a reader must not take as settled


@dataclass(frozen=True, kw_only=True)
class Translation:
    """A word for a term in another language.

    Parameters
    ----------
    language : {'russian', 'kazakh'}
        The column that it comes from.
    word : str
        In Cyrillic.
    status : {'official', 'attested', 'contested', 'unverified'}
        How sure the word is; the codebook says what each means.
    note : str
        What is contested or differs in meaning; empty if nothing is noted.
    source, pinpoint : str
        The text where the word was seen, by its key, and the place in it. Empty for
        unverified words.
    """

    language: str
    word: str
    status: str
    note: str
    source: str
    pinpoint: str

    @property
    def code(self) -> str:
        """The language as a browser and a screen reader know it."""
        return LANGUAGES[self.language]

    def to_text(self) -> str:
        """Write the word in its language, a mark where it is unsure, and the note."""
        mark = f" ({self.status})" if self.status in _MARKED else ""
        note = f": {self.note.rstrip('.')}." if self.note else "."
        word = f'<span lang="{self.code}">{escape(self.word)}</span>'
        return f"{self.language.capitalize()} {word}{mark}{note}"


def terms_of(lesson: int, *, root: Path | None = None) -> pd.DataFrame:
    """Pick the terms of a lesson.

    Parameters
    ----------
    lesson : int
        Its number, from 1.
    root : pathlib.Path, optional
        A folder of datasets; the course's own ``data`` unless given.

    Returns
    -------
    pandas.DataFrame
        Rows of the dataset ``glossary`` in the order of their English words; none if
        the lesson has no terms there.

    Raises
    ------
    UnknownNameError
        If there is no dataset ``glossary``.

    Examples
    --------
    >>> "consent" in set(terms_of(2)["term_id"])
    True
    """
    terms = load("glossary", root=root)
    here = [str(lesson) in str(numbers).split(";") for numbers in terms["lessons"]]
    return in_order(terms[here])


def in_order(terms: pd.DataFrame) -> pd.DataFrame:
    """Sort terms by their English words, capitals like small letters."""
    return terms.sort_values("english", key=lambda words: words.str.casefold())


def translations(term: pd.Series) -> Iterator[Translation]:
    """Give the words for a term; a language without one is left out.

    Parameters
    ----------
    term : pandas.Series
        A row of the dataset ``glossary``.
    """
    told = term.fillna("").astype(str)
    for language in LANGUAGES:
        if told[language]:
            yield Translation(
                language=language,
                word=told[language],
                status=told[f"{language}_status"],
                note=told[f"{language}_note"],
                source=told[f"source_{language}"],
                pinpoint=told[f"pinpoint_{language}"],
            )


def words_of(lesson: int, *, root: Path | None = None) -> str:
    """Write the terms that a lesson introduces as Markdown, for its end.

    Parameters
    ----------
    lesson : int
        Its number, from 1.
    root : pathlib.Path, optional
        A folder of datasets; the course's own ``data`` unless given.

    Returns
    -------
    str
        A heading and a list with citation keys, such as ``[@Nolte2010]``; empty if the
        lesson introduces no term.
    """
    terms = terms_of(lesson, root=root)
    first = terms["lessons"].str.split(";").str[0] == str(lesson)
    if not first.any():
        return ""
    lines = [_line(term) for _, term in terms[first].iterrows()]
    return "\n".join([_HEAD, *lines])


_HEAD = """\
## Words

Terms that this lesson introduces, with their Russian and Kazakh words.
*Contested* and *unverified* words are marked; the [codebook](../data/glossary/README.md) says what that means, and `load("glossary")` where each word was seen.
"""  # noqa: E501 - a line of prose is a sentence


def _line(term: pd.Series) -> str:
    meaning = f"{str(term['definition']).rstrip('.')} [@{term['source_1']}]."
    words = [word.to_text() for word in translations(term)]
    return " ".join([f"- **{term['english']}**: {meaning}", *words])
