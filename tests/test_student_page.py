"""The home page: what stands on the map, and what it says comes next."""

from __future__ import annotations

import json
import re

import pytest

from coursekit.student.home import list_rows, read_card
from coursekit.student.page import render_home
from coursekit.student.progress import note_checked
from coursekit.student.server import read_theme
from coursekit.student.submit import submit
from coursekit.student.workspace import open_workspace

FIRST, SECOND = (
    "lessons/01_a_record_in_dispute.ipynb",
    "lessons/02_who_may_invite.ipynb",
)
EXERCISE = "exercises/01_a_record_in_dispute.ipynb"


@pytest.fixture
def copy(tmp_path):
    return open_workspace(tmp_path / "copy").folder


def render(copy, **values):
    page = render_home(copy, base="/", nonce="once", xsrf="token", **values)
    return re.sub(r"\s+", " ", page)


def run_lesson(file):
    notebook = json.loads(file.read_bytes())
    for cell in notebook["cells"]:
        cell["metadata"]["execution"] = {}
    file.write_text(json.dumps(notebook))


def upcoming(page):
    section = page[page.index("What comes next") :]
    return re.search(r'class="button" href="(\S+)">([^<]*)</a>', section).groups()


def test_a_fresh_copy_begins_with_the_first_lesson(copy):
    page = render(copy)

    assert upcoming(page) == (f"/lab/tree/{FIRST}", "Begin 1. A record in dispute")
    assert "0 of 16" in page


def test_after_a_lesson_its_exercise_comes_next_and_after_that_the_next_lesson(copy):
    run_lesson(copy / FIRST)
    after_lesson = upcoming(render(copy))
    submit(copy / EXERCISE)
    after_both = upcoming(render(copy))

    assert after_lesson == (
        f"/lab/tree/{EXERCISE}",
        "Begin Exercise 1. A record in dispute",
    )
    assert after_both == (f"/lab/tree/{SECOND}", "Begin 2. Who may invite?")


def test_an_exercise_saved_after_it_was_handed_in_asks_to_be_handed_in_again(copy):
    run_lesson(copy / FIRST)
    submit(copy / EXERCISE)
    run_lesson(copy / EXERCISE)
    page = render(copy)

    assert upcoming(page)[1] == "Hand in again Exercise 1. A record in dispute"
    assert "changed since" in page


def test_what_was_checked_and_handed_in_stands_beside_the_exercise(copy):
    note_checked(copy / EXERCISE, passed=3, of=8)
    submit(copy / EXERCISE)
    page = render(copy)

    assert re.search(r"Checked \d+ \w+, \d\d:\d\d: 3 of 8 passed\.", page)
    assert re.search(r"Handed in \d+ \w+, \d\d:\d\d\.", page)
    assert "1 of 16" in page


def test_every_lesson_and_exercise_is_on_the_map_with_minutes_and_outcomes(copy):
    page = render(copy)
    links = re.findall(r'href="/lab/tree/([^"]+)"', page)

    assert len(set(links)) == 32
    assert page.count("What you can do by its end") == 16
    assert page.count("45 minutes") == 16
    assert page.count("<h2 id=") == 5


def test_everything_done_is_said(copy):
    for file in copy.glob("lessons/*.ipynb"):
        run_lesson(file)
    for file in copy.glob("exercises/*.ipynb"):
        submit(file)

    assert "You have run every lesson and handed in every exercise." in render(copy)


def test_a_lesson_that_is_gone_or_damaged_says_what_helps(copy):
    (copy / FIRST).unlink()
    (copy / SECOND).write_text("no JSON")
    page = render(copy)

    assert "Not in your folder" in page
    assert "Start coursekit lab again to have a fresh one." in page
    assert "Damaged" in page
    assert "Rename it, and start coursekit lab again" in page


def test_a_record_that_makes_no_sense_is_said_and_the_map_stands(copy):
    (copy / ".coursekit/progress.json").write_text("broken")
    page = render(copy)

    assert 'role="alert"' in page
    assert "progress.json could not be read" in page
    assert "1. A record in dispute" in page


def test_a_file_name_of_a_student_s_is_text_on_the_page(copy):
    page = render(copy, said="<script>alert(1)</script>", file='a"><b>.zip')

    assert "<script>alert" not in page
    assert 'a"><b>' not in page


def test_a_theme_that_was_chosen_in_jupyterlab_is_the_page_s(copy):
    assert 'data-theme="dark"' in render(copy, theme="dark")
    assert 'data-theme="light dark"' in render(copy)


def test_each_lesson_belongs_to_a_part_in_the_order_of_the_course(copy):
    rows = list_rows(copy)
    parts = [row.part for row in rows]

    assert [row.lesson.number for row in rows] == list(range(1, 17))
    assert [row.exercise.number for row in rows] == list(range(1, 17))
    assert list(dict.fromkeys(parts)) == [
        "The record",
        "The law of intervention by invitation",
        "The institutions of international society",
        "The trade in surveillance",
        "All three",
    ]


def test_outcomes_are_the_list_under_the_sentence_that_promises_them(tmp_path):
    text = (
        "Why.\n\nBy the end you can\n\n1. read a *table*;\n2. count.\n\nMore.\n\n3. no"
    )
    cell = {"cell_type": "markdown", "metadata": {}, "source": text}
    file = tmp_path / "01_a.ipynb"
    file.write_text(json.dumps({"cells": [cell], "metadata": {}}))

    assert read_card(file, root=tmp_path).outcomes == ("read a *table*", "count")


@pytest.mark.parametrize(
    ("settings", "theme"),
    [
        ('{"theme": "JupyterLab Dark"}', ""),
        ('{"adaptive-theme": true, "theme": "JupyterLab Dark"}', ""),
        ('// mine\n{"adaptive-theme": false, "theme": "JupyterLab Dark"}', "dark"),
        ('{"adaptive-theme": false, "theme": "JupyterLab Light"}', "light"),
        ("no JSON", ""),
    ],
)
def test_the_theme_is_the_system_s_unless_jupyterlab_was_told_otherwise(
    tmp_path, monkeypatch, settings, theme
):
    folder = tmp_path / "@jupyterlab/apputils-extension"
    folder.mkdir(parents=True)
    (folder / "themes.jupyterlab-settings").write_text(settings)
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", str(tmp_path))

    assert read_theme() == theme
