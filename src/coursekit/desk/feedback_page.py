"""The page that tells one student how their work was judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from coursekit.desk.drawn import Drawn, read_drawn
from coursekit.desk.frames import frame_for
from coursekit.desk.marks import Mark
from coursekit.desk.pages import render_page
from coursekit.desk.prose import render_answer, shorten
from coursekit.desk.rows import hash_answer
from coursekit.desk.rules import AGREED, marked_points
from coursekit.desk.scores import ExerciseScore, QuestionScore
from coursekit.grading.notebook import printable

if TYPE_CHECKING:
    from coursekit.desk.course import Course, LateRule
    from coursekit.grading.frame import Frame
    from coursekit.grading.tables import Graded

_HEADING = re.compile(r"^##+ +(.+?) *$", re.MULTILINE)
_TITLE = re.compile(r"^# +(.+?) *$", re.MULTILINE)
_SIGNS = {"correct": "✓", "partly correct": "◐", "not attempted": "\u2013"}

_TEMPLATE = """\
<h1>{{ title }}</h1>
<p>{{ course }}. For {{ student }}.</p>
<p><strong>{{ total }}</strong></p>
<ul>
{% for line in lines %}
<li>{{ line }}</li>
{% endfor %}
</ul>
{% for one in questions %}
<h2>{{ one.title }}</h2>
<p class="judged"><strong>{{ one.sign }} {{ one.judged }}</strong>: {{ one.points }}
{% if one.message %}<br><bdi>{{ one.message }}</bdi>{% endif %}</p>
{% if one.checks %}
<table class="checks">
<thead><tr><th>Check</th><th>Judgement</th><th>Points</th></tr></thead>
<tbody>
{% for check in one.checks %}
<tr><td>{{ check.name }}</td><td>{{ check.sign }} {{ check.judged }}\
{% if check.message %}<br><bdi>{{ check.message }}</bdi>{% endif %}</td>\
<td>{{ check.points }}</td></tr>
{% endfor %}
</tbody>
</table>
{% endif %}
{% for criterion in one.criteria %}
<p><strong>{{ criterion.name }}</strong>: {{ criterion.points }}<br>\
{{ criterion.means }}</p>
{% endfor %}
{% if one.comments %}
<p><strong>Comment</strong></p>
{% endif %}
{% for comment in one.comments %}
<blockquote dir="auto">{{ comment }}</blockquote>
{% endfor %}
{% if one.hints %}
<details><summary>Hints to read on</summary><ul>
{% for hint in one.hints %}<li>{{ hint }}</li>
{% endfor %}
</ul></details>
{% endif %}
{% if one.prose %}
<details><summary>Your answer</summary>\
<div class="answer" dir="auto">{{ one.prose }}</div></details>
{% endif %}
{% if one.code %}
<details><summary>Your answer</summary>\
<pre dir="ltr"><code>{{ one.code }}</code></pre></details>
{% endif %}
{% for figure in one.figures %}
<figure>
{% if figure.picture %}<img src="{{ figure.picture }}" alt="{{ figure.words }}">
{% elif figure.number %}<div class="figure" id="figure-{{ figure.number }}" \
role="img" aria-label="{{ figure.words }}">A script of this page draws it.</div>
{% endif %}
<figcaption>Your figure. <bdi>{{ figure.words }}</bdi></figcaption>
</figure>
{% endfor %}
{% endfor %}
<h2>How this was graded</h2>
<ul>
{% for line in how %}
<li>{{ line }}</li>
{% endfor %}
</ul>
"""


@dataclass(frozen=True)
class Details:
    """What the gradebook holds of an exercise, beside points."""

    graded: Mapping[str, Graded]
    marks: Mapping[str, list[Mark]]
    rubrics: Mapping[str, list[dict[str, Any]]]
    hints: Mapping[str, Sequence[str]]


def render_feedback(course: Course, score: ExerciseScore, details: Details) -> str:
    """Render the page of one student.

    Parameters
    ----------
    course : Course
        Rules and collected work.
    score : ExerciseScore
        What the student has.
    details : Details
        What the gradebook holds beside.

    Returns
    -------
    str
        HTML that fetches nothing and runs nothing of the student's.
    """
    frame = frame_for(course, score.slug, score.student)
    graded = details.graded.get(score.student)
    drawn = _find_drawn(course, frame, score)
    unread = [one.words for one in drawn.get("", ())]
    titles = _find_titles(frame)
    figures: list[str] = []
    questions = []
    for asked in score.questions:
        one = _show_question(asked, titles, graded, details)
        one["figures"] = list(_number(drawn.get(asked.name, ()), figures))
        questions.append(one)
    return render_page(
        "feedback",
        _TEMPLATE,
        title=_title_of(frame),
        course=course.name,
        student=score.student,
        total=_say_total(score),
        lines=list(_say_lines(course, score)),
        questions=questions,
        how=[*_say_how(graded, frame, score), *unread],
        figures=figures,
    )


def _show_question(
    asked: QuestionScore,
    titles: Mapping[str, str],
    graded: Graded | None,
    details: Details,
) -> dict[str, Any]:
    text = _text_of(graded, asked.name)
    judged = asked.judgement or (
        "marked" if asked.points is not None else "awaits review"
    )
    full = asked.points == asked.maximum
    rubric = details.rubrics.get(asked.name, ())
    marked = asked.written and not asked.judgement and asked.points is not None
    mine = _find_marks(graded, asked, details) if marked else []
    counted = _find_counted(mine, rubric)
    if len(counted) > 1:
        judged = f"marked by {len(counted)} people; the mean counts"
    if asked.judgement == "not attempted":
        text = ""  # what stands there is the course's
    return {
        "title": titles.get(asked.name, asked.name),
        "sign": _SIGNS.get(judged, "✓" if full else "✗" if asked.judgement else "•"),
        "judged": judged,
        "points": _of(asked.points, asked.maximum),
        "message": "" if full or marked else asked.message,
        "checks": list(_show_checks(graded, asked)),
        "criteria": list(_show_criteria(counted, rubric)),
        "comments": _list_comments(counted) or _list_comments(mine),
        "hints": [] if full else details.hints.get(asked.name, ()),
        "prose": render_answer(text) if asked.written and text else "",
        "code": "" if asked.written else _show_code(text),
    }


def _show_checks(
    graded: Graded | None, asked: QuestionScore
) -> Iterator[dict[str, str]]:
    results = graded.grade.questions if graded is not None else ()
    checks = next((one.checks for one in results if one.name == asked.name), ())
    hidden = 0
    for check in checks:
        hidden += check.hidden
        full = check.points == check.maximum
        told = check.hidden or full or check.message == asked.message
        yield {
            # The name of a hidden check may tell what it asks.
            "name": f"hidden check {hidden}" if check.hidden else check.name,
            "sign": _SIGNS.get(str(check.judgement), "✗"),
            "judged": str(check.judgement),
            "points": _of(check.points, check.maximum),
            "message": "" if told else check.message,
        }


def _find_marks(
    graded: Graded | None, asked: QuestionScore, details: Details
) -> list[Mark]:
    if graded is None:
        return []
    digest = hash_answer(_text_of(graded, asked.name))
    return [
        mark
        for mark in details.marks.get(asked.name, ())
        if mark.student == graded.grade.student and mark.hash == digest
    ]


def _find_counted(
    marks: Sequence[Mark], rubric: Sequence[Mapping[str, Any]]
) -> list[Mark]:
    """Find the marks that points came from, as `marked_points` does."""
    whole = [
        mark for mark in marks if marked_points(rubric, {"": mark.levels}) is not None
    ]
    return [mark for mark in whole if mark.marker == AGREED] or whole


def _list_comments(marks: Iterable[Mark]) -> list[str]:
    return list(dict.fromkeys(mark.comment for mark in marks if mark.comment))


def _show_criteria(
    marks: Sequence[Mark], rubric: Iterable[Mapping[str, Any]]
) -> Iterator[dict[str, str]]:
    for criterion in rubric:
        levels = {str(level["id"]): level for level in criterion["levels"]}
        for number, mark in enumerate(marks, start=1):
            level = levels[mark.levels[str(criterion["id"])]]
            which = f", marker {number} of {len(marks)}" if len(marks) > 1 else ""
            yield {
                "name": f"{criterion['criterion']}{which}",
                "points": _of(level["points"], criterion["points"]),
                "means": str(level["means"]),
            }


def _text_of(graded: Graded | None, question: str) -> str:
    answers = graded.texts.get(question, ()) if graded is not None else ()
    return "\n\n".join(answers)


def _show_code(text: str) -> str:
    """Show code in the order in which it runs, whatever characters would turn it."""
    lines = shorten(text).expandtabs(4).splitlines()
    return "\n".join(map(printable, lines))


def _find_drawn(
    course: Course, frame: Frame, score: ExerciseScore
) -> dict[str, list[Drawn]]:
    if score.choice is None or not score.questions:
        return {}
    cells = {
        asked.name: [*asked.answer_ids, *(check.cell_id for check in asked.checks)]
        for asked in frame.questions
    }
    return read_drawn(course.folder / score.choice.version.file, cells)


def _number(drawn: Iterable[Drawn], figures: list[str]) -> Iterator[dict[str, Any]]:
    for one in drawn:
        if one.plotly:
            figures.append(one.plotly)
        number = len(figures) if one.plotly else 0
        yield {"words": one.words, "picture": one.picture, "number": number}


def _title_of(frame: Frame) -> str:
    cells = (cell.source for cell in frame.notebook.cells if cell.kind == "markdown")
    titles = (found[1] for found in map(_TITLE.search, cells) if found)
    return next(titles, frame.exercise)


def _find_titles(frame: Frame) -> dict[str, str]:
    """Find the heading that stands last before each question's answer."""
    titles: dict[str, str] = {}
    last = ""
    for cell in frame.notebook.cells:
        if cell.kind == "markdown" and (found := _HEADING.findall(cell.source)):
            last = found[-1].replace("*", "").replace("`", "")
        if cell.tags & {"answer", "written"} and last:
            titles.setdefault(cell.question, last)
    return titles


