"""The decision table of the course: read, and checked when somebody has edited it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import load
from coursekit.institutions.episodes import DECIDES, SCORES, vocabulary
from coursekit.institutions.rules import (
    Condition,
    MalformedRuleError,
    Rule,
    is_number,
    parse_table,
)

if TYPE_CHECKING:
    import pandas as pd


def read_decisions(decides: str = "strategy") -> pd.DataFrame:
    """Read one block of the decision table, to print, to edit and to classify by.

    Parameters
    ----------
    decides : {"strategy", "arena", "change_type", "outcome"}
        Which block.

    Returns
    -------
    pandas.DataFrame
        A copy of your own, indexed by ``row_id``. The first row, by ``step``, whose
        ``when`` holds gives the class in ``then``; ``basis`` and ``gives`` say what
        stands behind the row.

    Raises
    ------
    UnknownNameError
        If there is no such block.
    """
    import pandas as pd

    if decides not in DECIDES:
        raise UnknownNameError("block of the decision table", str(decides), DECIDES)
    table = load("decision_table")
    block = table[table["decides"] == decides].set_index("row_id")
    for column in block.select_dtypes("category"):  # so that any text may be put in
        block[column] = block[column].astype("string")
    return pd.DataFrame(block.sort_values("step"))


def read_rules(
    table: pd.DataFrame | None = None, *, decides: str = "strategy"
) -> tuple[Rule, ...]:
    """Read a table as rules, and refuse what no episode could ever answer.

    Parameters
    ----------
    table : pandas.DataFrame, optional
        As `read_decisions` gives it, perhaps edited; the course's own if left out. A
        class in ``then`` may be one of your own.
    decides : str
        Which block. Rows that name another in ``decides`` are left aside; a row that
        you added without naming one counts.

    Returns
    -------
    tuple of Rule
        The lowest step first.

    Raises
    ------
    CoursekitError
        If the table has no rows for this question, or one of them cannot be read:
        `MalformedRuleError`, or `UnknownNameError` for an input or value.
    TypeError
        If it is no table.
    """
    own = read_decisions(decides)
    rules = parse_table(own if table is None else _take_block(table, decides))
    for rule in rules:
        for condition in rule.conditions:
            _check_condition(condition, rule.row_id)
    return rules


def _take_block(table: pd.DataFrame, decides: str) -> pd.DataFrame:
    if "decides" not in getattr(table, "columns", ()) or table.empty:
        return table
    block = table[table["decides"].isna() | (table["decides"] == decides)]
    if block.empty:
        there = ", ".join(sorted(set(map(str, table["decides"]))))
        raise CoursekitError(
            f"This decision table has no rows for {decides!r}; its rows decide "
            f"{there}. read_decisions({decides!r}) gives the ones asked for."
        )
    return block


def _check_condition(condition: Condition, row_id: str) -> None:
    known = {**vocabulary(), "score": ()}
    if condition.input not in known:
        raise UnknownNameError(f"input (row {row_id})", condition.input, known)
    number = condition.input in (*SCORES, "score", "body_age")
    if condition.compares and not number:
        words = ", ".join(map(str, known[condition.input]))
        raise MalformedRuleError(
            row_id,
            str(condition),
            f"{condition.input} is no number. Ask for one of its words: {words}.",
        )
    allowed = [str(value) for value in known[condition.input]]
    for value in condition.asked:
        if number and not is_number(value):
            raise MalformedRuleError(
                row_id, str(condition), f"{condition.input} is a whole number."
            )
        if allowed and not condition.compares and value not in allowed:
            raise UnknownNameError(
                f"value of {condition.input} (row {row_id})", value, allowed
            )
