"""Handing in: one archive for the learning platform, with a manifest."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from coursekit.course import course_root
from coursekit.errors import CoursekitError, MalformedNotebookError
from coursekit.files import write_whole
from coursekit.grading.notebook import (
    Notebook,
    parse_notebook,
    read_content,
    read_notebook,
)
from coursekit.grading.report import next_free
from coursekit.student.progress import find_copy, note_submitted, read_record

FOLDER = "submissions"
MANIFEST = "submission.json"


@dataclass(frozen=True)
class SubmitReport:
    """What was written for handing in.

    Parameters
    ----------
    exercise : str
        Slug of the exercise.
    file : str
        The archive.
    saved : str
        When the notebook was saved last, in ISO 8601 with the offset of this machine.
    unanswered : tuple of str
        Questions whose answer cell is as it was handed out.
    again : bool
        Whether the same bytes were written before, and nothing new was.
    note : str
        What else the student should know.
    """

    exercise: str
    file: str
    saved: str
    unanswered: tuple[str, ...]
    again: bool
    note: str = ""
    passed: bool = True

    def to_json(self) -> str:
        """Give the report as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """Say what to upload, and what is missing in it."""
        written = "was written before" if self.again else "is written"
        lines = [
            f"{self.file} {written}; upload it to your learning platform.",
            f"It holds {self.exercise} as you saved it at {self.saved}.",
        ]
        if self.unanswered:
            lines.append(f"Not answered yet: {', '.join(self.unanswered)}.")
        return "\n".join(filter(None, [*lines, self.note]))


def submit(notebook: Path) -> SubmitReport:
    """Write one archive of an exercise, for handing in.

    Parameters
    ----------
    notebook : pathlib.Path
        A student's notebook of an exercise.

    Returns
    -------
    SubmitReport
        The archive stands in ``submissions`` of the copy of the course, or beside a
        notebook that lies in none. It holds the notebook as it was saved and
        `MANIFEST`: exercise, versions, SHA-256, time, and questions without an answer.
        It says nothing of who the student is; the platform knows.

    Raises
    ------
    MalformedNotebookError
        If the file is no notebook, or not one of an exercise.
    CoursekitError
        If the archive cannot be written.
    """
    content = read_content(notebook)
    read = parse_notebook(content, notebook)
    if not read.exercise:
        raise MalformedNotebookError(
            notebook, "is no exercise; hand in a notebook of the folder `exercises`."
        )
    saved = datetime.fromtimestamp(notebook.stat().st_mtime).astimezone()
    digest = sha256(content).hexdigest()
    home = find_copy(notebook) or notebook.resolve().parent
    unanswered = tuple(_find_unanswered(read))
    before = _find_before(home, notebook, digest)
    file = before or _write(home, read, content, digest, unanswered)
    note = ""
    if before is None:
        written = file.relative_to(home).as_posix()
        note = note_submitted(notebook, file=written, digest=digest)
    return SubmitReport(
        read.exercise,
        str(file),
        saved.isoformat(sep=" ", timespec="seconds"),
        unanswered,
        before is not None,
        note,
    )


def _find_before(home: Path, notebook: Path, digest: str) -> Path | None:
    """Find the archive that already holds these bytes."""
    try:
        name = notebook.resolve().relative_to(home.resolve()).as_posix()
        last = read_record(home).submitted.get(name)
    except CoursekitError:
        return None
    if last is None or last.hash != digest:
        return None
    file = home / FOLDER / Path(last.file).name  # whatever the record says, ours
    return file if file.is_file() else None


def _find_unanswered(read: Notebook) -> list[str]:
    """Name the questions whose answer is still the text that was handed out."""
    try:
        given = read_notebook(course_root() / f"exercises/{read.exercise}.ipynb")
    except (MalformedNotebookError, CoursekitError):
        return []
    before = {
        (cell.question, cell.text)
        for cell in given.cells
        if cell.nbgrader.get("solution")
    }
    still = {(cell.question, cell.text) for cell in read.cells} & before
    left = {question for question, _ in still}
    return list(dict.fromkeys(c.question for c in given.cells if c.question in left))


def _write(
    home: Path, read: Notebook, content: bytes, digest: str, unanswered: tuple[str, ...]
) -> Path:
    now = datetime.now(UTC)
    manifest = {
        "format": 1,
        "exercise": read.exercise,
        "exercise_version": read.version,
        "course": version("coursekit"),
        "sha256": digest,
        "made": now.isoformat(timespec="seconds"),
        "unanswered": list(unanswered),
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(f"{read.exercise}.ipynb", content)
        out.writestr(MANIFEST, json.dumps(manifest, indent=1) + "\n")
    name = f"{read.exercise}-{now:%Y%m%dT%H%M%SZ}.zip"
    file = next_free(home / FOLDER / name)
    try:
        write_whole(file, archive.getvalue())
    except OSError as error:
        raise CoursekitError(
            f"{file} cannot be written ({error.strerror}); make room or copy the "
            "notebook to another folder, and submit it there. The notebook is as it "
            "was."
        ) from error
    return file
