import pytest

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
