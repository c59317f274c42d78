"""How far a student has come, read off the copy of the course and its record.

The record is ``.coursekit/progress.json`` in the student's folder: what `coursekit
check` saw last, and when `coursekit submit` wrote what. It is sent nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from coursekit.errors import CoursekitError, describe_error
from coursekit.exercise.answers import MIME
from coursekit.exercise.sidecar import Sidecar, find_sidecar
from coursekit.exercise.trees import MalformedAnswerError, read_json, read_value
from coursekit.files import write_whole
from coursekit.grading.report import next_free

RECORD = ".coursekit/progress.json"
HANDED_OUT_AS = ".coursekit/handed_out"  # each file as the student's was made from

State = Literal["not there", "not readable", "not begun", "begun", "done"]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What `coursekit check` saw of an exercise or lesson: how many of how many."""

    at: datetime
    passed: int
    of: int


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """What `coursekit submit` wrote: when, which archive, of which bytes."""

    at: datetime
    file: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """What is remembered of each notebook, by its POSIX path below the copy."""

    checked: dict[str, Checked] = field(default_factory=dict)
    submitted: dict[str, Submitted] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a student has come with one notebook.

    Parameters
    ----------
    path : str
        The notebook below the copy, as a POSIX path.
    state : str
        ``not there``, ``not readable``, ``not begun``, ``begun`` or ``done``: of a
        lesson when every code cell has been run, of an exercise when every public
        check matches in the notebook as it was saved last.
    done, parts : int
        Code cells that were run, of all; or checks that match, of all public ones.
    checked : Checked or None
        What `coursekit check` saw last; None if it never ran.
    submitted : Submitted or None
        What was written for handing in last; None if nothing was.
    changed : bool
        Whether the notebook was saved with other bytes since.
    """

    path: str
    state: State
    done: int = 0
    parts: int = 0
    checked: Checked | None = None
    submitted: Submitted | None = None
    changed: bool = False


def read_record(copy: Path) -> Record:
    """Read what is remembered in a copy of the course.

    Raises
    ------
    CoursekitError
        If there is a record, and it makes no sense.
    """
    file = copy / RECORD
    if not file.is_file():
        return Record()
    try:
        tree = json.loads(file.read_bytes())
        return Record(
            checked={
                str(name): Checked(
                    at=datetime.fromisoformat(one["at"]).astimezone(),
                    passed=int(one["passed"]),
                    of=int(one["of"]),
                )
                for name, one in tree["checked"].items()
            },
            submitted={
                str(name): Submitted(
                    at=datetime.fromisoformat(one["at"]).astimezone(),
                    file=str(one["file"]),
                    hash=str(one["hash"]),
                )
                for name, one in tree["submitted"].items()
            },
        )
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise CoursekitError(
            f"{file} could not be read, so it is not known what you checked and handed "
            "in before; your notebooks are not touched by this. It is put aside the "
            "next time you check or submit."
        ) from error


def note_checked(notebook: Path, *, passed: int, of: int) -> str:
    """Remember what `coursekit check` saw, if the notebook lies in a copy.

    Returns
    -------
    str
        Why it could not be remembered; empty if it was, or need not be.
    """
    return _note(notebook, "checked", {"passed": passed, "of": of})


def note_submitted(notebook: Path, *, file: str, digest: str) -> str:
    """Remember what `coursekit submit` wrote; returns what `note_checked` does.

    ``digest`` is the SHA-256 in the archive: the notebook may be saved meanwhile.
    """
    return _note(notebook, "submitted", {"file": file, "hash": digest})


def find_copy(place: Path) -> Path | None:
    """Find the copy of the course that a file or folder lies in, if it does."""
    folders = [place.resolve(), *place.resolve().parents]
    return next(
        (f for f in folders if (f / ".coursekit/manifest.json").is_file()), None
    )


def read_progress(copy: Path, path: str, record: Record) -> Progress:
    """Read how far a student has come with one notebook.

    Parameters
    ----------
    copy : pathlib.Path
        The copy of the course.
    path : str
        The notebook below it, as a POSIX path.
    record : Record
        What is remembered.

    Returns
    -------
    Progress
        Read from the file as it was saved last; a running notebook may be ahead of it.
    """
    checked, submitted = record.checked.get(path), record.submitted.get(path)
    try:
        content = (copy / path).read_bytes()
    except FileNotFoundError:
        return Progress(path=path, state="not there", submitted=submitted)
    except OSError:
        return Progress(path=path, state="not readable", submitted=submitted)
    try:
        notebook = json.loads(content)
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        exercise = str(notebook["metadata"].get("coursekit", {}).get("exercise", ""))
        begun = content != _read(copy / HANDED_OUT_AS / path)
        if exercise:
            done, parts = _count_matches(copy / path, exercise, cells)
        else:
            done, parts = _count_run(copy / HANDED_OUT_AS / path, cells), len(cells)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Progress(path=path, state="not readable", submitted=submitted)
    state: State = "begun" if begun or done else "not begun"
    return Progress(
        path=path,
        state="done" if parts and done == parts else state,
        done=done,
        parts=parts,
        checked=checked,
        submitted=submitted,
        changed=submitted is not None and sha256(content).hexdigest() != submitted.hash,
    )


def _count_matches(
    file: Path, exercise: str, cells: list[dict[str, Any]]
) -> tuple[int, int]:
    """Count the public checks whose stored answers match, and all public checks."""
    try:
        sidecar = find_sidecar(exercise, folder=file.parent)
    except CoursekitError:
        return 0, 0
    answers = [
        output["data"][MIME]
        for cell in cells
        for output in cell.get("outputs", ())
        if MIME in output.get("data", {})
    ]
    matching = {name for answer in answers if (name := _matching(sidecar, answer))}
    return len(matching), len(sidecar.checks)


def _matching(sidecar: Sidecar, answer: Any) -> str:
    """Name the check whose stored answer matches, or nothing."""
    try:
        said = read_json(json.dumps(answer))
        name = str(said["check"]) if isinstance(said, dict) else ""
        if name not in sidecar.checks:
            return ""
        return (
            name if sidecar.feedback(name, read_value(said)).stage == "matches" else ""
        )
    except (MalformedAnswerError, KeyError):
        return ""


def _count_run(handed_out: Path, cells: list[dict[str, Any]]) -> int:
    """Count code cells that were run since the lesson was handed out.

    JupyterLab says when, as `coursekit lab` sets it; elsewhere another output or
    number tells.
    """
    try:
        listed = json.loads(_read(handed_out))["cells"]
        before = {cell.get("id"): _outcome(cell) for cell in listed}
    except (ValueError, KeyError, TypeError, AttributeError):
        before = {}
    return sum(
        "execution" in cell["metadata"]
        or (bool(before) and _outcome(cell) != before.get(cell.get("id")))
        for cell in cells
    )


def _outcome(cell: Mapping[str, Any]) -> tuple[Any, Any]:
    return cell.get("execution_count"), cell.get("outputs")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _note(notebook: Path, what: str, facts: dict[str, Any]) -> str:
    copy = find_copy(notebook)
    if copy is None:
        return ""
    name = notebook.resolve().relative_to(copy).as_posix()
    at = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        tree = _tree(copy)
        tree[what][name] = {"at": at, **facts}
        write_whole(copy / RECORD, (json.dumps(tree, indent=1) + "\n").encode())
    except OSError as error:  # the work itself is done
        return f"The home page will not show it: {describe_error(error)}"
    return ""


def _tree(copy: Path) -> dict[str, Any]:
    """Give the record as it is stored; one that makes no sense is put aside."""
    file = copy / RECORD
    try:
        read_record(copy)
    except CoursekitError:
        file.rename(next_free(file.with_suffix(".broken.json")))
    tree = json.loads(file.read_bytes()) if file.is_file() else {}
    return {"checked": {}, "submitted": {}, **tree}
