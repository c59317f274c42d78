"""The code keeps the rules that pyproject.toml sets: lint, format and types."""

from __future__ import annotations

import subprocess
import sys

import pytest

from coursekit.course import course_root


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "check"], id="lint"),
        pytest.param(["ruff", "format", "--check"], id="format"),
        pytest.param(["mypy"], id="types"),
    ],
)
def test_the_code_is_clean(command):
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=course_root(),
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
