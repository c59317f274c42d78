"""An instructor's folder and its ``course.toml``: due dates, late rules, totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from coursekit.course import course_root
from coursekit.errors import CoursekitError, UnknownNameError

FILE = "course.toml"
SECRET = "secret"  # noqa: S105 - the name of a file
Counts = Literal["latest", "on_time"]


class NoCourseError(CoursekitError, LookupError):
    """A command of the desk was run outside any course folder.

    Parameters
    ----------
    start : pathlib.Path
        Where it was run.
    """

    def __init__(self, start: Path) -> None:
        self.start = start
        super().__init__(start)

    def __str__(self) -> str:
        return (
            f"There is no {FILE} in {self.start} or above it. Go to your course's "
            "folder, or make one with `coursekit new course FOLDER`."
        )


class MalformedCourseError(CoursekitError, ValueError):
    """A ``course.toml`` says what makes no sense.

    Parameters
    ----------
    file : pathlib.Path
        The file.
    place : str
        The table or setting, as it is written there.
    reason : str
        What is wrong and what would work.
    """

    def __init__(self, file: Path, place: str, reason: str) -> None:
        self.file = file
        self.place = place
        self.reason = reason
        super().__init__(file, place, reason)

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: {self.reason}"


@dataclass(frozen=True)
class LateRule:
    """What work that comes late loses, as in the late policy of Canvas.

    Parameters
    ----------
    grace : datetime.timedelta
        Lateness that is overlooked.
    deduction : float
        Share of the points possible, in 0-1, for each interval that was begun after
        the due date; the grace shortens none.
    interval : datetime.timedelta
        An hour or a day.
    lowest : float
        Share of the points possible, in 0-1, below which lateness takes no grade.
    closes : datetime.timedelta or None
        How long after the due date work is taken; None for ever.
    """

    grace: timedelta = timedelta(0)
    deduction: float = 0.0
    interval: timedelta = timedelta(days=1)
    lowest: float = 0.0
    closes: timedelta | None = None


@dataclass(frozen=True)
class Extension:
    """A later due date for one student."""

    student: str
    due: datetime
    reason: str = ""


@dataclass(frozen=True)
class Assignment:
    """An exercise as this course sets it.

    Parameters
    ----------
    slug : str
        Name of the exercise.
    due : datetime.datetime or None
        In UTC; None where it is never late.
    late : LateRule
        What late work loses.
    counts : {'latest', 'on_time'}
        Whether the last version counts, late or not, or the last one on time where
        there is one.
    weight : float
        Share in the course's total, against those of the other exercises.
    cap : float or None
        Most points that count.
    column : str
        Title of its column in the gradebook of a platform.
    variants : bool
        Whether each student's parameters are drawn; else all have the public ones.
    extensions : mapping of str to Extension
        By student.
    """

    slug: str
    due: datetime | None = None
    late: LateRule = field(default_factory=LateRule)
    counts: Counts = "latest"
    weight: float = 1.0
    cap: float | None = None
    column: str = ""
    variants: bool = False
    extensions: Mapping[str, Extension] = field(default_factory=dict)

    def due_for(self, student: str) -> datetime | None:
        """Give the due date of one student, in UTC, or None if there is none."""
        extension = self.extensions.get(student)
        return self.due if extension is None else extension.due


@dataclass(frozen=True)
class Course:
    """A course as one instructor gives it: a folder, and what ``course.toml`` says.

    Parameters
    ----------
    folder : pathlib.Path
        The folder, absolute.
    name : str
        The course's name, as students know it.
    timezone : zoneinfo.ZoneInfo
        Zone of dates without one.
    gradebook : str
        Path or database URL.
    roster_path : pathlib.Path
        The file with the students.
    assignments : tuple of Assignment
        In the order of the file.
    drop_lowest : int
        How many exercises of each student, the worst by share, count nothing.
    out_of : float
        What the total is given out of.
    show_markers : bool
        Whether feedback names who marked.
    """

    folder: Path
    name: str
    timezone: ZoneInfo
    gradebook: str
    roster_path: Path
    assignments: tuple[Assignment, ...]
    drop_lowest: int = 0
    out_of: float = 100.0
    show_markers: bool = False

    def choose(self, names: Sequence[str] = ()) -> list[str]:
        """Give the exercises that are asked for in full, or all of the course.

        Raises
        ------
        UnknownNameError
            If one is not known.
        CoursekitError
            If the course has no exercise.
        """
        if not self.assignments:
            raise CoursekitError(
                f"{self.folder / FILE} names no exercise yet; write a line such as "
                "[exercises.02_who_may_invite] into it for each."
            )
        asked = [self.find(name).slug for name in names]
        return asked or [assignment.slug for assignment in self.assignments]

    def find(self, name: str) -> Assignment:
        """Find an exercise of the course by its name, or by how that begins.

        Raises
        ------
        UnknownNameError
            If none begins so, or several do.
        """
        known = {assignment.slug: assignment for assignment in self.assignments}
        if not known:
            self.choose()
        if name in known:
            return known[name]
        begun = [slug for slug in known if name and slug.startswith(name)]
        if len(begun) != 1:
            raise UnknownNameError(f"exercise in {FILE}", name, begun or known)
        return known[begun[0]]

    def reference(self, slug: str) -> Path:
        """Find the built reference: this folder's, or the course's own."""
        return self._built(f"reference/{slug}.ipynb", slug)

    def source(self, slug: str) -> Path:
        """Find the source, which an installed coursekit does not have of its own."""
        return self._built(f"{slug}.md", slug)

    def student_version(self, slug: str) -> Path:
        """Find the notebook that students get."""
        return self._built(f"{slug}.ipynb", slug)

    def sidecar(self, slug: str) -> Path:
        """Find the sidecar of the notebook that students get."""
        return self._built(f"{slug}.checks.json", slug)

    @property
    def secret(self) -> bytes:
        """The secret that variants are drawn with.

        Raises
        ------
        CoursekitError
            If the file is missing or holds less than 16 bytes in hexadecimal.
        """
        path = self.folder / SECRET
        try:
            secret = bytes.fromhex(path.read_text(encoding="ascii"))
        except (OSError, ValueError) as error:
            raise CoursekitError(
                f"{path} is missing or holds no hexadecimal number, and variants are "
                f"drawn with it. Put it back from a copy; for a course that has drawn "
                f"none yet, `coursekit new course {self.folder}` makes one."
            ) from error
        if len(secret) < 16:
            raise CoursekitError(
                f"{path} is too short to be a secret: 32 hexadecimal digits at least. "
                "Put it back from a copy; with another one other variants are drawn."
            )
        return secret

    def at(self, moment: datetime) -> datetime:
        """Read a moment without a zone in the course's; give it in UTC."""
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=self.timezone)
        return zoned.astimezone(UTC)

    def _built(self, name: str, slug: str) -> Path:
        places = [
            folder / "exercises" / name for folder in (self.folder, course_root())
        ]
        for path in places:
            if path.is_file():
                return path
        if (self.folder / "exercises" / f"{slug}.md").is_file():
            advice = f"run `coursekit build {self.folder / 'exercises' / slug}.md`"
        elif (course_root() / "exercises" / f"{slug}.ipynb").is_file():
            advice = (
                "only a checkout of coursekit has sources and references of the "
                "course's own exercises; run the command from one"
            )
        else:
            advice = f"run `coursekit new exercise {slug}`, or take it out of {FILE}"
        raise CoursekitError(
            f"There is no {name} of the exercise {slug}, neither in {places[0].parent} "
            f"nor in {places[1].parent}; {advice}."
        )


def find_course(start: Path | None = None) -> Course:
    """Find the course folder at or above a place, and read its ``course.toml``.

    Parameters
    ----------
    start : pathlib.Path, optional
        Where to begin; the working folder by default.

    Returns
    -------
    Course
        What the file says.

    Raises
    ------
    NoCourseError
        If there is none.
    MalformedCourseError
        If it says what makes no sense.
    """
    begin = (start or Path.cwd()).absolute()
    for folder in (begin, *begin.parents):
        if (folder / FILE).is_file():
            from coursekit.desk.settings import read_course

            return read_course(folder / FILE)
    raise NoCourseError(begin)
