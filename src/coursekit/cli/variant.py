"""`coursekit variant`: which parameters a student was given, and how they came."""

from __future__ import annotations

from typing import Annotated

import typer

from coursekit.cli.app import AsJson, app
from coursekit.cli.group import example, finish


@app.command(
    epilog=example(
        "coursekit variant 05 --student s123",
        "coursekit variant 05 --all",
        "coursekit variant 05 --all --json",
    )
)
def variant(
    exercise: Annotated[
        str,
        typer.Argument(
            metavar="EXERCISE", help="A name in course.toml, or how it begins."
        ),
    ],
    *,
    student: Annotated[
        str,
        typer.Option(
            "--student",
            metavar="ID",
            help="The student, as in the roster.",
            show_default="nobody: the public variant",
        ),
    ] = "",
    everybody: Annotated[
        bool, typer.Option("--all", help="Every student of the roster, as a table.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say which parameters of an exercise a student was given.

    They are drawn with the course's secret and kept nowhere: the same secret,
    exercise and student give the same parameters at any time.
    """
    if student and everybody:
        raise typer.BadParameter("Name one student, or ask for --all.")
    from coursekit.desk.course import find_course
    from coursekit.desk.variants import list_drawn

    course = find_course()
    students = None if everybody else [student]
    report = list_drawn(course, course.find(exercise).slug, students)
    finish(report, as_json=as_json)
