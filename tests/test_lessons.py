"""Every lesson of the course keeps the frame that a reader knows from the first one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from coursekit.authoring.build import build
from coursekit.authoring.citations import cited_keys
from coursekit.authoring.source import TAGS, read_source
from coursekit.evidence.glossary import words_of

LESSONS = Path(__file__).parents[1] / "lessons"
SOURCES = sorted(LESSONS.glob("[0-9]*.md"))
WIDGET = "application/vnd.jupyter.widget-view+json"
ABSOLUTE = re.compile(r"(?<![\w.:/])/(?:home|root|tmp|usr|work|Users)/|\b[A-Z]:\\\\")
COLOURS = re.compile(r"(?:\x1b|\\u001b)\[[0-9;]*m")  # in a traceback
FACTS = re.compile(
    r"\*\*Time\*\* (?P<minutes>\d+) minutes\. \*\*Before\*\* .+\. "
    r"\*\*Data\*\* .*`\w+` \(\[codebook\]\(\.\./data/\w+/README\.md\)\)"
)
OUTCOMES = re.compile(r"\nBy the end you can\n\n((?:\d\. .+\n?)+)")

every_lesson = pytest.mark.parametrize(
    "source", [pytest.param(path, id=path.stem) for path in SOURCES]
)


def cells_of(source, kind):
    return [cell for cell in read_source(source).cells if cell.kind == kind]


def prose_of(source):
    return "\n\n".join(cell.text for cell in cells_of(source, "markdown"))


def notebook_of(source):
    return json.loads(source.with_suffix(".ipynb").read_text(encoding="utf-8"))


def code_of(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def has_widget(cell):
    return any(WIDGET in output.get("data", {}) for output in cell["outputs"])


def is_quiz(text):
    return "".join(text).startswith("quiz(")


def test_there_are_lessons():
    assert SOURCES
    assert {path.stem for path in LESSONS.glob("*.ipynb")} == {
        path.stem for path in SOURCES
    }


@every_lesson
def test_lesson_is_what_its_source_gives(source):
    report = build([source], check=True)

    assert report.passed, report.to_text()


@every_lesson
def test_title_is_the_only_heading_of_the_first_level_and_carries_the_number(source):
    titles = re.findall(r"^# .+$", prose_of(source), re.MULTILINE)

    assert len(titles) == 1
    assert titles[0].startswith(f"# {int(source.stem[:2])}. ")
    assert prose_of(source).startswith(titles[0])


@every_lesson
def test_facts_stand_below_the_title(source):
    facts = FACTS.match(prose_of(source).split("\n\n")[1])

    assert facts, "Time, Before and Data, with a link to each codebook"
    assert int(facts["minutes"]) <= 45


@every_lesson
def test_data_named_below_the_title_are_there(source):
    linked = re.findall(r"\]\((\.\./[^)#]+)\)", prose_of(source))

    assert [link for link in linked if not (LESSONS / link).is_file()] == []


@every_lesson
def test_two_to_four_outcomes_are_asked_about_at_the_end(source):
    prose = prose_of(source)
    outcomes = re.findall(r"^\d\. ", OUTCOMES.search(prose)[1], re.MULTILINE)
    last = re.findall(r"^\d\. .+\?.*$", prose.split("\n## ")[-1], re.MULTILINE)

    assert 2 <= len(outcomes) <= 4
    assert len(last) >= len(outcomes)


@every_lesson
def test_lesson_predicts_first_and_says_what_it_cannot_show(source):
    headings = re.findall(r"^## (.+)$", prose_of(source), re.MULTILINE)

    assert "Predict first" in headings
    assert any("cannot show" in heading for heading in headings[-3:])


def test_setup_is_the_first_code_cell_and_equal_in_all_lessons():
    first = [cells_of(source, "code")[0] for source in SOURCES]

    assert {cell.tags for cell in first} == {frozenset({"setup"})}
    assert len({cell.text for cell in first}) == 1


@every_lesson
def test_lesson_has_a_fit_length(source):
    cells = [cell for cell in read_source(source).cells if cell.kind != "raw"]

    assert 15 <= len(cells) <= 45


@every_lesson
def test_no_code_cell_is_longer_than_twelve_lines(source):
    code = cells_of(source, "code")

    assert [c.place for c in code if len(c.text.splitlines()) > 12] == []


@every_lesson
def test_lesson_asks_two_to_five_quizzes(source):
    quizzes = [cell for cell in cells_of(source, "code") if is_quiz(cell.text)]

    assert 2 <= len(quizzes) <= 5


@every_lesson
def test_lesson_has_a_widget_that_is_no_quiz(source):
    shown = [cell for cell in code_of(notebook_of(source)) if has_widget(cell)]

    assert [cell for cell in shown if not is_quiz(cell["source"])]


@every_lesson
def test_every_code_cell_was_run_and_only_raises_where_it_says_so(source):
    code = code_of(notebook_of(source))
    raised = [
        "".join(cell["source"])
        for cell in code
        if "raises-exception" not in cell["metadata"].get("tags", [])
        and any(output["output_type"] == "error" for output in cell["outputs"])
    ]

    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert raised == []


@every_lesson
def test_every_figure_has_words_for_those_who_cannot_see_it(source):
    figures = [
        output
        for cell in code_of(notebook_of(source))
        for output in cell["outputs"]
        if "application/vnd.plotly.v1+json" in output.get("data", {})
    ]

    assert [figure for figure in figures if not figure["metadata"].get("alt")] == []


@every_lesson
def test_tags_are_of_the_closed_list(source):
    cells = notebook_of(source)["cells"]
    tags = {tag for cell in cells for tag in cell["metadata"].get("tags", [])}

    assert tags <= TAGS


@every_lesson
def test_citations_are_resolved_and_the_works_listed_at_the_end(source):
    notebook = notebook_of(source)
    prose = [
        "".join(c["source"]) for c in notebook["cells"] if c["cell_type"] != "code"
    ]
    works = prose[-1].removeprefix("## Sources").strip().split("\n")

    assert [text for text in prose if cited_keys(text)] == []
    assert prose[-1].startswith("## Sources")
    words = words_of(int(source.stem[:2]))
    keys = cited_keys(prose_of(source) + words)
    assert len(list(filter(None, works))) == len(keys)
    assert any(text.startswith("## Words") for text in prose) == bool(words)


@every_lesson
def test_no_path_of_the_machine_that_built_it_is_left(source):
    files = source, source.with_suffix(".ipynb")
    texts = [COLOURS.sub("", path.read_text("utf-8")) for path in files]

    assert [found[0] for text in texts if (found := ABSOLUTE.search(text))] == []
