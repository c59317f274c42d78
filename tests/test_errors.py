"""Errors list what would have worked, the likeliest first, and survive pickling."""

import pickle

import pytest

from coursekit.errors import UnknownNameError

SOURCES = [f"Work{number}" for number in range(200)] + ["Hasar2022", "Putz2023"]


def test_every_name_is_listed_where_a_reader_can_look_through_them():
    error = UnknownNameError("dataset", "x", ["timeline", "doctrines"])

    assert str(error) == (
        "There is no dataset named 'x'. There is: doctrines, timeline."
    )


@pytest.mark.parametrize(
    ("name", "near"),
    [
        pytest.param("hasar2022", ("Hasar2022",), id="case"),
        pytest.param("Hasar2021", ("Hasar2022",), id="slip"),
        pytest.param("putz", ("Putz2023",), id="part"),
        pytest.param("Nobody", (), id="nothing like it"),
        pytest.param("", (), id="empty"),
        pytest.param(5, (), id="no text"),
    ],
)
def test_names_like_the_one_asked_for_are_found(name, near):
    assert UnknownNameError("source", name, SOURCES).near == near


def test_a_long_list_is_cut_but_what_is_near_is_not():
    message = str(UnknownNameError("source", "Putz2022", SOURCES))

    assert "Near it: Putz2023. There is: Hasar2022, Putz2023, Work0" in message
    assert message.endswith("and 192 more.")


def test_an_empty_list_says_so():
    assert str(UnknownNameError("exercise", "x", [])).endswith("There is: none.")


def test_the_message_survives_pickling():
    error = UnknownNameError("source", "Putz2022", SOURCES)

    assert str(pickle.loads(pickle.dumps(error))) == str(error)
