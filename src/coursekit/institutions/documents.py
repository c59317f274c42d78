"""UN texts and who spoke for or against what they say of a body.

The share of speakers with a stance comes with bounds: those of whom nothing is coded
may have said anything. How far the texts recognise a body is measured in
`coursekit.institutions.recognition`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from coursekit.errors import UnknownNameError
from coursekit.evidence import load
from coursekit.evidence.bounds import measure_bounds, require_whole

if TYPE_CHECKING:
    import pandas as pd

DOCUMENTS: Final = "un_documents"
STANCES: Final = "un_stances"
STANCE_NAMES: Final = ("supportive", "neutral", "critical")
NOT_COVERED: Final = "not covered"


def read_documents() -> pd.DataFrame:
    """Read the texts of the dataset ``un_documents`` in order of time.

    Returns
    -------
    pandas.DataFrame
        Its columns; texts of one day stand in the order of the file.
    """
    table = load(DOCUMENTS)
    return table.sort_values("date", kind="stable", ignore_index=True)


def require_table(value: object) -> None:
    """Refuse what is no table of texts or stances."""
    import pandas as pd

    if not isinstance(value, pd.DataFrame):
        raise TypeError(
            f"{value!r} is no table; give a DataFrame such as read_documents() gives."
        )


def measure_stances(
    stances: pd.DataFrame | None = None,
    documents: pd.DataFrame | None = None,
    *,
    stance: str = "critical",
    by: str = "year",
    years: Iterable[int] | None = None,
) -> pd.DataFrame:
    """Measure the share of speakers with a stance, with bounds for the missing ones.

    Parameters
    ----------
    stances : pandas.DataFrame, optional
        With ``symbol``, ``speaker`` and ``stance``; the dataset ``un_stances`` if left
        out. A speaker of two texts counts twice; who only aligned with a statement
        (``spoke`` is false) counts too, unless such rows are left out before.
    documents : pandas.DataFrame, optional
        With ``symbol``, ``date`` and ``speakers_total`` (missing means not known); the
        dataset ``un_documents`` if left out.
    stance : {'critical', 'neutral', 'supportive'}
        What is counted.
    by : {'year', 'symbol'}
        One row for each year, or for each text with a speaker.
    years : iterable of int, optional
        Years to give; from the first text to the last if left out.

    Returns
    -------
    pandas.DataFrame
        ``year`` or ``symbol``, ``texts`` (with a speaker), ``coded``, ``count``,
        ``share`` (of those coded, 0-1), ``speakers`` and ``missing`` (not known is a
        missing value), ``low`` and ``high`` (0-1, see
        `coursekit.evidence.bounds.measure_bounds`), and
        ``covered`` (boolean). A year without a text in which somebody spoke is not
        covered: its numbers are missing and none of them is 0.

    Raises
    ------
    UnknownNameError
        If there is no such stance or way to group, or a stance belongs to no text.
    CoursekitError
        If more speakers are coded than spoke.
    TypeError
        If a year is no whole number, or what should be a table is none.
    """
    import pandas as pd

    stances = load(STANCES) if stances is None else stances
    documents = read_documents() if documents is None else documents
    require_table(stances)
    require_table(documents)
    if by not in ("year", "symbol"):
        raise UnknownNameError("way to group", str(by), ("year", "symbol"))
    rows = _count_speakers(stances, documents, stance)
    if by == "symbol":
        wanted: list[Any] = list(rows["symbol"])
    elif years is None:
        span = sorted(documents["date"].dt.year)
        wanted = list(range(span[0], span[-1] + 1)) if span else []
    else:
        wanted = [require_whole(year, "year") for year in years]
    found = [{by: name, **_sum_up(rows[rows[by] == name])} for name in wanted]
    whole = ["texts", "coded", "count", "speakers", "missing"]
    kinds = {by: "Int64" if by == "year" else "string", **dict.fromkeys(whole, "Int64")}
    kinds |= dict.fromkeys(["share", "low", "high"], "Float64") | {"covered": "boolean"}
    columns = [by, "texts", "coded", "count", "share", "speakers", "missing"]
    table = pd.DataFrame(found, columns=pd.Index([*columns, "low", "high", "covered"]))
    return table.astype(kinds)


def _count_speakers(
    stances: pd.DataFrame, documents: pd.DataFrame, stance: str
) -> pd.DataFrame:
    """Count, for each text with a speaker, who is coded and who has the stance."""
    import pandas as pd

    if stance not in STANCE_NAMES:
        raise UnknownNameError("stance", str(stance), STANCE_NAMES)
    for symbol in stances["symbol"]:
        if symbol not in set(documents["symbol"]):
            raise UnknownNameError("text", str(symbol), map(str, documents["symbol"]))
    coded = stances["symbol"].value_counts()
    counted = stances.loc[stances["stance"] == stance, "symbol"].value_counts()
    rows = pd.DataFrame(
        {
            "symbol": documents["symbol"],
            "year": documents["date"].dt.year,
            "coded": documents["symbol"].map(coded).fillna(0).astype(int),
            "count": documents["symbol"].map(counted).fillna(0).astype(int),
            "speakers": documents["speakers_total"].astype("Int64"),
        }
    )
    return rows[(rows["coded"] > 0) | rows["speakers"].notna()]


def _sum_up(rows: pd.DataFrame) -> dict[str, Any]:
    """Add up texts; the number of speakers is not known if that of one text is not."""
    if rows.empty:
        return {"covered": False}
    count, coded = int(rows["count"].sum()), int(rows["coded"].sum())
    total = rows["speakers"].sum(skipna=False)
    speakers = None if rows["speakers"].isna().any() else int(total)
    low, high = measure_bounds(count, coded, speakers)
    return {
        "texts": len(rows),
        "coded": coded,
        "count": count,
        "share": count / coded if coded else None,
        "speakers": speakers,
        "missing": None if speakers is None else speakers - coded,
        "low": low,
        "high": high,
        "covered": True,
    }
