from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import pytest
from plotly.subplots import make_subplots

from coursekit.exercise.answers import to_plain
from coursekit.exercise.layout import lay_out
from plain_values import compare_both

NAMES = pd.Series(["a", "b"])
BY_YEAR = pd.Series([4, 5], index=pd.Index([2020, 2021], name="year"))
CASES = pd.DataFrame({"case": ["A", "B"], "troops": [1, 2]})

MET = {"x": ["a", "b"], "y": [1, 2]}
FAILS = {"x": ["a", "b"], "y": [3, 4]}


def stage_of(expected, found, **options):
    return compare_both(expected, found, **options).stage


def bars(*traces, **layout):
    figure = go.Figure([go.Bar(**trace) for trace in traces])
    return figure.update_layout(xaxis_title="x", yaxis_title="y", **layout)


def named(trace, name, **options):
    return {**trace, "name": name, **options}


def panels(*columns):
    figure = make_subplots(1, 2)
    for trace, column in zip((MET, FAILS), columns, strict=True):
        figure.add_bar(**trace, row=1, col=column)
    return figure


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(["a", "b"], id="list"),
        pytest.param(("a", "b"), id="tuple"),
        pytest.param(np.array(["a", "b"]), id="array"),
        pytest.param(np.array(["a", "b"], dtype=object), id="array of objects"),
        pytest.param(NAMES, id="series"),
        pytest.param(NAMES.set_axis([7, 9]), id="series out of a longer one"),
        pytest.param(NAMES.set_axis(["p", "q"]), id="series with labels"),
        pytest.param(pd.Index(["a", "b"]), id="index"),
        pytest.param(pd.Categorical(["a", "b"]), id="categories"),
        pytest.param(dict.fromkeys("ab").keys(), id="keys of a mapping"),
    ],
)
def test_one_row_of_values_is_one_whatever_holds_it(found):
    assert stage_of(["a", "b"], found) == "matches"
    assert stage_of(NAMES, found) == "matches"
    assert stage_of(np.array(["a", "b"]), found) == "matches"
    assert stage_of({"names": ["a", "b"]}, {"names": NAMES}) == "matches"


@pytest.mark.parametrize(
    ("expected", "found", "message"),
    [
        pytest.param(
            [1, 2],
            {1, 2},
            "A list was expected, and this is a set.",
            id="set is no list",
        ),
        pytest.param(
            {"a": 4},
            pd.Series({"a": 4}),
            "A mapping was expected, and this is a series.",
            id="series is no mapping",
        ),
        pytest.param(
            pd.Series({"a": 4}),
            [4],
            "A series with row labels was expected, and this is a list.",
            id="list has no labels",
        ),
        pytest.param(
            3,
            pd.Series([3]),
            "A number was expected, and this is a series.",
            id="series of one is no number",
        ),
        pytest.param(
            "a",
            np.array(["a"]),
            "A text was expected, and this is an array.",
            id="array",
        ),
        pytest.param(
            np.ones((2, 2)),
            [[1, 1], [1, 1]],
            "An array of several dimensions was expected, and this is a list.",
            id="lists in a list",
        ),
        pytest.param(
            CASES,
            CASES.to_dict("list"),
            "A table was expected, and this is a mapping.",
            id="mapping is no table",
        ),
        pytest.param(
            pd.Series({"a": 4, "b": 5}),
            pd.Series([4, 5]),
            "Not as expected: row labels (here 0, 1).",
            id="labels lost",
        ),
    ],
)
def test_kinds_that_say_something_else_stay_apart(expected, found, message):
    assert compare_both(expected, found).message == message


