"""Which rules on rights follow from an event, as far as it is classified.

A rule *follows* if it speaks about the people in view: it asks something of the state.
That is not to say that it was broken. Requirements are those of
`coursekit.law.doctrines`, joined in the same way (Kleene's strong conjunction), so an
unknown fact leaves a rule open unless another fact already puts it aside. The events
are those of `coursekit.law.events`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeVar, cast

from coursekit.errors import MalformedDataError, UnknownNameError
from coursekit.law.doctrines import refuse_name
from coursekit.law.events import (
    Event,
    classify,
    event_vocabulary,
    find_event,
    load_events,
    read_events,
)
from coursekit.law.requirements import Requirement, decide, parse_requirements

if TYPE_CHECKING:
    import pandas as pd

_T = TypeVar("_T")
Outcome = Literal["follows", "needs facts", "does not apply"]

__all__ = [
    "OUTCOMES",
    "Event",
    "Outcome",
    "Rule",
    "Ruling",
    "apply_rule",
    "apply_rules",
    "classify",
    "describe_ruling",
    "event_vocabulary",
    "find_event",
    "find_rule",
    "load_events",
    "read_events",
    "read_rules",
]

OUTCOMES: Final[tuple[Outcome, ...]] = ("follows", "needs facts", "does not apply")
_FILE: Final = Path("data/human_rights/human_rights.csv")


@dataclass(frozen=True)
class Rule:
    """A rule or text on rights, with the facts on which it speaks.

    Parameters
    ----------
    rule_id, provision, statement, consequence : str
        The row's key, its short form, what it says, and what follows from it.
    requirements : tuple of Requirement
        All must hold.
    status : str
        What kind of text it is: ``"treaty"``, ``"general_comment"``, ``"report"``, ...
    binds : {"parties", "interprets", "no"}
        Whether the text binds; the codebook says what the words mean.
    contested : str
        What is disputed about the rule or the fact it meets; empty if nothing.
    sources : tuple of (str, str)
        Keys of the bibliography, each with a pinpoint (may be empty).
    """

    rule_id: str
    provision: str
    statement: str
    consequence: str
    requirements: tuple[Requirement, ...]
    status: str = ""
    binds: str = "no"
    contested: str = ""
    sources: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, repr=False)
class Ruling:
    """What a rule says about an event, and why; prints as a sentence.

    Parameters
    ----------
    event_id : str
        The event.
    rule : Rule
        The rule, with its consequence, status and sources.
    outcome : {"follows", "needs facts", "does not apply"}
        Whether the rule speaks about these people.
    deciding : tuple of str
        The facts that make the outcome.
    reasons : tuple of str
        The same in words, one for each deciding fact.
    """

    event_id: str
    rule: Rule
    outcome: Outcome
    deciding: tuple[str, ...]
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return describe_ruling(self)

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return describe_ruling(self, strong="**")


def apply_rule(event: Event, rule: Rule) -> Ruling:
    """Say whether one rule speaks about an event.

    Parameters
    ----------
    event : Event
        Facts, some of them unknown.
    rule : Rule
        Requirements, all of which must hold.

    Returns
    -------
    Ruling
        *does not apply* if any requirement fails; else *needs facts* if any fact is
        unknown; else *follows*.

    Raises
    ------
    CoursekitError
        If only the name of an event or of a rule is given.
    UnknownNameError
        If what is given names none.
    """
    if not isinstance(event, Event):
        refuse_name("event", find_event(str(event)).case_id)
    if not isinstance(rule, Rule):
        refuse_name("rule", find_rule(str(rule)).rule_id)
    state, deciding = decide(event, rule.requirements)
    outcomes: dict[bool | None, Outcome] = {
        True: "follows",
        False: "does not apply",
        None: "needs facts",
    }
    return Ruling(
        event_id=event.case_id,
        rule=rule,
        outcome=outcomes[state],
        deciding=tuple(need.fact for need in deciding),
        reasons=tuple(need.describe(event) for need in deciding),
    )


def apply_rules(
    events: Event | Mapping[str, Event] | Iterable[Event],
    rules: Rule | Mapping[str, Rule] | Iterable[Rule] | None = None,
) -> pd.DataFrame:
    """Say which rules speak about events, one row for each pair.

    Parameters
    ----------
    events : Event, or mapping or iterable of Event
        One event, or several; of a mapping its values.
    rules : Rule, or mapping or iterable of Rule, optional
        The same for rules; all of them if left out.

    Returns
    -------
    pandas.DataFrame
        ``event_id``, ``rule_id``, ``provision`` (string), ``outcome`` (category),
        ``reasons``, ``consequence``, ``status`` and ``binds`` (string).
    """
    import pandas as pd

    subjects = _several(events, Event)
    tests = _several(read_rules() if rules is None else rules, Rule)
    rows = [
        {
            "event_id": ruling.event_id,
            "rule_id": ruling.rule.rule_id,
            "provision": ruling.rule.provision,
            "outcome": ruling.outcome,
            "reasons": "; ".join(ruling.reasons),
            "consequence": ruling.rule.consequence,
            "status": ruling.rule.status,
            "binds": ruling.rule.binds,
        }
        for ruling in (apply_rule(event, rule) for event in subjects for rule in tests)
    ]
    columns = ["event_id", "rule_id", "provision", "outcome", "reasons"]
    columns += ["consequence", "status", "binds"]
    table = pd.DataFrame(rows, columns=pd.Index(columns), dtype="string")
    table["outcome"] = pd.Categorical(table["outcome"], categories=OUTCOMES)
    return table


def read_rules(table: pd.DataFrame | None = None) -> dict[str, Rule]:
    """Read the rules of the dataset ``human_rights`` or of a table.

    Parameters
    ----------
    table : pandas.DataFrame, optional
        One row for each rule, with the columns of the dataset.

    Returns
    -------
    dict of str to Rule
        By ``rule_id``, in the order of the table.

    Raises
    ------
    MalformedDataError
        If the conditions of a row cannot be read, or ask for a fact or value that
        events do not have.
    """
    if table is None:
        return dict(_course_rules())
    rules = {}
    for line, row in enumerate(table.fillna("").to_dict("records"), start=2):
        pairs = [(row[f"source_{n}"], row[f"pinpoint_{n}"]) for n in (1, 2)]
        rules[str(row["rule_id"])] = Rule(
            rule_id=str(row["rule_id"]),
            provision=str(row["provision"]),
            statement=str(row["rule"]),
            consequence=str(row["consequence"]),
            requirements=_parse(str(row["conditions"]), line),
            status=str(row["status"]),
            binds=str(row["binds"]),
            contested=str(row["contested_note"]),
            sources=tuple((str(key), str(pin)) for key, pin in pairs if key),
        )
    return rules


@cache
def _course_rules() -> dict[str, Rule]:
    from coursekit.evidence import load

    table = load("human_rights")
    return read_rules(table.astype("string"))


def find_rule(rule_id: str) -> Rule:
    """Find one rule of the dataset, such as ``"H12"``.

    Raises
    ------
    UnknownNameError
        If there is no such rule.
    """
    rules = _course_rules()
    if rule_id not in rules:
        raise UnknownNameError("rule", rule_id, rules)
    return rules[rule_id]


def describe_ruling(ruling: Ruling, *, strong: str = "") -> str:
    """Say a ruling in words: outcome, reasons, what follows, and on what authority.

    Parameters
    ----------
    ruling : Ruling
        What `apply_rule` found.
    strong : str, optional
        Put around event and outcome, such as ``"**"`` for Markdown.

    Returns
    -------
    str
        A sentence; where the rule follows, also its consequence, and whether the
        text binds.
    """
    rule = ruling.rule
    said = (
        f"{strong}{ruling.event_id}{strong}, {rule.rule_id} {rule.provision}: "
        f"{strong}{ruling.outcome}{strong}, because {' and '.join(ruling.reasons)}."
    )
    if ruling.outcome != "follows":
        return said
    weight = {
        "parties": "The text binds the parties.",
        "interprets": "The text interprets the Covenant and is not formally binding.",
    }.get(rule.binds, "The text is not formally binding.")
    disputed = f" Disputed: {rule.contested}." if rule.contested else ""
    return f"{said} {rule.consequence} {weight}{disputed}"


def _parse(text: str, line: int) -> tuple[Requirement, ...]:
    known = event_vocabulary()
    found = parse_requirements(text, row=line)
    for need in found:
        if not set(need.values) <= set(known.get(need.fact, ())):
            expected = f"a fact of facts.csv with its values ({', '.join(known)})"
            raise MalformedDataError(_FILE, expected, str(need), line, "conditions")
    return found


def _several(given: _T | Mapping[str, _T] | Iterable[_T], kind: type[_T]) -> list[_T]:
    if isinstance(given, kind):
        return [given]
    found = given.values() if isinstance(given, Mapping) else given
    return list(cast("Iterable[_T]", found))
