"""`coursekit analyse`: what the results teach."""

from __future__ import annotations

from typing import Annotated

import typer

from coursekit.cli.app import AsJson, app
from coursekit.cli.group import example, finish
from coursekit.cli.progress import progress_bar


@app.command(epilog=example("coursekit analyse", "coursekit analyse 02 03"))
def analyse(
    exercises: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="EXERCISES",
            help="Names of course.toml, or how they begin.",
            show_default="all of the course",
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Learn from the results: difficulty, wrong values, reliability, likeness.

    Writes a page with figures and tables as CSV to the folder reports. Likeness of
    answers is a reason to look and not a verdict.
    """
    from coursekit.desk.analysis import analyse as write
    from coursekit.desk.course import find_course

    course = find_course()
    with progress_bar("Analysing"):
        report = write(course, exercises or ())
    finish(report, as_json=as_json)
