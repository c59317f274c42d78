"""The command `coursekit`."""

from coursekit.cli import (  # noqa: F401 - each adds its command
    analyse,
    collect,
    export,
    feedback,
    new,
    release,
    review,
    site,
    variant,
)
from coursekit.cli.app import app

__all__ = ["app"]
