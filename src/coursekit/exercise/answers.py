"""A student's value as a plain typed tree: exact built-in types, ready for JSON.

A leaf is a JSON scalar (``null`` is a missing value); everything else is an object with
a ``kind``. Only the exact type of a value counts: an instance of a subclass, which may
claim to equal anything, becomes ``{"kind": "other"}`` and matches nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from coursekit.errors import CoursekitError
from coursekit.packed import unpack_arrays

MIME = "application/vnd.coursekit.answer+json"
# Set by builder and grader: answers are recorded, and nothing is said about them.
SILENT = "COURSEKIT_SILENT"
MAX_DEPTH = 12
MAX_LEAVES = 20_000
MAX_TEXT = 100_000
_EXACT_FLOATS = 2**53  # up to here a float is just the whole number that it shows

Plain = Any  # a JSON tree; mypy has no good recursive alias for json.loads


class AnswerTooLargeError(CoursekitError, ValueError):
    """A value is too deep or too large to be handed in as an answer.

    Parameters
    ----------
    what : str
        Which limit was passed, in words.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)

    def __str__(self) -> str:
        return (
            f"The answer is too large to check: {self.what}. "
            "Hand in the result, not the data that it was made from."
        )


def to_plain(value: object) -> Plain:
    """Turn a value into its plain typed form.

    Parameters
    ----------
    value : object
        Numbers, strings, booleans, ``None``, dates, lists, tuples, sets, dicts, pandas
        frames, series and indexes, numpy arrays, networkx graphs, plotly figures,
        ipywidgets and dataclass instances. Anything else becomes ``other``.

    Returns
    -------
    object
        A tree of exact ``dict``, ``list``, ``str``, ``int``, ``float``, ``bool`` and
        ``None`` that ``json.dumps`` takes. Missing values (``None``, NaN, NA, NaT) are
        ``None``.

    Raises
    ------
    AnswerTooLargeError
        Over 12 levels, 20,000 leaves, or a text of over 100,000 characters.
    """
    return _Encoder().encode(value, 0)


