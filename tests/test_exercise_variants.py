"""Drawing parameters, and reading and writing the cell that holds them."""

from __future__ import annotations

import hmac
from collections import Counter

import pytest

from coursekit.exercise.variants import (
    MalformedParametersError,
    draw_parameters,
    list_variants,
    read_parameters,
    sample_variants,
    variant_id,
    variant_note,
    write_parameters,
)

SECRET = bytes(range(32))
THREE = {"YEAR": [1989, 1990, 1991]}


def draw(student: str, *, exercise: str = "05", values: dict = THREE) -> dict:
    return draw_parameters(values, secret=SECRET, exercise=exercise, student=student)


def test_every_value_is_as_likely_as_the_others() -> None:
    counts = Counter(draw(f"s{number}")["YEAR"] for number in range(3000))

    assert set(counts) == {1989, 1990, 1991}
    assert max(abs(count - 1000) for count in counts.values()) < 100  # four deviations


def test_another_secret_exercise_or_parameter_draws_anew() -> None:
    many = {name: list(range(1_000_000)) for name in ("a", "b")}
    first = draw("s1", values=many)
    other = draw_parameters(many, secret=bytes(32), exercise="05", student="s1")

    assert first == draw("s1", values=many)
    assert first["a"] != first["b"]
    assert (
        len({first["a"], other["a"], draw("s1", exercise="06", values=many)["a"]}) == 3
    )


def test_the_draw_can_be_done_again_by_hand() -> None:
    words = b"\0\0\0\0\0\0\0\x0205\0\0\0\0\0\0\0\x03s\xc3\xa9"
    message = words + b"\0\0\0\0\0\0\0\x04YEAR" + bytes(8)
    number = int(hmac.new(SECRET, message, "sha256").hexdigest(), 16)

    assert draw("sé")["YEAR"] == THREE["YEAR"][number % 3]


def test_how_unicode_spells_an_id_does_not_matter() -> None:
    many = {"a": list(range(1_000_000))}

    assert draw("se\u0301", values=many) == draw("s\u00e9", values=many)
    assert draw("sE", values=many) != draw("se", values=many)


def test_no_letter_moves_from_exercise_to_student() -> None:
    many = {"a": list(range(1_000_000))}

    assert draw("1s", exercise="0", values=many) != draw(
        "s", exercise="01", values=many
    )


def test_a_variant_is_named_by_its_values_and_their_kinds() -> None:
    assert variant_id({"a": 1, "b": [2]}) == variant_id({"b": [2], "a": 1})
    assert len({variant_id({"a": value}) for value in (1, 1.0, "1", [1])}) == 4


def test_a_sample_holds_every_value_and_all_where_they_are_few() -> None:
    few = {"a": [1, 2, 3], "b": [1, 2, 3, 4]}
    many = {"a": list(range(5)), "b": list(range(15))}
    sample = sample_variants(many)

    assert sample_variants(few) == list_variants(few)
    assert len(sample) == 15
    assert {row["a"] for row in sample} == set(range(5))
    assert {row["b"] for row in sample} == set(range(15))


def test_other_values_are_written_and_the_rest_of_the_cell_stays() -> None:
    text = 'É = "ä"  # Grüße\nSPAN = [\n    1980,\n    1990,\n]\nN = -1.5\n'
    values = {"É": 'ö"\n', "SPAN": [1, 2], "N": 3}
    written = write_parameters(text, values)

    assert written == 'É = "ö\\"\\n"  # Grüße\nSPAN = [1, 2]\nN = 3\n'
    assert read_parameters(written, {k: [v] for k, v in values.items()}) == values
    assert write_parameters(text, {"É": "ä", "SPAN": [1980, 1990], "N": -1.5}) == text


@pytest.mark.parametrize(
    ("text", "draw", "reason"),
    [
        ("YEAR = 1992", {"YEAR": [1989, 1990]}, "1992, is not among"),
        ("YEAR = 1990", {"YEAR": [1990, 1990]}, "listed twice"),
        ("YEAR = 1990", {"YEAR": 1990}, "is a list of values"),
        ("YEAR = 1990", {}, "for each name"),
        ("YEAR = 1990", None, "for each name"),
        ("YEAR = 1990", {"YEAR": [1990, True]}, "a finite number"),
        ("YEAR = 1990", {"YEAR": [1990, None]}, "a finite number"),
        ("YEAR = 1e999", {"YEAR": [1]}, "a finite number"),
        ("YEAR = 1990 + 1", {"YEAR": [1991]}, "a finite number"),
        ("YEAR = int('3')", {"YEAR": [3]}, "a finite number"),
        ("YEAR = END = 1990", {"YEAR": [1990]}, "one assignment"),
        ("YEAR = 1990\nYEAR = 1991", {"YEAR": [1990]}, "one assignment"),
        ("import os\nYEAR = 1990", {"YEAR": [1990]}, "one assignment"),
        ("YEAR =", {"YEAR": [1990]}, "not Python"),
    ],
)
def test_a_cell_that_breaks_a_rule_says_which(text, draw, reason) -> None:
    with pytest.raises(MalformedParametersError, match=reason):
        read_parameters(text, draw)


@pytest.mark.parametrize(
    ("metadata", "expected", "note"),
    [
        ({"coursekit": {"variant": "0a1b2c3d"}}, "0a1b2c3d", ""),
        ({}, "", ""),
        ({"coursekit": {"variant": "ffffffff"}}, "0a1b2c3d", "is of variant ffffffff;"),
        ({"coursekit": {"variant": "<script>"}}, "0a1b2c3d", "is of no variant;"),
        ({"coursekit": ["variant"]}, "0a1b2c3d", "as variant 0a1b2c3d."),
        ({"coursekit": {"variant": {}}}, "", "an exercise without variants"),
    ],
)
def test_a_notebook_of_another_variant_is_noted(metadata, expected, note) -> None:
    found = variant_note(metadata, expected)

    assert note in found
    assert bool(found) == bool(note)
