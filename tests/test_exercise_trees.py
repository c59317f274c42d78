from __future__ import annotations

import json

import pytest
from hypothesis import given

from coursekit.exercise.answers import to_plain
from coursekit.exercise.trees import MalformedAnswerError, read_json, read_value
from plain_values import json_trees, shipped, spoilt, values


def fault(text):
    with pytest.raises(MalformedAnswerError) as caught:
        read_value(read_json(text))
    return str(caught.value)


def tree(kind, **fields):
    return {"kind": kind, **fields}


def chain(depth):
    inside = 1
    for _ in range(depth):
        inside = tree("list", items=[inside])
    return inside


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("{", "is not JSON", id="half"),
        pytest.param('{"value": NaN}', "NaN is no number", id="NaN"),
        pytest.param('{"value": -Infinity}', "-Infinity is no", id="infinite word"),
        pytest.param('{"value": 1e999}', "beyond all bounds", id="infinite number"),
        pytest.param(f'{{"value": {"9" * 400}}}', "over 308 digits", id="long number"),
        pytest.param(f'{{"value": {"9" * 5000}}}', "not JSON", id="endless number"),
        pytest.param('{"value": 1, "value": 2}', "a key twice", id="key twice"),
        pytest.param("[" * 100_000, "is not JSON", id="deeper than Python goes"),
        pytest.param("{}", "has no value", id="no value"),
        pytest.param('{"value": "\\ud800"}', "half of a character", id="half an emoji"),
    ],
)
def test_text_that_no_answer_has_is_refused(text, words):
    assert words in fault(text)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param([1], "list without a kind", id="bare list"),
        pytest.param({}, "unknown kind", id="no kind"),
        pytest.param(tree("number"), "unknown kind", id="mark of a number"),
        pytest.param(tree(["list"]), "unknown kind", id="kind of another type"),
        pytest.param(tree("list"), "lacks a field", id="field missing"),
        pytest.param(tree("list", items=[], n=1), "one too many", id="field too many"),
        pytest.param(tree("list", items={}), "no list", id="object for a list"),
        pytest.param(tree("date", value=3), "no text", id="number for a text"),
        pytest.param(
            tree("duration", seconds="3"), "no number", id="text for a number"
        ),
        pytest.param(tree("duration", seconds=True), "no number", id="truth for one"),
        pytest.param(tree("infinite", positive=1), "no truth", id="number for a truth"),
        pytest.param(
            tree("record", type="A", fields=[]), "no object", id="list for one"
        ),
        pytest.param(tree("dict", items=[[1]]), "no two parts", id="half a pair"),
        pytest.param(tree("dict", items=[[1, 2], [1, 3]]), "agree", id="one key twice"),
        pytest.param(tree("dict", items=[[2, 1], [1, 1]]), "agree", id="keys unsorted"),
        pytest.param(tree("set", items=["a", "a"]), "agree", id="one member twice"),
        pytest.param(
            tree("array", shape=[2], items=[1]), "agree", id="shape too large"
        ),
        pytest.param(tree("array", shape=[-1, -1], items=[1]), "agree", id="negative"),
        pytest.param(tree("array", shape=[9] * 99, items=[]), "agree", id="dimensions"),
        pytest.param(
            tree("array", shape=[1.0], items=[1]), "whole", id="broken length"
        ),
        pytest.param(
            tree("series", index=["a"], values=[1, 2]), "agree", id="labels too few"
        ),
        pytest.param(
            tree("frame", index=None, columns=["a", "b"], values=[[1]]),
            "agree",
            id="column missing",
        ),
        pytest.param(
            tree("frame", index=None, columns=["a", "b"], values=[[1], []]),
            "agree",
            id="columns of two lengths",
        ),
        pytest.param(
            tree("series", index=tree("positions", items=["a"]), values=[1]),
            "no whole number",
            id="text for a position",
        ),
        pytest.param(
            tree("series", index=tree("set", items=[]), values=[]),
            "row labels",
            id="labels of another kind",
        ),
        pytest.param(
            tree("graph", directed=False, nodes=[1], edges=[[1, 1, 1]]),
            "no two parts",
            id="edge with three ends",
        ),
        pytest.param(
            tree("figure", traces=[[]], axes={}), "no object", id="trace that is none"
        ),
        pytest.param(chain(14), "nested over 12", id="too deep"),
        pytest.param(tree("list", items=[1] * 50_000), "over 20,000", id="too many"),
        pytest.param(
            tree("figure", traces=[{}] * 50_000, axes={}), "over 20,000", id="traces"
        ),
        pytest.param("x" * 200_000, "over 100,000 characters", id="too long"),
    ],
)
def test_tree_that_no_value_has_is_refused(value, words):
    assert words in fault(json.dumps({"value": value}))


@given(values)
def test_what_any_value_becomes_is_let_in_as_it_is(value):
    assert read_value({"value": shipped(value)}) == to_plain(value)


def let_in(value):
    try:
        return read_value({"value": value})
    except MalformedAnswerError as error:
        return str(error)


@given(json_trees | spoilt())
def test_anything_else_is_let_in_or_refused_in_words(value):
    found = let_in(value)

    assert found == value or found.startswith("The shipped answer is malformed: ")
