"""Recode a case, drop cases, choose a rule: and watch a share of the list move."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from coursekit.charts.cases import draw_shares
from coursekit.errors import UnknownNameError
from coursekit.evidence import load
from coursekit.law.shares import (
    DATASET,
    RULED,
    RULES,
    SUPPORTIVE,
    TURN,
    Share,
    across_shares,
    count_recodings,
    measure_share,
    recode_case,
    select_cases,
)
from coursekit.widgets.controls import drop_down
from coursekit.widgets.panel import Panel, View

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from coursekit.evidence.across import Across

# What is counted: the name in the list, its column, and the codes that count.
SHARES: Final = {
    "supportive answer of the Council": ("unsc_response", SUPPORTIVE),
    "any resolution or statement": ("unsc_response", (*SUPPORTIVE, "res_neutral")),
    "veto in the Council": ("unsc_response", ("veto",)),
    "partial control": ("effective_control_of_inviter", ("partial",)),
    "recognised inviter": ("recognised_inviter", ("yes",)),
    "civil war": ("internal_situation", ("civil_war",)),
    "nonviolent protest": ("internal_situation", ("nonviolent_protest",)),
}
NO_CASE: Final = "no case"
AS_CODED: Final = "as coded"
ALL: Final = "all core cases"


def recode(
    share: str = "supportive answer of the Council",
    *,
    case: str = NO_CASE,
    code: str = AS_CODED,
    rule: str = ALL,
) -> Panel:
    """Build a panel to recode and drop cases and watch what becomes of a share.

    Parameters
    ----------
    share : str, default "supportive answer of the Council"
        What is counted at first, a key of ``SHARES``.
    case : str, default "no case"
        The case offered for recoding at first.
    code : str, default "as coded"
        What it is recoded to at first.
    rule : str, default "all core cases"
        The rule of inclusion at first, a key of `coursekit.law.shares.RULES`.

    Returns
    -------
    Panel
        Five drop-down lists; sentence, figure and table follow them.

    Raises
    ------
    UnknownNameError
        If share, case, code or rule does not exist.
    """
    table = load(DATASET)
    names = [str(name) for name in table["case_id"]]
    places = zip(names, table["target_name"], strict=True)
    cases = [(NO_CASE, NO_CASE), *((f"{name} {place}", name) for name, place in places)]
    what = drop_down("Share of", list(SHARES), share, kind="share")
    kept = drop_down("Among", list(RULES), rule, kind="rule")
    dropped = drop_down("Leave out", cases, NO_CASE)
    who = drop_down("Recode", cases, case, kind="case")
    to = drop_down("to", [(AS_CODED, AS_CODED)], AS_CODED)

    def offer() -> None:
        options = code_options(table, who.value, SHARES[what.value][0])
        if tuple(options) != to.options:
            to.options, to.value = options, AS_CODED

    def follow(_change: object) -> None:
        with panel.together():
            offer()

    # Registered before the panel's own observers, so that it sees matching codes.
    for control in (what, who):
        control.observe(follow, names="value")
    offer()
    codes = [value for _, value in to.options]
    if code not in codes:
        raise UnknownNameError(f"code for {case}", code, codes)
    to.value = code
    controls = {"share": what, "rule": kept, "drop": dropped, "case": who, "code": to}
    panel = Panel("How firm is a share of this list?", controls, view_share)
    return panel


def code_options(table: pd.DataFrame, case: str, column: str) -> list[tuple[str, str]]:
    """List what a cell can be recoded to; the code it has comes first.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of ``interventions``.
    case : str
        A ``case_id``, or ``"no case"``.
    column : str
        A column of categories.

    Returns
    -------
    list of (label, value)
        The first has the value ``"as coded"``.
    """
    if case == NO_CASE:
        return [(AS_CODED, AS_CODED)]
    coded = str(table.loc[table["case_id"] == case, column].iloc[0])
    others = [str(code) for code in table[column].cat.categories if code != coded]
    return [(f"{coded} (as coded)", AS_CODED), *((code, code) for code in others)]


def view_share(*, share: str, rule: str, drop: str, case: str, code: str) -> View:
    """Say, draw and list what becomes of a share.

    Parameters
    ----------
    share : str
        A key of ``SHARES``.
    rule : str
        A key of `coursekit.law.shares.RULES`.
    drop, case : str
        The case left out and the case recoded, or ``"no case"``.
    code : str
        What the latter is recoded to; a recoding counts under every reading.

    Returns
    -------
    View
        Words, figure and table. Percentages are of the cases kept.
    """
    column, values = SHARES[share]
    chosen_under: dict[object, pd.DataFrame] = {}

    def choose(table: pd.DataFrame) -> pd.DataFrame:
        reading = table.attrs["reading"]
        if reading not in chosen_under:
            table = table[[*RULED, column]]  # more columns take more time
            if case != NO_CASE and code != AS_CODED:
                table = recode_case(table, case, column, code)
            rows = select_cases(table, rule)
            chosen_under[reading] = rows[rows["case_id"] != drop]
        return chosen_under[reading]

    measured = {
        "as coded, all core cases": _as_coded(column, values),
        "with your choices": _measure(column, values, choose),
        "of these, before 1990": _measure(
            column, values, lambda cases: _period(choose(cases), early=True)
        ),
        "of these, from 1990": _measure(
            column, values, lambda cases: _period(choose(cases), early=False)
        ),
    }
    table = pd.DataFrame(
        [
            (f"{name} ({count.n})", str(count), found.low, found.base, found.high)
            for name, (count, found) in measured.items()
        ],
        columns=["label", "counted", "low", "base", "high"],
    )
    (coded, _), (chosen, found), (before, _), (after, _) = measured.values()
    lines = [
        describe_share(share, chosen, found.low, found.high),
        describe_move(coded, chosen),
        describe_periods(before, after),
    ]
    return View(words="\n".join(lines), figure=draw_shares(table), table=table)


def describe_share(name: str, share: Share, low: object, high: object) -> str:
    """Say how large a share is, how the readings and one case more or less move it.

    Parameters
    ----------
    name : str
        What is counted.
    share : Share
        The count.
    low, high : float or None
        Lowest and highest share across readings, in 0-1.

    Returns
    -------
    str
        Three sentences, or one where nothing is left to count.
    """
    if share.value is None or not isinstance(low, float) or not isinstance(high, float):
        return f"{_upper(name)}: your choices leave no case to count."
    readings = "the same under every recorded reading"
    if low != high:
        readings = f"{_percent(low)} to {_percent(high)} per cent across the readings"
    said = f"{_upper(name)}: {share}, {readings}."
    if share.step is None or share.without_one is None:
        return said
    ends = " to ".join(dict.fromkeys(map(_percent, share.without_one)))
    return (
        f"{said} One case recoded moves it by {_percent(share.step)} points at most; "
        f"with any one case left out it is {ends} per cent."
    )


def describe_move(coded: Share, chosen: Share) -> str:
    """Say how far the choices have moved the share.

    Parameters
    ----------
    coded, chosen : Share
        The share of all core cases as coded, and after the choices.

    Returns
    -------
    str
        One sentence.
    """
    if coded.value is None or chosen.value is None:
        return "There is nothing to compare."
    if coded == chosen:
        return "Your choices change nothing in it: all core cases as coded."
    points = 100 * (chosen.value - coded.value)
    return f"As coded, over all core cases, it is {coded}: you moved it {points:+.1f}."


def describe_periods(before: Share, after: Share) -> str:
    """Say which period is ahead, and how many recodings would turn that round.

    Parameters
    ----------
    before, after : Share
        The share in the cases before 1990 and from 1990.

    Returns
    -------
    str
        Two sentences.
    """
    if before.value is None or after.value is None:
        return "There are no two periods to compare among these cases."
    said = f"Before 1990 it is {before}, from 1990 {after}."
    if before.value == after.value:
        return f"{said} Neither period is ahead."
    ahead, behind, name = (
        (after, before, "From 1990")
        if after.value > before.value
        else (before, after, "Before 1990")
    )
    turns = count_recodings(ahead, behind)
    cases = "case" if turns == 1 else "cases"
    return f"{said} {name} is ahead; {turns} {cases} coded otherwise would turn that."


def _measure(
    column: str,
    values: Collection[str],
    choose: Callable[[pd.DataFrame], pd.DataFrame] = select_cases,
) -> tuple[Share, Across]:
    """Count a share among the cases as coded, and under every reading."""
    count = measure_share(choose(load(DATASET)), column, values)
    return count, across_shares(column, values, choose=choose)


_as_coded = lru_cache(_measure)  # the same whatever is chosen


def _period(table: pd.DataFrame, *, early: bool) -> pd.DataFrame:
    return table[(table["year_start"] < TURN) == early]


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
