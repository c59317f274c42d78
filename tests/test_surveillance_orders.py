from __future__ import annotations

import pandas as pd
import pytest

from coursekit.errors import UnknownNameError
from coursekit.surveillance.orders import (
    LIMIT,
    NO_BODY,
    describe_rules,
    find_rules,
    name_bodies,
    read_orders,
)


def test_rules_on_interception_are_no_power_to_cut():
    assert "KAZ-11" not in find_rules("KAZ").index
    assert set(find_rules("KAZ")["subject"]) == {LIMIT}


def test_rules_are_found_by_the_body_they_name_and_the_year():
    found = find_rules("KAZ", who="Prosecutor General", until=2016)

    assert list(found.index) == ["KAZ-08"]


def test_no_rule_that_was_read_asks_a_court_first():
    assert set(find_rules("KAZ")["court_needed"]) == {"no"}


def test_the_whitelist_is_an_exemption():
    assert list(find_rules("KAZ", subject="exempt from a cut").index) == ["KAZ-16"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        pytest.param({"state": "FRA"}, "state named 'FRA'", id="state"),
        pytest.param({"who": "the court"}, "body named 'the court'", id="body"),
        pytest.param({"subject": "tax"}, "subject of a rule named 'tax'", id="subject"),
    ],
)
def test_what_does_not_exist_is_refused(asked, message):
    with pytest.raises(UnknownNameError, match=message):
        find_rules(**asked)


def test_a_year_that_is_no_year_is_a_clear_type_error():
    with pytest.raises(TypeError, match="takes a year such as 2021"):
        find_rules(until="2021")  # type: ignore[arg-type]  # what is tested


def test_words_on_no_rule_do_not_say_that_there_is_none():
    found = find_rules("TJK", subject=LIMIT)

    assert describe_rules(found) == (
        "No such rule was found, which does not mean that there is none."
    )


def test_words_count_rules_bodies_and_courts():
    found = find_rules("KAZ", who="National Security Committee", until=2016)

    assert describe_rules(found) == (
        "1 rule found, naming: National Security Committee. "
        "No court is needed under 1 of 1, as far as they were read."
    )


def test_rules_that_say_nothing_of_a_court_are_counted_apart():
    said = describe_rules(find_rules("KAZ", subject="intercept"))

    assert said.endswith(
        "No court is needed under 1 of 3, as far as they were read; 2 do not say."
    )


def test_a_missing_cell_names_nobody():
    assert name_bodies(pd.NA) == ()


def test_a_text_may_name_two_bodies():
    text = "Ministry of Defence; Prosecutor General"

    assert name_bodies(text) == ("Prosecutor General", "Ministry of Defence")


def test_the_operator_of_january_2022_named_no_body():
    known = read_orders(states="KAZ").set_index("event_id")["known_as"]

    assert known["SH-09"] == NO_BODY
    assert known["SH-05"] == "not acknowledged"


def test_maintenance_is_the_operators_own_account():
    known = read_orders(states=["UZB"]).set_index("event_id")["known_as"]

    assert known["SH-22"] == "operators' own account"
    assert known["SH-24"] == "a body is named"
