"""One palette and one small template for every figure."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from plotly.graph_objects import Figure, Layout, layout

# Okabe and Ito's colours, told apart by readers with any common colour blindness;
# their yellow is left out, because it vanishes on white.
COLOURS: Final = (
    "#0072B2",  # blue
    "#D55E00",  # vermilion
    "#009E73",  # green
    "#CC79A7",  # purple
    "#E69F00",  # orange
    "#56B4E9",  # sky
    "#4D4D4D",  # grey, in place of black, which is kept for text
)
TEXT: Final = "#1A1A1A"
GRID: Final = "#E3E3E3"
LINE: Final = 26  # characters of a title that a telephone has room for
FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"


def course_template() -> layout.Template:
    """Make the template of the course's figures, under one kilobyte of JSON.

    Returns
    -------
    plotly.graph_objects.layout.Template
        White paper, dark text and the palette; legible on a dark page too, because
        the paper's colour is stated.
    """
    from plotly.graph_objects import layout

    axis = {
        "gridcolor": GRID,
        "linecolor": TEXT,
        "zeroline": False,
        "automargin": True,
        "ticks": "outside",
        "tickcolor": GRID,
        "tickfont": {"size": 12},  # on a telephone long names take half the width
        "title": {"font": {"size": 14}},
    }
    return layout.Template(
        layout={
            "font": {"family": FONT, "size": 14, "color": TEXT},
            "title": {
                "x": 0,
                "xref": "paper",
                "xanchor": "left",
                "font": {"size": 16},
            },
            "paper_bgcolor": "white",
            "plot_bgcolor": "white",
            "colorway": list(COLOURS),
            "xaxis": axis,
            "yaxis": axis,
            "margin": {"l": 24, "r": 24, "t": 64, "b": 48},
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": 0,
                "yref": "container",
                "yanchor": "bottom",
            },
            "hoverlabel": {"align": "left"},
        }
    )


def apply_theme(figure: Figure) -> Figure:
    """Copy a figure and put the course's template in place of plotly's own.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Any figure. What its author set on traces and layout stays as it is, but for
        long titles above and below it, which are broken into lines.

    Returns
    -------
    plotly.graph_objects.Figure
        A copy; plotly's default template adds 7 KB to every output, this one less
        than one.
    """
    from plotly.graph_objects import Figure

    themed = Figure(figure)
    themed.layout.template = course_template()
    _break_title(themed.layout)
    themed.for_each_xaxis(_break_title)
    return themed


def _break_title(part: Layout | layout.XAxis) -> None:
    # On a telephone nothing but a line break keeps a long title from being cut.
    text = part.title.text or ""
    if len(text) > LINE and "<br>" not in text:
        part.title.text = "<br>".join(wrap(text, LINE))
