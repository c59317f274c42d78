"""How quick the instructor's desk is with 800 students and ten exercises.

Work is generated: notebooks for `collect`, and for the rest a gradebook filled without
running anybody's code. Prints seconds, medians over `--runs`, and their limits.

    uv run --group dev python benchmarks/desk.py
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from coursekit.course import course_root  # noqa: E402 - after the tests' modules
from coursekit.desk.analysis import analyse  # noqa: E402 - too
from coursekit.desk.collect import collect  # noqa: E402 - too
from coursekit.desk.export import export  # noqa: E402 - too
from coursekit.desk.feedback import write_feedback  # noqa: E402 - too
from coursekit.desk.panel import review_panel  # noqa: E402 - too
from desk_downloads import pack  # noqa: E402 - a module of the tests
from desk_work import fill_gradebook, make_course, make_students  # noqa: E402 - too

HELD_TO = {
    "collect, all ten": 30.0,
    "export, csv": 10.0,
    "export, canvas": 10.0,
    "analyse": 10.0,
    "feedback, one student": 0.1,
    "panel, next answer": 0.1,
}


def main() -> None:
    """Measure, and print a line for each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=800)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    found: dict[str, list[float]] = {name: [] for name in HELD_TO}
    for _ in range(asked.runs):
        with tempfile.TemporaryDirectory(prefix="coursekit-desk-") as folder:
            for name, seconds in measure(Path(folder), asked.students).items():
                found[name].append(seconds)
    print(f"{asked.students} students, ten exercises, {asked.runs} runs")
    for name, times in found.items():
        held = HELD_TO[name]
        print(f"{name:24} {median(times):8.3f} s   held to {held:g} s")
    missed = [name for name, times in found.items() if median(times) > HELD_TO[name]]
    sys.exit(f"missed: {', '.join(missed)}" if missed else 0)


def measure(folder: Path, students: int) -> dict[str, float]:
    """Take the times of one run."""
    references = (course_root() / "exercises/reference").glob("*.ipynb")
    slugs = sorted(path.stem for path in references)[:10]
    empty = make_course(folder / "collected", exercises=slugs)
    full = make_course(folder / "graded", exercises=slugs)
    names = make_students(students)
    fill_gradebook(full, students=students)
    panel = review_panel(slugs[1], marker="benchmark", course=full.folder)
    forward = panel.children[1].children[1]
    return {
        "collect, all ten": sum(
            clock(lambda slug=slug: collect(empty, slug, folder / f"{slug}.zip"))
            for slug in hand_in(folder, slugs, names)
        ),
        "export, csv": clock(lambda: export(full, "csv")),
        "export, canvas": clock(lambda: export(full, "canvas")),
        "analyse": clock(lambda: analyse(full)),
        "feedback, one student": clock(lambda: write_feedback(full, slugs[0]))
        / students,
        "panel, next answer": clock(lambda: [forward.click() for _ in range(50)]) / 50,
    }


def hand_in(folder: Path, slugs: list[str], names: list[str]) -> list[str]:
    """Write ten downloads as Canvas names them, every file another."""
    for slug in slugs:
        given = (course_root() / "exercises" / f"{slug}.ipynb").read_bytes()
        files = {
            f"someone_{1000 + n}_{n}_{slug}.ipynb": given.replace(
                b'"cells"', b'"of": "%s", "cells"' % name.encode(), 1
            )
            for n, name in enumerate(names)
        }
        pack(files, folder / f"{slug}.zip")
    return slugs


def clock(work: Callable[[], object]) -> float:
    """Time one piece of work in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
