"""Variants of an exercise: built as the exercise is, and kept for those who grade."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from coursekit.authoring.exercises import build_exercise
from coursekit.authoring.source import Source
from coursekit.course import course_root
from coursekit.exercise.variants import Parameter, variant_id

_SUMS = "sums.json"


def build_variant(source: Source, values: Mapping[str, Parameter]) -> dict[Path, str]:
    """Build an exercise's three forms with other values of its parameters.

    Parameters
    ----------
    source : Source
        The exercise.
    values : mapping of str to number, str or list
        A value for each parameter.

    Returns
    -------
    dict of pathlib.Path to str
        The text of student version, sidecar and reference, by the name of the public
        one; see `coursekit.authoring.exercises.build_exercise`.

    Raises
    ------
    CellRaisedError
        If a solution or an attempt raises.
    MalformedSourceError
        If under these values an attempt does not do what its author says.
    """
    return build_exercise(source.with_parameters(values))


def keep_variant(source: Source, values: Mapping[str, Parameter], cache: Path) -> Path:
    """Build a variant, or find it built already.

    Parameters
    ----------
    source : Source
        The exercise.
    values : mapping of str to number, str or list
        A value for each parameter.
    cache : pathlib.Path
        Where variants are kept; anything in it may be deleted at any time. What is
        not as it was built is built again.

    Returns
    -------
    pathlib.Path
        A folder with ``SLUG.ipynb``, ``SLUG.checks.json`` and ``reference/SLUG.ipynb``.

    Raises
    ------
    CellRaisedError, MalformedSourceError
        As `build_variant`.
    """
    name = f"{key_of(source.path)}-{variant_id(values)}"
    folder = cache / source.slug / name
    if _is_whole(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-") as place:
        built = Path(place, name)
        write_variant(build_variant(source, values), source, built)
        (built / _SUMS).write_text(json.dumps(_sums(built)), encoding="utf-8")
        if folder.is_dir() and not _is_whole(folder):
            folder.rename(Path(place, "broken"))
        try:
            built.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was first with the same
                raise
    return folder


def _is_whole(folder: Path) -> bool:
    """Tell whether a built variant is there, and is as it was built."""
    try:
        kept = json.loads((folder / _SUMS).read_bytes())
    except (OSError, ValueError):
        return False
    return bool(kept == _sums(folder))


def _sums(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of each file of a built variant."""
    return {
        path.relative_to(folder).as_posix(): _hash_of(path).hex()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != _SUMS
    }


def write_variant(products: Mapping[Path, str], source: Source, folder: Path) -> None:
    """Write an exercise's three forms into a folder of their own."""
    for path, text in products.items():
        file = folder / path.relative_to(source.path.parent)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


def key_of(path: Path) -> str:
    """Name what a built variant goes by: the source, the data, and coursekit.

    Parameters
    ----------
    path : pathlib.Path
        The source. Data are those of the course, those in a folder ``data`` beside the
        source's own folder, and what lies beside the source.

    Returns
    -------
    str
        Twelve hexadecimal digits.
    """
    files = [path, *_data(course_root() / "data"), *_data(path.parent.parent / "data")]
    files += [file for file in sorted(path.parent.iterdir()) if _is_data(file)]
    digest = sha256(version("coursekit").encode())
    for file in files:
        digest.update(file.name.encode())
        digest.update(_hash_of(file))
    return digest.hexdigest()[:12]


def _data(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if _is_data(file))


def _is_data(file: Path) -> bool:
    built = file.suffix in {".ipynb", ".md"} or file.name.endswith(".checks.json")
    return file.is_file() and not built and not file.name.startswith(".")


def _hash_of(file: Path) -> bytes:
    found = file.stat()
    return _hash(file, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4096)
def _hash(file: Path, _changed: int, _size: int) -> bytes:
    return sha256(file.read_bytes()).digest()