@pytest.mark.parametrize(
    ("expected", "found", "options", "stage"),
    [
        pytest.param(
            BY_YEAR, pd.Series({2020: 4, 2021: 5}), {}, "matches", id="name of an index"
        ),
        pytest.param(
            BY_YEAR,
            pd.Series({2021: 5, 2020: 4}),
            {"ordered": False},
            "matches",
            id="found by a label without a name",
        ),
        pytest.param(
            BY_YEAR, pd.Series({2020: 4, 2022: 5}), {}, "wrong shape", id="another year"
        ),
        pytest.param(
            pd.Series({2020: 4, 2021: 5}), BY_YEAR, {}, "matches", id="name not asked"
        ),
        pytest.param(
            BY_YEAR.reset_index(drop=True).rename_axis("place"),
            pd.Series([4, 5]),
            {},
            "matches",
            id="positions as labels",
        ),
        pytest.param(CASES, CASES.set_axis([5, 7]), {}, "matches", id="rows chosen"),
        pytest.param(
            CASES,
            CASES.set_axis(["q", "p"]),
            {"ordered": False},
            "matches",
            id="labels that nobody asked for",
        ),
        pytest.param(
            CASES, CASES.set_index("case"), {}, "wrong shape", id="column in the index"
        ),
        pytest.param(
            pd.DataFrame({2022: [1]}), pd.DataFrame({"2022": [1]}), {}, "matches",
            id="column by a number",
        ),
        pytest.param(
            pd.DataFrame({2022: [1]}), pd.DataFrame({2022.0: [1]}), {}, "matches",
            id="column by a broken number",
        ),
        pytest.param(
            pd.DataFrame([[1, 2]], columns=["a", "a"]),
            pd.DataFrame([[1, 3]], columns=["a", "a"]),
            {},
            "values differ",
            id="second column of a name",
        ),
        pytest.param(
            pd.DataFrame([[1, 2]], columns=["a" * 200, "b"]),
            pd.DataFrame([[3, 2]], columns=["a" * 200, "b"]),
            {},
            "values differ",
            id="column with a long name",
        ),
        pytest.param(
            {"t": CASES}, {"t": CASES[["troops", "case"]]}, {}, "matches",
            id="columns of a table in a mapping",
        ),
        pytest.param(
            pd.DataFrame(index=["a"]), pd.DataFrame(index=["b"]), {}, "wrong shape",
            id="labels and no columns",
        ),
        pytest.param(
            np.array([[1, 2], [3, 4]]),
            np.array([[3, 4], [1, 2]]),
            {"ordered": False},
            "matches",
            id="rows of an array",
        ),
        pytest.param(
            np.array([[1, 2], [3, 4]]),
            np.array([[2, 1], [3, 4]]),
            {"ordered": False},
            "values differ",
            id="numbers within a row",
        ),
        pytest.param(
            [[0.3, 1], [0.3, 2]],
            [[0.1 + 0.2, 2], [0.3, 1]],
            {"ordered": False},
            "matches",
            id="noise does not sort",
        ),
        pytest.param(
            nx.DiGraph([(1, 2)]), nx.DiGraph([(2, 1)]), {}, "wrong shape", id="turned"
        ),
        pytest.param(
            nx.Graph([(1, 2)]), nx.Graph([(2, 1)]), {}, "matches", id="edge both ways"
        ),
    ],
)  # fmt: skip
def test_tables_are_compared_by_what_the_expected_one_says(
    expected, found, options, stage
):
    assert stage_of(expected, found, **options) == stage


@pytest.mark.parametrize(
    ("expected", "found", "options"),
    [
        pytest.param(
            bars(MET), bars(named(MET, "met")), {}, id="name of the only trace"
        ),
        pytest.param(
            bars(MET),
            bars(named(MET, "", marker_color=["red", "blue"])),
            {},
            id="colours",
        ),
        pytest.param(
            bars(named(MET, "met"), named(FAILS, "fails")),
            bars(named(FAILS, "Fails"), named(MET, "met ")),
            {},
            id="traces found by name",
        ),
        pytest.param(
            bars(MET, FAILS),
            bars(named(MET, "z"), named(FAILS, "a")),
            {},
            id="names not asked for",
        ),
        pytest.param(
            bars(MET, FAILS),
            bars(FAILS, MET),
            {"ordered": False},
            id="traces in any order",
        ),
        pytest.param(
            go.Figure([go.Bar(x=["a"], y=[10]), go.Bar(x=["a"], y=[9.5])]),
            go.Figure([go.Bar(x=["a"], y=[9.5]), go.Bar(x=["a"], y=[10 - 1e-10])]),
            {"ordered": False},
            id="noise does not sort traces",
        ),
        pytest.param(
            bars(MET), bars(MET, {**FAILS, "visible": False}), {}, id="trace not shown"
        ),
        pytest.param(
            bars(MET),
            bars({"y": ["b", "a"], "x": [2, 1], "orientation": "h"}),
            {"ordered": False},
            id="bars on their side",
        ),
        pytest.param(
            bars(MET, yaxis_type="log"),
            bars({"y": ["a", "b"], "x": [1, 2], "orientation": "h"}, xaxis_type="log"),
            {},
            id="axes on their side",
        ),
        pytest.param(
            go.Figure(go.Scatter(x=pd.to_datetime(["2022-01-05"]), y=[1])),
            go.Figure(go.Scattergl(x=["2022-01-05"], y=[1])),
            {},
            id="days and how they are drawn",
        ),
        pytest.param(panels(2, 1), panels(1, 2), {}, id="panels counted as they come"),
    ],
)
def test_figures_that_show_the_same_match(expected, found, options):
    assert stage_of(expected, found, **options) == "matches"


