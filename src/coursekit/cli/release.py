"""`coursekit release`: the bundle that students get."""

from __future__ import annotations

from typing import Annotated

import typer

from coursekit.cli.app import AsJson, app
from coursekit.cli.group import example, finish
from coursekit.cli.progress import progress_bar


@app.command(epilog=example("coursekit release", "coursekit release 02 03"))
def release(
    exercises: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="EXERCISES",
            help="Names of course.toml, or how they begin; only these and their "
            "lessons are handed out.",
            show_default="all of the course",
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Build the bundle for students, as a folder and a zip archive.

    It is searched for anything of the solutions first. A bundle that was released
    before is never written over.
    """
    from coursekit.desk.course import find_course
    from coursekit.desk.release import release as build_bundle

    with progress_bar("Releasing"):
        report = build_bundle(find_course(), exercises or ())
    finish(report, as_json=as_json)
