"""`coursekit site`: the course as static pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coursekit.cli.app import AsJson, app
from coursekit.cli.group import example, finish, needs
from coursekit.cli.progress import progress_bar


@app.command(epilog=example("coursekit site", "coursekit site public"))
def site(
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            help="A new or empty folder, or an earlier site, which is replaced.",
        ),
    ] = Path("coursekit-site"),
    *,
    as_json: AsJson = False,
) -> None:
    """Build static pages of all lessons, for reading without JupyterLab.

    Figures are interactive, widgets stand still, the search works, and nothing is
    fetched from anywhere. Nothing is run: the pages show what the notebooks store.
    """
    for package in ("sphinx", "myst_nb", "pydata_sphinx_theme"):
        needs(package, extra="site")
    from coursekit.site.build import build_site

    with progress_bar("Building"):
        report = build_site(out)
    finish(report, as_json=as_json)
