"""Compare widgets by their state: the tree below a view, not the random ids in it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from coursekit.grading.meaning.tables import compare_html, read_html
from coursekit.grading.meaning.values import JSON, compare_json, same_value
from coursekit.grading.meaning.words import quoted, say

STATE_MIME = "application/vnd.jupyter.widget-state+json"
WIDGET_TARGET = "jupyter.widget"

Models: TypeAlias = dict[str, dict[str, Any]]
CompareOutputs: TypeAlias = Callable[[Sequence[Any], Sequence[Any]], str | None]

_REFERENCE = re.compile(r"IPY_MODEL_(.+)", re.DOTALL)
# Bookkeeping of the widget protocol: versions of front-end code, the number of views
# that are open, the message whose output is being caught.
_IGNORED = frozenset(
    (
        "_model_module_version",
        "_view_module_version",
        "_view_count",
        "_model_module",
        "_view_module",
        "_view_name",
        "msg_id",
    )
)


class WidgetStates:
    """The states of all widgets of a kernel, as its messages tell them.

    Attributes
    ----------
    models : dict of str to dict
        For each model id the state, with binary buffers as base64 in their places.
    """

    def __init__(self) -> None:
        self.models: Models = {}

    def hear(self, message: Mapping[str, Any]) -> None:
        """Take in one message of the kernel; all but comm messages are passed over."""
        kind, content = message.get("msg_type"), message.get("content") or {}
        comm, data = content.get("comm_id"), content.get("data")
        if not isinstance(comm, str) or not isinstance(data, Mapping):
            return
        if kind == "comm_open" and content.get("target_name") == WIDGET_TARGET:
            self.models[comm] = {}
        elif kind != "comm_msg" or data.get("method") not in ("update", "echo_update"):
            return
        state = data.get("state")
        if comm in self.models and isinstance(state, Mapping):
            self.models[comm].update(state)
            paths = data.get("buffer_paths")
            if isinstance(paths, list):  # a cell can send anything at all
                _put_buffers(self.models[comm], paths, message.get("buffers") or [])


def stored_widgets(metadata: Mapping[str, Any]) -> Models:
    """Read the widget states from the metadata of a notebook; empty if there are none.

    Parameters
    ----------
    metadata : mapping
        Metadata of the notebook, as nbclient and JupyterLab write it.
    """
    stored = (metadata.get("widgets") or {}).get(STATE_MIME) or {}
    models: Models = {}
    for model_id, model in (stored.get("state") or {}).items():
        state = dict(model.get("state") or {})
        state.setdefault("_model_name", model.get("model_name"))
        buffers = model.get("buffers") or []
        paths = [buffer.get("path") or [] for buffer in buffers]
        _put_buffers(state, paths, [buffer.get("data") for buffer in buffers])
        models[model_id] = state
    return models


def compare_widgets(
    stored: Models,
    fresh: Models,
    ids: tuple[str, str],
    compare_outputs: CompareOutputs,
) -> str | None:
    """Compare the trees below two views.

    Parameters
    ----------
    stored, fresh : dict of str to dict
        States by model id, from `stored_widgets` and `WidgetStates`.
    ids : tuple of str
        Model id of the view in ``stored`` and in ``fresh``.
    compare_outputs : callable
        Compares the two lists of outputs that a pair of Output widgets hold.

    Returns
    -------
    str or None
        One line that names the widget and what differs; None if nothing does.

    Notes
    -----
    A state saved by JupyterLab omits what has its default value.  What only the fresh
    state has is then taken to be such a default.  States written by `coursekit build`
    are complete, and there a missing value is a difference.
    """
    return _Walk(stored, fresh, compare_outputs).compare(*ids)


class _Walk:
    """One walk through two trees of models, side by side."""

    def __init__(
        self, stored: Models, fresh: Models, compare_outputs: CompareOutputs
    ) -> None:
        self.stored = stored
        self.fresh = fresh
        self.compare_outputs = compare_outputs
        self.seen: set[tuple[str, str]] = set()  # models may refer to each other

    def compare(self, stored_id: str, fresh_id: str) -> str | None:
        if (stored_id, fresh_id) in self.seen:
            return None
        self.seen.add((stored_id, fresh_id))
        old, new = self.stored.get(stored_id), self.fresh.get(fresh_id)
        if old is None:
            return (
                "widget: its state is not stored in the notebook, so nothing can be "
                "compared; run `coursekit build`"
            )
        if new is None:
            return "widget: the kernel shows a widget that it never made"
        where = f"widget, {_widget_name(new)}"
        complete = "_view_name" in old or "_view_module" in old
        keys = [key for key in old if key not in _IGNORED]
        if complete:
            keys += [key for key in new if key not in old and key not in _IGNORED]
        for key in sorted(keys, key=_importance):
            spot = f"{where}, {key}"
            if key == "value" and _hold_html(old, new):
                pages = (read_html(str(side[key])) for side in (old, new))
                found = compare_html(*pages)
                found = f"{spot}: {found}" if found else None
            else:
                found = self.compare_trait(old.get(key), new.get(key), spot)
            if found:
                return found
        return None

    def compare_trait(self, old: JSON, new: JSON, where: str) -> str | None:
        if where.endswith(", outputs") and _is_list(old) and _is_list(new):
            found = self.compare_outputs(old, new)
            return f"{where}: {found}" if found else None
        ids = _reference(old), _reference(new)
        if ids[0] is not None and ids[1] is not None:
            return self.compare(ids[0], ids[1])
        if _is_list(old) and _is_list(new) and len(old) == len(new):
            for number, (part, other) in enumerate(zip(old, new, strict=True)):
                found = self.compare_trait(part, other, f"{where}[{number}]")
                if found:
                    return found
            return None
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            for key in {**old, **new}:
                found = self.compare_trait(old.get(key), new.get(key), f"{where}.{key}")
                if found:
                    return found
            return None
        if _is_list(old) and _is_list(new):
            return compare_json(old, new, where)
        return None if same_value(old, new) else say(where, old, new)


def _importance(key: str) -> tuple[int, str]:
    """Put what a reader sees first, then what only styles it."""
    if key in ("value", "index", "outputs"):
        return 0, key
    return (2, key) if key in ("layout", "style") else (1, key)


def _hold_html(*states: Mapping[str, Any]) -> bool:
    return all(
        str(state.get("_model_name")).startswith("HTML")
        and isinstance(state.get("value"), str)
        for state in states
    )


def _widget_name(state: Mapping[str, Any]) -> str:
    kind = str(state.get("_model_name", "model")).removesuffix("Model")
    label = state.get("description") or state.get("aria_label")
    return f"{kind} {quoted(label)}" if isinstance(label, str) and label else kind


def _reference(value: JSON) -> str | None:
    match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return match[1] if match else None


def _is_list(value: JSON) -> bool:
    return isinstance(value, list | tuple)


def _put_buffers(
    state: dict[str, Any], paths: Sequence[Sequence[Any]], buffers: Sequence[Any]
) -> None:
    """Put binary buffers back where the protocol took them out, as base64."""
    for path, buffer in zip(paths, buffers, strict=False):
        data = buffer if isinstance(buffer, str) else _base64(buffer)
        place: Any = state
        try:
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = data
        except (KeyError, IndexError, TypeError):
            continue  # the message contradicts itself; the values that are there count


def _base64(buffer: Any) -> str:
    return base64.b64encode(bytes(buffer)).decode()
