"""Figure and words of the classes of episodes."""

from __future__ import annotations

import pandas as pd
import pytest

from coursekit.charts.episodes import draw_episodes
from coursekit.errors import CoursekitError

CLASSES = pd.DataFrame(
    {
        "episode_id": ["X1", "X2", "X3"],
        "before": ["none", "via_new_secondary", "direct_remoulding"],
        "after": ["none", "inter_organisational_recognition", "mine_alone"],
    }
)


def marks(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


def test_what_moves_has_two_marks_and_what_stays_one():
    drawn = marks(draw_episodes(CLASSES))

    assert list(drawn["stays"].y) == ["X1"]
    assert list(drawn["was here"].x) == ["new", "direct"]
    assert list(drawn["goes here"].x) == ["recognition", "mine alone"]
    assert len({trace.marker.symbol for trace in drawn.values()}) == 3


def test_a_line_joins_where_it_was_and_where_it_goes():
    lines = [trace for trace in draw_episodes(CLASSES).data if trace.mode == "lines"]

    assert [list(line.x) for line in lines] == [
        ["new", "recognition"],
        ["direct", "mine alone"],
    ]


def test_classes_stand_in_the_order_of_the_course_and_new_ones_last():
    across = draw_episodes(CLASSES).layout.xaxis.categoryarray

    assert list(across) == ["none", "direct", "new", "recognition", "mine alone"]


def test_the_two_sides_may_have_names_of_their_own():
    drawn = marks(draw_episodes(CLASSES, names=("coder", "rule")))

    assert list(drawn) == ["stays", "coder", "rule"]


def test_nothing_that_moves_needs_no_legend():
    drawn = marks(draw_episodes(CLASSES.assign(after=CLASSES["before"])))

    assert [name for name, trace in drawn.items() if trace.showlegend] == ["stays"]


def test_a_table_without_classes_is_refused():
    with pytest.raises(CoursekitError, match="no column 'after'"):
        draw_episodes(CLASSES.drop(columns="after"))
