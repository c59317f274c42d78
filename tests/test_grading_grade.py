"""The flow of `grade`, with a stand-in for kernels: what runs, is kept and reported."""

import copy
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, text

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.grading import grade as module
from coursekit.grading.grade import Step, find_reference, grade
from coursekit.grading.gradebook import Gradebook
from coursekit.grading.run import Runner, Settings, _Worker
from coursekit.grading.schedule import make_unrun
from grading_notebooks import find, make_reference, make_solved, make_student, write
from grading_runs import KERNEL, WALLS, play, play_all, play_backwards

WRONG = {"kind": "list", "items": [1, 2]}
DIED = "the process that ran the notebook died"
CORRECTED = "### BEGIN SOLUTION\nshares = [1, 2]\n### END SOLUTION"


@pytest.fixture(autouse=True)
def played(monkeypatch):
    """No kernel runs; the students whose notebooks were played are noted."""
    students = []

    def run_all(tasks, settings, **options):
        for student, run in play_all(tasks, settings, **options):
            students.append(student)
            yield student, run

    monkeypatch.setattr(module.schedule, "run_all", run_all)
    return students


@pytest.fixture
def exercise(tmp_path):
    return write(tmp_path / "reference" / "tiny.ipynb", make_reference())


@pytest.fixture
def work(tmp_path, exercise):
    """Three students who handed in, one of them no notebook."""
    folder = tmp_path / "submissions"
    write(folder / "ada.ipynb", make_solved())
    write(folder / "ben.ipynb", make_student())
    (folder / "cy.ipynb").write_text("not JSON")

    def grade_all(**options):
        return grade(exercise, folder, gradebook=tmp_path / "gradebook.db", **options)

    return SimpleNamespace(
        folder=folder,
        exercise=exercise,
        book=tmp_path / "gradebook.db",
        grade=grade_all,
    )


def change_reference(work, cell_id, **changes):
    reference = copy.deepcopy(make_reference())
    find(reference, cell_id).update(changes)
    write(work.exercise, reference)


def expect_other_shares(work, **changes):
    check = copy.deepcopy(find(make_reference(), "tiny-03"))
    for shipped in check["outputs"][0]["data"].values():
        with suppress(TypeError):  # beside the value stands a text for people
            shipped["value"] = WRONG
    reference = copy.deepcopy(make_reference())
    find(reference, "tiny-03").update(check)
    find(reference, "tiny-02").update(changes)
    write(work.exercise, reference)


def ask(work, statement):
    engine = create_engine(f"sqlite:///{work.book}")
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(statement))]
    engine.dispose()
    return rows


def totals(report):
    return {graded.student: graded.total for graded in report.grades}


def test_every_student_gets_a_grade_and_nobody_is_dropped(work, played):
    report = work.grade()

    assert totals(report) == {"ada": 5, "ben": 0, "cy": 0}
    assert played == ["ada", "ben"]
    assert report.grades[2].fault == (
        "cy.ipynb is not JSON, so it is no notebook; save it again in JupyterLab."
    )
    assert not report.passed


def test_report_says_in_what_each_submission_ran(work):
    report = work.grade()

    assert [(g.kernel, g.walls) for g in report.grades] == [
        (KERNEL, WALLS),
        (KERNEL, WALLS),
        ("", ""),
    ]
    assert report.ran_in == {(KERNEL, WALLS): 2}


def test_second_run_does_nothing_and_reports_the_same(work, played):
    first = work.grade()
    content = work.book.read_bytes()
    played.clear()

    second = work.grade(scheduler="tcp://127.0.0.1:1")

    assert played == []
    assert second == first
    assert second.to_json() == first.to_json()
    assert work.book.read_bytes() == content


def test_run_that_was_stopped_goes_on_where_it_was(work, played, monkeypatch):
    run_all = module.schedule.run_all

    def run_one(tasks, settings, **options):
        yield from islice(run_all(tasks, settings, **options), 1)
        raise KeyboardInterrupt

    monkeypatch.setattr(module.schedule, "run_all", run_one)
    with suppress(KeyboardInterrupt):
        work.grade()
    monkeypatch.setattr(module.schedule, "run_all", run_all)

    report = work.grade()

    assert played == ["ada", "ben"]
    assert totals(report) == {"ada": 5, "ben": 0, "cy": 0}


def test_changed_submission_is_graded_and_the_older_one_stays(work, played):
    work.grade()
    played.clear()
    write(work.folder / "ben.ipynb", make_solved())

    report = work.grade()

    assert played == ["ben"]
    assert totals(report)["ben"] == 5
    assert ask(work, "SELECT count(*) FROM submissions") == [(4,)]
    assert ask(work, "SELECT count(*) FROM students") == [(3,)]


