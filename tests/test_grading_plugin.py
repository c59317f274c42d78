"""The plugin in real pytest sessions with real kernels.

All notebooks run in one session, because each start costs seconds.  A conftest in
their folder writes down what the plugin hands to `coursekit grade`.
"""

import json
import subprocess
import sys
import textwrap

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
PLOTLY = "application/vnd.plotly.v1+json"

CONFTEST = """
import json, pathlib

def pytest_runtest_makereport(item, call):
    if call.when != "call":
        return
    record = item.outcome.summary() | {
        "file": item.path.stem,
        "outputs": item.outcome.outputs,
        "passed": call.excinfo is None,
        "said": str(item.repr_failure(call.excinfo)) if call.excinfo else "",
        "properties": dict(item.user_properties),
    }
    with pathlib.Path(__file__).with_name("records.jsonl").open("a") as file:
        file.write(json.dumps(record) + "\\n")
"""


def cell(name, source, *outputs, tags=(), count=1):
    made = new_code_cell(textwrap.dedent(source).strip(), id=name)
    made.outputs = list(outputs)
    made.execution_count = count
    if tags:
        made.metadata["tags"] = list(tags)
    return made


def printed(text):
    return new_output("stream", name="stdout", text=text)


def shown(data, kind="display_data", **more):
    return new_output(kind, data=data, **more)


def raised(name, message):
    return new_output("error", ename=name, evalue=message, traceback=[])


def notebook(*cells, widgets=None):
    made = new_notebook(cells=list(cells))
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    if widgets is not None:
        made.metadata["widgets"] = {STATE: {"state": widgets}}
    return made


def figure(y, template):
    trace = {"type": "bar", "name": "troops", "x": ["KGZ", "TJK"], "y": y, "uid": "old"}
    return {"data": [trace], "layout": {"template": template}}


SHOW = "from IPython.display import HTML, display\n"
TABLE = (
    '<table class="{style}"><thead><tr><th></th><th>rows</th></tr></thead>'
    "<tbody><tr><th>csto</th><td>{rows}</td></tr></tbody></table>"
)

SAME = notebook(
    new_markdown_cell("# Same", id="title"),
    cell("empty", "", count=None),
    cell("number", "print('mean', 0.1 + 0.2)", printed("mean 0.3\n")),
    cell(
        "frame",
        """
        import pandas as pd
        frame = pd.DataFrame({"rows": [10, 3]}, index=["csto", "osce"])
        frame
        """,
        shown(
            {
                "text/html": "<table><tr><th></th><th>rows</th></tr><tr><th>csto</th>"
                "<td>10</td></tr><tr><th>osce</th><td>3</td></tr></table>",
                "text/plain": "drawn by another pandas",
            },
            "execute_result",
            execution_count=1,
        ),
    ),
    cell(
        "figure",
        f"{SHOW}display({{'{PLOTLY}': {figure([2.0, 3.0], 'new')}}}, raw=True)",
        shown(
            {
                PLOTLY: figure(
                    {"dtype": "f8", "bdata": "AAAAAAAAAEAAAAAAAAAIQA=="}, "old"
                )
            }
        ),
    ),
    cell("address", "object()", shown({"text/plain": "<object at 0x7f00>"})),
    cell("raises", "{}['x']", raised("KeyError", "'x'"), tags=["raises-exception"]),
    cell(
        "update",
        f"{SHOW}handle = display('a', display_id=True); handle.update('b')",
        shown({"text/plain": "'b'"}),
    ),
    cell(
        "clear",
        "from IPython.display import clear_output\n"
        "print('a'); clear_output(wait=True); print('b')",
        printed("b\n"),
    ),
    cell(
        "folder",
        "import os; os.path.exists('same.ipynb')",
        shown({"text/plain": "True"}),
    ),
    cell(
        "python",
        "import sys; sys.executable",
        shown({"text/plain": repr(sys.executable)}),
    ),
)

OTHER = notebook(
    cell("unrun", "n = 10", count=None),
    cell("unrun-outputs", "print(n)", printed("10\n"), count=None),
    cell("number", "print('mean', 0.3001)", printed("mean 0.3\n")),
    cell(
        "frame",
        f"{SHOW}display(HTML({TABLE.format(style='new', rows=11)!r}))",
        shown(
            {
                "text/html": TABLE.format(style="old", rows=10),
                "text/plain": "<IPython.core.display.HTML object>",
            }
        ),
    ),
    cell(
        "figure",
        f"display({{'{PLOTLY}': {figure([2, 4], 'old')}}}, raw=True)",
        shown({PLOTLY: figure([2, 3], "old")}),
    ),
    cell("gone", "pass", printed("10\n")),
    cell("new", "print(10)"),
    cell("ignored", "print(1)", printed("1\n"), tags=["nbval-ignore-output"]),
    cell("skipped", "# NBVAL_SKIP\nprint(1)", printed("1\n")),
    cell("silent", "pass", raised("KeyError", "'x'"), tags=["raises-exception"]),
    cell("message", "{}['y']", raised("KeyError", "'x'"), tags=["raises-exception"]),
    cell("error", "1 / 0", raised("ZeroDivisionError", "division by zero")),
    cell("flood", "for _ in range(20): print('x' * 1_000_000)"),
    cell("after", "print(n)", printed("10\n")),
)

