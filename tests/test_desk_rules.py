"""The rules of the desk against a slow and plain reading of what is documented."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.desk.course import Assignment, Extension, LateRule
from coursekit.desk.rules import (
    Choice,
    HandedIn,
    choose,
    marked_points,
    measure_deduction,
    sum_points,
    total_shares,
)

DUE = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
TENTHS = st.integers(0, 10)
STEPS = st.integers(-60 * 30, 60 * 24 * 5).map(lambda half: timedelta(minutes=half))
# Whole intervals and a second around them are where rules break.
EDGES = st.builds(
    lambda number, unit, off: number * unit + off,
    st.integers(-2, 6),
    st.sampled_from([HOUR, DAY]),
    st.sampled_from([-SECOND, timedelta(0), SECOND, timedelta(microseconds=1)]),
)
LATENESS = STEPS | EDGES
LATE = LATENESS.filter(lambda late: late > timedelta(0))
RULES = st.builds(
    LateRule,
    grace=st.sampled_from([timedelta(0), timedelta(minutes=10), HOUR, 2 * DAY]),
    deduction=TENTHS.map(lambda tenths: tenths / 10),
    interval=st.sampled_from([HOUR, DAY]),
    lowest=TENTHS.map(lambda tenths: tenths / 10),
    closes=st.sampled_from([None, timedelta(0), HOUR, 3 * DAY]),
)
VERSIONS = st.lists(
    st.builds(
        lambda late, marked, attempt: (late, marked, attempt),
        st.none() | LATENESS,
        st.booleans(),
        st.integers(0, 2),
    ),
    max_size=5,
).map(
    lambda drawn: [
        HandedIn(
            f"h{n}",
            None if late is None else DUE + late,
            marked_late=marked,
            order=n,
            attempt=attempt,
        )
        for n, (late, marked, attempt) in enumerate(drawn)
    ]
)
EXTENSIONS = st.none() | st.sampled_from([timedelta(0), HOUR, 2 * DAY])


def at(submitted):
    """Hand in at some time, late by the platform's word."""
    return HandedIn("h", submitted, marked_late=True, order=1)


def count_begun(late, interval):
    """Walk from the due date, one interval at a time, until the work is there."""
    begun = 0
    while begun * interval < late:
        begun += 1
    return begun


def points_left(rule, late, points, possible):
    """Apply the late policy in exact fractions; ``late`` is None for one interval."""
    begun = 1 if late is None else count_begun(late, rule.interval)
    lowest = Fraction(str(rule.lowest)) * possible
    left = points - begun * Fraction(str(rule.deduction)) * possible
    if points <= lowest:
        return Fraction(points)
    return max(left, lowest, Fraction(0))


def state_of(version, due, rule, *, extended):
    """Tell on time from late and from closed."""
    if version.submitted is None:
        return "late" if version.marked_late and not extended else "on time"
    late = version.submitted - due
    if late <= rule.grace:
        return "on time"
    if rule.closes is not None and late > rule.closes:
        return "closed"
    return "late"


def pick(versions, states, counts):
    """Pick by hand: the last that counts, of what came on time first if so ruled."""
    undated = [v for v in versions if v.submitted is None]
    dated = [v for v in versions if v.submitted is not None]
    undated.sort(key=lambda v: (v.attempt, v.order))
    dated.sort(key=lambda v: (v.submitted, v.attempt, v.order))
    line = undated + dated
    groups = {
        "latest": [("on time", "late"), ("closed",)],
        "on_time": [("on time",), ("late",), ("closed",)],
    }
    for group in groups[counts]:
        among = [v for v in line if states[v.hash] in group]
        if among:
            return among[-1].hash
    return None


@given(RULES, LATE, st.integers(0, 20), st.integers(0, 20))
def test_lateness_takes_off_a_share_of_what_is_possible(rule, late, points, more):
    possible = points + more
    choice = Choice(at(DUE), late, is_late=True)
    taken = measure_deduction(rule, choice, points, possible)

    assert points - taken == pytest.approx(
        float(points_left(rule, late, points, possible)), abs=2e-6
    )
    assert 0 <= taken <= points


@given(RULES, st.integers(0, 20))
def test_lateness_of_an_unknown_time_is_one_interval(rule, points):
    choice = Choice(at(None), is_late=True)
    taken = measure_deduction(rule, choice, points, 20)

    assert points - taken == pytest.approx(
        float(points_left(rule, None, points, 20)), abs=2e-6
    )


@given(VERSIONS, RULES, st.sampled_from(["latest", "on_time"]), EXTENSIONS)
def test_the_version_that_counts_is_the_one_picked_by_hand(
    versions, rule, counts, extension
):
    granted = {} if extension is None else {"ada": Extension("ada", DUE + extension)}
    given_ = Assignment("q", DUE, rule, counts, extensions=granted)
    due = DUE + (extension or timedelta(0))
    extended = due != DUE
    states = {v.hash: state_of(v, due, rule, extended=extended) for v in versions}
    choice = choose(versions, given_, "ada")
    chosen = None if choice is None else choice.version.hash

    assert chosen == pick(versions, states, counts)
    assert choice is None or states[chosen] == (
        "closed" if choice.closed else "late" if choice.is_late else "on time"
    )


