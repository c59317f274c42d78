"""What is contested in a dataset, and what a result is under each reading of it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence.across import Across, Outcome, Value
from coursekit.evidence.rivals import Reading, names_in
from coursekit.evidence.tables import Dataset, open_dataset


def readings(name: str, *, root: Path | None = None) -> pd.DataFrame:
    """List the contested cells of a dataset, with every reading and its source.

    Parameters
    ----------
    name : str
        Name of the dataset.
    root : pathlib.Path, optional
        A folder of datasets; the course's own ``data`` unless given.

    Returns
    -------
    pandas.DataFrame
        One row for each cell that a reading sets: ``question``, ``reading``, ``key``,
        ``column``, ``value`` (text; missing where the reading says "unknown"),
        ``base`` (boolean), ``source``, ``pinpoint``, ``verification``, ``note``.
        No rows where nothing is contested.

    Raises
    ------
    UnknownNameError
        If there is no such dataset.
    MalformedDataError
        If a file of the dataset breaks the dataset's own description.

    Examples
    --------
    >>> table = readings("timeline").query("question == 'force_size'")
    >>> table["reading"].unique().tolist()
    ['force_size_2500', 'force_size_2030', 'force_size_5000']
    """
    return open_dataset(name, root=root).rivals.frame.copy()


def across_readings(
    name: str,
    function: Callable[[pd.DataFrame], object],
    *,
    questions: str | Iterable[str] | None = None,
    joint_limit: int = 256,
    root: Path | None = None,
) -> Across:
    """Compute a result under every reading of a dataset.

    The base comes first, then each other reading alone, then, if there are no more
    than ``joint_limit`` combinations of one reading for each question, all the rest.

    Parameters
    ----------
    name : str
        Name of the dataset.
    function : callable
        Takes the dataset as a DataFrame of its own; returns a number, a truth value,
        or a missing value (None, NaN, NA) for "unknown".
    questions : str or iterable of str, optional
        Vary the readings of these questions only; all unless given.
    joint_limit : int, optional
        How many combinations are few enough to compute.
    root : pathlib.Path, optional
        A folder of datasets; the course's own ``data`` unless given.

    Returns
    -------
    Across
        The interval, the base value, and the readings that make the ends.

    Raises
    ------
    UnknownNameError
        If there is no such dataset or question.
    CoursekitError
        If ``function`` fails or returns something else; the message names the
        reading, and the failure itself is its cause.
    MalformedDataError
        If a file of the dataset breaks the dataset's own description.

    Examples
    --------
    >>> def troops(events):
    ...     units = events["event_id"] == "2022-01-06-csto-first-units"
    ...     return events.loc[units, "figure"].sum()
    >>> size = across_readings("timeline", troops, questions="force_size")
    >>> size.low, size.base, size.high
    (2030.0, 2500.0, 5000.0)
    >>> size.high_readings
    ('force_size_5000',)
    """
    dataset = open_dataset(name, root=root)
    answers = _select(dataset, questions)
    combinations = math.prod(len(rivals) for rivals in answers)
    joint = combinations <= joint_limit
    outcomes = [
        Outcome(
            tuple(reading.name for reading in chosen),
            _evaluate(dataset, chosen, function),
        )
        for chosen in _combine(answers, joint=joint)
    ]
    _refuse_mixture(outcomes)
    return Across.from_outcomes(
        outcomes,
        questions=tuple(rivals[0].question for rivals in answers),
        joint=joint,
    )


def _select(
    dataset: Dataset, questions: str | Iterable[str] | None
) -> list[list[Reading]]:
    known = dataset.rivals.questions
    if questions is None:
        return list(known.values())
    wanted = names_in(questions)
    for question in wanted:
        if question not in known:
            raise UnknownNameError("question", question, known)
    return [known[question] for question in dict.fromkeys(wanted)]


def _combine(
    answers: Sequence[Sequence[Reading]], *, joint: bool
) -> Iterator[tuple[Reading, ...]]:
    """Give the readings that depart from the base, few departures first."""
    rivals = [[reading for reading in found if not reading.base] for found in answers]
    most = len(rivals) if joint else min(1, len(rivals))
    for departures in range(most + 1):
        for chosen in itertools.combinations(rivals, departures):
            yield from itertools.product(*chosen)


def _evaluate(
    dataset: Dataset,
    chosen: tuple[Reading, ...],
    function: Callable[[pd.DataFrame], object],
) -> Value:
    where = " + ".join(reading.name for reading in chosen) or "the base"
    try:
        result = function(dataset.under(chosen))
    except Exception as fault:
        raise CoursekitError(
            f"The function failed under {where}: {type(fault).__name__}: {fault}"
        ) from fault
    if result is None or result is pd.NA or result is pd.NaT:
        return None
    if pd.api.types.is_bool(result):
        return bool(result)
    if pd.api.types.is_integer(result):
        return int(result)
    if pd.api.types.is_float(result):
        return None if pd.isna(result) else float(result)
    raise CoursekitError(
        f"Under {where} the function returned a {type(result).__name__}; it should "
        "return a number, a truth value, or None for unknown."
    )


def _refuse_mixture(outcomes: Sequence[Outcome]) -> None:
    first: Outcome | None = None
    for outcome in outcomes:
        if outcome.value is None:
            continue
        first = first or outcome
        if isinstance(outcome.value, bool) != isinstance(first.value, bool):
            raise CoursekitError(
                f"The function returned {first.value!r} under {first.label} but "
                f"{outcome.value!r} under {outcome.label}; it should return "
                "numbers only, or truth values only."
            )
