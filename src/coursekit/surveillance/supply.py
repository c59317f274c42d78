"""Who sells what to whom: reports of deployments, counted with what they leave open.

A row is a report, not a system: `measure_share` counts reports, with bounds for makers
that no source names, and `sum_values` keeps announced money apart from money in use.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import load
from coursekit.evidence.bounds import measure_bounds

if TYPE_CHECKING:
    import pandas as pd

DEPLOYMENTS: Final = "deployments"
SUPPLIERS: Final = "suppliers"
UNNAMED: Final = "Unspecified"
GRADES: Final = "ABCD"
# What became of a deal, by what its status says; statuses of the dataset, each once.
STAGES: Final = {
    "announced": ("agreement", "planned", "negotiated", "offered", "under_way"),
    "in use": ("operational", "pilot", "reported_use"),
    "ended or failed": ("cancelled", "abandoned", "replaced", "failed_for_purpose"),
    "claimed or tried": ("alleged", "attempted"),
}


def read_deployments(
    *,
    grades: Iterable[str] | None = None,
    statuses: Iterable[str] | None = None,
    technology_class: str | None = None,
    states: Iterable[str] | None = None,
    reading: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Read reports of deployments, each with the bloc of its supplier.

    Parameters
    ----------
    grades : iterable of str, optional
        Grades of evidence to keep, such as ``"AB"``; all four if left out.
    statuses : iterable of str, optional
        What became of the deal: statuses of the dataset, such as ``["operational"]``,
        or the stages of `STAGES`, such as ``["in use"]``; all if left out.
    technology_class : {'camera', 'interception', 'network', 'other'}, optional
        One class of technology; all if left out.
    states : iterable of str, optional
        ISO 3166-1 codes of buying states; all five if left out.
    reading : str or iterable of str, optional
        Readings of contested cells, as in `coursekit.load`.

    Returns
    -------
    pandas.DataFrame
        The columns of the dataset ``deployments``, and ``bloc`` of ``suppliers`` by
        ``supplier_id``, never by the name of the firm. ``"Unspecified"`` means that no
        source names the maker. It may have no rows.

    Raises
    ------
    UnknownNameError
        If there is no such grade, status, class, state or reading.
    TypeError
        If grades, statuses or states are no names.
    CoursekitError
        If a supplier of a row is not among the suppliers.
    """
    table = load(DEPLOYMENTS, reading=reading)
    table = add_blocs(table)
    wanted = {
        "evidence_grade": (grades, "grade", GRADES),
        "status": (_expand(statuses), "status", _categories(table, "status")),
        "technology_class": (
            None if technology_class is None else [technology_class],
            "class of technology",
            _categories(table, "technology_class"),
        ),
        "country_iso3": (states, "buying state", _categories(table, "country_iso3")),
    }
    for column, (names, kind, known) in wanted.items():
        if names is not None:
            table = table[table[column].isin(_require_names(names, kind, known))]
    return table.reset_index(drop=True)


def add_blocs(deployments: pd.DataFrame) -> pd.DataFrame:
    """Join rows of deployments to the blocs of their suppliers, many to one.

    Parameters
    ----------
    deployments : pandas.DataFrame
        With a column ``supplier_id``.

    Returns
    -------
    pandas.DataFrame
        The same rows in the same order, and a column ``bloc`` (string).

    Raises
    ------
    CoursekitError
        If a supplier_id is not among the suppliers; no row is lost without a word.
    """
    blocs = load(SUPPLIERS).set_index("supplier_id")["bloc"].astype("string")
    joined = deployments.assign(bloc=deployments["supplier_id"].map(blocs))
    lost = sorted(set(joined.loc[joined["bloc"].isna(), "supplier_id"].astype(str)))
    if lost:
        raise CoursekitError(
            f"{', '.join(lost)}: not among the suppliers, so these rows have no bloc. "
            "Add them to the dataset suppliers, or use 'unspecified' for a maker that "
            "no source names."
        )
    return joined


