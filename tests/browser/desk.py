"""A running `coursekit lab`, and a page on it, for the tests beside this file."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Locator, Page, ViewportSize

ARTEFACTS = Path(__file__).parent / "artefacts"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+token=\w+")
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
# What stands out of its cell, and text that the frame of its figure clips.
CUT = """notebook => {
  const box = one => one.getBoundingClientRect();
  const out = (part, whole) => box(part).width && whole && (
    box(part).right > box(whole).right + 1 || box(part).left < box(whole).left - 1);
  const find = names => [...notebook.querySelectorAll(names)];
  const parts = find('.js-plotly-plot, .jupyter-widgets, p, li, h1, h2, h3')
    .filter(part => !part.closest('table') && out(part, part.closest('.jp-Cell')));
  const clipped = (text, frame) => out(text, frame) || box(text).width && (
    box(text).top < box(frame).top - 2 || box(text).bottom > box(frame).bottom + 2);
  const texts = find('.js-plotly-plot text')
    .filter(text => clipped(text, text.closest('.main-svg')));
  return [...parts, ...texts].map(one => one.textContent.trim().slice(0, 60));
}"""
LONG = 90_000  # milliseconds; a cell may take 60 s, a cold JupyterLab 30
STARTS_WITHIN = 60  # seconds on a busy machine; benchmarks/imports.py demands 5


def name_barriers(response: dict[str, Any]) -> list[str]:
    """Name what axe-core calls serious or critical, with where it stands."""
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in response["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@dataclass(kw_only=True)
class Lab:
    """A running `coursekit lab`: its address, what it says, and how it ended."""

    process: subprocess.Popen[str]
    folder: Path
    address: str
    log: Path

    @property
    def base(self) -> str:
        """Scheme, host and port."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it as a person would, and return its exit status."""
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


