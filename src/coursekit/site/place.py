"""Where the site stands: nothing of anybody else's is ever lost there."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

from coursekit.errors import CoursekitError

MANIFEST = "coursekit-site.json"


def refuse_others_work(out: Path) -> None:
    """Pass only what is not there, empty, or exactly a site of ours.

    Raises
    ------
    CoursekitError
        If ``out`` is a file or a link, or holds a file that we did not write or that
        was changed since.
    """
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise CoursekitError(f"{out} is no folder. Name a new or an empty one.")
    if not out.exists() or not any(out.iterdir()):
        return
    advice = "Name a new or an empty folder, or move this one away."
    try:
        ours = dict(json.loads((out / MANIFEST).read_bytes())["files"])
    except (OSError, ValueError, KeyError, TypeError):
        raise CoursekitError(
            f"{out} has files in it and is no site of coursekit. {advice}"
        ) from None
    there = _digests(out)
    other = sorted(name for name, digest in there.items() if ours.get(name) != digest)
    if other:
        raise CoursekitError(
            f"{out} is a site of coursekit, but {other[0]} was added or changed "
            f"there, and would be lost. {advice}"
        )


def write_manifest(site: Path) -> None:
    """Note every file of a site, so that later changes can be seen."""
    text = json.dumps({"made by": "coursekit site", "files": _digests(site)}, indent=1)
    (site / MANIFEST).write_text(text, encoding="utf-8")


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): _digest(path)
        for path in sorted(folder.rglob("*"))
        if not (path.is_dir() and not path.is_symlink()) and path != folder / MANIFEST
    }


def _digest(path: Path) -> str:
    plain = path.is_file() and not path.is_symlink()  # we write nothing else
    return sha256(path.read_bytes()).hexdigest() if plain else ""


def move(site: Path, out: Path, earlier: Path) -> None:
    """Put a site in its place; what was there is gone only when it stands."""
    if out.exists():
        out.rename(earlier)
    try:
        site.rename(out)
    except BaseException:  # Ctrl+C too
        if earlier.exists():
            earlier.rename(out)
        raise
    shutil.rmtree(earlier, ignore_errors=True)
