"""A feedback page in Chromium: it shows figures, and runs nothing of a student's."""

from __future__ import annotations

import re
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

# Of all text outside of figures, as WCAG 2.2 measures it; grounds have no gradients.
CONTRASTS = """() => {
  const linear = part =>
    part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
  const shine = colour => colour.match(/[\\d.]+/g).slice(0, 3)
    .map(part => linear(part / 255))
    .reduce((sum, part, i) => sum + part * [.2126, .7152, .0722][i], 0);
  const ground = one => {
    const colour = getComputedStyle(one).backgroundColor;
    return colour === 'rgba(0, 0, 0, 0)' ? ground(one.parentElement) : colour;
  };
  return [...document.querySelectorAll('main *:not(.figure, .figure *)')]
    .filter(one => one.textContent.trim()).map(one => {
      const pair = [getComputedStyle(one).color, ground(one)].map(shine);
      return (Math.max(...pair) + .05) / (Math.min(...pair) + .05);
    });
}"""


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


def show(page: Page, course: Course, student: str) -> tuple[list[str], set[str]]:
    """Open a page, all unfolded; name what it fetched, and what kept it from more."""
    asked: list[str] = []
    refused: dict[str, str | None] = {}
    address = Path(course.folder, "feedback", SLUG, f"{student}.html").as_uri()
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda one: refused.update({one.url: one.failure}))
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.wait_for_timeout(1000)
    inside = (address, "data:", "blob:")
    fetched = [url for url in asked if not url.startswith(inside)]
    return [url for url in fetched if url not in refused], {*map(str, refused.values())}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("student", "why"), [("good", set()), ("hostile", {"csp"})])
def test_a_page_shows_itself_and_runs_and_fetches_nothing(
    page: Page, course: Course, student: str, scheme: str, why: set[str]
) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(WIDE)
    asked, refused = show(page, course, student)
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"feedback-{student}-{scheme}.png", full_page=True)

    assert page.locator(".figure .main-svg").count() > 0
    assert page.evaluate("window.ran") is None
    assert (asked, dialogs, refused) == ([], [], why)


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

    assert [link for link in links if re.match("(java|data:)", link.lower())] == []


def test_headings_are_the_page_s_and_in_order(page: Page, course: Course) -> None:
    show(page, course, "hostile")
    levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(
        "found => found.map(one => one.tagName)"
    )

    assert levels == ["H1", *["H2"] * 11]
    assert page.locator(".answer", has_text="A heading of theirs").count() == 1


def test_words_of_a_page_are_told_from_their_ground(page: Page, course: Course) -> None:
    show(page, course, "good")
    contrasts = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        contrasts += page.evaluate(CONTRASTS)

    assert min(contrasts) >= 4.5