@dataclass(kw_only=True)
class Desk:
    """A page on a running JupyterLab, and what it tried to reach elsewhere."""

    page: Page
    lab: Lab
    foreign: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Open a file of the copy, alone, and wait until JupyterLab shows it."""
        token = self.lab.address.split("token=")[1]
        name = quote(path)
        self.page.goto(f"{self.lab.base}/lab/tree/{name}?reset&token={token}")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")
        self.page.wait_for_selector(".jp-MainAreaWidget:not(.lm-mod-hidden)")

    @property
    def notebook(self) -> Locator:
        """The notebook in front."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def run_all(self) -> None:
        """Clear every output, run every cell, both through the menus, and wait."""
        self.idle()
        self.choose("Edit", "Clear Outputs of All Cells")
        self.choose("Run", "Run All Cells")
        # A number for every code cell; a folded one has no prompt to show it.
        self.page.wait_for_function(
            """() => {
              const prompts = [...document.querySelectorAll(
                '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .jp-InputPrompt')]
                .map(prompt => prompt.textContent).filter(text => text);
              return prompts.length && prompts.every(text => /\\[\\d+\\]/.test(text));
            }""",
            timeout=LONG,
        )
        self.idle()

    def choose(self, menu: str, command: str) -> None:
        """Take a command from a menu."""
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_text(command, exact=True).click()

    def idle(self) -> None:
        """Wait until the kernel of the notebook in front has nothing to do."""
        # The status bar says so only once a kernel has answered.
        said = self.page.locator("#jp-bottom-panel, #jp-main-statusbar")
        said.get_by_text("| Idle").wait_for(timeout=LONG)

    @property
    def errors(self) -> list[str]:
        """What error outputs the notebook in front shows."""
        shown = '.jp-RenderedText[data-mime-type="application/vnd.jupyter.stderr"], '
        shown += '.jp-RenderedText[data-mime-type="application/vnd.jupyter.error"]'
        return self.notebook.locator(shown).all_inner_texts()

    @property
    def panels(self) -> Locator:
        """The widgets that say in words what they show; quizzes show nothing."""
        shows = "> .jupyter-widgets-output-area, > .widget-output"
        return self.notebook.locator(f".widget-vbox:has({shows}):has([role=status])")

    @property
    def figures(self) -> Locator:
        """The figures of the notebook in front, those of widgets included."""
        return self.notebook.locator(".js-plotly-plot")

    def say(self, panel: Locator) -> str:
        """Read what a widget says."""
        return panel.locator("[role=status]").inner_text()

    def move(self, panel: Locator) -> None:
        """Move a widget's first control with a key, and wait for new words."""
        panel.scroll_into_view_if_needed()
        before, control = self.say(panel), panel.locator("select, input").first
        control.focus()
        # The last of a list can only be left upwards.
        last = "one => one.selectedIndex === one.length - 1"
        self.page.keyboard.press("ArrowUp" if control.evaluate(last) else "ArrowDown")
        self.wait_for(lambda: self.say(panel) != before)

    def shrink(self) -> None:
        """Fold the list of files away and make the window as small as a telephone.

        It is there only if `open` forgot how JupyterLab was arranged.
        In the other order figures would be drawn for the sliver of a pane beside the
        list, and one out of view may keep that width.
        """
        files = self.page.locator("#jp-left-stack")
        if files.is_visible():
            self.page.evaluate("document.activeElement.blur()")  # it may keep keys
            self.page.keyboard.press("Control+b")
            files.wait_for(state="hidden")
        self.page.set_viewport_size(PHONE)
        self.page.wait_for_timeout(500)  # until figures have followed

    def cut(self) -> list[str]:
        """Name what stands out of the pane or of its figure; tables may scroll.

        A figure in view draws itself, and on a busy machine takes its time.
        """
        found: list[str] = []
        for _ in range(30):
            self.page.wait_for_timeout(300)
            found = self.notebook.evaluate(CUT)
            if not found:
                break
        return found

    def find_barriers(self) -> list[str]:
        """Name what axe-core calls serious or critical in what the course shows.

        Cells' frames, prompts and editors are JupyterLab's own, and so is the pane in
        which a wide table scrolls; browsers let keys scroll it.
        """
        shown = [".jp-RenderedMarkdown", ".jp-OutputArea-output"]
        found = Axe().run(self.page, context={"include": [[one] for one in shown]})
        return [
            barrier
            for barrier in name_barriers(found.response)
            if not barrier.startswith(
                'scrollable-region-focusable: <div class="lm-Widget'
            )
        ]

    def wait_for(self, happens: Callable[[], bool]) -> None:
        """Wait until something happens, and give up after a minute."""
        until = time.monotonic() + STARTS_WITHIN
        while not happens():
            if time.monotonic() > until:
                raise AssertionError("It did not happen within a minute.")
            self.page.wait_for_timeout(100)

    def scroll_to(self, figure: Locator) -> None:
        """Bring a figure into view; one of a widget may be drawn anew meanwhile."""
        for patience in (2, 1, 0):
            try:
                figure.scroll_into_view_if_needed()
            except Error:
                if not patience:
                    raise
                self.page.wait_for_timeout(500)
            else:
                return

    def keep(self, name: str) -> None:
        """Keep a screenshot as a test artefact, and say where."""
        ARTEFACTS.mkdir(exist_ok=True)
        file = ARTEFACTS / f"{name}.png"
        self.page.screenshot(path=file)
        sys.stderr.write(f"screenshot: {file}\n")

    def keep_all(self, name: str) -> None:
        """Keep pictures of the whole notebook in front, a screen at a time."""
        pane = self.notebook.locator(".jp-WindowedPanel-outer").first
        high, seen = pane.evaluate("pane => [pane.scrollHeight, pane.clientHeight]")
        for number, top in enumerate(range(0, high, seen), start=1):
            pane.evaluate("(pane, top) => { pane.scrollTop = top }", top)
            self.page.wait_for_timeout(300)  # figures draw themselves when in view
            self.keep(f"{name}-{number:02d}")

    def look(self, name: str) -> list[str]:
        """Go through the figures, keep a picture of each, and name what is cut."""
        cut: dict[str, None] = {}
        for number, figure in enumerate(self.figures.all(), start=1):
            self.scroll_to(figure)
            cut |= dict.fromkeys(self.cut())
            figure.screenshot(path=ARTEFACTS / f"{name}-figure-{number}.png")
        return list(cut)


def start_lab(folder: Path, *options: str) -> Lab:
    """Start `coursekit lab --no-browser` and wait for its address."""
    command = [sys.executable, "-m", "coursekit", "lab", str(folder), "--no-browser"]
    # Tests run beside each other: two that try 8888 at one moment would both want it.
    command += ["--port", "0"]
    log = folder.parent / f"{folder.name}.log"
    # Tests in a background job ignore interrupts, and a child would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    own = folder.parent / f"{folder.name}-settings"  # no settings of ours
    quiet = {"PYTHONUNBUFFERED": "1", "JUPYTERLAB_SETTINGS_DIR": str(own)}
    with log.open("w") as stream:
        process = subprocess.Popen(
            [*command, *options],
            stdout=stream,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **quiet},
            text=True,
        )
    signal.signal(signal.SIGINT, before)
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        found = ADDRESS.search(log.read_text())
        if found:
            return Lab(process=process, folder=folder, address=found[0], log=log)
        time.sleep(0.05)
    process.kill()
    process.wait()
    raise AssertionError(f"coursekit lab printed no address:\n{log.read_text()}")
