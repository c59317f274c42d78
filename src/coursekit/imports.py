"""Keep an import that nobody here uses from costing a student seconds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_GRAMMAR = "rfc3987_syntax"


@contextmanager
def without_iri_grammar() -> Iterator[None]:
    """Let packages import ``jsonschema`` without its grammar of addresses.

    Jupyter's packages import ``jsonschema``, which imports ``rfc3987_syntax`` if it is
    there, which compiles some forty grammars on import: one to five seconds of a start
    that takes one. They serve the formats ``iri`` and ``iri-reference`` alone, which
    no schema of Jupyter uses, and ``jsonschema`` takes their absence in its stride.

    Yields
    ------
    None
        Inside, the package looks as if it were not installed; after, it is back.
    """
    if _GRAMMAR in sys.modules:
        yield
        return
    # None makes an import raise ImportError, as the documentation of sys.modules says.
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]  # typed without it
    try:
        yield
    finally:
        del sys.modules[_GRAMMAR]
