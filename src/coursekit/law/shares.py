"""Shares of a list of cases: how large, how firm, and how few cases hold them up.

There is no significance test here on purpose. A test asks what chance could do in
drawing cases from a population, and nobody drew these: they were picked to teach. What
can be asked of such a list is what one case more or less, another code, another reading
or another rule of selection would change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import across_readings, readings

if TYPE_CHECKING:
    import pandas as pd

    from coursekit.evidence.across import Across

DATASET: Final = "interventions"
SUPPORTIVE: Final = ("prst_supportive", "res_supportive", "res_authorising")
TURN: Final = 1990  # the first year of "from 1990"
# The permanent members of the Security Council, as the data name them.
_PERMANENT: Final = "United States|United Kingdom|France|Soviet Union|Russia|China"


@dataclass(frozen=True)
class Share:
    """A share with what it was counted from; prints as a sentence part.

    Parameters
    ----------
    hits : int
        Cases that count.
    n : int
        Cases that could have counted, those with an empty cell left out.
    missing : int
        Cases left out because the cell is empty.

    Raises
    ------
    CoursekitError
        If ``hits`` is not between 0 and ``n``, or ``missing`` is negative.
    """

    hits: int
    n: int
    missing: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.n or self.missing < 0:
            raise CoursekitError(
                f"A share cannot be {self.hits} of {self.n} cases with {self.missing} "
                "missing. Give how many count, from 0 up to how many could count."
            )

    @property
    def value(self) -> float | None:
        """The share, in 0-1; None where no case could have counted."""
        return self.hits / self.n if self.n else None

    @property
    def step(self) -> float | None:
        """By how much recoding one case moves the share; None without cases."""
        return 1 / self.n if self.n else None

    @property
    def without_one(self) -> tuple[float, float] | None:
        """Lowest and highest share if any one case is left out; None below two."""
        if self.n < 2:
            return None
        rest = self.n - 1
        return max(self.hits - 1, 0) / rest, min(self.hits, rest) / rest

    def __str__(self) -> str:
        if self.value is None:
            return "no case"
        gaps = f", {self.missing} not coded" if self.missing else ""
        return f"{self.hits} of {self.n} ({100 * self.value:.1f} per cent{gaps})"


def measure_share(
    table: pd.DataFrame, column: str, values: str | Collection[str]
) -> Share:
    """Count the share of cases whose cell has one of some values.

    Parameters
    ----------
    table : pandas.DataFrame
        The cases that could count; contrast cases are counted if they are in it.
    column : str
        A column of codes, as categories or as text.
    values : str or collection of str
        One code or several. The code ``none`` is a value like any other.

    Returns
    -------
    Share
        Empty cells are in neither ``hits`` nor ``n`` but in ``missing``.

    Raises
    ------
    UnknownNameError
        If there is no such column, or a value is no category of it.

    Examples
    --------
    >>> from coursekit import load
    >>> cases = load("interventions")
    >>> print(measure_share(cases, "confidence", ["high", "medium", "low"]))
    45 of 45 (100.0 per cent)
    """
    wanted = [values] if isinstance(values, str) else list(values)
    if column not in table.columns:
        raise UnknownNameError("column", column, map(str, table.columns))
    cells = table[column]
    if cells.dtype == "category":
        for value in wanted:
            if value not in cells.cat.categories:
                known = map(str, cells.cat.categories)
                raise UnknownNameError(f"value of {column}", value, known)
    coded = cells.dropna()
    return Share(int(coded.isin(wanted).sum()), len(coded), len(cells) - len(coded))


def count_recodings(ahead: Share, behind: Share) -> int:
    """Count the fewest cases that, coded otherwise, put another group in front.

    Parameters
    ----------
    ahead, behind : Share
        Two groups of cases; ``ahead`` has the share that is no lower.

    Returns
    -------
    int
        How many cases of either group must change sides until the share of ``behind``
        is the higher one; a tie is not enough.

    Raises
    ------
    CoursekitError
        If ``behind`` has the higher share, or a group has no cases.

    Examples
    --------
    >>> count_recodings(Share(3, 4), Share(1, 4))  # two of them make a tie
    3
    """
    if ahead.value is None or behind.value is None:
        raise CoursekitError(
            f"count_recodings() compares two groups; they are {ahead} and {behind}. "
            "Give two groups with at least one case each."
        )
    if ahead.value < behind.value:
        raise CoursekitError(
            f"count_recodings() takes the higher share first; it was given {ahead} and "
            f"then {behind}. Change their order."
        )
    # Multiplied out, since fractions of floats may tie where the counts do not.
    return min(
        lost + won
        for lost in range(ahead.hits + 1)
        for won in range(behind.n - behind.hits + 1)
        if (behind.hits + won) * ahead.n > (ahead.hits - lost) * behind.n
    )


def questions_about(*columns: str) -> list[str]:
    """List the contested questions about columns of ``interventions``.

    Parameters
    ----------
    *columns : str
        Names of columns.

    Returns
    -------
    list of str
        Questions of `coursekit.readings`, in its order; empty where none of the
        columns is contested.

    Examples
    --------
    >>> questions_about("unsc_response")
    ['council_slb2003']
    """
    rivals = readings(DATASET)
    return list(rivals.loc[rivals["column"].isin(columns), "question"].unique())


def across_shares(
    column: str,
    values: str | Collection[str],
    *,
    choose: str | Callable[[pd.DataFrame], pd.DataFrame] = "all core cases",
) -> Across:
    """Measure a share under every combination of the readings of its column.

    Parameters
    ----------
    column, values
        As for `measure_share`.
    choose : str or callable, default "all core cases"
        Which cases count: a rule as for `select_cases`, or a function of the whole
        table under a reading. Readings of columns that it looks at are not varied.

    Returns
    -------
    coursekit.evidence.across.Across
        The interval; unknown where no case is left.

    Raises
    ------
    CoursekitError
        If there is no such column, value or rule.
    """
    pick = partial(select_cases, rule=choose) if isinstance(choose, str) else choose
    return across_readings(
        DATASET,
        lambda table: measure_share(pick(table), column, values).value,
        questions=questions_about(column),
    )


def _core(table: pd.DataFrame) -> pd.Series[bool]:
    return ~table["contrast_case"]


# The columns that rules look at.
RULED: Final = ("case_id", "contrast_case", "year_start", "confidence", "interveners")
# Each rule chooses among the core cases, except for the last, which is a mistake that
# is easily made and worth seeing.
RULES: Final[Mapping[str, Callable[[pd.DataFrame], pd.Series[bool]]]] = (
    MappingProxyType(
        {
            "all core cases": _core,
            "before 1990": lambda table: _core(table) & (table["year_start"] < TURN),
            "from 1990": lambda table: _core(table) & (table["year_start"] >= TURN),
            "without low confidence": lambda table: (
                _core(table) & (table["confidence"] != "low")
            ),
            "high confidence only": lambda table: (
                _core(table) & (table["confidence"] == "high")
            ),
            "a permanent member went in": lambda table: (
                _core(table) & table["interveners"].str.contains(_PERMANENT)
            ),
            "no permanent member went in": lambda table: (
                _core(table) & ~table["interveners"].str.contains(_PERMANENT)
            ),
            "contrast cases as well": lambda table: table["case_id"].notna(),
        }
    )
)


def select_cases(table: pd.DataFrame, rule: str = "all core cases") -> pd.DataFrame:
    """Choose the cases of a list by a rule of inclusion.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of ``interventions``, under any reading.
    rule : str, default "all core cases"
        A key of ``RULES``. A permanent member went in if the intervening states
        include France, the United Kingdom, the United States, China, Russia or the
        Soviet Union, alone or with others.

    Returns
    -------
    pandas.DataFrame
        The rows that the rule lets in, with all columns.

    Raises
    ------
    UnknownNameError
        If there is no such rule.
    """
    if rule not in RULES:
        raise UnknownNameError("rule", rule, RULES)
    return table[RULES[rule](table).astype(bool)]


def recode_case(
    table: pd.DataFrame, case_id: str, column: str, code: str
) -> pd.DataFrame:
    """Copy a list of cases with one cell coded otherwise.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of ``interventions``; left as it is.
    case_id : str
        Which case.
    column : str
        A column of categories.
    code : str
        The new code.

    Returns
    -------
    pandas.DataFrame
        A copy of the table.

    Raises
    ------
    UnknownNameError
        If the case, the column or the code does not exist.
    """
    coded = [str(name) for name in table.select_dtypes("category")]
    if case_id not in set(table["case_id"]):
        raise UnknownNameError("case", case_id, map(str, table["case_id"]))
    if column not in coded:
        raise UnknownNameError("column of codes", column, coded)
    known = [str(name) for name in table[column].cat.categories]
    if code not in known:
        raise UnknownNameError(f"value of {column}", code, known)
    recoded = table.copy()
    recoded.loc[recoded["case_id"] == case_id, column] = code
    return recoded
