"""Archives that were made to do harm, and those that were not."""

import os
import stat
import zipfile

import pytest

from coursekit.desk import archives
from coursekit.desk.archives import HarmfulFileError, list_files, list_inner
from coursekit.errors import CoursekitError
from desk_downloads import pack


def test_an_archive_and_its_folder_list_the_same(tmp_path):
    files = {"b/q.ipynb": b"1", "a.ipynb": b"2", "__MACOSX/._a.ipynb": b"3"}
    packed = pack(files, tmp_path / "all.zip")
    zipfile.ZipFile(packed).extractall(tmp_path / "all")

    for place in (packed, tmp_path / "all"):
        found, faults = list_files(place)

        assert [(one.name, one.read()) for one in found] == [
            ("a.ipynb", b"2"),
            ("b/q.ipynb", b"1"),
        ]
        assert faults == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../evil.ipynb", "leads out"),
        ("a/../../evil.ipynb", "leads out"),
        ("a\\..\\..\\evil.ipynb", "leads out"),
        ("/etc/evil.ipynb", "outside"),
        ("\\\\host\\evil.ipynb", "outside"),
        ("C:\\evil.ipynb", "outside"),
    ],
)
def test_names_that_lead_out_are_left_out_and_the_rest_is_read(tmp_path, name, said):
    found, faults = list_files(pack({name: b"", "ok.ipynb": b"1"}, tmp_path / "a.zip"))

    assert [one.name for one in found] == ["ok.ipynb"]
    assert len(faults) == 1
    assert said in faults[0]


def test_links_and_encrypted_files_are_left_out(tmp_path):
    link = zipfile.ZipInfo("link.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("secret.ipynb", "x")
    content = bytearray((tmp_path / "a.zip").read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.rindex(mark)
        content[at + offset] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    found, faults = list_files(tmp_path / "a.zip")

    assert found == []
    assert "link.ipynb is a link or a device" in faults[0]
    assert "secret.ipynb is encrypted" in faults[1]


def test_links_and_pipes_in_a_folder_are_left_out(tmp_path):
    (tmp_path / "x.txt").write_text("x")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.ipynb").symlink_to(tmp_path / "x.txt")
    (folder / "b").symlink_to(tmp_path)
    os.mkfifo(folder / "c.ipynb")
    found, faults = list_files(folder)

    assert found == []
    assert len(faults) == 3


def test_a_bomb_is_read_no_further_than_a_notebook_may_be(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_NOTEBOOK_BYTES", 1000)
    found, faults = list_files(pack({"a.ipynb": b"0" * 1001}, tmp_path / "a.zip"))

    assert found == []
    assert "larger than 64 MiB" in faults[0]


def test_an_archive_that_lies_about_its_size_is_found_out(tmp_path, monkeypatch):
    found, _ = list_files(pack({"a.ipynb": b"0" * 5000}, tmp_path / "a.zip"))
    monkeypatch.setattr(archives, "MAX_NOTEBOOK_BYTES", 1000)

    with pytest.raises(HarmfulFileError, match=r"a\.ipynb is larger"):
        found[0].read()


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [("MOST_FILES", 1, "over 1 files"), ("MOST_BYTES", 3, "over 0 GiB")],
)
def test_an_archive_of_too_much_is_refused(tmp_path, monkeypatch, limit, value, said):
    monkeypatch.setattr(archives, limit, value)

    with pytest.raises(CoursekitError, match=said):
        list_files(pack({"a": b"12", "b": b"34"}, tmp_path / "a.zip"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"words"])
def test_what_is_no_archive_is_refused_in_words(tmp_path, content):
    (tmp_path / "a.zip").write_bytes(content)

    with pytest.raises(CoursekitError, match="is no zip archive"):
        list_files(tmp_path / "a.zip")

    with pytest.raises(HarmfulFileError, match=r"x\.zip is no zip archive"):
        list_inner(content, "x.zip")


def test_a_file_whose_bytes_were_changed_is_said_to_be_broken(tmp_path):
    path = pack({"a.ipynb": b"words " * 100}, tmp_path / "a.zip")
    content = bytearray(path.read_bytes())
    content[40:50] = b"\xff" * 10
    path.write_bytes(content)
    found, _ = list_files(path)

    with pytest.raises(HarmfulFileError, match="cannot be unpacked"):
        found[0].read()


def test_names_in_utf8_that_do_not_say_so_are_read(tmp_path):
    path = pack({"aaaaaa.ipynb": b"1"}, tmp_path / "a.zip")
    path.write_bytes(path.read_bytes().replace(b"aaaaaa", "Әли".encode()))

    assert list_files(path)[0][0].name == "Әли.ipynb"


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(CoursekitError, match="no folder and no file"):
        list_files(tmp_path / "none.zip")
