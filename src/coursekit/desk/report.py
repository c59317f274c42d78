"""What `coursekit collect` says."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

from coursekit.desk.book import open_book
from coursekit.desk.frames import frame_for
from coursekit.desk.rows import read_rows
from coursekit.desk.rules import HandedIn, choose
from coursekit.grading.notebook import printable

if TYPE_CHECKING:
    from coursekit.desk.course import Assignment, Course
    from coursekit.desk.roster import Roster


@dataclass(frozen=True)
class Line:
    """Where one student stands.

    ``state`` is ``on time``, ``late``, ``closed`` (after the last day) or ``nothing``.
    ``counts``, ``on_time`` and ``late`` name files below the course folder: what counts
    now, the last on time and the last that is late.
    """

    student: str
    state: str
    versions: int = 0
    counts: str = ""
    on_time: str = ""
    late: str = ""
    late_by_hours: float | None = None


@dataclass(frozen=True)
class CollectReport:
    """What was collected, and where every student stands now.

    ``kept`` lists files that are nobody's notebook, ``unknown`` those whom the roster
    does not have.
    """

    exercise: str
    origin: str
    new: int
    known: int
    lines: tuple[Line, ...]
    kept: tuple[str, ...]
    unknown: tuple[str, ...]
    faults: tuple[str, ...]

    @classmethod
    def of(
        cls,
        course: Course,
        slug: str,
        roster: Roster,
        origin: str,
        *,
        new: int,
        known: int,
        kept: tuple[str, ...],
        unknown: tuple[str, ...],
        faults: tuple[str, ...],
    ) -> Self:
        """Make the report by what the gradebook holds now."""
        assignment = course.find(slug)
        with open_book(course) as book:
            rows = book.transact(
                lambda use: read_rows(use, slug, frame_for(course, slug))
            )
        everybody = sorted({*rows.versions, *roster.by_id})
        lines = tuple(
            _say(student, rows.versions.get(student, []), assignment)
            for student in everybody
        )
        return cls(slug, origin, new, known, lines, kept, unknown, faults)

    @property
    def passed(self) -> bool:
        """Whether everything is somebody's notebook."""
        return not (self.faults or self.unknown or self.kept)

    def to_json(self) -> str:
        """Give the report as JSON."""
        tree = {"passed": self.passed, **asdict(self)}
        return json.dumps(tree, indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """Say what was collected, what is odd, and what to run next."""
        states = Counter(line.state for line in self.lines)
        counts = ", ".join(f"{number} {state}" for state, number in states.items())
        said = [
            f"{self.exercise}: {self.new} new, {self.known} collected before.",
            f"Names were read as those of {self.origin}.",
            f"Students: {counts or 'none'}.",
        ]
        for line in self.lines:
            if line.state in ("late", "closed"):
                by = f", by {line.late_by_hours:g} h" if line.late_by_hours else ""
                said.append(f"{printable(line.student)}: {line.state}{by}.")
        said += [f"Not in the roster: {who}." for who in self.unknown]
        said += list(self.faults)
        nothing = [printable(o.student) for o in self.lines if o.state == "nothing"]
        if nothing:
            said.append(f"Handed in nothing that counts: {', '.join(nothing)}.")
        said += [f"Kept, but no notebook that counts: {name}." for name in self.kept]
        if self.unknown:
            said.append(
                "Add who is missing to the roster and collect again; what is collected "
                "already is not doubled."
            )
        return "\n".join([*said, f"Next: coursekit grade {self.exercise}"])


def _say(student: str, versions: list[HandedIn], assignment: Assignment) -> Line:
    choice = choose(versions, assignment, student)
    if choice is None:
        return Line(student, "nothing")
    each = [choose([version], assignment, student) for version in versions]
    on_time = [one.version.file for one in each if one and not one.is_late]
    late = [one.version.file for one in each if one and one.is_late]
    state = "closed" if choice.closed else "late" if choice.is_late else "on time"
    hours = choice.late.total_seconds() / 3600 if choice.late else None
    return Line(
        student,
        state,
        len(versions),
        "" if choice.closed else choice.version.file,
        on_time[-1] if on_time else "",
        late[-1] if late else "",
        None if hours is None else round(hours, 2),
    )
