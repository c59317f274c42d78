"""Collect what was handed in: every version kept, whose it is, and when it came."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit.desk.archives import File, HarmfulFileError, list_files, list_inner
from coursekit.desk.book import in_utc, open_book, student_ids
from coursekit.desk.frames import variant_for
from coursekit.desk.platforms import Named, Origin, read_name, tell_origin
from coursekit.desk.report import CollectReport
from coursekit.desk.roster import Roster, fold, read_roster
from coursekit.desk.shelf import UNMATCHED, keep, store
from coursekit.desk.times import number_participants, read_times
from coursekit.errors import CoursekitError, MalformedNotebookError
from coursekit.grading.notebook import parse_notebook, printable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from coursekit.desk.course import Assignment, Course
    from coursekit.grading.tables import HandedInRow

_SENT_BEFORE = (
    "{}: what this download has was collected before another one, which counts. If it "
    "was handed in again since, say when with --times."
)
_EXERCISE = re.compile(rb'"exercise"\s*:\s*"([^"\\]{1,100})"')
_VARIANT = re.compile(rb'"variant"\s*:\s*"([0-9a-f]{1,64})"')


@dataclass(frozen=True)
class _Version:
    """A notebook that somebody handed in.

    ``file`` is the one that was downloaded, which may be an archive; ``called`` is what
    the student called the notebook.
    """

    student: str
    file: File
    called: str
    content: bytes
    name: Named

    @property
    def hash(self) -> str:
        return sha256(self.content).hexdigest()


@dataclass
class _Found:
    """What a download holds."""

    versions: dict[str, list[_Version]] = field(
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
    roster = number_participants(times, roster) if times else roster
    moments = read_times(times, roster, course) if times else {}
    if path.resolve() in (course.folder.resolve(), *course.folder.resolve().parents):
        raise CoursekitError(
            f"{path} is the course folder, or around it; name what you downloaded, or "
            "a folder with nothing in it but what was handed in."
        )
    files, faults = list_files(path)
    told = origin or tell_origin(file.name for file in files)
    found = _sort(files, told, roster)
    _refuse_clashes(found)
    found.faults = [*faults, *found.faults]
    versions = [
        picked
        for student in sorted(found.versions)
        for picked in _pick(found.versions[student], assignment.slug, found)
    ]
    found.faults += _find_strangers(assignment, roster)
    found.faults += _find_other_variants(course, assignment, versions)
    home = course.folder / "submitted" / assignment.slug
    placed = [
        (one, store(home, one.student, one.content, moments.get(one.student)))
        for one in versions
    ]
    kept = [keep(home, *other) for other in found.others]
    with open_book(course, make=True) as book:
        new, again = book.transact(
            lambda use: _record(use, course, assignment.slug, told, placed, moments)
        )
    found.faults += [_SENT_BEFORE.format(printable(student)) for student in again]
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
                found.others.append((UNMATCHED, file.name, file.read()))
                continue
            for inner in _open(file, named, found):
                _take(inner, file, named, found)
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


def _take(inner: File, file: File, named: Named | None, found: _Found) -> None:
    if named is None:
        return
    content, who = inner.read(), named.student
    called = named.file if inner is file else inner.name
    if called.lower().endswith(".ipynb"):
        found.versions[who].append(_Version(who, file, called, content, named))
    elif called.rsplit("/", 1)[-1] != "submission.json":
        found.others.append((who, inner.name, content))


def _refuse_clashes(found: _Found) -> None:
    """Refuse two ids that would be one folder where case does not count."""
    by_folded: dict[str, str] = {}
    for student in found.versions:
        other = by_folded.setdefault(fold(student), student)
        if other != student:
            raise CoursekitError(
                f"{printable(other)} and {printable(student)} would share a folder on "
                "some systems; write a roster that tells them apart."
            )


def _find_strangers(assignment: Assignment, roster: Roster) -> list[str]:
    """Name extensions of students whom the roster does not have."""
    return [
        f"course.toml has an extension for {printable(student)}, who is not in the "
        "roster."
        for student in assignment.extensions
        if roster.students and roster.find("student", student) is None
    ]


def _pick(versions: list[_Version], slug: str, found: _Found) -> list[_Version]:
    """Pick a student's notebooks of the exercise; keep the others beside them.

    Several are versions where the platform numbers uploads, and otherwise no one can
    tell which counts.
    """
    choice = versions
    if len({version.hash for version in versions}) > 1:
        called = [v for v in versions if _stem(v) == slug.casefold()]
        said = [v for v in called or versions if _says(v.content) == slug]
        choice = said or called or versions
    distinct = {v.hash: v for v in sorted(choice, key=lambda v: v.name.upload or 0)}
    who = printable(versions[0].student)
    if len(distinct) > 1:
        told = len({v.name.upload for v in choice}) >= len(distinct)
        names = ", ".join(printable(version.called) for version in choice)
        counts = "The last upload counts" if told else "None counts"
        found.faults.append(f"{who} handed in several notebooks: {names}. {counts}.")
        if not told:
            found.others += [(v.student, v.called, v.content) for v in versions]
            return []
    found.others += [
        (v.student, v.called, v.content) for v in versions if v.hash not in distinct
    ]
    for picked in distinct.values():
        found.faults += _warn(picked, slug)
    return list(distinct.values())


def _stem(version: _Version) -> str:
    return Path(version.called).stem.casefold()


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
        parse_notebook(version.content, Path(version.called))
    except MalformedNotebookError as error:
        return [f"{who}: {printable(Path(version.called).name)} {error.reason}"]
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


def _record(
    session: Session,
    course: Course,
    slug: str,
    origin: Origin,
    placed: Iterable[tuple[_Version, Path]],
    moments: Mapping[str, datetime],
) -> tuple[int, list[str]]:
    """Note every version once; learn times that were not known before.

    What was handed in again after something else takes its later place. Gives how many
    are new, and who has a version again whose place nothing tells.
    """
    from sqlalchemy import select

    from coursekit.grading.tables import HandedInRow

    listed = list(placed)
    ids = student_ids(session, [version.student for version, _ in listed])
    rows = session.scalars(select(HandedInRow).where(HandedInRow.slug == slug))
    known = {(row.student_id, row.hash): row for row in rows}
    new, again = 0, []
    for version, place in listed:
        key = (ids[version.student], version.hash)
        moment = moments.get(version.student)
        upload = version.name.upload
        if key in known:
            row = known[key]
            others = [one for one in known.values() if one.student_id == key[0]]
            times = [in_utc(one.submitted) for one in others]
            row.submitted = _later(in_utc(row.submitted), moment, times)
            row.attempt = _later(row.attempt, upload, [one.attempt for one in others])
            if upload is not None and upload == row.attempt:
                row.marked_late = version.name.late
            if moment is None and upload is None and max(others, key=_order) is not row:
                again.append(version.student)
            continue
        new += 1
        row = HandedInRow(
            slug=slug,
            student_id=key[0],
            hash=key[1],
            submitted=moment,
            marked_late=version.name.late,
            attempt=upload,
            name=version.file.name,
            file=place.relative_to(course.folder).as_posix(),
            origin=origin,
            collected=datetime.now(UTC),
        )
        session.add(row)
        known[key] = row
    return new, again


def _order(row: HandedInRow) -> tuple[float, int, int]:
    """Order versions as `coursekit.desk.rules.choose` does."""
    submitted = in_utc(row.submitted)
    return (submitted.timestamp() if submitted else -inf, row.attempt or 0, row.id)


def _later(was: Any, now: Any, others: Iterable[Any]) -> Any:
    """Give the place of what was sent again: the later one, if something came between.

    Who sends the same bytes twice, and nothing else, is as early as with the first.
    """
    if was is None or now is None:
        return now if was is None else was
    between = any(other is not None and other > was for other in others)
    return max(was, now) if between else was
