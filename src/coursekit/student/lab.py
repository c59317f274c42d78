"""JupyterLab on a student's copy: on this machine only, quiet, and off the network."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from coursekit.doctor import demand
from coursekit.errors import CoursekitError

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
    # Light or dark as the system is, like the home page.
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
    # Which cells were run: what the home page counts.
    "@jupyterlab/notebook-extension:tracker": {"recordTiming": True},
}

_ANYWHERE = ".jp-mod-commandMode:not(.jp-mod-readWrite) :focus"
_NO_WIDGET = ":not(.jupyter-widgets):not(.jupyter-widgets *)"

# JupyterLab sets text in tables flush right and breaks dates at their hyphens. Figures
# are drawn on white; in the dark theme light and dark change places, and hues stay.
STYLE = """\
.jp-RenderedHTMLCommon table.dataframe :is(th, td) {
  text-align: left;
  vertical-align: top;
  min-width: 6.5em;
  font-variant-numeric: tabular-nums;
}
.jp-RenderedHTMLCommon table.dataframe :is(th, td):first-child { min-width: 2em; }
[data-jp-theme-light="false"] .js-plotly-plot .svg-container {
  filter: invert(0.93) hue-rotate(180deg);
}
"""

# The panel that installs further extensions has no place in a course, and what nbgrader
# adds where it is installed is not for students.
PAGE = {
    "disabledExtensions": {
        "@jupyterlab/extensionmanager-extension": True,
        "@jupyter/nbgrader": True,
    }
}

# The list of files is folded away at first: a telephone would show little else. The
# home page has the map.
WORKSPACE = {
    "data": {
        "layout-restorer:data": {
            "left": {"collapsed": True, "visible": True, "widgets": []},
            "right": {"collapsed": True, "visible": True, "widgets": []},
        }
    },
    "metadata": {"id": "default"},
}

_FOR_GRADERS = tuple(
    f"nbgrader.server_extensions.{name}"
    for name in ("formgrader", "validate_assignment", "assignment_list", "course_list")
)


def lab_arguments(
    folder: Path,
    *,
    port: int,
    browser: bool,
    page: str = "",
    hub: bool = False,
    options: Sequence[str] = (),
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
        The file below the copy that is opened first; the home page by default.
    hub : bool, default False
        Whether a JupyterHub starts the server: then the hub says on which address it
        listens, and who may come in.
    options : sequence of str, optional
        Options of Jupyter's, as ``--ServerApp.ip=0.0.0.0``; they win over the course's.

    Returns
    -------
    list of str
        Command-line options; they win over the student's own Jupyter configuration.
    """
    import zmq
    from jupyter_server.serverapp import aliases

    state = folder / SETTINGS_FOLDER
    # Others on this machine cannot listen in, and the kernel has nothing to warn of.
    secret = "auto" if zmq.has("curve") else "disabled"
    first = f"/lab/tree/{quote(page)}" if page else "/coursekit"
    where = [f"--ServerApp.default_url={first}"]
    if not hub:
        where = [
            f"--LabApp.default_url={first}",
            "--ServerApp.ip=127.0.0.1",  # loopback only, and Jupyter's token stays on
            f"--ServerApp.port={port}",
            "--ServerApp.base_url=/",  # where the menu finds the home page
            f"--ServerApp.open_browser={browser}",
        ]
    ours = [
        *where,
        "--ServerApp.allow_root=True",  # containers
        f"--KernelManager.transport_encryption={secret}",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.answer_yes=True",  # one Ctrl+C ends it
        "--ServerApp.log_level=ERROR",
        "--ServerApp.jpserver_extensions=coursekit.student.server=True",
        "--ServerApp.kernel_spec_manager_class=coursekit.student.kernels.CourseKernels",
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
    # One value each, but for the list of extensions, which is put together.
    names = {option.partition("=")[0].removeprefix("--") for option in options}
    said = {aliases.get(name, name) for name in names}
    said.discard("ServerApp.jpserver_extensions")
    kept = [own for own in ours if own.partition("=")[0].removeprefix("--") not in said]
    return [*kept, *options]


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


def _menu(base: str) -> dict[str, Any]:
    """Describe the menu that leads back to the home page."""
    home = {"text": "Home", "url": f"{base}coursekit", "newBrowserTab": True}
    return {
        "id": "jp-mainmenu-coursekit",
        "label": "Course",
        "rank": 1000,
        "items": [{"command": "help:open", "args": home}],
    }


def write_settings(folder: Path, *, schemas: Path, base: str = "/") -> None:
    """Write what JupyterLab shows and does by default in this copy of the course.

    Parameters
    ----------
    folder : pathlib.Path
        The student's copy of the course.
    schemas : pathlib.Path
        Where JupyterLab keeps what its plugins say of themselves.
    base : str, default "/"
        Path of the server's address.
    """
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    settings = folder / SETTINGS_FOLDER
    settings.mkdir(parents=True, exist_ok=True)
    workspaces = settings / "workspaces"
    if not workspaces.exists():
        WorkspacesManager(str(workspaces)).save("default", json.dumps(WORKSPACE))
    notebook = schemas / "@jupyterlab" / "notebook-extension" / "tracker.json"
    schema = json.loads(notebook.read_bytes()) if notebook.is_file() else {}
    shortcuts = {"shortcuts": shortcuts_outside_widgets(schema)}
    overrides = {
        **OVERRIDES,
        "@jupyterlab/shortcuts-extension:shortcuts": shortcuts,
        "@jupyterlab/mainmenu-extension:plugin": {"menus": [_menu(base)]},
    }
    for name, content in (("overrides", overrides), ("page_config", PAGE)):
        text = json.dumps(content, indent=1) + "\n"
        (settings / f"{name}.json").write_text(text, encoding="utf-8")
    (settings / "custom.css").write_text(STYLE, encoding="utf-8")


def serve(
    folder: Path,
    *,
    port: int = 8888,
    browser: bool = True,
    page: str = "",
    options: Sequence[str] = (),
    announce: Callable[[str], None] = print,
) -> None:
    """Serve a student's copy of the course until it is interrupted or terminated.

    As the command of a JupyterHub's spawner it serves the hub's student.

    Parameters
    ----------
    folder : pathlib.Path
        The copy, as `coursekit.student.workspace.open_workspace` made it.
    port : int, default 8888
        The port to try first.
    browser : bool, default True
        Whether to open the student's browser.
    page : str, optional
        The file below the copy that is opened first; the home page by default.
    options : sequence of str, optional
        Options of Jupyter's own; they win over the course's.
    announce : callable
        Called once, when it can be reached, with the address, its token included.

    Raises
    ------
    CoursekitError
        If there is no JupyterLab, or one that is too old or cannot start.
    """
    demand("jupyterlab")
    # Imported here because they take most of a second.
    from jupyterlab.commands import get_app_dir

    hub = bool(os.environ.get("JUPYTERHUB_SERVICE_PREFIX"))
    arguments = lab_arguments(
        folder, port=port, browser=browser, page=page, hub=hub, options=options
    )
    try:
        server = _application(hub=hub).initialize_server(argv=arguments)
    except SystemExit as stop:  # Jupyter has said why
        raise CoursekitError(
            "JupyterLab could not start, for the reason above. If no port is free, "
            "name one elsewhere: `coursekit lab --port 9999`."
        ) from stop
    schemas = Path(get_app_dir()) / "schemas"
    write_settings(folder, schemas=schemas, base=server.base_url)
    # Jupyter announces its address in four lines, or in none if a password is set.
    server.log.addFilter(_is_not_the_address)
    # Only when the port is bound: until then another server may take it, and the
    # address would be the other's.
    server.io_loop.add_callback(announce, server.local_url)
    with suppress(KeyboardInterrupt):  # which may come before Jupyter listens for it
        server.start()


def _application(*, hub: bool) -> Any:
    """Give what makes the server: JupyterLab, or what a hub's proxy talks to."""
    if hub:
        from jupyterhub.singleuser.extension import JupyterHubSingleUser

        return JupyterHubSingleUser
    from jupyterlab.labapp import LabApp

    return LabApp


def _is_not_the_address(record: logging.LogRecord) -> bool:
    return "To access the server" not in record.getMessage()
