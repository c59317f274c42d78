"""Comparison of outputs by meaning, without a kernel."""

import base64
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.exercise.answers import MIME
from coursekit.grading.meaning import (
    WidgetStates,
    compare_json,
    compare_outputs,
    compare_text,
    compare_widgets,
    stored_widgets,
)

PLOTLY = "application/vnd.plotly.v1+json"
VIEW = "application/vnd.jupyter.widget-view+json"


def shown(metadata=None, **data):
    bundle = {mime.replace("__", "/"): value for mime, value in data.items()}
    return [{"output_type": "display_data", "data": bundle, "metadata": metadata or {}}]


def display(mime, value, metadata=None):
    return [
        {
            "output_type": "display_data",
            "data": {mime: value},
            "metadata": metadata or {},
        }
    ]


def printed(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def table(*rows, head="<th></th><th>rows</th><th>share</th>", style=""):
    body = "".join(
        f"<tr><th>{name}</th><td>{count}</td><td>{share}</td></tr>"
        for name, count, share in rows
    )
    return (
        f"<style>td {{color: {style}}}</style><table class='{style}'><thead><tr>{head}"
        f"</tr></thead><tbody>{body}</tbody></table>"
    )


@pytest.mark.parametrize(
    ("stored", "fresh"),
    [
        ("mean 0.3", "mean 0.30000000000000004"),
        ("mean   1.5\n", "mean 1.5"),
        ("1e-17 left", "0.0 left"),
        ("nan", "nan"),
        ("<A at 0x7f01>", "<A at 0x55ee>"),
        ("/tmp/ipykernel_1/22.py:1: Warning", "/tmp/ipykernel_3/44.py:1: Warning"),
        (
            "id 123e4567-e89b-12d3-a456-426614174000",
            "id 00000000-e89b-12d3-a456-426614174999",
        ),
        ("\x1b[31mred\x1b[0m", "red"),
    ],
    ids=["noise", "space", "zero", "nan", "address", "cell file", "uuid", "colour"],
)
def test_texts_that_mean_the_same_are_equal(stored, fresh):
    assert compare_text(stored, fresh, "text") is None


@pytest.mark.parametrize(
    ("stored", "fresh", "line"),
    [
        ("n 10", "n 11", "text: stored 'n 10', now 'n 11'"),
        ("10000000", "10000001", "text: stored 10000000, now 10000001"),
        ("1.0", "1.00001", "text: stored 1.0, now 1.00001"),
        (
            "pandas 1.1.0",
            "pandas 1.10.0",
            "text: stored 'pandas 1.1.0', now 'pandas 1.10.0'",
        ),
        ("a", "", "text: stored 'a', now nothing"),
        ("a b", "a", "text: stored 'a b', now nothing more"),
        ("a\nb 1\nc", "a\nb 2\nc", "text, line 2: stored 'b 1', now 'b 2'"),
        ("0x10", "0x11", "text: stored '0x10', now '0x11'"),
        ("2022-01-05", "2022-01-06", "text: stored '2022-01-05', now '2022-01-06'"),
    ],
    ids=["int", "big", "float", "version", "gone", "end", "line", "hex", "date"],
)
def test_texts_that_differ_are_shown_where_they_do(stored, fresh, line):
    assert compare_text(stored, fresh, "text") == line


@given(st.text())
def test_every_text_means_the_same_as_itself(text):
    assert compare_text(text, " " + text + "\n", "text") is None


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=1e-6), st.text())
def test_a_number_beyond_the_tolerance_is_never_equal(number, word):
    found = compare_json({word: number}, {word: number * 1.00001}, "value")

    assert found is not None


def test_printed_text_is_joined_however_the_kernel_cut_it():
    fresh = [printed("a "), printed("warn", "stderr"), printed("b\n")]

    assert compare_outputs([printed("a b\n"), printed("warn", "stderr")], fresh) is None


def test_a_progress_bar_counts_as_it_stands_at_its_end():
    assert compare_outputs([printed("done\n")], [printed("10 %\r50 %\rdone\n")]) is None


