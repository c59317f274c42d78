"""Why five states cannot choose between the stories: every way to ask, in sight.

With five states there are 120 orders, and an analyst has many choices. So no
regression is offered: a rank correlation with its exact p is, choice by choice.

References
----------
Spearman C, "The Proof and Measurement of Association between Two Things", *American
Journal of Psychology* 15 (1904) 72-101, doi:10.2307/1412159. Gelman A and Loken E,
"The Garden of Forking Paths" (2013), key ``GelmanLoken2013``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Final

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import load
from coursekit.surveillance.supply import UNNAMED, read_deployments

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

STATES: Final = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
INDICES: Final = ("vdem_libdem", "vdem_polyarchy")
MEASURES: Final = (
    "rows",
    "rows per million people",
    "share of all rows",
    "share of rows with a named maker",
)
WINDOWS: Final = ((2012, 2024), (2012, 2016), (2016, 2020), (2020, 2024))
EVIDENCE: Final = {"all rows": None, "grades A and B": ("A", "B")}
FEWEST, MOST = 3, 8  # cases; 8 have 40,320 orders, which is still counted at once


@dataclass(frozen=True)
class RankCorrelation:
    """A rank correlation with its exact p.

    Parameters
    ----------
    rho : float
        Spearman's, from -1 to 1; tied values share the mean of their ranks.
    p : float
        Share of all orders of the second list with a correlation at least as far from
        0 as ``rho``: two-sided and exact.
    floor : float
        The smallest p that these values can give in any order; ties raise it.
    orders : int
        How many orders there are: 120 for five cases.
    """

    rho: float
    p: float
    floor: float
    orders: int

    def __str__(self) -> str:
        return (
            f"Spearman's rho {self.rho:+.2f}, exact p {self.p:.3f} over {self.orders} "
            f"orders; no order of these values could give a p below {self.floor:.3f}."
        )


def measure_rank_correlation(
    first: Sequence[float], second: Sequence[float]
) -> RankCorrelation:
    """Measure Spearman's rank correlation with an exact permutation test.

    Parameters
    ----------
    first, second : sequence of float
        Two lists of 3 to 8 values, case by case.

    Returns
    -------
    RankCorrelation
        Prints as a sentence.

    Raises
    ------
    CoursekitError
        If the lists differ in length, are too short or too long, have a missing value,
        or all values of one are equal.
    TypeError
        If a value is no number, or no list was given.

    Examples
    --------
    >>> found = measure_rank_correlation([1, 2, 3, 4, 5], [5, 4, 3, 2, 1])
    >>> found.rho, found.p == found.floor == 2 / 120
    (-1.0, True)
    """
    import numpy as np

    one, two = _ranks(first), _ranks(second)
    if len(one) != len(two):
        raise CoursekitError(
            f"{len(one)} values cannot be paired with {len(two)}; give two lists of "
            "one length, case by case."
        )
    orders = np.array(list(permutations(two)))
    rhos = orders @ one / np.sqrt((one @ one) * (two @ two))
    rho = float(one @ two / np.sqrt((one @ one) * (two @ two)))
    far = np.abs(rhos)
    return RankCorrelation(
        rho=round(rho, 12) + 0.0,  # no -0.0
        p=float(np.mean(far >= abs(rho) - 1e-9)),
        floor=float(np.mean(far >= far.max() - 1e-9)),
        orders=len(orders),
    )


def measure_supply(
    measure: str = "rows",
    *,
    evidence: str = "all rows",
    year: int = 2024,
    bloc: str = "China",
) -> pd.Series[float]:
    """Measure the supply of a bloc to the five states, by one of four measures.

    Parameters
    ----------
    measure : str
        One of ``MEASURES``.
    evidence : {"all rows", "grades A and B"}
        Which rows count.
    year : int
        Of the population, where people are the denominator.
    bloc : str, default "China"
        Whose rows are counted.

    Returns
    -------
    pandas.Series
        By state. A row is a report, of a plan as well as of a camera.

    Raises
    ------
    UnknownNameError
        If there is no such measure, kind of evidence, bloc, or year of population.
    """
    for kind, given, known in (
        ("measure", measure, MEASURES),
        ("kind of evidence", evidence, tuple(EVIDENCE)),
    ):
        if given not in known:
            raise UnknownNameError(kind, str(given), known)
    blocs = sorted(set(load("suppliers")["bloc"].astype(str)))
    if bloc not in blocs:
        raise UnknownNameError("bloc", str(bloc), blocs)
    table = read_deployments(grades=EVIDENCE[evidence], states=STATES)
    rows = _count(table[table["bloc"] == bloc])
    if measure == "rows per million people":
        return rows / (read_index("population", year) / 1e6)
    if measure == "share of all rows":
        return rows / _count(table)
    if measure == "share of rows with a named maker":
        return rows / _count(table[table["bloc"] != UNNAMED])
    return rows


def read_index(indicator: str, year: int) -> pd.Series[float]:
    """Read one indicator of ``country_context`` for the five states in one year.

    Raises
    ------
    UnknownNameError
        If there is no such indicator, or not for that year in all five states.
    """
    table = load("country_context")
    named = table[table["indicator"].astype(str) == str(indicator)]
    if named.empty:
        known = sorted(set(table["indicator"].astype(str)))
        raise UnknownNameError("indicator", str(indicator), known)
    found = named[named["year"] == year].set_index("iso3")["value"].astype(float)
    if not set(STATES) <= set(found.index):
        years = sorted(set(named["year"]))
        raise UnknownNameError(f"year of {indicator}", str(year), map(str, years))
    return found.loc[list(STATES)]


def measure_change(indicator: str, first: int, last: int) -> pd.Series[float]:
    """Measure how an index moved between two years; below 0 it fell.

    Raises
    ------
    UnknownNameError
        If there is no such indicator or year.
    CoursekitError
        If the last year is not after the first.
    TypeError
        If a year is no whole number.
    """
    for year in (first, last):
        if isinstance(year, bool) or not isinstance(year, Integral):
            raise TypeError(f"{year!r} is no year; give a whole number, such as 2012.")
    if not first < last:
        raise CoursekitError(
            f"From {first} to {last} nothing can change; the last year comes after the "
            "first."
        )
    return read_index(indicator, last) - read_index(indicator, first)


def tabulate_forks(
    *,
    measures: Iterable[str] = MEASURES,
    indices: Iterable[str] = INDICES,
    windows: Iterable[tuple[int, int]] = WINDOWS,
    evidence: Iterable[str] = tuple(EVIDENCE),
) -> pd.DataFrame:
    """Ask in every way whether the index falls where Chinese rows are many.

    Parameters
    ----------
    measures, indices, evidence : iterable of str
        Choices among ``MEASURES``, ``INDICES`` and ``EVIDENCE``.
    windows : iterable of (int, int)
        First and last year of the change.

    Returns
    -------
    pandas.DataFrame
        One row for each combination: ``measure``, ``evidence``, ``index``, ``first``,
        ``last``, ``rho``, ``p``, ``floor`` and ``sign`` (``-`` if more rows go with a
        fall, ``+`` with a rise, ``0`` with neither).

    Raises
    ------
    UnknownNameError
        If a choice does not exist.
    """
    import pandas as pd

    changes = {
        (index, *window): measure_change(index, *window)
        for index, window in product(indices, windows)
    }
    rows = []
    for measure, kind in product(measures, evidence):
        for (index, first, last), change in changes.items():
            supply = measure_supply(measure, evidence=kind, year=last)
            found = measure_rank_correlation(supply.to_list(), change.to_list())
            sign = "0" if abs(found.rho) < 1e-9 else "-+"[found.rho > 0]
            choices = [measure, kind, index, first, last]
            rows.append([*choices, found.rho, found.p, found.floor, sign])
    columns = ["measure", "evidence", "index", "first", "last", "rho", "p", "floor"]
    return pd.DataFrame(rows, columns=pd.Index([*columns, "sign"]))


def _ranks(values: Sequence[float]) -> np.ndarray[Any, Any]:
    """Give ranks about their mean, ties sharing one."""
    import pandas as pd

    if not isinstance(values, Iterable):
        raise TypeError(f"{values!r} is no list of numbers.")
    given = list(values)
    for value in given:
        if isinstance(value, bool) or not isinstance(value, Real):
            raise TypeError(f"{value!r} is no number, so it has no rank.")
    if not FEWEST <= len(given) <= MOST:
        raise CoursekitError(
            f"{len(given)} values were given; the exact test takes {FEWEST} to {MOST}."
        )
    series = pd.Series(given, dtype=float)
    if series.isna().any():
        raise CoursekitError("A value is missing; leave that case out of both lists.")
    if series.min() == series.max():
        raise CoursekitError(f"All values are {given[0]}: they have no order.")
    ranks: np.ndarray[Any, Any] = series.rank().to_numpy() - (len(given) + 1) / 2
    return ranks


def _count(table: pd.DataFrame) -> pd.Series[float]:
    sizes = table["country_iso3"].astype(str).value_counts()
    return sizes.reindex(list(STATES), fill_value=0).astype(float)
