"""Time what a student sees: the first figure, and each widget's answer to a key.

Run it with ``uv run --group dev python benchmarks/browser.py``; it needs Chromium. Each
start has a fresh copy of the course and an empty browser. An answer of a widget is
timed twice: in the kernel, from its own message that it is busy to that it is idle, and
on the screen, from the key to the first frame with the words, table and figure that
stay.
Medians; it exits with 1 if a limit is missed.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median

from playwright.sync_api import Locator, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT / "tests")  # in the place of this folder, whose names clash

from browser.conftest import CHROMIUM, CHROMIUM_OPTIONS  # noqa: E402 - of the tests
from browser.desk import LONG, WIDE, Desk, Lab, start_lab  # noqa: E402 - too

FIRST_FIGURE = 10.0  # seconds
IN_KERNEL, ON_SCREEN = 0.100, 0.200  # seconds
NOTEBOOK = 500_000  # bytes
QUIET = 600  # milliseconds without a change, after which a widget has answered

WATCH = """panel => {
  const shown = () => [...panel.querySelectorAll('[role=status], table, .main-svg')]
    .map(part => part.innerHTML).join();
  document.addEventListener('keydown',
    () => { window.answer = {key: performance.now(), frames: []}; }, true);
  new MutationObserver(() => requestAnimationFrame(() =>
    window.answer?.frames.push([performance.now(), shown()]))).observe(panel,
    {subtree: true, childList: true, characterData: true, attributes: true});
}"""
# Milliseconds from the key to the first of the frames that show what the last shows.
ANSWERED = """() => {
  const {key, frames} = window.answer, last = frames.at(-1);
  return last ? frames.find(frame => frame[1] === last[1])[0] - key : null;
}"""
# A frame of Jupyter's WebSocket: an answer's header, and what it answers to.
STATUS = re.compile(
    rb'"msg_type": ?"status".*?"date": ?"([^"]+)".*?"msg_type": ?"comm_msg"'
    rb'.*"execution_state": ?"(busy|idle)"',
    re.DOTALL,
)


class Limits:
    """What was measured, and whether every limit was kept."""

    kept = True

    def hold(self, name: str, seconds: float, limit: float) -> None:
        """Print a figure beside its limit."""
        self.kept &= seconds < limit
        missed = "" if seconds < limit else "  MISSED"
        print(f"{name:<46} {1000 * seconds:7.0f} ms (limit {1000 * limit:.0f}){missed}")


@contextmanager
def open_desk(folder: Path) -> Iterator[Desk]:
    """Start a laboratory and an empty browser, and end both."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_OPTIONS
        )
        page = browser.new_page(viewport=WIDE)
        page.set_default_timeout(LONG)
        lab = start_lab(folder)
        try:
            yield Desk(page=page, lab=lab)
        finally:
            lab.stop()
            browser.close()


def time_first_figure() -> tuple[float, float]:
    """Time from the start of `coursekit lab`: the home page, then a figure, seconds."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_OPTIONS
        )
        page = browser.new_page(viewport=WIDE)
        page.set_default_timeout(LONG)
        began = time.perf_counter()
        lab = start_lab(Path(folder) / "course")
        try:
            first = _open_first_lesson(page, lab)
            home = time.perf_counter() - began
            first.click()
            figure = page.locator(".jp-NotebookPanel .js-plotly-plot .main-svg").first
            _scroll_until_there(page, figure)
            return home, time.perf_counter() - began
        finally:
            lab.stop()
            browser.close()


def _open_first_lesson(page: Page, lab: Lab) -> Locator:
    page.goto(lab.address)
    first = page.get_by_role("link", name="Begin 1. A record in dispute")
    first.wait_for()
    return first


def _scroll_until_there(page: Page, figure: Locator) -> None:
    """Scroll down as a reader would, since cells out of sight may not be drawn."""
    pane = page.locator(".jp-NotebookPanel .jp-WindowedPanel-outer").first
    pane.wait_for()
    while not figure.is_visible():
        pane.evaluate("pane => { pane.scrollTop += pane.clientHeight / 2 }")
        page.wait_for_timeout(50)
    figure.scroll_into_view_if_needed()


def time_answers(desk: Desk, lesson: str, runs: int) -> tuple[float, float]:
    """Move a lesson's first widget by keys: seconds in the kernel and on the screen."""
    spans: list[float] = []
    busy: list[datetime] = []

    def hear(frame: bytes | str) -> None:
        found = STATUS.search(frame if isinstance(frame, bytes) else frame.encode())
        if found:
            moment = datetime.fromisoformat(found[1].decode())
            if found[2] == b"busy":
                busy.append(moment)
            elif busy:
                spans.append((moment - busy.pop()).total_seconds())

    desk.page.on("websocket", lambda socket: socket.on("framereceived", hear))
    desk.open(lesson)
    desk.run_all()
    panel = desk.panels.first
    panel.scroll_into_view_if_needed()
    desk.move(panel)  # the first answer pays for imports
    desk.page.wait_for_timeout(QUIET)
    panel.evaluate(WATCH)
    screen: list[float] = []
    kernel: list[float] = []
    for turn in range(runs):
        spans.clear()
        desk.page.keyboard.press(("ArrowUp", "ArrowDown")[turn % 2])
        desk.page.wait_for_timeout(QUIET)
        seen = desk.page.evaluate(ANSWERED)
        if seen is not None and spans:
            screen.append(seen / 1000)
            kernel.append(sum(spans))
    if not screen:
        raise RuntimeError(f"{lesson}: the widget did not answer to arrow keys")
    return median(kernel), median(screen)


def main() -> int:
    """Measure, print, and say by the exit status whether every limit is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="keys for each widget")
    parser.add_argument("--starts", type=int, default=3, help="cold starts")
    options = parser.parse_args()
    limits = Limits()
    starts = [time_first_figure() for _ in range(options.starts)]
    limits.hold("the home page", median(home for home, _ in starts), FIRST_FIGURE)
    figure = median(shown for _, shown in starts)
    limits.hold("the first figure of lesson 1", figure, FIRST_FIGURE)
    with tempfile.TemporaryDirectory() as at, open_desk(Path(at) / "course") as desk:
        for file in sorted(desk.lab.folder.glob("lessons/*.ipynb")):
            lesson = f"lessons/{file.name}"
            kernel, screen = time_answers(desk, lesson, options.runs)
            limits.hold(f"{file.stem}, in the kernel", kernel, IN_KERNEL)
            limits.hold(f"{file.stem}, on the screen", screen, ON_SCREEN)
    notebooks = [*ROOT.glob("lessons/*.ipynb"), *ROOT.glob("exercises/*.ipynb")]
    largest = max(notebooks, key=lambda path: path.stat().st_size)
    size = largest.stat().st_size
    print(f"largest notebook: {largest.name}, {size / 1000:.0f} kB (limit 500)")
    return 0 if limits.kept and size < NOTEBOOK else 1


if __name__ == "__main__":
    sys.exit(main())
