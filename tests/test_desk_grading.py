"""Grading what was collected, with a stand-in for kernels."""

import copy
import os
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from coursekit.desk import grading as module
from coursekit.desk.collect import collect
from coursekit.desk.course import find_course
from coursekit.desk.export import check_exports, export
from coursekit.desk.grading import grade_collected, grade_here
from coursekit.desk.scores import score_course, score_exercise
from coursekit.errors import CoursekitError
from coursekit.grading.database import Database
from grading_notebooks import find, make_reference, make_solved, make_student, write
from grading_runs import play_all

RULES = """
[late]
deduction = 0.5
closes_days = 7
[exercises.tiny]
due = 2027-03-02T12:00:00
"""
TIMES = "student,submitted\nada,2027-03-01 10:00\nben,2027-03-03 10:00\n"
LATER = ("answers", "handed_in", "rubrics", "marks", "comments", "exports")
DIES = """
import os, sys
from sqlalchemy import text
from coursekit.grading.database import Database

def work(session):
    session.execute(text("DELETE FROM judgements"))
    session.execute(text("DELETE FROM answers"))
    os._exit(9)

Database(sys.argv[1]).transact(work)
"""
ADDS = """
import sys
from coursekit.desk.book import student_ids
from coursekit.grading.database import Database

book = Database(sys.argv[1])
book.open()
for number in range(40):
    book.transact(lambda use: student_ids(use, [f"s{number}"]))
"""


@pytest.fixture(autouse=True)
def played(monkeypatch):
    """No kernel runs; the students whose notebooks were played are noted."""
    students = []

    def run_all(tasks, settings, **options):
        for student, run in play_all(tasks, settings, **options):
            students.append(student)
            yield student, run

    monkeypatch.setattr(module.grader.schedule, "run_all", run_all)
    return students


@pytest.fixture
def course(tmp_path, monkeypatch):
    folder = tmp_path / "course"
    write(folder / "exercises" / "reference" / "tiny.ipynb", make_reference())
    (folder / "course.toml").write_text(RULES, encoding="utf-8")
    roster = "student,name\nada,Ada\nben,Ben\ncy,Cy\n"
    (folder / "roster.csv").write_text(roster, encoding="utf-8")
    monkeypatch.chdir(folder)
    return find_course()


@pytest.fixture
def work(course, tmp_path):
    """A course with work of ada's, on time, and of ben's, a day late."""
    hand_in(course, tmp_path / "first", {"ada": make_solved(), "ben": make_student()})
    return course


def hand_in(course, folder, notebooks, times=TIMES):
    for student, notebook in notebooks.items():
        write(folder / f"{student}.ipynb", notebook)
    (folder.parent / "times.csv").write_text(times, encoding="utf-8")
    return collect(course, "tiny", folder, times=folder.parent / "times.csv")


def totals(report):
    return {grade.student: grade.total for grade in report.grades}


def states(course):
    return {s: one.state for s, one in score_exercise(course, "tiny").items()}


def expect_other_shares(course):
    reference = copy.deepcopy(make_reference())
    for shipped in find(reference, "tiny-03")["outputs"][0]["data"].values():
        with suppress(TypeError):  # beside the value stands a text for people
            shipped["value"] = {"kind": "list", "items": [1, 2]}
    path = write(course.reference("tiny"), reference)
    os.utime(path, ns=(1, 1))


def test_before_anything_was_collected_the_next_command_is_named(course):
    with pytest.raises(CoursekitError, match="coursekit collect"):
        grade_here("tiny", None, None)

    Database(course.gradebook).open()

    with pytest.raises(CoursekitError, match="coursekit collect tiny DOWNLOAD"):
        grade_here("tiny", None, None)


def test_outside_a_course_a_folder_has_to_be_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CoursekitError, match="Name a folder of submissions"):
        grade_here("tiny", None, None)


def test_an_exercise_that_was_not_built_is_refused_with_the_command(work):
    rules = work.folder / "course.toml"
    rules.write_text(f"{RULES}[exercises.not_built]\n", encoding="utf-8")

    with pytest.raises(CoursekitError, match="coursekit new exercise not_built"):
        grade_here("not_built", None, None)


def test_a_path_or_another_gradebook_takes_a_folder(work):
    with pytest.raises(CoursekitError, match="by an exercise's name"):
        grade_here("tiny", None, "other.db")
    with pytest.raises(CoursekitError, match="by an exercise's name"):
        grade_here(str(work.reference("tiny")), None, None)


def test_grading_twice_runs_nothing_again(work, played):
    first = grade_here("ti", None, None)
    again = grade_here("tiny", None, None)

    assert totals(first) == totals(again) == {"ada": 5, "ben": 0}
    assert played == ["ada", "ben"]


def test_a_later_version_is_graded_and_counts(work, tmp_path, played):
    grade_collected(work, "tiny")
    times = "student,submitted\nben,2027-03-03 11:00\n"
    hand_in(work, tmp_path / "second", {"ben": make_solved()}, times)

    assert states(work)["ben"] == "not graded"
    assert totals(grade_collected(work, "tiny")) == {"ada": 5, "ben": 5}
    assert played == ["ada", "ben", "ben"]
    assert states(work)["ben"] == "graded"


def test_work_after_closing_is_not_run(course, tmp_path, played):
    times = "student,submitted\nada,2027-03-20 10:00\n"
    hand_in(course, tmp_path / "late", {"ada": make_solved()}, times)

    with pytest.raises(CoursekitError, match="Nothing that counts was collected"):
        grade_collected(course, "tiny")

    assert states(course) == {"ada": "closed"}
    assert played == []