def test_truth_is_not_a_number():
    assert compare_json([True], [1], "value") == "value[0]: stored True, now 1"


def test_tables_with_the_same_values_are_equal():
    stored = shown(text__html=table(("csto", 10, 0.1)), text__plain="csto  10  0.1")
    fresh = shown(
        text__html=table(("csto", 10, 0.10000000001), style="red"), text__plain="other"
    )

    assert compare_outputs(stored, fresh) is None


@pytest.mark.parametrize(
    ("fresh", "line"),
    [
        (
            table(("csto", 10, 0.1), ("osce", 4, 0.2)),
            "table, row 'osce', column 'rows': stored 3, now 4",
        ),
        (table(("csto", 10, 0.1)), "table: stored 2 rows, now 1"),
        (
            table(("un", 7, 0.7), ("csto", 10, 0.1), ("osce", 3, 0.2)),
            "table: stored 2 rows, now 3",
        ),
        (
            table(
                ("csto", 10, 0.1),
                ("osce", 3, 0.2),
                head="<th></th><th>rows</th><th>part</th>",
            ),
            "table: column 'share' is gone and column 'part' is new",
        ),
    ],
    ids=["cell", "row gone", "row new", "column"],
)
def test_tables_that_differ_name_row_and_column(fresh, line):
    stored = shown(text__html=table(("csto", 10, 0.1), ("osce", 3, 0.2)))

    assert compare_outputs(stored, shown(text__html=fresh)) == line


def test_cells_that_span_others_count_in_each_place():
    grouped = (
        "<table><thead><tr><th>year</th><th colspan=2>2022</th></tr>"
        "<tr><th></th><th>in</th><th>out</th></tr></thead><tbody>"
        "<tr><th rowspan=2>csto</th><td>1</td><td>2</td></tr>"
        "<tr><td>3</td><td>{}</td></tr></tbody></table>"
    )

    found = compare_outputs(
        shown(text__html=grouped.format(4)), shown(text__html=grouped.format(5))
    )

    assert found == "table, row 'csto', column '2022 out': stored 4, now 5"


@pytest.mark.parametrize(
    ("fresh", "line"),
    [
        ("<p class='b'>Two  <b>rows</b></p><a href='#n1'>note</a>", None),
        (
            "<p>Three rows</p><a href='#n1'>note</a>",
            "HTML: stored 'Two rows', now 'Three rows'",
        ),
        (
            "<p>Two rows</p><a href='#n2'>note</a>",
            "HTML, href: stored '#n1', now '#n2'",
        ),
    ],
    ids=["styled", "word", "link"],
)
def test_html_without_a_table_is_compared_by_words_and_links(fresh, line):
    stored = "<p>Two rows</p><a href='#n1'>note</a>"

    assert compare_outputs(shown(text__html=stored), shown(text__html=fresh)) == line


def figure(**changes):
    trace = {"type": "bar", "name": "troops", "x": ["KGZ", "TJK"], "y": [2, 3]}
    layout = {
        "template": {"data": {}},
        "title": {"text": "Troops"},
        "xaxis": {"title": {"text": "state"}, "gridcolor": "grey"},
    }
    return {"data": [trace | changes.pop("trace", {})], "layout": layout | changes}


def typed(kind, *numbers):
    data = struct.pack(f"<{len(numbers)}{kind}", *numbers)
    return {"dtype": "f8", "bdata": base64.b64encode(data).decode()}


@pytest.mark.parametrize(
    "fresh",
    [
        figure(template={"layout": {"font": {"size": 20}}}),
        figure(trace={"uid": "other", "y": typed("d", 2, 3.0000000001)}),
        figure(trace={"marker": {"color": "red"}, "line": {"width": 3}}),
        figure(xaxis={"title": {"text": "state", "font": {"size": 9}}}),
    ],
    ids=["template", "typed array", "colour", "font"],
)
def test_figures_drawn_otherwise_are_equal(fresh):
    assert compare_outputs(display(PLOTLY, figure()), display(PLOTLY, fresh)) is None


