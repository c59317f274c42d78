"""How a state changes an institution: episodes, classified by a table that can be read.

The article's abstract names three ways of seeking change in a primary institution:
directly, through existing secondary institutions, through new ones (Hadano 2023,
abstract; only the abstract and the notes were read). The order of the questions, a
fourth strategy and the rules for arena, change type and outcome are ours. All of them
stand in the dataset ``decision_table``: a DataFrame to print and to edit, and no code.

A class that the table gives is compared with one that was coded by hand. Where both
come from the same coders, their agreement is no test of the table.

References
----------
Hadano T, 'Agents, Multilateral Institutions, and Fundamental Institutional Change in
International Society' (2023) European Journal of International Security.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

from coursekit.institutions.decisions import read_decisions, read_rules
from coursekit.institutions.episodes import (
    DECIDES,
    SCORES,
    Episode,
    add_score,
    find_episode,
    read_episodes,
    vocabulary,
)
from coursekit.institutions.rules import Facts, Rule, Value

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CANNOT",
    "DECIDES",
    "NO_TEST",
    "Classification",
    "Episode",
    "classify",
    "compare_with_coding",
    "explain",
    "find_episode",
    "read_decisions",
    "read_episodes",
]

CANNOT: Final = "cannot be classified"
NO_TEST: Final = (
    "That is no test of the table: the same hand coded the inputs and the class."
)


@dataclass(frozen=True)
class Classification:
    """What the table says of an episode; prints as a sentence.

    Parameters
    ----------
    episode_id, decides : str
        Which episode, and which question.
    result : str
        The class, or ``CANNOT``.
    rows : tuple of str
        The rows that decide: one, or several that lead to one class whatever the
        missing inputs are; empty where none holds.
    missing : tuple of str
        Inputs on which the class hangs and that are unknown.
    possible : tuple of str
        The classes that the missing inputs leave open; the class itself if it is sure.
    """

    episode_id: str
    decides: str
    result: str
    rows: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f"{self.episode_id}, {_spaced(self.decides)}: {self.result}"
        if self.result != CANNOT:
            return f"{said} ({' or '.join(self.rows)})."
        if not self.missing:
            return f"{said}: no row holds. A last row `otherwise` would catch it."
        return (
            f"{said}. Missing: {', '.join(self.missing)}. "
            f"It could be {' or '.join(self.possible)}."
        )

    __repr__ = __str__


def classify(
    episode: Episode, table: pd.DataFrame | None = None, *, decides: str = "strategy"
) -> Classification:
    """Classify an episode by a decision table.

    Parameters
    ----------
    episode : Episode
        Its inputs, some of them perhaps unknown.
    table : pandas.DataFrame, optional
        As for `read_rules`.
    decides : {"strategy", "arena", "change_type", "outcome"}
        Which question.

    Returns
    -------
    Classification
        If every completion of the missing inputs leads to one class, that class;
        otherwise ``CANNOT``, with the inputs on which it hangs.

    Raises
    ------
    CoursekitError
        If the table cannot be read, or there is no such block.
    TypeError
        If ``episode`` is no episode.
    """
    _require_episode(episode)
    return _decide(episode, read_rules(table, decides=decides), decides)


def explain(
    episode: Episode, table: pd.DataFrame | None = None, *, decides: str = "strategy"
) -> str:
    """Say which step decided, why the ones before it did not, and on whose authority.

    Parameters
    ----------
    episode, table, decides
        As for `classify`.

    Returns
    -------
    str
        Sentences. Where the class was coded by hand as well, the last ones compare
        the two and say that their agreement is no test.

    Raises
    ------
    CoursekitError
        As for `classify`.
    TypeError
        As for `classify`.
    """
    found = classify(episode, table, decides=decides)
    rules = read_rules(table, decides=decides)
    said = [str(found)]
    if episode.label:
        said.insert(0, f"{episode.label}.")
    if len(found.rows) == 1 and not found.missing:
        said += _explain_row(rules, found.rows[0], episode.facts)
    coded = episode.coded.get(decides)
    if coded == found.result:
        said.append(f"Coded by hand: the same. {NO_TEST}")
    elif coded is not None:
        said.append(f"Coded by hand: {coded}.")
    return " ".join(said)


def compare_with_coding(
    table: pd.DataFrame | None = None,
    *,
    decides: str = "strategy",
    episodes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Set what the table gives beside what was coded by hand, for every episode.

    Parameters
    ----------
    table, decides
        As for `classify`.
    episodes : pandas.DataFrame, optional
        Rows of ``episodes``, perhaps under another reading, as `across_readings`
        hands them on; all as they stand if left out.

    Returns
    -------
    pandas.DataFrame
        A row for each episode: ``episode_id``, ``label``, ``coded``, ``by_rule``
        (a class, or ``CANNOT``), ``row`` (which decided) and ``agrees`` (boolean,
        missing where nothing was coded). Full agreement is no test of the table, as
        the same hand coded the inputs and the class.

    Raises
    ------
    CoursekitError
        As for `classify`, or if the episodes have no ``episode_id``.
    TypeError
        If table or episodes are no tables.
    """
    import pandas as pd

    rules = read_rules(table, decides=decides)
    rows = []
    for episode in read_episodes(episodes).values():
        found = _decide(episode, rules, decides)
        coded = episode.coded[decides]
        rows.append(
            {
                "episode_id": episode.episode_id,
                "label": episode.label,
                "coded": coded,
                "by_rule": found.result,
                "row": " or ".join(found.rows),
                "agrees": None if coded is None else coded == found.result,
            }
        )
    text = dict.fromkeys(["episode_id", "label", "coded", "by_rule", "row"], "string")
    types = {**text, "agrees": "boolean"}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _decide(episode: Episode, rules: tuple[Rule, ...], decides: str) -> Classification:
    names = episode.episode_id, decides
    missing = _missing(episode.inputs, rules)
    deciding = {
        values: _first(
            rules,
            add_score({**episode.inputs, **dict(zip(missing, values, strict=True))}),
        )
        for values in product(*(_choices(name, rules) for name in missing))
    }
    rows = tuple(dict.fromkeys(rule.row_id for rule in deciding.values() if rule))
    classes = tuple(
        dict.fromkeys(rule.then if rule else CANNOT for rule in deciding.values())
    )
    if len(classes) == 1:
        return Classification(*names, classes[0], rows, (), classes)
    results = {
        values: rule.then if rule else CANNOT for values, rule in deciding.items()
    }
    hangs = tuple(
        name for place, name in enumerate(missing) if _matters(results, place)
    )
    return Classification(*names, CANNOT, (), hangs, classes)


