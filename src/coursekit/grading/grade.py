"""Grade a folder of submissions: the one entry for commands and programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.course import course_root
from coursekit.errors import CoursekitError, MalformedNotebookError, UnknownNameError
from coursekit.grading import schedule
from coursekit.grading.frame import Frame, read_frame
from coursekit.grading.judge import judge, judge_unreadable
from coursekit.grading.merge import Merged, merge
from coursekit.grading.nbgrader import NOTE
from coursekit.grading.notebook import parse_notebook, printable, read_content
from coursekit.grading.outcome import DIED
from coursekit.grading.report import GradeReport, SubmissionGrade, refuse_existing
from coursekit.grading.run import Run, Settings
from coursekit.grading.schedule import Task
from coursekit.grading.submissions import Submission, find_submissions, unread_files

if TYPE_CHECKING:
    from coursekit.grading.gradebook import Gradebook

_NAMED = 5  # students to name in a message


@dataclass(frozen=True)
class Step:
    """How far grading is.

    ``kept`` counts those of the ``done`` submissions that were in the gradebook
    already; ``grade`` is the latest one, and missing before the first.
    """

    done: int
    total: int
    kept: int
    grade: SubmissionGrade | None


def grade(
    exercise: str | Path,
    submissions: Path | Sequence[Submission],
    *,
    gradebook: str | Path | None = None,
    out: Path | None = None,
    progress: Callable[[Step], None] | None = None,
    settings: Settings | None = None,
    jobs: int | None = None,
    scheduler: str = "",
    rejudge: bool = False,
) -> GradeReport:
    """Grade every submission of an exercise.

    Parameters
    ----------
    exercise : str or pathlib.Path
        Slug of an exercise of the course, or the path of a built reference.
    submissions : pathlib.Path or sequence of Submission
        A folder of ``STUDENT.ipynb`` or ``STUDENT/NOTEBOOK.ipynb``, or one notebook; or
        what was found already, one for each student.
    gradebook : str or pathlib.Path, optional
        A file or database URL that keeps every submission as soon as it is judged.
        What it holds is not graded again, so that grading goes on where it was
        stopped. It does not hold what never came to run, as where a machine was
        lost, or was cut short by no doing of the student's. Without one nothing is
        kept.
    out : pathlib.Path, optional
        Where to write the grades as CSV; it must not exist yet.
    progress : callable, optional
        Called with a `Step` at the beginning and after each submission.
    settings : Settings, optional
        How students' code is run.
    jobs : int, optional
        How many submissions run at one time; by default one a core.
    scheduler : str, optional
        Address of a Dask scheduler whose workers run them instead.
    rejudge : bool, default False
        Judge anew what the gradebook keeps, after an expectation or points changed;
        nothing is run.

    Returns
    -------
    GradeReport
        One grade for each student; one whose notebook cannot be read has none of the
        points and a fault that says why.

    Raises
    ------
    UnknownNameError
        If the course has no such exercise.
    MalformedNotebookError
        If the reference is none.
    CoursekitError
        If there are no submissions, ``out`` exists already, the gradebook fails,
        nothing can be run, or there is nothing to judge anew. What was recorded
        until then stays.

    Notes
    -----
    Points are given by checks alone. Written questions await a person's review and
    count neither in the total nor in its maximum, so full marks are the full marks of
    what is graded automatically.
    """
    if out is not None:
        refuse_existing(out)
    settings = settings or Settings()
    frame = read_frame(find_reference(exercise))
    unread: list[str] = []
    if isinstance(submissions, Path):
        found = find_submissions(submissions, exercise=frame.exercise)
        unread = unread_files(submissions)
    else:
        found = list(submissions)
    with _open(gradebook, frame, settings) as book:
        work = _Grading(frame, book, progress, total=len(found))
        if not rejudge:
            work.run(found, settings, jobs, scheduler)
        elif book is not None:
            work.rejudge(found, book)
        else:
            raise CoursekitError("To judge anew, name the gradebook that was kept.")
    report = GradeReport(
        exercise=frame.exercise,
        exercise_version=frame.version,
        maximum=sum(q.maximum for q in frame.questions if not q.written),
        review_maximum=sum(q.maximum for q in frame.questions if q.written),
        grades=tuple(work.grades[submission.student] for submission in found),
        unread=tuple(unread),
        notes=(NOTE,)
        if any(c.asserts for q in frame.questions for c in q.checks)
        else (),
    )
    if out is not None:
        report.write_csv(out)
    return report


def find_reference(exercise: str | Path) -> Path:
    """Find the reference of an exercise by its slug, or take the path of one.

    Raises
    ------
    UnknownNameError
        If it is neither; names the exercises there are references of.
    CoursekitError
        If it is the path of a notebook that does not exist.
    """
    path = Path(exercise)
    if path.suffix == ".ipynb":
        if path.is_file():
            return path
        raise CoursekitError(f"{path} does not exist; name a reference that was built.")
    folder = course_root() / "exercises" / "reference"
    known = {found.stem: found for found in folder.glob("*.ipynb")}
    if str(exercise) not in known:
        raise UnknownNameError("exercise", str(exercise), known)
    return known[str(exercise)]


def _open(
    gradebook: str | Path | None, frame: Frame, settings: Settings
) -> AbstractContextManager[Gradebook | None]:
    if gradebook is None:
        return nullcontext()
    from coursekit.grading.gradebook import Gradebook

    return Gradebook(gradebook, frame, settings)


class _Grading:
    """One use of `grade`: at any time it holds small grades and what now runs."""

    def __init__(
        self,
        frame: Frame,
        book: Gradebook | None,
        progress: Callable[[Step], None] | None,
        *,
        total: int,
    ) -> None:
        self.grades: dict[str, SubmissionGrade] = {}
        self._frame = frame
        self._book = book
        self._progress = progress
        self._total = total
        self._kept = 0
        self._running: dict[str, tuple[Submission, str, Merged]] = {}
        self._tell(None)

    def run(
        self,
        found: Iterable[Submission],
        settings: Settings,
        jobs: int | None,
        scheduler: str,
    ) -> None:
        """Grade what is not in the gradebook yet."""
        tasks = self._tasks(found)
        first = next(tasks, None)
        if first is None:
            return  # nothing has to run, so that no worker or cluster is needed
        if self._book is not None:
            self._book.begin()
        every = chain([first], tasks)
        with closing(
            schedule.run_all(every, settings, jobs=jobs, scheduler=scheduler)
        ) as runs:
            for student, run in runs:
                self._judge(*self._running.pop(student), run)

    def rejudge(self, found: Iterable[Submission], book: Gradebook) -> None:
        """Judge anew what the gradebook keeps; refuse in the end if it lacks some."""
        lost = []
        for submission in found:
            digest = _hash(_read(submission))
            if self._take(submission, digest):
                continue
            kept = book.find(submission.student, digest, rejudge=True)
            if kept is None:
                lost.append(submission.student)
                continue
            if kept.merged is None or kept.run is None:
                questions = judge_unreadable(self._frame, kept.grade.fault)
            else:
                questions = judge(self._frame, kept.merged, kept.run)
            grade = replace(
                kept.grade, questions=questions, notebook=_place(submission)
            )
            self._finish(grade, digest, kept.merged, kept.run)
        if lost:
            named = ", ".join(lost[:_NAMED]) + (", ..." if lost[_NAMED:] else "")
            raise CoursekitError(
                f"{len(lost)} of {self._total} submissions cannot be judged anew "
                f"({named}): they were not graded yet, or what runs of the exercise "
                "has changed since. Grade again without rejudging, which runs these."
            )

    def _tasks(self, found: Iterable[Submission]) -> Iterator[Task]:
        """Read a notebook only when there is room to run it."""
        for submission in found:
            content = _read(submission)
            digest = _hash(content)
            if self._take(submission, digest):
                continue
            merged = self._merge(submission, content)
            if isinstance(merged, str):
                questions = judge_unreadable(self._frame, merged)
                place = _place(submission)
                grade = SubmissionGrade(
                    submission.student, place, questions, (), merged
                )
                self._finish(grade, digest)
                continue
            kept = replace(merged, notebook={})
            self._running[submission.student] = (submission, digest, kept)
            yield Task(submission.student, merged.notebook)

    def _merge(self, submission: Submission, content: bytes | str) -> Merged | str:
        """Merge what was handed in into the frame, or say why it cannot be."""
        if submission.notebook is None or isinstance(content, str):
            return str(content)
        try:
            notebook = parse_notebook(content, submission.notebook)
        except MalformedNotebookError as error:
            return _say(error)
        return merge(self._frame, notebook)

    def _judge(
        self, submission: Submission, digest: str, merged: Merged, run: Run
    ) -> None:
        foreign = [repair.text for repair in merged.repairs if repair.kind == "foreign"]
        grade = SubmissionGrade(
            student=submission.student,
            notebook=_place(submission),
            questions=judge(self._frame, merged, run),
            repairs=merged.repairs,
            fault="; ".join(filter(None, [run.fault, *foreign])),
            seconds=run.seconds,
            kernel=run.kernel,
            walls=run.walls,
        )
        if _is_lost(run):
            self._tell(replace(grade, fault=f"{grade.fault}; grade again to run it"))
        else:
            self._finish(grade, digest, merged, run)

    def _take(self, submission: Submission, digest: str) -> bool:
        """Take a grade from the gradebook, if it is there."""
        if self._book is None:
            return False
        kept = self._book.find(submission.student, digest)
        if kept is None:
            return False
        self._kept += 1
        self._tell(replace(kept.grade, notebook=_place(submission)))
        return True

    def _finish(
        self,
        grade: SubmissionGrade,
        digest: str,
        merged: Merged | None = None,
        run: Run | None = None,
    ) -> None:
        if self._book is not None:
            grade = self._book.record(grade, digest, merged, run)
        self._tell(grade)

    def _tell(self, grade: SubmissionGrade | None) -> None:
        if grade is not None:
            self.grades[grade.student] = grade
        if self._progress is not None:
            self._progress(Step(len(self.grades), self._total, self._kept, grade))


def _read(submission: Submission) -> bytes | str:
    """Read what was handed in, or say why there is nothing to be read."""
    if submission.notebook is None:
        return submission.fault
    try:
        return read_content(submission.notebook)
    except MalformedNotebookError as error:
        return _say(error)


def _is_lost(run: Run) -> bool:
    """Tell whether a run failed by no doing of the student's, so that it is not kept.

    No cell ever ran, or its process was ended, which code behind walls cannot do.
    """
    ended = run.fault == DIED and run.walls.startswith("bubblewrap")
    return ended or all(record.status == "not_run" for record in run.records.values())


def _asserts(frame: Frame) -> bool:
    """Tell whether checks of the exercise judge by themselves."""
    return any(check.asserts for asked in frame.questions for check in asked.checks)


def _say(error: MalformedNotebookError) -> str:
    return f"{printable(error.file.name)} {error.reason}"


def _hash(content: bytes | str) -> str:
    said = content.encode(errors="replace") if isinstance(content, str) else content
    return sha256(said).hexdigest()


def _place(submission: Submission) -> str:
    return str(submission.notebook or "")
