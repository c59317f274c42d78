"""plotly's packed arrays, which its JSON holds in the place of lists of numbers."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Mapping
from typing import Any

# plotly's names for types of numbers, and the struct module's.
_CODES = {
    "i1": "b",
    "u1": "B",
    "u1c": "B",
    "i2": "h",
    "u2": "H",
    "i4": "i",
    "u4": "I",
    "f4": "f",
    "f8": "d",
}


def unpack_arrays(tree: Any) -> Any:
    """Turn packed arrays, ``{"dtype", "bdata", "shape"}``, into lists.

    Parameters
    ----------
    tree : object
        Any part of a figure, as plotly's ``to_dict`` or its JSON gives it.

    Returns
    -------
    object
        The same tree with a (nested) list of numbers for each packed array, and lists
        for tuples. What only looks like a packed array stays as it is.

    Examples
    --------
    >>> unpack_arrays({"y": {"dtype": "i1", "bdata": "AQIDBA==", "shape": "2, 2"}})
    {'y': [[1, 2], [3, 4]]}
    """
    if isinstance(tree, Mapping):
        if "bdata" in tree and tree.get("dtype") in _CODES:
            return _unpack(tree)
        return {key: unpack_arrays(part) for key, part in tree.items()}
    if isinstance(tree, list | tuple):
        return [unpack_arrays(part) for part in tree]
    return tree


def _unpack(packed: Mapping[str, Any]) -> Any:
    try:
        data = base64.b64decode(packed["bdata"], validate=True)
        code = f"<{_CODES[packed['dtype']]}"
        flat: list[Any] = [number for (number,) in struct.iter_unpack(code, data)]
        shape = [int(part) for part in str(packed.get("shape", len(flat))).split(",")]
    except (binascii.Error, struct.error, ValueError, TypeError):
        return dict(packed)
    for length in reversed(shape[1:]):
        flat = [flat[at : at + length] for at in range(0, len(flat), max(1, length))]
    return flat
