"""Every exercise of the course keeps its word, and gives no answer away."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from coursekit.authoring.build import build
from coursekit.authoring.selftest import selftest
from coursekit.authoring.source import read_source
from coursekit.exercise.sidecar import SUFFIX
from coursekit.exercise.solution import BEGIN, END
from coursekit.grading.frame import read_frame

EXERCISES = Path(__file__).parents[1] / "exercises"
SOURCES = sorted(EXERCISES.glob("[0-9]*.md"))
RUN = 5  # a shorter run of words or small numbers stands in a task by chance
LINE = 25  # characters; a shorter line of code is anybody's
# How a tree is held together, which differs from one way of writing to the next.
FRAMEWORK = {"kind", "items", "values", "list", "set", "dict", "frame", "series"}

every_exercise = pytest.mark.parametrize(
    "source", [pytest.param(path, id=path.stem) for path in SOURCES]
)


def reference_of(source):
    return source.parent / "reference" / f"{source.stem}.ipynb"


def student_files(source):
    return [source.with_suffix(".ipynb"), source.with_name(f"{source.stem}{SUFFIX}")]


def texts(tree):
    """Every text and number of a JSON tree, keys included."""
    if isinstance(tree, dict):
        return [text for key in sorted(tree) for text in [key, *texts(tree[key])]]
    if isinstance(tree, list):
        return [text for part in tree for text in texts(part)]
    return [str(tree)]


def text_of(file):
    return "\n".join(texts(json.loads(file.read_text(encoding="utf-8"))))


def words(text):
    """A text as words and numbers, however it is quoted, spaced and bracketed."""
    return re.findall(r"-?\d+\.?\d*(?:[eE][-+]?\d+)?|\w+", text)


def said(text):
    return [word for word in words(text) if word not in FRAMEWORK]


def stands_in(needle, haystack):
    return f" {' '.join(needle)} " in f" {' '.join(haystack)} "


def leaves(plain, *, keys):
    """What an answer says, with the keys of its mappings or without them.

    Labels of rows and columns are left out: a task may well give them away.
    """
    if isinstance(plain, list):
        return [leaf for part in plain for leaf in leaves(part, keys=keys)]
    if not isinstance(plain, dict):
        return [plain]
    if plain["kind"] == "dict" and not keys:
        return leaves([part for _, part in plain["items"]], keys=keys)
    if plain["kind"] == "figure":
        heights = [trace.get("y", trace.get("values", [])) for trace in plain["traces"]]
        return leaves(heights, keys=keys)
    return leaves(
        [plain[key] for key in ("items", "values") if key in plain], keys=keys
    )


def runs(plain):
    """Rows of words that would give an answer away, if one of them stood in a file."""
    parts = [plain]
    if isinstance(plain, dict) and plain["kind"] == "dict":
        parts += [part for _, part in plain["items"]]
    found = (leaves(part, keys=keys) for part in parts for keys in (True, False))
    return [said(" ".join(map(str, run))) for run in found if len(run) >= RUN]


def long_numbers(text):
    """Numbers with more than three significant digits, to six of them."""
    return {
        f"{float(word):.6g}"
        for word in words(text)
        if word.lstrip("-")[0].isdigit()
        and len(re.sub(r"[eE].*|\D", "", word).strip("0")) > 3
    }


def given_away(check, text):
    """What of an expected value stands in a text, as far as it tells anything."""
    canonical = words("\n".join(texts(check.expected)))
    numbers = long_numbers(" ".join(map(str, leaves(check.expected, keys=False))))
    return [
        *(
            [canonical]
            if len(canonical) > RUN and stands_in(canonical, words(text))
            else []
        ),
        *(run for run in runs(check.expected) if stands_in(run, said(text))),
        *sorted(numbers & long_numbers(text)),
    ]


def checks_of(source):
    questions = read_frame(reference_of(source)).questions
    return [check for question in questions for check in question.checks]


def solution_lines(source):
    cells = [cell for cell in read_source(source).cells if "answer" in cell.tags]
    inside = re.compile(f"{BEGIN}\n(.*?){END}", re.DOTALL)
    solutions = [text for cell in cells for text in inside.findall(cell.text)]
    lines = [line.strip() for text in solutions for line in text.splitlines()]
    return {line for line in lines if len(line) >= LINE}


def test_there_are_exercises():
    assert SOURCES
    assert {path.stem for path in EXERCISES.glob("*.ipynb")} == {
        path.stem for path in SOURCES
    }


@every_exercise
def test_exercise_is_what_its_source_gives(source):
    report = build([source], check=True)

    assert report.passed, report.to_text()
    assert len(report.results) == 3


@every_exercise
def test_reference_student_version_and_every_attempt_get_what_is_said(source):
    report = selftest([source])

    assert report.passed, report.to_text()
    assert report.attempts >= 3


@every_exercise
def test_expected_values_are_in_no_file_that_a_student_gets(source):
    checks = checks_of(source)
    found = {
        (file.name, check.name): given_away(check, text_of(file))
        for file in student_files(source)
        for check in checks
    }

    assert {place: told for place, told in found.items() if told} == {}


@every_exercise
def test_search_for_expected_values_finds_them_where_they_are(source):
    text = text_of(reference_of(source))
    missed = [c.name for c in checks_of(source) if not given_away(c, text)]

    # What is short enough to be guessed cannot be searched for either.
    assert len(missed) <= len(checks_of(source)) // 3, missed


@every_exercise
def test_solutions_and_hidden_checks_are_in_no_file_that_a_student_gets(source):
    text = "\n".join(map(text_of, student_files(source)))
    hidden = {check.name for check in checks_of(source) if check.hidden}

    assert {line for line in solution_lines(source) if line in text} == set()
    assert {name for name in hidden if name in text} == set()
    assert "SOLUTION" not in text


@every_exercise
def test_notebook_for_students_is_clean(source):
    notebook = json.loads(source.with_suffix(".ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    tags = {
        tag for cell in notebook["cells"] for tag in cell["metadata"].get("tags", [])
    }

    assert [cell["outputs"] for cell in code if cell["outputs"]] == []
    assert tags <= {"setup", "answer", "check", "written"}
