"""Legal tests evaluated on cases, with three outcomes: met, fails, needs facts.

Each doctrine of the dataset ``doctrines`` names the facts it asks for. A case supplies
some of them and leaves others unknown. The conjunction is Kleene's strong one: one
failed requirement fails the test, whatever else is unknown; otherwise one unknown
leaves it open; unknown is never false.

The mapping turns legal tests into crude switches. It shows which fact a doctrine hangs
on; it does not apply the law. *Met* says that what the doctrine asks for is there, and
that permits help under some doctrines and bars it under others: see `MET_MEANS`.

References
----------
Kleene S C, *Introduction to Metamathematics* (North-Holland 1952) section 64, for the
three-valued connectives. The sources of each doctrine stand in its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.law.requirements import Requirement, decide

if TYPE_CHECKING:
    import pandas as pd

Outcome = Literal["met", "fails", "needs facts"]

OUTCOMES: tuple[Outcome, ...] = ("met", "fails", "needs facts")

# What it says of the help that a doctrine is met: column met_means, and in words.
MET_MEANS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "permits": "that this doctrine permits the help, as far as it reaches",
        "bars": "that this doctrine speaks against the help",
        "bar_absent": "that what this doctrine bars is not there, not that help is "
        "permitted",
        "condition": "that one condition of valid consent is there, not that consent "
        "is valid",
        "describes": "that what this doctrine describes is there; it neither permits "
        "nor bars the help",
    }
)


@dataclass(frozen=True)
class Doctrine:
    """A legal test or position, with what it asks of a case and on whose authority.

    Parameters
    ----------
    doctrine_id, name, statement : str
        The row's key, its short name, and what the doctrine says.
    requirements : tuple of Requirement
        All must hold.
    authority : str
        What the doctrine rests on, in words.
    sources : tuple of (str, str)
        Keys of the bibliography, each with a pinpoint (may be empty).
    met_means : str
        A key of ``MET_MEANS``; empty if it is not said.
    """

    doctrine_id: str
    name: str
    statement: str
    requirements: tuple[Requirement, ...]
    authority: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    met_means: str = ""

    def __post_init__(self) -> None:
        if self.met_means and self.met_means not in MET_MEANS:
            raise UnknownNameError("meaning of met", self.met_means, MET_MEANS)


@dataclass(frozen=True)
class Case:
    """A situation, as far as its facts are known.

    Parameters
    ----------
    case_id : str
        Key of the case, such as ``"KAZ2022"``.
    facts : mapping of str to str or None
        Facts by name, as in `vocabulary`. A fact that is absent or None is unknown.

    Raises
    ------
    UnknownNameError
        If no doctrine asks for a fact of that name, or it cannot take that value.
    """

    case_id: str
    facts: Mapping[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from coursekit.law.record import vocabulary  # it makes cases, so not above

        known = vocabulary()
        for fact, value in self.facts.items():
            if fact not in known:
                raise UnknownNameError("fact", fact, known)
            if value is not None and value not in known[fact]:
                raise UnknownNameError(f"value of {fact}", str(value), known[fact])

    @classmethod
    def from_row(cls, row: pd.Series | Mapping[str, Any]) -> Case:
        """Make a case of one row of ``interventions``.

        A gap, and a column that is not there, become unknown.
        """
        import pandas as pd

        from coursekit.law.record import vocabulary

        facts = {}
        for fact in vocabulary():
            value = row.get(fact)
            facts[fact] = None if pd.isna(value) or value == "" else str(value)
        return cls(str(row["case_id"]), facts)


@dataclass(frozen=True, repr=False)
class Finding:
    """What a doctrine says of a case, and why; prints as a sentence.

    Parameters
    ----------
    case_id, doctrine_id, name : str
        The case, the doctrine, and the doctrine's short name.
    outcome : {"met", "fails", "needs facts"}
        Kleene's conjunction of the requirements.
    deciding : tuple of str
        The facts that make the outcome: those that fail if it fails, those that are
        unknown if it needs facts, all that were asked if it is met.
    reasons : tuple of str
        The same in words, one for each deciding fact.
    authority : str
        What the doctrine rests on, in words.
    sources : tuple of (str, str)
        Keys of the bibliography, each with a pinpoint (may be empty).
    met_means : str
        What it says of the help that the doctrine is met, a key of ``MET_MEANS``;
        empty if it is not said.
    """

    case_id: str
    doctrine_id: str
    name: str
    outcome: Outcome
    deciding: tuple[str, ...]
    reasons: tuple[str, ...]
    authority: str
    sources: tuple[tuple[str, str], ...]
    met_means: str = ""

    def __str__(self) -> str:
        return describe_finding(self)

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return describe_finding(self, strong="**")


def assess(case: Case, doctrine: Doctrine) -> Finding:
    """Evaluate one doctrine on one case.

    Parameters
    ----------
    case : Case
        Facts, some of them unknown.
    doctrine : Doctrine
        Requirements, all of which must hold.

    Returns
    -------
    Finding
        *fails* if any requirement fails; else *needs facts* if any is unknown; else
        *met* (Kleene's strong conjunction).

    Raises
    ------
    UnknownNameError
        If there is no such doctrine, or it asks for a fact or value that no case has.
    CoursekitError
        If the name of a case or doctrine stands in its place.

    Notes
    -----
    The codes are taken as they stand: ``contested`` is a value of the data, not a gap,
    so a test that asks for ``yes`` fails on it. Whether a contested recognition should
    rather leave the test open is a legal question; `what_if` with None shows the other
    answer.
    """
    require_case(case)
    require_doctrine(doctrine)
    state, deciding = decide(case, doctrine.requirements)
    outcomes: dict[bool | None, Outcome] = {
        True: "met",
        False: "fails",
        None: "needs facts",
    }
    return Finding(
        case_id=case.case_id,
        doctrine_id=doctrine.doctrine_id,
        name=doctrine.name,
        outcome=outcomes[state],
        deciding=tuple(need.fact for need in deciding),
        reasons=tuple(need.describe(case) for need in deciding),
        authority=doctrine.authority,
        sources=doctrine.sources,
        met_means=doctrine.met_means,
    )


def require_case(case: object) -> None:
    """Refuse what is no case, and say how the case of that name is found."""
    from coursekit.law.record import find_case

    if not isinstance(case, Case):
        refuse_name("case", find_case(str(case)).case_id)


def require_doctrine(doctrine: object) -> None:
    """Refuse what is no doctrine, and one whose facts no case could ever supply."""
    from coursekit.law.record import find_doctrine, vocabulary

    if not isinstance(doctrine, Doctrine):
        refuse_name("doctrine", find_doctrine(str(doctrine)).doctrine_id)
    known = vocabulary()
    for need in doctrine.requirements:
        if need.fact not in known:
            raise UnknownNameError("fact", need.fact, known)
        wrong = set(need.values).difference(known[need.fact])
        if wrong:
            raise UnknownNameError(
                f"value of {need.fact}", min(wrong), known[need.fact]
            )


def refuse_name(kind: str, name: str) -> NoReturn:
    """Refuse the name of a thing where the thing is asked for.

    Parameters
    ----------
    kind : str
        What is asked for: ``case``, ``doctrine``, ``event``, ``rule``.
    name : str
        What was given.

    Raises
    ------
    CoursekitError
        Always.
    """
    raise CoursekitError(
        f"A {kind} was asked for, and {name!r} is only the name of one. "
        f'find_{kind}("{name}") gives the {kind}.'
    )


def assess_all(
    cases: pd.DataFrame | Iterable[Case] | None = None,
    doctrines: Iterable[Doctrine] | None = None,
) -> pd.DataFrame:
    """Evaluate doctrines on cases, one row for each pair.

    Parameters
    ----------
    cases : pandas.DataFrame or iterable of Case, optional
        Rows of ``interventions``, or cases. All 45 rows if left out, the contrast
        cases included.
    doctrines : iterable of Doctrine, optional
        All of them if left out.

    Returns
    -------
    pandas.DataFrame
        ``case_id``, ``doctrine_id``, ``name`` (string), ``outcome`` (category: met,
        fails, needs facts), ``reasons`` and ``authority`` (string).
    """
    import pandas as pd

    subjects, tests = _resolve(cases, doctrines)
    findings = [assess(case, doctrine) for case in subjects for doctrine in tests]
    columns = ["case_id", "doctrine_id", "name", "outcome", "reasons", "authority"]
    rows = [
        (f.case_id, f.doctrine_id, f.name, f.outcome, "; ".join(f.reasons), f.authority)
        for f in findings
    ]
    table = pd.DataFrame(rows, columns=pd.Index(columns), dtype="string")
    table["outcome"] = pd.Categorical(table["outcome"], categories=OUTCOMES)
    return table


def tabulate_outcomes(
    cases: pd.DataFrame | Iterable[Case] | None = None,
    doctrines: Iterable[Doctrine] | None = None,
) -> pd.DataFrame:
    """Set the outcomes out as a grid, one row for each case.

    Parameters
    ----------
    cases, doctrines
        As in `assess_all`.

    Returns
    -------
    pandas.DataFrame
        Outcomes as text, ``case_id`` down, ``doctrine_id`` across, in their order. A
        case and its changed copy have a row each.
    """
    import pandas as pd

    subjects, tests = _resolve(cases, doctrines)
    return pd.DataFrame(
        [[assess(case, test).outcome for test in tests] for case in subjects],
        index=pd.Index([case.case_id for case in subjects], name="case_id"),
        columns=pd.Index([test.doctrine_id for test in tests], name="doctrine_id"),
        dtype="string",
    )


def _resolve(
    cases: pd.DataFrame | Iterable[Case] | None, doctrines: Iterable[Doctrine] | None
) -> tuple[list[Case], list[Doctrine]]:
    """Put the course's own cases and doctrines where none are given."""
    import pandas as pd

    from coursekit.law.record import read_cases, read_doctrines

    if cases is None or isinstance(cases, pd.DataFrame):
        cases = read_cases(cases).values()
    tests = read_doctrines().values() if doctrines is None else doctrines
    return list(cases), list(tests)


def describe_finding(finding: Finding, *, strong: str = "") -> str:
    """Say a finding in one sentence, with its reasons and its authority.

    Parameters
    ----------
    finding : Finding
        What `assess` found.
    strong : str, optional
        Put around case and outcome, such as ``"**"`` for Markdown.

    Returns
    -------
    str
        The sentence; a second one that says what it means or would mean to be met, and
        a third one with the authority, where they are known.
    """
    meaning = MET_MEANS.get(finding.met_means, "")
    verb = "means" if finding.outcome == "met" else "would mean"
    authority = finding.authority.rstrip(".")
    return (
        f"{strong}{finding.case_id}{strong}, {finding.doctrine_id} {finding.name}: "
        f"{strong}{finding.outcome}{strong}, because {' and '.join(finding.reasons)}."
        + f" Met {verb} {meaning}." * bool(meaning)
        + f" Authority: {authority}." * bool(authority)
    )
