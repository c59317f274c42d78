"""The reading site: what its pages hold, and what it never writes over."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coursekit.cli import app
from coursekit.course import course_root
from coursekit.errors import CoursekitError, MalformedDataError, MalformedNotebookError
from coursekit.site.build import SiteReport, build_site
from coursekit.site.citations import citation_linker
from coursekit.site.glossary import glossary_page, term_linker
from coursekit.site.links import check_pages
from coursekit.site.outputs import read_notebook, still
from coursekit.site.place import move, write_manifest

LESSON = "lessons/05_forty_five_interventions.ipynb"  # it links to two codebooks
ROOT = course_root()
WORK = "@misc{Nolte2010, author = {Nolte, Georg}, title = {One}, year = {2010}}"
PAGE = "<html><body>{}</body></html>"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole course, built once."""
    out = tmp_path_factory.mktemp("site") / "out"
    report = build_site(out)
    assert report.faults == ()
    return out


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one lesson, with the codebooks that it links to."""
    root = tmp_path / "course"
    codebooks = (f"data/{name}/README.md" for name in ("interventions", "glossary"))
    for name in (LESSON, *codebooks):
        (root / name).parent.mkdir(parents=True)
        shutil.copyfile(ROOT / name, root / name)
    (root / "exercises").mkdir()
    (root / "data/sources.bib").write_text(WORK)
    return root


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page in a folder of its own, for the link checker."""
    (tmp_path / "pages").mkdir()
    return tmp_path / "pages" / "page.html"


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def addresses_of(site: Path, attribute: str) -> set[str]:
    found: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(
            self, tag: str, attrs: list[tuple[str, str | None]]
        ) -> None:
            if tag != "a":
                found.update(value or "" for name, value in attrs if name == attribute)

    for file in site.rglob("*.html"):
        Reader().feed(read(file))
    return found


def test_every_notebook_and_codebook_is_a_page(site):
    sources = {
        file.relative_to(ROOT).with_suffix(".html")
        for pattern in ("lessons/*.ipynb", "exercises/*.ipynb", "data/*/README.md")
        for file in ROOT.glob(pattern)
    }
    pages = {file.relative_to(site) for file in site.rglob("*.html")}

    assert sources <= pages
    assert {Path("index.html"), Path("search.html"), Path("glossary.html")} <= pages


@pytest.mark.parametrize("attribute", ["src", "href", "data", "srcset", "poster"])
def test_no_page_fetches_from_another_host(site, attribute):
    found = addresses_of(site, attribute)

    assert not [address for address in found if "//" in address]


def test_no_style_or_script_of_ours_names_another_host(site):
    styles = [read(file) for file in (site / "_static").rglob("*.css")]

    assert "url(http" not in "".join(styles).replace('"', "").replace("'", "")
    assert "http" not in read(site / "_static/figures.js")


def test_plotly_is_there_once_and_asked_for_where_a_figure_is(site):
    lesson = read(site / "lessons/01_a_record_in_dispute.html")

    assert len(list(site.rglob("*plotly*"))) == 1
    assert lesson.count('src="../_static/plotly.min.js"') == 1
    assert "plotly.min.js" not in read(site / "exercises/02_who_may_invite.html")


def test_figures_and_widgets_carry_their_stored_state_and_words(site):
    lesson = read(site / "lessons/01_a_record_in_dispute.html")

    assert lesson.count('role="img" aria-label="31 events') == 2
    assert "This widget moves only in JupyterLab." in lesson
    assert "Decide before you open the answer." in lesson
    assert "widget-view+json" not in lesson


def test_citations_lead_to_the_work_and_back(site):
    lesson = read(site / "lessons/01_a_record_in_dispute.html")
    works = read(site / "bibliography.html")

    assert 'href="../bibliography.html#work-putz2023"' in lesson
    assert 'id="work-putz2023"' in works
    assert 'href="lessons/01_a_record_in_dispute.html"' in works


def test_exercises_are_shown_as_students_get_them(site):
    exercise = read(site / "exercises/02_who_may_invite.html")

    assert "NotImplementedError" in exercise
    assert "BEGIN SOLUTION" not in exercise
    assert not list(site.rglob("*.checks.json"))
    assert not list(site.rglob("*.ipynb"))


def test_pages_have_a_language_and_a_way_past_the_menus(site):
    lesson = read(site / "lessons/01_a_record_in_dispute.html")

    assert '<html lang="en"' in lesson
    assert "Skip to main content" in lesson


