"""readings.csv: rival values of contested cells, checked and put in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from coursekit.errors import CoursekitError, MalformedDataError, UnknownNameError
from coursekit.evidence.columns import BadCellError
from coursekit.evidence.packages import Cells

COLUMNS = (
    *("question", "reading", "key", "column", "value"),
    *("base", "source", "pinpoint", "verification", "note"),
)


def names_in(asked: str | Iterable[str]) -> list[str]:
    """List one name, or several; what is no name is kept, for the error to name it."""
    if isinstance(asked, Iterable) and not isinstance(asked, str):
        return list(asked)
    return [asked]


@dataclass(frozen=True)
class Reading:
    """One answer to a contested question: cells by (column, row) and their text."""

    name: str
    question: str
    base: bool
    cells: dict[tuple[str, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rivals:
    """Every reading of a dataset, and the table that readings.csv gives."""

    readings: Mapping[str, Reading]
    frame: pd.DataFrame

    @property
    def questions(self) -> dict[str, list[Reading]]:
        """The readings of each question, the base first."""
        questions: dict[str, list[Reading]] = {}
        for reading in self.readings.values():
            questions.setdefault(reading.question, []).append(reading)
        return {
            question: sorted(answers, key=lambda reading: not reading.base)
            for question, answers in questions.items()
        }

    def choose(self, names: str | Iterable[str] | None) -> tuple[Reading, ...]:
        """Find readings by name, no two of them answers to one question.

        Raises
        ------
        UnknownNameError
            If there is no reading of that name.
        CoursekitError
            If two of them answer the same question.
        """
        chosen: dict[str, Reading] = {}
        for name in [] if names is None else names_in(names):
            if name not in self.readings:
                raise UnknownNameError("reading", name, self.readings)
            reading = self.readings[name]
            other = chosen.setdefault(reading.question, reading)
            if other is not reading:
                raise CoursekitError(
                    f"{other.name!r} and {name!r} both answer {reading.question!r}; "
                    "choose one reading of each question."
                )
        return tuple(chosen.values())


def no_rivals() -> Rivals:
    """Stand for a dataset in which nothing is contested."""
    frame = pd.DataFrame(columns=list(COLUMNS), dtype="string")
    return Rivals({}, frame.astype({"base": "boolean"}))


def read_rivals(rows: Cells, table: Cells) -> Rivals:
    """Check the rows of readings.csv against the table whose cells they contest.

    Raises
    ------
    MalformedDataError
        If a row names a key or column that is not there, a value does not fit its
        column, a base value departs from the table, a question has no base or two,
        a reading answers two questions, or two questions contest one cell.
    """
    for name in COLUMNS:
        if name not in rows.columns:
            raise MalformedDataError(rows.resource.file, "this column", "none", 1, name)
    frame = rows.frame()
    readings: dict[str, Reading] = {}
    owners: dict[tuple[str, int], str] = {}
    keys = table.keys
    for index in range(len(rows.lines)):
        row = {name: rows.columns[name][index] for name in COLUMNS}
        _Row(rows, table, index, row).enter(readings, owners, keys)
    rivals = Rivals(readings, frame)
    _check_bases(rows, rivals.questions)
    return rivals


@dataclass(frozen=True)
class _Row:
    rows: Cells
    table: Cells
    index: int
    cell: Mapping[str, str]

    def fault(self, column: str, expected: str, found: str) -> MalformedDataError:
        line = self.rows.lines[self.index]
        return MalformedDataError(
            self.rows.resource.file, expected, found, line, column
        )

    def enter(
        self,
        readings: dict[str, Reading],
        owners: dict[tuple[str, int], str],
        keys: Mapping[str, int],
    ) -> None:
        question, name = self.cell["question"], self.cell["reading"]
        for column in ("question", "reading"):
            if not self.cell[column]:
                raise self.fault(column, "a name", "an empty cell")
        base = self.cell["base"] == "true"
        reading = readings.setdefault(name, Reading(name, question, base))
        if reading.question != question:
            expected = f"{reading.question!r}, which {name!r} answers above"
            raise self.fault("question", expected, repr(question))
        if reading.base != base:
            raise self.fault("base", f"the same in all rows of {name!r}", "another")
        place = self.place(keys)
        owner = owners.setdefault(place, question)
        if owner != question:
            expected = f"a cell that {owner!r} does not contest as well"
            raise self.fault("question", expected, repr(question))
        if place in reading.cells:
            raise self.fault("key", f"each cell of {name!r} once", "it again")
        reading.cells[place] = self.value(place, base=base)

    def place(self, keys: Mapping[str, int]) -> tuple[str, int]:
        column, key = self.cell["column"], self.cell["key"]
        resource = self.table.resource
        contestable = [name for name in resource.columns if name not in resource.key]
        if column not in contestable:
            expected = f"a column of {resource.file.name} that is not its key"
            raise self.fault("column", expected, repr(column))
        if key not in keys:
            joined = "/".join(resource.key)
            raise self.fault("key", f"a {joined} of {resource.file.name}", repr(key))
        return column, keys[key]

    def value(self, place: tuple[str, int], *, base: bool) -> str:
        column, index = place
        value = self.cell["value"]
        try:
            self.table.resource.columns[column].parse(value)
        except BadCellError as bad:
            raise self.fault("value", f"{bad.expected} ({column})", bad.found) from None
        stands = self.table.columns[column][index]
        if base and value != stands:
            expected = f"{stands!r} as in {self.table.resource.file.name}"
            raise self.fault("value", f"{expected}, for this is the base", repr(value))
        return value


def _check_bases(rows: Cells, questions: Mapping[str, Sequence[Reading]]) -> None:
    for question, answers in questions.items():
        bases = [reading.name for reading in answers if reading.base]
        if len(bases) != 1:
            last = len(rows.lines) - 1 - rows.columns["question"][::-1].index(question)
            raise MalformedDataError(
                rows.resource.file,
                f"one base reading of {question!r}",
                " and ".join(bases) or "none",
                rows.lines[last],
                "base",
            )