def test_submission_that_is_as_before_again_is_found_again(work, played):
    work.grade()
    write(work.folder / "ben.ipynb", make_solved())
    work.grade()
    write(work.folder / "ben.ipynb", make_student())
    played.clear()

    assert totals(work.grade())["ben"] == 0
    assert played == []


def test_renamed_folder_is_no_other_submission_and_is_named_anew(work, played):
    work.grade()
    played.clear()
    moved = work.folder.rename(work.folder.with_name("week 1"))

    report = grade(work.exercise, moved, gradebook=work.book)

    assert played == []
    assert report.grades[0].notebook == str(moved / "ada.ipynb")


def test_changed_expectation_is_a_new_version_and_runs_anew(work, played):
    work.grade()
    played.clear()
    expect_other_shares(work)

    report = work.grade()

    assert played == ["ada", "ben"]
    assert totals(report)["ada"] == 3
    assert ask(work, "SELECT count(*) FROM exercises") == [(2,)]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="value-alone"),
        pytest.param({"source": CORRECTED}, id="with-the-solution"),
    ],
)
def test_changed_expectation_is_judged_anew_without_running_code(work, played, changes):
    first = work.grade()
    played.clear()
    expect_other_shares(work, **changes)

    report = work.grade(rejudge=True)
    again = work.grade(rejudge=True)

    assert played == []
    assert totals(report) == {"ada": 3, "ben": 0, "cy": 0}
    assert report.grades[1:] == first.grades[1:]
    assert report == again == work.grade()
    assert ask(work, "SELECT count(*) FROM submissions") == [(6,)]


def test_rejudging_with_nothing_changed_is_the_same_report(work):
    assert work.grade() == work.grade(rejudge=True)


def test_rejudging_is_refused_where_what_runs_has_changed(work, played):
    work.grade()
    played.clear()
    change_reference(work, "tiny-00", source="from coursekit import check\ncounts = 1")

    with pytest.raises(
        CoursekitError, match=r"3 of 3 .* \(ada, ben, cy\).*Grade again"
    ):
        work.grade(rejudge=True)

    assert played == []
    assert ask(work, "SELECT count(*) FROM submissions") == [(3,)]


def test_newcomer_is_named_by_rejudging_and_alone_runs_afterwards(work, played):
    work.grade()
    expect_other_shares(work)
    write(work.folder / "dee.ipynb", make_solved())
    with pytest.raises(CoursekitError, match=r"1 of 4 .* \(dee\)"):
        work.grade(rejudge=True)
    played.clear()

    report = work.grade()

    assert played == ["dee"]
    assert totals(report) == {"ada": 3, "ben": 0, "cy": 0, "dee": 3}


def test_rejudging_without_a_gradebook_is_refused(work):
    with pytest.raises(CoursekitError, match="name the gradebook"):
        grade(work.exercise, work.folder, rejudge=True)


def test_submission_that_never_ran_is_reported_and_tried_again(work, monkeypatch):
    run_all = module.schedule.run_all

    def lose_all(tasks, settings, **options):
        for task in tasks:
            yield task.key, make_unrun(task.notebook, "every process was lost")

    monkeypatch.setattr(module.schedule, "run_all", lose_all)
    lost = work.grade()
    monkeypatch.setattr(module.schedule, "run_all", run_all)
    fault = "every process was lost; grade again to run it"

    assert [graded.fault for graded in lost.grades[:2]] == [fault, fault]
    assert totals(work.grade())["ada"] == 5


@pytest.mark.parametrize(
    ("walls", "kept"),
    [
        pytest.param("bubblewrap: no network", ["cy"], id="walled"),
        pytest.param("none: limits", ["ada", "ben", "cy"], id="by-a-student-perhaps"),
    ],
)
def test_process_that_died_behind_walls_is_no_doing_of_the_student(
    work, monkeypatch, walls, kept
):
    def end_all(tasks, settings, **options):
        for task in tasks:
            run = replace(play(task.notebook), fault=DIED, walls=walls)
            yield task.key, run

    monkeypatch.setattr(module.schedule, "run_all", end_all)
    report = work.grade()

    assert all(graded.fault.startswith(DIED) for graded in report.grades[:2])
    assert ask(work, "SELECT name FROM students ORDER BY name") == [
        (student,) for student in kept
    ]


