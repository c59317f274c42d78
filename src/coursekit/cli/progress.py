"""How far long work is: a bar for people who watch, now and then a line for a log."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coursekit.grading.grade import Step

# Called with what is done, how much there is, and what comes now or was found so far.
Progress = Callable[[int, int, str], None]


@contextmanager
def progress_bar(
    label: str, *, after: float = 1.0, every: float = 300.0
) -> Iterator[Progress]:
    """Show on stderr how far some work is.

    Parameters
    ----------
    label : str
        What is being done.
    after : float, default 1.0
        Seconds before the bar appears; quick work shows none.
    every : float, default 300.0
        Seconds between two lines, where stderr is no terminal but a log.

    Yields
    ------
    callable
        To be called as ``progress(done, total, note)``.
    """
    if not sys.stderr.isatty():
        yield _write_lines(label, every)
        return
    from rich.console import Console, Group
    from rich.live import Live
    from rich.progress import Progress as Bar
    from rich.text import Text

    # What is left is reckoned from the last minutes, as single steps may take one.
    bar, below = Bar(speed_estimate_period=300), Text()
    task = bar.add_task(label, total=None)
    live = Live(Group(bar, below), console=Console(stderr=True), transient=True)
    appear = Timer(after, live.start)
    appear.daemon = True
    appear.start()

    def show(done: int, total: int, note: str) -> None:
        bar.update(task, completed=done, total=total)
        below.plain = note

    try:
        yield show
    finally:
        appear.cancel()
        appear.join()
        live.stop()


def _write_lines(label: str, every: float) -> Progress:
    written = time.monotonic()

    def show(done: int, total: int, note: str) -> None:
        nonlocal written
        if time.monotonic() - written >= every:
            written = time.monotonic()
            sys.stderr.write(f"{label}: {done} of {total}; {note}\n")

    return show


class Tally:
    """Counts the judgements of a run of grading, and says how quickly it goes.

    Parameters
    ----------
    progress : callable
        Is told of what was to be judged; what the gradebook had takes no time.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._began = time.monotonic()
        self._judgements: Counter[str] = Counter()
        self._judged = self._kept = 0

    def __call__(self, step: Step) -> None:
        """Count the latest grade."""
        self._judged, self._kept = step.done - step.kept, step.kept
        if step.grade is not None:
            self._judgements.update(
                str(question.judgement or "awaiting review")
                for question in step.grade.questions
            )
        self._progress(self._judged, step.total - step.kept, self._note())

    def __str__(self) -> str:
        noun = "submission" if self._judged == 1 else "submissions"
        said = f"Graded {self._judged} {noun} in {self._minutes():.1f} minutes"
        return _join(said, self._rate(), self._taken()) + "."

    def _note(self) -> str:
        counts = self._judgements.most_common()
        counted = ", ".join(f"{count} {name}" for name, count in counts)
        return _join(self._rate(), counted, self._taken())

    def _rate(self) -> str:
        rate = f"{self._judged / self._minutes():.0f} a minute"
        return rate if self._judged else ""

    def _taken(self) -> str:
        return f"the gradebook had {self._kept}" if self._kept else ""

    def _minutes(self) -> float:
        return max(time.monotonic() - self._began, 1e-3) / 60


def _join(*parts: str) -> str:
    return "; ".join(filter(None, parts))
