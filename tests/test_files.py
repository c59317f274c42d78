"""A file that cannot be written is named by its own name."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

import pytest

from coursekit.files import write_whole


def test_a_full_disk_is_told_with_the_name_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left", "/tmp/.notes.txt.draft")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)

    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(tmp_path / "notes.txt", b"")
    assert caught.value.filename == str(tmp_path / "notes.txt")
