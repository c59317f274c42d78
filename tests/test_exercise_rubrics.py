"""What a sound rubric is, and whose ids stay."""

import math
from copy import deepcopy

import pytest

from coursekit.errors import CoursekitError
from coursekit.exercise.rubrics import keep_ids, make_id, name_levels, require_rubric

SOUND = [
    {
        "criterion": "Says why",
        "points": 2,
        "levels": [
            {"points": 2, "means": "Says why."},
            {"points": 0, "means": "Does not."},
        ],
    },
    {"criterion": "Names a source", "points": 1},
]


def test_a_sound_rubric_is_taken():
    require_rubric(SOUND, 3)
    require_rubric(name_levels(SOUND), 3.0)


def broken(change):
    rubric = deepcopy(SOUND)
    change(rubric)
    return rubric


@pytest.mark.parametrize(
    ("rubric", "said"),
    [
        ([], "at least one"),
        ("Says why", "list of criteria"),
        (["Says why"], "has no name"),
        ([{"criterion": "Says why"}], "needs points"),
        ([{"criterion": "Says why", "points": math.nan}], "needs points"),
        ([{"criterion": "Says why", "points": True}], "needs points"),
        ([{"criterion": "Says why", "points": "3"}], "needs points"),
        ([{"criterion": "Says why", "points": 2}], "add up to 2.*3 points"),
        (broken(lambda r: r[1].update(criterion="Says why")), "two criteria"),
        (broken(lambda r: r[0]["levels"].pop()), "two levels or more"),
        (broken(lambda r: r[0]["levels"][1].update(points=2)), "the same points"),
        (broken(lambda r: r[0]["levels"][1].update(means="Says why.")), "same means"),
        (broken(lambda r: r[0]["levels"][1].update(means=" ")), "what it means"),
        (broken(lambda r: r[0]["levels"][1].update(points=-1)), "0 or more"),
        (broken(lambda r: r[0].update(levels="many")), "two levels or more"),
        (broken(lambda r: r[0].update(points=1)), "best level"),
    ],
)
def test_a_rubric_by_which_nobody_can_mark_is_refused_with_the_reason(rubric, said):
    with pytest.raises(CoursekitError, match=said):
        require_rubric(rubric, 3)


def test_the_same_rubric_keeps_all_ids_in_another_order():
    before = name_levels(SOUND)

    assert keep_ids(SOUND[::-1], before) == before[::-1]


def test_other_words_have_ids_that_no_mark_names():
    before = name_levels(SOUND)
    after = keep_ids(
        broken(lambda r: r[0]["levels"][0].update(means="Says it.")), before
    )
    old = {level["id"] for one in before for level in one["levels"]}

    assert after[0]["id"] == before[0]["id"]
    assert after[0]["levels"][0]["id"] not in old
    assert after[0]["levels"][1] == before[0]["levels"][1]


def test_new_ids_differ():
    assert len({make_id() for _ in range(1000)}) == 1000
