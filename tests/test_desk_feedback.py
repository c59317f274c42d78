"""Feedback pages, and what must never be in them."""

import base64
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from coursekit.desk.collect import collect
from coursekit.desk.course import find_course
from coursekit.desk.drawn import PLOTLY, read_drawn
from coursekit.desk.feedback import write_feedback
from coursekit.desk.frames import frame_for
from coursekit.desk.grading import grade_collected
from coursekit.desk.pages import is_as_written, render_page
from coursekit.desk.scores import score_exercise
from coursekit.errors import CoursekitError, UnknownNameError
from desk_downloads import SLUG, notebook, pack
from desk_work import fill_gradebook, make_course
from hostile_notebook import HOSTILE, make_hostile

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n rest").decode()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("desk") / "course")
    fill_gradebook(course, students=12)
    return course


def attributes_of(page):
    """Names of all attributes, as a browser reads the page."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda _tag, attributes: found.extend(attributes)
    parser.feed(page)
    return [name for name, _value in found]


def page_of(course, student, slug=SLUG):
    write_feedback(course, slug, [student])
    return (course.folder / "feedback" / slug / f"{student}.html").read_text()


def test_a_page_has_every_question_with_its_points_and_the_total(course):
    score = score_exercise(course, SLUG)["s001"]
    page = page_of(course, "s001")

    assert f"<strong>{score.final:g} of {score.maximum:g} points.</strong>" in page
    assert page.count('<p class="judged">') == len(score.questions)
    assert "For s001." in page


def test_a_late_page_says_what_was_taken_off(course):
    late = next(
        score for score in score_exercise(course, SLUG).values() if score.deduction
    )

    assert f": {late.deduction:g} points are taken off." in page_of(
        course, late.student
    )


def test_hidden_checks_are_counted_and_not_named(course):
    checks = [
        check for asked in frame_for(course, SLUG).questions for check in asked.checks
    ]
    page = page_of(course, "s001")

    assert [c.name for c in checks if c.hidden and c.name in page] == []
    assert "hidden check 1" in page


def test_a_mark_shows_its_levels_and_comment(course):
    page = page_of(course, "s002", "16_one_case_three_lenses")

    assert "<strong>Evidence from three lenses</strong>" in page
    assert "<blockquote>Seen.</blockquote>" in page


def test_a_second_run_writes_nothing_new_and_an_edited_page_stays(course):
    write_feedback(course, SLUG)
    again = write_feedback(course, SLUG)
    page = course.folder / "feedback" / SLUG / "s001.html"
    page.write_text(page.read_text() + "mine")
    beside = write_feedback(course, SLUG)

    assert again.new == 0
    assert page.read_text().endswith("mine")
    assert [Path(name).name for name in beside.beside] == ["s001-2.html"]


def test_work_that_was_not_graded_says_so_and_the_report_what_to_run(tmp_path):
    course = make_course(tmp_path / "course")
    collect(course, SLUG, pack({"s1.ipynb": notebook()}, tmp_path / "a.zip"))
    report = write_feedback(course, SLUG)

    assert report.open == ("s1",)
    assert "coursekit grade" in report.to_text()
    assert "This is not the end: not graded." in page_of(course, "s1")


def test_before_anything_was_collected_the_next_command_is_named(tmp_path):
    course = make_course(tmp_path / "course")

    with pytest.raises(CoursekitError, match="coursekit collect"):
        write_feedback(course, SLUG)


def test_a_student_without_work_is_refused(course):
    with pytest.raises(UnknownNameError, match="student with work"):
        write_feedback(course, SLUG, ["nobody"])


@pytest.mark.parametrize(
    ("name", "archive", "inside"),
    [
        ("smithjane_1234_56_q-1.ipynb", "canvas", "smithjane_1234_56_q-1.html"),
        (
            "Jane Smith_4711_assignsubmission_file_/q.ipynb",
            "moodle",
            "Jane Smith_4711_assignsubmission_file_/feedback.html",
        ),
        (
            "Jane Smith_4711_assignsubmission_file_q.ipynb",
            "moodle",
            "Jane Smith_4711_assignsubmission_file_/feedback.html",
        ),
    ],
    ids=["canvas", "moodle", "moodle-flat"],
)
def test_archives_are_named_as_platforms_expect(tmp_path, name, archive, inside):
    course = make_course(tmp_path / "course")
    collect(course, SLUG, pack({name: notebook()}, tmp_path / "a.zip"))
    report = write_feedback(course, SLUG)

    assert [Path(one).name for one in report.archives] == [f"{SLUG}-{archive}.zip"]
    assert zipfile.ZipFile(report.archives[0]).namelist() == [inside]


def test_what_a_student_writes_is_shown_and_not_run(tmp_path):
    course = make_course(tmp_path / "course", exercises=["16_one_case_three_lenses"])
    slug = course.assignments[0].slug
    content = make_hostile(course.student_version(slug))
    collect(course, slug, pack({"s1.ipynb": content}, tmp_path / "a.zip"))
    grade_collected(course, slug)
    page = page_of(course, "s1", slug)
    tags = set(re.findall(r"<(script|iframe|object|embed|svg|link|form)\b[^>]*>", page))
    images = re.findall(r'<img src="([^"]{0,30})', page)

    assert HOSTILE[0] not in page
    assert tags == {"script"}
    assert len(re.findall(r'<script nonce="[0-9a-f]{32}">', page)) == 1
    assert re.findall(r"<script>|<script src", page) == []
    assert [src for src in images if not src.startswith("data:image/png;")] == []
    assert [name for name in attributes_of(page) if name.startswith("on")] == []


def test_figures_are_read_by_kind_and_size(tmp_path):
    outputs = [
        {"data": {PLOTLY: {"data": [{"type": "bar"}], "layout": {"title": "Shares"}}}},
        {"data": {"image/png": PNG}},
        {"data": {"image/png": base64.b64encode(b"<svg onload=x>").decode()}},
        {"data": {"image/svg+xml": "<svg/>", "text/html": "<script>"}},
        {"data": {PLOTLY: {"data": [{"x": ["long" * 10**6]}]}}},
        {"data": 3},
        "none",
    ]
    cells = [{"id": "a", "outputs": outputs}, 3, {"id": "b", "outputs": outputs}]
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    found = read_drawn(path, {"q": ["a"]})

    assert [one.words for one in found["q"]] == [
        "A figure titled Shares, with the traces: 1 bar.",
        "A picture.",
    ]
    assert found["q"][1].picture == f"data:image/png;base64,{PNG}"
    assert list(found) == ["q"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"cells": 3}', b"\xff"])
def test_a_notebook_that_is_none_has_no_figures(tmp_path, content):
    (tmp_path / "a.ipynb").write_bytes(content)

    assert read_drawn(tmp_path / "a.ipynb", {"q": ["a"]}) == {}


def test_the_same_page_twice_is_the_same_bytes_and_an_edit_is_seen(tmp_path):
    page = render_page("t", "{{ words }}", title="T", words="<b>")
    path = tmp_path / "a.html"
    path.write_text(page)

    assert page == render_page("t", "{{ words }}", title="T", words="<b>")
    assert "&lt;b&gt;" in page
    assert is_as_written(path)

    path.write_text(page.replace("&lt;b", "&lt;i"))

    assert not is_as_written(path)


def test_a_capped_and_extended_exercise_says_so(tmp_path):
    more = f"cap = 3\n[[extensions]]\nstudent = 's001'\nexercise = '{SLUG}'\n"
    course = make_course(
        tmp_path / "c", exercises=[SLUG], more=f"{more}due = 2027-04-01T00:00:00\n"
    )
    fill_gradebook(course, students=1)
    page = page_of(find_course(course.folder), "s001")

    assert "Due (with an extension): 01 April 2027, 00:00" in page
    assert "At most 3 points count." in page
