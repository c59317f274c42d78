import pytest
from sqlalchemy import text

from coursekit.desk.book import open_book
from coursekit.desk.course import find_course
from coursekit.desk.scores import score_course, score_exercise
from coursekit.errors import CoursekitError
from desk_work import EXERCISES, fill_gradebook, make_course


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("desk") / "course")
    fill_gradebook(course, students=12)
    return course


def test_before_anything_was_collected_the_next_command_is_named(tmp_path):
    course = make_course(tmp_path / "course")

    with pytest.raises(CoursekitError, match="coursekit collect"):
        score_course(course)


def test_points_are_those_of_the_questions_less_the_deduction(course):
    scores = score_exercise(course, EXERCISES[0]).values()
    graded = [score for score in scores if score.state == "graded"]

    assert graded
    assert [score.final for score in graded] == pytest.approx(
        [sum(q.points for q in score.questions) - score.deduction for score in graded]
    )


def test_somebody_of_the_roster_who_handed_in_nothing_is_listed(course):
    scores = score_course(course, students=["s999"])

    assert {one.state for one in scores[-1].exercises.values()} == {"not handed in"}
    assert scores[-1].student == "s999"


def score_some(tmp_path, rules):
    """Score two exercises that twelve students did, and one that nobody did."""
    course = make_course(tmp_path / "course", exercises=EXERCISES[:2])
    fill_gradebook(course, students=12)
    file = course.folder / "course.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{rules}", encoding="utf-8")
    course = find_course(course.folder)
    return course, score_course(course, students=["s999"])


def test_an_exercise_without_weight_is_neither_dropped_nor_waited_for(tmp_path):
    course, before = score_some(tmp_path, "weight = 0\n[total]\ndrop_lowest = 1")
    with open_book(course) as book:
        book.transact(
            lambda use: use.execute(
                text(f"DELETE FROM marks WHERE slug = '{EXERCISES[1]}'")
            )
        )
    after = score_course(course, students=["s999"])

    assert "awaiting review" in {one.exercises[EXERCISES[1]].state for one in after}
    assert [one.total for one in after] == [one.total for one in before]
    assert {one.dropped for one in after} == {()}
    assert [one.total for one in after] == [
        pytest.approx(100 * one.exercises[EXERCISES[0]].share) for one in after
    ]


def test_an_exercise_that_nobody_handed_in_counts_for_nobody(tmp_path):
    _, scores = score_some(tmp_path, f"[exercises.{EXERCISES[2]}]")

    assert {one.exercises[EXERCISES[2]].state for one in scores} == {"not handed in"}
    assert [one.total for one in scores] == [
        pytest.approx(50 * sum(one.exercises[slug].share for slug in EXERCISES[:2]))
        for one in scores
    ]


def test_one_exercise_stays_however_many_are_dropped(tmp_path):
    _, scores = score_some(tmp_path, "[total]\ndrop_lowest = 9\nout_of = 10")

    assert [one.total for one in scores] == [
        pytest.approx(10 * max(one.exercises[slug].share for slug in EXERCISES[:2]))
        for one in scores
    ]
    assert {len(one.dropped) for one in scores} == {1}


def test_a_cap_bounds_what_is_earned_and_what_is_possible(tmp_path):
    _, scores = score_some(tmp_path, "cap = 1")
    capped = [one.exercises[EXERCISES[1]] for one in scores]
    given = [one for one in capped if one.points is not None]

    assert {one.maximum for one in capped} == {1.0}
    assert max(one.points for one in given) == 1.0
