"""Where collected files lie: each under its own name, none ever replaced."""

from __future__ import annotations

import os
import re
import tempfile
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from coursekit.grading.report import next_free

UNMATCHED = "_unmatched"


def store(home: Path, student: str, content: bytes, moment: datetime | None) -> Path:
    """Keep a version of a notebook, named by its time and the beginning of its hash.

    Parameters
    ----------
    home : pathlib.Path
        Folder of the exercise.
    student : str
        Id, which can name a folder.
    content : bytes
        The notebook.
    moment : datetime.datetime or None
        When it was handed in, in UTC.

    Returns
    -------
    pathlib.Path
        The file that was there with this content, or a new one.
    """
    short = sha256(content).hexdigest()[:8]
    stamp = moment.strftime("%Y%m%dT%H%M%SZ") if moment else "undated"
    place = home / student / f"{stamp}-{short}.ipynb"
    return _write_new(place, f"*-{short}*.ipynb", content)


def keep(home: Path, who: str, name: str, content: bytes) -> Path:
    """Keep a file that is nobody's notebook, under a name that is safe everywhere."""
    plain = re.sub(r"[^\w .()-]", "_", Path(name).name).strip(" .")[-80:] or "file"
    short = sha256(content).hexdigest()[:8]
    folder = home / who if who == UNMATCHED else home / who / "other"
    place = folder / f"{short} {plain}"
    return _write_new(place, f"{place.stem}*{place.suffix}", content)


def _write_new(place: Path, pattern: str, content: bytes) -> Path:
    """Give the file that has this content, or write it; a hash may begin as another."""
    for there in sorted(place.parent.glob(pattern)):
        if there.is_file() and there.read_bytes() == content:
            return there
    return _write(next_free(place), content)


def _write(place: Path, content: bytes) -> Path:
    """Write a file whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=place.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(draft).replace(place)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return place
