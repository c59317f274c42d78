"""Likeness: what is copied is found, what the task explains is not."""

import random
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.desk.similarity import GRAM, WINDOW, find_alike, take_prints

OPERATORS = ("+", "-", "*", "//", "%")
CALLS = ("sum", "len", "max", "sorted", "load", "set", "round", "abs", "min", "list")
SOLUTION = """
cases = load("interventions")
core = cases[~cases["contrast_case"]]
share = core["effective_control"].isin(["full", "partial"]).mean()
counts = core.groupby("unsc_response").size().sort_values()
late = core.query("year_start >= 1990").assign(known=lambda t: t["year_end"].notna())
"""


def invent(rng, lines=14):
    """Write code that nobody else would."""
    return "\n".join(
        f"a{rng.randrange(9)} = {rng.choice(CALLS)}(b{rng.randrange(9)} "
        f"{rng.choice(OPERATORS)} {rng.randrange(1000)}, {rng.choice(CALLS)}(c))"
        for _ in range(lines)
    )


def make_class(number=30, seed=1):
    rng = random.Random(seed)
    return {f"s{place:02d}": invent(rng) for place in range(number)}


def rename(code):
    return re.sub(r"\b([abc])(\d)\b", r"other_\1\2", code)


def test_independent_answers_are_not_alike():
    pairs, groups = find_alike(make_class())

    assert (pairs, groups) == ([], [])


def test_a_copy_with_other_names_and_moved_lines_is_found():
    answers = make_class()
    lines = rename(answers["s03"]).splitlines()
    answers["s17"] = "# mine\n" + "\n".join([*lines[7:], *lines[:7]])
    pairs, groups = find_alike(answers)

    assert [(pair.first, pair.second) for pair in pairs] == [("s03", "s17")]
    assert groups == [("s03", "s17")]
    assert pairs[0].alike > 0.7
    assert all("other_" not in left for left, _ in pairs[0].passages)
    assert any("other_" in right for _, right in pairs[0].passages)


def test_a_chain_of_copies_is_one_group():
    answers = make_class()
    for name in ("s04", "s05"):
        answers[name] = rename(answers["s03"])

    assert find_alike(answers)[1] == [("s03", "s04", "s05")]


def test_what_students_were_given_does_not_count():
    answers = dict.fromkeys(("ann", "bob"), SOLUTION)

    assert find_alike(answers)[1] == [("ann", "bob")]
    assert find_alike(answers, [SOLUTION])[0] == []


def test_what_many_wrote_does_not_count():
    answers = make_class() | {f"t{n:02d}": SOLUTION for n in range(8)}

    assert find_alike(answers)[0] == []


def test_short_answers_give_no_signal():
    answers = dict.fromkeys(("ann", "bob"), "x = sum(shares) / len(shares)")

    assert find_alike(answers)[0] == []


def test_words_are_compared_as_words():
    words = [f"word{number}" for number in range(12)]
    rng = random.Random(2)
    answers = {f"s{n}": " ".join(rng.choices(words, k=80)) for n in range(12)}
    answers["s5"] = answers["s4"].upper().replace(" ", ", ")
    pairs, _ = find_alike(answers, prose=True)

    assert [(pair.first, pair.second) for pair in pairs] == [("s4", "s5")]


@settings(max_examples=50)
@given(st.randoms(), st.integers(0, 40), st.integers(0, 40))
def test_a_common_run_of_the_guaranteed_length_shares_a_fingerprint(rng, left, right):
    def noise(number):
        return [str(rng.randrange(10**9)) for _ in range(number)]

    common = noise(GRAM + WINDOW - 1)
    first = " ".join([*noise(left), *common, *noise(right)])
    second = " ".join([*noise(right), *common, *noise(left)])

    assert set(take_prints(first).places) & set(take_prints(second).places)


@given(st.text(st.sampled_from("'\"\\#(\r\n\0a1é "), max_size=300))
def test_text_of_any_kind_can_be_fingerprinted(text):
    assert len(take_prints(text).places) <= len(text)
