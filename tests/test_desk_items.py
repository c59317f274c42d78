"""Item statistics against plain computation and known properties."""

import math
from statistics import NormalDist, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.desk.items import measure_alpha, measure_discrimination, summarise
from coursekit.errors import CoursekitError

TABLE = [
    [1.0, 0.5, 1.0, 0.0],
    [1.0, 1.0, 1.0, 1.0],
    [0.0, 0.0, 0.5, 0.0],
    [1.0, 0.5, 0.0, 0.0],
    [0.0, 0.5, 1.0, 1.0],
]
TABLES = st.integers(2, 5).flatmap(
    lambda items: st.lists(
        st.lists(
            st.integers(0, 4).map(lambda n: n / 4), min_size=items, max_size=items
        ),
        min_size=3,
        max_size=12,
    )
)


def correlate(xs, ys):
    """Pearson's correlation, written out."""
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    top = sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True))
    return top / math.sqrt(
        sum((x - mx) ** 2 for x in xs) * sum((y - my) ** 2 for y in ys)
    )


def test_discrimination_is_the_correlation_with_the_rest():
    expected = [
        correlate([row[i] for row in TABLE], [sum(row) - row[i] for row in TABLE])
        for i in range(4)
    ]

    assert measure_discrimination(TABLE) == pytest.approx(expected)


def test_alpha_and_its_interval_are_as_published():
    items = list(zip(*TABLE, strict=True))
    total = variance([sum(row) for row in TABLE])
    alpha = 4 / 3 * (1 - sum(map(variance, items)) / total)
    width = NormalDist().inv_cdf(0.975) * math.sqrt(2 * 4 / (3 * 3))
    ends = [1 - math.exp(math.log(1 - alpha) + sign * width) for sign in (1, -1)]
    found = measure_alpha(TABLE)

    assert found.value == pytest.approx(alpha)
    assert [found.low, found.high] == pytest.approx(ends)


@pytest.mark.parametrize(
    "table", [[], [[1.0, 0.0]] * 2, [[1.0]] * 5, [[1.0, 0.5]] * 5], ids=str
)
def test_where_nothing_varies_or_is_too_little_alpha_is_not_defined(table):
    assert measure_alpha(table) is None


def test_what_varies_by_rounding_alone_does_not_vary():
    same = [[0.1, 0.7], [0.3, 0.5], [0.2, 0.6]]  # in the sum
    table = [
        [first, *rest] for first, rest in zip([1 / 3, 2 / 3, 1], same, strict=True)
    ]

    assert measure_discrimination(table)[0] is None
    assert measure_alpha(same) is None


def test_a_question_that_does_not_vary_has_no_discrimination():
    assert measure_discrimination([[1, 0], [1, 1], [1, 0]]) == [None, None]


@given(TABLES)
def test_alpha_is_at_most_one_and_lies_in_its_interval(table):
    found = measure_alpha(table)

    assert found is None or found.low <= found.value + 1e-9
    assert found is None or found.value <= found.high + 1e-9 <= 1 + 2e-9


@given(TABLES, st.floats(0.1, 10), st.randoms())
def test_scale_and_order_change_no_alpha(table, scale, rng):
    before = measure_alpha(table)
    rows = [[scale * share for share in row] for row in table]
    rng.shuffle(rows)
    after = measure_alpha(rows)

    assert (before is None) == (after is None)
    assert before is None or after.value == pytest.approx(before.value, abs=1e-6)


@pytest.mark.parametrize(
    ("table", "said"),
    [([[1, 2], [1]], "as many shares"), ([[1.0, math.nan]] * 3, "A share is missing")],
    ids=["ragged", "missing"],
)
def test_a_table_that_is_none_is_refused(table, said):
    with pytest.raises(CoursekitError, match=said):
        measure_alpha(table)


def test_a_confidence_that_is_none_is_refused():
    with pytest.raises(CoursekitError, match="between 0 and 1, not at 95"):
        measure_alpha(TABLE, confidence=95)


def test_a_summary_counts_what_is_partly_right():
    item = summarise("q", [0.0, 0.5, 1.0, 1.0], 0.3, {"correct": 2}, [1, 3])

    assert (item.difficulty, item.partial, item.first_correct) == (0.625, 0.25, 2)
