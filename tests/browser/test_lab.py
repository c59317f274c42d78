"""The lab as a student starts it: address, home page, kernel, quiet, and its end."""

from __future__ import annotations

import signal
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

from browser.desk import Desk, Lab
from coursekit.course import course_root

LESSON = min(course_root().glob("lessons/*.ipynb"))

# A widget as coursekit makes them: state, a figure set as state, words, no capture.
TINY = [
    """
import ipywidgets
import plotly.graph_objects as go

figure = go.Figure(go.Bar(x=["Almaty", "Taraz"], y=[2, 3]))
figure
""",
    """
slider = ipywidgets.IntSlider(1, min=1, max=5, description="At least")
words = ipywidgets.Label("1 court is left.")
output = ipywidgets.Output()

def rewrite(change):
    words.value = f"{change['new']} courts are left."
    bars = go.Figure(go.Bar(x=["North", "South"], y=[change["new"], 2]))
    bundle = {"application/vnd.plotly.v1+json": bars.to_plotly_json()}
    output.outputs = (
        {"output_type": "display_data", "data": bundle, "metadata": {}},
    )

slider.observe(rewrite, names="value")
rewrite({"new": 1})
ipywidgets.VBox([slider, words, output])
""",
]


@pytest.fixture
def tiny(lab: Lab) -> str:
    """A notebook with a figure and a widget, in the copy."""
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in TINY]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, lab.folder / "tiny.ipynb")
    return "tiny.ipynb"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_home_page_shows_the_map_in_the_colours_of_the_system(
    desk: Desk, scheme: Literal["light", "dark"]
) -> None:
    desk.page.emulate_media(color_scheme=scheme)
    desk.page.goto(desk.lab.address)
    desk.keep(f"home-{scheme}")
    found = Axe().run(desk.page).response["violations"]
    ink = desk.page.evaluate("getComputedStyle(document.body).color")

    assert "Begin 1. A record in dispute" in desk.page.locator("main").inner_text()
    assert ink == {"light": "rgb(28, 28, 28)", "dark": "rgb(236, 236, 236)"}[scheme]
    assert found == []
    assert desk.foreign == []


def test_the_home_page_is_nobody_s_without_the_token(lab: Lab) -> None:
    with urllib.request.urlopen(f"{lab.base}/coursekit") as answer:
        page = answer.read().decode()

    assert answer.url.startswith(f"{lab.base}/login")
    assert "A record in dispute" not in page


def test_a_form_from_elsewhere_hands_nothing_in(desk: Desk) -> None:
    desk.page.goto(desk.lab.address)
    answer = desk.page.request.post(
        f"{desk.lab.base}/coursekit",
        form={"notebook": "exercises/02_who_may_invite.ipynb"},
    )

    assert answer.status == 403
    assert not (desk.lab.folder / "submissions").exists()


@pytest.mark.parametrize("name", ["../secret.ipynb", "lessons/x.ipynb", "", "/etc/x"])
def test_only_an_exercise_of_the_copy_is_handed_in(desk: Desk, name: str) -> None:
    desk.page.goto(desk.lab.address)
    token = desk.page.evaluate("/_xsrf=([^;]*)/.exec(document.cookie)[1]")
    answer = desk.page.request.post(
        f"{desk.lab.base}/coursekit", form={"notebook": name, "_xsrf": token}
    )

    assert "is no exercise of this folder" in answer.text()


def test_figures_and_widgets_work_without_a_network(desk: Desk, tiny: str) -> None:
    desk.open(tiny)
    desk.run_all()
    desk.page.wait_for_selector(".js-plotly-plot .main-svg")
    desk.keep("tiny-before")
    desk.notebook.get_by_role("slider").focus()
    desk.page.keyboard.press("ArrowRight")
    desk.page.wait_for_selector("text=2 courts are left.")
    desk.keep("tiny-after")

    assert desk.errors == []
    assert desk.notebook.locator(".js-plotly-plot").count() == 2
    assert desk.foreign == []


def test_in_the_dark_figures_are_dark_too(desk: Desk, tiny: str) -> None:
    desk.page.emulate_media(color_scheme="dark")
    desk.open(tiny)
    desk.run_all()
    figure = desk.figures.first.locator(".svg-container")
    shown = figure.evaluate("one => getComputedStyle(one).filter")
    desk.keep("tiny-dark")
    desk.page.emulate_media(color_scheme="light")
    desk.open(tiny)
    desk.run_all()

    assert "invert" in shown
    assert figure.evaluate("one => getComputedStyle(one).filter") == "none"


def test_the_terminal_stays_quiet_while_a_notebook_runs(
    desk: Desk, another_lab: Callable[..., Lab], tmp_path: Path
) -> None:
    desk.lab = another_lab(tmp_path / "course")
    desk.open(f"lessons/{LESSON.name}")
    desk.idle()
    said = desk.lab.log.read_text().splitlines()

    assert said[1].endswith(desk.lab.address)
    assert len(said) == 3


def test_an_interrupt_ends_the_lab_in_order(
    tmp_path: Path, another_lab: Callable[..., Lab]
) -> None:
    assert another_lab(tmp_path / "course").stop(signal.SIGINT) == 0


def test_a_second_lab_takes_the_next_free_port(
    lab: Lab, tmp_path: Path, another_lab: Callable[..., Lab]
) -> None:
    port = lab.base.rsplit(":", 1)[1]
    second = another_lab(tmp_path / "course", "--port", port)

    assert second.base != lab.base
    assert second.stop() == 0
