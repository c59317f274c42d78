"""Abstract argumentation after Dung 1995: what survives a debate, and what would not.

A framework is a set of arguments and the attacks between them. A semantics says which
sets of arguments can be held together. Support links are kept and shown, and play no
part in any semantics.

The parts live in modules of their own: the framework; its extensions and labellings;
tests of a set; the questions to one argument; and, in bits, the semantics, the search,
and the masks on which both work.
"""

from coursekit.law.argument.extensions import (
    Extensions,
    Labellings,
    extensions,
    grounded,
    label_by,
    labellings,
)
from coursekit.law.argument.framework import Framework, FrameworkError, read_framework
from coursekit.law.argument.questions import (
    ArgumentFlip,
    acceptance,
    describe_argument,
    flips,
    is_credulously_accepted,
    is_sceptically_accepted,
    status,
)
from coursekit.law.argument.semantics import (
    LABELS,
    SEMANTICS,
    FrameworkTooLargeError,
)
from coursekit.law.argument.sets import (
    is_admissible,
    is_complete,
    is_conflict_free,
    is_extension,
    is_preferred,
    is_stable,
)

__all__ = [
    "LABELS",
    "SEMANTICS",
    "ArgumentFlip",
    "Extensions",
    "Framework",
    "FrameworkError",
    "FrameworkTooLargeError",
    "Labellings",
    "acceptance",
    "describe_argument",
    "extensions",
    "flips",
    "grounded",
    "is_admissible",
    "is_complete",
    "is_conflict_free",
    "is_credulously_accepted",
    "is_extension",
    "is_preferred",
    "is_sceptically_accepted",
    "is_stable",
    "label_by",
    "labellings",
    "read_framework",
    "status",
]
