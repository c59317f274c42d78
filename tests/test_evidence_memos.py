"""A checklist reads words: what each item holds up, and what it lets through."""

from __future__ import annotations

import pytest

from coursekit.evidence import dataset_names, readings
from coursekit.evidence.causal_claims import CAUSAL_WORDS, FLAG_WORDS, find_unflagged
from coursekit.evidence.memos import HEURISTIC, LENSES, check_memo
from coursekit.evidence.prose import read_paragraphs

CASE = (
    "In `interventions` the form is a request of the government [@KrienerBrassat2023]."
)
BODIES = "`membership` has six members on that day [@PISM2022]."
CUT = (
    "The hour is that of the reading `internet_cut_16_55` of `timeline` [@Kursiv2022]."
)
SUPPLY = "Of `deployments` I count rows of grade A and B [@Cloudflare2022]."
LIMITS = "## What cannot be concluded\n\nWhy the net was cut is not in these rows."
MEMO = "\n\n".join(["## The case", CASE, BODIES, CUT, SUPPLY, LIMITS])
# The course's own shared datasets, which are of no lens.
SHARED = {"glossary", "outlines", "timeline"}


def outcome(text, name):
    return next(item for item in check_memo(text).items if item.name == name)


def test_a_memo_with_all_that_is_asked_passes():
    found = check_memo(MEMO)

    assert found.passed, str(found)
    assert set(found.outcomes.values()) == {True}


@pytest.mark.parametrize(
    ("part", "instead", "item"),
    [
        pytest.param("PISM2022", "PISM2202", "keys resolve", id="a key with a slip"),
        pytest.param(" [@PISM2022]", "", "paragraphs sourced", id="no source"),
        pytest.param(
            "internet_cut_16_55", "internet_cut_3", "readings declared", id="no reading"
        ),
        pytest.param(
            " of `timeline`", "", "readings declared", id="a reading of nothing named"
        ),
        pytest.param(CUT, "", "readings declared", id="none declared"),
        pytest.param(
            "Why the net", "The net led to unrest. Why it", "causes flagged", id="cause"
        ),
        pytest.param("`deployments`", "them", "three lenses", id="no third lens"),
        pytest.param("`membership`", "it", "three lenses", id="no second lens"),
        pytest.param("`interventions`", "it", "three lenses", id="no first lens"),
        pytest.param(LIMITS, "", "limits stated", id="no limits"),
        pytest.param(
            LIMITS,
            "## What it shows\n\nWho knows why?",
            "limits stated",
            id="a heading of another sort",
        ),
    ],
)
def test_one_slip_fails_one_item(part, instead, item):
    outcomes = check_memo(MEMO.replace(part, instead)).outcomes

    assert [name for name, passed in outcomes.items() if not passed] == [item]


def test_an_empty_memo_passes_nothing_but_what_needs_a_sentence():
    outcomes = check_memo("").outcomes

    assert [name for name, passed in outcomes.items() if passed] == ["causes flagged"]


def test_a_key_with_a_slip_is_named_with_one_near_it():
    item = outcome("So it was [@KrienerBrasat2023].", "keys resolve")

    assert "KrienerBrasat2023" in item.says
    assert "Near it: KrienerBrassat2023" in item.says


def test_a_citation_that_cannot_be_read_is_held_up():
    item = outcome("So it was [@ Kriener and Brassat].", "keys resolve")

    assert "[@ Kriener and Brassat]" in item.says


def test_the_paragraph_without_a_source_is_quoted():
    item = outcome("A fact [@PISM2022].\n\nSix went in.", "paragraphs sourced")

    assert item.sentences == ("Six went in.",)


@pytest.mark.parametrize(
    ("text", "states"),
    [
        pytest.param("Who asked whom?", False, id="a question"),
        pytest.param("I take the base reading.", False, id="of the memo itself"),
        pytest.param("I count 3 rows.", True, id="a figure of one's own"),
        pytest.param("The force left.", True, id="a claim"),
        pytest.param("## It cannot\n\nNobody knows in 2022.", False, id="a limit"),
        pytest.param("## It cannot\n\nBetween 46 and 66.", True, id="figure in limits"),
        pytest.param("I take `internet_cut_16_55`.", False, id="figures of a name"),
    ],
)
def test_what_states_something_needs_a_source(text, states):
    assert [part.states for part in read_paragraphs(text)] == [states]


