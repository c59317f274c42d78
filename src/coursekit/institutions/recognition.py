"""How far UN texts recognise a body: from a claim, step by step, to a mandate.

`ladder` keeps the highest step reached so far, so it can rise and never fall.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import load
from coursekit.evidence.bounds import require_whole
from coursekit.institutions.documents import (
    NOT_COVERED,
    read_documents,
    require_table,
)

if TYPE_CHECKING:
    import pandas as pd

BODIES: Final = ("CIS", "CSTO")
LEVELS: Final[Mapping[int, str]] = MappingProxyType(
    {
        0: "claim or background",
        1: "status or notice",
        2: "cooperation or liaison",
        3: "operational arrangement",
        4: "mandate",
    }
)
# Which texts count: the types, and the body that must have adopted them (or any).
RULES: Final[Mapping[str, tuple[tuple[str, ...], str | None]]] = MappingProxyType(
    {
        "every text": ((), None),
        "adopted by or signed with the UN": (
            ("resolution", "declaration", "memorandum"),
            None,
        ),
        "resolutions only": (("resolution",), None),
        "Security Council resolutions": (("resolution",), "UNSC"),
    }
)
EVERY: Final = "every text"


@dataclass(frozen=True)
class Step:
    """A text that went higher than every text before it.

    Parameters
    ----------
    symbol : str
        The text, a key of ``un_documents``.
    date : pandas.Timestamp
        Its day.
    level : int
        0 to 4, a key of ``LEVELS``.
    """

    symbol: str
    date: pd.Timestamp
    level: int


@dataclass(frozen=True, repr=False)
class Ladder:
    """How far the texts recognise a body; prints as a sentence.

    Parameters
    ----------
    of : str
        The body.
    since : int or None
        First year of which texts count; None for all years up to the last.
    until : int
        Last year of which texts count.
    counted : int
        How many texts count.
    steps : tuple of Step
        The texts that reached a new height, in order of time; empty without texts.
    gap : str
        Why the years are not covered; empty if they are.
    """

    of: str
    since: int | None
    until: int
    counted: int
    steps: tuple[Step, ...]
    gap: str = ""

    @property
    def highest(self) -> int | None:
        """The highest step, 0 to 4; None without a text, which is no step 0."""
        return self.steps[-1].level if self.steps else None

    def __str__(self) -> str:
        from coursekit.charts.words import day_text

        years = "up to" if self.since is None else f"{self.since} to"
        head = f"{self.of} {years} {self.until}:"
        if self.gap:
            return f"{head} {NOT_COVERED}, for {self.gap}."
        if not self.steps:
            return f"{head} no text that counts, so no step; that is not step 0."
        top = self.steps[-1]
        noun = "text counts" if self.counted == 1 else "texts count"
        return (
            f"{head} {self.counted} {noun}. The highest step is {name_level(top.level)}"
            f", first reached on {day_text(top.date)} by {top.symbol}."
        )

    __repr__ = __str__


def name_level(level: int) -> str:
    """Write a level with its meaning.

    Examples
    --------
    >>> name_level(2)
    '2 (cooperation or liaison)'
    """
    return f"{level} ({LEVELS[level]})"


def concerns(documents: pd.DataFrame, body: str) -> pd.Series[bool]:
    """Say of each text whether it is coded as concerning a body.

    Parameters
    ----------
    documents : pandas.DataFrame
        With ``actor_concerned``: names joined by ``;`` or ``/``.
    body : str
        A name, such as ``"CSTO"``.

    Returns
    -------
    pandas.Series of bool
        By the index of ``documents``.

    Raises
    ------
    UnknownNameError
        If no text concerns such a body.
    """
    names = documents["actor_concerned"].astype("string").str.split(r"\s*[;/]\s*")
    listed = names.map(lambda cell: cell if isinstance(cell, list) else [])
    known = sorted({name for cell in listed for name in cell})
    if body not in known:
        raise UnknownNameError("body in these texts", str(body), known)
    return listed.map(lambda cell: body in cell).astype(bool)


def recode_levels(documents: pd.DataFrame, levels: Mapping[str, int]) -> pd.DataFrame:
    """Copy the texts with other levels for some of them.

    Parameters
    ----------
    documents : pandas.DataFrame
        With ``symbol`` and ``recognition_level``.
    levels : mapping of str to int
        Symbol and the level, 0 to 4, that it deserves.

    Returns
    -------
    pandas.DataFrame
        A copy; texts that are not named keep their level.

    Raises
    ------
    UnknownNameError
        If there is no such text or level.
    TypeError
        If ``levels`` is no mapping, or a level no whole number.
    """
    if not isinstance(levels, Mapping):
        raise TypeError(
            f"levels is a {type(levels).__name__}; give a dict of symbol and level, "
            'such as {"S/RES/937": 3}.'
        )
    copy = documents.copy()
    for symbol, level in levels.items():
        if symbol not in set(copy["symbol"]):
            raise UnknownNameError("text", str(symbol), map(str, copy["symbol"]))
        if require_whole(level, "level") not in LEVELS:
            raise UnknownNameError("level", str(level), map(str, LEVELS))
        copy.loc[copy["symbol"] == symbol, "recognition_level"] = level
    return copy


def select_documents(
    documents: pd.DataFrame,
    *,
    of: str = "CSTO",
    rule: str = EVERY,
    since: int | None = None,
    until: int | None = None,
) -> pd.DataFrame:
    """Keep the texts that count.

    Parameters
    ----------
    documents : pandas.DataFrame
        Texts of ``un_documents``.
    of : str, default "CSTO"
        Whose recognition; as for `concerns`.
    rule : str, default "every text"
        Which kinds of text count, a key of ``RULES``.
    since, until : int, optional
        First and last year, both included.

    Returns
    -------
    pandas.DataFrame
        The rows kept, in order of time.

    Raises
    ------
    UnknownNameError
        If there is no such body or rule.
    TypeError
        If a year is no whole number, or ``documents`` no table.
    """
    require_table(documents)
    if rule not in tuple(RULES):  # a tuple, so that a list gets the same answer
        raise UnknownNameError("rule", str(rule), RULES)
    types, adopter = RULES[rule]
    keep = concerns(documents, of)
    if types:
        keep &= documents["type"].astype("string").isin(types)
    if adopter is not None:
        keep &= documents["body"].astype("string") == adopter
    years = documents["date"].dt.year
    if since is not None:
        keep &= years >= require_whole(since, "year")
    if until is not None:
        keep &= years <= require_whole(until, "year")
    return documents[keep].sort_values("date", kind="stable")


def ladder(
    documents: pd.DataFrame | None = None,
    *,
    of: str = "CSTO",
    rule: str = EVERY,
    since: int | None = None,
    until: int | None = None,
    levels: Mapping[str, int] | None = None,
) -> Ladder:
    """Find the highest step of recognition, when it was reached and by which text.

    Parameters
    ----------
    documents : pandas.DataFrame, optional
        Texts of ``un_documents``; all of them if left out.
    of, rule, since, until
        As for `select_documents`. The years of all the texts if left out.
    levels : mapping of str to int, optional
        Symbols with the levels that they deserve, in place of the coded ones.

    Returns
    -------
    Ladder
        *Not covered* where the years lie before the body was founded or reach beyond
        the texts; without steps where no text counts.

    Raises
    ------
    UnknownNameError
        If there is no such body, rule, text or level.
    CoursekitError
        If ``documents`` has no row.
    TypeError
        If a year is no whole number, ``levels`` no mapping or ``documents`` no table.

    Notes
    -----
    Texts are ordered; the distances between the steps are not. The highest step can
    rise only: a text that withdraws recognition would not show here.
    """
    documents = read_documents() if documents is None else documents
    require_table(documents)
    documents = recode_levels(documents, {} if levels is None else levels)
    years = documents["date"].dt.year
    if documents.empty:
        raise CoursekitError("No text is given. Give rows of un_documents.")
    last = int(years.max()) if until is None else require_whole(until, "year")
    rows = select_documents(documents, of=of, rule=rule, since=since, until=last)
    if gap := _gap(of, since, last, years):
        return Ladder(of, since, last, 0, (), gap)
    height = rows["recognition_level"].astype(int)
    risen = height > height.cummax().shift(fill_value=-1)
    reached = rows[risen]
    cells = zip(reached["symbol"], reached["date"], height[risen], strict=True)
    steps = tuple(Step(str(symbol), day, int(level)) for symbol, day, level in cells)
    return Ladder(of, since, last, len(rows), steps)


def _gap(of: str, since: int | None, last: int, years: pd.Series[int]) -> str:
    """Say why years are not covered; an empty text if they are."""
    first = last if since is None else since
    if first <= years.max() and last < first:
        return "the last year lies before the first"
    if max(first, last) > years.max() or first < years.min():
        return f"the texts run from {years.min()} to {years.max()}"
    bodies = load("secondary_institutions").set_index("id")["founded"]
    if of in bodies.index and last < bodies[of].year:
        return f"the {of} was founded in {bodies[of].year}"
    return ""
