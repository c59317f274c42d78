"""`coursekit collect`: what students handed in, into the course folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from coursekit.cli.app import AsJson, app
from coursekit.cli.group import example, finish
from coursekit.cli.progress import progress_bar


@app.command(
    epilog=example(
        "coursekit collect 02 submissions.zip",
        "coursekit collect 02 submissions --times times.csv",
    )
)
def collect(
    exercise: Annotated[
        str,
        typer.Argument(
            metavar="EXERCISE",
            help="A name of course.toml, or how it begins.",
        ),
    ],
    download: Annotated[
        Path,
        typer.Argument(
            metavar="DOWNLOAD",
            help="A folder, a zip archive, or what Canvas or Moodle give for download.",
        ),
    ],
    *,
    times: Annotated[
        Path | None,
        typer.Option(
            "--times",
            metavar="FILE",
            help="When students handed in: CSV with student and submitted, or the "
            "grading worksheet of Moodle.",
        ),
    ] = None,
    origin: Annotated[
        Literal["canvas", "moodle", "folder"] | None,
        typer.Option(
            "--from",
            help="Whose way of naming files it is.",
            show_default="told by the names",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take what students handed in into the course folder.

    Every version is kept; run it again with a later download as often as you like. It
    tells who is late, who handed in nothing, and what belongs to nobody of the roster.
    """
    from coursekit.desk.collect import collect as take
    from coursekit.desk.course import find_course

    with progress_bar("Collecting"):
        report = take(find_course(), exercise, download, times=times, origin=origin)
    finish(report, as_json=as_json)
