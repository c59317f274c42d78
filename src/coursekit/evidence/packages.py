"""A dataset's folder: its datapackage.json, and the text of its CSV files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import pandas as pd

from coursekit.errors import MalformedDataError
from coursekit.evidence.columns import BadCellError, Column, read_column

DESCRIPTOR = "datapackage.json"

_T = TypeVar("_T")
_KINDS: dict[type, str] = {
    str: "text",
    list: "a list",
    dict: "an object",
}  # by their names in JSON


@dataclass(frozen=True)
class Resource:
    """One CSV file and what the datapackage says of it."""

    name: str
    file: Path
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    descriptor: Mapping[str, Any]


@dataclass(frozen=True)
class Package:
    """What datapackage.json says of a dataset; ``resources`` are its CSV files."""

    name: str
    file: Path
    descriptor: Mapping[str, Any]
    resources: Mapping[str, Resource]

    @property
    def table(self) -> Resource:
        """The table that carries the dataset's name."""
        return self.resources[self.name]

    @property
    def readings(self) -> Resource | None:
        """The rival values; None where nothing is contested."""
        return self.resources.get("readings")

    @property
    def notes(self) -> Mapping[str, Any]:
        """The course's own part of the datapackage: coding, limits, citation."""
        notes = self.descriptor.get("coursekit", {})
        return notes if isinstance(notes, dict) else {}


@dataclass(frozen=True)
class Cells:
    """The text of a CSV file, by column; ``lines`` are line numbers of an editor."""

    resource: Resource
    columns: Mapping[str, list[str]]
    lines: tuple[int, ...]

    @property
    def keys(self) -> dict[str, int]:
        """Position of each row by its primary key (parts joined by ``/``)."""
        parts = [self.columns[name] for name in self.resource.key]
        rows = zip(*parts, strict=True)
        return {"/".join(row): index for index, row in enumerate(rows)}

    def series(self, name: str, cells: list[str] | None = None) -> pd.Series[Any]:
        """Convert a column, or other cells that stand in its place."""
        try:
            return self.resource.columns[name].series(cells or self.columns[name])
        except BadCellError as fault:
            raise MalformedDataError(
                self.resource.file,
                fault.expected,
                fault.found,
                self.lines[fault.index],
                name,
            ) from None

    def frame(self) -> pd.DataFrame:
        """Convert every column, and check that keys of several columns are unique."""
        frame = pd.DataFrame({name: self.series(name) for name in self.columns})
        if len(self.resource.key) > 1:
            repeats = frame.duplicated(list(self.resource.key)).to_numpy().nonzero()[0]
            if len(repeats):
                raise MalformedDataError(
                    self.resource.file,
                    f"each {' and '.join(self.resource.key)} once",
                    "them again",
                    self.lines[int(repeats[0])],
                )
        return frame


def read_package(folder: Path) -> Package:
    """Read and check the datapackage.json of a dataset's folder.

    Raises
    ------
    MalformedDataError
        If the file is not there, is not JSON, or lacks what the course needs.
    """
    file = folder / DESCRIPTOR
    descriptor = _read_json(file)
    name = _demand(descriptor, "name", str, file)
    for key in ("title", "description", "version"):
        _demand(descriptor, key, str, file)
    if name != folder.name:
        raise MalformedDataError(file, f"the name {folder.name!r}", repr(name))
    resources = {}
    for listed in _demand(descriptor, "resources", list, file):
        if not isinstance(listed, dict):
            raise MalformedDataError(file, "a resource by name", repr(listed))
        resource = _read_resource(listed, file)
        if resource.name in resources:
            raise MalformedDataError(
                file, "each resource once", f"{resource.name!r} again"
            )
        resources[resource.name] = resource
    if name not in resources:
        found = ", ".join(resources) or "no resource"
        raise MalformedDataError(file, f"a resource named {name!r}", found)
    if "readings" in resources and not resources[name].key:
        expected = f"a primaryKey of {name!r}, by which readings name its rows"
        raise MalformedDataError(file, expected, "none")
    return Package(name, file, descriptor, resources)


