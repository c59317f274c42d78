"""Show a figure together with its sentence and its table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from coursekit.charts.theme import apply_theme
from coursekit.charts.words import (
    cell_text,
    describe_figure,
    plain_figure,
    tabulate_figure,
)

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

PLOTLY_MIME: Final = "application/vnd.plotly.v1+json"
ROW_LIMIT: Final = 200


def show(
    figure: Figure, *, words: str | None = None, table: pd.DataFrame | None = None
) -> None:
    """Display a figure, then what it shows in words and as a table.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        What to show; it is not changed.
    words : str, optional
        One or two sentences that say what is seen. Made from the figure if not given.
    table : pandas.DataFrame, optional
        The same facts as rows. Made from the figure if not given.

    Raises
    ------
    TypeError
        If ``figure`` is not a plotly figure.
    """
    from IPython.display import display
    from plotly.graph_objects import Figure as AnyFigure

    if not isinstance(figure, AnyFigure):
        raise TypeError(
            f"show() was given {type(figure).__name__}; it shows plotly figures. "
            "Write the name of a table on the last line of a cell to see it."
        )
    words = describe_figure(figure) if words is None else words
    table = tabulate_figure(figure) if table is None else table
    alternative = {"text/html": words_and_table_html(words, table), "text/plain": words}
    for data, metadata in (
        (figure_bundle(figure, words=words), {"alt": words}),
        (alternative, {}),
    ):
        display(data, metadata=metadata, raw=True)


def figure_bundle(figure: Figure, *, words: str) -> dict[str, Any]:
    """Turn a figure into the data of one output: plotly's JSON and the words.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Any figure; the course's template replaces plotly's default one.
    words : str
        What is read where plotly is not drawn.

    Returns
    -------
    dict
        Mime type to content. Arrays are plain lists, so that the file can be read
        and compared, and older viewers can draw it.
    """
    content = apply_theme(plain_figure(figure))
    return {PLOTLY_MIME: content, "text/plain": words}


def words_and_table_html(words: str, table: pd.DataFrame | None) -> str:
    """Write the sentence and, folded below it, the table.

    Parameters
    ----------
    words : str
        The sentence; escaped, one paragraph for each line of it.
    table : pandas.DataFrame, optional
        The rows; escaped. Left out if there is none. Its index is not shown.

    Returns
    -------
    str
        HTML without scripts, styles or classes.
    """
    paragraph = "\n".join(f"<p>{escape(line)}</p>" for line in words.splitlines())
    if table is None:
        return paragraph
    return f"{paragraph}\n{folded_html(table)}"


def folded_html(table: pd.DataFrame) -> str:
    """Write a table that opens when asked for.

    Parameters
    ----------
    table : pandas.DataFrame
        As for `table_html`.

    Returns
    -------
    str
        A ``details`` element.
    """
    summary = "<summary>The same as a table</summary>"
    return f"<details>{summary}\n{table_html(table)}\n</details>"


def table_html(table: pd.DataFrame) -> str:
    """Write a table as HTML that needs nothing from elsewhere.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows to write; the index is not shown. Past 200 rows it says how many are
        left out. Missing values are empty cells.

    Returns
    -------
    str
        A ``table`` element whose header cells carry their scope.
    """
    heads = "".join(
        f'<th scope="col">{escape(_label(name))}</th>' for name in table.columns
    )
    lines = [f"<table><thead><tr>{heads}</tr></thead><tbody>"]
    for row in table.head(ROW_LIMIT).itertuples(index=False, name=None):
        cells = "".join(f"<td>{escape(cell_text(cell))}</td>" for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    lines.append("</tbody></table>")
    if len(table) > ROW_LIMIT:
        lines.append(f"<p>The first {ROW_LIMIT} of {len(table)} rows.</p>")
    return "\n".join(lines)


def _label(name: object) -> str:
    return str(name).replace("_", " ")
