"""The review panel in JupyterLab, driven by keys alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from browser.desk import ADDRESS, PHONE, STARTS_WITHIN, WIDE, Desk, Lab
from coursekit.desk.course import Course
from coursekit.desk.scores import score_exercise
from desk_work import fill_gradebook, make_course

SLUG = "16_one_case_three_lenses"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = make_course(tmp_path_factory.mktemp("desk") / "course", exercises=[SLUG])
    fill_gradebook(course, students=12, marked=False)
    return course


@pytest.fixture
def desk(course: Course, context: BrowserContext, tmp_path: Path) -> Iterator[Desk]:
    """`coursekit review`, as an instructor starts it."""
    log = tmp_path / "review.log"
    words = ["review", "16", "--marker", "ann", "--no-browser"]
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "coursekit", *words],
            cwd=course.folder,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            text=True,
        )
    until = time.monotonic() + STARTS_WITHIN
    while not (found := ADDRESS.search(log.read_text())) and time.monotonic() < until:
        time.sleep(0.05)
    page = context.new_page()
    assert found, log.read_text()
    lab = Lab(process=process, folder=course.folder, address=found[0], log=log)
    yield Desk(page=page, lab=lab)
    page.close()
    process.terminate()
    process.wait(timeout=30)


def points(course: Course) -> list[float | None]:
    scores = score_exercise(course, SLUG).values()
    return [q.points for one in scores for q in one.questions if q.name == "write"]


def test_answers_are_marked_by_keys_and_the_marks_are_in_the_gradebook(
    desk: Desk, course: Course
) -> None:
    page = desk.page
    page.set_viewport_size(WIDE)
    page.goto(desk.lab.address)
    page.wait_for_selector("#jupyterlab-splash", state="detached")
    desk.idle()
    desk.choose("Run", "Run All Cells")
    panel = desk.notebook.locator(".jp-OutputArea .widget-vbox").first
    panel.get_by_text("Answer 1 of").wait_for()
    for group in panel.locator(".widget-radio-box").all():
        group.locator("input").last.focus()
        page.keyboard.press("ArrowDown")  # from "not marked" round to the first level
    panel.get_by_text("10 points").first.wait_for()
    panel.get_by_label("Comment").focus()
    page.keyboard.type("Well argued.")
    panel.get_by_text("Answer 1 of").scroll_into_view_if_needed()
    panel.get_by_role("button", name="Edit the rubric").focus()
    page.keyboard.press("Enter")
    panel.get_by_label("Points").nth(1).fill("1.5")
    page.keyboard.press("Tab")
    panel.get_by_role("button", name="Use this rubric").focus()
    page.keyboard.press("Enter")
    panel.get_by_text("is scored by it").wait_for()
    desk.keep_all("review-wide")
    panel.get_by_role("button", name="Next", exact=True).focus()
    page.keyboard.press("Enter")
    panel.get_by_text("Answer 2 of").wait_for()
    desk.shrink()
    desk.keep_all("review-phone")
    panel.get_by_role("button", name="Previous").focus()
    page.keyboard.press("Enter")
    panel.get_by_text("Answer 1 of").wait_for()

    assert points(course).count(10) == 1
    assert panel.get_by_label("Comment").input_value() == "Well argued."
    assert panel.get_by_text("1.5: ").count() == 1
    assert page.viewport_size == PHONE
    assert desk.cut() == []
