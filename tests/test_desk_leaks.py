"""A search for solutions, against somebody who hides them."""

import base64
import copy
import json

import pytest

from coursekit.course import course_root
from coursekit.desk.leaks import find_leaks, find_private, read_text
from coursekit.grading.frame import read_frame

SLUG = "05_forty_five_interventions"
FOLDER = course_root() / "exercises"
SECRET = bytes(range(32))
SOLUTION = 'supported = rows["unsc_response"].isin(SUPPORTIVE)'


@pytest.fixture(scope="module")
def frame():
    return read_frame(FOLDER / "reference" / f"{SLUG}.ipynb")


@pytest.fixture(scope="module")
def handed_out():
    return json.loads((FOLDER / f"{SLUG}.ipynb").read_text(encoding="utf-8"))


@pytest.fixture
def notebook(handed_out):
    return copy.deepcopy(handed_out)


def in_base64(text):
    return base64.encodebytes(text.encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        SOLUTION,
        SOLUTION.replace(" ", ""),
        SOLUTION.replace(" ", "\n\t"),
        in_base64(SOLUTION),
        base64.urlsafe_b64encode(SOLUTION.encode()).decode(),
        'check("renamed", support(cases.drop(index=[8, 22, 33])))',
    ],
)
@pytest.mark.parametrize(
    "hide",
    [
        lambda tree, text: tree["metadata"].update(note=text),
        lambda tree, text: tree["metadata"].update({text: 1}),
        lambda tree, text: tree["metadata"].update(
            widgets={"state": {"1": {"state": {"value": text}}}}
        ),
        lambda tree, text: tree["cells"][0].update(
            attachments={"a.txt": {"text/plain": text}}
        ),
        lambda tree, text: tree["cells"][0]["metadata"].update(x=[[text]]),
        lambda tree, text: tree["cells"].append(
            {"cell_type": "raw", "metadata": {}, "source": [text]}
        ),
    ],
)
def test_a_solution_is_found_wherever_it_hides(frame, notebook, hide, text):
    hide(notebook, text)

    assert find_leaks(frame, "it", notebook) != []


def test_an_output_is_found(frame, notebook):
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "42"}]

    assert "stores an output" in " ".join(find_leaks(frame, "it", notebook))


@pytest.mark.parametrize("text", ["# END SOLUTION", "###  begin hidden tests"])
def test_a_mark_is_found(frame, notebook, text):
    notebook["metadata"]["x"] = text

    assert find_leaks(frame, "it", notebook) == ["it holds the mark of a solution."]


def test_a_resolution_is_no_solution(frame, notebook):
    notebook["metadata"]["x"] = "RESOLUTION 2202 (2015), in SOLUTIONS to come"

    assert find_leaks(frame, "it", notebook) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SECRET.hex().upper(), "the secret"),
        (base64.b64encode(SECRET).decode(), "the secret"),
        (in_base64(SECRET.hex()), "the secret"),
        ("<Ana@x.org>", "the address of a student, ana@x.org"),
        (in_base64("name,email\nAna Li,ana@x.org\n"), "the address of a student"),
        ("CREATE TABLE coursekit_gradebook (version", "a gradebook"),
    ],
)
def test_what_is_the_instructors_alone_is_found(text, says):
    found = find_private("it", read_text(text), secret=SECRET, addresses={"ana@x.org"})

    assert says in " ".join(found)


def test_without_a_secret_or_addresses_nothing_is_found():
    text = "To bo@x.org: 00"

    assert find_private("it", text, secret=b"", addresses={"ana@x.org"}) == []
