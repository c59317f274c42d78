"""Collect what was handed in: every version kept, whose it is, and when it came."""

from __future__ import annotations

import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.desk.archives import File, HarmfulFileError, list_files, list_inner
from coursekit.desk.book import open_book, student_ids
from coursekit.desk.frames import variant_for
from coursekit.desk.platforms import Named, Origin, read_name, tell_origin
from coursekit.desk.report import CollectReport
from coursekit.desk.roster import Roster, fold, read_roster
from coursekit.desk.times import read_times
from coursekit.errors import CoursekitError, MalformedNotebookError
from coursekit.grading.notebook import parse_notebook, printable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from coursekit.desk.course import Assignment, Course

_UNMATCHED = "_unmatched"
_EXERCISE = re.compile(rb'"exercise"\s*:\s*"([^"\\]{1,100})"')
_VARIANT = re.compile(rb'"variant"\s*:\s*"([0-9a-f]{1,64})"')


@dataclass(frozen=True)
class _Version:
    """A notebook that somebody handed in."""

    student: str
    file: File
    content: bytes
    name: Named

    @property
    def hash(self) -> str:
        return sha256(self.content).hexdigest()


@dataclass
class _Found:
    """What a download holds."""

    versions: dict[tuple[str, int | None], list[_Version]] = field(
        default_factory=lambda: defaultdict(list)
    )
    others: list[tuple[str, str, bytes]] = field(default_factory=list)
    unknown: dict[str, None] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def collect(
    course: Course,
    exercise: str,
    path: Path,
    *,
    times: Path | None = None,
    origin: Origin | None = None,
) -> CollectReport:
    """Take what students handed in into the course folder.

    Parameters
    ----------
    course : Course
        Where to.
    exercise : str
        Name of an exercise of the course, or how it begins.
    path : pathlib.Path
        A folder, a zip archive, or what Canvas or Moodle give for download. It is
        only read.
    times : pathlib.Path, optional
        CSV with the columns ``student`` and ``submitted``, or the grading worksheet of
        Moodle: when each student handed in. Nothing that a student can write is
        believed.
    origin : {'canvas', 'moodle', 'folder'}, optional
        Whose way of naming the files are in; told by the names by default.

    Returns
    -------
    CollectReport
        What is new, what was there, and who counts with what.

    Raises
    ------
    CoursekitError
        If the exercise, the download, the roster or the times cannot be taken; nothing
        has been written then. Cut short, it goes on when run again.

    Notes
    -----
    Each version lies in ``submitted/EXERCISE/STUDENT/``, named by its time and the
    beginning of its hash; none is ever replaced. A file of somebody who is not in the
    roster lies in ``submitted/EXERCISE/_unmatched/``.
    """
    assignment = course.find(exercise)
    roster = _read_roster(course)
    files, faults = list_files(path)
    told = origin or tell_origin(file.name for file in files)
    moments = read_times(times, roster, course) if times else {}
    found = _sort(files, told, roster)
    _refuse_clashes(found)
    found.faults = [*faults, *found.faults]
    counted = [_pick(versions, assignment.slug, found) for versions in _by_order(found)]
    versions = [version for version in counted if version is not None]
    found.faults += _find_other_variants(course, assignment, versions)
    home = course.folder / "submitted" / assignment.slug
    placed = [(version, _store(home, version, moments)) for version in versions]
    kept = [_keep(home, *other) for other in found.others]
    with open_book(course, make=True) as book:
        new = book.transact(
            lambda use: _record(use, course, assignment.slug, told, placed, moments)
        )
    return CollectReport.of(
        course,
        assignment.slug,
        roster,
        told,
        new=new,
        known=len(versions) - new,
        kept=tuple(str(place.relative_to(course.folder)) for place in kept),
        unknown=tuple(found.unknown),
        faults=tuple(found.faults),
    )


def _read_roster(course: Course) -> Roster:
    if not course.roster_path.is_file():
        return Roster()
    return read_roster(course.roster_path)


def _sort(files: Iterable[File], origin: Origin, roster: Roster) -> _Found:
    """Tell for each file whose it is, and open archives that were handed in."""
    found = _Found()
    for file in files:
        named = read_name(file.name, origin, roster)
        who = named.student if named is not None else ""
        try:
            if not who:
                found.unknown[printable(named.who if named else file.name)] = None
                found.others.append((_UNMATCHED, file.name, file.read()))
                continue
            for inner in _open(file, named, found):
                _take(inner, who, named, found)
        except HarmfulFileError as error:
            found.faults.append(f"{error}.")
    return found


def _open(file: File, named: Named | None, found: _Found) -> list[File]:
    """Give the files of an archive that was handed in, or the file itself."""
    name = named.file if named is not None else file.name
    if not name.lower().endswith(".zip"):
        return [file]
    inner, faults = list_inner(file.read(), name)
    found.faults += [f"{printable(file.name)}: {fault}" for fault in faults]
    if not any(one.name.lower().endswith(".ipynb") for one in inner):
        return [file]
    return inner


def _take(file: File, who: str, named: Named | None, found: _Found) -> None:
    if named is None:
        return
    content = file.read()
    if file.name.lower().endswith(".ipynb"):
        version = _Version(who, file, content, named)
        found.versions[who, named.attempt].append(version)
    elif file.name.rsplit("/", 1)[-1] != "submission.json":
        found.others.append((who, file.name, content))


