"""A tiny exercise as an instructor would write it, for the tests of authoring."""

from __future__ import annotations

HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3
---
"""


def code(text: str, **options: object) -> str:
    """Write a code cell of MyST Markdown with its options."""
    lines = [f"{key}: {value}" for key, value in options.items()]
    block = "\n".join(["---", *lines, "---\n"]) if lines else ""
    return f"\n```{{code-cell}} python\n{block}{text}\n```\n"


SETUP = code(
    "import pandas as pd\n"
    "from coursekit import check, open_exercise\n"
    'open_exercise("97_tiny")\n'
    'counts = pd.Series({"north": 1, "south": 3})',
    tags="[setup]",
)
SHARE_ANSWER = code(
    "### BEGIN SOLUTION\nshares = counts / counts.sum()\n### END SOLUTION",
    tags="[answer]",
    question="shares",
    hints='["Divide.", "Divide by the sum."]',
)
SHARE_CHECK = code(
    'check("shares", shares, rtol=1e-6)', tags="[check]", question="shares", points=2
)
SHARE_RIGHT = code("shares = counts.div(4)", tags="[right]", question="shares")
SHARE_WRONG = code(
    "shares = 100 * counts / counts.sum()",
    tags="[wrong]",
    question="shares",
    message="These add up to 100.",
)
SHARE_WRONG_TOO = code(
    "shares = counts", tags="[wrong]", question="shares", message="These are counts."
)
TOP_ANSWER = code(
    "def top(numbers):\n"
    "    ### BEGIN SOLUTION\n"
    "    return {numbers.idxmax()}\n"
    "    ### END SOLUTION",
    tags="[answer]",
    question="top",
)
TOP_CHECK = code('check("top", top(counts))', tags="[check]", question="top", points=1)
TOP_HIDDEN = code(
    'check("top.fresh", top(-counts))', tags="[check, hidden]", question="top", points=1
)
TOP_RIGHT = code(
    "def top(numbers):\n    return set(numbers[numbers == numbers.max()].index)",
    tags="[right]",
    question="top",
)
TOP_WRONG = code(
    'def top(numbers):\n    return {"south"}',
    tags="[wrong]",
    question="top",
    message="This names one place whatever the numbers are.",
)
TOP_WRONG_TOO = code(
    "def top(numbers):\n    return numbers.idxmax()",
    tags="[wrong]",
    question="top",
    message="Put the label into a set.",
)
ESSAY = (
    '\n+++ {"tags": ["written"], "question": "essay", "points": 4, '
    '"rubric": [{"criterion": "Names what the number leaves out", "points": 4}]}\n'
    "\nWrite two sentences.\n"
)

EXERCISE = "".join(
    [
        HEADER,
        "\n# Tiny\n\n**1.** Shares of each place.\n",
        SETUP,
        SHARE_ANSWER,
        SHARE_CHECK,
        SHARE_RIGHT,
        SHARE_WRONG,
        SHARE_WRONG_TOO,
        "\n**2.** The largest.\n",
        TOP_ANSWER,
        TOP_CHECK,
        TOP_HIDDEN,
        TOP_RIGHT,
        TOP_WRONG,
        TOP_WRONG_TOO,
        ESSAY,
    ]
)
LESSON = HEADER + "\n# Tiny lesson\n\nOne sum.\n" + code("sum([1, 2])")
