"""What an exercise asks of a student, and the hashes that judgements go by."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from coursekit.exercise.variants import draw_parameters, variant_id

if TYPE_CHECKING:
    from coursekit.authoring.source import Source
    from coursekit.desk.course import Course
    from coursekit.exercise.variants import Parameter
    from coursekit.grading.frame import Frame


def frame_for(course: Course, slug: str, student: str = "") -> Frame:
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
        Questions, points and expectations, of the variant that was drawn.

    Raises
    ------
    CoursekitError
        If there is no such reference, or it is none; if the exercise has variants and
        its source or the course's secret is missing.
    """
    path = reference_for(course, slug, student)
    return _read(path, path.stat().st_mtime_ns)


def hashes_for(course: Course, slug: str, student: str = "") -> tuple[str, str]:
    """Give the hashes of what runs and of what is expected, as gradebooks keep them."""
    path = reference_for(course, slug, student)
    return _hash(path, path.stat().st_mtime_ns)


def reference_for(course: Course, slug: str, student: str = "") -> Path:
    """Find the reference of a student's variant; it is built where it was not yet."""
    folder = variant_folder(course, slug, student)
    return folder / "reference" / f"{slug}.ipynb" if folder else course.reference(slug)


def variant_folder(course: Course, slug: str, student: str = "") -> Path | None:
    """Find the folder with the three forms of a student's variant.

    Returns
    -------
    pathlib.Path or None
        None for what everybody may have: the public variant, which lies where the
        exercise was built, and exercises without parameters.
    """
    values = parameters_for(course, slug, student)
    if variant_id(values) == variant_id(public_parameters(course, slug)):
        return None
    cache = course.folder / ".coursekit" / "variants"
    # Hundreds of students share a variant, whose data need no look for each of them.
    return _kept(course.source(slug), json.dumps(values), cache, int(monotonic()))


def parameters_for(
    course: Course, slug: str, student: str = ""
) -> dict[str, Parameter]:
    """Give the parameters of a student; empty for an exercise without any.

    They are drawn where ``course.toml`` says so, and else are the public ones.
    """
    public = public_parameters(course, slug)
    if not public or not student or not course.find(slug).variants:
        return public
    draw, secret = source_of(course, slug).draw, course.secret
    return draw_parameters(draw, secret=secret, exercise=slug, student=student)


def variant_for(course: Course, slug: str, student: str = "") -> str:
    """Give the id of a student's variant; empty for an exercise without parameters."""
    values = parameters_for(course, slug, student)
    return variant_id(values) if values else ""


def public_parameters(course: Course, slug: str) -> dict[str, Parameter]:
    """Give the parameters of who has no id, as the built reference says."""
    path = course.reference(slug)
    return dict(_public(path, path.stat().st_mtime_ns))


def source_of(course: Course, slug: str) -> Source:
    """Read the source of an exercise."""
    path = course.source(slug)
    return _source(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _public(path: Path, _changed: int) -> dict[str, Any]:
    content = json.loads(path.read_text(encoding="utf-8"))
    found: dict[str, Any] = content["metadata"]["coursekit"].get("parameters", {})
    return found


@lru_cache(maxsize=64)
def _source(path: Path, _changed: int) -> Source:
    from coursekit.authoring.source import read_source

    return read_source(path)


@lru_cache(maxsize=256)
def _kept(path: Path, values: str, cache: Path, _second: int) -> Path:
    from coursekit.authoring.variants import keep_variant

    source = _source(path, path.stat().st_mtime_ns)
    return keep_variant(source, json.loads(values), cache)


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int) -> Frame:
    from coursekit.grading.frame import read_frame

    return read_frame(path)


@lru_cache(maxsize=256)
def _hash(path: Path, changed: int) -> tuple[str, str]:
    from coursekit.grading.gradebook import hash_expectations, hash_what_runs

    frame = _read(path, changed)
    return hash_what_runs(frame), hash_expectations(frame)
