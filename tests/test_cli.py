"""How commands end, what they print, and that they are quick to start."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import NoReturn

import pytest
import typer
from typer.testing import CliRunner

from coursekit.cli import app
from coursekit.cli.group import finish
from coursekit.cli.progress import Tally, progress_bar
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.grading.grade import Step
from coursekit.grading.judge import Judgement, QuestionResult
from coursekit.grading.report import SubmissionGrade
from coursekit.grading.run import Settings

RUN_CHECKS = "coursekit.grading.public.run_checks"
GRADE = "coursekit.grading.grade.grade"
HEAVY = {"IPython", "ipywidgets", "jupyterlab", "nbformat", "networkx", "pandas"}


class Verdict:
    """A report that says what it was told to."""

    lines = ()

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


def test_a_name_that_the_terminal_cannot_write_is_written_as_escapes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, "cp1252"))
    verdict = Verdict(passed=True)
    monkeypatch.setattr(verdict, "to_text", lambda: "Zoë 李")
    with pytest.raises(typer.Exit):
        finish(verdict, as_json=False)

    sys.stdout.flush()
    assert written.getvalue().decode("cp1252").split() == ["Zoë", r"\u674e"]


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
        (
            OSError(errno.ENOSPC, "No space left"),
            "coursekit: No space left; make room on the disk, and start again.\n",
        ),
        (
            OSError(errno.EROFS, "Read-only", "a.csv"),
            "coursekit: a.csv: Read-only; use a folder where you may write.\n",
        ),
        (
            FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)),
            "coursekit: The folder you are in is gone; go to another one.\n",
        ),
        (
            FileNotFoundError(errno.ENOENT, "No usable temporary directory"),
            "coursekit: No usable temporary directory\n",
        ),
        (
            ModuleNotFoundError("No pandas", name="pandas"),
            "coursekit: No pandas; `coursekit doctor` tells what helps.\n",
        ),
    ],
    ids=[
        "unknown",
        "lines",
        "system",
        "file",
        "full disk",
        "read-only",
        "folder gone",
        "no folder for drafts",
        "package",
    ],
)
def test_what_could_not_run_is_one_line_and_status_2(
    notebook: str, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    monkeypatch.setattr(RUN_CHECKS, fail_with(error))
    result = CliRunner().invoke(app, ["check", notebook])

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)


@pytest.mark.parametrize(
    "error",
    [RuntimeError("our fault"), ImportError("our fault", name="coursekit.law")],
    ids=["any", "import"],
)
def test_a_fault_of_our_own_is_shown_whole_and_is_no_finding(
    notebook: str, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(RUN_CHECKS, fail_with(error))
    result = CliRunner().invoke(app, ["check", notebook])

    assert result.exit_code == 2
    assert f"{type(error).__name__}: our fault" in result.stderr
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

    monkeypatch.setattr("coursekit.student.lab.serve", serve)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["lab", "--no-browser"])

    assert result.exit_code == 0, result.output
    assert str(tmp_path / "coursekit-course") in result.stdout
    assert "http://127.0.0.1:8888/lab?token=1 coursekit-course\n" in result.stdout


def test_lab_hands_options_on_to_jupyter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, object] = {}
    monkeypatch.setattr(
        "coursekit.student.lab.serve", lambda _folder, **options: told.update(options)
    )
    words = ["lab", str(tmp_path / "mine"), "--", "--ServerApp.ip=0.0.0.0"]
    result = CliRunner().invoke(app, words)

    assert result.exit_code == 0, result.output
    assert told["options"] == ["--ServerApp.ip=0.0.0.0"]


def test_lab_takes_no_option_for_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["lab", "--", "--ServerApp.ip=0.0.0.0"])

    assert result.exit_code == 2
    assert "lab coursekit-course -- --ServerApp.ip=0.0.0.0" in result.stderr
    assert not list(tmp_path.iterdir())


def test_checks_are_told_though_they_cannot_be_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".coursekit").mkdir()
    (tmp_path / ".coursekit/manifest.json").write_text("{}")
    (tmp_path / "lesson.ipynb").write_text("{}")
    full = OSError(errno.ENOSPC, "No space left")
    monkeypatch.setattr(RUN_CHECKS, lambda _path: Verdict(passed=True))
    monkeypatch.setattr("coursekit.student.progress.write_whole", fail_with(full))
    result = CliRunner().invoke(app, ["check", str(tmp_path / "lesson.ipynb")])

    assert (result.exit_code, result.stdout) == (0, "the report\n")
    assert "The home page will not show it: No space left; make" in result.stderr


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


class Grading:
    """Grades nothing, and keeps what it was asked."""

    def __init__(self, *steps: Step, error: BaseException | None = None) -> None:
        self.steps = steps
        self.error = error
        self.asked: dict[str, object] = {}

    def __call__(self, *place: object, progress: Tally, **options: object) -> Verdict:
        self.asked = {"place": place, **options}
        for step in self.steps:
            progress(step)
        if self.error:
            raise self.error
        return Verdict(passed=True)


def make_step(done: int, *, kept: int = 0, total: int = 4) -> Step:
    """Two questions judged, and one that people mark."""
    questions = (
        QuestionResult("shares", Judgement.CORRECT, 2, 2),
        QuestionResult("double", Judgement.TIMED_OUT, 0, 3),
        QuestionResult("why", None, None, 4, awaiting_review=True),
    )
    return Step(done, total, kept, SubmissionGrade("ada", "ada.ipynb", questions))


def test_grade_hands_on_what_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grading = Grading()
    monkeypatch.setattr(GRADE, grading)
    words = [
        "--gradebook",
        "sqlite:///g.db",
        "--out",
        "g.csv",
        "--scheduler",
        "tcp://a",
    ]
    words += ["--jobs", "2", "--kernel", "jupyter", "--sandbox", "off", "--rejudge"]
    result = CliRunner().invoke(app, ["grade", "tiny", str(tmp_path), *words])

    assert result.exit_code == 0, result.output
    assert grading.asked == {
        "place": ("tiny", tmp_path),
        "gradebook": "sqlite:///g.db",
        "out": Path("g.csv"),
        "settings": Settings(kernel="jupyter", sandbox="off"),
        "jobs": 2,
        "scheduler": "tcp://a",
        "rejudge": True,
    }


def test_grade_keeps_a_gradebook_and_writes_a_table_only_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grading = Grading()
    monkeypatch.setattr(GRADE, grading)
    CliRunner().invoke(app, ["grade", "tiny", str(tmp_path)])

    assert grading.asked == {
        "place": ("tiny", tmp_path),
        "gradebook": "gradebook.db",
        "out": None,
        "settings": Settings(),
        "jobs": None,
        "scheduler": "",
        "rejudge": False,
    }


def test_grade_says_at_the_end_how_quick_it_was_and_what_was_there_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GRADE, Grading(make_step(4, kept=3)))
    result = CliRunner().invoke(app, ["grade", "tiny", str(tmp_path), "--json"])

    assert json.loads(result.stdout) == {"passed": True}
    assert result.stderr.startswith("Graded 1 submission in ")
    assert result.stderr.endswith(" a minute; the gradebook had 3.\n")


def test_grading_that_is_stopped_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GRADE, Grading(error=KeyboardInterrupt()))
    result = CliRunner().invoke(app, ["grade", "tiny", str(tmp_path)])

    assert (result.exit_code, result.stdout) == (130, "")
    assert "the same command goes on" in result.stderr


@pytest.mark.parametrize(
    "words",
    [["--jobs", "0"], ["--kernel", "cold"], ["--sandbox", "maybe"]],
    ids=["no jobs", "kernel", "sandbox"],
)
def test_grade_refuses_what_it_does_not_know(tmp_path: Path, words: list[str]) -> None:
    result = CliRunner().invoke(app, ["grade", "tiny", str(tmp_path), *words])

    assert result.exit_code == 2
    assert f"Invalid value for '{words[0]}'" in result.stderr.replace("'-j' / ", "")


def test_grading_on_a_cluster_says_what_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coursekit.cli.group.find_spec", lambda _name: None)
    words = ["grade", "tiny", str(tmp_path), "--scheduler", "tcp://127.0.0.1:8786"]
    result = CliRunner().invoke(app, words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "needs distributed" in result.stderr
    assert "uv run --extra cluster coursekit" in result.stderr


def test_tally_counts_judgements_and_leaves_out_what_was_in_the_gradebook() -> None:
    told: list[tuple[int, int, str]] = []
    tally = Tally(lambda *step: told.append(step))
    tally(Step(0, 4, 0, None))
    tally(make_step(1, kept=1))
    tally(make_step(2, kept=1))

    assert [step[:2] for step in told] == [(0, 4), (0, 3), (1, 3)]
    assert told[0][2] == ""
    assert told[2][2].endswith(
        " a minute; 2 correct, 2 timed out, 2 awaiting review; the gradebook had 1"
    )


def test_a_log_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr("sys.stderr", log)
    with progress_bar("Testing", every=0) as progress:
        progress(1, 2, "the second")

    assert log.getvalue() == "Testing: 1 of 2; the second\n"


def test_quick_work_writes_nothing_to_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr("sys.stderr", log)
    with progress_bar("Testing") as progress:
        progress(1, 2, "the second")

    assert log.getvalue() == ""


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
        time.sleep(0.5)  # the bar is drawn some times a second

    assert "Testing" in terminal.getvalue()
    assert "50%" in terminal.getvalue()
    assert "the second" in terminal.getvalue()


def test_quick_work_shows_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watch(monkeypatch)
    with progress_bar("Testing", after=3600) as progress:
        progress(1, 2, "the second")

    assert terminal.getvalue() == ""
