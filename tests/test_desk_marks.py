"""Marks of written answers: rubrics that change, sheets, two markers."""

import csv
import random
from copy import deepcopy
from pathlib import Path

import pytest

from coursekit.desk import marks
from coursekit.desk.book import open_book
from coursekit.desk.frames import frame_for
from coursekit.desk.marks import find_written, list_written
from coursekit.desk.review import Review, compare_markers, write_notebook
from coursekit.desk.rules import marked_points
from coursekit.desk.scores import score_exercise
from coursekit.desk.sheets import read_sheet, write_sheet
from coursekit.desk.tables import MalformedTableError
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.exercise.rubrics import name_levels
from desk_work import fill_gradebook, make_course, mark_all

SLUG, QUESTION = "16_one_case_three_lenses", "write"


@pytest.fixture
def course(tmp_path):
    course = make_course(tmp_path / "course", exercises=[SLUG])
    fill_gradebook(course, students=9, marked=False)
    return course


def points_of(course):
    scores = score_exercise(course, SLUG).values()
    return {
        one.student: q.points
        for one in scores
        for q in one.questions
        if q.name == QUESTION
    }


def edit(path, change, encoding="utf-8-sig", mark=","):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    change(rows)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=mark).writerows(rows)


def test_each_marker_has_an_order_of_their_own_that_stays(course):
    with open_book(course) as book:
        orders = [
            [a.student for a in Review(course, SLUG, QUESTION, who, book).answers]
            for who in ("ann", "ann", "bob")
        ]

    assert orders[0] == orders[1]
    assert orders[0] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2])


def test_a_mark_is_in_the_gradebook_at_once_and_in_the_score(course):
    with open_book(course) as book:
        review = Review(course, SLUG, QUESTION, "ann", book)
        best = {one["id"]: one["levels"][0]["id"] for one in review.rubric}
        review.save(0, best, "Well argued.")
        student = review.answers[0].student
        again = Review(course, SLUG, QUESTION, "ann", book)

    assert points_of(course)[student] == 10
    assert (again.mark_of(0).comment, again.find_open()) == ("Well argued.", 1)


def test_a_mark_without_a_level_awaits_review(course):
    with open_book(course) as book:
        review = Review(course, SLUG, QUESTION, "ann", book)
        review.save(0, {review.rubric[0]["id"]: "1"}, "")

        assert review.points_of(0) is None
        assert review.find_open() == 0


def test_a_changed_rubric_scores_earlier_marks_anew_and_names_those_it_cannot(course):
    with open_book(course) as book:
        review = Review(course, SLUG, QUESTION, "ann", book)
        best = {one["id"]: one["levels"][0]["id"] for one in review.rubric}
        last = {one["id"]: one["levels"][-1]["id"] for one in review.rubric}
        review.save(0, {**best, "1": "2"}, "")
        review.save(1, last, "")
        rubric = deepcopy(review.rubric)
        rubric[0]["levels"][1]["points"] = 1.5
        nothing_lost = review.change_rubric(rubric)
        rescored = review.points_of(0)
        rubric = deepcopy(rubric)
        del rubric[0]["levels"][-1]
        lost = review.change_rubric(rubric)

    assert (nothing_lost, rescored, lost) == ([], 8.5, [1])
    assert points_of(course)[review.answers[0].student] == 8.5
    assert points_of(course)[review.answers[1].student] is None


def test_a_rubric_that_adds_up_to_other_points_is_refused_and_the_old_one_stays(course):
    with open_book(course) as book:
        review = Review(course, SLUG, QUESTION, "ann", book)
        rubric = deepcopy(review.rubric)[1:]

        with pytest.raises(CoursekitError, match=r"add up to 7.*10 points"):
            review.change_rubric(rubric)
        assert len(Review(course, SLUG, QUESTION, "ann", book).rubric) == 5


def test_another_marker_s_change_of_the_rubric_is_seen(course):
    with open_book(course) as book:
        ann, bob = (Review(course, SLUG, QUESTION, who, book) for who in ("ann", "bob"))
        rubric = deepcopy(ann.rubric)
        rubric[0]["criterion"] = "Evidence"
        ann.change_rubric(rubric)

        assert bob.refresh_rubric()
        assert bob.rubric[0]["criterion"] == "Evidence"
        assert not bob.refresh_rubric()


def test_a_rubric_changed_in_the_exercise_keeps_the_marks_of_words_that_stay(
    course, monkeypatch
):
    with open_book(course) as book:
        review = Review(course, SLUG, QUESTION, "ann", book)
        best = {one["id"]: one["levels"][0]["id"] for one in review.rubric}
        review.save(0, best, "")
        review.save(1, {**best, "1": "2"}, "")
        source = deepcopy(marks._source_rubric(course, SLUG, QUESTION))
        source[0]["levels"][1]["means"] = "Other words."
        source.reverse()
        monkeypatch.setattr(marks, "_source_rubric", lambda *_given: source)
        again = Review(course, SLUG, QUESTION, "ann", book)
        twice = Review(course, SLUG, QUESTION, "ann", book)

    assert (again.points_of(0), again.points_of(1)) == (10, None)
    assert again.rubric == twice.rubric


def test_a_rubric_changed_in_the_panel_stays_when_the_exercise_changes(
    course, monkeypatch
):
    with open_book(course) as book:
        review = Review(course, SLUG, QUESTION, "ann", book)
        changed = deepcopy(review.rubric)
        changed[0]["criterion"] = "Evidence"
        review.change_rubric(changed)
        source = deepcopy(marks._source_rubric(course, SLUG, QUESTION))
        source[0]["criterion"] = "Other words"
        monkeypatch.setattr(marks, "_source_rubric", lambda *_given: source)

        assert Review(course, SLUG, QUESTION, "ann", book).rubric == changed


