"""The rows of one body as spells of membership, and the days for which they answer."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coursekit.errors import CoursekitError
from coursekit.evidence import load, readings
from coursekit.evidence.tables import open_dataset
from coursekit.institutions.coverage import (
    DATASET,
    NotCoveredError,
    iso,
    read_memberships,
    read_statuses,
    rows_of_body,
)

if TYPE_CHECKING:
    import pandas as pd

    from coursekit.institutions.coverage import Reading

FOUNDING: Final = "secondary_institutions"


@dataclass(frozen=True, eq=False)
class Spells:
    """The rows of one body, made ready for questions about many days.

    Parameters
    ----------
    body : str
        The body.
    states : numpy.ndarray
        Country codes.
    joined, left : numpy.ndarray
        The days of each, ``NaT`` where unknown and while it lasts.
    first, last : pandas.Timestamp
        The days that are covered.
    """

    body: str
    states: Any
    joined: Any
    left: Any
    first: pd.Timestamp
    last: pd.Timestamp

    def on(self, day: pd.Timestamp) -> set[str]:
        """Name the states that were in on a day.

        Raises
        ------
        NotCoveredError
            If the day is not covered.
        """
        if not self.first <= day <= self.last:
            raise NotCoveredError(self.body, iso(day), iso(self.first), iso(self.last))
        when = day.to_datetime64()
        there = (self.joined <= when) & ~(self.left <= when)  # NaT is no comparison
        return set(self.states[there])


def read_spells(
    body: str,
    *,
    status: str | Collection[str] | None = None,
    reading: Reading = None,
    founding: Reading = None,
) -> Spells:
    """Read the rows of a body, and for which days they answer.

    Parameters
    ----------
    body, status, reading, founding
        As for `covered_days`.

    Returns
    -------
    Spells
        Rows with one of the statuses.

    Raises
    ------
    NotCoveredError, UnknownNameError
        As for `covered_days`.
    """
    import pandas as pd

    table = read_memberships(reading)
    statuses = set(table["status"]) if status is None else read_statuses(table, status)
    rows = rows_of_body(table, body, tuple(statuses))
    bodies = read_bodies(founding)
    founded = bodies.loc[bodies["id"].astype(str) == body, "founded"]
    first, last = map(pd.Timestamp, _dataset_days())
    starts = [first, rows["joined"].min(), *founded]
    return Spells(
        body=body,
        states=rows["iso3"].to_numpy(dtype=object),
        joined=rows["joined"].to_numpy(),
        left=rows["left"].to_numpy(),
        first=max(pd.Timestamp(day) for day in starts if not pd.isna(day)),
        last=last,
    )


def covered_days(
    body: str,
    *,
    status: str | Collection[str] | None = None,
    reading: Reading = None,
    founding: Reading = None,
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Give the first and the last day for which the data say who was in a body.

    Parameters
    ----------
    body : str
        An id such as ``"CSTO"``.
    status : str or collection of str, optional
        As what; any status by default.
    reading
        As for `read_memberships`.
    founding : str, iterable of str or pandas.DataFrame, optional
        The same for the dataset ``secondary_institutions``, where bodies have rival
        days of founding.

    Returns
    -------
    tuple of pandas.Timestamp
        The first is the latest of three: the first day of the dataset, the founding
        of the body, and the first day on which a state was in.

    Raises
    ------
    NotCoveredError
        If no row of the body has such a status.
    UnknownNameError
        If there is no such body, status or reading.
    """
    spells = read_spells(body, status=status, reading=reading, founding=founding)
    return spells.first, spells.last


def tabulate_spells(state: str, *, reading: Reading = None) -> pd.DataFrame:
    """List the memberships of a state, each with the rival values on record.

    Parameters
    ----------
    state : str
        A country code of three letters.
    reading
        As for `coursekit.institutions.coverage.read_memberships`.

    Returns
    -------
    pandas.DataFrame
        In the order of joining: ``body``, ``status``, ``rival_status`` (text, empty
        for none), ``participation``, and as dates ``joined``, ``joined_first``,
        ``joined_last``, ``left``, ``left_first``, ``left_last``: the value of the
        reading, then the earliest and the latest on record. What has no end is
        missing.

    Raises
    ------
    UnknownNameError
        If there is no such state or reading.
    """
    import pandas as pd

    rows = read_memberships(reading, state=state)
    on_record = readings(DATASET)
    table = []
    for row in rows.to_dict("records"):
        here = on_record[on_record["key"] == row["membership_id"]]
        values = {
            column: [row[column], *here.loc[here["column"] == column, "value"]]
            for column in ("joined", "left", "status")
        }
        rivals = {str(value) for value in values["status"]} - {str(row["status"])}
        spell = {
            "body": str(row["institution"]),
            "status": str(row["status"]),
            "rival_status": ", ".join(sorted(rivals)),
            "participation": str(row.get("participation", "")),
        }
        for column in ("joined", "left"):
            spell |= _ends(column, values[column])
        table.append(spell)
    order = ["joined", "body"]
    return pd.DataFrame(table).sort_values(order, kind="stable", ignore_index=True)


def _ends(column: str, values: list[Any]) -> dict[str, Any]:
    import pandas as pd

    days = pd.to_datetime(pd.Series(values, dtype="object"))
    # An end that is missing lies after every other.
    last = pd.NaT if days.isna().any() else days.max()
    return {
        column: days.iloc[0],
        f"{column}_first": days.min(),
        f"{column}_last": last,
    }


def read_bodies(founding: Reading = None) -> pd.DataFrame:
    """Read the bodies with their days of founding, under a reading of them."""
    import pandas as pd

    if isinstance(founding, pd.DataFrame):
        if not {"id", "founded"} <= {*founding.columns}:
            raise CoursekitError(
                "A table of bodies was given without id or founded. "
                f"load({FOUNDING!r}) has both."
            )
        return founding
    return load(FOUNDING, reading=founding)


def _dataset_days() -> tuple[str, str]:
    time = open_dataset(DATASET).package.notes["coverage"]["time"]
    first, last = re.findall(r"\d{4}-\d\d-\d\d", time)[:2]
    return first, last
