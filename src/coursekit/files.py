"""Writing files so that nothing is lost."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Write a file whole or not at all, so that a killed run leaves no half file.

    Parameters
    ----------
    file : pathlib.Path
        Where to; folders are made, and what stands there is replaced.
    content : bytes
        All of it.

    Raises
    ------
    OSError
        With the name of ``file``, whatever could not be written.
    """
    try:
        _write(file, content)
    except OSError as error:
        error.filename = str(file)  # a full disk names none, others the draft
        raise


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        draft.chmod(0o644)  # mkstemp's 0600 would hide the copy from a shared group
        draft.replace(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_new(file: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file that is not there yet; what cannot be written whole is removed.

    Parameters
    ----------
    file : pathlib.Path
        Where to, in a folder that is there.
    content : bytes
        All of it.
    private : bool, default False
        Whether only its owner may read it.

    Raises
    ------
    FileExistsError
        If there is a file; it stays as it is.
    OSError
        With the name of ``file``, if it cannot be written.
    """
    stream = file.open("xb")
    try:
        with stream:
            if private:
                file.chmod(0o600)
            stream.write(content)
    except BaseException as error:  # half a file would be taken for a whole one
        file.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(file)
        raise
