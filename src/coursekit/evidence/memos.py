"""A checklist for a memo: what can be seen in its words before a person reads it.

The checklist reads words, not meaning. It finds a key that no source has; it cannot
find a source that says something else. A memo that passes is ready for a reader, and a
sentence that is held up may be a good one: say it otherwise, and it passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Final

from coursekit.authoring.citations import cited_keys
from coursekit.evidence.causal_claims import find_cause, find_unflagged
from coursekit.evidence.prose import GROUP, Paragraph, names_in_code, read_paragraphs
from coursekit.evidence.readings import readings
from coursekit.evidence.sources import source_keys
from coursekit.evidence.tables import dataset_names

# The datasets of each lens; `timeline` and `outlines` belong to all three, or to none.
LENSES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "law": (
            "interventions",
            "doctrines",
            "human_rights",
            "arguments",
            "attacks",
        ),
        "institutions": (
            "membership",
            "peacekeeping_missions",
            "un_documents",
            "un_stances",
            "episodes",
            "decision_table",
            "primary_institutions",
            "secondary_institutions",
        ),
        "surveillance": (
            "deployments",
            "suppliers",
            "country_context",
            "elections",
            "xinjiang_statements",
            "xinjiang_letters",
            "shutdowns",
            "shutdown_costs",
            "shutdown_cost_inputs",
            "shutdown_law",
            "claims",
            "causal_nodes",
            "causal_edges",
        ),
    }
)
HEURISTIC: Final = (
    "The checklist reads words, not meaning: a memo that passes is ready for a reader, "
    "who may still find it wrong."
)
_ACROSS = re.compile(
    r"\bacross\s+(?:\w+\s+){0,3}?readings?\b|\bbase\s+readings?\b", re.IGNORECASE
)
_AFTER = re.compile(
    r"\breadings?:?\s+((?:`[^`]+`(?:,\s*|\s+(?:and|or)\s+)?)+)", re.IGNORECASE
)


@dataclass(frozen=True)
class Item:
    """One line of a checklist.

    Parameters
    ----------
    name : str
        What is asked, in two words.
    passed : bool
        Whether it is there.
    says : str
        What was found, or what is missing and what would do.
    sentences : tuple of str
        Sentences or paragraphs of the memo that hold it up; empty if none does.
    """

    name: str
    passed: bool
    says: str
    sentences: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{'passed' if self.passed else 'FAILED'}: {self.name}. {self.says}"]
        return "\n".join([*lines, *(f'    "{text}"' for text in self.sentences)])


@dataclass(frozen=True, repr=False)
class Checklist:
    """What `check_memo` found; prints as lines of text.

    Parameters
    ----------
    items : tuple of Item
        In a fixed order.
    """

    items: tuple[Item, ...]

    @property
    def passed(self) -> bool:
        """Whether every item passed."""
        return all(item.passed for item in self.items)

    @property
    def outcomes(self) -> dict[str, bool]:
        """Each item's name, and whether it passed."""
        return {item.name: item.passed for item in self.items}

    def __str__(self) -> str:
        count = sum(item.passed for item in self.items)
        head = f"{count} of {len(self.items)} items passed. {HEURISTIC}"
        return "\n".join([head, *map(str, self.items)])

    __repr__ = __str__


def check_memo(text: str, *, root: Path | None = None) -> Checklist:
    """Check a memo for sources, readings, claims of cause, lenses and limits.

    Parameters
    ----------
    text : str
        Markdown. Sources are cited as ``[@Key, pinpoint]``; datasets and readings
        stand in backticks; a paragraph ends with an empty line, a heading starts with
        ``#``, and each entry of a list is a paragraph.
    root : pathlib.Path, optional
        A folder of datasets with sources.bib; the course's own ``data`` unless given.

    Returns
    -------
    Checklist
        Six items: ``keys resolve`` (every key is in sources.bib, and there is one);
        ``paragraphs sourced`` (each that states something has a key; exempt are
        questions, and without a figure what speaks of the memo itself, and the
        section on limits); ``readings declared`` (readings that exist, with their
        dataset, or "across readings" of a dataset that has some); ``causes flagged``
        (a sentence with one of ``CAUSAL_WORDS`` has one of ``FLAG_WORDS``, or is a
        question); ``three lenses`` (a dataset of each of `LENSES` is named); ``limits
        stated`` (a section whose heading has "cannot", with a sentence in it).

    Raises
    ------
    TypeError
        If ``text`` is no text.
    MalformedDataError
        If sources.bib or a dataset cannot be read.

    Notes
    -----
    Causes are found by short lists of words, see `coursekit.evidence.causal_claims`.

    Examples
    --------
    >>> found = check_memo("The cut led to the unrest.")
    >>> found.outcomes["causes flagged"], found.passed
    (False, False)
    """
    if not isinstance(text, str):
        raise TypeError(
            f"check_memo() was given {type(text).__name__}; it takes the memo as one "
            'text, such as memo = """## The case ...""".'
        )
    paragraphs = read_paragraphs(text)
    named = names_in_code(text)
    return Checklist(
        (
            _check_keys(text, source_keys(root=root)),
            _check_paragraphs(paragraphs),
            _check_readings(text, named, root),
            _check_causes(text),
            _check_lenses(named),
            _check_limits(paragraphs),
        )
    )


