import gc
import json
import os
import tracemalloc
from pathlib import Path

import pytest

from coursekit.errors import MalformedNotebookError
from coursekit.grading.notebook import parse_notebook, printable, read_notebook
from grading_notebooks import make_cell, make_notebook, make_solved, make_student, write

SOLVED = json.dumps(make_solved()).encode()


def changed(old, new):
    """Make the bytes of a notebook in which one thing is as no program writes it."""
    assert old in SOLVED
    return SOLVED.replace(old, new, 1)


def parse(content):
    return parse_notebook(content, Path("ada.ipynb"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b" \r\n", "is empty", id="blank"),
        pytest.param(bytes(4096), "is empty", id="zeros"),
        pytest.param(b"shares = [1]", "is not JSON", id="script"),
        pytest.param(b"\xff\xfe\x00", "is not JSON", id="no-text"),
        pytest.param(SOLVED[:400], "breaks off before its end", id="cut-in-a-string"),
        pytest.param(SOLVED[:-1], "breaks off before its end", id="cut-at-the-end"),
        pytest.param(b"PK\x03\x04\0\0", "is an archive; unpack it first", id="zip"),
        pytest.param(b"\x1f\x8b\x08", "is an archive; unpack it first", id="gzip"),
        pytest.param(b"%PDF-1.7", "is a PDF file", id="pdf"),
        pytest.param(b"\n<!DOCTYPE html>", "is a web page", id="html"),
        pytest.param(b"[" * 100_000, "is nested too deeply", id="too-deep"),
        pytest.param(b'{"a": ' * 10_000, "is nested too deeply", id="too-deep-objects"),
        pytest.param(b"[]", "has no cells", id="no-object"),
        pytest.param(b'{"cells": []}', "has no cells", id="no-cells"),
        pytest.param(b'{"cells": 7}', "has no cells", id="cells-of-no-kind"),
        pytest.param(b'{"cells": [null, 3]}', "has no cells", id="no-cell-is-one"),
        pytest.param(
            changed(b'"nbformat": 4', b'"nbformat": 5'),
            "is of an unknown notebook format 5",
            id="format-5",
        ),
        pytest.param(
            changed(b'"nbformat": 4', b'"nbformat": NaN'),
            "is of an unknown notebook format nan",
            id="format-that-is-no-number",
        ),
        pytest.param(
            changed(b'"nbformat": 4', b'"nbformat": [4]'),
            "is of an unknown notebook format;",
            id="format-of-no-kind",
        ),
        pytest.param(
            b'{"nbformat": 3, "worksheets": 7}',
            "is of the old notebook format 3 and cannot be converted",
            id="broken-format-3",
        ),
        pytest.param(
            json.dumps(make_notebook([make_cell("a", "#" * 2**24)])).encode(),
            "holds more than 16 MiB beside outputs",
            id="too-much-code",
        ),
    ],
)
def test_file_that_is_no_notebook_is_refused_with_the_reason(content, reason):
    with pytest.raises(MalformedNotebookError, match=reason):
        parse(content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + SOLVED, id="with-a-mark-at-the-beginning"),
        pytest.param(SOLVED.decode().encode("utf-16"), id="in-utf-16"),
        pytest.param(SOLVED.decode().encode("utf-32-le"), id="in-utf-32"),
        pytest.param(SOLVED + bytes(512), id="padded-with-zeros"),
        pytest.param(
            changed(b'"outputs": []', b'"outputs": ' + b"[" * 10**5 + b"]" * 10**5),
            id="deeply-nested-outputs",
        ),
        pytest.param(
            changed(b'"outputs": []', b'"outputs": [{"text": "]}\\"\\\\"}]'),
            id="brackets-and-quotes-in-outputs",
        ),
        pytest.param(
            changed(b'"outputs": []', b'"outputs": [], "n": ' + b"9" * 5000),
            id="number-of-many-digits",
        ),
        pytest.param(
            changed(b'"outputs": []', b'"outputs": [], "n": [NaN, 1e999]'),
            id="numbers-that-are-none",
        ),
        pytest.param(b'{"cells": [], ' + SOLVED[1:], id="key-given-twice"),
        pytest.param(
            changed(
                b'"metadata": {', b'"metadata": {"d": ' + b"[" * 500 + b"]" * 500 + b","
            ),
            id="deep-metadata",
        ),
    ],
)
def test_file_that_programs_write_differently_is_read_all_the_same(content):
    sources = [cell.source for cell in parse(content).cells]

    assert sources == [cell["source"] for cell in make_solved()["cells"]]


@pytest.mark.parametrize(
    ("content", "repair"),
    [
        pytest.param(
            changed(b"Turn", b"T\xfcrn"),
            "bytes that are no UTF-8 were replaced by question marks",
            id="latin-1",
        ),
        pytest.param(
            SOLVED + SOLVED,
            "what stood after the end of the notebook was left out",
            id="written-twice",
        ),
    ],
)
def test_file_that_had_to_be_mended_says_so(content, repair):
    assert parse(content).repairs == (repair,)


