"""Pages for students and instructors: one file, nothing fetched, nothing of theirs run.

Student content goes through Jinja's escaping or `coursekit.desk.prose`. Behind that
stands a content security policy: scripts run only with the nonce of the page, and
nothing is loaded from anywhere.
"""

from __future__ import annotations

import base64
import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

_STAMP = "<!-- coursekit "

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
script-src 'nonce-{{ nonce }}'; style-src 'unsafe-inline'; img-src data: blob:; \
base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ title }}</title>
<style>{{ style }}</style>
</head>
<body>
<main>
{% block content %}{% endblock %}
</main>
{% if figures %}
<script type="text/plain" id="plotly">{{ plotly }}</script>
{% for figure in figures %}
<script type="application/json" class="figure" data-into="figure-{{ loop.index }}">\
{{ figure }}</script>
{% endfor %}
<script nonce="{{ nonce }}">{{ draw }}</script>
{% endif %}
</body>
</html>
"""

_STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --line: #767676;
  --soft: #f3f3f3; --blue: #005a9c; }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #161616;
  --line: #8a8a8a; --soft: #262626; --blue: #8cc8ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { line-height: 1.2; } h2 { margin-top: 2.5rem; line-height: 1.25; }
a { color: var(--blue); }
pre { background: var(--soft); padding: .75rem; overflow-x: auto; border-radius: 4px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); }
.judged { border-left: 5px solid var(--line); padding-left: .75rem; }
.answer { border: 1px solid var(--line); border-radius: 4px; padding: 0 .75rem; }
.checks th:nth-child(1) { width: 38%; } .checks th:nth-child(3) { width: 31%; }
blockquote { margin: .75rem 0; padding-left: .75rem; white-space: pre-line;
  border-left: 5px solid var(--line); }
figure { margin: .75rem 0; }
.figure { background: #fff; color: #1a1a1a; }
.wide { overflow-x: auto; }
.wide :is(th, td) { overflow-wrap: normal; }
.wide td:last-child { min-width: 11rem; }
.wide .value { overflow-wrap: anywhere; min-width: 16rem; }
@media (prefers-color-scheme: dark) { .figure.ours {
  filter: invert(.91) hue-rotate(180deg); } }
img { max-width: 100%; height: auto; background: #fff; }
summary { cursor: pointer; padding: .3rem 0; }
@media print { details::details-content { content-visibility: visible; height: auto; }
  .answer, pre { break-inside: avoid; } pre { white-space: pre-wrap; } }
"""

_DRAW = """
(async () => {
  const say = (into, words) => { into.textContent = words; };
  const packed = atob(document.getElementById('plotly').textContent.trim());
  const bytes = Uint8Array.from(packed, c => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream('gzip'));
  const script = document.createElement('script');
  script.nonce = 'NONCE';
  script.textContent = await new Response(stream).text();
  document.head.append(script);
  for (const source of document.querySelectorAll('script.figure')) {
    const into = document.getElementById(source.dataset.into);
    try {
      const figure = JSON.parse(source.textContent);
      say(into, '');
      await Plotly.newPlot(into, figure.data, {...figure.layout, autosize: true,
        width: undefined}, {responsive: true, displaylogo: false});
    } catch (error) {
      say(into, 'This figure cannot be drawn here; your notebook has it.');
    }
  }
})();
"""


def render_page(name: str, template: str, **values: Any) -> str:
    """Render a page.

    Parameters
    ----------
    name : str
        Name of the template, for its messages.
    template : str
        What stands in the page, as Jinja; whatever it is given is escaped, unless it
        is `markupsafe.Markup`.
    **values : object
        What the template uses; ``title``, and ``figures``: plotly figures as JSON, each
        of which is drawn into the element with the id ``figure-1``, ``figure-2``, and
        so on.

    Returns
    -------
    str
        HTML, with a digest of itself in its last line.
    """
    from markupsafe import Markup

    # Whoever writes into the page does not know all of it, and so not the nonce.
    nonce = sha256(repr((name, sorted(values.items()))).encode()).hexdigest()[:32]
    figures = [_inside_script(one) for one in values.pop("figures", ())]
    trusted = {"style": _STYLE, "draw": _DRAW.replace("NONCE", nonce)}
    if figures:
        trusted["plotly"] = _packed_plotly()
    page: str = _template(name, template).render(
        **{key: Markup(text) for key, text in trusted.items()},  # noqa: S704 - all of it is ours
        figures=[Markup(one) for one in figures],  # noqa: S704 - no tag can end in it
        nonce=nonce,
        **values,
    )
    # Half an emoji is no UTF-8, and a carriage return does not survive reading a file.
    page = page.encode(errors="replace").decode()
    return stamp(page.replace("\r\n", "\n").replace("\r", "\n"))


def stamp(page: str) -> str:
    """End a page with a digest of itself, so that a later edit can be seen."""
    return f"{page}{_STAMP}{sha256(page.encode()).hexdigest()} -->\n"


def is_as_written(path: Path) -> bool:
    """Tell whether a file is a page that `render_page` made and nobody edited."""
    try:
        kept = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    page, mark, _ = kept.rpartition(_STAMP)
    return bool(mark) and stamp(page) == kept


def is_made_from(path: Path, page: str) -> bool:
    """Tell whether a file is this page, or this page edited above its last line."""
    kept = path.read_text(encoding="utf-8", errors="replace")
    return page[page.rindex(_STAMP) :].strip() in kept


def _inside_script(text: str) -> str:
    """Write JSON so that no tag can end or begin in it."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def _packed_plotly() -> str:
    from plotly.offline import get_plotlyjs

    packed = gzip.compress(get_plotlyjs().encode(), mtime=0)
    return base64.b64encode(packed).decode()


@cache
def _template(name: str, template: str) -> Any:
    content = "{% extends 'page' %}{% block content %}" + template + "{% endblock %}"
    return _environment(name, content).get_template(name)


def _environment(name: str, content: str) -> Environment:
    from jinja2 import DictLoader, Environment, StrictUndefined

    loader = DictLoader({"page": _PAGE, name: content})
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
