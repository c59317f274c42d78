from __future__ import annotations

import pytest

from coursekit.errors import UnknownNameError
from coursekit.widgets.shutdown_cost import list_hours, shutdown_cost, view_cost


def test_hours_on_offer_are_readings_and_two_that_others_use():
    assert list_hours() == {
        "near-total phase": 135.5,
        "with mobile data slow": 155.75,
        "until 10 January": 112.25,
        "until data centres were back": 37.25,
        "the report's year": 144,
        "a full week": 168,
    }


def test_the_panel_opens_on_the_base_of_the_course():
    panel = shutdown_cost()

    assert panel.words.startswith("About 162 million US dollars, by the model.")
    assert "below what was published" in panel.words


def test_the_first_control_changes_the_sentence():
    panel = shutdown_cost()
    name, control = next(iter(panel.controls.items()))

    control.value = "with mobile data slow"

    assert name == "hours"
    assert panel.words.startswith("About 186 million US dollars")


def test_a_product_that_is_not_known_gives_no_figure():
    panel = shutdown_cost(gdp="not known")

    assert panel.words.startswith("No estimate: gdp_usd is missing.")


@pytest.mark.parametrize(
    ("share", "where"),
    [
        pytest.param(0.05, "below", id="below"),
        pytest.param(0.1, "within", id="within"),
        pytest.param(0.2, "above", id="above"),
    ],
)
def test_the_words_place_the_model_among_the_published(share, where):
    view = view_cost(
        hours=135.5,
        gdp_usd=2e11,
        digital_share=share,
        share_affected=1,
        multiplier=1,
    )

    assert f"That is {where} what was published" in view.words


def test_what_has_no_price_is_said_whatever_the_inputs():
    assert (
        "ambulances, hospitals and medicines"
        in shutdown_cost(hours="a full week").words
    )


def test_a_length_that_does_not_exist_is_refused():
    with pytest.raises(UnknownNameError, match="length named 'a year'"):
        shutdown_cost("a year")


def test_the_panel_is_short():
    assert len(shutdown_cost().controls) == 5
