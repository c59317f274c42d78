"""What JupyterLab is told before it starts; tests/browser starts it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coursekit.errors import CoursekitError
from coursekit.student import lab
from coursekit.student.lab import (
    lab_arguments,
    shortcuts_outside_widgets,
    write_settings,
)

ANYWHERE = ".jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus"
CUT = {"command": "notebook:cut-cell", "keys": ["X"], "selector": ANYWHERE}
RUN = {"command": "notebook:run", "keys": ["Shift Enter"], "selector": ANYWHERE}


def test_the_lab_listens_on_this_machine_and_asks_no_one_for_news() -> None:
    arguments = lab_arguments(Path("/copy"), port=8888, browser=False)

    assert "--ServerApp.ip=127.0.0.1" in arguments
    assert "--ServerApp.open_browser=False" in arguments
    assert "--LabApp.news_url=None" in arguments
    assert "--KernelManager.transport_encryption=auto" in arguments
    assert not [one for one in arguments if "token" in one or "password" in one]


def test_a_key_inside_a_widget_belongs_to_the_widget() -> None:
    changed = shortcuts_outside_widgets({"jupyter.lab.shortcuts": [CUT, RUN]})

    assert changed == [
        {**CUT, "disabled": True},
        {
            **CUT,
            "selector": f"{ANYWHERE}:not(.jupyter-widgets):not(.jupyter-widgets *)",
        },
    ]


def test_settings_are_written_where_jupyterlab_has_no_schemas(tmp_path: Path) -> None:
    write_settings(tmp_path, schemas=tmp_path / "none")
    written = json.loads((tmp_path / ".coursekit/lab/overrides.json").read_text())

    assert written["@jupyterlab/shortcuts-extension:shortcuts"] == {"shortcuts": []}


def test_the_list_of_files_is_folded_away_until_the_student_opens_it(
    tmp_path: Path,
) -> None:
    write_settings(tmp_path, schemas=tmp_path / "none")
    (file,) = (tmp_path / ".coursekit/lab/workspaces").iterdir()
    written = json.loads(file.read_text())
    file.write_text("the student's")
    write_settings(tmp_path, schemas=tmp_path / "none")

    assert written["data"]["layout-restorer:data"]["left"]["collapsed"]
    assert file.read_text() == "the student's"


def test_on_a_hub_the_hub_says_where_the_server_listens() -> None:
    arguments = lab_arguments(Path("/copy"), port=8888, browser=False, hub=True)
    said = " ".join(arguments)

    assert not any(name in said for name in (".ip=", ".port=", ".base_url="))
    assert "--ServerApp.default_url=/coursekit" in arguments
    assert "--ServerApp.root_dir=/copy" in arguments


@pytest.mark.parametrize("name", ["--ServerApp.ip", "--ip"])
def test_an_option_of_jupyters_wins_over_the_courses(name: str) -> None:
    options = [f"{name}=0.0.0.0", "--ServerApp.jpserver_extensions=mine=True"]
    arguments = lab_arguments(Path("/copy"), port=8888, browser=False, options=options)

    # Jupyter takes one value of each, and refuses two.
    assert not any("127.0.0.1" in one for one in arguments)
    assert "--ServerApp.jpserver_extensions=coursekit.student.server=True" in arguments
    assert arguments[-2:] == options


def test_the_menu_leads_home_wherever_the_server_lives(tmp_path: Path) -> None:
    write_settings(tmp_path, schemas=tmp_path / "none", base="/user/ann/")
    written = json.loads((tmp_path / ".coursekit/lab/overrides.json").read_text())
    (menu,) = written["@jupyterlab/mainmenu-extension:plugin"]["menus"]

    assert menu["items"][0]["args"]["url"] == "/user/ann/coursekit"


def test_a_jupyter_that_gives_up_says_which_option_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoPort:
        @staticmethod
        def initialize_server(argv: list[str]) -> None:
            raise SystemExit(1)

    monkeypatch.setattr(lab, "_application", lambda **_options: NoPort)

    with pytest.raises(CoursekitError, match="coursekit lab --port 9999"):
        lab.serve(tmp_path)
