"""What was measured: medians, ratios, goals, as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Literal

WALLED = "coursekit, warm, walled"
OPEN = "coursekit, warm, no walls"
JUPYTER = "coursekit, Jupyter kernels"
FLOOR = "floor: exec in a forked child"
NBVAL = "plain nbval, a process each"
ONE_JOB = ", 1 job"
NBGRADER = "nbgrader autograde, one command"
OTTER = "otter-grader, otter run, 2 at a time"
FEW, MANY = 20, 60  # submissions

_BEGIN, _END = "<!-- grading: begin -->\n", "<!-- grading: end -->\n"


@dataclass
class Case:
    """One contender with one number of submissions, and what its runs took.

    ``student_seconds`` are those that coursekit itself reports, by student and run.
    """

    name: str
    number: int
    wall_seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    peak_bytes: int | None = None
    student_seconds: list[dict[str, float]] = field(default_factory=list)

    @property
    def wall(self) -> float:
        """Median of the wall seconds of a run."""
        return median(self.wall_seconds)

    @property
    def cpu(self) -> float:
        """Median of the CPU seconds of a run."""
        return median(self.cpu_seconds)


@dataclass(frozen=True)
class Goal:
    """A goal of the project and the figures it is held against; the first decides."""

    text: str
    side: Literal["at least", "at most"]
    limit: float
    unit: str
    figures: dict[str, float]

    @property
    def is_met(self) -> bool:
        """Tell whether the first figure keeps the limit."""
        figure = next(iter(self.figures.values()))
        above = figure >= self.limit
        return above if self.side == "at least" else not above

    def row(self) -> str:
        """Write a row of the table."""
        limit = f"{self.side} {self.limit:g} {self.unit}"
        said = "; ".join(f"{n:.2f} {label}" for label, n in self.figures.items())
        return _row(self.text, limit, "met" if self.is_met else "**not met**", said)


@dataclass
class Report:
    """All that was measured in one run of the benchmark."""

    cases: list[Case]
    conditions: dict[str, str]

    def find(self, name: str, number: int) -> Case | None:
        """Find a case that was measured."""
        found = [c for c in self.cases if (c.name, c.number) == (name, number)]
        return found[0] if found else None

    def goals(self) -> list[Goal]:
        """Hold the figures against the goals; those not measured are left out."""
        nbgrader = self._of(as_usual=NBGRADER, at_its_quickest="nbgrader")
        otter = self._of(as_usual=OTTER, at_its_quickest="otter")
        nbval = self._of(at_its_quickest="plain nbval", a_process_each=NBVAL)
        goals = [
            Goal("throughput: nbgrader", "at least", 15, "times", nbgrader),
            Goal("throughput: otter-grader", "at least", 15, "times", otter),
            Goal("throughput: plain nbval", "at least", 8, "times", nbval),
            Goal("CPU: the floor", "at most", 1.5, "times", self._of_floor()),
            Goal("the walls, each", "at most", 10, "ms", self._of_walls()),
            Goal(f"memory: {FEW}", "at most", 1.05, "times", self._of_memory()),
        ]
        return [goal for goal in goals if goal.figures]

    def to_json(self) -> str:
        """Write every figure, and the conditions under which it was measured."""
        content = {
            "conditions": self.conditions,
            "cases": [asdict(case) for case in self.cases],
            "goals": [asdict(goal) | {"met": goal.is_met} for goal in self.goals()],
        }
        return json.dumps(content, indent=1)

    def to_markdown(self) -> str:
        """Write the conditions and the tables."""
        head = (
            "grader",
            "submissions",
            "wall s each",
            "CPU s each",
            "peak MiB",
            "times the walled",
        )
        return "\n".join(
            [
                *(f"- {name}: {text}" for name, text in self.conditions.items()),
                "",
                _row(*head),
                "|---|--:|--:|--:|--:|--:|",
                *self._rows(),
                "",
                _row("goal", "limit", "", "figures"),
                "|---|--:|---|---|",
                *(goal.row() for goal in self.goals()),
                "",
            ]
        )

    def _rows(self) -> Iterator[str]:
        for case in self.cases:
            each = (case.wall / case.number, case.cpu / case.number)
            ours = self.find(WALLED, case.number)
            times = f"{case.wall / ours.wall:.2f}" if ours else ""
            peak = f"{case.peak_bytes / 2**20:.0f}" if case.peak_bytes else ""
            yield _figures(case.name, f"{case.number}", each, peak, times)
        ours_beyond = self._beyond(WALLED)
        for name in dict.fromkeys(case.name for case in self.cases):
            beyond = self._beyond(name)
            if beyond and ours_beyond:
                times = f"{beyond[0] / ours_beyond[0]:.2f}"
                yield _figures(name, f"{FEW + 1} to {MANY}", beyond, "", times)

    def _beyond(self, name: str) -> tuple[float, float] | None:
        """Say what a submission takes once all is started: wall and CPU seconds."""
        few, many = self.find(name, FEW), self.find(name, MANY)
        if few is None or many is None:
            return None
        more = MANY - FEW
        return (many.wall - few.wall) / more, (many.cpu - few.cpu) / more

    def _of(self, **ways: str) -> dict[str, float]:
        """Compare with a grader in several ways, by the beginning of their names.

        Beside that stands what the floor would reach, which no grader can pass.
        """
        figures = {}
        for way, beginning in ways.items():
            names = {c.name for c in self.cases if c.name.startswith(beginning)}
            said = way.replace("_", " ")
            for number in (FEW, MANY):
                ours, floor = self.find(WALLED, number), self.find(FLOOR, number)
                theirs = [c.wall for name in names if (c := self.find(name, number))]
                if ours and floor and theirs:
                    figures[f"at {number} {said}"] = min(theirs) / ours.wall
                    figures[f"by the floor at {number} {said}"] = (
                        min(theirs) / floor.wall
                    )
            beyond = [pair[0] for name in names if (pair := self._beyond(name))]
            ours_beyond = self._beyond(WALLED)
            if beyond and ours_beyond:
                figures[f"beyond {FEW} {said}"] = min(beyond) / ours_beyond[0]
        return figures

    def _of_floor(self) -> dict[str, float]:
        figures = {}
        ours_beyond, beyond = self._beyond(WALLED), self._beyond(FLOOR)
        if ours_beyond and beyond:
            figures[f"beyond the first {FEW}"] = ours_beyond[1] / beyond[1]
        for number in (MANY, FEW):
            ours, floor = self.find(WALLED, number), self.find(FLOOR, number)
            if ours and floor:
                figures[f"at {number}, with the start"] = ours.cpu / floor.cpu
        return figures

    def _of_walls(self) -> dict[str, float]:
        walled, open_ = self.find(WALLED + ONE_JOB, FEW), self.find(OPEN + ONE_JOB, FEW)
        if not walled or not open_:
            return {}
        # The same student in the same round, with walls and without.
        pairs = zip(walled.student_seconds, open_.student_seconds, strict=True)
        more = [a[student] - b[student] for a, b in pairs for student in a]
        return {
            "each by itself": 1000 * median(more),
            f"at {FEW} with their start": 1000 * (walled.wall - open_.wall) / FEW,
            "of CPU": 1000 * (walled.cpu - open_.cpu) / FEW,
        }

    def _of_memory(self) -> dict[str, float]:
        few, many = self.find(WALLED, FEW), self.find(WALLED, MANY)
        if not few or not many or not few.peak_bytes or not many.peak_bytes:
            return {}
        return {"of the peak": many.peak_bytes / few.peak_bytes}


def write_between(path: Path, text: str) -> None:
    """Write a text between the two markers of a file, in place of what is there."""
    before, _, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    path.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}", encoding="utf-8")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _figures(
    name: str, number: str, each: tuple[float, float], peak: str, times: str
) -> str:
    return _row(name, number, f"{each[0]:.3f}", f"{each[1]:.3f}", peak, times)
