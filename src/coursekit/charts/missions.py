"""Figures and words of missions: how long they lasted, and what a threshold says."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from coursekit.charts.theme import COLOURS, TEXT
from coursekit.institutions.missions import (
    CRITERIA,
    DATASET,
    Mission,
    read_coverage,
)
from coursekit.institutions.thresholds import Assessment

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Row = Mapping[Hashable, Any]  # one row of the dataset, as a mapping
# What the UN made of a mission: symbol at its start, and colour. The label says it in
# a word. No dashes: they would blur where a line begins and ends.
STATUS: Final = {
    "mandated": ("square", COLOURS[0]),
    "observed": ("diamond", COLOURS[2]),
    "noted": ("triangle-up", COLOURS[1]),
    "none": ("circle", COLOURS[6]),
}
NEVER: Final = "x-thin-open"  # asked for or planned, and never sent
# Criterion of an assessment: sign, symbol and colour. Never colour alone.
MARKS: Final = {
    "good enough": ("\u2714", "circle", COLOURS[0]),
    "refused": ("\u2716", "x", COLOURS[1]),
    "not known": ("?", "diamond-open", COLOURS[6]),
    "not asked": ("\u2013", "line-ew-open", COLOURS[6]),
}
ROW: Final = 46  # pixels from one mission to the next, room for a label


def order_missions(table: pd.DataFrame) -> pd.DataFrame:
    """Put missions side by side with their counterparts.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of ``peacekeeping_missions``.

    Returns
    -------
    pandas.DataFrame
        By host state, the host of the earliest mission first; within it operations,
        counterparts and null cases, each by their start.
    """
    roles = ["psris_operation", "counterpart", "null_case"]
    keys = pd.DataFrame(
        {
            "host": table.groupby("host_iso3", observed=True)["start"].transform("min"),
            "iso3": table["host_iso3"].astype(str),
            "role": table["role_class"].astype(str).map(roles.index),
            "start": table["start"],
        }
    )
    return table.loc[keys.sort_values(list(keys.columns)).index]


def measure_ends(table: pd.DataFrame) -> pd.DataFrame:
    """Find how early and how late each mission may have begun and ended.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of ``peacekeeping_missions`` under the base readings.

    Returns
    -------
    pandas.DataFrame
        By mission: ``first_start``, ``last_start``, ``first_end``, ``last_end``
        (datetime). Where nobody disputes a date the two are the same; the ends are
        missing for a mission that goes on.
    """
    from coursekit.evidence import readings

    rivals = readings(DATASET)
    days: dict[str, pd.DataFrame] = {}
    for column in ("start", "end"):
        own = table.set_index("id")[column].rename("day").reset_index()
        rows = rivals[rivals["column"] == column]
        other = pd.DataFrame({"id": rows["key"], "day": pd.to_datetime(rows["value"])})
        both = pd.concat([own, other[other["id"].isin(own["id"])]])
        days[column] = both.groupby("id", sort=False)["day"].agg(["min", "max"])
    return pd.DataFrame(
        {
            "first_start": days["start"]["min"],
            "last_start": days["start"]["max"],
            "first_end": days["end"]["min"],
            "last_end": days["end"]["max"],
        }
    )


def draw_missions(table: pd.DataFrame) -> Figure:
    """Draw missions on an axis of time, operations beside their counterparts.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of ``peacekeeping_missions``, drawn in their order; see `order_missions`.

    Returns
    -------
    plotly.graph_objects.Figure
        A line for each mission; the symbol at its start and the word above it say
        what the UN made of it. Where sources disagree about a date the line is thin,
        and the label says so. An arrow at the right: it goes on after the last day
        that the dataset covers. A cross: nobody was sent.
    """
    from plotly.graph_objects import Figure, Scatter

    figure = Figure()
    last = read_coverage()[1]
    ends = measure_ends(table)
    rows = table.to_dict("records")
    for number, row in enumerate(rows):
        status = str(row["un_status"])
        symbol, colour = STATUS[status]
        sent = row["deployed"] in (True, "yes")
        mark = symbol if sent else NEVER
        thick, thin = _pieces(ends.loc[row["id"]], last) if sent else ([], [])
        common = {"mode": "lines", "hoverinfo": "skip", "showlegend": False}
        for piece, width in (*((p, 7) for p in thick), *((p, 2) for p in thin)):
            line = {"color": colour, "width": width}
            days = [f"{day:%Y-%m-%d}" for day in piece]
            figure.add_trace(
                Scatter(x=days, y=[-number] * 2, line=line, name=row["id"], **common)
            )
        goes_on = sent and pd.isna(row["end"])
        places = [row["start"], last] if goes_on else [row["start"]]
        figure.add_trace(
            Scatter(
                x=[f"{day:%Y-%m-%d}" for day in places],
                y=[-number] * len(places),
                mode="markers",
                name=row["id"],
                text=[_hover(row)] * len(places),
                hovertemplate="%{text}<extra></extra>",
                marker={
                    "symbol": [mark, "triangle-right"][: len(places)],
                    "color": colour if sent else TEXT,
                    "size": 11,
                    "line": {"width": 2 if not sent else 0, "color": TEXT},
                },
                showlegend=False,
            )
        )
        label = _label(row) + _disputed(ends.loc[row["id"]])
        figure.add_annotation(
            x=0, xref="paper", y=-number, text=label,
            xanchor="left", yshift=17, showarrow=False, font_size=12,
        )  # fmt: skip
    edge = last + pd.Timedelta(days=300)  # room for the arrows
    figure.update_xaxes(range=["1991-06-01", f"{edge:%Y-%m-%d}"], tickformat="%Y")
    figure.update_yaxes(
        showticklabels=False, ticks="", showgrid=False, range=[0.4 - len(rows), 0.9]
    )
    return figure.update_layout(
        height=ROW * len(rows) + 90, margin={"t": 16, "l": 12, "r": 16}
    )


def describe_missions(table: pd.DataFrame) -> str:
    """Say which missions are drawn, with years, sender and what the UN made of them.

    Parameters
    ----------
    table : pandas.DataFrame
        As for `draw_missions`.

    Returns
    -------
    str
        One sentence for operations, one for counterparts, one for who was never sent,
        and one for the missions with a disputed date.
    """
    heads = {
        "psris_operation": "Operations",
        "counterpart": "Beside them",
        "null_case": "Asked for or planned, never sent",
    }
    parts = []
    for role, head in heads.items():
        rows = table[table["role_class"] == role].to_dict("records")
        if rows:
            parts.append(f"{head}: {'; '.join(map(_say, rows))}.")
    said = {key: _disputed(row) for key, row in measure_ends(table).iterrows()}
    disputed = [f"{key}{words[1:-9]}" for key, words in said.items() if words]
    if disputed:
        parts.append(f"Disputed: {', '.join(disputed)}.")
    return "\n".join(parts) or "No mission is shown."


def draw_assessments(
    assessments: Iterable[Assessment],
    missions: Mapping[str, Mission],
    asked: Iterable[str],
) -> Figure:
    """Draw a row for each mission and a column for each criterion.

    Parameters
    ----------
    assessments : iterable of Assessment
        What a threshold says of the missions, drawn in this order.
    missions : mapping of str to Mission
        The missions by key.
    asked : iterable of str
        The criteria that the threshold asks about.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace for each mark, each with a symbol of its own; the sign before the
        mission's key says how it comes out.
    """
    from plotly.graph_objects import Figure, Scatter

    found, asked = list(assessments), tuple(asked)
    signs = {
        "passes": MARKS["good enough"][0],
        "fails": MARKS["refused"][0],
        "cannot be decided": MARKS["not known"][0],
    }
    names = {a.mission_id: f"{a.mission_id} {signs[a.outcome]}" for a in found}
    cells = [
        (criterion, names[a.mission_id], mark_code(a, criterion, asked), a.mission_id)
        for a in found
        for criterion in CRITERIA
    ]
    figure = Figure()
    for mark, (_, symbol, colour) in MARKS.items():
        here = [cell for cell in cells if cell[2] == mark]
        codes = [missions[key].codes.get(c) or "not known" for c, _, _, key in here]
        figure.add_trace(
            Scatter(
                x=[cell[0] for cell in here],
                y=[cell[1] for cell in here],
                mode="markers",
                name=mark,
                text=[code.replace("_", " ") for code in codes],
                hovertemplate="%{y}, %{x}: %{text}<extra></extra>",
                marker={
                    "symbol": symbol,
                    "color": colour,
                    "size": 12,
                    "line": {"width": 2 if symbol.endswith("open") else 0},
                },
                showlegend=False,
            )
        )
    figure.update_xaxes(  # upright heads would cover one another on a phone
        categoryorder="array", categoryarray=list(CRITERIA), side="top", tickangle=-45,
        dtick=1, range=[-0.5, 3.5], tickfont_size=12,
    )  # fmt: skip
    figure.update_yaxes(
        categoryorder="array", categoryarray=list(names.values()), dtick=1,
        range=[len(names) - 0.4, -0.6],
    )  # fmt: skip
    legend = ", ".join(f"{sign} {mark}" for mark, (sign, _, _) in MARKS.items())
    first, second = legend[: legend.index("? ")], legend[legend.index("? ") :]
    return figure.update_layout(
        title={
            "text": f"{first.strip()}<br>{second}",
            "font_size": 14,
            "xref": "container",
            "y": 1,
            "yanchor": "top",
            "pad": {"l": 8, "t": 20},
        },
        height=174 + 26 * len(names),
        margin={"t": 124, "b": 16, "r": 8},
    )


def mark_code(found: Assessment, criterion: str, asked: Iterable[str]) -> str:
    """Say how one code of a mission stands under a threshold, as a key of ``MARKS``."""
    if criterion in found.failed:
        return "refused"
    if criterion in found.missing:
        return "not known"
    return "good enough" if criterion in tuple(asked) else "not asked"


def _pieces(ends: Any, last: pd.Timestamp) -> tuple[list[Any], list[Any]]:
    """Split a line into what every reading has and what only some have."""
    first_end = last if pd.isna(ends["first_end"]) else ends["first_end"]
    last_end = last if pd.isna(ends["last_end"]) else ends["last_end"]
    sure = [(ends["last_start"], first_end)]
    thin = [(ends["first_start"], ends["last_start"]), (first_end, last_end)]
    return sure, [(start, end) for start, end in thin if start < end]


def _label(row: Row) -> str:
    if row["deployed"] not in (True, "yes"):
        return f"{row['id']}: {row['lead']}, never sent"
    return f"{row['id']}: {row['lead']}, UN: {row['un_status']}"


def _disputed(ends: Any) -> str:
    found = [
        name
        for name in ("start", "end")
        if ends[f"first_{name}"] < ends[f"last_{name}"]  # false where one is missing
    ]
    return f", {' and '.join(found)} disputed" if found else ""


def _hover(row: Row) -> str:
    return f"<b>{row['id']}</b><br>{row['name']}<br>{_years(row)}"


def _years(row: Row) -> str:
    if row["deployed"] not in (True, "yes"):
        return f"{row['start']:%Y}"
    if pd.isna(row["end"]):
        return f"since {row['start']:%Y}"
    years = dict.fromkeys((f"{row['start']:%Y}", f"{row['end']:%Y}"))
    return " to ".join(years)


def _say(row: Row) -> str:
    status = "" if row["role_class"] == "null_case" else f", UN: {row['un_status']}"
    return f"{row['id']} ({row['lead']}, {_years(row)}{status})"
