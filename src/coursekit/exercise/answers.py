"""A student's value as a plain typed tree: exact built-in types, ready for JSON.

A leaf is a JSON scalar (``null`` is a missing value); everything else is an object with
a ``kind``. Only the exact type of a value counts: an instance of a subclass, which may
claim to equal anything, becomes ``{"kind": "other"}`` and matches nothing.

What holds numbers is of no account, and neither is how it is stored: 3, 3.0 and numpy's
3 are one number, a category is its text, NaN, NA, NaT and ``None`` are one missing
value, midnight is its day. Truth values are no numbers.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from coursekit.errors import CoursekitError
from coursekit.exercise.figures import read_figure

MIME = "application/vnd.coursekit.answer+json"
# Set by builder and grader: answers are recorded, and nothing is said about them.
SILENT = "COURSEKIT_SILENT"
MAX_DEPTH = 12
MAX_LEAVES = 20_000
MAX_TEXT = 100_000
MAX_TEXTS = 500_000  # characters of all texts; a grader reads 4 MB of JSON
MAX_BITS = 1023  # of a whole number: beyond, it is beyond any float and slow to print
_EXACT_FLOATS = 2**53  # up to here a float is just the whole number that it shows
_MIDNIGHT = "T00:00:00"

_write = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False
).encode  # made once: this is called for every member of a set
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
        Numbers, strings, booleans, ``None``, dates, durations, lists, tuples, sets,
        dicts and their relatives in the standard library, pandas frames, series,
        indexes, periods and intervals, numpy arrays, networkx graphs, plotly figures,
        ipywidgets and dataclass instances. Anything else becomes ``other``, and so
        does an object whose own code fails when it is read.

    Returns
    -------
    object
        A tree of exact ``dict``, ``list``, ``str``, ``int``, ``float``, ``bool`` and
        ``None`` that ``json.dumps`` takes. Missing values (``None``, NaN, NA, NaT) are
        ``None``.

    Raises
    ------
    AnswerTooLargeError
        Over 12 levels, 20,000 leaves, a text of over 100,000 characters, or over
        500,000 characters in all.
    """
    return _Encoder().encode(value, 0)


def answer_bytes(plain: Plain) -> bytes:
    """Write a plain tree canonically, for digests: sorted keys, no spaces."""
    return _write(plain).encode()


