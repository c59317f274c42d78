import csv
import io
import json
from dataclasses import replace

import pytest

from coursekit.errors import CoursekitError
from coursekit.grading.judge import Judgement, QuestionResult
from coursekit.grading.match import Repair
from coursekit.grading.report import (
    GradeReport,
    QuestionSummary,
    SubmissionGrade,
    next_free,
    refuse_existing,
)

WALLS = "bubblewrap: no network"


def make_grade(student="ada", points=1.5, *, fault="", repairs=(), **ran_in):
    judgement = Judgement.PARTLY_CORRECT if points else Judgement.WRONG
    questions = (
        QuestionResult("shares", judgement, points, 2.0),
        QuestionResult("why", None, None, 4.0, awaiting_review=True),
    )
    notebook = f"work/{student}.ipynb"
    return SubmissionGrade(student, notebook, questions, repairs, fault, **ran_in)


def make_report(student="ada", *, fault="", repair="the answer cell was moved back"):
    repairs = (Repair("moved", "shares", repair),)
    ran_in = {"kernel": "warm", "walls": WALLS}
    grade = make_grade(student, fault=fault, repairs=repairs, **ran_in)
    return GradeReport("tiny", "1", 2.0, 4.0, (grade,), versions={})


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
        "kernel": "warm",
        "walls": WALLS,
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
    assert read_row(make_report("\0=1"))["student"] == "'=1"
    assert read_row(make_report("\n\u3000=1"))["student"] == "' \u3000=1"
    assert len(report.to_csv().splitlines()) == 2


def test_terminal_table_drops_control_characters():
    text = make_report("ada\x1b[31m", fault="bad\x07").to_text()

    assert "\x1b" not in text
    assert "\x07" not in text


def test_terminal_tables_name_repairs_faults_walls_and_reviews():
    text = make_report(fault="it was cut short").to_text()

    assert text.splitlines() == [
        "tiny, version 1",
        "student  points  judgements",
        "ada       1.5/2  1 partly correct, 1 awaiting review",
        "",
        "question  mean share  judgements",
        "shares          0.75  1 partly correct",
        "why                   1 awaiting review",
        "all             0.75  1 partly correct, 1 awaiting review",
        "",
        "ada: it was cut short",
        "ada: shares: the answer cell was moved back",
        "4 more points are for written answers, which people mark.",
        f"Kernel: warm. Walls: {WALLS}. Submissions: 1.",
    ]


def test_points_stand_below_each_other_after_names_of_any_script():
    report = replace(
        make_report(), grades=(make_grade("李明"), make_grade("Zoe\u0308"))
    )

    assert report.to_text().splitlines()[1:4] == [
        "student  points  judgements",
        "李明      1.5/2  1 partly correct, 1 awaiting review",
        "Zoe\u0308       1.5/2  1 partly correct, 1 awaiting review",
    ]


def test_summary_counts_judgements_and_means_of_each_question():
    grades = (make_grade(), make_grade("ben", 0.0), make_grade("cy", 0.0))

    assert GradeReport("tiny", "1", 2.0, 4.0, grades).summarise() == (
        QuestionSummary("shares", {"partly correct": 1, "wrong": 2}, 0.25),
        QuestionSummary("why", {"awaiting review": 3}, None),
        QuestionSummary(
            "all", {"partly correct": 1, "wrong": 2, "awaiting review": 3}, 0.25
        ),
    )


def test_exercise_without_points_has_no_mean_share():
    report = GradeReport("tiny", "1", 0.0, 4.0, (make_grade(),))

    assert report.summarise()[-1].mean_share is None


def test_each_kernel_and_walls_are_named_once_and_what_did_not_run_is_not():
    grades = (
        make_grade("ada", kernel="warm", walls=WALLS),
        make_grade("ben", kernel="jupyter", walls="none"),
        make_grade("cy", kernel="warm", walls=WALLS),
        make_grade("dee", fault="no notebook"),
    )
    report = GradeReport("tiny", "1", 2.0, 4.0, grades)

    assert report.to_text().splitlines()[-2:] == [
        f"Kernel: warm. Walls: {WALLS}. Submissions: 2.",
        "Kernel: jupyter. Walls: none. Submissions: 1.",
    ]
    assert json.loads(report.to_json())["ran_in"] == [
        {"kernel": "warm", "walls": WALLS, "submissions": 2},
        {"kernel": "jupyter", "walls": "none", "submissions": 1},
    ]


def test_json_holds_everything():
    content = json.loads(make_report().to_json())

    assert content["grades"][0]["walls"] == WALLS
    assert content["grades"][0]["awaiting_review"] == ["why"]
    assert content["grades"][0]["questions"][0]["judgement"] == "partly correct"
    assert content["grades"][0]["repairs"][0]["kind"] == "moved"
    assert content["summary"][0] == {
        "name": "shares",
        "judgements": {"partly correct": 1},
        "mean_share": 0.75,
    }


def test_half_an_emoji_in_a_name_can_be_printed_and_written():
    report = make_report("ada\ud83d", fault="\ud83d")

    assert json.loads(report.to_json().encode())["grades"][0]["student"] == "ada?"
    assert report.to_csv().encode()
    assert report.to_text().encode()


def test_versions_of_what_graded_are_in_the_report():
    report = GradeReport("tiny", "1", 2.0, 0.0, ())

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
