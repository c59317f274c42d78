"""Figures and words of overlap: which two sets are alike, and which pair moved."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Final

from coursekit.charts.theme import COLOURS
from coursekit.institutions.overlap import measure_moves

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

CELL: Final = 44  # pixels from one row to the next
PALE: Final = "#EAF3F9"  # of nothing in common; the paper is white
CROWD: Final = 6  # columns beyond which a telephone has room for two digits only
CLOSE: Final = 1e-9  # overlaps nearer than this are the same


def draw_overlap(matrix: pd.DataFrame, *, title: str = "") -> Figure:
    """Draw a matrix of overlap as a grid with its numbers, each pair once.

    Parameters
    ----------
    matrix : pandas.DataFrame
        As `coursekit.institutions.overlap.measure_overlap` gives it.
    title : str, optional
        At most 26 characters; more are broken into lines.

    Returns
    -------
    plotly.graph_objects.Figure
        Every name but the first down, every name but the last across. The darker, the
        more alike; ``?`` where the overlap is unknown.
    """
    from plotly.graph_objects import Figure, Heatmap

    names = [str(name) for name in matrix.index]
    down, across = names[1:], names[:-1]
    values: list[list[float | None]] = []
    text: list[list[str]] = []
    cells = matrix.astype(float).to_numpy(na_value=math.nan)
    for row in range(1, len(names)):
        known = [float(cells[row, column]) for column in range(row)]
        # Above the diagonal nothing is drawn: it would say the same again.
        blank = len(across) - row
        values.append([None if math.isnan(v) else v for v in known] + [None] * blank)
        text.append(["?" if math.isnan(v) else f"{v:.2f}" for v in known])
        if len(across) > CROWD:
            text[-1] = [shown.removeprefix("0") for shown in text[-1]]
        text[-1] += [""] * blank
    figure = Figure(
        Heatmap(
            x=across,
            y=down,
            z=values,
            text=text,
            name="overlap",
            texttemplate="%{text}",
            hovertemplate="%{y} and %{x}: %{text}<extra></extra>",
            hoverongaps=False,
            colorscale=[[0, PALE], [1, COLOURS[0]]],
            zmin=0,
            zmax=1,
            xgap=2,
            ygap=2,
            showscale=False,
        )
    )
    figure.update_xaxes(type="category", side="bottom", showgrid=False, tickangle=-45)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    margin = {"t": 56 if title else 16, "b": 90, "l": 8, "r": 8}
    figure.update_layout(
        title_text=title or None, height=CELL * len(down) + 130, margin=margin
    )
    return figure.update_traces(textfont={"size": 13 if len(across) <= CROWD else 10})


def describe_overlap(matrix: pd.DataFrame) -> str:
    """Say which pairs are the most and the least alike.

    Parameters
    ----------
    matrix : pandas.DataFrame
        As for `draw_overlap`.

    Returns
    -------
    str
        One or two sentences; pairs whose overlap is unknown are counted apart.
    """
    pairs = tabulate_overlap(matrix)
    known = pairs.dropna(subset=["overlap"])
    if pairs.empty:
        return "There is no pair to compare."
    gaps = len(pairs) - len(known)
    unknown = f" Unknown, since both are empty: {gaps}." if gaps else ""
    if known.empty:
        return f"{_count(len(pairs), 'pair')}.{unknown}"
    high, low = known["overlap"].max(), known["overlap"].min()
    if high - low < CLOSE:
        return f"{_count(len(known), 'pair')}, all with overlap {high:.3f}.{unknown}"
    return (
        f"{_count(len(known), 'pair')}: most alike {_pairs_at(known, high)} with "
        f"{high:.3f}, least alike {_pairs_at(known, low)} with {low:.3f}.{unknown}"
    )


def tabulate_overlap(matrix: pd.DataFrame) -> pd.DataFrame:
    """List the pairs of a matrix of overlap, the most alike first.

    Parameters
    ----------
    matrix : pandas.DataFrame
        As for `draw_overlap`.

    Returns
    -------
    pandas.DataFrame
        ``first``, ``second`` and ``overlap`` (0-1); unknown ones last.
    """
    import pandas as pd

    rows = [
        (first, second, matrix.at[first, second])  # noqa: PD008 - one cell
        for first, second in combinations(matrix.index, 2)
    ]
    table = pd.DataFrame(rows, columns=["first", "second", "overlap"])
    table["overlap"] = table["overlap"].astype("Float64")
    return table.sort_values(
        "overlap", ascending=False, kind="stable", ignore_index=True
    )


def describe_moves(before: pd.DataFrame, after: pd.DataFrame) -> str:
    """Say which pairs moved from one matrix of overlap to another, and how far.

    Parameters
    ----------
    before, after : pandas.DataFrame
        As for `draw_overlap`; only pairs in both are compared.

    Returns
    -------
    str
        One or two sentences; names that the second matrix lacks are given.
    """
    moves = measure_moves(before, after).dropna(subset=["moved"])
    gone = [str(name) for name in before.index if name not in after.index]
    lost = f" Left out now: {', '.join(gone)}." if gone else ""
    moved = moves[moves["moved"].abs() > CLOSE]
    if moved.empty:
        return f"No pair has moved.{lost}"
    up = int((moved["moved"] > 0).sum())
    furthest = moved.iloc[0]
    ties = (moved["moved"].abs() > abs(furthest["moved"]) - CLOSE).sum() - 1
    others = f", and {_count(int(ties), 'pair')} as far" if ties else ""
    return (
        f"{len(moved)} of {_count(len(moves), 'pair')} moved, {up} up and "
        f"{len(moved) - up} down. Furthest: {furthest['first']} and "
        f"{furthest['second']}, from {furthest['before']:.3f} to "
        f"{furthest['after']:.3f} ({furthest['moved']:+.3f}){others}.{lost}"
    )


def _pairs_at(pairs: pd.DataFrame, value: float) -> str:
    at = pairs[(pairs["overlap"] - value).abs() < CLOSE]
    first = f"{at.iloc[0]['first']} and {at.iloc[0]['second']}"
    more = len(at) - 1
    return f"{first} (and {_count(more, 'other pair')})" if more else first


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
