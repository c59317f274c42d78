"""The part of the panel in which a rubric is edited."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from coursekit.exercise.rubrics import Rubric, make_id

if TYPE_CHECKING:
    import ipywidgets

_ROW = {"flex_flow": "row wrap", "align_items": "flex-start"}
_WIDE = {"width": "24rem", "max_width": "calc(100% - 4px)"}
_WORDS = {**_WIDE, "height": "4rem"}
_NARROW = {"width": "9rem"}


class RubricEditor:
    """Widgets for criteria and levels, each bound to its id.

    Parameters
    ----------
    rubric : list of dict
        What to begin with, with ids.
    use : callable
        What to do with the edited rubric; what it returns is shown.

    Attributes
    ----------
    box : ipywidgets.VBox
        All widgets.
    """

    def __init__(self, rubric: Rubric, use: Callable[[Rubric], str]) -> None:
        import ipywidgets as w

        self._rows: dict[str, _Criterion] = {}
        self._list = w.VBox()
        self._said = w.HTML()
        add = _button("Add a criterion")
        add.on_click(lambda _: self._add({"id": make_id(), "criterion": ""}))
        done = _button("Use this rubric")
        done.on_click(lambda _: self._say(use(self.rubric())))
        self.box = w.VBox([self._list, w.HBox([add, done], layout=_ROW), self._said])
        self.fill(rubric)

    def fill(self, rubric: Rubric) -> None:
        """Show a rubric."""
        self._rows = {}
        for criterion in rubric:
            self._add(criterion)

    def rubric(self) -> Rubric:
        """Give the rubric as it is edited; a criterion is worth its best level."""
        return [row.read(key) for key, row in self._rows.items()]

    def _add(self, criterion: dict[str, Any]) -> None:
        def remove() -> None:
            del self._rows[criterion["id"]]
            self._draw()

        self._rows[criterion["id"]] = _Criterion(criterion, remove)
        self._draw()

    def _draw(self) -> None:
        self._list.children = [row.box for row in self._rows.values()]

    def _say(self, what: str) -> None:
        from html import escape

        self._said.value = f"<p role='status'>{escape(what)}</p>"


class _Criterion:
    """A criterion's name, and a row for each of its levels."""

    def __init__(self, criterion: dict[str, Any], remove: Callable[[], None]) -> None:
        import ipywidgets as w

        self._name = w.Text(
            criterion["criterion"], description="Criterion", layout=_WIDE
        )
        self._levels: dict[str, tuple[Any, Any, Any]] = {}
        self._list = w.VBox()
        add, drop = _button("Add a level"), _button("Remove the criterion")
        add.on_click(lambda _: self._add({"id": make_id(), "points": 0, "means": ""}))
        drop.on_click(lambda _: remove())
        buttons = w.HBox([add, drop], layout=_ROW)
        self.box = w.VBox([self._name, self._list, buttons])
        self.box.layout.border_bottom = "1px solid #888"
        for level in criterion.get("levels", ()):
            self._add(level)

    def read(self, key: str) -> dict[str, Any]:
        levels = [
            {"id": level, "points": points.value, "means": means.value.strip()}
            for level, (points, means, _) in self._levels.items()
        ]
        best = max((level["points"] for level in levels), default=0)
        name = self._name.value.strip()
        return {"id": key, "criterion": name, "points": best, "levels": levels}

    def _add(self, level: dict[str, Any]) -> None:
        import ipywidgets as w

        points = w.BoundedFloatText(
            level["points"], min=0, max=1e6, description="Points", layout=_NARROW
        )
        means = w.Textarea(level["means"], description="Means", layout=_WORDS)
        drop = _button("Remove the level")
        drop.on_click(lambda _: self._remove(level["id"]))
        row = w.HBox([points, means, drop], layout=_ROW)
        self._levels[level["id"]] = (points, means, row)
        self._draw()

    def _remove(self, level: str) -> None:
        del self._levels[level]
        self._draw()

    def _draw(self) -> None:
        self._list.children = [row for _, _, row in self._levels.values()]


def _button(words: str) -> ipywidgets.Button:
    import ipywidgets as w

    return w.Button(description=words, layout={"width": "auto"})
