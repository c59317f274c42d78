"""How the pages look: the theme's options, our styles, and the script for figures."""

from __future__ import annotations

from typing import Any

FIGURES = """\
// Draws the figures of a page, each from the JSON that stands behind it.
document.addEventListener('DOMContentLoaded', () => {
  for (const source of document.querySelectorAll('script.drawn')) {
    const into = source.previousElementSibling;
    const {data, layout} = JSON.parse(source.textContent);
    const byFinger = matchMedia('(pointer: coarse)').matches;
    into.textContent = '';
    Plotly.newPlot(into, data, {...layout, autosize: true, width: undefined,
      ...(byFinger && {dragmode: false})}, {responsive: true, displayModeBar: false});
  }
});
"""

STYLE = """\
html { --pst-font-family-base: system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  --pst-font-family-heading: var(--pst-font-family-base);
  --mystnb-source-margin-color: var(--pst-color-border); }
html[data-theme=light] { --pst-color-primary: #005a9c; --pst-color-link: #005a9c;
  --pst-color-link-hover: #a03c00; --pst-color-secondary: #a03c00;
  --pst-color-inline-code: #8a2f00; --pst-color-text-muted: #555f6b; }
html[data-theme=dark] { --pst-color-primary: #8cc8ff; --pst-color-link: #8cc8ff;
  --pst-color-link-hover: #ffb88a; --pst-color-secondary: #ffb88a;
  --pst-color-inline-code: #ffb88a; --pst-color-text-muted: #a9b2bc; }
.bd-article { line-height: 1.65; }
.bd-article h1 { font-size: 2.2rem; line-height: 1.2; margin-top: 0; }
.bd-article h2 { margin-top: 2.75rem; font-size: 1.55rem; }
.bd-article h3 { font-size: 1.2rem; }
.bd-article h1, .bd-article h2, .bd-article h3 { text-wrap: balance; font-weight: 650; }
.bd-main .bd-content .bd-article-container { max-width: 54rem; }
.navbar-brand .logo__title { font-weight: 700; letter-spacing: -.01em; }

.to-read, .still .note { font-size: .9rem; color: var(--pst-color-text-muted); }
.to-read { border-left: 4px solid var(--pst-color-primary); padding-left: .9rem; }
html[data-theme] .bd-content div.cell_output .text_html { padding: 0 !important;
  color: inherit !important; background: none !important; }  /* the theme's is light */
.chart { background: #fff; color: #1a1a1a; box-sizing: content-box; padding: .4rem;
  margin: .5rem 0 .75rem; overflow: hidden; border-radius: .5rem;
  border: 1px solid var(--pst-color-border); }
html[data-theme=dark] .chart { filter: invert(.91) hue-rotate(180deg);
  border-color: #b8b0aa; }  /* inverted too */
@media print { html[data-theme=dark] .chart { filter: none; } }
@media (min-width: 992px) { .bd-container .bd-sidebar-primary { flex-basis: 15.5rem; }
  .bd-main .bd-content .bd-sidebar-secondary { width: 14rem; } }
.still { border: 1px solid var(--pst-color-border); border-radius: .5rem;
  padding: 1rem 1.1rem .6rem; background: var(--pst-color-surface); }
.still.quiz { border-left: 4px solid var(--pst-color-primary); }
.still > :last-child { margin-bottom: .3rem; }
.still ul { margin-bottom: .5rem; }
summary { cursor: pointer; padding: .3rem 0; color: var(--pst-color-link); }
summary:focus-visible, .wide:focus-visible { outline: 3px solid var(--pst-color-link); }
.cell_output details { margin: .25rem 0 1rem; }
.wide { overflow: auto; max-height: 70vh; margin: .5rem 0 1rem; }
.wide table { border-collapse: collapse; font-size: .88rem; margin: 0; border: 0; }
.wide th, .wide td, .bd-article .wide tbody th { padding: .35rem .6rem; border: 0;
  border-bottom: 1px solid var(--pst-color-border); text-align: left !important;
  vertical-align: top; min-width: 4.5rem; max-width: 26rem; }
.wide thead { position: sticky; top: 0; background: var(--pst-color-background);
  box-shadow: 0 2px var(--pst-color-text-muted); }
.still .wide thead { background: var(--pst-color-surface); }
.bd-article pre { font-size: .875rem; line-height: 1.5; }
.bd-article code { overflow-wrap: anywhere; }
.bd-article p code .pre, .bd-article li code .pre { white-space: normal; }
.bd-article table code { overflow-wrap: normal; }
.work { padding-left: 1.4rem; text-indent: -1.4rem; margin-bottom: .8rem;
  overflow-wrap: anywhere; }
.work:target, span:target + .work { background: var(--pst-color-target); }
.key, .work .key code { color: var(--pst-color-text-muted); background: none; border: 0;
  font-size: .8rem; }

.bd-article a.term { color: inherit; text-decoration: underline dotted 1px;
  text-underline-offset: .2em; }
.bd-article a.term:hover { color: var(--pst-color-link-hover); }
.word { font-weight: 600; }

#search-results ul.search { padding: 0; }
#search-results ul.search li { padding: .6rem 0;
  border-color: var(--pst-color-border); }
#search-results ul.search li a { font-size: 1.05rem; }
#search-results ul.search li p:empty, #search-results .context { display: none; }

.opening { font-size: 1.3rem; line-height: 1.5; text-wrap: pretty; margin-top: 1.2rem; }
.begin a { display: inline-block; padding: .6rem 1.3rem; border-radius: .5rem;
  background: var(--pst-color-primary); color: var(--pst-color-background);
  font-weight: 600; text-decoration: none; margin: .5rem 0; }
.begin a:hover, .begin a:focus-visible { background: var(--pst-color-link-hover);
  color: var(--pst-color-background); }
.bd-article ul.lessons { list-style: none; padding: 0; margin: 1rem 0; display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: .9rem; }
ul.lessons > li { border: 1px solid var(--pst-color-border); border-radius: .6rem;
  padding: .9rem 1rem; background: var(--pst-color-surface); margin: 0;
  border-top: 4px solid var(--lens); }
ul.lessons > li > p { margin: 0; font-size: .9rem; color: var(--pst-color-text-muted); }
ul.lessons > li > p > a:first-child { font-size: 1.08rem; font-weight: 600;
  line-height: 1.35; display: inline-block; margin-bottom: .3rem; }
section:nth-of-type(5n + 1) > ul.lessons { --lens: #7d8590; }
section:nth-of-type(5n + 2) > ul.lessons { --lens: #0072b2; }
section:nth-of-type(5n + 3) > ul.lessons { --lens: #009e73; }
section:nth-of-type(5n + 4) > ul.lessons { --lens: #d55e00; }
section:nth-of-type(5n + 5) > ul.lessons { --lens: #cc79a7; }
@media (max-width: 576px) { .bd-article h1 { font-size: 1.8rem; }
  .opening { font-size: 1.15rem; }
  .prev-next-area i { display: none; } }
@media print { .chart, .still, ul.lessons > li { break-inside: avoid; }
  .wide { max-height: none; } }
"""


