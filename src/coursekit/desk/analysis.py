"""What the results of an exercise teach: questions, wrong values, likeness."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from coursekit.desk.book import open_book
from coursekit.desk.frames import frame_for
from coursekit.desk.items import (
    Alpha,
    Item,
    measure_alpha,
    measure_discrimination,
    summarise,
)
from coursekit.desk.rows import Rows, read_rows
from coursekit.desk.rules import in_order
from coursekit.desk.scores import ExerciseScore, score_exercise
from coursekit.desk.similarity import Pair, find_alike
from coursekit.files import write_new
from coursekit.grading.cells import safe_cell
from coursekit.grading.judge import Judgement
from coursekit.grading.report import next_free

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from coursekit.desk.course import Course
    from coursekit.grading.frame import Frame

_MOST_VALUES = 3  # wrong values of a check
_SHOWN = 120  # characters of a value


@dataclass(frozen=True)
class WrongValue:
    """A wrong value that several students shipped.

    ``explained`` is what the author says of it; empty where no attempt of the source
    explains it yet, which is work for the author.
    """

    check: str
    value: str
    students: int
    explained: str


@dataclass(frozen=True)
class Analysis:
    """One exercise analysed; ``students`` counts those with graded work."""

    exercise: str
    students: int
    items: tuple[Item, ...]
    alpha: Alpha | None
    wrong: tuple[WrongValue, ...]
    pairs: tuple[Pair, ...]
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class AnalysisReport:
    """Files that were written, and what they say in short."""

    files: tuple[str, ...]
    analyses: tuple[Analysis, ...]
    passed: bool = True

    def to_json(self) -> str:
        """Give the report as JSON."""
        tree = {"files": self.files, "analyses": [asdict(a) for a in self.analyses]}
        return json.dumps(tree, indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """Say in a line for each exercise what stands out."""
        lines = [f"written: {name}" for name in self.files]
        for one in self.analyses:
            alpha = "not defined" if one.alpha is None else f"{one.alpha.value:.2f}"
            open_ = sum(not wrong.explained for wrong in one.wrong)
            lines.append(
                f"{one.exercise}: {one.students} students, alpha {alpha}; {open_} "
                "common wrong values that no attempt explains; answers alike in "
                f"{len(one.pairs)} pairs (a reason to look, and no verdict)."
            )
        return "\n".join(lines)


def analyse(course: Course, names: Sequence[str] = ()) -> AnalysisReport:
    """Analyse exercises, and write a page and tables.

    Parameters
    ----------
    course : Course
        Rules and gradebook.
    names : sequence of str, optional
        Exercises, in full or how they begin; all by default.

    Returns
    -------
    AnalysisReport
        Files in ``reports`` of the course folder; none is ever written over.

    Raises
    ------
    CoursekitError
        If there is no gradebook yet.
    """
    from coursekit.desk.analysis_page import render_analysis

    slugs = course.choose(names)
    analyses = tuple(analyse_exercise(course, slug) for slug in slugs)
    home = course.folder / "reports"
    home.mkdir(parents=True, exist_ok=True)
    page = next_free(home / "analysis.html")
    write_new(page, render_analysis(course.name, analyses).encode())
    tables = {
        "questions": _tabulate_items(analyses),
        "wrong-values": _tabulate_wrong(analyses),
        "alike": _tabulate_pairs(analyses),
    }
    files = [page]
    for name, rows in tables.items():
        file = next_free(home / f"{page.stem}-{name}.csv")
        table = io.StringIO(newline="")
        csv.writer(table).writerows([safe_cell(c) for c in row] for row in rows)
        write_new(file, table.getvalue().encode("utf-8-sig"))
        files.append(file)
    return AnalysisReport(tuple(map(str, files)), analyses)


def analyse_exercise(course: Course, slug: str) -> Analysis:
    """Analyse one exercise; see `analyse`."""
    frame = frame_for(course, slug)
    with open_book(course) as book:
        rows = book.transact(lambda use: read_rows(use, slug, frame))
        scores = score_exercise(course, slug, book=book)
        counted = {
            score.submission_id: student
            for student, score in scores.items()
            if score.submission_id is not None
        }
        values = book.transact(lambda use: _read_wrong(use, slug, counted))
        texts = book.transact(lambda use: _read_texts(use, slug, counted))
    pairs, groups = _find_alike(frame, texts)
    items, alpha = _measure(frame, scores, rows)
    wrong = tuple(_list_wrong(frame, values))
    return Analysis(
        slug, len(counted), items, alpha, wrong, tuple(pairs), tuple(groups)
    )


def _measure(
    frame: Frame, scores: Mapping[str, ExerciseScore], rows: Rows
) -> tuple[tuple[Item, ...], Alpha | None]:
    names = [asked.name for asked in frame.questions]
    scored = [asked.name for asked in frame.questions if asked.maximum]
    shares: dict[str, list[float]] = {name: [] for name in names}
    states: dict[str, Counter[str]] = {name: Counter() for name in names}
    full: list[list[float]] = []  # of students who have points for all that give any
    for score in scores.values():
        given = {
            one.name: one.points / one.maximum
            for one in score.questions
            if one.points is not None and one.maximum
        }
        for one in score.questions:
            states[one.name][one.judgement or "marked by a person"] += 1
            if one.name in given:
                shares[one.name].append(given[one.name])
        if len(given) == len(scored):
            full.append([given[name] for name in scored])
    apart = dict(zip(scored, measure_discrimination(full), strict=False))
    first = _find_first_correct(scores, rows)
    items = tuple(
        summarise(
            name, shares[name], apart.get(name), states[name], first.get(name, ())
        )
        for name in names
    )
    return items, measure_alpha(full)


def _find_first_correct(
    scores: Mapping[str, ExerciseScore], rows: Rows
) -> dict[str, list[int]]:
    """Find for who handed in several times which version first had a question right."""
    found: dict[str, list[int]] = defaultdict(list)
    for student in scores:
        versions = in_order(rows.versions.get(student, ()))
        if len(versions) < 2:
            continue
        seen: set[str] = set()
        for number, version in enumerate(versions, start=1):
            judged = rows.graded.get((student, version.hash), {})
            for name, judgement, *_ in rows.judged.get(
                max(judged.values(), default=0), ()
            ):
                if judgement == Judgement.CORRECT and name not in seen:
                    seen.add(name)
                    found[name].append(number)
    return found


def _list_wrong(
    frame: Frame, values: Mapping[str, Sequence[tuple[str, str]]]
) -> Iterable[WrongValue]:
    """List for each check the values that most students got wrong alike."""
    for question in frame.questions:
        for check in question.checks:
            known = {message for _, message in check.attempts}
            counted = Counter(value for value, _ in values.get(check.name, ()))
            said = dict(values.get(check.name, ()))
            for value, number in counted.most_common(_MOST_VALUES):
                if number > 1:
                    message = said[value] if said[value] in known else ""
                    yield WrongValue(check.name, value[:_SHOWN], number, message)


def _read_wrong(
    session: Session, slug: str, counted: Mapping[int, str]
) -> dict[str, list[tuple[str, str]]]:
    """Read by check what wrong answers shipped, in canonical form, and the message."""
    from sqlalchemy import select

    from coursekit.grading.tables import ExerciseRow, JudgementRow, SubmissionRow

    rows = session.execute(
        select(
            JudgementRow.submission_id,
            JudgementRow.check_name,
            JudgementRow.value,
            JudgementRow.message,
        )
        .join(SubmissionRow, SubmissionRow.id == JudgementRow.submission_id)
        .join(ExerciseRow, ExerciseRow.id == SubmissionRow.exercise_id)
        .where(ExerciseRow.slug == slug, JudgementRow.check_name.is_not(None))
        .where(
            JudgementRow.judgement.in_(
                [str(Judgement.WRONG), str(Judgement.PARTLY_CORRECT)]
            )
        )
    )
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for number, check, value, message in rows:
        if number in counted and value:
            found[check or ""].append((_canonical(value[-1]), message))
    return found


def _canonical(shipped: str) -> str:
    try:
        tree = json.loads(shipped)
        return json.dumps(tree["value"], sort_keys=True, ensure_ascii=False)
    except (ValueError, LookupError, TypeError, RecursionError):
        return shipped


def _read_texts(
    session: Session, slug: str, counted: Mapping[int, str]
) -> dict[str, dict[str, str]]:
    """Read what each student answered, by question."""
    from sqlalchemy import select

    from coursekit.grading.tables import AnswerRow, ExerciseRow, SubmissionRow

    rows = session.execute(
        select(AnswerRow.submission_id, AnswerRow.question, AnswerRow.source)
        .join(SubmissionRow, SubmissionRow.id == AnswerRow.submission_id)
        .join(ExerciseRow, ExerciseRow.id == SubmissionRow.exercise_id)
        .where(ExerciseRow.slug == slug)
        .order_by(AnswerRow.submission_id, AnswerRow.cell_id)
    )
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for number, question, source in rows:
        if number in counted:
            student = counted[number]
            before = texts[student].get(question, "")
            texts[student][question] = f"{before}\n{source}".strip()
    return texts


def _find_alike(
    frame: Frame, texts: Mapping[str, Mapping[str, str]]
) -> tuple[list[Pair], list[tuple[str, ...]]]:
    """Look for likeness in code and in words, each among its own kind."""
    given = [cell.source for cell in frame.notebook.cells if "hidden" not in cell.tags]
    pairs: list[Pair] = []
    groups: list[tuple[str, ...]] = []
    for prose in (False, True):
        asked = {one.name for one in frame.questions if one.written == prose}
        answers = {
            student: "\n\n".join(text for name, text in own.items() if name in asked)
            for student, own in texts.items()
        }
        found = find_alike(
            answers, given if prose else _placeholders(frame), prose=prose
        )
        pairs += found[0]
        groups += found[1]
    return pairs, groups


def _placeholders(frame: Frame) -> list[str]:
    own = [cell.source for cell in frame.notebook.cells if "setup" in cell.tags]
    return [*frame.placeholders.values(), *own]


def _tabulate_items(analyses: Iterable[Analysis]) -> list[list[Any]]:
    rows: list[list[Any]] = [
        ["exercise", "question", "students", "difficulty", "discrimination",
         "partial", "first_correct", "states"]
    ]  # fmt: skip
    for one in analyses:
        for item in one.items:
            states = ", ".join(f"{n} {state}" for state, n in item.states.items())
            rows.append(
                [one.exercise, item.question, item.students, item.difficulty,
                 item.discrimination, item.partial, item.first_correct, states]
            )  # fmt: skip
    return rows


def _tabulate_wrong(analyses: Iterable[Analysis]) -> list[list[Any]]:
    rows: list[list[Any]] = [["exercise", "check", "students", "value", "explained"]]
    rows += [
        [one.exercise, wrong.check, wrong.students, wrong.value, wrong.explained]
        for one in analyses
        for wrong in one.wrong
    ]
    return rows


def _tabulate_pairs(analyses: Iterable[Analysis]) -> list[list[Any]]:
    rows: list[list[Any]] = [["exercise", "first", "second", "shared", "alike"]]
    rows += [
        [one.exercise, pair.first, pair.second, pair.shared, pair.alike]
        for one in analyses
        for pair in one.pairs
    ]
    return rows
