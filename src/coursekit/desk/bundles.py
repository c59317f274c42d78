"""Bundles on the disk: written as a whole, and the same bytes at every time."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

RECORD = ".record.json"
_PARTS = ("", ".zip", "-for", RECORD)  # the last one says that all are there
_MOMENT = (1980, 1, 1, 0, 0, 0)  # of every file in an archive, so that it is repeated
_UNIX = 3
Files = dict[str, bytes]


@dataclass(frozen=True)
class Bundle:
    """What somebody gets.

    Parameters
    ----------
    files : dict of str to bytes
        Content by path, below the bundle's folder.
    variants : dict of str to str
        Id of the variant of each exercise that has parameters.
    """

    files: Files
    variants: dict[str, str]


def write_draft(
    draft: Path, bundles: Mapping[str, Bundle], about: Mapping[str, Any]
) -> None:
    """Write everything that a release has, under the name ``draft``.

    Parameters
    ----------
    draft : pathlib.Path
        A place in an empty folder.
    bundles : mapping of str to Bundle
        By student; the one of nobody is everybody's.
    about : mapping
        What the record says beside students, variants and SHA-256.
    """
    unfold(draft, bundles[""].files)
    pack(_part(draft, ".zip"), bundles[""].files)
    packed = {_key(bundles[""]): _part(draft, ".zip")}
    students = {}
    for student, bundle in bundles.items():
        if student:
            archive = _part(draft, "-for") / f"{student}.zip"
            like = packed.setdefault(_key(bundle), archive)
            if like == archive:
                pack(archive, bundle.files)
            else:
                archive.parent.mkdir(exist_ok=True)
                shutil.copyfile(like, archive)
            students[student] = {
                "variants": bundle.variants,
                "sha256": _hash(archive),
            }
    archive = _part(draft, ".zip")
    record = {**about, "sha256": _hash(archive), "students": students}
    _part(draft, RECORD).write_text(
        json.dumps(record, indent=1, ensure_ascii=False) + "\n",
        encoding="utf-8",
        newline="\n",
    )


def find_same(home: Path, draft: Path) -> Path | None:
    """Find a release that was written before, is the same, and was not edited."""
    record, contents = _part(draft, RECORD).read_bytes(), _contents(draft)
    for path in sorted(home.glob(f"*{RECORD}")):
        place = path.with_name(path.name.removesuffix(RECORD))
        if path.read_bytes() == record and _contents(place) == contents:
            return place
    return None


def move_draft(draft: Path, place: Path) -> Path:
    """Move a release to its place, or the next that is free; give that."""
    free, number = place, 1
    while any(_is_taken(_part(free, end)) for end in _PARTS):
        number += 1
        free = place.with_name(f"{place.name}-{number}")
    for end in _PARTS:
        if _part(draft, end).exists():
            _part(draft, end).rename(_part(free, end))
    return free


def unfold(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def pack(path: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a zip archive, which is the same for the same files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX  # else the system that packs it shows
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])


def _part(place: Path, end: str) -> Path:
    return place.with_name(place.name + end)


def _is_taken(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _key(bundle: Bundle) -> str:
    return json.dumps(bundle.variants)


def _contents(place: Path) -> dict[str, str]:
    """Give the SHA-256 of every file of a release."""
    found = {}
    for end in _PARTS:
        part = _part(place, end)
        for path in sorted(part.rglob("*")) if part.is_dir() else [part]:
            if path.is_file():
                name = "" if path == part else path.relative_to(part).as_posix()
                found[f"{end}:{name}"] = _hash(path)
    return found


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
