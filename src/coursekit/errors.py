"""One tree of errors; each message says what was asked, what is, what would work."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

_MOST = 80  # names that a reader may want to look through
_FIRST = 10
_NEAR = 3
_ALIKE = 0.75  # share of equal letters

_ROOM = "make room on the disk, and start again"
_FOLDER = "use a folder where you may write"
_CLOSE = f"close it in other programs, or {_FOLDER}"  # Windows keeps open files shut
_ADVICE = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EACCES: _CLOSE,
    errno.EPERM: _CLOSE,
    errno.EROFS: _FOLDER,
}


class CoursekitError(Exception):
    """Base of every error that coursekit raises on purpose."""


# LookupError, not KeyError: KeyError prints its message in quotation marks.
class UnknownNameError(CoursekitError, LookupError):
    """Something was asked for by a name that the course does not have.

    Parameters
    ----------
    kind : str
        What was asked for, in the singular: ``"dataset"``, ``"reading"``, ``"case"``.
    name : str
        The name as the caller wrote it.
    known : iterable of str
        Every name that would have worked.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(sorted(known))
        super().__init__(kind, name, self.known)  # what pickle rebuilds it from

    @property
    def near(self) -> tuple[str, ...]:
        """Names that contain the one asked for, or are spelt much like it."""
        asked = str(self.name).casefold()
        spelt = {name.casefold(): name for name in self.known}
        within = [folded for folded in spelt if len(asked) > 2 and asked in folded]
        close = get_close_matches(asked, spelt, n=_NEAR, cutoff=_ALIKE)
        found = dict.fromkeys([*sorted(within, key=len), *close])
        return tuple(spelt[folded] for folded in found)[:_NEAR]

    def __str__(self) -> str:
        parts = [f"There is no {self.kind} named {self.name!r}."]
        if self.near and len(self.known) > len(self.near):
            parts.append(f"Near it: {', '.join(self.near)}.")
        listed = self.known if len(self.known) <= _MOST else self.known[:_FIRST]
        more = len(self.known) - len(listed)
        rest = f" and {more} more" if more else ""
        parts.append(f"There is: {', '.join(listed) or 'none'}{rest}.")
        return " ".join(parts)


class MalformedDataError(CoursekitError, ValueError):
    """A file of a dataset breaks its own description.

    Parameters
    ----------
    file : pathlib.Path
        The file at fault.
    expected : str
        What should stand there.
    found : str
        What stands there instead.
    row : int, optional
        Line of the CSV file, counted as an editor does (the header is line 1).
    column : str, optional
        Name of the column.
    """

    def __init__(
        self,
        file: Path,
        expected: str,
        found: str,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        self.file = file
        self.expected = expected
        self.found = found
        self.row = row
        self.column = column
        super().__init__(file, expected, found, row, column)

    def __str__(self) -> str:
        place = str(self.file)
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column!r}"
        return f"{place}: expected {self.expected}, found {self.found}."


class MalformedNotebookError(CoursekitError, ValueError):
    """A file that should be a notebook is none, or lacks what it must have.

    Parameters
    ----------
    file : pathlib.Path
        The file at fault.
    reason : str
        What is wrong with it and what would work.
    """

    def __init__(self, file: Path, reason: str) -> None:
        self.file = file
        self.reason = reason
        super().__init__(file, reason)

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


def advise(error: OSError) -> str:
    """Say what would work where the system refuses a file or folder.

    Parameters
    ----------
    error : OSError
        What the system said.

    Returns
    -------
    str
        The end of a sentence; empty if it is not known.
    """
    return _ADVICE.get(error.errno or 0, "")


def describe_error(error: Exception) -> str:
    """Say in one line what went wrong, and where it is known what would work.

    Examples
    --------
    >>> describe_error(OSError(28, "No space left on device", "notes.csv"))
    'notes.csv: No space left on device; make room on the disk, and start again.'
    """
    if isinstance(error, OSError) and error.strerror:
        if error.filename is None and error.strerror == os.strerror(errno.ENOENT):
            return "The folder you are in is gone; go to another one."
        place = "" if error.filename is None else f"{error.filename}: "
        advice = advise(error)
        return f"{place}{error.strerror}" + (f"; {advice}." if advice else "")
    said = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, ImportError):
        said += "; `coursekit doctor` tells what helps."
    return said
