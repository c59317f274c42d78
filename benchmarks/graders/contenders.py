"""The graders that are compared: how each is prepared, run, and read.

Each is run as its users run it, on two cores where it can use them: coursekit with
``--jobs``, nbval under pytest-xdist and also a process for each notebook, otter-grader
by ``otter run`` for each notebook and also by its own function in a loop, two at a
time; ``nbgrader autograde`` as one command, and also as two for half the students each.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from graders import notebooks
from graders.meter import Run, measure
from graders.quiz import QUIZ, Quiz, Submission

Marks = dict[str, dict[str, bool]]  # which questions of which student are right
CORES = 2
_ASSIGNMENT = "quiz"
_FLOOR = Path(__file__).with_name("floor.py")


@dataclass(frozen=True)
class Work:
    """What all contenders share: the quiz, the submissions, a folder."""

    quiz: Quiz
    submissions: list[Submission]
    folder: Path

    def first(self, number: int) -> list[Submission]:
        """Give the first submissions."""
        return self.submissions[:number]


@dataclass(frozen=True)
class Job:
    """One run of a contender, prepared, and how to read its marks afterwards."""

    run: Run
    read_marks: Callable[[], Marks] | None = None  # the floor judges nothing
    # Seconds of each student, where the grader says them.
    read_seconds: Callable[[], dict[str, float]] = dict


@dataclass(frozen=True)
class Contender:
    """A grader in one way of running it.

    ``numbers`` says how many submissions its runs have; a slow one is run less often.
    """

    name: str
    prepare: Callable[[Work, Path, list[Submission]], Job]
    numbers: tuple[int, ...]
    is_slow: bool = True


# coursekit


def build_quiz(work: Work) -> None:
    """Build the exercise, once for all runs."""
    shutil.copy(QUIZ, work.folder)
    command = [sys.executable, "-m", "coursekit", "build", QUIZ.name]
    _finish(command, work.folder, dict(os.environ))


def coursekit(
    name: str, numbers: tuple[int, ...], *, jobs: int, kernel: str, sandbox: str
) -> Contender:
    """Run `coursekit grade` with a fresh gradebook."""

    def prepare(work: Work, folder: Path, submissions: list[Submission]) -> Job:
        handed_in = folder / "submissions"
        notebooks.write_coursekit(work.folder / "quiz.ipynb", submissions, handed_in)
        command = [sys.executable, "-m", "coursekit", "grade"]
        command += [str(work.folder / "reference" / "quiz.ipynb"), handed_in.name]
        command += ["--gradebook", "gradebook.db", "--out", "grades.csv", "--json"]
        command += [f"--jobs={jobs}", f"--kernel={kernel}", f"--sandbox={sandbox}"]
        run = Run(commands=[command], folder=folder, environment=os.environ)
        return Job(
            run,
            lambda: _read_csv(folder / "grades.csv", work.quiz),
            lambda: _read_seconds(folder / "command-0.out"),
        )

    return Contender(name, prepare, numbers, is_slow=kernel == "jupyter")


def _read_csv(path: Path, quiz: Quiz) -> Marks:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["student"]: {q.name: float(row[q.name]) == 1 for q in quiz.questions}
            for row in csv.DictReader(file)
        }


def _read_seconds(path: Path) -> dict[str, float]:
    report = json.loads(path.read_text(encoding="utf-8"))
    return {grade["student"]: grade["seconds"] for grade in report["grades"]}


# The floor


def floor(name: str, numbers: tuple[int, ...]) -> Contender:
    """Run the same cells by `exec`, each student's in a forked child."""

    def prepare(work: Work, folder: Path, submissions: list[Submission]) -> Job:
        notebooks.write_floor(work.quiz, submissions, folder / "students.json")
        command = [sys.executable, str(_FLOOR), "students.json", str(CORES)]
        return Job(Run(commands=[command], folder=folder, environment=os.environ))

    return Contender(name, prepare, numbers, is_slow=False)


# nbval


