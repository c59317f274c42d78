"""An exercise's three forms out of one source: student version, sidecar, reference."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from coursekit.authoring.notebooks import (
    lay_out_notebook,
    rounded,
    run_notebook,
    write_notebook,
)
from coursekit.authoring.source import Cell, MalformedSourceError, Source
from coursekit.exercise.answers import MIME, Plain, answer_bytes
from coursekit.exercise.layout import lay_out
from coursekit.exercise.rules import Rule, compare
from coursekit.exercise.seals import seal
from coursekit.exercise.sidecar import SUFFIX, hidden_name, salt
from coursekit.exercise.solution import cut_solution
from coursekit.exercise.variants import variant_id


@dataclass(frozen=True)
class Answer:
    """An expected answer, as the author's solution gave it.

    Parameters
    ----------
    value : object
        The value in plain form.
    rule : Rule
        How submissions are compared with it.
    """

    value: Plain
    rule: Rule


@dataclass(frozen=True)
class Attempt:
    """What came of one attempt that the author listed.

    Parameters
    ----------
    cell : Cell
        The attempt, tagged ``right`` or ``wrong``.
    values : dict
        Plain answer to each of the question's checks, by the check's name.
    """

    cell: Cell
    values: dict[str, Plain]


def build_exercise(source: Source) -> dict[Path, str]:
    """Build an exercise's three forms.

    Parameters
    ----------
    source : Source
        The exercise.

    Returns
    -------
    dict of pathlib.Path to str
        The text of the student version, of its sidecar and of the reference.

    Raises
    ------
    CellRaisedError
        If a solution or an attempt raises.
    MalformedSourceError
        If an attempt does not do what its author says, or an answer is no plain value.
    """
    source, variant = _with_variant_named(source)
    reference = run_reference(source)
    answers = read_answers(source, reference)
    attempts = run_attempts(source, answers)
    for cell in reference.cells:
        check = cell.metadata.get("coursekit", {}).get("check")
        if check:
            wrong = _wrong_values(check, answers[check], attempts)
            cell.metadata["coursekit"]["attempts"] = wrong
    version = _version(source, answers, variant)
    student = _student_version(source)
    for notebook in (reference, student):
        notebook.metadata["coursekit"] |= {"version": version, **variant}
    folder = source.path.parent
    return {
        folder / f"{source.slug}.ipynb": write_notebook(student),
        folder / f"{source.slug}{SUFFIX}": _sidecar(source, version, answers, attempts),
        folder / "reference" / f"{source.slug}.ipynb": write_notebook(reference),
    }


def run_reference(source: Source) -> NotebookNode:
    """Run the author's solutions with every check, public and hidden."""
    cells = [cell for cell in source.cells if not cell.tags & {"right", "wrong"}]
    notebook = lay_out_notebook(source, cells, exercise=source.slug, kind="reference")
    return run_notebook(notebook, source, folder=source.path.parent)


def read_answers(source: Source, notebook: NotebookNode) -> dict[str, Answer]:
    """Read the expected answers out of a reference that has run.

    Parameters
    ----------
    source : Source
        The exercise, for messages.
    notebook : nbformat.NotebookNode
        What `run_reference` gave.

    Returns
    -------
    dict of str to Answer
        By the check's name, in order.

    Raises
    ------
    MalformedSourceError
        If an answer is of a type that has no plain form.
    """
    answers = {}
    for cell in notebook.cells:
        name = cell.metadata.get("coursekit", {}).get("check")
        if not name:
            continue
        found = _answer(cell)
        if '"kind":"other"' in answer_bytes(found["value"]).decode():
            reason = f"the answer of check {name!r} holds a value without a plain form"
            raise MalformedSourceError(source.path, f"check {name!r}", reason)
        rule = Rule(**found["rule"])
        # Traces of nodes and links, say, would match whatever they show.
        if 0 in lay_out(found["value"], ordered=rule.ordered).shape.get("points", ()):
            reason = "a trace of its figure has no points that can be compared; "
            reason += "ask for the table that it is drawn from"
            raise MalformedSourceError(source.path, f"check {name!r}", reason)
        answers[name] = Answer(found["value"], rule)
    return answers


def run_attempts(source: Source, answers: dict[str, Answer]) -> list[Attempt]:
    """Run every listed attempt where its answer stands, then the solution again.

    Parameters
    ----------
    source : Source
        The exercise.
    answers : dict of str to Answer
        What the solutions gave without the attempts.

    Returns
    -------
    list of Attempt
        In the order of the source.

    Raises
    ------
    MalformedSourceError
        If a right attempt is not right, a wrong one not wrong, or an attempt changes
        what a later cell works on.
    """
    cells: list[tuple[Cell, Cell | None]] = []  # what to run, for which attempt
    for cell in source.cells:
        if cell.kind != "code" or cell.tags & {"right", "wrong"}:
            continue
        if "answer" in cell.tags:
            question = cell.meta["question"]
            for tag in ("right", "wrong"):
                for attempt in source.of(question, tag):
                    checks = source.of(question, "check")
                    cells += [(run, attempt) for run in (attempt, *checks)]
        cells.append((cell, None))
    numbered = [replace(run, position=n) for n, (run, _) in enumerate(cells)]
    notebook = lay_out_notebook(source, numbered)
    run_notebook(notebook, source, folder=source.path.parent)
    attempts: dict[int, Attempt] = {}
    for (run, tried_cell), ran in zip(cells, notebook.cells, strict=True):
        if "check" not in run.tags:
            continue
        name, value = run.meta["check"], _answer(ran)["value"]
        if tried_cell is None:
            _require_undisturbed(source, name, answers[name], value)
        else:
            found = attempts.setdefault(id(tried_cell), Attempt(tried_cell, {}))
            found.values[name] = value
    for tried in attempts.values():
        _require_as_said(source, tried, answers)
    return list(attempts.values())


