"""The kernel of the course, wherever other Pythons have left theirs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from coursekit.student.kernels import CourseKernels

SPEC = {"argv": ["/usr/bin/elsewhere", "{connection_file}"], "display_name": "Other"}


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CourseKernels:
    """Two kernels that another Python has installed where Jupyter looks first."""
    for name in ("python3", "other"):
        folder = tmp_path / "kernels" / name
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps({**SPEC, "language": name}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    return CourseKernels()


def test_python3_is_the_python_that_has_the_course(kernels: CourseKernels) -> None:
    assert kernels.get_kernel_spec("python3").argv[0] == sys.executable
    assert kernels.get_all_specs()["python3"]["spec"]["argv"][0] == sys.executable


def test_kernels_of_other_names_are_as_they_were(kernels: CourseKernels) -> None:
    assert kernels.get_kernel_spec("other").argv[0] == "/usr/bin/elsewhere"
    assert set(kernels.find_kernel_specs()) >= {"python3", "other"}