def test_the_comment_bank_keeps_a_sentence_once(course):
    with open_book(course) as book:
        review = Review(course, SLUG, QUESTION, "ann", book)
        for _ in range(2):
            review.add_comment("Name the source.")

        assert review.comments() == ["Name the source."]


def test_points_are_the_mean_of_markers_unless_they_agreed():
    rubric = name_levels([{"criterion": "Says why", "points": 2}])
    yes, no = {"1": "1"}, {"1": "2"}

    assert marked_points(rubric, {"ann": yes, "bob": no}) == 1.0
    assert marked_points(rubric, {"ann": yes, "bob": no, "agreed": no}) == 0.0
    assert marked_points(rubric, {"ann": yes, "bob": {}}) == 2.0
    assert marked_points(rubric, {"bob": {"1": "9"}}) is None


def test_two_markers_are_compared_and_the_differing_cases_listed(course):
    with open_book(course) as book:
        mark_all(course, SLUG, "ann", random.Random(1), book)
        same = random.Random(1)
        mark_all(course, SLUG, "bob", same, book)
    alike = compare_markers(course, SLUG, QUESTION)
    with open_book(course) as book:
        mark_all(course, SLUG, "bob", random.Random(2), book)
    other = compare_markers(course, SLUG, QUESTION)

    assert (alike.alike, alike.differ) == (1.0, ())
    assert set(alike.kappa.values()) <= {1.0, None}
    assert len(other.differ) == round((1 - other.alike) * other.answers)
    assert "`agreed` decides" in other.to_text()


def test_one_marker_cannot_be_compared(course):
    with pytest.raises(
        CoursekitError, match=r"takes two who have marked .* run `coursekit"
    ):
        compare_markers(course, SLUG, QUESTION)


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8-sig", ","), ("utf-8", ";"), ("utf-16", "\t")]
)
def test_a_sheet_goes_out_and_comes_back(course, tmp_path, encoding, mark):
    path = write_sheet(course, SLUG, QUESTION, tmp_path / "a.csv", marker="ann")

    def fill(rows):
        for row in rows[1:4]:
            row[2:7] = ["3", "2,0", "2", "2", "1.0"]
            row[7] = "'=well"

    edit(path, fill, encoding, mark)
    sheet = read_sheet(course, SLUG, QUESTION, path, marker="ann")
    again = read_sheet(course, SLUG, QUESTION, path, marker="ann")
    given = [points for points in points_of(course).values() if points is not None]
    back = write_sheet(course, SLUG, QUESTION, tmp_path / "a.csv", marker="ann")

    assert ((sheet.marked, sheet.changed), (again.marked, again.changed)) == (
        (3, 3),
        (3, 0),
    )
    assert given == [10.0] * 3
    assert back.name == "a-2.csv"
    assert back.read_text(encoding="utf-8-sig").count("'=well") == 3


def test_a_sheet_names_nobody(course, tmp_path):
    path = write_sheet(course, SLUG, QUESTION, tmp_path / "a.csv", marker="ann")
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))

    assert rows[0][:2] == ["answer", "text"]
    assert not any("s00" in cell for row in rows for cell in row)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (2, "4", r"line 2: '4' is no level of 'Evidence.*levels have 3, 2, 1, 0"),
        (2, "good", r"line 2: 'good' is no level"),
        (0, "0123456789", r"line 2: no answer that counts now has the code"),
    ],
    ids=["points", "words", "code"],
)
def test_a_sheet_that_makes_no_sense_is_refused_with_the_line(
    course, tmp_path, column, value, said
):
    path = write_sheet(course, SLUG, QUESTION, tmp_path / "a.csv", marker="ann")

    def spoil(rows):
        rows[1][2:7] = ["3", "2", "2", "2", "1"]
        rows[1][column] = value

    edit(path, spoil)

    with pytest.raises(MalformedTableError, match=said):
        read_sheet(course, SLUG, QUESTION, path, marker="ann")

    assert set(points_of(course).values()) == {None}


def test_a_sheet_without_a_column_is_refused(course, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("answer,text\n1,2\n")

    with pytest.raises(MalformedTableError, match=r"line 1: .*no column '1\. Evidence"):
        read_sheet(course, SLUG, QUESTION, path, marker="ann")


def test_before_anything_was_graded_the_next_command_is_named(tmp_path):
    course = make_course(tmp_path / "course", exercises=[SLUG])
    with (
        open_book(course, make=True) as book,
        pytest.raises(CoursekitError, match=f"run `coursekit grade {SLUG}`"),
    ):
        list_written(course, SLUG, QUESTION, book)


def test_a_question_that_is_not_written_is_refused(course):
    frame = frame_for(course, SLUG)

    assert find_written(frame) == QUESTION

    with pytest.raises(UnknownNameError, match="There is: write"):
        find_written(frame, "else")


def test_the_notebook_of_the_panel_is_written_once(course):
    first = write_notebook(course, SLUG, QUESTION, "ann", "")
    first.write_text("mine")

    assert write_notebook(course, SLUG, QUESTION, "ann", "") == first
    assert Path(first).read_text() == "mine"


@pytest.fixture
def cut_short():
    """No file can be longer than a line."""
    resource = pytest.importorskip("resource")  # Windows has none
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_notebook_of_the_panel_that_is_cut_short_is_not_kept(course, cut_short):
    with pytest.raises(OSError, match="File too large"):
        write_notebook(course, SLUG, QUESTION, "ann", "")

    assert list((course.folder / "review").iterdir()) == []
