"""How platforms name what students handed in: whose it is, and whether it was late."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from coursekit.desk.roster import Roster, find_fault, fold

Origin = Literal["canvas", "moodle", "folder"]

# Canvas, "Download submissions": smithjane_LATE_1234_56789_quiz-1.ipynb, where 1234 is
# the user and 56789 the file, a number that grows from upload to upload, or
# LATE_anon_x7Qz2_56789_quiz.ipynb where names are hidden; smithjane_1234_text.html is
# what was typed in (lib/content_zipper.rb of instructure/canvas-lms). The -1 of a name
# that was taken may as well be the student's. Of a group, name and number are those of
# the group and of one member, which a name cannot tell.
_SENT = r"(?:(?P<sent>\d+)_(?P<file>[^/]+)|(?P<entry>(?:text|link)\.html))"
_CANVAS = re.compile(rf"(?P<who>[^/]+?)(?P<late>_LATE)?_(?P<user>\d+)_{_SENT}")
_HIDDEN = re.compile(rf"(?:LATE_)?anon_(?P<who>[^/_]+)_{_SENT}")
_AGAIN = re.compile(r"-\d{1,3}(?=\.[^.]+$)")
# Moodle, "Download all submissions", in folders or flat:
# Jane Smith_4711_assignsubmission_file_/quiz.ipynb, where 4711 is the participant of
# this assignment (mod/assign/classes/downloader.php of moodle/moodle). Older ones write
# Group A-Jane Smith_4711 where groups hand in, newer ones Group A_12, with the group's
# number. Online texts lie beside files.
_MOODLE = re.compile(
    r"(?P<who>[^/]+?)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_/?|/)(?P<file>.+)"
)
_HIDDEN_NAME = "participant"  # what Moodle in English calls everybody then


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
        Name that the student gave the file, without the number that Canvas adds.
    late : bool
        Whether the platform says that it is late.
    upload : int or None
        Number that grows from upload to upload; only Canvas gives one.
    """

    who: str
    student: str
    file: str
    late: bool = False
    upload: int | None = None


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
        (_HIDDEN.fullmatch(last) or _CANVAS.fullmatch(last)) is not None
        for last in (PurePosixPath(name).name for name in listed)
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
    if hidden := _HIDDEN.fullmatch(name):
        who = f"{hidden['who']} (Canvas hides names: end anonymous grading first)"
        return Named(who, "", hidden["file"] or hidden["entry"])
    found = _CANVAS.fullmatch(name)
    if found is None:
        return None
    student = roster.find("canvas_id", found["user"])
    if student is None:
        student = roster.find_by_name(found["who"], letters_alone=True)
        # A user keeps one number, so who has another is another of that name.
        student = None if student and student.canvas_id else student
    return Named(
        who=f"{found['who']} (Canvas user {found['user']})",
        student=student.student if student else _free(found["user"], roster),
        file=_AGAIN.sub("", found["file"] or found["entry"]),
        late=found["late"] is not None,
        upload=int(found["sent"]) if found["sent"] else None,
    )


def _read_moodle(name: str, roster: Roster) -> Named | None:
    found = _MOODLE.fullmatch(name)
    if found is None:
        return None
    file, number = PurePosixPath(found["file"]).name, found["number"]
    student = roster.find("moodle_id", number)
    if student and not _may_be(found["who"], student.name):
        said = f"Moodle number {number}, which the roster has for {student.name}"
        return Named(f"{found['who']} ({said}: a group's?)", "", file)
    student = student or roster.find_by_name(found["who"])
    return Named(
        who=f"{found['who']} (Moodle participant {number})",
        student=student.student if student else _free(number, roster),
        file=file,
    )


def _may_be(who: str, name: str) -> bool:
    """Tell whether names share a word, as those of a group and of a student do not."""
    known, said = (_find_words(text) for text in (name, who))
    return not known or who.casefold() == _HIDDEN_NAME or bool(known & said)


def _find_words(text: str) -> set[str]:
    # A single letter may be an initial, or which of the groups it is.
    words = re.findall(r"\w+", fold(text))
    return {word for word in words if len(word) > 1 or not word.islower()}


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
