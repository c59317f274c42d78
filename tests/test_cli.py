"""How commands end, what they print, and that they are quick to start."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import NoReturn

import pytest
from typer.testing import CliRunner

from coursekit.cli import app
from coursekit.cli.progress import progress_bar
from coursekit.errors import CoursekitError, UnknownNameError

RUN_CHECKS = "coursekit.grading.public.run_checks"
HEAVY = {"IPython", "ipywidgets", "jupyterlab", "nbformat", "networkx", "pandas"}


class Verdict:
    """A report that says what it was told to."""

    def __init__(self, *, passed: bool) -> None:
        self.passed = passed

    def to_text(self) -> str:
        return "the report"

    def to_json(self) -> str:
        return json.dumps({"passed": self.passed})


@pytest.fixture
def notebook(tmp_path: Path) -> str:
    (tmp_path / "lesson.ipynb").write_text("{}")
    return str(tmp_path / "lesson.ipynb")


def fail_with(error: BaseException) -> object:
    def fail(*_arguments: object, **_options: object) -> NoReturn:
        raise error

    return fail


@pytest.mark.parametrize(
    ("verdict", "status"),
    [(Verdict(passed=True), 0), (Verdict(passed=False), 1)],
    ids=["well", "faults"],
)
def test_the_exit_status_says_whether_faults_were_found(
    notebook: str, monkeypatch: pytest.MonkeyPatch, verdict: Verdict, status: int
) -> None:
    monkeypatch.setattr(RUN_CHECKS, lambda _path: verdict)
    result = CliRunner().invoke(app, ["check", notebook])

    assert (result.exit_code, result.stdout) == (status, "the report\n")


def test_json_is_all_that_another_program_reads(
    notebook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RUN_CHECKS, lambda _path: Verdict(passed=True))
    result = CliRunner().invoke(app, ["check", notebook, "--json"])

    assert json.loads(result.stdout) == {"passed": True}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            UnknownNameError("exercise", "3", ["1", "2"]),
            "coursekit: There is no exercise named '3'. There is: 1, 2.\n",
        ),
        (CoursekitError("two\nlines"), "coursekit: two lines\n"),
        (PermissionError("no way in"), "coursekit: no way in\n"),
        (
            FileNotFoundError(2, "No such file", "a.csv"),
            "coursekit: a.csv: No such file\n",
        ),
    ],
    ids=["unknown", "lines", "system", "file"],
)
def test_what_could_not_run_is_one_line_and_status_2(
    notebook: str, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    monkeypatch.setattr(RUN_CHECKS, fail_with(error))
    result = CliRunner().invoke(app, ["check", notebook])

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)


def test_a_fault_of_our_own_is_shown_whole_and_is_no_finding(
    notebook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RUN_CHECKS, fail_with(RuntimeError("our fault")))
    result = CliRunner().invoke(app, ["check", notebook])

    assert result.exit_code == 2
    assert "RuntimeError: our fault" in result.stderr
    assert "a fault of coursekit itself" in result.stderr


@pytest.mark.parametrize(
    "words",
    [["check", "none.ipynb"], ["grade", "01"], ["lab", "--port", "high"], ["teach"]],
    ids=["missing file", "missing argument", "no number", "no command"],
)
def test_a_wrong_use_is_status_2(words: list[str]) -> None:
    assert CliRunner().invoke(app, words).exit_code == 2


@pytest.mark.parametrize("command", ["build", "selftest"])
def test_a_command_for_authors_says_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr("coursekit.cli.group.find_spec", lambda _name: None)
    result = CliRunner().invoke(app, [command])

    assert (result.exit_code, result.stdout) == (2, "")
    assert "uv run --extra authors coursekit" in result.stderr
    assert result.stderr.count("\n") == 1


def test_lab_says_where_the_copy_is_and_serves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def serve(folder: Path, **options: object) -> None:
        options["announce"](f"http://127.0.0.1:8888/lab?token=1 {folder.name}")

    monkeypatch.setattr("coursekit.lab.serve", serve)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["lab", "--no-browser"])

    assert result.exit_code == 0, result.output
    assert str(tmp_path / "coursekit-course") in result.stdout
    assert "http://127.0.0.1:8888/lab?token=1 coursekit-course\n" in result.stdout


def test_lab_refuses_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    result = CliRunner().invoke(app, ["lab", str(tmp_path / "notes")])

    assert result.exit_code == 2
    assert result.stderr.startswith("coursekit: ")
    assert result.stderr.count("\n") == 1


def test_the_commands_start_without_what_they_do_not_need() -> None:
    code = "import sys, coursekit.cli; print(*{name for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert not HEAVY & set(done.stdout.split())


def test_the_version_is_printed() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())
    said = CliRunner().invoke(app, ["--version"]).stdout.strip()

    assert said == project["project"]["version"]


def test_no_progress_is_shown_to_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with progress_bar("Testing", after=0) as progress:
        pass

    assert progress is None


def watch(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Let a person watch stderr; a fixture could not, as pytest changes it later."""
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    return terminal


def test_progress_on_long_work_is_shown_to_a_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = watch(monkeypatch)
    with progress_bar("Testing", after=0) as progress:
        progress(1, 2, "the second")
        time.sleep(0.5)  # the bar is drawn ten times a second

    assert "Testing the second" in terminal.getvalue()


def test_quick_work_shows_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watch(monkeypatch)
    with progress_bar("Testing", after=3600) as progress:
        progress(1, 2, "the second")

    assert "Testing" not in terminal.getvalue()
