"""A student's own copy of the course: handed out once, renewed without losing work."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from coursekit.course import course_root
from coursekit.errors import CoursekitError, advise
from coursekit.files import write_whole
from coursekit.grading.report import next_free
from coursekit.student.home import HOME_PAGE, home_page
from coursekit.student.progress import HANDED_OUT_AS
from coursekit.student.update import UnmergeableError, merge_notebooks

DEFAULT_FOLDER = "coursekit-course"
MANIFEST = PurePosixPath(".coursekit/manifest.json")
_BACKUP = ".coursekit/backup"  # each file as it was before a merge

# Patterns below the course's root; sources and references match none of them.
HANDED_OUT = (
    "lessons/*.ipynb",
    "exercises/*.ipynb",
    "exercises/*.checks.json",
    "data/*/README.md",
)
# What JupyterLab writes of itself into a notebook that was only opened and saved.
_VOLATILE = ("kernelspec", "language_info", "widgets")
# What JSON raises that is broken, or says other things than it should.
_MAKES_NO_SENSE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
_OWN_FOLDERS = ("data", "exercises", "lessons", "src", "tests")


class WorkspaceError(CoursekitError):
    """A student's copy of the course cannot be made or renewed as asked."""


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """What one visit to a student's copy of the course did.

    Parameters
    ----------
    folder : pathlib.Path
        The copy, absolute.
    added, updated, merged, kept, offered : tuple of str
        Files below ``folder``, as POSIX paths: written for the first time (or again,
        after the student removed them); replaced by a newer version because nobody
        had edited them; edited by the student and merged with a newer version; edited
        by the student and left alone; and the newer versions of edited files that
        could only be put beside them.
    notes : tuple of str
        What else the student should know, one sentence each.
    """

    folder: Path
    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def to_text(self) -> str:
        """Say in a few lines what happened."""
        counts = (
            (self.added, "added"),
            (self.updated, "updated"),
            (self.merged, "merged with your edits"),
            (self.kept, "edited by you and left alone"),
        )
        said = ", ".join(f"{len(names)} {what}" for names, what in counts if names)
        lines = [f"Your course is in {self.folder} ({said or 'nothing new'})."]
        lines += [
            f"{name} is newer than the file you edited; yours is untouched."
            for name in self.offered
        ]
        return "\n".join([*lines, *self.notes])


