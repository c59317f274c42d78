"""Fixtures for more than one test module."""

pytest_plugins = ["pytester"]
