"""Lists of primary institutions: who names what, and what counts as the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import load
from coursekit.institutions.overlap import as_sets

if TYPE_CHECKING:
    import pandas as pd

DATASET: Final = "primary_institutions"
CLASSIC: Final = ("Wight", "Bull", "Mayall", "Holsti", "James", "Jackson")
# From the finest way to tell institutions apart to the broadest.
LEVELS: Final = ("label_used", "institution_id", "family_id")
GRADING: Final = ("yes", "provisional", "no")

Lists = Mapping[str, Collection[str]]


def read_lists(
    authors: Iterable[str] = CLASSIC,
    *,
    by: str = "institution_id",
    split: Collection[str] = (),
    grading: Collection[str] = ("yes", "provisional"),
) -> dict[str, frozenset[str]]:
    """Read lists of primary institutions, as sets.

    Parameters
    ----------
    authors : iterable of str, default the six of ``CLASSIC``
        Whose lists; an author with several works in the data is named with the year,
        such as ``"Buzan 2004"``.
    by : {'institution_id', 'family_id', 'label_used'}
        What makes two entries the same: the coder's strict id, the coder's family, or
        the words used (a leading "the" does not count).
    split : collection of str, default none
        Ids to tell apart by the words used, or families to tell apart by id.
    grading : collection of {'yes', 'provisional', 'no'}
        Rows to keep, by ``use_in_grading``. Provisional rows are from memory and wait
        for somebody to check them against the book.

    Returns
    -------
    dict of str to frozenset of str
        In the order of ``authors``. An author of whom no row is kept is left out: that
        nothing was checked does not make an empty list.

    Raises
    ------
    UnknownNameError
        If an author, a column, an institution to split or a kind of row is not there.
    CoursekitError
        If the words used are to be split further.
    TypeError
        If one text stands where a list of names belongs.
    """
    for kind in _as_names("grading", grading):
        if kind not in GRADING:
            raise UnknownNameError("kind of row", kind, GRADING)
    rows = _choose(authors, by)
    entries = _split(rows, by, _as_names("split", split))
    rows = rows[rows["use_in_grading"].isin(list(grading))]
    return {
        str(name): frozenset(entries.loc[rows.index[rows["list"] == name]])
        for name in dict.fromkeys(rows["list"])
    }


def list_splits(
    authors: Iterable[str] = CLASSIC, *, by: str = "institution_id"
) -> tuple[str, ...]:
    """List the entries that finer names would tell apart.

    Parameters
    ----------
    authors, by
        As for `read_lists`.

    Returns
    -------
    tuple of str
        By alphabet; empty for the words used, which are the finest names.

    Raises
    ------
    UnknownNameError
        If an author or a column is not there.
    """
    rows = _choose(authors, by)
    if by == LEVELS[0]:
        return ()
    rows = rows[rows["use_in_grading"] != "no"]
    finer = _entries(rows, _finer(by)).groupby(_entries(rows, by)).nunique()
    return tuple(sorted(str(name) for name in finer.index[finer > 1]))


def read_families(lists: Lists) -> dict[str, str]:
    """Look up the family of each id in some lists, to merge them by family.

    Parameters
    ----------
    lists : mapping of str to collection of str
        Ids by author.

    Returns
    -------
    dict of str to str
        Family by id, for `normalise`.

    Raises
    ------
    UnknownNameError
        If an id is not in the data.
    """
    rows = load(DATASET)
    families = dict(zip(rows["institution_id"], rows["family_id"], strict=True))
    ids = sorted(_everything(lists), key=str)
    for name in ids:
        if name not in families:
            raise UnknownNameError("institution", name, families)
    return {name: str(families[name]) for name in ids}


def normalise(lists: Lists, merges: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Give several institutions one name.

    Parameters
    ----------
    lists : mapping of str to collection of str
        Institutions by author; left as they are.
    merges : mapping of str to str
        The name that each institution gets; those not named keep theirs.

    Returns
    -------
    dict of str to frozenset of str
        A list may become shorter, since two entries with one name are one.

    Raises
    ------
    UnknownNameError
        If an institution to be merged is in none of the lists.
    CoursekitError
        If one is merged into another that is itself merged into a third.
    TypeError
        If ``merges`` is no mapping, or a new name no text.

    Examples
    --------
    >>> lists = {"Invented A": {"trade", "war"}, "Invented B": {"market"}}
    >>> sorted(normalise(lists, {"trade": "market"})["Invented A"])
    ['market', 'war']
    """
    if not isinstance(merges, Mapping):
        raise TypeError(
            f"The merges were given as {type(merges).__name__}. Give a dict, such as "
            '{"trade": "market"}.'
        )
    known = _everything(lists)
    for name, to in merges.items():
        if name not in known:
            raise UnknownNameError("institution in these lists", name, known)
        if not isinstance(to, str):
            raise TypeError(f"{name!r} is to become {to!r}. Give a name, as text.")
        further = merges.get(to, to)
        if further != to:
            raise CoursekitError(
                f"{name!r} is to become {to!r}, and {to!r} is to become {further!r}. "
                f"Write {further!r} for both, or leave one of the two out."
            )
    return {
        author: frozenset(merges.get(name, name) for name in entries)
        for author, entries in as_sets(lists).items()
    }


