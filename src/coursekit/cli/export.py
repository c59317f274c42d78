"""`coursekit export`: grades for platforms and spreadsheets."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from coursekit.cli.app import AsJson, app
from coursekit.cli.group import example, finish
from coursekit.cli.progress import progress_bar


@app.command(
    epilog=example(
        "coursekit export csv",
        "coursekit export canvas 02 03",
        "coursekit export --check",
    )
)
def export(
    into: Annotated[
        Literal["csv", "canvas", "moodle", "gradescope"] | None,
        typer.Argument(metavar="FORMAT", help="csv, canvas, moodle or gradescope."),
    ] = None,
    exercises: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="EXERCISES",
            help="Names of course.toml, or how they begin.",
            show_default="all of the course",
        ),
    ] = None,
    *,
    partial: Annotated[
        bool,
        typer.Option(
            "--partial", help="Leave cells empty where something awaits review."
        ),
    ] = False,
    long: Annotated[
        bool, typer.Option("--long", help="As csv: a row for each question.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing; name grades that changed since an export."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write grades for Canvas, Moodle, Gradescope or a spreadsheet.

    They are computed anew by the rules of course.toml and go to the folder exports. A
    grade that changed since it was exported is named.
    """
    if check == (into is not None):
        raise typer.BadParameter("Name a format, or ask for --check alone.")
    from coursekit.desk.course import find_course
    from coursekit.desk.export import check_exports
    from coursekit.desk.export import export as write

    course = find_course()
    with progress_bar("Exporting"):
        report = (
            check_exports(course)
            if into is None
            else write(course, into, exercises or (), partial=partial, long=long)
        )
    finish(report, as_json=as_json)
