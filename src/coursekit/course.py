"""Where the course's own files are: in a checkout, or inside an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from coursekit.errors import CoursekitError


@cache
def course_root() -> Path:
    """Find the folder that holds ``lessons``, ``exercises`` and ``data``.

    Returns
    -------
    pathlib.Path
        ``coursekit/_course`` of an installed wheel, else the top of the checkout.

    Raises
    ------
    CoursekitError
        If neither is there, so that the installation is broken.
    """
    package = Path(__file__).parent
    for root in (package / "_course", package.parents[1]):
        if (root / "data").is_dir() and (root / "lessons").is_dir():
            return root
    raise CoursekitError(
        f"The course's lessons and data are not beside {package}; "
        "install coursekit again, or run it from a checkout of its repository."
    )
