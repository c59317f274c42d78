"""A course with one tiny exercise, which has a parameter drawn for each student."""

from __future__ import annotations

from pathlib import Path

import exercise_source as tiny
from coursekit.authoring.build import build
from coursekit.desk.course import Course, find_course

SLUG = "97_tiny"
CELL = tiny.code("SOUTH = 3", tags="[parameters]", draw="{SOUTH: [3, 7]}")
SETUP = tiny.SETUP.replace('{"north": 1, "south": 3}', '{"north": 1, "south": SOUTH}')
RIGHT = tiny.SHARE_RIGHT.replace("counts.div(4)", "counts.div(1 + SOUTH)")
EXERCISE = tiny.EXERCISE.replace(tiny.SETUP, CELL + SETUP).replace(
    tiny.SHARE_RIGHT, RIGHT
)
BY_HEART = EXERCISE.replace("1 + SOUTH", "4")  # right in the public variant alone


def make_variant_course(folder: Path, *, roster: str) -> Course:
    """Write a course folder and build its exercise."""
    (folder / "exercises").mkdir(parents=True)
    (folder / "exercises" / f"{SLUG}.md").write_text(EXERCISE, encoding="utf-8")
    text = (
        f'[course]\nname = "x"\ntimezone = "UTC"\n[exercises.{SLUG}]\nvariants = true\n'
    )
    (folder / "course.toml").write_text(text, encoding="utf-8")
    (folder / "secret").write_text("5e" * 32, encoding="ascii")
    (folder / "roster.csv").write_text(roster, encoding="utf-8")
    report = build([folder / "exercises"])
    assert report.passed, report.to_text()
    return find_course(folder)
