"""Episodes: acts that bear on a primary institution, with the inputs of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from numbers import Integral
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import load
from coursekit.institutions.rules import Value

if TYPE_CHECKING:
    import pandas as pd

# What a block of the table decides; the hand-coded class stands in the same column.
DECIDES: Final = ("strategy", "arena", "change_type", "outcome")
# Inputs in words carry the categories of the codebook; these are whole numbers.
SCORES: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {"uptake": (0, 1, 2), "legitimation": (0, 1, 2), "codification": (0, 1)}
)
BODY: Final = "secondary_institution"
_WORDS: Final = (
    "goal_change",
    "recognition_sought",
    "vehicle_status",
    "contestation_type",
    BODY,
    "venue",
    "reversed",
    "openly_refused",
    "principle_altered",
    "practice_altered",
    "old_practice_accepted",
)


@cache
def vocabulary() -> Mapping[str, tuple[Value, ...]]:
    """List every input of an episode with the values that it can take.

    Returns
    -------
    mapping of str to tuple
        Words as in the codebook of ``episodes``; 0 to 2 or 0 to 1 for the scores. The
        body may be any of ``secondary_institutions``, or ``none``. ``body_age``, in
        years, takes any whole number: ``()``. Unknown is always possible and is no
        value. ``score`` is not given but added up.
    """
    import pandas as pd

    episodes = load("episodes")
    known: dict[str, tuple[Value, ...]] = {**SCORES, "body_age": ()}
    for name in _WORDS:
        dtype = episodes[name].dtype
        if isinstance(dtype, pd.CategoricalDtype):
            known[name] = tuple(map(str, dtype.categories))
        elif pd.api.types.is_bool_dtype(dtype):
            known[name] = ("yes", "no")
        else:
            known[name] = tuple(dict.fromkeys(map(str, episodes[name].dropna())))
    bodies = map(str, load("secondary_institutions")["id"])
    known[BODY] = tuple(dict.fromkeys([*known[BODY], *bodies, "none"]))
    return MappingProxyType(known)


@dataclass(frozen=True)
class Episode:
    """One act, or a row of acts, that bears on a primary institution.

    Parameters
    ----------
    episode_id : str
        Key, such as ``"E08"``.
    inputs : mapping of str to str, int or None
        What the table may ask for, by name, as in `vocabulary`. An input that is
        absent or None is unknown.
    label : str, optional
        A few words.
    coded : mapping of str to str or None, optional
        The classes given by hand, by what they decide; empty for an invented episode.

    Raises
    ------
    UnknownNameError
        If there is no input of that name, or it cannot take that value.
    TypeError
        If the inputs are no mapping, or a number stands where a word belongs, or
        the other way round.
    """

    episode_id: str
    inputs: Mapping[str, Value | None] = field(default_factory=dict)
    label: str = ""
    coded: Mapping[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.inputs, Mapping):
            raise TypeError(
                f"The inputs of an episode are {type(self.inputs).__name__}; give a "
                'dict, such as {"goal_change": "yes"}.'
            )
        known = vocabulary()
        for name, value in self.inputs.items():
            if name not in known:
                raise UnknownNameError("input", name, known)
            if value is not None:
                _require_value(name, value, known[name])

    @property
    def facts(self) -> dict[str, Value | None]:
        """The inputs with ``score``, which is unknown if one part of it is."""
        return add_score(self.inputs)

    @classmethod
    def from_row(cls, row: pd.Series[Any] | Mapping[str, Any]) -> Episode:
        """Make an episode of one row of ``episodes``; a gap becomes unknown."""
        cells = {name: _plain(row.get(name)) for name in vocabulary()}
        cells["body_age"] = _measure_age(cells[BODY], _plain(row.get("start")))
        coded = {name: _plain(row.get(name)) for name in DECIDES}
        return cls(
            str(row["episode_id"]),
            cells,
            str(row.get("label", "")),
            {name: None if code is None else str(code) for name, code in coded.items()},
        )


def read_episodes(rows: pd.DataFrame | None = None) -> Mapping[str, Episode]:
    """Read every episode of the course's data, or of rows of it.

    Parameters
    ----------
    rows : pandas.DataFrame, optional
        Rows of ``episodes``, perhaps under another reading of them. All, as they
        stand, if left out.

    Returns
    -------
    mapping of str to Episode
        By key, read-only, in the order of the rows.

    Raises
    ------
    TypeError
        If these are no rows.
    CoursekitError
        If they have no ``episode_id``.
    """
    import pandas as pd

    if rows is None:
        return _own_episodes()
    if not isinstance(rows, pd.DataFrame):
        raise TypeError(
            f"Rows of episodes were asked for, and this is {type(rows).__name__}; "
            'load("episodes") gives them.'
        )
    if "episode_id" not in rows.columns:
        raise CoursekitError(
            "These rows have no column 'episode_id'. If it is their index, "
            "reset_index() makes it a column again."
        )
    cells = rows.to_dict("records")
    episodes = [Episode.from_row(cast("dict[str, Any]", row)) for row in cells]
    return MappingProxyType({episode.episode_id: episode for episode in episodes})


@cache
def _own_episodes() -> Mapping[str, Episode]:
    return read_episodes(load("episodes"))


def find_episode(episode_id: str) -> Episode:
    """Give one episode of the course's data.

    Parameters
    ----------
    episode_id : str
        Key, such as ``"E08"``.

    Returns
    -------
    Episode

    Raises
    ------
    UnknownNameError
        If there is no such episode.
    """
    episodes = read_episodes()
    if str(episode_id) not in episodes:
        raise UnknownNameError("episode", str(episode_id), episodes)
    return episodes[episode_id]


def _require_value(name: str, value: object, known: tuple[Value, ...]) -> None:
    number = name in SCORES or name == "body_age"
    if isinstance(value, bool) or not isinstance(value, Integral if number else str):
        raise TypeError(
            f"The input {name} takes {'a whole number' if number else 'a word'}, "
            f"and {value!r} is none. None stands for unknown."
        )
    if known and value not in known:
        raise UnknownNameError(f"value of {name}", str(value), map(str, known))


def add_score(inputs: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """Add ``score``, the sum of the three scores; None if one of them is unknown."""
    parts = [inputs.get(name) for name in SCORES]
    known = [int(part) for part in parts if part is not None]
    return {**inputs, "score": sum(known) if len(known) == len(parts) else None}


@cache
def _founding_years() -> Mapping[str, int]:
    bodies = load("secondary_institutions").dropna(subset=["founded"])
    years = bodies["founded"].dt.year
    return dict(zip(bodies["id"].astype(str), map(int, years), strict=True))


def _measure_age(body: Value | None, start: Value | None) -> int | None:
    """Count the years from a body's founding to an episode's start, by calendar."""
    founded = _founding_years().get(str(body))
    return None if founded is None or start is None else int(start) - founded


def _plain(cell: object) -> Value | None:
    """Turn a cell into a word or a whole number; None where it is a gap."""
    import pandas as pd

    if cell is None or pd.isna(cell) or cell == "":  # type: ignore[call-overload]  # cells of any type
        return None
    if isinstance(cell, bool) or type(cell).__name__ == "bool":
        return "yes" if cell else "no"
    return cell if isinstance(cell, str) else int(cell)  # type: ignore[call-overload]  # cells are text or numbers
