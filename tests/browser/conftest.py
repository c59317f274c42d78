"""JupyterLab, started for real on loopback, in headless Chromium."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Request, Route, sync_playwright

from browser.desk import LONG, Desk, Lab, start_lab

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One JupyterLab for the module, on a fresh copy of the course."""
    lab = start_lab(tmp_path_factory.mktemp("lab") / "course")
    yield lab
    lab.stop()


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    """A headless Chromium with an empty profile."""
    if shutil.which(CHROMIUM) is None:
        missing = f"{CHROMIUM} is missing: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    # The module's scope: while it lives, playwright keeps an event loop running.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_OPTIONS
        )
        context = browser.new_context(
            viewport={"width": 1360, "height": 1000}, device_scale_factor=1.5
        )
        context.set_default_timeout(LONG)
        yield context
        context.close()
        browser.close()


@pytest.fixture
def desk(lab: Lab, context: BrowserContext) -> Iterator[Desk]:
    """A page that reaches this machine's loopback and nothing else."""
    page = context.new_page()
    desk = Desk(page=page, lab=lab)

    def stay_here(route: Route, request: Request) -> None:
        if urlsplit(request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            desk.foreign.append(request.url)
            route.abort()

    page.route(re.compile(r"^(https?|wss?)://"), stay_here)
    yield desk
    page.close()


@pytest.fixture
def another_lab() -> Iterator[Callable[..., Lab]]:
    """Start further JupyterLabs, ended with the test."""
    started: list[Lab] = []

    def start(folder: Path, *options: str) -> Lab:
        started.append(start_lab(folder, *options))
        return started[-1]

    yield start
    for lab in started:
        if lab.process.poll() is None:
            lab.stop()
