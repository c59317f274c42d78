"""The gradebook, in SQLite and in a PostgreSQL server that the tests start."""

import copy
import json
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import NullPool, create_engine, event, func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from coursekit.errors import CoursekitError
from coursekit.grading import database
from coursekit.grading import gradebook as module
from coursekit.grading.frame import frame_of
from coursekit.grading.gradebook import (
    Gradebook,
    hash_expectations,
    hash_what_runs,
)
from coursekit.grading.judge import judge, judge_unreadable
from coursekit.grading.match import Repair
from coursekit.grading.merge import Answer, Merged
from coursekit.grading.report import SubmissionGrade
from coursekit.grading.run import CellRecord, Run, Settings
from coursekit.grading.tables import (
    SCHEMA,
    ExerciseRow,
    JudgementRow,
    RunRow,
    StudentRow,
    SubmissionRow,
)
from grading_notebooks import find, make_frame, make_reference, read
from postgresql import PASSWORD, find_programs, serve

FRAME = make_frame()
SHIPPED = json.dumps({"check": "shares", "value": {"kind": "list", "items": [0.25, 1]}})
NUMBERS = count(1)


@pytest.fixture(scope="module")
def server():
    programs = find_programs()
    if programs is None:
        missing = "PostgreSQL is missing: apt-get install postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with serve(programs) as url:
        yield url


