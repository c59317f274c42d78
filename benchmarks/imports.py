"""Time what a student waits for: the import, the data, and the first page.

Run it with ``uv run --group dev python benchmarks/imports.py``. Every figure is the
median of fresh processes on a warm disk. It exits with 1 if a limit is missed.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ADDRESS = re.compile(r"http://(localhost|127\.0\.0\.1):\d+/\S*token=")

IMPORT = """
import time
{before}
began = time.perf_counter()
import {module}
print(time.perf_counter() - began)
"""
# The first load pays for pandas' own first steps, so each name is loaded second too.
LOADS = """
import time
from coursekit.evidence.tables import dataset_names, load
first, *others = sorted(dataset_names(), reverse={turned})
load(first)
for name in others:
    began = time.perf_counter()
    load(name)
    print(name, time.perf_counter() - began)
"""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One thing measured, in seconds, with the limit it is held to."""

    name: str
    seconds: float
    limit: float | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the limit is kept, if there is one."""
        return self.limit is None or self.seconds < self.limit

    def __str__(self) -> str:
        limit = "" if self.limit is None else f"  (limit {1000 * self.limit:.0f} ms)"
        missed = "" if self.is_kept else "  MISSED"
        return f"{self.name:<46} {1000 * self.seconds:8.1f} ms{limit}{missed}"


def run_python(code: str) -> str:
    """Run code in a fresh Python and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout


def time_import(module: str, *, before: str = "", runs: int = 9) -> float:
    """Time an import in fresh processes, in seconds."""
    code = IMPORT.format(module=module, before=before)
    return median(float(run_python(code)) for _ in range(runs))


def time_loads(*, runs: int = 5) -> dict[str, float]:
    """Time the load of each dataset after that of another one, in seconds."""
    seconds: dict[str, list[float]] = {}
    for turned in [False, True] * runs:
        for line in run_python(LOADS.format(turned=turned)).splitlines():
            name, taken = line.split()
            seconds.setdefault(name, []).append(float(taken))
    return {name: median(taken) for name, taken in seconds.items()}


def time_address(command: list[str], *, runs: int = 3) -> float:
    """Time a server from its start to the line with its address, in seconds."""
    return median(_time_address_once(command) for _ in range(runs))


def _time_address_once(command: list[str]) -> float:
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    for line in process.stdout or ():
        said.append(line)
        if ADDRESS.search(line):
            taken = time.perf_counter() - began
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
            return taken
    raise RuntimeError(f"{command} printed no address:\n{''.join(said)}")


def measure_lab() -> tuple[Figure, Figure]:
    """Time `coursekit lab` and, on the same folder, bare `jupyter lab`."""
    with tempfile.TemporaryDirectory() as folder:
        copy = str(Path(folder) / "course")
        ours = [sys.executable, "-m", "coursekit", "lab", copy, "--no-browser"]
        _time_address_once(ours)  # the first makes the copy, and warms the disk
        bare = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        bare.append(f"--ServerApp.root_dir={copy}")
        return (
            Figure(name="coursekit lab, address", seconds=time_address(ours), limit=5),
            Figure(name="jupyter lab, address", seconds=time_address(bare)),
        )


def main() -> int:
    """Measure, print, and say by the exit status whether every limit is kept."""
    pandas = Figure(name="import pandas", seconds=time_import("pandas"))
    own = Figure(
        name="import coursekit after pandas",
        seconds=time_import("coursekit", before="import pandas"),
        limit=0.050,
    )
    figures = [pandas, own]
    figures += [
        Figure(name=f"load({name!r}) after a first load", seconds=taken, limit=0.015)
        for name, taken in time_loads().items()
    ]
    ours, bare = measure_lab()
    figures += [ours, bare]
    print(*figures, sep="\n")
    print(f"import coursekit / import pandas: {own.seconds / pandas.seconds:.3f}")
    print(f"coursekit lab / jupyter lab:      {ours.seconds / bare.seconds:.2f}")
    return 0 if all(figure.is_kept for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
