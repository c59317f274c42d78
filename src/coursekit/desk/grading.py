"""Grade what was collected: of each student the version that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit.desk.book import open_book
from coursekit.desk.course import NoCourseError, find_course
from coursekit.desk.frames import frame_for, reference_for
from coursekit.desk.rows import read_rows
from coursekit.desk.rules import HandedIn, choose
from coursekit.errors import CoursekitError
from coursekit.grading import grade as grader

if TYPE_CHECKING:
    from coursekit.desk.course import Course
    from coursekit.grading.report import GradeReport
    from coursekit.grading.submissions import Submission


def grade_here(
    exercise: str, submissions: Path | None, gradebook: str | None, **options: Any
) -> GradeReport:
    """Grade as `coursekit grade` does, in a course folder or anywhere else.

    Parameters
    ----------
    exercise : str
        Name of an exercise; in a course folder the beginning of it will do. Or the path
        of a built reference.
    submissions : pathlib.Path or None
        What to grade; None for what was collected, which takes a course folder.
    gradebook : str or None
        File or URL; None for that of the course folder, else ``gradebook.db``.
    **options : object
        As of `coursekit.grading.grade.grade`.

    Returns
    -------
    GradeReport
        One grade for each student.

    Raises
    ------
    CoursekitError
        If nothing is named to be graded and this is no course folder, or whatever
        `coursekit.grading.grade.grade` raises.
    """
    try:
        course = find_course()
    except NoCourseError as error:
        if submissions is None:
            raise CoursekitError(
                f"Name a folder of submissions. {error} There, what was collected is "
                "graded."
            ) from error
        return grader.grade(
            exercise, submissions, gradebook=gradebook or "gradebook.db", **options
        )
    if exercise.endswith(".ipynb"):
        reference = Path(exercise)
    else:
        slug = course.find(exercise).slug
        if submissions is None and gradebook is None:
            return grade_collected(course, slug, **options)
        reference = course.reference(slug)
    if submissions is None:
        raise CoursekitError(
            "What was collected is graded by an exercise's name and into the course's "
            "own gradebook; otherwise name a folder of submissions."
        )
    return grader.grade(
        reference, submissions, gradebook=gradebook or course.gradebook, **options
    )


def grade_collected(
    course: Course, slug: str, *, out: Path | None = None, **options: Any
) -> GradeReport:
    """Grade the version of every student that counts, by the rules as they are now.

    Parameters
    ----------
    course : Course
        Rules, gradebook and collected work.
    slug : str
        Name of the exercise, in full.
    out : pathlib.Path, optional
        Where to write the grades as CSV; it must not exist yet.
    **options : object
        As of `coursekit.grading.grade.grade`; the gradebook is the course's.

    Returns
    -------
    GradeReport
        One grade for each student who handed in in time.

    Raises
    ------
    CoursekitError
        If nothing was collected, or whatever `coursekit.grading.grade.grade` raises.
    """
    from coursekit.grading.report import refuse_existing

    counted = list_counted(course, slug)
    if not counted:
        raise CoursekitError(
            f"Nothing that counts was collected for {slug}; run `coursekit collect "
            f"{slug} DOWNLOAD` with what your platform gives you."
        )
    if out is not None:
        refuse_existing(out)
    by_variant: dict[Path, list[Submission]] = {}
    for submission in counted:
        reference = reference_for(course, slug, submission.student)
        by_variant.setdefault(reference, []).append(submission)
    report = _join(
        [
            grader.grade(reference, submissions, gradebook=course.gradebook, **options)
            for reference, submissions in by_variant.items()
        ]
    )
    if out is not None:
        report.write_csv(out)
    return report


def _join(reports: Sequence[GradeReport]) -> GradeReport:
    """Make one report of those of an exercise's variants, which ask for the same."""
    grades = [given for report in reports for given in report.grades]
    return replace(reports[0], grades=tuple(sorted(grades, key=lambda g: g.student)))


def list_counted(course: Course, slug: str) -> list[Submission]:
    """List the files that count, one for each student, ordered by student."""
    from coursekit.grading.submissions import Submission

    assignment = course.find(slug)
    with open_book(course) as book:
        rows = book.transact(lambda use: read_rows(use, slug, frame_for(course, slug)))
    found = []
    for student, versions in sorted(rows.versions.items()):
        choice = choose(versions, assignment, student)
        if choice is None or choice.closed:
            continue
        fault = _find_fault(course.folder, choice.version)
        path = None if fault else course.folder / choice.version.file
        found.append(Submission(student, path, fault))
    return found


def _find_fault(folder: Path, version: HandedIn) -> str:
    """Say why a collected file cannot be graded; a grade belongs to its content."""
    try:
        with (folder / version.file).open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
    except OSError:
        return f"{version.file} was collected and is not there any more"
    if digest != version.hash:
        return f"{version.file} was changed since; put it back, or collect it elsewhere"
    return ""
