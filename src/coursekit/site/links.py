"""Check built pages: links, anchors, pictures, size, and that nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

MOST_BYTES = 3 * 2**20  # of one page; plotly's script, shared by all, stands beside
_FETCHED = {  # tags and the attribute whose address a browser fetches by itself
    "script": "src",
    "img": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "object": "data",
}


@dataclass
class _Page(HTMLParser):
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def has(self, fragment: str) -> bool:
        """Whether the page has the place that an address names after ``#``."""
        return unquote(fragment) in self.ids

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            if given["id"] in self.ids:
                self.faults.append(f"the id {given['id']!r} twice")
            self.ids.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif given.get(_FETCHED.get(tag, "")):
            self.fetched.append(given[_FETCHED[tag]])
        if tag == "img" and "alt" not in given:
            self.faults.append(f"a picture without words: {given.get('src')}")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))


def check_pages(folder: Path) -> list[str]:
    """Find what is wrong with built pages.

    Parameters
    ----------
    folder : pathlib.Path
        The site.

    Returns
    -------
    list of str
        Each fault with the page it stands on: links and anchors that lead nowhere,
        files that are missing or from elsewhere, pictures without words, ids that come
        twice, headings out of order, and pages that are too large. Links to other
        sites are not followed.
    """
    pages = {file.resolve(): _read(file) for file in sorted(folder.rglob("*.html"))}
    return [
        f"{file.relative_to(folder.resolve()).as_posix()}: {fault}"
        for file, page in pages.items()
        for fault in _faults(file, page, pages)
    ]


def _faults(file: Path, page: _Page, pages: dict[Path, _Page]) -> Iterator[str]:
    yield from page.faults
    if file.stat().st_size > MOST_BYTES:
        yield f"{file.stat().st_size:,} bytes; at most {MOST_BYTES:,} are allowed"
    for before, after in zip([0, *page.headings], page.headings, strict=False):
        if after > before + 1:
            yield f"a heading of level {after} after one of level {before}"
    for address in page.fetched:
        parts = urlsplit(address)
        if parts.scheme == "data" or address == "#":
            continue
        if parts.scheme or parts.netloc:
            yield f"{address} is fetched from elsewhere"
        elif not (file.parent / unquote(parts.path)).is_file():
            yield f"{address} is missing"
    for address in page.links:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        to = (file.parent / unquote(parts.path)).resolve() if parts.path else file
        if not to.is_file():
            yield f"the link {address} leads nowhere"
        elif parts.fragment and to in pages and not pages[to].has(parts.fragment):
            yield f"the anchor of {address} is not there"


def _read(file: Path) -> _Page:
    page = _Page()
    page.feed(file.read_text(encoding="utf-8"))
    page.close()
    return page
