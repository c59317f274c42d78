"""Feedback pages, and what must never be in them."""

import base64
import json
import math
import random
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import text

from coursekit.desk.book import open_book
from coursekit.desk.collect import collect
from coursekit.desk.course import find_course
from coursekit.desk.drawn import PLOTLY, read_drawn
from coursekit.desk.feedback import write_feedback
from coursekit.desk.frames import frame_for
from coursekit.desk.grading import grade_collected
from coursekit.desk.marks import Mark, list_written, write_marks
from coursekit.desk.pages import is_as_written, render_page
from coursekit.desk.prose import render_answer
from coursekit.desk.scores import score_exercise
from coursekit.errors import CoursekitError, UnknownNameError
from desk_downloads import SLUG, notebook, pack
from desk_work import fill_gradebook, make_course, mark_all
from hostile_notebook import HOSTILE, make_hostile

TOO_LARGE = "A figure that is too large to be shown here; your notebook has it."


def png(width=2, height=2):
    """Begin a picture of some size, as text."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size
    return base64.b64encode(head + b"\x08\x02\0\0\0").decode()


def jpeg(width, height):
    """Begin a picture of some size, as text: its frame stands after a table."""
    size = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    head = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x11\x08" + size
    return base64.b64encode(head + b"\x03").decode()


def figures_in(tmp_path, *outputs, cell=None):
    """Read what a notebook has in the answer to one question."""
    path = tmp_path / "a.ipynb"
    made = {"id": "a", "cell_type": "code", "outputs": list(outputs), **(cell or {})}
    path.write_text(json.dumps({"cells": [made]}))
    return read_drawn(path, {"q": ["a"]}).get("q", [])


def plotly(*traces, **layout):
    return {"data": {PLOTLY: {"data": list(traces), "layout": layout}}}


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

    assert f"points earned, {late.deduction:g} are taken off." in page_of(
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
    assert '<blockquote dir="auto">Seen.</blockquote>' in page


def test_a_second_run_writes_nothing_new_and_an_edited_page_stays(course):
    write_feedback(course, SLUG)
    again = write_feedback(course, SLUG)
    page = course.folder / "feedback" / SLUG / "s001.html"
    page.write_text(f"{page.read_text()}mine")
    after = write_feedback(course, SLUG)

    assert (again.new, after.new, after.beside) == (0, 0, ())
    assert page.read_text().endswith("mine")


def test_what_is_new_since_a_page_was_edited_lies_beside_it_once(tmp_path):
    course = make_course(tmp_path / "course", exercises=[SLUG])
    fill_gradebook(course, students=1)
    write_feedback(course, SLUG)
    page = course.folder / "feedback" / SLUG / "s001.html"
    page.write_text(f"{page.read_text()}mine")
    toml = course.folder / "course.toml"
    toml.write_text(toml.read_text().replace("Generated", "Renamed"))
    changed = find_course(course.folder)
    first, again = (write_feedback(changed, SLUG) for _ in range(2))

    assert page.read_text().endswith("mine")
    assert [Path(name).name for name in first.beside] == ["s001-2.html"]
    assert (first.new, again.new, again.beside) == (1, 0, first.beside)


def test_work_that_was_not_graded_says_so_and_the_report_what_to_run(tmp_path):
    course = make_course(tmp_path / "course")
    collect(course, SLUG, pack({"s1.ipynb": notebook()}, tmp_path / "a.zip"))
    report = write_feedback(course, SLUG)

    assert report.open == ("s1",)
    assert "coursekit grade" in report.to_text()
    assert "Not final yet: not graded." in page_of(course, "s1")


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
        ("smithjane_1234_56_q-1.ipynb", "canvas", "smithjane_1234_56_feedback.html"),
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
        {"data": {"image/png": png()}},
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
        TOO_LARGE,
    ]
    assert found["q"][1].picture == f"data:image/png;base64,{png()}"
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


def test_a_page_of_one_who_is_called_like_a_second_page_stays_apart(tmp_path):
    course = make_course(tmp_path / "course")
    files = {"s1_1_1_q.ipynb": notebook("x"), "s1-2_2_2_q.ipynb": notebook("y")}
    (course.folder / "roster.csv").write_text(
        "student,name,canvas_id\ns1,A,1\ns1-2,B,2\n"
    )
    collect(course, SLUG, pack(files, tmp_path / "a.zip"), origin="canvas")
    home = course.folder / "feedback" / SLUG
    home.mkdir(parents=True)
    (home / "s1.html").write_text("mine")
    report = write_feedback(course, SLUG)

    assert "For s1-2." in (home / "s1-2.html").read_text()
    assert "For s1." in Path(report.beside[0]).read_text()


def test_two_who_hand_in_the_same_bytes_get_each_their_own_page(tmp_path):
    course = make_course(tmp_path / "course")
    files = {"ann_1_11_q.ipynb": notebook(), "bob_2_22_q.ipynb": notebook()}
    collect(course, SLUG, pack(files, tmp_path / "a.zip"))
    archive = zipfile.ZipFile(write_feedback(course, SLUG).archives[0])

    assert archive.namelist() == ["ann_1_11_feedback.html", "bob_2_22_feedback.html"]
    assert b"For 1." in archive.read("ann_1_11_feedback.html")
    assert b"For 2." in archive.read("bob_2_22_feedback.html")


def test_the_archive_of_some_leaves_that_of_all_alone(tmp_path):
    course = make_course(tmp_path / "course")
    files = {"ann_1_11_q.ipynb": notebook(), "bob_2_22_q.ipynb": notebook("y")}
    collect(course, SLUG, pack(files, tmp_path / "a.zip"))
    everybody = write_feedback(course, SLUG).archives
    some = write_feedback(course, SLUG, ["2"]).archives

    assert zipfile.ZipFile(everybody[0]).namelist() == [
        "ann_1_11_feedback.html",
        "bob_2_22_feedback.html",
    ]
    assert Path(some[0]).name == f"{SLUG}-some-canvas.zip"
    assert zipfile.ZipFile(some[0]).namelist() == ["bob_2_22_feedback.html"]


@pytest.mark.parametrize(
    "folder",
    ["Jane Smith_4711_assignsubmission_file", "down/Jane_4711_assignsubmission_file_"],
)
def test_folders_of_moodle_are_known_by_any_of_their_names(tmp_path, folder):
    course = make_course(tmp_path / "course")
    archive = pack({f"{folder}/q.ipynb": notebook()}, tmp_path / "a.zip")
    collect(course, SLUG, archive)
    name = Path(folder).name.removesuffix("_")
    report = write_feedback(course, SLUG)

    assert zipfile.ZipFile(report.archives[0]).namelist() == [f"{name}_/feedback.html"]


def test_work_without_a_name_of_the_platform_is_named_as_in_no_archive(tmp_path):
    course = make_course(tmp_path / "course")
    collect(
        course,
        SLUG,
        pack({"s1.ipynb": notebook()}, tmp_path / "a.zip"),
        origin="folder",
    )
    with open_book(course) as book:
        book.transact(
            lambda use: use.execute(text("UPDATE handed_in SET origin='moodle'"))
        )
    report = write_feedback(course, SLUG)

    assert (report.archives, report.unpacked) == ((), ("s1",))
    assert "In no archive" in report.to_text()


def test_what_an_instructor_should_run_is_not_told_to_a_student(tmp_path):
    course = make_course(tmp_path / "course")
    collect(course, SLUG, pack({"s1.ipynb": notebook()}, tmp_path / "a.zip"))

    assert "coursekit grade" not in page_of(course, "s1")


def test_the_rule_for_late_work_is_told(course):
    page = page_of(course, "s001")

    assert (
        "Late work loses 10 % of the points that can be had for each day begun. A "
        "delay of up to 10 minutes is overlooked." in page
    )
    assert "What comes more than 14 days late counts nothing." in page


def test_a_page_with_returns_and_half_an_emoji_is_written_once(tmp_path):
    page = render_page("t", "{{ words }}", title="T", words="a\r\nb\rc \ud83d")
    path = tmp_path / "a.html"
    path.write_text(page, encoding="utf-8", newline="\n")

    assert "a\nb\nc ?" in page
    assert is_as_written(path)


def test_code_is_shown_in_the_order_in_which_it_runs(tmp_path):
    course = make_course(tmp_path / "course")
    fill_gradebook(course, students=1)
    with open_book(course) as book:
        book.transact(
            lambda use: use.execute(
                text("UPDATE answers SET source = :source"),
                {"source": "x = \u202e1\r\ty"},
            )
        )
    page = page_of(course, "s001")

    assert "<code>x = \\u202e1\n    y</code>" in page


def test_marks_that_do_not_count_yet_are_not_shown(tmp_path):
    slug = "16_one_case_three_lenses"
    course = make_course(tmp_path / "course", exercises=[slug])
    fill_gradebook(course, students=1, marked=False)
    with open_book(course) as book:
        asked = next(a.name for a in frame_for(course, slug).questions if a.written)
        answer = list_written(course, slug, asked, book)[0]
        mark = Mark("s001", asked, answer.hash, "first", {}, "Secret as yet.")
        book.transact(lambda use: write_marks(use, slug, [mark]))
    page = page_of(course, "s001", slug)

    assert "Secret as yet." not in page
    assert "awaits review</strong>" in page


def test_of_two_markers_each_is_shown_and_no_longer_that_a_person_marks(tmp_path):
    slug = "16_one_case_three_lenses"
    course = make_course(tmp_path / "course", exercises=[slug])
    fill_gradebook(course, students=1)
    with open_book(course) as book:
        mark_all(course, slug, "second", random.Random(2), book)
    page = page_of(course, "s001", slug)

    assert "lenses, marker 1 of 2</strong>" in page
    assert "lenses, marker 2 of 2</strong>" in page
    assert "marked by 2 people; the mean counts</strong>" in page
    assert page.count("<blockquote") == 1
    assert "A person marks this answer." not in page


def test_numbers_that_json_has_not_leave_a_figure_drawable(tmp_path):
    (drawn,) = figures_in(tmp_path, plotly({"y": [1, math.nan, math.inf, -math.inf]}))

    assert json.loads(drawn.plotly)["data"] == [{"y": [1, None, None, None]}]


@pytest.mark.parametrize(
    ("kind", "content", "shown"),
    [
        ("image/png", png(5000, 5000), True),
        ("image/png", png(60_000, 60_000), False),
        ("image/jpeg", jpeg(4000, 3000), True),
        ("image/jpeg", jpeg(65_535, 65_535), False),
        ("image/png", "A" * 3 * 2**20, False),
    ],
    ids=["png", "png-bomb", "jpeg", "jpeg-bomb", "many-bytes"],
)
def test_a_picture_is_shown_if_a_browser_can_hold_it(tmp_path, kind, content, shown):
    (drawn,) = figures_in(tmp_path, {"data": {kind: content}})

    assert bool(drawn.picture) is shown
    assert (drawn.words == TOO_LARGE) is not shown


def test_a_page_holds_no_more_than_eight_mebibytes_of_figures(tmp_path):
    large = plotly({"x": ["long" * 249_000] * 2})
    cells = [{"id": i, "cell_type": "code", "outputs": [large] * 3} for i in "ab"]
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    found = read_drawn(path, {"q": ["a"], "r": ["b"]})
    sizes = [len(one.plotly) for drawn in found.values() for one in drawn]

    assert sum(sizes) < 8 * 2**20
    assert [one.words == TOO_LARGE for one in found["r"]] == [False, True, True]


def test_a_figure_is_found_where_the_cell_lost_its_id(tmp_path):
    metadata = {"coursekit": {"question": "q"}}
    cell = {"id": "other", "metadata": metadata}

    assert len(figures_in(tmp_path, plotly({"y": [1]}), cell=cell)) == 1


def test_a_figure_that_takes_a_map_says_so_and_one_for_webgl_is_drawn_without(tmp_path):
    world, many = figures_in(
        tmp_path, plotly({"type": "choropleth"}), plotly({"type": "scattergl"})
    )

    assert (world.plotly, world.picture) == ("", "")
    assert "It cannot be shown here; your notebook has it." in world.words
    assert json.loads(many.plotly)["data"] == [{"type": "scatter"}]


def test_the_size_and_pictures_that_a_layout_asks_for_are_left_out(tmp_path):
    (drawn,) = figures_in(
        tmp_path,
        plotly({"y": [1]}, height=1e9, images=[{"source": "x"}], title="<b>A</b>"),
    )

    assert json.loads(drawn.plotly)["layout"] == {"title": "<b>A</b>"}
    assert drawn.words == "A figure titled A, with the traces: 1 scatter."


def test_headings_of_an_answer_are_none_of_the_page():
    assert str(render_answer("# Mine\n\nText\n---")) == (
        "<p><strong>Mine</strong></p>\n<p><strong>Text</strong></p>\n"
    )


@pytest.mark.parametrize("words", ["![[" * 10_000, "|a" * 15_000, "<b>" * 100_000])
def test_a_long_answer_is_shown_as_typed_at_once(words):
    shown = str(render_answer(words))

    assert shown.startswith("<pre>")
    assert "<b>" not in shown
    assert ("(Cut here:" in shown) is (len(words) > 200_000)


def test_of_a_notebook_too_large_to_be_read_the_page_says_so(tmp_path):
    course = make_course(tmp_path / "course")
    content = notebook() + b" " * 25 * 2**20
    collect(course, SLUG, pack({"s1.ipynb": content}, tmp_path / "a.zip"))
    grade_collected(course, SLUG)

    assert "as the notebook is larger than 24 MiB." in page_of(course, "s1")


def test_work_that_came_when_nothing_was_taken_any_more_says_so(tmp_path):
    course = make_course(tmp_path / "course", exercises=[SLUG])
    fill_gradebook(course, students=3, late=1)
    toml = course.folder / "course.toml"
    toml.write_text(toml.read_text().replace("closes_days = 14", "closes_days = 0"))
    closed = find_course(course.folder)
    page = page_of(closed, next(iter(score_exercise(closed, SLUG))))

    assert "<strong>0 of 36 points.</strong>" in page
    assert "It came when nothing was taken any more." in page
    assert "It came too late to be graded." in page