def _missing(inputs: Mapping[str, Value | None], rules: Iterable[Rule]) -> list[str]:
    """List the inputs that some row asks for and that are unknown."""
    asked = [condition.input for rule in rules for condition in rule.conditions]
    parts = [part for name in asked for part in (SCORES if name == "score" else [name])]
    return [name for name in dict.fromkeys(parts) if inputs.get(name) is None]


def _choices(name: str, rules: Iterable[Rule]) -> tuple[Value, ...]:
    """List the values that an unknown input may have, told apart by the rows."""
    known = vocabulary()[name]
    if known:
        return known
    ends = [
        int(value)
        for rule in rules
        for condition in rule.conditions
        if condition.input == name
        for value in condition.asked
    ]
    return tuple(sorted({end + step for end in ends for step in (-1, 0, 1)}))


def _matters(results: Mapping[tuple[Value, ...], str], place: int) -> bool:
    """Say whether the class can change if only the input at this place does."""
    seen: dict[tuple[Value, ...], str] = {}
    return any(
        seen.setdefault(values[:place] + values[place + 1 :], result) != result
        for values, result in results.items()
    )


def _first(rules: Iterable[Rule], facts: Facts) -> Rule | None:
    return next((rule for rule in rules if rule.holds(facts)), None)


def _explain_row(rules: Iterable[Rule], row_id: str, facts: Facts) -> Iterator[str]:
    for rule in rules:
        if rule.row_id == row_id:
            asked = " and ".join(c.describe(facts) for c in rule.conditions)
            why = f": {asked}" if asked else ", because no row before it does"
            yield f"Step {rule.step} holds{why}."
            if rule.gives:
                yield f"What stands behind it ({rule.basis}): {rule.gives.rstrip('.')}."
            return
        fails = next((c for c in rule.conditions if c.holds(facts) is False), None)
        if fails:
            yield f"Step {rule.step} does not hold: {fails.describe(facts)}."


def _require_episode(episode: object) -> None:
    if isinstance(episode, Episode):
        return
    if isinstance(episode, str):
        name = find_episode(episode).episode_id
        raise TypeError(
            f"An episode was asked for, and {episode!r} is only the name of one. "
            f'find_episode("{name}") gives it.'
        )
    raise TypeError(
        f"An episode was asked for, and this is {type(episode).__name__}. "
        "find_episode() gives one of the data, Episode(...) one of your own."
    )


def _spaced(name: str) -> str:
    return name.replace("_", " ")
