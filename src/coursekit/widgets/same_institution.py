"""Merge or split institutions, and watch how far the lists of authors overlap."""

from __future__ import annotations

from typing import Final

from coursekit.charts.overlap import (
    describe_moves,
    describe_overlap,
    draw_overlap,
    tabulate_overlap,
)
from coursekit.errors import UnknownNameError
from coursekit.institutions.lists import (
    common_core,
    list_splits,
    normalise,
    read_lists,
)
from coursekit.institutions.overlap import measure_overlap
from coursekit.widgets.controls import drop_down
from coursekit.widgets.panel import Panel, View

# What makes two entries the same, as a reader says it; the coder's ids come first.
RULES: Final = {
    "the coder gave one id": "institution_id",
    "they belong to one family": "family_id",
    "the same words were used": "label_used",
}
BASE: Final = "the coder gave one id"
ROWS: Final = {
    "checked and provisional": ("yes", "provisional"),
    "checked only": ("yes",),
}
BOTH: Final = "checked and provisional"
NOTHING: Final = "nothing"


def same_institution(
    rule: str = BASE,
    *,
    merge: tuple[str, str] | None = None,
    split: str = NOTHING,
    rows: str = BOTH,
) -> Panel:
    """Build a panel to decide what counts as the same institution.

    Parameters
    ----------
    rule : str, default "the coder gave one id"
        What makes two entries the same at first, a key of ``RULES``.
    merge : tuple of two str, optional
        An institution, and the one it is taken as at first.
    split : str, default "nothing"
        The entry told apart by finer names at first.
    rows : str, default "checked and provisional"
        Which rows count at first, a key of ``ROWS``.

    Returns
    -------
    Panel
        Five drop-down lists; sentences, matrix and table follow them.

    Raises
    ------
    UnknownNameError
        If a start value does not exist.
    """
    how = drop_down("Same if:", list(RULES), rule, kind="rule")
    tell = drop_down("Split:", [NOTHING], kind="entry to split")
    take = drop_down("Take:", [NOTHING], kind="entry to merge")
    into = drop_down("as:", [NOTHING], kind="entry to merge into")
    kept = drop_down("Rows:", list(ROWS), rows, kind="choice of rows")

    def offer_splits(_change: object = None) -> None:
        # The old list may lack the new value, so it goes first.
        tell.options = [NOTHING, *list_splits(by=RULES[how.value])]
        offer_merges()

    def offer_merges(_change: object = None) -> None:
        before = take.value, into.value
        entries = list_entries(how.value, tell.value)
        for control, old in zip((take, into), before, strict=True):
            control.options = [NOTHING, *entries]
            control.value = old if old in control.options else NOTHING

    how.observe(offer_splits, names="value")
    tell.observe(offer_merges, names="value")
    offer_splits()
    first, second = merge or (NOTHING, NOTHING)
    for control, value in ((tell, split), (take, first), (into, second)):
        if value not in control.options:
            raise UnknownNameError("entry of the list", str(value), control.options)
        control.value = value
    controls = {"rule": how, "split": tell, "take": take, "into": into, "rows": kept}
    return Panel("What counts as the same institution?", controls, view_lists)


def list_entries(rule: str, split: str = NOTHING) -> list[str]:
    """List what can be merged under a rule.

    Parameters
    ----------
    rule : str
        A key of ``RULES``.
    split : str, default "nothing"
        An entry told apart by finer names.

    Returns
    -------
    list of str
        Every entry of the six lists, by alphabet.
    """
    lists = read_lists(by=RULES[rule], split=_chosen(split, rule))
    return sorted({name for entries in lists.values() for name in entries})


def view_lists(*, rule: str, split: str, take: str, into: str, rows: str) -> View:
    """Say, draw and list what the decisions make of the overlap.

    Parameters
    ----------
    rule : str
        A key of ``RULES``.
    split, take, into : str
        An entry told apart by finer names; one taken as another; or ``"nothing"``.
    rows : str
        A key of ``ROWS``.

    Returns
    -------
    View
        The comparison is with ids as coded, on all rows.
    """
    before = measure_overlap(read_lists())
    lists = read_lists(by=RULES[rule], split=_chosen(split, rule), grading=ROWS[rows])
    there = {name for entries in lists.values() for name in entries}
    if NOTHING not in (take, into) and take in there:
        lists = normalise(lists, {take: into})
    after = measure_overlap(lists)
    core = sorted(common_core(lists))
    lines = [
        f"From the ids as coded, on all rows: {describe_moves(before, after)}",
        f"Now {describe_overlap(after)}",
        f"Named by all {len(lists)} lists: {', '.join(core) or 'nothing'}.",
    ]
    return View(
        words="\n".join(lines),
        figure=draw_overlap(after),
        table=tabulate_overlap(after),
    )


def _chosen(split: str, rule: str) -> tuple[str, ...]:
    # While a rule changes, the list of splits still holds an entry of the old one.
    known = split != NOTHING and split in list_splits(by=RULES[rule])
    return (split,) if known else ()
