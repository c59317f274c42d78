"""Answers that are alike beyond what the task explains: a reason to look, no verdict.

Answers are cut into tokens, the names of variables made one, and fingerprinted by
winnowing. What students were given and what many of them wrote does not count.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np

_TOKEN = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r"|(?P<text>'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<number>\d[\w.]*)"
    r"|(?P<mark>[^\w\s])"
)
_WORD = re.compile(r"\w+")
GRAM = 8  # tokens of a fingerprint: shorter matches are noise
WINDOW = 8  # of fingerprints, of which one is kept
_LEAST = 6  # shared fingerprints of a pair
_ALIKE = 0.5  # share of the shorter one's
_COMMON = 0.1  # share of students who have it, beyond which it is the task's
_FEWEST = 4  # students who may share something in a small class
_PASSAGES = 8  # of a pair that are shown
_BASE = 6364136223846793005  # odd and with bits everywhere; Knuth's for 64 bits


@dataclass(frozen=True)
class Print:
    """Fingerprints of a text: where, in characters, each begins and ends."""

    places: Mapping[int, tuple[int, int]]


@dataclass(frozen=True)
class Pair:
    """Two students whose answers share more than the task explains.

    ``shared`` counts common fingerprints, ``alike`` is their share of the shorter
    one's, in 0-1, and ``passages`` has what stands at them, side by side.
    """

    first: str
    second: str
    shared: int
    alike: float
    passages: tuple[tuple[str, str], ...]


def take_prints(text: str, *, prose: bool = False) -> Print:
    """Fingerprint a text.

    Parameters
    ----------
    text : str
        Code, where comments and the names of variables do not matter.
    prose : bool, default False
        Whether it is words, where case and marks do not matter.

    Returns
    -------
    Print
        Some of its hashed runs of eight tokens: of any eight that follow one another
        at least one is kept, so that two texts with fifteen equal tokens in a row share
        a fingerprint.

    References
    ----------
    Schleimer S, Wilkerson D S and Aiken A, 'Winnowing: Local Algorithms for Document
    Fingerprinting' (SIGMOD 2003) 76, doi:10.1145/872757.872770.
    """
    import numpy as np

    found = list(_find_words(text) if prose else _find_tokens(text))
    if len(found) < GRAM:
        return Print({})
    words = [word for word, _, _ in found]
    grams = _hash_grams(words)
    width = min(WINDOW, len(grams))
    windows = np.lib.stride_tricks.sliding_window_view(grams, width)
    # The rightmost of the smallest, as published: runs of equal ones keep one.
    last = width - 1 - windows[:, ::-1].argmin(axis=1)
    kept = sorted({int(at) for at in last + np.arange(len(windows))})
    places: dict[int, tuple[int, int]] = {}
    for at in kept:
        span = (found[at][1], found[at + GRAM - 1][2])
        places.setdefault(int(grams[at]), span)
    return Print(places)


def find_alike(
    answers: Mapping[str, str], given: Iterable[str] = (), *, prose: bool = False
) -> tuple[list[Pair], list[tuple[str, ...]]]:
    """Find pairs and groups of students with answers that are alike.

    Parameters
    ----------
    answers : mapping of str to str
        All answers of each student, as one text.
    given : iterable of str, optional
        What students were given: task, setup, placeholders.
    prose : bool, default False
        Whether answers are words.

    Returns
    -------
    tuple of list of Pair, and list of tuple of str
        Pairs with at least six common fingerprints that are half of the shorter one's,
        the most alike first; and groups of students that pairs connect. Fingerprints
        of what was given, or of more than a tenth of the students (and more than
        four), do not count. Likeness has many causes: a common source, working
        together where that was allowed, one way to write something short.
    """
    import networkx as nx

    prints = {
        student: take_prints(text, prose=prose) for student, text in answers.items()
    }
    known = {one for text in given for one in take_prints(text, prose=prose).places}
    count = Counter(one for taken in prints.values() for one in taken.places)
    most = max(_FEWEST, int(_COMMON * len(prints)))
    rare = {one for one, number in count.items() if number <= most} - known
    own = {s: rare.intersection(taken.places) for s, taken in prints.items()}
    pairs = [
        Pair(a, b, shared, round(alike, 6), ())
        for a, b, shared, alike in _list_pairs(own, count)
    ]
    pairs.sort(key=lambda pair: (-pair.alike, -pair.shared, pair.first, pair.second))
    pairs = [_with_passages(pair, answers, prints, own) for pair in pairs]
    graph = nx.Graph([(pair.first, pair.second) for pair in pairs])
    groups = sorted(tuple(sorted(group)) for group in nx.connected_components(graph))
    return pairs, groups


def _list_pairs(
    own: Mapping[str, set[int]], count: Mapping[int, int]
) -> Iterable[tuple[str, str, int, float]]:
    import numpy as np

    students = [student for student, prints in own.items() if len(prints) >= _LEAST]
    shared = sorted({p for s in students for p in own[s] if count[p] > 1})
    if not shared:
        return
    column = {one: place for place, one in enumerate(shared)}
    table = np.zeros((len(students), len(shared)), dtype=np.float32)
    for row, student in enumerate(students):
        table[row, [column[p] for p in own[student] if p in column]] = 1
    common = table @ table.T
    rows, columns = np.nonzero(np.triu(common >= _LEAST, k=1))
    for row, other in zip(rows.tolist(), columns.tolist(), strict=True):
        first, second = students[row], students[other]
        number = int(common[row, other])
        alike = number / min(len(own[first]), len(own[second]))
        if alike >= _ALIKE:
            yield first, second, number, alike


def _with_passages(
    pair: Pair,
    answers: Mapping[str, str],
    prints: Mapping[str, Print],
    own: Mapping[str, set[int]],
) -> Pair:
    both = own[pair.first] & own[pair.second]
    spans = sorted(
        (prints[pair.first].places[one], prints[pair.second].places[one])
        for one in both
    )
    passages = _join(spans)[:_PASSAGES]
    shown = tuple(
        (answers[pair.first][a:b], answers[pair.second][c:d])
        for (a, b), (c, d) in passages
    )
    return Pair(pair.first, pair.second, pair.shared, pair.alike, shown)


_Span = tuple[int, int]


def _join(spans: Sequence[tuple[_Span, _Span]]) -> list[tuple[_Span, _Span]]:
    """Join passages that overlap in both texts."""
    joined: list[tuple[_Span, _Span]] = []
    for first, second in spans:
        if joined:
            (a, b), (c, d) = joined[-1]
            if first[0] <= b and c <= second[0] <= d:
                joined[-1] = ((a, max(b, first[1])), (c, max(d, second[1])))
                continue
        joined.append((first, second))
    return joined


def _find_words(text: str) -> Iterator[tuple[str, int, int]]:
    for found in _WORD.finditer(text):
        yield found[0].casefold(), found.start(), found.end()


def _find_tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Cut code into tokens; none reaches over the end of a line."""
    at = 0
    for line in text.split("\n"):
        for word, start, end in _cut_line(line):
            yield word, at + start, at + end
        at += len(line) + 1


