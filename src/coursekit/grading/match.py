"""Find what belongs where in a submission, and say what was not in its place."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, takewhile

from coursekit.grading.frame import Frame
from coursekit.grading.names import code_lines, defined_names
from coursekit.grading.notebook import Cell, Notebook, stripped


@dataclass(frozen=True)
class Repair:
    """Something in a submission that was not as the course gave it, and what was done.

    ``kind`` is one of copied, split, missing, moved, retagged, converted, changed,
    unmarked, elsewhere, added, mended, foreign and outdated; ``text`` says it in words.
    """

    kind: str
    question: str
    text: str


@dataclass
class Matching:
    """A submission beside a frame.

    ``home`` maps frame cell ids to the student's cells, and ``parts`` the ids of
    written answers to all cells of each. ``sources`` has the answers that are more or
    other than the source of one cell.
    """

    frame: Frame
    submission: Notebook
    home: dict[str, Cell] = field(default_factory=dict)
    parts: dict[str, list[Cell]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
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

    @cached_property
    def order(self) -> dict[str, int]:
        """Place of each frame cell."""
        return {cell.id: at for at, cell in enumerate(self.frame.notebook.cells)}

    @cached_property
    def given(self) -> dict[str, str]:
        """Text of each answer cell as the student received it."""
        return {i: stripped(text) for i, text in self.frame.placeholders.items()}

    @cached_property
    def own_code(self) -> list[tuple[Cell, frozenset[str]]]:
        """The student's code, where it is none of the course's, and what it defines."""
        cells = self.submission.cells
        code = [c for c in cells if c.kind == "code" and self._is_own(c)]
        return [(cell, defined_names(cell.source)) for cell in code]

    @cached_property
    def _given_code(self) -> list[list[str]]:
        return [[], *map(code_lines, self.given.values())]

    @property
    def taken(self) -> set[int]:
        """Indices of the student's cells that have found their place."""
        joined = chain.from_iterable(self.parts.values())
        return {cell.index for cell in chain(self.home.values(), joined)}

    def frame_cell(self, cell_id: str) -> Cell:
        """Give a cell of the frame by its id."""
        return self.frame.notebook.cells[self.order[cell_id]]

    def anchor_frame_cells(self) -> None:
        """Find the course's own cells: by id and text, by either, by check name."""
        own = [c for c in self.frame.notebook.cells if c.id not in self.given]
        # No student saw a hidden cell, so none can have changed one.
        seen = [cell for cell in own if self.is_course_cell(cell)]
        checks = [cell for cell in seen if _is_check(cell)]
        self._anchor(own, _id_and_text)
        self._anchor(own, _kind_and_text)
        self._anchor(checks, _check_id)
        self._anchor(checks, _check_name)
        self._anchor([c for c in seen if c not in checks], self._id_and_kind)

    def find_answer(self, cell: Cell) -> None:
        """Find an answer by its id or by the question in its metadata."""
        others = self._names.keys() - {cell.question}
        own = self._free(self._by_id.get(cell.id, ()))
        own = [c for c in own if c.question not in others]
        copies = self._copies(cell)
        edited_own = [c for c in own if self.is_edited(c, cell)]
        edited = [c for c in (*own, *copies) if self.is_edited(c, cell)]
        edited.sort(key=lambda c: c.index)
        chosen = self._best(edited_own or edited or own[:1] or copies[:1], cell)
        if chosen is None:
            return
        self.home[cell.id] = chosen
        if own and chosen not in own:
            text = "the answer cell was left as it was given and a copy of it was "
            self.report("copied", cell, f"{text}edited; the copy was used")
        elif not own and not self.is_outdated:
            text = "the answer cell had lost its id; it was found by its question"
            self.report("unmarked", cell, text)
        if cell.kind != "code":
            self.parts[cell.id] = edited
        elif rivals := {c.text for c in edited} - {chosen.text}:
            which = "course's own cell" if chosen in own else "last one"
            self.report(
                "split" if chosen in own else "copied",
                cell,
                f"{len(rivals) + 1} cells are marked as the answer; the {which} is "
                "taken as the answer and the others run where they stand",
            )
        self._report_marks(cell, chosen)

    def find_by_place(self, cell: Cell) -> None:
        """Find an answer that lost all marks between the cells around it."""
        around = [c for c in self._around(cell) if c.kind == cell.kind]
        candidates = [c for c in around if self._is_own(c)]
        chosen = self._best(candidates, cell)
        if chosen is None:
            as_given = [c for c in around if c.text == self.given[cell.id]]
            self.home.update((cell.id, c) for c in as_given[:1])
            return
        self.home[cell.id] = chosen
        text = "the answer cell had lost its marks; the cell in its place was used"
        if len(candidates) > 1 and cell.kind == "code":
            text = (
                f"the answer cell had lost its marks; of {len(candidates)} cells in "
                "its place the one most like it is taken as the answer and the "
                "others run where they stand"
            )
        self.report("unmarked", cell, text)

    def gather_text(self, cell: Cell) -> None:
        """Read what a student wrote beside a written answer as part of it."""
        found = self.home.get(cell.id)
        if found is None:
            return
        around = self._around(cell)
        beside = [c for c in around if c.kind == cell.kind and self._is_own(c)]
        every = {c.index: c for c in (found, *self.parts.get(cell.id, ()), *beside)}
        parts = [c for _, c in sorted(every.items()) if self.is_edited(c, cell)]
        if not parts:
            self._read_task(cell)
        elif parts != [found]:
            self.parts[cell.id], self.home[cell.id] = parts, parts[0]
            self.sources[cell.id] = "\n\n".join(c.source for c in parts)
            text = "the answer cell was left as it was given; the text beside it is "
            if len(parts) > 1:
                text = f"the answer was written in {len(parts)} cells, which are "
            self.report("split", cell, f"{text}read as the answer")

    def sorted_repairs(self) -> list[Repair]:
        """Order repairs as the questions stand, those of no question first."""
        order = {name: at for at, name in enumerate(self._names)}
        return sorted(self.repairs, key=lambda repair: order.get(repair.question, -1))

    def answer(self, cell_id: str) -> tuple[str, bool]:
        """Give the source for an answer cell, and whether it is as it was given."""
        if cell_id in self.sources:
            return self.sources[cell_id], False
        found = self.home.get(cell_id)
        if found is None or not found.text:
            # No line that raises: it would undo an answer that stands elsewhere.
            return "", True
        return found.source, found.text == self.given[cell_id]

    def moved(self) -> set[str]:
        """Name the frame cells outside the longest run that is still in order.

        An answer of code that stands elsewhere has moved, and not what it has passed.
        """
        code = [i for i in self.sources if self.frame_cell(i).kind == "code"]
        stayed = sorted(self.home.keys() - code, key=lambda i: self.home[i].index)
        kept = _longest_run([self.order[cell_id] for cell_id in stayed])
        return {i for i in self.home if i in code or self.order[i] not in kept}

    def reruns(self, cell: Cell) -> bool:
        """Tell whether a changed cell of the course also stands as the student has it.

        Students add their imports to the setup cell; checks are never theirs.
        """
        found = self.home.get(cell.id)
        return (
            found is not None
            and cell.kind == found.kind
            and self.is_course_cell(cell)
            and "check" not in cell.tags
            and found.text not in ("", cell.text)
        )

    def is_edited(self, found: Cell, cell: Cell) -> bool:
        """Tell whether a cell holds something else than the answer cell was given."""
        return found.text not in ("", self.given[cell.id])

    def holds_code(self, found: Cell) -> bool:
        """Tell whether a cell has more code than some answer cell was given."""
        return code_lines(found.text) not in self._given_code

    def is_course_cell(self, cell: Cell) -> bool:
        """Tell whether a cell of the frame is the course's and was seen by students."""
        return cell.id not in self.given and "hidden" not in cell.tags

    def report(self, kind: str, cell: Cell, text: str) -> None:
        """Note a repair of the question that a frame cell belongs to."""
        self.repairs.append(Repair(kind, cell.question, text))

    def _anchor(self, cells: Iterable[Cell], key: Callable[[Cell], Hashable]) -> None:
        found = _grouped(self.submission.cells, key)
        for cell in cells:
            if cell.id not in self.home:
                free = self._free(found.get(key(cell), ()))
                self.home.update((cell.id, c) for c in free[:1])

    def _is_own(self, found: Cell) -> bool:
        """Tell whether a text is the student's and no copy of one of the course's."""
        return found.text not in self._known

    @cached_property
    def _known(self) -> set[str]:
        course = (c.text for c in self.frame.notebook.cells if c.id not in self.given)
        return {"", *self.given.values(), *course}

    def _free(self, found: Iterable[Cell]) -> list[Cell]:
        taken = self.taken
        return [cell for cell in found if cell.index not in taken]

    @cached_property
    def _by_id(self) -> dict[Hashable, list[Cell]]:
        return _grouped(self.submission.cells, lambda cell: cell.id)

    @cached_property
    def _by_grade_id(self) -> dict[Hashable, list[Cell]]:
        return _grouped(self.submission.cells, lambda cell: cell.grade_id)

    @cached_property
    def _by_question(self) -> dict[Hashable, list[Cell]]:
        """Group what says to be an answer, and is not by its id another one to it."""
        ids = {(i, self.frame_cell(i).question) for i in self.given}
        return _grouped(
            self.submission.cells,
            lambda c: "" if (c.id, c.question) in ids or _is_check(c) else c.question,
        )

    def _copies(self, cell: Cell) -> list[Cell]:
        """List the cells that another mark than the id makes this answer."""
        exact = [c for c in self._by_grade_id.get(cell.grade_id, ()) if c.id != cell.id]
        exact = self._free(c for c in exact if c.id not in self.given)
        if exact:
            return exact
        claims = self._free(self._by_question.get(cell.question, ()))
        # Of several answers to a question, each takes the first and leaves the others.
        later = sum(
            c.question == cell.question and self.order[c.id] > self.order[cell.id]
            for c in map(self.frame_cell, self.given)
        )
        return claims[: max(1, len(claims) - later)] if later else claims

    def _best(self, cells: list[Cell], cell: Cell) -> Cell | None:
        """Choose what defines the needed names, is like the given cell, comes last."""
        names = self._names.get(cell.question, frozenset())
        lines = set(self.given[cell.id].splitlines())
        return max(
            reversed(cells) if cell.kind == "code" else cells,
            key=lambda c: (
                c.kind == cell.kind,
                len(cells) > 1 and bool(names & defined_names(c.source)),
                len(cells) > 1 and len(lines.intersection(c.text.splitlines())),
            ),
            default=None,
        )

    @cached_property
    def _names(self) -> dict[str, frozenset[str]]:
        return {question.name: question.names for question in self.frame.questions}

    def _around(self, cell: Cell) -> list[Cell]:
        """List the unclaimed cells beside an answer, or where it should be."""
        found = self.home.get(cell.id)
        if found:
            return [*self._beside(found, -1, cell), *self._beside(found, 1, cell)]
        at = self.order[cell.id]
        homes = [self.home.get(c.id) for c in self.frame.notebook.cells]
        if before := next(filter(None, reversed(homes[:at])), None):
            return self._beside(before, 1, cell)
        after = next(filter(None, homes[at:]), None)
        return self._beside(after, -1, cell) if after else []

    def _beside(self, found: Cell, step: int, cell: Cell) -> list[Cell]:
        """List what stands on one side of a cell, as far as it is nothing else's."""
        taken = self.taken - {c.index for c in self.parts.get(cell.id, ())}
        cells = self.submission.cells
        side = cells[found.index + 1 :] if step > 0 else cells[: found.index][::-1]
        return list(takewhile(lambda c: c.index not in taken, side))[::step]

    def _read_task(self, cell: Cell) -> None:
        """Take a written answer from the task above it, if it stands there."""
        above = self.order[cell.id] - 1
        task = self.frame.notebook.cells[above] if above >= 0 else cell
        found = self.home.get(task.id)
        if found and task.kind == cell.kind and self.reruns(task):
            self.sources[cell.id] = found.source
            text = "the answer cell was left as it was given and the text above it was "
            self.report("elsewhere", cell, f"{text}changed; that is read as the answer")

    def _report_marks(self, cell: Cell, chosen: Cell) -> None:
        if chosen.kind != cell.kind:
            text = f"the answer cell had been made a {chosen.kind} cell; it was used"
            self.report("converted", cell, f"{text} as {cell.kind}")
        elif chosen.tags != cell.tags or chosen.question != cell.question:
            text = "the answer cell had been tagged anew; the course's own tags hold"
            self.report("retagged", cell, text)

    def _id_and_kind(self, cell: Cell) -> Hashable:
        # A cell that says to be an answer has the id of another by mistake.
        is_other = not cell.id or cell.question in self._names
        return None if is_other else (cell.id, cell.kind)


def _id_and_text(cell: Cell) -> Hashable:
    return (cell.id, cell.text) if cell.id else None


def _kind_and_text(cell: Cell) -> Hashable:
    return (cell.kind, cell.text) if cell.text else None


def _check_id(cell: Cell) -> Hashable:
    # What does not look like a check has its id by mistake, and is not left out.
    looks_like_one = _is_check(cell) or "check(" in cell.text
    return (cell.id, cell.kind) if cell.id and looks_like_one else None


def _check_name(cell: Cell) -> Hashable:
    name = cell.course.get("check")
    return (cell.kind, name) if name and isinstance(name, str) else None


def _is_check(cell: Cell) -> bool:
    return "check" in cell.tags or "check" in cell.course


def _grouped(
    cells: Iterable[Cell], key: Callable[[Cell], Hashable]
) -> dict[Hashable, list[Cell]]:
    """Group cells by a key; leave out those whose key is empty."""
    groups: dict[Hashable, list[Cell]] = defaultdict(list)
    for cell in cells:
        if found := key(cell):
            groups[found].append(cell)
    return groups


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
