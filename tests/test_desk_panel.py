"""The panel, without a browser."""

import pytest

from coursekit.desk.panel import review_panel
from coursekit.desk.scores import score_exercise
from coursekit.errors import CoursekitError
from desk_work import fill_gradebook, make_course

SLUG = "16_one_case_three_lenses"


@pytest.fixture
def course(tmp_path):
    course = make_course(tmp_path / "course", exercises=[SLUG])
    fill_gradebook(course, students=6, marked=False)
    return course


@pytest.fixture
def panel(course):
    return review_panel("16", marker="ann", course=course.folder)


def find(panel, kind, words=""):
    found = [panel]
    for widget in found:
        found += getattr(widget, "children", ())
    return [
        one
        for one in found
        if type(one).__name__ == kind and words in getattr(one, "description", "")
    ]


def marked(course):
    scores = score_exercise(course, SLUG).values()
    return [q.points for one in scores for q in one.questions if q.name == "write"]


def head(panel):
    return find(panel, "HTML")[0].value


def said(panel):
    place = panel.children.index(find(panel, "ToggleButton")[0])
    return panel.children[place - 1].value


def choose_best(panel):
    for radio in find(panel, "RadioButtons"):
        radio.value = radio.options[0][1]


def test_choosing_a_level_everywhere_marks_the_answer_at_once(course, panel):
    choose_best(panel)

    assert sorted(marked(course), key=str) == [10, *[None] * (len(marked(course)) - 1)]
    assert "10 points" in head(panel)


def test_going_on_and_back_keeps_what_was_chosen(panel):
    choose_best(panel)
    (comment,) = find(panel, "Textarea", "Comment")
    comment.value = "Good."
    find(panel, "Button", "Next")[0].click()

    assert comment.value == ""
    assert find(panel, "RadioButtons")[0].value is None

    find(panel, "Button", "Previous")[0].click()

    assert comment.value == "Good."
    assert find(panel, "RadioButtons")[0].value == "1"


def test_the_widgets_are_the_same_ones_from_answer_to_answer(panel):
    before = find(panel, "RadioButtons")
    find(panel, "Button", "Next")[0].click()

    assert find(panel, "RadioButtons") == before


def test_the_next_unmarked_answer_is_found_until_there_is_none(course, panel):
    for _ in marked(course):
        choose_best(panel)
        find(panel, "Button", "Next unmarked")[0].click()

    assert None not in marked(course)
    assert "Every answer is marked." in said(panel)


def test_a_comment_goes_into_the_bank_and_out_again(panel):
    (comment,), (bank,) = find(panel, "Textarea", "Comment"), find(panel, "Dropdown")
    comment.value = "Name the source."
    find(panel, "Button", "Keep")[0].click()
    find(panel, "Button", "Next")[0].click()
    bank.value = "Name the source."

    assert comment.value == "Name the source."


def test_nobody_is_named_unless_asked_for(course, panel):
    named = review_panel("16", marker="ann", named=True, course=course.folder)

    assert "s00" not in head(panel)
    assert "(s00" in head(named)


def test_a_gradebook_that_fails_is_said_and_what_was_typed_stays(panel, monkeypatch):
    def fail(*_given):
        raise CoursekitError("the disk is full")

    monkeypatch.setattr("coursekit.desk.review.write_marks", fail)
    (comment,) = find(panel, "Textarea", "Comment")
    comment.value = "Typed."

    assert "NOT saved: the disk is full" in said(panel)
    assert comment.value == "Typed."


def test_the_rubric_is_edited_and_earlier_marks_are_scored_by_it(course, panel):
    choose_best(panel)
    editor = panel.children[-2]
    points = find(editor, "BoundedFloatText")
    points[0].value, points[4].value = 2, 3  # best levels of the first two criteria
    find(editor, "BoundedFloatText")[1].value = 1.5
    find(editor, "Button", "Use this rubric")[0].click()

    assert "scored by it" in find(editor, "HTML")[0].value
    assert "10 points" in head(panel)
    assert find(panel, "RadioButtons")[1].description.endswith("(of 3)")


def test_a_new_criterion_makes_answers_unmarked_and_says_which(course, panel):
    choose_best(panel)
    editor = panel.children[-2]
    find(editor, "Button", "Remove the criterion")[-1].click()
    find(editor, "Button", "Add a criterion")[0].click()
    find(editor, "Text", "Criterion")[-1].value = "Form"
    for points, means in ((1, "Short."), (0, "Long.")):
        find(editor, "Button", "Add a level")[-1].click()
        find(editor, "BoundedFloatText")[-1].value = points
        find(editor, "Textarea")[-1].value = means
    find(editor, "Button", "Use this rubric")[0].click()

    assert "lack a level now: 1; the first is answer 1" in find(editor, "HTML")[0].value
    assert marked(course).count(10) == 0

    find(panel, "RadioButtons")[-1].value = find(panel, "RadioButtons")[-1].options[0][
        1
    ]

    assert marked(course).count(10) == 1


def test_a_rubric_that_nobody_can_mark_by_is_refused_with_the_reason(course, panel):
    editor = panel.children[-2]
    find(editor, "Button", "Remove the level")[0].click()
    find(editor, "Button", "Use this rubric")[0].click()

    assert "NOT changed: the best levels add up to 9" in find(editor, "HTML")[0].value
    assert len(find(panel, "RadioButtons")[0].options) == 5