@pytest.mark.parametrize(
    ("fresh", "line"),
    [
        (
            figure(trace={"y": [2, 4]}),
            "figure, trace 'troops', y[1] at x = 'TJK': stored 3, now 4",
        ),
        (figure(trace={"y": [2]}), "figure, trace 'troops', y: stored 2 values, now 1"),
        (
            figure(trace={"name": "men"}),
            "figure, trace 1, name: stored 'troops', now 'men'",
        ),
        (
            figure(trace={"type": "scatter"}),
            "figure, trace 'troops', type: stored 'bar', now 'scatter'",
        ),
        (
            figure(trace={"marker": {"color": [1, 2]}}),
            "figure, trace 'troops', marker: not stored, now there",
        ),
        (
            figure(xaxis={"title": {"text": "country"}}),
            "figure, layout.xaxis.title.text: stored 'state', now 'country'",
        ),
        (
            figure(yaxis={"range": [0, 5]}),
            "figure, layout.yaxis: not stored, now there",
        ),
        (
            figure(annotations=[{"text": "peak", "x": 1}]),
            "figure, layout.annotations: not stored, now there",
        ),
        ({"data": [], "layout": {}}, "figure: stored 1 traces, now 0"),
    ],
    ids=["y", "length", "name", "type", "colours", "title", "range", "note", "traces"],
)
def test_figures_that_show_something_else_say_what(fresh, line):
    assert compare_outputs(display(PLOTLY, figure()), display(PLOTLY, fresh)) == line


def test_typed_arrays_of_two_dimensions_are_read_row_by_row():
    flat = {**typed("d", 1, 2, 3, 4), "shape": "2, 2"}

    found = compare_outputs(
        display(PLOTLY, {"data": [{"z": [[1, 2], [3, 5]]}]}),
        display(PLOTLY, {"data": [{"z": flat}]}),
    )

    assert found == "figure, trace 1, z[1][1]: stored 5, now 4.0"


def test_alternative_text_of_a_figure_is_compared():
    stored = display(PLOTLY, figure(), {"alt": "KGZ sends 2"})
    fresh = display(PLOTLY, figure(), {PLOTLY: {"alt": "KGZ sends 3"}})

    assert compare_outputs(stored, fresh) == (
        "alternative text: stored 'KGZ sends 2', now 'KGZ sends 3'"
    )


def test_an_answer_is_compared_by_its_json_alone():
    answer = {"check": "shares", "value": {"a": 0.1}, "rule": {"rtol": 1e-6}}
    stored, fresh = display(MIME, answer), display(MIME, answer)
    stored[0]["data"]["text/plain"] = "not attempted"

    assert compare_outputs(stored, fresh) is None


def test_an_answer_that_differs_is_named():
    stored = {"check": "shares", "value": {"a": 0.1}, "rule": {}}
    fresh = {"check": "shares", "value": {"a": 10}, "rule": {}}

    assert compare_outputs(display(MIME, stored), display(MIME, fresh)) == (
        "answer 'shares'.value.a: stored 0.1, now 10"
    )


def png(*pixels, remark=b""):
    def chunk(kind, body):
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", len(pixels), 1, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", remark)
    data += chunk(b"IDAT", zlib.compress(bytes((0, *pixels)))) + chunk(b"IEND", b"")
    return display("image/png", base64.b64encode(data).decode() + "\n")


@pytest.mark.parametrize(
    ("fresh", "line"),
    [
        (png(1, 2, remark=b"Software\0other"), None),
        (png(1, 3), "image/png: the picture is not the one stored (2 by 1 pixels)"),
        (png(1, 2, 3), "image/png: stored 2 by 1 pixels, now 3 by 1 pixels"),
    ],
    ids=["remark", "pixel", "size"],
)
def test_images_are_compared_by_their_pixels(fresh, line):
    assert compare_outputs(png(1, 2), fresh) == line


