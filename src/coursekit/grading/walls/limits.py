"""What one submission may use."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from coursekit.errors import CoursekitError


@dataclass(frozen=True)
class Limits:
    """What one submission may use; every limit is above 0.

    Parameters
    ----------
    cell_seconds, submission_seconds : float
        Time by the clock, for one cell and for the whole notebook.
    cell_cpu_seconds, submission_cpu_seconds : float
        Time on processors, of all processes together. Twice that by the clock: whoever
        merely takes too long is interrupted, and keeps the rest of the notebook.
    memory_bytes : int
        Memory of all processes together, and of each what it may map beyond what
        the warm process had mapped before it was forked.
    processes : int
        Processes and threads at one time.
    file_bytes : int
        Size of one file.
    scratch_bytes : int
        Size of all files together, shared memory among them.
    output_bytes : int
        Output of one cell.
    messages : int
        Pieces of output of one cell.

    Raises
    ------
    CoursekitError
        If a limit is not a number above 0.
    """

    cell_seconds: float = 60.0
    cell_cpu_seconds: float = 120.0
    submission_seconds: float = 900.0
    submission_cpu_seconds: float = 1800.0
    memory_bytes: int = 2 * 2**30
    processes: int = 64
    file_bytes: int = 64 * 2**20
    scratch_bytes: int = 256 * 2**20
    output_bytes: int = 10_000_000
    messages: int = 10_000

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0 < value < math.inf:
                raise CoursekitError(
                    f"The limit {field.name} is {value}; limits are numbers above 0."
                )
