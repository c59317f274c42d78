"""What a cell has put out is changed as JupyterLab would change it."""

from types import SimpleNamespace

import nbformat
import pytest

from coursekit.grading.live import LiveOutputs


def message(kind, **content):
    return {"msg_type": kind, "content": content}


def bundle(text):
    return {"data": {"text/plain": text}, "transient": {"display_id": "one"}}


@pytest.fixture
def cell():
    return SimpleNamespace(test_outputs=[])


@pytest.fixture
def live(cell):
    """A cell that has shown two displays under one id, kept as nbval keeps them."""
    live = LiveOutputs(cell)
    for text in ("first", "second"):
        shown = message("display_data", **bundle(text))
        live.lets_pass(shown)
        kept = nbformat.NotebookNode(data=shown["content"]["data"])
        cell.test_outputs.append(kept)
    return live


def test_an_update_changes_every_display_of_its_id(cell, live):
    live.lets_pass(message("update_display_data", **bundle("third")))

    assert [o.data["text/plain"] for o in cell.test_outputs] == ["third", "third"]


def test_an_update_after_a_clear_finds_nothing_to_change(cell, live):
    live.lets_pass(message("clear_output", wait=False))
    live.lets_pass(message("update_display_data", **bundle("third")))

    assert cell.test_outputs == []
    assert live.displays == {}


def test_a_clear_that_waits_comes_before_the_next_output(cell, live):
    live.lets_pass(message("clear_output", wait=True))
    kept = list(cell.test_outputs)
    live.lets_pass(message("stream", name="stdout", text="next"))

    assert len(kept) == 2
    assert cell.test_outputs == []
