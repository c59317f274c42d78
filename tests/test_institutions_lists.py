"""Lists of primary institutions: read, merged, split, and what they share."""

from __future__ import annotations

import pytest

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.institutions.lists import (
    CLASSIC,
    common_core,
    count_naming,
    list_splits,
    normalise,
    read_families,
    read_lists,
    who_adds,
)

# Invented lists.
LISTS = {"A": {"war", "trade", "law"}, "B": {"war", "market"}, "C": ["war", "law"]}


def test_six_lists_are_read_in_their_order():
    lists = read_lists()

    assert tuple(lists) == CLASSIC
    assert lists["Bull"] == {
        "balance_of_power",
        "diplomacy",
        "great_power_management",
        "international_law",
        "war",
    }


def test_rows_that_do_not_decide_a_grade_are_left_out_unless_asked_for():
    assert "the_state" not in read_lists(["Bull"])["Bull"]
    assert "the_state" in read_lists(["Bull"], grading=["yes", "no"])["Bull"]


def test_an_author_without_a_checked_row_is_left_out_and_not_empty():
    lists = read_lists(["Wight", "Bull", "James"], grading=["yes"])

    assert lists["James"] == {"sovereignty"}
    assert "Wight" not in lists


def test_an_author_of_several_works_is_named_with_the_year():
    lists = read_lists(["Buzan 2004", "Bull"])

    assert list(lists) == ["Buzan 2004", "Bull"]


def test_a_leading_article_does_not_make_another_institution():
    lists = read_lists(["Bull", "Mayall"], by="label_used")

    assert "balance of power" in lists["Bull"] & lists["Mayall"]


def test_an_id_is_split_by_the_words_used():
    lists = read_lists(["Wight", "Holsti"], split=["market"])

    assert "market: trade" in lists["Wight"] - lists["Holsti"]
    assert "market: international trade" in lists["Holsti"]
    assert "market" not in lists["Wight"] | lists["Holsti"]


def test_a_family_is_split_by_id():
    lists = read_lists(["Bull"], by="family_id", split=["great_power_management"])

    assert "great_power_management: war" in lists["Bull"]
    assert "diplomacy" in lists["Bull"]


def test_what_can_be_split_is_what_finer_names_tell_apart():
    assert list_splits() == ("diplomacy", "market", "territoriality")
    assert list_splits(["Bull"]) == ()
    assert "sovereignty" in list_splits(by="family_id")
    assert list_splits(by="label_used") == ()


def test_merging_by_family_is_reading_by_family():
    lists = read_lists()

    assert normalise(lists, read_families(lists)) == read_lists(by="family_id")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param(
            {"authors": ["Bul"]}, "list by named 'Bul'. Near it: Bull", id="a"
        ),
        pytest.param({"authors": ["Buzan"]}, "Near it: Buzan 2004", id="no year"),
        pytest.param({"by": "family"}, "There is: family_id, institution_id", id="by"),
        pytest.param({"grading": ["maybe"]}, "no, provisional, yes", id="grading"),
        pytest.param({"split": ["trade"]}, "institution to split", id="split"),
    ],
)
def test_an_unknown_name_is_answered_with_what_exists(options, told):
    with pytest.raises(UnknownNameError, match=told):
        read_lists(**options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param({"authors": "Bull"}, r"such as \['Bull'\]", id="one author"),
        pytest.param({"grading": "yes"}, r"such as \['yes'\]", id="one kind"),
        pytest.param({"split": "market"}, r"such as \['market'\]", id="one split"),
        pytest.param({"authors": None}, "Give a list of names.", id="nothing"),
        pytest.param({"authors": [["Bull"]]}, "Give a list of names.", id="nested"),
    ],
)
def test_what_is_no_list_of_names_is_refused(options, told):
    with pytest.raises(TypeError, match=told):
        read_lists(**options)


def test_an_entry_that_only_rows_left_out_have_can_be_split():
    options = {"by": "family_id", "grading": ["yes"]}

    split = read_lists(split=["human_equality"], **options)

    assert split == read_lists(**options)


def test_words_cannot_be_split():
    with pytest.raises(CoursekitError, match="the words used are the finest"):
        read_lists(by="label_used", split=["trade"])


def test_an_id_without_a_family_is_named():
    with pytest.raises(UnknownNameError, match="institution named 'law'"):
        read_families(LISTS)


def test_merging_gives_one_name_and_leaves_the_lists_as_they_are():
    merged = normalise(LISTS, {"trade": "market", "law": "market"})

    assert merged["A"] == merged["B"] == {"war", "market"}
    assert "trade" in LISTS["A"]


def test_merging_nothing_changes_nothing():
    assert normalise(LISTS, {})["A"] == LISTS["A"]


def test_an_institution_that_no_list_names_cannot_be_merged():
    with pytest.raises(UnknownNameError, match="in these lists named 'trde'"):
        normalise(LISTS, {"trde": "market"})


def test_a_chain_of_merges_is_refused_with_what_would_work():
    with pytest.raises(CoursekitError, match="Write 'market' for both"):
        normalise(LISTS, {"law": "trade", "trade": "market"})


@pytest.mark.parametrize(
    ("lists", "merges", "told"),
    [
        pytest.param({"A": "war"}, {}, "'war', a str", id="a text for a list"),
        pytest.param([{"war"}], {}, "given as list", id="lists without names"),
        pytest.param(LISTS, [("war", "law")], "Give a dict", id="merges in a list"),
        pytest.param(LISTS, {"war": ["law"]}, "as text", id="several new names"),
    ],
)
def test_lists_and_merges_of_another_form_are_refused(lists, merges, told):
    with pytest.raises(TypeError, match=told):
        normalise(lists, merges)


def test_namings_are_counted_from_the_most_on():
    counts = count_naming(LISTS)

    assert counts.to_dict() == {"war": 3, "law": 2, "market": 1, "trade": 1}
    assert list(counts.index) == ["war", "law", "market", "trade"]


def test_nothing_is_counted_where_there_are_no_lists():
    assert count_naming({}).empty


@pytest.mark.parametrize(
    ("at_least", "core"),
    [
        pytest.param(None, {"war"}, id="all"),
        pytest.param(2, {"war", "law"}, id="two"),
        pytest.param(1, {"war", "law", "market", "trade"}, id="anybody"),
    ],
)
def test_core_is_what_so_many_lists_name(at_least, core):
    assert common_core(LISTS, at_least) == core


@pytest.mark.parametrize(
    ("lists", "at_least"),
    [
        pytest.param({}, None, id="no lists"),
        pytest.param(LISTS, 4, id="more than there are"),
        pytest.param(LISTS, 0, id="none"),
    ],
)
def test_a_core_of_nothing_is_refused(lists, at_least):
    with pytest.raises(CoursekitError, match=f"out of {len(lists)} lists"):
        common_core(lists, at_least)


def test_a_core_of_half_a_list_is_refused():
    with pytest.raises(TypeError, match="Give a whole number"):
        common_core(LISTS, 1.5)


def test_what_one_list_adds_no_other_names():
    assert who_adds(LISTS) == {"A": {"trade"}, "B": {"market"}, "C": set()}
