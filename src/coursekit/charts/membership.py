"""Figures of membership: members by year with a band, and the spells of one state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from coursekit.charts.theme import COLOURS, GRID, TEXT
from coursekit.charts.words import day_text

if TYPE_CHECKING:
    from plotly.graph_objects import Bar, Figure, Scatter

ROW: Final = 120  # pixels for the years of one body
SPELL: Final = 46  # pixels for one membership
SIDES: Final = ("joined", "left")
# A pattern for each status, so that grey paper tells them apart.
PATTERNS: Final = {
    "member": "",
    "permanent_member": "",
    "observer": "/",
    "partner": "\\",
    "associate": "x",
    "participant": ".",
}


def draw_panel(table: pd.DataFrame, *, title: str = "") -> Figure:
    """Draw the members of bodies by year, a row for each body.

    Parameters
    ----------
    table : pandas.DataFrame
        As `coursekit.institutions.membership.across_panel` gives it.
    title : str, optional
        At most 26 characters; more are broken into lines.

    Returns
    -------
    plotly.graph_objects.Figure
        A step line at the base, a band from the lowest to the highest reading, and
        grey years where the body is not covered.
    """
    from plotly.subplots import make_subplots

    bodies = list(dict.fromkeys(table["body"]))
    figure = make_subplots(
        rows=len(bodies),
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.24 / max(len(bodies), 1),
        subplot_titles=bodies,
    )
    for place, body in enumerate(bodies, start=1):
        rows = table[table["body"] == body]
        for trace in _body_traces(body, rows):
            figure.add_trace(trace, row=place, col=1)
        silent = rows.loc[rows["base"].isna(), "year"]
        if not silent.empty:
            ends = int(silent.min()) - 0.5, int(silent.max()) + 0.5
            figure.add_vrect(
                x0=ends[0], x1=ends[1], fillcolor=GRID, line_width=0,
                layer="below", row=place, col=1,
            )  # fmt: skip
    most = int(table["high"].max()) if table["high"].notna().any() else 1
    span = [int(table["year"].min()) - 0.6, int(table["year"].max()) + 0.6]
    figure.update_xaxes(range=span, dtick=10)
    figure.update_xaxes(title_text="grey: not covered", row=len(bodies), col=1)
    figure.update_yaxes(range=[0, most + 1], dtick=4)
    figure.update_annotations(font={"size": 14})
    figure.update_layout(
        title_text=title or None,
        showlegend=False,
        height=ROW * len(bodies) + 90,
        margin={"t": 72 if title else 32, "b": 40, "l": 8, "r": 8},
    )
    return figure


def _body_traces(body: str, rows: pd.DataFrame) -> list[Scatter]:
    from plotly.graph_objects import Scatter

    years = rows["year"].astype(int).to_list()
    band = [
        Scatter(
            x=years,
            y=_counts(rows[side]),
            name=f"{body}, {side}est reading",
            mode="lines",
            line={"shape": "hvh", "width": 0, "color": COLOURS[5]},
            fill=fill,
            hoverinfo="skip",
        )
        for side, fill in (("low", None), ("high", "tonexty"))
    ]
    line = Scatter(
        x=years,
        y=_counts(rows["base"]),
        name=f"{body}, base",
        mode="lines",
        line={"shape": "hvh", "width": 3, "color": TEXT},
        hovertemplate=f"{body}, end of %{{x}}: %{{y}}<extra></extra>",
    )
    return [*band, line]


def describe_panel(table: pd.DataFrame) -> str:
    """Say how many members each body had, when that moved, and where readings differ.

    Parameters
    ----------
    table : pandas.DataFrame
        As for `draw_panel`.

    Returns
    -------
    str
        A sentence for each body.
    """
    said = []
    for body, rows in table.groupby("body", sort=False):
        known = rows.dropna(subset=["base"])
        if known.empty:
            said.append(f"{body}: not covered in these years.")
            continue
        steps = known[known["base"] != known["base"].shift(fill_value=-1)]
        counts = ", ".join(f"{row.base} from {row.year}" for row in steps.itertuples())
        apart = known.loc[known["low"] != known["high"], "year"].astype(int).to_list()
        end = int(known["year"].max())
        doubt = f"; readings differ in {describe_years(apart)}" if apart else ""
        gap = rows.loc[rows["base"].isna(), "year"].astype(int).to_list()
        silent = f"; not covered {describe_years(gap)}" if gap else ""
        said.append(f"{body}: {counts}, up to {end}{doubt}{silent}.")
    return " ".join(said)


def draw_spells(table: pd.DataFrame, *, until: pd.Timestamp, title: str = "") -> Figure:
    """Draw the memberships of one state, a bar for each.

    Parameters
    ----------
    table : pandas.DataFrame
        As `coursekit.institutions.spells.tabulate_spells` gives it.
    until : pandas.Timestamp
        The last day that is covered; bars without an end run to it.
    title : str, optional
        At most 26 characters; more are broken into lines.

    Returns
    -------
    plotly.graph_objects.Figure
        Bars from joining to leaving, with a pattern for each status, and a heavy line
        from the earliest to the latest day on record where that is contested.
    """
    from plotly.graph_objects import Figure, Scatter

    table = table.reset_index(drop=True)  # a row stands as far down as its number
    places = [-number for number in range(len(table))]
    figure = Figure()
    for status in PATTERNS:
        rows = table[table["status"] == status]
        if not rows.empty:
            figure.add_trace(_bars(rows, status, until))
    figure.add_trace(
        Scatter(
            **_doubts(table, places, until),
            mode="lines+markers",
            name="contested day",
            line={"color": COLOURS[1], "width": 4},
            marker={"symbol": "line-ns-open", "size": 12, "line": {"width": 3}},
            hovertemplate="contested: %{x}<extra></extra>",
        )
    )
    for place, row in zip(places, table.to_dict("records"), strict=True):
        figure.add_annotation(
            x=0, xref="paper", y=place, text=_spell_label(row),
            xanchor="left", yshift=17, showarrow=False,
        )  # fmt: skip
    figure.update_xaxes(type="date", tickformat="%Y")
    figure.update_yaxes(
        range=[0.4 - len(table), 0.8], showticklabels=False, ticks="", showgrid=False
    )
    return figure.update_layout(
        title_text=title or None,
        barmode="overlay",
        height=SPELL * len(table) + 150,
        margin={"t": 56 if title else 16, "b": 96, "l": 8, "r": 8},
    )


def _bars(rows: pd.DataFrame, status: str, until: pd.Timestamp) -> Bar:
    from plotly.graph_objects import Bar

    ends = rows["left"].fillna(until)
    return Bar(
        x=((ends - rows["joined"]).dt.total_seconds() * 1000).to_list(),
        base=rows["joined"].dt.strftime("%Y-%m-%d").to_list(),
        y=[-int(place) for place in rows.index],
        orientation="h",
        width=0.36,
        name=status.replace("_", " "),
        text=rows["body"].to_list(),
        textposition="none",
        hovertemplate="%{text}, from %{base}<extra></extra>",
        marker={"color": COLOURS[5], "pattern": {"shape": PATTERNS[status]}},
    )


def describe_spells(table: pd.DataFrame, *, until: pd.Timestamp) -> str:
    """Say which memberships a state had, and which days are contested.

    Parameters
    ----------
    table, until
        As for `draw_spells`.

    Returns
    -------
    str
        One sentence for the memberships and one for what is contested.
    """
    parts, doubts = [], []
    for row in table.to_dict("records"):
        start, left = row["joined"], row["left"]
        end = f"open on {day_text(until)}" if pd.isna(left) else f"to {day_text(left)}"
        parts.append(f"{_spell_label(row)} from {day_text(start)} {end}")
        for side, first, last in _contested(row):
            late = "no leaving at all" if pd.isna(last) else day_text(last)
            doubts.append(f"{row['body']}, {side} {day_text(first)} or {late}")
    contested = f" Contested: {'; '.join(doubts)}." if doubts else ""
    return f"{'; '.join(parts)}.{contested}"


def _spell_label(row: dict[Any, Any]) -> str:
    status = row["status"].replace("_", " ")
    if row["rival_status"]:
        status += f" (or {row['rival_status']})"
    note = row["participation"].replace("_", " ")
    told = note in ("active", "ended", "")  # the bar tells these
    return f"{row['body']}: {status}{'' if told else ', ' + note}"


def _contested(row: dict[Any, Any]) -> list[tuple[str, Any, Any]]:
    """List the ends of a membership that are contested, with first and last day."""
    ends = [(side, row[f"{side}_first"], row[f"{side}_last"]) for side in SIDES]
    return [end for end in ends if not pd.isna(end[1]) and end[1] != end[2]]


def _doubts(
    table: pd.DataFrame, places: list[int], until: pd.Timestamp
) -> dict[str, list[Any]]:
    across: list[str | None] = []
    down: list[int | None] = []
    for place, row in zip(places, table.to_dict("records"), strict=True):
        for _, first, last in _contested(row):
            days = [first, until if pd.isna(last) else last]
            across += [*(day.strftime("%Y-%m-%d") for day in days), None]
            down += [place, place, None]
    return {"x": across, "y": down}


def _counts(column: pd.Series[Any]) -> list[int | None]:
    return [None if pd.isna(count) else int(count) for count in column]


def describe_years(years: list[int]) -> str:
    """Write years as runs.

    Parameters
    ----------
    years : list of int
        In ascending order.

    Returns
    -------
    str
        Each run with its first and last year.

    Examples
    --------
    >>> describe_years([1991, 1992, 1993, 2006])
    '1991-1993, 2006'
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    ends = [dict.fromkeys((run[0], run[-1])) for run in runs]
    return ", ".join("-".join(map(str, end)) for end in ends)
