"""What the zygote runs before it forks, so that no submission pays for it again."""

from __future__ import annotations

import contextlib
import gc
import pkgutil
from importlib import import_module
from typing import Any

import coursekit
from coursekit.errors import CoursekitError
from coursekit.grading.warm.child import Serving
from coursekit.grading.warm.outbox import Outbox
from coursekit.grading.warm.shell import make_shell
from coursekit.imports import without_iri_grammar

# Parts of coursekit that no notebook uses.
_APART = frozenset({"authoring", "cli", "grading"})

# What students write; a figure of each kind loads the classes of its kind.
NOTEBOOK = """
import ipywidgets, networkx, numpy, pandas, plotly.express as px, plotly.graph_objects
frame = pandas.DataFrame({"k": ["a", "b"], "n": [1, 2], "x": [0.5, None]})
frame
# %%
frame.info()
frame.describe().style.format(precision=1).to_html()
frame.groupby("k")["n"].sum().reset_index().merge(frame).sort_values("n").to_csv()
frame.pivot_table(index="k", columns="n", values="x").stack()
frame.query("n > 1").assign(y=1).drop_duplicates().value_counts()
# %%
for draw in (px.bar, px.line, px.scatter, px.histogram, px.box):
    draw(frame, x="n", y="x", color="k", facet_col="k", title="t").to_json()
px.pie(frame, names="k", values="n").to_json()
px.imshow([[1, 2]]).to_json()
# %%
figure = plotly.graph_objects.Figure(plotly.graph_objects.Scatter(x=[1], y=[2]))
figure.add_hline(y=1, annotation_text="a")
figure.update_layout(legend_title_text="k", xaxis_title="x").update_traces(name="n")
coursekit.show(figure)
coursekit.check("figure", figure)
figure
# %%
coursekit.check("graph", networkx.DiGraph([(1, 2)]))
coursekit.check("frame", frame)
# %%
ipywidgets.interactive(lambda n: print(n), n=(0, 3))
ipywidgets.VBox([ipywidgets.Dropdown(options=[1])])
# %%
ipywidgets.Widget.close_all()
import asyncio
await asyncio.sleep(0)
# %%
def fail():
    raise NotImplementedError

fail()
# %%
1 +
"""


def warm_shell(outbox: Outbox) -> Any:
    """Make the shell, run everything through it once, and leave no trace of that.

    Parameters
    ----------
    outbox : Outbox
        Not connected yet.

    Returns
    -------
    ipykernel.zmqshell.ZMQInteractiveShell
        With an empty namespace.
    """
    gc.disable()  # until the fork: what is collected later is copied by each child
    # First, as what is imported later looks for it. Any: reset() has no types.
    shell: Any = make_shell(outbox)
    names = dict(shell.user_ns)
    warming = Serving(shell, outbox)
    with without_iri_grammar():
        _import_course()
        shell.user_ns["coursekit"] = coursekit
        for source in NOTEBOOK.split("# %%\n"):
            warming.run(source)
    warming.close()
    shell.reset()  # which also removes __spec__ and others
    for name, value in names.items():
        shell.user_ns.setdefault(name, value)
    return shell


def _import_course() -> None:
    """Import all that a notebook may, and read the datasets."""
    packages = [p.name for p in pkgutil.iter_modules(coursekit.__path__) if p.ispkg]
    for name in sorted({*packages} - _APART):
        package = import_module(f"coursekit.{name}")
        for module in pkgutil.iter_modules(package.__path__):
            with contextlib.suppress(Exception):  # whoever imports it is told why
                import_module(f"coursekit.{name}.{module.name}")
    from coursekit.evidence.tables import dataset_names

    with contextlib.suppress(CoursekitError):  # a course need not have data
        for name in dataset_names():
            coursekit.load(name)
