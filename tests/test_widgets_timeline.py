"""The explorer of the record: what its sentence says when a control moves."""

import pytest

from coursekit.charts.display import PLOTLY_MIME
from coursekit.errors import UnknownNameError
from coursekit.evidence import load
from coursekit.evidence.readings import readings
from coursekit.widgets.timeline import (
    NIGHT,
    describe_reading,
    timeline_explorer,
    view_timeline,
)


@pytest.fixture
def explorer():
    return timeline_explorer()


def choose(explorer, question, reading):
    explorer.controls["question"].value = question
    explorer.controls["reading"].value = reading


def test_under_the_base_nothing_moves(explorer):
    words = explorer.words

    assert "Nothing moves" in words
    assert "is the table's own reading" in words


def test_a_reading_of_the_day_says_which_events_the_cut_passes(explorer):
    choose(explorer, "internet_cut", "internet_cut_4_january")

    words = explorer.words

    assert "moves from 5 January 2022, 16:30 to 4 January 2022, 20:30" in words
    assert "now stands at the same minute as “Mobile data traffic falls" in words
    assert "and “State of emergency in the capital”" in words
    assert "Putz" in words


def test_a_date_without_an_hour_takes_the_hour_away(explorer):
    choose(explorer, "decision_day", "decision_day_5_january")

    words = explorer.words

    assert "from 6 January 2022, 03:50 to 5 January 2022, hour not known" in words


def test_a_reading_of_the_toll_says_both_counts_and_that_it_lies_outside(explorer):
    choose(explorer, "death_toll", "death_toll_225")

    words = explorer.words

    assert "carries 225 deaths instead of 238 deaths" in words
    assert "1 event lies outside what is shown" in words


def test_changing_the_question_offers_its_own_readings_only(explorer):
    explorer.controls["question"].value = "force_size"

    readings = [value for _, value in explorer.controls["reading"].options]

    assert readings == ["force_size_2500", "force_size_2030", "force_size_5000"]


def test_leaving_a_category_out_leaves_its_events_out(explorer):
    explorer.controls["csto"].value = False

    assert "CSTO" not in explorer.words.splitlines()[0]
    assert "csto" not in set(explorer.view.table["category"])


def test_without_any_category_the_explorer_says_that_nothing_is_shown(explorer):
    for name in ("csto", "state_response", "protest", "diplomacy"):
        explorer.controls[name].value = False
    for name in ("internet", "casualty"):
        explorer.controls[name].value = False

    words = explorer.words

    assert words.startswith("No event is shown.")


def test_the_static_form_holds_every_event_that_is_shown(explorer):
    html = explorer.static_html()

    assert html.count("<tr>") == 1 + len(explorer.view.table)


def test_the_explorer_can_begin_with_a_reading():
    explorer = timeline_explorer(reading="force_size_2030")

    assert explorer.controls["question"].value == "force_size"
    assert "carries 2030 troops stated instead of 2500 troops announced" in (
        explorer.words
    )


def test_an_unknown_reading_is_refused_with_those_that_exist():
    with pytest.raises(UnknownNameError, match="force_size_2030"):
        timeline_explorer(reading="force_size_9000")


def test_only_categories_that_the_days_have_are_offered(explorer):
    names = set(explorer.controls) - {"question", "reading", "span"}

    assert names == set(explorer.view.table["category"])


def test_a_reading_of_two_cells_names_the_source_of_each():
    words = describe_reading(readings("timeline"), "internet_cut_4_january")

    assert "from Putz 2023; Cloudflare 2022, 14:30 UTC" in words


def test_describing_an_unknown_reading_lists_those_that_exist():
    with pytest.raises(UnknownNameError, match="force_size_2030"):
        describe_reading(readings("timeline"), "force_size_9000")


def test_by_the_hour_only_two_days_are_drawn():
    base = load("timeline")

    view = view_timeline(base, base, categories=["internet", "protest"], span=NIGHT)

    assert set(view.table["date"].astype(str)) == {"2022-01-05"}


def test_moving_a_control_and_back_gives_the_same_state(explorer):
    before = explorer.children[-2].outputs[0]["data"][PLOTLY_MIME]

    choose(explorer, "internet_cut", "internet_cut_midday")
    choose(explorer, "election_share", "election_share_70_96")

    assert explorer.children[-2].outputs[0]["data"][PLOTLY_MIME] == before