@dataclass(frozen=True)
class Share:
    """How many reports name a supplier of a bloc, and what the unnamed leave open.

    Parameters
    ----------
    bloc : str
        The bloc that is counted.
    count : int
        Rows with a supplier of the bloc.
    named : int
        Rows whose supplier is named.
    rows : int
        All rows, at least one.
    """

    bloc: str
    count: int
    named: int
    rows: int

    @property
    def unnamed(self) -> int:
        """Rows whose supplier no source names."""
        return self.rows - self.named

    @property
    def lower(self) -> float:
        """Share if none of the unnamed were of the bloc, 0 to 1."""
        return measure_bounds(self.count, self.named, self.rows)[0]

    @property
    def upper(self) -> float:
        """Share if all of the unnamed were of the bloc, 0 to 1."""
        return measure_bounds(self.count, self.named, self.rows)[1]

    @property
    def named_only(self) -> float | None:
        """Share of the rows with a name; None if no row has one."""
        return self.count / self.named if self.named else None

    def __str__(self) -> str:
        """Say the share as a sentence, with what it rests on."""
        among = (
            f"{self.named_only:.0%} of the {self.named} with a named supplier"
            if self.named_only is not None
            else "no supplier is named"
        )
        bounds = (
            f"{self.lower:.0%}"
            if self.lower == self.upper
            else f"between {self.lower:.0%} and {self.upper:.0%}"
        )
        return (
            f"{self.bloc}: {self.count} of {_count(self.rows, 'row')}, "
            f"{self.unnamed} unnamed; share {bounds} ({among})."
        )


def measure_share(table: pd.DataFrame, bloc: str = "China") -> Share:
    """Measure the share of a bloc among reports, with bounds for unnamed makers.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows with a column ``bloc``, as `read_deployments` gives them.
    bloc : str, default 'China'
        A bloc of the dataset ``suppliers``; not ``"Unspecified"``, which is none.

    Returns
    -------
    Share
        Counts and shares from 0 to 1; see `coursekit.evidence.bounds.measure_bounds`.

    Raises
    ------
    CoursekitError
        If there are no rows: a share of nothing is not 0.
    UnknownNameError
        If there is no such bloc.
    TypeError
        If the table is none.

    Notes
    -----
    The bounds are for these rows. They say nothing of systems that nobody reported.
    """
    blocs = _require_blocs(table)
    if bloc not in (known := [name for name in list_blocs() if name != UNNAMED]):
        raise UnknownNameError("bloc", str(bloc), known)
    if blocs.empty:
        raise CoursekitError(
            f"A share of {bloc} was asked for over no rows, and a share of nothing is "
            "not 0. Ask for more grades, statuses, classes or states."
        )
    named = int((blocs != UNNAMED).sum())
    return Share(bloc, int((blocs == bloc).sum()), named, len(blocs))


def measure_shares(
    table: pd.DataFrame, bloc: str = "China", *, by: str = "country_iso3"
) -> pd.DataFrame:
    """Measure the share of a bloc in each group of reports.

    Parameters
    ----------
    table : pandas.DataFrame
        As `read_deployments` gives it.
    bloc : str, default 'China'
        As in `measure_share`.
    by : str, default 'country_iso3'
        A column whose values make the groups, such as ``"technology"``.

    Returns
    -------
    pandas.DataFrame
        Indexed by the group, in order of its name: ``rows``, ``named``, ``count``
        (Int64), ``lower``, ``named_only``, ``upper`` (Float64, 0 to 1; ``named_only``
        is missing where no supplier is named). A group without rows is not there.

    Raises
    ------
    UnknownNameError
        If the table has no such column, or there is no such bloc.
    CoursekitError
        If there are no rows.
    """
    import pandas as pd

    require_columns(table, ("bloc", by))
    if table.empty:
        measure_share(table, bloc)  # tells what is wrong
    shares = {
        str(name): measure_share(rows, bloc)
        for name, rows in table.groupby(by, observed=True)
    }
    counts, parts = ["rows", "named", "count"], ["lower", "named_only", "upper"]
    found = pd.DataFrame(
        [
            [getattr(share, name) for name in counts + parts]
            for share in shares.values()
        ],
        index=pd.Index(list(shares), name=by),
        columns=pd.Index(counts + parts),
    )
    kinds = dict.fromkeys(counts, "Int64") | dict.fromkeys(parts, "Float64")
    return found.astype(kinds)


