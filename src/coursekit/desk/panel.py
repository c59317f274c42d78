"""The panel in JupyterLab in which written answers are marked."""

from __future__ import annotations

import getpass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursekit.desk.book import connect_book
from coursekit.desk.course import find_course
from coursekit.desk.frames import frame_for
from coursekit.desk.marks import find_written
from coursekit.desk.prose import render_answer
from coursekit.desk.review import Review
from coursekit.desk.rubric_editor import RubricEditor
from coursekit.errors import CoursekitError

if TYPE_CHECKING:
    import ipywidgets

    from coursekit.exercise.rubrics import Rubric

_WIDE = {"width": "auto", "max_width": "44rem"}
_BANK = "Insert a comment from the bank"
# ipywidgets gives every level one line, however long it is.
_STYLE = """<style>
.coursekit-levels .widget-radio-box label {
  display: flex; flex-direction: row-reverse; justify-content: flex-end;
  align-items: baseline; gap: .4rem; height: auto;
  line-height: 1.35; padding: 2px 0; white-space: normal; }
.coursekit-levels .widget-radio-box input { flex: none; position: static; margin: 0; }
.coursekit-levels { flex-direction: column; }
.coursekit-levels > .widget-label { width: auto; text-align: left; font-weight: 600;
  white-space: normal; height: auto; }
</style>"""


def review_panel(
    exercise: str,
    question: str = "",
    *,
    marker: str = "",
    named: bool = False,
    shuffled: bool = True,
    course: Path | None = None,
) -> ipywidgets.VBox:
    """Mark the answers to one written question, one after the other.

    Parameters
    ----------
    exercise : str
        Name in ``course.toml``, or how it begins.
    question : str, optional
        Its written question; need not be named where there is only one.
    marker : str, optional
        Who marks; the user of this machine by default.
    named : bool, default False
        Whether the student's id is shown.
    shuffled : bool, default True
        Whether answers come in an order of the marker's own.
    course : pathlib.Path, optional
        The course folder, or a place below it; the working folder by default.

    Returns
    -------
    ipywidgets.VBox
        The panel. Every choice is written to the gradebook at once.

    Raises
    ------
    CoursekitError
        If nothing is there to be marked; the message says what to run.
    """
    found = find_course(course)
    slug = found.find(exercise).slug
    asked = find_written(frame_for(found, slug), question)
    who, book = marker or getpass.getuser(), connect_book(found)
    review = Review(found, slug, asked, who, book, shuffled=shuffled)
    return _Panel(review, named=named).box


