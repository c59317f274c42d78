"""One case through three lenses: decide what counts, and read a sentence for each."""

from __future__ import annotations

from typing import Final

from coursekit.charts.lenses import (
    BASE,
    SITUATIONS,
    describe_institutions,
    describe_law,
    describe_surveillance,
    find_situation,
    is_about,
    list_choices,
    name_situation,
    tabulate_coverage,
)
from coursekit.charts.purchases import draw_purchases, tabulate_purchases
from coursekit.law import read_doctrines
from coursekit.widgets.controls import drop_down
from coursekit.widgets.panel import Panel, View

GRADES: Final = {
    "any grade": "ABCD",
    "A, B or C": "ABC",
    "A or B": "AB",
    "A only": "A",
}
BODIES: Final = ("CSTO", "CIS", "SCO", "EAEU")


def three_lenses(
    case: str = "KAZ2022",
    *,
    doctrine: str = "D24",
    body: str = "CSTO",
    grade: str = "any grade",
    reading: str = BASE,
) -> Panel:
    """Build a panel that says of a case what each of the three lenses sees.

    Parameters
    ----------
    case : str
        A key of `coursekit.charts.lenses.SITUATIONS`, shown at first.
    doctrine : str
        The doctrine that is assessed at first, such as ``"D24"``.
    body : {"CSTO", "CIS", "SCO", "EAEU"}
        Whose members are listed at first.
    grade : str
        Which evidence of purchases counts at first, a key of ``GRADES``.
    reading : str
        ``base``, ``across readings``, or a reading of ``interventions`` or
        ``shutdowns``.

    Returns
    -------
    Panel
        Five drop-down lists; a sentence for each lens, a figure and a table follow.

    Raises
    ------
    UnknownNameError
        If case, doctrine, body, grade or reading does not exist.
    """
    cases = [(name_situation(key), key) for key in SITUATIONS]
    doctrines = [(f"{key} {one.name}", key) for key, one in read_doctrines().items()]
    controls = {
        "case": drop_down("Case", cases, case, kind="case"),
        "doctrine": drop_down("Doctrine", doctrines, doctrine, kind="doctrine"),
        "body": drop_down("Body", BODIES, body, kind="body"),
        "grade": drop_down("Evidence", list(GRADES), grade, kind="grade"),
        "reading": drop_down("Reading", list_choices(), reading, kind="reading"),
    }
    return Panel("One case, three lenses", controls, view_case)


def view_case(case: str, doctrine: str, body: str, grade: str, reading: str) -> View:
    """Say of a case what each lens sees; draw and list what it has to go on.

    Parameters
    ----------
    case, doctrine, body, grade, reading : str
        As for `three_lenses`.

    Returns
    -------
    View
        A line for each lens and one on the reading; what is on record of purchases as
        a figure; the rows of each dataset as a table.
    """
    situation = find_situation(case)
    grades = GRADES[grade]
    lines = [
        f"{name_situation(case)}.",
        describe_law(situation, doctrine_id=doctrine, reading=reading),
        describe_institutions(situation, body=body),
        describe_surveillance(situation, grades=grades, reading=reading),
    ]
    if reading != BASE and not is_about(situation, reading):
        lines.append(f"The reading {reading} is of another case: this is the base.")
    moment = [(situation.state, int(situation.day[:4]))]
    return View(
        words="\n".join(lines),
        figure=draw_purchases(tabulate_purchases(moment, grades)),
        table=tabulate_coverage([case]).reset_index(),
    )
