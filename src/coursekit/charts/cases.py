"""Figures of cases: findings as a grid, shares with their interval, cases by year."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from coursekit.charts.theme import COLOURS, TEXT
from coursekit.charts.words import cell_text
from coursekit.errors import UnknownNameError
from coursekit.law.doctrines import OUTCOMES

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

# Outcome: symbol and colour; a symbol for each, so that grey paper tells them apart.
MARKS: Final = {
    "met": ("circle", COLOURS[0]),
    "fails": ("x-thin", COLOURS[1]),
    "needs facts": ("diamond-open", COLOURS[6]),
}
SYMBOLS: Final = ("circle", "x", "diamond", "square", "triangle-up", "cross", "star")
LINE: Final = 22  # pixels from one row of a grid to the next
CROWD: Final = 12  # columns beyond which marks must be small on a telephone
LABEL: Final = 40  # characters of a label that a telephone has room for


def draw_findings(grid: pd.DataFrame, *, cases: pd.DataFrame | None = None) -> Figure:
    """Draw what doctrines say of cases, a row for each case.

    Parameters
    ----------
    grid : pandas.DataFrame
        As `coursekit.law.tabulate_outcomes` gives it: outcomes, ``case_id`` down and
        ``doctrine_id`` across.
    cases : pandas.DataFrame, optional
        With ``case_id`` and ``target_name``, shown when a mark is pointed at.

    Returns
    -------
    plotly.graph_objects.Figure
        A trace for each outcome, with a symbol of its own.

    Raises
    ------
    UnknownNameError
        If a cell holds no outcome.
    """
    from plotly.graph_objects import Figure, Scatter

    rows = tabulate_findings(grid)
    places = {} if cases is None else dict(_names(cases))
    figure = Figure()
    for outcome, (symbol, colour) in MARKS.items():
        here = rows[rows["outcome"] == outcome]
        figure.add_trace(
            Scatter(
                x=here["doctrine"].to_list(),
                y=here["case"].to_list(),
                mode="markers",
                name=outcome,
                text=[places.get(case, case) for case in here["case"]],
                hovertemplate="%{text}, %{x}: " + outcome + "<extra></extra>",
                marker={
                    "symbol": symbol,
                    "size": 10 if len(grid.columns) <= CROWD else 7,
                    "color": colour,
                    "line": {"width": 2, "color": colour},
                },
            )
        )
    across, down = ([str(name) for name in axis] for axis in (grid.columns, grid.index))
    figure.update_xaxes(
        **_categories(across), side="top", tickangle=-90, tickfont={"size": 11}
    )
    figure.update_yaxes(**_categories(down, reverse=True), tickfont={"size": 11})
    return figure.update_layout(
        height=LINE * len(down) + 150, margin={"t": 56, "b": 64, "l": 8, "r": 8}
    )


def describe_findings(grid: pd.DataFrame) -> str:
    """Say how often each outcome stands in a grid of findings.

    Parameters
    ----------
    grid : pandas.DataFrame
        As for `draw_findings`.

    Returns
    -------
    str
        A sentence for each doctrine, or one for the whole where there are over four.
    """
    rows = tabulate_findings(grid)
    size = f"{len(grid)} cases, {len(grid.columns)} doctrines"
    groups = {"all together": rows}
    if len(grid.columns) <= 4:
        groups = {str(name): rows[rows["doctrine"] == str(name)] for name in grid}
    counts = [
        f"{name}: "
        + ", ".join(
            f"{outcome} {(part['outcome'] == outcome).sum()}" for outcome in MARKS
        )
        for name, part in groups.items()
    ]
    return f"{size}. {'; '.join(counts)}."


def tabulate_findings(grid: pd.DataFrame) -> pd.DataFrame:
    """List a grid of findings, a row for each case and doctrine.

    Parameters
    ----------
    grid : pandas.DataFrame
        As for `draw_findings`.

    Returns
    -------
    pandas.DataFrame
        Text columns ``case``, ``doctrine`` and ``outcome``.

    Raises
    ------
    UnknownNameError
        If a cell holds no outcome.
    """
    cells = [
        (str(case), str(doctrine), str(grid.at[case, doctrine]))  # noqa: PD008 - one cell
        for case in grid.index
        for doctrine in grid.columns
    ]
    for _, _, outcome in cells:
        if outcome not in MARKS:
            raise UnknownNameError("outcome", outcome, OUTCOMES)
    return pd.DataFrame(cells, columns=["case", "doctrine", "outcome"], dtype="string")


def draw_shares(table: pd.DataFrame, *, n: int | None = None) -> Figure:
    """Draw shares as dots, each with its interval across readings.

    Parameters
    ----------
    table : pandas.DataFrame
        With ``label`` and the shares ``low``, ``base`` and ``high``, from 0 to 1; a
        row in which one is missing has no dot.
    n : int, optional
        How many cases are counted; named on the axis.

    Returns
    -------
    plotly.graph_objects.Figure
        A heavy line from low to high and a dot at the base, the first row on top.
    """
    from plotly.graph_objects import Figure, Scatter

    known = table.dropna(subset=["low", "base", "high"])
    labels = [_short(str(label)) for label in known["label"]]
    ends: list[float | None] = []
    for low, high in zip(known["low"], known["high"], strict=True):
        ends += [float(low), float(high), None]
    across = [label for label in labels for _ in range(3)]
    line = Scatter(
        x=ends,
        y=across,
        mode="lines",
        name="across the readings",
        line={"color": COLOURS[5], "width": 9},
        hoverinfo="skip",
    )
    dots = Scatter(
        x=[float(share) for share in known["base"]],
        y=labels,
        mode="markers",
        name="base",
        marker={"color": TEXT, "size": 11, "symbol": "diamond"},
        hovertemplate="%{y}: %{x:.3f}<extra></extra>",
    )
    figure = Figure([line, dots])
    of = "" if n is None else f" of {n} cases"
    figure.update_xaxes(
        title_text=f"share{of}", range=[-0.02, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1]
    )
    figure.update_yaxes(**_categories(labels, reverse=True), showticklabels=False)
    for label in labels:  # above its line, so that a telephone has room for the line
        figure.add_annotation(
            x=0, xref="paper", y=label, text=label,
            xanchor="left", yshift=22, showarrow=False,
        )  # fmt: skip
    return figure.update_layout(
        height=64 * len(labels) + 150, margin={"b": 96, "t": 16, "l": 8, "r": 16}
    )


def describe_shares(table: pd.DataFrame, *, n: int | None = None) -> str:
    """Say each share with its interval.

    Parameters
    ----------
    table, n
        As for `draw_shares`.

    Returns
    -------
    str
        One sentence; a share of nothing is called unknown.
    """
    parts = []
    for row in table.itertuples():
        low, base, high = (cell_text(share) for share in (row.low, row.base, row.high))
        if not base:
            parts.append(f"{row.label} unknown")
        elif low == high:
            parts.append(f"{row.label} {base} under every reading")
        else:
            parts.append(
                f"{row.label} {base}, from {low} to {high} across the readings"
            )
    of = "" if n is None else f" of {n} cases"
    return f"Shares{of}: {'; '.join(parts)}."


def draw_cases(cases: pd.DataFrame, *, colour: str) -> Figure:
    """Draw cases by the year in which they began, a row for each code.

    Parameters
    ----------
    cases : pandas.DataFrame
        With ``case_id``, ``target_name``, ``year_start`` and the column of codes.
    colour : str
        The column whose codes are told apart, by row, symbol and colour.

    Returns
    -------
    plotly.graph_objects.Figure
        A trace for each code that occurs, those of one year side by side.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    """
    from plotly.graph_objects import Figure, Scatter

    codes = _codes(cases, colour)
    figure = Figure()
    for number, code in enumerate(codes):
        here = cases[cases[colour].astype(str) == code].sort_values("year_start")
        # Cases of one year are stacked within their row.
        level = here.groupby("year_start").cumcount()
        figure.add_trace(
            Scatter(
                x=here["year_start"].astype(int).to_list(),
                y=(0.16 * level - number).round(2).to_list(),
                mode="markers",
                name=code.replace("_", " "),
                text=[name for _, name in _names(here)],
                hovertemplate="%{text}, %{x}<extra></extra>",
                marker={
                    "symbol": SYMBOLS[number % len(SYMBOLS)],
                    "color": COLOURS[number % len(COLOURS)],
                    "size": 10,
                    "line": {"width": 1, "color": "white"},  # tells neighbours apart
                },
                showlegend=False,
            )
        )
    figure.update_xaxes(title_text="year in which it began")
    figure.update_yaxes(
        tickmode="array",
        tickvals=[-number for number in range(len(codes))],
        ticktext=[_short(code.replace("_", " ")) for code in codes],
        range=[0.4 - len(codes), 0.9],
    )
    return figure.update_layout(height=64 * max(len(codes), 1) + 110, margin_t=16)


def describe_cases(cases: pd.DataFrame, *, colour: str) -> str:
    """Say how many cases carry each code, and over which years.

    Parameters
    ----------
    cases, colour
        As for `draw_cases`.

    Returns
    -------
    str
        One sentence; codes that nobody has are left out.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    """
    if cases.empty:
        return "No case is shown."
    parts = []
    for code in _codes(cases, colour):
        years = cases.loc[cases[colour].astype(str) == code, "year_start"]
        span = " to ".join(dict.fromkeys(str(y) for y in (years.min(), years.max())))
        parts.append(f"{code.replace('_', ' ')} {len(years)} ({span})")
    noun = "case" if len(cases) == 1 else "cases"
    return f"{len(cases)} {noun} by {colour.replace('_', ' ')}: {', '.join(parts)}."


def _codes(cases: pd.DataFrame, colour: str) -> list[str]:
    if colour not in cases.columns:
        raise UnknownNameError("column", colour, map(str, cases.columns))
    column = cases[colour]
    there = {str(code) for code in column.dropna()}
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [str(code) for code in column.cat.categories if str(code) in there]
    return sorted(there)


def _names(cases: pd.DataFrame) -> list[tuple[str, str]]:
    pairs = zip(cases["case_id"], cases["target_name"], strict=True)
    return [(str(case), f"{case} {name}") for case, name in pairs]


def _categories(names: list[str], *, reverse: bool = False) -> dict[str, Any]:
    """Give an axis these categories in this order, the first one on top if reversed."""
    ends = [-0.6, len(names) - 0.4]
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": names,
        "dtick": 1,
        "range": ends[::-1] if reverse else ends,
    }


def _short(label: str) -> str:
    return shorten(label, LABEL, placeholder=" \u2026")
