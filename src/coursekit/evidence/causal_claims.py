"""Sentences that claim a cause, found by their words, and whether they say how sure.

A heuristic: two short lists of English words. "Led to a hall" is held up, and a cause
that is told by two sentences in a row is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from coursekit.evidence.prose import GROUP, read_paragraphs

# Words by which a sentence is taken to claim a cause. Others claim one too.
CAUSAL_WORDS: Final = (
    "as a result",
    "because",
    "brought about",
    "caused",
    "causes",
    "consequently",
    "driven by",
    "drove",
    "due to",
    "effect of",
    "enabled",
    "enables",
    "explains why",
    "hence",
    "impact of",
    "impact on",
    "lead to",
    "leads to",
    "led to",
    "made possible",
    "prevented",
    "resulted in",
    "results in",
    "strengthened",
    "thanks to",
    "therefore",
    "triggered",
    "weakened",
)
# Words by which a claim of cause is taken to be flagged: a hedge, somebody who makes
# the claim, a grade, or what is not identified. A question is flagged by its mark.
FLAG_WORDS: Final = (
    "according to",
    "alleged",
    "allegedly",
    "appears",
    "argues",
    "asserted",
    "asserts",
    "cannot",
    "claim",
    "claimed",
    "claims",
    "consistent with",
    "could",
    "grade A",
    "grade B",
    "grade C",
    "grade D",
    "hypothesis",
    "inferred",
    "likely",
    "may",
    "might",
    "no evidence",
    "not documented",
    "not established",
    "not identified",
    "not known",
    "not measured",
    "not shown",
    "perhaps",
    "possibly",
    "probably",
    "reportedly",
    "rival",
    "said to",
    "seems",
    "suggests",
    "whether",
)


def find_unflagged(text: str) -> tuple[str, ...]:
    """List the sentences that claim a cause and do not flag it.

    Parameters
    ----------
    text : str
        Markdown.

    Returns
    -------
    tuple of str
        Sentences with one of `CAUSAL_WORDS`, none of `FLAG_WORDS` and no question
        mark. What stands in a citation is not read.

    Examples
    --------
    >>> find_unflagged("The cut led to unrest. Unrest may have led to the cut.")
    ('The cut led to unrest.',)
    """
    sentences = (s for part in read_paragraphs(text) for s in part.sentences)
    return tuple(sentence for sentence in sentences if _is_unflagged(sentence))


def _finder(words: Iterable[str]) -> Callable[[str], re.Match[str] | None]:
    listed = (re.escape(word).replace(r"\ ", r"\s+") for word in words)
    # May is a month, may a doubt; a sentence hardly ever begins with the doubt.
    choices = "|".join("(?-i:may)" if word == "may" else word for word in listed)
    return re.compile(rf"\b(?:{choices})\b", re.IGNORECASE).search


find_cause = _finder(CAUSAL_WORDS)
_find_flag = _finder(FLAG_WORDS)


def _is_unflagged(sentence: str) -> bool:
    bare = GROUP.sub("", sentence)
    return bool(find_cause(bare)) and "?" not in bare and not _find_flag(bare)
