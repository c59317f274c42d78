"""The timeline's figure and words."""

import pandas as pd
import pytest

from coursekit.charts.events import (
    describe_changes,
    is_after,
    measure_changes,
    measure_moments,
)
from coursekit.charts.timeline import describe_timeline, draw_timeline
from coursekit.errors import UnknownNameError

EVENTS = pd.DataFrame(
    {
        "event_id": ["cut", "request", "decision", "toll"],
        "date": pd.to_datetime(
            ["2022-01-05", "2022-01-05", "2022-01-06", "2022-01-15"]
        ),
        "time_local": pd.array(["16:30", None, "03:50", None], dtype="string"),
        "actor": ["Operators", "President", "Chair", "Prosecutor"],
        "event": ["Network cut", "Help asked for", "Force announced", "Toll given"],
        "category": pd.Categorical(
            ["internet", "csto", "csto", "casualty"],
            categories=["internet", "csto", "casualty", "diplomacy"],
        ),
        "figure": pd.array([None, None, None, 225], dtype="Float64"),
        "figure_unit": pd.array([None, None, None, "deaths"], dtype="string"),
        "contested": [True, True, True, False],
    }
)


def reread(event_id: str, **cells: object) -> pd.DataFrame:
    frame = EVENTS.copy()
    for column, value in cells.items():
        frame.loc[frame["event_id"] == event_id, column] = value
    return frame


def test_an_event_without_an_hour_has_no_moment():
    moments = measure_moments(EVENTS)

    assert moments[2] == pd.Timestamp("2022-01-06 03:50")
    assert moments.isna().tolist() == [False, True, False, True]


def test_a_known_hour_is_filled_and_a_bare_day_is_hollow():
    figure = draw_timeline(EVENTS)

    assert list(figure.data[1].marker.symbol) == ["diamond-open", "diamond"]


def test_marks_that_would_cover_one_another_are_stacked():
    near = reread("decision", date=pd.Timestamp("2022-01-05"), time_local="16:00")

    in_a_fortnight = draw_timeline(near).data[1].y
    in_two_days = draw_timeline(near, days=("2022-01-05", "2022-01-06")).data[1].y

    assert len(set(in_a_fortnight)) == 2
    assert len(set(in_two_days)) == 1


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        pytest.param(("2022-01-05", "2022-01-06"), "%H:%M<br>%-d %b", id="two days"),
        pytest.param(("2022-01-02", "2022-01-19"), "%-d %b", id="eighteen days"),
        pytest.param(("2010-06-12", "2022-08-16"), "%b %Y", id="twelve years"),
    ],
)
def test_the_axis_is_labelled_as_its_length_asks(days, labels):
    axis = draw_timeline(EVENTS, days=days).layout.xaxis

    assert axis.tickformat == labels
    assert axis.dtick is None


def test_the_axis_runs_over_whole_days_whatever_is_left_out():
    part = EVENTS[EVENTS["category"] == "internet"]

    axis = draw_timeline(part, days=("2022-01-02", "2022-01-19")).layout.xaxis

    assert axis.range == ("2022-01-02", "2022-01-20")


def test_a_category_keeps_its_colour_when_others_are_filtered_out():
    whole = draw_timeline(EVENTS)
    part = draw_timeline(EVENTS[EVENTS["category"] == "csto"])

    assert part.data[0].marker.color == whole.data[1].marker.color


def test_the_words_count_events_days_categories_hours_and_doubts():
    words = describe_timeline(EVENTS)

    assert words == (
        "4 events, 5 January 2022 to 15 January 2022: CSTO 2, internet 1, casualty 1. "
        "The hour is known for 2; 3 contested in some point."
    )


def test_no_event_is_said_in_words_and_drawn_as_an_empty_figure():
    figure = draw_timeline(EVENTS.head(0), before=EVENTS)

    assert len(figure.data) == 0
    assert describe_timeline(EVENTS.head(0)) == "No event is shown."


def test_a_changed_event_is_ringed_and_joined_to_its_old_place():
    moved = reread("decision", time_local="05:00")

    path, ring = draw_timeline(moved, before=EVENTS).data[-2:]

    assert path.x == ("2022-01-06 03:50", "2022-01-06 05:00", None)
    assert ring.x == ("2022-01-06 05:00",)


def test_the_changed_cells_are_listed_with_both_values():
    changes = measure_changes(EVENTS, reread("toll", figure=238))

    assert changes.to_dict("records") == [
        {"event_id": "toll", "column": "figure", "before": "225", "after": "238"}
    ]


def test_a_change_too_small_for_the_text_is_still_listed():
    before, after = reread("toll", figure=1234.56), reread("toll", figure=1234.61)

    changes = measure_changes(before, after)

    assert changes["column"].tolist() == ["figure"]


def test_nothing_changes_between_a_table_and_itself():
    changes = measure_changes(EVENTS, EVENTS)

    assert changes.empty
    assert describe_changes(EVENTS, EVENTS).startswith("Nothing moves")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        pytest.param(
            {"time_local": "04:50"},
            "“Force announced” moves from 6 January 2022, 03:50 to 6 January 2022, "
            "04:50 (1 h later); its place in the order of timed events stays.",
            id="an hour later",
        ),
        pytest.param(
            {"date": pd.Timestamp("2022-01-05")},
            "“Force announced” moves from 6 January 2022, 03:50 to 5 January 2022, "
            "03:50 (24 h earlier); now stands before “Network cut”.",
            id="past another event",
        ),
        pytest.param(
            {"date": pd.Timestamp("2022-01-05"), "time_local": "16:30"},
            "“Force announced” moves from 6 January 2022, 03:50 to 5 January 2022, "
            "16:30 (11 h 20 min earlier); now stands at the same minute as "
            "“Network cut”.",
            id="level with another event",
        ),
        pytest.param(
            {"time_local": pd.NA},
            "“Force announced” moves from 6 January 2022, 03:50 to 6 January 2022, "
            "hour not known.",
            id="hour lost",
        ),
        pytest.param(
            {"figure": 2030, "figure_unit": "troops"},
            "“Force announced” carries 2030 troops instead of no figure.",
            id="a figure",
        ),
        pytest.param(
            {"actor": "Council"},
            "“Force announced” has as actor “Council” instead of “Chair”.",
            id="another column",
        ),
    ],
)
def test_what_moves_is_said_in_words(cells, words):
    described = describe_changes(EVENTS, reread("decision", **cells))

    assert described == words


@pytest.mark.parametrize(
    ("later", "earlier", "answer"),
    [
        pytest.param("decision", "cut", True, id="another day"),
        pytest.param("cut", "toll", False, id="an earlier day"),
        pytest.param("request", "cut", None, id="same day, hour not known"),
        pytest.param("cut", "cut", False, id="the same event"),
    ],
)
def test_an_order_that_the_record_does_not_give_is_unknown_not_false(
    later, earlier, answer
):
    found = is_after(EVENTS, later, earlier)

    assert found is answer


def test_an_event_that_is_not_in_the_table_is_refused_with_those_that_are():
    with pytest.raises(UnknownNameError, match="cut, decision, request, toll"):
        is_after(EVENTS, "cut", "march")
