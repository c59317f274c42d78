"""Fixtures for more than one test module."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import settings

from exercise_source import EXERCISE

pytest_plugins = ["pytester"]

# No example may fail because the machine was busy.
settings.register_profile("coursekit", deadline=None)
settings.load_profile("coursekit")


def pytest_xdist_auto_num_workers():
    """One more than there are cores: many tests wait for kernels and browsers."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def built_once(tmp_path_factory):
    """The tiny exercise, built in a folder of an instructor's, outside the course."""
    from coursekit.authoring.build import build

    path = tmp_path_factory.mktemp("instructor") / "97_tiny.md"
    path.write_text(EXERCISE, encoding="utf-8")
    report = build([path])
    assert report.passed, report.to_text()
    return path.parent


@pytest.fixture
def built(built_once, tmp_path):
    """A copy of the built exercise that a test may spoil."""
    return shutil.copytree(built_once, tmp_path / "copy")