class _Encoder:
    """One walk over one value, counting its leaves and characters."""

    def __init__(self) -> None:
        self.leaves = 0
        self.characters = 0

    def encode(self, value: object, depth: int) -> Plain:
        if depth > MAX_DEPTH:
            raise AnswerTooLargeError(f"it is nested over {MAX_DEPTH} levels deep")
        self.leaves += 1
        self.require(0)
        if value is None or type(value) is bool:
            return value
        try:
            encoder = _EXACT.get(id(type(value))) or _find_encoder(type(value))
            return encoder(self, value, depth)
        except (AnswerTooLargeError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - a class of a student's may do anything
            return self.other(value, depth)

    def require(self, leaves: int) -> None:
        """Refuse a value with too many leaves, before they are listed if possible."""
        if self.leaves + leaves > MAX_LEAVES:
            raise AnswerTooLargeError(f"it has over {MAX_LEAVES:,} values")

    def all(self, values: Iterable[object], depth: int) -> list[Plain]:
        return [self.encode(value, depth + 1) for value in values]

    def other(self, value: object, depth: int) -> Plain:
        # type's own repr: a metaclass may give itself any name, and a text that is none
        name = type.__repr__(type(value)).removeprefix("<class '").removesuffix("'>")
        return {"kind": "other", "type": self.text(name, depth)}

    def text(self, value: str, _depth: int) -> str:
        # Half an emoji is a legal text in Python, and can neither be sent nor digested.
        text = str.encode(value, errors="replace").decode()
        self.characters += len(text)
        if len(text) > MAX_TEXT:
            raise AnswerTooLargeError(f"it has a text of over {MAX_TEXT:,} characters")
        if self.characters > MAX_TEXTS:
            raise AnswerTooLargeError(f"it has over {MAX_TEXTS:,} characters of text")
        return text

    def integer(self, value: int, _depth: int) -> Plain:
        if value.bit_length() > MAX_BITS:
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

    def fraction(self, value: Any, depth: int) -> Plain:
        return self.number(float(value), depth)

    def moment(self, value: Any, _depth: int) -> Plain:
        if value != value:  # NaT, the one moment that differs from itself
            return None
        return {"kind": "date", "value": value.isoformat().removesuffix(_MIDNIGHT)}

    def duration(self, value: Any, _depth: int) -> Plain:
        seconds = value.total_seconds()
        if math.isnan(seconds):
            return None
        return {"kind": "duration", "seconds": seconds}

    def period(self, value: Any, depth: int) -> Plain:
        return {"kind": "period", "value": self.text(str(value), depth)}

    def interval(self, value: Any, depth: int) -> Plain:
        left, right = self.all([value.left, value.right], depth)
        return {
            "kind": "interval",
            "closed": value.closed,
            "left": left,
            "right": right,
        }

    def sequence(self, value: Iterable[object], depth: int) -> Plain:
        return {"kind": "list", "items": self.all(value, depth)}

    def members(self, value: Iterable[object], depth: int) -> Plain:
        items = {answer_bytes(item): item for item in self.all(value, depth)}
        return {"kind": "set", "items": [items[key] for key in sorted(items)]}

    def mapping(self, value: Mapping[object, object], depth: int) -> Plain:
        pairs = {}
        for key, item in value.items():
            name = self.encode(key, depth + 1)
            pairs[answer_bytes(name)] = [name, self.encode(item, depth + 1)]
        return {"kind": "dict", "items": sorted(pairs.values(), key=answer_bytes)}

    def record(self, value: Any, depth: int) -> Plain:
        fields = {
            self.text(field.name, depth): self.encode(
                getattr(value, field.name), depth + 1
            )
            for field in dataclasses.fields(value)
        }
        name = self.text(type(value).__name__, depth)
        return {"kind": "record", "type": name, "fields": fields}

    def scalar(self, value: Any, depth: int) -> Plain:
        """Take one of numpy's own scalars, each by its nearest relative elsewhere."""
        return self.encode(_relative(type(value).__name__)(value), depth)

    def missing(self, _value: object, _depth: int) -> Plain:
        return None

    def array(self, value: Any, depth: int) -> Plain:
        if value.ndim == 0:
            return self.encode(value[()], depth + 1)
        self.require(value.size)
        flat = value.ravel()
        # tolist would make mere counts of ticks of some of numpy's moments.
        items = list(flat) if flat.dtype.kind in "mM" else flat.tolist()
        shape = [int(length) for length in value.shape]
        return {"kind": "array", "shape": shape, "items": self.all(items, depth)}

    def index(self, value: Any, depth: int) -> Plain:
        self.require(len(value))
        return {"kind": "list", "items": self.all(value.tolist(), depth)}

    def series(self, value: Any, depth: int) -> Plain:
        self.require(value.size)
        return {
            "kind": "series",
            "index": self.labels(value.index, depth),
            "values": self.all(value.tolist(), depth),
        }

    def frame(self, value: Any, depth: int) -> Plain:
        self.require(max(value.size, *value.shape))
        return {
            "kind": "frame",
            "index": self.labels(value.index, depth),
            "columns": [self.column(name, depth) for name in value.columns],
            "values": [
                self.all(value.iloc[:, place].tolist(), depth)
                for place in range(value.shape[1])
            ],
        }

    def labels(self, index: Any, depth: int) -> Plain:
        """Index labels, marked as such where they may be positions and no more."""
        labels = index.tolist()
        numbered = index.nlevels == 1 and index.name is None
        if not numbered or index.inferred_type != "integer":
            return self.all(labels, depth)
        if labels == list(range(len(labels))):
            return None
        return {"kind": "positions", "items": self.all(labels, depth)}

    def column(self, name: object, depth: int) -> str:
        """Name a column in a text: 2022 and "2022" are one column."""
        plain = self.encode(name, depth + 1)
        if isinstance(plain, dict):
            plain = plain.get("value", plain.get("type", str(name)))
        return self.text(plain if isinstance(plain, str) else str(plain), depth)

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
        traces, titles, logarithmic = read_figure(value)
        figure = {
            "kind": "figure",
            "traces": [
                {name: self.encode(trace[name], depth + 2) for name in trace}
                for trace in traces
            ],
            "axes": {name: self.encode(titles[name], depth + 1) for name in titles},
        }
        return figure | ({"logarithmic": logarithmic} if logarithmic else {})

    def widget(self, value: Any, depth: int) -> Plain:
        state = value.get_state()
        kept = {
            key: self.encode(item, depth + 1)
            for key, item in sorted(state.items())
            if key in {"value", "options", "min", "max", "description", "index"}
        }
        return {"kind": "widget", "type": type(value).__name__, "state": kept}


_Encode = Callable[[_Encoder, Any, int], Plain]

_TYPES: dict[type, _Encode] = {
    str: _Encoder.text,
    int: _Encoder.integer,
    float: _Encoder.number,
    list: _Encoder.sequence,
    tuple: _Encoder.sequence,
    range: _Encoder.sequence,
    collections.deque: _Encoder.sequence,
    type({}.keys()): _Encoder.sequence,
    type({}.values()): _Encoder.sequence,
    type({}.items()): _Encoder.sequence,
    set: _Encoder.members,
    frozenset: _Encoder.members,
    dict: _Encoder.mapping,
    collections.Counter: _Encoder.mapping,
    collections.OrderedDict: _Encoder.mapping,
    collections.defaultdict: _Encoder.mapping,
    dt.date: _Encoder.moment,
    dt.datetime: _Encoder.moment,
    dt.timedelta: _Encoder.duration,
}
# By identity: a metaclass may say that its class equals any other.
_EXACT = {id(kind): encode for kind, encode in _TYPES.items()}

# By root of a library: where it shows its types, its types by name, and families.
_HOLDERS = {
    "decimal": ("decimal",),
    "fractions": ("fractions",),
    "ipywidgets": ("ipywidgets",),
    "networkx": ("networkx",),
    "numpy": ("numpy", "numpy.ma"),
    "pandas": ("pandas", "pandas.arrays", "pandas.api.typing"),
    "plotly": ("plotly.graph_objs",),
}
_BY_NAME: dict[str, _Encode] = {
    "decimal.Decimal": _Encoder.fraction,
    "fractions.Fraction": _Encoder.fraction,
    "networkx.Graph": _Encoder.graph,
    "networkx.DiGraph": _Encoder.graph,
    "numpy.ndarray": _Encoder.array,
    "numpy.MaskedArray": _Encoder.array,
    "pandas.DataFrame": _Encoder.frame,
    "pandas.Series": _Encoder.series,
    "pandas.Timestamp": _Encoder.moment,
    "pandas.Timedelta": _Encoder.duration,
    "pandas.Period": _Encoder.period,
    "pandas.Interval": _Encoder.interval,
    "pandas.NaTType": _Encoder.missing,
    "pandas.NAType": _Encoder.missing,
    "plotly.Figure": _Encoder.figure,
}
_FAMILIES: dict[str, dict[tuple[str, str], _Encode]] = {
    "ipywidgets": {("ipywidgets", "Widget"): _Encoder.widget},
    "numpy": {("numpy", "generic"): _Encoder.scalar},
    "pandas": {
        ("pandas", "Index"): _Encoder.index,
        ("pandas.api.extensions", "ExtensionArray"): _Encoder.index,
    },
}


def _find_encoder(kind: type) -> _Encode:
    """Find the encoder for a type of a library, without importing the library.

    The type must be the library's own: whoever calls a class DataFrame, and says that
    it comes from pandas, has not made a table.
    """
    root, name = kind.__module__.partition(".")[0], kind.__name__
    holders = (sys.modules.get(holder) for holder in _HOLDERS.get(root, ()))
    if any(getattr(holder, name, None) is kind for holder in holders):
        if f"{root}.{name}" in _BY_NAME:
            return _BY_NAME[f"{root}.{name}"]
        for (module, base), encode in _FAMILIES.get(root, {}).items():
            if issubclass(kind, getattr(sys.modules[module], base)):
                return encode
    if dataclasses.is_dataclass(kind):
        return _Encoder.record
    return _Encoder.other


def _relative(scalar: str) -> Callable[[Any], object]:
    """Give what turns one of numpy's scalars into a value that is no numpy's."""
    pandas = sys.modules.get("pandas")
    relatives: dict[str, Callable[[Any], object]] = {
        "datetime64": getattr(pandas, "Timestamp", str),
        "timedelta64": getattr(pandas, "Timedelta", str),
        "longdouble": float,
        "clongdouble": complex,
    }
    return relatives.get(scalar, lambda value: value.item())
