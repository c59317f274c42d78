"""The doctrines and the cases of the course's data, and the facts that join them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from coursekit.errors import MalformedDataError, UnknownNameError
from coursekit.law.doctrines import Case, Doctrine
from coursekit.law.requirements import parse_requirements

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

OUTSIDE = "x:"  # marks a fact that the data do not hold
_FILE = Path("data/doctrines/doctrines.csv")


@cache
def vocabulary() -> Mapping[str, tuple[str, ...]]:
    """List every fact that a doctrine asks for, with the values it can take.

    Returns
    -------
    mapping of str to tuple of str
        Read-only. Facts from the data carry the categories of the codebook of
        ``interventions``; facts outside it (``x:``) take ``yes`` and ``no``. Unknown
        is always possible and is no value.

    Raises
    ------
    MalformedDataError
        If a doctrine asks for a fact that is neither coded nor marked ``x:``, or for a
        value that the fact cannot take.
    """
    from coursekit.evidence import load

    cases = load("interventions")
    coded = cases.select_dtypes("category")
    tests = [need for d in read_doctrines().values() for need in d.requirements]
    facts: dict[str, tuple[str, ...]] = {}
    for fact in dict.fromkeys(need.fact for need in tests):
        if fact.startswith(OUTSIDE):
            facts[fact] = ("yes", "no")
        elif fact in coded:
            facts[fact] = tuple(str(value) for value in coded[fact].cat.categories)
        else:
            expected = f"a fact with {OUTSIDE} or one of {', '.join(coded.columns)}"
            raise MalformedDataError(_FILE, expected, fact, column="required_facts")
    for need in tests:
        known = facts[need.fact]
        if not set(need.values) <= set(known):  # it would never hold, and nobody see
            expected = f"{need.fact} with values among {', '.join(known)}"
            raise MalformedDataError(_FILE, expected, str(need), None, "required_facts")
    return MappingProxyType(facts)


def read_doctrines(table: pd.DataFrame | None = None) -> dict[str, Doctrine]:
    """Read the doctrines of the dataset ``doctrines`` or of a table.

    Parameters
    ----------
    table : pandas.DataFrame, optional
        One row for each doctrine, with the columns of the dataset.

    Returns
    -------
    dict of str to Doctrine
        By ``doctrine_id``, in the order of the table.

    Raises
    ------
    MalformedDataError
        If a row's ``required_facts`` cannot be read.
    """
    if table is None:
        return dict(_course_doctrines())
    doctrines = {}
    for line, row in enumerate(table.to_dict("records"), start=2):
        pairs = [(row[f"source_{n}"], row[f"pinpoint_{n}"]) for n in (1, 2)]
        doctrines[str(row["doctrine_id"])] = Doctrine(
            doctrine_id=str(row["doctrine_id"]),
            name=str(row["name"]),
            statement=str(row["statement"]),
            requirements=parse_requirements(_text(row["required_facts"]), row=line),
            authority=_text(row["authority"]),
            sources=tuple((_text(key), _text(pin)) for key, pin in pairs if _text(key)),
            met_means=_text(row.get("met_means")),
        )
    return doctrines


@cache
def _course_doctrines() -> dict[str, Doctrine]:
    from coursekit.evidence import load

    return read_doctrines(load("doctrines"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def read_cases(table: pd.DataFrame | None = None) -> dict[str, Case]:
    """Read the cases of the dataset ``interventions`` or of a table.

    Parameters
    ----------
    table : pandas.DataFrame, optional
        One row for each case, with the columns of the dataset; ``case_id`` may be the
        index. Missing cells are unknown facts.

    Returns
    -------
    dict of str to Case
        By ``case_id``, in the order of the table.

    Raises
    ------
    UnknownNameError
        If the table has ``case_id`` neither as a column nor as its index.
    """
    made = [Case.from_row(row) for _, row in _identified(table).iterrows()]
    return {case.case_id: case for case in made}


def find_case(case_id: str, table: pd.DataFrame | None = None) -> Case:
    """Find one case, in the dataset ``interventions`` or in a table.

    Parameters
    ----------
    case_id : str
        Such as ``"KAZ2022"``.
    table : pandas.DataFrame, optional
        As `read_cases` takes it, for example under another reading.

    Returns
    -------
    Case
        Its coded facts; what the table leaves open is unknown.

    Raises
    ------
    UnknownNameError
        If the table has no such case, or no ``case_id`` at all.
    """
    table = _identified(table)
    found = read_cases(table[table["case_id"] == case_id])
    if case_id not in found:
        raise UnknownNameError("case", case_id, map(str, table["case_id"]))
    return found[case_id]


def read_notes(case_id: str | None = None) -> pd.DataFrame:
    """Read what the coders noted on single cells of the dataset ``interventions``.

    Parameters
    ----------
    case_id : str, optional
        Such as ``"KAZ2022"``; the notes on all cases if left out.

    Returns
    -------
    pandas.DataFrame
        ``case_id``, ``field`` (the column that the note is on; ``case_id`` for a note
        on the whole case), ``checked`` (boolean: seen in a look-up, or else general
        knowledge) and ``note``. No rows where nothing was noted on a case.

    Raises
    ------
    UnknownNameError
        If there is no such case.
    """
    from coursekit.evidence.packages import read_cells
    from coursekit.evidence.tables import open_dataset

    package = open_dataset("interventions").package
    notes = read_cells(package.resources["notes"]).frame()
    if case_id is None:
        return notes
    find_case(case_id)
    return notes[notes["case_id"] == case_id].reset_index(drop=True)


def _identified(table: pd.DataFrame | None) -> pd.DataFrame:
    """Take the course's own cases if none are given, and find their ids."""
    if table is None:
        from coursekit.evidence import load

        return load("interventions")
    if "case_id" in table.columns:
        return table
    if table.index.name != "case_id":
        raise UnknownNameError("column", "case_id", map(str, table.columns))
    return table.reset_index()


def find_doctrine(doctrine_id: str) -> Doctrine:
    """Find one doctrine of the dataset ``doctrines``.

    Parameters
    ----------
    doctrine_id : str
        Such as ``"D24"``.

    Returns
    -------
    Doctrine
        With its requirements, authority and sources.

    Raises
    ------
    UnknownNameError
        If there is no such doctrine.
    """
    known = _course_doctrines()
    if doctrine_id not in known:
        raise UnknownNameError("doctrine", doctrine_id, known)
    return known[doctrine_id]
