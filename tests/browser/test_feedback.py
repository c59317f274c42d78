"""A feedback page in Chromium: it shows figures, and runs nothing of a student's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from browser.desk import ARTEFACTS, PHONE, WIDE
from coursekit.desk.collect import collect
from coursekit.desk.course import Course
from coursekit.desk.feedback import write_feedback
from coursekit.desk.grading import grade_collected
from desk_downloads import pack
from desk_work import make_course
from hostile_notebook import make_hostile

SLUG = "02_who_may_invite"
LINKS = """found => found.map(
  one => one.getAttribute('href') ?? one.getAttribute('xlink:href') ?? '')"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Two students: one hands in the reference, with its figures, one an attack."""
    folder = tmp_path_factory.mktemp("desk")
    course = make_course(folder / "course", exercises=[SLUG])
    files = {
        "good.ipynb": course.reference(SLUG).read_bytes(),
        "hostile.ipynb": make_hostile(course.student_version(SLUG)),
    }
    collect(course, SLUG, pack(files, folder / "a.zip"))
    grade_collected(course, SLUG)
    write_feedback(course, SLUG)
    return course


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    yield page
    page.close()


def show(page: Page, course: Course, student: str) -> list[str]:
    """Open a page, with everything unfolded; name what it tried to fetch."""
    asked: list[str] = []
    address = Path(course.folder, "feedback", SLUG, f"{student}.html").as_uri()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.wait_for_timeout(1000)
    return [url for url in asked if url != address and not url.startswith("data:")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("student", ["good", "hostile"])
def test_a_page_shows_itself_and_runs_and_fetches_nothing(
    page: Page, course: Course, student: str, scheme: str
) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(WIDE)
    asked = show(page, course, student)
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"feedback-{student}-{scheme}.png", full_page=True)

    assert page.locator(".figure .main-svg").count() > 0
    assert page.evaluate("window.ran") is None
    assert (asked, dialogs) == ([], [])


@pytest.mark.parametrize("student", ["good", "hostile"])
def test_a_page_fits_a_telephone(page: Page, course: Course, student: str) -> None:
    page.set_viewport_size(PHONE)
    show(page, course, student)
    page.screenshot(path=ARTEFACTS / f"feedback-{student}-phone.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth")

    assert wide <= PHONE["width"]


def test_no_link_of_a_student_runs_anything(page: Page, course: Course) -> None:
    show(page, course, "hostile")
    links = page.locator("a").evaluate_all(LINKS)

    assert [link for link in links if "script" in link.lower()] == []
