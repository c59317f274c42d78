"""Measure coursekit's grader against nbval, nbgrader, otter-grader and the floor.

Run it with ``uv run --group dev python benchmarks/grading.py``; README.md beside it
says how to make the environments of the others, and what is measured.  It exits with 1
if a goal is missed, and stops if a grader gives a mark that it should not.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from graders import contenders as made
from graders.contenders import Contender, Work
from graders.meter import Measured, adopt_orphans, measure
from graders.quiz import Submission, make_submissions, read_quiz
from graders.results import (
    FEW,
    FLOOR,
    JUPYTER,
    MANY,
    ONE_JOB,
    OPEN,
    WALLED,
    Case,
    Report,
    write_between,
)

README = Path(__file__).with_name("README.md")
FEWEST = 4  # submissions, where only the memory of a slow grader is measured
SAME = ("python", "numpy", "pandas", "plotly")  # of one version in all environments
SHOWN = (*SAME[1:], "ipykernel", "nbval", "nbgrader", "otter-grader")
BURN = """\
import time
until = time.process_time() + 5
while time.process_time() < until:
    pass
"""


def list_contenders(asked: argparse.Namespace) -> Iterator[Contender]:
    """List what is to be measured, in the order of the table."""
    numbers = (FEW,) if asked.quick else (FEW, MANY)
    slow = numbers if asked.long else (FEW,)
    for name, sandbox in ((WALLED, "required"), (OPEN, "off")):
        kind = {"kernel": "warm", "sandbox": sandbox}
        yield made.coursekit(name, numbers, jobs=2, **kind)
        yield made.coursekit(name + ONE_JOB, (FEW,), jobs=1, **kind)
    yield made.coursekit(JUPYTER, slow, jobs=2, kernel="jupyter", sandbox="off")
    yield made.floor(FLOOR, numbers)
    yield made.nbval(asked.nbval, slow, together=True)
    if not asked.quick:
        yield made.nbval(asked.nbval, slow, together=False)
    if asked.nbgrader:
        yield made.nbgrader(asked.nbgrader, slow, commands=2)
        if not asked.quick:
            yield made.nbgrader(asked.nbgrader, slow, commands=1)
    if asked.otter:
        yield made.otter(asked.otter, slow, loop=True)
        if not asked.quick:
            yield made.otter(asked.otter, slow, loop=False)


def measure_all(
    contenders: list[Contender], work: Work, asked: argparse.Namespace
) -> list[Case]:
    """Measure all in turn, forwards and backwards, round after round.

    Before that each is run once for its memory, which also warms the disk and compiles
    what is not compiled yet.
    """
    pairs = [(c, Case(c.name, number)) for c in contenders for number in c.numbers]
    for contender, case in pairs:
        if case.name.endswith(ONE_JOB) or (asked.quick and contender.is_slow):
            continue
        number = FEWEST if contender.is_slow else case.number
        measured, _ = run_once(contender, work, work.submissions[:number], memory=True)
        case.peak_bytes = measured.peak_bytes
    for turn in range(asked.rounds):
        for contender, case in pairs if turn % 2 == 0 else reversed(pairs):
            if turn < asked.slow_rounds or not contender.is_slow:
                handed_in = work.submissions[: case.number]
                measured, seconds = run_once(contender, work, handed_in)
                case.wall_seconds.append(measured.wall_seconds)
                case.cpu_seconds.append(measured.cpu_seconds)
                case.student_seconds.append(seconds)
    return [case for _, case in pairs]


def run_once(
    contender: Contender,
    work: Work,
    submissions: list[Submission],
    *,
    memory: bool = False,
) -> tuple[Measured, dict[str, float]]:
    """Run a contender in a fresh folder, and check every mark that it gives."""
    with tempfile.TemporaryDirectory(dir=work.folder) as folder:
        job = contender.prepare(work, Path(folder), submissions)
        measured = measure(job.run, memory=memory)
        if job.read_marks is not None:
            check_marks(contender.name, job.read_marks(), submissions)
        seconds = job.read_seconds()
    said = f"{measured.wall_seconds:6.1f} s, {measured.cpu_seconds:6.1f} s of CPU"
    why = ", for memory" if memory else ""
    say(f"{contender.name}, {len(submissions)}: {said}{why}")
    return measured, seconds


def check_marks(grader: str, marks: made.Marks, submissions: list[Submission]) -> None:
    """Refuse to compare graders that judge differently."""
    due = {each.student: dict(each.marks) for each in submissions}
    wrong = [
        f"{student}, {question}: {marks.get(student, {}).get(question)}"
        for student, questions in due.items()
        for question, is_right in questions.items()
        if marks.get(student, {}).get(question) is not is_right
    ]
    if wrong or marks.keys() != due.keys():
        raise SystemExit(f"{grader} gives other marks: {'; '.join(wrong[:10])}")


def check_meter(contender: Contender, work: Work) -> str:
    """Grade a student who burns a known CPU time, and say what of it was counted."""
    quiet = work.submissions[0]
    name, answer = next(iter(quiet.answers.items()))
    loud = replace(quiet, answers={**quiet.answers, name: BURN + answer})
    taken = [
        run_once(contender, work, [submission])[0].cpu_seconds
        for submission in (quiet, loud)
    ]
    return f"of 5 CPU seconds that a student burns it counts {taken[1] - taken[0]:.2f}"


def describe(asked: argparse.Namespace, work: Work) -> dict[str, str]:
    """Name the conditions; refuse environments that could not be compared."""
    pythons = {"coursekit": Path(sys.executable), "nbval": asked.nbval}
    pythons |= {"nbgrader": asked.nbgrader, "otter-grader": asked.otter}
    described = {"machine": f"{os.cpu_count()} cores"}
    own = made.versions(pythons["coursekit"], SHOWN)
    for grader, python in pythons.items():
        if python is None:
            described[grader] = "not installed, so not measured"
            continue
        found = made.versions(python, SHOWN)
        differing = [name for name in SAME if found.get(name) != own[name]]
        if differing:
            has, wants = ({n: v.get(n) for n in differing} for v in (found, own))
            raise SystemExit(f"{python} has {has}, and coursekit {wants}.")
        described[grader] = ", ".join(f"{n} {v}" for n, v in found.items())
    if asked.nbgrader:
        seconds = made.grammar_seconds(asked.nbgrader, work)
        described["nbgrader"] += (
            f"; {seconds:.1f} CPU s of each command are the import of rfc3987-syntax, "
            "which comes with JupyterLab"
        )
    return described


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    print(text, file=sys.stderr, flush=True)


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for grader in ("nbval", "nbgrader", "otter"):
        parser.add_argument(
            f"--{grader}",
            type=_python_of,
            metavar="FOLDER",
            default=Path(sys.executable) if grader == "nbval" else None,
            help=f"environment that has {grader}",
        )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--slow-rounds", type=int, default=1, help="rounds of the slow graders"
    )
    parser.add_argument("--quick", action="store_true", help=f"{FEW} only, one round")
    parser.add_argument("--long", action="store_true", help=f"the slow at {MANY} too")
    parser.add_argument("--only", type=re.compile, default="", help="names that match")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--write", action="store_true", help="write into README.md")
    asked = parser.parse_args()
    if asked.quick:
        asked.rounds = 1
    return asked


def _python_of(folder: str) -> Path:
    python = Path(folder).absolute() / "bin" / "python"
    if not python.exists():
        raise argparse.ArgumentTypeError(f"{folder} is no environment of Python")
    return python


def main() -> int:
    """Measure, print, and say by the exit status whether every goal is met."""
    asked = read_arguments()
    adopt_orphans()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="grading-") as folder:
        quiz = read_quiz()
        work = Work(quiz, make_submissions(quiz, MANY), Path(folder))
        made.build_quiz(work)
        conditions = describe(asked, work)
        contenders = [
            c for c in list_contenders(asked) if re.search(asked.only, c.name)
        ]
        if not asked.only:
            conditions["meter"] = check_meter(contenders[0], work)
        cases = measure_all(contenders, work, asked)
    minutes = (time.monotonic() - began) / 60
    rounds = f"{asked.rounds} rounds, {asked.slow_rounds} of slow graders"
    conditions["run"] = f"{rounds}, {minutes:.0f} minutes"
    report = Report(cases, conditions)
    print(report.to_markdown())
    if asked.json:
        asked.json.write_text(report.to_json(), encoding="utf-8")
    if asked.write:
        write_between(README, report.to_markdown())
    return 0 if all(goal.is_met for goal in report.goals()) else 1


if __name__ == "__main__":
    sys.exit(main())
