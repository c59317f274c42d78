"""Edit the decision table: what is new, in which order, without which row."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from coursekit.charts.episodes import draw_episodes
from coursekit.institutions.change import CANNOT, compare_with_coding, read_decisions
from coursekit.institutions.sensitivity import (
    describe_flips,
    new_at_most,
    swap_steps,
    without_rows,
)
from coursekit.widgets.controls import drop_down
from coursekit.widgets.panel import Panel, View

if TYPE_CHECKING:
    import pandas as pd

CODED: Final = "as the coder called it"
WRITTEN: Final = "as written"
NO_ROW: Final = "no row"
AGES: Final = (1, 3, 5, 10, 20)  # years of a body up to which it counts as new


def decision_table(
    new: str = CODED, *, order: str = WRITTEN, off: str = NO_ROW
) -> Panel:
    """Build a panel to edit the strategy table and see which episodes move.

    Parameters
    ----------
    new : str
        What "new" means at first: as the coder called it, or ``at most 5 years old``.
    order : str
        ``as written``, or two neighbours swapped, such as ``S4 before S3``.
    off : str
        ``no row``, or the name of a row that is switched off.

    Returns
    -------
    Panel
        Three drop-down lists; sentence, figure and table follow them.

    Raises
    ------
    UnknownNameError
        If one of them is not on its list.
    """
    rows = list(map(str, read_decisions().index))
    controls = {
        "new": drop_down("New means", list(_ages()), new, kind="meaning of new"),
        "order": drop_down("Order", list(_orders()), order, kind="order"),
        "off": drop_down("Switch off", [NO_ROW, *rows], off, kind="row"),
    }
    return Panel("Edit the table: which episodes move?", controls, view_table)


def edit_table(*, new: str, order: str, off: str) -> pd.DataFrame:
    """Make the decision table that three choices give.

    Parameters
    ----------
    new, order, off : str
        As for `decision_table`.

    Returns
    -------
    pandas.DataFrame
        Ordered by step.
    """
    table = read_decisions()
    if _ages()[new] is not None:
        table = new_at_most(_ages()[new] or 0, table=table)
    if order != WRITTEN:
        table = swap_steps(*_orders()[order], table=table)
    return table if off == NO_ROW else without_rows(off, table=table)


def view_table(*, new: str, order: str, off: str) -> View:
    """Say, draw and list the classes under an edited table.

    Parameters
    ----------
    new, order, off : str
        As for `decision_table`.

    Returns
    -------
    View
        Words, figure and table.
    """
    table = edit_table(new=new, order=order, off=off)
    found = compare_with_coding(table)
    classes = found[["episode_id", "label"]].assign(
        before=compare_with_coding()["by_rule"],
        after=found["by_rule"],
        row=found["row"],
    )
    moves = classes[classes["before"] != classes["after"]]
    words = "\n".join(
        [describe_table(table), describe_flips(moves), describe_fit(found)]
    )
    return View(words=words, figure=draw_episodes(classes), table=classes)


def describe_table(table: pd.DataFrame) -> str:
    """Read a decision table aloud.

    Parameters
    ----------
    table : pandas.DataFrame
        Indexed by ``row_id``, with ``when`` and ``then``, in order.

    Returns
    -------
    str
        One sentence.
    """
    rows = [
        f"{row_id}, {when}: {then.replace('_', ' ')}"
        for row_id, when, then in zip(
            table.index, table["when"], table["then"], strict=True
        )
    ]
    return f"The table asks in this order. {'; '.join(rows)}."


def describe_fit(found: pd.DataFrame) -> str:
    """Say how many classes are as coded by hand, and what that is worth.

    Parameters
    ----------
    found : pandas.DataFrame
        As `coursekit.institutions.change.compare_with_coding` gives it.

    Returns
    -------
    str
        One or two sentences.
    """
    agree = int(found["agrees"].sum())
    said = f"{agree} of {len(found)} are as coded by hand."
    lost = int((found["by_rule"] == CANNOT).sum())
    if lost:
        noun = "episode is" if lost == 1 else "episodes are"
        said += f" {lost} {noun} caught by no row and cannot be classified."
    if agree == len(found):
        said += " One hand coded inputs and classes, so that is no test of the table."
    return said


def _ages() -> dict[str, int | None]:
    return {CODED: None} | {f"at most {age} years old": age for age in AGES}


def _orders() -> dict[str, tuple[str, str]]:
    rows = list(map(str, read_decisions().index))
    swaps = {f"{two} before {one}": (one, two) for one, two in pairwise(rows)}
    return {WRITTEN: ("", "")} | swaps
