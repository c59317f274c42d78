"""Rival readings are checked, and results are computed across them."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from coursekit.errors import CoursekitError, MalformedDataError, UnknownNameError
from coursekit.evidence import across_readings, readings

EXAMPLES = Path(__file__).parent / "datasets"
WHOLE = "a whole number of at most 18 digits (marchers)"


@pytest.fixture
def root(tmp_path):
    return Path(shutil.copytree(EXAMPLES, tmp_path / "data"))


@pytest.fixture
def settled(root):
    """The dataset without readings."""
    file = root / "parades/datapackage.json"
    package = json.loads(file.read_text())
    del package["resources"][1]
    file.write_text(json.dumps(package))
    (root / "parades/readings.csv").unlink()
    return root


def marchers(frame):
    return frame["marchers"].sum()


def table_of(result):
    return result.values  # noqa: PD011  # no pandas object, and the course's word


def spoil(root, old, new):
    file = root / "parades/readings.csv"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_readings_list_every_contested_cell_with_its_source(root):
    frame = readings("parades", root=root)

    assert frame.shape == (8, 10)
    assert frame["base"].dtype == "boolean"
    assert frame["value"].isna().sum() == 1


def test_readings_of_a_settled_dataset_are_an_empty_table(root, settled):
    frame = readings("parades", root=settled)

    assert frame.empty
    assert list(frame.columns) == [
        "question",
        "reading",
        "key",
        "column",
        "value",
        "base",
        "source",
        "pinpoint",
        "verification",
        "note",
    ]


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "expected"),
    [
        pytest.param(
            "P1,marchers,2000", "P9,marchers,2000", 3, "key", "a parade_id", id="key"
        ),
        pytest.param(
            "P1,marchers,2000",
            "P1,walkers,2000",
            3,
            "column",
            "a column of parades.csv",
            id="column",
        ),
        pytest.param(
            "P1,marchers,2000",
            "P1,parade_id,2000",
            3,
            "column",
            "that is not its key",
            id="key as column",
        ),
        pytest.param(",2000,", ",many,", 3, "value", WHOLE, id="type"),
        pytest.param(
            ",rain,", ",hail,", 9, "value", "one of dry, rain, snow", id="category"
        ),
        pytest.param(
            ",1200,true",
            ",1300,true",
            2,
            "value",
            "'1200' as in parades.csv",
            id="base departs from the table",
        ),
        pytest.param(
            ",1200,true",
            ",1200,false",
            4,
            "base",
            "one base reading of 'size_first'",
            id="no base",
        ),
        pytest.param(
            ",700,false",
            ",,true",
            6,
            "base",
            "one base reading of 'size_third'",
            id="two bases",
        ),
        pytest.param(
            "size_third,size_third_union",
            "size_third,size_first_union",
            6,
            "question",
            "'size_first', which 'size_first_union' answers above",
            id="reading of two questions",
        ),
        pytest.param(
            "size_third_union,P3",
            "size_third_union,P1",
            6,
            "question",
            "'size_first' does not contest",
            id="cell of two questions",
        ),
        pytest.param(
            "P4,weather,rain",
            "P4,held,2023-05-01",
            9,
            "key",
            "each cell of 'day_last_first' once",
            id="cell twice",
        ),
        pytest.param(
            "rain,false", "rain,true", 9, "base", "the same in all", id="base in part"
        ),
        pytest.param(
            "day_last,day_last_second", "day_last,", 7, "reading", "a value", id="name"
        ),
        pytest.param(",note", ",remark", 1, "note", "'note' as column 10", id="header"),
    ],
)
def test_broken_readings_are_named_to_the_cell(root, old, new, row, column, expected):
    spoil(root, old, new)

    with pytest.raises(MalformedDataError) as caught:
        readings("parades", root=root)

    fault = caught.value
    assert fault.file == root / "parades/readings.csv"
    assert (fault.row, fault.column) == (row, column)
    assert expected in fault.expected


def test_result_is_an_interval_with_the_readings_at_its_ends(root):
    result = across_readings("parades", marchers, root=root)

    assert (result.low, result.base, result.high) == (2300, 2300, 6800)
    assert result.low_readings == ()
    assert result.high_readings == ("size_first_union", "size_third_union")


def test_few_combinations_are_all_tried(root):
    result = across_readings("parades", marchers, root=root)

    assert result.joint
    assert len(table_of(result)) == 3 * 2 * 2
    assert table_of(result)["readings"].is_unique
    assert table_of(result)["readings"][0] == "base"


def test_many_combinations_are_tried_one_reading_at_a_time(root):
    result = across_readings("parades", marchers, joint_limit=11, root=root)

    assert not result.joint
    assert table_of(result)["readings"].tolist() == [
        "base",
        "size_first_paper",
        "size_first_union",
        "size_third_union",
        "day_last_first",
    ]
    assert result.high == 6100
    assert "one at a time" in str(result)


@pytest.mark.parametrize(
    ("questions", "high"),
    [
        pytest.param("size_third", 3000, id="one"),
        pytest.param(["size_third", "day_last"], 3000, id="two"),
        pytest.param([], 2300, id="none"),
    ],
)
def test_only_the_questions_asked_for_are_varied(root, questions, high):
    result = across_readings("parades", marchers, questions=questions, root=root)

    assert result.high == high


def test_result_prints_as_a_sentence(root):
    result = across_readings("parades", marchers, root=root)

    assert str(result) == (
        "2,300 to 6,800; base 2,300; lowest under the base, highest under "
        "size_first_union + size_third_union. All 12 combinations of readings of "
        "3 contested questions were tried."
    )
    assert repr(result) == str(result)
    assert result._repr_markdown_().startswith("**2,300 to 6,800**; base 2,300;")


def test_result_that_never_moves_says_so(root):
    result = across_readings("parades", len, root=root)

    assert result.low == result.high == 4
    assert str(result).startswith("4 under every reading.")


def test_truth_value_says_where_it_holds_and_where_it_fails(root):
    result = across_readings(
        "parades",
        lambda frame: marchers(frame) > 2500,
        questions=["size_first", "day_last"],
        root=root,
    )

    assert result.base is False
    assert result.fails == ((), ("day_last_first",))
    assert ("size_first_union", "day_last_first") in result.holds
    assert not result.always
    assert not result.never
    assert "Fails under the base and day_last_first." in str(result)


@pytest.mark.parametrize(
    ("limit", "always", "never", "words"),
    [
        pytest.param(0, True, False, "Holds under every reading.", id="always"),
        pytest.param(10**6, False, True, "Fails under every reading.", id="never"),
    ],
)
def test_truth_value_that_never_moves_says_so(root, limit, always, never, words):
    result = across_readings("parades", lambda f: marchers(f) > limit, root=root)

    assert (result.always, result.never) == (always, never)
    assert str(result).startswith(words)


@pytest.mark.parametrize(
    "nothing",
    [
        pytest.param(None, id="None"),
        pytest.param(float("nan"), id="NaN"),
        pytest.param(pd.NA, id="NA"),
        pytest.param(pd.NaT, id="NaT"),
    ],
)
def test_missing_result_is_reported_and_not_dropped(root, nothing):
    def toll(frame):
        return nothing if frame["marchers"].isna().any() else marchers(frame)

    result = across_readings("parades", toll, questions="size_third", root=root)

    assert result.base is None
    assert result.unknown == ((),)
    assert (result.low, result.high) == (3000, 3000)
    assert "Unknown under the base." in str(result)
    assert table_of(result)["value"].isna().tolist() == [True, False]


def test_unknown_truth_value_is_neither_true_nor_false(root):
    def large(frame):
        return frame["marchers"].sum(skipna=False) > 100

    result = across_readings("parades", large, questions="size_third", root=root)

    assert (result.always, result.never) == (False, False)
    assert result.holds == (("size_third_union",),)
    assert result.unknown == ((),)


def test_result_that_is_unknown_throughout_says_so(root):
    result = across_readings("parades", lambda frame: None, root=root)

    assert result.low is result.high is None
    assert str(result).startswith("Unknown under every reading.")


def test_settled_dataset_has_one_result(settled):
    result = across_readings("parades", marchers, root=settled)

    assert (result.low, result.high, len(table_of(result))) == (2300, 2300, 1)
    assert "Nothing here is contested." in str(result)


def test_failure_names_the_reading_and_keeps_its_cause(root):
    def fragile(frame):
        return {None: 1}[
            frame.loc[2, "marchers"] if frame["marchers"].notna().all() else None
        ]

    with pytest.raises(CoursekitError, match="under size_third_union") as caught:
        across_readings("parades", fragile, root=root)

    assert isinstance(caught.value.__cause__, KeyError)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("many", id="text"),
        pytest.param(pd.Series([1]), id="series"),
        pytest.param([1], id="list"),
        pytest.param(1j, id="complex number"),
    ],
)
def test_answer_that_is_no_number_is_refused(root, answer):
    with pytest.raises(CoursekitError, match="Under the base the function returned a"):
        across_readings("parades", lambda frame: answer, root=root)


def test_numbers_and_truth_values_do_not_mix(root):
    def fickle(frame):
        return True if marchers(frame) > 2300 else 0

    with pytest.raises(CoursekitError, match=r"returned 0 under base but True under"):
        across_readings("parades", fickle, root=root)


def test_each_call_gets_a_frame_of_its_own(root):
    def greedy(frame):
        frame["marchers"] = frame["marchers"] * 2
        return marchers(frame)

    result = across_readings("parades", greedy, root=root)

    assert (result.base, result.high) == (4600, 13600)


def test_function_can_see_the_reading_it_runs_under(root):
    seen = []
    across_readings("parades", lambda f: seen.append(f.attrs["reading"]), root=root)

    assert seen[:2] == [(), ("size_first_paper",)]


def test_unknown_question_is_answered_with_those_that_exist(root):
    with pytest.raises(UnknownNameError, match="day_last, size_first, size_third"):
        across_readings("parades", len, questions="size", root=root)


def test_unknown_dataset_is_answered_with_those_that_exist(root):
    with pytest.raises(UnknownNameError, match="There is: parades"):
        readings("parade", root=root)
