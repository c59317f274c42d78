import csv
import io
import json

import pytest

from coursekit.errors import CoursekitError
from coursekit.grading.judge import Judgement, QuestionResult
from coursekit.grading.match import Repair
from coursekit.grading.report import (
    GradeReport,
    SubmissionGrade,
    next_free,
    refuse_existing,
)

SANDBOX = "none: ordinary Jupyter kernel, no walls"


def make_report(student="ada", *, fault="", repair="the answer cell was moved back"):
    questions = (
        QuestionResult("shares", Judgement.PARTLY_CORRECT, 1.5, 2.0),
        QuestionResult("why", None, None, 4.0, awaiting_review=True),
    )
    grade = SubmissionGrade(
        student,
        "work/ada.ipynb",
        questions,
        (Repair("moved", "shares", repair),),
        fault,
    )
    return GradeReport("tiny", "1", 2.0, 4.0, (grade,), "jupyter", SANDBOX, versions={})


def read_row(report):
    (row,) = csv.DictReader(io.StringIO(report.to_csv()))
    return row


def test_csv_has_points_judgements_walls_and_repairs():
    assert read_row(make_report()) == {
        "student": "ada",
        "exercise": "tiny",
        "version": "1",
        "shares": "1.5",
        "why": "",
        "total": "1.5",
        "maximum": "2",
        "shares judgement": "partly correct",
        "why judgement": "awaiting review",
        "kernel": "jupyter",
        "sandbox": SANDBOX,
        "fault": "",
        "repairs": "shares: the answer cell was moved back",
    }


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("=1+1", id="equals"),
        pytest.param("+1", id="plus"),
        pytest.param("-1", id="minus"),
        pytest.param("@sum", id="at"),
        pytest.param(" =1", id="after-a-space"),
        pytest.param("\uff1d1", id="full-width"),
    ],
)
def test_name_that_a_spreadsheet_takes_for_a_formula_is_made_text(name):
    assert read_row(make_report(name))["student"] == f"'{name}"


def test_tab_and_newline_cannot_open_a_cell_or_a_row():
    report = make_report("\t=1", fault="one\r\n=two")

    assert read_row(report)["student"] == "' =1"
    assert len(report.to_csv().splitlines()) == 2


def test_terminal_table_drops_control_characters():
    text = make_report("ada\x1b[31m", fault="bad\x07").to_text()

    assert "\x1b" not in text
    assert "\x07" not in text


def test_terminal_table_names_repairs_faults_walls_and_reviews():
    text = make_report(fault="it was cut short").to_text()

    assert text.splitlines() == [
        "tiny, version 1",
        "student  points  judgements",
        "ada       1.5/2  1 partly correct, 1 awaiting review",
        "ada: it was cut short",
        "ada: shares: the answer cell was moved back",
        "4 more points are for written answers, which people mark.",
        f"Kernel: jupyter. Sandbox: {SANDBOX}.",
    ]


def test_json_holds_everything():
    content = json.loads(make_report().to_json())

    assert content["sandbox"] == SANDBOX
    assert content["grades"][0]["awaiting_review"] == ["why"]
    assert content["grades"][0]["questions"][0]["judgement"] == "partly correct"
    assert content["grades"][0]["repairs"][0]["kind"] == "moved"


def test_half_an_emoji_in_a_name_can_be_printed_and_written():
    report = make_report("ada\ud83d", fault="\ud83d")

    assert json.loads(report.to_json().encode())["grades"][0]["student"] == "ada?"
    assert report.to_csv().encode()
    assert report.to_text().encode()


def test_versions_of_what_graded_are_in_the_report():
    report = GradeReport("tiny", "1", 2.0, 0.0, (), "jupyter", SANDBOX)

    assert set(report.versions) >= {"coursekit", "nbval", "python"}


def test_grades_are_never_written_over_a_file(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text("mine")

    written = make_report().write_csv(path)

    assert written == tmp_path / "grades-2.csv" != next_free(path)
    assert path.read_text() == "mine"


def test_file_that_exists_is_refused_with_a_name_that_would_work(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text("mine")

    with pytest.raises(CoursekitError, match=r"for example grades-2\.csv"):
        refuse_existing(path)
