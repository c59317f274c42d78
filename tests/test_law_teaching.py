"""The fifteen data exercises of the teaching notes, answered by the course's own data.

All fifteen are the answers that the notes worked out on their own tables.
"""

from __future__ import annotations

import pandas as pd
import pytest

from coursekit import load
from coursekit.law import compare, find_case, find_doctrine, tabulate_outcomes, what_if
from coursekit.law.argument import extensions, grounded, labellings, read_framework

SUPPORT = ("res_supportive", "res_authorising", "prst_supportive")
GROUPS = {  # do D02 (control) and D03 (recognition) hold?
    ("met", "met"): "both",
    ("met", "fails"): "control only",
    ("fails", "met"): "recognition only",
    ("fails", "fails"): "neither",
}


@pytest.fixture
def cases():
    return load("interventions").set_index("case_id", drop=False)


@pytest.fixture
def core(cases):
    return cases[~cases["contrast_case"]]


@pytest.fixture
def events():
    return load("timeline").set_index("event_id")


@pytest.fixture(scope="module")
def framework():
    return read_framework()


def moment_of(event):
    return event["date"].strftime("%Y-%m-%d ") + event["time_local"]


def minutes_between(first, second):
    passed = pd.Timestamp(moment_of(second)) - pd.Timestamp(moment_of(first))
    return passed.total_seconds() / 60


def labels_of(framework):
    (labels,) = labellings(framework, "grounded")
    return labels


def lost_without_one(framework, claim):
    kept = {a: framework.without(a) for a in framework.arguments if a != claim}
    return {a for a, rest in kept.items() if claim not in grounded(rest)}


def lost_with_one(framework, claim):
    more = {
        a: read_framework(also=[a]) for a in ("A26", "A27", "A28", "A29", "A30", "A31")
    }
    was = labels_of(framework)[claim]
    return {a for a, f in more.items() if was != labels_of(f)[claim] == "out"}


def test_exercise_1_rows_and_core_cases(cases, core):
    assert (len(cases), len(core)) == (45, 43)


def test_exercise_2_shares_of_control(core):
    shares = core["effective_control_of_inviter"].value_counts(normalize=True)

    assert (100 * shares).round(1).to_dict() == {
        "partial": 58.1,
        "none": 30.2,
        "full": 7.0,
        "contested": 4.7,
    }


def test_exercise_3_troops_with_vietnam(core):
    troops = core["approx_troops"]

    assert (troops.count(), troops.isna().sum()) == (30, 13)
    assert (troops.median(), round(troops.mean(), 1)) == (4000, 35966.5)


def test_exercise_3_troops_without_vietnam(core):
    troops = core["approx_troops"].drop("VNM1965")

    assert (troops.median(), round(troops.mean(), 1)) == (4000, 18482.6)


def test_exercise_4_supportive_products_before_and_from_1990(core):
    recent = core["year_start"] >= 1990
    support = core["unsc_response"].isin(SUPPORT)

    assert (support[~recent].sum(), (~recent).sum()) == (1, 17)
    assert (support[recent].sum(), recent.sum()) == (13, 26)


def test_exercise_5_vetoes_before_and_from_1990(core):
    vetoed = core[core["unsc_response"] == "veto"]
    recent = vetoed["year_start"] >= 1990

    assert " ".join(sorted(vetoed.index[~recent])) == (
        "AFG1979 CSK1968 GRD1983 HUN1956 LBN1958 PAN1989"
    )
    assert list(vetoed.index[recent]) == ["UKR2014"]


@pytest.mark.parametrize(
    ("first", "minutes"),
    [
        pytest.param("2022-01-05-internet-cut", 680, id="from the internet cut"),
        pytest.param("2022-01-05-airport-taken", 298, id="from the airport report"),
    ],
)
def test_exercise_6_minutes_until_the_csto_announcement(events, first, minutes):
    announced = events.loc["2022-01-06-csto-decision"]

    assert minutes_between(events.loc[first], announced) == minutes


def test_exercise_7_where_control_and_recognition_disagree(core):
    found = tabulate_outcomes(core, [find_doctrine("D02"), find_doctrine("D03")])
    group = found.apply(lambda row: GROUPS[tuple(row)], axis=1)

    assert group.value_counts().to_dict() == {
        "both": 24,
        "control only": 4,
        "recognition only": 6,
        "neither": 9,
    }
    assert " ".join(sorted(group.index[group == "control only"])) == (
        "AGO1975 SYR2015 VEN2019 VNM1965"
    )
    assert " ".join(sorted(group.index[group == "recognition only"])) == (
        "GAB1964 GMB2017 HTI1994 SLE1998 SOM2006 YEM2015"
    )