UNRUN = "was never run, so nothing can be compared; run `coursekit build`"
NO_POWER = "switches off checks and has no power here; remove it"
DIFFERENCES = {
    "unrun": UNRUN,
    "unrun-outputs": UNRUN,
    "number": "printed text: stored 'mean 0.3', now 'mean 0.3001'",
    "frame": "table, row 'csto', column 'rows': stored 10, now 11",
    "figure": "figure, trace 'troops', y[1] at x = 'TJK': stored 3, now 4",
    "gone": "printed text: stored 10, now nothing",
    "new": "printed text: stored nothing, now 10",
    "ignored": f"the tag 'nbval-ignore-output' {NO_POWER}",
    "skipped": f"the comment 'NBVAL_SKIP' {NO_POWER}",
    "silent": "error: stored KeyError, now none",
    "message": """message of KeyError: stored "'x'", now "'y'\"""",
    "error": "raised ZeroDivisionError: division by zero",
    "flood": "put out more than 10 MB",
}

SLOW = notebook(
    cell(
        "chats",
        "import time\nwhile True: print('still here', flush=True); time.sleep(0.05)",
    ),
    cell("after", "print('fine')", printed("fine\n")),
    cell(
        "stubborn",
        """
        while True:
            try:
                time.sleep(60)
            except KeyboardInterrupt:
                print("no", flush=True)
        """,
    ),
    cell("late", "print(1)", printed("1\n")),
)

DEAD = notebook(
    cell("dies", "import os; os._exit(3)"),
    cell("late", "print(1)", printed("1\n")),
)

EXITS = notebook(
    cell("exits", "exit()"),
    cell("late", "print(1)", printed("1\n")),
)

WIDGETS_SOURCE = """
import ipywidgets
slider = ipywidgets.IntSlider(3, min=1, max=9, description="At least")
held = ipywidgets.Output()
held.outputs = ({"output_type": "stream", "name": "stdout", "text": "2 links"},)
box = ipywidgets.VBox([slider, held])
from IPython.display import display
view = {"model_id": box.model_id}
display({"application/vnd.jupyter.widget-view+json": view}, raw=True)
"""


def widget_states(value, text):
    def model(kind, **state):
        return {"model_name": kind, "state": {"_model_name": kind, **state}}

    layout = model("LayoutModel", width=None)
    return {
        "box": model("VBoxModel", children=["IPY_MODEL_slider", "IPY_MODEL_held"]),
        "slider": model(
            "IntSliderModel",
            value=value,
            description="At least",
            layout="IPY_MODEL_layout",
        ),
        "held": model(
            "OutputModel",
            outputs=[{"output_type": "stream", "name": "stdout", "text": text}],
        ),
        "layout": layout,
    }