def answer_bytes(plain: Plain) -> bytes:
    """Write a plain tree canonically, for digests: sorted keys, no spaces."""
    return json.dumps(
        plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


class _Encoder:
    """One walk over one value, counting its leaves."""

    def __init__(self) -> None:
        self.leaves = 0

    def encode(self, value: object, depth: int) -> Plain:
        if depth > MAX_DEPTH:
            raise AnswerTooLargeError(f"it is nested over {MAX_DEPTH} levels deep")
        self.leaves += 1
        if self.leaves > MAX_LEAVES:
            raise AnswerTooLargeError(f"it has over {MAX_LEAVES:,} values")
        if value is None or type(value) is bool:
            return value
        encoder = _EXACT.get(type(value)) or _library_encoder(value)
        if encoder is not None:
            return encoder(self, value, depth)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self.record(value, depth)
        return {"kind": "other", "type": _type_name(value)}

    def all(self, values: Iterable[object], depth: int) -> list[Plain]:
        return [self.encode(value, depth + 1) for value in values]

    def text(self, value: str, _depth: int) -> Plain:
        if len(value) > MAX_TEXT:
            raise AnswerTooLargeError(f"it has a text of over {MAX_TEXT:,} characters")
        return value

    def integer(self, value: int, _depth: int) -> Plain:
        if value.bit_length() > 1023:  # beyond any float, and slow to print
            raise AnswerTooLargeError("it has a whole number of over 308 digits")
        return value

    def number(self, value: float, _depth: int) -> Plain:
        if math.isnan(value):
            return None
        if math.isinf(value):
            return {"kind": "infinite", "positive": value > 0}
        # 3.0 and 3 are one number, also as a label, a key or a member of a set.
        whole = value.is_integer() and abs(value) < _EXACT_FLOATS
        return int(value) if whole else value

    def moment(self, value: Any, _depth: int) -> Plain:
        if value != value:  # NaT, the one moment that differs from itself
            return None
        text = value.isoformat()
        return {"kind": "date", "value": text.removesuffix("T00:00:00")}

    def duration(self, value: Any, _depth: int) -> Plain:
        seconds = value.total_seconds()
        if math.isnan(seconds):
            return None
        return {"kind": "duration", "seconds": seconds}

    def sequence(self, value: Iterable[object], depth: int) -> Plain:
        return {"kind": "list", "items": self.all(value, depth)}

    def members(self, value: Iterable[object], depth: int) -> Plain:
        items = sorted(self.all(value, depth), key=answer_bytes)
        return {"kind": "set", "items": items}

    def mapping(self, value: Mapping[object, object], depth: int) -> Plain:
        pairs = [
            [self.encode(key, depth + 1), self.encode(item, depth + 1)]
            for key, item in value.items()
        ]
        return {"kind": "dict", "items": sorted(pairs, key=answer_bytes)}

    def record(self, value: Any, depth: int) -> Plain:
        fields = {
            field.name: self.encode(getattr(value, field.name), depth + 1)
            for field in dataclasses.fields(value)
        }
        return {"kind": "record", "type": type(value).__name__, "fields": fields}

    def scalar(self, value: Any, depth: int) -> Plain:  # numpy's own numbers
        if type(value).__name__ in {"datetime64", "timedelta64"}:
            pandas = sys.modules["pandas"]
            name = type(value).__name__
            make = pandas.Timestamp if name == "datetime64" else pandas.Timedelta
            return self.encode(make(value), depth)
        return self.encode(value.item(), depth)

    def missing(self, _value: object, _depth: int) -> Plain:
        return None

    def array(self, value: Any, depth: int) -> Plain:
        return {
            "kind": "array",
            "shape": [int(length) for length in value.shape],
            "items": self.all(value.ravel().tolist(), depth),
        }

    def index(self, value: Any, depth: int) -> Plain:
        return {"kind": "list", "items": self.all(value.tolist(), depth)}

    def series(self, value: Any, depth: int) -> Plain:
        return {
            "kind": "series",
            "index": self.labels(value.index, depth),
            "values": self.all(value.tolist(), depth),
        }

    def frame(self, value: Any, depth: int) -> Plain:
        return {
            "kind": "frame",
            "index": self.labels(value.index, depth),
            "columns": [str(name) for name in value.columns],
            "values": [
                self.all(value.iloc[:, place].tolist(), depth)
                for place in range(value.shape[1])
            ],
        }

    def labels(self, index: Any, depth: int) -> Plain:
        """Index labels, or ``None`` where they are only positions."""
        numbered = index.nlevels == 1 and index.name is None
        if numbered and index.inferred_type == "integer":
            return None
        return self.all(index.tolist(), depth)

    def graph(self, value: Any, depth: int) -> Plain:
        directed = bool(value.is_directed())
        edges = [self.all(edge[:2], depth + 1) for edge in value.edges()]
        if not directed:
            edges = [sorted(edge, key=answer_bytes) for edge in edges]
        return {
            "kind": "graph",
            "directed": directed,
            "nodes": sorted(self.all(value.nodes(), depth), key=answer_bytes),
            "edges": sorted(edges, key=answer_bytes),
        }

    def figure(self, value: Any, depth: int) -> Plain:
        tree = unpack_arrays(json.loads(value.to_json()))
        layout = tree.get("layout", {})
        axes = {
            name: (axis.get("title") or {}).get("text")
            for name, axis in sorted(layout.items())
            if name.startswith(("xaxis", "yaxis"))
        }
        traces = [
            {
                field: self.encode(trace[field], depth + 2)
                for field in sorted(_TRACE_FIELDS & set(trace))
            }
            for trace in tree.get("data", [])
        ]
        return {"kind": "figure", "traces": traces, "axes": axes}

    def widget(self, value: Any, depth: int) -> Plain:
        state = value.get_state()
        kept = {
            key: self.encode(item, depth + 1)
            for key, item in sorted(state.items())
            if key in {"value", "options", "min", "max", "description", "index"}
        }
        return {"kind": "widget", "type": type(value).__name__, "state": kept}


_EXACT: dict[type, Callable[[_Encoder, Any, int], Plain]] = {
    str: _Encoder.text,
    int: _Encoder.integer,
    float: _Encoder.number,
    list: _Encoder.sequence,
    tuple: _Encoder.sequence,
    set: _Encoder.members,
    frozenset: _Encoder.members,
    dict: _Encoder.mapping,
    dt.date: _Encoder.moment,
    dt.datetime: _Encoder.moment,
    dt.timedelta: _Encoder.duration,
}

_TRACE_FIELDS = {
    "type", "name", "x", "y", "z", "labels", "values", "text", "mode", "orientation",
    "locations", "lat", "lon", "r", "theta", "base",
}  # fmt: skip


def _library_encoder(value: object) -> Callable[[_Encoder, Any, int], Plain] | None:
    """Find the encoder for a type of a library, without importing the library."""
    kind = type(value)
    name = f"{kind.__module__.partition('.')[0]}.{kind.__qualname__}"
    if name in _BY_NAME:
        return _BY_NAME[name]
    numpy = sys.modules.get("numpy")
    if kind.__module__ == "numpy" and numpy and isinstance(value, numpy.generic):
        return _Encoder.scalar
    pandas = sys.modules.get("pandas")
    if kind.__module__.partition(".")[0] == "pandas" and pandas:
        if isinstance(value, pandas.Index):
            return _Encoder.index
        if isinstance(value, pandas.api.extensions.ExtensionArray):
            return _Encoder.index
    if kind.__module__.startswith("ipywidgets.") and hasattr(value, "get_state"):
        return _Encoder.widget
    return None


_BY_NAME: dict[str, Callable[[_Encoder, Any, int], Plain]] = {
    "numpy.ndarray": _Encoder.array,
    "pandas.DataFrame": _Encoder.frame,
    "pandas.Series": _Encoder.series,
    "pandas.Timestamp": _Encoder.moment,
    "pandas.NaTType": _Encoder.missing,
    "pandas.NAType": _Encoder.missing,
    "pandas.Timedelta": _Encoder.duration,
    "plotly.Figure": _Encoder.figure,
    "networkx.Graph": _Encoder.graph,
    "networkx.DiGraph": _Encoder.graph,
}


def _type_name(value: object) -> str:
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}"
