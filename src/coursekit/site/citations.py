"""Short citations in prose become links to the page of works."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from coursekit.evidence.sources import bibliography, cite, source_keys


def anchor(key: str) -> str:
    """Name the place of a work on the page of works."""
    return f"work-{key}"


def citation_linker(root: Path) -> Callable[[str], tuple[str, set[str]]]:
    """Make a function that links the citations of a text.

    Parameters
    ----------
    root : pathlib.Path
        The folder of sources.bib.

    Returns
    -------
    callable
        Takes Markdown in which labels stand in parentheses, as the build writes them:
        ``(Nolte 2010; UN Charter (1945), Art 2(4))``. Gives it with links, and the
        keys of the works that it cites.
    """
    keys = {cite(key, root=root): key for key in source_keys(root=root)}
    labels = "|".join(re.escape(label) for label in sorted(keys, key=len, reverse=True))
    cited = re.compile(rf"(?:(?<=\()|(?<=; ))(?:{labels})(?=[,;)])")

    def link(text: str) -> tuple[str, set[str]]:
        found = {keys[label] for label in cited.findall(text)}
        return cited.sub(lambda m: f"[{m[0]}](#{anchor(keys[m[0]])})", text), found

    return link


def works_page(root: Path, citing: Mapping[str, list[tuple[str, str]]]) -> str:
    """Write the page of all works, each with the lessons that cite it.

    Parameters
    ----------
    root : pathlib.Path
        The folder of sources.bib.
    citing : mapping of str to list of (str, str)
        For each key the titles and paths of lessons.

    Returns
    -------
    str
        Markdown with a target for each work.
    """
    works = bibliography(source_keys(root=root), root=root)
    lines = [
        "# Bibliography\n",
        f"{len(works)} works stand behind the datasets and the lessons.",
        f"{sum(key in citing for key in works.keys)} of them are cited in a lesson.",
        "The word in grey is the key by which a dataset names its source.\n",
    ]
    for key, work in zip(works.keys, works.markdown, strict=True):
        lessons = ", ".join(f"[{title}]({path})" for title, path in citing.get(key, []))
        told = f" Cited in {lessons}." if lessons else ""
        told = f"{_shorten(work)} `{key}`{{.key}}{told}\n"
        lines += [f"({anchor(key)})=", "{.work}", told]
    return "\n".join(lines)


def _shorten(work: str) -> str:
    """Show the host of an address only; the link keeps it whole."""
    return re.sub(r"<(https?://(?:www\.)?([^/>]+)[^>]*)>", r"[\2](<\1>)", work)