def _read_json(file: Path) -> dict[str, Any]:
    try:
        descriptor = json.loads(read_text(file))
    except json.JSONDecodeError as fault:
        raise MalformedDataError(file, "JSON", fault.msg, fault.lineno) from None
    if not isinstance(descriptor, dict):
        found = type(descriptor).__name__
        raise MalformedDataError(file, "a JSON object", found)
    return descriptor


def _demand(mapping: dict[str, Any], key: str, kind: type[_T], file: Path) -> _T:
    value = mapping.get(key)
    if not isinstance(value, kind) or not value:
        found = repr(value) if key in mapping else "none"
        raise MalformedDataError(file, f"{_KINDS[kind]} under {key!r}", found)
    return value


def read_text(file: Path) -> str:
    """Read a UTF-8 file, naming the line where it is none.

    Raises
    ------
    MalformedDataError
        If the file is not there, is not UTF-8, or starts with a byte order mark.
    """
    try:
        data = file.read_bytes()
    except OSError as fault:
        raise MalformedDataError(file, "a file", fault.strerror or "none") from None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        found = f"the byte 0x{data[fault.start]:02x}"
        raise MalformedDataError(file, "text in UTF-8", found, line) from None
    if text.startswith("\ufeff"):
        raise MalformedDataError(file, "UTF-8 as it is", "a byte order mark", 1)
    return text


def _read_resource(listed: dict[str, Any], file: Path) -> Resource:
    name = _demand(listed, "name", str, file)
    path = PurePosixPath(_demand(listed, "path", str, file))
    if path.is_absolute() or ".." in path.parts:
        raise MalformedDataError(file, "a path inside the folder", repr(str(path)))
    schema = _demand(listed, "schema", dict, file)
    key = _names(schema, "primaryKey", [], file)
    missing = frozenset(_names(schema, "missingValues", [""], file))
    columns: dict[str, Column] = {}
    for field in _demand(schema, "fields", list, file):
        column = read_column(field, file, key=key, missing=missing)
        if column.name in columns:
            raise MalformedDataError(file, "each column once", repr(column.name))
        columns[column.name] = column
    strange = [part for part in key if part not in columns]
    if strange:
        raise MalformedDataError(file, "columns as primaryKey", ", ".join(strange))
    return Resource(name, file.parent / path, columns, key, listed)


def _names(
    schema: dict[str, Any], key: str, default: list[str], file: Path
) -> tuple[str, ...]:
    """Read a list of texts, where one text may stand alone."""
    found = schema.get(key, default)
    names = [found] if isinstance(found, str) else found
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return tuple(names)
    raise MalformedDataError(file, f"a list of texts under {key!r}", repr(found))


def read_cells(resource: Resource) -> Cells:
    """Read a CSV file as text, with the columns that its schema names, in order.

    Raises
    ------
    MalformedDataError
        If a column is missing, strange or out of order, or a row is ragged.
    """
    rows = _records(resource.file)
    _line, header = next(rows, (1, []))
    _check_header(header, list(resource.columns), resource.file)
    lines, records = [], []
    for line, record in rows:
        if len(record) != len(header):
            found = str(len(record)) if record else "an empty line"
            raise MalformedDataError(resource.file, f"{len(header)} cells", found, line)
        lines.append(line)
        records.append(record)
    columns = {
        name: [record[index] for record in records] for index, name in enumerate(header)
    }
    return Cells(resource, columns, tuple(lines))


def _records(file: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(read_text(file), newline=""), strict=True)
    line = 1
    while True:
        try:
            record = next(reader, None)
        except csv.Error as fault:
            raise MalformedDataError(file, "a row of CSV", str(fault), line) from None
        if record is None:
            return
        yield line, record
        line = reader.line_num + 1


def _check_header(header: list[str], names: list[str], file: Path) -> None:
    for place, (name, found) in enumerate(zip_longest(names, header), 1):
        if name != found:
            expected = f"{name!r} as column {place}" if name else "no more columns"
            raise MalformedDataError(
                file,
                f"{expected}, as in {DESCRIPTOR}",
                "none" if found is None else repr(found),
                1,
                name or found,
            )