def test_an_earlier_site_is_replaced_whole(course, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/dropped.html").write_text("a page of an earlier version")
    write_manifest(tmp_path / "out")

    report = build_site(tmp_path / "out", root=course)

    assert report.passed
    assert not (tmp_path / "out/dropped.html").exists()
    assert "Forty-five" in read(tmp_path / "out/index.html")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["course", "out"]


def test_a_broken_link_is_named_and_keeps_the_site_from_its_place(course, tmp_path):
    (course / "data/interventions/README.md").write_text(
        "# One\n\n[two](../no/README.md)\n"
    )

    report = build_site(tmp_path / "out", root=course)

    assert not report.passed
    assert "data/interventions/README.md" in report.to_text()
    assert "is as it was" in report.to_text()
    assert not (tmp_path / "out").exists()


def test_a_folder_of_other_files_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(CoursekitError, match=r"no site of coursekit\. Name a new"):
        build_site(tmp_path)

    assert read(tmp_path / "thesis.txt") == "mine"


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"files": [1]}', '{"files": 7}'], ids=repr
)
def test_a_manifest_that_is_none_does_not_open_a_folder(tmp_path, manifest):
    (tmp_path / "coursekit-site.json").write_text(manifest)

    with pytest.raises(CoursekitError, match="no site of coursekit"):
        build_site(tmp_path)


def test_a_site_with_a_file_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "coursekit-site.json").write_text('{"files": {}}')
    (tmp_path / "CNAME").write_text("example.org")

    with pytest.raises(CoursekitError, match="CNAME was added or changed"):
        build_site(tmp_path)


def test_a_site_with_a_link_in_it_is_refused(tmp_path):
    (tmp_path / "coursekit-site.json").write_text('{"files": {}}')
    (tmp_path / "elsewhere").symlink_to(tmp_path.parent)

    with pytest.raises(CoursekitError, match="elsewhere was added"):
        build_site(tmp_path)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("a file")

    with pytest.raises(CoursekitError, match="is no folder"):
        build_site(tmp_path / "out")


def test_a_move_that_fails_leaves_the_earlier_site(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/index.html").write_text("earlier")

    with pytest.raises(FileNotFoundError):
        move(tmp_path / "none", tmp_path / "out", tmp_path / "earlier")

    assert read(tmp_path / "out/index.html") == "earlier"


def test_a_sphinx_that_fails_is_told_in_a_line(course, monkeypatch, tmp_path):
    broken = {"extensions": ["no_such_extension"]}
    monkeypatch.setattr("coursekit.site.build.configuration", lambda *_: broken)

    with pytest.raises(CoursekitError, match=r"could not build .*no_such_extension"):
        build_site(tmp_path / "out", root=course)

    assert [file.name for file in tmp_path.iterdir()] == ["course"]


def test_a_course_without_lessons_is_refused(tmp_path):
    with pytest.raises(CoursekitError, match="has no built lessons"):
        build_site(tmp_path / "out", root=tmp_path)


def test_a_broken_notebook_is_named(course, tmp_path):
    (course / LESSON).write_text('{"cells": []}')

    with pytest.raises(MalformedNotebookError, match="05_forty_five"):
        build_site(tmp_path / "out", root=course)

    assert not (tmp_path / "out").exists()


def test_the_command_says_where_the_site_is(monkeypatch, tmp_path):
    report = SiteReport(folder="pages", pages=3, faults=())
    monkeypatch.setattr("coursekit.site.build.build_site", lambda _out: report)

    ran = CliRunner().invoke(app, ["site", str(tmp_path / "pages")])

    assert ran.exit_code == 0
    assert ran.output == f"3 pages. Open {Path('pages/index.html')} in a browser.\n"


def test_without_sphinx_the_command_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr("coursekit.cli.group.find_spec", lambda _name: None)

    ran = CliRunner().invoke(app, ["site"])

    assert ran.exit_code == 2
    assert "pip install coursekit[site]" in ran.output


def test_the_command_fails_with_the_faults(monkeypatch, tmp_path):
    report = SiteReport(folder="pages", pages=3, faults=("a.html: no",))
    monkeypatch.setattr("coursekit.site.build.build_site", lambda _out: report)

    ran = CliRunner().invoke(app, ["site", str(tmp_path / "pages"), "--json"])

    assert ran.exit_code == 1
    assert json.loads(ran.output)["faults"] == ["a.html: no"]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="no.html">x</a>', "the link no.html leads nowhere"),
        ('<a href="#no">x</a>', "the anchor of #no is not there"),
        ('<a href="page.html#no">x</a>', "the anchor of page.html#no is not there"),
        ('<img src="no.png" alt="x">', "no.png is missing"),
        ('<img src="data:image/png;base64,A">', "a picture without words"),
        ('<script src="https://x.org/a.js">', "https://x.org/a.js is fetched from"),
        ('<link href="//x.org/a.css">', "//x.org/a.css is fetched from elsewhere"),
        ('<p id="a"></p><p id="a"></p>', "the id 'a' twice"),
        ("<h1>x</h1><h3>y</h3>", "a heading of level 3 after one of level 1"),
        ("<p>" + "x" * 3 * 2**20, "at most 3,145,728 are allowed"),
    ],
    ids=lambda value: value[:30],
)
def test_the_checker_finds(page, body, fault):
    page.write_text(PAGE.format(body))

    (found,) = check_pages(page.parent)

    assert found.startswith("page.html: ")
    assert fault in found


