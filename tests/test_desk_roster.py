"""Rosters: ours, Canvas' and Moodle's."""

import pytest

from coursekit.desk.roster import read_roster
from coursekit.desk.tables import MalformedTableError

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Quiz (11)
    Points Possible,,,,,10
"Әлиева, Айгүл",501,u1,aigul,A,3
"Student, Test",999,,,A,
"Smith, Jo",502,u2,jo,B,
"""
MOODLE = """Identifier,Full name,Email address,Status,Grade
Participant 4711,Jo Smith,jo@example.org,Submitted,
Participant 4712,Айгүл Әлиева,aigul@example.org,,
"""


def read(folder, text, encoding="utf-8"):
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_our_roster_is_read_however_a_spreadsheet_saved_it(tmp_path, encoding, mark):
    text = f"student{mark}name\r\ns1{mark}Айгүл Әлиева\r\n\r\n s 2 {mark}Zoë\r\n"
    roster = read(tmp_path, text, encoding)

    assert [(one.student, one.name) for one in roster.students] == [
        ("s1", "Айгүл Әлиева"),
        ("s 2", "Zoë"),
    ]


def test_a_gradebook_of_canvas_is_a_roster(tmp_path):
    roster = read(tmp_path, CANVAS)

    assert list(roster.by_id) == ["u1", "u2"]
    assert roster.find("canvas_id", "501").name == "Әлиева, Айгүл"
    assert roster.find_by_name("әлиеваайгүл", letters_alone=True).student == "u1"


def test_a_gradebook_of_canvas_may_have_two_columns_for_names(tmp_path):
    header = "LastName,FirstName,ID,SIS Login ID,Section"
    roster = read(tmp_path, f"{header}\nLi,Wei,7,wei,A\nStudent,Test,8,,A\n")

    assert [(one.student, one.name) for one in roster.students] == [("wei", "Li, Wei")]


def test_a_worksheet_of_moodle_is_a_roster(tmp_path):
    roster = read(tmp_path, MOODLE)

    assert roster.find("moodle_id", "4711").student == "jo@example.org"
    assert roster.find_by_name("Smith Jo").student == "jo@example.org"


def test_two_of_one_name_are_told_apart_by_id_alone(tmp_path):
    roster = read(tmp_path, "student,name\ns1,Jo Smith\ns2,Jo Smith\n")

    assert roster.find_by_name("Jo Smith") is None
    assert roster.find("student", "S2").student == "s2"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("student\ns1\ns2\nS1\n", r"line 4: the id 'S1' stands in line 2 already"),
        ("student,name\n,Jo\n", r"line 2: the id '' is empty"),
        ("student\n../s1\n", r"line 2: .* holds '/'"),
        ("student\n_all\n", r"line 2: .*begins with a dot or an underscore"),
        ("student\nNUL\n", r"line 2: .*Windows keeps"),
        (f"student\n{'x' * 101}\n", r"line 2: .*over 100 characters"),
        ("name\nJo\n", r"line 1: there is no column 'student'; there is: name"),
        ("student,student\n1,2\n", r"line 1: the column 'student' is there twice"),
        ("student\n1,2\n", r"line 2: 2 cells, where the header has 1"),
        ("", r"line 1: there is no header"),
        ("Teilnehmer/in\nTeilnehmer 1\n", r"line 1: .*set it to English"),
        ("Identifier\nnobody\n", r"line 2: the identifier ends in no number"),
    ],
    ids=lambda given: given[:20].replace("\n", " "),
)
def test_what_cannot_be_a_roster_is_refused_with_the_line(tmp_path, text, said):
    with pytest.raises(MalformedTableError, match=said):
        read(tmp_path, text)


def test_a_windows_encoding_is_refused_with_the_line(tmp_path):
    with pytest.raises(MalformedTableError, match=r"line 3: .*CSV UTF-8"):
        read(tmp_path, "student,name\ns1,Jo\ns2,Айгуль\n", "cp1251")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_refused_in_words(tmp_path, encoding):
    with pytest.raises(MalformedTableError, match=r"line 1: .*CSV UTF-8"):
        read(tmp_path, "student,name\ns1,Jo\n", encoding)


def test_cp1252_is_refused_with_the_line(tmp_path):
    with pytest.raises(MalformedTableError, match=r"line 2: .*CSV UTF-8"):
        read(tmp_path, "student,name\ns1,Zoë\n", "cp1252")
