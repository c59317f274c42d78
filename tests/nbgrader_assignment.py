"""A plain assignment of nbgrader's, and what students made of it."""

from nbformat import v4, writes

GIVEN = {
    "right": ["def square(x):\n    return x * x", "total = 10"],
    "wrong": ["def square(x):\n    return x + x", "total = 10"],
    "raises": ["def square(x):\n    return x.no", "total = 10"],
    "partly": ["def square(x):\n    return x * x", "total = 4"],
    "blank": [None, None],
    "hidden": ["def square(x):\n    return 4", "total = 10"],
}


def _cell(kind, source, grade_id=None, **said):
    cell = v4.new_code_cell(source) if kind == "code" else v4.new_markdown_cell(source)
    if grade_id:
        plain = {"grade": False, "solution": False, "locked": False, "task": False}
        cell.metadata["nbgrader"] = (
            plain
            | said
            | {
                "grade_id": grade_id,
                "schema_version": 3,
            }
        )
    return cell


def make_source():
    """Two autograded answers, one with partial credit; a text; and a locked cell."""
    hidden = "### BEGIN HIDDEN TESTS\nassert square(5) == 25\n### END HIDDEN TESTS"
    cells = [
        _cell("markdown", "# Squares", "title", locked=True),
        _cell(
            "code",
            SQUARE,
            "square",
            solution=True,
        ),
        _cell(
            "code",
            "assert square(2) == 4, 'two squared'",
            "test_square",
            grade=True,
            locked=True,
            points=2,
        ),
        _cell("code", hidden, "test_more", grade=True, locked=True, points=3),
        _cell(
            "code",
            "### BEGIN SOLUTION\ntotal = 10\n### END SOLUTION",
            "total",
            solution=True,
        ),
        _cell(
            "code",
            "share = min(total, 10) / 10\n4 * share",
            "test_total",
            grade=True,
            locked=True,
            points=4,
        ),
        _cell(
            "markdown",
            "Because it is so.",
            "why",
            grade=True,
            solution=True,
            points=5,
        ),
    ]
    return v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


SQUARE = """def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION"""
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def fill(release, kind, *, tamper=False):
    """Fill in what was released; a tamperer also changes the tests."""
    notebook = v4.new_notebook(
        cells=[cell.copy() for cell in release.cells], metadata=release.metadata
    )
    answers = dict(zip(("square", "total"), GIVEN[kind], strict=True))
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if answers.get(name):
            cell.source = answers[name]
        if name == "why" and kind != "blank":
            cell.source = "Since I say so."
        if tamper and name and name.startswith("test_"):
            cell.source = "pass"
    return writes(notebook)