def test_outputs_attachments_and_widgets_are_not_kept():
    output = {"output_type": "display_data", "data": {"text/plain": "x"}}
    notebook = make_notebook([make_cell("a", "1", outputs=[output])])
    notebook["metadata"]["widgets"] = {"state": {}}

    read = parse(json.dumps(notebook).encode())

    assert read.cells[0].outputs == ()
    assert not read.metadata["widgets"]


def test_outputs_of_the_course_are_kept(tmp_path):
    output = {"output_type": "display_data", "data": {"text/plain": 10**30}}
    notebook = make_notebook([make_cell("a", "1", outputs=[output])])
    link = tmp_path / "link.ipynb"
    link.symlink_to(write(tmp_path / "own.ipynb", notebook))

    read = read_notebook(link, trusted=True)

    assert read.cells[0].outputs == (output,)


def test_memory_is_a_small_multiple_of_large_outputs(tmp_path):
    output = {"output_type": "stream", "text": ['<td class="a">\n'] * 500_000}
    notebook = make_student()
    notebook["cells"][0]["outputs"] = [output, {"data": {"x": [[], {}] * 500_000}}]
    path = write(tmp_path / "ada.ipynb", notebook)
    size = path.stat().st_size
    del notebook, output
    gc.collect()
    tracemalloc.start()

    read_notebook(path)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 10_000_000
    assert peak < 2 * size


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(lambda path: path.mkdir(), "is no file but a folder", id="folder"),
        pytest.param(os.mkfifo, "is no file but a pipe", id="pipe"),
        pytest.param(
            lambda path: path.symlink_to("/dev/zero"), "is a link", id="link-to-device"
        ),
        pytest.param(
            lambda path: path.symlink_to(write(path.parent / "own", make_solved())),
            "is a link, and links are not followed; hand in the notebook itself",
            id="link-to-a-notebook",
        ),
        pytest.param(
            lambda path: path.symlink_to("nowhere"), "is a link", id="dangling-link"
        ),
        pytest.param(lambda path: path, "cannot be read", id="nothing"),
        pytest.param(
            lambda path: path.touch() or os.truncate(path, 200 * 2**20),
            "is larger than 64 MiB; clear its outputs",
            id="200-mebibytes",
        ),
    ],
)
def test_what_is_no_ordinary_file_is_never_opened(tmp_path, monkeypatch, make, reason):
    path = tmp_path / "ada.ipynb"
    make(path)
    monkeypatch.delattr(os, "open")

    with pytest.raises(MalformedNotebookError, match=reason):
        read_notebook(path)


@pytest.mark.parametrize(
    "exchange",
    [
        pytest.param(os.mkfifo, id="pipe"),
        pytest.param(lambda path: path.symlink_to("/dev/zero"), id="link"),
    ],
)
def test_file_exchanged_before_it_is_opened_is_not_read(
    tmp_path, monkeypatch, exchange
):
    path = write(tmp_path / "ada.ipynb", make_solved())
    before = path.lstat()
    path.unlink()
    exchange(path)
    monkeypatch.setattr(Path, "lstat", lambda _path: before)

    with pytest.raises(MalformedNotebookError, match=r"cannot be read|is no file"):
        read_notebook(path)


def test_file_that_may_not_be_read_is_refused_with_the_reason(tmp_path, monkeypatch):
    path = write(tmp_path / "ada.ipynb", make_solved())

    def refuse(*_args):
        raise PermissionError(13, "Permission denied")

    # A stand-in, because whoever runs tests as root may read anything.
    monkeypatch.setattr(os, "open", refuse)

    with pytest.raises(MalformedNotebookError, match=r"cannot be read \(Permission"):
        read_notebook(path)


def test_half_an_emoji_is_cleaned_out_of_everything_that_is_passed_on():
    half = "\ud83d"
    cell = make_cell(f"a{half}", f"'{half}'", question=f"q{half}")
    notebook = make_notebook([cell], exercise=f"e{half}", version=f"v{half}")

    read = parse(json.dumps(notebook).encode())

    texts = [read.exercise, read.version, read.cells[0].id, read.cells[0].source]
    texts.append(read.cells[0].question)
    assert texts == ["e?", "v?", "a?", "'?'", "q?"]


def test_names_that_a_notebook_gives_itself_are_cut_and_cannot_steer_a_terminal():
    notebook = {**make_solved(), "metadata": {"coursekit": {"exercise": "\x1b" * 999}}}

    read = parse(json.dumps(notebook).encode())

    assert read.exercise == (r"\x1b" * 99)[:100]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        pytest.param("Zoë 李 O'Neil", "Zoë 李 O'Neil", id="letters"),
        pytest.param("a\nb\x1b[2J\0", r"a\nb\x1b[2J\x00", id="control-characters"),
        pytest.param("a\u202eb\u200b", r"a\u202eb\u200b", id="what-hides-or-turns"),
        pytest.param("a\udcff", r"a\udcff", id="bytes-of-no-encoding"),
        pytest.param("क\u200dष क\u200cष", "क\u200dष क\u200cष", id="joiners"),
    ],
)
def test_names_are_printed_so_that_they_show_what_they_hold(text, printed):
    assert printable(text) == printed
