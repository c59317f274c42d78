"""The author's solution inside an answer cell, and the line that stands in for it."""

from __future__ import annotations

import re

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
PLACEHOLDER = 'raise NotImplementedError("Put your answer in place of this line.")'
_SOLUTION = re.compile(
    rf"^([ \t]*){BEGIN}[^\n]*\n.*?^[ \t]*{END}[^\n]*$", re.MULTILINE | re.DOTALL
)


def cut_solution(source: str) -> str:
    r"""Put a line that raises in the place of each marked solution.

    Parameters
    ----------
    source : str
        Source of an answer cell, solution between its two marks.

    Returns
    -------
    str
        What a student receives. It raises when run, so that an unfinished answer cannot
        pass.

    Examples
    --------
    >>> print(cut_solution("### BEGIN SOLUTION\nx = 1\n### END SOLUTION"))
    raise NotImplementedError("Put your answer in place of this line.")
    """
    return _SOLUTION.sub(rf"\1{PLACEHOLDER}", source)
