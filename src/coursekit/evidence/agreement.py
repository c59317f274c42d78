"""How far coders agree beyond chance: Cohen's kappa and Krippendorff's alpha.

Both are for classes without an order. Both say how far codings can stand in for each
other, and nothing about whether they are right: coders may share a mistake.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from coursekit.errors import CoursekitError

if TYPE_CHECKING:
    import pandas as pd

    Codes = Sequence[object] | Mapping[str, object] | pd.Series[Any]


def measure_kappa(first: Codes, second: Codes) -> float | None:
    """Measure how far two coders agree beyond chance.

    Parameters
    ----------
    first, second : sequence or pandas.Series
        The class that each coder gave, unit by unit. Two Series, or dicts, are matched
        by their labels, and must have the same ones; all else by position. A unit that
        one of the coders left open (None, NA) is left out.

    Returns
    -------
    float or None
        1 for full agreement, 0 for as much as chance would give, below 0 for less.
        None where it is not defined: no unit was coded by both, or both gave one and
        the same class throughout.

    Raises
    ------
    CoursekitError
        If the two differ in length, or in their labels.
    TypeError
        If one of them is no list of classes.

    Notes
    -----
    kappa = (p_o - p_e) / (1 - p_e), with p_o the share of units coded alike, and p_e
    the share to be expected if both dealt out their classes by chance: for each class
    the product of the two coders' shares of it, added up.

    References
    ----------
    Cohen J, 'A Coefficient of Agreement for Nominal Scales' (1960) 20 Educational and
    Psychological Measurement 37, doi:10.1177/001316446002000104.

    Examples
    --------
    >>> measure_kappa(["a", "a", "b", "b"], ["a", "a", "b", "a"])
    0.5
    """
    pairs = [(one, two) for one, two in _align([first, second]) if _is_code(one, two)]
    n = len(pairs)
    ones, twos = (Counter(side) for side in zip(*pairs, strict=True)) if n else ({}, {})
    alike = sum(one == two for one, two in pairs)
    expected = sum(count * twos[code] for code, count in ones.items())
    if n == 0 or expected == n * n:
        return None
    return (alike * n - expected) / (n * n - expected)


def measure_alpha(
    codings: pd.DataFrame | Mapping[str, Codes],
) -> float | None:
    """Measure how far any number of coders agree beyond chance, gaps allowed.

    Parameters
    ----------
    codings : pandas.DataFrame or mapping
        A row for each unit and a column for each coder, or a mapping of coder to their
        classes, matched as in `measure_kappa`. A gap (None, NA) is a unit that the
        coder left open; one with fewer than two codings says nothing and is left out.

    Returns
    -------
    float or None
        1 for full agreement, 0 for as much as chance would give, below 0 for less.
        None where it is not defined: no unit was coded twice, or all codings are one
        and the same class.

    Raises
    ------
    CoursekitError
        If there are fewer than two coders, or they differ in length or labels.
    TypeError
        If these are no codings.

    Notes
    -----
    For classes without an order: alpha = 1 - D_o / D_e. D_o is the share of unlike
    pairs within units, those of a unit with m codings counted 1 / (m - 1) times; D_e
    is the share to be expected if all codings were dealt out to the units anew.

    References
    ----------
    Hayes A F and Krippendorff K, 'Answering the Call for a Standard Reliability
    Measure for Coding Data' (2007) 1 Communication Methods and Measures 77,
    doi:10.1080/19312450709336664.

    Examples
    --------
    >>> codings = {"Ada": list("abb"), "Ben": ["a", "b", None], "Cyd": list("bbb")}
    >>> round(measure_alpha(codings), 3)
    0.417
    """
    import pandas as pd

    if not isinstance(codings, (pd.DataFrame, Mapping)):
        raise TypeError(
            f"Codings of several coders were asked for, and this is "
            f"{type(codings).__name__}. Give a DataFrame with a column for each coder, "
            "or a dict of lists."
        )
    if len(columns := [codes for _, codes in codings.items()]) < 2:
        raise CoursekitError(
            f"Agreement takes two coders or more, and here is {len(columns)}. Give a "
            "column for each."
        )
    units = [Counter(filter(_is_code, unit)) for unit in _align(columns)]
    units = [unit for unit in units if unit.total() > 1]
    whole = sum(units, Counter())
    expected = _count_unlike(whole)
    if expected == 0:
        return None
    seen = sum(_count_unlike(unit) / (unit.total() - 1) for unit in units)
    return 1 - (whole.total() - 1) * seen / expected


def _count_unlike(counts: Counter[object]) -> int:
    """Count the ordered pairs of codings that differ."""
    total: int = counts.total()
    return total * total - sum(count * count for count in counts.values())


def _align(codings: Sequence[Any]) -> list[tuple[object, ...]]:
    """Give the codings of each unit, matched by label where all have labels."""
    import pandas as pd

    labelled = [pd.Series(c) if isinstance(c, Mapping) else c for c in codings]
    if all(isinstance(codes, pd.Series) for codes in labelled):
        for codes in labelled:
            _require_labels(labelled[0].index, codes.index)
        labelled = [codes.reindex(labelled[0].index) for codes in labelled]
    coders = [_list_codes(codes) for codes in labelled]
    lengths = sorted({len(coder) for coder in coders})
    if len(lengths) > 1:
        raise CoursekitError(
            f"Codings are compared unit by unit, and the coders have "
            f"{' and '.join(map(str, lengths))} units. Give all the same units in the "
            "same order, None where one was left open."
        )
    return list(zip(*coders, strict=True))


def _require_labels(first: pd.Index[Any], second: pd.Index[Any]) -> None:
    alone = first.symmetric_difference(second)
    repeated = first.has_duplicates or second.has_duplicates
    if len(alone) or repeated:
        what = "a label comes twice" if repeated else f"only one has {alone[0]!r}"
        raise CoursekitError(
            f"Codings are compared label by label, and {what}. Give all the same "
            "units as their index, each once."
        )


def _list_codes(codes: Any) -> list[object]:
    try:
        return list(codes)
    except TypeError:
        raise TypeError(
            f"A coding was asked for, and this is {type(codes).__name__}. Give the "
            "classes of all units, as a list or a Series."
        ) from None


def _is_code(*codes: Any) -> bool:
    import pandas as pd

    return not any(pd.isna(code) for code in codes)
