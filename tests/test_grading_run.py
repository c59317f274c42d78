"""The whole way through real kernels: one folder of submissions, graded once."""

import contextlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from coursekit.errors import CoursekitError
from coursekit.grading.grade import grade
from coursekit.grading.merge import merge
from coursekit.grading.outcome import DIED
from coursekit.grading.run import Runner, Settings
from coursekit.grading.walls.limits import Limits
from grading_notebooks import (
    find,
    make_cell,
    make_frame,
    make_reference,
    make_solved,
    make_student,
    place_of,
    read,
    write,
)

ALWAYS_EQUAL = """
class Equal(list):
    def __eq__(self, other):
        return True
shares = Equal([0, 0])
"""
FORGED = """
from IPython.display import display
shares = [0, 0]
right = {"check": "shares", "value": {"kind": "list", "items": [0.25, 0.75]}}
display({"application/vnd.coursekit.answer+json": right}, raw=True)
"""
FORGED_MARKS = """
import coursekit.exercise.check
mark = {"kind": "number"}
forged = {"kind": "list", "items": [mark, mark]}
coursekit.exercise.check.to_plain = lambda value: forged
shares = 0
"""
LOUD = """
from IPython.display import HTML, display
print("a" * 2_000_000)
display(HTML("<a " * 500_000))
display(HTML("<table>" + "<td colspan=999 rowspan=999>" * 99_999))
shares = [0.25, 0.75]
"""
PLANTS = """
import os, pathlib
startup = pathlib.Path(os.environ["IPYTHONDIR"], "profile_default", "startup")
startup.mkdir(parents=True, exist_ok=True)
(startup / "00.py").write_text("import os; os._exit(1)")
shares = [0.25, 0.75]
"""
WRITES = """
import os
pipes = f"/proc/{os.getppid()}/fd"
for name in os.listdir(pipes):
    if "pipe:" in os.readlink(f"{pipes}/{name}"):
        os.write(os.open(f"{pipes}/{name}", os.O_WRONLY), b'no JSON\\n')
"""
NOISY = """
# NBVAL_SKIP
import sys, warnings
print("NBVAL_IGNORE_OUTPUT")
warnings.warn("noise")
shares = [0.25, 0.75]
def double(n):
    print("noise", file=sys.stderr)
    return 2 * n
"""
ALONE = "import os\nshares = [0.25, 0.75] if os.listdir() == [] else os.listdir()"


def solve_with(source, cell_id="tiny-02"):
    notebook = make_solved()
    find(notebook, cell_id)["source"] = source
    return notebook


def make_tampered():
    notebook = solve_with("shares = [0, 0]")
    find(notebook, "tiny-03")["source"] = 'check("shares", [0.25, 0.75])'
    return notebook


def make_without_answer():
    notebook = make_solved()
    notebook["cells"].remove(find(notebook, "tiny-02"))
    return notebook


def make_reordered():
    notebook = make_solved()
    notebook["cells"].insert(0, notebook["cells"].pop(place_of(notebook, "tiny-05")))
    return notebook


def make_with_helper():
    notebook = solve_with("shares = [part(n) for n in counts]")
    helper = make_cell("mine", "def part(n):\n    return n / sum(counts)")
    notebook["cells"].insert(place_of(notebook, "tiny-02"), helper)
    return notebook


