"""A student's hour: home, a lesson, a quiz, an exercise, and home again."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from browser.desk import PHONE, WIDE, Desk, Lab, name_barriers

LESSON = "lessons/01_a_record_in_dispute.ipynb"
EXERCISE = "exercises/02_who_may_invite.ipynb"


@pytest.fixture
def hour(desk: Desk, another_lab: Callable[..., Lab], tmp_path: Path) -> Desk:
    """A page on a JupyterLab of its own, with a fresh copy of the course."""
    desk.lab = another_lab(tmp_path / "course")
    desk.page.set_viewport_size(WIDE)
    return desk


def open_home(desk: Desk) -> None:
    """Go home through JupyterLab's menu, and stay there in the same page."""
    with desk.page.context.expect_page() as opened:
        desk.choose("Course", "Home")
    desk.page.goto(opened.value.url)
    opened.value.close()


def save(desk: Desk, name: str) -> None:
    file = desk.lab.folder / name
    before = file.stat().st_mtime_ns
    desk.choose("File", "Save Notebook")
    desk.wait_for(lambda: file.stat().st_mtime_ns != before)
    desk.wait_for(lambda: is_whole(file))


def is_whole(file: Path) -> bool:
    try:
        json.loads(file.read_bytes())
    except ValueError:
        return False
    return True


def cell_with(desk: Desk, text: str) -> Locator:
    return desk.notebook.locator(".jp-CodeCell", has_text=text).first


def write(desk: Desk, cell: Locator, source: str) -> None:
    """Replace what stands in a cell by keys, and run it."""
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    desk.page.keyboard.press("Control+a")
    desk.page.keyboard.insert_text(source)
    desk.page.keyboard.press("Shift+Enter")


def run(desk: Desk, cell: Locator) -> None:
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    desk.page.keyboard.press("Shift+Enter")


def find_barriers(page: Page) -> list[str]:
    return name_barriers(Axe().run(page).response)


def test_a_student_s_hour(hour: Desk) -> None:
    desk, page = hour, hour.page
    page.goto(desk.lab.address)
    desk.keep("hour-1-home")

    assert find_barriers(page) == []

    page.get_by_role("link", name="Begin 1. A record in dispute").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#jupyterlab-splash", state="detached")
    desk.run_all()
    assert page.locator("#jp-left-stack").is_hidden()  # on a telephone it hides all
    desk.move(desk.panels.first)
    desk.keep("hour-2-lesson")
    quiz = desk.notebook.locator(
        ".widget-vbox", has_text="An instrument shows traffic"
    ).last
    quiz.scroll_into_view_if_needed()
    quiz.get_by_role("radio").nth(1).focus()
    page.keyboard.press("Space")
    quiz.get_by_role("button", name="Check").focus()
    page.keyboard.press("Enter")
    quiz.get_by_text("That is what the instrument sees").wait_for()
    desk.keep("hour-3-quiz")
    save(desk, LESSON)
    open_home(desk)
    page.get_by_text("21 of 21 cells run").wait_for()
    page.get_by_role("link", name="Exercise 2. Who may invite?").click()
    page.wait_for_selector("#jupyterlab-splash", state="detached")
    desk.idle()

    run(desk, cell_with(desk, 'open_exercise("02_who_may_invite")'))
    check = cell_with(desk, 'check("core", set(core["case_id"]))')
    write(desk, cell_with(desk, "Put your answer in place"), "core = cases")
    run(desk, check)
    check.get_by_text("All rows are still here").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("a")  # a new cell above the one that is selected
    page.keyboard.press("Enter")
    page.keyboard.insert_text('hint("core")')
    page.keyboard.press("Shift+Enter")
    desk.notebook.get_by_text("core, hint 1 of").wait_for()
    write(
        desk, cell_with(desk, "core = cases"), 'core = cases[~cases["contrast_case"]]'
    )
    run(desk, check)
    check.get_by_text("It matches the public checks").wait_for()
    desk.keep("hour-4-exercise")
    save(desk, EXERCISE)
    checked = subprocess.run(
        [sys.executable, "-m", "coursekit", "check", str(desk.lab.folder / EXERCISE)],
        capture_output=True,
        check=False,
        text=True,
    )
    open_home(desk)
    page.get_by_role("button", name="Hand in Exercise 2. Who may invite?").focus()
    page.keyboard.press("Enter")
    page.get_by_text("upload it to your learning platform").first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save 02_who_may_invite").click()
    desk.keep("hour-5-handed-in")
    page.goto(f"{desk.lab.base}/coursekit")
    text = page.locator("main").inner_text()
    desk.keep("hour-6-home")
    page.set_viewport_size(PHONE)
    desk.keep("hour-7-home-phone")

    assert checked.returncode == 1, checked.stderr
    assert "1 of 9 passed" in checked.stdout
    assert "Checked" in text
    assert "Handed in, 1 of 9 checks match" in text
    assert zipfile.ZipFile(download.value.path()).namelist() == [
        "02_who_may_invite.ipynb",
        "submission.json",
    ]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert find_barriers(page) == []
    assert desk.foreign == []
