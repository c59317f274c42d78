"""What a shutdown is said to cost: published estimates, and a model that can be opened.

The model is ours, after the published descriptions of others:

    cost = gdp_usd * digital_share * hours / hours_in_year * share_affected * multiplier

It is no measurement, and it prices an economy. Lives, ambulances that were not called
and rights have no price here; see `LEFT_OUT`.

References
----------
NetBlocks, Cost of Shutdown Tool, key ``NetBlocksCOST``: says that it builds on the
methods of the Brookings Institution (key ``WestBrookings2016``) and CIPESA (key
``CIPESA2017``). Its exact formula and shares were not found, so the model cannot
reproduce its output. The rival method by population is that of key ``Deloitte2016``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import load

if TYPE_CHECKING:
    import pandas as pd

INPUTS: Final = (
    "gdp_usd",
    "digital_share",
    "hours",
    "hours_in_year",
    "share_affected",
    "multiplier",
)
MILLION: Final = 1_000_000
SHARES: Final = ("digital_share", "share_affected")
POSITIVE: Final = ("hours_in_year",)  # something is divided by it
# What no input of the model stands for.
LEFT_OUT: Final = (
    "people who died because no help or warning could reach them",
    "ambulances, hospitals and medicines",
    "the rights to speak, to know and to assemble",
    "trust in the state",
    "damage by the unrest itself",
)


@dataclass(frozen=True)
class Estimate:
    """What the model gives, or what it still lacks.

    Parameters
    ----------
    inputs : mapping of str to float or None
        Every input by name; None where it is missing.
    value : float or None
        US dollars, 0 or more; None if an input is missing, which is not zero.
    """

    inputs: Mapping[str, float | None]
    value: float | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The inputs that are missing, in the order of the formula."""
        return tuple(name for name, value in self.inputs.items() if value is None)

    def __str__(self) -> str:
        if self.value is None:
            verb = "is" if len(self.missing) == 1 else "are"
            return f"No estimate: {', '.join(self.missing)} {verb} missing."
        return f"About {in_millions(self.value)}, by the model."


def estimate_cost(
    *,
    gdp_usd: float | None = None,
    digital_share: float | None = None,
    hours: float | None = None,
    share_affected: float | None = None,
    multiplier: float | None = 1.0,
    hours_in_year: float | None = 8760.0,
) -> Estimate:
    """Estimate what the economy loses while a network is off; every input visible.

    Parameters
    ----------
    gdp_usd : float, optional
        Gross domestic product of a year, US dollars, 0 or more.
    digital_share : float, optional
        Share of the internet economy in it, 0 to 1.
    hours : float, optional
        How long the network was off, 0 or more.
    share_affected : float, optional
        Share of users who were cut off, 0 to 1.
    multiplier : float, default 1
        For what follows the direct loss; 1 for nothing.
    hours_in_year : float, default 8760
        More than 0. Every hour then counts alike, at night and at noon.

    Returns
    -------
    Estimate
        None, NA and NaN are missing inputs: the estimate names them and has no value.

    Raises
    ------
    TypeError
        If an input is no number.
    CoursekitError
        If an input is negative or endless, a share above 1, or a year without hours.

    Examples
    --------
    >>> print(estimate_cost(gdp_usd=8.76e9, digital_share=0.05, hours=100))
    No estimate: share_affected is missing.
    >>> print(
    ...     estimate_cost(
    ...         gdp_usd=8.76e9, digital_share=0.05, hours=100, share_affected=1
    ...     )
    ... )
    About 5.0 million US dollars, by the model.
    """
    given = {
        "gdp_usd": gdp_usd,
        "digital_share": digital_share,
        "hours": hours,
        "hours_in_year": hours_in_year,
        "share_affected": share_affected,
        "multiplier": multiplier,
    }
    return CostModel(**given).estimate()


@dataclass(frozen=True)
class CostModel:
    """The model with its inputs; see `estimate_cost` for their units and ranges."""

    gdp_usd: float | None = None
    digital_share: float | None = None
    hours: float | None = None
    hours_in_year: float | None = 8760.0
    share_affected: float | None = None
    multiplier: float | None = 1.0

    def __post_init__(self) -> None:
        for name in INPUTS:
            object.__setattr__(self, name, check_input(name, getattr(self, name)))

    def estimate(self) -> Estimate:
        """Multiply the inputs, or say which are missing."""
        inputs = {name: getattr(self, name) for name in INPUTS}
        if None in inputs.values():
            return Estimate(inputs, None)
        rest = [inputs[name] for name in INPUTS if name != "hours_in_year"]
        return Estimate(inputs, math.prod(rest) / inputs["hours_in_year"])


