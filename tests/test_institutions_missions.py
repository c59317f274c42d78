"""Missions under a threshold: what passes, what fails on what, what is not known."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

from coursekit import load
from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.institutions.coverage import NotCoveredError
from coursekit.institutions.missions import (
    CODES,
    CRITERIA,
    Mission,
    find_mission,
    list_contested,
    measure_durations,
    read_missions,
)
from coursekit.institutions.thresholds import (
    THRESHOLDS,
    Threshold,
    assess_across,
    assess_mission,
    assess_missions,
    describe_threshold,
)

STRICT = THRESHOLDS["the UN's three principles"]
GOOD = {
    "mandate": "request_of_the_host",
    "consent": "all_parties",
    "impartiality": "outside_states",
    "force": "self_defence",
}
# Invented missions.
ROWS = pd.DataFrame(
    {
        "id": ["ENDED", "ONGOING", "ASKED"],
        "deployed": ["yes", "yes", "no"],
        "start": pd.to_datetime(["2000-01-01", "2001-01-01", "2002-01-01"]),
        "end": pd.to_datetime(["2000-01-11", None, "2002-01-05"]),
    }
)


def passing(threshold):
    found = assess_missions(threshold)
    return {a.mission_id for a in found if a.outcome == "passes"}


def test_codes_are_those_of_the_dataset():
    table = load("peacekeeping_missions")
    found = {c: tuple(table[f"{c}_code"].cat.categories) for c in CRITERIA}

    assert found == dict(CODES)


def test_missions_that_were_sent_are_read_without_the_null_cases():
    missions = read_missions()

    assert {m.role for m in missions.values()} == {"psris_operation", "counterpart"}
    assert all(m.deployed for m in missions.values())


def test_null_cases_are_found_by_name():
    assert find_mission("CSTO_KGZ2010").deployed is False


@pytest.mark.parametrize(
    ("codes", "outcome", "failed", "missing"),
    [
        pytest.param({}, "passes", {}, (), id="all good"),
        pytest.param(
            {"consent": "eroded"}, "fails", {"consent": "eroded"}, (), id="one refused"
        ),
        pytest.param({"force": None}, "cannot be decided", {}, ("force",), id="a gap"),
        pytest.param(
            {"consent": "none", "force": None},
            "fails",
            {"consent": "none"},
            ("force",),
            id="refused, and a gap",
        ),
        pytest.param({"mandate": None}, "passes", {}, (), id="a gap nobody asks about"),
    ],
)
def test_a_mission_is_assessed_criterion_by_criterion(codes, outcome, failed, missing):
    found = assess_mission(Mission("T", {**GOOD, **codes}), STRICT)

    assert (found.outcome, found.failed, found.missing) == (outcome, failed, missing)


def test_an_assessment_prints_as_a_sentence():
    failing = assess_mission(Mission("T", {**GOOD, "consent": "host_only"}), STRICT)
    unknown = assess_mission(Mission("T", {**GOOD, "consent": None}), STRICT)

    assert str(failing) == "T fails, because consent is host only."
    assert str(unknown) == "T cannot be decided, because consent is not known."
    assert str(assess_mission(Mission("T", GOOD), STRICT)) == "T passes."


def test_where_every_code_is_accepted_nothing_is_asked():
    threshold = Threshold(force=CODES["force"])

    assert threshold.asked == ()
    assert assess_mission(Mission("T"), threshold).outcome == "passes"


def test_where_no_code_is_accepted_nothing_passes():
    assert assess_mission(Mission("T", GOOD), Threshold(force=[])).outcome == "fails"


def test_a_wider_threshold_never_loses_a_mission():
    wide = Threshold(consent=STRICT.consent, impartiality=STRICT.impartiality)
    kept = {a.mission_id for a in assess_missions(STRICT) if a.outcome == "passes"}

    assert kept <= {
        a.mission_id for a in assess_missions(wide) if a.outcome == "passes"
    }


def test_whatever_is_called_so_lets_every_mission_pass():
    found = assess_missions(THRESHOLDS["whatever is called so"])

    assert {a.outcome for a in found} == {"passes"}


def test_a_request_that_was_never_met_cannot_be_assessed():
    with pytest.raises(CoursekitError, match="nobody was sent"):
        assess_mission(find_mission("CSTO_KGZ2010"), STRICT)


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        pytest.param(
            lambda: Threshold(consent=["all_sides"]),
            UnknownNameError,
            "no code of consent named 'all_sides'.*all_parties",
            id="code",
        ),
        pytest.param(
            lambda: Threshold(consent="all_parties"),
            TypeError,
            r"it takes a list of codes, such as \['all_parties'\]",
            id="a text for a list",
        ),
        pytest.param(
            lambda: STRICT.accepted("success"),
            UnknownNameError,
            "no criterion named 'success'",
            id="criterion",
        ),
        pytest.param(
            lambda: Mission("T", {"force": "some"}),
            UnknownNameError,
            "no code of force named 'some'",
            id="code of a mission",
        ),
        pytest.param(
            lambda: find_mission("CPF_UKR"),
            UnknownNameError,
            "no mission named 'CPF_UKR'",
            id="mission",
        ),
        pytest.param(
            lambda: assess_across("CPF_UKR", STRICT),
            UnknownNameError,
            "no mission named 'CPF_UKR'",
            id="mission across readings",
        ),
        pytest.param(
            lambda: measure_durations(until="2035-01-01"),
            NotCoveredError,
            "Not covered: missions on 2035-01-01. The data cover it from 1992",
            id="day after the data",
        ),
        pytest.param(
            lambda: measure_durations(until="1991-12-25"),
            NotCoveredError,
            "Not covered: missions on 1991-12-25",
            id="day before the data",
        ),
        pytest.param(
            lambda: measure_durations(until=2001),
            TypeError,
            "A day was given as 2001",
            id="a year for a day",
        ),
        pytest.param(
            lambda: measure_durations("CPF_KAZ"),
            TypeError,
            "A table of missions was asked for, and str was given",
            id="name for a table",
        ),
        pytest.param(
            lambda: assess_mission("CPF_KAZ", STRICT),
            TypeError,
            "given str and Threshold",
            id="name of a mission",
        ),
    ],
)
def test_what_does_not_exist_is_refused(make, error, says):
    with pytest.raises(error, match=says):
        make()


def test_a_threshold_is_said_in_words():
    assert describe_threshold(Threshold(consent=["eroded", "all_parties"])) == (
        "Asked for: consent all parties or eroded. "
        "Not asked about: mandate, impartiality, force."
    )
    assert describe_threshold(Threshold(force=[])).startswith(
        "Asked for: force nothing that exists."
    )
    assert describe_threshold(Threshold()) == (
        "Nothing is asked for: whatever is called peacekeeping passes."
    )


def test_only_contested_codes_that_are_asked_for_are_varied():
    consent = Threshold(consent=["all_parties"])
    contested = list_contested(["consent_code"])

    assert "PKF_ABK" in contested
    assert {
        mission: list(assess_across(mission, consent).questions)
        for mission in contested
    } == contested
    assert assess_across("PKF_ABK", Threshold(force=["unarmed"])).questions == ()


def test_a_mission_whose_codes_nobody_contests_has_one_outcome():
    across = assess_across("UNOMIG", THRESHOLDS["whatever is called so"])

    assert across.always


def test_days_are_missing_where_there_is_no_end_or_nobody_was_sent():
    days = measure_durations(ROWS)

    assert days["ENDED"] == 10
    assert days.isna().to_dict() == {"ENDED": False, "ONGOING": True, "ASKED": True}


def test_days_are_counted_up_to_a_day_and_never_before_the_start():
    days = measure_durations(ROWS, until="2000-01-06")

    assert days["ENDED"] == 5
    assert days.isna().to_dict() == {"ENDED": False, "ONGOING": True, "ASKED": True}


def test_a_mission_that_goes_on_is_counted_up_to_the_day():
    assert measure_durations(ROWS, until="2001-01-31")["ONGOING"] == 30


def test_durations_of_operations_are_those_of_the_teaching_notes():
    table = load("peacekeeping_missions")
    days = measure_durations(table[table["role_class"] == "psris_operation"])

    assert days.median() == 2542
    assert days.sort_values().dropna().tolist() == [13, 1310, 2542, 5222, 5932]


@pytest.mark.parametrize("thing", [STRICT, assess_missions(STRICT)[0]], ids=["t", "a"])
def test_thresholds_and_assessments_survive_pickling(thing):
    assert pickle.loads(pickle.dumps(thing)) == thing


def test_codes_may_come_from_a_generator():
    assert Threshold(consent=(code for code in ["all_parties"])) == Threshold(
        consent=["all_parties"]
    )


def test_a_number_in_the_place_of_codes_is_refused():
    with pytest.raises(TypeError, match="consent was given 3; it takes a list"):
        Threshold(consent=3)


@pytest.mark.parametrize(
    ("roles", "error"),
    [
        pytest.param("counterpart psris", TypeError, id="text"),
        pytest.param(["zz"], UnknownNameError, id="unknown"),
    ],
)
def test_roles_are_known_names_in_a_list(roles, error):
    with pytest.raises(error, match="role"):
        read_missions(roles=roles)


@pytest.mark.parametrize("asked", ["ABC", ["CPF_KAZ"]], ids=["unknown", "list"])
def test_a_mission_is_found_by_its_key_alone(asked):
    with pytest.raises(UnknownNameError, match="no mission named"):
        find_mission(asked)


def test_two_missing_codes_are_told_in_the_plural():
    silent = Mission("T", {"mandate": "un_mandate"})
    found = assess_mission(
        silent, Threshold(consent=["all_parties"], force=["unarmed"])
    )

    assert "consent and force are not known" in str(found)