def nbval(python: Path, numbers: tuple[int, ...], *, together: bool) -> Contender:
    """Run plain nbval, all notebooks in one pytest run or a process for each."""

    def prepare(work: Work, folder: Path, submissions: list[Submission]) -> Job:
        merged = folder / "merged"
        expected = work.quiz.expected()
        notebooks.write_nbval(work.quiz, expected, submissions, merged)
        pytest = [str(python), "-m", "pytest", "-q", "--nbval-lax"]
        pytest += ["-p", "no:cacheprovider", "-p", "no:coursekit"]
        if together:
            share = ["-n", str(CORES), "--dist", "loadfile"]
            commands = [[*pytest, *share, "--junitxml=all.xml", merged.name]]
        else:
            names = [submission.student for submission in submissions]
            commands = [
                [*pytest, f"--junitxml={n}.xml", f"{merged.name}/{n}.ipynb"]
                for n in names
            ]
        run = Run(
            commands=commands,
            folder=folder,
            environment=without_grammar(_environment(python, work), work),
            at_once=1 if together else CORES,
            accepted=(0, 1),  # 1: a test failed, and here an answer was wrong
        )
        return Job(run, lambda: _read_junit(folder, work.quiz))

    way = "one pytest run, xdist -n 2" if together else "a process each, 2 at a time"
    return Contender(f"plain nbval, {way}", prepare, numbers)


def _read_junit(folder: Path, quiz: Quiz) -> Marks:
    # Setup is cell 0; then each question has an answer and a check.
    checks = {2 * place + 2: q.name for place, q in enumerate(quiz.questions)}
    marks: Marks = {}
    for path in folder.glob("*.xml"):
        for case in ET.parse(path).iter("testcase"):  # noqa: S314 - our own
            student = case.attrib["classname"].split(".")[-2]
            cell = int(case.attrib["name"].removeprefix("Cell "))
            if cell in checks:
                marks.setdefault(student, {})[checks[cell]] = len(case) == 0
    return marks


# nbgrader


def nbgrader(python: Path, numbers: tuple[int, ...], *, commands: int) -> Contender:
    """Run `nbgrader autograde`, in so many commands at once."""

    def prepare(work: Work, folder: Path, submissions: list[Submission]) -> Job:
        released = _release(work, python)
        shutil.copytree(released, folder, dirs_exist_ok=True)
        notebooks.write_nbgrader(
            folder / "release" / _ASSIGNMENT / "quiz.ipynb",
            submissions,
            folder / "submitted",
        )
        autograde = [str(python.with_name("nbgrader")), "autograde", _ASSIGNMENT]
        halves = [["--student=*"]]
        if commands == CORES:  # students are numbered: even ones here, odd ones there
            halves = [["--student=*[02468]"], ["--student=*[13579]"]]
        run = Run(
            commands=[[*autograde, *half] for half in halves],
            folder=folder,
            environment=_environment(python, work),
            at_once=commands,
        )
        return Job(run, lambda: _read_gradebook(folder / "gradebook.db"))

    way = "one command" if commands == 1 else "two commands at once"
    return Contender(f"nbgrader autograde, {way}", prepare, numbers)


def _release(work: Work, python: Path) -> Path:
    """Generate the assignment, once for all runs."""
    course = work.folder / "nbgrader-course"
    if not course.exists():
        source = course / "source" / _ASSIGNMENT / "quiz.ipynb"
        notebooks.write_nbgrader_source(work.quiz, work.quiz.expected(), source)
        command = [str(python.with_name("nbgrader")), "generate_assignment"]
        _finish([*command, _ASSIGNMENT], course, _environment(python, work))
    return course


def _read_gradebook(path: Path) -> Marks:
    marks: Marks = {}
    with closing(sqlite3.connect(path)) as gradebook:
        for student, question, points in gradebook.execute(_GRADES):
            marks.setdefault(student, {})[question] = points == 1
    return marks


_GRADES = """
    select submitted_assignment.student_id, base_cell.name, grade.auto_score from grade
    join base_cell on base_cell.id = grade.cell_id
    join submitted_notebook on submitted_notebook.id = grade.notebook_id
    join submitted_assignment
        on submitted_assignment.id = submitted_notebook.assignment_id
"""


# otter-grader


