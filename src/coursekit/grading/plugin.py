"""pytest plugin: run notebooks under nbval and compare their outputs by meaning.

``pytest --coursekit lessons`` collects every notebook through nbval's own classes, runs
it in a real kernel and fails where a fresh output does not mean what the stored one
means.  Nothing heavy is imported here, because pytest loads this module in every run.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from coursekit.grading.items import CoursekitFile

CELL_TIMEOUT_SECONDS = 60.0
START_TIMEOUT_SECONDS = 60.0


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, all of which begin with ``--coursekit``."""
    group = parser.getgroup("coursekit", "Jupyter notebooks compared by meaning")
    group.addoption(
        "--coursekit",
        action="store_true",
        help="run every *.ipynb and compare fresh outputs with stored ones by meaning",
    )
    group.addoption(
        "--coursekit-cell-timeout",
        type=float,
        default=CELL_TIMEOUT_SECONDS,
        metavar="SECONDS",
        help="wall-clock limit of one cell (default: %(default)g)",
    )
    group.addoption(
        "--coursekit-start-timeout",
        type=float,
        default=START_TIMEOUT_SECONDS,
        metavar="SECONDS",
        help="limit for the start of a kernel (default: %(default)g)",
    )
    group.addoption(
        "--coursekit-kernel-name",
        metavar="NAME",
        help="kernel to use instead of the one that the notebook names; "
        "'python3' is always the Python that runs pytest",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse combinations of options that cannot work.

    Raises
    ------
    pytest.UsageError
        If nbval's plugin is switched off, or was itself asked to collect notebooks.
    """
    if not config.getoption("coursekit"):
        return
    if not hasattr(config.option, "nbval_lax"):
        raise pytest.UsageError(
            "--coursekit works on top of nbval: add -p nbval.plugin."
        )
    if config.option.nbval or config.option.nbval_lax:
        raise pytest.UsageError(
            "--coursekit replaces --nbval and --nbval-lax: drop them."
        )
    # nbval's items read this option for the limit that they hand to the kernel.
    config.option.nbval_cell_timeout = config.getoption("coursekit_cell_timeout")


def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> CoursekitFile | None:
    """Collect a notebook, when asked to."""
    if file_path.suffix != ".ipynb" or not parent.config.getoption("coursekit"):
        return None
    from coursekit.grading.items import CoursekitFile  # late: imports nbformat, 1 s

    file: CoursekitFile = CoursekitFile.from_parent(parent, path=file_path)
    return file
