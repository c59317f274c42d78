"""How far sets overlap: lists of institutions by author, members by organisation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

from coursekit.errors import CoursekitError

if TYPE_CHECKING:
    import pandas as pd


def jaccard(a: Collection[Any], b: Collection[Any]) -> float | None:
    """Measure how much of two sets together is in both.

    J(a, b) = |a and b| / |a or b|, the coefficient of community of Jaccard (1912).

    Parameters
    ----------
    a, b : collection
        Two sets, or lists whose repeats count once. No text: its letters would be
        compared.

    Returns
    -------
    float or None
        From 0 (nothing in common) to 1 (the same). None, for unknown, where both are
        empty: two sets without members are neither alike nor different.

    Raises
    ------
    TypeError
        If one of them is a text or no collection, or holds lists.
    CoursekitError
        If a member is missing: it is neither the same as another nor different.

    References
    ----------
    P. Jaccard, "The Distribution of the Flora in the Alpine Zone", New Phytologist
    11(2), 1912, 37-50. https://doi.org/10.1111/j.1469-8137.1912.tb05611.x

    Examples
    --------
    >>> jaccard({"war", "diplomacy"}, {"diplomacy", "market", "sovereignty"})
    0.25
    >>> jaccard(set(), set()) is None
    True
    """
    return _share(_as_set(a), _as_set(b))


def measure_overlap(sets: Mapping[str, Collection[Any]]) -> pd.DataFrame:
    """Measure the overlap of each set with each other.

    Parameters
    ----------
    sets : mapping of str to collection
        The sets by name.

    Returns
    -------
    pandas.DataFrame
        Symmetric, with the names down and across in their order; `jaccard` as
        ``Float64`` in 0-1, missing for two empty sets.

    Raises
    ------
    TypeError
        If ``sets`` is no mapping, or one of them no collection.

    Examples
    --------
    >>> measure_overlap({"A": ["war"], "B": ["war", "law"]}).loc["A", "B"]
    np.float64(0.5)
    """
    import pandas as pd

    plain = as_sets(sets)
    cells = {
        name: [_share(first, second) for second in plain.values()]
        for name, first in plain.items()
    }
    return pd.DataFrame(cells, index=list(plain), dtype="Float64")


def measure_bounds(
    sets: Mapping[str, Collection[Any]], sure: Mapping[str, Collection[Any]]
) -> pd.DataFrame:
    """Measure how far the overlap could move if members that are not sure were wrong.

    Parameters
    ----------
    sets : mapping of str to collection
        The sets by name, doubtful members included.
    sure : mapping of str to collection
        The members that are beyond doubt, by the same names; a name left out has none.

    Returns
    -------
    pandas.DataFrame
        A row for each pair: ``first``, ``second``, and as ``Float64`` in 0-1 ``low``,
        ``overlap`` (all members taken as right) and ``high``. Each doubtful member may
        be right or wrong by itself. That a set lacks a member is never in doubt here.

    Raises
    ------
    TypeError
        If one of the sets is no collection.

    Notes
    -----
    Lowest where every doubtful agreement fails and every doubtful difference holds,
    highest the other way round.

    Examples
    --------
    >>> bounds = measure_bounds({"A": ["war", "law"], "B": ["war"]}, {"A": ["war"]})
    >>> bounds[["low", "overlap", "high"]].iloc[0].tolist()
    [0.0, 0.5, 1.0]
    """
    import pandas as pd

    whole, firm = as_sets(sets), as_sets(sure)
    rows = []
    for first, second in combinations(whole, 2):
        a, b = whole[first], whole[second]
        sure_a, sure_b = firm.get(first, set()), firm.get(second, set())
        kept = (a & b) | ((a - b) & sure_a) | ((b - a) & sure_b)
        low = len(a & sure_a & b & sure_b) / len(a | b) if a | b else None
        high = len(a & b) / len(kept) if kept else low
        rows.append((first, second, low, _share(a, b), high))
    table = pd.DataFrame(rows, columns=["first", "second", "low", "overlap", "high"])
    return table.astype(dict.fromkeys(["low", "overlap", "high"], "Float64"))


def measure_moves(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """List the pairs that two matrices of overlap have in common, and how they moved.

    Parameters
    ----------
    before, after : pandas.DataFrame
        As `measure_overlap` gives them.

    Returns
    -------
    pandas.DataFrame
        ``first``, ``second``, ``before``, ``after`` and ``moved`` (from -1 to 1), the
        furthest first. Missing where either is.
    """
    import pandas as pd

    names = [name for name in before.index if name in after.index]
    rows = [
        (first, second, before.at[first, second], after.at[first, second])  # noqa: PD008 - one cell
        for first, second in combinations(names, 2)
    ]
    table = pd.DataFrame(rows, columns=["first", "second", "before", "after"])
    table = table.astype({"before": "Float64", "after": "Float64"})
    table["moved"] = table["after"] - table["before"]
    far = table["moved"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[far].reset_index(drop=True)


def as_sets(sets: Mapping[str, Collection[Any]]) -> dict[str, set[Any]]:
    """Check sets given by name, and make each a set of its own.

    Parameters
    ----------
    sets : mapping of str to collection
        The sets by name; lists and tuples will do.

    Returns
    -------
    dict of str to set
        New ones, so that what was given stays as it is.

    Raises
    ------
    TypeError
        If ``sets`` is no mapping, or one of them a text, no collection or of lists.
    CoursekitError
        If a member is missing.
    """
    if not isinstance(sets, Mapping):
        raise TypeError(
            f"The sets were given as {type(sets).__name__}; they are compared by "
            'name. Give a dict, such as {"Bull": {"war"}, "Jackson": {"war"}}.'
        )
    return {str(name): _as_set(members) for name, members in sets.items()}


def _share(first: set[Any], second: set[Any]) -> float | None:
    whole = len(first | second)
    return len(first & second) / whole if whole else None


def _as_set(members: Collection[Any]) -> set[Any]:
    import pandas as pd

    if isinstance(members, (str, bytes)) or not isinstance(members, Collection):
        raise TypeError(
            f"A set was given as {members!r}, a {type(members).__name__}. "
            'Give a set, a list or a tuple, such as {"war", "diplomacy"}.'
        )
    try:
        plain = set(members)
    except TypeError as error:
        raise TypeError(
            f"A member of {members!r} is itself a list or a set, and cannot be "
            "compared. Give names or numbers."
        ) from error
    if any(pd.api.types.is_scalar(member) and pd.isna(member) for member in plain):
        raise CoursekitError(
            "A set holds a missing value, which is neither the same as another nor "
            "different. Leave it out first, for instance by .dropna()."
        )
    return plain
