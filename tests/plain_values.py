"""Values for tests of answers: both ways of comparing them, and any nesting of them."""

from __future__ import annotations

import json

import pandas as pd
from hypothesis import strategies as st

from coursekit.exercise.answers import to_plain
from coursekit.exercise.layout import lay_out
from coursekit.exercise.rules import Rule, compare, compare_parts
from coursekit.exercise.seals import seal


def compare_both(expected, found, **options):
    """Compare as the grader does and as a notebook does, which must agree."""
    rule = Rule(**options)
    plain = shipped(found)
    known = compare(to_plain(expected), plain, rule)
    laid = lay_out(plain, ordered=rule.ordered)
    sealed = compare_parts(seal(to_plain(expected), rule, "salt"), laid)
    assert sealed == known
    return known


def shipped(value):
    """What a grader gets of a value."""
    return json.loads(json.dumps(to_plain(value)))


# Texts, numbers and keys are few, so that values often meet.
texts = st.sampled_from(["", "a", "b", "a\n1", "0", "é", "😀"]) | st.text(max_size=3)
numbers = st.integers(-3, 3) | st.integers() | st.floats(allow_nan=False)
moments = st.dates() | st.datetimes() | st.timedeltas()
missing = st.sampled_from([None, float("nan"), pd.NA, pd.NaT])
scalars = st.booleans() | texts | numbers | moments | missing
members = scalars | st.tuples(scalars, scalars) | st.frozensets(scalars, max_size=3)


def _hold(values):
    return (
        st.lists(values, max_size=4)
        | st.lists(values, max_size=4).map(tuple)
        | st.dictionaries(members, values, max_size=4)
    )


built_ins = st.recursive(scalars | st.sets(members, max_size=4), _hold, max_leaves=12)

_columns = st.sampled_from([1, "1", "a", "b", 2.0, None])
_cells = st.booleans() | texts | st.integers(-3, 3) | st.floats(-1e6, 1e6) | missing


@st.composite
def tables(draw):
    """Any small table: labels of all kinds, columns that may come twice."""
    length = draw(st.integers(0, 4))
    names = draw(st.lists(_columns, max_size=3))
    column = st.lists(_cells, min_size=length, max_size=length)
    table = pd.DataFrame(
        {place: pd.Series(draw(column), dtype=object) for place in range(len(names))},
        index=range(length),
    )
    label = st.lists(st.integers(-9, 9) | texts, min_size=length, max_size=length)
    table.index = pd.Index(draw(label), name=draw(st.none() | texts), dtype=object)
    return table.set_axis(pd.Index(names, dtype=object), axis=1)


series = tables().filter(lambda table: table.shape[1]).map(lambda t: t.iloc[:, 0])
values = built_ins | tables() | series


KINDS = [
    "array", "date", "dict", "duration", "figure", "frame", "graph", "infinite",
    "interval", "list", "other", "period", "positions", "record", "series", "set",
    "widget", "number", "nothing",
]  # fmt: skip
FIELDS = [
    "items", "value", "values", "index", "columns", "shape", "seconds", "positive",
    "left", "right", "closed", "type", "fields", "state", "traces", "axes",
    "logarithmic", "directed", "nodes", "edges",
]  # fmt: skip
_leaves = (
    st.none()
    | st.booleans()
    | st.integers(-2, 3)
    | st.floats()
    | st.sampled_from(["", "a", "\ud800", 2**1100])
)


def _nest(trees):
    fields = st.dictionaries(st.sampled_from(FIELDS), trees, max_size=4)
    kinds = st.sampled_from(KINDS)
    listed = st.lists(trees, max_size=3)
    typed = st.builds(lambda kind, rest: {"kind": kind, **rest}, kinds, fields)
    holds = st.builds(lambda kind, rest: {"kind": kind, "items": rest}, kinds, listed)
    return typed | listed | holds | st.dictionaries(st.text(max_size=2), trees)


json_trees = st.recursive(_leaves, _nest, max_leaves=20)


@st.composite
def spoilt(draw):
    """What a grader gets of a value, with one place of it changed to anything."""
    tree = {"value": shipped(draw(values))}
    places = list(_places(tree))
    holder, key = draw(st.sampled_from(places))
    if draw(st.booleans()):
        holder[key] = draw(json_trees)
    else:
        del holder[key]
    return tree.get("value")


def _places(tree):
    keys = list(tree) if isinstance(tree, dict) else range(len(tree))
    for key in keys:
        yield tree, key
        if isinstance(tree[key], dict | list):
            yield from _places(tree[key])
