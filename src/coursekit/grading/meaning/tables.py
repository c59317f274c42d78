"""Compare HTML: tables cell by cell, the rest by visible words and what links point to.

Styling, attributes and white space mean nothing.  A DataFrame is therefore compared by
its values, whatever HTML the installed pandas writes around them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import takewhile

from coursekit.grading.meaning.words import compare_text, quoted, same_text, say

MAX_SPAN = (
    1000  # browsers stop at this colspan too; without it a page could fill memory
)

_INLINE = re.compile(
    "a|abbr|b|bdi|cite|code|em|i|label|mark|s|small|span|strong|sub|sup|u"
)
# Attributes that a reader sees or hears, or follows.
_TOLD = frozenset(("href", "src", "alt", "aria-label", "value"))


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table."""

    text: str
    heading: bool


@dataclass(slots=True)
class Table:
    """A table as a grid, with cells that span others repeated in each place."""

    rows: list[list[Cell]] = field(default_factory=list)

    @property
    def heading_rows(self) -> list[list[Cell]]:
        """The rows on top that hold headings alone."""
        return list(takewhile(lambda row: all(cell.heading for cell in row), self.rows))

    @property
    def body_rows(self) -> list[list[Cell]]:
        """The rows below the headings."""
        return self.rows[len(self.heading_rows) :]

    @property
    def columns(self) -> list[str]:
        """Name of each column: the headings above it, from top to bottom."""
        width = max((len(row) for row in self.rows), default=0)
        headings = [
            [row[number].text for row in self.heading_rows if number < len(row)]
            for number in range(width)
        ]
        return [" ".join(text for text in texts if text) for texts in headings]


@dataclass(slots=True)
class Page:
    """What a reader gets from a piece of HTML."""

    text: str
    tables: list[Table]
    told: list[tuple[str, str]]  # (attribute, value), in order


