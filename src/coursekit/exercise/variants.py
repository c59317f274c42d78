"""Variants of an exercise: parameters drawn for each student from a course's secret."""

from __future__ import annotations

import ast
import hmac
import json
import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import count, product
from typing import Any

from coursekit.errors import CoursekitError

MOST = 12  # combinations that `coursekit selftest` proves one by one

Parameter = int | float | str | list[Any]
Draw = Mapping[str, Sequence[Parameter]]


class MalformedParametersError(CoursekitError, ValueError):
    """A parameters cell, or what is drawn for it, breaks a rule."""


def draw_parameters(
    draw: Draw, *, secret: bytes, exercise: str, student: str
) -> dict[str, Parameter]:
    """Draw a student's parameters.

    Parameters
    ----------
    draw : mapping of str to sequence
        The values of each parameter; every one is as likely as the others.
    secret : bytes
        The course's secret.
    exercise : str
        Slug of the exercise.
    student : str
        Id of the student; case and spaces count, how Unicode spells a letter does not.

    Returns
    -------
    dict
        A value for each parameter, in the order of `draw`; the same at every call.

    Examples
    --------
    >>> draw = {"YEAR": [1989, 1990, 1991], "CODE": ["yes", "contested"]}
    >>> draw_parameters(draw, secret=bytes(32), exercise="05", student="s123")
    {'YEAR': 1990, 'CODE': 'contested'}
    """
    student = unicodedata.normalize("NFC", student)
    return {
        name: values[_choose(len(values), secret, (exercise, student, name))]
        for name, values in draw.items()
    }


def variant_id(values: Mapping[str, Parameter]) -> str:
    """Name a variant by its values: eight hexadecimal digits, whatever their order.

    Examples
    --------
    >>> variant_id({"a": 1, "b": 2}) == variant_id({"b": 2, "a": 1})
    True
    """
    return sha256(_text(values).encode()).hexdigest()[:8]


def list_variants(draw: Draw) -> list[dict[str, Parameter]]:
    """List every combination, the last parameter changing fastest."""
    return [dict(zip(draw, row, strict=True)) for row in product(*draw.values())]


def sample_variants(draw: Draw, *, most: int = MOST) -> list[dict[str, Parameter]]:
    """List every combination, or a fixed sample in which every value stands.

    Parameters
    ----------
    draw : mapping of str to sequence
        The values of each parameter.
    most : int, default 12
        How many combinations are listed in full; a sample is no longer than this or
        than the longest list of values.

    Examples
    --------
    >>> sample_variants({"a": [1, 2], "b": [5, 6]}, most=2)
    [{'a': 1, 'b': 5}, {'a': 2, 'b': 6}]
    """
    if math.prod(map(len, draw.values())) <= most:
        return list_variants(draw)
    rows = max(most, *map(len, draw.values()))
    found = (
        {name: values[row % len(values)] for name, values in draw.items()}
        for row in range(rows)
    )
    return list({_text(values): values for values in found}.values())


def read_parameters(text: str, draw: object) -> dict[str, Parameter]:
    """Read the public values out of a parameters cell.

    Parameters
    ----------
    text : str
        The cell: plain assignments of literals, one for each parameter.
    draw : object
        What its option ``draw`` holds: for each name a list of values.

    Returns
    -------
    dict
        The values by name, in the cell's order.

    Raises
    ------
    MalformedParametersError
        If the cell holds anything else, or a value that cannot be drawn.
    """
    values = {name: _literal(name, node) for name, node in _assignments(text)}
    if not isinstance(draw, Mapping) or set(draw) != set(values):
        raise MalformedParametersError(
            "the option draw has a list of values for each name that the cell assigns"
        )
    for name, value in values.items():
        _require_drawn(name, value, draw[name])
    return values


def write_parameters(text: str, values: Mapping[str, Parameter]) -> str:
    """Put other values into a parameters cell; comments and layout stay.

    Examples
    --------
    >>> write_parameters("YEAR = 1990  # a turn", {"YEAR": 1991})
    'YEAR = 1991  # a turn'
    """
    written = text.encode()  # ast counts columns in bytes
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line.encode()) + 1)
    for name, node in reversed(list(_assignments(text))):
        if _text(_literal(name, node)) != _text(values[name]):
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)
            written = written[:start] + _text(values[name]).encode() + written[end:]
    return written.decode()


def variant_note(metadata: Mapping[str, Any], expected: str) -> str:
    """Say that a notebook is of another variant than its student's.

    Parameters
    ----------
    metadata : mapping
        The notebook's metadata; a student's, so anything may stand in it.
    expected : str
        Id of the variant that was drawn; empty for an exercise without variants.

    Returns
    -------
    str
        A sentence for the report, or nothing where all is well.
    """
    course = metadata.get("coursekit")
    found = course.get("variant", "") if isinstance(course, Mapping) else ""
    if found == expected:
        return ""
    # Eight hexadecimal digits are all that an honest notebook says.
    known = isinstance(found, str) and len(found) == 8 and found.isalnum()
    said = f"variant {found}" if known and found.isascii() else "no variant"
    wanted = f"variant {expected}" if expected else "an exercise without variants"
    return f"The notebook is of {said}; it was graded as {wanted}."


def _choose(number: int, secret: bytes, words: Sequence[str]) -> int:
    """Choose below a number; what would favour the first values is drawn again."""
    # With its length before it, no word can give a letter to the next.
    message = b"".join(
        len(word.encode()).to_bytes(8, "big") + word.encode() for word in words
    )
    fair = 2**256 - 2**256 % number
    for attempt in count():
        digest = hmac.digest(secret, message + attempt.to_bytes(8, "big"), "sha256")
        drawn = int.from_bytes(digest, "big")
        if drawn < fair:
            break
    return drawn % number


def _assignments(text: str) -> Iterator[tuple[str, ast.expr]]:
    try:
        body = ast.parse(text).body
    except SyntaxError as error:
        raise MalformedParametersError("the cell is not Python") from error
    seen: set[str] = set()
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) if name not in seen:
                seen.add(name)
                yield name, node.value
            case _:
                raise MalformedParametersError(
                    "a parameters cell holds one assignment for each name, such as "
                    "YEAR = 1990, and no more"
                )


def _literal(name: str, node: ast.expr) -> Parameter:
    try:
        value: Parameter | None = ast.literal_eval(node)
    except ValueError:
        value = None  # which is refused as every other thing that is not plain
    found: Parameter = _require_plain(name, value)
    return found


def _require_plain(name: str, value: object) -> Any:
    items = value if isinstance(value, list) else [value]
    for item in items:
        plain = isinstance(item, int | float | str) and not isinstance(item, bool)
        if not plain or (isinstance(item, float) and not math.isfinite(item)):
            raise MalformedParametersError(
                f"{name} is a finite number, a string, or a list of these; write other "
                "things, such as dates, as strings"
            )
    return value


def _require_drawn(name: str, value: Parameter, drawn: object) -> None:
    if not isinstance(drawn, list):
        raise MalformedParametersError(f"what is drawn for {name} is a list of values")
    texts = [_text(_require_plain(name, item)) for item in drawn]
    if len(set(texts)) < len(texts):
        raise MalformedParametersError(f"a value of {name} is listed twice in draw")
    if _text(value) not in texts:
        raise MalformedParametersError(
            f"the public value of {name}, {_text(value)}, is not among those drawn: "
            f"{', '.join(texts)}"
        )


def _text(value: object) -> str:
    """Write a value as JSON, which for numbers, strings and lists is Python as well."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
