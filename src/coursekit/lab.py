"""JupyterLab on a student's copy: on this machine only, quiet, and off the network."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from coursekit.home import HOME_PAGE

SETTINGS_FOLDER = ".coursekit/lab"

# What a reader of the course wants to see first; a student's own settings win.
OVERRIDES = {
    "@jupyterlab/docmanager-extension:plugin": {
        "defaultViewers": {"markdown": "Markdown Preview"},
    },
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "fetchNews": "false",
    },
}

_ANYWHERE = ".jp-mod-commandMode:not(.jp-mod-readWrite) :focus"
_NO_WIDGET = ":not(.jupyter-widgets):not(.jupyter-widgets *)"

# JupyterLab sets text in tables flush right and breaks dates at their hyphens.
STYLE = """\
.jp-RenderedHTMLCommon table.dataframe :is(th, td) {
  text-align: left;
  vertical-align: top;
  min-width: 6.5em;
  font-variant-numeric: tabular-nums;
}
.jp-RenderedHTMLCommon table.dataframe :is(th, td):first-child { min-width: 2em; }
"""

# The panel that installs further extensions has no place in a course, and what nbgrader
# adds where it is installed is not for students.
PAGE = {
    "disabledExtensions": {
        "@jupyterlab/extensionmanager-extension": True,
        "@jupyter/nbgrader": True,
    }
}

_FOR_GRADERS = tuple(
    f"nbgrader.server_extensions.{name}"
    for name in ("formgrader", "validate_assignment", "assignment_list", "course_list")
)


def lab_arguments(
    folder: Path, *, port: int, browser: bool, page: str = HOME_PAGE
) -> list[str]:
    """Put together the options that JupyterLab is started with.

    Parameters
    ----------
    folder : pathlib.Path
        The student's copy of the course.
    port : int
        The port to try first; Jupyter takes a free one if it is in use.
    browser : bool
        Whether to open the student's browser.
    page : str, optional
        The file that is opened first, below the copy; the home page by default.

    Returns
    -------
    list of str
        Command-line options; they win over the student's own Jupyter configuration.
    """
    import zmq

    state = folder / SETTINGS_FOLDER
    # Others on this machine cannot listen in, and the kernel has nothing to warn of.
    secret = "auto" if zmq.has("curve") else "disabled"
    return [
        f"--KernelManager.transport_encryption={secret}",
        "--ServerApp.ip=127.0.0.1",  # loopback only, and Jupyter's token stays on
        f"--ServerApp.port={port}",
        f"--ServerApp.open_browser={browser}",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.answer_yes=True",  # one Ctrl+C ends it
        "--ServerApp.allow_root=True",  # containers; it listens on loopback alone
        "--ServerApp.log_level=ERROR",
        f"--LabApp.default_url=/lab/tree/{quote(page)}",
        f"--LabApp.app_settings_dir={state}",
        f"--LabApp.workspaces_dir={state / 'workspaces'}",
        # Where nbgrader is installed too, its part of the server is not for students.
        *(f"--ServerApp.jpserver_extensions={name}=False" for name in _FOR_GRADERS),
        "--LabApp.custom_css=True",
        f"--ServerApp.tornado_settings={{'static_custom_path': [{str(state)!r}]}}",
        "--LabApp.log_level=ERROR",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",  # the other one asks a registry
    ]


def shortcuts_outside_widgets(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Take from JupyterLab the keys that belong to a widget which has the focus.

    Without this, an arrow key on a drop-down list moves to another cell, and the
    letter ``x`` cuts the cell: no widget could be used without a mouse.

    Parameters
    ----------
    schema : dict
        What a plugin of JupyterLab says of itself, with its shortcuts.

    Returns
    -------
    list of dict
        For each shortcut of one key that works wherever the focus is in a notebook:
        the same switched off, and one that stays off inside widgets.
    """
    changed = []
    for shortcut in schema.get("jupyter.lab.shortcuts", []):
        plain = not any(" " in key for key in shortcut["keys"])  # no Ctrl, no Shift
        if plain and shortcut["selector"].endswith(_ANYWHERE):
            changed.append({**shortcut, "disabled": True})
            changed.append({**shortcut, "selector": shortcut["selector"] + _NO_WIDGET})
    return changed


def write_settings(folder: Path, *, schemas: Path) -> None:
    """Write what JupyterLab shows and does by default in this copy of the course.

    Parameters
    ----------
    folder : pathlib.Path
        The student's copy of the course.
    schemas : pathlib.Path
        Where JupyterLab keeps what its plugins say of themselves.
    """
    settings = folder / SETTINGS_FOLDER
    settings.mkdir(parents=True, exist_ok=True)
    notebook = schemas / "@jupyterlab" / "notebook-extension" / "tracker.json"
    schema = json.loads(notebook.read_bytes()) if notebook.is_file() else {}
    shortcuts = {"shortcuts": shortcuts_outside_widgets(schema)}
    overrides = {**OVERRIDES, "@jupyterlab/shortcuts-extension:shortcuts": shortcuts}
    for name, content in (("overrides", overrides), ("page_config", PAGE)):
        text = json.dumps(content, indent=1) + "\n"
        (settings / f"{name}.json").write_text(text, encoding="utf-8")
    (settings / "custom.css").write_text(STYLE, encoding="utf-8")


def serve(
    folder: Path,
    *,
    port: int = 8888,
    browser: bool = True,
    page: str = HOME_PAGE,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve a student's copy of the course until it is interrupted or terminated.

    Parameters
    ----------
    folder : pathlib.Path
        The copy, as `coursekit.workspace.open_workspace` made it.
    port : int, default 8888
        The port to try first.
    browser : bool, default True
        Whether to open the student's browser.
    page : str, optional
        The file that is opened first, below the copy; the home page by default.
    announce : callable
        Called once, when it can be reached, with the address, its token included.
    """
    # Imported here because they take most of a second; they ship no types.
    from jupyterlab.commands import get_app_dir  # type: ignore[import-untyped]
    from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]

    write_settings(folder, schemas=Path(get_app_dir()) / "schemas")
    arguments = lab_arguments(folder, port=port, browser=browser, page=page)
    server = LabApp.initialize_server(argv=arguments)
    # Jupyter announces its address in four lines, or in none if a password is set.
    server.log.addFilter(_is_not_the_address)
    # Only when the port is bound: until then another server may take it, and the
    # address would be the other's.
    server.io_loop.add_callback(announce, server.public_url)
    with suppress(KeyboardInterrupt):  # which may come before Jupyter listens for it
        server.start()


def _is_not_the_address(record: logging.LogRecord) -> bool:
    return "To access the server" not in record.getMessage()
