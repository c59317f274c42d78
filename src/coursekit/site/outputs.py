"""Stored outputs as pages that run nothing but the drawing of figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from coursekit.charts.display import PLOTLY_MIME
from coursekit.errors import MalformedNotebookError

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"
STATE_MIME = "application/vnd.jupyter.widget-state+json"

_SCRIPTS = """\
<script defer src="../_static/plotly.min.js"></script>
<script defer src="../_static/figures.js"></script>
"""
_FIGURE = """\
<div class="chart" style="height: {height}px" role="img" aria-label="{words}">
<noscript>A script draws the figure; what it shows stands below in words.</noscript>
</div>
<script type="application/json" class="drawn">{figure}</script>
"""
_HEIGHT = 420  # pixels of a figure that says nothing of its own
_QUIZ = "Decide before you open the answer."
_WIDGET = (
    "This widget moves only in JupyterLab. What you see is how it stood when the "
    "lesson was built."
)


def read_notebook(file: Path) -> dict[str, Any]:
    """Read a built notebook.

    Raises
    ------
    MalformedNotebookError
        If it is no JSON with cells, or has none.
    """
    try:
        notebook: dict[str, Any] = json.loads(file.read_bytes())
        for cell in notebook["cells"]:
            cell["source"] = _joined(cell["source"])
            for output in cell.get("outputs", ()):
                data = output.get("data", {})
                output["data"] = {mime: _joined(data[mime]) for mime in data}
        _first = notebook["cells"][0]  # a page takes its title from it
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise MalformedNotebookError(
            file, "is not a notebook with cells; build or install the course again."
        ) from error
    return notebook


def still(notebook: dict[str, Any]) -> None:
    """Put static HTML in the place of figures and widgets, and fold hidden sources.

    Parameters
    ----------
    notebook : dict
        From `read_notebook`; changed in place. Its widget states are dropped.
    """
    stored = notebook["metadata"].pop("widgets", {}).get(STATE_MIME, {})
    models = stored.get("state", {})
    scripts = _SCRIPTS
    for cell in notebook["cells"]:
        if cell["metadata"].get("jupyter", {}).get("source_hidden"):
            cell["metadata"].setdefault("tags", []).append("hide-input")
        for output in cell.get("outputs", ()):
            data = output.pop("data")
            if PLOTLY_MIME in data:
                data = {"text/html": _figure(data)}
            elif WIDGET_MIME in data:
                figures = _figures_of(data[WIDGET_MIME]["model_id"], models)
                data = {"text/html": _widget(data, "".join(map(_figure, figures)))}
            elif "text/html" in data:
                data = {"text/html": _scrolling(data["text/html"])}
            if scripts and 'class="chart"' in data.get("text/html", ""):
                data["text/html"] = scripts + data["text/html"]
                scripts = ""  # one page needs them once
            if output["output_type"] in ("display_data", "execute_result"):
                output["data"] = data


def _figure(data: dict[str, Any]) -> str:
    layout = data[PLOTLY_MIME].get("layout", {})
    drawn = json.dumps(data[PLOTLY_MIME], ensure_ascii=False, separators=(",", ":"))
    return _FIGURE.format(
        height=layout.get("height", _HEIGHT),
        words=escape(_joined(data.get("text/plain", "A figure."))),
        figure=drawn.replace("<", "\\u003c"),  # no tag can end or begin in it
    )


def _figures_of(model: str, models: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Find the figures that a widget shows, in its stored state."""
    state = models.get(model, {}).get("state", {})
    for output in state.get("outputs", ()):
        if PLOTLY_MIME in output.get("data", {}):
            yield output["data"]
    for child in state.get("children", ()):
        yield from _figures_of(child.removeprefix("IPY_MODEL_"), models)


def _widget(data: dict[str, Any], figures: str) -> str:
    stored = data.get("text/html") or f"<p>{escape(data.get('text/plain', ''))}</p>"
    words, table, rows = stored.partition("<details>")
    is_quiz = "<summary>Answer</summary>" in stored
    kind, note = ("quiz", _QUIZ) if is_quiz else ("widget", _WIDGET)
    shown = f"{words}{figures}{_scrolling(table + rows)}"
    return f'<div class="still {kind}">{shown}<p class="note">{note}</p></div>'


def _scrolling(html: str) -> str:
    """Let wide tables move by themselves, by finger and by keyboard."""
    frame = '<div class="wide" role="group" aria-label="Table" tabindex="0">'
    return html.replace("<table", frame + "<table").replace(
        "</table>", "</table></div>"
    )


def _joined(text: Any) -> Any:
    return "".join(text) if isinstance(text, list) else text
