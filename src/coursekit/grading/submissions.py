"""Find what students handed in; read files, run nothing."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import CoursekitError, MalformedNotebookError
from coursekit.grading.notebook import printable, read_notebook

_SUFFIX = ".ipynb"
_ARCHIVES = frozenset({".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz"})
_MOST_NAMES = 5  # in one fault
_MOST_READ = 20  # notebooks of a student, to see which one counts


@dataclass(frozen=True)
class Submission:
    """What one student handed in: a notebook, or the reason why there is none.

    ``notebook`` is missing exactly where ``fault`` says what is wrong. ``student`` is
    the name of the file or folder in composed Unicode, and what cannot be printed in it
    is written as an escape.
    """

    student: str
    notebook: Path | None
    fault: str = ""


def find_submissions(path: Path, *, exercise: str = "") -> list[Submission]:
    """List the submissions in a folder, one for each student.

    Parameters
    ----------
    path : pathlib.Path
        A folder of ``STUDENT.ipynb`` or ``STUDENT/NOTEBOOK.ipynb``, or one notebook.
        Where a student's folder holds no notebook, those in its own folders count.
        Names that begin with a dot are passed over, and so are checkpoints. Links are
        not followed, and nothing is unpacked.
    exercise : str, optional
        Slug of the exercise; tells which notebook counts where a student's folder
        holds several: the one of that name, or else the one that says it is of it.

    Returns
    -------
    list of Submission
        Ordered by student. A student with two notebooks to choose from, or none, is
        listed with the fault. Names that differ only in case, or in how Unicode spells
        them, are one student's.

    Raises
    ------
    CoursekitError
        If there is no such folder or notebook, it cannot be read, or nothing was handed
        in.
    """
    if path.is_file() and _is_notebook(path.name):
        return [Submission(_student(path.name), path)]
    if not path.is_dir():
        raise CoursekitError(
            f"{path} is no folder of submissions and no notebook; name a folder of "
            "STUDENT.ipynb or of STUDENT/NOTEBOOK.ipynb."
        )
    handed_in: dict[str, list[tuple[os.DirEntry[str], Submission]]] = {}
    for entry in _list(path):
        if (found := _take(entry, exercise)) is not None:
            key = unicodedata.normalize("NFC", found.student.casefold())
            handed_in.setdefault(key, []).append((entry, found))
    if not handed_in:
        raise CoursekitError(
            f"{path} holds no submissions; it should hold STUDENT.ipynb or "
            "STUDENT/NOTEBOOK.ipynb."
        )
    return sorted(map(_only, handed_in.values()), key=lambda found: found.student)


def unread_files(path: Path) -> list[str]:
    """Name the files of a folder of submissions that are no one's notebook.

    Hidden files are not named, but hidden notebooks are.
    """
    if not path.is_dir():
        return []
    return [
        printable(entry.name)
        for entry in _list(path, hidden=True)
        if entry.is_file(follow_symlinks=False)
        # Nobody hides a notebook on purpose, so it is not passed over in silence.
        and _is_notebook(entry.name) == _is_hidden(entry.name)
    ]


def _take(entry: os.DirEntry[str], exercise: str) -> Submission | None:
    """Take an entry of the folder as what a student handed in, if it is that."""
    student, name = _student(entry.name), printable(entry.name)
    if entry.is_dir(follow_symlinks=False):
        return _in_folder(Path(entry.path), student, exercise)
    if entry.is_symlink():
        fault = f"{name} is a link, and links are not followed"
        return Submission(student, None, fault)
    if _is_archive(entry.name):
        return Submission(student, None, f"{name} is an archive; unpack it first")
    return Submission(student, Path(entry.path)) if _is_notebook(entry.name) else None


def _in_folder(folder: Path, student: str, exercise: str) -> Submission:
    try:
        entries = _list(folder)
        notebooks = _notebooks(entries) or [
            notebook
            for entry in entries
            if entry.is_dir(follow_symlinks=False)
            for notebook in _notebooks(_list(Path(entry.path)))
        ]
    except CoursekitError as error:
        return Submission(student, None, str(error))
    named = [
        n for n in notebooks if Path(n.name).stem.casefold() == exercise.casefold()
    ]
    choice = named or notebooks
    if len(choice) > 1:
        choice = _that_say(choice, exercise) or choice
    if len(choice) == 1:
        return Submission(student, Path(choice[0].path))
    fault = f"no notebook in {printable(folder.name)}/"
    if choice:
        fault = f"several notebooks: {_enumerate(choice)}; keep the one that counts"
    elif archives := [entry for entry in entries if _is_archive(entry.name)]:
        fault += f"; unpack {_enumerate(archives)} first"
    return Submission(student, None, fault)


def _notebooks(entries: Iterable[os.DirEntry[str]]) -> list[os.DirEntry[str]]:
    """Keep notebooks; where there is no ordinary one, links and pipes of that name."""
    named = [entry for entry in entries if _is_notebook(entry.name)]
    return [n for n in named if n.is_file(follow_symlinks=False)] or named


def _that_say(
    notebooks: list[os.DirEntry[str]], exercise: str
) -> list[os.DirEntry[str]]:
    """Keep the notebooks that say that they are of the exercise."""
    found = []
    for notebook in notebooks[:_MOST_READ]:
        with suppress(MalformedNotebookError):
            if exercise and read_notebook(Path(notebook.path)).exercise == exercise:
                found.append(notebook)
    return found


def _only(found: list[tuple[os.DirEntry[str], Submission]]) -> Submission:
    """Make one submission of all that one student handed in."""
    notebooks = [given for _, given in found if given.notebook is not None]
    if len(notebooks) == 1 or len(found) == 1:
        return (notebooks or [found[0][1]])[0]
    names = _enumerate(entry for entry, _ in found)
    times = "twice" if len(found) == 2 else f"{len(found)} times"
    fault = f"handed in {times}, as {names}; keep the one that counts"
    return Submission(found[0][1].student, None, fault)


def _enumerate(entries: Iterable[os.DirEntry[str]]) -> str:
    """Name some files; tell apart what looks the same."""
    names = [
        printable(entry.name) + "/" * entry.is_dir(follow_symlinks=False)
        for entry in entries
    ]
    if len({unicodedata.normalize("NFC", name) for name in names}) < len(names):
        names = [ascii(name)[1:-1] for name in names]
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _student(name: str) -> str:
    """Name a student by a file or folder."""
    while Path(name).suffix.lower() in {_SUFFIX, *_ARCHIVES}:
        name = Path(name).stem
    return unicodedata.normalize("NFC", printable(name))


def _is_notebook(name: str) -> bool:
    """Tell whether a name is a notebook's; what stands behind it is seen at reading."""
    return name.lower().endswith(_SUFFIX)


def _is_archive(name: str) -> bool:
    return Path(name).suffix.lower() in _ARCHIVES


def _is_hidden(name: str) -> bool:
    return name.startswith(".") and not name.startswith("..")


def _list(folder: Path, *, hidden: bool = False) -> list[os.DirEntry[str]]:
    """List a folder without what systems and programs put there."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise CoursekitError(
            f"{printable(folder.name)}/ cannot be read ({error.strerror or error})"
        ) from error
    return [
        entry
        for entry in found
        if not entry.name.startswith(("._", "__MACOSX"))
        and (hidden or not _is_hidden(entry.name))
    ]
