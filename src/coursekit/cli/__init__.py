"""The command `coursekit`."""

from coursekit.cli.app import app

__all__ = ["app"]