def test_worker_that_was_killed_is_said_to_have_died(monkeypatch):
    greet = _Worker.greet
    monkeypatch.setattr(_Worker, "greet", lambda w: (greet(w), w._process.kill()))
    with Runner(Settings()) as runner:
        run = runner.run(make_solved())

    assert run.fault == DIED
    assert run.kernel


def test_report_is_ordered_by_student_whatever_is_done_first(work, monkeypatch):
    in_order = grade(work.exercise, work.folder)
    monkeypatch.setattr(module.schedule, "run_all", play_backwards)

    assert grade(work.exercise, work.folder) == in_order


def test_notebook_is_read_only_when_there_is_room_to_run_it(work, monkeypatch):
    read, been = module.read_content, []
    monkeypatch.setattr(
        module, "read_content", lambda path: been.append(path.stem) or read(path)
    )

    def run_all(tasks, settings, **options):
        for number, task in enumerate(tasks, 1):
            been.append(f"room {number}")
            yield task.key, play(task.notebook)

    monkeypatch.setattr(module.schedule, "run_all", run_all)
    grade(work.exercise, work.folder)

    assert been == ["ada", "room 1", "ben", "room 2", "cy"]


def test_steps_count_what_is_done_and_what_was_there_already(work):
    steps = []
    work.grade(progress=steps.append)
    first = [(s.done, s.total, s.kept, s.grade and s.grade.student) for s in steps]
    write(work.folder / "ben.ipynb", make_solved())
    steps.clear()
    work.grade(progress=steps.append)

    assert first == [
        (0, 3, 0, None),
        (1, 3, 0, "ada"),
        (2, 3, 0, "ben"),
        (3, 3, 0, "cy"),
    ]
    assert steps[0] == Step(0, 3, 0, None)
    assert [step.kept for step in steps] == [0, 1, 1, 2]


def test_gradebook_that_fails_ends_what_runs_and_keeps_what_it_has(
    work, played, monkeypatch
):
    record, ended = Gradebook.record, []

    def run_all(tasks, settings, **options):
        try:
            yield from play_all(tasks, settings)
        finally:
            ended.append(True)

    def fail_for_ben(book, graded, *rest):
        if graded.student == "ben":
            raise CoursekitError("The disk is full.")
        return record(book, graded, *rest)

    monkeypatch.setattr(module.schedule, "run_all", run_all)
    monkeypatch.setattr(Gradebook, "record", fail_for_ben)
    with pytest.raises(CoursekitError, match="The disk is full"):
        work.grade()

    assert ended == [True]
    assert ask(work, "SELECT name FROM students") == [("ada",)]


def test_gradebook_that_cannot_be_opened_is_noticed_before_anything_runs(work, played):
    work.book.write_text("mine" * 100)

    with pytest.raises(CoursekitError, match="file is not a database"):
        work.grade()

    assert played == []


def test_notebook_of_another_exercise_is_graded_with_the_fault_named(work):
    notebook = make_solved()
    notebook["metadata"]["coursekit"]["exercise"] = "other"
    write(work.folder / "ada.ipynb", notebook)
    first = work.grade()
    expect_other_shares(work)

    fault = "the notebook says it is the exercise 'other'"

    assert first.grades[0].fault == fault
    assert work.grade(rejudge=True).grades[0].fault == fault


def test_settings_jobs_and_scheduler_reach_what_runs(work, monkeypatch):
    asked = []

    def run_all(tasks, settings, **options):
        asked.append((settings, options))
        return play_all(tasks, settings, **options)

    monkeypatch.setattr(module.schedule, "run_all", run_all)
    settings = Settings(kernel="jupyter")
    work.grade(settings=settings, jobs=2)

    assert asked == [(settings, {"jobs": 2, "scheduler": ""})]


def test_grades_are_written_where_they_were_asked_for(work, tmp_path):
    report = work.grade(out=tmp_path / "grades.csv")

    assert (tmp_path / "grades.csv").read_text(encoding="utf-8") == report.to_csv()


def test_existing_grades_are_refused_before_anything_runs(work, played, tmp_path):
    (tmp_path / "grades.csv").write_text("mine")

    with pytest.raises(CoursekitError, match="not overwritten"):
        work.grade(out=tmp_path / "grades.csv")

    assert played == []


def test_unknown_exercise_is_refused(tmp_path):
    with pytest.raises(UnknownNameError, match="There is no exercise named 'nowhere'"):
        find_reference("nowhere")
    with pytest.raises(CoursekitError, match="does not exist"):
        find_reference(tmp_path / "nowhere.ipynb")


def test_grading_without_a_gradebook_imports_no_database():
    code = "import sys, coursekit.grading.grade; print('sqlalchemy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"
