"""Fixtures for more than one test module."""

from __future__ import annotations

import shutil

import pytest

from exercise_source import EXERCISE

pytest_plugins = ["pytester"]


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