def otter(python: Path, numbers: tuple[int, ...], *, loop: bool) -> Contender:
    """Run otter-grader without containers, by command or in a loop of its function."""

    def prepare(work: Work, folder: Path, submissions: list[Submission]) -> Job:
        environment = _environment(python, work)
        notebooks.write_otter_tests(work.quiz, work.quiz.expected(), folder / "tests")
        notebooks.write_otter(work.quiz, submissions, folder / "submissions")
        command = [str(python.with_name("otter")), "generate", "-t", "tests"]
        command += ["-o", "quiz.zip", "--no-requirements", "--no-environment"]
        _finish(command, folder, environment)
        names = [submission.student for submission in submissions]
        if loop:
            commands = [
                [str(python), "-c", _OTTER_LOOP, *names[core::CORES]]
                for core in range(CORES)
            ]
        else:
            commands = [_otter_run(python, folder, name) for name in names]
        run = Run(
            commands=commands, folder=folder, environment=environment, at_once=CORES
        )
        return Job(run, lambda: _read_otter(folder, work.quiz))

    way = "its function in a loop" if loop else "otter run"
    name = f"otter-grader, {way}, {CORES} at a time"
    return Contender(name, prepare, numbers)


def _otter_run(python: Path, folder: Path, student: str) -> list[str]:
    results = folder / "results" / student
    results.mkdir(parents=True)
    command = [str(python.with_name("otter")), "run", "-a", "quiz.zip", "--no-logo"]
    return [*command, "-o", str(results), f"submissions/{student}.ipynb"]


_OTTER_LOOP = """
import json, pathlib, sys
from otter.api import grade_submission

for student in sys.argv[1:]:
    results = grade_submission(f"submissions/{student}.ipynb", "quiz.zip", quiet=True)
    names = results.results
    tests = [{"name": name, "score": results.get_score(name)} for name in names]
    folder = pathlib.Path("results", student)
    folder.mkdir(parents=True)
    (folder / "results.json").write_text(json.dumps({"tests": tests}))
"""


def _read_otter(folder: Path, quiz: Quiz) -> Marks:
    names = {question.name for question in quiz.questions}
    marks: Marks = {}
    for path in (folder / "results").glob("*/results.json"):
        tests = json.loads(path.read_text(encoding="utf-8"))["tests"]
        marks[path.parent.name] = {
            test["name"]: test["score"] == 1 for test in tests if test["name"] in names
        }
    return marks


# What they have in common


def versions(python: Path, packages: tuple[str, ...]) -> dict[str, str]:
    """Ask an environment for the versions of Python and of packages it has."""
    code = _VERSIONS.format(packages=packages)
    said = subprocess.run(
        [str(python), "-c", code], capture_output=True, text=True, check=True
    ).stdout
    found: dict[str, str] = json.loads(said)
    return found


_VERSIONS = """
import json, platform
from importlib.metadata import PackageNotFoundError, version

found = {{"python": platform.python_version()}}
for package in {packages}:
    try:
        found[package] = version(package)
    except PackageNotFoundError:
        pass
print(json.dumps(found))
"""


def without_grammar(environment: Mapping[str, str], work: Work) -> dict[str, str]:
    """Let jsonschema believe that the package rfc3987-syntax is not installed.

    JupyterLab brings it along, and it compiles forty grammars on import: seconds of
    CPU time for each process that imports nbformat, which no grader makes use of.
    """
    folder = work.folder / "without-grammar"
    folder.mkdir(exist_ok=True)
    (folder / "rfc3987_syntax.py").write_text("raise ImportError\n", encoding="utf-8")
    return {**environment, "PYTHONPATH": str(folder)}


def grammar_seconds(python: Path, work: Work) -> float:
    """Count the CPU seconds that each process of an environment spends on grammars."""
    environment = _environment(python, work)
    command = [str(python), "-c", "import nbformat"]
    with_it, without = (
        measure(Run(commands=[command], folder=work.folder, environment=chosen))
        for chosen in (environment, without_grammar(environment, work))
    )
    return with_it.cpu_seconds - without.cpu_seconds


def _environment(python: Path, work: Work) -> Mapping[str, str]:
    """Make a user's environment for another grader: its programs, no settings."""
    own = re.compile(r"PYTHON|VIRTUAL_ENV|JUPYTER|IPYTHON|PYTEST|COURSEKIT")
    kept = {key: text for key, text in os.environ.items() if not own.match(key)}
    settings = str(work.folder / "settings")
    return {
        **kept,
        "PATH": f"{python.parent}{os.pathsep}{kept.get('PATH', '')}",
        "IPYTHONDIR": settings,
        "JUPYTER_CONFIG_DIR": settings,
    }


def _finish(command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
