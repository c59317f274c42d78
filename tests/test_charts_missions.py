"""Figures and words of missions."""

from __future__ import annotations

import pandas as pd
import pytest

from coursekit.charts.missions import (
    MARKS,
    NEVER,
    STATUS,
    describe_missions,
    draw_assessments,
    draw_missions,
    mark_code,
    measure_ends,
    order_missions,
)
from coursekit.evidence import load
from coursekit.institutions.missions import Mission, read_coverage
from coursekit.institutions.thresholds import Threshold, assess_mission

# Invented missions, but for the key of the third, whose end is disputed in the data.
ROWS = pd.DataFrame(
    {
        "id": ["WATCH", "FORCE", "ASKED"],
        "name": ["Watchers", "Force", "Request"],
        "host_iso3": ["AAA", "AAA", "BBB"],
        "lead": ["UN", "CIS", "OSCE"],
        "role_class": ["counterpart", "psris_operation", "null_case"],
        "deployed": ["yes", "yes", "no"],
        "start": pd.to_datetime(["1993-01-01", "1994-01-01", "1995-01-01"]),
        "end": pd.to_datetime(["2000-01-01", None, None]),
        "un_status": ["mandated", "observed", "none"],
    }
)
MISSIONS = {
    "A": Mission("A", {"consent": "all_parties", "force": "unarmed"}),
    "B": Mission("B", {"consent": "eroded"}),
}


def test_operations_stand_before_their_counterparts():
    assert order_missions(ROWS)["id"].tolist() == ["FORCE", "WATCH", "ASKED"]


def test_dates_that_nobody_disputes_have_one_value():
    ends = measure_ends(ROWS)

    assert ends.loc["WATCH", "first_start"] == ends.loc["WATCH", "last_start"]
    assert pd.isna(ends.loc["FORCE", "last_end"])


def test_every_disputed_date_of_the_data_opens_a_gap():
    ends = measure_ends(load("peacekeeping_missions"))
    wide = (ends["first_start"] < ends["last_start"]) | (
        ends["first_end"] < ends["last_end"]
    )

    assert "CPF_TJK" in ends.index[wide]
    assert "UNOMIG" not in ends.index[wide]


def test_a_disputed_end_is_drawn_thinner():
    table = load("peacekeeping_missions")
    figure = draw_missions(table[table["id"] == "CPF_TJK"])
    widths = {trace.line.width for trace in figure.data if trace.mode == "lines"}

    assert widths == {2, 7}
    assert figure.layout.annotations[0].text.endswith(", start disputed")


def test_a_mission_nobody_was_sent_on_is_a_cross_without_a_line():
    figure = draw_missions(ROWS[ROWS["id"] == "ASKED"])

    assert [trace.mode for trace in figure.data] == ["markers"]
    assert figure.data[0].marker.symbol == (NEVER,)


def test_a_mission_that_goes_on_is_drawn_to_the_edge_with_an_arrow():
    figure = draw_missions(ROWS[ROWS["id"] == "FORCE"])
    last = f"{read_coverage()[1]:%Y-%m-%d}"

    assert figure.data[0].x == ("1994-01-01", last)
    assert figure.data[1].marker.symbol == ("diamond", "triangle-right")


@pytest.mark.parametrize("part", [0, 1], ids=["symbol", "colour"])
def test_each_status_has_a_mark_of_its_own(part):
    assert len({mark[part] for mark in STATUS.values()}) == len(STATUS)


def test_the_word_for_the_status_stands_above_the_line():
    texts = [note.text for note in draw_missions(ROWS).layout.annotations]

    assert texts == [
        "WATCH: UN, UN: mandated",
        "FORCE: CIS, UN: observed",
        "ASKED: OSCE, never sent",
    ]


def test_missions_are_said_in_words():
    assert describe_missions(ROWS) == (
        "Operations: FORCE (CIS, since 1994, UN: observed).\n"
        "Beside them: WATCH (UN, 1993 to 2000, UN: mandated).\n"
        "Asked for or planned, never sent: ASKED (OSCE, 1995)."
    )
    assert describe_missions(ROWS.head(0)) == "No mission is shown."


def test_disputed_dates_are_said_in_words():
    words = describe_missions(load("peacekeeping_missions"))

    assert words.splitlines()[-1].startswith("Disputed: ")
    assert "CPF_TJK start" in words.splitlines()[-1]


def test_codes_are_marked_as_good_refused_unknown_or_not_asked():
    threshold = Threshold(consent=["all_parties"], force=["unarmed"])
    found = assess_mission(MISSIONS["B"], threshold)

    assert [mark_code(found, c, threshold.asked) for c in ("consent", "force")] == [
        "refused",
        "not known",
    ]
    assert mark_code(found, "mandate", threshold.asked) == "not asked"


def test_assessments_are_drawn_with_a_symbol_for_each_mark():
    threshold = Threshold(consent=["all_parties"], force=["unarmed"])
    found = [assess_mission(mission, threshold) for mission in MISSIONS.values()]
    drawn = {
        trace.name: trace
        for trace in draw_assessments(found, MISSIONS, threshold.asked).data
    }

    assert drawn["good enough"].y == ("A \u2714", "A \u2714")
    assert drawn["refused"].y == ("B \u2716",)
    assert drawn["refused"].text == ("eroded",)
    assert len({trace.marker.symbol for trace in drawn.values()}) == len(MARKS)
