"""`coursekit new`: a course folder, an exercise or a lesson to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from coursekit.cli.app import AsJson, app
from coursekit.cli.group import example, finish


@app.command(
    epilog=example(
        "coursekit new course my-course",
        "coursekit new exercise 20_my_quiz",
        "coursekit new lesson 20_my_lesson",
    )
)
def new(
    kind: Annotated[
        Literal["course", "exercise", "lesson"],
        typer.Argument(metavar="KIND", help="course, exercise or lesson."),
    ],
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="A folder; or the name of the notebook."),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Start a course, or write an exercise or a lesson to start from.

    A course is a folder with due dates, a roster and a secret. What is in it already
    is left alone.
    """
    if not name:
        raise typer.BadParameter("The name is empty; `.` is the folder you are in.")
    from coursekit.desk.new import start_course, start_source

    report = start_course(Path(name)) if kind == "course" else start_source(kind, name)
    finish(report, as_json=as_json)
