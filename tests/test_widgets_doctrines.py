"""The doctrine explorer: what follows from a change, in words, figure and table."""

from __future__ import annotations

import pytest

from coursekit.errors import UnknownNameError
from coursekit.law import find_case, read_doctrines
from coursekit.widgets.doctrines import doctrine_explorer, value_options, view_change


@pytest.fixture
def kazakhstan():
    return find_case("KAZ2022")


@pytest.fixture
def moved(kazakhstan):
    changes = {"internal_situation": "nonviolent_protest"}
    return view_change(kazakhstan, changes, read_doctrines())


def test_words_say_what_moves_and_why(moved):
    assert "goes from fails to needs facts, because x:forces_help" in moved.words


def test_words_count_the_outcomes(moved):
    assert "Of 24 doctrines now 7 met, 4 fail, 13 need facts." in moved.words


def test_words_warn_that_met_is_not_lawful(moved):
    assert "whether that allows help or bars it" in moved.words


def test_the_table_puts_what_moved_first(moved):
    first = moved.table.iloc[0]

    assert (first["doctrine"][:3], first["now"], first["before"]) == (
        "D24",
        "? needs facts",
        "fails",
    )


def test_each_row_of_the_table_has_an_authority(moved):
    assert (moved.table["authority"] != "").all()


def test_each_outcome_has_a_symbol_of_its_own(moved):
    symbols = {trace.name: trace.marker.symbol for trace in moved.figure.data}

    assert len(set(symbols.values())) == 4


def test_the_figure_has_a_place_for_every_doctrine(moved):
    now = [trace for trace in moved.figure.data if trace.name != "before the change"]

    assert sum(len(trace.y) for trace in now) == len(read_doctrines())


def test_two_changes_together_can_meet_the_thesis(kazakhstan):
    changes = {
        "internal_situation": "nonviolent_protest",
        "x:forces_help_suppress": "yes",
    }
    view = view_change(kazakhstan, changes, read_doctrines())

    assert "goes from fails to met" in view.words


def test_options_say_how_a_fact_is_coded(kazakhstan):
    options, coded = value_options(kazakhstan, "internal_situation")

    assert (("riot_mixed (as coded)", "riot_mixed") in options, coded) == (
        True,
        "riot_mixed",
    )


def test_unknown_is_an_option_even_where_the_fact_is_coded(kazakhstan):
    options, _ = value_options(kazakhstan, "recognised_inviter")

    assert options[-1] == ("unknown", "unknown")


def test_a_fact_outside_the_data_is_coded_unknown(kazakhstan):
    _, coded = value_options(kazakhstan, "x:forces_help_suppress")

    assert coded == "unknown"


def test_choosing_a_value_moves_the_panel():
    panel = doctrine_explorer("KAZ2022")

    panel.controls["value"].value = "nonviolent_protest"

    assert panel.words.startswith("In KAZ2022, changing internal_situation from")


def test_choosing_another_case_goes_back_to_its_own_codes():
    panel = doctrine_explorer("KAZ2022", value="terrorism")

    panel.controls["case"].value = "BHR2011"

    assert panel.controls["value"].value == "nonviolent_protest"


def test_choosing_another_fact_offers_its_values():
    panel = doctrine_explorer("KAZ2022", value="terrorism")

    panel.controls["fact"].value = "recognised_inviter"

    assert panel.words.startswith("Nothing is changed in KAZ2022")


def test_where_both_lists_name_one_fact_the_first_counts():
    panel = doctrine_explorer("KAZ2022", value="terrorism")

    panel.controls["fact_2"].value = "internal_situation"

    assert "from riot_mixed to terrorism" in panel.words


def test_each_case_is_listed_with_the_name_of_its_state():
    panel = doctrine_explorer("LSO1998")

    assert panel.controls["case"].label == "LSO1998 Lesotho"


def test_the_static_form_has_sentence_and_table():
    text = doctrine_explorer("KAZ2022", value="nonviolent_protest").static_html()

    assert "goes from fails to needs facts" in text
    assert "<table>" in text


@pytest.mark.parametrize(
    ("options", "known"),
    [
        pytest.param({"case_id": "KAZ2023"}, "KAZ2022", id="case"),
        pytest.param({"fact": "wealth"}, "internal_situation", id="fact"),
        pytest.param({"value": "maybe"}, "unknown", id="value"),
    ],
)
def test_an_unknown_start_is_answered_with_what_exists(options, known):
    with pytest.raises(UnknownNameError, match=known):
        doctrine_explorer(**options)