def _require_undisturbed(
    source: Source, name: str, answer: Answer, value: Plain
) -> None:
    if compare(answer.value, value, answer.rule).stage != "matches":
        reason = (
            "the solution gives something else after the attempts than without them; "
            "an attempt changes what it works on (copy the data first)"
        )
        raise MalformedSourceError(source.path, f"check {name!r}", reason)


def _require_as_said(
    source: Source, attempt: Attempt, answers: dict[str, Answer]
) -> None:
    stages = {
        name: compare(answers[name].value, value, answers[name].rule)
        for name, value in attempt.values.items()
    }
    passes = all(result.stage == "matches" for result in stages.values())
    if passes != ("right" in attempt.cell.tags):
        said = "right" if "right" in attempt.cell.tags else "wrong"
        seen = "; ".join(f"{name}: {result.message}" for name, result in stages.items())
        reason = f"this attempt is listed as {said}, but: {seen}"
        raise MalformedSourceError(source.path, attempt.cell.place, reason)


def _student_version(source: Source) -> NotebookNode:
    cells = [
        replace(cell, text=cut_solution(cell.text)) if "answer" in cell.tags else cell
        for cell in source.cells
        if not cell.tags & {"hidden", "right", "wrong"}
    ]
    return lay_out_notebook(source, cells, exercise=source.slug, kind="student")


def _wrong_values(
    check: str, answer: Answer, attempts: list[Attempt]
) -> list[dict[str, Any]]:
    """List the wrong attempts' values that this check refuses, with messages."""
    return [
        {"value": attempt.values[check], "message": attempt.cell.meta["message"]}
        for attempt in attempts
        if "wrong" in attempt.cell.tags
        and check in attempt.values
        and compare(answer.value, attempt.values[check], answer.rule).stage != "matches"
    ]


def _sidecar(
    source: Source, version: str, answers: dict[str, Answer], attempts: list[Attempt]
) -> str:
    questions = {}
    for question in source.questions():
        cells = source.of(question, "answer") + source.of(question, "written")
        checks = source.of(question, "check")
        public = [cell.meta["check"] for cell in checks if "hidden" not in cell.tags]
        questions[question] = {
            "points": sum(cell.meta["points"] for cell in checks)
            or cells[0].meta["points"],
            "hints": cells[0].meta.get("hints", []),
            "hidden": [
                hidden_name(source.slug, cell.meta["check"])
                for cell in checks
                if "hidden" in cell.tags
            ],
            "checks": {
                name: _sealed_check(source, name, answers[name], attempts)
                for name in public
            },
        }
    tree = {"exercise": source.slug, "version": version, "questions": questions}
    return json.dumps(tree, indent=1, ensure_ascii=False) + "\n"


def _sealed_check(
    source: Source, name: str, answer: Answer, attempts: list[Attempt]
) -> dict[str, Any]:
    grain = salt(source.slug, name)
    return {
        "rule": answer.rule.to_json(),
        "expected": seal(answer.value, answer.rule, grain).to_json(),
        "wrong": [
            {
                "message": wrong["message"],
                "value": seal(wrong["value"], answer.rule, grain).to_json(),
            }
            for wrong in _wrong_values(name, answer, attempts)
        ],
    }


def _answer(cell: NotebookNode) -> Any:
    return next(o.data[MIME] for o in cell.outputs if MIME in o.get("data", {}))


def _with_variant_named(source: Source) -> tuple[Source, dict[str, Any]]:
    """Name the variant in the parameters cell, and for the notebook's metadata."""
    values = source.parameters
    if not values:
        return source, {}
    variant = variant_id(values)
    line = f"# Variant {variant} of this exercise: answers go by these values."
    cells = [
        replace(cell, text=f"{line}\n{cell.text}")
        if "parameters" in cell.tags
        else cell
        for cell in source.cells
    ]
    word = {"variant": variant, "parameters": values}
    return replace(source, cells=cells), word


def _version(
    source: Source, answers: dict[str, Answer], variant: dict[str, Any]
) -> str:
    """Name what a submission is judged by: source, variant, and data behind answers."""
    text = source.path.read_text(encoding="utf-8").encode()
    values = answer_bytes(rounded([answer.value for answer in answers.values()]))
    named = variant.get("variant", "").encode()
    return sha256(text + values + named).hexdigest()[:12]
