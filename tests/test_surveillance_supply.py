"""Reports are joined by a key, counted with their gaps, and added up only once."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.errors import CoursekitError, UnknownNameError
from coursekit.evidence import load
from coursekit.surveillance.supply import (
    STAGES,
    add_blocs,
    list_blocs,
    measure_share,
    measure_shares,
    read_deployments,
    sum_values,
)

MAKERS = st.lists(
    st.tuples(st.sampled_from(["China", "Israel", "Local"]), st.booleans()), min_size=1
)


def blocs(*names):
    return pd.DataFrame({"bloc": names})


def deals(**changes):
    table = {
        "deployment_id": ["a", "b", "c"],
        "status": ["agreement", "agreement", "operational"],
        "value_usd": [100.0, 30.0, None],
        "part_of": [None, "a", None],
    }
    return pd.DataFrame(table | changes)


def test_no_row_is_lost_or_doubled_by_the_join():
    joined = read_deployments()

    assert (
        joined["deployment_id"].tolist()
        == load("deployments")["deployment_id"].tolist()
    )
    assert joined["bloc"].notna().all()


def test_a_supplier_that_is_not_listed_is_named_and_not_dropped():
    with pytest.raises(CoursekitError, match="nobody: not among the suppliers"):
        add_blocs(pd.DataFrame({"supplier_id": ["huawei", "nobody"]}))


def test_every_status_of_the_data_belongs_to_one_stage():
    listed = [status for statuses in STAGES.values() for status in statuses]

    assert sorted(listed) == sorted(load("deployments")["status"].cat.categories)


def test_a_stage_stands_for_its_statuses():
    by_stage = read_deployments(statuses=["in use"])
    by_status = read_deployments(statuses=["operational", "pilot", "reported_use"])

    assert by_stage["deployment_id"].tolist() == by_status["deployment_id"].tolist()
    assert len(read_deployments(statuses="ended or failed")) == 6


def test_filters_keep_rows_that_meet_all_of_them():
    table = read_deployments(
        grades="AB", technology_class="camera", states=["KGZ", "TJK"]
    )

    assert set(table["evidence_grade"]) <= {"A", "B"}
    assert set(table["technology_class"]) == {"camera"}
    assert set(table["country_iso3"]) == {"KGZ", "TJK"}


def test_a_reading_moves_what_it_is_about():
    value = read_deployments(reading="japan_145").set_index("deployment_id")[
        "value_usd"
    ]

    assert value["UZB-26"] == 145_000_000


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"grades": "AE"}, "no grade named 'E'", id="grade"),
        pytest.param({"statuses": ["sold"]}, "no status named 'sold'", id="status"),
        pytest.param({"technology_class": "drone"}, "no class of tech", id="class"),
        pytest.param({"states": ["RUS"]}, "no buying state named 'RUS'", id="state"),
        pytest.param({"reading": "nobody_says"}, "no reading", id="reading"),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_work(options, message):
    with pytest.raises(UnknownNameError, match=message):
        read_deployments(**options)


@pytest.mark.parametrize("name", ["grades", "statuses", "states"])
def test_what_is_no_list_of_names_is_a_type_error(name):
    with pytest.raises(TypeError, match="give names in a list"):
        read_deployments(**{name: 5})


def test_a_share_has_bounds_for_the_unnamed():
    share = measure_share(blocs("China", "Local", "Unspecified", "Unspecified"))

    assert (share.lower, share.named_only, share.upper) == (0.25, 0.5, 0.75)
    assert (share.rows, share.named, share.unnamed) == (4, 2, 2)


def test_without_a_named_maker_there_is_no_share_of_the_named():
    share = measure_share(blocs("Unspecified"))

    assert share.named_only is None
    assert "no supplier is named" in str(share)


def test_a_share_says_its_rows_its_unnamed_and_its_bounds():
    share = measure_share(blocs("China", "Unspecified"))

    assert str(share) == (
        "China: 1 of 2 rows, 1 unnamed; share between 50% and 100% "
        "(100% of the 1 with a named supplier)."
    )


@given(MAKERS)
def test_whatever_the_unnamed_are_the_true_share_lies_within(makers):
    seen = blocs(*(bloc if named else "Unspecified" for bloc, named in makers))
    truth = sum(bloc == "China" for bloc, _ in makers) / len(makers)
    share = measure_share(seen)

    assert share.lower <= truth <= share.upper


def test_a_share_over_no_rows_is_refused():
    with pytest.raises(CoursekitError, match="a share of nothing is not 0"):
        measure_share(blocs())
    with pytest.raises(CoursekitError, match="a share of nothing is not 0"):
        measure_shares(read_deployments()[:0])


def test_the_unnamed_are_no_bloc():
    assert "Unspecified" in list_blocs()
    with pytest.raises(UnknownNameError, match="no bloc named 'Unspecified'"):
        measure_share(blocs("China"), "Unspecified")


def test_shares_by_group_add_up_to_the_whole():
    shares = measure_shares(read_deployments(), by="technology_class")

    assert shares["rows"].sum() == len(read_deployments())
    assert shares["count"].sum() == measure_share(read_deployments()).count


def test_an_unknown_column_and_no_table_are_refused():
    with pytest.raises(UnknownNameError, match="no column named 'colour'"):
        measure_shares(read_deployments(), by="colour")
    with pytest.raises(TypeError, match="is no table"):
        measure_share("China")


def test_a_part_is_not_added_to_its_whole():
    sums = sum_values(deals())

    assert sums.loc["announced"].tolist() == [2, 0, 1, 100]


def test_a_part_whose_whole_is_not_in_the_table_is_added():
    sums = sum_values(deals()[1:])

    assert sums.loc["announced", "value_usd"] == 30


def test_a_part_of_a_whole_without_a_stated_value_is_added():
    sums = sum_values(deals(value_usd=[None, 30.0, None]))

    assert sums.loc["announced"].tolist() == [2, 1, 0, 30]


def test_a_sum_of_unstated_values_is_missing_and_not_zero():
    sums = sum_values(deals())

    assert sums.loc["in use", ["rows", "without_value"]].tolist() == [1, 1]
    assert pd.isna(sums.loc["in use", "value_usd"])
    assert pd.isna(sums.loc["ended or failed", "value_usd"])
