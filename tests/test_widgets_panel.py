"""The frame of a widget, and the quiz."""

import ipywidgets
import pandas as pd
import pytest
from plotly.graph_objects import Figure, Scatter

from coursekit.charts.display import PLOTLY_MIME
from coursekit.errors import UnknownNameError
from coursekit.widgets.panel import Panel, View
from coursekit.widgets.quiz import quiz

OPTIONS = {"5 January": "That is the day in UTC.", "6 January": "Local time."}


def square(number: int) -> View:
    return View(
        words=f"{number} squared is {number**2}.",
        figure=Figure(Scatter(x=[number], y=[number**2])),
        table=pd.DataFrame({"number": [number], "square": [number**2]}),
    )


@pytest.fixture
def panel():
    return Panel("Squares", {"number": ipywidgets.IntSlider(2)}, square)


def test_a_panel_says_in_words_what_its_controls_give(panel):
    panel.controls["number"].value = 3

    assert panel.words == "3 squared is 9."


def test_a_panel_draws_its_figure_as_state_with_alternative_text(panel):
    panel.controls["number"].value = 3

    (output,) = panel.children[-2].outputs

    assert output["data"][PLOTLY_MIME]["data"][0]["y"] == [9]
    assert output["metadata"] == {"alt": "3 squared is 9."}


def test_a_panel_has_a_static_form_with_sentence_and_table(panel):
    bundle = panel._repr_mimebundle_()

    assert bundle["text/plain"] == "2 squared is 4."
    assert "<td>4</td>" in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_the_line_of_words_is_spoken_when_it_changes(panel):
    line = panel.children[-3]

    assert 'role="status"' in line.value
    assert "2 squared is 4." in line.value


def test_a_view_without_figure_and_table_leaves_their_places_empty():
    panel = Panel("Words only", {}, lambda: View(words="Nothing to draw."))

    assert panel.children[-2].outputs == ()
    assert panel.children[-1].value == ""


def ask():
    return quiz("Which day?", OPTIONS, answer="6 January", why="Clocks differ.")


def test_a_quiz_starts_with_no_option_chosen():
    question = ask()

    assert question.choice.value is None
    assert question.words == ""


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        pytest.param(None, "Choose one of the options first.", id="none"),
        pytest.param(
            "5 January", "Not quite. That is the day in UTC.", id="wrong option"
        ),
        pytest.param("6 January", "Yes. Local time. Clocks differ.", id="right option"),
    ],
)
def test_a_quiz_answers_the_option_in_words(choice, words):
    question = ask()
    question.choice.value = choice

    question.button.click()

    assert question.words == words
    assert words in question.children[-1].value


def test_choosing_another_option_takes_the_old_verdict_away():
    question = ask()
    question.choice.value = "5 January"
    question.button.click()

    question.choice.value = "6 January"

    assert question.words == ""
    assert "Not quite" not in question.children[-1].value


def test_the_static_form_of_a_quiz_folds_the_answer():
    html = ask().static_html()

    assert html.index("<li>5 January</li>") < html.index("<details>")
    assert "Clocks differ." in html[html.index("<details>") :]


def test_a_quiz_whose_answer_is_no_option_is_refused():
    with pytest.raises(UnknownNameError, match="6 January"):
        quiz("Which day?", OPTIONS, answer="7 January")


def test_a_quiz_with_one_option_is_refused():
    with pytest.raises(ValueError, match="a quiz needs two"):
        quiz("Which day?", {"6 January": ""}, answer="6 January")
