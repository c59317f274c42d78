"""Open and close the paths of the causal map: choose controls, measure, redraw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import ipywidgets

from coursekit.charts.causes import (
    describe_map,
    draw_map,
    select_nodes,
    tabulate_map,
    tabulate_nodes,
)
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.surveillance.adjustment import closes_back_doors
from coursekit.surveillance.causes import OBSERVED, CausalMap, read_map
from coursekit.surveillance.identification import (
    assess_identification,
    find_what_to_measure,
)
from coursekit.surveillance.paths import list_paths
from coursekit.widgets.controls import drop_down
from coursekit.widgets.panel import Panel, View

if TYPE_CHECKING:
    import pandas as pd

# Arrow keys always leave one entry chosen: this one stands for none.
NOTHING: Final = ""
NONE: Final = ("none", NOTHING)


def causal_paths(
    cause: str = "TECH_CN",
    effect: str = "AUTH_1",
    *,
    given: Iterable[str] = (),
    observed: str = "fully",
) -> Panel:
    """Build a panel that says which paths are open and whether the effect is known.

    Parameters
    ----------
    cause, effect : str
        Nodes of the map at first.
    given : iterable of str
        Nodes controlled for at first.
    observed : {"fully", "fully or partly", "everything"}
        Which nodes count as observed at first.

    Returns
    -------
    Panel
        Eight lists: cause, effect, controls, what counts as observed, one more node to
        measure, a group of arrows to take away, and the two ends of an arrow of your
        own. Words, figure and table follow.

    Raises
    ------
    UnknownNameError
        If a node or rule does not exist.
    """
    drawn = read_map()
    nodes = [str(name) for name in drawn.nodes["node_id"]]
    groups = _pairs(sorted(set(drawn.edges["rival_group"].astype(str))))
    optional = [NONE, *_pairs(nodes)]
    chosen = drawn.require_set(given, "given")
    controls = {
        "cause": drop_down("Cause", nodes, cause, kind="node"),
        "effect": drop_down("Effect", nodes, effect, kind="node"),
        "given": _several("Control for (several with Ctrl or Shift)", nodes, chosen),
        "rule": drop_down("Observed", list(OBSERVED), observed, kind="rule"),
        "measured": drop_down("Measure", optional, NOTHING, kind="node"),
        "off": drop_down("Take away", [NONE, *groups], NOTHING, kind="group"),
        "source": drop_down("Draw from", optional, NOTHING, kind="node"),
        "target": drop_down("to", optional, NOTHING, kind="node"),
    }

    def view(
        cause: str,
        effect: str,
        given: tuple[str, ...],
        rule: str,
        measured: str,
        off: str,
        source: str,
        target: str,
    ) -> View:
        return view_paths(
            drawn,
            cause,
            effect,
            given=[name for name in given if name],
            rule=rule,
            measured=[measured] if measured else [],
            off=[off] if off else [],
            arrow=(source, target) if source and target else None,
        )

    return Panel("Which paths are open?", controls, view)


def view_paths(
    causal_map: CausalMap,
    cause: str,
    effect: str,
    *,
    given: Iterable[str] = (),
    rule: str = "fully",
    measured: Iterable[str] = (),
    off: Iterable[str] = (),
    arrow: tuple[str, str] | None = None,
) -> View:
    """Say, draw and list which paths are open under some choices.

    Parameters
    ----------
    causal_map : CausalMap
        The map before any edit.
    cause, effect : str
        The question. A question about one node is answered in words.
    given : iterable of str
        Nodes controlled for; cause and effect are left out of them.
    rule : str
        What counts as observed, a key of `coursekit.surveillance.causes.OBSERVED`.
    measured : iterable of str
        Nodes supposed to be observed besides.
    off : iterable of str
        Groups of arrows taken away.
    arrow : tuple of (str, str), optional
        An arrow drawn in. If it cannot be, the words say why.

    Returns
    -------
    View
        Words, figure and table of the paths and of what the names mean.
    """
    said: list[str] = []
    edited = causal_map.without(groups=off).observing(*measured)
    try:
        edited = edited.with_edge(*arrow) if arrow else edited
        edited.require_query(cause, effect)
    except CoursekitError as error:
        said.append(str(error))
        if cause == effect:
            return View(words=said[0])
    controls = [name for name in given if name not in (cause, effect)]
    seen = edited.observed(rule) | {cause, effect}
    said += [
        describe_map(edited, cause, effect, given=controls),
        describe_controls(edited, cause, effect, controls, seen),
        str(assess_identification(edited, cause, effect, observed=seen)),
        describe_needs(edited, cause, effect, seen),
    ]
    return View(
        words="\n".join(line for line in said if line),
        figure=draw_map(edited, cause, effect, given=controls, observed=seen),
        table=tabulate_view(edited, cause, effect, controls),
    )


def describe_controls(
    causal_map: CausalMap,
    cause: str,
    effect: str,
    given: Iterable[str],
    observed: Iterable[str],
) -> str:
    """Judge the controls that were chosen, and say which of them nobody observed.

    Returns
    -------
    str
        One to three sentences; empty without a control.
    """
    import networkx as nx

    controls = sorted(given)
    if not controls:
        return ""
    after = sorted(set(controls) & nx.descendants(causal_map.graph, cause))
    parts = []
    if after:
        parts.append(
            f"{', '.join(after)}: an effect of {cause}. To control for it is to take "
            "away a part of what you ask about, or to open a path."
        )
    elif closes_back_doors(causal_map, cause, effect, controls):
        parts.append("Your controls close every back door.")
    else:
        parts.append("Your controls leave a back door open.")
    unseen = sorted(set(controls) - set(observed))
    if unseen:
        parts.append(f"Nobody has observed {', '.join(unseen)} as you count it.")
    return " ".join(parts)


def describe_needs(
    causal_map: CausalMap, cause: str, effect: str, observed: Iterable[str]
) -> str:
    """Say what would have to be measured for the effect to be identified.

    Returns
    -------
    str
        One sentence; empty if nothing is missing.
    """
    found = find_what_to_measure(causal_map, cause, effect, observed=observed)
    if found == [()] or not list_paths(causal_map, cause, effect):
        return ""
    if not found:
        return "Three more nodes measured would not be enough, whichever you take."
    ways = [" with ".join(one) for one in found[:4]]
    more = f", or one of {len(found) - 4} other choices" if len(found) > 4 else ""
    return f"To identify it in this map, measure also: {', or '.join(ways)}{more}."


def tabulate_view(
    causal_map: CausalMap, cause: str, effect: str, given: Iterable[str]
) -> pd.DataFrame:
    """List the paths and, below them, what the short names mean.

    Returns
    -------
    pandas.DataFrame
        ``kind`` (effect, back door or name), ``path`` (or name), ``open``, ``grade``,
        ``weakest`` and ``meaning``.
    """
    import pandas as pd

    controls = list(given)
    paths = tabulate_map(causal_map, cause, effect, given=controls)
    names = select_nodes(causal_map, cause, effect, controls)
    nodes = tabulate_nodes(causal_map, names)
    observed = nodes["observed"].astype(str)
    meanings = pd.DataFrame(
        {
            "kind": "name",
            "path": nodes["node_id"].astype(str),
            "meaning": nodes["label"].astype(str) + ", observed: " + observed,
        }
    )
    return pd.concat([paths.astype(object), meanings.astype(object)]).reset_index(
        drop=True
    )


def _pairs(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _several(
    label: str, nodes: list[str], chosen: frozenset[str]
) -> ipywidgets.SelectMultiple:
    unknown = chosen - set(nodes)
    if unknown:
        raise UnknownNameError("node", min(unknown), nodes)
    return ipywidgets.SelectMultiple(
        options=[("(none)", NOTHING), *_pairs(nodes)],
        value=tuple(sorted(chosen)) or (NOTHING,),
        description=label,
        style={"description_width": "auto"},
        # The label stands above the list, so that a telephone has room for both.
        layout={
            "flex_flow": "column",
            "align_items": "stretch",
            "width": "min(440px, 95%)",
            "height": "140px",
        },
    )
