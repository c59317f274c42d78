"""Sources are cited in short and listed in full."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from coursekit.errors import CoursekitError, MalformedDataError, UnknownNameError
from coursekit.evidence import bibliography, cite, load, source_keys

EXAMPLES = Path(__file__).parent / "datasets"


@pytest.fixture
def root(tmp_path):
    return Path(shutil.copytree(EXAMPLES, tmp_path / "data"))


def write(root, text):
    (root / "sources.bib").write_text(text, encoding="utf-8")


def test_keys_come_in_the_order_of_the_file(root):
    assert source_keys(root=root)[:2] == ("Police2020", "Ng2021")


@pytest.mark.parametrize(
    ("key", "label"),
    [
        pytest.param("Police2020", "Police and Fire Service 2020", id="a body"),
        pytest.param("Ng2021", "Ng and Müller 2021a", id="two authors, first of year"),
        pytest.param("Ng2021again", "Ng and Müller 2021b", id="second of the year"),
        pytest.param(
            "UnionAndFriends", "de Vries and others n.d.", id="three, no year"
        ),
        pytest.param("Handbook", "Roe 1999", id="editor"),
        pytest.param("Case7", "Union v City (1998)", id="no author"),
    ],
)
def test_citation_gives_names_and_year(root, key, label):
    assert cite(key, root=root) == label


def test_citation_ends_with_the_pinpoint(root):
    assert cite("Case7", "para 246", root=root) == "Union v City (1998), para 246"


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        pytest.param(
            "title = {A " + "very " * 20 + "long title}, year = {2001}",
            "A very very very very very very very very very very very … (2001)",
            id="long",
        ),
        pytest.param(
            "title = {[A " + "very " * 20 + "long title]}, year = {2001}",
            "[A very very very very very very very very very very very …] (2001)",
            id="long and translated",
        ),
        pytest.param(
            "title = {Act of 1999 on parades: a comment}, year = {1999}",
            "Act of 1999 on parades",
            id="year in title",
        ),
        pytest.param(
            "title = {Act of Parliament}, shorttitle = {The Act}, year = {1999}",
            "The Act (1999)",
            id="short title",
        ),
        pytest.param(
            "author = {Ng, Ada and others}, title = {A}, year = {1999}",
            "Ng and others 1999",
            id="others",
        ),
        pytest.param(
            "author = {van der Ng, Jr, Ada}, title = {A}, date = {1999-05-01}",
            "van der Ng Jr 1999",
            id="particles and a date",
        ),
        pytest.param(
            "author = {{R{\\=\\i}ga Office}}, title = {A}, year = 1999",
            "Rīga Office 1999",
            id="LaTeX",
        ),
        pytest.param(
            "author = {{Rīga Office}}, title = {A}, year = {1999}",
            "Rīga Office 1999",
            id="UTF-8",
        ),
    ],
)
def test_label_is_short_and_plain(root, fields, label):
    write(root, "@misc{K, " + fields + "}\n")

    assert cite("K", root=root) == label


def test_more_works_than_letters_are_told_apart(root):
    write(root, "".join(f"@misc{{K{n}, title = {{A}}}}\n" for n in range(28)))

    assert [cite(key, root=root) for key in ("K0", "K25", "K26", "K27")] == [
        "A (n.d.a)",
        "A (n.d.z)",
        "A (n.d.aa)",
        "A (n.d.ab)",
    ]


def test_unknown_source_is_answered_with_those_that_exist(root):
    with pytest.raises(
        UnknownNameError, match=r"no source named 'Ng'.*Case7, Handbook"
    ):
        cite("Ng", root=root)


def test_bibliography_of_a_dataset_has_rows_and_readings(root):
    assert bibliography("parades", root=root).keys == (
        "UnionAndFriends",
        "Ng2021",
        "Police2020",
    )


@pytest.mark.parametrize(
    ("what", "keys"),
    [
        pytest.param("Case7", ("Case7",), id="key"),
        pytest.param(["Case7", "Handbook", "Case7"], ("Handbook", "Case7"), id="keys"),
        pytest.param([], (), id="nothing"),
    ],
)
def test_bibliography_lists_each_work_once(root, what, keys):
    assert bibliography(what, root=root).keys == keys


def test_bibliography_of_a_frame_follows_its_rows(root):
    frame = load("parades", root=root)

    assert bibliography(frame.head(1), root=root).keys == ("Police2020",)


def test_bibliography_reads_plain_and_categorical_columns(root):
    frame = pd.DataFrame({"source": pd.Categorical(["Case7", None])})

    assert bibliography(frame, root=root).keys == ("Case7",)


def test_bibliography_of_a_frame_without_sources_is_refused(root):
    with pytest.raises(CoursekitError, match=r"no column of sources.*It has: a\."):
        bibliography(pd.DataFrame({"a": [1]}), root=root)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        pytest.param("parade", "no source or dataset named 'parade'", id="name"),
        pytest.param(["Case7", "Case8"], "no source named 'Case8'", id="key"),
    ],
)
def test_bibliography_of_something_unknown_is_refused(root, what, message):
    with pytest.raises(UnknownNameError, match=message):
        bibliography(what, root=root)


@pytest.mark.parametrize(
    ("key", "line"),
    [
        pytest.param(
            "Ng2021",
            "Ng, Ada; Müller, Bo (2021a). Who Counts? Journal of Parades 3(2), "
            "1\N{EN DASH}20. https://doi.org/10.1000/182",
            id="article",
        ),
        pytest.param(
            "Police2020",
            "Police and Fire Service (2020). Counts of 2020. "
            "https://example.org/a_b%20c",
            id="report that its author published",
        ),
        pytest.param(
            "Handbook", "Roe, Cy (ed) (1999). Handbook. Example Press.", id="edited"
        ),
        pytest.param("Case7", "Union v City (Merits), Judgment (1998).", id="untitled"),
    ],
)
def test_bibliography_gives_a_work_in_one_line(root, key, line):
    assert str(bibliography(key, root=root)) == line


def test_bibliography_in_a_notebook_has_links_and_no_stray_marks(root):
    text = bibliography("UnionAndFriends", root=root)._repr_markdown_()

    assert text == (
        "- de Vries, Eva; Ng, Ada; Roe, Cy (n.d.). *Our \\[own\\] \\*story\\**. "
        "<https://example.org/own_story>"
    )


def test_a_changed_bibliography_is_read_again(root):
    before = cite("Case7", root=root)
    write(root, "@misc{Case7, title = {Another v City}, year = {1998}}\n")

    assert (before, cite("Case7", root=root)) == (
        "Union v City (1998)",
        "Another v City (1998)",
    )


@pytest.mark.parametrize(
    ("text", "row", "message"),
    [
        pytest.param("@misc{A, title = {A}\n", 3, "a BibTeX entry", id="no end"),
        pytest.param("@misc{K, title = {A}}\n", 3, "K again", id="key twice"),
        pytest.param(
            "@misc{A, title = {A}, title = {B}}\n", 3, "title again", id="field twice"
        ),
        pytest.param("@misc{A, year = {1}}\n", 3, "a title of A", id="no title"),
        pytest.param("misc{A, title = {A}}\n", 3, "an entry", id="no @"),
    ],
)
def test_a_broken_bibliography_is_named_by_its_line(root, text, row, message):
    write(root, "% comment\n@misc{K, title = {A}}\n" + text)

    with pytest.raises(MalformedDataError, match=message) as caught:
        source_keys(root=root)

    assert caught.value.row == row


def test_a_bibliography_that_is_not_there_is_named(root):
    (root / "sources.bib").unlink()

    with pytest.raises(MalformedDataError, match=r"sources\.bib: expected a file"):
        cite("Case7", root=root)
