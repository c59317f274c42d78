"""What students wrote, made safe for a page or a widget."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markupsafe import Markup


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

    Examples
    --------
    >>> print(render_answer("*No* <script>"))
    <p><em>No</em> &lt;script&gt;</p>
    <BLANKLINE>
    """
    from markupsafe import Markup

    return Markup(_renderer().render(text))  # noqa: S704 - HTML in it was escaped


@cache
def _renderer() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Its other presets let HTML through.
    return MarkdownIt("js-default", {"html": False}).disable("image")
