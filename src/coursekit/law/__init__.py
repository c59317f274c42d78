"""The law of intervention by invitation: cases, doctrines, findings."""

from coursekit.law.doctrines import (
    Case,
    Doctrine,
    Finding,
    Flip,
    Requirement,
    assess,
    assess_all,
    compare,
    describe_change,
    describe_finding,
    tabulate_outcomes,
    what_if,
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
