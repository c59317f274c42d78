"""Releases on the disk: what is the same, what was edited, and what is half there."""

import shutil
from pathlib import Path

import pytest

from coursekit.desk.bundles import Bundle, find_same, move_draft, write_draft

BUNDLES = {
    "": Bundle({"a/b.txt": b"1", "c.txt": b"2"}, {"05": "0a"}),
    "s1": Bundle({"a/b.txt": b"3", "c.txt": b"2"}, {"05": "0b"}),
    "s2": Bundle({"a/b.txt": b"1", "c.txt": b"2"}, {"05": "0a"}),
}


def write(home, name="draft"):
    """Write a draft into a folder of its own beside what was released."""
    folder = home / f".new-{name}"
    folder.mkdir(parents=True)
    write_draft(folder / "draft", BUNDLES, {"course": "x"})
    return folder / "draft"


def test_students_with_one_variant_get_the_same_bytes(tmp_path):
    draft = write(tmp_path)
    own = {s: Path(f"{draft}-for", f"{s}.zip").read_bytes() for s in ("s1", "s2")}

    assert own["s2"] == Path(f"{draft}.zip").read_bytes()
    assert own["s1"] != own["s2"]


def test_what_was_released_is_found_again(tmp_path):
    place = move_draft(write(tmp_path), tmp_path / "02")

    assert place == tmp_path / "02"
    assert find_same(tmp_path, write(tmp_path, "again")) == place


@pytest.mark.parametrize(
    "harm",
    [
        lambda place: (place / "c.txt").write_bytes(b"x"),
        lambda place: (place / "more.txt").touch(),
        lambda place: Path(f"{place}.zip").write_bytes(b"x"),
        lambda place: Path(f"{place}.zip").unlink(),
        lambda place: Path(f"{place}.record.json").unlink(),
        lambda place: Path(f"{place}.record.json").write_text("x", encoding="utf-8"),
        lambda place: Path(f"{place}-for", "s1.zip").unlink(),
        lambda place: shutil.rmtree(f"{place}-for"),
        shutil.rmtree,
    ],
)
def test_what_was_edited_or_is_half_there_is_left_and_not_taken_for_a_release(
    tmp_path, harm
):
    first = move_draft(write(tmp_path), tmp_path / "02")
    harm(first)
    draft = write(tmp_path, "again")

    assert find_same(tmp_path, draft) is None
    assert move_draft(draft, tmp_path / "02") == tmp_path / "02-2"
    assert find_same(tmp_path, write(tmp_path, "third")) == tmp_path / "02-2"


def test_a_release_that_was_interrupted_leaves_no_record(tmp_path, monkeypatch):
    draft = write(tmp_path)
    rename = Path.rename

    def stop(self, target):
        if target.name == "02-for":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stop)
    with pytest.raises(KeyboardInterrupt):
        move_draft(draft, tmp_path / "02")

    assert not (tmp_path / "02.record.json").exists()
    assert move_draft(write(tmp_path, "again"), tmp_path / "02") == tmp_path / "02-2"
