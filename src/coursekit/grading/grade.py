"""Grade a folder of submissions: the one entry for commands and programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from coursekit.course import course_root
from coursekit.errors import CoursekitError, MalformedNotebookError, UnknownNameError
from coursekit.grading.frame import Frame, read_frame, read_notebook
from coursekit.grading.judge import judge, judge_unreadable
from coursekit.grading.merge import merge
from coursekit.grading.report import (
    GradeReport,
    SubmissionGrade,
    refuse_existing,
)
from coursekit.grading.run import (
    CELL_TIMEOUT,
    KERNEL,
    SANDBOX,
    SUBMISSION_TIMEOUT,
    Runner,
    check_timeouts,
)
from coursekit.grading.submissions import Submission, find_submissions, unread_files

Progress = Callable[[int, int, str], None]


def grade(
    exercise: str | Path,
    submissions: Path,
    *,
    out: Path | None = None,
    progress: Progress | None = None,
    cell_timeout: float = CELL_TIMEOUT,
    submission_timeout: float = SUBMISSION_TIMEOUT,
) -> GradeReport:
    """Grade every submission of an exercise.

    Parameters
    ----------
    exercise : str or pathlib.Path
        Slug of an exercise of the course, or the path of a built reference.
    submissions : pathlib.Path
        A folder of ``STUDENT.ipynb`` or ``STUDENT/NOTEBOOK.ipynb``, or one notebook.
    out : pathlib.Path, optional
        Where to write the grades as CSV; it must not exist yet.
    progress : callable, optional
        Called as ``progress(done, total, student)`` before each submission, and once
        at the end with an empty student.
    cell_timeout : float, default 60
        Seconds that one cell may take.
    submission_timeout : float, default 900
        Seconds that one submission may take in all.

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
        If there are no submissions, or ``out`` exists already.

    Notes
    -----
    Points are given by checks alone. Written questions await a person's review and
    count neither in the total nor in its maximum, so full marks are the full marks of
    what is graded automatically.
    """
    check_timeouts(cell_timeout, submission_timeout)
    if out is not None:
        refuse_existing(out)
    frame = read_frame(find_reference(exercise))
    found = find_submissions(Path(submissions), exercise=frame.exercise)
    grades = []
    with Runner(cell_timeout, submission_timeout) as runner:
        for done, submission in enumerate(found):
            if progress is not None:
                progress(done, len(found), submission.student)
            grades.append(grade_one(frame, submission, runner))
    if progress is not None:
        progress(len(found), len(found), "")
    report = GradeReport(
        exercise=frame.exercise,
        exercise_version=frame.version,
        maximum=sum(q.maximum for q in frame.questions if not q.written),
        review_maximum=sum(q.maximum for q in frame.questions if q.written),
        grades=tuple(grades),
        kernel=KERNEL,
        sandbox=SANDBOX,
        unread=tuple(unread_files(Path(submissions))),
    )
    if out is not None:
        report.write_csv(out)
    return report


def grade_one(frame: Frame, submission: Submission, runner: Runner) -> SubmissionGrade:
    """Grade one submission; whatever it holds, this gives a grade.

    Parameters
    ----------
    frame : Frame
        What the exercise asks for.
    submission : Submission
        What one student handed in.
    runner : Runner
        Runs the merged notebook.
    """
    if submission.notebook is None:
        questions = judge_unreadable(frame, submission.fault)
        return SubmissionGrade(submission.student, "", questions, (), submission.fault)
    path = submission.notebook
    try:
        notebook = read_notebook(path)
    except MalformedNotebookError as error:
        fault = f"{path.name} {error.reason}"
        questions = judge_unreadable(frame, fault)
        return SubmissionGrade(submission.student, str(path), questions, (), fault)
    merged = merge(frame, notebook)
    run = runner.run(merged.notebook)
    foreign = [repair.text for repair in merged.repairs if repair.kind == "foreign"]
    return SubmissionGrade(
        student=submission.student,
        notebook=str(path),
        questions=judge(frame, merged, run),
        repairs=merged.repairs,
        fault="; ".join(filter(None, [run.fault, *foreign])),
        seconds=run.seconds,
    )


def find_reference(exercise: str | Path) -> Path:
    """Find the reference of an exercise by its slug, or take the path of one.

    Raises
    ------
    UnknownNameError
        If it is neither; names the exercises there are.
    CoursekitError
        If the course has no references, as in a student's installation.
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