def test_a_corrected_expectation_is_judged_anew_without_running(work, played):
    grade_collected(work, "tiny")
    expect_other_shares(work)

    assert states(work) == {"ada": "not graded", "ben": "not graded"}
    assert totals(grade_collected(work, "tiny", rejudge=True))["ada"] < 5
    assert states(work)["ada"] == "graded"
    assert played == ["ada", "ben"]


def test_grading_that_was_stopped_goes_on_where_it_was(work, played, monkeypatch):
    run_all = module.grader.schedule.run_all

    def stop_after_one(tasks, settings, **options):
        yield next(run_all(tasks, settings, **options))
        raise KeyboardInterrupt

    monkeypatch.setattr(module.grader.schedule, "run_all", stop_after_one)
    with pytest.raises(KeyboardInterrupt):
        grade_collected(work, "tiny")
    monkeypatch.setattr(module.grader.schedule, "run_all", run_all)

    assert states(work) == {"ada": "graded", "ben": "not graded"}
    assert totals(grade_collected(work, "tiny")) == {"ada": 5, "ben": 0}
    assert played == ["ada", "ben"]


def test_a_collected_file_that_is_gone_is_reported_and_loses_no_grade(work):
    grade_collected(work, "tiny")
    next((work.folder / "submitted/tiny/ada").iterdir()).unlink()
    report = grade_collected(work, "tiny")

    assert report.grades[0].fault.endswith("was collected and is not there any more")
    assert states(work)["ada"] == "graded"


def test_a_collected_file_that_was_changed_is_not_graded_as_the_students(work, played):
    file = next((work.folder / "submitted/tiny/ben").iterdir())
    write(file, make_solved())
    report = grade_collected(work, "tiny")

    assert totals(report) == {"ada": 5, "ben": 0}
    assert "was changed since; put it back" in report.grades[1].fault
    assert played == ["ada"]


def test_grades_that_exist_as_csv_are_not_written_over(work, tmp_path, played):
    out = tmp_path / "grades.csv"
    grade_collected(work, "tiny", out=out)
    before = out.read_bytes()

    with pytest.raises(CoursekitError, match=r"grades\.csv"):
        grade_collected(work, "tiny", out=out)

    assert b"ada" in before
    assert out.read_bytes() == before


def test_who_is_graded_and_in_no_roster_is_scored(work):
    grade_collected(work, "tiny")
    scores = score_course(work, students=["cy"], slugs=["tiny"])

    assert [one.student for one in scores] == ["ada", "ben", "cy"]
    assert [one.total for one in scores] == [pytest.approx(500 / 9), 0.0, 0.0]


def dump(path):
    """Give all that a gradebook holds."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_a_process_that_dies_within_a_transaction_loses_nothing(work):
    grade_collected(work, "tiny")
    before = dump(work.gradebook)
    died = subprocess.run([sys.executable, "-c", DIES, work.gradebook], check=False)

    assert died.returncode == 9
    assert dump(work.gradebook) == before


def test_two_processes_at_once_write_each_student_once(tmp_path):
    path = tmp_path / "gradebook.db"
    command = [sys.executable, "-c", ADDS, str(path)]
    processes = [subprocess.Popen(command) for _ in range(2)]
    codes = [process.wait(60) for process in processes]
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM students")]

    assert codes == [0, 0]
    assert sorted(names) == sorted(f"s{number}" for number in range(40))


def test_a_gradebook_of_version_1_keeps_its_grades(work, played):
    grade_collected(work, "tiny")
    with closing(sqlite3.connect(work.gradebook)) as connection, connection:
        for table in LATER:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE coursekit_gradebook SET version = 1")

    assert states(work) == {"ada": "graded", "ben": "graded"}
    assert played == ["ada", "ben"]


def test_a_newer_gradebook_is_refused_in_words_and_left_alone(work):
    with closing(sqlite3.connect(work.gradebook)) as connection, connection:
        connection.execute("UPDATE coursekit_gradebook SET version = 99")
    before = dump(work.gradebook)

    with pytest.raises(CoursekitError, match="Update coursekit"):
        grade_collected(work, "tiny")

    assert dump(work.gradebook) == before


def test_a_gradebook_that_is_damaged_is_refused_in_words_and_left_alone(work):
    grade_collected(work, "tiny")
    path = Path(work.gradebook)
    content = path.read_bytes()
    damaged = content[:4096] + bytes(len(content) - 4096)
    path.write_bytes(damaged)

    with pytest.raises(CoursekitError, match="malformed"):
        score_exercise(work, "tiny")

    assert path.read_bytes() == damaged


def test_a_gradebook_that_was_emptied_is_not_taken_for_a_new_one(work):
    Path(work.gradebook).write_bytes(b"")

    with pytest.raises(CoursekitError, match="does not exist or is empty"):
        grade_collected(work, "tiny")

    assert Path(work.gradebook).read_bytes() == b""


def test_a_corrected_expectation_is_flagged_after_an_export(work):
    grade_collected(work, "tiny")
    export(work, "csv")
    expect_other_shares(work)
    grade_collected(work, "tiny", rejudge=True)
    report = check_exports(work)

    changes = [
        (one.student, one.was, one.now) for one in report.changes if one.exercise
    ]

    assert changes == [("ada", 5.0, 3.0)]
    assert not report.passed
