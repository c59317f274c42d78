"""The frame of every widget: controls, a line of words, a figure, a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

import ipywidgets
import traitlets

from coursekit.charts.display import figure_bundle, folded_html, words_and_table_html
from coursekit.charts.theme import without_template

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

# ipywidgets sets lines twice as far apart as the page around them; the name of a
# fact can be longer than a phone is wide.
STYLE: Final = "line-height:1.5;overflow-wrap:anywhere"


@dataclass(frozen=True, kw_only=True)
class View:
    """What a panel shows for one state of its controls.

    Parameters
    ----------
    words : str
        One or more sentences that say all a reader needs who sees nothing else.
    figure : plotly.graph_objects.Figure, optional
        The picture of it.
    table : pandas.DataFrame, optional
        The rows of it; the index is not shown.
    """

    words: str
    figure: Figure | None = None
    table: pd.DataFrame | None = None


class Panel(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Controls above, and below them what follows from their values.

    Parameters
    ----------
    title : str
        What the panel is, in a few words.
    controls : mapping of str to ipywidgets.Widget
        Each control by the name under which ``view`` takes its value. All are
        ordinary form elements, so a keyboard reaches and moves them.
    view : callable
        Takes the controls' values by keyword and returns a `View`; a plain function,
        called once now and again on every change.
    layout : list of ipywidgets.Widget, optional
        How to place the controls, where one below the other will not do.

    Attributes
    ----------
    words : str
        The sentence that the panel shows now.
    view : View
        All that the panel shows now.
    """

    words = traitlets.Unicode()

    def __init__(
        self,
        title: str,
        controls: Mapping[str, Any],
        view: Callable[..., View],
        *,
        layout: list[Any] | None = None,
    ) -> None:
        self.title = title
        self.controls = dict(controls)
        self._compute = view
        self._values: dict[str, Any] | None = None
        self._waits = False
        self._line = ipywidgets.HTML()
        self._figure = ipywidgets.Output()
        # A wide table scrolls by itself, not the whole panel with it.
        self._table = ipywidgets.HTML(layout={"overflow": "auto"})
        head = ipywidgets.HTML(head_html(title))
        rows = list(self.controls.values()) if layout is None else layout
        super().__init__([head, *rows, self._line, self._figure, self._table])
        for control in self.controls.values():
            control.observe(self._refresh, names="value")
        self._refresh()

    def _refresh(self, _change: object = None) -> None:
        values = {name: control.value for name, control in self.controls.items()}
        # One control may have moved another, which was heard first.
        if self._waits or values == self._values:
            return
        self._values = values
        with without_template():
            self.view = self._compute(**values)
        self.words = self.view.words
        self._line.value = live_html(self.words)
        self._figure.outputs = _outputs(self.view)
        table = self.view.table
        self._table.value = "" if table is None else folded_html(table)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Take several changes of controls as one, and show what follows once."""
        self._waits = True
        try:
            yield
        finally:
            self._waits = False
            self._refresh()

    def static_html(self) -> str:
        """Write what the panel shows now as HTML that needs no kernel.

        Returns
        -------
        str
            Title, sentence and table, without scripts.
        """
        head = f"<p><strong>{escape(self.title)}</strong></p>"
        return f"{head}\n{words_and_table_html(self.words, self.view.table)}"

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        bundle["text/plain"] = self.words
        bundle["text/html"] = self.static_html()
        return bundle


def head_html(text: str) -> str:
    """Write what a widget is, or asks, above its controls.

    Parameters
    ----------
    text : str
        A few words or a question; escaped.

    Returns
    -------
    str
        A ``div`` in bold.
    """
    return f'<div style="{STYLE}"><strong>{escape(text)}</strong></div>'


def live_html(words: str) -> str:
    """Write a sentence so that a screen reader speaks it when it changes.

    Parameters
    ----------
    words : str
        The sentence; escaped, one paragraph for each line of it.

    Returns
    -------
    str
        A ``div`` with the role ``status``.
    """
    lines = "".join(f"<p>{escape(line)}</p>" for line in words.splitlines() if line)
    return f'<div role="status" aria-live="polite" style="{STYLE}">{lines}</div>'


def _outputs(view: View) -> tuple[dict[str, Any], ...]:
    if view.figure is None:
        return ()
    # Set as state, not captured: `with output:` would need the kernel's own message.
    return (
        {
            "output_type": "display_data",
            "data": figure_bundle(view.figure, words=view.words),
            "metadata": {"alt": view.words},
        },
    )
