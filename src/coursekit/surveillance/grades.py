"""Grading evidence by a written rule, and the rule beside the grades given by hand.

A grade is about the evidence for a report, never about what the system does: a plan in
an official document has grade A and may never be built.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.surveillance.supply import DEPLOYMENTS, GRADES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

# Where a report starts, by what it rests on.
STARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "official_document": "A",
        "named_official": "A",
        "report": "B",
        "single_media": "C",
        "claim": "D",
    }
)
# Each of these takes one step down.
STEPS_DOWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "maker_inferred": "the maker is inferred and not named",
        "number_conflicts": "sources differ by more than a third on a number",
        "party_alone": "the outlet is party to the dispute, and alone",
        "repost": "the text is a copy of another",
    }
)


def grade_evidence(
    basis: str, *, down: str | Iterable[str] = (), independent: bool = False
) -> str:
    """Grade the evidence for a report from A, the best, to D.

    Parameters
    ----------
    basis : str
        What the report rests on, a key of `STARTS`.
    down : str or iterable of str, optional
        Reasons to step down, keys of `STEPS_DOWN`; one step for each, once.
    independent : bool, default False
        Whether two independent sources of different ownership agree on supplier and
        place: one step up.

    Returns
    -------
    str
        ``"A"``, ``"B"``, ``"C"`` or ``"D"``.

    Raises
    ------
    UnknownNameError
        If there is no such basis or reason.
    TypeError
        If ``independent`` is neither true nor false, or ``down`` holds no names.

    Notes
    -----
    The rule is the course's own. The steps down come first and end at D; the step up
    comes last and never leads to A, which is kept for what an office says itself.

    Examples
    --------
    >>> grade_evidence("named_official", down=["number_conflicts"])
    'B'
    >>> grade_evidence("single_media", independent=True)
    'B'
    >>> grade_evidence("report", independent=True)
    'B'
    """
    if basis not in STARTS:
        raise UnknownNameError("basis of evidence", str(basis), STARTS)
    reasons = _reasons(down)
    if not isinstance(independent, bool):
        raise TypeError(f"independent is {independent!r}; give True or False.")
    place = min(GRADES.index(STARTS[basis]) + len(reasons), len(GRADES) - 1)
    if independent and place > 1:
        place -= 1
    return GRADES[place]


def explain_grade(
    basis: str, *, down: str | Iterable[str] = (), independent: bool = False
) -> str:
    """Say step by step how a grade comes about.

    Parameters
    ----------
    basis, down, independent
        As for `grade_evidence`.

    Returns
    -------
    str
        One sentence.

    Raises
    ------
    UnknownNameError, TypeError
        As `grade_evidence`.

    Examples
    --------
    >>> explain_grade("claim", independent=True)
    'It starts at D (claim); up: two independent sources agree; so C.'
    """
    grade = grade_evidence(basis, down=down, independent=independent)
    steps = [f"It starts at {STARTS[basis]} ({basis.replace('_', ' ')})"]
    steps += [f"down: {STEPS_DOWN[reason]}" for reason in _reasons(down)]
    if independent:
        steps.append("up: two independent sources agree")
    return f"{'; '.join(steps)}; so {grade}."


def read_grades(table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Read reports with the grade by the rule beside the grade given by hand.

    Parameters
    ----------
    table : pandas.DataFrame, optional
        With ``evidence_basis``, ``evidence_down`` (reasons joined by ``"; "``; missing
        means none) and ``independent_sources``; the dataset ``deployments`` if left
        out.

    Returns
    -------
    pandas.DataFrame
        The table with ``rule_grade`` (string) as its last column.

    Raises
    ------
    UnknownNameError
        If the table lacks a column or has an unknown basis or reason.
    """
    from coursekit.evidence import load

    table = load(DEPLOYMENTS) if table is None else table
    for column in ("evidence_basis", "evidence_down", "independent_sources"):
        if column not in table:
            raise UnknownNameError("column", column, map(str, table.columns))
    down = table["evidence_down"].fillna("").str.split("; ")
    grades = [
        grade_evidence(
            str(basis), down=filter(None, reasons), independent=bool(independent)
        )
        for basis, reasons, independent in zip(
            table["evidence_basis"], down, table["independent_sources"], strict=True
        )
    ]
    return table.assign(rule_grade=grades).astype({"rule_grade": "string"})


def compare_with_coding(table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count how often the rule and the hand give which grade.

    Parameters
    ----------
    table : pandas.DataFrame, optional
        As for `read_grades`, with ``evidence_grade``.

    Returns
    -------
    pandas.DataFrame
        Rows by the grade given by hand, columns by the grade of the rule, A to D; the
        cells count reports (Int64). Agreement stands on the diagonal.
    """
    import pandas as pd

    graded = read_grades(table)
    hand = graded["evidence_grade"].astype("string")
    names = list(GRADES)
    counts = pd.crosstab(hand, graded["rule_grade"])
    counts = counts.reindex(index=names, columns=names, fill_value=0).astype("Int64")
    return counts.rename_axis(index="by hand", columns="by the rule")


def weakest(grades: Iterable[str]) -> str:
    """Give the worst of some grades: a chain is as good as its weakest link.

    Parameters
    ----------
    grades : iterable of str
        One grade or more, ``"A"`` to ``"D"``.

    Returns
    -------
    str
        The worst one.

    Raises
    ------
    CoursekitError
        If there is none.
    UnknownNameError
        If one is no grade.

    Examples
    --------
    >>> weakest("ACB")
    'C'
    """
    found = list(grades)
    for grade in found:
        if grade not in list(GRADES):
            raise UnknownNameError("grade", str(grade), GRADES)
    if not found:
        raise CoursekitError(
            "The weakest of no grades was asked for; give one or more."
        )
    return max(found, key=GRADES.index)


def _reasons(down: str | Iterable[str]) -> list[str]:
    try:
        reasons = [down] if isinstance(down, str) else list(dict.fromkeys(down))
    except TypeError:
        raise TypeError(f"down is {down!r}; give reasons to step down.") from None
    for reason in reasons:
        if reason not in STEPS_DOWN:
            raise UnknownNameError("reason to step down", str(reason), STEPS_DOWN)
    return reasons