SUBMISSIONS = {
    "alone": solve_with(ALONE),
    "dies": solve_with("import os\nos._exit(1)"),
    "equal": solve_with(ALWAYS_EQUAL),
    "exits": solve_with("import sys\nsys.exit()"),
    "forges": solve_with(FORGED),
    "forges_marks": solve_with(FORGED_MARKS),
    "helps": make_with_helper(),
    "kills": solve_with("import os\nos.kill(os.getppid(), 9)"),
    "lacks": make_without_answer(),
    "loud": solve_with(LOUD),
    "noisy": solve_with(NOISY),
    "patches": solve_with("def check(*args, **options): pass"),
    "plants": solve_with(PLANTS),  # for the next one, which must not notice
    "raises": solve_with("shares = 1 / 0"),
    "reference": make_reference(),
    "reordered": make_reordered(),
    "student": make_student(),
    "tampers": make_tampered(),
    "wrong": solve_with("shares = [0.25, 0.5]"),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grading")
    exercise = write(folder / "reference" / "tiny.ipynb", make_reference())
    for student, notebook in SUBMISSIONS.items():
        write(folder / "submissions" / f"{student}.ipynb", notebook)
    (folder / "submissions" / "unreadable.ipynb").write_text("not JSON")
    (folder / "submissions" / "conftest.py").write_text("raise SystemExit('loaded')")
    graded = grade(
        exercise,
        folder / "submissions",
        out=folder / "grades.csv",
        settings=Settings(kernel="jupyter", limits=Limits(cell_seconds=20)),
        jobs=1,
    )
    return graded, (folder / "grades.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("student", "total", "judgements"),
    [
        pytest.param("alone", 5, "correct, correct, not attempted", id="empty-folder"),
        pytest.param("dies", 0, "error, not run, not attempted", id="os-exit"),
        pytest.param("equal", 3, "wrong, correct, not attempted", id="equal-object"),
        pytest.param("exits", 3, "error, correct, not attempted", id="sys-exit"),
        pytest.param("forges", 3, "wrong, correct, not attempted", id="forged-answer"),
        pytest.param("forges_marks", 0, "wrong, wrong, not attempted", id="marks"),
        pytest.param("helps", 5, "correct, correct, not attempted", id="helper-cell"),
        pytest.param("kills", 0, "error, not run, not attempted", id="kills-parent"),
        pytest.param(
            "lacks", 3, "not attempted, correct, not attempted", id="missing-cell"
        ),
        pytest.param("loud", 5, "correct, correct, not attempted", id="loud"),
        pytest.param("noisy", 5, "correct, correct, not attempted", id="stray-prints"),
        pytest.param("patches", 0, "error, wrong, not attempted", id="patched-check"),
        pytest.param("plants", 5, "correct, correct, not attempted", id="plants"),
        pytest.param("raises", 3, "error, correct, not attempted", id="raises"),
        pytest.param("reference", 5, "correct, correct, not attempted", id="reference"),
        pytest.param("reordered", 5, "correct, correct, not attempted", id="reordered"),
        pytest.param(
            "student", 0, "not attempted, not attempted, not attempted", id="student"
        ),
        pytest.param("tampers", 3, "wrong, correct, not attempted", id="tampered"),
        pytest.param("unreadable", 0, "error, error, error", id="not-json"),
        pytest.param("wrong", 3, "wrong, correct, not attempted", id="wrong"),
    ],
)
def test_submission_is_judged_as_it_deserves(report, student, total, judgements):
    graded = {entry.student: entry for entry in report[0].grades}[student]

    assert graded.total == total
    assert ", ".join(str(q.judgement) for q in graded.questions) == judgements


def test_report_says_what_could_not_be_graded_and_which_walls_there_were(report):
    faults = {entry.student: entry.fault for entry in report[0].grades if entry.fault}

    assert faults == {
        "kills": "the process that ran the notebook died",
        "unreadable": "unreadable.ipynb is not JSON, so it is no notebook; "
        "save it again in JupyterLab.",
    }
    assert not report[0].passed
    assert report[0].grades[0].walls.startswith("none: ")
    assert report[0].unread == ("conftest.py",)


def test_error_of_an_answer_is_in_the_report_by_name(report):
    graded = {entry.student: entry for entry in report[0].grades}["raises"]

    assert graded.questions[0].message == (
        "The answer raised ZeroDivisionError: division by zero"
    )


def test_grades_are_written_with_a_row_for_each_student(report):
    assert report[1] == report[0].to_csv()
    assert len(report[1].splitlines()) == 21


@pytest.mark.parametrize(
    ("limits", "fault"),
    [
        pytest.param(Limits(cell_seconds=1), "", id="cell"),
        pytest.param(
            Limits(submission_seconds=3),
            "the time for the whole notebook was over",
            id="notebook",
        ),
    ],
)
def test_endless_cell_is_stopped_and_the_next_submission_goes_on(limits, fault):
    frame = make_frame()
    endless = merge(frame, read(solve_with("while True:\n    pass")))
    solved = merge(frame, read(make_solved()))
    with Runner(Settings(kernel="jupyter", limits=limits)) as runner:
        first = runner.run(endless.notebook)
        second = runner.run(solved.notebook)

    assert first.records["tiny-02"].status == "timed_out"
    assert first.fault == fault
    assert second.records["tiny-03"].answers


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs Linux's /proc")
def test_kernel_that_writes_to_the_pipe_of_its_worker_harms_itself_alone():
    with Runner(Settings(kernel="jupyter")) as runner:
        first = runner.run(merge(make_frame(), read(solve_with(WRITES))).notebook)
        second = runner.run(merge(make_frame(), read(make_solved())).notebook)

    assert first.fault == "the process that ran the notebook was tampered with"
    assert second.records["tiny-03"].answers


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
def test_outputs_are_let_go_once_they_are_judged():
    loud = merge(make_frame(), read(solve_with('print("a" * 5_000_000)'))).notebook
    others = set(psutil.Process().children())  # of tests that ran before
    with Runner(Settings(sandbox="off")) as runner:
        runner.run(loud)
        (worker,) = set(psutil.Process().children()) - others
        before = worker.memory_info().rss
        for _ in range(12):
            runner.run(loud)
        after = worker.memory_info().rss

    assert after - before < 25_000_000


def kill_zygote_at_work():
    """Kill the process that forks submissions, as soon as it has forked one."""
    while True:
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                name = " ".join(process.cmdline()[-2:])
                if "warm.zygote" in name and process.children():
                    process.kill()
                    return
        time.sleep(0.05)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
def test_warm_process_killed_from_outside_is_the_fault_and_the_next_run_has_another():
    slow = merge(make_frame(), read(solve_with("import time\ntime.sleep(60)")))
    solved = merge(make_frame(), read(make_solved()))
    with Runner(Settings(sandbox="off")) as runner, ThreadPoolExecutor() as threads:
        running = threads.submit(runner.run, slow.notebook)
        kill_zygote_at_work()
        first, second = running.result(), runner.run(solved.notebook)

    assert first.fault == DIED
    assert second.fault == ""
    assert second.records["tiny-03"].answers


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"kernel": "cold"}, "no kernel 'cold'", id="kernel"),
        pytest.param({"sandbox": "on"}, "no sandbox 'on'", id="sandbox"),
        pytest.param(
            {"kernel": "jupyter", "sandbox": "required"},
            "Walls are required, and an ordinary Jupyter kernel has none",
            id="walls-of-jupyter",
        ),
    ],
)
def test_settings_that_cannot_be_are_refused(options, message):
    with pytest.raises(CoursekitError, match=message):
        Settings(**options)
