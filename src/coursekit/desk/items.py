"""How questions did: difficulty, discrimination, reliability."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean
from typing import TYPE_CHECKING, Any

from coursekit.errors import CoursekitError

if TYPE_CHECKING:
    import numpy as np

    Shares = Sequence[Sequence[float]] | np.ndarray[Any, Any]

_NOISE = 1e-12  # below it sums of shares differ by rounding alone
_LEAST = 3  # students, for a correlation or a reliability to mean anything


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha, with the ends of its interval."""

    value: float
    low: float
    high: float
    students: int
    items: int


def measure_discrimination(shares: Shares) -> list[float | None]:
    """Correlate each question with the sum of all others.

    Parameters
    ----------
    shares : array of float, shape (students, questions)
        Share of the points, in 0-1, of every student who has all of them.

    Returns
    -------
    list of float or None
        The corrected item-total correlation of each question, in -1 to 1; None where
        the question or the rest does not vary, or there are fewer than three students.

    Raises
    ------
    CoursekitError
        If the rows differ in length, or a value is missing.

    Examples
    --------
    >>> measure_discrimination([[0, 0, 1], [1, 1, 1], [1, 1, 1], [0, 0, 1]])
    [1.0, 1.0, None]
    """
    import numpy as np

    table = _read(shares)
    found: list[float | None] = []
    for place in range(table.shape[1]):
        item = table[:, place]
        rest = table.sum(axis=1) - item
        if len(item) < _LEAST or min(np.ptp(item), np.ptp(rest)) <= _NOISE:
            found.append(None)
            continue
        found.append(round(float(np.corrcoef(item, rest)[0, 1]), 12))
    return found


def measure_alpha(shares: Shares, *, confidence: float = 0.95) -> Alpha | None:
    """Measure how far the questions hang together, with an interval.

    Parameters
    ----------
    shares : array of float, shape (students, questions)
        As of `measure_discrimination`.
    confidence : float, default 0.95
        Of the interval, between 0 and 1.

    Returns
    -------
    Alpha or None
        None for fewer than two questions or three students, or where the sums do not
        vary.

    Raises
    ------
    CoursekitError
        If the rows differ in length, a value is missing, or the confidence is none.

    Notes
    -----
    alpha = k / (k - 1) * (1 - sum of the items' variances / variance of the sums), with
    k questions. The interval is Bonett's: ln(1 - alpha) has about the variance
    2k / ((k - 1)(n - 2)), with n students.

    References
    ----------
    Cronbach L J, 'Coefficient Alpha and the Internal Structure of Tests' (1951) 16
    Psychometrika 297, doi:10.1007/BF02310555. Bonett D G, 'Sample Size Requirements for
    Testing and Estimating Coefficient Alpha' (2002) 27 Journal of Educational and
    Behavioral Statistics 335, doi:10.3102/10769986027004335.
    """
    if not 0 < confidence < 1:
        raise CoursekitError(f"A confidence lies between 0 and 1, not at {confidence}.")
    table = _read(shares)
    n, k = table.shape
    if k < 2 or n < _LEAST:
        return None
    total = float(table.sum(axis=1).var(ddof=1))
    if total <= _NOISE**2:
        return None
    alpha = k / (k - 1) * (1 - float(table.var(axis=0, ddof=1).sum()) / total)
    if alpha >= 1:
        return Alpha(1.0, 1.0, 1.0, n, k)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    width = z * math.sqrt(2 * k / ((k - 1) * (n - 2)))
    middle = math.log(1 - alpha)
    low, high = 1 - math.exp(middle + width), 1 - math.exp(middle - width)
    return Alpha(alpha, low, high, n, k)


@dataclass(frozen=True)
class Item:
    """How one question did.

    ``difficulty`` is the mean share of the points, in 0-1, so that more is easier, over
    ``students`` with points; ``partial`` the share of them who got some and not all.
    ``states`` counts judgements. ``first_correct`` is the mean number of the version,
    from 1, in which those got it right who handed in several; None where nobody did.
    """

    question: str
    students: int
    difficulty: float | None
    discrimination: float | None
    partial: float | None
    states: Mapping[str, int]
    first_correct: float | None


def summarise(
    question: str,
    shares: Sequence[float],
    discrimination: float | None,
    states: Mapping[str, int],
    first: Sequence[int],
) -> Item:
    """Sum up one question; see `Item`."""
    some = [0 < share < 1 for share in shares]
    return Item(
        question,
        len(shares),
        fmean(shares) if shares else None,
        discrimination,
        fmean(some) if some else None,
        dict(states),
        fmean(first) if first else None,
    )


def _read(shares: Shares) -> np.ndarray[Any, Any]:
    import numpy as np

    try:
        table = np.asarray(shares, dtype=float)
    except ValueError as error:
        raise CoursekitError(
            "Every student needs as many shares as questions."
        ) from error
    if table.ndim != 2:
        table = table.reshape(len(table), -1) if table.size else np.zeros((0, 0))
    if np.isnan(table).any():
        raise CoursekitError("A share is missing; leave such students out first.")
    return table
