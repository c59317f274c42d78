"""Compare two trees of plain JSON values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from coursekit.grading.meaning.words import same_number, say, steady

JSON = Any  # plain JSON as the json module reads it; typed here it only adds casts


def compare_json(
    stored: JSON, fresh: JSON, where: str, *, ignore: Collection[str] = ()
) -> str | None:
    """Compare two JSON values, numbers by tolerance and all else exactly.

    Parameters
    ----------
    stored, fresh : JSON
        The value in the notebook file and the one just computed.
    where : str
        Path of the value, which the message begins with.
    ignore : collection of str
        Keys that are passed over, at any depth.

    Returns
    -------
    str or None
        One line that shows the first difference; None if there is none.

    Examples
    --------
    >>> compare_json({"a": [1, 2.0]}, {"a": [1, 2.0000000001]}, "value")
    >>> compare_json({"a": [1, 2.0]}, {"a": [1, 3.0]}, "value")
    'value.a[1]: stored 2.0, now 3.0'
    """
    if isinstance(stored, Mapping) and isinstance(fresh, Mapping):
        return _compare_mappings(stored, fresh, where, ignore)
    if _is_list(stored) and _is_list(fresh):
        return _compare_lists(stored, fresh, where, ignore)
    if same_value(stored, fresh):
        return None
    return say(where, stored, fresh)


def same_value(stored: JSON, fresh: JSON) -> bool:
    """Tell whether two values that hold no others are the same."""
    if isinstance(stored, bool) or isinstance(fresh, bool):
        return stored is fresh  # True is not 1
    if isinstance(stored, int | float) and isinstance(fresh, int | float):
        return same_number(stored, fresh)
    if isinstance(stored, str) and isinstance(fresh, str):
        return stored == fresh or steady(stored) == steady(fresh)
    return bool(stored == fresh)


def joined(text: str | Sequence[str]) -> str:
    """Join a text that a notebook file may hold as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def _is_list(value: JSON) -> bool:
    return isinstance(value, list | tuple)


def _compare_mappings(
    stored: Mapping[str, JSON],
    fresh: Mapping[str, JSON],
    where: str,
    ignore: Collection[str],
) -> str | None:
    for key in [*stored, *(key for key in fresh if key not in stored)]:
        if key in ignore:
            continue
        path = f"{where}.{key}"
        if key not in fresh:
            return f"{path}: stored, now gone"
        if key not in stored:
            return f"{path}: not stored, now there"
        found = compare_json(stored[key], fresh[key], path, ignore=ignore)
        if found:
            return found
    return None


def _compare_lists(
    stored: Sequence[JSON],
    fresh: Sequence[JSON],
    where: str,
    ignore: Collection[str],
) -> str | None:
    if len(stored) != len(fresh):
        return f"{where}: stored {len(stored)} values, now {len(fresh)}"
    for number, (old, new) in enumerate(zip(stored, fresh, strict=True)):
        found = compare_json(old, new, f"{where}[{number}]", ignore=ignore)
        if found:
            return found
    return None
