"""No notebook, however broken, stops the grader: it is judged or named as a fault."""

import copy
import json
import random
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from coursekit.errors import MalformedNotebookError
from coursekit.grading.judge import Judgement, judge, judge_unreadable
from coursekit.grading.merge import merge
from coursekit.grading.notebook import parse_notebook
from coursekit.grading.run import Run
from grading_notebooks import make_frame, make_solved

FRAME = make_frame()
SOLVED = json.dumps(make_solved(), indent=1).encode()
BYTES = [
    *(b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"\\", b'"', b"\\ud83d", b"\r\n", b"\x1b["),
    *(b"[", b"]", b"{", b"}", b",", b":", b"null", b"1e999", b"NaN", b"9" * 5000),
    *(b"[" * 2000, b'"outputs": [', b'"cells": [', b'"id": "tiny-02"', b"\xed\xa0\x80"),
]
VALUES = [
    *(None, True, 0, -1, 10**30, 1e300, "", "\0", "\ud83d", "x" * 10_000, "tiny-02"),
    *([], {}, [[]], [None, 3, "a"], {"a": 1}, ["answer", "check", "hidden", {}]),
    *("code", "markdown", "check", "shares", "outputs", 3, 4, 5, float("nan")),
]
KEYS = [
    *("id", "source", "metadata", "cell_type", "outputs", "tags", "coursekit"),
    *("cells", "worksheets", "nbformat", "question", "check", "nbgrader", "a\ud83d"),
]


def break_bytes(pick):
    """Cut, double, exchange and put in some bytes of a notebook file."""
    content = SOLVED
    for _ in range(pick.randint(1, 2)):
        start = pick.randrange(len(content) + 1)
        end = start + pick.choice([0, 1, 2, 10, 300])
        part = pick.choice([pick.choice(BYTES), content[start:end] * 2, b"x", b"7"])
        content = content[:start] + part + content[end:]
    return content[: pick.choice([None] * 9 + [pick.randrange(len(SOLVED))])]


def break_tree(pick):
    """Exchange, delete, add and move parts of the JSON of a notebook."""
    tree = make_solved()
    for _ in range(pick.randint(1, 6)):
        parts = list(containers(tree))
        part = pick.choice([*parts, *[tree] * 5])
        value = pick.choice([*VALUES, *parts])
        value = copy.deepcopy(value)
        if isinstance(part, dict):
            part[pick.choice([*part, *KEYS])] = value
        else:
            part[pick.randint(0, len(part)) :][:2] = [value]
            part.insert(pick.randint(0, len(part)), value)
        if part and pick.random() < 0.3:
            part.pop(pick.choice([*part]) if isinstance(part, dict) else -1)
    return json.dumps(tree).encode()


def containers(tree):
    """Yield every list and object in a JSON tree."""
    if isinstance(tree, dict | list):
        yield tree
        for entry in tree.values() if isinstance(tree, dict) else tree:
            yield from containers(entry)


def grade(content):
    """Give what came of a submission: a fault, or a judgement of each question."""
    try:
        submission = parse_notebook(content, Path("ada.ipynb"))
    except MalformedNotebookError as error:
        str(error).encode()
        return "fault", judge_unreadable(FRAME, error.reason)
    merged = merge(FRAME, submission)
    nbformat.validate(merged.notebook)
    json.dumps([merged.notebook, [r.text for r in merged.repairs]]).encode()
    return "judged", judge(FRAME, merged, Run(records={}, seconds=0.0))


def grade_broken(spoil, *, number):
    """Grade broken notebooks; count what came of them, or name the one that crashed."""
    came = Counter()
    for seed in range(number):
        try:
            outcome, questions = grade(spoil(random.Random(seed)))
        except Exception as error:
            raise AssertionError(f"{spoil.__name__} with the seed {seed}") from error
        came[outcome] += 1
        came[len(questions)] += 1
        came.update(question.judgement for question in questions)
    return came


@pytest.mark.parametrize(
    "spoil",
    [pytest.param(break_bytes, id="bytes"), pytest.param(break_tree, id="json")],
)
def test_broken_notebooks_are_judged_or_named_each(spoil):
    came = grade_broken(spoil, number=500)

    assert came["fault"] + came["judged"] == came[len(FRAME.questions)] == 500
    assert min(came["fault"], came["judged"]) > 25
    assert came[Judgement.CORRECT] == 0
