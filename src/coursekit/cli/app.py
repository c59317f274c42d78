"""The commands: thin, and quick to start because each imports what it needs itself."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

import typer

from coursekit.cli.group import CourseGroup, example, finish, needs
from coursekit.cli.progress import Tally, progress_bar
from coursekit.errors import CoursekitError
from coursekit.imports import without_iri_grammar

app = typer.Typer(
    cls=CourseGroup,
    name="coursekit",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help reads the same in a pipe, and starts sooner
    context_settings={"help_option_names": ["-h", "--help"]},
)

AsJson = Annotated[
    bool, typer.Option("--json", help="Print the report as JSON, for other programs.")
]


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(version("coursekit"))
        raise typer.Exit


@app.callback(epilog=example("coursekit lab"))
def coursekit(
    context: typer.Context,
    *,
    show_version: Annotated[  # noqa: ARG001 - its callback has answered it
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
) -> None:
    """One case seen through three lenses, as a Jupyter course.

    Every command exits with 0 if all is well, 1 if it found faults, and 2 if it
    could not run.
    """
    context.with_resource(without_iri_grammar())  # until the command ends


@app.command(
    epilog=example(
        "coursekit lab",
        "coursekit lab my-course --no-browser",
        "coursekit lab my-course -- --ServerApp.ip=0.0.0.0",
    )
)
def lab(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER",
            help="Where your copy of the course is or shall be.",
            show_default="the copy you are in, else ./coursekit-course",
        ),
    ] = None,
    options: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="JUPYTER-OPTION",
            help="JupyterLab's own options, after two dashes; they win over ours.",
            show_default=False,
        ),
    ] = None,
    *,
    browser: Annotated[
        bool,
        typer.Option(
            "--browser/--no-browser", help="Open a browser, or print the address only."
        ),
    ] = True,
    port: Annotated[
        int,
        typer.Option(
            min=0,
            max=65535,
            metavar="NUMBER",
            help="The port to try first; if it is taken, a free one is found.",
        ),
    ] = 8888,
) -> None:
    """Open the course in JupyterLab, in your own copy.

    The first start copies the lessons and exercises into FOLDER. Later starts add
    what is new and merge corrections in; what you wrote stays. Ctrl+C ends it.
    """
    from coursekit.student.lab import serve
    from coursekit.student.workspace import default_folder, open_workspace

    if folder and str(folder).startswith("-"):
        raise CoursekitError(
            f"{folder} stands where the folder of your copy is expected. Name the "
            f"folder too: coursekit lab coursekit-course -- {folder}"
        )
    workspace = open_workspace(folder or default_folder(Path.cwd()))
    typer.echo(workspace.to_text())
    serve(
        workspace.folder,
        port=port,
        browser=browser,
        options=options or (),
        announce=lambda url: typer.echo(f"JupyterLab is at {url}\nCtrl+C ends it."),
    )


@app.command(
    epilog=example(
        "coursekit check coursekit-course/exercises/02_who_may_invite.ipynb",
        "coursekit check lessons/01_a_record_in_dispute.ipynb --json",
    )
)
def check(
    notebook: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            metavar="NOTEBOOK",
            help="A lesson or an exercise.",
        ),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Run the public checks of a notebook.

    A lesson is run from nothing and compared with its stored outputs. In an exercise
    the checks say which answers match; hidden checks run only when it is graded.
    """
    from coursekit.grading.public import run_checks
    from coursekit.student.progress import note_checked

    with progress_bar(f"Running {notebook.name}"):
        report = run_checks(notebook)
    right = sum(line.passed for line in report.lines)
    if said := note_checked(notebook, passed=right, of=len(report.lines)):
        typer.echo(f"coursekit: {said}", err=True)
    finish(report, as_json=as_json)


