"""Lessons as a student meets them: opened, run, and their widgets moved by keyboard."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from browser.desk import WIDE, Desk, Lab
from coursekit.course import course_root
from coursekit.workspace import open_workspace

LESSONS = sorted(course_root().glob("lessons/*.ipynb"))
EXERCISES = sorted(course_root().glob("exercises/*.ipynb"))

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


def test_the_home_page_is_shown_as_a_page_with_the_map(desk: Desk) -> None:
    desk.page.goto(desk.lab.address)
    desk.page.wait_for_selector(".jp-MarkdownViewer table")
    desk.keep("home")

    assert "The lessons" in desk.page.locator(".jp-MarkdownViewer").inner_text()
    assert desk.page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    assert desk.foreign == []


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


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda file: file.stem)
def test_a_lesson_runs_and_its_widgets_answer_the_keyboard_at_any_width(
    desk: Desk, lesson: Path
) -> None:
    desk.page.set_viewport_size(WIDE)
    desk.open(f"lessons/{lesson.name}")
    desk.run_all()
    desk.keep_all(lesson.stem)
    cut = move_widgets(desk, f"{lesson.stem}-wide")
    desk.shrink()
    cut += move_widgets(desk, f"{lesson.stem}-phone")

    assert desk.panels.count() > 0
    assert desk.errors == []
    assert cut == []
    assert desk.foreign == []


def move_widgets(desk: Desk, name: str) -> list[str]:
    """Move each widget by a key, keep pictures, and name what the page cuts."""
    for number, panel in enumerate(desk.panels.all(), start=1):
        desk.move(panel)
        panel.scroll_into_view_if_needed()
        desk.keep(f"{name}-widget-{number}")
    return desk.look(name)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda file: file.stem)
def test_an_exercise_opens_and_shows_its_tasks(desk: Desk, exercise: Path) -> None:
    desk.open(f"exercises/{exercise.name}")
    desk.idle()
    desk.keep_all(f"exercise-{exercise.stem}")

    assert desk.notebook.locator("h1").count() == 1
    assert desk.foreign == []


def was_saved(file: Path, *, since: int) -> bool:
    """Tell whether a notebook was written, and to its end: Jupyter writes in place."""
    try:
        json.loads(file.read_bytes())
    except ValueError:
        return False
    return file.stat().st_mtime_ns != since


@pytest.mark.parametrize(
    "notebook",
    [*LESSONS, *EXERCISES],
    ids=lambda file: f"{file.parent.name}-{file.stem}",
)
def test_a_notebook_that_was_only_opened_and_saved_is_no_edit(
    desk: Desk, another_lab: Callable[..., Lab], tmp_path: Path, notebook: Path
) -> None:
    desk.lab = another_lab(tmp_path / "course")
    name = f"{notebook.parent.name}/{notebook.name}"
    desk.open(name)
    desk.idle()
    before = (desk.lab.folder / name).stat().st_mtime_ns
    desk.choose("File", "Save Notebook")
    desk.wait_for(lambda: was_saved(desk.lab.folder / name, since=before))

    assert open_workspace(desk.lab.folder).kept == ()


def test_the_terminal_stays_quiet_while_a_notebook_runs(
    desk: Desk, another_lab: Callable[..., Lab], tmp_path: Path
) -> None:
    desk.lab = another_lab(tmp_path / "course")
    desk.open(f"lessons/{LESSONS[0].name}")
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
