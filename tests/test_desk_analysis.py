"""The analysis of a generated class."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from coursekit.desk.analysis import analyse, analyse_exercise
from coursekit.desk.book import open_book
from coursekit.desk.frames import frame_for
from coursekit.desk.scores import score_exercise
from coursekit.errors import CoursekitError
from coursekit.grading.tables import (
    AnswerRow,
    HandedInRow,
    JudgementRow,
    StudentRow,
    SubmissionRow,
)
from desk_work import EXERCISES, fill_gradebook, make_course

SLUG = EXERCISES[0]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("desk") / "course")
    fill_gradebook(course, students=40)
    return course


def test_difficulty_is_the_mean_share_of_the_points(course):
    scores = [one for one in score_exercise(course, SLUG).values() if one.questions]
    items = analyse_exercise(course, SLUG).items
    expected = [
        sum(one.questions[place].points for one in scores)
        / sum(one.questions[place].maximum for one in scores)
        for place in range(len(items))
    ]

    assert [item.difficulty for item in items] == pytest.approx(expected)
    assert [item.students for item in items] == [len(scores)] * len(items)


def test_generated_skill_makes_questions_hang_together(course):
    found = analyse_exercise(course, SLUG)

    assert found.alpha.low < 0.7 < found.alpha.high
    assert sum(item.discrimination or 0.0 for item in found.items) > 1


def test_common_wrong_values_are_explained_or_work_for_the_author(course):
    wrong = analyse_exercise(course, SLUG).wrong
    foreseen = {
        message
        for asked in frame_for(course, SLUG).questions
        for check in asked.checks
        for _, message in check.attempts
    }

    assert {one.explained for one in wrong} - {""} <= foreseen
    assert any(one.explained for one in wrong)
    assert any(not one.explained for one in wrong)
    assert all(one.students > 1 for one in wrong)


def test_the_page_and_the_tables_say_the_same(course):
    report = analyse(course, ["02"])
    page = Path(report.files[0]).read_text(encoding="utf-8")
    with Path(report.files[1]).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    items = report.analyses[0].items

    assert [row["question"] for row in rows] == [item.question for item in items]
    assert [float(row["difficulty"]) for row in rows] == [i.difficulty for i in items]
    assert all(f"{item.difficulty:.2f}" in page for item in items)
    assert "a reason to look and not a verdict" in page


def test_a_second_report_lies_beside_the_first(course):
    first, second = analyse(course, ["02"]), analyse(course, ["02"])

    assert set(first.files).isdisjoint(second.files)


def test_copied_answers_are_shown_side_by_side_and_escaped(tmp_path):
    course = make_course(tmp_path / "course", exercises=[SLUG])
    fill_gradebook(course, students=10)
    code = "\n".join(f"z{n} = f{n}(w{n}, '<b>&{n}', {n} * y)" for n in range(20))

    def copy(session):
        chosen = select(StudentRow.id).where(StudentRow.name.in_(["s002", "s003"]))
        sent = select(SubmissionRow.id).where(SubmissionRow.student_id.in_(chosen))
        for row in session.scalars(
            select(AnswerRow).where(AnswerRow.submission_id.in_(sent))
        ):
            row.source = code

    with open_book(course) as book:
        book.transact(copy)
    report = analyse(course)
    page = Path(report.files[0]).read_text(encoding="utf-8")

    assert ("s002", "s003") in report.analyses[0].groups
    assert "&lt;b&gt;&amp;3" in page
    assert "<b>&3" not in page


def test_versions_are_numbered_by_when_they_were_handed_in(tmp_path):
    course = make_course(tmp_path / "course", exercises=[SLUG])
    fill_gradebook(course, students=5)

    def hand_in_earlier(session):
        for row in session.scalars(select(HandedInRow)).all():
            session.add(
                HandedInRow(
                    slug=row.slug,
                    student_id=row.student_id,
                    hash=row.hash[::-1],
                    submitted=row.submitted - timedelta(days=1),
                    marked_late=False,
                    name=row.name,
                    file="collected last.ipynb",
                    origin=row.origin,
                    collected=row.collected,
                )
            )

    with open_book(course) as book:
        book.transact(hand_in_earlier)
    first = {item.first_correct for item in analyse_exercise(course, SLUG).items}

    assert first - {None} == {2}


def test_a_question_for_no_points_leaves_the_others_their_figures(
    monkeypatch, tmp_path
):
    course = make_course(tmp_path / "course", exercises=[SLUG])
    fill_gradebook(course, students=40)
    frame = frame_for(course, SLUG)
    first, *others = frame.questions
    free = replace(frame, questions=(replace(first, maximum=0.0), *others))
    with open_book(course) as book:
        of_first = update(JudgementRow).where(JudgementRow.question == first.name)
        book.transact(lambda use: use.execute(of_first.values(points=0, maximum=0)))
    monkeypatch.setattr("coursekit.desk.analysis.frame_for", lambda *_: free)
    found = analyse_exercise(course, SLUG)

    assert found.items[0].difficulty is found.items[0].discrimination is None
    assert found.alpha.items == len(others) > 1
    assert any(item.discrimination for item in found.items[1:])


def test_before_anything_was_graded_the_next_command_is_named(tmp_path):
    with pytest.raises(CoursekitError, match="coursekit collect"):
        analyse(make_course(tmp_path / "course"))
