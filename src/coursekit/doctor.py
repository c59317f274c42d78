"""Look for what could keep the course from working on this machine."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from importlib.util import cache_from_source, find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from coursekit.errors import CoursekitError, advise

if TYPE_CHECKING:
    from packaging.requirements import Requirement

State = Literal["well", "advice", "fault"]

INSTALL_AGAIN = "Install again: `uv sync` in a checkout, else `pip install coursekit`."

# JupyterLab finds these on disk; without them figures or widgets stay blank.
LAB_EXTENSIONS = {
    "figures": "jupyterlab-plotly",
    "widgets": "@jupyter-widgets/jupyterlab-manager",
}
# Many small modules: where missing bytecode costs a student the most time.
_COMPILED = ("IPython", "jupyter_server", "pandas", "plotly")
_ROOM = 20_000_000  # bytes: a copy of the course is 10 MB, and notebooks grow
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


@dataclass(frozen=True, kw_only=True)
class Symptom:
    """One thing that was looked at.

    Parameters
    ----------
    name : str
        What was looked at.
    state : {"well", "advice", "fault"}
        Whether it works; "advice" if only some of the work needs it.
    said : str
        What is the case.
    help : str
        What would help; empty if all is well.
    """

    name: str
    state: State
    said: str
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Examination:
    """All that was looked at, in order."""

    symptoms: tuple[Symptom, ...]

    @property
    def passed(self) -> bool:
        """Whether the course can be used here."""
        return all(symptom.state != "fault" for symptom in self.symptoms)

    def to_text(self) -> str:
        """Give one line for each thing looked at, and what would help."""
        lines = []
        for symptom in self.symptoms:
            lines.append(f"{symptom.state:<6}  {symptom.name}: {symptom.said}")
            if symptom.help:
                lines.append(f"        {symptom.help}")
        faults = sum(symptom.state == "fault" for symptom in self.symptoms)
        count = f"{faults} fault{'' if faults == 1 else 's'}"
        return "\n".join([*lines, f"{count} found." if faults else "All is well."])

    def to_json(self) -> str:
        """Give the same to another program."""
        symptoms = [asdict(symptom) for symptom in self.symptoms]
        return json.dumps({"passed": self.passed, "symptoms": symptoms}, indent=2)


def examine(
    folder: Path, *, progress: Callable[[int, int, str], None] | None = None
) -> Examination:
    """Look at everything that the course needs.

    Parameters
    ----------
    folder : pathlib.Path
        Where the student works; whether it can be written is one of the questions.
    progress : callable, optional
        Told before each look how many are done, how many there are, and what is next.

    Returns
    -------
    Examination
        Nothing is raised for what does not work: that is what it says.
    """
    # Bytecode first: the looks after it import packages, which writes some.
    looks: tuple[tuple[str, Callable[[], Iterator[Symptom]]], ...] = (
        ("bytecode", _look_at_bytecode),
        ("Python", _look_at_python),
        ("packages", _look_at_packages),
        ("kernel", _look_at_kernel),
        ("JupyterLab", _look_at_lab),
        ("folder", lambda: _look_at_folder(folder)),
        ("data", _look_at_data),
        ("tools", _look_at_tools),
    )
    symptoms: list[Symptom] = []
    for done, (name, look) in enumerate(looks):
        if progress is not None:
            progress(done, len(looks), name)
        try:
            symptoms += look()
        except Exception as error:  # noqa: BLE001 - what is broken raises anything
            why = f"{type(error).__name__}: {error}"
            symptoms.append(_fault(name, f"could not be looked at ({why})"))
    return Examination(symptoms=tuple(symptoms))


def demand(name: str) -> None:
    """Refuse to go on without a package, or with one that the course cannot use.

    Raises
    ------
    CoursekitError
        The message says which version is there, which is needed, and what helps.
    """
    for wanted in _requirements():
        if wanted.name == name:
            found = _look_at_package(name, str(wanted.specifier))
            if found.state == "fault":
                raise CoursekitError(f"{name}: {found.said}. {found.help}")


def _well(name: str, said: str) -> Symptom:
    return Symptom(name=name, state="well", said=said)


def _advice(name: str, said: str, advice: str) -> Symptom:
    return Symptom(name=name, state="advice", said=said, help=advice)


def _fault(name: str, said: str, advice: str = INSTALL_AGAIN) -> Symptom:
    return Symptom(name=name, state="fault", said=said, help=advice)


def _look_at_bytecode() -> Iterator[Symptom]:
    sources = [source for name in _COMPILED for source in _sources(name)]
    ready = sum(Path(cache_from_source(file)).exists() for file in sources)
    said = f"{ready} of {len(sources)} modules are compiled"
    if ready >= 0.9 * len(sources):
        yield _well("bytecode", said)
        return
    yield _advice(
        "bytecode",
        f"{said}, so first starts are slow",
        "Run `uv sync --reinstall --compile-bytecode`, or `python -m compileall` "
        "on the packages.",
    )


def _sources(package: str) -> Iterator[Path]:
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        yield from (
            file for file in Path(folder).rglob("*.py") if "tests" not in file.parts
        )


def _look_at_python() -> Iterator[Symptom]:
    from packaging.specifiers import SpecifierSet

    mine = ".".join(str(part) for part in sys.version_info[:3])
    wanted = metadata("coursekit")["Requires-Python"] or ""
    if SpecifierSet(wanted).contains(mine):
        yield _well("Python", mine)
        return
    yield _fault(
        "Python",
        f"{mine}, but the course needs {wanted}",
        "`uv python install 3.11` gets one that fits; uv then uses it.",
    )


# Packages that are imported by a name that is not their own.
_IMPORTED_AS = {"markdown-it-py": "markdown_it"}


def _requirements() -> Iterator[Requirement]:
    """Give what a student needs, without the extras."""
    from packaging.requirements import Requirement

    for line in requires("coursekit") or []:
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            yield wanted


def _look_at_packages() -> Iterator[Symptom]:
    for wanted in _requirements():
        yield _look_at_package(wanted.name, str(wanted.specifier))


def _look_at_package(name: str, wanted: str) -> Symptom:
    from packaging.specifiers import SpecifierSet

    try:
        present = version(name)
        import_module(_IMPORTED_AS.get(name, name.lower().replace("-", "_")))
    except PackageNotFoundError:
        return _fault(name, f"not installed, but the course needs {wanted}")
    except Exception as error:  # noqa: BLE001 - a broken package raises anything
        why = f"{type(error).__name__}: {error}"
        return _fault(name, f"{present} cannot be imported ({why})")
    if not SpecifierSet(wanted).contains(present, prereleases=True):
        return _fault(name, f"{present}, but the course needs {wanted}")
    return _well(name, present)


def _look_at_kernel() -> Iterator[Symptom]:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    kernels = KernelSpecManager()
    try:
        program = kernels.get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        yield _fault("kernel", "Jupyter has no kernel named python3")
        return
    except Exception as error:  # noqa: BLE001 - a file by anybody raises anything
        said = f"python3 cannot be read ({type(error).__name__}: {error})"
    else:
        # jupyter_client runs "python" as the Python that it runs in itself.
        if program in {"python", "python3"} or _is_of_this_python(program):
            yield _well("kernel", f"python3 runs {sys.executable}")
            return
        said = f"python3 runs {program}, which may not have the course"
    yield _advice(
        "kernel",
        said,
        "`coursekit lab` does not use it. For other programs remove the folder "
        f"{kernels.find_kernel_specs().get('python3')}; Jupyter then uses its own.",
    )


def _is_of_this_python(program: str) -> bool:
    """Tell whether a program is this Python, perhaps under another of its names."""
    found, this = shutil.which(program), Path(sys.executable)
    if found is None or Path(found).absolute().parent != this.parent:
        return False  # perhaps the same program, but with other packages
    return Path(found).samefile(this)


def _look_at_lab() -> Iterator[Symptom]:
    from jupyter_core.paths import jupyter_path

    folders = [Path(folder) for folder in jupyter_path("labextensions")]
    for what, name in LAB_EXTENSIONS.items():
        if any((folder / name).is_dir() for folder in folders):
            yield _well(f"{what} in JupyterLab", name)
        else:
            said = f"{name} is not there, so {what} would stay blank"
            yield _fault(f"{what} in JupyterLab", said)


def _look_at_folder(folder: Path) -> Iterator[Symptom]:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_ROOM))
            file.flush()
    except OSError as error:
        advice = advise(error) or "use a folder of your own"
        yield _fault(
            "folder",
            f"{folder} cannot be written ({error.strerror})",
            f"{advice.capitalize()}; `coursekit lab FOLDER` names one.",
        )
    else:
        yield _well("folder", f"{folder} can be written")


def _look_at_data() -> Iterator[Symptom]:
    from coursekit.evidence.tables import dataset_names, load

    try:
        names = dataset_names()
    except (CoursekitError, OSError) as error:
        yield _fault("data", str(error))
        return
    if not names:
        yield _fault("data", "the course has no datasets here")
    for name in names:
        try:
            yield _well(f"data {name}", f"{len(load(name))} rows")
        except (CoursekitError, OSError) as error:
            yield _fault(f"data {name}", str(error))


def _look_at_tools() -> Iterator[Symptom]:
    browser = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if browser:
        yield _well("Chromium", browser)
    else:
        said = "not found; authors need it for the browser tests"
        yield _advice("Chromium", said, "On Debian: `apt-get install chromium`.")
    yield _look_at_walls()


def _look_at_walls() -> Symptom:
    from coursekit.grading.walls.limits import Limits
    from coursekit.grading.walls.sandbox import advise, find_walls, raise_walls

    kind, fault = find_walls()
    if kind != "none":
        return _well("walls", raise_walls("auto", Limits()).description)
    said = f"{fault}; graders need walls around what students hand in"
    return _advice("walls", said, advise())
