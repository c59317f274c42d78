"""The argument map: switch arguments and attacks on and off, see what survives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ipywidgets

from coursekit.charts.arguments import draw_argument_map, tabulate_argument_map
from coursekit.errors import UnknownNameError
from coursekit.evidence import load
from coursekit.law.argument import LABELS, Framework, labellings, read_framework
from coursekit.widgets.controls import drop_down
from coursekit.widgets.panel import Panel, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CAUTIOUS: Final = "cautious (grounded)"
FOR: Final = "take sides, for the claim (preferred)"
AGAINST: Final = "take sides, against the claim (preferred)"
READINGS: Final = (CAUTIOUS, FOR, AGAINST)
# Arrow keys always leave one entry chosen: this one stands for none.
NOTHING: Final = ""


def argument_map(
    claim: str = "A01",
    *,
    reading: str = CAUTIOUS,
    off: Iterable[str] = (),
    added: Iterable[str] = (),
    cut: Iterable[str] = (),
) -> Panel:
    """Build a panel to take the course's argument map apart and put it together.

    Parameters
    ----------
    claim : str, default "A01"
        The argument whose fate is explained at first.
    reading : str, default "cautious (grounded)"
        How arguments are judged at first, one of ``READINGS``.
    off : str or iterable of str, optional
        Arguments of the map that are switched off at first.
    added : str or iterable of str, optional
        Arguments left out of the map on purpose that are switched on at first.
    cut : str or iterable of str, optional
        Attacks that are switched off at first, such as ``"A11-A10"``.

    Returns
    -------
    Panel
        Two drop-down lists and three lists in which several entries can be chosen;
        sentence, figure and table follow them.

    Raises
    ------
    UnknownNameError
        If a claim, a reading, an argument or an attack does not exist.
    """
    shown = read_framework()
    everything = read_framework(also=load("arguments")["argument_id"])
    words = {name: f"{name} {_short(said)}" for name, said in everything.claims.items()}
    known = load("attacks").sort_values(["attacker", "target"])
    columns = (known[name].astype(str) for name in ("attacker", "target", "reason"))
    attacks = {
        f"{attacker}-{target}": f"{attacker} attacks {target}: {_short(reason)}"
        for attacker, target, reason in zip(*columns, strict=True)
    }
    on_map = {name: said for name, said in words.items() if name in shown}
    left_out = {name: said for name, said in words.items() if name not in shown}
    claims = [(said, name) for name, said in words.items()]
    controls = {
        "claim": drop_down("Explain", claims, claim, kind="argument", width=560),
        "reading": drop_down("Judge", READINGS, reading, kind="reading", width=560),
        "off": _several("Switch off arguments", on_map, off, kind="argument"),
        "added": _several("Add what was left out", left_out, added, kind="argument"),
        "cut": _several("Switch off attacks", attacks, cut, kind="attack"),
    }

    def view(**values: str | Sequence[str]) -> View:
        return view_map(shown, everything, **values)  # type: ignore[arg-type]  # by name

    one, two, *lists = controls.values()
    lane = ipywidgets.HBox(lists, layout={"flex_flow": "row wrap"})
    return Panel("What survives?", controls, view, layout=[one, two, lane])


def view_map(
    shown: Framework,
    everything: Framework,
    *,
    claim: str,
    reading: str = CAUTIOUS,
    off: Iterable[str] = (),
    added: Iterable[str] = (),
    cut: Iterable[str] = (),
) -> View:
    """Say, draw and list what survives after the switches.

    Parameters
    ----------
    shown : Framework
        The map as it is before any switch.
    everything : Framework
        The same with all arguments that can be added.
    claim : str
        The argument to explain, of ``everything``.
    reading : str
        One of ``READINGS``.
    off, added : iterable of str
        Arguments taken from the map, and arguments of ``everything`` added to it.
        An empty text stands for none.
    cut : iterable of str
        Attacks taken away, as ``"A11-A10"``; an empty text stands for none.

    Returns
    -------
    View
        The words give the claim's label and why, what moved, and the counts.
    """
    kept = (set(shown.arguments) | set(added)) - set(off) - {NOTHING}
    pairs = [(a, b) for a, _, b in (name.partition("-") for name in cut) if a]
    there = [pair for pair in pairs if kept.issuperset(pair)]
    now = everything.restricted_to(kept).without_attacks(*there)
    before, _ = choose_labels(shown, claim, reading)
    after, said = choose_labels(now, claim, reading)
    lines = [
        explain_label(now, after, claim),
        said,
        describe_moves(before, after),
        _count(now, after),
    ]
    marks = {name: label for name, label in before.items() if name in after}
    return View(
        words="\n".join(line for line in lines if line),
        figure=draw_argument_map(
            now, after, highlight={claim} & kept, before=marks, arranged=everything
        ),
        table=tabulate_argument_map(now, after),
    )


def choose_labels(
    framework: Framework, claim: str, reading: str
) -> tuple[Mapping[str, str], str]:
    """Label every argument, taking the side that was asked for.

    Parameters
    ----------
    framework : Framework
        Arguments and attacks.
    claim : str
        The argument that a side is taken for or against; it may be absent.
    reading : str
        One of ``READINGS``.

    Returns
    -------
    mapping of str to str
        Each argument's label: ``in``, ``out`` or ``undecided``. Cautious: the grounded
        labelling. Otherwise the first preferred labelling in which the claim is in
        (against: out), if there is one, else undecided.
    str
        How many ways to take sides there are; empty for the cautious reading.
    """
    if reading == CAUTIOUS:
        return labellings(framework, "grounded")[0], ""
    ways = list(labellings(framework, "preferred"))
    order = ("in", "undecided", "out") if reading == FOR else ("out", "undecided", "in")
    best = min(ways, key=lambda labels: order.index(labels.get(claim, "undecided")))
    ways_said = "is one way" if len(ways) == 1 else f"are {len(ways)} ways"
    said = f"There {ways_said} to take sides as far as possible"
    if claim not in framework:
        return best, f"{said}."
    held = sum(labels[claim] == "in" for labels in ways)
    return best, f"{said}; {claim} is in by {held} of {len(ways)}."


def explain_label(framework: Framework, labels: Mapping[str, str], claim: str) -> str:
    """Say what label an argument has and which of its attackers decide it.

    Parameters
    ----------
    framework : Framework
        Arguments and attacks.
    labels : mapping of str to str
        A complete labelling of them.
    claim : str
        The argument to explain; it may be absent.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> duel = Framework(["a", "b"], [("a", "b")])
    >>> explain_label(duel, {"a": "in", "b": "out"}, "b")
    'b is out, because an attacker is in: a.'
    """
    if claim not in framework:
        return f"{claim} is not on the map now."
    attackers = framework.attackers(claim)
    label = labels[claim]
    if not attackers:
        return f"{claim} is in, because nothing attacks it."
    if label == "in":
        return f"{claim} is in, because every attacker is out: {', '.join(attackers)}."
    if label == "out":
        winners = [name for name in attackers if labels[name] == "in"]
        return f"{claim} is out, because an attacker is in: {', '.join(winners)}."
    open_ones = [name for name in attackers if labels[name] == "undecided"]
    listed = f"{' and '.join(open_ones)} {'is' if len(open_ones) == 1 else 'are'}"
    return f"{claim} is undecided, because no attacker is in and {listed} undecided."


def describe_moves(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Say which arguments have another label than before.

    Parameters
    ----------
    before, after : mapping of str to str
        Labels; an argument may stand in one of them only.

    Returns
    -------
    str
        One sentence; it does not count what was added or switched off as moved.
    """
    moved = [
        f"{name} from {before[name]} to {label}"
        for name, label in after.items()
        if before.get(name, label) != label
    ]
    if not moved:
        return "No label moves, seen from the map as it was."
    return f"What moves, seen from the map as it was: {'; '.join(moved)}."


def _count(framework: Framework, labels: Mapping[str, str]) -> str:
    found = [
        f"{sum(has == label for has in labels.values())} {label}" for label in LABELS
    ]
    size = f"{len(framework)} arguments, {len(framework.attacks)} attacks"
    return f"{size}: {', '.join(found)}."


def _short(claim: str, *, longest: int = 60) -> str:
    plain = claim.rstrip(".")
    return plain if len(plain) <= longest else f"{plain[: longest - 1].rstrip()}\u2026"


def _several(
    label: str, options: Mapping[str, str], chosen: Iterable[str], *, kind: str
) -> ipywidgets.SelectMultiple:
    names = (chosen,) if isinstance(chosen, str) else tuple(chosen)
    for name in names:
        if name not in options:
            raise UnknownNameError(kind, name, options)
    return ipywidgets.SelectMultiple(
        options=[
            ("(none)", NOTHING),
            *((said, name) for name, said in options.items()),
        ],
        value=names or (NOTHING,),
        description=label,
        style={"description_width": "auto"},
        # The label stands above the list, and long entries are cut on a telephone.
        layout={
            "flex_flow": "column",
            "align_items": "stretch",
            "width": "min(400px, 96%)",
            "height": "140px",
        },
    )
