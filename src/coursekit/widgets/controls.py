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


def number_box(
    label: str,
    value: float,
    *,
    least: float,
    most: float,
    step: float = 1,
    tooltip: str = "",
    width: int = 180,
) -> ipywidgets.BoundedFloatText | ipywidgets.BoundedIntText:
    """Make a box for a number, which arrow keys move by a step.

    A slider of ipywidgets has a handle without a name, so that a screen reader cannot
    say what it moves; a box is read with its label.

    Parameters
    ----------
    label : str
        Stands before the box.
    value : int or float
        At first; whole numbers, if this and ``step`` are whole.
    least, most : int or float
        Bounds, both included.
    step : int or float, default 1
        What an arrow key adds or takes away.
    tooltip : str, optional
        What the number is; the label and its bounds by default.
    width : int, default 180
        Pixels; a narrow screen makes the box narrower.

    Returns
    -------
    ipywidgets.BoundedIntText or ipywidgets.BoundedFloatText
        The box.
    """
    whole = isinstance(value, int) and isinstance(step, int)
    kind = ipywidgets.BoundedIntText if whole else ipywidgets.BoundedFloatText
    return kind(
        value=value,
        min=least,
        max=most,
        step=step,
        description=label,
        tooltip=tooltip or f"{label}, {least:g} to {most:g}",
        style={"description_width": "72px"},
        layout={"width": f"min({width}px, 95%)"},
    )
