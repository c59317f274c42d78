"""Time and weigh the grading of 10,000 submissions, all of it but running them.

Run it with ``uv run --group dev python benchmarks/scale.py``; ``--json`` prints the
same for programs. Submissions are read, merged, scheduled, judged and recorded as ever;
a stand-in takes the place of the process that runs students' code, and gives back at
once right and wrong values from the exercise. So the figures are those of the one
process that cannot be spread over machines. It exits with 1 if a limit is missed.
"""

from __future__ import annotations

import argparse
import copy
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from coursekit.course import course_root
from coursekit.exercise.answers import MIME
from coursekit.grading import schedule
from coursekit.grading.grade import Step, grade
from coursekit.grading.run import CellRecord, Run, Settings

EXERCISE = "02_who_may_invite"
TEXT = "The invitation stands or falls with the one who gives it, and so on. " * 20
WRONG = 3  # every third answer is wrong, in each submission another one
MOST_MEMORY = 20.0  # KiB that a further submission may take; its report has about 10
MOST_COST = 1.5  # times that a submission may cost late what it cost early
Cell = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """How far a run was, what it had cost, and what it then held."""

    run: str
    submissions: int
    seconds: float
    cpu_seconds: float
    memory_mib: float
    gradebook_mib: float

    def __str__(self) -> str:
        each = 1000 / self.submissions
        return (
            f"{self.run:<7} {self.submissions:>11,} {self.seconds:>8.1f} "
            f"{each * self.seconds:>8.1f} {each * self.cpu_seconds:>8.1f} "
            f"{self.memory_mib:>8.0f} {self.gradebook_mib:>9.1f}"
        )


HEADER = "run     submissions  seconds  ms each  CPU each  mem MiB  book MiB"


class StandIn:
    """Takes the place of a `Runner`; it answers at once, right or wrong."""

    def __init__(self, answers: Mapping[str, tuple[str, str]]) -> None:
        self.answers = answers

    def run(self, notebook: Mapping[str, Any]) -> Run:
        """Give a record for each code cell, as a run of the notebook would."""
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        student = sum(len(cell["source"]) for cell in code)
        return Run(
            {
                cell["id"]: self._record(cell["id"], student + number)
                for number, cell in enumerate(code)
            },
            seconds=0.5,
            kernel="a stand-in",
            walls="none: nothing ran",
        )

    def _record(self, cell_id: str, number: int) -> CellRecord:
        right, wrong = self.answers.get(cell_id, ("", ""))
        answer = right if number % WRONG else wrong
        shipped = (answer,) if answer else ()
        return CellRecord(cell_id, "ok", seconds=0.01, answers=shipped)

    def close(self) -> None:
        """Do nothing; there is no process."""

    kill = close


def read_notebook(*parts: str) -> dict[str, Any]:
    """Read a notebook of the course."""
    path = course_root().joinpath("exercises", *parts)
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def read_answers(reference: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Give for each check cell what a right and a wrong submission ship."""
    answers = {}
    for cell in reference["cells"]:
        data = [output.get("data", {}) for output in cell.get("outputs", [])]
        shipped = [shown[MIME] for shown in data if MIME in shown]
        attempts = cell["metadata"].get("coursekit", {}).get("attempts")
        if attempts:
            wrong = {**shipped[0], "value": attempts[0]["value"]}
            answers[cell["id"]] = (json.dumps(shipped[0]), json.dumps(wrong))
    return answers


def write_submissions(folder: Path, count: int, reference: Mapping[str, Any]) -> None:
    """Write what ``count`` students handed in."""
    solved = {cell["id"]: cell for cell in reference["cells"]}
    notebook = read_notebook(f"{EXERCISE}.ipynb")
    answers = [c for c in notebook["cells"] if "answer" in tags_of(c)]
    for cell in answers:
        cell["source"] = copy.deepcopy(solved[cell["id"]]["source"])
    for cell in notebook["cells"]:
        if "written" in tags_of(cell):
            cell["source"] = TEXT
    first = answers[0]["source"]
    for number in range(count):
        answers[0]["source"] = [*first, f"\n# {'x' * (number % 97)} student {number}"]
        path = folder / f"student_{number:05}.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")


def tags_of(cell: Cell) -> list[str]:
    """Give the tags of a cell."""
    tags: list[str] = cell["metadata"].get("tags", [])
    return tags


def watch(
    run: str, gradebook: Path, at: set[int]
) -> tuple[list[Figure], Callable[[Step], None]]:
    """Make a list that fills with figures as grading comes by certain numbers."""
    process = psutil.Process()
    figures: list[Figure] = []
    began, cpu = time.perf_counter(), time.process_time()

    def look(step: Step) -> None:
        if step.done in at and step.grade is not None:
            files = gradebook.parent.glob(f"{gradebook.name}*")
            figures.append(
                Figure(
                    run=run,
                    submissions=step.done,
                    seconds=time.perf_counter() - began,
                    cpu_seconds=time.process_time() - cpu,
                    memory_mib=process.memory_info().rss / 2**20,
                    gradebook_mib=sum(f.stat().st_size for f in files) / 2**20,
                )
            )

    return figures, look


def measure(count: int) -> list[Figure]:
    """Grade ``count`` submissions, then once more with all of them in the gradebook."""
    reference = read_notebook("reference", f"{EXERCISE}.ipynb")
    answers = read_answers(reference)
    schedule.Runner = lambda _settings: StandIn(answers)  # type: ignore[assignment,misc] - the stand-in
    at = {number for number in (100, 1000, 10_000) if number < count} | {count}
    with tempfile.TemporaryDirectory() as name:
        folder, gradebook = Path(name, "submissions"), Path(name, "gradebook.db")
        folder.mkdir()
        write_submissions(folder, count, reference)
        first, look = watch("first", gradebook, at)
        options: Any = {"gradebook": gradebook, "settings": Settings(sandbox="off")}
        grade(EXERCISE, folder, progress=look, **options)
        again, look = watch("again", gradebook, {count})
        grade(EXERCISE, folder, progress=look, **options)
    return [*first, *again]


def judge(figures: list[Figure]) -> dict[str, tuple[float, float]]:
    """Compare what a submission costs early and late, each with its limit."""
    *_, early, middle, late = [figure for figure in figures if figure.run == "first"]
    memory = 1024 * slope(middle, late, "memory_mib")
    cost = slope(middle, late, "cpu_seconds") / slope(early, middle, "cpu_seconds")
    return {
        "CPU of a late submission / of an early one": (cost, MOST_COST),
        "KiB that a further submission takes": (memory, MOST_MEMORY),
    }


def slope(before: Figure, after: Figure, name: str) -> float:
    """Say how much of something each submission between two figures took."""
    more = getattr(after, name) - getattr(before, name)
    return more / (after.submissions - before.submissions)


def main() -> int:
    """Measure, print, and say by the exit status whether every limit is kept."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=10_000, metavar="NUMBER")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    if asked.submissions < 1001:
        parser.error("growth is measured from 1,000 submissions on; ask for more")
    figures = measure(asked.submissions)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    limits = judge(figures)
    if asked.json:
        content = {"figures": [asdict(f) for f in figures], "peak_mib": peak}
        print(json.dumps({**content, "limits": limits}, indent=2))
    else:
        print(HEADER, *figures, sep="\n")
        print(f"peak memory: {peak:.0f} MiB")
        for name, (value, limit) in limits.items():
            missed = "" if value <= limit else "  MISSED"
            print(f"{name}: {value:.2f} (limit {limit}){missed}")
    return 0 if all(value <= limit for value, limit in limits.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
