"""Who was given which variant of an exercise, for people who check the draw."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from coursekit.desk.frames import parameters_for, source_of, variant_for
from coursekit.desk.roster import Roster, read_roster
from coursekit.exercise.variants import Parameter
from coursekit.grading.notebook import printable

if TYPE_CHECKING:
    from coursekit.desk.course import Course


@dataclass(frozen=True)
class Drawn:
    """The variant of one student; without an id, the public one.

    ``listed`` says whether the roster has the student.
    """

    student: str
    variant: str
    parameters: dict[str, Parameter]
    listed: bool


@dataclass(frozen=True)
class DrawReport:
    """Variants of an exercise, and how they were drawn.

    Parameters
    ----------
    exercise : str
        Slug of the exercise.
    drawn : tuple of Drawn
        One for each student asked for.
    draw : dict
        The values of each parameter; empty where nothing was drawn.
    secret : str
        First eight hexadecimal digits of the secret's SHA-256: it tells two secrets
        apart and gives none away. Empty where nothing was drawn.
    """

    exercise: str
    drawn: tuple[Drawn, ...]
    draw: dict[str, list[Parameter]]
    secret: str
    passed: bool = True

    def to_json(self) -> str:
        """Give the report as JSON."""
        tree = {
            "exercise": self.exercise,
            "draw": self.draw,
            "secret_sha256": self.secret,
            "method": _METHOD,
            "students": [vars(one) for one in self.drawn],
        }
        return json.dumps(tree, indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """Give a line for each student, and how the parameters were drawn."""
        if not self.drawn:
            return "Nobody is in the roster."
        if not any(one.parameters for one in self.drawn):
            return f"{self.exercise} has no parameters: everybody gets the same."
        rows = [
            (printable(one.student) or "(no id)", one.variant, _said(one.parameters))
            for one in self.drawn
        ]
        width = max((len(student) for student, _, _ in rows), default=0)
        lines = [f"{row[0]:<{width}}  {row[1]}  {row[2]}" for row in rows]
        lines += [
            f"{printable(one.student)} is not in the roster; the id was taken as it is."
            for one in self.drawn
            if one.student and not one.listed
        ]
        if not self.secret:
            how = "This is the public variant; it is not drawn."
            if any(one.student for one in self.drawn):
                how += " Write `variants = true` in course.toml to draw for students."
        else:
            values = "; ".join(f"{name} from {v}" for name, v in self.draw.items())
            how = f"Drawn: {values}. {_METHOD} SHA-256 of the secret: {self.secret}..."
        return "\n".join([*lines, how])


def list_drawn(
    course: Course, slug: str, students: Iterable[str] | None = None
) -> DrawReport:
    """List the variants of students.

    Parameters
    ----------
    course : Course
        The course.
    slug : str
        Name of the exercise.
    students : iterable of str, optional
        Their ids, found in the roster whatever their case; an empty one is given the
        public variant. Everybody in the roster by default.

    Returns
    -------
    DrawReport
        One entry for each student, in the same order.

    Raises
    ------
    CoursekitError
        If the exercise was not built; if it has parameters, and its source or the
        course's secret is missing; if everybody is asked for and there is no roster.
    """
    if students is None or course.roster_path.is_file():
        roster = read_roster(course.roster_path)
    else:
        roster = Roster()
    asked = [
        _spell(roster, name)
        for name in (roster.by_id if students is None else students)
    ]
    drawn = tuple(
        Drawn(
            name,
            variant_for(course, slug, name),
            parameters_for(course, slug, name),
            listed=name in roster.by_id,
        )
        for name in asked
    )
    is_drawn = course.find(slug).variants and any(
        one.student and one.parameters for one in drawn
    )
    draw = source_of(course, slug).draw if is_drawn else {}
    secret = sha256(course.secret).hexdigest()[:8] if is_drawn else ""
    return DrawReport(slug, drawn, draw, secret)


def _spell(roster: Roster, name: str) -> str:
    """Write an id as the roster does, which the draw goes by."""
    found = roster.by_id.get(name) or roster.find("student", name.strip())
    return found.student if found else name


def _said(values: dict[str, Parameter]) -> str:
    return ", ".join(f"{name} = {value!r}" for name, value in values.items())


_METHOD = (
    "The place in each list is a number modulo the list's length: HMAC-SHA256, with "
    "the course's secret as key, of exercise, student (in Unicode's NFC) and parameter "
    "in UTF-8, each after its length in 8 bytes, and of a last 8 bytes that count from "
    "0 how often a number was too large to be fair (big endian throughout)."
)
