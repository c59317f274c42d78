"""CSV tables as people and platforms save them: read with line numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import CoursekitError

_DELIMITERS = ",;\t"


class MalformedTableError(CoursekitError, ValueError):
    """A table that an instructor gave cannot be taken as it is.

    Parameters
    ----------
    file : pathlib.Path
        The file.
    line : int
        The line as an editor counts, from 1.
    reason : str
        What is wrong and what would work.
    """

    def __init__(self, file: Path, line: int, reason: str) -> None:
        self.file = file
        self.line = line
        self.reason = reason
        super().__init__(file, line, reason)

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


@dataclass(frozen=True)
class Row:
    """A row of a table, with the line that it begins at."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A table: its columns in order, and its rows that are not empty."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def refuse(self, row: Row, reason: str) -> MalformedTableError:
        """Make the error that names a row of this table."""
        return MalformedTableError(self.path, row.line, reason)


def read_table(path: Path) -> Table:
    """Read a CSV file as spreadsheets and platforms write it.

    Parameters
    ----------
    path : pathlib.Path
        A file in UTF-8 or UTF-16, with commas, semicolons or tabs, and a header.

    Returns
    -------
    Table
        Cells without blanks at their ends.

    Raises
    ------
    MalformedTableError
        If it is in another encoding, has no header, a column twice, or a row with more
        cells than columns.
    CoursekitError
        If there is no such file.
    """
    text = _read_text(path)
    header = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = tuple(name.strip() for name in next(reader, []))
        _check_header(path, columns)
        rows, line = [], reader.line_num + 1
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if len(row) > len(columns) and any(row[len(columns) :]):
                reason = f"{len(row)} cells, where the header has {len(columns)}."
                raise MalformedTableError(path, line, reason)
            if any(row):
                row += [""] * (len(columns) - len(row))
                rows.append(Row(line, dict(zip(columns, row, strict=False))))
            line = reader.line_num + 1
    except csv.Error as error:
        raise MalformedTableError(path, reader.line_num, f"{error}.") from error
    return Table(path, columns, tuple(rows))


def require_columns(table: Table, names: Iterable[str], advice: str = "") -> None:
    """Refuse a table that lacks a column, and name those that it has."""
    missing = [name for name in names if name not in table.columns]
    if missing:
        there = ", ".join(table.columns)
        reason = f"there is no column {missing[0]!r}; there is: {there}{advice}."
        raise MalformedTableError(table.path, 1, reason)


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CoursekitError(
            f"{path} cannot be read ({error.strerror or error})."
        ) from error
    if b"\0" in content[:2]:
        reason = "this is UTF-16 without its mark; in Excel save it as `CSV UTF-8`."
        raise MalformedTableError(path, 1, reason)
    is_utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    encoding = "utf-16" if is_utf16 else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        # Windows has an encoding a language; a guess would spell names wrongly.
        reason = "this is no UTF-8; in Excel save it as `CSV UTF-8`."
        raise MalformedTableError(path, line, reason) from error


def _check_header(path: Path, columns: tuple[str, ...]) -> None:
    named = [name for name in columns if name]
    if not named:
        raise MalformedTableError(path, 1, "there is no header with names of columns.")
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice is not None:
        raise MalformedTableError(path, 1, f"the column {twice!r} is there twice.")