def test_every_entry_of_a_list_is_a_paragraph():
    parts = read_paragraphs("Two:\n- one\n  and more\n- two\n\n1. three")

    assert [part.text for part in parts] == ["Two:", "one and more", "two", "three"]


def test_a_full_stop_inside_a_citation_or_a_short_form_ends_no_sentence():
    (part,) = read_paragraphs("So Art. 4 says [@A2020, p. 3. See also]. And more.")

    assert part.sentences == ("So Art. 4 says [@A2020, p. 3. See also].", "And more.")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The figures hold across readings of `timeline`.", id="across"),
        pytest.param("Across the rival readings of `timeline` it holds.", id="rival"),
        pytest.param("I take the base reading of `timeline`.", id="base"),
        pytest.param("Under `internet_cut_16_55` of `timeline` it is so.", id="name"),
        pytest.param(
            "The question `internet_cut` of `timeline` is open.", id="question"
        ),
    ],
)
def test_a_reading_may_be_declared_in_several_ways(text):
    assert outcome(text, "readings declared").passed


def test_across_readings_of_a_dataset_without_any_declares_nothing():
    assert not outcome(
        "It holds across readings of `doctrines`.", "readings declared"
    ).passed


def test_an_unknown_reading_is_named_even_beside_a_known_one():
    text = "The readings `internet_cut_16_55` and `internet_cut_3` of `timeline`."

    assert "has a reading internet_cut_3;" in outcome(text, "readings declared").says


@pytest.mark.parametrize(
    ("sentence", "unflagged"),
    [
        pytest.param("The cut led to unrest.", True, id="bare"),
        pytest.param("THEREFORE they left.", True, id="capitals"),
        pytest.param("The cut did not prevent unrest, due to anger.", True, id="no"),
        pytest.param("In May 2022 the cut led to unrest.", True, id="a month"),
        pytest.param("The cut may have led to unrest.", False, id="hedge"),
        pytest.param("According to the firm it was due to an order.", False, id="who"),
        pytest.param("It led to unrest (grade C).", False, id="grade"),
        pytest.param("That it led to unrest is not identified.", False, id="open"),
        pytest.param("Had the cut led to unrest?", False, id="question"),
        pytest.param("They misled tourists.", False, id="inside a word"),
        pytest.param("So it was [@A2020, because of p 3].", False, id="in a citation"),
    ],
)
def test_a_claim_of_cause_needs_a_flag_in_the_same_sentence(sentence, unflagged):
    assert bool(find_unflagged(sentence)) is unflagged


def test_a_flag_in_the_next_sentence_is_too_late():
    assert find_unflagged("It led to unrest. Perhaps.") == ("It led to unrest.",)


def test_no_word_is_both_a_cause_and_a_flag():
    assert not {*CAUSAL_WORDS} & {*FLAG_WORDS}


@pytest.mark.parametrize("words", [CAUSAL_WORDS, FLAG_WORDS], ids=["causes", "flags"])
def test_word_lists_are_in_order_and_have_no_word_twice(words):
    assert sorted(set(words)) == list(words)


def test_every_dataset_is_of_one_lens_or_shared():
    named = [name for datasets in LENSES.values() for name in datasets]

    assert len(named) == len(set(named))
    assert set(dataset_names()) - {*named} <= SHARED


def test_no_reading_has_the_name_of_a_dataset():
    words = {word for name in dataset_names() for word in readings(name)["reading"]}

    assert not words & set(dataset_names())


def test_the_checklist_prints_what_failed_and_what_it_cannot_do():
    text = str(check_memo("The cut led to unrest."))

    assert text.startswith(f"0 of 6 items passed. {HEURISTIC}")
    assert "FAILED: causes flagged. A claim of cause stands bare (led to)" in text
    assert '    "The cut led to unrest."' in text


@pytest.mark.parametrize("memo", [None, 3, ["a"]], ids=["none", "number", "list"])
def test_what_is_no_text_is_refused_with_what_would_work(memo):
    with pytest.raises(TypeError, match="takes the memo as one text"):
        check_memo(memo)
