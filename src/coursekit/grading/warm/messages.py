"""What a kernel may say: only messages of Jupyter's shape get past this module."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

Message = dict[str, Any]


def read_message(payload: bytes) -> Message | None:
    """Read a message that a kernel wrote.

    Parameters
    ----------
    payload : bytes
        JSON text of an array: type, content, and binary buffers as base64.

    Returns
    -------
    dict or None
        ``msg_type``, ``content`` with the fields of Jupyter's protocol and no others,
        ``metadata`` (empty) and ``buffers`` (bytes); None where anything has another
        shape.
    """
    try:
        kind, content, buffers = _parse(payload)
        fields = _SHAPES[kind]
        kept = {
            name: _take(content, name, fits)
            for name, fits in fields.items()
            if name in content or name not in _OPTIONAL
        }
        binary = [base64.b64decode(text, validate=True) for text in buffers]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return {"msg_type": kind, "content": kept, "metadata": {}, "buffers": binary}


def _parse(payload: bytes) -> Any:
    # Decoded here: json would guess the encoding, and lets half a surrogate pair pass.
    tree = json.loads(payload.decode("utf-8"), parse_constant=_refuse)
    # Half a surrogate pair can be written in JSON, but not in UTF-8, and would make
    # whoever stores the text fail.
    if b"\\ud" in payload or b"\\uD" in payload:
        text = json.dumps(tree, ensure_ascii=False)
        tree = json.loads(text.encode("utf-8", "replace"))
    return tree


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _take(content: Mapping[str, Any], name: str, fits: Callable[[Any], bool]) -> Any:
    if not fits(content[name]):
        raise ValueError(name)
    return content[name]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_dict(value: Any) -> bool:
    return isinstance(value, dict)


def _are_lines(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_bundle(value: Any) -> bool:
    """Tell whether this is data by media type: text, or JSON where the type says so."""
    return _is_dict(value) and all(
        _is_text(part) or mime.endswith("json") for mime, part in value.items()
    )


def _is_stream(value: Any) -> bool:
    return value in ("stdout", "stderr")


def _is_module(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_status(value: Any) -> bool:
    return value in ("ok", "error")


def _are_payloads(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_dict, value))


_Shape = dict[str, Callable[[Any], bool]]
_DISPLAY: _Shape = {"data": _is_bundle, "metadata": _is_dict, "transient": _is_dict}
_COMM: _Shape = {"comm_id": _is_text, "data": _is_dict}
_OPTIONAL = frozenset({"transient", "target_module"})
_SHAPES: dict[str, _Shape] = {
    "stream": {"name": _is_stream, "text": _is_text},
    "display_data": _DISPLAY,
    "update_display_data": _DISPLAY,
    "execute_result": {**_DISPLAY, "execution_count": _is_count},
    "error": {"ename": _is_text, "evalue": _is_text, "traceback": _are_lines},
    "clear_output": {"wait": _is_bool},
    "comm_open": {**_COMM, "target_name": _is_text, "target_module": _is_module},
    "comm_msg": _COMM,
    "comm_close": _COMM,
    "execute_reply": {
        "status": _is_status,
        "execution_count": _is_count,
        "payload": _are_payloads,
    },
}
