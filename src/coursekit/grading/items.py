"""nbval's file and cell items, made to compare by meaning and to end in time."""

from __future__ import annotations

import math
import re
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nbval.plugin import (
    IPyNbCell,
    IPyNbFile,
    NbCellError,
    comment_markers,
    metadata_tags,
)

from coursekit.errors import MalformedNotebookError
from coursekit.grading.kernel import (
    CourseKernel,
    KernelDiedError,
    OutputLimitError,
    WatchedMessages,
)
from coursekit.grading.live import LiveOutputs
from coursekit.grading.meaning import (
    WIDGET_MIME,
    WidgetStates,
    compare_outputs,
    compare_widgets,
    stored_widgets,
)
from coursekit.grading.outcome import CellFailedError, CellOutcome
from coursekit.grading.reading import read_cell_names

RAISES_EXCEPTION = "raises-exception"
SETTLE_SECONDS = 5.0
TRACEBACK_LINES = 12
EVALUE_CHARACTERS = 200

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


# misc, in each class below: nbval ships no types, so its classes are Any to mypy.
class CoursekitFile(IPyNbFile):  # type: ignore[misc]  # see above
    """One notebook: its cells, its kernel, the widgets that it shows."""

    nb: Any = None
    kernel: Any = None
    lost: str = ""  # why there is no kernel (any more)
    fault: str = ""  # why the notebook was not run to its end
    # Set by who runs many notebooks in one session: what gives a fresh kernel, and when
    # the time for this notebook is over.
    fresh_kernel: Callable[[], WatchedMessages] | None = None
    deadline = math.inf

    def start_kernel(self) -> WatchedMessages:
        """Start the kernel that runs this notebook.

        The one place where a kernel comes from.  What it returns has the methods of
        nbval's ``RunningKernel`` and those of `WatchedMessages`.
        """
        if self.fresh_kernel is not None:
            return self.fresh_kernel()
        option = self.config.option
        spec = self.nb.metadata.get("kernelspec", {})
        return CourseKernel(
            option.coursekit_kernel_name or spec.get("name", ""),
            cwd=str(self.path.parent),
            startup_timeout=option.coursekit_start_timeout,
        )

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each code cell, and one for the widgets, if there are any.

        A file that is no notebook becomes an item that fails, because an error in
        collecting would keep pytest from running all other notebooks.
        """
        try:
            names = read_cell_names(self.path)
        except MalformedNotebookError as error:
            yield BrokenNotebook.from_parent(
                self, name="notebook", about="notebook", reason=error.reason
            )
            return
        with warnings.catch_warnings():
            # nbval warns of markers that contradict each other; here none has power.
            warnings.simplefilter("ignore")
            items = list(super().collect())
        for item, (cell_id, name) in zip(items, names, strict=True):
            yield CoursekitCell.from_parent(
                self,
                name=name,
                cell_num=item.cell_num,
                cell=item.cell,
                options=item.options,  # set by the cell itself, in setup
                cell_id=cell_id,
            )
        if any(_shows_widget(item.cell) for item in items):
            yield WidgetsAtTheEnd.from_parent(self, name="widgets", about="widgets")

    def setup(self) -> None:
        """Start the kernel; a failure to do so is told by every cell, at once."""
        if self.nb is None:
            return  # the file is broken, and its only item says so
        self.widgets = WidgetStates()
        self.stored_models = stored_widgets(self.nb.metadata)
        self.views: list[tuple[str, str, str]] = []  # cell, stored id, fresh id
        try:
            self.kernel = self.start_kernel()
        except Exception as error:  # noqa: BLE001  # many kinds, and all mean this
            self.lost = self.fault = f"the kernel could not be started: {error}"

    def begin(self, cell: CoursekitCell) -> None:
        """Make ready for a cell; fails at once if no kernel or no time is left."""
        left = self.deadline - time.monotonic()
        if not self.lost and left <= 0:
            self.lost = self.fault = "the time for the whole notebook was over"
        if not self.lost and not self.kernel.is_alive():
            self.lost = "the kernel died between two cells"
        if self.lost:
            raise CellFailedError("not_run", f"not run: {self.lost}")
        # nbval's items read their limit here.
        limit = self.config.option.coursekit_cell_timeout
        self.config.option.nbval_cell_timeout = min(limit, left)
        self.timed_out = False
        self.live = LiveOutputs(cell)
        self._read_until: float | None = None
        self.kernel.watch()

    def get_kernel_message(
        self, timeout: float | None = None, stream: str = "iopub"
    ) -> dict[str, Any]:
        """Hand nbval the next message; the timeout counts once for all of a cell.

        nbval reads the other streams from the kernel itself.
        """
        if stream != "iopub":
            raise ValueError(stream)
        if self._read_until is None:
            self._read_until = time.monotonic() + (timeout or 0.0)
        while True:
            left = self._read_until - time.monotonic()
            message: dict[str, Any] = self.kernel.get_output(timeout=left)
            self.widgets.hear(message)
            own = message["parent_header"].get("msg_id") == self.kernel.msg_id
            if not own or self.live.lets_pass(message):
                return message

    def teardown(self) -> None:
        """Stop the kernel, also one that died, whose connection is still open."""
        if self.kernel is not None:
            self.kernel.stop()


class CoursekitCell(IPyNbCell):  # type: ignore[misc]  # see above
    """One code cell, run by nbval and compared by meaning.

    Attributes
    ----------
    outcome : CellOutcome
        What became of the cell; complete once it has run.  The report carries its
        summary in ``user_properties`` under ``"coursekit"``.
    """

    def __init__(self, *, cell_id: str, **nbval: Any) -> None:
        super().__init__(**nbval)
        self.outcome = CellOutcome(cell_id)
        limit = self.config.option.coursekit_cell_timeout
        self.output_timeout = min(SETTLE_SECONDS, limit)

    def setup(self) -> None:
        """Switch every comparison on, whoever touched nbval's options meanwhile.

        nbval's own setup would expect all cells after a timeout to fail.
        """
        self.options.update(check=True, check_exception=True, skip=False)

    def runtest(self) -> None:
        """Run the cell and record what became of it."""
        started = time.monotonic()
        try:
            self._run()
        except CellFailedError as failure:
            self._record(failure, started)
            raise
        except Exception as error:  # a message that breaks the protocol, most likely
            kind = type(error).__name__
            line = f"its outputs could not be read or compared ({kind}: {error})"
            trace = traceback.format_exc(limit=-3)
            broken = CellFailedError("error", line, kind, str(error), trace)
            self._record(broken, started)
            raise broken from error
        else:
            self._record(None, started)

    def compare_outputs(self, test: Any, ref: Any, _skip_compare: Any = None) -> bool:
        """Compare by meaning: nbval's hook for it, called when the cell has run."""
        self._refuse_failed_run()
        found = compare_outputs(ref, test, compare_views=self._note_views)
        if found:
            raise CellFailedError("differs", found)
        return True

    def stop(self) -> None:
        """Stop the kernel: nbval calls this, but has it on the kernel alone."""
        self.parent.kernel.stop()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:
        """Say in one line what differs and where; a traceback of the cell follows."""
        return _say_failure(self.name, excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the cell by what it is, not by a number."""
        return self.path, 0, f"{self.path.stem}: {self.name}"

    def _record(self, failure: CellFailedError | None, started: float) -> None:
        self.outcome.outputs = self.test_outputs or []
        self.outcome.seconds = time.monotonic() - started
        _record(self, failure)

    def _run(self) -> None:
        if not self.cell.source.strip() and not self.cell.outputs:
            return  # Jupyter does not run an empty cell either
        self.parent.begin(self)
        try:
            super().runtest()
        except KernelDiedError as error:
            self._lose_kernel("the kernel died", error.status, str(error), error.ename)
        except OutputLimitError as error:
            kind, line = type(error).__name__, str(error)
            if not self.parent.kernel.settle(self.output_timeout):
                self._lose_kernel("the kernel was stopped", "error", line, kind)
            raise CellFailedError("error", line, kind, line) from error
        except NbCellError:
            if not self.parent.kernel.is_alive():
                self._say_stopped()
        self._refuse_failed_run()
        if self.cell.execution_count is None:
            line = "was never run, so nothing can be compared; run `coursekit build`"
            raise CellFailedError("differs", line)
        for marker in self._powerless_markers():
            line = f"{marker} switches off checks and has no power here; remove it"
            raise CellFailedError("differs", line)

    def _refuse_failed_run(self) -> None:
        """Fail if the cell did not come to its end, or not to the end it should."""
        if self.parent.timed_out:
            limit = self.config.option.nbval_cell_timeout
            line = f"took longer than {limit:g} s and was interrupted"
            raise CellFailedError("timed_out", line)
        raised = next((out for out in self.test_outputs or [] if "ename" in out), None)
        if raised is not None and RAISES_EXCEPTION not in _tags(self.cell):
            ename, evalue = str(raised["ename"]), str(raised["evalue"])
            line = f"raised {ename}: {evalue[:EVALUE_CHARACTERS]}"
            trace = _shorten(raised["traceback"])
            raise CellFailedError("error", line, ename, evalue, trace)

    def _say_stopped(self) -> None:
        """Fail because nbval stopped the kernel, which had not come to rest."""
        if self.parent.timed_out:
            limit = self.config.option.nbval_cell_timeout
            line = f"took longer than {limit:g} s and could not be interrupted"
            self._lose_kernel("the kernel was stopped", "timed_out", line)
        line = "the kernel answered but never came to rest, so it was stopped"
        self._lose_kernel("the kernel was stopped", "kernel_died", line)

    def _lose_kernel(self, what: str, status: Any, line: str, ename: str = "") -> None:
        self.parent.lost = f"{what} in cell {self.name}"
        self.parent.kernel.stop()
        raise CellFailedError(status, line, ename)

    def _powerless_markers(self) -> Iterator[str]:
        """Find nbval's markers that would switch a comparison off."""
        powerful = (RAISES_EXCEPTION, "nbval-check-output", "NBVAL_CHECK_OUTPUT")
        for tag in _tags(self.cell):
            if tag in metadata_tags and tag not in powerful:
                yield f"the tag {tag!r}"
        for line in map(str.strip, self.cell.source.splitlines()):
            words = line.lstrip("#").strip()
            if line[:1] == "#" and words in comment_markers and words not in powerful:
                yield f"the comment {words!r}"

    def _note_views(self, stored_id: str, fresh_id: str) -> str | None:
        """Keep two views for the end: only the last state of a widget is stored."""
        if stored_id not in self.parent.stored_models:
            return (
                "widget: its state is not stored in the notebook, so nothing can be "
                "compared; run `coursekit build`"
            )
        self.parent.views.append((self.name, stored_id, fresh_id))
        return None


class PlainItem(pytest.Item):
    """An item that runs no cell, but reports as the cells do."""

    def __init__(self, *, name: str, parent: pytest.File, about: str) -> None:
        super().__init__(name, parent)
        self.outcome = CellOutcome(about)

    def find_failure(self) -> CellFailedError | None:
        """Say what is wrong, if anything is."""
        raise NotImplementedError

    def runtest(self) -> None:
        """Fail with what was found."""
        failure = self.find_failure()
        _record(self, failure)
        if failure:
            raise failure

    def repr_failure(  # type: ignore[override]  # pytest allows text, and nbval gives it
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> str:
        """Say in one line what is wrong."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the item in the report."""
        return self.path, 0, f"{self.path.stem}: {self.name}"


class WidgetsAtTheEnd(PlainItem):
    """Compares the widgets of a notebook, once its last cell has run.

    A notebook file holds one state for each widget, that after the last cell.  A cell
    that moves a widget shown before it would otherwise make the earlier cell fail.
    """

    parent: Any  # the CoursekitFile, whose base class is Any to mypy

    def find_failure(self) -> CellFailedError | None:
        """Compare each pair of views that was shown."""
        found = [
            f"{cell}: {line}"
            for cell, *ids in self.parent.views
            if (line := self._compare(*ids))
        ]
        if not found:
            return None
        more = f" (and {len(found) - 1} more differ)" if len(found) > 1 else ""
        return CellFailedError("differs", found[0] + more)

    def _compare(self, stored_id: str, fresh_id: str) -> str | None:
        def compare_held(old: Any, new: Any) -> str | None:
            return compare_outputs(old, new, compare_views=self._compare)

        stored, fresh = self.parent.stored_models, self.parent.widgets.models
        return compare_widgets(stored, fresh, (stored_id, fresh_id), compare_held)


class BrokenNotebook(PlainItem):
    """Stands for a file that is no notebook, and fails."""

    def __init__(self, *, reason: str, **plain: Any) -> None:
        super().__init__(**plain)
        self.reason = reason

    def find_failure(self) -> CellFailedError:
        """Give the reason."""
        return CellFailedError("not_run", f"{self.path.name}: {self.reason}")


def _record(item: Any, failure: CellFailedError | None) -> None:
    if failure:
        item.outcome.status, item.outcome.line = failure.status, failure.line
        item.outcome.ename, item.outcome.evalue = failure.ename, failure.evalue
    item.user_properties.append(("coursekit", item.outcome.summary()))


def _say_failure(name: str, error: BaseException) -> str:
    trace = getattr(error, "traceback", "")
    return f"{name}: {error}" + (f"\n\n{trace}" if trace else "")


def _tags(cell: Any) -> list[str]:
    return [tag for tag in cell.metadata.get("tags", []) if isinstance(tag, str)]


def _shorten(trace: list[str]) -> str:
    """Cut a traceback to its last lines, without colours."""
    lines = _COLOURS.sub("", "\n".join(map(str, trace))).splitlines()
    return "\n".join(lines[-TRACEBACK_LINES:])


def _shows_widget(cell: Any) -> bool:
    return any(WIDGET_MIME in output.get("data", {}) for output in cell.outputs)