@pytest.mark.parametrize(
    ("fresh", "line"),
    [
        ("<svg id='b'><text x='1.00000001'>10</text></svg>", None),
        (
            "<svg id='a'><text x='1'>11</text></svg>",
            "SVG image, words: stored 10, now 11",
        ),
        (
            "<svg id='a'><text x='2'>10</text></svg>",
            "SVG image, shapes: stored 'text x 1', now 'text x 2'",
        ),
    ],
    ids=["id", "word", "place"],
)
def test_svg_is_compared_by_words_and_shapes(fresh, line):
    stored = display("image/svg+xml", "<svg id='a'><text x='1'>10</text></svg>")

    assert compare_outputs(stored, display("image/svg+xml", fresh)) == line


@pytest.mark.parametrize(
    ("fresh", "line"),
    [
        ([], "outputs: stored 1 (table), now none"),
        (
            [*shown(text__html=table()), *shown(text__plain="a")],
            "outputs: stored 1 (table), now 2 (table, text)",
        ),
        (
            shown(text__html=table(), text__plain="a"),
            "text (text/plain) is new",
        ),
        (display("text/latex", "$x$"), "HTML (text/html) is gone"),
    ],
    ids=["gone", "more", "mime new", "mime gone"],
)
def test_outputs_that_are_gone_or_new_are_named(fresh, line):
    assert compare_outputs(shown(text__html=table()), fresh) == line


def comm(kind, model_id, state, **more):
    content = {"comm_id": model_id, "target_name": "jupyter.widget"}
    data = {"state": state, "buffer_paths": more.pop("paths", []), **more}
    return {"msg_type": kind, "content": content | {"data": data}, "buffers": [b"\1"]}


def fresh_widgets(value):
    states = WidgetStates()
    slider = {"_model_name": "IntSliderModel", "value": 1, "description": "At least"}
    states.hear(comm("comm_open", "x1", {"_model_name": "LayoutModel", "width": None}))
    states.hear(comm("comm_open", "x2", slider | {"layout": "IPY_MODEL_x1"}))
    states.hear(
        comm(
            "comm_open", "x3", {"_model_name": "BoxModel", "children": ["IPY_MODEL_x2"]}
        )
    )
    states.hear(comm("comm_msg", "x2", {"value": value}, method="update"))
    return states.models


def model(kind, **state):
    return {"model_name": kind, "state": {"_model_name": kind, **state}}


def saved_widgets(**slider):
    state = {
        "a": model("LayoutModel", _view_count=None),
        "b": model("IntSliderModel", layout="IPY_MODEL_a", **slider),
        "c": model("BoxModel", children=["IPY_MODEL_b"]),
    }
    mime = "application/vnd.jupyter.widget-state+json"
    return stored_widgets({"widgets": {mime: {"state": state}}})


@pytest.mark.parametrize(
    ("slider", "line"),
    [
        ({"value": 3, "description": "At least"}, None),
        ({"value": 3}, None),
        (
            {"value": 4, "description": "At least"},
            "widget, IntSlider 'At least', value: stored 4, now 3",
        ),
        (
            {"value": 3, "_view_name": "IntSliderView"},
            "widget, IntSlider 'At least', description: stored None, now 'At least'",
        ),
    ],
    ids=["same", "default omitted", "value", "missing in a complete state"],
)
def test_widgets_are_compared_by_state_and_not_by_id(slider, line):
    found = compare_widgets(
        saved_widgets(**slider), fresh_widgets(3), ("c", "x3"), compare_outputs
    )

    assert found == line


def test_buffers_of_a_widget_stand_in_their_place_again():
    states = WidgetStates()

    states.hear(comm("comm_open", "x", {"value": None}, paths=[["value"]]))

    assert states.models["x"]["value"] == "AQ=="


def test_widgets_that_refer_to_each_other_are_walked_once():
    loop = {"a": {"_model_name": "BoxModel", "children": ["IPY_MODEL_a"]}}

    assert compare_widgets(loop, loop, ("a", "a"), compare_outputs) is None


def test_a_view_counts_only_through_the_comparison_it_is_given():
    stored, fresh = display(VIEW, {"model_id": "a"}), display(VIEW, {"model_id": "b"})

    found = compare_outputs(
        stored, fresh, compare_views=lambda one, two: f"{one} {two}"
    )

    assert found == "a b"
