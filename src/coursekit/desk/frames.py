"""What an exercise asks of a student, and the hashes that judgements go by."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coursekit.desk.course import Course
    from coursekit.grading.frame import Frame


def frame_for(course: Course, slug: str, student: str = "") -> Frame:  # noqa: ARG001 - the same for all until exercises have variants
    """Give the frame of an exercise for one student.

    Parameters
    ----------
    course : Course
        The course.
    slug : str
        Name of the exercise.
    student : str, optional
        Id of the student; by default what somebody without an id gets.

    Returns
    -------
    Frame
        Questions, points and expectations.

    Raises
    ------
    CoursekitError
        If there is no such reference, or it is none.
    """
    path = course.reference(slug)
    return _read(path, path.stat().st_mtime_ns)


def hashes_for(course: Course, slug: str, student: str = "") -> tuple[str, str]:
    """Give the hashes of what runs and of what is expected, as gradebooks keep them."""
    path = course.reference(slug)
    del student  # the same for all, as above
    return _hash(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> Frame:
    from coursekit.grading.frame import read_frame

    return read_frame(path)


@lru_cache(maxsize=64)
def _hash(path: Path, changed: int) -> tuple[str, str]:
    from coursekit.grading.gradebook import hash_expectations, hash_what_runs

    frame = _read(path, changed)
    return hash_what_runs(frame), hash_expectations(frame)
