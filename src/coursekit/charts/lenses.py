"""One case as each of the three lenses sees it: sentences, a figure, a table.

A case here is a state and a day, with the keys under which the datasets hold it. Where
a dataset has no row, the sentence says *not covered*: nobody looked, or nobody wrote
it down, and that is no zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from coursekit.charts.purchases import STATES, describe_purchases, tabulate_purchases
from coursekit.charts.words import day_text
from coursekit.errors import UnknownNameError
from coursekit.evidence import across_readings, load, readings
from coursekit.institutions.coverage import NotCoveredError, read_day
from coursekit.institutions.membership import members
from coursekit.law import assess, find_case, find_doctrine, vocabulary

if TYPE_CHECKING:
    import pandas as pd

BASE: Final = "base"
ACROSS: Final = "across readings"
NOT_COVERED: Final = "not covered"


@dataclass(frozen=True)
class Situation:
    """A state on a day, and where the datasets hold what happened.

    Parameters
    ----------
    label : str
        What it is, in a few words.
    state : str
        A country code of three letters.
    day : str
        An ISO date.
    intervention, mission : str, optional
        Keys of ``interventions`` and ``peacekeeping_missions``; empty if they have no
        row.
    shutdowns : tuple of str, optional
        Keys of ``shutdowns``; empty if it has no row.
    """

    label: str
    state: str
    day: str
    intervention: str = ""
    mission: str = ""
    shutdowns: tuple[str, ...] = ()


SITUATIONS: Final[Mapping[str, Situation]] = MappingProxyType(
    {
        "KAZ2022": Situation(
            "a request accepted",
            "KAZ",
            "2022-01-05",
            intervention="KAZ2022",
            mission="CPF_KAZ",
            shutdowns=("SH-08", "SH-09"),
        ),
        "KGZ2010": Situation(
            "a request declined",
            "KGZ",
            "2010-06-12",
            intervention="KGZ2010",
            mission="CSTO_KGZ2010",
            shutdowns=("SH-10",),
        ),
        "TJK1993": Situation(
            "a force in a civil war",
            "TJK",
            "1993-10-01",
            intervention="TJK1993",
            mission="CPF_TJK",
        ),
        "KAZ2011": Situation("Zhanaozen", "KAZ", "2011-12-16", shutdowns=("SH-01",)),
        "TJK2021": Situation("Badakhshan", "TJK", "2021-11-25", shutdowns=("SH-18",)),
        "UZB2022": Situation(
            "Karakalpakstan", "UZB", "2022-06-26", shutdowns=("SH-24",)
        ),
    }
)


def find_situation(situation_id: str) -> Situation:
    """Find a case by its key, such as ``"KGZ2010"``.

    Raises
    ------
    UnknownNameError
        If there is no such case.
    """
    if situation_id not in SITUATIONS:
        raise UnknownNameError("case", str(situation_id), SITUATIONS)
    return SITUATIONS[situation_id]


def name_situation(situation_id: str) -> str:
    """Write state, year and label of a case."""
    found = find_situation(situation_id)
    return f"{STATES[found.state]} {found.day[:4]}: {found.label}"


def list_readings(key: str) -> list[str]:
    """List the readings of a case that change a fact of a doctrine.

    Parameters
    ----------
    key : str
        A key of ``interventions``.

    Returns
    -------
    list of str
        Without those that are the base; empty if none of its facts is contested.
    """
    rivals = readings("interventions")
    about = rivals["column"].isin(vocabulary()) & (rivals["key"] == key)
    return [
        str(name) for name in rivals.loc[about & ~rivals["base"], "reading"].unique()
    ]


def list_choices() -> list[str]:
    """List the readings that can move a sentence about one of the cases.

    Returns
    -------
    list of str
        ``base`` and ``across readings``, then readings of ``interventions`` and of
        the beginning, the end and the counting of a cut in ``shutdowns``.
    """
    rivals = readings("shutdowns")
    keys = {key for one in SITUATIONS.values() for key in one.shutdowns}
    cuts = rivals.loc[rivals["key"].isin(keys) & ~rivals["base"], "reading"]
    asked = [one.intervention for one in SITUATIONS.values()]
    facts = [name for key in asked for name in list_readings(key)]
    return list(dict.fromkeys([BASE, ACROSS, *facts, *map(str, cuts)]))


def is_about(situation: Situation, reading: str) -> bool:
    """Say whether a reading of `list_choices` can say something else of a case.

    Raises
    ------
    UnknownNameError
        If there is no such reading.
    """
    known = list_choices()
    if reading not in known:
        raise UnknownNameError("reading", str(reading), known)
    rivals = readings("shutdowns").query("reading == @reading")
    cut = bool(rivals["key"].isin(situation.shutdowns).any())
    return cut or reading in (ACROSS, *list_readings(situation.intervention))


def measure_outcomes(key: str, doctrine_id: str) -> dict[str, str]:
    """Assess a doctrine on a case under each reading of its facts, one at a time.

    Parameters
    ----------
    key : str
        A key of ``interventions``.
    doctrine_id : str
        Such as ``"D02"``.

    Returns
    -------
    dict of str to str
        Outcomes by reading, ``base`` first.

    Raises
    ------
    UnknownNameError
        If there is no such case or doctrine.
    """
    doctrine = find_doctrine(doctrine_id)
    tables = {name: load("interventions", reading=name) for name in list_readings(key)}
    cases = {BASE: find_case(key)}
    cases |= {name: find_case(key, table) for name, table in tables.items()}
    return {name: assess(case, doctrine).outcome for name, case in cases.items()}


def describe_law(
    situation: Situation, *, doctrine_id: str = "D02", reading: str = BASE
) -> str:
    """Say what a doctrine says of a case, under a reading or across them.

    Parameters
    ----------
    situation : Situation
        The case.
    doctrine_id : str
        Such as ``"D02"``.
    reading : str
        ``base``, ``across readings``, or the name of a reading; one of another case
        leaves the base.

    Returns
    -------
    str
        A sentence or two.

    Raises
    ------
    UnknownNameError
        If there is no such doctrine or reading.
    """
    doctrine, key = find_doctrine(doctrine_id), situation.intervention
    is_about(situation, reading)  # refuses what is no reading
    if not key:
        return (
            f"Law: {NOT_COVERED}. No row of interventions is about this case, so no "
            "doctrine is assessed; that is no finding that all was lawful."
        )
    said = f"Law: {doctrine_id} {doctrine.name}"
    if reading == ACROSS:
        groups: dict[str, list[str]] = {}
        for name, outcome in measure_outcomes(key, doctrine_id).items():
            groups.setdefault(outcome, []).append(name)
        ways = [f"{what} under {_join(names)}" for what, names in groups.items()]
        return f"{said}: {'; '.join(ways)}."
    own = reading in list_readings(key)
    case = find_case(key, load("interventions", reading=reading if own else None))
    found = assess(case, doctrine)
    return f"{said}: {found.outcome}, because {' and '.join(found.reasons)}."


def describe_institutions(situation: Situation, *, body: str = "CSTO") -> str:
    """Say who was in a body on the day of a case, and whether a force was sent.

    Parameters
    ----------
    situation : Situation
        The case.
    body : str
        An id such as ``"CSTO"``.

    Returns
    -------
    str
        Two sentences.

    Raises
    ------
    UnknownNameError
        If there is no such body.
    """
    day = day_text(read_day(situation.day))
    try:
        inside = members(body, situation.day)
    except NotCoveredError as gap:
        said = f"{body} on {day} is {NOT_COVERED} (the data begin on {gap.first})"
    else:
        place = "among" if situation.state in inside else "not among"
        said = (
            f"on {day} the {body} had {len(inside)} members ({', '.join(inside)}), "
            f"{STATES[situation.state]} {place} them"
        )
    return f"Institutions: {said}. {_describe_mission(situation.mission)}"


def _describe_mission(mission: str) -> str:
    if not mission:
        return f"A force is {NOT_COVERED}: peacekeeping_missions has no row."
    table = load("peacekeeping_missions").set_index("id")
    row: dict[str, Any] = {str(k): v for k, v in table.loc[mission].to_dict().items()}
    if not row["deployed"]:
        return f"{mission}: a force was asked for, and nobody was sent."
    ends = readings("peacekeeping_missions").query(
        "key == @mission and column == 'end'"
    )
    rival = f" ({len(ends)} readings of the end)" if len(ends) else ""
    return (
        f"{mission}: a force was there from {day_text(row['start'])} to "
        f"{day_text(row['end'])}{rival}. Consent: {row['consent_basis']}."
    )


def describe_surveillance(
    situation: Situation, *, grades: str = "ABCD", reading: str = BASE
) -> str:
    """Say what is recorded of a cut in the net, and of purchases before and after.

    Parameters
    ----------
    situation : Situation
        The case.
    grades : str
        Which grades of evidence count, such as ``"AB"``.
    reading : str
        ``base`` or ``across readings`` for the hours of the cut, or the name of a
        reading of ``shutdowns``; any other leaves the base.

    Returns
    -------
    str
        Two or three sentences.
    """
    is_about(situation, reading)  # refuses what is no reading
    table = tabulate_purchases([(situation.state, int(situation.day[:4]))], grades)
    cuts = _describe_cuts(situation, reading)
    return f"Surveillance: {cuts} {describe_purchases(table)}"


def _describe_cuts(situation: Situation, reading: str) -> str:
    if not situation.shutdowns:
        return f"a cut in the net is {NOT_COVERED}, for shutdowns has no row."
    said = [f"{key} {_say_hours(key, reading)}" for key in situation.shutdowns]
    return f"{'; '.join(said)}."


def _say_hours(event_id: str, reading: str) -> str:
    def hours(table: pd.DataFrame) -> float | None:
        import pandas as pd

        row = table.set_index("event_id").loc[event_id]
        if pd.isna(row["end_utc"]) or "T" not in row["end_utc"]:
            return None
        span = pd.Timestamp(row["end_utc"]) - pd.Timestamp(row["start_utc"])
        return span / pd.Timedelta(hours=1)

    if reading == ACROSS:
        found = across_readings("shutdowns", hours)
        if found.low is None:
            return "has no length on record under any reading"
        return f"lasted {found.low:g} to {found.high:g} hours across readings"
    known = set(readings("shutdowns")["reading"])
    length = hours(load("shutdowns", reading=reading if reading in known else None))
    return "has no length on record" if length is None else f"lasted {length:g} hours"


def tabulate_coverage(situations: Iterable[str]) -> pd.DataFrame:
    """Count, case by case, the rows that each lens has to go on.

    Parameters
    ----------
    situations : iterable of str
        Keys of `SITUATIONS`.

    Returns
    -------
    pandas.DataFrame
        A row for each dataset, a column for each case; text: a number of rows, or
        ``not covered``, which is no zero. Shutdowns and the case's own rows are those
        of the case, deployments and elections those of the state in any year.

    Raises
    ------
    UnknownNameError
        If there is no such case.
    """
    import pandas as pd

    columns = {name: _count_coverage(find_situation(name)) for name in situations}
    return pd.DataFrame(columns, dtype="string").rename_axis("dataset")


def _count_coverage(situation: Situation) -> dict[str, str]:
    own = {
        "interventions": bool(situation.intervention),
        "peacekeeping_missions": bool(situation.mission),
        "shutdowns": len(situation.shutdowns),
    }
    counts = {name: int(count) for name, count in own.items()}
    for name in ("deployments", "elections"):
        counts[name] = int((load(name)["country_iso3"] == situation.state).sum())
    return {
        name: str(count) if count else NOT_COVERED for name, count in counts.items()
    }


def _join(names: Iterable[str]) -> str:
    listed = [f"the {BASE}" if name == BASE else name for name in names]
    return " and ".join([", ".join(listed[:-1]), listed[-1]] if listed[1:] else listed)
