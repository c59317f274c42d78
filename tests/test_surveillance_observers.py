"""What was not found, not read and not observed stays apart from what was said."""

from __future__ import annotations

import pytest

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.surveillance.observers import (
    ABSENT,
    APPROVING,
    BODIES,
    NOT_APPROVING,
    Disagreement,
    measure_disagreement,
    pair_verdicts,
    read_elections,
)


@pytest.mark.parametrize("body", BODIES)
def test_a_vote_has_a_judgement_exactly_where_a_verdict_was_read(body):
    votes = read_elections()
    read = votes[f"{body.lower()}_status"] == "verdict read"

    assert (votes[f"{body.lower()}_approves"].notna() == read).all()


def test_no_mission_is_not_the_same_as_not_found():
    votes = read_elections().set_index("election_id")

    assert votes.loc["TKM-2022-03-12", "osce_status"] == "no mission"
    assert votes.loc["KAZ-2005-12-04", "sco_status"] == "not found"
    assert votes["sco_status"].ne("no mission").all()


def test_every_word_that_decides_is_a_verdict_of_the_data():
    votes = read_elections()
    words = {str(w) for body in BODIES for w in votes[f"{body.lower()}_verdict"]}

    assert words >= set(ABSENT) | set(APPROVING["OSCE"]) | set(NOT_APPROVING)


def test_all_cells_of_a_pair_are_all_votes():
    pairs = pair_verdicts("OSCE", "SCO")

    assert pairs.to_numpy().sum() == len(read_elections())
    assert pairs.loc["does not", "approves"] == 13


def test_disagreement_counts_pairs_and_bounds_the_rest():
    found = measure_disagreement("OSCE", "SCO")

    assert (found.count, found.pairs, found.votes) == (13, 14, 43)
    assert found.share == 13 / 14
    assert found.bounds == (13 / 43, 42 / 43)
    assert "13 of 14 votes of which both verdicts were read" in str(found)


def test_without_a_pair_there_is_no_share():
    assert Disagreement("OSCE", "SCO", 0, 0, 5).share is None
    assert Disagreement("OSCE", "SCO", 0, 0, 5).bounds == (0, 1)


def test_states_are_kept_as_asked():
    assert set(read_elections(states=["UZB", "TJK"])["country_iso3"]) == {"UZB", "TJK"}
    assert set(read_elections(states="KAZ")["country_iso3"]) == {"KAZ"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: read_elections(states=["RUS"]), "no state", id="state"),
        pytest.param(lambda: pair_verdicts("EU"), "no body of observers", id="body"),
    ],
)
def test_an_unknown_name_is_refused(call, message):
    with pytest.raises(UnknownNameError, match=message):
        call()


def test_a_body_against_itself_and_no_vote_are_refused():
    with pytest.raises(CoursekitError, match="against itself"):
        measure_disagreement("SCO", "SCO")
    with pytest.raises(CoursekitError, match="no vote"):
        measure_disagreement(states=[])
    with pytest.raises(TypeError, match="give codes in a list"):
        read_elections(states=7)