def read_html(html: str) -> Page:
    """Read the visible words, the tables and the links of a piece of HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Page("".join(reader.words), reader.tables, reader.told)


def compare_html(stored: Page, fresh: Page) -> str | None:
    """Compare two pieces of HTML; one line for the first difference, or None."""
    if len(stored.tables) != len(fresh.tables):
        return f"HTML: stored {len(stored.tables)} tables, now {len(fresh.tables)}"
    several = len(stored.tables) > 1
    for number, (old, new) in enumerate(
        zip(stored.tables, fresh.tables, strict=True), start=1
    ):
        found = compare_tables(old, new, f"table {number}" if several else "table")
        if found:
            return found
    found = compare_text(stored.text, fresh.text, "HTML", count_lines=False)
    return found or _compare_told(stored, fresh)


def compare_tables(stored: Table, fresh: Table, where: str) -> str | None:
    """Compare two tables by columns, then rows, then cell by cell."""
    found = _compare_columns(stored.columns, fresh.columns, where)
    if found:
        return found
    old_rows, new_rows = stored.body_rows, fresh.body_rows
    columns = stored.columns
    for number, (old, new) in enumerate(zip(old_rows, new_rows, strict=False), start=1):
        for place, (old_cell, new_cell) in enumerate(zip(old, new, strict=False)):
            if not same_text(old_cell.text, new_cell.text):
                if old_cell.heading and len(old_rows) != len(new_rows):
                    return _count_rows(old_rows, new_rows, where)
                column = quoted(columns[place]) if columns[place] else str(place + 1)
                spot = f"{where}, row {_row_name(old, number)}, column {column}"
                return say(spot, old_cell.text, new_cell.text)
        if len(old) != len(new):
            spot = f"{where}, row {_row_name(old, number)}"
            return f"{spot}: stored {len(old)} cells, now {len(new)}"
    if len(old_rows) != len(new_rows):
        return _count_rows(old_rows, new_rows, where)
    return None


def _compare_columns(
    stored: Sequence[str], fresh: Sequence[str], where: str
) -> str | None:
    if len(stored) == len(fresh) and all(map(same_text, stored, fresh)):
        return None
    gone = [quoted(name) for name in stored if name not in fresh]
    new = [quoted(name) for name in fresh if name not in stored]
    changes = [
        *([f"column {', '.join(gone)} is gone"] if gone else []),
        *([f"column {', '.join(new)} is new"] if new else []),
    ]
    if changes:
        return f"{where}: {' and '.join(changes)}"
    return f"{where}, columns: stored {', '.join(stored)}; now {', '.join(fresh)}"


def _count_rows(
    stored: Sequence[Sequence[Cell]], fresh: Sequence[Sequence[Cell]], where: str
) -> str:
    return f"{where}: stored {len(stored)} rows, now {len(fresh)}"


def _row_name(row: Sequence[Cell], number: int) -> str:
    """Name a row by its headings, or by its place if it has none."""
    headings = [cell.text for cell in row if cell.heading and cell.text]
    return quoted(" ".join(headings)) if headings else str(number)


def _compare_told(stored: Page, fresh: Page) -> str | None:
    if len(stored.told) != len(fresh.told):
        return (
            f"HTML: stored {len(stored.told)} links and labels, now {len(fresh.told)}"
        )
    for (name, old), (new_name, new) in zip(stored.told, fresh.told, strict=True):
        if name != new_name or not same_text(old, new):
            return say(f"HTML, {name}", old, new)
    return None


class _Reader(HTMLParser):
    """Collects what a reader sees; cells of inner tables count to the outer one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.tables: list[Table] = []
        self.told: list[tuple[str, str]] = []
        self._depth = 0  # tables that are open
        self._hidden = 0  # style elements that are open
        self._head = False
        self._cell: tuple[list[str], bool, int, int] | None = None
        self._row: list[Cell] | None = None
        self._spans: dict[int, tuple[Cell, int]] = {}  # column -> cell, rows to come

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.told += [(name, value) for name, value in attrs if name in _TOLD and value]
        if tag == "style":
            self._hidden += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append(Table())
                self._spans = {}
        if self._depth == 1:
            self._open_part(tag, dict(attrs))
        elif not _INLINE.fullmatch(tag):
            self._add("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._hidden = max(0, self._hidden - 1)
        if self._depth == 1 and tag in ("td", "th"):
            self._close_cell()
        elif self._depth == 1 and tag in ("tr", "thead", "tbody", "tfoot", "table"):
            self._close_row()
            self._head = self._head and tag == "tr"
        elif not _INLINE.fullmatch(tag):
            self._add("\n")
        if tag == "table":
            self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        self._add(data)

    def close(self) -> None:
        super().close()
        self._close_row()

    def _add(self, text: str) -> None:
        if not self._hidden:
            (self._cell[0] if self._cell else self.words).append(text)

    def _open_part(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag in ("thead", "tbody", "tfoot", "tr"):
            self._close_row()
            self._head = tag == "thead" or (self._head and tag == "tr")
            self._row = [] if tag == "tr" else None
        elif tag in ("td", "th"):
            self._close_cell()
            self._row = [] if self._row is None else self._row
            heading = tag == "th" or self._head
            width, height = (_span(attrs.get(name)) for name in ("colspan", "rowspan"))
            self._cell = ([], heading, width, height)
        elif not _INLINE.fullmatch(tag):
            self._add("\n")

    def _close_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        texts, heading, width, height = self._cell
        self._cell = None
        cell = Cell(" ".join("".join(texts).split()), heading)
        self._fill()
        for _ in range(width):
            if height > 1:
                self._spans[len(self._row)] = (cell, height)
            self._row.append(cell)

    def _close_row(self) -> None:
        self._close_cell()
        if self._row is None:
            return
        self._fill()
        self._spans = {
            column: (cell, rows - 1)
            for column, (cell, rows) in self._spans.items()
            if rows > 1
        }
        self.tables[-1].rows.append(self._row)
        self._row = None

    def _fill(self) -> None:
        """Repeat the cells that reach down from rows above."""
        while self._row is not None and len(self._row) in self._spans:
            cell, _rows = self._spans[len(self._row)]
            self._row.append(cell)


def _span(value: str | None) -> int:
    return min(int(value), MAX_SPAN) if value and value.isdecimal() else 1
