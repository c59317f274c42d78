"""How platforms name what students handed in: whose it is, and whether it was late."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from coursekit.desk.roster import Roster, find_fault

Origin = Literal["canvas", "moodle", "folder"]

# Canvas, "Download submissions": smithjane_LATE_1234_56789_quiz-1.ipynb, where 1234 is
# the user, 56789 the file, and -1 that it was handed in again, or the student's own
# (lib/content_zipper.rb of instructure/canvas-lms; the last by what is seen).
_CANVAS = re.compile(
    r"(?P<who>[^/]+?)(?P<late>_LATE)?_(?P<user>\d+)_(?P<sent>\d+)_(?P<file>[^/]+)"
)
_AGAIN = re.compile(r"-(?P<number>\d{1,3})(?=\.[^.]+$)")
# Moodle, "Download all submissions", in folders or flat:
# Jane Smith_4711_assignsubmission_file_/quiz.ipynb, where 4711 is the participant
# (mod/assign/classes/downloader.php of moodle/moodle). Online texts lie beside files.
_MOODLE = re.compile(
    r"(?P<who>[^/]+?)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_/?|/)(?P<file>.+)"
)


@dataclass(frozen=True)
class Named:
    """What a name says of a file.

    Parameters
    ----------
    who : str
        How the platform calls whoever handed in, for messages.
    student : str
        Id in the roster; empty where nobody of it can be meant.
    file : str
        Name that the student gave the file.
    late : bool
        Whether the platform says that it is late.
    attempt : int or None
        Which attempt it is, from 1, where the name tells.
    """

    who: str
    student: str
    file: str
    late: bool = False
    attempt: int | None = None


def tell_origin(names: Iterable[str]) -> Origin:
    """Tell by the names of files where they come from.

    Parameters
    ----------
    names : iterable of str
        Paths below the download.

    Returns
    -------
    {'canvas', 'moodle', 'folder'}
        A platform if most names are of its kind.
    """
    listed = [name for name in names if name.lower().endswith((".ipynb", ".zip"))]
    moodle = sum(_MOODLE.fullmatch(_tail(name)) is not None for name in listed)
    canvas = sum(
        _CANVAS.fullmatch(PurePosixPath(name).name) is not None for name in listed
    )
    if moodle * 2 > len(listed):
        return "moodle"
    return "canvas" if canvas * 2 > len(listed) else "folder"


def read_name(name: str, origin: Origin, roster: Roster) -> Named | None:
    """Read whose a file is out of its path.

    Parameters
    ----------
    name : str
        Path below the download, with ``/``.
    origin : {'canvas', 'moodle', 'folder'}
        Whose way of naming it is.
    roster : Roster
        Who may be meant. Where it is empty, everybody is taken by the id that the name
        holds.

    Returns
    -------
    Named or None
        None where the name is not of that kind.
    """
    if origin == "canvas":
        return _read_canvas(PurePosixPath(name).name, roster)
    if origin == "moodle":
        return _read_moodle(_tail(name), roster)
    path = PurePosixPath(name)
    who = path.parts[0] if len(path.parts) > 1 else path.stem
    student = roster.find("student", who) or roster.find("sis_login", who)
    return Named(who, student.student if student else _free(who, roster), path.name)


def _read_canvas(name: str, roster: Roster) -> Named | None:
    found = _CANVAS.fullmatch(name)
    if found is None:
        return None
    student = roster.find("canvas_id", found["user"]) or roster.find_by_name(
        found["who"], letters_alone=True
    )
    again = _AGAIN.search(found["file"])
    return Named(
        who=f"{found['who']} (Canvas user {found['user']})",
        student=student.student if student else _free(found["user"], roster),
        file=_AGAIN.sub("", found["file"]),
        late=found["late"] is not None,
        attempt=1 + int(again["number"]) if again else None,
    )


def _read_moodle(name: str, roster: Roster) -> Named | None:
    found = _MOODLE.fullmatch(name)
    if found is None:
        return None
    student = roster.find("moodle_id", found["number"]) or roster.find_by_name(
        found["who"]
    )
    return Named(
        who=f"{found['who']} (Moodle participant {found['number']})",
        student=student.student if student else _free(found["number"], roster),
        file=PurePosixPath(found["file"]).name,
    )


def _free(who: str, roster: Roster) -> str:
    """Take somebody by a name where there is no roster, if it can name a folder."""
    name = unicodedata.normalize("NFC", who)
    return "" if roster.students or find_fault(name) else name


def _tail(name: str) -> str:
    """Leave out a folder around everything, which unpacking often adds."""
    parts = PurePosixPath(name).parts
    for start, part in enumerate(parts):
        if "_assignsubmission_" in part:
            return "/".join(parts[start:])
    return name
