"""Lessons and exercises as a student meets them: opened, saved, run, moved by keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from browser.desk import WIDE, Desk
from coursekit.course import course_root
from coursekit.student.workspace import open_workspace

LESSONS = sorted(course_root().glob("lessons/*.ipynb"))
EXERCISES = sorted(course_root().glob("exercises/*.ipynb"))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda file: file.stem)
def test_a_lesson_runs_and_its_widgets_answer_the_keyboard_at_any_width(
    desk: Desk, lesson: Path
) -> None:
    desk.page.set_viewport_size(WIDE)
    desk.open(f"lessons/{lesson.name}")
    kept = save(desk, f"lessons/{lesson.name}")
    desk.run_all()
    desk.keep_all(lesson.stem)
    barriers = desk.find_barriers()
    cut = move_widgets(desk, f"{lesson.stem}-wide")
    desk.shrink()
    cut += move_widgets(desk, f"{lesson.stem}-phone")

    assert not kept, "A notebook that was only opened and saved is no edit."
    assert desk.panels.count() > 0
    assert len(desk.errors) == count_errors(lesson)
    assert cut == []
    assert barriers == []
    assert desk.foreign == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda file: file.stem)
def test_an_exercise_opens_and_shows_its_tasks(desk: Desk, exercise: Path) -> None:
    desk.open(f"exercises/{exercise.name}")
    kept = save(desk, f"exercises/{exercise.name}")
    desk.keep(f"exercise-{exercise.stem}")

    assert not kept, "A notebook that was only opened and saved is no edit."
    assert desk.notebook.locator("h1").count() == 1
    assert desk.find_barriers() == []
    assert desk.foreign == []


def move_widgets(desk: Desk, name: str) -> list[str]:
    """Move each widget by a key, keep pictures, and name what the page cuts."""
    for number, panel in enumerate(desk.panels.all(), start=1):
        desk.move(panel)
        panel.scroll_into_view_if_needed()
        desk.keep(f"{name}-widget-{number}")
    return desk.look(name)


def count_errors(lesson: Path) -> int:
    """Count the errors that a lesson shows on purpose."""
    cells = json.loads(lesson.read_bytes())["cells"]
    return sum("raises-exception" in cell["metadata"].get("tags", []) for cell in cells)


def save(desk: Desk, name: str) -> bool:
    """Save a notebook as it was opened, and tell whether that is taken for an edit."""
    desk.idle()
    file = desk.lab.folder / name
    before = file.stat().st_mtime_ns
    desk.choose("File", "Save Notebook")
    desk.wait_for(lambda: was_saved(file, since=before))
    return name in open_workspace(desk.lab.folder).kept


def was_saved(file: Path, *, since: int) -> bool:
    """Tell whether a notebook was written, and to its end: Jupyter writes in place."""
    try:
        json.loads(file.read_bytes())
    except ValueError:
        return False
    return file.stat().st_mtime_ns != since
