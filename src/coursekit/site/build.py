"""Build the site: written beside its place, checked, and moved there whole."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from coursekit.course import course_root
from coursekit.errors import CoursekitError
from coursekit.site.links import check_pages
from coursekit.site.look import FIGURES, STYLE, configuration
from coursekit.site.pages import write_sources
from coursekit.site.place import move, refuse_others_work, write_manifest

_NOT_FOR_READERS = (".buildinfo", "objects.inv", "_static/**/*.map", "_static/*.html")


@dataclass(frozen=True, kw_only=True)
class SiteReport:
    """What was built, or why nothing was.

    Parameters
    ----------
    folder : str
        Where the site is.
    pages : int
        How many pages it has.
    faults : tuple of str
        Each page's faults; if there is one, the folder is as it was.
    """

    folder: str
    pages: int
    faults: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the site is in its place."""
        return not self.faults

    def to_text(self) -> str:
        """Say it to a person."""
        if self.passed:
            start = Path(self.folder) / "index.html"
            return f"{self.pages} pages. Open {start} in a browser."
        noun = "fault" if len(self.faults) == 1 else "faults"
        said = f"{len(self.faults)} {noun}; {self.folder} is as it was."
        return "\n".join([said, *(f"- {fault}" for fault in self.faults)])

    def to_json(self) -> str:
        """Write it for another program."""
        return json.dumps({**asdict(self), "passed": self.passed}, indent=2)


def build_site(out: Path, *, root: Path | None = None) -> SiteReport:
    """Build static pages of the course from what its notebooks store.

    Parameters
    ----------
    out : pathlib.Path
        Where the site shall be: a new or empty folder, or an earlier site that nobody
        changed. It is replaced whole or not at all.
    root : pathlib.Path, optional
        A folder with ``lessons``, ``exercises`` and ``data``; the course's own.

    Returns
    -------
    SiteReport
        The number of pages, or the faults that kept the site from its place.

    Raises
    ------
    CoursekitError
        If ``out`` holds anything else, or a notebook cannot be read.
    """
    out = out.absolute()
    refuse_others_work(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as work:
        site = Path(work, "site")
        faults = _build(root or course_root(), Path(work), site)
        pages = len(list(site.rglob("*.html")))
        if not faults:
            write_manifest(site)
            refuse_others_work(out)  # a build takes a while
            move(site, out, Path(work, "earlier"))
    return SiteReport(folder=str(out), pages=pages, faults=tuple(faults))


def _build(root: Path, work: Path, site: Path) -> list[str]:
    from plotly.offline import get_plotlyjs

    sources, static = work / "sources", work / "static"
    static.mkdir()
    write_sources(root, sources)
    (static / "plotly.min.js").write_text(get_plotlyjs(), encoding="utf-8")
    (static / "figures.js").write_text(FIGURES, encoding="utf-8")
    (static / "course.css").write_text(STYLE, encoding="utf-8")
    settings = configuration(str(static), version("coursekit"))
    lines = [f"{name} = {value!r}\n" for name, value in settings.items()]
    (sources / "conf.py").write_text("".join(lines), encoding="utf-8")
    told = _run_sphinx(sources, site, work)
    for left in _NOT_FOR_READERS:
        for file in sorted(site.glob(left)):
            file.unlink()
    return told + check_pages(site)


def _run_sphinx(sources: Path, site: Path, work: Path) -> list[str]:
    """Build in a process of its own, as Sphinx leaves traces, and give its warnings."""
    options = ["-q", "--no-color", "-b", "html", "-d", str(work / "doctrees")]
    told = work / "told.txt"
    ran = subprocess.run(  # noqa: S603 - our own Python and folders
        [sys.executable, "-P", "-m", "sphinx", *options, "-w", told, sources, site],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if ran.returncode:
        errors = re.findall(r"^ +([\w.]+: .+)$", ran.stderr, re.MULTILINE)
        why = errors[-1] if errors else f"it ended with {ran.returncode}."
        raise CoursekitError(f"Sphinx could not build the pages: {why}")
    lines = told.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line.replace(f"{sources}{os.sep}", "") for line in lines if line.strip()]
