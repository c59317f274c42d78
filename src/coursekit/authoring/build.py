"""`coursekit build`: every product of every source, written or compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from coursekit.authoring.exercises import build_exercise
from coursekit.authoring.notebooks import (
    is_as_built,
    lay_out_notebook,
    run_notebook,
    write_notebook,
)
from coursekit.authoring.source import Source, read_source
from coursekit.course import course_root
from coursekit.errors import CoursekitError

Status = Literal["written", "unchanged", "out of date", "refused", "failed"]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Result:
    """What became of one file.

    Parameters
    ----------
    file : str
        The product, or the source where nothing came of it.
    status : {'written', 'unchanged', 'out of date', 'refused', 'failed'}
        ``out of date`` comes from ``--check``; ``refused`` from a file edited by hand.
    message : str
        Why, and what would help; empty where all is well.
    """

    file: str
    status: Status
    message: str = ""


@dataclass
class BuildReport:
    """What became of all that was to be built."""

    results: list[Result] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything is written or was already as it should be."""
        return all(item.status in {"written", "unchanged"} for item in self.results)

    def to_json(self) -> str:
        """Give the report as JSON."""
        results = [asdict(item) for item in self.results]
        return json.dumps({"passed": self.passed, "results": results}, indent=2)

    def to_text(self) -> str:
        """Give a line for each file."""
        lines = [
            f"{item.status:>11}  {item.file}"
            + (f": {item.message}" * bool(item.message))
            for item in self.results
        ]
        return "\n".join(lines) or "There was nothing to build."


def build(
    paths: Iterable[Path] = (),
    *,
    check: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Build lessons, exercises and the facts of datasets.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Sources (``.md``), dataset folders, or folders of either, anywhere. Without any,
        the course's own lessons, exercises and data.
    check : bool, default False
        Compare with what is there, and write nothing.
    force : bool, default False
        Write over notebooks that were edited by hand.
    progress : callable, optional
        Called with the number done, the number of all, and the name of the next.

    Returns
    -------
    BuildReport
        One result for each file.

    Raises
    ------
    CoursekitError
        If a path is no source, no dataset and no folder of either.
    """
    report = BuildReport()
    targets = list(_targets(paths))
    for done, target in enumerate(targets):
        if progress:
            progress(done, len(targets), target.name)
        try:
            if target.is_dir():
                report.results += _build_dataset(target, check=check)
            else:
                report.results += _build_source(target, check=check, force=force)
        except CoursekitError as error:
            # Most errors begin with the file's name, which the report gives itself.
            message = str(error).removeprefix(str(target)).lstrip(",: ")
            report.results.append(Result(str(target), "failed", message))
    if progress:
        progress(len(targets), len(targets), "")
    return report


def build_source(path: Path) -> dict[Path, str]:
    """Build what belongs to one source, and write nothing.

    Parameters
    ----------
    path : pathlib.Path
        A lesson's or an exercise's source.

    Returns
    -------
    dict of pathlib.Path to str
        The text of each file that belongs to it.
    """
    source = read_source(path)
    if source.is_exercise:
        return build_exercise(source)
    return {path.with_suffix(".ipynb"): _build_lesson(source)}


def find_sources(folder: Path) -> list[Path]:
    """Find the sources in a folder: Markdown files with a jupytext header."""
    return [path for path in sorted(folder.glob("*.md")) if _has_header(path)]


def _has_header(path: Path) -> bool:
    """Tell whether a file begins with a header of jupytext, whatever else is in it."""
    header = path.read_text(encoding="utf-8").partition("\n---")[0]
    return header.startswith("---\n") and "\njupytext:" in header


def _build_lesson(source: Source) -> str:
    notebook = lay_out_notebook(source, source.cells, kind="lesson")
    return write_notebook(run_notebook(notebook, source, folder=source.path.parent))


def _targets(paths: Iterable[Path]) -> Iterator[Path]:
    root = course_root()
    given = list(paths) or [root / name for name in ("lessons", "exercises", "data")]
    for path in given:
        datasets = [p.parent for p in sorted(path.glob("*/datapackage.json"))]
        sources = find_sources(path) if path.is_dir() else []
        is_source = path.suffix == ".md" and path.is_file()
        if is_source or (path / "datapackage.json").is_file():
            yield path
        elif sources or datasets:
            yield from [*sources, *datasets]
        elif path not in {root / "lessons", root / "exercises", root / "data"}:
            raise CoursekitError(
                f"{path}: there is nothing to build here. Name a source (.md with a "
                "jupytext header), a folder with datapackage.json, or a folder of them."
            )


def _build_dataset(folder: Path, *, check: bool) -> list[Result]:
    from coursekit.authoring.dataset import check_facts, write_facts

    written = not check and write_facts(folder)
    faults = check_facts(folder)
    if faults:
        return [Result(str(folder), "out of date", fault) for fault in faults]
    return [Result(str(folder), "written" if written else "unchanged")]


def _build_source(path: Path, *, check: bool, force: bool) -> list[Result]:
    products = build_source(path)
    return [
        _settle(product, text, check=check, force=force)
        for product, text in products.items()
    ]


def _settle(path: Path, text: str, *, check: bool, force: bool) -> Result:
    """Write one product, or say why not."""
    before = path.read_bytes() if path.exists() else None
    if before == text.encode():
        return Result(str(path), "unchanged")
    if check:
        why = "it is not what its source gives now" if before else "it was never built"
        return Result(str(path), "out of date", f"{why}; run `coursekit build`")
    edited = before is not None and path.suffix == ".ipynb" and not is_as_built(path)
    if edited and not force:
        message = (
            "it was changed by hand since it was built. Move what you want to keep "
            "into the .md source, then build again with --force"
        )
        return Result(str(path), "refused", message)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(path)
    return Result(str(path), "written")
