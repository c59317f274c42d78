from __future__ import annotations

import dataclasses
import datetime as dt
import json

import ipywidgets
import networkx as nx
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from coursekit.exercise.answers import AnswerTooLargeError, to_plain


@dataclasses.dataclass
class Finding:
    outcome: str
    deciding: tuple[str, ...]


class EqualToAll(float):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        pytest.param(True, True, id="truth value"),
        pytest.param(np.int64(3), 3, id="numpy whole number"),
        pytest.param(np.float64(0.5), 0.5, id="numpy number"),
        pytest.param(np.False_, False, id="numpy truth value"),
        pytest.param(np.str_("a"), "a", id="numpy text"),
        pytest.param(float("nan"), None, id="NaN"),
        pytest.param(pd.NA, None, id="NA"),
        pytest.param(pd.NaT, None, id="NaT"),
        pytest.param(
            float("-inf"), {"kind": "infinite", "positive": False}, id="infinite"
        ),
        pytest.param(
            dt.date(2022, 1, 5), {"kind": "date", "value": "2022-01-05"}, id="date"
        ),
        pytest.param(
            pd.Timestamp("2022-01-05"),
            {"kind": "date", "value": "2022-01-05"},
            id="timestamp at midnight is its day",
        ),
        pytest.param(
            np.datetime64("2022-01-05T16:30"),
            {"kind": "date", "value": "2022-01-05T16:30:00"},
            id="numpy moment",
        ),
        pytest.param(
            pd.Timedelta(minutes=680),
            {"kind": "duration", "seconds": 40800.0},
            id="gap",
        ),
        pytest.param((1, 2), {"kind": "list", "items": [1, 2]}, id="tuple is a list"),
        pytest.param({"b", "a"}, {"kind": "set", "items": ["a", "b"]}, id="set"),
        pytest.param(
            {"b": 1, "a": 2},
            {"kind": "dict", "items": [["a", 2], ["b", 1]]},
            id="dict in order of its keys",
        ),
        pytest.param(
            pd.Series({"x": 1.5, "y": None}),
            {"kind": "series", "index": ["x", "y"], "values": [1.5, None]},
            id="series with labels",
        ),
        pytest.param(
            pd.DataFrame({"a": pd.Categorical(["x"]), "b": [1]}),
            {
                "kind": "frame",
                "index": None,
                "columns": ["a", "b"],
                "values": [["x"], [1]],
            },
            id="table without labels",
        ),
        pytest.param(
            np.arange(4).reshape(2, 2),
            {"kind": "array", "shape": [2, 2], "items": [0, 1, 2, 3]},
            id="array",
        ),
        pytest.param(pd.Index(["a"]), {"kind": "list", "items": ["a"]}, id="index"),
        pytest.param(
            nx.Graph([("b", "a")]),
            {
                "kind": "graph",
                "directed": False,
                "nodes": ["a", "b"],
                "edges": [["a", "b"]],
            },
            id="graph",
        ),
        pytest.param(
            Finding("met", ("control",)),
            {
                "kind": "record",
                "type": "Finding",
                "fields": {
                    "outcome": "met",
                    "deciding": {"kind": "list", "items": ["control"]},
                },
            },
            id="dataclass",
        ),
        pytest.param(
            ipywidgets.IntSlider(3, min=1, max=5, description="At least"),
            {
                "kind": "widget",
                "type": "IntSlider",
                "state": {"description": "At least", "max": 5, "min": 1, "value": 3},
            },
            id="widget",
        ),
    ],
)
def test_a_value_has_one_plain_form(value, plain):
    found = to_plain(value)

    assert found == plain
    assert json.loads(json.dumps(found)) == found


def test_a_figure_is_its_traces_and_axis_titles():
    figure = go.Figure(go.Bar(x=["a", "b"], y=np.array([1, 2]), marker_color="red"))
    figure.update_xaxes(title="Place")

    found = to_plain(figure)

    assert found["axes"] == {"xaxis": "Place"}
    assert found["traces"] == [
        {
            "type": "bar",
            "x": {"kind": "list", "items": ["a", "b"]},
            "y": {"kind": "list", "items": [1, 2]},
        }
    ]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(EqualToAll(3.0), id="number that equals everything"),
        pytest.param(type("Frame", (pd.DataFrame,), {})({"a": [1]}), id="own frame"),
        pytest.param(object(), id="bare object"),
        pytest.param(len, id="function"),
    ],
)
def test_a_subclass_or_stranger_has_no_plain_form(value):
    assert to_plain(value)["kind"] == "other"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param(list(range(30_000)), "over 20,000 values", id="too many"),
        pytest.param("x" * 200_000, "over 100,000 characters", id="too long"),
        pytest.param(10**400, "over 308 digits", id="too many digits"),
    ],
)
def test_a_value_too_large_to_check_is_refused_in_words(value, words):
    with pytest.raises(AnswerTooLargeError, match=words):
        to_plain(value)


def test_a_value_that_holds_itself_is_refused():
    knot: list[object] = []
    knot.append(knot)

    with pytest.raises(AnswerTooLargeError, match="12 levels"):
        to_plain(knot)