def test_exercise_8_without_control_recognition_splits_support_from_veto(core):
    alone = core[core["effective_control_of_inviter"] == "none"]
    supported = alone[alone["unsc_response"].isin(SUPPORT)]
    vetoed = alone[alone["unsc_response"] == "veto"]

    assert (len(alone), len(supported), len(vetoed)) == (13, 5, 5)
    assert (supported["recognised_inviter"] == "yes").sum() == 4
    assert (vetoed["recognised_inviter"] == "yes").sum() == 0


def test_exercise_9_the_breakdown_of_march_adds_up(events):
    # The parts stand in the report of the hearing and in no cell of the data; the 11
    # bystanders of Almaty sit inside the 139.
    parts = {"Almaty": 139, "seven regions": 63, "Almaty region": 8, "Taraz": 1}
    security = 19

    assert sum(parts.values()) + security == 230
    assert events.loc["2022-03-14-toll-parliament", "figure"] == 230


def test_exercise_10_share_of_contested_events_by_category(events):
    contested = events["contested"]
    counts = contested.groupby(events["category"], observed=True).agg(["sum", "count"])

    assert (contested.sum(), len(contested)) == (28, 40)
    assert counts.T.to_dict("list") == {
        "csto": [8, 10],
        "state_response": [9, 13],
        "protest": [3, 5],
        "diplomacy": [2, 6],
        "internet": [2, 2],
        "casualty": [2, 2],
        "aftermath": [2, 2],
    }


def test_exercise_11_kazakhstan_under_every_doctrine():
    outcomes = tabulate_outcomes([find_case("KAZ2022")]).loc["KAZ2022"]

    assert " ".join(outcomes.index[outcomes == "met"]) == "D01 D02 D03 D05 D07 D08 D17"
    assert " ".join(outcomes.index[outcomes == "fails"]) == "D04 D14 D20 D21 D24"
    assert (outcomes == "needs facts").sum() == 12


def test_exercise_12_recoding_kazakhstan_as_nonviolent(core):
    coded = find_case("KAZ2022")
    recoded = what_if(coded, internal_situation="nonviolent_protest")
    flips = compare(coded, recoded)

    assert [(flip.doctrine_id, flip.before, flip.after) for flip in flips] == [
        ("D24", "fails", "needs facts")
    ]
    assert (core["internal_situation"] == "nonviolent_protest").sum() + 1 == 2


def test_exercise_13_any_product_of_the_council_from_1990(core):
    recent = core[core["year_start"] >= 1990]
    products = recent["unsc_response"].isin([*SUPPORT, "res_neutral"])

    assert (products.sum(), len(products)) == (18, 26)


def test_exercise_14_the_framework_and_its_extensions(framework):
    labels = labels_of(framework)

    assert (len(framework.arguments), len(framework.attacks)) == (25, 28)
    assert " ".join(sorted(grounded(framework))) == (
        "A02 A05 A07 A09 A13 A14 A16 A17 A19 A21 A23 A25"
    )
    assert " ".join(sorted(a for a, at in labels.items() if at == "out")) == (
        "A03 A04 A06 A08 A12 A15 A18 A20 A22 A24"
    )
    assert {a for a, at in labels.items() if at == "undecided"} == {"A01", "A10", "A11"}


def test_exercise_14_two_preferred_extensions_part_on_the_facts(framework):
    preferred = set(extensions(framework, "preferred"))
    settled = grounded(framework)

    assert preferred == {settled | {"A01", "A10"}, settled | {"A11"}}
    assert preferred == set(extensions(framework, "stable"))


def test_exercise_15_deletions_that_end_the_thesis(framework):
    assert lost_without_one(framework, "A02") == {"A09", "A23", "A25"}


@pytest.mark.parametrize(
    ("deleted", "label"),
    [
        pytest.param("A07", "out", id="A07"),
        pytest.param("A10", "out", id="A10"),
        pytest.param("A11", "in", id="A11"),
        pytest.param("A19", "out", id="A19"),
    ],
)
def test_exercise_15_deletions_that_settle_the_verdict(framework, deleted, label):
    assert labels_of(framework.without(deleted))["A01"] == label


@pytest.mark.parametrize(
    ("claim", "added"),
    [
        pytest.param("A02", {"A26", "A27", "A28"}, id="thesis"),
        pytest.param("A01", {"A29", "A31"}, id="verdict"),
    ],
)
def test_exercise_15_additions_that_defeat_a_claim(framework, claim, added):
    assert lost_with_one(framework, claim) == added