def _say_total(score: ExerciseScore) -> str:
    if score.final is None:
        given = [q.points for q in score.questions if q.points is not None]
        so_far = f" So far: {_of(sum(given), score.maximum)}." if given else ""
        return f"Not final yet: {score.state}.{so_far}"
    return f"{_of(score.final, score.maximum)}."


def _say_lines(course: Course, score: ExerciseScore) -> Iterator[str]:
    assignment = course.find(score.slug)
    due = assignment.due_for(score.student)
    if due is not None:
        extended = " (with an extension)" * (due != assignment.due)
        yield f"Due{extended}: {due.astimezone(course.timezone):%d %B %Y, %H:%M %Z}."
    choice = score.choice
    if choice is not None and choice.version.submitted is not None:
        moment = choice.version.submitted.astimezone(course.timezone)
        yield f"Handed in: {moment:%d %B %Y, %H:%M %Z}."
    if due is not None:
        yield from _say_rule(assignment.late)
    if choice is not None and choice.is_late:
        hours = choice.late.total_seconds() / 3600 if choice.late else None
        by = f" by {hours:.1f} hours" if hours is not None else ""
        off = (
            f": of {score.points:g} points earned, {score.deduction:g} are taken off"
            if score.points is not None
            else ""
        )
        yield f"Late{by}{off}."
    if assignment.cap is not None:
        yield f"At most {assignment.cap:g} points count."
    if score.state != "not graded":  # what to run then is for the instructor
        yield from score.notes


