"""Worst-case bounds of a share where part of what is counted is not known."""

from __future__ import annotations

from coursekit.errors import CoursekitError


def measure_bounds(count: int, known: int, total: int | None) -> tuple[float, float]:
    """Bound a share when it is not known of some whether they belong to it.

    Parameters
    ----------
    count : int
        How many are known to belong to it.
    known : int
        Of how many it is known whether they do.
    total : int or None
        How many there are; None if that is not known.

    Returns
    -------
    tuple of float
        Lowest and highest share: as if none, and as if all, of the unknown belonged
        to it. (0.0, 1.0) where nobody knows how many are unknown, and where there are
        none at all, for then no number bounds the share any further.

    Raises
    ------
    CoursekitError
        If not 0 <= count <= known <= total.
    TypeError
        If one of them is no whole number.

    Notes
    -----
    With n known of N and k of them in the share, it lies in [k/N, (k + N - n)/N]. This
    is the bound of Manski for an outcome between 0 and 1 that is seen for a part of the
    population, with nothing assumed about the rest: unlike a confidence interval it
    holds for these rows for certain, and says nothing of rows that nobody wrote down.

    References
    ----------
    Manski C F, "Anatomy of the Selection Problem", *Journal of Human Resources* 24
    (1989) 343-360, doi:10.2307/145818.

    Examples
    --------
    >>> measure_bounds(1, 4, 10)
    (0.1, 0.7)
    >>> measure_bounds(0, 3, None)
    (0.0, 1.0)
    """
    most = known if total is None else total
    for number in (count, known, most):
        require_whole(number, "number to count with")
    if not 0 <= count <= known <= most:
        raise CoursekitError(
            f"{count} of {known} known ones among {total} cannot be. Give how many "
            "belong to the share, of how many that is known, and how many there are, "
            "in rising order."
        )
    if not total:
        return 0.0, 1.0
    return count / total, (count + total - known) / total


def require_whole(value: object, what: str) -> int:
    """Refuse what is no whole number; ``what`` names it in the message."""
    import numpy as np

    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{value!r} is no {what}; give a whole number.")
    return int(value)