def default_folder(start: Path) -> Path:
    """Find the copy that ``start`` lies in, else say where a new one belongs.

    Parameters
    ----------
    start : pathlib.Path
        Where the student is.

    Returns
    -------
    pathlib.Path
        The nearest copy of the course at or above ``start``, else
        ``start / "coursekit-course"``.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / MANIFEST).is_file():
            return folder
    return start / DEFAULT_FOLDER


def open_workspace(folder: Path) -> Workspace:
    """Make a student's copy of the course, or renew it.

    A file that nobody edited follows the course. Into a notebook that was edited or
    run a newer version is merged by cell (see `merge_notebooks`), after a copy of it
    was put into ``.coursekit/backup``. Where that cannot be done the newer version is
    put beside it, once, as ``NAME.new-VERSION.ipynb``. A file that was removed or
    renamed comes back, which is also how to get a fresh copy of one. What has been
    handed out is kept in ``.coursekit/handed_out``, and remembered by SHA-256 in
    ``.coursekit/manifest.json``; without that record every file that differs from the
    course counts as edited.

    Parameters
    ----------
    folder : pathlib.Path
        Where the copy is or shall be.

    Returns
    -------
    Workspace
        What was added, updated and kept.

    Raises
    ------
    WorkspaceError
        If something that is not the student's file stands where one belongs (a link,
        a folder, a file in place of a folder), or if ``folder`` is the course itself:
        nothing has been written then. Also if ``folder`` cannot be read or written.
    """
    folder = folder.resolve()
    _refuse_the_course_itself(folder)
    course = _course_files()
    try:
        return _open_workspace(folder, course)
    except OSError as error:
        advice = advise(error) or "name another folder"
        raise WorkspaceError(
            f"Your copy of the course cannot be made or renewed in {folder} "
            f"({error.strerror}); {advice}. No work of yours is lost."
        ) from error


def _open_workspace(folder: Path, course: dict[str, bytes]) -> Workspace:
    for name in (
        *course,
        *(f"{HANDED_OUT_AS}/{name}" for name in course),
        str(MANIFEST),
    ):
        _refuse_what_is_in_the_way(folder, name)
    _refuse_what_is_in_the_way(folder, f"{_BACKUP}/any")
    record, notes = _read_manifest(folder)
    done: dict[str, list[str]] = defaultdict(list)
    done["notes"] += notes
    for name, content in course.items():
        _renew(folder, name, content, record, done)
    write_whole(folder / MANIFEST, _manifest_bytes(record))
    return Workspace(
        folder=folder, **{what: tuple(names) for what, names in done.items()}
    )


def _renew(
    folder: Path,
    name: str,
    content: bytes,
    record: dict[str, dict[str, str]],
    done: dict[str, list[str]],
) -> None:
    """Bring one file up to date, or leave it and put the newer version beside it.

    ``record[name]`` holds two digests: of the version that the student's file was
    made from (``base``, empty if not known), and of the last one offered.
    """
    file, digest = folder / name, _digest(content)
    past = record.get(name)
    present = _digest(file.read_bytes()) if file.exists() else None
    if present is None or present == digest:
        if present is None:
            write_whole(file, content)
            done["added"].append(name)
        _hand_out(folder, name, content, record)
    elif past is not None and present == past["base"]:
        write_whole(file, content)
        done["updated"].append(name)
        _hand_out(folder, name, content, record)
    elif past and past["offered"] != digest and _merge(folder, name, content, done):
        _hand_out(folder, name, content, record)
    else:
        done["kept"].append(name)
        record[name] = {"base": past["base"] if past else "", "offered": digest}
        if past is not None and past["offered"] != digest:
            _offer(folder, name, content, record, done)


def _hand_out(
    folder: Path, name: str, content: bytes, record: dict[str, dict[str, str]]
) -> None:
    """Remember the version that the student's file is made from now."""
    digest, kept = _digest(content), folder / HANDED_OUT_AS / name
    record[name] = {"base": digest, "offered": digest}
    if not kept.is_file() or kept.read_bytes() != content:
        write_whole(kept, content)


def _merge(folder: Path, name: str, content: bytes, done: dict[str, list[str]]) -> bool:
    """Merge a newer version into the student's notebook; say whether it could be."""
    file, base = folder / name, folder / HANDED_OUT_AS / name
    if not name.endswith(".ipynb") or not base.is_file():
        return False
    mine = file.read_bytes()
    try:
        parts = [json.loads(part) for part in (base.read_bytes(), mine, content)]
        merged = merge_notebooks(*parts)
        text = json.dumps(merged.notebook, indent=1, ensure_ascii=False) + "\n"
        made = text.encode()  # half an emoji is no UTF-8
    except (UnmergeableError, *_MAKES_NO_SENSE):
        return False
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    backup = next_free(folder / _BACKUP / stamp / name)  # a clock can be set back
    write_whole(backup, mine)
    write_whole(file, made)
    done["merged"].append(name)
    clashes = len(merged.clashed)
    kept = f", {clashes} of yours with the newer text below" if clashes else ""
    arrived = len(merged.arrived)
    cells = "cell is" if arrived == 1 else "cells are"
    done["notes"].append(
        f"{name}: {arrived} {cells} new or corrected{kept}; "
        f"as it was: {backup.relative_to(folder).as_posix()}"
    )
    return True