@given(VERSIONS, RULES, st.sampled_from(["latest", "on_time"]))
def test_an_extension_of_one_student_changes_nothing_for_another(
    versions, rule, counts
):
    extended = {"ada": Extension("ada", DUE + 9 * DAY)}
    plain = Assignment("q", DUE, rule, counts)
    granted = Assignment("q", DUE, rule, counts, extensions=extended)

    assert choose(versions, granted, "bob") == choose(versions, plain, "bob")


@given(VERSIONS, RULES, st.sampled_from(["latest", "on_time"]), st.randoms())
def test_the_order_in_which_versions_are_listed_does_not_matter(
    versions, rule, counts, rng
):
    mixed = rng.sample(versions, len(versions))
    given_ = Assignment("q", DUE, rule, counts)

    assert choose(mixed, given_, "ada") == choose(versions, given_, "ada")


@pytest.mark.parametrize(
    ("off", "late", "closed"),
    [
        (timedelta(0), False, False),
        (timedelta(minutes=10), False, False),
        (timedelta(minutes=10, microseconds=1), True, False),
        (3 * DAY, True, False),
        (3 * DAY + SECOND, True, True),
    ],
    ids=["on the dot", "end of grace", "after grace", "closing", "closed"],
)
def test_the_last_moment_still_counts(off, late, closed):
    rule = LateRule(grace=timedelta(minutes=10), closes=3 * DAY)
    version = at(DUE + off)
    choice = choose([version], Assignment("q", DUE, rule), "ada")

    assert (choice.is_late, choice.closed) == (late, closed)


def test_without_a_due_date_nothing_is_late_whatever_the_platform_says():
    version = at(DUE)

    assert choose([version], Assignment("q"), "ada") == Choice(version)


CRITERIA = st.lists(
    st.lists(st.integers(0, 4), min_size=1, max_size=3), min_size=1, max_size=3
).map(
    lambda drawn: [
        {
            "id": f"c{n}",
            "levels": [{"id": f"l{m}", "points": p} for m, p in enumerate(levels)],
        }
        for n, levels in enumerate(drawn)
    ]
)
MARKERS = st.sampled_from(["ann", "bob", "eve", "agreed"])
LEVELS = st.dictionaries(
    st.sampled_from(["c0", "c1", "c2"]), st.sampled_from(["l0", "l1", "l2", "gone"])
)


def add_up(rubric, levels):
    """Add one marker's points; None where a criterion has no level that there is."""
    total = Fraction(0)
    for criterion in rubric:
        chosen = [
            one
            for one in criterion["levels"]
            if one["id"] == levels.get(criterion["id"])
        ]
        if not chosen:
            return None
        total += chosen[0]["points"]
    return total


@given(CRITERIA, st.dictionaries(MARKERS, LEVELS, max_size=4))
def test_marks_are_the_mean_of_whole_ones_unless_agreed(rubric, marks):
    sums = {marker: add_up(rubric, levels) for marker, levels in marks.items()}
    whole = [points for points in sums.values() if points is not None]
    mean = sum(whole) / len(whole) if whole else None
    expected = mean if sums.get("agreed") is None else sums["agreed"]

    assert marked_points(rubric, marks) == (
        None if expected is None else pytest.approx(float(expected), abs=1e-6)
    )


def test_marks_given_before_an_edit_are_worth_what_the_rubric_says_now():
    rubric = [{"id": "c", "levels": [{"id": "a", "points": 3}]}]
    marks = {"ann": {"c": "a"}, "bob": {"c": "level that was deleted"}}
    new = [*rubric, {"id": "d", "levels": [{"id": "a", "points": 1}]}]

    assert marked_points(rubric, marks) == 3.0
    assert marked_points(new, marks) is None


def leave_out_lowest(shares, number):
    """Leave out the lowest one by one, the earlier of equal ones, but never all."""
    kept = list(range(len(shares)))
    for _ in range(number):
        if len(kept) > 1:
            kept.remove(min(kept, key=lambda n: shares[n]))
    return kept


@given(
    st.lists(st.tuples(TENTHS, st.integers(1, 4)), min_size=1, max_size=6),
    st.integers(0, 8),
)
def test_the_total_is_the_weighted_mean_without_the_lowest(drawn, drop):
    shares = {f"q{n}": tenths / 10 for n, (tenths, _) in enumerate(drawn)}
    weights = {f"q{n}": float(weight) for n, (_, weight) in enumerate(drawn)}
    kept = leave_out_lowest([tenths for tenths, _ in drawn], drop)
    above = sum(Fraction(drawn[n][0] * drawn[n][1], 10) for n in kept)
    total, dropped = total_shares(shares, weights, drop)

    assert total == pytest.approx(float(above / sum(drawn[n][1] for n in kept)))
    assert set(dropped) == {slug for slug in shares if int(slug[1:]) not in kept}


@given(st.lists(st.integers(0, 1000).map(lambda cents: cents / 100)))
def test_points_add_up_as_on_paper(points):
    exact = sum(Fraction(str(one)) for one in points)

    assert sum_points(points) == float(exact)
