"""The page that shows an instructor what results teach."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from coursekit.desk.pages import render_page

if TYPE_CHECKING:
    from coursekit.desk.analysis import Analysis

_MOST_PAIRS = 20  # shown with their passages; the table has all

_TEMPLATE = """\
<h1>{{ title }}</h1>
<p>Each question: how many of its points were earned on average (difficulty, where more
is easier), and how far those who do well in the rest do well in it (discrimination: the
corrected item-total correlation). With few students both move a lot by chance.</p>
{% for one in analyses %}
<h2>{{ one.exercise }}</h2>
<p>{{ one.students }} students. {{ one.alpha }}</p>
<figure>
<div class="figure ours" id="figure-{{ loop.index }}"></div>
<figcaption>{{ one.words }}</figcaption>
</figure>
<div class="wide" tabindex="0" role="region"
 aria-label="Questions of {{ one.exercise }}">
<table>
<thead><tr><th>Question</th><th>Students</th><th>Difficulty</th><th>Discrimination</th>
<th>Partly</th><th>Right in version</th><th>Judgements</th></tr></thead>
<tbody>
{% for item in one.questions %}
<tr>{% for cell in item %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
</div>
<h3>Common wrong values</h3>
{% if one.wrong %}
<div class="wide" tabindex="0" role="region"
 aria-label="Wrong values of {{ one.exercise }}">
<table>
<thead><tr><th>Check</th><th>Students</th><th>Value</th><th>What the source says of it\
</th></tr></thead>
<tbody>
{% for wrong in one.wrong %}
<tr><td>{{ wrong.check }}</td><td>{{ wrong.students }}</td>\
<td class="value"><code>{{ wrong.value }}</code></td>
<td>{{ wrong.explained or "Nothing yet: no attempt explains it." }}</td></tr>
{% endfor %}
</tbody>
</table>
</div>
{% else %}<p>No wrong value was given twice.</p>{% endif %}
<h3>Answers that are alike</h3>
<p>Likeness beyond the task is a reason to look and not a verdict: a common source, work
together where that was allowed, or one way to write something short can bring it about.
Nor does a page without pairs clear anybody: what more than a tenth of the students, and
more than four, share counts as the task's, so that a larger group may not show.</p>
{% for group in one.groups %}<p>Connected: {{ group }}.</p>{% endfor %}
{% for pair in one.pairs %}
<details><summary>{{ pair.first }} and {{ pair.second }}: {{ pair.shared }} common
fingerprints, {{ pair.alike }} of the shorter one's</summary>
<table><thead><tr><th>{{ pair.first }}</th><th>{{ pair.second }}</th></tr></thead>
<tbody>
{% for left, right in pair.passages %}
<tr><td><pre>{{ left }}</pre></td><td><pre>{{ right }}</pre></td></tr>
{% endfor %}
</tbody></table></details>
{% else %}<p>None was found.</p>
{% endfor %}
{% endfor %}
"""


def render_analysis(course: str, analyses: Sequence[Analysis]) -> str:
    """Render the analysis of some exercises as a page that fetches nothing."""
    return render_page(
        "analysis",
        _TEMPLATE,
        title=f"{course}: how the questions did",
        analyses=[_show(one) for one in analyses],
        figures=[_draw(one) for one in analyses],
    )


def describe_items(one: Analysis) -> str:
    """Say in a sentence which questions were hardest, easiest and least telling."""
    rated = [(i.difficulty, i.question) for i in one.items if i.difficulty is not None]
    if not rated:
        return "No question has points yet."
    (least, hard), (most, easy) = min(rated), max(rated)
    said = f"Hardest: {hard} ({least:.2f}). Easiest: {easy} ({most:.2f})."
    told = [
        (i.discrimination, i.question)
        for i in one.items
        if i.discrimination is not None
    ]
    if told:
        apart, question = min(told)
        said += f" Least discrimination: {question} ({apart:.2f})."
    return said


def _draw(one: Analysis) -> str:
    """Draw each question's difficulty as a bar, discrimination as a mark."""
    from coursekit.charts.theme import COLOURS

    names = [item.question for item in one.items]
    bars = {
        "type": "bar",
        "name": "difficulty",
        "x": names,
        "y": [item.difficulty for item in one.items],
        "marker": {"color": COLOURS[0]},
    }
    marks = {
        "type": "scatter",
        "mode": "markers",
        "name": "discrimination",
        "x": names,
        "y": [item.discrimination for item in one.items],
        "marker": {"color": COLOURS[1], "size": 11, "symbol": "diamond"},
    }
    layout = {
        "yaxis": {"title": {"text": "0 to 1, or -1 to 1"}, "range": [-1, 1]},
        "legend": {"orientation": "h", "y": 1.2},
        "margin": {"t": 20, "l": 60, "r": 10},
        "height": 340,
    }
    return json.dumps({"data": [bars, marks], "layout": layout})


def _show(one: Analysis) -> dict[str, Any]:
    alpha = "Cronbach's alpha is not defined."
    if one.alpha is not None:
        a = one.alpha
        alpha = (
            f"Cronbach's alpha {a.value:.2f}, between {a.low:.2f} and {a.high:.2f} at "
            f"95 per cent, over {a.students} students with points for all questions."
        )
    return {
        "exercise": one.exercise,
        "students": one.students,
        "alpha": alpha,
        "words": describe_items(one),
        "questions": [
            [
                item.question,
                item.students,
                _say(item.difficulty),
                _say(item.discrimination),
                _say(item.partial),
                _say(item.first_correct),
                ", ".join(f"{n} {state}" for state, n in item.states.items()),
            ]
            for item in one.items
        ],
        "wrong": one.wrong,
        "groups": [", ".join(group) for group in _large(one.groups)],
        "pairs": one.pairs[:_MOST_PAIRS],
    }


def _large(groups: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [group for group in groups if len(group) > 2]


def _say(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}"
