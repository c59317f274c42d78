"""The reading site in Chromium, from a disk: figures, search, and who can read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from browser.desk import ARTEFACTS, CUT, PHONE, WIDE, name_barriers
from coursekit.site.build import build_site

LESSONS = (
    "lessons/01_a_record_in_dispute.html",
    "lessons/06_the_argument_as_a_graph.html",
    "lessons/13_the_supply_map.html",
)
READ = (
    "index.html",
    *LESSONS,
    "exercises/02_who_may_invite.html",
    "glossary.html",
    "data/timeline/README.html",
    "bibliography.html",
)
SIZES = {"wide": WIDE, "phone": PHONE}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole course, built once."""
    out = tmp_path_factory.mktemp("site") / "out"
    assert build_site(out).passed
    return out


@pytest.fixture
def asked() -> list[str]:
    """What the page asked of a network, and its errors."""
    return []


@pytest.fixture
def page(context: BrowserContext, asked: list[str]) -> Iterator[Page]:
    """A page that notes each request that leaves the disk, and each error."""
    page = context.new_page()
    page.on("request", lambda one: asked.append(one.url))
    page.on("pageerror", lambda one: asked.append(str(one)))
    yield page
    page.close()


@pytest.fixture
def open_page(page: Page, site: Path) -> Callable[..., None]:
    """Open a page of the site and wait until its figures are drawn."""

    def open_one(name: str, *, size: str = "wide", scheme: str = "light") -> None:
        page.set_viewport_size(SIZES[size])
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal
        page.goto(f"{site.as_uri()}/{name}")
        page.wait_for_function(
            "() => document.querySelectorAll('.chart').length"
            " === document.querySelectorAll('.chart .main-svg:first-child').length"
        )

    return open_one


def test_figures_are_drawn_and_nothing_is_asked_of_a_network(
    page: Page, open_page: Callable[..., None], asked: list[str]
) -> None:
    for name in READ:
        open_page(name)

    assert [one for one in asked if not one.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("name", LESSONS)
def test_figures_answer_to_the_pointer(
    page: Page, open_page: Callable[..., None], name: str
) -> None:
    open_page(name)
    chart = page.locator(".chart").first
    chart.scroll_into_view_if_needed()
    drags = chart.locator(".nsewdrag").count()

    assert drags > 0
    assert page.evaluate("document.querySelector('.chart')._fullData.length") > 0


def test_no_word_of_a_figure_is_cut_on_a_telephone(
    page: Page, open_page: Callable[..., None], site: Path
) -> None:
    cut: dict[str, list[str]] = {}
    for file in sorted(site.glob("lessons/*_*.html")):
        open_page(f"lessons/{file.name}", size="phone")
        cut[file.stem] = page.locator("main").evaluate(CUT)

    assert cut
    assert [words for words in cut.values() if words] == []


def test_the_search_finds_lessons_and_codebooks(
    page: Page, open_page: Callable[..., None], asked: list[str]
) -> None:
    open_page("index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("shutdown")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Search Results").wait_for()  # one by one till now
    found = page.locator("#search-results li a").evaluate_all(
        "found => found.map(one => one.getAttribute('href'))"
    )
    page.screenshot(path=ARTEFACTS / "site-search.png")

    assert any(one.startswith("lessons/15_switching_the_net_off") for one in found)
    assert any(one.startswith("data/shutdowns/") for one in found)
    assert [one for one in asked if not one.startswith("file:")] == []


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("phone", "dark")])
@pytest.mark.parametrize("name", READ)
def test_pages_fit_and_have_no_barriers(
    page: Page, open_page: Callable[..., None], name: str, size: str, scheme: str
) -> None:
    open_page(name, size=size, scheme=scheme)
    ARTEFACTS.mkdir(exist_ok=True)
    picture = f"site-{Path(name).parent.name}-{Path(name).stem}-{size}-{scheme}.png"
    page.screenshot(path=ARTEFACTS / picture)
    wide = page.evaluate("document.documentElement.scrollWidth")
    barriers = name_barriers(Axe().run(page).response)

    assert wide <= SIZES[size]["width"]
    assert barriers == []


def test_the_switch_turns_the_page_dark_and_it_stays_so(
    page: Page, open_page: Callable[..., None]
) -> None:
    open_page("index.html")
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name="Dark").click()
    open_page(LESSONS[0])

    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_the_first_key_offers_the_way_past_the_menus(
    page: Page, open_page: Callable[..., None]
) -> None:
    open_page(LESSONS[0])
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.textContent").strip() == (
        "Skip to main content"
    )
