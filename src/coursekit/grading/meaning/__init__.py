"""Compare two lists of notebook outputs by what they mean, not by how they are written.

Every comparison returns ``None`` when both sides mean the same, and otherwise one line
that says where they part: ``table, row 'csto', column 'rows': stored 10, now 11``.
"""

from coursekit.grading.meaning.outputs import WIDGET_MIME, compare_outputs
from coursekit.grading.meaning.values import compare_json
from coursekit.grading.meaning.widgets import (
    STATE_MIME,
    WidgetStates,
    compare_widgets,
    stored_widgets,
)
from coursekit.grading.meaning.words import compare_text

__all__ = [
    "STATE_MIME",
    "WIDGET_MIME",
    "WidgetStates",
    "compare_json",
    "compare_outputs",
    "compare_text",
    "compare_widgets",
    "stored_widgets",
]
