"""What an import is kept from costing, in fresh processes."""

from __future__ import annotations

import subprocess
import sys


def printed_by(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_grammar_is_not_compiled_and_can_be_had_later() -> None:
    said = printed_by(
        "import sys\n"
        "from coursekit.imports import without_iri_grammar\n"
        "with without_iri_grammar():\n"
        "    import jsonschema\n"
        "print('rfc3987_syntax' in sys.modules)\n"
        "import rfc3987_syntax\n"
        "print('rfc3987_syntax' in sys.modules)"
    )

    assert said.split() == ["False", "True"]


def test_a_grammar_that_is_there_already_stays() -> None:
    said = printed_by(
        "import sys, types\n"
        "sys.modules['rfc3987_syntax'] = here = types.ModuleType('rfc3987_syntax')\n"
        "from coursekit.imports import without_iri_grammar\n"
        "with without_iri_grammar():\n"
        "    print(sys.modules['rfc3987_syntax'] is here)"
    )

    assert said == "True"


def test_importing_coursekit_imports_nothing_heavy() -> None:
    said = printed_by("import sys, coursekit; print(*sys.modules)")
    heavy = {"pandas", "plotly", "ipywidgets", "networkx", "numpy", "IPython"}

    assert not heavy & set(said.split())


def test_the_first_figure_of_an_exercise_does_not_compile_the_grammar() -> None:
    said = printed_by(
        "import sys, plotly.graph_objects as go\n"
        "from coursekit import open_exercise\n"
        "open_exercise('02_who_may_invite')\n"
        "go.Figure().show(renderer='json')\n"
        "print('rfc3987_syntax' in sys.modules, 'nbformat' in sys.modules)"
    )

    assert said.splitlines()[-1] == "False True"
