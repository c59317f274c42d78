from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from coursekit.exercise.answers import to_plain
from coursekit.exercise.rules import Rule
from coursekit.exercise.seals import Sealed, digest, seal
from plain_values import values

NAMES = {"Astana", "Almaty", "Aktau"}


@given(values, st.booleans())
def test_seal_survives_its_file(value, ordered):
    rule = Rule(ordered=ordered)
    sealed = seal(to_plain(value), rule, "salt")

    read = Sealed(**json.loads(json.dumps(sealed.to_json())), salt="salt", rule=rule)

    assert read == sealed


def test_seal_holds_no_value():
    text = json.dumps(seal(to_plain(NAMES), Rule(), "salt").to_json())

    assert [name for name in NAMES if name in text] == []


def test_seals_of_one_value_differ_by_their_salt():
    one, two = (seal(to_plain(NAMES), Rule(), salt) for salt in ("one", "two"))

    assert not one.parts.keys() & two.parts.keys()
    assert digest("one", None) != digest("two", None)


def test_seal_does_not_change_when_a_value_is_held_otherwise():
    one, two = (seal(to_plain(held), Rule(), "salt") for held in ([1, 2.5], (1.0, 2.5)))

    assert one == two
