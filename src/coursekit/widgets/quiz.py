"""A quick self-check: one question, a few options, a word on each."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

import ipywidgets

from coursekit.errors import UnknownNameError
from coursekit.widgets.panel import head_html, live_html

# ipywidgets gives an option one line; on a telephone most take two or three.
STYLE: Final = (
    "<style>.widget-radio-box label { display: flex; height: auto; line-height: 1.5; "
    "white-space: normal; } "
    ".widget-radio-box label input { order: -1; flex: none; }</style>"
)


class Quiz(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """One question with options; see `quiz`.

    Attributes
    ----------
    choice : ipywidgets.RadioButtons
        The options, none chosen at first.
    button : ipywidgets.Button
        Pressing it answers.
    words : str
        What is said about the option chosen; empty until it is checked.
    """

    def __init__(
        self, question: str, options: Mapping[str, str], *, answer: str, why: str
    ) -> None:
        self.question = question
        self.options = dict(options)
        self.answer = answer
        self.why = why
        self.words = ""
        self.choice = ipywidgets.RadioButtons(
            options=list(self.options),
            index=None,
            layout={"width": "auto"},
            tooltip=question,
        )
        self.button = ipywidgets.Button(
            description="Check", tooltip="Check the option chosen above"
        )
        self._line = ipywidgets.HTML(live_html(""))
        self.button.on_click(self._check)
        self.choice.observe(self._clear, names="value")
        head = ipywidgets.HTML(STYLE + head_html(question))
        super().__init__([head, self.choice, self.button, self._line])

    def _check(self, _button: object = None) -> None:
        self.words = judge_option(
            self.choice.value, self.options, answer=self.answer, why=self.why
        )
        self._line.value = live_html(self.words)

    def _clear(self, _change: object) -> None:
        # A verdict on one option must not stand beside another.
        self.words = ""
        self._line.value = live_html("")

    def static_html(self) -> str:
        """Write the question, its options and, folded, the answer.

        Returns
        -------
        str
            HTML without scripts.
        """
        items = "".join(f"<li>{escape(option)}</li>" for option in self.options)
        right = judge_option(
            self.answer, self.options, answer=self.answer, why=self.why
        )
        return (
            f"<p><strong>{escape(self.question)}</strong></p>\n<ul>{items}</ul>\n"
            "<details><summary>Answer</summary>"
            f"<p>{escape(self.answer)}</p><p>{escape(right)}</p></details>"
        )

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        listed = "\n".join(f"- {option}" for option in self.options)
        bundle["text/plain"] = f"{self.question}\n{listed}"
        bundle["text/html"] = self.static_html()
        return bundle


def quiz(
    question: str, options: Mapping[str, str], *, answer: str, why: str = ""
) -> Quiz:
    """Ask one question and answer each option in words.

    Parameters
    ----------
    question : str
        The question.
    options : mapping of str to str
        Two or more options, each with what to say to someone who chose it.
    answer : str
        The right option, as it stands in ``options``.
    why : str, optional
        Said once the right option is chosen.

    Returns
    -------
    Quiz
        A widget. Nothing is recorded or graded.

    Raises
    ------
    UnknownNameError
        If ``answer`` is not one of the options.
    ValueError
        If there is only one option.
    """
    if answer not in options:
        raise UnknownNameError("option", answer, options)
    if len(options) < 2:
        raise ValueError(f"{question!r} has one option, {answer!r}; a quiz needs two.")
    return Quiz(question, options, answer=answer, why=why)


def judge_option(
    chosen: str | None, options: Mapping[str, str], *, answer: str, why: str = ""
) -> str:
    """Say what there is to say about the option that was chosen.

    Parameters
    ----------
    chosen : str or None
        One of the options; None if none was chosen yet.
    options : mapping of str to str
        Each option with what to say about it.
    answer : str
        The right option.
    why : str, optional
        Added to what is said about the right option.

    Returns
    -------
    str
        One or more sentences.

    Examples
    --------
    >>> judge_option("4", {"3": "That leaves one out.", "4": ""}, answer="4")
    'Yes.'
    """
    if chosen is None:
        return "Choose one of the options first."
    verdict = "Yes." if chosen == answer else "Not quite."
    parts = [verdict, options[chosen], why if chosen == answer else ""]
    return " ".join(part for part in parts if part)
