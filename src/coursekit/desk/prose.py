"""What students wrote, made safe for a page or a widget."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markupsafe import Markup

# Markdown can be written that takes the time of its length squared.
_MOST_MARKDOWN = 20_000  # characters
_MOST_SHOWN = 200_000


def render_answer(text: str) -> Markup:
    """Render a written answer as HTML that can run nothing and fetch nothing.

    Parameters
    ----------
    text : str
        Markdown, by anybody.

    Returns
    -------
    markupsafe.Markup
        HTML of paragraphs, lists, tables, code and links. HTML in the text is shown as
        text, pictures are not shown, and links that could run something are none.
        Headings are paragraphs in bold: the page around has its own. Over 20,000
        characters are shown as they were typed, and none after 200,000.

    Examples
    --------
    >>> print(render_answer("*No* <script>"))
    <p><em>No</em> &lt;script&gt;</p>
    <BLANKLINE>
    """
    from markupsafe import Markup, escape

    if len(text) > _MOST_MARKDOWN:
        return Markup("<pre>{}</pre>\n").format(escape(shorten(text)))
    return Markup(_renderer().render(text))  # noqa: S704 - HTML in it was escaped


@cache
def _renderer() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Its other presets let HTML through.
    renderer = MarkdownIt("js-default", {"html": False}).disable("image")
    renderer.add_render_rule("heading_open", _open_heading)
    renderer.add_render_rule("heading_close", _close_heading)
    return renderer


def _open_heading(*_: Any) -> str:
    return "<p><strong>"


def _close_heading(*_: Any) -> str:
    return "</strong></p>\n"


def shorten(text: str) -> str:
    """Cut a text after 200,000 characters, and say so."""
    if len(text) <= _MOST_SHOWN:
        return text
    return f"{text[:_MOST_SHOWN]}\n(Cut here: {len(text):,} characters.)"