def make_database(server):
    name = f"book_{next(NUMBERS)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request, tmp_path):
    """A gradebook that does not exist yet."""
    if request.param == "sqlite":
        return tmp_path / "gradebook.db"
    return make_database(request.getfixturevalue("server"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_book(request, tmp_path_factory):
    where = tmp_path_factory.mktemp("book") / "gradebook.db"
    if request.param == "postgresql":
        where = make_database(request.getfixturevalue("server"))
    with open_book(where) as book:
        yield book


def open_book(where, frame=FRAME):
    return Gradebook(where, frame, Settings())


def make_grade(student="ada", **fields):
    questions = judge_unreadable(FRAME, "it is no notebook")
    return SubmissionGrade(student, f"{student}.ipynb", questions, **fields)


def count_rows(where):
    with open_book(where) as book, Session(book._database.engine) as session:
        tables = (ExerciseRow, StudentRow, SubmissionRow, RunRow)
        return [
            session.scalar(select(func.count()).select_from(table)) for table in tables
        ]


@pytest.fixture
def odd_frames():
    """References that depart from the tiny one, each in one way."""

    def change(cell_id, **changes):
        reference = copy.deepcopy(make_reference())
        find(reference, cell_id).update(changes)
        return frame_of(read(reference))

    check = find(make_reference(), "tiny-03")
    worth = copy.deepcopy(check["metadata"])
    worth["coursekit"]["points"] = 7
    warned = copy.deepcopy(check["metadata"])
    warned["coursekit"]["attempts"] = [{"value": 1, "message": "One is too many."}]
    outputs = copy.deepcopy(check["outputs"])
    shipped = next(iter(outputs[0]["data"].values()))
    value, rule = copy.deepcopy(outputs), copy.deepcopy(outputs)
    value[0]["data"] = {key: {**shipped, "value": 1} for key in outputs[0]["data"]}
    rule[0]["data"] = {
        key: {**shipped, "rule": {"atol": 1}} for key in outputs[0]["data"]
    }
    solution = "### BEGIN SOLUTION\nshares = 1\n### END SOLUTION"
    return {
        "code": change("tiny-00", source="counts = [1, 4]"),
        "check": change("tiny-03", source='check("shares", shares[0])'),
        "given": change("tiny-05", source="# Think first."),
        "id": change("tiny-06", id="tiny-60"),
        "prose": change("tiny-01", source="Turn the counts into shares."),
        "solution": change("tiny-02", source=solution),
        "points": change("tiny-03", metadata=worth),
        "message": change("tiny-03", metadata=warned),
        "value": change("tiny-03", outputs=value),
        "rule": change("tiny-03", outputs=rule),
    }


@pytest.mark.parametrize(
    ("change", "runs", "is_judged"),
    [
        pytest.param("code", True, False, id="code"),
        pytest.param("check", True, False, id="check"),
        pytest.param("given", True, False, id="what-students-are-given"),
        pytest.param("id", True, True, id="id-of-a-check"),
        pytest.param("prose", False, False, id="prose"),
        pytest.param("solution", False, False, id="solution"),
        pytest.param("points", False, True, id="points"),
        pytest.param("message", False, True, id="message"),
        pytest.param("value", False, True, id="value"),
        pytest.param("rule", False, True, id="rule"),
    ],
)
def test_what_runs_and_what_is_expected_are_told_apart(
    odd_frames, change, runs, is_judged
):
    frame = odd_frames[change]

    assert (hash_what_runs(frame) != hash_what_runs(FRAME)) is runs
    assert (hash_expectations(frame) != hash_expectations(FRAME)) is is_judged


ANY = st.characters()  # among them halves of emoji, and NUL
TEXTS = st.text(ANY, max_size=8)
# As through the pipe of a worker, which joins the halves of an emoji.
PIPED = TEXTS.map(lambda said: json.loads(json.dumps(said)))
RECORDS = st.fixed_dictionaries(
    {
        cell_id: st.builds(
            CellRecord,
            cell_id=st.just(cell_id),
            status=st.sampled_from(["ok", "error", "timed_out", "kernel_died"]),
            ename=st.sampled_from(["", "MemoryError", "NotImplementedError", "E"]),
            evalue=PIPED,
            seconds=st.floats(0, 1e9),
            answers=st.lists(st.just(SHIPPED) | PIPED, max_size=2).map(tuple),
        )
        for cell_id in ("tiny-02", "_added_1", "tiny-03", "tiny-05", "tiny-06")
    },
    optional={"tiny-07": st.just(CellRecord("tiny-07", "not_run"))},
)
ANSWERS = st.fixed_dictionaries(
    {
        cell_id: st.builds(Answer, source=st.just(""), untouched=st.booleans())
        for cell_id in FRAME.placeholders
    }
)


@settings(deadline=None)  # it writes to a disk
@given(
    student=TEXTS,
    records=RECORDS,
    answers=ANSWERS,
    repairs=st.lists(st.builds(Repair, PIPED, PIPED, PIPED), max_size=2).map(tuple),
    said=st.tuples(TEXTS, TEXTS, TEXTS, TEXTS),
    seconds=st.floats(0, 1e9),
)
def test_what_goes_in_comes_out_and_is_judged_alike(
    shared_book, student, records, answers, repairs, said, seconds
):
    notebook, fault, kernel, walls = said
    merged = Merged({}, repairs, answers)
    run = Run(records, seconds, fault, kernel, walls)
    questions = judge(FRAME, merged, run)
    grade = SubmissionGrade(
        student, notebook, questions, repairs, fault, seconds, kernel, walls
    )
    digest = str(next(NUMBERS))

    recorded = shared_book.record(grade, digest, merged, run)
    kept = shared_book.find(student, digest)

    assert recorded == kept.grade == grade
    assert judge(FRAME, kept.merged, kept.run) == questions


def test_value_is_kept_as_it_was_shipped_with_what_became_of_the_cells(where):
    record = CellRecord("tiny-03", "ok", seconds=0.5, answers=(SHIPPED,))
    edited = Answer("", untouched=False)
    merged = Merged({}, (), dict.fromkeys(FRAME.placeholders, edited))
    run = Run({"tiny-02": CellRecord("tiny-02", "ok"), "tiny-03": record}, 1.0)
    grade = replace(make_grade(), questions=judge(FRAME, merged, run))
    with open_book(where) as book:
        book.record(grade, "1", merged, run)
        kept = book.find("ada", "1")
        with Session(book._database.engine) as session:
            rows = session.scalars(
                select(JudgementRow).filter_by(question="shares")
            ).all()

    assert [row.check_name for row in rows] == [None, "shares"]
    assert [row.value for row in rows] == [[], [SHIPPED]]
    assert rows[1].judgement == "wrong"
    assert kept.run.records == run.records


def test_unreadable_submission_comes_back_with_nothing_to_judge(where):
    with open_book(where) as book:
        book.record(make_grade(fault="no notebook"), "1")
        kept = book.find("ada", "1")

    assert kept.grade == make_grade(fault="no notebook")
    assert kept.merged is None


def test_only_the_same_submission_judged_alike_is_found(where, odd_frames):
    with open_book(where) as book:
        book.record(make_grade(), "1")
        other = [book.find("ada", "2"), book.find("ben", "1")]
    with open_book(where, odd_frames["points"]) as book:
        judged = book.find("ada", "1"), book.find("ada", "1", rejudge=True)
    with open_book(where, odd_frames["code"]) as book:
        run = book.find("ada", "1"), book.find("ada", "1", rejudge=True)

    assert other == [None, None]
    assert judged[0] is None
    assert judged[1].grade == make_grade()
    assert run == (None, None)


def test_run_that_came_to_its_end_says_so(where):
    with open_book(where) as book:
        book.record(make_grade(), "1")
    with suppress(KeyboardInterrupt), open_book(where) as book:
        book.record(make_grade("ben"), "1")
        raise KeyboardInterrupt
    with open_book(where) as book, Session(book._database.engine) as session:
        runs = session.scalars(select(RunRow).order_by(RunRow.id)).all()

    assert [run.ended is None for run in runs] == [False, True]
    assert runs[0].settings["limits"]["processes"] == 64
    assert "coursekit" in runs[0].versions


def test_looking_alone_leaves_no_trace(where):
    with open_book(where) as book:
        book.find("ada", "1")

    assert count_rows(where) == [0, 0, 0, 0]


def test_submission_cut_short_within_its_transaction_leaves_nothing_behind(where):
    def interrupt(*_):
        raise KeyboardInterrupt

    with open_book(where) as book:
        book.record(make_grade(), "1")
        event.listen(Session, "after_flush", interrupt)
        with pytest.raises(KeyboardInterrupt):
            book.record(make_grade("ben"), "1")
        event.remove(Session, "after_flush", interrupt)
        between = book.find("ben", "1")
        book.record(make_grade("ben"), "1")

    assert between is None
    assert count_rows(where) == [1, 2, 2, 1]


def test_grader_who_comes_second_gets_what_the_first_recorded(where, monkeypatch):
    look, answers = module._find, iter([None])
    with open_book(where) as first, open_book(where) as second:
        first.record(make_grade(seconds=1.0), "1")
        # As if the second had looked just before the first recorded.
        monkeypatch.setattr(module, "_find", lambda *asked: next(answers, look(*asked)))
        recorded = second.record(make_grade(seconds=2.0), "1")

    assert recorded == make_grade(seconds=1.0)
    assert count_rows(where)[:3] == [1, 1, 1]


def test_many_graders_at_once_make_one_gradebook(where):
    students = [f"student {number}" for number in range(6)]

    def grade_them(_):
        with open_book(where) as book:
            return [book.record(make_grade(name), "1") for name in students]

    with ThreadPoolExecutor(6) as graders:
        recorded = list(graders.map(grade_them, range(6)))

    assert recorded == [[make_grade(name) for name in students]] * 6
    assert count_rows(where) == [1, 6, 6, 6]


def test_foreign_keys_hold(where):
    with open_book(where) as book, Session(book._database.engine) as session:
        session.add(JudgementRow(submission_id=9, place=0, question="q", hidden=False))

        with pytest.raises(IntegrityError):
            session.flush()


def test_gradebook_of_version_1_gets_the_tables_that_it_lacks(where):
    later = ("answers", "handed_in", "rubrics", "marks", "comments", "exports")
    with open_book(where) as book, book._database.engine.begin() as connection:
        for table in later:
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE coursekit_gradebook SET version = 1"))
    with open_book(where) as book, Session(book._database.engine) as session:
        names = inspect(session.connection()).get_table_names()
        version = session.scalar(text("SELECT version FROM coursekit_gradebook"))

    assert set(later) <= set(names)
    assert version == SCHEMA


def test_text_of_an_answer_outlives_judging_anew(where):
    merged = Merged({}, (), {"a1": Answer("shares = [1]", untouched=False)})
    with open_book(where) as book:
        book.record(make_grade(), "hash", merged, Run({}, 0.0))
        kept = book.find("ada", "hash", rejudge=True)

    assert kept.merged.answers["a1"].source == "shares = [1]"


def test_gradebook_of_a_newer_coursekit_is_refused(where):
    with open_book(where) as book, book._database.engine.begin() as connection:
        connection.execute(text("UPDATE coursekit_gradebook SET version = 99"))

    with pytest.raises(
        CoursekitError, match=r"version 99, .* knows version 2\. Update"
    ):
        open_book(where).__enter__()


def test_database_of_another_program_is_refused_and_left_alone(where):
    url = where if isinstance(where, str) else f"sqlite:///{where}"
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE assignment (id INTEGER)"))

    with pytest.raises(CoursekitError, match="no gradebook of coursekit"):
        open_book(where).__enter__()

    assert inspect(engine).get_table_names() == ["assignment"]


def test_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "gradebook.db"
    path.write_text("student,points\n" * 100)

    with pytest.raises(CoursekitError, match=r"gradebook\.db cannot be used: file is"):
        open_book(path).__enter__()

    assert path.read_text() == "student,points\n" * 100


def test_gradebook_in_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CoursekitError, match="unable to open database file"):
        open_book(tmp_path / "none" / "gradebook.db").__enter__()


def test_gradebook_that_can_only_be_read_is_read_and_not_written(tmp_path):
    path = tmp_path / "gradebook.db"
    with open_book(path) as book:
        book.record(make_grade(), "1")
    with open_book(f"sqlite:///file:{path}?mode=ro&uri=true") as book:
        kept = book.find("ada", "1")

        with pytest.raises(CoursekitError, match="readonly database"):
            book.begin()

    assert kept.grade == make_grade()


def test_gradebook_that_another_process_does_not_let_go_of_is_an_error(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(database, "_PATIENCE", 0.1)
    path = tmp_path / "gradebook.db"
    with open_book(path) as book, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CoursekitError, match="database is locked"):
            book.record(make_grade(), "1")
        other.rollback()
        book.record(make_grade(), "1")

    assert count_rows(path) == [1, 1, 1, 1]


def test_server_that_is_not_there_is_named_without_its_password():
    url = "postgresql://ada:forty-two@127.0.0.1:1/book?options=-cforty-two%3D1"

    with pytest.raises(CoursekitError, match=r"ada:\*\*\*@127.0.0.1:1/book") as caught:
        open_book(url).__enter__()

    assert "forty-two" not in str(caught.value)


def test_password_that_the_server_refuses_is_not_repeated(server):
    url = server.set(password="forty-three").render_as_string(hide_password=False)

    with pytest.raises(CoursekitError, match="authentication failed") as caught:
        open_book(url).__enter__()

    assert "forty-three" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param(
            f"postgresql://ada:{PASSWORD}@@host/book", "%40 for an @", id="at-sign"
        ),
        pytest.param(
            f"postgresql://ada:{PASSWORD}@host:port/book", "cannot be read", id="port"
        ),
        pytest.param(f"://{PASSWORD}", "cannot be read", id="no-url"),
        pytest.param(
            f"abacus://ada:{PASSWORD}@host/book", "sqlite and, with", id="no-database"
        ),
        pytest.param(
            f"mysql://ada:{PASSWORD}@host/book", "No module named", id="no-driver"
        ),
    ],
)
def test_url_that_cannot_be_used_is_refused_without_its_password(url, message):
    with pytest.raises(CoursekitError, match=message) as caught:
        open_book(url)

    assert PASSWORD not in str(caught.value)