def _passed(name: str, says: str) -> Item:
    return Item(name, passed=True, says=says)


def _failed(name: str, says: str, sentences: Iterable[str] = ()) -> Item:
    return Item(name, passed=False, says=says, sentences=tuple(sentences))


def _check_keys(text: str, known: tuple[str, ...]) -> Item:
    name, keys = "keys resolve", cited_keys(text)
    odd = [group[0] for group in GROUP.finditer(text) if not cited_keys(group[0])]
    wrong = [key for key in keys if key not in known]
    if wrong or odd:
        near = [found for key in wrong for found in get_close_matches(key, known, 2)]
        hint = f" Near it: {', '.join(near)}." if near else ""
        listed = ", ".join([*wrong, *odd])
        return _failed(name, f"No source of the course has this key: {listed}.{hint}")
    if not keys:
        return _failed(name, "No source is cited. Write [@Key, pinpoint].")
    return _passed(name, f"Works cited: {len(keys)}, all of them in sources.bib.")


def _check_paragraphs(paragraphs: tuple[Paragraph, ...]) -> Item:
    name = "paragraphs sourced"
    bare = [part for part in paragraphs if part.states and not cited_keys(part.text)]
    if bare:
        says = "A paragraph with a figure or a claim needs a source, [@Key, pinpoint]."
        return _failed(name, says, [part.text for part in bare])
    if not any(part.states for part in paragraphs):
        return _failed(name, "No paragraph states anything.")
    return _passed(name, "Every paragraph with a figure or a claim has a source.")


def _check_readings(text: str, named: frozenset[str], root: Path | None) -> Item:
    name, homes = "readings declared", dict[str, set[str]]()
    datasets = dataset_names(root=root)
    for dataset in datasets:
        rivals = readings(dataset, root=root)
        for word in {*rivals["reading"], *rivals["question"]}:
            homes.setdefault(str(word), set()).add(dataset)
    called = names_in_code(" ".join(_AFTER.findall(text)))
    if unknown := sorted(called - homes.keys() - {*datasets}):
        says = f"No dataset has a reading {', '.join(unknown)}; readings() lists them."
        return _failed(name, says)
    chosen = sorted(named & homes.keys())
    if homeless := [word for word in chosen if not homes[word] & named]:
        where = ", ".join(f"{word} is of {min(homes[word])}" for word in homeless)
        return _failed(name, f"Name the dataset of each reading: {where}.")
    contested = sorted(named & {home for found in homes.values() for home in found})
    if chosen:
        return _passed(name, f"Declared: {', '.join(chosen)}.")
    if _ACROSS.search(text) and contested:
        return _passed(name, f"Declared for: {', '.join(contested)}.")
    return _failed(
        name,
        "Say which reading your figures take, by its name in backticks, or that they "
        "hold across readings; and name the dataset, one that has readings.",
    )


def _check_causes(text: str) -> Item:
    name, found = "causes flagged", find_unflagged(text)
    if found:
        words = {match[0].lower() for each in found if (match := find_cause(each))}
        says = (
            f"A claim of cause stands bare ({', '.join(sorted(words))}). Say who makes "
            "it, its grade, how sure it is, or that it is not identified."
        )
        return _failed(name, says, found)
    return _passed(name, "No sentence with a causal word stands without a flag.")


def _check_lenses(named: frozenset[str]) -> Item:
    name = "three lenses"
    missing = [lens for lens, datasets in LENSES.items() if not named & {*datasets}]
    if missing:
        wanted = [f"{lens} (such as {', '.join(LENSES[lens][:3])})" for lens in missing]
        return _failed(name, f"No dataset in backticks of {'; '.join(wanted)}.")
    return _passed(name, "A dataset of each lens is named.")


def _check_limits(paragraphs: tuple[Paragraph, ...]) -> Item:
    name = "limits stated"
    if any(part.limits for part in paragraphs):
        return _passed(name, "A section says what cannot be concluded.")
    return _failed(
        name,
        'Add a section, such as "## What cannot be concluded", and fill it.',
    )
