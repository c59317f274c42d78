"""Figures of episodes: the class that each has, and where another table moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from coursekit.charts.theme import COLOURS
from coursekit.institutions.sensitivity import require_moves

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

LINE: Final = 21  # pixels from one episode to the next
# Classes in the order in which they stand from left to right, short for a telephone.
SHORT: Final = {
    "none": "none",
    "direct_remoulding": "direct",
    "via_existing_secondary": "existing",
    "via_new_secondary": "new",
    "inter_organisational_recognition": "recognition",
    "failure": "failure",
    "partial": "partial",
    "success": "success",
    "not_applicable": "none sought",
    "cannot be classified": "cannot",
}


def draw_episodes(
    classes: pd.DataFrame, *, names: tuple[str, str] = ("was here", "goes here")
) -> Figure:
    """Draw the class of each episode, and an arrow where it moves.

    Parameters
    ----------
    classes : pandas.DataFrame
        With ``episode_id``, ``before`` and ``after``, a row for each episode, the
        first on top; the two are equal where nothing moves.
    names : (str, str)
        What ``before`` and ``after`` are called in the legend.

    Returns
    -------
    plotly.graph_objects.Figure
        A square where a class stays, an open circle where it was, a diamond where it
        went, with a line between the two.

    Raises
    ------
    CoursekitError
        If a column is not there.
    TypeError
        If ``classes`` is no table.
    """
    from plotly.graph_objects import Figure

    require_moves(classes)
    stays = classes[classes["before"] == classes["after"]]
    moves = classes[classes["before"] != classes["after"]]
    figure = Figure()
    for _, move in moves.iterrows():
        figure.add_scatter(
            x=[_short(move["before"]), _short(move["after"])],
            y=[str(move["episode_id"])] * 2,
            mode="lines",
            line={"color": COLOURS[1], "width": 2},
            hoverinfo="skip",
            showlegend=False,
        )
    _add_marks(figure, stays, "after", "stays", "square", COLOURS[0])
    _add_marks(figure, moves, "before", names[0], "circle-open", COLOURS[1])
    _add_marks(figure, moves, "after", names[1], "diamond", COLOURS[1])
    across, down = _classes(classes), list(map(str, classes["episode_id"]))
    figure.update_xaxes(**_categories(across), side="top")
    figure.update_yaxes(**_categories(down, reverse=True))
    return figure.update_layout(
        height=LINE * len(down) + 144, margin={"t": 64, "b": 56, "l": 8, "r": 8}
    )


def _add_marks(
    figure: Figure, rows: pd.DataFrame, side: str, name: str, symbol: str, colour: str
) -> None:
    figure.add_scatter(
        x=[_short(code) for code in rows[side]],
        y=[str(episode) for episode in rows["episode_id"]],
        mode="markers",
        name=name,
        marker={"symbol": symbol, "size": 10, "color": colour},
        hovertemplate="%{y}: %{x}<extra></extra>",
        showlegend=not rows.empty,
    )


def _categories(names: list[str], *, reverse: bool = False) -> dict[str, Any]:
    ends = [-0.5, len(names) - 0.5]
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": names,
        "dtick": 1,
        "range": ends[::-1] if reverse else ends,
        "tickfont": {"size": 11},
    }


def _classes(classes: pd.DataFrame) -> list[str]:
    there = {*map(str, classes["before"]), *map(str, classes["after"])}
    return [_short(code) for code in sorted(there, key=_place)]


def _place(code: str) -> tuple[int, str]:
    known = list(SHORT)
    return (known.index(code) if code in known else len(known), code)


def _short(code: object) -> str:
    return SHORT.get(str(code), str(code).replace("_", " "))