def test_the_checker_passes_a_sound_page(page):
    page.write_text(
        PAGE.format(
            '<h1 id="the é">x</h1><h2>y</h2><a href="#the%20%C3%A9">x</a>'
            '<a href="https://example.org/#x">y</a><a href="page.html">z</a>'
        ),
        encoding="utf-8",
    )

    assert check_pages(page.parent) == []


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("so (Nolte 2010).", "so ([Nolte 2010](#work-Nolte2010))."),
        (
            "(UN Charter (1945), Art 2; Mill 1859)",
            "([UN Charter (1945)](#work-UNCharter1945), Art 2; Mill 1859)",
        ),
        ("Nolte 2010 writes", "Nolte 2010 writes"),
        ("(see Nolte 2010)", "(see Nolte 2010)"),
        ("(Nolte 20101)", "(Nolte 20101)"),
    ],
    ids=["one", "two", "no parenthesis", "not as built", "longer"],
)
def test_citations_as_built_become_links(text, linked):
    assert citation_linker(ROOT / "data")(text)[0] == linked


def test_no_tag_of_a_figure_reaches_the_page():
    figure = {"data": [{"text": "</script><script>alert(1)</script>"}]}
    data = {"application/vnd.plotly.v1+json": figure, "text/plain": '"><b>'}
    output = {"output_type": "display_data", "data": data}
    notebook = {"metadata": {}, "cells": [{"metadata": {}, "outputs": [output]}]}

    still(notebook)

    assert "</script><script>alert" not in output["data"]["text/html"]
    assert "<b>" not in output["data"]["text/html"]


def test_a_notebook_is_read_with_its_lines_joined():
    notebook = read_notebook(ROOT / LESSON)

    assert notebook["cells"][0]["source"].startswith("# 5. Forty-five interventions\n")


def test_a_course_without_a_glossary_says_so(tmp_path):
    assert "no glossary yet" in glossary_page(tmp_path)


@pytest.fixture
def with_terms(tmp_path: Path) -> Path:
    """A course of nothing but the glossary and the works that it names."""
    shutil.copytree(ROOT / "data/glossary", tmp_path / "data/glossary")
    shutil.copyfile(ROOT / "data/sources.bib", tmp_path / "data/sources.bib")
    return tmp_path


def test_a_glossary_without_its_columns_is_named(with_terms):
    (with_terms / "data/glossary/glossary.csv").write_text("id,word\n1,veto\n")

    with pytest.raises(MalformedDataError, match="found 'id'"):
        glossary_page(with_terms)


def test_terms_are_sorted_and_marked_with_their_language(with_terms):
    text = glossary_page(with_terms)

    assert text.index("(term-consent)=") < text.index("(term-csto)=")
    assert (
        'Kazakh <span class="word" lang="kk">тараптардың келісімі</span>: unverified.'
    ) in text
    assert "(#work-Nicaragua1986)" in text


def test_the_first_use_of_a_term_is_linked_where_a_link_may_stand(with_terms):
    link = term_linker(with_terms, 2)
    text = link(
        "# Consent\n`consent` [consent](x.md) <b title='consent'>\n"
        "```\nconsent\n```\nBy consent; consenting; consent."
    )

    assert text.endswith("By [consent](#term-consent){.term}; consenting; consent.")
    assert text.count("#term-") == 1
    assert link("More consent.") == "More consent."


def test_terms_are_linked_in_the_number_that_the_text_uses(with_terms):
    assert term_linker(with_terms, 3)("Invitations came.") == (
        "[Invitations](#term-invitation){.term} came."
    )


def test_a_course_without_a_glossary_links_no_term(tmp_path):
    assert term_linker(tmp_path, 2)("consent") == "consent"
