"""The command `coursekit`."""

from coursekit.cli import collect, export, new, review, variant  # noqa: F401 - each adds its command
from coursekit.cli.app import app

__all__ = ["app"]
