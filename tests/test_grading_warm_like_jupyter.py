"""The warm kernel and ipykernel run the same cells and say the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from coursekit.grading.kernel import CourseKernel
from coursekit.grading.walls.limits import Limits
from coursekit.grading.walls.sandbox import raise_walls
from coursekit.grading.warm.kernel import Zygote
from warm_kernels import run_cell

_, *PARTS = Path(__file__).with_name("warm_cells.txt").read_text("utf-8").split("# %% ")
CELLS = {"null byte": "'\0'"} | dict(part.split("\n", 1) for part in PARTS)

# What differs between two runs of the same kernel: numbers, places, addresses.
_NEUTRAL = {
    re.compile(r"(/[\w/-]*/)?(ipykernel_\d+/)?\d+\.py(:\d+)?"): "cell.py",
    re.compile(r"[0-9a-f]{8}-[0-9a-f-]+(_\d+_\d+)?"): "request",
    re.compile(r"0x[0-9a-f]+"): "0x",
    re.compile(r"Thread-\d+"): "Thread",
}
_MODEL = re.compile(r"[0-9a-f]{32}")


def join_streams(messages):
    """Join neighbouring pieces of one stream."""
    joined = []
    for kind, content, *rest in messages:
        before = joined[-1] if joined else ("", {})
        names = before[1].get("name", ""), content.get("name")
        if kind == before[0] == "stream" and names[0] == names[1]:
            before[1]["text"] += content["text"]
        else:
            joined.append((kind, dict(content), *rest))
    return joined


def normalise(messages):
    """Leave out what differs between two runs, and tracebacks outside of the cells.

    Text in a row is one text, however it was sent, as in JupyterLab. ipykernel gives
    a program that a cell runs a terminal, which ends lines with CR LF.
    An endless recursion is shown by the warm kernel as Python does, in less time.
    """
    messages = join_streams(messages)
    for _, content, _ in messages:
        is_deep = content.get("ename") == "RecursionError"
        lines = () if is_deep else content.get("traceback", ())
        content["traceback"] = [*dict.fromkeys(n for n in lines if "File " not in n)]
    text = json.dumps(messages, default=repr).replace(r"\r\n", r"\n")
    for pattern, neutral in _NEUTRAL.items():
        text = pattern.sub(neutral, text)
    for number, model in enumerate(dict.fromkeys(_MODEL.findall(text))):
        text = text.replace(model, f"model {number}")
    return json.loads(text)


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What each kernel says to all cells, run one after the other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST")  # or ipykernel leaves the descriptors alone
        jupyter = CourseKernel("python3", cwd=str(tmp_path_factory.mktemp("cwd")))
    with Zygote(raise_walls("auto", Limits())) as zygote:
        kernels = {"jupyter": jupyter, "warm": zygote.fork()}
        said = {
            name: {about: run_cell(kernel, cell) for about, cell in CELLS.items()}
            for name, kernel in kernels.items()
        }
        for kernel in kernels.values():
            kernel.stop()
    return said


@pytest.mark.parametrize("about", CELLS)
def test_warm_kernel_says_what_ipykernel_says(said, about):
    jupyter, warm = (normalise(said[kernel][about]) for kernel in ("jupyter", "warm"))
    if about.startswith("shell"):  # a thread of ipykernel sends it, soon or late
        jupyter.sort(key=str)
        warm.sort(key=str)

    assert warm == jupyter
