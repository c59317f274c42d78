"""Compare two lists of notebook outputs: which parts count, by what rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from coursekit.exercise.answers import MIME as ANSWER_MIME
from coursekit.grading.meaning.figures import compare_figures
from coursekit.grading.meaning.images import compare_raster, compare_svg
from coursekit.grading.meaning.tables import compare_html, read_html
from coursekit.grading.meaning.values import compare_json, joined
from coursekit.grading.meaning.words import as_printed, compare_text

PLOTLY_MIME = "application/vnd.plotly.v1+json"
WIDGET_MIME = "application/vnd.jupyter.widget-view+json"

Output: TypeAlias = Mapping[str, Any]
Bundle: TypeAlias = Mapping[str, Any]
CompareViews: TypeAlias = Callable[[str, str], str | None]

# What a reader calls it.  The order is that of comparison: the telling ones first.
_NAMES = {
    ANSWER_MIME: "answer",
    PLOTLY_MIME: "figure",
    WIDGET_MIME: "widget",
    "text/html": "HTML",
    "image/svg+xml": "SVG image",
    "image/png": "image",
    "image/jpeg": "image",
    "text/latex": "formula",
    "text/markdown": "Markdown",
    "text/plain": "text",
}


def compare_outputs(
    stored: Sequence[Output],
    fresh: Sequence[Output],
    *,
    compare_views: CompareViews | None = None,
) -> str | None:
    """Compare the outputs of one cell by what they mean.

    Parameters
    ----------
    stored, fresh : sequence of outputs
        Outputs in the notebook format: those of the file, and those just computed.
    compare_views : callable, optional
        Compares two widget views, given their model ids.  Without it every pair of
        views counts as equal.

    Returns
    -------
    str or None
        One line that says where the first difference is; None if there is none.

    Notes
    -----
    Printed text is joined, stdout and stderr each for itself, because the kernel cuts
    it where it likes.  All else is compared in order.  An answer of an exercise is
    compared by its JSON alone, and the plain text of a table or figure is passed over,
    because it repeats it.

    Examples
    --------
    >>> stored = [{"output_type": "stream", "name": "stdout", "text": "12 rows"}]
    >>> fresh = [{"output_type": "stream", "name": "stdout", "text": "13 rows"}]
    >>> compare_outputs(stored, fresh)
    "printed text: stored '12 rows', now '13 rows'"
    """
    old_error, new_error = _error(stored), _error(fresh)
    if old_error or new_error:
        found = _compare_errors(old_error, new_error)
        if found:
            return found
    for name, said in (("stdout", "printed text"), ("stderr", "text on stderr")):
        found = compare_text(_printed(stored, name), _printed(fresh, name), said)
        if found:
            return found
    old, new = _displays(stored), _displays(fresh)
    if len(old) != len(new):
        return _count_displays(old, new)
    for number, (one, other) in enumerate(zip(old, new, strict=True), start=1):
        found = _compare_displays(one, other, compare_views)
        if found:
            return f"output {number}, {found}" if len(old) > 1 else found
    return None


def _error(outputs: Sequence[Output]) -> Output | None:
    return next((out for out in outputs if out["output_type"] == "error"), None)


def _compare_errors(stored: Output | None, fresh: Output | None) -> str | None:
    if stored is None or fresh is None:
        return f"error: stored {_say_error(stored)}, now {_say_error(fresh)}"
    if stored.get("ename") != fresh.get("ename"):
        return f"error: stored {stored.get('ename')}, now {fresh.get('ename')}"
    old, new = str(stored.get("evalue", "")), str(fresh.get("evalue", ""))
    return compare_text(old, new, f"message of {stored.get('ename')}")


def _say_error(error: Output | None) -> str:
    return "none" if error is None else str(error.get("ename"))


def _printed(outputs: Sequence[Output], name: str) -> str:
    streams = (out for out in outputs if out["output_type"] == "stream")
    return as_printed(
        "".join(joined(out["text"]) for out in streams if out.get("name") == name)
    )


def _displays(outputs: Sequence[Output]) -> list[Output]:
    shown = ("display_data", "execute_result")
    return [out for out in outputs if out["output_type"] in shown]


def _count_displays(stored: Sequence[Output], fresh: Sequence[Output]) -> str:
    return f"outputs: stored {_say_kinds(stored)}, now {_say_kinds(fresh)}"


def _kind(bundle: Bundle) -> str:
    known = (mime for mime in _NAMES if mime in bundle)
    mime = next(known, next(iter(bundle), "empty"))
    # A look, no parse: this may be a student's, and as large and broken as it likes.
    if mime == "text/html" and "<table" in joined(bundle[mime]):
        return "table"
    return _NAMES.get(mime, mime)


def _say_kinds(displays: Sequence[Output]) -> str:
    kinds = [_kind(display.get("data") or {}) for display in displays]
    return f"{len(kinds)} ({', '.join(kinds)})" if kinds else "none"


def _compare_displays(
    stored: Output, fresh: Output, compare_views: CompareViews | None
) -> str | None:
    old, new = stored.get("data") or {}, fresh.get("data") or {}
    if ANSWER_MIME in old and ANSWER_MIME in new:
        return _compare_answers(old[ANSWER_MIME], new[ANSWER_MIME])
    for mime in sorted(old.keys() ^ new.keys()):
        change = "is gone" if mime in old else "is new"
        return f"{_NAMES.get(mime, mime)} ({mime}) {change}"
    repeated = _repeated(old, new)
    for mime in sorted(old, key=_rank):
        found = None
        if mime == WIDGET_MIME and compare_views:
            ids = (str(side[mime].get("model_id")) for side in (old, new))
            found = compare_views(*ids)
        elif mime != WIDGET_MIME and mime not in repeated:
            found = _compare_mime(mime, old[mime], new[mime])
        if found:
            return found
    return compare_text(_alternative(stored), _alternative(fresh), "alternative text")


def _compare_answers(stored: Any, fresh: Any) -> str | None:
    if not (isinstance(stored, Mapping) and isinstance(fresh, Mapping)):
        return compare_json(stored, fresh, "answer")
    found = compare_json(stored.get("check"), fresh.get("check"), "name of the check")
    return found or compare_json(stored, fresh, f"answer {stored.get('check')!r}")


def _rank(mime: str) -> int:
    """Text last, formats that nobody here knows before it."""
    known = list(_NAMES)
    return known.index(mime) if mime in _NAMES else len(known) - 2


def _repeated(stored: Bundle, fresh: Bundle) -> set[str]:
    """Find the mime types that only repeat what another one says better."""
    repeated = set()
    html = [joined(side.get("text/html") or "") for side in (stored, fresh)]
    if all(read_html(text).tables for text in html):
        repeated.add("text/plain")
    if PLOTLY_MIME in stored:
        plain = [joined(side.get("text/plain") or "") for side in (stored, fresh)]
        if all(text.startswith(("Figure(", "FigureWidget(")) for text in plain):
            repeated.add("text/plain")
        if all("<script" in text for text in html):  # plotly's own page of the figure
            repeated.add("text/html")
    return repeated


def _compare_mime(mime: str, stored: Any, fresh: Any) -> str | None:
    name = _NAMES.get(mime, mime)
    if mime == PLOTLY_MIME:
        return compare_figures(stored, fresh)
    if mime.endswith("json") or not _are_texts(stored, fresh):
        return compare_json(stored, fresh, name)
    old, new = joined(stored), joined(fresh)
    if mime == "text/html":
        return None if old == new else compare_html(read_html(old), read_html(new))
    if mime == "image/svg+xml":
        return compare_svg(old, new)
    if mime.startswith(("image/", "audio/", "video/")) or mime == "application/pdf":
        return compare_raster(old, new, mime)
    return compare_text(old, new, name)


def _are_texts(*values: Any) -> bool:
    return all(
        isinstance(value, str)
        or (isinstance(value, list) and all(isinstance(line, str) for line in value))
        for value in values
    )


def _alternative(output: Output) -> str:
    """Read the text for readers who cannot see the output, from its metadata."""
    metadata = output.get("metadata") or {}
    parts = [metadata, *metadata.values()]  # for all mime types, then for each
    told = (part.get("alt") for part in parts if isinstance(part, Mapping))
    return "\n".join(str(text) for text in told if text)
