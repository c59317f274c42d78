"""One column: what its cells may say, and how text becomes a typed series."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from coursekit.errors import MalformedDataError

Cell = str | int | float | bool | date


class BadCellError(ValueError):
    """A cell breaks its column's description; the caller knows the file and row."""

    def __init__(self, index: int, expected: str, found: str) -> None:
        self.index = index
        self.expected = expected
        self.found = found
        super().__init__(index, expected, found)


class _Type(NamedTuple):
    pattern: str
    convert: Callable[[str], Cell]
    expected: str
    dtype: str  # of pandas

    def read(self, cell: str) -> Cell | None:
        """Turn text into a value; None where it is not of this type."""
        if re.fullmatch(self.pattern, cell):
            with suppress(ValueError):  # the thirtieth of February
                return self.convert(cell)
        return None


_INTEGER = "a whole number of at most 18 digits"  # more would not fit Int64
_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TYPES = {
    "string": _Type(r"(?s:.*)", str, "text", "string"),
    "integer": _Type(r"[+-]?[0-9]{1,18}", int, _INTEGER, "Int64"),
    "number": _Type(_NUMBER, float, "a number", "Float64"),
    "year": _Type(r"[0-9]{4}", int, "a year of four digits", "Int64"),
    "date": _Type(_DAY, date.fromisoformat, "a date as YYYY-MM-DD", "datetime64[s]"),
    "boolean": _Type("true|false", "true".__eq__, "true or false", "boolean"),
}

_LIMITS = ("pattern", "minimum", "maximum")
_CONSTRAINTS = ("required", "unique", *_LIMITS)


@dataclass(frozen=True)
class Column:
    """What the datapackage says of one column.

    Parameters
    ----------
    name, type, description, unit : str
        As in the field; ``unit`` is empty where the column has none.
    limits : mapping
        The constraints ``pattern``, ``minimum`` and ``maximum``, where given.
    required, unique : bool
        Whether a cell may be empty, and whether a value may come twice.
    categories : mapping of str to str
        Value and its meaning in the listed order; empty where any value will do.
    ordered : bool
        Whether the order of the categories means anything.
    missing : frozenset of str
        The texts that stand for "unknown".
    """

    name: str
    type: str
    description: str
    unit: str
    limits: Mapping[str, Any]
    required: bool
    unique: bool
    categories: Mapping[str, str]
    ordered: bool
    missing: frozenset[str]

    def parse(self, cell: str) -> Cell | None:
        """Turn one cell into its value; None where it is missing.

        Raises
        ------
        BadCellError
            With index 0, if the cell breaks the column's description.
        """
        if cell in self.missing:
            if self.required:
                raise BadCellError(0, "a value, for it is required", "an empty cell")
            return None
        kind = _TYPES[self.type]
        value = kind.read(cell)
        broken = kind.expected if value is None else self._broken_rule(cell, value)
        if broken:
            raise BadCellError(0, broken, repr(cell))
        return value

    def _broken_rule(self, cell: str, value: Any) -> str | None:
        if self.categories and cell not in self.categories:
            return "one of " + ", ".join(self.categories)
        limits = self.limits
        if "pattern" in limits and not re.fullmatch(limits["pattern"], cell):
            return f"text that matches {limits['pattern']}"
        if "minimum" in limits and value < limits["minimum"]:
            return f"at least {in_words(limits['minimum'])}"
        if "maximum" in limits and value > limits["maximum"]:
            return f"at most {in_words(limits['maximum'])}"
        return None

    def series(self, cells: Sequence[str]) -> pd.Series[Any]:
        """Convert all cells of the column to a series of the type that it maps to.

        Raises
        ------
        BadCellError
            With the index of the first cell that breaks the description.
        """
        values = []
        for index, cell in enumerate(cells):
            try:
                values.append(self.parse(cell))
            except BadCellError as fault:
                raise BadCellError(index, fault.expected, fault.found) from None
        dtype: Any = _TYPES[self.type].dtype
        if self.categories and self.type == "string":
            dtype = pd.CategoricalDtype(list(self.categories), ordered=self.ordered)
        elif self.type == "date":  # through text: pandas keeps its unit from the dtype
            values = [None if value is None else str(value) for value in values]
        series = pd.Series(values, dtype=dtype, name=self.name)
        repeats = (series.duplicated() & series.notna()).to_numpy().nonzero()[0]
        if self.unique and len(repeats):
            index = int(repeats[0])
            found = f"{cells[index]!r} again"
            raise BadCellError(index, "a value that occurs only once", found)
        return series


def in_words(limit: object) -> str:
    """Write a limit as a person would."""
    return f"{limit:.15g}" if isinstance(limit, float) else str(limit)


def read_column(
    field: object, file: Path, *, key: tuple[str, ...], missing: frozenset[str]
) -> Column:
    """Read one field of a Table Schema; ``file`` is named by the message of an error.

    The columns of the primary key are required; if there is one only, its values are
    unique too.

    Raises
    ------
    MalformedDataError
        If the field has no name, or a type, constraint or category that is unknown.
    """
    name = field.get("name") if isinstance(field, dict) else None
    if not isinstance(field, dict) or not isinstance(name, str) or not name:
        raise MalformedDataError(file, "a field with a name", repr(field))
    type_ = field.get("type", "string")
    if not isinstance(type_, str) or type_ not in _TYPES:
        expected = "a type among " + ", ".join(_TYPES)
        raise MalformedDataError(file, expected, repr(type_), column=name)
    constraints = field.get("constraints", {})
    if not isinstance(constraints, dict) or not set(constraints) <= {*_CONSTRAINTS}:
        expected = "constraints among " + ", ".join(_CONSTRAINTS)
        raise MalformedDataError(file, expected, repr(constraints), column=name)
    return Column(
        name=name,
        type=type_,
        description=str(field.get("description") or ""),
        unit=str(field.get("unit") or ""),
        limits=_read_limits(constraints, type_, file, name),
        required=name in key or constraints.get("required") is True,
        unique=key == (name,) or constraints.get("unique") is True,
        categories=_read_categories(field, file),
        ordered=field.get("categoriesOrdered") is True,
        missing=missing,
    )


def _read_limits(
    constraints: dict[str, Any], type_: str, file: Path, column: str
) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    for rule in _LIMITS:
        if rule not in constraints:
            continue
        limit = constraints[rule]
        text = limit if isinstance(limit, str) else json.dumps(limit)
        limits[rule] = text if rule == "pattern" else _TYPES[type_].read(text)
        if limits[rule] is None or (rule == "pattern" and not _is_pattern(limit)):
            expected = f"a {rule} that fits the type {type_}"
            raise MalformedDataError(file, expected, repr(limit), column=column)
    return limits


def _is_pattern(limit: object) -> bool:
    try:
        return isinstance(limit, str) and bool(re.compile(limit))
    except re.error:
        return False


def _read_categories(field: dict[str, Any], file: Path) -> dict[str, str]:
    categories: dict[str, str] = {}
    listed = field.get("categories", [])
    for category in listed if isinstance(listed, list) else [listed]:
        entry = category if isinstance(category, dict) else {"value": category}
        value, label = entry.get("value"), str(entry.get("label", ""))
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise MalformedDataError(
                file, "a category with a value", repr(category), column=field["name"]
            )
        if value in categories:
            raise MalformedDataError(
                file, "each category once", f"{value!r} again", column=field["name"]
            )
        categories[value] = label
    return categories
