"""From supplier to state, row by row: what a flow diagram and a map are drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.surveillance.supply import measure_share, require_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

CAMERA: Final = "camera"
INTERCEPTION: Final = "interception"


def list_flows(table: pd.DataFrame) -> pd.DataFrame:
    """Count the reports from each bloc to each state.

    Parameters
    ----------
    table : pandas.DataFrame
        As `coursekit.surveillance.supply.read_deployments` gives it.

    Returns
    -------
    pandas.DataFrame
        ``bloc``, ``country_iso3`` (string) and ``rows`` (Int64), by bloc from the most
        rows to the fewest, then by state. A pair without a row is not there: nobody
        reported such a sale, which does not mean that there was none.

    Raises
    ------
    UnknownNameError
        If the table lacks a column.
    TypeError
        If it is none.
    """
    require_columns(table, ("bloc", "country_iso3"))
    pairs = table[["bloc", "country_iso3"]].astype("string")
    flows = pairs.value_counts().rename("rows").reset_index()
    size = flows.groupby("bloc")["rows"].transform("sum")
    flows = flows.assign(size=size).sort_values(
        ["size", "bloc", "country_iso3"], ascending=[False, True, True]
    )
    flows = flows.drop(columns="size").reset_index(drop=True)
    return flows.astype({"rows": "Int64"})


def tabulate_contrast(table: pd.DataFrame, bloc: str = "China") -> pd.DataFrame:
    """Set cameras against interception, and a bloc against all other rows.

    Parameters
    ----------
    table : pandas.DataFrame
        With ``bloc`` and ``technology_class``; other classes are left out.
    bloc : str, default 'China'
        A bloc of the dataset ``suppliers``.

    Returns
    -------
    pandas.DataFrame
        Two rows (``camera``, ``interception``) and two columns: the bloc, and
        ``"other or unnamed"`` (Int64). Unnamed makers stand with the others, so the
        first column counts what is known of the bloc.

    Raises
    ------
    CoursekitError
        If there is no row.
    UnknownNameError
        If there is no such bloc, or the table lacks a column.
    """
    import pandas as pd

    require_columns(table, ("bloc", "technology_class"))
    measure_share(table, bloc)  # refuses an unknown bloc, and no rows
    classes = [CAMERA, INTERCEPTION]
    counts = []
    for name in classes:
        rows = table[table["technology_class"] == name]
        own = int((rows["bloc"] == bloc).sum())
        counts.append([own, len(rows) - own])
    return pd.DataFrame(
        counts,
        index=pd.Index(classes, name="technology_class"),
        columns=pd.Index([bloc, "other or unnamed"]),
        dtype="Int64",
    )


def measure_odds_ratio(contrast: pd.DataFrame) -> float:
    """Measure how unlike two rows of counts are: their odds ratio.

    Parameters
    ----------
    contrast : pandas.DataFrame
        Two by two counts, 0 or more, as `tabulate_contrast` gives them.

    Returns
    -------
    float
        More than 0; 1 where both rows have the same odds. Missing counts are refused.

    Raises
    ------
    CoursekitError
        If it is not two by two counts.

    Notes
    -----
    With a, b in the first row and c, d in the second it is
    (a + 1/2)(d + 1/2) / ((b + 1/2)(c + 1/2)). The halves keep an empty cell from
    making it infinite (Haldane 1956, doi:10.1111/j.1469-1809.1955.tb01285.x; Anscombe
    1956, doi:10.1093/biomet/43.3-4.461). No p-value is offered: reports are no random
    sample of systems, so there is nothing that it would be the probability of.

    Examples
    --------
    >>> import pandas as pd
    >>> measure_odds_ratio(pd.DataFrame([[1, 1], [1, 1]]))
    1.0
    """
    cells = (
        contrast.to_numpy().ravel().tolist() if hasattr(contrast, "to_numpy") else []
    )
    if len(cells) != 4 or not all(isinstance(n, int) and n >= 0 for n in cells):
        raise CoursekitError(
            "An odds ratio was asked for of what is no table of two by two counts. "
            "Give such a table, as tabulate_contrast() does."
        )
    a, b, c, d = (number + 0.5 for number in cells)
    return float(a * d / (b * c))


def leave_out_each(
    table: pd.DataFrame,
    measure: Callable[[pd.DataFrame], Any],
    *,
    column: str = "source_1",
) -> pd.Series[Any]:
    """Measure again and again, each time without one value of a column.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table, such as the reports.
    measure : callable
        Takes a table like it and returns a value.
    column : str, default 'source_1'
        Whose values are left out in turn, such as the sources or the buying states.

    Returns
    -------
    pandas.Series
        What was measured, by the value that was left out, in order of its name.
        A missing value of the column is never left out.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    """
    import pandas as pd

    require_columns(table, ())
    if column not in table:
        raise UnknownNameError("column", str(column), map(str, table.columns))
    names = sorted(set(table[column].dropna().astype(str)))
    values = [measure(table[table[column].astype(str) != name]) for name in names]
    return pd.Series(values, index=pd.Index(names, name=f"without {column}"))
