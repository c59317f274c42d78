"""Missions of the post-Soviet region, with four codes each, and how long they lasted.

The codes are this course's; the sources stand in the rows. What they would have to be
for a mission to be called peacekeeping is asked in `coursekit.institutions.thresholds`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from coursekit.errors import UnknownNameError
from coursekit.institutions.coverage import NotCoveredError, iso, read_day

if TYPE_CHECKING:
    import pandas as pd

# The codes of each criterion, in the order of the codebook. The order is no ranking.
CODES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "mandate": (
            "un_mandate",
            "regional_body",
            "agreement_of_the_parties",
            "request_of_the_host",
            "none",
        ),
        "consent": ("all_parties", "host_only", "eroded", "none"),
        "impartiality": (
            "outside_states",
            "parties_take_part",
            "lead_state_involved",
            "with_one_side",
        ),
        "force": ("unarmed", "self_defence", "not_published", "combat_reported"),
    }
)
CRITERIA: Final = tuple(CODES)
ROLES: Final = ("psris_operation", "counterpart", "null_case")
DATASET: Final = "peacekeeping_missions"
_COLUMNS = ("id", "name", "role_class", "deployed", *(f"{c}_code" for c in CRITERIA))


def require_codes(criterion: str, codes: Iterable[str]) -> None:
    """Refuse a criterion that there is not, and codes that it does not have."""
    if criterion not in CODES:
        raise UnknownNameError("criterion", str(criterion), CODES)
    for code in codes:
        if not isinstance(code, str) or code not in CODES[criterion]:
            raise UnknownNameError(f"code of {criterion}", str(code), CODES[criterion])


@dataclass(frozen=True)
class Mission:
    """A mission with its four codes, as far as they are known.

    Parameters
    ----------
    mission_id : str
        Key of the mission, such as ``"CPF_KAZ"``.
    codes : mapping of str to str or None
        A code for each of the ``CRITERIA``; absent or None means unknown.
    name : str
        The mission's name.
    role : str
        ``psris_operation``, ``counterpart`` or ``null_case``.
    deployed : bool
        Whether anybody was sent.

    Raises
    ------
    UnknownNameError
        If there is no such criterion or code.
    """

    mission_id: str
    codes: Mapping[str, str | None] = field(default_factory=dict)
    name: str = ""
    role: str = ""
    deployed: bool = True

    def __post_init__(self) -> None:
        for criterion, code in self.codes.items():
            require_codes(criterion, () if code is None else (code,))

    @classmethod
    def from_row(cls, row: pd.Series | Mapping[Any, Any]) -> Mission:
        """Make a mission of one row of ``peacekeeping_missions``; a gap is unknown."""
        import pandas as pd

        codes = {}
        for criterion in CRITERIA:
            code = row.get(f"{criterion}_code")
            codes[criterion] = None if pd.isna(code) or code == "" else str(code)
        return cls(
            str(row["id"]),
            codes,
            name=str(row["name"]),
            role=str(row["role_class"]),
            deployed=row["deployed"] in (True, "yes"),
        )


def read_missions(
    table: pd.DataFrame | None = None,
    *,
    roles: Collection[str] = ("psris_operation", "counterpart"),
) -> dict[str, Mission]:
    """Make missions of the rows of ``peacekeeping_missions``.

    Parameters
    ----------
    table : pandas.DataFrame, optional
        The dataset or some of its rows, under any reading; the dataset if left out.
    roles : collection of str
        Which ``role_class`` to keep: ``null_case`` is left out unless it is named.

    Returns
    -------
    dict of str to Mission
        By key, in the order of the rows.

    Raises
    ------
    UnknownNameError
        If there is no such role.
    TypeError
        If ``table`` is no table, or ``roles`` one text.
    """
    if isinstance(roles, str):
        raise TypeError(f"roles was given the text {roles!r}; write [{roles!r}].")
    for role in roles:
        if role not in ROLES:
            raise UnknownNameError("role of a mission", str(role), ROLES)
    rows = _rows(table).filter(items=_COLUMNS)
    missions = [Mission.from_row(row) for row in rows.to_dict("records")]
    return {m.mission_id: m for m in missions if m.role in roles}


def find_mission(mission_id: str, table: pd.DataFrame | None = None) -> Mission:
    """Find one mission, null cases included.

    Raises
    ------
    UnknownNameError
        If there is no mission of that key.
    """
    rows = _rows(table).filter(items=_COLUMNS)
    names = rows["id"].to_list()
    if mission_id not in names:
        raise UnknownNameError("mission", str(mission_id), names)
    at = names.index(mission_id)
    rows.attrs = {}  # which pandas would copy with each column
    return Mission.from_row({name: rows[name].iat[at] for name in rows.columns})  # noqa: PD009


def list_contested(columns: Iterable[str]) -> dict[str, list[str]]:
    """List the questions that contest some columns, by mission.

    Parameters
    ----------
    columns : iterable of str
        Names of columns, such as ``start`` and ``end``.

    Returns
    -------
    dict of str to list of str
        Missions without such a question are not there.
    """
    from coursekit.evidence import readings

    rivals = readings(DATASET)
    rivals = rivals[rivals["column"].isin(list(columns))]
    groups = rivals.groupby("key", sort=False)["question"]
    return {str(key): list(dict.fromkeys(map(str, names))) for key, names in groups}


def read_coverage() -> tuple[pd.Timestamp, pd.Timestamp]:
    """Give the first and the last day that the dataset covers."""
    import pandas as pd

    from coursekit.evidence.tables import open_dataset

    first, last = open_dataset(DATASET).package.notes["coverage"]["time"].split(" to ")
    return pd.Timestamp(first), pd.Timestamp(last[:10])


def measure_durations(
    table: pd.DataFrame | None = None, *, until: str | None = None
) -> pd.Series[int]:
    """Measure how long missions lasted, in days from the first to the last.

    Parameters
    ----------
    table : pandas.DataFrame, optional
        Rows of ``peacekeeping_missions``, under any reading; all if left out. Null
        cases have no duration.
    until : str, optional
        An ISO date up to which days are counted, also for missions that went on. If
        it is left out, a mission without an end is missing.

    Returns
    -------
    pandas.Series
        Days as ``Int64`` by mission; missing where the mission was never sent, an end
        is not known or it had not begun, never zero for these.

    Raises
    ------
    NotCoveredError
        If ``until`` lies outside the days that the dataset covers.
    TypeError, ValueError
        If ``until`` is no day, or ``table`` no table.
    """
    rows = _rows(table).set_index("id")
    end = rows["end"]
    if until is not None:
        day, (first, last) = read_day(until), read_coverage()
        if not first <= day <= last:
            raise NotCoveredError("missions", iso(day), iso(first), iso(last))
        end = end.where(end <= day, day)
    days = (end - rows["start"]).dt.days
    sent = rows["deployed"].isin([True, "yes"]) & days.ge(0)
    return days.where(sent).astype("Int64").rename("days")


def _rows(table: pd.DataFrame | None) -> pd.DataFrame:
    from coursekit.evidence import load

    if table is None:
        return load(DATASET)
    if not hasattr(table, "iterrows"):
        raise TypeError(
            f"A table of missions was asked for, and {type(table).__name__} was given. "
            f"load({DATASET!r}) gives it."
        )
    return table
