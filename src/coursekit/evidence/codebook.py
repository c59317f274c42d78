"""The codebook of a dataset, written from its datapackage.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from coursekit.evidence.columns import Column, in_words
from coursekit.evidence.sources import keys_in, list_works, source_columns
from coursekit.evidence.tables import Dataset, data_root, open_dataset, open_folder
from coursekit.evidence.works import BIBLIOGRAPHY, open_shelf


@dataclass(frozen=True, repr=False)
class Codebook:
    """What a dataset is, how it was made, and what it cannot tell; prints as text.

    Parameters
    ----------
    name : str
        Name of the dataset.
    text : str
        The codebook in Markdown.
    """

    name: str
    text: str

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return self.text


def codebook(name: str, *, root: Path | None = None) -> Codebook:
    """Give the codebook of a dataset.

    Parameters
    ----------
    name : str
        Name of the dataset.
    root : pathlib.Path, optional
        A folder of datasets; the course's own ``data`` unless given.

    Returns
    -------
    Codebook
        The same text as in the dataset's README.md.

    Raises
    ------
    UnknownNameError
        If there is no such dataset.
    MalformedDataError
        If a file of the dataset breaks the dataset's own description.

    Examples
    --------
    >>> str(codebook("timeline")).splitlines()[0]
    '# Kazakhstan, January 2022: a timeline of contested events'
    """
    open_dataset(name, root=root)
    return write_codebook(data_root(root) / name)


def write_codebook(folder: Path) -> Codebook:
    """Write the codebook of the dataset in a folder; see `codebook`."""
    dataset = open_folder(folder)
    package, notes = dataset.package, dataset.package.notes
    descriptor = package.descriptor
    parts = [
        f"# {descriptor['title']}",
        descriptor["description"],
        "## What is one row",
        str(notes.get("row", "")),
        _coverage(dataset),
        "## Who made it and why",
        str(notes.get("made", "")),
        _bullets(_named(descriptor.get("contributors", []))),
        "## Columns",
        "An empty cell means not known, unless the column's meaning says otherwise.",
        _column_table(dataset),
        *_meanings(dataset.cells.resource.columns.values()),
        *_contested(dataset),
        "## How it was coded",
        str(notes.get("coding", "")),
        "## What it cannot tell",
        _bullets(notes.get("limits", [])),
        "## Sources",
        _bullets(_named(descriptor.get("sources", []))),
        *_works(dataset, folder.parent / BIBLIOGRAPHY),
        "## Licence",
        _bullets(_named(descriptor.get("licenses", []))),
        _bullets(notes.get("notice", [])),
        "## How to cite",
        str(notes.get("citation", "")),
        "## Changes",
        _bullets(notes.get("changes", [])),
    ]
    text = "\n\n".join(part.strip() for part in parts if part.strip())
    return Codebook(package.name, text + "\n")


def _coverage(dataset: Dataset) -> str:
    rows = f"{len(dataset.base)} rows."
    coverage = dataset.package.notes.get("coverage")
    covered = coverage.items() if isinstance(coverage, dict) else []
    said = [f"{str(key).capitalize()}: {value}." for key, value in covered]
    version = f"Version {dataset.package.descriptor['version']}."
    return " ".join([version, rows, *said]).replace("..", ".")


def _bullets(lines: object) -> str:
    lines = lines if isinstance(lines, list) else [lines]
    return "\n".join(f"- {line}" for line in lines)


def _named(items: object) -> list[str]:
    """Put people, sources and licences into words, with their links."""
    lines = []
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, Mapping):
            continue
        title = str(item.get("title") or item.get("name") or item.get("path") or "")
        path = str(item.get("path") or "")
        roles = item.get("roles")
        roles = ", ".join(map(str, roles)) if isinstance(roles, list) else ""
        line = f"[{title}]({path})" if path.startswith("http") else title
        lines.append(line + (f" ({roles})" if roles else ""))
    return lines


def _column_table(dataset: Dataset) -> str:
    rows = ["| column | type | unit | values | missing | meaning |", "|---" * 6 + "|"]
    total = len(dataset.base)
    for column in dataset.cells.resource.columns.values():
        empty = int(dataset.base[column.name].isna().sum())
        cells = [
            f"`{column.name}`",
            "category" if column.categories else column.type,
            column.unit,
            _values(column),
            "never" if column.required else f"{empty} of {total}",
            column.description,
        ]
        rows.append("| " + " | ".join(_cell(text) for text in cells) + " |")
    return "\n".join(rows)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _values(column: Column) -> str:
    if column.categories:
        return ", ".join(f"`{value}`" for value in column.categories)
    rules = {rule: in_words(limit) for rule, limit in column.limits.items()}
    if "minimum" in rules and "maximum" in rules:
        return f"{rules['minimum']} to {rules['maximum']}"
    if "minimum" in rules:
        return f"{rules['minimum']} or more"
    if "maximum" in rules:
        return f"{rules['maximum']} or less"
    if "pattern" in rules:
        return f"like `{rules['pattern']}`"
    return "`true`, `false`" if column.type == "boolean" else ""


def _meanings(columns: Iterable[Column]) -> list[str]:
    """Explain the values of each column that has listed ones."""
    parts = []
    for column in columns:
        if not any(column.categories.values()):
            continue
        parts.append(f"Values of `{column.name}`:")
        parts.append(
            _bullets(
                [f"`{value}`: {label}" for value, label in column.categories.items()]
            )
        )
    return ["### What the values mean", *parts] if parts else []


def _contested(dataset: Dataset) -> list[str]:
    if not dataset.rivals.readings:
        return []
    lines = []
    for question, answers in dataset.rivals.questions.items():
        base, *others = (f"`{reading.name}`" for reading in answers)
        lines.append(f"`{question}`: base {base}; " + (", ".join(others) or "no other"))
    return [
        "### What is contested",
        (
            "Each question has a base reading, which the table follows, and rivals. "
            "`readings.csv` has their values, sources and the reasons; "
            f'`load("{dataset.package.name}", reading=...)` puts a rival in place.'
        ),
        _bullets(lines),
    ]


def _works(dataset: Dataset, bibliography: Path) -> list[str]:
    """List the works that rows and readings name; unknown keys stay keys."""
    frames = [dataset.base, dataset.rivals.frame]
    keys = {
        key
        for frame in frames
        if source_columns(frame.columns)
        for key in keys_in(frame)
    }
    shelf = open_shelf(bibliography)
    known = [key for key in keys if key in shelf.works]
    unknown = sorted(keys - set(known))
    # without the letters that tell works apart: they depend on other datasets
    works = list_works(known, shelf, suffixes=False)
    if not keys:
        return []
    return [
        f"{len(keys)} works are named by rows and readings:",
        _bullets([*works.markdown, *(f"`{key}`" for key in unknown)]),
    ]