class _Panel:
    """One set of widgets, whose values change from answer to answer."""

    def __init__(self, review: Review, *, named: bool) -> None:
        import ipywidgets as w

        self._review, self._named, self._place = review, named, 0
        self._showing = False
        self.head = w.HTML()
        self.answer = w.HTML(layout=_WIDE)
        self.criteria: dict[str, ipywidgets.RadioButtons] = {}
        self.levels = w.VBox()
        self.edit = w.ToggleButton(description="Edit the rubric")
        self.editor = RubricEditor(review.rubric, self._change_rubric)
        self.edit.observe(lambda _: self._show_editor(), names="value")
        self.comment = w.Textarea(
            description="Comment", layout={**_WIDE, "height": "5rem"}
        )
        self.bank = w.Dropdown(description="Bank", layout={**_WIDE, "min_width": "0"})
        self.keep = w.Button(
            description="Keep comment in bank", layout={"width": "auto"}
        )
        self.back = w.Button(description="Previous")
        self.forward = w.Button(description="Next")
        self.to_open = w.Button(description="Next unmarked")
        self.said = w.HTML()
        self.comment.observe(self._save, names="value")
        self.bank.observe(self._insert, names="value")
        self.keep.on_click(self._keep)
        self.back.on_click(lambda _: self.show(self._place - 1))
        self.forward.on_click(lambda _: self.show(self._place + 1))
        self.to_open.on_click(self._find_open)
        buttons = w.HBox(
            [self.back, self.forward, self.to_open], layout={"flex_flow": "row wrap"}
        )
        self.box = w.VBox(
            [
                self.head,
                buttons,
                self.answer,
                self.levels,
                self.comment,
                self.bank,
                w.HBox([self.keep]),
                self.said,
                self.edit,
                self.editor.box,
                w.HTML(_STYLE),
            ]
        )
        self._show_editor()
        self._fill_levels()
        self._fill_bank()
        self.show(review.find_open() or 0)

    def show(self, place: int) -> None:
        """Show an answer, with this marker's mark of it."""
        if self._review.refresh_rubric():
            self._fill_levels()
            self.editor.fill(self._review.rubric)
        self._place = place % len(self._review.answers)
        mark = self._review.mark_of(self._place)
        self._showing = True  # values that are set now are no choices of the marker
        try:
            self.answer.value = _frame(self._review.answers[self._place].text)
            for key, radio in self.criteria.items():
                known = {level for _, level in radio.options}
                level = mark.levels.get(key)
                radio.value = level if level in known else None
            self.comment.value = mark.comment
        finally:
            self._showing = False
        self._say("")

    def _save(self, _change: object) -> None:
        if self._showing:
            return
        levels = {k: radio.value for k, radio in self.criteria.items() if radio.value}
        try:
            self._review.save(self._place, levels, self.comment.value)
        except CoursekitError as error:
            self._say(f"NOT saved: {error}")
            return
        self._say("Saved.")

    def _say(self, what: str) -> None:
        review, place = self._review, self._place
        number = len(review.answers)
        done = sum(review.points_of(p) is not None for p in range(number))
        who = f" ({review.answers[place].student})" if self._named else ""
        points = review.points_of(place)
        given = "not marked" if points is None else f"{points:g} points"
        title = (
            f"Answer {place + 1} of {number}{who}: {given}. {done} of {number} done."
        )
        self.head.value = f"<p role='status'><strong>{escape(title)}</strong></p>"
        self.said.value = f"<p role='status'>{escape(what)}</p>"

    def _find_open(self, _button: object) -> None:
        place = self._review.find_open(self._place + 1)
        if place is None:
            self._say("Every answer is marked.")
        else:
            self.show(place)

    def _fill_levels(self) -> None:
        import ipywidgets as w

        self.criteria = {
            one["id"]: w.RadioButtons(
                options=self._options(one),
                value=None,
                description=f"{one['criterion']} (of {one['points']:g})",
                style={"description_width": "initial"},
                layout=_WIDE,
            )
            for one in self._review.rubric
        }
        for radio in self.criteria.values():
            radio.add_class("coursekit-levels")
            radio.observe(self._save, names="value")
        self.levels.children = list(self.criteria.values())

    def _show_editor(self) -> None:
        self.editor.box.layout.display = "" if self.edit.value else "none"

    def _change_rubric(self, rubric: Rubric) -> str:
        try:
            lost = self._review.change_rubric(rubric)
        except CoursekitError as error:
            return f"NOT changed: {error}."
        self._fill_levels()
        self.show(self._place)
        if not lost:
            return "Changed. Every answer marked so far is scored by it."
        return (
            f"Changed. Answers marked so far that lack a level now: {len(lost)}; "
            f"the first is answer {lost[0] + 1}. The others are scored by it."
        )

    def _fill_bank(self) -> None:
        self._showing = True
        self.bank.options = [_BANK, *self._review.comments()]
        self.bank.value = _BANK
        self._showing = False

    def _insert(self, change: Any) -> None:
        if self._showing or change["new"] == _BANK:
            return
        both = [self.comment.value.rstrip(), change["new"]]
        self.comment.value = "\n".join(filter(None, both))
        self._fill_bank()

    def _keep(self, _button: object) -> None:
        self._review.add_comment(self.comment.value.strip())
        self._fill_bank()

    @staticmethod
    def _options(criterion: dict[str, Any]) -> list[tuple[str, str | None]]:
        levels = [
            (f"{level['points']:g}: {level['means']}", level["id"])
            for level in criterion["levels"]
        ]
        return [*levels, ("not marked", None)]


def _frame(text: str) -> str:
    """Frame an answer; nothing in it runs or is fetched."""
    style = (
        "border:1px solid #888;border-radius:4px;padding:4px 12px;line-height:1.5;"
        "max-height:26rem;overflow:auto"
    )
    shown = render_answer(text)
    return f'<div style="{style}" tabindex="0" aria-label="The answer">{shown}</div>'
