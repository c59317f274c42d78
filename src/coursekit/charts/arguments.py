"""Figures of arguments: who attacks whom, and what survives."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from textwrap import wrap
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from coursekit.charts.theme import COLOURS, TEXT
from coursekit.errors import UnknownNameError

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

    from coursekit.law.argument import Framework

# Label: sign and symbol besides fill, text and edge. Never colour alone.
MARKS: Final = {
    "in": ("\u2714", "circle", COLOURS[0], "white", COLOURS[0]),
    "out": ("\u2716", "square", "#F2F2F2", TEXT, COLOURS[6]),
    "undecided": ("?", "diamond", COLOURS[4], TEXT, TEXT),
}
ACROSS: Final = 6  # how many arguments stand side by side on a telephone
ROW: Final = 84  # pixels from one row to the next
# In JupyterLab a telephone leaves a figure 250 pixels.
COLUMN: Final = 38  # pixels there from one argument to the next
SIZE: Final = 34
ASIDE: Final = (0.0, 0.2, -0.2, 0.4, -0.4, 0.6, -0.6)  # steps aside, in columns
WRAPPED: Final = 48
WEAK: Final = "#9A9A9A"

Place = tuple[float, float]


def draw_argument_map(
    framework: Framework,
    labels: Mapping[str, str],
    *,
    highlight: Iterable[str] = (),
    before: Mapping[str, str] | None = None,
    arranged: Framework | None = None,
) -> Figure:
    """Draw who attacks whom, what attacks nobody on top, its attackers below it.

    Parameters
    ----------
    framework : coursekit.law.argument.Framework
        Arguments, attacks and support links.
    labels : mapping of str to str
        ``in``, ``out`` or ``undecided`` for each argument.
    highlight : iterable of str, optional
        Arguments with a heavy edge.
    before : mapping of str to str, optional
        Labels at another time; an argument whose label differs is ringed.
    arranged : Framework, optional
        A larger framework whose arrangement is kept, so that nothing jumps when
        arguments come and go.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces for support links (dotted), attacks (solid, dark where the attacker is
        in), rings, and the arguments of each label, which a sign and a shape tell as
        well as a colour.

    Raises
    ------
    UnknownNameError
        If an argument has no label, or one that there is not.
    """
    from plotly.graph_objects import Figure

    _demand_labels(framework, labels)
    places = place_arguments(arranged or framework)
    heavy = set(highlight)
    strong = {pair for pair in framework.attacks if labels[pair[0]] == "in"}
    moved = [a for a in framework.arguments if before and _moved(a, before, labels)]
    figure = Figure()
    figure.add_trace(_links(framework.supports, places, "supports"))
    figure.add_trace(_arrows(framework.attacks - strong, places, "other attacks", WEAK))
    figure.add_trace(_arrows(strong, places, "attacks by what is in", TEXT))
    if before is not None:
        figure.add_trace(_rings(moved, places))
    for label in MARKS:
        chosen = [name for name in framework.arguments if labels[name] == label]
        figure.add_trace(_nodes(framework, chosen, places, label, heavy))
    return _lay_out(figure, places)


def describe_argument_map(
    framework: Framework,
    labels: Mapping[str, str],
    *,
    before: Mapping[str, str] | None = None,
) -> str:
    """Say which arguments are in, out and undecided, and what has changed.

    Parameters
    ----------
    framework, labels, before
        As for `draw_argument_map`.

    Returns
    -------
    str
        Two or three sentences.

    Raises
    ------
    UnknownNameError
        If an argument has no label, or one that there is not.
    """
    _demand_labels(framework, labels)
    named = {
        label: [name for name in framework.arguments if labels[name] == label]
        for label in MARKS
    }
    found = [
        f"{len(names)} {label} ({', '.join(names)})" if names else f"none {label}"
        for label, names in named.items()
    ]
    said = [
        f"Of {_count(len(framework), 'argument')}, {'; '.join(found)}.",
        (
            f"{_count(len(framework.attacks), 'attack')} and "
            f"{_count(len(framework.supports), 'support link')} are drawn; "
            "support plays no part in the labels."
        ),
    ]
    if before is not None:
        moved = [
            f"{name} from {before[name]} to {labels[name]}"
            for name in framework.arguments
            if _moved(name, before, labels)
        ]
        said.append(f"Changed: {'; '.join(moved)}." if moved else "No label changed.")
    return " ".join(said)


def tabulate_argument_map(
    framework: Framework, labels: Mapping[str, str]
) -> pd.DataFrame:
    """List the arguments, their labels, and who attacks them.

    Parameters
    ----------
    framework, labels
        As for `draw_argument_map`.

    Returns
    -------
    pandas.DataFrame
        Text columns ``argument``, ``label``, ``attacked_by``, ``supported_by`` (ids,
        empty for none) and ``claim``, in the order of the framework.
    """
    import pandas as pd

    _demand_labels(framework, labels)
    rows = [
        {
            "argument": name,
            "label": f"{MARKS[labels[name]][0]} {labels[name]}",
            "attacked_by": ", ".join(framework.attackers(name)),
            "supported_by": ", ".join(
                sorted(a for a, b in framework.supports if b == name)
            ),
            "claim": framework.claims.get(name, ""),
        }
        for name in framework.arguments
    ]
    columns = ["argument", "label", "attacked_by", "supported_by", "claim"]
    return pd.DataFrame(rows, columns=columns)


@lru_cache(maxsize=32)  # a widget draws the same ones again and again
def place_arguments(framework: Framework) -> Mapping[str, Place]:
    """Place arguments in rows by how many attacks they are from the last word.

    Parameters
    ----------
    framework : Framework
        Arguments and attacks; cycles are allowed.

    Returns
    -------
    mapping of str to (float, float)
        Across, from 0 to 6, and down, a negative whole number of rows. It depends on
        the framework alone. Within a row an argument stands near those it attacks,
        and a step aside where arrows would cross it.
    """
    places: dict[str, Place] = {}
    top = 0
    for row in _rows(framework):
        wanted = {name: _wanted(framework, name, places) for name in row}
        ordered = sorted(row, key=lambda name: (wanted[name], row.index(name)))
        parts = -(-len(ordered) // ACROSS)  # rounded up
        step = ACROSS / -(-len(ordered) // parts)
        for number, name in enumerate(ordered):
            # Dealt out over the part rows, each of which is shifted a little.
            turn, part = divmod(number, parts)
            shift = (part + 0.5) / parts if parts > 1 else 0.5
            places[name] = (round((turn + shift) * step, 3), -float(top + part))
        top += parts
    for name in framework.arguments * 3:  # each step may clear the way for others
        across, down = places[name]
        free = [(round(across + step, 3), down) for step in ASIDE]
        covered = [_covered(framework, places, name, at) for at in free]
        places[name] = free[covered.index(min(covered))]
    return MappingProxyType(places)


def _covered(
    framework: Framework, places: Mapping[str, Place], name: str, at: Place
) -> int:
    """Count arrows and arguments that would cover each other with an argument here."""
    here = {**places, name: at}
    others = [other for other in framework.arguments if other != name]
    close = sum(math.dist(_pixels(here[b]), _pixels(at)) < SIZE + 3 for b in others)
    cut = not 0.4 <= at[0] <= ACROSS - 0.4
    count = 3 * close + 9 * cut  # both are worse than an arrow below an argument
    for pair in framework.attacks:
        near = others if name in pair else [name]
        ends = [_pixels(here[end]) for end in pair]
        count += sum(
            _distance(_pixels(here[b]), *ends) < SIZE / 2 + 4
            for b in near
            if b not in pair
        )
    return count


def _pixels(place: Place) -> Place:
    return place[0] * COLUMN, place[1] * ROW


def _distance(point: Place, start: Place, end: Place) -> float:
    """Measure how far a point is from a line between two others."""
    along = (end[0] - start[0], end[1] - start[1])
    square = along[0] ** 2 + along[1] ** 2 or 1.0
    share = (point[0] - start[0]) * along[0] + (point[1] - start[1]) * along[1]
    share = min(1.0, max(0.0, share / square))
    foot = (start[0] + share * along[0], start[1] + share * along[1])
    return math.dist(point, foot)


def _rows(framework: Framework) -> list[list[str]]:
    """Group arguments by their distance to those that attack nobody else."""
    import networkx as nx

    if not framework.arguments:
        return []
    graph: Any = nx.DiGraph(framework.attacks)
    graph.add_nodes_from(framework.arguments)
    parts = nx.condensation(graph)
    last = [
        name
        for part in parts
        if not parts.out_degree(part)
        for name in parts.nodes[part]["members"]
    ]
    far = nx.multi_source_dijkstra_path_length(graph.reverse(), set(last))
    rows: dict[int, list[str]] = {}
    for name in framework.arguments:
        rows.setdefault(int(far[name]), []).append(name)
    return [rows[number] for number in sorted(rows)]


def _wanted(framework: Framework, name: str, places: Mapping[str, Place]) -> float:
    """Give the middle of what an argument attacks, as far as that is placed."""
    near = [places[b][0] for b in framework.targets(name) if b in places]
    return sum(near) / len(near) if near else ACROSS / 2


def _demand_labels(framework: Framework, labels: Mapping[str, str]) -> None:
    for name in framework.arguments:
        if name not in labels:
            raise UnknownNameError("label of argument", name, labels)
        if labels[name] not in MARKS:
            raise UnknownNameError("label", labels[name], MARKS)


def _moved(name: str, before: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    return before.get(name, labels[name]) != labels[name]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _ends(
    pairs: Iterable[tuple[str, str]], places: Mapping[str, Place]
) -> tuple[list[float | None], list[float | None]]:
    across: list[float | None] = []
    down: list[float | None] = []
    for pair in sorted(pairs):
        across += [*(places[name][0] for name in pair), None]
        down += [*(places[name][1] for name in pair), None]
    return across, down


def _links(
    pairs: Iterable[tuple[str, str]], places: Mapping[str, Place], name: str
) -> Any:
    from plotly.graph_objects import Scatter

    across, down = _ends(pairs, places)
    return Scatter(
        x=across,
        y=down,
        mode="lines",
        name=name,
        line={"dash": "dot", "color": "#C4C4C4", "width": 1},
        hoverinfo="skip",
    )


def _arrows(
    pairs: Iterable[tuple[str, str]],
    places: Mapping[str, Place],
    name: str,
    colour: str,
) -> Any:
    from plotly.graph_objects import Scatter

    across, down = _ends(pairs, places)
    count = len(across) // 3
    return Scatter(
        x=across,
        y=down,
        mode="lines+markers",
        name=name,
        line={"color": colour, "width": 2 if colour == TEXT else 1},
        # A head at the second point of each three, before the edge of its target.
        marker={
            "symbol": "arrow",
            "angleref": "previous",
            "size": [0, 11, 0] * count,
            "standoff": [0, SIZE / 2 + 4, 0] * count,
            "color": colour,
        },
        hoverinfo="skip",
    )


def _rings(names: list[str], places: Mapping[str, Place]) -> Any:
    from plotly.graph_objects import Scatter

    return Scatter(
        x=[places[name][0] for name in names],
        y=[places[name][1] for name in names],
        mode="markers",
        name="changed",
        marker={
            "symbol": "circle-open",
            "size": SIZE + 22,
            "color": COLOURS[1],
            "line": {"width": 3},
        },
        hoverinfo="skip",
    )


def _nodes(
    framework: Framework,
    names: list[str],
    places: Mapping[str, Place],
    label: str,
    heavy: set[str],
) -> Any:
    from plotly.graph_objects import Scatter

    sign, symbol, fill, text, edge = MARKS[label]
    claims = [
        "<br>".join(
            [f"<b>{a}: {label}</b>", *wrap(framework.claims.get(a, ""), WRAPPED)]
        )
        for a in names
    ]
    return Scatter(
        x=[places[name][0] for name in names],
        y=[places[name][1] for name in names],
        mode="markers+text",
        name=f"{sign} {label}",
        text=[f"{name}<br>{sign}" for name in names],
        textfont={"size": 11, "color": text},
        hovertext=claims,
        hovertemplate="%{hovertext}<extra></extra>",
        marker={
            "symbol": symbol,
            "size": SIZE if symbol != "diamond" else SIZE + 8,
            "color": fill,
            "line": {
                "width": [4 if name in heavy else 1 for name in names],
                "color": [TEXT if name in heavy else edge for name in names],
            },
        },
    )


def _lay_out(figure: Figure, places: Mapping[str, Place]) -> Figure:
    lowest = min((down for _, down in places.values()), default=0.0)
    hidden = {"visible": False, "fixedrange": True}
    figure.update_xaxes(range=[-0.1, ACROSS + 0.1], **hidden)
    figure.update_yaxes(range=[lowest - 0.5, 0.5], **hidden)
    return figure.update_layout(
        height=int(ROW * (1 - lowest)) + 126,
        margin={"l": 8, "r": 8, "t": 24, "b": 110},
        hovermode="closest",
    )