def configuration(static: str, version: str) -> dict[str, Any]:
    """Give Sphinx what a conf.py would say.

    Parameters
    ----------
    static : str
        The folder of plotly's script, ours, and the styles.
    version : str
        The course's version, for the foot of each page.

    Returns
    -------
    dict
        Nothing in it runs a notebook, and nothing names another host.
    """
    return {
        "project": "coursekit",
        "copyright": f"the coursekit authors, CC BY 4.0. Version {version}",
        "language": "en",
        "extensions": ["myst_nb"],
        "nb_execution_mode": "off",
        "nb_merge_streams": True,
        "myst_enable_extensions": ["attrs_block", "attrs_inline"],
        "myst_heading_anchors": 3,
        "html_context": {"default_mode": "auto"},
        "html_theme": "pydata_sphinx_theme",
        "html_title": "coursekit",
        "html_static_path": [static],
        "html_css_files": ["course.css"],
        "html_use_index": False,
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_search_summary": False,  # it fetches, which no page of a disk may
        "html_sidebars": {"index": [], "glossary": [], "bibliography": []},
        "html_theme_options": {
            "logo": {"text": "coursekit"},
            "search_bar_text": "Search the course",
            "navbar_end": ["theme-switcher"],
            "navbar_align": "left",
            "footer_start": ["copyright"],
            "footer_end": [],
            "primary_sidebar_end": [],
            "secondary_sidebar_items": ["page-toc"],
            "show_toc_level": 2,
            "back_to_top_button": False,
        },
    }