@app.command(
    epilog=example(
        "coursekit submit coursekit-course/exercises/02_who_may_invite.ipynb"
    )
)
def submit(
    notebook: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            metavar="NOTEBOOK",
            help="Your notebook of an exercise, saved.",
        ),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Write an archive of an exercise, to upload to your learning platform.

    It holds the notebook as you saved it and a manifest, and nothing is sent anywhere.
    """
    from coursekit.student.submit import submit as write

    finish(write(notebook), as_json=as_json)


@app.command(
    epilog=example(
        "coursekit grade 02_who_may_invite submissions --out grades.csv",
        "coursekit grade 02",
        "coursekit grade my/reference/quiz.ipynb submissions --json",
        "coursekit grade 02_who_may_invite submissions --scheduler tcp://10.0.0.5:8786",
    )
)
def grade(
    exercise: Annotated[
        str,
        typer.Argument(
            metavar="EXERCISE",
            help="A name such as 02_who_may_invite, or the path of a reference that "
            "was built.",
        ),
    ],
    submissions: Annotated[
        Path | None,
        typer.Argument(
            exists=True,
            metavar="SUBMISSIONS",
            help="A folder of STUDENT.ipynb or STUDENT/NOTEBOOK.ipynb, or one file.",
            show_default="what was collected, in a course folder",
        ),
    ] = None,
    *,
    gradebook: Annotated[
        str | None,
        typer.Option(
            "--gradebook",
            metavar="FILE|URL",
            help="Keeps each grade as soon as it is known: a file, or the URL of a "
            "database.",
            show_default="that of the course folder you are in, else gradebook.db",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            dir_okay=False,
            metavar="FILE",
            help="Write the grades here too, as CSV; a file that exists is refused.",
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            min=1,
            metavar="NUMBER",
            help="How many submissions run at one time.",
            show_default="one a core",
        ),
    ] = None,
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Run them on a Dask cluster, such as tcp://10.0.0.5:8786, instead of "
            "here.",
        ),
    ] = "",
    kernel: Annotated[
        Literal["warm", "jupyter"],
        typer.Option(
            "--kernel",
            help="What runs a submission: a fork of one kernel that has imported "
            "everything, or an ordinary Jupyter kernel, which is slower.",
        ),
    ] = "warm",
    sandbox: Annotated[
        Literal["required", "auto", "off"],
        typer.Option(
            "--sandbox",
            help="Walls around students' code: `required`, or nothing runs; `auto`, "
            "where they can be had; `off`, limits alone.",
        ),
    ] = "auto",
    rejudge: Annotated[
        bool,
        typer.Option(
            "--rejudge",
            help="Judge the kept answers again, after an expectation was corrected; "
            "no code is run.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Grade a folder of submissions, or what was collected.

    Each is run on its own, and its answers are judged outside of it. What is in the
    gradebook is not graded again, so the same command goes on where it was stopped.
    In a course folder no SUBMISSIONS need be named: of what `coursekit collect` brought
    the version of each student is graded that counts. The exit status is 1 if a
    submission could not be judged in full.
    """
    if scheduler:
        needs("distributed", extra="cluster")
    from coursekit.desk.grading import grade_here
    from coursekit.grading.run import Settings

    with progress_bar("Grading") as progress:
        tally = Tally(progress)
        try:
            report = grade_here(
                exercise,
                submissions,
                gradebook,
                out=out,
                progress=tally,
                settings=Settings(kernel=kernel, sandbox=sandbox),
                jobs=jobs,
                scheduler=scheduler,
                rejudge=rejudge,
            )
        except KeyboardInterrupt:
            typer.echo(
                "Stopped. The gradebook has what was graded; the same command goes on.",
                err=True,
            )
            raise
    typer.echo(str(tally), err=True)
    finish(report, as_json=as_json)


@app.command(
    epilog=example(
        "coursekit build",
        "coursekit build lessons/01_a_record_in_dispute.md",
        "coursekit build my/quiz.md",
        "coursekit build --check",
    )
)
def build(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            exists=True,
            metavar="PATHS",
            help="Sources (.md), datasets, or folders of them.",
            show_default="the whole course",
        ),
    ] = None,
    *,
    verify: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail on any drift.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write over what was changed by hand.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build notebooks from their sources, and the facts of datasets.

    A notebook that someone changed by hand is not written over, unless told so.
    """
    needs("jupytext", extra="authors")
    from coursekit.authoring.build import build as build_all

    with progress_bar("Building") as progress:
        report = build_all(paths or [], check=verify, force=force, progress=progress)
    finish(report, as_json=as_json)


@app.command(
    epilog=example("coursekit selftest", "coursekit selftest 02_who_may_invite")
)
def selftest(
    exercises: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="EXERCISES",
            help="Names of exercises, or paths of their sources.",
            show_default="all of the course",
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Prove that exercises grade as their sources say.

    The reference gets full marks, the student version none, each right attempt
    passes, and each wrong one fails with its message.
    """
    needs("jupytext", extra="authors")
    from coursekit.authoring.selftest import selftest as prove

    with progress_bar("Testing") as progress:
        report = prove(exercises or [], progress=progress)
    finish(report, as_json=as_json)


@app.command(epilog=example("coursekit doctor", "coursekit doctor --json"))
def doctor(*, as_json: AsJson = False) -> None:
    """Look for what could keep the course from working.

    Each line says what was looked at; a fault comes with what helps. Advice is for
    authors and graders, and is no fault.
    """
    from coursekit.doctor import examine

    with progress_bar("Looking at") as progress:
        report = examine(Path.cwd(), progress=progress)
    finish(report, as_json=as_json)
