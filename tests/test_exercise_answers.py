from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import json
from typing import NamedTuple

import ipywidgets
import networkx as nx
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.exercise.answers import AnswerTooLargeError, answer_bytes, to_plain
from plain_values import built_ins, values


@dataclasses.dataclass
class Finding:
    outcome: str
    deciding: tuple[str, ...]


class Pair(NamedTuple):
    one: int
    two: int


@dataclasses.dataclass
class Unset:
    later: int = dataclasses.field(init=False)


@dataclasses.dataclass
class Lazy:
    outcome: str = "met"

    def __getattribute__(self, name: str) -> object:
        raise RuntimeError(name)


class EqualToTypes(type):
    """A type that says it is any other."""

    def __eq__(cls, other: object) -> bool:
        return True

    def __hash__(cls) -> int:
        return hash(int)

    @property
    def __name__(cls) -> str:
        raise RuntimeError


class Anything(metaclass=EqualToTypes):
    def __getattr__(self, name: str) -> object:
        return self

    def __call__(self, *_given: object, **_named: object) -> object:
        return self


class Frame:
    """Says that it is a table of pandas."""

    @property
    def __class__(self) -> type:
        return pd.DataFrame


Frame.__module__, Frame.__qualname__ = "pandas", "DataFrame"
Frame.__name__ = "DataFrame"

Lying = type(
    "float64", (np.float64,), {"__module__": "numpy", "item": lambda self: self}
)


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


HALF_PAST = dt.datetime(2022, 1, 5, 16, 30)  # noqa: DTZ001 - as students write it
DAY = {"kind": "date", "value": "2022-01-05"}
MOMENT = {"kind": "date", "value": "2022-01-05T16:30:00"}


@pytest.mark.parametrize(
    ("values", "plain"),
    [
        pytest.param([1, 2], [1, 2], id="int64"),
        pytest.param(pd.Series([1, 2], dtype="uint8"), [1, 2], id="uint8"),
        pytest.param([1.0, 2.0], [1, 2], id="float64"),
        pytest.param(pd.Series([1, 2], dtype="float32"), [1, 2], id="float32"),
        pytest.param(pd.Series([1, 2], dtype="Int64"), [1, 2], id="Int64"),
        pytest.param(pd.Series([1, 2], dtype="Float64"), [1, 2], id="Float64"),
        pytest.param(pd.Series([1, 2], dtype=object), [1, 2], id="objects"),
        pytest.param(pd.Series([1, 2], dtype="category"), [1, 2], id="categories"),
        pytest.param(pd.arrays.SparseArray([1, 2]), [1, 2], id="sparse"),
        pytest.param([1, None], [1, None], id="NaN"),
        pytest.param(pd.array([1, None], dtype="Int64"), [1, None], id="NA of Int64"),
        pytest.param(
            pd.array([0.0, 1.0], dtype="Float64") / pd.array([0.0, 1.0]),
            [None, 1],
            id="NaN of Float64",
        ),
        pytest.param([True, False], [True, False], id="bool"),
        pytest.param(
            pd.Series([True, None], dtype="boolean"), [True, None], id="boolean"
        ),
        pytest.param(
            pd.Series([True, None], dtype=object), [True, None], id="truth in objects"
        ),
        pytest.param(pd.Series(["a", None], dtype="str"), ["a", None], id="str"),
        pytest.param(pd.Series(["a", None], dtype="string"), ["a", None], id="string"),
        pytest.param(
            pd.Series(["a", float("nan")], dtype=object), ["a", None], id="text objects"
        ),
        pytest.param(
            pd.Series(["a", None], dtype="category"), ["a", None], id="text categories"
        ),
        pytest.param(
            pd.Series(["2022-01-05", None]).astype("datetime64[s]"),
            [DAY, None],
            id="seconds",
        ),
        pytest.param(
            pd.Series(["2022-01-05", None]).astype("datetime64[ns]"),
            [DAY, None],
            id="nanoseconds",
        ),
        pytest.param([dt.date(2022, 1, 5), None], [DAY, None], id="dates"),
        pytest.param([HALF_PAST], [MOMENT], id="datetimes"),
        pytest.param(
            pd.to_datetime(["2022-01-05 16:30"]).tz_localize("Asia/Almaty"),
            [{"kind": "date", "value": "2022-01-05T16:30:00+06:00"}],
            id="moments of a place",
        ),
        pytest.param(
            pd.to_timedelta(["1h", None]),
            [{"kind": "duration", "seconds": 3600.0}, None],
            id="durations",
        ),
        pytest.param(
            pd.period_range("2022-01", periods=1, freq="M"),
            [{"kind": "period", "value": "2022-01"}],
            id="periods",
        ),
        pytest.param(
            pd.interval_range(0, 1.5, periods=1),
            [{"kind": "interval", "closed": "right", "left": 0, "right": 1.5}],
            id="intervals",
        ),
    ],
)
def test_how_a_column_is_stored_is_of_no_account(values, plain):
    column = pd.Series(values)

    assert to_plain(column)["values"] == plain
    assert to_plain(pd.DataFrame({"a": column}))["values"] == [plain]
    assert to_plain(list(column))["items"] == plain
    assert to_plain(pd.Index(column))["items"] == plain
    assert to_plain(column.to_numpy())["items"] == plain


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        pytest.param(np.array(3), 3, id="array without dimensions"),
        pytest.param(np.array({1}), {"kind": "set", "items": [1]}, id="object in one"),
        pytest.param(np.longdouble("0.5"), 0.5, id="long number"),
        pytest.param(decimal.Decimal("0.5"), 0.5, id="decimal"),
        pytest.param(fractions.Fraction(1, 2), 0.5, id="fraction"),
        pytest.param(-0.0, 0, id="nothing less"),
        pytest.param(np.timedelta64("NaT", "s"), None, id="no duration"),
        pytest.param(
            np.ma.array([1, 2], mask=[False, True]),
            {"kind": "array", "shape": [2], "items": [1, None]},
            id="masked",
        ),
        pytest.param(
            np.array(["2022-01-05"], dtype="datetime64[ns]"),
            {"kind": "array", "shape": [1], "items": [DAY]},
            id="nanoseconds in an array",
        ),
        pytest.param(range(2), {"kind": "list", "items": [0, 1]}, id="range"),
        pytest.param(
            collections.deque("ab"), {"kind": "list", "items": ["a", "b"]}, id="deque"
        ),
        pytest.param(
            collections.Counter("aab"),
            {"kind": "dict", "items": [["a", 2], ["b", 1]]},
            id="counter",
        ),
        pytest.param(
            collections.defaultdict(int, a=1),
            {"kind": "dict", "items": [["a", 1]]},
            id="mapping with a default",
        ),
        pytest.param(
            {float("nan"), None, pd.NA},
            {"kind": "set", "items": [None]},
            id="one missing value",
        ),
        pytest.param(
            {"\ud800": 1}, {"kind": "dict", "items": [["?", 1]]}, id="half an emoji"
        ),
        pytest.param(
            pd.Series([1], index=[5]),
            {
                "kind": "series",
                "index": {"kind": "positions", "items": [5]},
                "values": [1],
            },
            id="positions",
        ),
        pytest.param(
            pd.DataFrame(
                [[1] * 5], columns=[1, "a", 2.0, pd.Timestamp("2022"), ("a", 1)]
            ),
            {
                "kind": "frame",
                "index": None,
                "columns": ["1", "a", "2", "2022-01-01", "('a', 1)"],
                "values": [[1]] * 5,
            },
            id="names of columns",
        ),
    ],
)
def test_relatives_of_a_value_have_its_form(value, plain):
    assert to_plain(value) == plain


