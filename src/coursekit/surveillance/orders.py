"""Who could order what: rules on cutting networks, and who is named as ordering it.

A rule that was found is not every rule, and a power is not its use. Most rules are
known from reports about them; ``verification`` and ``note`` say what was not read.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from coursekit.errors import UnknownNameError
from coursekit.evidence import load

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

LIMIT: Final = "stop or limit"
# Bodies, with the words by which a rule or an account names them.
BODIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "President": ("President",),
        "Prosecutor General": ("Prosecutor General",),
        "National Security Committee": ("National Security Committee",),
        "security bodies, not named": ("security bodies", "national security bodies"),
        "Ministry of Defence": ("Ministry of Defence",),
        "Ministry of Internal Affairs": ("Ministry of Internal Affairs",),
        "emergency bodies": ("emergency bodies", "bodies created", "commandant"),
        "ministry for communications or media": (
            "media ministry",
            "communications ministry",
            "Ministry of Digital Development",
            "Communications Service",
            "ministry order",
        ),
        "'competent' or 'authorised' bodies, not named": (
            "competent authorities",
            "authorised body",
        ),
    }
)
NAMED: Final = "a body is named"
DENIED: Final = "not acknowledged"
OWN_ACCOUNT: Final = "operators' own account"
NO_BODY: Final = "an operator cites a rule and names no body"


def find_rules(
    state: str = "KAZ",
    *,
    who: str | None = None,
    subject: str | None = LIMIT,
    until: int | None = None,
) -> pd.DataFrame:
    """Find the rules of a state by which something may be cut off, and by whom.

    Parameters
    ----------
    state : str, default "KAZ"
        ISO 3166-1 code; ``INT`` for the international standard.
    who : str, optional
        A body of `BODIES` that the rule names; all if left out.
    subject : str or None, default "stop or limit"
        What the rule is about, as the dataset has it; None for every rule.
    until : int, optional
        Rules of this year or earlier, as if nobody knew later ones.

    Returns
    -------
    pandas.DataFrame
        By ``rule_id``, the oldest first, with ``subject``. No row means that none was
        found, not that there is none.

    Raises
    ------
    UnknownNameError
        If there is no such state, body or subject.
    TypeError
        If ``until`` is no year.
    """
    rows = load("shutdown_law")
    _require("state", state, set(rows["country_iso3"].astype(str)))
    rows = rows[rows["country_iso3"] == state]
    if subject is not None:
        _require("subject of a rule", subject, rows["subject"].cat.categories)
        rows = rows[rows["subject"] == subject]
    if who is not None:
        _require("body", who, BODIES)
        rows = rows[[who in name_bodies(cell) for cell in rows["who_may_order"]]]
    if until is not None:
        if isinstance(until, bool) or not isinstance(until, int):
            raise TypeError(f"until was given {until!r}; it takes a year such as 2021.")
        rows = rows[rows["year"] <= until]
    return rows.sort_values(["year", "rule_id"]).set_index("rule_id")


def name_bodies(text: object) -> tuple[str, ...]:
    """List the bodies of `BODIES` that a text names; none for a missing cell."""
    import pandas as pd

    if pd.isna(text):  # type: ignore[call-overload]  # any cell may be asked about
        return ()
    folded = str(text).casefold()
    return tuple(
        body
        for body, phrases in BODIES.items()
        if any(phrase.casefold() in folded for phrase in phrases)
    )


def describe_rules(rules: pd.DataFrame) -> str:
    """Say how many rules were found, whom they name, and what they say of a court."""
    if rules.empty:
        return "No such rule was found, which does not mean that there is none."
    bodies = {body for cell in rules["who_may_order"] for body in name_bodies(cell)}
    none = int((rules["court_needed"] == "no").sum())
    silent = int((rules["court_needed"] == "not_stated").sum())
    noun = "rule" if len(rules) == 1 else "rules"
    named = "; ".join(body for body in BODIES if body in bodies) or "nobody"
    said = f"{len(rules)} {noun} found, naming: {named}."
    court = (
        f" No court is needed under {none} of {len(rules)}, as far as they were read"
    )
    return f"{said}{court}; {silent} do not say." if silent else f"{said}{court}."


def read_orders(*, states: str | list[str] | None = None) -> pd.DataFrame:
    """Read who is said to have ordered each shutdown, and in what way we know.

    Parameters
    ----------
    states : str or list of str, optional
        ISO 3166-1 codes; all five if left out.

    Returns
    -------
    pandas.DataFrame
        One row for each shutdown: ``event_id``, ``country_iso3``, ``order_authority``
        (the account), ``known_as`` (``not acknowledged``, ``operators' own account``,
        ``an operator cites a rule and names no body`` or ``a body is named``).
        That a body is named is the account of a source.

    Raises
    ------
    UnknownNameError
        If there is no such state.
    """
    from coursekit.surveillance.shutdowns import read_shutdowns

    rows = read_shutdowns(states=states)
    rows["known_as"] = rows["order_authority"].map(_know)
    return rows[["event_id", "country_iso3", "scope", "order_authority", "known_as"]]


def _know(account: str) -> str:
    if account.startswith("not acknowledged"):
        return DENIED
    if "names no body" in account:
        return NO_BODY
    return OWN_ACCOUNT if account.startswith("operators") else NAMED


def _require(kind: str, name: object, known: object) -> None:
    names = set(map(str, known))  # type: ignore[call-overload]  # sets and mappings
    if name not in names:
        raise UnknownNameError(kind, str(name), names)
