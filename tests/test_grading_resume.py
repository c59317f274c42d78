"""A grader that is killed at any moment, started again and again, loses nothing."""

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from random import Random

import psutil
import pytest

from grading_notebooks import make_reference, make_solved, make_student, write

SUBMISSIONS = 60
KILLS = 10
# What depends on when a grader did something.
OWN = {"seconds", "recorded", "run_id", "id", "student_id", "submission_id"}
GRADED = "submissions JOIN students ON students.id = student_id"
TABLES = {
    "exercises": "SELECT * FROM exercises",
    "students": "SELECT * FROM students ORDER BY name",
    "submissions": f"SELECT name, submissions.* FROM {GRADED} ORDER BY name",
    "judgements": f"SELECT name, judgements.* FROM judgements JOIN {GRADED} "
    "WHERE submissions.id = submission_id ORDER BY name, place",
}


@pytest.fixture
def folder(tmp_path):
    """A reference and 60 submissions: right, not attempted, and no notebook."""
    write(tmp_path / "reference" / "tiny.ipynb", make_reference())
    for number in range(0, SUBMISSIONS, 3):
        write(tmp_path / "submissions" / f"{number:02}.ipynb", make_solved())
        write(tmp_path / "submissions" / f"{number + 1:02}.ipynb", make_student())
        (tmp_path / "submissions" / f"{number + 2:02}.ipynb").write_text("not JSON")
    return tmp_path


def start(folder, gradebook):
    command = [sys.executable, "-m", "coursekit", "grade", "reference/tiny.ipynb"]
    options = ["submissions", "--jobs", "1", "--gradebook", gradebook]
    return subprocess.Popen(
        [*command, *options],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    """Let a grader come to its end: 1 says that some could not be graded."""
    said = process.communicate(timeout=100)[1]
    assert process.returncode == 1, said


def grade_and_kill(folder, *, after, seconds):
    """Kill a grader some time after it has recorded some submissions.

    Gives how many the gradebook then has, and what the grader left running.
    """
    gradebook = folder / "killed.db"
    goal = count_graded(gradebook) + after
    process = start(folder, gradebook.name)
    while count_graded(gradebook) < goal and process.poll() is None:
        time.sleep(0.02)
    time.sleep(seconds)
    running = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    return count_graded(gradebook), psutil.wait_procs(running, timeout=30)[1]


def count_graded(path):
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        if not connection.execute("PRAGMA table_list(submissions)").fetchall():
            return 0
        return connection.execute("SELECT count(*) FROM submissions").fetchone()[0]


def read_tables(path):
    """Read a gradebook without the times and the order in which things were done."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            table: [
                {key: untimed(row[key]) for key in row.keys() if key not in OWN}  # noqa: SIM118 - a Row gives its values
                for row in connection.execute(query)
            ]
            for table, query in TABLES.items()
        }


def untimed(value):
    """Take the times of cells out of what was kept of them."""
    if not (isinstance(value, str) and value.startswith('[{"cell_id"')):
        return value
    return [{**cell, "seconds": 0} for cell in json.loads(value)]


def test_grader_killed_at_ten_moments_ends_with_the_gradebook_of_a_quiet_run(folder):
    quiet = start(folder, "quiet.db")
    moments = Random(20220111)
    lives = [
        grade_and_kill(
            folder, after=moments.randint(0, 3), seconds=moments.uniform(0, 0.2)
        )
        for _ in range(KILLS)
    ]
    finish(start(folder, "killed.db"))
    finish(quiet)

    assert [running for _, running in lives] == [[]] * KILLS
    assert lives[0][0] < lives[-1][0]
    assert count_graded(folder / "killed.db") == SUBMISSIONS
    assert read_tables(folder / "killed.db") == read_tables(folder / "quiet.db")
