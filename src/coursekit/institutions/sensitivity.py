"""Which classes flip when the table is edited: another order, another "new"."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.institutions.change import compare_with_coding, read_decisions
from coursekit.institutions.rules import parse_table

if TYPE_CHECKING:
    import pandas as pd


def new_at_most(years: int, *, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Copy a table with "new" meaning that the body is at most so many years old.

    Parameters
    ----------
    years : int
        Age in calendar years at the start of the episode, counted from the founding of
        the body; at least 0.
    table : pandas.DataFrame, optional
        As `coursekit.institutions.change.read_decisions` gives it, which is taken if
        left out.

    Returns
    -------
    pandas.DataFrame
        Where a row asked for ``vehicle_status = new``, it asks for
        ``body_age <= years``; where for ``existing``, for ``body_age > years``.

    Raises
    ------
    TypeError
        If ``years`` is no whole number, or ``table`` no table.
    CoursekitError
        If it is negative, or no row of the table asks for new or existing.
    """
    if isinstance(years, bool) or not isinstance(years, Integral):
        raise TypeError(f"years is {years!r}; it is a whole number, such as 5.")
    if years < 0:
        raise CoursekitError(f"years is {years}; a body is at least 0 years old.")
    edited = _copy_table(table)
    when = edited["when"]
    for word, sign in (("new", "<="), ("existing", ">")):
        asked = rf"vehicle_status\s*=\s*{word}\b"
        when = when.str.replace(asked, f"body_age {sign} {years}", regex=True)
    if when.equals(edited["when"]):
        raise CoursekitError(
            "No row of this table asks for `vehicle_status = new` or `= existing`, so "
            "there is nothing to define otherwise. The block `strategy` has such a row."
        )
    edited["when"] = when
    return edited


def swap_steps(
    first: str, second: str, *, table: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Copy a table with two rows in each other's place.

    Parameters
    ----------
    first, second : str
        Names of rows.
    table : pandas.DataFrame, optional
        As for `new_at_most`.

    Returns
    -------
    pandas.DataFrame
        The copy, ordered by step.

    Raises
    ------
    UnknownNameError
        If there is no such row.
    """
    edited = _copy_table(table)
    _require_rows(edited, first, second)
    edited.loc[[first, second], "step"] = edited.loc[[second, first], "step"].to_list()
    return edited.sort_values("step")


def without_rows(*row_ids: str, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Copy a table with some rows switched off.

    Parameters
    ----------
    *row_ids : str
        Names of rows.
    table : pandas.DataFrame, optional
        As for `new_at_most`.

    Returns
    -------
    pandas.DataFrame
        The rows that are left. An episode that none of them catches cannot be
        classified.

    Raises
    ------
    UnknownNameError
        If there is no such row.
    """
    rows = _copy_table(table)
    _require_rows(rows, *row_ids)
    return rows.drop(index=list(row_ids))


def sensitivity(
    table: pd.DataFrame,
    *,
    base: pd.DataFrame | None = None,
    decides: str = "strategy",
) -> pd.DataFrame:
    """List the episodes whose class differs under another table.

    Parameters
    ----------
    table : pandas.DataFrame
        The other table, such as `new_at_most` or `swap_steps` gives it, or one that
        you edited.
    base : pandas.DataFrame, optional
        What it is compared with; the course's own table if left out.
    decides : {"strategy", "arena", "change_type", "outcome"}
        Which question.

    Returns
    -------
    pandas.DataFrame
        A row for each episode that moves: ``episode_id``, ``label``, ``before``,
        ``after``, ``row_before`` and ``row_after``. Empty where nothing moves.

    Raises
    ------
    CoursekitError
        If a table cannot be read.
    TypeError
        If one of them is no table.

    Examples
    --------
    >>> sensitivity(swap_steps("S3", "S4"))["episode_id"].to_list()
    ['E07', 'E08', 'E12']
    >>> [len(sensitivity(new_at_most(years))) for years in (3, 5, 10)]
    [0, 1, 1]
    """
    old = compare_with_coding(base, decides=decides)
    new = compare_with_coding(table, decides=decides)
    moves = old[["episode_id", "label"]].assign(
        before=old["by_rule"],
        after=new["by_rule"],
        row_before=old["row"],
        row_after=new["row"],
    )
    return moves[moves["before"] != moves["after"]].reset_index(drop=True)


def describe_flips(flips: pd.DataFrame) -> str:
    """Say which episodes move, from where to where.

    Parameters
    ----------
    flips : pandas.DataFrame
        As `sensitivity` gives it.

    Returns
    -------
    str
        One sentence, with every way of moving; or that nothing moves.

    Raises
    ------
    CoursekitError
        If a column is not there.
    TypeError
        If ``flips`` is no table.
    """
    require_moves(flips)
    if flips.empty:
        return "No episode moves."
    noun = "episode moves" if len(flips) == 1 else "episodes move"
    ways = [
        f"from {before} to {after} {', '.join(rows['episode_id'])}"
        for (before, after), rows in flips.groupby(["before", "after"], sort=False)
    ]
    return f"{len(flips)} {noun}: {'; '.join(ways)}."


def require_moves(classes: object) -> None:
    """Refuse what does not say where each episode was and where it goes."""
    import pandas as pd

    if not isinstance(classes, pd.DataFrame):
        raise TypeError(
            f"A table of episodes was asked for, and this is "
            f"{type(classes).__name__}; sensitivity() gives one."
        )
    for name in ("episode_id", "before", "after"):
        if name not in classes.columns:
            raise CoursekitError(
                f"The table of episodes has no column {name!r}; it needs episode_id, "
                "before and after, as sensitivity() gives them."
            )


def _copy_table(table: pd.DataFrame | None) -> pd.DataFrame:
    """Copy a table, its rows by name; the course's own if there is none."""
    if table is None:
        return read_decisions()
    parse_table(table)  # refuses what is no table
    return table.set_index("row_id") if "row_id" in table.columns else table.copy()


def _require_rows(table: pd.DataFrame, *row_ids: str) -> None:
    for row_id in row_ids:
        if row_id not in table.index:
            raise UnknownNameError(
                "row of the decision table", str(row_id), map(str, table.index)
            )
