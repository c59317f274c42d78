"""Figures of the causal map: the nodes on the paths in question, causes on top."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from coursekit.charts.theme import COLOURS, TEXT
from coursekit.surveillance.causes import CausalMap
from coursekit.surveillance.paths import (
    Path,
    grade_path,
    list_back_doors,
    list_paths,
    tabulate_paths,
    write_path,
)

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure, Scatter

ACROSS: Final = 4  # names that stand side by side on a telephone
ROW: Final = 66  # pixels from one row to the next
SIZE: Final = 17
OPENED: Final = 20  # paths opened by a control that are listed, the shortest first
WEAK: Final = "#B0B0B0"
ASIDE: Final = (0.0, 0.35, -0.35, 0.7, -0.7, 1.05, -1.05)  # steps aside, in columns
# Role of a node: sign in the legend, symbol, fill and edge. Never colour alone.
ROLES: Final = {
    "cause or effect": ("star", COLOURS[0], TEXT),
    "controlled for": ("square-x", COLOURS[4], TEXT),
    "observed": ("circle", COLOURS[6], COLOURS[6]),
    "not observed": ("circle", "white", COLOURS[6]),
}
# Kind of arrow: colour, width and dash.
ARROWS: Final = {
    "carries the effect": (COLOURS[0], 3.0, "solid"),
    "on an open back door": (COLOURS[1], 2.0, "dash"),
    "other arrow": (WEAK, 1.0, "dot"),
}
Place = tuple[float, float]


def draw_map(
    causal_map: CausalMap,
    cause: str,
    effect: str,
    *,
    given: Iterable[str] = (),
    observed: Iterable[str] | None = None,
    shown: Iterable[str] | None = None,
) -> Figure:
    """Draw the nodes on the paths in question, each arrow pointing down.

    Parameters
    ----------
    causal_map : CausalMap
        The map.
    cause, effect : str
        Two of its nodes.
    given : iterable of str
        The nodes that are controlled for.
    observed : iterable of str, optional
        The nodes taken as observed; those observed fully if left out.
    shown : iterable of str, optional
        The nodes to draw; if left out those on a directed path or an open back door
        when nothing is controlled for, and the controls.

    Returns
    -------
    plotly.graph_objects.Figure
        Solid arrows carry the effect, dashed ones lie on an open back door, dotted ones
        on neither. Symbols say what a node is.
    """
    from plotly.graph_objects import Figure

    controls = causal_map.require_set(given, "given")
    seen = causal_map.observed() if observed is None else frozenset(observed)
    names = select_nodes(causal_map, cause, effect, controls)
    if shown is not None:
        names = causal_map.require_set(shown, "shown") | {cause, effect}
    places = place_nodes(causal_map, names)
    figure = Figure()
    kinds = sort_arrows(causal_map, cause, effect, controls)
    for kind in reversed(ARROWS):
        arrows = [pair for pair in kinds[kind] if set(pair) <= set(names)]
        if arrows:
            figure.add_trace(_arrows(arrows, places, kind))
    for role, nodes in sort_nodes(names, (cause, effect), controls, seen).items():
        if nodes:
            figure.add_trace(_nodes(causal_map, nodes, places, role))
    on_white = {  # a name, above any arrow
        "showarrow": False,
        "yshift": -17,
        "font": {"size": 11},
        "bgcolor": "rgba(255,255,255,0.85)",
        "borderpad": 0,
    }
    figure.layout.annotations = [
        {"x": across, "y": down, "text": name, **on_white}
        for name, (across, down) in places.items()
    ]
    lowest = min((down for _, down in places.values()), default=0.0)
    hidden = {"visible": False, "fixedrange": True}
    figure.update_xaxes(range=[-0.05, ACROSS + 0.05], **hidden)
    figure.update_yaxes(range=[lowest - 0.6, 0.4], **hidden)
    return figure.update_layout(
        height=int(ROW * (1 - lowest)) + 150,
        margin={"l": 4, "r": 4, "t": 16, "b": 130},
        hovermode="closest",
        legend_traceorder="reversed",
    )


def describe_map(
    causal_map: CausalMap, cause: str, effect: str, *, given: Iterable[str] = ()
) -> str:
    """Say how many paths carry the effect, how well, and how many back doors are open.

    Parameters
    ----------
    causal_map, cause, effect, given
        As for `draw_map`.

    Returns
    -------
    str
        Two or three sentences.
    """
    controls = sorted(given)
    paths = list_paths(causal_map, cause, effect)
    doors = list_back_doors(causal_map, cause, effect, given=controls)
    with_what = f" with {', '.join(controls)} controlled for" if controls else ""
    said = [_say_paths(causal_map, cause, effect, paths)]
    cut = sum(bool(set(controls) & set(path)) for path in paths)
    if cut:
        said.append(f"The controls cut {cut} of {len(paths)}.")
    return " ".join([*said, _say_doors(causal_map, doors, with_what)])


def tabulate_map(
    causal_map: CausalMap, cause: str, effect: str, *, given: Iterable[str] = ()
) -> pd.DataFrame:
    """List the paths behind the figure.

    Parameters
    ----------
    causal_map, cause, effect, given
        As for `draw_map`.

    Returns
    -------
    pandas.DataFrame
        ``kind`` (effect or back door), ``path``, ``open``, ``grade`` and ``weakest``:
        the directed paths, the back doors that are open without any control, and the
        shortest of those that a control has opened.
    """
    import pandas as pd

    controls = list(given)
    parts = [
        tabulate_paths(causal_map, paths, given=controls).assign(kind=kind)
        for kind, paths in (
            ("effect", list_paths(causal_map, cause, effect)),
            ("back door", _doors_seen(causal_map, cause, effect, controls)),
        )
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[["kind", "path", "open", "grade", "weakest"]]


def tabulate_nodes(causal_map: CausalMap, names: Iterable[str]) -> pd.DataFrame:
    """Say what the short names in a figure mean.

    Parameters
    ----------
    causal_map : CausalMap
        The map.
    names : iterable of str
        Its nodes.

    Returns
    -------
    pandas.DataFrame
        ``node_id``, ``label``, ``layer``, ``period`` and ``observed``.
    """
    chosen = causal_map.require_set(names, "names")
    rows = causal_map.nodes[causal_map.nodes["node_id"].isin(chosen)]
    columns = ["node_id", "label", "layer", "period", "observed"]
    return rows[columns].reset_index(drop=True)


def select_nodes(
    causal_map: CausalMap, cause: str, effect: str, given: Iterable[str] = ()
) -> frozenset[str]:
    """Choose the nodes worth drawing: on the paths in question, and the controls."""
    paths = [
        *list_paths(causal_map, cause, effect),
        *_doors_seen(causal_map, cause, effect, list(given)),
    ]
    on = {name for path in paths for name in path}
    return frozenset(on | {cause, effect} | set(given))


def place_nodes(
    causal_map: CausalMap, names: Iterable[str]
) -> Mapping[str, tuple[float, float]]:
    """Place nodes in rows, every arrow pointing down, at most four in a row.

    Parameters
    ----------
    causal_map : CausalMap
        The map.
    names : iterable of str
        The nodes to place.

    Returns
    -------
    mapping of str to (float, float)
        Across, from 0 to 4, and down, a negative number of rows.
    """
    import networkx as nx

    graph = causal_map.graph.subgraph(causal_map.require_set(names, "names"))
    places: dict[str, Place] = {}
    row = 0
    for level in nx.topological_generations(graph):
        ordered = sorted(level, key=lambda name: (_wanted(graph, name, places), name))
        for start in range(0, len(ordered), ACROSS):
            part = ordered[start : start + ACROSS]
            step = ACROSS / len(part)
            shift = 0.5 if len(part) > 2 or row % 2 == 0 else 0.4
            for at, name in enumerate(part):
                places[name] = (round((at + shift) * step, 3), -float(row))
            row += 1
    arrows = list(graph.edges)
    for name in [*places, *places]:  # each step may clear the way for others
        across, down = places[name]
        free = [(round(across + step, 3), down) for step in ASIDE]
        covered = [_covered(arrows, {**places, name: at}, name) for at in free]
        places[name] = free[covered.index(min(covered))]
    return places


def sort_arrows(
    causal_map: CausalMap, cause: str, effect: str, given: Iterable[str] = ()
) -> dict[str, list[tuple[str, str]]]:
    """Sort the arrows: those that carry the effect, open back doors, and the rest."""
    controls = set(given)
    chains = list_paths(causal_map, cause, effect)
    carries = _pairs(causal_map, [path for path in chains if not controls & set(path)])
    doors = list_back_doors(causal_map, cause, effect, given=controls)
    opened = _pairs(causal_map, doors) - carries
    every = set(causal_map.graph.edges)
    return {
        "carries the effect": sorted(carries),
        "on an open back door": sorted(opened),
        "other arrow": sorted(every - carries - opened),
    }


def sort_nodes(
    names: Iterable[str],
    ends: Sequence[str],
    given: Iterable[str],
    observed: Iterable[str],
) -> dict[str, list[str]]:
    """Sort nodes by the first role that fits, as the keys of ``ROLES``."""
    left = sorted(names)
    found: dict[str, list[str]] = {}
    groups = (ends, set(given), set(observed), set(left))
    for role, members in zip(ROLES, groups, strict=True):
        found[role] = [name for name in left if name in members]
        left = [name for name in left if name not in members]
    return found


def _doors_seen(
    causal_map: CausalMap, cause: str, effect: str, given: list[str]
) -> list[Path]:
    """Give the back doors open without controls, then some that controls opened."""
    free = list_back_doors(causal_map, cause, effect)
    now = list_back_doors(causal_map, cause, effect, given=given) if given else []
    return [*free, *[path for path in now if path not in set(free)][:OPENED]]


def _pairs(causal_map: CausalMap, paths: Iterable[Path]) -> set[tuple[str, str]]:
    graph = causal_map.graph
    return {
        (a, b) if graph.has_edge(a, b) else (b, a)
        for path in paths
        for a, b in pairwise(path)
    }


def _covered(
    arrows: Iterable[tuple[str, str]], places: Mapping[str, Place], name: str
) -> int:
    """Count the arrows and names that cover a node where it stands, and it them."""
    here = places[name]
    near = [
        other
        for other, (across, down) in places.items()
        if other != name and down == here[1] and abs(across - here[0]) < 0.95
    ]
    off = not 0.4 <= here[0] <= ACROSS - 0.4
    count = 9 * (len(near) + off)  # worse than an arrow across a node
    for a, b in arrows:
        others = [name] if name not in (a, b) else places
        count += sum(
            _is_between(places[node], places[a], places[b])
            for node in others
            if node not in (a, b)
        )
    return count


def _is_between(node: Place, start: Place, end: Place) -> bool:
    """Say whether an arrow runs over a node, as wide as a third of a column."""
    if not end[1] < node[1] < start[1]:
        return False
    share = (start[1] - node[1]) / (start[1] - end[1])
    return abs(start[0] + share * (end[0] - start[0]) - node[0]) < 0.33


def _wanted(graph: Any, name: str, places: Mapping[str, Place]) -> float:
    above = [places[other][0] for other in graph.predecessors(name)]
    return sum(above) / len(above) if above else ACROSS / 2


def _say_paths(
    causal_map: CausalMap, cause: str, effect: str, paths: list[Path]
) -> str:
    if not paths:
        return f"The map draws no directed path from {cause} to {effect}."
    best = min(paths, key=lambda path: (grade_path(causal_map, path), len(path)))
    found = (
        "One directed path leads"
        if len(paths) == 1
        else f"{len(paths)} directed paths lead"
    )
    name = "it" if len(paths) == 1 else "the best shown"
    return (
        f"{found} from {cause} to {effect}; {name} is {write_path(causal_map, best)}, "
        f"grade {grade_path(causal_map, best)}."
    )


def _say_doors(causal_map: CausalMap, doors: list[Path], with_what: str) -> str:
    if not doors:
        return f"No back door is open{with_what}."
    number = "1 back door is" if len(doors) == 1 else f"{len(doors)} back doors are"
    return f"{number} open{with_what}, the shortest {write_path(causal_map, doors[0])}."


def _arrows(
    pairs: list[tuple[str, str]], places: Mapping[str, Place], kind: str
) -> Scatter:
    from plotly.graph_objects import Scatter

    colour, width, dash = ARROWS[kind]
    across: list[float | None] = []
    down: list[float | None] = []
    for pair in pairs:
        across += [*(places[name][0] for name in pair), None]
        down += [*(places[name][1] for name in pair), None]
    return Scatter(
        x=across,
        y=down,
        mode="lines+markers",
        name=kind,
        line={"color": colour, "width": width, "dash": dash},
        # A head at the second point of each three, before the edge of its target.
        marker={
            "symbol": "arrow",
            "angleref": "previous",
            "size": [0, 6 + 2 * width, 0] * len(pairs),
            "standoff": [0, SIZE / 2 + 2, 0] * len(pairs),
            "color": colour,
        },
        hoverinfo="skip",
    )


def _nodes(
    causal_map: CausalMap, names: list[str], places: Mapping[str, Place], role: str
) -> Scatter:
    from plotly.graph_objects import Scatter

    symbol, fill, edge = ROLES[role]
    labels = causal_map.nodes.set_index("node_id")["label"].astype(str).to_dict()
    return Scatter(
        x=[places[name][0] for name in names],
        y=[places[name][1] for name in names],
        mode="markers",
        name=role,
        text=names,
        hovertext=[labels[name] for name in names],
        hovertemplate="%{text}: %{hovertext}<extra></extra>",
        cliponaxis=False,
        marker={
            "symbol": symbol,
            "size": SIZE,
            "color": fill,
            "line": {"width": 2, "color": edge},
        },
    )
