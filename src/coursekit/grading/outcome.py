"""What became of a cell, as the plugin records it and `coursekit grade` reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

# ok: ran and means what is stored.  differs: ran, but is not (or cannot be) what is
# stored.  error: raised, or put out more than allowed.  not_run: no kernel was left.
Status = Literal["ok", "differs", "error", "timed_out", "kernel_died", "not_run"]

# Why a run did not come to its end, where neither a cell nor a limit ended it.
DIED = "the process that ran the notebook died"


@dataclass(slots=True)
class CellOutcome:
    """What became of one cell.

    Attributes
    ----------
    cell_id : str
        Id of the cell in the notebook file, ``"widgets"`` for the comparison of
        widgets at the end, ``"notebook"`` for a file that is none.
    status : str
        One of ``ok differs error timed_out kernel_died not_run``.
    line : str
        What is wrong, in one line without the name of the cell; empty if nothing is.
    ename, evalue : str
        Name and message of the exception, if one ended the cell.
    outputs : list
        Fresh outputs in the notebook format, as far as they came.
    seconds : float
        Wall-clock time.
    """

    cell_id: str
    status: Status = "ok"
    line: str = ""
    ename: str = ""
    evalue: str = ""
    outputs: list[Any] = field(default_factory=list)
    seconds: float = 0.0

    def summary(self) -> dict[str, Any]:
        """Return everything but the outputs, as plain JSON."""
        return {
            "cell_id": self.cell_id,
            "status": self.status,
            "line": self.line,
            "ename": self.ename,
            "evalue": self.evalue,
            "seconds": round(self.seconds, 3),
        }


class CellFailedError(Exception):
    """A cell failed; carries what the report and the outcome say.

    Parameters
    ----------
    status : str
        See `CellOutcome`.
    line : str
        What is wrong, in one line.
    ename, evalue, traceback : str, optional
        Of the exception that ended the cell.
    """

    def __init__(
        self,
        status: Status,
        line: str,
        ename: str = "",
        evalue: str = "",
        traceback: str = "",
    ) -> None:
        self.status: Status = status
        self.line = " ".join(line.split())
        self.ename = ename
        self.evalue = evalue
        self.traceback = traceback
        super().__init__(status, line, ename, evalue, traceback)

    def __str__(self) -> str:
        return self.line
