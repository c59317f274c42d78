from __future__ import annotations

import pytest

from coursekit.authoring.source import MalformedSourceError, read_source
from exercise_source import (
    ESSAY,
    EXERCISE,
    HEADER,
    LESSON,
    SHARE_CHECK,
    SHARE_RIGHT,
    SHARE_WRONG,
    TOP_CHECK,
    code,
)


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "97_tiny.md"
        path.write_text(text, encoding="utf-8")
        return read_source(path)

    return read


def test_an_exercise_is_read_with_its_questions_and_attempts(read):
    source = read(EXERCISE)

    assert source.is_exercise
    assert source.questions() == ["shares", "top", "essay"]
    assert len(source.of("shares", "wrong")) == 2
    assert [cell.meta["check"] for cell in source.of("top", "check")] == [
        "top",
        "top.fresh",
    ]


def test_a_lesson_has_nothing_to_answer(read):
    assert not read(LESSON).is_exercise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("# No header\n", "no jupytext header", id="no header"),
        pytest.param(HEADER + code("1", tags="[nice]"), "no tag 'nice'", id="tag"),
        pytest.param(HEADER + code("1", colour="red"), "option 'colour'", id="option"),
        pytest.param(HEADER + code("1", tags="[answer]"), "names its question", id="q"),
        pytest.param(
            HEADER + code("---", tags="[[answer"), "as MyST", id="broken cell options"
        ),
        pytest.param(
            EXERCISE.replace('check("shares", shares, rtol=1e-6)', "assert shares"),
            "a check cell is one call",
            id="check is no call",
        ),
        pytest.param(EXERCISE + SHARE_CHECK, "names are unique", id="check twice"),
        pytest.param(EXERCISE + ESSAY, "two answer cells", id="question twice"),
        pytest.param(
            EXERCISE.replace("    ### END SOLUTION", ""), "### END SOLUTION", id="marks"
        ),
        pytest.param(
            EXERCISE.replace(TOP_CHECK, ""), "that students can run", id="hidden only"
        ),
        pytest.param(
            EXERCISE.replace(SHARE_WRONG, ""), "two wrong attempts", id="one wrong"
        ),
        pytest.param(EXERCISE.replace(SHARE_RIGHT, ""), "a right one", id="no right"),
        pytest.param(
            EXERCISE.replace("message: These are counts.", "message: ''"),
            "has the message",
            id="wrong attempt without message",
        ),
        pytest.param(
            EXERCISE.replace('"points": 4, "rubric"', '"rubric"'),
            "points and a rubric",
            id="written without points",
        ),
        pytest.param(
            EXERCISE.replace(
                '"question": "essay", "points": 4', '"question": "essay", "points": 5'
            ),
            "add up to 4.*5 points",
            id="rubric of other points",
        ),
    ],
)
def test_a_source_that_breaks_a_rule_is_refused_by_name(read, text, words):
    with pytest.raises(MalformedSourceError, match=words) as caught:
        read(text)

    assert "97_tiny.md" in str(caught.value)