def estimate_by_population(
    *,
    population: float | None = None,
    loss_per_day_per_10m: float | None = None,
    hours: float | None = None,
) -> Estimate:
    """Estimate by the rival method: a loss a day for ten million people.

    ``population / 10_000_000 * loss_per_day_per_10m * hours / 24`` [Deloitte2016]_.

    Parameters
    ----------
    population : float, optional
        People, 0 or more.
    loss_per_day_per_10m : float, optional
        US dollars a day for ten million people, 0 or more: it depends on how
        connected an economy is held to be.
    hours : float, optional
        How long the network was off, 0 or more.

    Returns
    -------
    Estimate
        As `estimate_cost` gives it, with the same refusals.

    References
    ----------
    .. [Deloitte2016] Key in data/sources.bib.
    """
    given = {
        "population": population,
        "loss_per_day_per_10m": loss_per_day_per_10m,
        "hours": hours,
    }
    inputs = {name: check_input(name, value) for name, value in given.items()}
    known = [value for value in inputs.values() if value is not None]
    if len(known) < len(inputs):
        return Estimate(inputs, None)
    return Estimate(inputs, math.prod(known) / 10_000_000 / 24)


def check_input(name: str, value: Any) -> float | None:
    """Check one input of a model; None for one that is missing (None, NA, NaN).

    Raises
    ------
    TypeError
        If it is no number.
    CoursekitError
        If it lies outside its range.
    """
    import pandas as pd

    if value is None or value is pd.NA:
        return None
    # NumPy's numbers are no int or float, but know how to become one.
    number = hasattr(value, "__float__") and not isinstance(value, bool)
    if not number:
        raise TypeError(f"{name} was given {value!r}; it takes a number, or None.")
    found = float(value)
    if math.isnan(found):
        return None
    least = "more than 0" if name in POSITIVE else "0 or more"
    if found < 0 or math.isinf(found) or (name in POSITIVE and found == 0):
        raise CoursekitError(f"{name} was given {found:g}; it takes {least}.")
    if name in SHARES and found > 1:
        raise CoursekitError(
            f"{name} was given {found:g}; a share lies between 0 and 1 "
            f"({found:g} per cent is {found / 100:g})."
        )
    return found


def read_inputs() -> pd.DataFrame:
    """Read the figures with which the model can be filled, indexed by ``input_id``.

    Returns
    -------
    pandas.DataFrame
        ``name``, ``value``, ``low``, ``high`` (missing where no source gives a range),
        ``unit``, sources and ``note``. Several rows with one name are rivals.
    """
    return load("shutdown_cost_inputs").set_index("input_id")


def find_input(input_id: str) -> float:
    """Find one figure of the inputs, such as ``"gdp-2021"``.

    Raises
    ------
    UnknownNameError
        If there is none of that name.
    """
    table = read_inputs()
    if input_id not in table.index:
        raise UnknownNameError("input", str(input_id), table.index)
    return float(table["value"][input_id])


def read_estimates(
    state: str = "KAZ", *, kind: str | None = "model", of: str | None = None
) -> pd.DataFrame:
    """Read the published figures for one state.

    Parameters
    ----------
    state : str, default "KAZ"
        ISO 3166-1 code.
    kind : {'model', 'damage', 'own_loss'} or None, default "model"
        Output of a model of a shutdown's cost, damage by the unrest, or what one firm
        says it lost: three concepts, which are not compared unless None is asked for.
    of : str, optional
        ``"event"`` for January 2022 alone, ``"year"`` for all cuts of a year.

    Returns
    -------
    pandas.DataFrame
        By ``estimate_id``; ``covers`` says ``event`` or ``year``. ``value_usd`` is
        missing where no figure in dollars was published.

    Raises
    ------
    UnknownNameError
        If there is no such state, kind or coverage.
    """
    rows = load("shutdown_costs").set_index("estimate_id")
    whole = rows["event_or_year"].str.fullmatch(r"\d{4}")
    rows["covers"] = whole.map({True: "year", False: "event"})
    for column, asked, value in (
        ("country_iso3", "state", state),
        ("kind", "kind of figure", kind),
        ("covers", "coverage", of),
    ):
        if value is None:
            continue
        known = sorted(set(rows[column].astype(str)))
        if value not in known:
            raise UnknownNameError(asked, str(value), known)
        rows = rows[rows[column].astype(str) == value]
    return rows


def in_millions(value: float) -> str:
    """Write dollars in millions, rounded as far as a model deserves."""
    millions = value / MILLION
    return (
        f"{millions:.1f} million US dollars"
        if millions < 10
        else (f"{millions:,.0f} million US dollars")
    )