def test_what_is_not_shown_of_a_figure_is_left_out():
    figure = go.Figure(
        [
            go.Bar(x=[1], y=[2], visible=False),
            go.Bar(x=[1], y=[2], xaxis="x2", yaxis="y"),
        ]
    )
    figure.update_yaxes(type="log")

    found = to_plain(figure)

    assert [trace["xaxis"] for trace in found["traces"]] == ["x2"]
    assert found["logarithmic"] == ["yaxis"]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(True, id="truth"),
        pytest.param("1", id="text"),
        pytest.param([1], id="list"),
        pytest.param(pd.Timestamp(1), id="moment"),
    ],
)
def test_one_is_nothing_but_a_number(value):
    assert answer_bytes(to_plain(value)) != b"1"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(EqualToAll(3.0), id="number that equals everything"),
        pytest.param(type("Frame", (pd.DataFrame,), {})({"a": [1]}), id="own frame"),
        pytest.param(object(), id="bare object"),
        pytest.param(len, id="function"),
        pytest.param(type("T", (str,), {})("a"), id="own text"),
        pytest.param(type("I", (int,), {})(1), id="own number"),
        pytest.param(type("L", (list,), {})([1]), id="own list"),
        pytest.param(type("D", (dict,), {})(a=1), id="own mapping"),
        pytest.param(type("S", (pd.Series,), {})([1]), id="own series"),
        pytest.param(
            enum.IntEnum("Size", "small").small, id="member of an enumeration"
        ),
        pytest.param(Pair(1, 2), id="named tuple"),
        pytest.param(pd.DataFrame, id="class"),
        pytest.param(Frame(), id="liar about its class"),
        pytest.param(Lying(1), id="number that is its own item"),
        pytest.param(Anything(), id="class equal to every class"),
        pytest.param(Unset(), id="record with a field that is not set"),
        pytest.param(Lazy(), id="record that raises"),
        pytest.param(fractions.Fraction(10**400), id="fraction beyond all floats"),
        pytest.param(np.timedelta64(1, "M"), id="duration that nobody knows"),
        pytest.param(1j, id="complex number"),
        pytest.param(b"a", id="bytes"),
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
        pytest.param(
            ["x" * 90_000] * 6, "over 500,000 characters", id="too long in all"
        ),
        pytest.param(range(10**12), "over 20,000 values", id="endless"),
        pytest.param(np.zeros((9999, 9999), dtype="b"), "20,000 values", id="array"),
        pytest.param(pd.Series(range(30_000)), "20,000 values", id="series"),
        pytest.param(
            pd.DataFrame(index=range(30_000)), "20,000 values", id="no columns"
        ),
        pytest.param(pd.RangeIndex(10**9), "20,000 values", id="positions"),
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

    own = np.empty(1, dtype=object)
    own[0] = own

    with pytest.raises(AnswerTooLargeError, match="12 levels"):
        to_plain(own)


@given(values)
def test_any_value_survives_its_journey(value):
    plain = to_plain(value)

    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def nest(values):
    return st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3)


def fits(value):
    try:
        return to_plain(value) is not value
    except AnswerTooLargeError as error:
        return "The answer is too large to check" in str(error)


@given(st.recursive(built_ins | st.integers(), nest, max_leaves=60))
def test_no_nesting_of_built_in_values_ends_in_another_error(value):
    assert fits([value])
