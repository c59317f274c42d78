"""What code knows of a dataset, written into its folder: facts and the codebook."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coursekit.errors import MalformedDataError
from coursekit.evidence.codebook import write_codebook
from coursekit.evidence.packages import (
    DESCRIPTOR,
    Cells,
    Package,
    Resource,
    read_cells,
)
from coursekit.evidence.sources import source_columns
from coursekit.evidence.tables import open_folder
from coursekit.evidence.works import BIBLIOGRAPHY, open_shelf

README = "README.md"


def write_facts(folder: Path) -> bool:
    """Write bytes, hash and rows into datapackage.json, and the codebook beside it.

    What people wrote stays as it is, in its order; a second run changes nothing.

    Parameters
    ----------
    folder : pathlib.Path
        The dataset's folder; sources.bib is beside it.

    Returns
    -------
    bool
        Whether anything had to be written.

    Raises
    ------
    MalformedDataError
        If a file of the dataset breaks the dataset's own description.
    """
    package = open_folder(folder).package
    facts = _write(package.file, _with_facts(package))
    readme = _write(folder / README, write_codebook(folder).text)
    return facts or readme


def check_facts(folder: Path) -> list[str]:
    """Compare a dataset's folder with what code would write, and look up its sources.

    Parameters
    ----------
    folder : pathlib.Path
        The dataset's folder; sources.bib is beside it.

    Returns
    -------
    list of str
        One line for each fault; empty if there is none.
    """
    try:
        dataset = open_folder(folder)
        package = dataset.package
        cells = [read_cells(resource) for resource in package.resources.values()]
        for table in cells:
            table.frame()  # `load` reads the table and its readings only
        codebook = write_codebook(folder).text
        known = frozenset(open_shelf(folder.parent / BIBLIOGRAPHY).works)
    except MalformedDataError as fault:
        return [str(fault)]
    faults = [
        fault
        for table in cells
        for fault in (
            *_drift(package.file, table),
            *_undescribed(package.file, table.resource),
            *_unknown_sources(table, known),
        )
    ]
    readme = folder / README
    if not readme.is_file() or readme.read_bytes() != codebook.encode():
        faults.append(f"{readme}: not the codebook of {DESCRIPTOR}; write it again.")
    return faults


def _write(file: Path, text: str) -> bool:
    data = text.encode()
    changed = not file.is_file() or file.read_bytes() != data
    if changed:
        file.write_bytes(data)
    return changed


def _facts(cells: Cells) -> dict[str, Any]:
    data = cells.resource.file.read_bytes()
    return {
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "rows": len(cells.lines),
    }


def _with_facts(package: Package) -> str:
    descriptor = copy.deepcopy(dict(package.descriptor))
    for place, listed in enumerate(descriptor["resources"]):
        new = _facts(read_cells(package.resources[listed["name"]]))
        # the schema stays last where people put it: facts go before it
        schema = {} if new.keys() <= listed.keys() else {"schema": listed["schema"]}
        kept = {key: value for key, value in listed.items() if key not in schema}
        descriptor["resources"][place] = kept | new | schema
    return json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"


def _drift(descriptor: Path, cells: Cells) -> Iterator[str]:
    for name, fact in _facts(cells).items():
        said = cells.resource.descriptor.get(name)
        if said != fact:
            yield (
                f"{descriptor}: {name} of {cells.resource.file.name} is {fact}, "
                f"not {said}; write the facts again."
            )


def _undescribed(descriptor: Path, resource: Resource) -> Iterator[str]:
    for column in resource.columns.values():
        if not column.description.strip():
            yield (
                f"{descriptor}: column {column.name!r} of {resource.file.name} "
                "has no description."
            )


def _unknown_sources(cells: Cells, known: frozenset[str]) -> Iterator[str]:
    for column in source_columns(cells.columns):
        for line, key in zip(cells.lines, cells.columns[column], strict=True):
            if key and key not in known:
                yield (
                    f"{cells.resource.file}, row {line}, column {column!r}: "
                    f"{BIBLIOGRAPHY} has no {key!r}."
                )
