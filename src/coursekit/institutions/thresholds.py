"""What a mission has to be for somebody to call it peacekeeping.

A `Threshold` says, criterion by criterion, which codes are good enough; a mission
passes if all its codes are. The criteria are the three principles that the United
Nations names (consent of the parties, impartiality, force in self-defence and defence
of the mandate only) and, before them, the mandate.

A threshold is somebody's definition. That a mission passes one says what it is under
that definition, not whether it was lawful, useful or well meant.

References
----------
United Nations, *United Nations Peacekeeping Operations: Principles and Guidelines*
(2008), known as the Capstone Doctrine; key ``Capstone2008``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from coursekit.errors import CoursekitError
from coursekit.institutions.missions import (
    CODES,
    CRITERIA,
    DATASET,
    Mission,
    find_mission,
    list_contested,
    read_missions,
    require_codes,
)

if TYPE_CHECKING:
    import pandas as pd

    from coursekit.evidence.across import Across

Outcome = Literal["passes", "fails", "cannot be decided"]

OUTCOMES: Final[tuple[Outcome, ...]] = ("passes", "fails", "cannot be decided")


@dataclass(frozen=True)
class Threshold:
    """Which codes are good enough, criterion by criterion.

    Parameters
    ----------
    mandate, consent, impartiality, force : collection of str, optional
        The codes that are accepted. A criterion that is left out is not asked about;
        an empty one accepts nothing.

    Raises
    ------
    UnknownNameError
        If a criterion has no such code.
    TypeError
        If one text stands where codes are asked for.

    Examples
    --------
    >>> Threshold(consent=["all_parties"]).asked
    ('consent',)
    """

    mandate: Collection[str] | None = None
    consent: Collection[str] | None = None
    impartiality: Collection[str] | None = None
    force: Collection[str] | None = None

    def __post_init__(self) -> None:
        for criterion in CRITERIA:
            codes = getattr(self, criterion)
            if codes is None:
                continue
            if isinstance(codes, str) or not isinstance(codes, Iterable):
                raise TypeError(
                    f"{criterion} was given {codes!r}; it takes a list of codes, such "
                    f"as [{CODES[criterion][0]!r}]."
                )
            given = tuple(codes)  # read once: it may be a generator
            require_codes(criterion, given)
            kept = tuple(code for code in CODES[criterion] if code in given)
            object.__setattr__(self, criterion, kept)  # frozen, and made once here

    def accepted(self, criterion: str) -> tuple[str, ...]:
        """Give the codes that are accepted; all where the criterion is not asked."""
        require_codes(criterion, ())
        codes = getattr(self, criterion)
        return CODES[criterion] if codes is None else tuple(codes)

    @property
    def asked(self) -> tuple[str, ...]:
        """The criteria under which some code is refused."""
        return tuple(c for c in CRITERIA if len(self.accepted(c)) < len(CODES[c]))


# Definitions that can be found, as we translate them into codes.
THRESHOLDS: Final[Mapping[str, Threshold]] = MappingProxyType(
    {
        "the UN's three principles": Threshold(
            consent=("all_parties",),
            impartiality=("outside_states",),
            force=("unarmed", "self_defence"),
        ),
        "the three principles and a UN mandate": Threshold(
            mandate=("un_mandate",),
            consent=("all_parties",),
            impartiality=("outside_states",),
            force=("unarmed", "self_defence"),
        ),
        "a UN mandate": Threshold(mandate=("un_mandate",)),
        "agreed by the parties at the start": Threshold(
            consent=("all_parties", "eroded")
        ),
        "a regional or UN decision, and the host": Threshold(
            mandate=("un_mandate", "regional_body"),
            consent=("all_parties", "host_only"),
        ),
        "whatever is called so": Threshold(),
    }
)


@dataclass(frozen=True)
class Assessment:
    """What a threshold says of a mission, and why.

    Parameters
    ----------
    mission_id : str
        The mission.
    outcome : {"passes", "fails", "cannot be decided"}
        *fails* if a known code is refused; else *cannot be decided* if a code that is
        asked for is unknown; else *passes* (Kleene's strong conjunction).
    failed : mapping of str to str
        The criteria on which it fails, with the code.
    missing : tuple of str
        The criteria that are asked about and not known.
    """

    mission_id: str
    outcome: Outcome
    failed: Mapping[str, str]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.mission_id} {self.outcome}{_because(self)}."


def assess_mission(mission: Mission, threshold: Threshold) -> Assessment:
    """Say whether a mission is peacekeeping under a threshold.

    Parameters
    ----------
    mission : Mission
        With codes, some of them unknown. An unknown code cannot fail a criterion
        that accepts every code.
    threshold : Threshold
        The definition.

    Returns
    -------
    Assessment
        Outcome, what it fails on, and what is missing.

    Raises
    ------
    CoursekitError
        If nobody was sent, so that there is nothing to call peacekeeping.
    TypeError
        If either is something else.
    """
    if not isinstance(mission, Mission) or not isinstance(threshold, Threshold):
        raise TypeError(
            "assess_mission() takes a Mission and a Threshold; it was given "
            f"{type(mission).__name__} and {type(threshold).__name__}. "
            'find_mission("CPF_KAZ") gives a mission.'
        )
    if not mission.deployed:
        raise CoursekitError(
            f"{mission.mission_id} was asked about or planned, and nobody was sent: "
            "there is no conduct to assess. read_missions() lists those that were sent."
        )
    failed, missing = {}, []
    for criterion in threshold.asked:
        code = mission.codes.get(criterion)
        if code is None:
            missing.append(criterion)
        elif code not in threshold.accepted(criterion):
            failed[criterion] = code
    outcome: Outcome = "passes"
    if failed or missing:
        outcome = "fails" if failed else "cannot be decided"
    return Assessment(mission.mission_id, outcome, failed, tuple(missing))


def assess_missions(
    threshold: Threshold, missions: Iterable[Mission] | None = None
) -> list[Assessment]:
    """Assess missions under one threshold; all that were sent if none are given."""
    chosen = read_missions().values() if missions is None else missions
    return [assess_mission(mission, threshold) for mission in chosen]


def assess_across(mission_id: str, threshold: Threshold) -> Across:
    """Assess a mission under every reading of those of its codes that are asked for.

    Parameters
    ----------
    mission_id : str
        Key of a mission that was sent.
    threshold : Threshold
        The definition.

    Returns
    -------
    coursekit.evidence.across.Across
        Of truth values: true where the mission passes, unknown where it cannot be
        decided. Its ``questions`` are empty if none of these codes is contested.

    Raises
    ------
    UnknownNameError
        If there is no mission of that key.
    CoursekitError
        If nobody was sent.
    """
    from coursekit.evidence import across_readings

    assess_mission(find_mission(mission_id), threshold)  # refuses what cannot be
    verdicts = {"passes": True, "fails": False, "cannot be decided": None}

    def passes(table: pd.DataFrame) -> bool | None:
        found = assess_mission(find_mission(mission_id, table), threshold)
        return verdicts[found.outcome]

    contested = list_contested(f"{criterion}_code" for criterion in threshold.asked)
    questions = contested.get(mission_id, [])
    return across_readings(DATASET, passes, questions=questions)


def describe_threshold(threshold: Threshold) -> str:
    """Say what a threshold asks for, in one sentence."""
    asked = [
        f"{criterion} {_or(threshold.accepted(criterion))}"
        for criterion in threshold.asked
    ]
    if not asked:
        return "Nothing is asked for: whatever is called peacekeeping passes."
    rest = [criterion for criterion in CRITERIA if criterion not in threshold.asked]
    unasked = f" Not asked about: {', '.join(rest)}." if rest else ""
    return f"Asked for: {'; '.join(asked)}.{unasked}"


def _because(found: Assessment) -> str:
    if found.failed:
        reasons = [f"{c} is {_plain(code)}" for c, code in found.failed.items()]
        return f", because {' and '.join(reasons)}"
    if found.missing:
        verb = "is" if len(found.missing) == 1 else "are"
        return f", because {' and '.join(found.missing)} {verb} not known"
    return ""


def _or(codes: Iterable[str]) -> str:
    return " or ".join(map(_plain, codes)) or "nothing that exists"


def _plain(code: str) -> str:
    return code.replace("_", " ")
