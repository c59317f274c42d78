"""Rival stories about the same outcome, each held against the files.

Each begins at some node of the causal map and predicts something that the others do
not. They do not exclude one another: the fair question is share and sequence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coursekit.evidence import load
from coursekit.surveillance.causes import CausalMap
from coursekit.surveillance.forks import STATES
from coursekit.surveillance.paths import (
    find_weakest,
    grade_path,
    list_paths,
    write_path,
)
from coursekit.surveillance.supply import read_deployments

if TYPE_CHECKING:
    import pandas as pd

LOW: Final = 0.15  # of liberal democracy, which runs from 0 to 1


@dataclass(frozen=True)
class Rival:
    """One story about the outcome.

    Parameters
    ----------
    begins : tuple of str
        Nodes of the map at which it begins.
    ends : str
        The node that it explains.
    idea, predicts : str
        In a sentence each: what it holds, and what it expects that others do not.
    shows : callable
        Gives, from the datasets, a sentence on what the files show of it.
    """

    begins: tuple[str, ...]
    ends: str
    idea: str
    predicts: str
    shows: Callable[[], str]


def list_rivals() -> dict[str, Rival]:
    """Give the rival stories by name.

    Returns
    -------
    dict of str to Rival
        The story that the others rival, of Chinese supply, comes first.
    """
    return {
        "Chinese supply": Rival(
            ("TECH_CN",),
            "AUTH_1",
            "Chinese tools add to what rulers can do.",
            "After the tools come, more is repressed than before or elsewhere.",
            _show_supply,
        ),
        "Russian template": Rival(
            ("RU",),
            "AUTH_1",
            "Law and kit for interception follow a Russian model.",
            "Duties fall on operators, and whoever sells, the system is of that type.",
            _show_template,
        ),
        "domestic rulers": Rival(
            ("ELITE", "NEOPAT"),
            "AUTH_1",
            "Rulers wanted control from the start, and buy what fits.",
            "Scores are low before the supply; many suppliers at once; local firms.",
            _show_rulers,
        ),
        "open vendor market": Rival(
            ("WEST", "TECH_OTH"),
            "AUTH_1",
            "Europe, North America and Israel sell the most intrusive tools.",
            "Spyware and interception come mostly from elsewhere than China.",
            _show_vendors,
        ),
        "urban demand": Rival(
            ("URBAN",),
            "AUTH_1",
            "Cities want fewer crashes and more fines.",
            "Traffic cameras first, paid from fines, with local partners.",
            _show_cities,
        ),
        "unrest first": Rival(
            ("UNREST_0",),
            "AUTH_1",
            "Unrest makes rulers buy, legislate and cut.",
            "Purchases and laws cluster after unrest, whoever sells.",
            _show_unrest,
        ),
        "public as a brake": Rival(
            ("PUBLIC",),
            "XJ",
            "Distrust of China raises the price of siding with it.",
            "States with many protests avoid open support.",
            _show_public,
        ),
    }


def tabulate_rivals(causal_map: CausalMap) -> pd.DataFrame:
    """Set the rivals side by side: where they begin, how well shown, what they predict.

    Parameters
    ----------
    causal_map : CausalMap
        The map, perhaps edited.

    Returns
    -------
    pandas.DataFrame
        ``rival``, ``begins``, ``ends``, ``paths`` (directed ones, how many),
        ``best_grade`` (of the path that is best shown; missing without a path),
        ``best_path``, ``weakest`` (its weakest arrows), ``predicts`` and
        ``files_show``. A grade says how well the steps are shown, never how much they
        matter.
    """
    import pandas as pd

    rows = []
    for name, rival in list_rivals().items():
        paths = [
            path
            for start in rival.begins
            if start in causal_map.graph
            for path in list_paths(causal_map, start, rival.ends)
        ]
        best = min(
            paths,
            key=lambda path: (grade_path(causal_map, path), len(path)),
            default=(),
        )
        rows.append(
            {
                "rival": name,
                "begins": ", ".join(rival.begins),
                "ends": rival.ends,
                "paths": len(paths),
                "best_grade": grade_path(causal_map, best) if best else None,
                "best_path": write_path(causal_map, best) if best else "",
                "weakest": ", ".join(find_weakest(causal_map, best)) if best else "",
                "predicts": rival.predicts,
                "files_show": rival.shows(),
            }
        )
    return pd.DataFrame(rows)


def _show_supply() -> str:
    table = read_deployments()
    rows = table[table["bloc"] == "China"]
    used = rows["used_against_critics"].astype(str) == "shown"
    return (
        f"{len(rows)} of {len(table)} rows are Chinese; a use against critics is shown "
        f"in {int(used.sum())} of them."
    )


def _show_template() -> str:
    table = read_deployments()
    rows = table[table["technology"] == "SORM_lawful_intercept"]
    return f"Lawful interception, {len(rows)} rows: {_by_bloc(rows)}."


def _show_rulers() -> str:
    table, context = read_deployments(), load("country_context")
    rows = table[(table["bloc"] == "China") & (table["technology_class"] == "camera")]
    index = context[context["indicator"] == "vdem_libdem"]
    low = [
        str(state)
        for state, values in index.groupby("iso3", observed=True)["value"]
        if state in STATES and values.max() < LOW
    ]
    local = int((table["bloc"] == "Local").sum())
    return (
        f"{', '.join(low)} are below {LOW} of 1 in liberal democracy in every year "
        f"since {index['year'].min()}; the first dated Chinese camera row is of "
        f"{rows['year'].min()}; {local} rows name a local supplier."
    )


def _show_vendors() -> str:
    table = read_deployments()
    rows = table[table["technology_class"] == "interception"]
    return f"Interception and spyware, {len(rows)} rows: {_by_bloc(rows)}."


def _show_cities() -> str:
    table = read_deployments()
    rows = table[table["financing"].astype(str) == "PPP"]
    unknown = int((table["financing"].astype(str) == "unknown").sum())
    return (
        f"Public-private partnerships, {len(rows)} rows: {_by_bloc(rows)}. Who paid is "
        f"not known for {unknown} of {len(table)} rows."
    )


def _show_unrest() -> str:
    law, cuts = load("shutdown_law"), load("shutdowns")
    years = sorted(
        {int(year) for year in law.loc[law["country_iso3"] == "KAZ", "year"]}
    )
    first = cuts[cuts["country_iso3"] == "KAZ"].sort_values("start_utc").iloc[0]
    return (
        f"The first Kazakh cut on file is of {str(first['start_utc'])[:7]}; rules on "
        f"communications in Kazakhstan are of {', '.join(map(str, years))}."
    )


def _show_public() -> str:
    letters = load("xinjiang_letters")
    here = letters[letters["state_iso3"].isin(STATES)]
    sides = {
        name: rows.set_index("state_iso3")["side"].astype(str)
        for name, rows in here.groupby("statement_id", observed=True)
    }
    return (
        f"On neither letter of July 2019: {_where(sides['HRC41_2019_07'], 'neither')}. "
        "With China in 2022: in a statement of September "
        f"{_where(sides['HRC51_2022_09'], 'supported')}, in the vote of October "
        f"{_where(sides['HRC51_2022_10_vote'], 'supported')}."
    )


def _where(sides: pd.Series[str], side: str) -> str:
    return ", ".join(sorted(map(str, sides[sides == side].index)))


def _by_bloc(rows: pd.DataFrame) -> str:
    counted = rows["bloc"].astype(str).value_counts()
    return ", ".join(f"{bloc} {number}" for bloc, number in counted.items())
