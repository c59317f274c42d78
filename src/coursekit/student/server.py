"""The home page served beside JupyterLab, by Jupyter's own server."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.web import authenticated

from coursekit.errors import CoursekitError, describe_error
from coursekit.student.page import render_home
from coursekit.student.submit import submit

PAGE = "coursekit"


class HomeHandler(JupyterHandler):
    """Shows the home page, and writes the archive of an exercise when asked to."""

    @authenticated
    def get(self) -> None:
        """Show how far the student has come, as of now."""
        self._show()

    @authenticated
    def post(self) -> None:
        """Write an archive of one notebook, and show what came of it."""
        copy, name = self._copy, self.get_body_argument("notebook", "")
        try:
            if not re.fullmatch(r"exercises/[^/\\]+\.ipynb", name):
                raise CoursekitError(f"{name!r} is no exercise of this folder.")
            report = submit(copy / name)
        except (CoursekitError, OSError) as error:
            self._show(said=describe_error(error))
            return
        file = Path(report.file).relative_to(copy.resolve()).as_posix()
        self._show(said=replace(report, file=file).to_text(), file=file)

    @property
    def _copy(self) -> Path:
        return Path(self.settings["server_root_dir"]).expanduser().resolve()

    def _show(self, **values: str) -> None:
        nonce = secrets.token_urlsafe(16)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header(
            "Content-Security-Policy",
            f"default-src 'none'; script-src 'nonce-{nonce}'; "
            "style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'self'",
        )
        page = render_home(
            self._copy,
            base=self.base_url,
            theme=read_theme(),
            nonce=nonce,
            xsrf=self.xsrf_token.decode(),
            **values,
        )
        self.finish(page)


def read_theme() -> str:
    """Read which theme the student chose in JupyterLab: light, dark, or nothing."""
    from jupyterlab.commands import get_user_settings_dir

    file = Path(
        get_user_settings_dir(),
        "@jupyterlab/apputils-extension/themes.jupyterlab-settings",
    )
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    # While it follows the system, JupyterLab writes down the theme of the moment.
    if not re.search(r'"adaptive-theme"\s*:\s*false', text):
        return ""
    found = re.search(r'"theme"\s*:\s*"(?P<name>[^"]*)"', text)
    if found is None:
        return ""
    return "dark" if "Dark" in found["name"] else "light"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(app: Any) -> None:
    path = url_path_join(app.web_app.settings["base_url"], PAGE)
    app.web_app.add_handlers(".*$", [(path, HomeHandler)])
