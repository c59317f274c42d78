"""Keep the outputs of a running cell as JupyterLab would show them."""

from __future__ import annotations

from typing import Any

import nbformat


class LiveOutputs:
    """Applies what changes outputs already shown, as JupyterLab does.

    ``clear_output`` and updates of a display act on the outputs of the cell that runs.
    A display of an earlier cell is not updated: it has been compared already.

    Parameters
    ----------
    cell : nbval.plugin.IPyNbCell
        The cell that runs; its ``test_outputs`` are changed in place.
    """

    def __init__(self, cell: Any) -> None:
        self.cell = cell
        self.displays: dict[str, list[nbformat.NotebookNode]] = {}
        self.clear_before_next = False

    def lets_pass(self, message: dict[str, Any]) -> bool:
        """Take in a message; False if nbval shall not see it."""
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            self.clear_before_next = bool(content.get("wait"))
            if not self.clear_before_next:
                self._clear()
            return False
        display_id = str((content.get("transient") or {}).get("display_id") or "")
        if kind == "update_display_data":
            shown = self.displays.get(display_id, ())
            fresh = nbformat.from_dict(content["data"]) if shown else {}
            for data in shown:
                data.clear()
                data.update(fresh)
            return False
        if kind in ("stream", "display_data", "execute_result", "error"):
            if self.clear_before_next:
                self._clear()
                self.clear_before_next = False
            if display_id:
                # nbval keeps this very object, so that it can be updated later.
                content["data"] = nbformat.from_dict(content["data"])
                self.displays.setdefault(display_id, []).append(content["data"])
        return True

    def _clear(self) -> None:
        self.cell.test_outputs.clear()
        self.displays.clear()
