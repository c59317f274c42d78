"""The law of intervention by invitation: cases, doctrines, findings."""

from coursekit.law.changes import Flip, compare, describe_change, what_if
from coursekit.law.doctrines import (
    Case,
    Doctrine,
    Finding,
    Requirement,
    assess,
    assess_all,
    describe_finding,
    tabulate_outcomes,
)
from coursekit.law.record import (
    find_case,
    find_doctrine,
    parse_requirements,
    read_cases,
    read_doctrines,
    vocabulary,
)

__all__ = [
    "Case",
    "Doctrine",
    "Finding",
    "Flip",
    "Requirement",
    "assess",
    "assess_all",
    "compare",
    "describe_change",
    "describe_finding",
    "find_case",
    "find_doctrine",
    "parse_requirements",
    "read_cases",
    "read_doctrines",
    "tabulate_outcomes",
    "vocabulary",
    "what_if",
]
