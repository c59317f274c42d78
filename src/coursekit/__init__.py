"""coursekit: one case, three lenses, every fact a claim.

The names below are what a notebook uses. They are imported when first asked for, so
that ``import coursekit`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coursekit.charts.display import show
    from coursekit.evidence import (
        across_readings,
        bibliography,
        cite,
        codebook,
        load,
        readings,
    )
    from coursekit.exercise.check import check, hint, open_exercise
    from coursekit.widgets.quiz import quiz

__version__ = version("coursekit")

_HOMES = {
    "across_readings": "coursekit.evidence",
    "bibliography": "coursekit.evidence",
    "check": "coursekit.exercise.check",
    "cite": "coursekit.evidence",
    "codebook": "coursekit.evidence",
    "hint": "coursekit.exercise.check",
    "load": "coursekit.evidence",
    "open_exercise": "coursekit.exercise.check",
    "quiz": "coursekit.widgets.quiz",
    "readings": "coursekit.evidence",
    "show": "coursekit.charts.display",
}

__all__ = [
    "across_readings",
    "bibliography",
    "check",
    "cite",
    "codebook",
    "hint",
    "load",
    "open_exercise",
    "quiz",
    "readings",
    "show",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'coursekit' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
