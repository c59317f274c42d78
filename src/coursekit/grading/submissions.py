"""Find what students handed in; read files, run nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import CoursekitError


@dataclass(frozen=True)
class Submission:
    """What one student handed in: a notebook, or the reason why there is none.

    ``notebook`` is missing exactly where ``fault`` says what is wrong.
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
        Names that begin with a dot are passed over, and so are checkpoints.
    exercise : str, optional
        Slug of the exercise; tells which notebook counts where a student's folder
        holds several.

    Returns
    -------
    list of Submission
        Ordered by student. A student with two notebooks to choose from, or none, is
        listed with the fault.

    Raises
    ------
    CoursekitError
        If there is no such folder or notebook, or nothing was handed in.
    """
    if path.is_file() and path.suffix == ".ipynb":
        return [Submission(path.stem, path)]
    if not path.is_dir():
        raise CoursekitError(
            f"{path} is no folder of submissions and no notebook; name a folder of "
            "STUDENT.ipynb or of STUDENT/NOTEBOOK.ipynb."
        )
    handed_in: dict[str, list[Submission]] = {}
    for entry in _visible(path):
        if entry.is_dir():
            found = _in_folder(entry, exercise)
        elif entry.suffix == ".ipynb":
            found = Submission(entry.stem, entry)
        else:
            continue
        handed_in.setdefault(found.student, []).append(found)
    if not handed_in:
        raise CoursekitError(
            f"{path} holds no submissions; it should hold STUDENT.ipynb or "
            "STUDENT/NOTEBOOK.ipynb."
        )
    return [_only(handed_in[student]) for student in sorted(handed_in)]


def unread_files(path: Path) -> list[str]:
    """Name the files of a folder of submissions that are no one's notebook."""
    if not path.is_dir():
        return []
    return [
        entry.name
        for entry in _visible(path)
        if not entry.is_dir() and entry.suffix != ".ipynb"
    ]


def _in_folder(folder: Path, exercise: str) -> Submission:
    notebooks = [
        entry
        for entry in _visible(folder)
        if entry.suffix == ".ipynb" and entry.is_file()
    ]
    named = [notebook for notebook in notebooks if notebook.stem == exercise]
    choice = named or notebooks
    if len(choice) == 1:
        return Submission(folder.name, choice[0])
    if not choice:
        return Submission(folder.name, None, f"no notebook in {folder.name}/")
    names = ", ".join(notebook.name for notebook in choice)
    wanted = f"{exercise}.ipynb" if exercise else "the exercise's name"
    return Submission(
        folder.name, None, f"several notebooks and none is {wanted}: {names}"
    )


def _only(found: list[Submission]) -> Submission:
    if len(found) == 1:
        return found[0]
    student = found[0].student
    return Submission(
        student,
        None,
        f"handed in twice, as {student}.ipynb and in the folder {student}/; "
        "keep the one that counts",
    )


def _visible(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if not entry.name.startswith("."):
            yield entry
