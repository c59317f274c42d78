"""The bundle for students: a folder and a zip archive, and no solutions."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from coursekit.course import course_root
from coursekit.desk import leaks
from coursekit.desk.bundles import (
    RECORD,
    Bundle,
    Files,
    find_same,
    move_draft,
    unfold,
    write_draft,
)
from coursekit.desk.course import SECRET, Course
from coursekit.desk.frames import (
    frame_for,
    public_parameters,
    variant_folder,
    variant_for,
)
from coursekit.desk.roster import read_roster
from coursekit.errors import CoursekitError
from coursekit.exercise.sidecar import SUFFIX
from coursekit.student.home import HOME_PAGE, home_page

MANIFEST = "manifest.json"


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
    record : str
        A file with the SHA-256 of every archive, and who was given which variant.
    exercises : tuple of str
        Those in it.
    files : int
        How many files it has.
    students : int or None
        For how many students an archive of their own lies beside it; None where no
        variants are drawn.
    new : bool
        Whether there was none like it yet.
    """

    folder: str
    archive: str
    record: str
    exercises: tuple[str, ...]
    files: int
    students: int | None
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
            f"{said}: {self.record} (for you alone)",
            f"{len(self.exercises)} exercises, {self.files} files.",
        ]
        if self.students:
            lines.append(
                f"{self.students} students get an archive with their variants: it lies "
                f"in {self.folder}-for, under their id."
            )
        elif self.students is not None:
            lines.append(
                "Variants are drawn for nobody yet: put your students into the roster, "
                "and release again before you hand anything out."
            )
        lines.append("Next: coursekit collect EXERCISE DOWNLOAD")
        return "\n".join(lines)


def release(course: Course, only: Sequence[str] = ()) -> ReleaseReport:
    """Build the bundle that students get.

    Parameters
    ----------
    course : Course
        Its exercises and due dates.
    only : sequence of str, optional
        Exercises to hand out, in full or how they begin; all of ``course.toml`` by
        default. Where some are named, only their lessons go with them.

    Returns
    -------
    ReleaseReport
        A folder, a zip archive and a record in ``release``; nothing is ever written
        over. Where variants are drawn, each student of the roster has an archive too.

    Raises
    ------
    LeakError
        If a file would give a solution away.
    CoursekitError
        If there is no exercise to hand out, or one is older than its source.
    """
    named = course.choose(only)
    slugs = [slug for slug in course.choose() if slug in named]
    drawn = [
        slug
        for slug in slugs
        if course.find(slug).variants and public_parameters(course, slug)
    ]
    bundles = _make_bundles(course, slugs, drawn, only=bool(only))
    about = {"course": course.name, "coursekit": version("coursekit")}
    if drawn:
        about["secret_sha256"] = sha256(course.secret).hexdigest()[:8]
    home = course.folder / "release"
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=home) as folder:
        draft = Path(folder, "draft")
        write_draft(draft, bundles, about)
        there = find_same(home, draft)
        place = there or move_draft(draft, home / _name(slugs if only else ()))
    return ReleaseReport(
        folder=str(place),
        archive=f"{place}.zip",
        record=f"{place}{RECORD}",
        exercises=tuple(slugs),
        files=len(bundles[""].files),
        students=len(bundles) - 1 if drawn else None,
        new=there is None,
    )


def _name(slugs: Sequence[str]) -> str:
    """Name a release by the numbers of its exercises, or their names without one."""
    said = (slug.split("_")[0] if slug[0].isdigit() else slug for slug in slugs)
    return "-".join(said)[:100] or "course"


def _make_bundles(
    course: Course, slugs: Sequence[str], drawn: Sequence[str], *, only: bool
) -> dict[str, Bundle]:
    """Make the bundle of everybody, and those of students; equal ones are one."""
    files = _collect_files(course, slugs, only=only)
    files[MANIFEST] = _manifest(course, slugs, files)
    _refuse_leaks(course, slugs, files)
    bundles = {"": Bundle(files, _variants(course, drawn))}
    made = {tuple(bundles[""].variants.values()): bundles[""]}
    students = read_roster(course.roster_path).students if drawn else ()
    for student in (one.student for one in students):
        variants = _variants(course, drawn, student)
        key = tuple(variants.values())
        if key not in made:
            changed = dict(_changed_files(course, drawn, student))
            own = {**files, **changed}
            del own[MANIFEST]
            own[MANIFEST] = changed[MANIFEST] = _manifest(course, slugs, own, student)
            _refuse_leaks(course, drawn, changed, student)
            made[key] = Bundle(own, variants)
        bundles[student] = made[key]
    return bundles


def _variants(
    course: Course, slugs: Sequence[str], student: str = ""
) -> dict[str, str]:
    return {slug: variant_for(course, slug, student) for slug in slugs}


