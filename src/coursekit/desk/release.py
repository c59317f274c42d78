"""The bundle for students: a folder and a zip archive, and no solutions."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from coursekit.course import course_root
from coursekit.desk.course import SECRET, Course
from coursekit.desk.frames import frame_for, variant_folder, variant_for
from coursekit.desk.leaks import find_leaks
from coursekit.desk.roster import read_roster
from coursekit.errors import CoursekitError
from coursekit.exercise.sidecar import SUFFIX
from coursekit.grading.report import next_free
from coursekit.home import HOME_PAGE, home_page

MANIFEST = "manifest.json"
_MOMENT = (1980, 1, 1, 0, 0, 0)  # of every file in an archive, so that it is repeated
Files = dict[str, bytes]


class LeakError(CoursekitError):
    """A bundle would give solutions away.

    Parameters
    ----------
    found : sequence of str
        A sentence for each find.
    """

    def __init__(self, found: Sequence[str]) -> None:
        self.found = tuple(found)
        super().__init__(self.found)

    def __str__(self) -> str:
        return "Nothing was released, for it would give solutions away: " + " ".join(
            self.found
        )


@dataclass(frozen=True)
class ReleaseReport:
    """What was written.

    Parameters
    ----------
    folder, archive : str
        The bundle, twice over.
    exercises : tuple of str
        Those in it.
    files : int
        How many files it has.
    students : int
        For how many students an archive of their own lies beside it.
    new : bool
        Whether there was none like it yet.
    """

    folder: str
    archive: str
    exercises: tuple[str, ...]
    files: int
    students: int
    new: bool
    passed: bool = True

    def to_json(self) -> str:
        """Give the report as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """Say what was written and what comes next."""
        said = "written" if self.new else "nothing has changed since"
        lines = [
            f"{said}: {self.folder}",
            f"{said}: {self.archive}",
            f"{len(self.exercises)} exercises, {self.files} files.",
        ]
        if self.students:
            lines.append(
                f"{self.students} students get an archive with their variants: it lies "
                f"in {self.folder}-for, under their id."
            )
        lines.append("Next: coursekit collect EXERCISE DOWNLOAD")
        return "\n".join(lines)


def release(course: Course, names: Sequence[str] = ()) -> ReleaseReport:
    """Build the bundle that students get.

    Parameters
    ----------
    course : Course
        Its exercises and due dates.
    names : sequence of str, optional
        Exercises to hand out, in full or how they begin; all of ``course.toml`` by
        default. Where some are named, only their lessons go with them.

    Returns
    -------
    ReleaseReport
        A folder and a zip archive in ``release``; nothing is ever written over. Where
        variants are drawn, each student of the roster has an archive as well.

    Raises
    ------
    LeakError
        If a file would give a solution away.
    CoursekitError
        If there is no exercise to hand out, or one is older than its source.
    """
    slugs = [course.find(name).slug for name in names]
    slugs = slugs or [one.slug for one in course.assignments]
    if not slugs:
        raise CoursekitError(
            f"There is no exercise in {course.folder / 'course.toml'}; write a table "
            "such as [exercises.02_who_may_invite] there."
        )
    files = _collect_files(course, slugs, only=bool(names))
    own = _draw_variants(course, slugs)
    files[MANIFEST] = _manifest(course, slugs, files)
    _refuse_leaks(course, slugs, files)
    searched = {b""}  # a student's exercise that is the bundle's own
    for student, changed in own.items():
        new = [
            s for s in slugs if changed.get(f"exercises/{s}.ipynb", b"") not in searched
        ]
        _refuse_leaks(course, new, {**files, **changed}, student)
        searched |= {b"", *changed.values()}
    home = course.folder / "release"
    there = _find_same(home, files[MANIFEST])
    place = there or next_free(home / ("course" if not names else "-".join(names)))
    if there is None:
        _write(place, files, own)
    return ReleaseReport(
        str(place), f"{place}.zip", tuple(slugs), len(files), len(own), there is None
    )


