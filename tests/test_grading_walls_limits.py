"""Limits are numbers above 0, and travel between processes."""

from __future__ import annotations

import json
import pickle
from dataclasses import asdict, fields

import pytest

from coursekit.errors import CoursekitError
from coursekit.grading.walls.limits import Limits


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_a_limit_that_is_no_number_above_0_is_refused(name, value):
    with pytest.raises(CoursekitError, match=f"limit {name} is {value}; .* above 0"):
        Limits(**{name: value})


def test_limits_survive_pickle_and_json():
    limits = Limits(processes=3)

    assert pickle.loads(pickle.dumps(limits)) == limits
    assert Limits(**json.loads(json.dumps(asdict(limits)))) == limits