def count_naming(lists: Lists) -> pd.Series[int]:
    """Count how many lists name each institution.

    Parameters
    ----------
    lists : mapping of str to collection of str
        Institutions by author; one named twice in a list counts once.

    Returns
    -------
    pandas.Series
        ``lists`` by institution, as ``Int64``; the most named first, then by alphabet.
    """
    import pandas as pd

    counts = _count(lists)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    index = pd.Index([name for name, _ in ordered], name="institution", dtype="string")
    return pd.Series([n for _, n in ordered], index=index, name="lists", dtype="Int64")


def common_core(lists: Lists, at_least: int | None = None) -> frozenset[str]:
    """Give the institutions that all lists name, or at least so many of them.

    Parameters
    ----------
    lists : mapping of str to collection of str
        Institutions by author.
    at_least : int, optional
        From 1 to the number of lists; all of them unless given.

    Returns
    -------
    frozenset of str
        Empty where no institution is named so often.

    Raises
    ------
    CoursekitError
        If there are no lists, or not so many.
    TypeError
        If ``at_least`` is no whole number.

    Examples
    --------
    >>> lists = {"Invented A": {"trade", "war"}, "Invented B": {"war"}}
    >>> sorted(common_core(lists))
    ['war']
    """
    counts = count_naming(lists)
    wanted = len(lists) if at_least is None else at_least
    if not isinstance(wanted, int):
        raise TypeError(
            f"A core of {wanted!r} lists was asked for. Give a whole number."
        )
    if not 1 <= wanted <= len(lists):
        raise CoursekitError(
            f"A core of {wanted} out of {len(lists)} lists was asked for. "
            "Give at least one list, and a number from 1 to how many there are."
        )
    return frozenset(str(name) for name in counts.index[counts >= wanted])


def who_adds(lists: Lists) -> dict[str, frozenset[str]]:
    """Give what each list names and no other.

    Parameters
    ----------
    lists : mapping of str to collection of str
        Institutions by author.

    Returns
    -------
    dict of str to frozenset of str
        By author, in their order; empty for one who names nothing alone.

    Examples
    --------
    >>> who_adds({"Invented A": {"trade", "war"}, "Invented B": {"war"}})
    {'Invented A': frozenset({'trade'}), 'Invented B': frozenset()}
    """
    counts = _count(lists)
    return {
        author: frozenset(name for name in entries if counts[name] == 1)
        for author, entries in as_sets(lists).items()
    }


def _everything(lists: Lists) -> set[str]:
    return {name for entries in as_sets(lists).values() for name in entries}


def _count(lists: Lists) -> Counter[str]:
    return Counter(name for entries in as_sets(lists).values() for name in entries)


def _as_names(what: str, given: Iterable[str]) -> tuple[str, ...]:
    if isinstance(given, Iterable) and not isinstance(given, str):
        names = tuple(given)
        if all(isinstance(name, str) for name in names):
            return names
    like = f", such as [{given!r}]" if isinstance(given, str) else ""
    raise TypeError(f"{what} was given as {given!r}. Give a list of names{like}.")


def _choose(authors: Iterable[str], by: str) -> pd.DataFrame:
    """Give all rows of these authors, in their order, with the name of their list."""
    if by not in LEVELS:
        raise UnknownNameError("way to tell institutions apart", by, LEVELS)
    rows = load(DATASET)
    author, year = rows["author"].astype("string"), rows["year"].astype("string")
    works = rows.groupby(author)["year"].transform("nunique")
    rows["list"] = author.where(works == 1, author + " " + year)
    chosen = tuple(dict.fromkeys(_as_names("authors", authors)))
    for name in chosen:
        if name not in set(rows["list"]):
            raise UnknownNameError("list by", name, set(rows["list"]))
    order = {name: place for place, name in enumerate(chosen)}
    rows = rows[rows["list"].isin(chosen)]
    return rows.sort_values("list", key=lambda names: names.map(order), kind="stable")


def _split(rows: pd.DataFrame, by: str, split: Collection[str]) -> pd.Series[str]:
    """Give the entry of each row, under a finer name where it is to be split."""
    entries = _entries(rows, by)
    if not split:
        return entries
    if by == LEVELS[0]:
        raise CoursekitError(
            f"{', '.join(split)} cannot be split: the words used are the finest that "
            "the data have. Split an id or a family."
        )
    for name in split:
        if name not in set(entries):
            raise UnknownNameError("institution to split", name, set(entries))
    finer = _entries(rows, _finer(by))
    return entries.where(~entries.isin(split), entries + ": " + finer)


def _finer(by: str) -> str:
    return LEVELS[LEVELS.index(by) - 1]


def _entries(rows: pd.DataFrame, by: str) -> pd.Series[str]:
    entries = rows[by].astype("string")
    if by != LEVELS[0]:
        return entries
    return entries.str.casefold().str.removeprefix("the ").str.strip()
