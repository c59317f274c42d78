"""What a student's kernel holds in memory after lesson 05, for who runs a JupyterHub.

Proportional set sizes: memory that processes share is counted once, divided among them.
Ordinary kernels share little but the pages of their libraries; kernels forked from a
process that has imported them share what they import. Prints mebibytes, medians over
the kernels.

    uv run --group dev python benchmarks/memory.py
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from statistics import median

import psutil
from jupyter_client.manager import KernelManager

from coursekit.course import course_root

LESSON = "lessons/05_forty_five_interventions.ipynb"
IMPORTED = "import pandas, plotly.express, ipywidgets, coursekit.widgets"
MEBIBYTE = 2**20


def main() -> None:
    """Measure both ways, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kernels", type=int, default=4)
    number = parser.parse_args().kernels
    cells = json.loads((course_root() / LESSON).read_bytes())["cells"]
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    for name, sizes in (
        ("ordinary kernels", measure_ordinary(sources, number)),
        ("forked after the imports", measure_forked(sources, number)),
    ):
        each = median(sizes) / MEBIBYTE
        print(f"{name:26} {each:6.0f} MiB each, of {number} at one time")


def measure_ordinary(sources: list[str], number: int) -> list[int]:
    """Give the proportional set sizes of Jupyter kernels that have run the cells."""
    managers = [KernelManager(kernel_name="python3") for _ in range(number)]
    try:
        for manager in managers:
            manager.start_kernel()
            client = manager.blocking_client()
            client.start_channels()
            client.wait_for_ready(timeout=60)
            for source in sources:
                client.execute_interactive(
                    source, timeout=120, output_hook=lambda _message: None
                )
            client.stop_channels()
        return [size_of(manager.provisioner.pid) for manager in managers]
    finally:
        for manager in managers:
            if manager.has_kernel:
                manager.shutdown_kernel(now=True)


def measure_forked(sources: list[str], number: int) -> list[int]:
    """Give the sizes of children that ran the cells after a fork with all imported."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    shell.run_cell(IMPORTED)
    children = []
    for _ in range(number):
        told, tell = os.pipe()
        child = os.fork()
        if not child:
            with capture_output():
                for source in sources:
                    shell.run_cell(source)
            os.write(tell, b"done")
            os.read(os.pipe()[0], 1)  # stays until it is ended
        os.read(told, 4)
        children.append(child)
    try:
        return [size_of(child) for child in children]
    finally:
        for child in children:
            psutil.Process(child).kill()
            os.waitpid(child, 0)


def size_of(process: int) -> int:
    """Give the proportional set size of a process in bytes."""
    return int(psutil.Process(process).memory_full_info().pss)


if __name__ == "__main__":
    sys.exit(main())