BOX = shown({VIEW: {"model_id": "box"}})
NOTEBOOKS = {
    "same": SAME,
    "other": OTHER,
    "slow": SLOW,
    "dead": DEAD,
    "exits": EXITS,
    "widgets": notebook(
        cell("view", WIDGETS_SOURCE, BOX),
        cell("moved", "slider.value = 5"),
        widgets=widget_states(5, "2 links"),
    ),
    "widgets_moved": notebook(
        cell("view", WIDGETS_SOURCE, BOX),
        widgets=widget_states(5, "2 links"),
    ),
    "widgets_held": notebook(
        cell("view", WIDGETS_SOURCE, BOX), widgets=widget_states(3, "3 links")
    ),
    "widgets_unsaved": notebook(cell("view", WIDGETS_SOURCE, BOX)),
    "unknown_kernel": notebook(cell("late", "print(1)", printed("1\n"))),
}
NOTEBOOKS["unknown_kernel"].metadata["kernelspec"]["name"] = "no-such-kernel"
BROKEN = {
    "no_json": "{ this is no JSON",
    "no_notebook": '{"a": 1}',
    "no_cells": json.dumps(new_notebook()),
    "version_3": '{"nbformat": 3, "nbformat_minor": 0, "worksheets": []}',
    "no_source": json.dumps(new_notebook() | {"cells": [{"cell_type": "code"}]}),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("session")
    (made / "conftest.py").write_text(CONFTEST)
    (made / "none.ini").write_text("[pytest]\n")
    for name, content in NOTEBOOKS.items():
        nbformat.write(content, made / f"{name}.ipynb")
    for name, text in BROKEN.items():
        (made / f"{name}.ipynb").write_text(text)
    return made


@pytest.fixture(scope="module")
def session(folder):
    command = [sys.executable, "-W", "error", "-m", "pytest", "-W", "error"]
    options = ["--coursekit", "--coursekit-cell-timeout=4", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *options, "--color=yes", "-c", "none.ini", "--rootdir=."],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture(scope="module")
def records(folder, session):
    lines = (folder / "records.jsonl").read_text().splitlines()
    found = map(json.loads, lines)
    return {(record["file"], record["cell_id"]): record for record in found}


@pytest.mark.parametrize(
    "name", [part.id for part in SAME.cells if "source" in part][1:]
)
def test_a_cell_that_means_the_same_passes(records, name):
    assert records["same", name]["said"] == ""


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_cell_that_differs_says_where_in_one_line(records, name):
    assert records["other", name]["line"] == DIFFERENCES[name]


def test_a_report_begins_with_the_cell_and_its_first_line(records):
    assert records["other", "gone"]["said"] == (
        "gone pass: printed text: stored 10, now nothing"
    )


def test_a_cell_that_raises_shows_its_traceback_below_the_line(records):
    line, _, traceback = records["other", "error"]["said"].partition("\n\n")

    assert line == "error 1 / 0: raised ZeroDivisionError: division by zero"
    assert "----> 1 1 / 0" in traceback
    assert "\x1b" not in traceback


def test_cells_after_a_failed_one_run_as_usual(records):
    assert records["other", "after"]["status"] == "ok"


def test_a_cell_that_keeps_talking_is_timed_out(records):
    found = records["slow", "chats"]

    assert found["status"] == "timed_out"
    assert found["line"] == "took longer than 4 s and was interrupted"
    assert found["seconds"] < 9


def test_the_cell_after_an_interrupted_one_passes(records):
    assert records["slow", "after"]["status"] == "ok"


def test_a_kernel_that_ignores_the_interrupt_is_stopped(records):
    assert records["slow", "stubborn"]["status"] == "timed_out"
    assert records["slow", "late"]["line"] == (
        "not run: the kernel was stopped in cell stubborn while True:"
    )


def test_a_dead_kernel_is_noticed_at_once(records):
    found = records["dead", "dies"]

    assert found["status"] == "kernel_died"
    assert found["seconds"] < 3


def test_a_cell_that_exits_is_the_one_that_fails(records):
    assert records["exits", "exits"]["status"] == "kernel_died"


@pytest.mark.parametrize("file", ["dead", "exits", "unknown_kernel"])
def test_cells_without_a_kernel_are_not_waited_for(records, file):
    found = records[file, "late"]

    assert found["status"] == "not_run"
    assert found["seconds"] < 0.5


def test_a_kernel_that_is_not_installed_is_named(records):
    assert records["unknown_kernel", "late"]["line"] == (
        "not run: the kernel could not be started: No such kernel named no-such-kernel"
    )


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("no_json", "is not JSON (line 1"),
        ("no_notebook", "is JSON but not a notebook"),
        ("no_cells", "has no cells"),
        ("version_3", "is in notebook format 3"),
        ("no_source", "is no valid notebook: "),
    ],
    ids=["no JSON", "no notebook", "no cells", "version 3", "no source"],
)
def test_a_file_that_is_no_notebook_fails_and_the_rest_runs(records, file, reason):
    found = records[file, "notebook"]

    assert found["said"].startswith(f"{file}.ipynb: {reason}")
    assert "\n" not in found["said"]


def test_a_widget_is_compared_with_its_state_after_the_last_cell(records):
    assert records["widgets", "view"]["status"] == "ok"
    assert records["widgets", "widgets"]["status"] == "ok"


def test_a_widget_in_another_state_fails_and_is_named(records):
    assert records["widgets_moved", "widgets"]["said"] == (
        "view import ipywidgets: widget, IntSlider 'At least', value: stored 5, now 3"
    )


def test_outputs_held_by_a_widget_are_compared_by_meaning(records):
    assert records["widgets_held", "widgets"]["said"] == (
        "view import ipywidgets: widget, Output, outputs: "
        "printed text: stored '3 links', now '2 links'"
    )


def test_a_widget_whose_state_was_not_stored_fails(records):
    assert records["widgets_unsaved", "view"]["line"] == (
        "widget: its state is not stored in the notebook, so nothing can be compared; "
        "run `coursekit build`"
    )


def test_the_session_ends_with_failures_but_without_warnings_or_errors(session):
    last = session.stdout.splitlines()[-1]

    assert session.returncode == pytest.ExitCode.TESTS_FAILED
    assert "warning" not in last
    assert "error" not in last


def test_the_record_carries_outputs_and_the_report_a_summary(records):
    found = records["same", "number"]

    assert found["outputs"][0]["text"].startswith("mean 0.3000")
    assert found["properties"]["coursekit"]["status"] == "ok"


def test_notebooks_are_left_alone_unless_asked_for(pytester):
    nbformat.write(NOTEBOOKS["dead"], pytester.path / "dead.ipynb")

    found = pytester.runpytest_inprocess("--collect-only")

    assert found.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_coursekit_refuses_to_share_notebooks_with_nbval(pytester):
    found = pytester.runpytest_inprocess("--coursekit", "--nbval")

    found.stderr.fnmatch_lines(["*--coursekit replaces --nbval*"])