def _refuse_clashes(found: _Found) -> None:
    """Refuse two ids that would be one folder where case does not count."""
    by_folded: dict[str, str] = {}
    for student, _ in found.versions:
        other = by_folded.setdefault(fold(student), student)
        if other != student:
            raise CoursekitError(
                f"{printable(other)} and {printable(student)} would share a folder on "
                "some systems; write a roster that tells them apart."
            )


def _by_order(found: _Found) -> list[list[_Version]]:
    """List deliveries, of each student the earlier attempts first."""
    keys = sorted(found.versions, key=lambda key: (key[0], key[1] or 0))
    return [found.versions[key] for key in keys]


def _pick(versions: list[_Version], slug: str, found: _Found) -> _Version | None:
    """Pick the notebook of one delivery; keep the others beside it."""
    choice = versions
    if len({version.hash for version in versions}) > 1:
        called = [v for v in versions if _stem(v) == slug.casefold()]
        said = [v for v in called or versions if _says(v.content) == slug]
        choice = said or called or versions
    distinct = {version.hash: version for version in choice}
    who = printable(versions[0].student)
    if len(distinct) > 1:
        names = ", ".join(printable(version.file.name) for version in choice)
        found.faults.append(f"{who} handed in several notebooks: {names}. None counts.")
        found.others += [(v.student, v.file.name, v.content) for v in versions]
        return None
    picked = choice[0]
    found.others += [
        (v.student, v.file.name, v.content) for v in versions if v.hash != picked.hash
    ]
    found.faults += _warn(picked, slug)
    return picked


def _stem(version: _Version) -> str:
    return Path(version.file.name).stem.casefold()


def _says(content: bytes, key: re.Pattern[bytes] = _EXERCISE) -> str:
    """Read what a notebook says of itself, without reading its cells."""
    # It stands in the metadata, which JupyterLab writes after the cells.
    found = key.findall(content, max(0, len(content) - 20_000))
    return found[-1].decode(errors="replace") if found else ""


def _warn(version: _Version, slug: str) -> list[str]:
    """Say what is odd about a notebook that is collected all the same."""
    who, said = printable(version.student), _says(version.content)
    if said and said != slug:
        return [f"{who} handed in a notebook of {printable(said)}."]
    if said and version.content.rstrip().endswith(b"}"):
        return []  # whole, as far as can be told without reading all of it
    try:
        parse_notebook(version.content, Path(version.file.name))
    except MalformedNotebookError as error:
        return [f"{who}: {printable(Path(version.file.name).name)} {error.reason}"]
    return []


def _find_other_variants(
    course: Course, assignment: Assignment, versions: Iterable[_Version]
) -> list[str]:
    """Name notebooks of another variant than was drawn; grading goes by the draw."""
    if not assignment.variants:
        return []
    found = []
    for version in versions:
        said = _says(version.content, _VARIANT)
        drawn = variant_for(course, assignment.slug, version.student)
        if said != drawn:
            who = printable(version.student)
            found.append(
                f"{who} handed in variant {said or 'unknown'}, and is graded by "
                f"{drawn}, which was drawn for them."
            )
    return found


def _store(home: Path, version: _Version, moments: Mapping[str, datetime]) -> Path:
    folder, short = home / version.student, version.hash[:8]
    there = sorted(folder.glob(f"*-{short}.ipynb"))
    if there:
        return there[0]
    moment = moments.get(version.student)
    stamp = moment.strftime("%Y%m%dT%H%M%SZ") if moment else "undated"
    return _write(folder / f"{stamp}-{short}.ipynb", version.content)


def _keep(home: Path, who: str, name: str, content: bytes) -> Path:
    """Keep a file that is nobody's notebook, under a name that is safe everywhere."""
    plain = re.sub(r"[^\w .()-]", "_", Path(name).name).strip(" .")[-80:] or "file"
    short = sha256(content).hexdigest()[:8]
    folder = home / who if who == _UNMATCHED else home / who / "other"
    place = folder / f"{short} {plain}"
    return place if place.is_file() else _write(place, content)


def _write(place: Path, content: bytes) -> Path:
    """Write a file whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=place.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(draft).replace(place)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return place


def _record(
    session: Session,
    course: Course,
    slug: str,
    origin: Origin,
    placed: Iterable[tuple[_Version, Path]],
    moments: Mapping[str, datetime],
) -> int:
    """Note every version once; learn times that were not known before."""
    from sqlalchemy import select

    from coursekit.grading.tables import HandedInRow

    listed = list(placed)
    ids = student_ids(session, [version.student for version, _ in listed])
    rows = session.scalars(select(HandedInRow).where(HandedInRow.slug == slug))
    known = {(row.student_id, row.hash): row for row in rows}
    new = 0
    for version, place in listed:
        key = (ids[version.student], version.hash)
        moment = moments.get(version.student)
        if key in known:
            row = known[key]
            row.submitted = row.submitted or moment
            row.marked_late = row.marked_late or version.name.late
            continue
        new += 1
        row = HandedInRow(
            slug=slug,
            student_id=key[0],
            hash=key[1],
            submitted=moment,
            marked_late=version.name.late,
            attempt=version.name.attempt,
            name=version.file.name,
            file=place.relative_to(course.folder).as_posix(),
            origin=origin,
            collected=datetime.now(UTC),
        )
        session.add(row)
        known[key] = row
    return new
