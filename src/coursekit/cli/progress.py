"""A progress bar for work over a second, shown to people and never to a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

# Called with what is done, how much there is, and what comes now.
Progress = Callable[[int, int, str], None]


@contextmanager
def progress_bar(label: str, *, after: float = 1.0) -> Iterator[Progress | None]:
    """Show on stderr how far some work is, if a person is watching.

    Parameters
    ----------
    label : str
        What is being done.
    after : float, default 1.0
        Seconds before the bar appears; quick work shows none.

    Yields
    ------
    callable or None
        To be called as ``progress(done, total, name)``; None if stderr is no terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None, visible=False)
        appear = Timer(after, lambda: bar.update(task, visible=True))
        appear.daemon = True
        appear.start()

        def show(done: int, total: int, name: str) -> None:
            said = f"{label} {name}"
            bar.update(task, completed=done, total=total, description=said)

        try:
            yield show
        finally:
            appear.cancel()
