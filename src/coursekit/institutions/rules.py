"""The little language of a decision table: conditions, and the rows that they make.

A row of the table says *when* it holds and what *then* follows. Rows are taken by their
step, and the first that holds decides. Nothing is evaluated as Python: a condition is
one input, one sign and one or more values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from operator import ge, gt, le, lt
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from coursekit.errors import CoursekitError

if TYPE_CHECKING:
    import pandas as pd

Value = str | int
Facts = Mapping[str, Value | None]

OTHERWISE: Final = "otherwise"
COLUMNS: Final = ("step", "when", "then")
GRAMMAR: Final = (
    "A condition reads `input = value`, `input in a, b, c` or, for numbers, "
    "`input >= 3`, `input > 3`, `input <= 3`, `input < 3`; several are joined by "
    "` and `; `otherwise` stands alone."
)
_ORDERS: Final[Mapping[str, Callable[[int, int], bool]]] = MappingProxyType(
    {">=": ge, ">": gt, "<=": le, "<": lt}
)
_CONDITION: Final = re.compile(
    r"(?P<input>\w+)(?:\s*(?P<sign>>=|<=|=|>|<)|\s+(?P<in>in)\s)\s*(?P<values>[^=<>]+)"
)


class MalformedRuleError(CoursekitError, ValueError):
    """A row of a decision table cannot be read.

    Parameters
    ----------
    row_id : str
        Which row; empty where a condition was given alone.
    text : str
        What stands there.
    reason : str
        What is wrong with it, and what would work.
    """

    def __init__(self, row_id: str, text: str, reason: str) -> None:
        self.row_id = row_id
        self.text = text
        self.reason = reason
        super().__init__(row_id, text, reason)

    def __str__(self) -> str:
        where = (
            f"Row {self.row_id} of the decision table" if self.row_id else "The text"
        )
        return f"{where} says {self.text!r}: {self.reason}"


@dataclass(frozen=True)
class Condition:
    """One thing that a row asks of an episode.

    Parameters
    ----------
    input : str
        Name of an input.
    sign : {"=", "in", ">=", ">", "<=", "<"}
        How the values are asked for.
    asked : tuple of str
        One value, or several after ``in``.
    """

    input: str
    sign: str
    asked: tuple[str, ...]

    @property
    def compares(self) -> bool:
        """Whether the condition asks for more or less, and so for a number."""
        return self.sign in _ORDERS

    def holds(self, facts: Facts) -> bool | None:
        """Say whether facts have what is asked; None if the input is unknown."""
        value = facts.get(self.input)
        if value is None:
            return None
        if self.compares:
            return _ORDERS[self.sign](int(value), int(self.asked[0]))
        return str(value) in self.asked

    def describe(self, facts: Facts) -> str:
        """Say in words how facts stand to this condition."""
        value = facts.get(self.input)
        said = "not known" if value is None else value
        sign = f"{self.sign} " if self.compares else ""
        asked = " or ".join(self.asked)
        return f"{self.input} is {said} (asked: {sign}{asked})"

    def __str__(self) -> str:
        return f"{self.input} {self.sign} {', '.join(self.asked)}"


@dataclass(frozen=True)
class Rule:
    """One row of a decision table.

    Parameters
    ----------
    row_id : str
        Its name, such as ``"S3"``.
    step : int
        Its place: rows are taken from the lowest step up.
    conditions : tuple of Condition
        All must hold; ``()`` holds always.
    then : str
        The class that follows.
    basis, gives : str
        Whether the article, its footnotes or we stand behind the row, and what the
        abstract or which footnotes give for it; may be empty.
    """

    row_id: str
    step: int
    conditions: tuple[Condition, ...]
    then: str
    basis: str = ""
    gives: str = ""

    def holds(self, facts: Facts) -> bool | None:
        """Join the conditions by Kleene's strong conjunction."""
        states = [condition.holds(facts) for condition in self.conditions]
        if False in states:
            return False
        return None if None in states else True


