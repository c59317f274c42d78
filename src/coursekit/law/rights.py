"""Which rules on rights follow from an event, as far as it is classified.

A rule *follows* if it speaks about the people in view: it asks something of the state.
That is not to say that it was broken. Requirements are those of
`coursekit.law.doctrines`, joined in the same way (Kleene's strong conjunction), so an
unknown fact leaves a rule open unless another fact already puts it aside.

The facts are about one group of people at one place. General Comment 37 asks about
persons, not crowds (paras 17 and 19): what these people did and what others beside
them did are two facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from coursekit.errors import MalformedDataError, UnknownNameError
from coursekit.law.doctrines import Case
from coursekit.law.requirements import Requirement, decide, parse_requirements

if TYPE_CHECKING:
    import pandas as pd

Outcome = Literal["follows", "needs facts", "does not apply"]

OUTCOMES: Final[tuple[Outcome, ...]] = ("follows", "needs facts", "does not apply")
_FOLDER: Final = Path("data/human_rights")


@dataclass(frozen=True)
class Event(Case):
    """An event as seen by one group of people, as far as it is classified.

    Parameters
    ----------
    case_id : str
        Key of the event, such as ``"zhanaozen-3-january"``.
    facts : mapping of str to str or None
        Facts by name, as in `event_vocabulary`. One that is absent or None is unknown.

    Raises
    ------
    UnknownNameError
        If there is no fact of that name, or it cannot take that value.
    """

    def __post_init__(self) -> None:
        known = event_vocabulary()
        for fact, value in self.facts.items():
            if fact not in known:
                raise UnknownNameError("fact of an event", fact, known)
            if value is not None and value not in known[fact]:
                raise UnknownNameError(f"value of {fact}", str(value), known[fact])


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
    """
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
    events: Event | Iterable[Event], rules: Iterable[Rule] | None = None
) -> pd.DataFrame:
    """Say which rules speak about events, one row for each pair.

    Parameters
    ----------
    events : Event or iterable of Event
        One event, or several.
    rules : iterable of Rule, optional
        All of them if left out.

    Returns
    -------
    pandas.DataFrame
        ``event_id``, ``rule_id``, ``provision`` (string), ``outcome`` (category),
        ``reasons``, ``consequence``, ``status`` and ``binds`` (string).
    """
    import pandas as pd

    subjects = [events] if isinstance(events, Event) else list(events)
    tests = list(read_rules().values() if rules is None else rules)
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


def classify(
    event: Event, changes: Mapping[str, str | None] | None = None, **facts: str | None
) -> Event:
    """Copy an event with facts added or changed; None makes a fact unknown.

    Parameters
    ----------
    event : Event
        Left as it is.
    changes : mapping, optional
        For facts whose name is no Python name: ``{"x:polices_assembly": "no"}``.
    **facts : str or None
        The same for the others: ``conduct="peaceful"``.

    Returns
    -------
    Event
        With the same ``case_id``.

    Raises
    ------
    UnknownNameError
        If a fact or value does not exist.

    Examples
    --------
    >>> square = classify(find_event("zhanaozen-3-january"), conduct="disruptive")
    >>> apply_rule(square, find_rule("H11")).outcome
    'does not apply'
    """
    return Event(event.case_id, {**event.facts, **(changes or {}), **facts})


@cache
def event_vocabulary() -> Mapping[str, tuple[str, ...]]:
    """List every fact of an event, with the values it can take.

    Returns
    -------
    mapping of str to tuple of str
        Read-only, in the order of ``facts.csv``, which says what the values mean.
        Unknown is always possible and is no value.
    """
    found: dict[str, tuple[str, ...]] = {}
    facts = _frame("facts")
    for fact, value in zip(facts["fact"], facts["value"], strict=True):
        found[fact] = (*found.get(fact, ()), value)
    return MappingProxyType(found)


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


def load_events() -> pd.DataFrame:
    """Load the events that can be classified, one row for each group of people.

    Returns
    -------
    pandas.DataFrame
        The columns of ``events.csv``; ``facts`` has what the record settles.
    """
    return _frame("events")


def read_events() -> dict[str, Event]:
    """Read the events with the facts that the record settles, the rest unknown.

    Returns
    -------
    dict of str to Event
        By ``event_id``, in the order of time.
    """
    return dict(_course_events())


@cache
def _course_events() -> dict[str, Event]:
    rows = load_events()
    events = {}
    for name, text in zip(rows["event_id"], rows["facts"], strict=True):
        settled = dict(fact.split("=") for fact in text.split(";"))
        events[str(name)] = Event(str(name), settled)
    return events


def find_event(event_id: str) -> Event:
    """Find one event of the dataset, such as ``"zhanaozen-3-january"``.

    Raises
    ------
    UnknownNameError
        If there is no such event.
    """
    events = _course_events()
    if event_id not in events:
        raise UnknownNameError("event", event_id, events)
    return events[event_id]


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
    file, known = _FOLDER / "human_rights.csv", event_vocabulary()
    found = parse_requirements(text, row=line)
    for need in found:
        if not set(need.values) <= set(known.get(need.fact, ())):
            expected = f"a fact of facts.csv with its values ({', '.join(known)})"
            raise MalformedDataError(file, expected, str(need), line, "conditions")
    return found


def _frame(resource: str) -> pd.DataFrame:
    from coursekit.evidence.packages import read_cells
    from coursekit.evidence.tables import open_dataset

    return read_cells(open_dataset("human_rights").package.resources[resource]).frame()
