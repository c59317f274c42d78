"""How Canvas and Moodle name files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.desk.platforms import read_name, tell_origin
from coursekit.desk.roster import Roster, Student

ROSTER = Roster(
    (
        Student("s1", "Smith, Jane", canvas_id="1234", moodle_id="4711"),
        Student("s 2", "Әлиева, Айгүл", moodle_id="12"),
        Student("s3", "O'Hara, Zoë", canvas_id="5"),
    )
)
NAMES = st.text(st.characters(categories=["L", "M"]), min_size=1, max_size=20)
NUMBERS = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("name", "student", "file", "late", "upload"),
    [
        ("smithjane_1234_56789_quiz.ipynb", "s1", "quiz.ipynb", False, 56789),
        ("smithjane_LATE_1234_56789_quiz.ipynb", "s1", "quiz.ipynb", True, 56789),
        ("smithjane_1234_56789_quiz-2.ipynb", "s1", "quiz.ipynb", False, 56789),
        ("smithjane_1234_56789_my_quiz.ipynb", "s1", "my_quiz.ipynb", False, 56789),
        ("әлиеваайгүл_9_9_quiz.ipynb", "s 2", "quiz.ipynb", False, 9),
        ("oharazoë_9_9_quiz.ipynb", "", "quiz.ipynb", False, 9),
        ("smithjane_1234_text.html", "s1", "text.html", False, None),
        ("smithjane_LATE_1234_link.html", "s1", "link.html", True, None),
        ("anon_x7Qz2_text.html", "", "text.html", False, None),
        ("nobody_9_9_quiz.ipynb", "", "quiz.ipynb", False, 9),
        ("anon_x7Qz2_9_quiz.ipynb", "", "quiz.ipynb", False, None),
        ("LATE_anon_x7Qz2_9_quiz.ipynb", "", "quiz.ipynb", False, None),
    ],
    ids=[
        "plain",
        "late",
        "again",
        "underscore",
        "by name",
        "another of that name",
        "text",
        "late link",
        "hidden text",
        "unknown",
        "hidden",
        "hidden and late",
    ],
)
def test_names_of_canvas(name, student, file, late, upload):
    named = read_name(f"submissions/{name}", "canvas", ROSTER)

    assert (named.student, named.file, named.late, named.upload) == (
        student,
        file,
        late,
        upload,
    )


@pytest.mark.parametrize(
    "name",
    [
        "Jane Smith_4711_assignsubmission_file_/quiz.ipynb",
        "Jane Smith_4711_assignsubmission_file/quiz.ipynb",
        "Jane Smith_4711_assignsubmission_file_quiz.ipynb",
        "download/Jane Smith_4711_assignsubmission_file_/folder/quiz.ipynb",
        "Jane Smith_99_assignsubmission_file_/quiz.ipynb",
    ],
    ids=["folder", "newer", "flat", "wrapped", "by name"],
)
def test_names_of_moodle(name):
    named = read_name(name, "moodle", ROSTER)

    assert (named.student, named.file) == ("s1", "quiz.ipynb")


@pytest.mark.parametrize(
    ("who", "student"),
    [
        ("Jane Smith_4711", "s1"),
        ("Group A-Jane Smith_4711", "s1"),
        ("Participant_4711", "s1"),
        ("Group A_4711", ""),
        ("Zoë OHara_88", "s3"),
    ],
    ids=["own", "with the group", "hidden", "of a group", "without signs"],
)
def test_a_number_of_moodle_may_be_a_group_s(who, student):
    name = f"{who}_assignsubmission_file/quiz.ipynb"

    assert read_name(name, "moodle", ROSTER).student == student


def test_a_number_that_may_be_a_group_s_is_said_to_be():
    named = read_name("Team 1_12_assignsubmission_file/q.ipynb", "moodle", ROSTER)

    assert "which the roster has for Әлиева, Айгүл: a group's?" in named.who


@pytest.mark.parametrize(
    "name", ["s 2.ipynb", "S 2/quiz.ipynb"], ids=["file", "folder"]
)
def test_names_of_a_folder(name):
    assert read_name(name, "folder", ROSTER).student == "s 2"


@pytest.mark.parametrize(
    ("names", "origin"),
    [
        (["a_1_2_q.ipynb", "b_LATE_3_4_q.ipynb", "readme.txt"], "canvas"),
        (["A B_1_assignsubmission_file_/q.ipynb"], "moodle"),
        (["s1.ipynb", "s2/q.ipynb", "a_1_2_q.ipynb"], "folder"),
        ([], "folder"),
    ],
    ids=["canvas", "moodle", "folder", "nothing"],
)
def test_a_platform_is_told_by_most_of_the_names(names, origin):
    assert tell_origin(names) == origin


@given(who=NAMES, user=NUMBERS, sent=NUMBERS, late=st.booleans())
def test_names_of_canvas_in_any_script_come_back(who, user, sent, late):
    name = f"{who}{'_LATE' if late else ''}_{user}_{sent}_quiz.ipynb"
    named = read_name(name, "canvas", Roster())

    assert (named.student, named.late, named.file) == (str(user), late, "quiz.ipynb")


@given(who=NAMES, number=NUMBERS, flat=st.booleans())
def test_names_of_moodle_in_any_script_come_back(who, number, flat):
    mark = "_" if flat else "_/"
    named = read_name(
        f"{who} {who}_{number}_assignsubmission_file{mark}quiz.ipynb",
        "moodle",
        Roster(),
    )

    assert (named.student, named.file) == (str(number), "quiz.ipynb")
