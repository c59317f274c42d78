"""Find what belongs where in a submission, and say what was not in its place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from coursekit.grading.frame import Cell, Frame, Notebook


@dataclass(frozen=True)
class Repair:
    """Something in a submission that was not as the course gave it, and what was done.

    ``kind`` is one of copied, split, missing, moved, retagged, converted, changed,
    unmarked, added, foreign and outdated; ``text`` says it in words.
    """

    kind: str
    question: str
    text: str


@dataclass
class Matching:
    """A submission beside a frame: ``home`` maps frame cell ids to student's cells."""

    frame: Frame
    submission: Notebook
    home: dict[str, Cell] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Ids count cells, so those of another version name other cells.
        if self.is_outdated:
            cells = tuple(
                replace(cell, id="", grade_id="") for cell in self.submission.cells
            )
            self.submission = replace(self.submission, cells=cells)

    @property
    def is_outdated(self) -> bool:
        """Whether the notebook was made from another version of the exercise."""
        return self.submission.version not in ("", self.frame.version)

    def anchor_frame_cells(self) -> None:
        """Find the course's own cells, by id or else by unchanged source."""
        given = [
            cell
            for cell in self.frame.notebook.cells
            if cell.id not in self.frame.placeholders
        ]
        for cell in given:
            found = [c for c in self.submission.cells if c.id and c.id == cell.id]
            if found:
                self.home[cell.id] = found[0]
        taken = self._taken()
        for cell in given:
            found = [
                c
                for c in self.submission.cells
                if c.index not in taken
                and c.kind == cell.kind
                and (
                    text_of(c) == text_of(cell) != ""
                    or c.course.get("check", "") == cell.course.get("check")
                )
            ]
            if cell.id not in self.home and len(found) == 1:
                self.home[cell.id] = found[0]
                taken.add(found[0].index)

    def find_answer(self, cell: Cell) -> None:
        """Find an answer by its id or by the question in its metadata."""
        taken = self._taken()
        free = [c for c in self.submission.cells if c.index not in taken]
        own = [c for c in free if c.id and c.id == cell.id]
        copies = [c for c in free if c.id != cell.id and self._claims(c, cell)]
        edited_own = [c for c in own if self._is_edited(c, cell)]
        edited_copies = [c for c in copies if self._is_edited(c, cell)]
        ranked = edited_own or edited_copies or own[:1] or copies[:1]
        if not ranked:
            return
        chosen = self.home[cell.id] = ranked[-1]
        rivals = {text_of(c) for c in (*edited_own, *edited_copies)} - {text_of(chosen)}
        if own and chosen not in own:
            self._report(
                "copied",
                cell,
                "the answer cell was left as it was given and a copy of it was "
                "edited; the copy was used",
            )
        elif not own and not self.is_outdated:
            self._report(
                "unmarked",
                cell,
                "the answer cell had lost its id; it was found by its question",
            )
        if rivals:
            which = "course's own cell" if chosen.id == cell.id else "last one"
            self._report(
                "split" if chosen in own else "copied",
                cell,
                f"{len(rivals) + 1} cells are marked as the answer; the {which} is "
                "taken as the answer and the others run where they stand",
            )
        self._report_marks(cell, chosen)

    def find_by_place(self, cell: Cell) -> None:
        """Find an answer that lost all marks between the cells around it."""
        given = self.frame.placeholders[cell.id]
        around = [c for c in self._around(cell) if c.kind == cell.kind]
        candidates = [c for c in around if self._is_edited(c, cell)]
        if not candidates:
            if not any(text_of(c) == stripped(given) for c in around):
                self._report("missing", cell, "the answer cell is missing")
            return
        self.home[cell.id] = max(
            reversed(candidates),
            key=lambda c: SequenceMatcher(None, given, c.source).ratio(),
        )
        if len(candidates) == 1:
            text = "the answer cell had lost its marks; the cell in its place was used"
        else:
            text = (
                f"the answer cell had lost its marks; of {len(candidates)} cells in "
                "its place the one most like it is taken as the answer and the "
                "others run where they stand"
            )
        self._report("unmarked", cell, text)

    def report_versions(self) -> None:
        """Say when the notebook was made from another exercise or version."""
        mine, its = self.frame.notebook, self.submission
        if its.exercise and its.exercise != mine.exercise:
            text = f"the notebook says it is the exercise {its.exercise!r}"
            self.repairs.append(Repair("foreign", "", text))
        elif self.is_outdated:
            text = (
                f"the notebook was made from version {its.version} of the exercise "
                f"and is judged by version {mine.version}"
            )
            self.repairs.append(Repair("outdated", "", text))

    def report_frame_cells(self) -> None:
        """Say which of the course's own code cells were changed or deleted."""
        if self.is_outdated:
            return  # an older version may well have had others
        for cell in self.frame.notebook.cells:
            if cell.kind != "code" or not self._is_course_cell(cell):
                continue
            name = "a check cell" if "check" in cell.tags else "a cell of the course"
            if cell.id not in self.home:
                text = f"{name} was deleted; the course's own was used"
                self._report("changed", cell, text)
            elif text_of(self.home[cell.id]) != text_of(cell):
                text = f"changed {name}; the course's own was used"
                if self.reruns(cell):
                    text += " and the changed one run after it"
                self._report("changed", cell, text)

    def report_moves(self) -> None:
        """Say which answer cells stood elsewhere than the course has them."""
        moved = self.moved()
        for cell in self.frame.notebook.cells:
            if cell.id in moved and cell.id in self.frame.placeholders:
                self._report("moved", cell, "the answer cell was moved back")

    def answer(self, cell_id: str) -> tuple[str, bool]:
        """Give the source for an answer cell, and whether it is as it was given."""
        given = self.frame.placeholders[cell_id]
        found = self.home.get(cell_id)
        if found is None or not text_of(found):
            # No line that raises: it would undo an answer that stands elsewhere.
            return "", True
        return found.source, stripped(found.source) == stripped(given)

    def sorted_repairs(self) -> Iterator[Repair]:
        """Order repairs as the questions stand, those of no question first."""
        order = {q.name: at for at, q in enumerate(self.frame.questions)}
        yield from sorted(self.repairs, key=lambda r: order.get(r.question, -1))

    def moved(self) -> set[str]:
        """Name the frame cells outside the longest run that is still in order."""
        order = {c.id: at for at, c in enumerate(self.frame.notebook.cells)}
        found = sorted(self.home, key=lambda cell_id: self.home[cell_id].index)
        kept = _longest_run([order[cell_id] for cell_id in found])
        return {cell_id for cell_id in found if order[cell_id] not in kept}

    def _around(self, cell: Cell) -> list[Cell]:
        """List the student's unclaimed cells next to the neighbours of a frame cell."""
        visible = [c for c in self.frame.notebook.cells if "hidden" not in c.tags]
        at = [c.id for c in visible].index(cell.id)
        taken = self._taken()
        cells = self.submission.cells
        if at > 0 and visible[at - 1].id in self.home:
            start = self.home[visible[at - 1].id].index
            return list(_until([c for c in cells if c.index > start], taken))
        if at + 1 < len(visible) and visible[at + 1].id in self.home:
            stop = self.home[visible[at + 1].id].index
            back = [c for c in reversed(cells) if c.index < stop]
            return list(_until(back, taken))[::-1]
        return []

    def _report_marks(self, cell: Cell, chosen: Cell) -> None:
        if chosen.kind != cell.kind:
            text = f"the answer cell had been made a {chosen.kind} cell; it was used"
            self._report("converted", cell, f"{text} as {cell.kind}")
        elif chosen.tags != cell.tags or chosen.question != cell.question:
            text = "the answer cell had been tagged anew; the course's own tags hold"
            self._report("retagged", cell, text)

    def _report(self, kind: str, cell: Cell, text: str) -> None:
        self.repairs.append(Repair(kind, cell.question, text))

    def reruns(self, cell: Cell) -> bool:
        """Tell whether a changed cell of the course also runs as the student has it.

        Students add their imports to the setup cell; checks are never theirs.
        """
        found = self.home.get(cell.id)
        return (
            found is not None
            and cell.kind == found.kind == "code"
            and self._is_course_cell(cell)
            and "check" not in cell.tags
            and text_of(found) not in ("", text_of(cell))
        )

    def _is_course_cell(self, cell: Cell) -> bool:
        return cell.id not in self.frame.placeholders and "hidden" not in cell.tags

    def _is_edited(self, found: Cell, cell: Cell) -> bool:
        return text_of(found) not in ("", stripped(self.frame.placeholders[cell.id]))

    @staticmethod
    def _claims(found: Cell, cell: Cell) -> bool:
        if found.grade_id and found.grade_id == cell.grade_id:
            return True
        return (
            bool(found.question)
            and found.question == cell.question
            and "check" not in found.tags
            and "check" not in found.course
        )

    def _taken(self) -> set[int]:
        return {cell.index for cell in self.home.values()}


def _until(cells: Iterable[Cell], taken: set[int]) -> Iterator[Cell]:
    for cell in cells:
        if cell.index in taken:
            return
        yield cell


def _longest_run(numbers: Sequence[int]) -> set[int]:
    """Find the members of a longest increasing subsequence of distinct numbers."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(tails, number)
        before[number] = tails[at - 1] if at else None
        tails[at : at + 1] = [number]
    kept: set[int] = set()
    number_or_none = tails[-1] if tails else None
    while number_or_none is not None:
        kept.add(number_or_none)
        number_or_none = before[number_or_none]
    return kept


def stripped(source: str) -> str:
    """Leave out of a source the blanks that editors add and take away."""
    return "\n".join(line.rstrip() for line in source.splitlines()).strip()


def text_of(cell: Cell) -> str:
    """Give the source of a cell without stray blanks."""
    return stripped(cell.source)
