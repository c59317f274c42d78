"""Grading: merge, run under nbval, judge apart, report.

`coursekit.grading.grade.grade` does all of it. Names are handed on when first asked
for: pytest loads `coursekit.grading.plugin` in every run, and not the rest with it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coursekit.grading.judge import Judgement
    from coursekit.grading.report import GradeReport

_HOMES = {
    "GradeReport": "coursekit.grading.report",
    "Judgement": "coursekit.grading.judge",
}

__all__ = ["GradeReport", "Judgement"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'coursekit.grading' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
