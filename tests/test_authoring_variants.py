"""Variants are built as the exercise is, kept whole, and given to their students."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from coursekit.authoring import variants
from coursekit.authoring.selftest import selftest
from coursekit.authoring.source import MalformedSourceError, read_source
from coursekit.authoring.variants import keep_variant
from coursekit.cli.variant import app
from coursekit.desk.course import Course
from coursekit.desk.frames import frame_for, hashes_for, parameters_for, variant_for
from variant_course import BY_HEART, CELL, EXERCISE, SLUG, make_variant_course


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return make_variant_course(
        tmp_path_factory.mktemp("course") / "x", roster="student,name\ns1,Ana\ns 2,Bo\n"
    )


@pytest.fixture
def other(course: Course) -> str:
    """Name a student who was drawn the variant that is not public."""
    students = (f"s{number}" for number in range(100))
    return next(s for s in students if parameters_for(course, SLUG, s) == {"SOUTH": 7})


def shares(course: Course, student: str) -> str:
    checks = frame_for(course, SLUG, student).questions[0].checks
    return json.dumps(checks[0].expected)


def test_a_student_is_judged_by_the_variant_drawn(course: Course, other: str) -> None:
    assert "0.75" in shares(course, "")
    assert "0.875" in shares(course, other)
    runs, expectations = hashes_for(course, SLUG)
    assert hashes_for(course, SLUG, other)[0] != runs
    assert hashes_for(course, SLUG, other)[1] != expectations


def test_the_notebook_says_which_variant_it_is(course: Course, other: str) -> None:
    frame_for(course, SLUG, other)
    name = variant_for(course, SLUG, other)
    cache = course.folder / ".coursekit" / "variants" / SLUG
    (student,) = cache.glob(f"*-{name}/{SLUG}.ipynb")
    notebook = nbformat.read(student, as_version=4)
    said = notebook.metadata["coursekit"]

    assert (said["variant"], said["parameters"]) == (name, {"SOUTH": 7})
    (cell,) = (c for c in notebook.cells if "parameters" in c.metadata.get("tags", ()))
    assert cell.source.splitlines()[0].startswith(f"# Variant {name} ")
    assert cell.source.splitlines()[1:] == ["SOUTH = 7"]
    assert "draw" not in student.read_text(encoding="utf-8")


def test_a_variant_is_built_once_until_its_source_or_data_change(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "exercises"
    folder.mkdir()
    path = folder / f"{SLUG}.md"
    path.write_text(EXERCISE, encoding="utf-8")
    calls = []

    def record(source, _values):
        calls.append(source.slug)
        return {source.path.with_suffix(".ipynb"): "text"}

    monkeypatch.setattr(variants, "build_variant", record)
    source, cache = read_source(path), tmp_path / "cache"
    first = keep_variant(source, {"SOUTH": 7}, cache)
    again = keep_variant(source, {"SOUTH": 7}, cache)
    (folder / "figures.csv").write_text("1", encoding="utf-8")
    with_data = keep_variant(source, {"SOUTH": 7}, cache)
    path.write_text(EXERCISE + "\nMore.\n", encoding="utf-8")
    with_source = keep_variant(source, {"SOUTH": 7}, cache)

    assert first == again
    assert len({first, with_data, with_source}) == len(calls) == 3


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.unlink(),
        lambda file: file.write_text("{", encoding="utf-8"),
        lambda file: file.with_name("sums.json").unlink(),
        lambda file: file.with_name("sums.json").write_text("[]", encoding="utf-8"),
    ],
)
def test_a_kept_variant_that_was_harmed_is_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm
) -> None:
    path = tmp_path / f"{SLUG}.md"
    path.write_text(EXERCISE, encoding="utf-8")
    monkeypatch.setattr(
        variants,
        "build_variant",
        lambda source, _values: {source.path.with_suffix(".ipynb"): "text"},
    )
    source, cache = read_source(path), tmp_path / "cache"
    file = keep_variant(source, {"SOUTH": 7}, cache) / f"{SLUG}.ipynb"
    harm(file)
    again = keep_variant(source, {"SOUTH": 7}, cache)

    assert again == file.parent
    assert file.read_text(encoding="utf-8") == "text"
    assert sorted(path.name for path in again.parent.iterdir()) == [again.name]


def test_a_build_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"{SLUG}.md"
    path.write_text(EXERCISE, encoding="utf-8")

    def fail(_source, _values):
        raise KeyboardInterrupt

    monkeypatch.setattr(variants, "build_variant", fail)
    with pytest.raises(KeyboardInterrupt):
        keep_variant(read_source(path), {"SOUTH": 7}, tmp_path / "cache")

    assert list((tmp_path / "cache" / SLUG).iterdir()) == []


def test_an_attempt_that_only_fits_the_public_variant_is_a_fault(
    course: Course, tmp_path: Path
) -> None:
    shutil.copytree(course.folder / "exercises", tmp_path, dirs_exist_ok=True)
    path = tmp_path / f"{SLUG}.md"
    path.write_text(BY_HEART, encoding="utf-8")

    report = selftest([path])

    (fault,) = report.faults
    assert fault.expected == "a build with SOUTH = 7"
    assert "this attempt is listed as right, but" in fault.seen


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("[3, 7]", "[4, 7]", "is not among those drawn"),
        (CELL, CELL + CELL, "one at most"),
        ("tags: [parameters]", "tags: [setup]", "the tag parameters and option draw"),
        ("draw: {SOUTH: [3, 7]}\n", "", "the tag parameters and option draw"),
    ],
)
def test_a_source_that_breaks_a_rule_is_refused(
    tmp_path, before, after, reason
) -> None:
    path = tmp_path / f"{SLUG}.md"
    path.write_text(EXERCISE.replace(before, after), encoding="utf-8")

    with pytest.raises(MalformedSourceError, match=reason):
        read_source(path)


def test_variant_tells_who_was_given_what_and_how(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course.folder)
    everybody = CliRunner().invoke(app, ["variant", "97", "--all", "--json"])
    one = CliRunner().invoke(app, ["variant", "97", "--student", "s1"])
    public = CliRunner().invoke(app, ["variant", "97"])
    both = CliRunner().invoke(app, ["variant", "97", "--student", "s1", "--all"])
    shouted = CliRunner().invoke(app, ["variant", "97", "--student", "S1 "])
    nobody = CliRunner().invoke(app, ["variant", "97", "--student", "s3"])

    told = json.loads(everybody.stdout)
    assert [row["student"] for row in told["students"]] == ["s1", "s 2"]
    assert told["students"][0]["parameters"] == parameters_for(course, SLUG, "s1")
    assert variant_for(course, SLUG, "s1") in one.stdout
    assert "HMAC-SHA256" in one.stdout
    assert "5e5e" not in one.stdout + everybody.stdout
    assert shouted.stdout == one.stdout
    assert "s3 is not in the roster" in nobody.stdout
    assert "not in the roster" not in one.stdout + public.stdout
    assert "not drawn" in public.stdout
    assert both.exit_code == 2


def test_where_the_course_draws_nothing_nobody_is_said_to_have_drawn(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(course.folder, tmp_path, dirs_exist_ok=True)
    toml = tmp_path / "course.toml"
    toml.write_text(toml.read_text().replace("variants = true", "variants = false"))
    (tmp_path / "secret").unlink()
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(app, ["variant", "97", "--student", "s1"]).stdout

    assert "SOUTH = 3" in said
    assert "HMAC" not in said
    assert "Write `variants = true`" in said


def test_an_empty_roster_is_said_to_be_empty(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(course.folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "roster.csv").write_text("student\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(app, ["variant", "97", "--all"]).stdout

    assert said == "Nobody is in the roster.\n"
