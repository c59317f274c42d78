"""Files of a folder or a zip archive, which may have been made to do harm."""

from __future__ import annotations

import io
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from coursekit.errors import CoursekitError
from coursekit.grading.notebook import MAX_NOTEBOOK_BYTES, printable

MOST_FILES = 100_000
MOST_BYTES = 16 * 2**30  # of all files together, unpacked
MOST_INNER_FILES = 1_000  # of an archive that one student handed in
MOST_INNER_BYTES = 256 * 2**20
# What Python's zipfile raises at archives that are broken, or were made to break it.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
)
_HIDDEN = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints")
_UTF8 = 0x800
_ENCRYPTED = 0x1


class HarmfulFileError(CoursekitError):
    """A file in an archive or folder is not read, and why."""


@dataclass(frozen=True)
class File:
    """A file that can be read into memory, of at most 64 MiB.

    ``name`` is its path below the archive or folder, with ``/``, and holds nothing that
    leads out of it. ``read`` raises `HarmfulFileError`.
    """

    name: str
    read: Callable[[], bytes]


def list_files(path: Path) -> tuple[list[File], list[str]]:
    """List the files of a folder or a zip archive; nothing is written anywhere.

    Parameters
    ----------
    path : pathlib.Path
        A folder, a zip archive, or a single file.

    Returns
    -------
    tuple of list of File, and list of str
        Those that may be read, ordered by name, and a sentence for each that may not:
        links, devices, encrypted ones, names that lead out of the archive.

    Raises
    ------
    CoursekitError
        If there is no such file or folder, the archive is broken, or it holds more than
        100,000 files or 16 GiB.
    """
    if path.is_dir():
        return _list_folder(path)
    if not path.is_file():
        raise CoursekitError(f"{path} is no folder and no file; name a download.")
    if path.suffix.lower() == ".ipynb":
        return [File(path.name, partial(_read_file, path))], []
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise CoursekitError(
            f"{path} is no zip archive ({error}); download it again, or name a folder."
        ) from error
    return _list_archive(archive, printable(path.name))


def list_inner(content: bytes, name: str) -> tuple[list[File], list[str]]:
    """List the files of a zip archive that was handed in; see `list_files`.

    Raises
    ------
    HarmfulFileError
        If it is no zip archive, or holds over 1,000 files or 256 MiB.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN as error:
        raise HarmfulFileError(f"{printable(name)} is no zip archive") from error
    entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_INNER_FILES or size > MOST_INNER_BYTES:
        raise HarmfulFileError(
            f"{printable(name)} holds over {MOST_INNER_FILES:,} files or 256 MiB"
        )
    return _list_archive(archive, printable(name))


def _list_archive(archive: zipfile.ZipFile, name: str) -> tuple[list[File], list[str]]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise CoursekitError(f"{name} holds over {MOST_FILES:,} files.")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise CoursekitError(f"{name} holds over {MOST_BYTES >> 30} GiB.")
    files, faults = [], []
    for entry in entries:
        inner = _decode(entry).replace("\\", "/")
        if _is_hidden(inner):
            continue
        if fault := _find_fault(entry, inner):
            faults.append(f"{printable(inner)} {fault}.")
        else:
            files.append(File(inner, partial(_read_entry, archive, entry, inner)))
    return sorted(files, key=lambda file: file.name), faults


def _decode(entry: zipfile.ZipInfo) -> str:
    """Read a name that is UTF-8 without saying so, as macOS writes it."""
    if not entry.flag_bits & _UTF8:
        try:
            return entry.filename.encode("cp437").decode()
        except UnicodeError:
            pass
    return entry.filename


def _find_fault(entry: zipfile.ZipInfo, name: str) -> str:
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is a link or a device, and was left out"
    if entry.flag_bits & _ENCRYPTED:
        return "is encrypted, and was left out"
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "names a place outside the archive, and was left out"
    if ".." in PurePosixPath(name).parts:
        return "leads out of the archive, and was left out"
    if entry.file_size > MAX_NOTEBOOK_BYTES:
        return "is larger than 64 MiB, and was left out"
    return ""


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    try:
        with archive.open(entry) as stream:
            # What the archive says of its size may be a lie.
            content = stream.read(MAX_NOTEBOOK_BYTES + 1)
    except _BROKEN as error:
        raise HarmfulFileError(f"{printable(name)} cannot be unpacked") from error
    if len(content) > MAX_NOTEBOOK_BYTES:
        raise HarmfulFileError(f"{printable(name)} is larger than 64 MiB")
    return content


def _list_folder(path: Path) -> tuple[list[File], list[str]]:
    files, faults = [], []
    for number, (name, entry) in enumerate(_walk(path, "")):
        if number >= MOST_FILES:
            raise CoursekitError(f"{path} holds over {MOST_FILES:,} files.")
        if entry.is_file(follow_symlinks=False):
            files.append(File(name, partial(_read_file, Path(entry.path))))
        else:
            what = "is a link or a device, and links are not followed"
            faults.append(f"{printable(name)} {what}.")
    return files, faults


def _walk(folder: Path, below: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise CoursekitError(
            f"{folder} cannot be read ({error.strerror or error})."
        ) from error
    for entry in listed:
        name = f"{below}{entry.name}"
        if _is_hidden(name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), f"{name}/")
        else:
            yield name, entry


def _read_file(path: Path) -> bytes:
    from coursekit.errors import MalformedNotebookError
    from coursekit.grading.notebook import read_content

    try:
        return read_content(path)
    except MalformedNotebookError as error:
        raise HarmfulFileError(f"{printable(path.name)} {error.reason}") from error


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in _HIDDEN or part.startswith("._") for part in parts)
