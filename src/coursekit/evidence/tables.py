"""Loading a dataset, as it stands or under other readings of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from coursekit.errors import UnknownNameError
from coursekit.evidence.packages import (
    DESCRIPTOR,
    Cells,
    Package,
    read_cells,
    read_package,
)
from coursekit.evidence.rivals import Reading, Rivals, no_rivals, read_rivals


@dataclass(frozen=True)
class Dataset:
    """A dataset as read from its folder; shared by all who load it, so never changed.

    Parameters
    ----------
    package : Package
        What datapackage.json says.
    cells : Cells
        The table as text.
    base : pandas.DataFrame
        The table with proper types.
    rivals : Rivals
        The readings of contested cells.
    converted : dict
        Columns under readings, by name and cells, kept since many results need them.
    """

    package: Package
    cells: Cells
    base: pd.DataFrame
    rivals: Rivals
    converted: dict[tuple[str, ...], pd.Series[Any]] = field(
        default_factory=dict, repr=False
    )

    def under(self, readings: Iterable[Reading]) -> pd.DataFrame:
        """Give a new frame with the cells as these readings have them."""
        readings = tuple(readings)
        frame = self.base.copy()
        changed: dict[str, list[str]] = {}
        for reading in readings:
            for (column, row), value in reading.cells.items():
                cells = changed.setdefault(column, list(self.cells.columns[column]))
                cells[row] = value
        for column, cells in changed.items():
            key = (column, *cells)
            if key not in self.converted:
                self.converted[key] = self.cells.series(column, cells)
            frame[column] = self.converted[key].copy()
        frame.attrs = {
            "name": self.package.name,
            "title": self.package.descriptor["title"],
            "version": self.package.descriptor["version"],
            "citation": self.package.notes.get("citation", ""),
            "reading": tuple(reading.name for reading in readings),
        }
        return frame


def dataset_names(*, root: Path | None = None) -> tuple[str, ...]:
    """List the datasets of the course.

    Parameters
    ----------
    root : pathlib.Path, optional
        A folder of datasets; the course's own ``data`` unless given.

    Returns
    -------
    tuple of str
        In alphabetical order.
    """
    found = data_root(root).glob(f"*/{DESCRIPTOR}")
    return tuple(sorted(file.parent.name for file in found))


def data_root(root: Path | None) -> Path:
    """Give the folder of datasets: ``root``, or the course's own ``data``."""
    if root is not None:
        return root
    from coursekit.course import course_root  # at call: importing reads no data

    return course_root() / "data"


def load(
    name: str,
    *,
    reading: str | Iterable[str] | None = None,
    root: Path | None = None,
) -> pd.DataFrame:
    """Load a dataset, as it stands or under other readings of its contested cells.

    Parameters
    ----------
    name : str
        Name of the dataset.
    reading : str or iterable of str, optional
        Readings to put in the place of the base values, at most one of each
        question; `readings` lists them.
    root : pathlib.Path, optional
        A folder of datasets; the course's own ``data`` unless given.

    Returns
    -------
    pandas.DataFrame
        In the order of the CSV file. Text is ``string``, whole numbers and years
        ``Int64``, numbers ``Float64``, dates ``datetime64[s]``, columns with listed
        values ``category``; missing means unknown. ``attrs`` has ``name``,
        ``title``, ``version``, ``citation`` and ``reading`` (a tuple of names, empty
        for the base).

    Raises
    ------
    UnknownNameError
        If there is no such dataset or reading.
    CoursekitError
        If two of the readings answer the same question.
    MalformedDataError
        If a file of the dataset breaks the dataset's own description.

    Examples
    --------
    >>> load("timeline").attrs["name"]
    'timeline'
    >>> load("timeline", reading=["force_size_2030", "death_toll_164"]).attrs["reading"]
    ('force_size_2030', 'death_toll_164')
    """
    dataset = open_dataset(name, root=root)
    return dataset.under(dataset.rivals.choose(reading))


def open_dataset(name: str, *, root: Path | None = None) -> Dataset:
    """Read a dataset, or take it from memory while its files are as they were.

    Raises
    ------
    UnknownNameError
        If there is no such dataset.
    MalformedDataError
        If a file of the dataset breaks the dataset's own description.
    """
    known = dataset_names(root=root)
    if name not in known:
        raise UnknownNameError("dataset", name, known)
    return open_folder(data_root(root) / name)


def open_folder(folder: Path) -> Dataset:
    """Read the dataset in a folder; see `open_dataset`."""
    return _read_dataset(folder, _state(folder))


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    files = [folder / DESCRIPTOR, *sorted(folder.glob("*.csv"))]
    stats = [(file.name, file.stat()) for file in files if file.exists()]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@lru_cache(maxsize=32)
def _read_dataset(folder: Path, _state: tuple[tuple[str, int, int], ...]) -> Dataset:
    package = read_package(folder)
    cells = read_cells(package.table)
    base = cells.frame()
    if package.readings is None:
        rivals = no_rivals()
    else:
        rivals = read_rivals(read_cells(package.readings), cells)
    return Dataset(package, cells, base, rivals)
