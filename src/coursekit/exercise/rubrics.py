"""Rubrics of written answers: what a sound one is, and ids that outlive its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from coursekit.errors import CoursekitError

Rubric = list[dict[str, Any]]


def name_levels(rubric: Sequence[Mapping[str, Any]]) -> Rubric:
    """Give criteria and levels of a rubric ids that stay when words change.

    Parameters
    ----------
    rubric : sequence of mapping
        Criteria as a source has them: ``criterion``, ``points`` and ``levels`` of
        ``points`` and ``means``. Without levels there are two, all points and none.

    Returns
    -------
    list of dict
        The same with an ``id`` in each; those that have one keep it.

    Examples
    --------
    >>> name_levels([{"criterion": "Says why", "points": 1}])[0]["levels"]
    [{'id': '1', 'points': 1, 'means': 'yes'}, {'id': '2', 'points': 0, 'means': 'no'}]
    """
    named = []
    for place, criterion in enumerate(rubric, start=1):
        levels = criterion.get("levels") or [
            {"points": criterion["points"], "means": "yes"},
            {"points": 0, "means": "no"},
        ]
        named.append(
            {
                "id": str(criterion.get("id", place)),
                "criterion": str(criterion["criterion"]),
                "points": criterion["points"],
                "levels": [
                    {
                        "id": str(level.get("id", number)),
                        "points": level["points"],
                        "means": str(level["means"]),
                    }
                    for number, level in enumerate(levels, start=1)
                ],
            }
        )
    return named


def make_id() -> str:
    """Make an id for a new criterion or level, that no older one ever had."""
    return uuid4().hex[:8]


def keep_ids(rubric: Sequence[Mapping[str, Any]], before: Rubric) -> Rubric:
    """Give a rubric the ids that an older one has for the same words.

    Parameters
    ----------
    rubric : sequence of mapping
        The newer one, as a source has it.
    before : list of dict
        The older one, with ids.

    Returns
    -------
    list of dict
        The newer one with ids. What has other words has an id of its own, so that no
        mark moves to a level that its marker never read.

    Examples
    --------
    >>> before = name_levels([{"criterion": "Says why", "points": 1}])
    >>> levels = [{"points": 2, "means": "yes"}, {"points": 0, "means": "hardly"}]
    >>> changed = [{"criterion": "Says why", "points": 2, "levels": levels}]
    >>> [level["id"] == "1" for level in keep_ids(changed, before)[0]["levels"]]
    [True, False]
    """
    kept = name_levels(rubric)
    criteria = {one["criterion"]: one for one in before}
    for criterion in kept:
        old = criteria.get(criterion["criterion"], {"id": make_id(), "levels": []})
        levels = {level["means"]: level["id"] for level in old["levels"]}
        criterion["id"] = old["id"]
        for level in criterion["levels"]:
            level["id"] = levels.get(level["means"]) or make_id()
    return kept


def require_rubric(rubric: object, points: float) -> None:
    """Refuse a rubric by which an answer cannot be marked.

    Parameters
    ----------
    rubric : object
        What stands where criteria are expected; see `name_levels`.
    points : float
        Those of the question, which the best levels add up to.

    Raises
    ------
    CoursekitError
        If something is missing, said twice, or adds up to other points.
    """
    if not isinstance(rubric, list) or not rubric:
        raise CoursekitError("a rubric is a list of criteria, and has at least one")
    names = [_require_criterion(criterion) for criterion in rubric]
    for name in names:
        if names.count(name) > 1:
            raise CoursekitError(f"two criteria have the name {name!r}")
    best = sum(float(criterion["points"]) for criterion in rubric)
    if abs(best - points) > 1e-6:
        raise CoursekitError(
            f"the best levels add up to {best:g}, and the question has {points:g} "
            "points"
        )


def _require_criterion(criterion: Any) -> str:
    name = criterion.get("criterion") if isinstance(criterion, Mapping) else None
    if not isinstance(name, str) or not name.strip():
        raise CoursekitError("a criterion has no name")
    if not _is_worth(criterion.get("points")):
        raise CoursekitError(f"criterion {name!r} needs points of 0 or more")
    if "levels" not in criterion:
        return name
    levels = criterion["levels"]
    if not isinstance(levels, list) or len(levels) < 2:
        raise CoursekitError(f"criterion {name!r} needs two levels or more")
    for level in levels:
        means = level.get("means") if isinstance(level, Mapping) else None
        if not str(means or "").strip() or not _is_worth(level.get("points")):
            raise CoursekitError(
                f"each level of {name!r} says what it means, and needs points of 0 or "
                "more"
            )
    for part in ("means", "points"):
        said = [level[part] for level in levels]
        if len(set(said)) < len(said):
            raise CoursekitError(f"two levels of {name!r} have the same {part}")
    if max(level["points"] for level in levels) != criterion["points"]:
        raise CoursekitError(
            f"criterion {name!r} has {criterion['points']:g} points, and its best "
            "level has others"
        )
    return name


def _is_worth(points: object) -> bool:
    if isinstance(points, bool) or not isinstance(points, (int, float)):
        return False
    return 0 <= points < float("inf")
