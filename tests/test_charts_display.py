"""What a figure's outputs hold: plotly's JSON, a sentence, a table."""

import json

import pandas as pd
import pytest
from plotly.graph_objects import Figure, Heatmap, Scatter

from coursekit.charts.display import (
    PLOTLY_MIME,
    figure_bundle,
    show,
    table_html,
    words_and_table_html,
)
from coursekit.charts.theme import apply_theme
from coursekit.charts.words import (
    cell_text,
    describe_figure,
    plain_figure,
    tabulate_figure,
)


def make_figure() -> Figure:
    figure = Figure(Scatter(x=[1, 2, 3], y=[4.5, None, 6.0], name="deaths"))
    return figure.update_layout(
        title_text="The toll", xaxis_title_text="day", yaxis_title_text="people"
    )


@pytest.fixture
def shown(monkeypatch):
    """Collect what is displayed: data and metadata of each output."""
    outputs = []

    def display(data, *, metadata, raw):
        outputs.append((data, metadata))

    monkeypatch.setattr("IPython.display.display", display)
    return outputs


def test_show_makes_a_figure_output_whose_alternative_text_is_the_words(shown):
    show(make_figure(), words="Two counts.")

    data, metadata = shown[0]

    assert metadata == {"alt": "Two counts."}
    assert data["text/plain"] == "Two counts."
    assert PLOTLY_MIME in data


def test_show_makes_a_second_output_with_the_table_folded(shown):
    show(make_figure())

    data, _ = shown[1]

    assert "<details><summary>" in data["text/html"]
    assert "<td>4.5</td>" in data["text/html"]
    assert data["text/plain"] == describe_figure(make_figure())


def test_a_figure_is_described_from_its_own_traces_and_axes():
    words = describe_figure(make_figure())

    assert words == (
        "The toll. x axis: day; y axis: people. "
        "deaths: 3 points, x from 1 to 3, y from 4.5 to 6."
    )


def test_an_empty_figure_says_that_it_is_empty():
    words = describe_figure(Figure())

    assert words == "The figure is empty."


def test_packed_arrays_are_listed_as_plain_numbers():
    packed = Figure(Scatter(x=pd.Series([1, 2]), y=pd.Series([0.5, float("nan")])))

    trace = plain_figure(packed)["data"][0]

    assert trace["x"] == [1, 2]
    assert trace["y"] == [0.5, None]


def test_a_heat_map_becomes_one_row_for_each_cell():
    figure = Figure(Heatmap(x=["a", "b"], y=["c"], z=[[1, 2]]))

    table = tabulate_figure(figure)

    assert table[["x", "y", "z"]].to_numpy().tolist() == [["a", "c", 1], ["b", "c", 2]]


def test_the_markup_of_a_hover_text_does_not_reach_the_table():
    figure = Figure(Scatter(x=[1], y=[2], text=["<b>5 January</b><br>Network cut"]))

    table = tabulate_figure(figure)

    assert table["text"].tolist() == ["5 January Network cut"]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        pytest.param(70.96, "70.96", id="a share"),
        pytest.param(1880.5, "1880", id="thousands"),
        pytest.param(9999.9, "10000", id="rounded up"),
        pytest.param(1234567.8, "1234568", id="millions"),
        pytest.param(float("inf"), "inf", id="without end"),
    ],
)
def test_a_number_is_written_without_an_exponent(number, text):
    written = cell_text(number)

    assert written == text


def test_showing_does_not_change_the_figure(shown):
    figure = make_figure()
    before = figure.to_json()

    show(figure)

    assert figure.to_json() == before


def test_long_titles_are_broken_into_lines_that_a_telephone_can_show():
    axis = {"title": "do other states recognise the inviter?"}
    figure = Figure(layout={"title": "Cases, counted by control", "xaxis": axis})

    layout = apply_theme(plain_figure(figure))["layout"]

    assert layout["title"] == {"text": "Cases, counted by control"}
    assert layout["xaxis"]["title"] == {
        "text": "do other states recognise<br>the inviter?"
    }


def test_the_template_stays_under_one_kilobyte():
    content = figure_bundle(Figure(), words="")[PLOTLY_MIME]

    assert len(json.dumps(content)) < 1024


def test_showing_twice_gives_the_same_outputs(shown):
    show(make_figure())
    show(make_figure())

    assert shown[:2] == shown[2:]


def test_words_and_cells_are_escaped():
    table = pd.DataFrame({"<i>": ["<script>"]})

    html = words_and_table_html("a < b", table)

    assert "<p>a &lt; b</p>" in html
    assert "<script>" not in html
    assert "<i>" not in html


def test_missing_cells_are_empty_and_truth_is_said_in_words():
    table = pd.DataFrame({"figure": [None, 230.0], "contested": [True, False]})

    html = table_html(table)

    assert "<td></td><td>yes</td>" in html
    assert "<td>230</td><td>no</td>" in html


def test_a_long_table_says_how_many_rows_it_leaves_out():
    html = table_html(pd.DataFrame({"n": range(500)}))

    assert "The first 200 of 500 rows." in html


def test_something_that_is_no_figure_is_refused_by_its_type():
    with pytest.raises(TypeError, match="was given DataFrame"):
        show(pd.DataFrame())
