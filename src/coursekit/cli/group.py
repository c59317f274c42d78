"""How every command ends: 0 all is well, 1 faults were found, 2 it could not run."""

from __future__ import annotations

import sys
import traceback
from importlib.util import find_spec
from io import TextIOWrapper
from typing import Any, Protocol

import typer
from typer.core import TyperGroup

from coursekit.errors import CoursekitError, describe_error


class Report(Protocol):
    """What a command's work returns."""

    @property
    def passed(self) -> bool:
        """Whether no fault was found."""

    def to_text(self) -> str:
        """Give the report to a person."""

    def to_json(self) -> str:
        """Give the report to another program."""


class CourseGroup(TyperGroup):
    """Commands that turn an expected error into one line and exit status 2."""

    def invoke(self, ctx: Any) -> Any:  # typer keeps the type of ctx to itself
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.TyperException, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - it ends with status 2
            # Python would exit with 1, which here means that faults were found.
            if _is_expected(error):
                typer.echo(f"coursekit: {describe_error(error)}", err=True)
            else:
                traceback.print_exc()
                typer.echo("coursekit: this is a fault of coursekit itself.", err=True)
        raise typer.Exit(2)


def finish(report: Report, *, as_json: bool) -> None:
    """Print a report and exit by what it found.

    Parameters
    ----------
    report : Report
        What the command's work returned.
    as_json : bool
        Whether another program reads it.

    Raises
    ------
    typer.Exit
        Always: status 0 if the report passed, else 1.
    """
    if isinstance(sys.stdout, TextIOWrapper):  # a pipe on Windows cannot take all names
        sys.stdout.reconfigure(errors="backslashreplace")
    typer.echo(report.to_json() if as_json else report.to_text())
    raise typer.Exit(0 if report.passed else 1)


def example(*commands: str) -> str:
    r"""Write the examples that end a command's help.

    Parameters
    ----------
    *commands : str
        Lines as a person would type them.

    Returns
    -------
    str
        For the ``epilog`` of a command; its ``\b`` keeps typer from joining the lines.
    """
    return "\n".join(["\b", "Example:", *(f"  {command}" for command in commands)])


def needs(package: str, *, extra: str) -> None:
    """Refuse a command that needs a package which students do not get.

    Parameters
    ----------
    package : str
        The package, by the name that is imported.
    extra : str
        The extra of coursekit that brings it.

    Raises
    ------
    CoursekitError
        If it is not installed; the message says how to get it.
    """
    if find_spec(package) is None:
        raise CoursekitError(
            f"This command needs {package}, which is not installed. Start it with "
            f"`uv run --extra {extra} coursekit ...` in a checkout, or install it "
            f"with `pip install coursekit[{extra}]`."
        )


def _is_expected(error: Exception) -> bool:
    """Tell what a person can mend from a fault of our own."""
    if isinstance(error, ImportError):  # of a package, as ours import each other
        return (error.name or "coursekit").partition(".")[0] != "coursekit"
    return isinstance(error, CoursekitError | OSError)
