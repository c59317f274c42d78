"""A file that cannot be written is named by its own name."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

import pytest

from coursekit.files import write_new, write_whole


def test_a_full_disk_is_told_with_the_name_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left", "/tmp/.notes.txt.draft")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)

    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(tmp_path / "notes.txt", b"")
    assert caught.value.filename == str(tmp_path / "notes.txt")


def test_a_new_file_that_cannot_be_written_whole_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left")

    monkeypatch.setattr(Path, "chmod", refuse)  # once the file has been opened

    with pytest.raises(OSError, match="No space left") as caught:
        write_new(tmp_path / "notes.txt", b"", private=True)
    assert caught.value.filename == str(tmp_path / "notes.txt")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_no_new_one_and_stays(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(FileExistsError):
        write_new(tmp_path / "notes.txt", b"ours")
    assert (tmp_path / "notes.txt").read_text() == "mine"
