"""One palette and one small template for every figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from textwrap import wrap
from typing import Any, Final

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


def course_template() -> dict[str, Any]:
    """Make the template of the course's figures, under one kilobyte of JSON.

    Returns
    -------
    dict
        White paper, dark text and the palette; legible on a dark page too, because
        the paper's colour is stated.
    """
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
    return {
        "layout": {
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
    }


def apply_theme(content: Mapping[str, Any]) -> dict[str, Any]:
    """Put the course's template in the place of plotly's own.

    Parameters
    ----------
    content : mapping
        A figure as plain JSON values, from `coursekit.charts.words.plain_figure`. What
        its author set on traces and layout stays as it is, but for long titles above
        and below it, which are broken into lines.

    Returns
    -------
    dict
        A copy; plotly's default template adds 7 KB to every output, this one less
        than one.
    """
    layout = {
        name: _broken(part) if name == "title" or name.startswith("xaxis") else part
        for name, part in content.get("layout", {}).items()
    }
    return {**content, "layout": {**layout, "template": course_template()}}


def _broken(part: Mapping[str, Any]) -> dict[str, Any]:
    """Break the title of an axis, or the title itself, into lines.

    On a telephone nothing else keeps a long one from being cut.
    """
    if "title" in part:
        return {**part, "title": _broken(part["title"])}
    text = part.get("text") or ""
    if len(text) <= LINE or "<br>" in text:
        return dict(part)
    return {**part, "text": "<br>".join(wrap(text, LINE))}


@contextmanager
def without_template() -> Iterator[None]:
    """Let plotly make figures without its own template, which takes it 10 ms each."""
    from plotly import io

    # Set past plotly's check, which would build the template anew to look at it.
    templates: Any = io.templates
    before = templates.default
    templates._default = None  # noqa: SLF001 - see above
    try:
        yield
    finally:
        templates._default = before  # noqa: SLF001 - see above
