"""Figures of the paper trail: recognition step by step, and stances with bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from coursekit.charts.theme import COLOURS, TEXT
from coursekit.charts.words import cell_text
from coursekit.institutions.documents import NOT_COVERED
from coursekit.institutions.recognition import (
    BODIES,
    LEVELS,
    Ladder,
    ladder,
    name_level,
    select_documents,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from plotly.graph_objects import Figure

# Body: symbol, colour, kind of line, and how far it stands from the line of its step,
# so that two bodies on one step can both be seen.
MARKS: Final = {
    "CIS": ("circle", COLOURS[0], "solid", -0.12),
    "CSTO": ("diamond", COLOURS[1], "dash", 0.12),
}
ROW: Final = 48  # pixels for one year


def draw_ladder(documents: pd.DataFrame, *, of: Iterable[str] = BODIES) -> Figure:
    """Draw the texts by day and step, with the highest step so far as a line.

    Parameters
    ----------
    documents : pandas.DataFrame
        Texts as `coursekit.institutions.documents.read_documents` gives them.
    of : iterable of {'CIS', 'CSTO'}
        Whose recognition; each has a symbol and a kind of line of its own.

    Returns
    -------
    plotly.graph_objects.Figure
        The five steps down the side in words; hollow marks were adopted by recorded
        vote. Without texts it has no mark.

    Raises
    ------
    UnknownNameError
        If no text concerns such a body.
    """
    from plotly.graph_objects import Figure

    figure = Figure()
    end = documents["date"].max()
    for body in () if documents.empty else of:
        rows = select_documents(documents, of=body)
        figure.add_trace(_line(rows, body, end))
        voted = _voted(rows)
        figure.add_trace(_marks(rows[~voted], body, f"{body}, a text", ""))
        if voted.any():
            name = f"{body}, by recorded vote"
            figure.add_trace(_marks(rows[voted], body, name, "-open"))
    figure.update_xaxes(title_text="year", type="date")
    figure.update_yaxes(
        tickvals=list(LEVELS),
        ticktext=[f"{level} {_fold(name)}" for level, name in LEVELS.items()],
        range=[-0.5, 4.5],
    )
    return figure.update_layout(height=460, margin={"t": 16, "b": 130, "l": 8, "r": 8})


def describe_ladder(documents: pd.DataFrame, *, of: Iterable[str] = BODIES) -> str:
    """Say how far the texts recognise each body, and which steps nobody reached.

    Parameters
    ----------
    documents, of
        As for `draw_ladder`.

    Returns
    -------
    str
        A sentence or two for each body.
    """
    found = [ladder(documents, of=body) for body in of]
    return " ".join(f"{rungs} {describe_above(rungs)}".strip() for rungs in found)


def describe_above(rungs: Ladder) -> str:
    """Name the steps above the highest one.

    Parameters
    ----------
    rungs : Ladder
        As `coursekit.institutions.recognition.ladder` gives it.

    Returns
    -------
    str
        One sentence; empty if step 4 is reached or there is no step.
    """
    if rungs.highest is None or rungs.highest == max(LEVELS):
        return ""
    above = [name_level(level) for level in LEVELS if level > rungs.highest]
    return f"No text reaches step {', or '.join(above)}."


def tabulate_ladder(
    documents: pd.DataFrame, *, of: Iterable[str] = BODIES
) -> pd.DataFrame:
    """List the texts behind the figure.

    Parameters
    ----------
    documents, of
        As for `draw_ladder`.

    Returns
    -------
    pandas.DataFrame
        ``body``, ``date``, ``symbol``, ``text``, ``step`` (0-4), ``meaning`` and
        ``vote``; a text that concerns two bodies has two rows.
    """
    import pandas as pd

    names = {"title_short": "text", "recognition_level": "step"}
    columns = ["body", "date", "symbol", "text", "step", "meaning", "vote"]
    parts = [pd.DataFrame(columns=columns)]
    for body in () if documents.empty else of:
        rows = select_documents(documents, of=body).rename(columns=names)
        meaning = rows["step"].astype(int).map(dict(LEVELS))
        rows = rows.drop(columns="body").assign(meaning=meaning)
        rows.insert(0, "body", body)
        parts.append(rows[columns])
    return pd.concat(parts[1:] or parts, ignore_index=True)


def draw_stances(table: pd.DataFrame) -> Figure:
    """Draw the share of a stance by year, with its worst-case bounds.

    Parameters
    ----------
    table : pandas.DataFrame
        As `coursekit.institutions.documents.measure_stances` gives it, by year or by
        text.

    Returns
    -------
    plotly.graph_objects.Figure
        A line from the lowest to the highest share, dotted where the number of
        speakers is not known; a diamond at the share of those coded. A year that is
        not covered has neither, and says so.
    """
    from plotly.graph_objects import Figure

    labels = [_label(row) for row in table.to_dict("records")]
    rows = table.assign(label=labels)
    rows = rows[rows["covered"].astype(bool)]
    known = rows["speakers"].notna()
    figure = Figure()
    for name, part, dash in (
        ("bounds, speakers known", rows[known], "solid"),
        ("bounds, speakers not known", rows[~known], "dot"),
    ):
        if not part.empty:
            figure.add_trace(_bounds(part, name, dash))
    coded = rows[rows["share"].notna()]
    figure.add_scatter(
        x=coded["share"].astype(float).to_list(),
        y=coded["label"].to_list(),
        mode="markers",
        name="share of those coded",
        marker={"symbol": "diamond", "size": 11, "color": TEXT},
        hovertemplate="%{y}: %{x:.3f}<extra></extra>",
    )
    figure.update_xaxes(
        title_text="share of speakers", range=[-0.03, 1.03], tickvals=[0, 0.5, 1]
    )
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=labels,
        range=[len(labels) - 0.4, -0.7],
        showticklabels=False,
    )
    for label in labels:  # above its line, so that a telephone has room for the line
        figure.add_annotation(
            x=0, xref="paper", y=label, text=label,
            xanchor="left", yshift=15, showarrow=False, font={"size": 12},
        )  # fmt: skip
    return figure.update_layout(
        height=ROW * len(labels) + 170, margin={"t": 16, "b": 130, "l": 8, "r": 16}
    )


def describe_stances(table: pd.DataFrame, *, stance: str = "critical") -> str:
    """Say each share with its bounds, and which years are not covered.

    Parameters
    ----------
    table : pandas.DataFrame
        As for `draw_stances`.
    stance : str
        What was counted.

    Returns
    -------
    str
        One sentence.
    """
    rows = table.to_dict("records")
    said = "; ".join(f"{_name(row)} {_describe(row)}" for row in rows)
    return f"Share of {stance} speakers: {said}."


def _describe(row: dict[Any, Any]) -> str:
    if not row["covered"]:
        return NOT_COVERED
    share = f"{row['count']} of {row['coded']} coded ({cell_text(row['share'])})"
    if not row["coded"]:
        share = "nobody coded"
    bounds = f"{cell_text(row['low'])} to {cell_text(row['high'])}"
    if cell_text(row["missing"]) == "":
        return f"{share}, number of speakers not known, so {bounds}"
    return f"{share}, {row['missing']} of {row['speakers']} missing, so {bounds}"


def _name(row: dict[Any, Any]) -> str:
    return str(row.get("year", row.get("symbol")))


def _label(row: dict[Any, Any]) -> str:
    if not row["covered"]:
        return f"{_name(row)}: {NOT_COVERED}"
    speakers = cell_text(row["speakers"]) or "?"
    return f"{_name(row)}: {row['count']} of {row['coded']} coded, {speakers} spoke"


def _bounds(rows: pd.DataFrame, name: str, dash: str) -> Any:
    from plotly.graph_objects import Scatter

    ends: list[float | None] = []
    for low, high in zip(rows["low"], rows["high"], strict=True):
        ends += [float(low), float(high), None]
    return Scatter(
        x=ends,
        y=[label for label in rows["label"] for _ in range(3)],
        mode="lines",
        name=name,
        line={"color": COLOURS[5] if dash == "solid" else COLOURS[6],
              "width": 9 if dash == "solid" else 3, "dash": dash},
        hoverinfo="skip",
    )  # fmt: skip


def _voted(rows: pd.DataFrame) -> pd.Series[bool]:
    votes = rows["vote"].astype("string")
    return votes.str.contains("recorded vote|in favour", na=False).astype(bool)


def _line(rows: pd.DataFrame, body: str, end: pd.Timestamp) -> Any:
    from plotly.graph_objects import Scatter

    _, colour, dash, shift = MARKS.get(body, ("x", COLOURS[6], "dot", 0.0))
    highest = [*rows["recognition_level"].astype(int).cummax()]
    days = [*rows["date"].dt.strftime("%Y-%m-%d"), f"{end:%Y-%m-%d}"]
    return Scatter(
        x=days,
        y=[level + shift for level in (*highest, highest[-1])],
        mode="lines",
        name=f"{body}, highest so far",
        line={"color": colour, "dash": dash, "width": 2, "shape": "hv"},
        hoverinfo="skip",
    )


def _marks(rows: pd.DataFrame, body: str, name: str, hollow: str) -> Any:
    from plotly.graph_objects import Scatter

    symbol, colour, _, shift = MARKS.get(body, ("x", COLOURS[6], "dot", 0.0))
    return Scatter(
        x=rows["date"].dt.strftime("%Y-%m-%d").to_list(),
        y=[int(level) + shift for level in rows["recognition_level"]],
        mode="markers",
        name=name,
        text=[f"{row.symbol}: {row.title_short}" for row in rows.itertuples()],
        hovertemplate="%{x} %{text}<extra></extra>",
        marker={
            "symbol": symbol + hollow,
            "color": colour,
            "size": 11,
            "line": {
                "width": 2 if hollow else 1,
                "color": colour if hollow else "white",
            },
        },
    )


def _fold(name: str) -> str:
    """Break a name after its first word or two, for a telephone."""
    return name.replace(" or ", " or<br>").replace("operational ", "operational<br>")
