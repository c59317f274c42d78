"""The doctor on this machine, and on machines that lack something."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import IO, NoReturn

import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

from coursekit import doctor
from coursekit.doctor import Examination, Symptom, examine
from coursekit.errors import CoursekitError, MalformedDataError
from coursekit.grading.walls.sandbox import find_walls
from coursekit.student.lab import serve


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Examination:
    """What the doctor says of this machine."""
    return examine(tmp_path_factory.mktemp("doctor"))


def faults(symptoms: object) -> list[Symptom]:
    return [one for one in symptoms if one.state == "fault"]


def test_nothing_is_wrong_with_the_machine_that_runs_the_tests(
    here: Examination,
) -> None:
    assert faults(here.symptoms) == []
    assert here.to_text().endswith("All is well.")


def test_every_dataset_is_loaded(here: Examination) -> None:
    names = {one.name for one in here.symptoms}

    assert {"data timeline", "data interventions"} <= names


def test_json_says_the_same(here: Examination) -> None:
    read = json.loads(here.to_json())

    assert read["passed"] is True
    assert len(read["symptoms"]) == len(here.symptoms)


def test_a_fault_comes_with_what_would_help() -> None:
    fault = Symptom(name="pandas", state="fault", said="2.0", help="Install again.")
    report = Examination(symptoms=(fault,))

    assert not report.passed
    assert report.to_text().splitlines() == [
        "fault   pandas: 2.0",
        "        Install again.",
        "1 fault found.",
    ]


def test_advice_is_no_fault() -> None:
    advice = Symptom(name="Chromium", state="advice", said="not found")

    assert Examination(symptoms=(advice,)).passed


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> NoReturn:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "version", missing)

    assert "not installed" in doctor._look_at_package("pandas", ">=3.0").said


def test_an_old_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "version", lambda _name: "2.3")

    assert doctor._look_at_package("pandas", ">=3.0").said == (
        "2.3, but the course needs >=3.0"
    )


def test_a_package_that_breaks_on_import_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_name: str) -> NoReturn:
        raise OSError("a library is missing")

    monkeypatch.setattr(doctor, "import_module", broken)

    assert "a library is missing" in doctor._look_at_package("pandas", ">=3.0").said


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 9, 1))

    assert "3.9.1, but the course needs" in next(doctor._look_at_python()).said


@pytest.mark.parametrize(
    ("program", "states"),
    [
        ("python", ["well"]),
        (str(Path(sys.executable).with_name("python3")), ["well"]),
        ("/nowhere/python", ["advice"]),
    ],
    ids=["bare name", "other name", "other Python"],
)
def test_a_kernel_of_another_python_is_named(
    monkeypatch: pytest.MonkeyPatch, program: str, states: list[str]
) -> None:
    spec = KernelSpec(argv=[program], resource_dir="kernels/python3")
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda _self, _name: spec)

    assert [one.state for one in doctor._look_at_kernel()] == states


def test_another_python_in_the_same_folder_is_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    this, other = (tmp_path / name for name in ("python3.11", "python3.13"))
    for program in (this, other):
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(this))

    assert doctor._is_of_this_python(str(this))
    assert not doctor._is_of_this_python(str(other))


@pytest.mark.parametrize(
    "text", ["", '{"argv": [], "display_name": "", "language": ""}']
)
def test_a_kernel_that_makes_no_sense_is_named_with_its_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(text)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    (kernel,) = doctor._look_at_kernel()

    assert kernel.state == "advice"
    assert "cannot be read" in kernel.said
    assert f"remove the folder {folder};" in kernel.help


def test_a_look_that_fails_is_a_fault_and_the_rest_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_given: object) -> NoReturn:
        raise ModuleNotFoundError("No module named 'jupyter_core'")

    monkeypatch.setattr(doctor, "_look_at_lab", broken)
    report = examine(tmp_path)
    (fault,) = faults(report.symptoms)

    assert (fault.name, "jupyter_core" in fault.said) == ("JupyterLab", True)
    assert report.symptoms[-1].name == "walls"


def test_an_old_jupyterlab_is_refused_by_its_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "version", lambda _name: "3.6.8")
    said = r"^jupyterlab: 3\.6\.8, but the course needs >=4\.\d+\. Install again"

    with pytest.raises(CoursekitError, match=said):
        serve(tmp_path)


def test_missing_extensions_of_jupyterlab_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *_parts: [])

    assert len(faults(doctor._look_at_lab())) == 2


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    assert len(faults(doctor._look_at_folder(tmp_path / "none"))) == 1


def test_a_full_disk_is_told_from_a_folder_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def open_full(**_options: object) -> IO[bytes]:
        return Path("/dev/full").open("wb")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", open_full)
    (fault,) = faults(doctor._look_at_folder(tmp_path))

    assert "No space left on device" in fault.said
    assert fault.help.startswith("Make room on the disk")


def test_broken_data_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_name: str) -> NoReturn:
        raise MalformedDataError(Path("timeline.csv"), "a date", "'soon'", 3, "date")

    monkeypatch.setattr("coursekit.evidence.tables.load", broken)
    found = faults(doctor._look_at_data())

    assert found
    assert "timeline.csv, row 3, column 'date'" in found[0].said


def test_a_course_without_data_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursekit.evidence.tables.dataset_names", lambda: ())

    assert len(faults(doctor._look_at_data())) == 1


@pytest.fixture
def unprobed() -> Iterator[None]:
    """What was found of walls is forgotten, before and after."""
    find_walls.cache_clear()
    yield
    find_walls.cache_clear()


def test_missing_tools_are_advice_for_authors_and_graders(
    monkeypatch: pytest.MonkeyPatch, unprobed: None
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)

    assert [one.state for one in doctor._look_at_tools()] == ["advice", "advice"]


def test_walls_that_cannot_be_raised_are_said(
    monkeypatch: pytest.MonkeyPatch, unprobed: None, tmp_path: Path
) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho no namespaces >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda _name: str(program))
    walls = doctor._look_at_walls()

    assert walls.said.startswith("bubblewrap does not hold here (no namespaces); ")
    assert walls.help