def sum_values(table: pd.DataFrame) -> pd.DataFrame:
    """Add up values in dollars by what became of the deal, none of them twice.

    Parameters
    ----------
    table : pandas.DataFrame
        With ``deployment_id``, ``status``, ``value_usd`` and ``part_of``.

    Returns
    -------
    pandas.DataFrame
        A row for each stage of `STAGES`, in their order: ``rows``, ``without_value``
        (rows whose value no source states), ``parts`` (rows inside another row of the
        table that states a value, so theirs is not added again, whatever became of
        either; all Int64), and ``value_usd`` (Float64, nominal dollars as announced;
        missing where no row states one, for then the sum is unknown and not 0).

    Raises
    ------
    TypeError
        If the table is none.
    UnknownNameError
        If it lacks a column.
    """
    import pandas as pd

    require_columns(table, ("deployment_id", "status", "value_usd", "part_of"))
    stages = {status: stage for stage, names in STAGES.items() for status in names}
    unknown = table["value_usd"].isna().to_numpy(dtype=bool)
    stated = set(table.loc[~unknown, "deployment_id"])
    part = table["part_of"].isin(stated).to_numpy(dtype=bool)
    stage = table["status"].astype("string").map(stages)
    found = {}
    for name in STAGES:
        here = (stage == name).to_numpy(dtype=bool)
        values = table.loc[here & ~part, "value_usd"].astype("Float64")
        found[name] = {
            "rows": int(here.sum()),
            "without_value": int((here & unknown).sum()),
            "parts": int((here & part).sum()),
            "value_usd": values.sum(min_count=1),
        }
    kinds = {"rows": "Int64", "without_value": "Int64", "parts": "Int64"}
    sums = pd.DataFrame.from_dict(found, orient="index").rename_axis("stage")
    return sums.astype(kinds | {"value_usd": "Float64"})


def list_blocs() -> tuple[str, ...]:
    """List the blocs of the dataset ``suppliers``, in the order of its codebook."""
    return _categories(load(SUPPLIERS), "bloc")


def _expand(statuses: Iterable[str] | None) -> list[str] | None:
    """Put the statuses of a stage in its place."""
    if statuses is None:
        return None
    names = [statuses] if isinstance(statuses, str) else _listed(statuses, "status")
    return [name for given in names for name in STAGES.get(given, (given,))]


def _listed(names: Iterable[str], kind: str) -> list[str]:
    try:
        return list(names)
    except TypeError:
        raise TypeError(f"{names!r} is no {kind}; give names in a list.") from None


def _require_names(names: Iterable[str], kind: str, known: Iterable[str]) -> list[str]:
    known = tuple(known)
    # Grades may be given as one word; a code of a state or a status is a name itself.
    found = (
        [names] if isinstance(names, str) and names in known else _listed(names, kind)
    )
    for name in found:
        if name not in known:
            raise UnknownNameError(kind, str(name), known)
    return found


def require_columns(table: object, columns: Iterable[str]) -> None:
    """Refuse what is no table, or lacks one of the columns."""
    import pandas as pd

    if not isinstance(table, pd.DataFrame):
        raise TypeError(
            f"{table!r} is no table; give a DataFrame such as read_deployments() gives."
        )
    for column in columns:
        if column not in table:
            raise UnknownNameError("column", column, map(str, table.columns))


def _require_blocs(table: pd.DataFrame) -> pd.Series[Any]:
    require_columns(table, ["bloc"])
    return table["bloc"].astype("string")


def _categories(table: pd.DataFrame, column: str) -> tuple[str, ...]:
    return tuple(map(str, table[column].cat.categories))


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
