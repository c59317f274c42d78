"""Set your own threshold for calling a mission peacekeeping; see which pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ipywidgets

from coursekit.charts.missions import draw_assessments, mark_code
from coursekit.institutions.missions import (
    CODES,
    CRITERIA,
    Mission,
    list_contested,
    read_missions,
)
from coursekit.institutions.thresholds import (
    OUTCOMES,
    THRESHOLDS,
    Assessment,
    Threshold,
    assess_across,
    assess_mission,
    describe_threshold,
)
from coursekit.widgets.controls import drop_down
from coursekit.widgets.panel import Panel, View

if TYPE_CHECKING:
    import pandas as pd

OWN: Final = "my own, as ticked"
ROLES: Final = {"psris_operation": "operations", "counterpart": "counterparts"}


def peacekeeping_threshold(start: str = "the UN's three principles") -> Panel:
    """Build a panel to say, criterion by criterion, what peacekeeping has to be.

    Parameters
    ----------
    start : str, default "the UN's three principles"
        The definition from which the student starts, a key of ``THRESHOLDS``.

    Returns
    -------
    Panel
        A list of definitions, and under it a box for every code; ticking one makes
        the definition the student's own. Sentence, figure and table follow.

    Raises
    ------
    UnknownNameError
        If there is no such definition.
    """
    chosen = drop_down(
        "Start from:", [*THRESHOLDS, OWN], start, kind="definition", label_width=76
    )
    boxes = {
        f"{criterion}_{code}": ipywidgets.Checkbox(
            description=code.replace("_", " "),
            indent=False,
            tooltip=f"{criterion}: {code.replace('_', ' ')} is good enough",
            layout={"width": "auto", "margin": "0 14px 0 0"},
        )
        for criterion in CRITERIA
        for code in CODES[criterion]
    }

    filling = False

    def fill() -> None:
        nonlocal filling
        filling = True
        for name, box in boxes.items():
            criterion, _, code = name.partition("_")
            box.value = code in THRESHOLDS[chosen.value].accepted(criterion)
        filling = False

    def follow(_change: object) -> None:
        if chosen.value != OWN:
            with panel.together():
                fill()

    def own(_change: object) -> None:
        if not filling:
            chosen.value = OWN

    if chosen.value != OWN:
        fill()
    # Observed before the panel observes: it then sees the boxes of the definition.
    chosen.observe(follow, names="value")
    for box in boxes.values():
        box.observe(own, names="value")

    def view(**ticked: bool) -> View:  # the definition is what its boxes say
        accepted = {
            criterion: [c for c in CODES[criterion] if ticked[f"{criterion}_{c}"]]
            for criterion in CRITERIA
        }
        return view_threshold(Threshold(**accepted))

    panel = Panel(
        "What would you call peacekeeping?",
        {"definition": chosen, **boxes},
        view,
        layout=[chosen, *(_row(criterion, boxes) for criterion in CRITERIA)],
    )
    return panel


def view_threshold(threshold: Threshold) -> View:
    """Say, draw and list what a threshold makes of the missions that were sent.

    Parameters
    ----------
    threshold : Threshold
        The definition.

    Returns
    -------
    View
        Words, a grid of missions by criteria, and the missions with their codes.
    """
    missions = read_missions()
    found = [assess_mission(mission, threshold) for mission in missions.values()]
    hanging = find_hanging(threshold)
    return View(
        words=describe_assessments(found, missions, threshold, hanging),
        figure=draw_assessments(found, missions, threshold.asked),
        table=tabulate_assessments(found, missions, threshold, hanging),
    )


def find_hanging(threshold: Threshold) -> dict[str, str]:
    """Find the missions whose outcome hangs on a contested code.

    Parameters
    ----------
    threshold : Threshold
        The definition.

    Returns
    -------
    dict of str to str
        By mission, in words: the other outcome and the reading that makes it.
    """
    sent, hanging = read_missions(), {}
    for mission in list_contested(f"{criterion}_code" for criterion in threshold.asked):
        if mission not in sent:
            continue
        across = assess_across(mission, threshold)
        other = [o for o in across.outcomes if o.value is not across.base]
        if other:
            verb = {True: "passes", False: "fails", None: "cannot be decided"}
            hanging[mission] = f"{verb[_truth(other[0].value)]} under {other[0].label}"
    return hanging


def describe_assessments(
    found: list[Assessment],
    missions: dict[str, Mission],
    threshold: Threshold,
    hanging: dict[str, str],
) -> str:
    """Say what is asked, which missions pass, which fail on what, which hang.

    Parameters
    ----------
    found : list of Assessment
        What the threshold says of the missions.
    missions : dict of str to Mission
        The missions by key.
    threshold : Threshold
        The definition.
    hanging : dict of str to str
        As `find_hanging` makes it.

    Returns
    -------
    str
        One line for what is asked, one each for operations and counterparts, one for
        those that hang on a contested code.
    """
    lines = [describe_threshold(threshold)]
    for role, noun in ROLES.items():
        group = [a for a in found if missions[a.mission_id].role == role]
        by = {o: [a for a in group if a.outcome == o] for o in OUTCOMES}
        passed = ", ".join(a.mission_id for a in by["passes"])
        parts = [f"{len(by['passes'])} of {len(group)} {noun} pass"]
        parts[0] += f": {passed}." if passed else "."
        if by["fails"]:
            parts.append(f"Fail: {'; '.join(map(_fails, by['fails']))}.")
        if by["cannot be decided"]:
            listed = "; ".join(map(_lacks, by["cannot be decided"]))
            parts.append(f"Cannot be decided: {listed}.")
        lines.append(" ".join(parts))
    listed = "; ".join(f"{key} {how}" for key, how in hanging.items())
    lines.append(f"Hanging on a contested code: {listed or 'none'}.")
    return "\n".join(lines)


def tabulate_assessments(
    found: list[Assessment],
    missions: dict[str, Mission],
    threshold: Threshold,
    hanging: dict[str, str],
) -> pd.DataFrame:
    """List the missions with outcome and codes, each code marked as good or refused.

    Parameters
    ----------
    found, missions, threshold, hanging
        As for `describe_assessments`.

    Returns
    -------
    pandas.DataFrame
        Text columns; the missions that pass come first.
    """
    import pandas as pd

    rows = []
    for a in sorted(found, key=lambda a: OUTCOMES.index(a.outcome)):
        codes = missions[a.mission_id].codes
        cells = {
            criterion: f"{(codes.get(criterion) or 'not known').replace('_', ' ')} "
            f"({mark_code(a, criterion, threshold.asked)})"
            for criterion in CRITERIA
        }
        hangs = hanging.get(a.mission_id, "")
        head = {"mission": a.mission_id, "outcome": a.outcome}
        rows.append({**head, **cells, "contested": hangs})
    return pd.DataFrame(rows)


def _fails(found: Assessment) -> str:
    reasons = [f"{c} {code.replace('_', ' ')}" for c, code in found.failed.items()]
    return f"{found.mission_id} ({', '.join(reasons)})"


def _lacks(found: Assessment) -> str:
    return f"{found.mission_id} ({', '.join(found.missing)} not known)"


def _truth(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _row(criterion: str, boxes: dict[str, Any]) -> Any:
    names = [f"{criterion}_{code}" for code in CODES[criterion]]
    head = ipywidgets.HTML(
        f"<strong>{criterion}</strong>", layout={"width": "92px", "flex": "none"}
    )
    return ipywidgets.Box(
        [head, *(boxes[name] for name in names)],
        layout={"flex_flow": "row wrap", "align_items": "center"},
    )
