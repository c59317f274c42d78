"""Grade a report yourself: decide what it rests on, and see what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from coursekit.charts.theme import COLOURS
from coursekit.charts.words import cell_text
from coursekit.evidence import load
from coursekit.surveillance.grades import (
    STARTS,
    STEPS_DOWN,
    explain_grade,
    grade_evidence,
    read_grades,
)
from coursekit.surveillance.supply import DEPLOYMENTS, GRADES
from coursekit.widgets.controls import drop_down
from coursekit.widgets.panel import Panel, View

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

AS_CODED: Final = "as coded"
NO_STEP: Final = "no step down"


def evidence_grader(
    report: str = "KAZ-08",
    *,
    basis: str = AS_CODED,
    down: str = AS_CODED,
    independent: str = AS_CODED,
) -> Panel:
    """Build a panel that grades one report by the rule, under your own inputs.

    Parameters
    ----------
    report : str, default 'KAZ-08'
        A key of the dataset ``deployments``.
    basis : str, default 'as coded'
        What the report rests on, a key of `coursekit.surveillance.grades.STARTS`, or as
        the coder has it.
    down : str, default 'as coded'
        A reason to step down, a key of `coursekit.surveillance.grades.STEPS_DOWN`, or
        ``"no step down"``, or as coded.
    independent : {'as coded', 'yes', 'no'}
        Whether two independent sources agree.

    Returns
    -------
    Panel
        Four drop-down lists; sentence, figure and table follow.

    Raises
    ------
    UnknownNameError
        If there is no such report, basis, reason or answer.
    """
    table = load(DEPLOYMENTS)
    reports = [
        (
            f"{row.deployment_id}: {row.supplier}, {row.technology}"[:60],
            row.deployment_id,
        )
        for row in table.itertuples()
    ]
    controls = {
        "report": drop_down("Report", reports, report, kind="report"),
        "basis": drop_down(
            "Rests on", _options(AS_CODED, STARTS), basis, kind="basis of evidence"
        ),
        "down": drop_down(
            "Down for",
            _options(AS_CODED, [NO_STEP, *STEPS_DOWN]),
            down,
            kind="reason to step down",
        ),
        "independent": drop_down(
            "Two agree", [AS_CODED, "yes", "no"], independent, kind="answer"
        ),
    }

    def view(**choices: str) -> View:
        return view_grade(table, **choices)

    return Panel("Which grade does the evidence have?", controls, view)


def view_grade(
    table: pd.DataFrame,
    *,
    report: str,
    basis: str = AS_CODED,
    down: str = AS_CODED,
    independent: str = AS_CODED,
) -> View:
    """Say the grade of a report by the rule, beside the hand's and the coder's inputs.

    Parameters
    ----------
    table : pandas.DataFrame
        The dataset ``deployments``.
    report, basis, down, independent
        As for `evidence_grader`.

    Returns
    -------
    View
        Words, a figure of all reports by grade, and what the row says of agreement,
        installation and use.
    """
    (row,) = table[table["deployment_id"] == report].to_dict("records")
    coded = cell_text(row["evidence_down"]).split("; ")
    agree = bool(row["independent_sources"])
    chosen: dict[str, Any] = {
        "basis": str(row["evidence_basis"]) if basis == AS_CODED else basis,
        "down": {AS_CODED: [*filter(None, coded)], NO_STEP: []}.get(down, [down]),
        "independent": agree if independent == AS_CODED else independent == "yes",
    }
    basis = chosen.pop("basis")
    grade = grade_evidence(basis, **chosen)
    return View(
        words="\n".join(_lines(row, grade, explain_grade(basis, **chosen))),
        figure=_draw(table, report, grade),
        table=_stages(row),
    )


def _lines(row: dict[Any, Any], grade: str, explained: str) -> list[str]:
    hand = str(row["evidence_grade"])
    same = "the same" if hand == grade else "another one"
    what = f"{row['supplier']}, {row['technology']}, {row['country_iso3']}"
    said = f"The coder's reason for the inputs: {row['evidence_reason']}"
    return [
        f"{row['deployment_id']}: {what}; status {row['status']}.",
        explained,
        f"By hand it was graded {hand}: {same}. {said}",
    ]


def _stages(row: dict[Any, Any]) -> pd.DataFrame:
    import pandas as pd

    names = {"agreed": "agreed", "installed": "installed"}
    names["used_against_critics"] = "used against critics"
    stages = [{"question": said, "answer": row[name]} for name, said in names.items()]
    return pd.DataFrame([*stages, {"question": "why", "answer": row["stage_reason"]}])


def _draw(table: pd.DataFrame, report: str, grade: str) -> Figure:
    from plotly.graph_objects import Figure

    graded = read_grades(table)
    mine = graded["rule_grade"].where(graded["deployment_id"] != report, grade)
    figure = Figure()
    for name, grades, colour, shape in (
        ("by hand", graded["evidence_grade"].astype("string"), COLOURS[0], ""),
        ("by the rule, with yours", mine, COLOURS[1], "/"),
    ):
        counts = [int((grades == letter).sum()) for letter in GRADES]
        figure.add_bar(
            name=name,
            x=list(GRADES),
            y=counts,
            text=[str(count) for count in counts],
            textposition="outside",
            cliponaxis=False,
            marker={"color": colour, "pattern": {"shape": shape}},
        )
    figure.update_xaxes(title_text="grade of the evidence")
    figure.update_yaxes(title_text="reports")
    return figure.update_layout(
        barmode="group", height=340, margin={"t": 32, "b": 110, "l": 8, "r": 8}
    )


def _options(first: str, names: Any) -> list[tuple[str, str]]:
    return [(first, first), *((name.replace("_", " "), name) for name in names)]
