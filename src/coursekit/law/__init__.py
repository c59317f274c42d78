"""The law of intervention by invitation: cases, doctrines, findings."""

from coursekit.law.changes import (
    Change,
    Flip,
    compare,
    decisive_facts,
    describe_change,
    describe_decisive_facts,
    what_if,
)
from coursekit.law.doctrines import (
    MET_MEANS,
    Case,
    Doctrine,
    Finding,
    assess,
    assess_all,
    describe_finding,
    tabulate_outcomes,
)
from coursekit.law.record import (
    find_case,
    find_doctrine,
    read_cases,
    read_doctrines,
    read_notes,
    vocabulary,
)
from coursekit.law.requirements import Requirement, parse_requirements

__all__ = [
    "MET_MEANS",
    "Case",
    "Change",
    "Doctrine",
    "Finding",
    "Flip",
    "Requirement",
    "assess",
    "assess_all",
    "compare",
    "decisive_facts",
    "describe_change",
    "describe_decisive_facts",
    "describe_finding",
    "find_case",
    "find_doctrine",
    "parse_requirements",
    "read_cases",
    "read_doctrines",
    "read_notes",
    "tabulate_outcomes",
    "vocabulary",
    "what_if",
]
