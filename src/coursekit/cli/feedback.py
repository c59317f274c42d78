"""`coursekit feedback`: a page for every student."""

from __future__ import annotations

from typing import Annotated

import typer

from coursekit.cli.app import AsJson, app
from coursekit.cli.group import example, finish
from coursekit.cli.progress import progress_bar


@app.command(
    epilog=example("coursekit feedback 02", "coursekit feedback 02 --student s07")
)
def feedback(
    exercise: Annotated[
        str,
        typer.Argument(
            metavar="EXERCISE", help="A name of course.toml, or how it begins."
        ),
    ],
    *,
    student: Annotated[
        list[str] | None,
        typer.Option(
            "--student",
            metavar="ID",
            help="For this student; may be given again.",
            show_default="everybody who handed in",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a page for every student: judgements, points, hints and figures.

    A page is one file that fetches nothing. Archives named as Canvas and Moodle expect
    lie beside the pages.
    """
    from coursekit.desk.course import find_course
    from coursekit.desk.feedback import write_feedback

    course = find_course()
    with progress_bar("Writing"):
        slug = course.find(exercise).slug
        report = write_feedback(course, slug, student or ())
    finish(report, as_json=as_json)