def _collect_files(course: Course, slugs: Sequence[str], *, only: bool) -> Files:
    """Read every file of the bundle, by its path."""
    root = course_root()
    files: Files = {}
    lessons = sorted(root.glob("lessons/*.ipynb"))
    lessons += sorted(course.folder.glob("lessons/*.ipynb"))
    for path in lessons:
        if not only or path.stem in slugs:
            files[f"lessons/{path.name}"] = path.read_bytes()
    for path in sorted(root.glob("data/*/README.md")):
        files[path.relative_to(root).as_posix()] = path.read_bytes()
    for slug in slugs:
        _refuse_old(course, slug)
        files[f"exercises/{slug}.ipynb"] = course.student_version(slug).read_bytes()
        files[f"exercises/{slug}{SUFFIX}"] = course.sidecar(slug).read_bytes()
    with tempfile.TemporaryDirectory(prefix="coursekit-") as folder:
        _unfold(Path(folder), files)
        files[HOME_PAGE] = home_page(Path(folder)).encode()
    return files


def _refuse_old(course: Course, slug: str) -> None:
    """Refuse an exercise of the folder whose source was edited after it was built."""
    source = course.folder / "exercises" / f"{slug}.md"
    built = course.student_version(slug)
    if source.is_file() and source.stat().st_mtime > built.stat().st_mtime:
        raise CoursekitError(
            f"{source} was changed after it was built; run `coursekit build {source}`."
        )


def _draw_variants(course: Course, slugs: Sequence[str]) -> dict[str, Files]:
    """Read for each student the files that differ from the bundle's."""
    drawn = [slug for slug in slugs if course.find(slug).variants]
    if not drawn:
        return {}
    own: dict[str, Files] = {}
    for student in read_roster(course.roster_path).students:
        files = own.setdefault(student.student, {})
        for slug in drawn:
            folder = variant_folder(course, slug, student.student)
            if folder is not None:
                for name in (f"{slug}.ipynb", f"{slug}{SUFFIX}"):
                    files[f"exercises/{name}"] = (folder / name).read_bytes()
    return own


def _manifest(
    course: Course, slugs: Sequence[str], files: Mapping[str, bytes]
) -> bytes:
    exercises: dict[str, Any] = {}
    for slug in slugs:
        assignment, frame = course.find(slug), frame_for(course, slug)
        exercises[slug] = {
            "version": frame.version,
            "points": sum(question.maximum for question in frame.questions),
            "due": assignment.due.isoformat() if assignment.due else None,
        }
        if variant := variant_for(course, slug):
            exercises[slug]["variant"] = variant
    tree = {
        "course": course.name,
        "coursekit": version("coursekit"),
        "exercises": exercises,
        "files": {name: sha256(files[name]).hexdigest() for name in sorted(files)},
    }
    return (json.dumps(tree, indent=1, ensure_ascii=False) + "\n").encode()


def _refuse_leaks(
    course: Course,
    slugs: Sequence[str],
    files: Mapping[str, bytes],
    student: str = "",
) -> None:
    found = []
    for slug in slugs:
        frame = frame_for(course, slug, student)
        for name in (f"exercises/{slug}.ipynb", f"exercises/{slug}{SUFFIX}"):
            found += find_leaks(frame, name, json.loads(files[name]))
    secret = course.folder / SECRET
    if secret.is_file():
        said = secret.read_bytes().strip()
        found += [f"{name} holds the secret." for name in files if said in files[name]]
    if found:
        raise LeakError(found)


def _find_same(home: Path, manifest: bytes) -> Path | None:
    """Find a bundle that was written before and is the same."""
    for path in sorted(home.glob(f"*/{MANIFEST}")):
        if path.read_bytes() == manifest and Path(f"{path.parent}.zip").is_file():
            return path.parent
    return None


def _write(place: Path, files: Files, own: Mapping[str, Files]) -> None:
    """Write the bundle beside its place first, and move it there as a whole."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=place.parent) as draft:
        folder = Path(draft, "bundle")
        _unfold(folder, files)
        _pack(Path(draft, "bundle.zip"), files)
        for student, changed in own.items():
            one = {**files, **changed}
            del one[MANIFEST]  # it names the files of the bundle without an id
            _pack(Path(draft, "for", f"{student}.zip"), one)
        if own:
            Path(draft, "for").rename(next_free(place.with_name(f"{place.name}-for")))
        shutil.move(Path(draft, "bundle.zip"), f"{place}.zip")
        folder.rename(place)


def _unfold(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _pack(path: Path, files: Mapping[str, bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