@lru_cache(maxsize=100_000)
def _cut_line(line: str) -> tuple[tuple[str, int, int], ...]:
    # Students share most of their lines, so each is cut once.
    return tuple(
        (_write(one, line), one.start(), one.end())
        for one in _TOKEN.finditer(line)
        if one.lastgroup != "comment"
    )


def _write(token: re.Match[str], text: str) -> str:
    """Write a token; what is called or stands after a dot is no variable."""
    if token.lastgroup != "name" or keyword.iskeyword(token[0]):
        return token[0]
    is_called = text[token.end() : token.end() + 1] == "("
    is_part = text[max(0, token.start() - 1) : token.start()] == "."
    return token[0] if is_called or is_part else "v"


def _hash_grams(words: Sequence[str]) -> np.ndarray[Any, Any]:
    """Hash each run of `GRAM` words; whole words are hashed once."""
    import numpy as np

    crcs = {word: crc32(word.encode(errors="replace")) for word in set(words)}
    hashed = np.array([crcs[word] for word in words], dtype=np.uint64)
    runs = np.lib.stride_tricks.sliding_window_view(hashed, GRAM)
    powers = np.uint64(_BASE) ** np.arange(GRAM, dtype=np.uint64)  # modulo 2 ** 64
    # The upper bits, since the lower bits of a product know only lower bits.
    mixed = (runs * powers).sum(axis=1, dtype=np.uint64) * np.uint64(_BASE)
    grams: np.ndarray[Any, Any] = mixed >> np.uint64(20)
    return grams
