"""The course folder and its ``course.toml``."""

import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coursekit.desk.course import (
    Assignment,
    LateRule,
    MalformedCourseError,
    NoCourseError,
    find_course,
)
from coursekit.errors import CoursekitError, UnknownNameError

EVERYTHING = """
[course]
name = "Law and politics, spring"
timezone = "Asia/Almaty"
gradebook = "books/grades.db"
roster = "class.csv"
show_markers = true

[late]
grace_minutes = 10
deduction = 0.1
interval = "day"
closes_days = 7

[exercises.02_who_may_invite]
due = 2027-03-02T23:59:00
counts = "on_time"
weight = 2
cap = 20
late = { deduction = 0.2, interval = "hour", lowest = 0.4 }

[exercises.03_invited_for_what]

[[extensions]]
student = "s07"
exercise = "02_who_may_invite"
due = 2027-03-05T12:00:00+01:00
reason = "illness"

[total]
drop_lowest = 1
out_of = 20
"""

NEW_YEAR = "due = 2027-01-01T00:00:00"
EXTENDED = '\n[[extensions]]\nstudent = "a"\nexercise = "q"\n' + NEW_YEAR


def write(folder, text):
    (folder / "course.toml").write_text(text, encoding="utf-8")
    return find_course(folder)


def test_every_setting_is_read_and_times_are_given_in_utc(tmp_path):
    course = write(tmp_path, EVERYTHING)
    first, second = course.assignments

    assert (course.name, course.drop_lowest, course.out_of) == (
        "Law and politics, spring",
        1,
        20.0,
    )
    assert course.show_markers
    assert course.gradebook == str(tmp_path / "books/grades.db")
    assert course.roster_path == tmp_path / "class.csv"
    assert first == Assignment(
        slug="02_who_may_invite",
        due=datetime(2027, 3, 2, 18, 59, tzinfo=UTC),
        late=LateRule(
            grace=timedelta(minutes=10),
            deduction=0.2,
            interval=timedelta(hours=1),
            lowest=0.4,
            closes=timedelta(days=7),
        ),
        counts="on_time",
        weight=2.0,
        cap=20.0,
        column="02_who_may_invite",
        extensions=first.extensions,
    )
    assert (second.due, second.late.deduction, second.weight) == (None, 0.1, 1.0)


def test_an_extension_moves_the_date_of_one_student_alone(tmp_path):
    first = write(tmp_path, EVERYTHING).assignments[0]

    assert first.due_for("s07") == datetime(2027, 3, 5, 11, 0, tzinfo=UTC)
    assert first.due_for("s08") == first.due


def test_an_empty_file_is_a_course_without_rules(tmp_path):
    course = write(tmp_path, "")

    assert (course.name, course.assignments) == (tmp_path.name, ())
    assert course.gradebook == str(tmp_path / "gradebook.db")


def test_the_folder_is_found_from_below(tmp_path):
    write(tmp_path, "")
    below = tmp_path / "submitted" / "02"
    below.mkdir(parents=True)

    assert find_course(below).folder == tmp_path


def test_outside_a_course_the_way_to_one_is_named(tmp_path):
    with pytest.raises(NoCourseError, match="coursekit new course FOLDER") as caught:
        find_course(tmp_path)

    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("name", ["02", "02_who_may_invite"])
def test_an_exercise_is_found_by_how_its_name_begins(tmp_path, name):
    assert write(tmp_path, EVERYTHING).find(name).slug == "02_who_may_invite"


