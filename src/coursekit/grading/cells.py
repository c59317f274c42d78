"""Cells of CSV files that no spreadsheet takes for a formula."""

from __future__ import annotations

import unicodedata
from typing import Any

from coursekit.grading.notebook import JOINERS

# Spreadsheets in East Asian settings also take the full-width signs.
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_MARK = "'"


def safe_cell(entry: Any) -> Any:
    """Keep a spreadsheet from taking text for a formula.

    Parameters
    ----------
    entry : object
        What goes into a cell; numbers stay numbers.

    Returns
    -------
    object
        Text without control characters, with an apostrophe before one that begins as a
        formula does, or with an apostrophe before such a sign.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell(-1.5)
    ("'=1+1", -1.5)
    """
    if not isinstance(entry, str):
        return entry
    text = plain_text(entry)
    return f"{_MARK}{text}" if _is_formula(text.lstrip(_MARK)) else text


def read_cell(text: str) -> str:
    """Give back what `safe_cell` was given.

    Examples
    --------
    >>> read_cell("'=1+1")
    '=1+1'
    """
    bare = text.lstrip(_MARK)
    return text[1:] if text.startswith(_MARK) and _is_formula(bare) else text


def plain_text(text: str) -> str:
    """Drop control characters, which could steer a terminal or break a row."""
    spaced = text.replace("\n", " ").replace("\t", " ")
    return "".join(
        c for c in spaced if c in JOINERS or unicodedata.category(c)[0] != "C"
    )


def _is_formula(text: str) -> bool:
    return text.lstrip().startswith(_FORMULA)