def parse_when(text: str, *, row_id: str = "") -> tuple[Condition, ...]:
    """Read the conditions of one row.

    Parameters
    ----------
    text : str
        ``otherwise``, or conditions joined by `` and ``.
    row_id : str, optional
        Which row it is, for the error.

    Returns
    -------
    tuple of Condition
        Empty for ``otherwise``.

    Raises
    ------
    MalformedRuleError
        If a part is no condition.

    Examples
    --------
    >>> [str(part) for part in parse_when("goal_change = yes and score >= 3")]
    ['goal_change = yes', 'score >= 3']
    """
    if not isinstance(text, str):
        raise MalformedRuleError(row_id, str(text), f"it is no text. {GRAMMAR}")
    if text.strip() == OTHERWISE:
        return ()
    parts = re.split(r"\s+and\s+", text)
    return tuple(_parse_condition(part, row_id) for part in parts)


def _parse_condition(text: str, row_id: str) -> Condition:
    found = _CONDITION.fullmatch(text.strip())
    if found is None:
        raise MalformedRuleError(
            row_id, text.strip(), f"that is no condition. {GRAMMAR}"
        )
    sign = found["sign"] or found["in"]
    values = tuple(value.strip() for value in found["values"].split(","))
    if not all(values) or (sign != "in" and len(values) > 1):
        raise MalformedRuleError(
            row_id, text.strip(), f"several values stand after `in`. {GRAMMAR}"
        )
    if sign in _ORDERS and not is_number(values[0]):
        raise MalformedRuleError(
            row_id, text.strip(), f"`{sign}` asks for a whole number. {GRAMMAR}"
        )
    return Condition(found["input"], sign, values)


def is_number(text: str) -> bool:
    """Say whether a value of a condition is a whole number."""
    return re.fullmatch(r"-?[0-9]+", text) is not None


def parse_table(table: pd.DataFrame) -> tuple[Rule, ...]:
    """Read a decision table.

    Parameters
    ----------
    table : pandas.DataFrame
        With ``step``, ``when`` and ``then``, one block only; the row's name is in the
        index or in ``row_id``. ``basis`` and ``gives`` may be left out.

    Returns
    -------
    tuple of Rule
        By step, the lowest first, whatever the order of the rows.

    Raises
    ------
    TypeError
        If it is no table.
    CoursekitError
        If there are no rows, or a column is not there.
    MalformedRuleError
        If a row cannot be read, or two rows have one step or one name.
    """
    import pandas as pd

    if not isinstance(table, pd.DataFrame):
        raise TypeError(
            f"A decision table was asked for, and this is {type(table).__name__}; "
            "read_decisions() gives one, a DataFrame with step, when and then."
        )
    lacking = [name for name in COLUMNS if name not in table.columns]
    if lacking or table.empty:
        what = f"no column {lacking[0]!r}" if lacking else "no rows"
        raise CoursekitError(
            f"This decision table has {what}. It needs rows with step, when and then; "
            "read_decisions() gives one to edit."
        )
    rows = (
        table
        if "row_id" in table.columns
        else table.rename_axis("row_id").reset_index()
    )
    for name in rows.loc[rows["row_id"].duplicated(), "row_id"]:
        reason = "two rows have that name. Give each row its own."
        raise MalformedRuleError(str(name), str(name), reason)
    rules = [_read_rule(row) for row in rows.to_dict("records")]
    return _in_order(rules)


def _read_rule(row: Mapping[Any, Any]) -> Rule:
    import pandas as pd

    name = str(row["row_id"])
    step = str(row["step"]).removesuffix(".0")  # a gap in the column makes floats
    if not step.isdecimal():
        raise MalformedRuleError(name, f"step {step}", "a step is a whole number.")
    then = row["then"]
    if not isinstance(then, str) or not then.strip():
        raise MalformedRuleError(name, str(then), "`then` needs a class.")
    said = [row.get(column) for column in ("basis", "gives")]
    basis, gives = ("" if pd.isna(cell) else str(cell) for cell in said)
    when = parse_when(row["when"], row_id=name)
    return Rule(name, int(step), when, then.strip(), basis, gives)


def _in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    ordered = sorted(rules, key=lambda rule: rule.step)
    for before, after in pairwise(ordered):
        if before.step == after.step:
            raise MalformedRuleError(
                after.row_id,
                f"step {after.step}",
                f"row {before.row_id} has that step too. Give each row its own.",
            )
    return tuple(ordered)