def _offer(
    folder: Path,
    name: str,
    content: bytes,
    record: dict[str, dict[str, str]],
    done: dict[str, list[str]],
) -> None:
    """Put a newer version beside an edited file, under a name that is free."""
    stem, suffix = name.rsplit(".", 1)
    beside = f"{stem}.new-{version('coursekit')}.{suffix}"
    number = 2
    while os.path.lexists(folder / beside) and not _is_as_handed_out(
        folder, beside, record
    ):
        beside = f"{stem}.new-{version('coursekit')}-{number}.{suffix}"
        number += 1
    write_whole(folder / beside, content)
    record[beside] = {"base": _digest(content), "offered": _digest(content)}
    done["offered"].append(beside)


def _is_as_handed_out(
    folder: Path, name: str, record: dict[str, dict[str, str]]
) -> bool:
    """Tell whether a file is still the one that the course wrote there."""
    file = folder / name
    if name not in record or file.is_symlink() or not file.is_file():
        return False
    return _digest(file.read_bytes()) == record[name]["base"]


def _course_files() -> dict[str, bytes]:
    """Read what a student gets, by its path below the copy."""
    root = course_root()
    files = sorted(file for pattern in HANDED_OUT for file in root.glob(pattern))
    course = {file.relative_to(root).as_posix(): file.read_bytes() for file in files}
    return {HOME_PAGE: home_page(root).encode(), **course}


def _refuse_the_course_itself(folder: Path) -> None:
    root = course_root().resolve()
    own = [root / name for name in _OWN_FOLDERS]
    if folder == root or any(folder.is_relative_to(part) for part in own):
        raise WorkspaceError(
            f"{folder} belongs to the course itself, not to a student's copy; "
            "go to another folder, or name one."
        )


def _refuse_what_is_in_the_way(folder: Path, name: str) -> None:
    """Demand real folders down to ``name``, and there a real file or nothing."""
    path = PurePosixPath(name)
    steps = [folder / part for part in (*reversed(path.parents), path)]
    for step in steps[:-1]:
        if os.path.lexists(step) and (step.is_symlink() or not step.is_dir()):
            raise WorkspaceError(
                f"{step} should be a folder of your copy of the course, but is "
                f"{_kind(step)}; move it away, or name another folder."
            )
    if os.path.lexists(steps[-1]) and (
        steps[-1].is_symlink() or not steps[-1].is_file()
    ):
        raise WorkspaceError(
            f"{steps[-1]} should be a file of your copy of the course, but is "
            f"{_kind(steps[-1])}; move it away, or name another folder."
        )


def _kind(path: Path) -> str:
    if path.is_symlink():
        return f"a link to {path.readlink()}"
    if path.is_dir():
        return "a folder"
    return "a file" if path.is_file() else "something else"


def _read_manifest(folder: Path) -> tuple[dict[str, dict[str, str]], tuple[str, ...]]:
    """Read what has been handed out; a record that cannot be trusted counts as none."""
    file = folder / MANIFEST
    if not file.exists():
        return {}, ()
    try:
        record = json.loads(file.read_bytes())["files"]
        return {
            str(name): {"base": str(entry["base"]), "offered": str(entry["offered"])}
            for name, entry in record.items()
        }, ()
    except _MAKES_NO_SENSE:
        note = (
            f"{file} could not be read, so every file that differs from the course "
            "counts as edited by you; remove a file to get the course's version."
        )
        return {}, (note,)


def _manifest_bytes(record: dict[str, dict[str, str]]) -> bytes:
    content = {"course": version("coursekit"), "files": record}
    return (json.dumps(content, indent=1, sort_keys=True) + "\n").encode()


def _digest(content: bytes) -> str:
    """Fingerprint a file; of a notebook, what JupyterLab leaves alone on saving it."""
    try:
        notebook = json.loads(content, parse_float=_number)
        for name in _VOLATILE:
            notebook["metadata"].pop(name, None)
        content = json.dumps(notebook, sort_keys=True).encode()
    except _MAKES_NO_SENSE:
        pass  # no notebook: every byte counts
    return hashlib.sha256(content).hexdigest()


def _number(text: str) -> float | int:
    """Read a number as a browser does, which knows no difference of 1.0 and 1."""
    number = float(text)
    return int(number) if number.is_integer() else number
