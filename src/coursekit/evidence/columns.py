"""One column: what its cells may say, and how text becomes a typed series."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from coursekit.errors import MalformedDataError

Cell = str | int | float | bool | date

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


class BadCellError(ValueError):
    """A cell breaks its column's description; the caller knows the file and row."""

    def __init__(self, index: int, expected: str, found: str) -> None:
        self.index = index
        self.expected = expected
        self.found = found
        super().__init__(index, expected, found)


def _parse_integer(cell: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", cell):
        raise ValueError(cell)
    return int(cell)


def _parse_number(cell: str) -> float:
    if not _NUMBER.fullmatch(cell):
        raise ValueError(cell)
    return float(cell)


def _parse_year(cell: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", cell):
        raise ValueError(cell)
    return int(cell)


def _parse_date(cell: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        raise ValueError(cell)
    return date.fromisoformat(cell)


def _parse_boolean(cell: str) -> bool:
    return {"true": True, "false": False}[cell]


_PARSERS: dict[str, tuple[Callable[[str], Cell], str, str]] = {
    # type: (parser, what a cell should be, pandas type)
    "string": (str, "text", "string"),
    "integer": (_parse_integer, "a whole number", "Int64"),
    "number": (_parse_number, "a number", "Float64"),
    "year": (_parse_year, "a year of four digits", "Int64"),
    "date": (_parse_date, "a date as YYYY-MM-DD", "datetime64[s]"),
    "boolean": (_parse_boolean, "true or false", "boolean"),
}

_LIMITS = ("pattern", "minimum", "maximum", "minLength", "maxLength", "enum")
_CONSTRAINTS = frozenset({"required", "unique", *_LIMITS})


@dataclass(frozen=True)
class Column:
    """What the datapackage says of one column.

    Parameters
    ----------
    name, type, description, unit : str
        As in the field; ``unit`` is empty where the column has none.
    constraints : mapping
        Table Schema constraints, without ``required`` and ``unique``.
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
    constraints: Mapping[str, Any]
    required: bool
    unique: bool
    categories: Mapping[str, str]
    ordered: bool
    missing: frozenset[str]

    def parse(self, cell: str) -> Cell | None:
        """Turn one cell into its value, or say what was expected of it.

        Parameters
        ----------
        cell : str
            The text between two commas of the CSV file.

        Returns
        -------
        str, int, float, bool, datetime.date or None
            ``None`` where the cell is missing.

        Raises
        ------
        BadCellError
            With index 0, if the cell breaks the column's description.
        """
        if cell in self.missing:
            if self.required:
                raise BadCellError(0, "a value, for it is required", "an empty cell")
            return None
        parser, expected, _dtype = _PARSERS[self.type]
        try:
            value = parser(cell)
        except (ValueError, KeyError):
            raise BadCellError(0, expected, repr(cell)) from None
        broken = self._broken_rule(cell, value)
        if broken:
            raise BadCellError(0, broken, repr(cell))
        return value

    def _broken_rule(self, cell: str, value: Cell) -> str | None:
        if self.categories and cell not in self.categories:
            return "one of " + ", ".join(self.categories)
        for rule, limit in self.constraints.items():
            if not _HOLDS[rule](cell, value, limit):
                return _WORDS[rule].format(limit=in_words(limit))
        return None

    def series(self, cells: Sequence[str]) -> pd.Series[Any]:
        """Convert all cells of the column.

        Parameters
        ----------
        cells : sequence of str
            The column as it stands in the CSV file.

        Returns
        -------
        pandas.Series
            Of the pandas type that the column's type maps to.

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
        if self.unique:
            self._refuse_repeats(values, cells)
        if self.categories and self.type == "string":
            kind = pd.CategoricalDtype(list(self.categories), ordered=self.ordered)
            return pd.Series(values, dtype=kind, name=self.name)
        dtype = _PARSERS[self.type][2]
        if self.type == "date":  # through text: pandas keeps its unit from the dtype
            values = [None if value is None else str(value) for value in values]
        return pd.Series(values, dtype=dtype, name=self.name)

    def _refuse_repeats(
        self, values: Sequence[Cell | None], cells: Sequence[str]
    ) -> None:
        seen = set()
        for index, value in enumerate(values):
            if value is not None and value in seen:
                raise BadCellError(
                    index, "a value that occurs only once", f"{cells[index]!r} again"
                )
            seen.add(value)


_HOLDS: dict[str, Callable[[str, Any, Any], bool]] = {
    "pattern": lambda cell, _value, limit: re.fullmatch(limit, cell) is not None,
    "minimum": lambda _cell, value, limit: value >= limit,
    "maximum": lambda _cell, value, limit: value <= limit,
    "minLength": lambda cell, _value, limit: len(cell) >= limit,
    "maxLength": lambda cell, _value, limit: len(cell) <= limit,
    "enum": lambda _cell, value, limit: value in limit,
}

_WORDS = {
    "pattern": "text that matches {limit}",
    "minimum": "at least {limit}",
    "maximum": "at most {limit}",
    "minLength": "at least {limit} characters",
    "maxLength": "at most {limit} characters",
    "enum": "one of {limit}",
}


def in_words(limit: Any) -> str:
    """Write a limit, or a list of values, as a person would."""
    if isinstance(limit, list):
        return ", ".join(map(in_words, limit))
    return f"{limit:.15g}" if isinstance(limit, float) else str(limit)


def read_column(
    field: object, file: Path, *, key: tuple[str, ...], missing: frozenset[str]
) -> Column:
    """Read one field of a Table Schema.

    Parameters
    ----------
    field : object
        What stands in ``fields``; should be a mapping.
    file : pathlib.Path
        The datapackage.json, for the message of an error.
    key : tuple of str
        The primary key. Its columns are required; alone, one is unique too.
    missing : frozenset of str
        The texts that stand for "unknown".

    Returns
    -------
    Column

    Raises
    ------
    MalformedDataError
        If the field has no name, an unknown type or an unknown constraint.
    """
    if not isinstance(field, dict) or not isinstance(field.get("name"), str):
        raise MalformedDataError(file, "a field with a name", repr(field))
    name = field["name"]
    type_ = field.get("type", "string")
    if not isinstance(type_, str) or type_ not in _PARSERS:
        expected = "a type among " + ", ".join(_PARSERS)
        raise MalformedDataError(file, expected, repr(type_), column=name)
    constraints = field.get("constraints", {})
    if not isinstance(constraints, dict):
        raise MalformedDataError(
            file, "constraints by name", repr(constraints), column=name
        )
    unknown = sorted(set(constraints) - _CONSTRAINTS)
    if unknown:
        expected = "constraints among " + ", ".join(sorted(_CONSTRAINTS))
        raise MalformedDataError(file, expected, ", ".join(unknown), column=name)
    return Column(
        name=name,
        type=type_,
        description=str(field.get("description", "")),
        unit=str(field.get("unit") or ""),
        constraints=_typed_limits(constraints, type_, file, name),
        required=name in key or constraints.get("required") is True,
        unique=key == (name,) or constraints.get("unique") is True,
        categories=_read_categories(field, file),
        ordered=field.get("categoriesOrdered") is True,
        missing=missing,
    )


def _typed_limits(
    constraints: dict[str, Any], type_: str, file: Path, column: str
) -> dict[str, Any]:
    parser = _PARSERS[type_][0]

    def typed(limit: Any) -> Any:
        return parser(limit if isinstance(limit, str) else json.dumps(limit))

    limits: dict[str, Any] = {}
    for rule, limit in constraints.items():
        try:
            if rule in ("minimum", "maximum"):
                limits[rule] = typed(limit)
            elif rule == "enum":
                limits[rule] = [typed(value) for value in limit]
            elif rule == "pattern":
                re.compile(limit)
                limits[rule] = limit
            elif rule in ("minLength", "maxLength"):
                limits[rule] = int(limit)
        except (TypeError, ValueError, KeyError, re.error):
            expected = f"a {rule} that fits the type {type_}"
            raise MalformedDataError(
                file, expected, repr(limit), column=column
            ) from None
    return limits


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