def _changed_files(
    course: Course, slugs: Sequence[str], student: str
) -> Iterator[tuple[str, bytes]]:
    """Read the files of a student's variants."""
    for slug in slugs:
        folder = variant_folder(course, slug, student)
        for name in (f"{slug}.ipynb", f"{slug}{SUFFIX}"):
            if folder is not None:
                yield f"exercises/{name}", (folder / name).read_bytes()


def _collect_files(course: Course, slugs: Sequence[str], *, only: bool) -> Files:
    """Read every file of the bundle, by its path."""
    root = course_root()
    paths = {
        f"data/{path.relative_to(root / 'data').as_posix()}": path
        for path in root.glob("data/*/README.md")
    }
    for path in _list_files(course.folder / "data", "**/*"):
        paths[path.relative_to(course.folder).as_posix()] = path
    for folder in (root, course.folder):
        for path in _list_files(folder / "lessons", "*.ipynb"):
            if not only or path.stem in slugs:
                paths[f"lessons/{path.name}"] = path
    for slug in slugs:
        for path in (course.student_version(slug), course.sidecar(slug)):
            paths[f"exercises/{path.name}"] = path
    for path in paths.values():
        if path.suffix == ".ipynb" and path.is_relative_to(course.folder):
            _refuse_old(path)
    files = {name: path.read_bytes() for name, path in paths.items()}
    with tempfile.TemporaryDirectory(prefix="coursekit-") as place:
        unfold(Path(place), files)
        files[HOME_PAGE] = home_page(Path(place)).encode()
    return files


def _list_files(folder: Path, pattern: str) -> list[Path]:
    """List files that a person put there, and neither an editor nor a system."""
    return [
        path
        for path in folder.glob(pattern)
        if path.is_file()
        and not path.name.endswith("~")
        and not any(p[0] in "._#" for p in path.relative_to(folder).parts)
    ]


def _refuse_old(notebook: Path) -> None:
    """Refuse a notebook that was built before its source was edited."""
    from coursekit.authoring.build import build

    source = notebook.with_suffix(".md")
    if (
        source.is_file()
        and source.stat().st_mtime > notebook.stat().st_mtime
        # In a copied folder files have times of their own.
        and not build([source], check=True).passed
    ):
        raise CoursekitError(
            f"{source} was changed after it was built; run `coursekit build {source}`."
        )


def _require_one_build(slug: str, graded_by: str, files: Mapping[str, bytes]) -> None:
    """Demand that notebook and sidecar are of the build that they are graded by."""
    notebook = json.loads(files[f"exercises/{slug}.ipynb"])
    sidecar = json.loads(files[f"exercises/{slug}{SUFFIX}"])
    if {notebook["metadata"]["coursekit"]["version"], sidecar["version"]} != {
        graded_by
    }:
        raise CoursekitError(
            f"Notebook, sidecar and reference of {slug} are not of one build; run "
            f"`coursekit build --force` on its source."
        )


def _manifest(
    course: Course, slugs: Sequence[str], files: Mapping[str, bytes], student: str = ""
) -> bytes:
    exercises: dict[str, Any] = {}
    for slug in slugs:
        assignment, frame = course.find(slug), frame_for(course, slug, student)
        _require_one_build(slug, frame.version, files)
        exercises[slug] = {
            "version": frame.version,
            "points": sum(question.maximum for question in frame.questions),
            "due": assignment.due.isoformat() if assignment.due else None,
        }
        if variant := variant_for(course, slug, student):
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
    """Search files for solutions of exercises, and for what is the instructor's."""
    trees = {name: _tree(name, content) for name, content in files.items()}
    texts = {name: leaks.read_text(tree) for name, tree in trees.items()}
    squeezed = {name: leaks.squeeze(text) for name, text in texts.items()}
    secret, addresses = _secret(course), _addresses(course)
    found = []
    for slug in slugs:
        frame = frame_for(course, slug, student)
        own = {f"exercises/{slug}.ipynb", f"exercises/{slug}{SUFFIX}"} & files.keys()
        for name in sorted(own):
            found += leaks.find_leaks(frame, name, trees[name])
        others = {name: squeezed[name] for name in files if name not in own}
        found += leaks.find_solutions(frame, others)
    for name, text in texts.items():
        if not name.startswith("exercises/"):
            found += leaks.find_marks(name, trees[name], text)
        found += leaks.find_private(name, text, secret=secret, addresses=addresses)
    if found:
        raise LeakError(found)


def _tree(name: str, content: bytes) -> Any:
    """Read a file as JSON, or as whatever text there is in it."""
    if name.endswith((".ipynb", ".json")):
        with suppress(ValueError):
            return json.loads(content)
    # Without zeros, what was written as UTF-16 reads the same.
    return content.decode(errors="replace").replace("\0", "")


def _secret(course: Course) -> bytes:
    return course.secret if (course.folder / SECRET).is_file() else b""


def _addresses(course: Course) -> set[str]:
    if not course.roster_path.is_file():
        return set()
    roster = read_roster(course.roster_path)
    return {student.email.casefold() for student in roster.students} - {""}
