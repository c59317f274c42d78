"""What an installed coursekit carries, and what it must not."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COURSE = "coursekit/_course/"
TAKEN = ("src", "lessons", "exercises", "data")
FILES = ("pyproject.toml", "README.md", "LICENSE", "LICENSE-CONTENT")


def below(root: Path, *patterns: str) -> set[str]:
    return {
        COURSE + file.relative_to(root).as_posix()
        for pattern in patterns
        for file in root.glob(pattern)
        if file.is_file()
    }


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, so that building leaves nothing behind here."""
    folder = tmp_path_factory.mktemp("wheel") / "checkout"
    for name in TAKEN:
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    # A kind of file that nobody has thought of yet.
    (folder / "exercises" / "solutions.csv").write_text("question,answer\n")
    return folder


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> Path:
    """The wheel, built offline by the hatchling that is installed."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)
    return next((checkout / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_carries_the_course(checkout: Path, names: set[str]) -> None:
    course = {name for name in names if name.startswith(COURSE)}
    wanted = below(
        checkout,
        "lessons/*.ipynb",
        "exercises/*.ipynb",
        "exercises/*.checks.json",
        "data/**/*",
    )

    assert course == wanted


def test_the_wheel_carries_no_solution(names: set[str]) -> None:
    exercises = {name for name in names if "/exercises/" in name}

    assert exercises
    assert not [name for name in exercises if "reference" in name]
    assert {Path(name).suffix for name in exercises} == {".ipynb", ".json"}


def test_the_wheel_carries_the_code_and_its_licences(names: set[str]) -> None:
    code = {
        file.relative_to(ROOT / "src").as_posix()
        for file in (ROOT / "src").rglob("*.py")
    }

    assert code <= names
    assert {Path(name).name for name in names if "/licenses/" in name} == {
        "LICENSE",
        "LICENSE-CONTENT",
    }


def test_an_installed_wheel_hands_out_the_course(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'installed')!r})\n"
        "from pathlib import Path\n"
        "from coursekit.student.workspace import open_workspace\n"
        f"print(*open_workspace(Path({str(tmp_path / 'copy')!r})).added)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    given = set(done.stdout.split())

    assert "lessons/02_who_may_invite.ipynb" in given
    assert "exercises/02_who_may_invite.ipynb" in given
    assert not [name for name in given if "reference" in name]
