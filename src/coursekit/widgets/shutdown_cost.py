"""The cost calculator: every input in the open, published estimates beside it."""

from __future__ import annotations

from typing import Final

from coursekit.charts.shutdowns import describe_span, draw_estimates, list_figures
from coursekit.evidence import load
from coursekit.surveillance.costs import (
    LEFT_OUT,
    Estimate,
    estimate_cost,
    find_input,
    read_estimates,
    read_inputs,
)
from coursekit.surveillance.shutdowns import DATASET, WEEK, measure_hours
from coursekit.widgets.controls import drop_down, number_box
from coursekit.widgets.panel import Panel, View

# Readings of the hours that the list offers, in words.
HOURS: Final = {
    "near-total phase": (),
    "with mobile data slow": ("sh08_counted_yes",),
    "until 10 January": ("sh09_end_10_january",),
    "until data centres were back": ("sh09_end_data_centres",),
}
GDP: Final = ("gdp-2020", "gdp-2021", "gdp-2022")
UNKNOWN: Final = "not known"


def list_hours() -> dict[str, float]:
    """List the lengths on offer: readings of the data, and two that others use."""
    found = {}
    for words, names in HOURS.items():
        hours = measure_hours(load(DATASET, reading=names))
        if hours is not None:
            found[words] = hours
    annual = read_estimates(of="year")["hours_basis"]
    return {**found, "the report's year": float(annual["CE-04"]), "a full week": WEEK}


def shutdown_cost(
    hours: str = "near-total phase",
    *,
    gdp: str = "gdp-2021",
    digital_share: float = 0.053,
    share_affected: float = 1.0,
    multiplier: float = 1.0,
) -> Panel:
    """Build a panel that computes what a shutdown costs an economy, by a model.

    Parameters
    ----------
    hours : str, default "near-total phase"
        Which length counts at first, by the words of `list_hours`.
    gdp : str, default "gdp-2021"
        Which year's product, by ``input_id``; ``not known`` leaves it out.
    digital_share : float, default 0.053
        Share of the internet economy, 0 to 0.2.
    share_affected : float, default 1
        Share of users who were cut off, 0 to 1.
    multiplier : float, default 1
        For what follows the direct loss, 1 to 3.

    Returns
    -------
    Panel
        Two drop-down lists and three numbers; sentence, figure and table follow.

    Raises
    ------
    UnknownNameError
        If there is no such length or product.
    """
    lengths = list_hours()
    table = read_inputs()
    products = [(f"{table['year'][name]}", name) for name in GDP]
    pairs = [(f"{value:g} h: {words}", words) for words, value in lengths.items()]
    controls = {
        "hours": drop_down("Hours", pairs, hours, kind="length"),
        "gdp": drop_down(
            "GDP of", [*products, (UNKNOWN, UNKNOWN)], gdp, kind="product"
        ),
        "digital_share": number_box(
            "Digital",
            digital_share,
            least=0.0,
            most=0.2,
            step=0.001,
            tooltip="Share of the internet economy, 0 to 0.2",
        ),
        "share_affected": number_box(
            "Cut off",
            share_affected,
            least=0.0,
            most=1.0,
            step=0.05,
            tooltip="Share of users who were cut off, 0 to 1",
        ),
        "multiplier": number_box(
            "Times",
            multiplier,
            least=1.0,
            most=3.0,
            step=0.1,
            tooltip="Multiplier for what follows, 1 to 3",
        ),
    }

    def view(hours: str, gdp: str, **inputs: float) -> View:
        product = None if gdp == UNKNOWN else find_input(gdp)
        return view_cost(hours=lengths[hours], gdp_usd=product, **inputs)

    return Panel("What does a shutdown cost an economy?", controls, view)


def view_cost(
    *,
    hours: float,
    gdp_usd: float | None,
    digital_share: float,
    share_affected: float,
    multiplier: float,
) -> View:
    """Say, draw and list what the model gives beside the published estimates.

    Parameters
    ----------
    hours, gdp_usd, digital_share, share_affected, multiplier
        As for `coursekit.surveillance.costs.estimate_cost`.

    Returns
    -------
    View
        Words, figure, and a table of the published estimates with the model's.
    """
    estimate = estimate_cost(
        hours=hours,
        gdp_usd=gdp_usd,
        digital_share=digital_share,
        share_affected=share_affected,
        multiplier=multiplier,
    )
    table = list_figures(estimate).rename(columns={"label": "figure"})
    lines = [
        f"{estimate} Counted: {hours:g} hours.",
        describe_place(estimate),
        f"Not in it: {'; '.join(LEFT_OUT)}.",
    ]
    return View(
        words="\n".join(line for line in lines if line),
        figure=draw_estimates(estimate),
        table=table,
    )


def describe_place(estimate: Estimate) -> str:
    """Say where the model's value stands among those published for January 2022."""
    if estimate.value is None:
        return ""
    values = read_estimates(of="event")["value_usd"]
    where = "within"
    if estimate.value < values.min():
        where = "below"
    if estimate.value > values.max():
        where = "above"
    published = describe_span("event")
    return f"That is {where} what was published for January 2022: {published}."
