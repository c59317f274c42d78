"""`coursekit review`: written answers, marked in JupyterLab or in a spreadsheet."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from coursekit.cli.app import AsJson, app
from coursekit.cli.group import example, finish


@app.command(
    epilog=example(
        "coursekit review 16",
        "coursekit review 16 write --marker second",
        "coursekit review 16 --csv answers.csv",
        "coursekit review 16 --read answers.csv",
        "coursekit review 16 --agreement",
    )
)
def review(
    exercise: Annotated[
        str,
        typer.Argument(metavar="EXERCISE", help="A name of course.toml, or its start."),
    ],
    question: Annotated[
        str,
        typer.Argument(
            metavar="QUESTION",
            help="A written question of it.",
            show_default="the only one",
        ),
    ] = "",
    *,
    marker: Annotated[
        str,
        typer.Option(
            "--marker",
            metavar="NAME",
            help="Who marks; `agreed` decides where two differ.",
            show_default="your name on this machine",
        ),
    ] = "",
    named: Annotated[
        bool, typer.Option("--named", help="Show whose answer it is.")
    ] = False,
    in_order: Annotated[
        bool, typer.Option("--in-order", help="Do not shuffle the answers.")
    ] = False,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            help="Write the answers for marking in a spreadsheet.",
        ),
    ] = None,
    read: Annotated[
        Path | None,
        typer.Option("--read", metavar="FILE", help="Take such a sheet back."),
    ] = None,
    agreement: Annotated[
        bool, typer.Option("--agreement", help="Compare two markers.")
    ] = False,
    browser: Annotated[
        bool,
        typer.Option(
            "--browser/--no-browser", help="Open a browser, or print the address only."
        ),
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Mark written answers: one question across all students.

    Opens a panel in JupyterLab, blind and shuffled unless told otherwise. Every choice
    is in the gradebook at once.
    """
    from coursekit.desk.course import find_course
    from coursekit.desk.frames import frame_for
    from coursekit.desk.marks import find_written

    course = find_course()
    slug = course.find(exercise).slug
    asked = find_written(frame_for(course, slug), question)
    who = marker or getpass.getuser()
    if sheet is not None:
        from coursekit.desk.sheets import write_sheet

        typer.echo(f"written: {write_sheet(course, slug, asked, sheet, marker=who)}")
    elif read is not None:
        from coursekit.desk.sheets import read_sheet

        said = read_sheet(course, slug, asked, read, marker=who)
        typer.echo(f"{said.marked} rows with marks; {said.changed} changed something.")
    elif agreement:
        from coursekit.desk.review import compare_markers

        finish(compare_markers(course, slug, asked), as_json=as_json)
    else:
        from coursekit.desk.book import open_book
        from coursekit.desk.marks import list_written
        from coursekit.desk.review import write_notebook
        from coursekit.student.lab import serve

        with open_book(course) as book:
            list_written(course, slug, asked, book)  # says what to run if there is none
        options = ", named=True" * named + ", shuffled=False" * in_order
        notebook = write_notebook(course, slug, asked, who, options)
        page = notebook.relative_to(course.folder).as_posix()
        serve(
            course.folder,
            page=page,
            browser=browser,
            announce=lambda url: typer.echo(f"The panel is at {url}\nCtrl+C ends it."),
        )
