"""The list from which one entry is chosen, as every widget has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets

from coursekit.errors import UnknownNameError


def drop_down(
    label: str,
    options: Sequence[Any],
    value: Any = None,
    *,
    kind: str = "option",
    label_width: int = 72,
    width: int = 440,
) -> ipywidgets.Dropdown:
    """Make a list from which one entry is chosen, with the mouse or the keyboard.

    Parameters
    ----------
    label : str
        Stands before the list.
    options : sequence of str or of (str, object)
        Values, or pairs of what is shown and the value.
    value : object, optional
        Chosen at first; the first option if left out.
    kind : str, optional
        What the values are, for the error.
    label_width, width : int
        Pixels; a narrow screen makes the list narrower.

    Returns
    -------
    ipywidgets.Dropdown
        The list.

    Raises
    ------
    UnknownNameError
        If ``value`` is not among the options.
    """
    values = [option[1] if isinstance(option, tuple) else option for option in options]
    if value is None:
        value = values[0]
    if value not in values:
        raise UnknownNameError(kind, str(value), map(str, values))
    return ipywidgets.Dropdown(
        options=options,
        value=value,
        description=label,
        tooltip=label.rstrip(":"),
        style={"description_width": f"{label_width}px"},
        layout={"width": f"min({width}px, 95%)"},
    )