@pytest.mark.parametrize("name", ["0", "", "17"], ids=["two", "nothing", "none"])
def test_an_exercise_that_is_not_one_is_refused_with_those_there_are(tmp_path, name):
    course = write(tmp_path, EVERYTHING)

    with pytest.raises(UnknownNameError, match="03_invited_for_what"):
        course.find(name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[course", r"the file: no TOML: "),
        ("[curse]\n", r"top of the file: There is no setting named 'curse'.*course"),
        ("course = 1", r"\[course\]: this is a table"),
        ('[course]\ntimezone = "Almaty"', r"timezone: there is no zone 'Almaty'"),
        ("[course]\nname = 3", r"\[course\] name: write words in quotes, not 3"),
        ("[late]\n[exercises.q]\ndue = 2027-03-02", r"due: write a date and time"),
        ("[exercises.q]\nweight = -1", r"\[exercises.q\] weight: it is 0 or more"),
        ("[exercises.q]\nweight = nan", r"\[exercises.q\] weight: it is 0 or more"),
        ('[exercises.q]\ncounts = "best"', r'"latest" or "on_time", not \'best\''),
        ("[exercises.q.late]\ndeduction = 10", r"at most 1, not 10"),
        ('[exercises.q.late]\ninterval = "week"', r'"day" or "hour", not \'week\''),
        ("[exercises.q]\ndue_date = 1", r"no setting named 'due_date'"),
        ("[exercises]\nq = 3", r"\[exercises.q\]: this is a table"),
        ("[total]\nout_of = 0", r"out_of: it is above 0 and at most 100,000, not 0"),
        (
            "[total]\ndrop_lowest = 1.5",
            r"drop_lowest: write a whole number, 0 or more, not 1.5",
        ),
        (
            '[[extensions]]\nstudent = "a"\nexercise = "q"\ndue = 2027-01-01T00:00:00',
            r"number 1: there is no \[exercises.q\]; there is: none yet",
        ),
        (
            '[exercises.q]\n[[extensions]]\nstudent = "a"\nexercise = "q"',
            r"number 1: it needs a student, an exercise and a due date",
        ),
        ("[exercises.q.late]\ninterval = []", r'"day" or "hour", not \[\]'),
        (
            "[late]\ndeduction = 10",
            r"\[late\] deduction: it is 0 or more and at most 1",
        ),
        ('[course]\ngradebook = "sqlite:///x.db"', r"gradebook: for a file write its"),
        ("[late]\nfoo = 1", r"\[late\]: There is no setting named 'foo'"),
        (
            "[late]\ncloses_days = 1e300",
            r"closes_days: it is 0 or more and at most 3,650",
        ),
        (
            "[late]\ngrace_minutes = 1e300",
            r"grace_minutes: it is 0 or more and at most",
        ),
        (
            f"[exercises.q]\nweight = 1{'0' * 400}",
            r"weight: it is 0 or more and at most",
        ),
        (f"[total]\ndrop_lowest = 1{'0' * 5000}", r"the file: no TOML: "),
        (f"x = {'[' * 5000}", r"the file: no TOML: "),
        ("[exercises.q]\ncap = 0", r"\[exercises.q\] cap: it is above 0"),
        ("[exercises.'../q']", r"\[exercises.../q\]: name it as its files are"),
        (
            "[exercises.q]\ndue = 9999-12-31T23:59:59-10:00",
            r"due: no calendar has 9999",
        ),
        ("[exercises.q]\ndue = 09:00:00", r"due: write a date and time"),
        (
            '[exercises.q]\n[[extensions]]\nstudent = "a"\nexercise = ["q"]\n'
            + NEW_YEAR,
            r"number 1 exercise: write words in quotes, not \['q'\]",
        ),
        (
            '[exercises.q]\n[[extensions]]\nstudent = ["a"]\nexercise = "q"\n'
            + NEW_YEAR,
            r"number 1 student: write words in quotes, not \['a'\]",
        ),
        (
            "[exercises.q]" + EXTENDED,
            r"of a for q: \[exercises.q\] has no due date, so nothing is late",
        ),
        (
            "[exercises.q]\ndue = 2027-01-02T00:00:00" + EXTENDED,
            r"of a for q: 2027-01-01 00:00 UTC is before the due date of all",
        ),
        (
            "[exercises.q]" + EXTENDED.replace('"a"', "2027"),
            r"number 1 student: write words in quotes, not 2027",
        ),
        ("extensions = 1", r"extensions: write each below a line \[\[extensions\]\]"),
    ],
    ids=lambda given: given[:24].replace("\n", " "),
)
def test_a_setting_that_makes_no_sense_is_refused_with_its_place(tmp_path, text, said):
    with pytest.raises(MalformedCourseError, match=said) as caught:
        write(tmp_path, text)

    assert str(tmp_path / "course.toml") in str(caught.value)


def test_a_refused_setting_reaches_another_process_whole(tmp_path):
    with pytest.raises(MalformedCourseError) as caught:
        write(tmp_path, "course = 1")

    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2027-10-31T02:30:00", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        ("2027-03-28T02:30:00", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("2027-10-31T02:30:00+02:00", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
    ids=["twice", "never", "told apart"],
)
def test_when_clocks_change_work_is_due_at_the_later_time(tmp_path, written, meant):
    zone = '[course]\ntimezone = "Europe/Berlin"\n[exercises.q]\ndue = '

    assert write(tmp_path, zone + written).assignments[0].due == meant


def test_a_course_that_cannot_be_read_is_refused_in_words(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "course.toml").touch()
    monkeypatch.setattr(Path, "read_text", refuse)

    with pytest.raises(MalformedCourseError, match="cannot be read: Permission denied"):
        find_course(tmp_path)


def test_two_extensions_of_one_student_for_one_exercise_are_refused(tmp_path):
    again = EVERYTHING[EVERYTHING.index("[[ext") : EVERYTHING.index("[total]")]

    with pytest.raises(MalformedCourseError, match="s07 has one for 02_who"):
        write(tmp_path, EVERYTHING + again)


def test_a_file_in_a_windows_encoding_is_refused_in_words(tmp_path):
    (tmp_path / "course.toml").write_bytes('[course]\nname = "Kürs"'.encode("cp1252"))

    with pytest.raises(MalformedCourseError, match="save it as UTF-8"):
        find_course(tmp_path)


def test_an_exercise_of_the_folder_goes_before_the_courses_own(tmp_path):
    course = write(tmp_path, EVERYTHING)
    own = tmp_path / "exercises" / "reference"
    own.mkdir(parents=True)
    (own / "02_who_may_invite.ipynb").touch()

    assert course.reference("02_who_may_invite").is_relative_to(tmp_path)
    assert not course.reference("03_invited_for_what").is_relative_to(tmp_path)


def test_an_exercise_that_was_not_built_is_refused_with_the_command(tmp_path):
    course = write(tmp_path, "[exercises.quiz]")

    with pytest.raises(CoursekitError, match="coursekit new exercise quiz"):
        course.reference("quiz")

    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises/quiz.md").touch()

    with pytest.raises(CoursekitError, match=r"coursekit build .*quiz\.md"):
        course.reference("quiz")


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "is missing"), ("words", "is missing or holds"), ("5e5e", "too short")],
    ids=["none", "words", "short"],
)
def test_a_secret_that_is_none_is_refused(tmp_path, content, said):
    course = write(tmp_path, "")
    if content is not None:
        (tmp_path / "secret").write_text(content)

    with pytest.raises(CoursekitError, match=said):
        _ = course.secret
