"""What is on record of purchases before and after a moment: figure, words, table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from coursekit.charts.theme import COLOURS
from coursekit.errors import UnknownNameError
from coursekit.evidence import load

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

NOT_COVERED: Final = "not covered"
# Columns of what is on record, and what they are called.
MOMENTS: Final = MappingProxyType(
    {
        "before": "before",
        "same_year": "that year",
        "after": "after",
        "undated": "no year",
    }
)
STATES: Final = MappingProxyType(
    {
        "KAZ": "Kazakhstan",
        "KGZ": "Kyrgyzstan",
        "TJK": "Tajikistan",
        "TKM": "Turkmenistan",
        "UZB": "Uzbekistan",
    }
)


def tabulate_purchases(
    moments: Iterable[tuple[str, int]], grades: Iterable[str] = "ABCD"
) -> pd.DataFrame:
    """Count the rows of ``deployments`` before a year, in it, after it, and undated.

    Parameters
    ----------
    moments : iterable of (str, int)
        Country codes, each with a year.
    grades : iterable of str
        Grades of evidence that count, of A to D.

    Returns
    -------
    pandas.DataFrame
        A row for each moment: ``state``, ``year``, ``before``, ``same_year``,
        ``after``, ``undated`` and ``rows`` (Int64). A state of which the dataset has
        no row at all has missing values. A row is a report of a deal, a plan or a
        use, not a system that works; its year is that of the announcement.

    Raises
    ------
    UnknownNameError
        If there is no such grade.
    """
    import pandas as pd

    chosen = tuple(grades)
    for grade in chosen:
        if grade not in tuple("ABCD"):
            raise UnknownNameError("grade", str(grade), "ABCD")
    table = load("deployments")
    found = [
        {"state": state, "year": year, **_count_rows(table, state, year, chosen)}
        for state, year in moments
    ]
    columns = ["state", "year", *MOMENTS, "rows"]
    kinds = dict.fromkeys(columns[1:], "Int64") | {"state": "string"}
    return pd.DataFrame(found, columns=pd.Index(columns)).astype(kinds)


def _count_rows(
    table: pd.DataFrame, state: str, year: int, grades: tuple[str, ...]
) -> dict[str, int]:
    rows = table[table["country_iso3"] == state]
    if rows.empty:
        return {}
    rows = rows[rows["evidence_grade"].isin(grades)]
    years = rows["year"]
    counts = [years < year, years == year, years > year, years.isna()]
    found = [int(part.fillna(value=False).sum()) for part in counts]
    return dict(zip(MOMENTS, found, strict=True)) | {"rows": len(rows)}


def draw_purchases(table: pd.DataFrame) -> Figure:
    """Draw what is on record before and after a moment, a group of bars each.

    Parameters
    ----------
    table : pandas.DataFrame
        As `tabulate_purchases` gives it.

    Returns
    -------
    plotly.graph_objects.Figure
        A trace for each row of the table, with its number above each bar.
    """
    from plotly.graph_objects import Bar, Figure

    figure = Figure()
    for number, row in enumerate(table.to_dict("records")):
        heights = [_plain(row[moment]) for moment in MOMENTS]
        figure.add_trace(
            Bar(
                name=f"{STATES.get(row['state'], row['state'])}, {row['year']}",
                x=list(MOMENTS.values()),
                y=heights,
                text=["" if height is None else str(height) for height in heights],
                textposition="outside",
                cliponaxis=False,
                marker={
                    "color": COLOURS[number % len(COLOURS)],
                    "pattern": {"shape": ("", "/")[number % 2]},
                },
            )
        )
    figure.update_layout(
        title="Rows on record", margin={"t": 64, "b": 72}, barmode="group", height=360
    )
    figure.update_yaxes(title="rows of deployments", rangemode="tozero")
    return figure


def describe_purchases(table: pd.DataFrame) -> str:
    """Say what is on record before and after each moment.

    Parameters
    ----------
    table : pandas.DataFrame
        As `tabulate_purchases` gives it.

    Returns
    -------
    str
        A sentence for each row.
    """
    rows = table.to_dict("records")
    said = [f"{STATES.get(row['state'], row['state'])}: {_say(row)}" for row in rows]
    return " ".join(said)


def _say(row: Mapping[Any, Any]) -> str:
    if _plain(row["rows"]) is None:
        return f"{NOT_COVERED}."
    return (
        f"{row['rows']} rows on record, {row['before']} dated before {row['year']}, "
        f"{row['same_year']} in it, {row['after']} after it and {row['undated']} "
        "without a year."
    )


def _plain(value: Any) -> int | None:
    import pandas as pd

    return None if pd.isna(value) else int(value)