def _say_rule(rule: LateRule) -> Iterator[str]:
    if rule.deduction:
        each = "hour" if rule.interval == timedelta(hours=1) else "day"
        grace = f" A delay of up to {_say_span(rule.grace)} is overlooked."
        lowest = f", down to {rule.lowest * 100:.4g} %" if rule.lowest else ""
        yield (
            f"Late work loses {rule.deduction * 100:.4g} % of the points that can be "
            f"had for each {each} begun{lowest}.{grace * bool(rule.grace)}"
        )
    if rule.closes is not None:
        yield f"What comes more than {_say_span(rule.closes)} late counts nothing."


def _say_span(span: timedelta) -> str:
    seconds = span.total_seconds()
    for unit, length in (("day", 86400), ("hour", 3600)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g} {unit}{'s' * (seconds != length)}"
    return f"{seconds / 60:g} minutes"


def _say_how(
    graded: Graded | None, frame: Frame, score: ExerciseScore
) -> Iterator[str]:
    if graded is None:
        late = score.state == "closed"
        yield "It came too late to be graded." if late else "It was not graded yet."
        return
    checks = [check for asked in frame.questions for check in asked.checks]
    grade = graded.grade
    if grade.fault:
        yield f"Fault: {grade.fault}."
    for repair in grade.repairs:
        where = f"{repair.question}: " if repair.question else ""
        yield f"Repaired: {where}{repair.text}."
    if grade.kernel:
        yield f"Kernel: {grade.kernel}. Walls: {grade.walls}."
    if not all(check.asserts for check in checks):
        yield (
            "Each check compared the value of your answer outside of the process that "
            "your code ran in."
        )
    if any(check.hidden for check in checks):
        yield "Hidden checks run your answer on other data."


def _of(points: float | None, maximum: float) -> str:
    given = "?" if points is None else f"{points:g}"
    return f"{given} of {maximum:g} point{'s' * (maximum != 1)}"
