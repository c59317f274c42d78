"""`coursekit release`: the bundle that students get."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from coursekit.cli.app import AsJson, app
from coursekit.cli.group import example, finish
from coursekit.cli.progress import progress_bar


class _Only(TyperCommand):
    """A command whose ``--only`` takes every word up to the next option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Give each of these words an ``--only`` of its own, as typer wants it."""
        spread: list[str] = []
        taking = False
        for word in args:
            taking = word == "--only" or (taking and not word.startswith("-"))
            if taking and word != "--only" and spread[-1] != "--only":
                spread.append("--only")
            spread.append(word)
        return super().parse_args(ctx, spread)


@app.command(
    cls=_Only, epilog=example("coursekit release", "coursekit release --only 02 03")
)
def release(
    *,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="EXERCISES...",
            help="Names of course.toml, or how they begin, one or several: only these "
            "and their lessons are handed out.",
            show_default="all of the course",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build the bundle for students, as a folder and a zip archive.

    It is searched for anything of the solutions first. A bundle that was released
    before is never written over. Where variants are drawn, each student gets an
    archive of their own, and a record beside them says who got which.
    """
    from coursekit.desk.course import find_course
    from coursekit.desk.release import release as build_bundle

    with progress_bar("Releasing"):
        report = build_bundle(find_course(), only or ())
    finish(report, as_json=as_json)
