"""README, CONTRIBUTING and the commands' help, held to their word."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from typer.main import get_command

from coursekit.authoring.source import TAGS
from coursekit.cli import app

ROOT = Path(__file__).parents[1]
GROUP = get_command(app)
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/instructors.md",
    "docs/jupyterhub.md",
)
PROSE = [ROOT / name for name in PAGES]
TOOLS = {"pytest", "ruff", "mypy", "pre-commit", "dask"}
SHELL_LINE = re.compile(r"^    (?P<command>(?:pip|uv) .+?)(?: +#.*)?$", re.MULTILINE)
EXAMPLE = re.compile(r"^ +coursekit (?P<words>.+)$", re.MULTILINE)
NAMED = re.compile(r"`coursekit (?P<name>[a-z]+)[^`]*`")
LINK = re.compile(r"\]\((?P<target>[^)#]+)(?:#(?P<heading>[^)]*))?\)")
HEADING = re.compile(r"^#+ (?P<words>.+)$", re.MULTILINE)
TAG_ROW = re.compile(r"^\| `(?P<tags>[a-z, -]+)` \|", re.MULTILINE)


def shell_lines(file: Path) -> list[str]:
    """Every command that a prose file gives, without its comment."""
    return [found["command"] for found in SHELL_LINE.finditer(file.read_text())]


def headings(file: Path) -> set[str]:
    """Name the headings of a prose file as links to them do."""
    found = HEADING.finditer(file.read_text())
    return {heading["words"].lower().replace(" ", "-") for heading in found}


def help_of(name: str) -> str:
    context = GROUP.make_context("coursekit", ["doctor"])
    command = GROUP.get_command(context, name)
    return command.get_help(command.context_class(command, info_name=name))


def parse(words: list[str]) -> None:
    """Parse a command line as `coursekit` would, and run nothing."""
    name, *rest = words
    GROUP.commands[name].make_context(name, rest)


def ran_by_uv(line: str) -> list[str]:
    """Return what a line of the prose has uv run, without uv's own options."""
    words = shlex.split(line.rsplit("&&", 1)[1] if "&&" in line else line)
    assert words[:2] == ["uv", "run"], line

    words = words[2:]
    while words[0].startswith("--"):
        assert words[0] in {"--group", "--extra"}, line

        words = words[2:]
    return words


COMMANDS = sorted(GROUP.commands)
LINES = sorted(set(chain.from_iterable(shell_lines(file) for file in PROSE)))
EXAMPLES = [
    found["words"]
    for name in COMMANDS
    for found in EXAMPLE.finditer(help_of(name).split("Example:")[1])
]


@pytest.fixture
def at_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with what the examples name: the course, and submissions."""
    for name in ("lessons", "exercises", "data"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "coursekit-course").symlink_to(ROOT)
    (tmp_path / "submissions").mkdir()
    (tmp_path / "my").mkdir()
    (tmp_path / "my/quiz.md").touch()
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("at_the_root")
@pytest.mark.parametrize("line", LINES)
def test_every_command_in_the_prose_is_one_that_exists(line: str) -> None:
    program, *words = ran_by_uv(line)

    assert program in {"coursekit", *TOOLS}
    parse(words if program == "coursekit" else ["doctor"])


@pytest.mark.usefixtures("at_the_root")
@pytest.mark.parametrize("words", EXAMPLES)
def test_every_example_in_the_help_can_be_run(words: str) -> None:
    parse(shlex.split(words))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_an_example_of_itself(name: str) -> None:
    assert f"  coursekit {name}" in help_of(name).split("Example:")[1]


@pytest.mark.parametrize("file", PROSE, ids=lambda file: file.name)
def test_every_command_that_the_prose_names_exists(file: Path) -> None:
    named = {found["name"] for found in NAMED.finditer(file.read_text())}

    assert named <= set(COMMANDS)


def test_the_readme_names_every_command() -> None:
    named = {found["name"] for found in NAMED.finditer(PROSE[0].read_text())}

    assert named == set(COMMANDS)


def test_the_readme_opens_with_the_two_commands() -> None:
    first, second = shell_lines(PROSE[0])[:2]

    assert first == "pip install uv && uv run coursekit lab"
    assert second == "pip install uv && uv run --group dev pytest"


def test_a_group_that_the_prose_installs_is_in_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    words = [word for line in LINES for word in shlex.split(line)]
    groups = {words[at + 1] for at, word in enumerate(words) if word == "--group"}
    extras = {words[at + 1] for at, word in enumerate(words) if word == "--extra"}

    assert groups == set(project["dependency-groups"])
    assert extras <= set(project["project"]["optional-dependencies"])


def test_ci_runs_the_second_command_word_for_word() -> None:
    script = (ROOT / ".ci/run").read_text()
    program = re.search(r"command=\$\((?P<program>.+)\)$", script, re.MULTILINE)
    found = subprocess.run(
        ["bash", "-c", program["program"]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.strip() == shell_lines(PROSE[0])[1]


@pytest.mark.parametrize("file", PROSE, ids=lambda file: file.name)
def test_every_link_leads_to_a_file_of_the_course(file: Path) -> None:
    targets = {found["target"] for found in LINK.finditer(file.read_text())}

    assert {target for target in targets if not (ROOT / target).exists()} == set()


@pytest.mark.parametrize("file", PROSE, ids=lambda file: file.name)
def test_every_link_into_a_file_leads_to_a_heading(file: Path) -> None:
    missed = {
        found[0]
        for found in LINK.finditer(file.read_text())
        if found["heading"] and found["heading"] not in headings(ROOT / found["target"])
    }

    assert missed == set()


def test_every_tag_is_explained_to_authors() -> None:
    rows = TAG_ROW.findall((ROOT / "CONTRIBUTING.md").read_text())
    explained = {tag for row in rows for tag in row.split(", ")}

    assert explained == TAGS


def test_the_readme_maps_every_lesson_and_exercise() -> None:
    linked = {found["target"] for found in LINK.finditer(PROSE[0].read_text())}
    files = [*ROOT.glob("lessons/*.ipynb"), *ROOT.glob("exercises/*.ipynb")]

    assert {file.relative_to(ROOT).as_posix() for file in files} <= linked