@pytest.mark.parametrize(
    ("expected", "found", "message"),
    [
        pytest.param(
            bars(MET), bars({**MET, "y": [1, 3]}), "1 of 2 points differ.", id="bar"
        ),
        pytest.param(
            bars(MET, FAILS),
            bars(MET, {**FAILS, "y": [3, 5]}),
            "Trace 2 of 2: 1 of 2 points differ.",
            id="bar of the second trace",
        ),
        pytest.param(
            bars(named(MET, "met"), named(FAILS, "fails")),
            bars(named(FAILS, "met"), named(MET, "fails")),
            "Trace 1 of 2: 2 of 2 points differ; trace 2 of 2: 2 of 2 points differ.",
            id="names changed over",
        ),
        pytest.param(
            bars(*[MET] * 8),
            bars(*[FAILS] * 8),
            "Trace 1 of 8: 2 of 2 points differ; trace 2 of 8: 2 of 2 points differ; "
            "trace 3 of 8: 2 of 2 points differ; trace 4 of 8: 2 of 2 points differ; "
            "trace 5 of 8: 2 of 2 points differ; and in 3 more.",
            id="many traces",
        ),
        pytest.param(
            bars(named(MET, "met"), named(FAILS, "fails")),
            bars(named(MET, "yes"), named(FAILS, "no")),
            "Not as expected: trace names (here no, yes).",
            id="other names",
        ),
        pytest.param(
            bars(MET),
            go.Figure(go.Bar(**MET)),
            "Not as expected: axes with a title (here none).",
            id="axes without titles",
        ),
        pytest.param(
            bars(MET),
            bars(MET).update_xaxes(title=" "),
            "Not as expected: axes with a title (here yaxis).",
            id="title of a space",
        ),
        pytest.param(
            bars(MET, yaxis_type="log"),
            bars(MET),
            "Not as expected: logarithmic axes (here none).",
            id="axis not logarithmic",
        ),
        pytest.param(
            panels(1, 2),
            panels(1, 1),
            "Not as expected: panels (here none).",
            id="panel",
        ),
        pytest.param(
            go.Figure(go.Bar(**MET)),
            go.Figure(go.Scatter(**MET)),
            "Not as expected: trace types (here scatter).",
            id="other drawing",
        ),
        pytest.param(
            go.Figure(go.Scattergeo(lat=[43.2, 1], lon=[76.9, 1])),
            go.Figure(go.Scattergeo(lat=[51.1, 1], lon=[71.4, 1])),
            "1 of 2 points differ.",
            id="other place on the map",
        ),
        pytest.param(
            px.imshow([[1, 2], [3, 4]], x=["a", "b"], y=["c", "d"]),
            px.imshow([[1, 2], [3, 5]], x=["a", "b"], y=["c", "d"]),
            "1 of 3 points differ.",
            id="row of a grid",
        ),
        pytest.param(
            px.imshow([[1, 2], [3, 4]], x=["a", "b"], y=["c", "d"]),
            px.imshow([[1, 2], [3, 4]], x=["a", "x"], y=["c", "d"]),
            "1 of 3 points differ.",
            id="column of a grid",
        ),
    ],
)
def test_figure_that_shows_something_else_hears_where(expected, found, message):
    assert compare_both(expected, found).message == message


@pytest.mark.parametrize(
    ("expected", "found", "message"),
    [
        pytest.param(
            [1, 2],
            [1, 2j],
            "1 of 2 values differ. It holds a value of type complex. Hand in plain",
            id="in a list",
        ),
        pytest.param(
            {"a": 1},
            {2j: 1},
            "keys (here other). It holds a value of type complex. Hand in plain",
            id="as a key",
        ),
        pytest.param(
            [1],
            (n for n in [1]),
            "A list was expected, and this is a value of type generator. Hand in plain",
            id="alone",
        ),
    ],
)
def test_value_without_a_plain_form_is_named_with_what_to_hand_in(
    expected, found, message
):
    assert message in compare_both(expected, found).message


@pytest.mark.parametrize(
    ("found", "message"),
    [
        pytest.param({"a", "c"}, "1 of 2 members does not belong.", id="other member"),
        pytest.param({"x", "y"}, "2 of 2 members do not belong.", id="other members"),
        pytest.param({"a"}, "Not as expected: size (here 1).", id="member missing"),
    ],
)
def test_set_hears_how_many_members_do_not_belong(found, message):
    assert compare_both({"a", "b"}, found).message == message


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        pytest.param(
            pd.to_datetime(["2022-01-06", None]), "2022-01-06, nothing", id="day"
        ),
        pytest.param(
            pd.period_range("2022-01", "2022-02", freq="M"),
            "2022-01, 2022-02",
            id="period",
        ),
        pytest.param(pd.interval_range(0, 2), "0 to 1, 1 to 2", id="interval"),
        pytest.param([("a", 1), ("b", 2)], "(a, 1), (b, 2)", id="pairs"),
        pytest.param(["x" * 90, "y"], f"{'x' * 57}...", id="long"),
        pytest.param(["\x1b[2J", "\ud800\n"], "?[2J, ?", id="orders to a terminal"),
    ],
)
def test_labels_are_shown_in_words(labels, shown):
    found = pd.Series([1, 2], index=pd.Index(labels))

    message = compare_both(pd.Series([1, 2], index=["p", "q"]), found).message

    assert message == f"Not as expected: row labels (here {shown})."


def test_record_may_have_fields_of_any_name():
    fields = {"kind": "array", "shape": [1], "values": {"kind": "list", "items": [1]}}
    record = {"kind": "record", "type": "A", "fields": {**fields, "shape": 1}}

    laid = lay_out({"kind": "list", "items": [record, record]}, ordered=False)

    assert laid.items == {"0": record, "1": record}


def test_layouts_of_a_series_are_its_labels_and_its_values():
    laid = lay_out(to_plain(pd.Series({"a": 1})), ordered=True)

    assert (laid.kind, laid.items) == ("series", {"0/value": 1})
    assert (laid.other.kind, laid.other.items) == ("list", {"0": 1})
