"""Datasets load with proper types, and broken ones are named to the cell."""

import json
import pickle
import shutil
from pathlib import Path

import pandas as pd
import pytest

from coursekit.errors import CoursekitError, MalformedDataError, UnknownNameError
from coursekit.evidence import codebook, dataset_names, load

EXAMPLES = Path(__file__).parent / "datasets"
WHOLE = "a whole number of at most 18 digits"


@pytest.fixture
def root(tmp_path):
    return Path(shutil.copytree(EXAMPLES, tmp_path / "data"))


def spoil(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_each_column_has_the_type_of_its_description(root):
    frame = load("parades", root=root)

    assert frame.dtypes.astype(str).to_dict() == {
        "parade_id": "string",
        "held": "datetime64[s]",
        "year": "Int64",
        "marchers": "Int64",
        "share_on_foot": "Float64",
        "weather": "category",
        "permitted": "boolean",
        "slogan": "string",
        "source_1": "string",
        "pinpoint_1": "string",
        "source_2": "string",
        "pinpoint_2": "string",
        "verification": "category",
    }


def test_rows_keep_the_order_of_the_file(root):
    assert load("parades", root=root)["parade_id"].tolist() == ["P1", "P2", "P3", "P4"]


def test_empty_cells_are_missing_and_none_is_a_value(root):
    slogan = load("parades", root=root)["slogan"]

    assert slogan.isna().tolist() == [False, False, False, True]
    assert slogan[1] == "none"


def test_commas_and_line_breaks_inside_quotes_belong_to_the_cell(root):
    slogan = load("parades", root=root)["slogan"]

    assert slogan[0] == "Bread, and roses"
    assert slogan[2] == "Two\nlines"


def test_categories_keep_the_listed_order_and_those_without_rows(root):
    weather = load("parades", root=root)["weather"]

    assert weather.cat.categories.tolist() == ["dry", "rain", "snow"]
    assert not weather.cat.ordered


def test_categories_are_ordered_where_the_description_says_so(root):
    file = root / "parades/datapackage.json"
    spoil(file, '"name": "weather",', '"name": "weather", "categoriesOrdered": true,')

    assert load("parades", root=root)["weather"].cat.ordered


def test_frame_says_what_it_is(root):
    assert load("parades", root=root).attrs == {
        "name": "parades",
        "title": "Parades that never took place",
        "version": "0.1.0",
        "citation": "The coursekit authors, Parades (version 0.1.0).",
        "reading": (),
    }


def test_a_changed_frame_does_not_change_the_next(root):
    first = load("parades", root=root)
    first.loc[0, "marchers"] = 0
    first.attrs["name"] = "other"
    second = load("parades", root=root)

    assert second.loc[0, "marchers"] == 1200
    assert second.attrs["name"] == "parades"


def test_a_changed_file_is_read_again(root):
    before = load("parades", root=root).loc[0, "marchers"]
    spoil(root / "parades/parades.csv", "1200", "12000")
    spoil(root / "parades/readings.csv", ",1200,", ",12000,")

    assert (before, load("parades", root=root).loc[0, "marchers"]) == (1200, 12000)


def test_a_reading_takes_the_place_of_the_base(root):
    frame = load("parades", reading="day_last_first", root=root)

    assert frame.loc[3, "held"] == pd.Timestamp("2023-05-01")
    assert frame.loc[3, "weather"] == "rain"
    assert frame.attrs["reading"] == ("day_last_first",)
    assert frame.dtypes.equals(load("parades", root=root).dtypes)


def test_readings_of_different_questions_go_together(root):
    frame = load("parades", reading=["size_first_union", "size_third_union"], root=root)

    assert frame["marchers"].tolist() == [5000, 800, 700, 300]


def test_a_base_reading_may_be_named(root):
    frame = load("parades", reading="size_first_police", root=root)

    pd.testing.assert_frame_equal(frame, load("parades", root=root))
    assert frame.attrs["reading"] == ("size_first_police",)


def test_two_readings_of_one_question_are_refused(root):
    with pytest.raises(CoursekitError, match="both answer 'size_first'"):
        load("parades", reading=["size_first_paper", "size_first_union"], root=root)


def test_an_unknown_dataset_is_answered_with_those_that_exist(root):
    with pytest.raises(UnknownNameError, match=r"named 'parade'\. There is: parades"):
        load("parade", root=root)


@pytest.mark.parametrize("name", ["../parades", "", ".", "parades/", "/"])
def test_a_name_is_not_a_path(root, name):
    with pytest.raises(UnknownNameError):
        load(name, root=root)


def test_an_unknown_reading_is_answered_with_those_that_exist(root):
    with pytest.raises(UnknownNameError, match="day_last_first, day_last_second"):
        load("parades", reading="day_first", root=root)


def test_datasets_are_found_by_their_description(root):
    (root / "empty").mkdir()

    assert dataset_names(root=root) == ("parades",)


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "expected", "found"),
    [
        pytest.param(",800,", ",8o0,", 3, "marchers", WHOLE, "'8o0'", id="integer"),
        pytest.param(
            ",800,", f",{10**18},", 3, "marchers", WHOLE, f"'{10**18}'", id="too long"
        ),
        pytest.param(
            ",0.25,", ",٢٥,", 6, "share_on_foot", "a number", "'٢٥'", id="digits"
        ),
        pytest.param(
            ",0.25,", ',"0,25",', 6, "share_on_foot", "a number", "'0,25'", id="number"
        ),
        pytest.param(
            ",0.25,", ",NaN,", 6, "share_on_foot", "a number", "'NaN'", id="nan"
        ),
        pytest.param(
            "2021-05-01",
            "1/5/21",
            3,
            "held",
            "a date as YYYY-MM-DD",
            "'1/5/21'",
            id="date",
        ),
        pytest.param(
            "2021-05-01",
            "2021-02-30",
            3,
            "held",
            "a date as YYYY-MM-DD",
            "'2021-02-30'",
            id="day that is none",
        ),
        pytest.param(
            ",2021,", ",21,", 3, "year", "a year of four digits", "'21'", id="year"
        ),
        pytest.param(
            "rain,false",
            "rain,no",
            3,
            "permitted",
            "true or false",
            "'no'",
            id="boolean",
        ),
        pytest.param(
            ",rain,",
            ",hail,",
            3,
            "weather",
            "one of dry, rain, snow",
            "'hail'",
            id="category",
        ),
        pytest.param(
            ",2021,",
            ",,",
            3,
            "year",
            "a value, for it is required",
            "an empty cell",
            id="required",
        ),
        pytest.param(
            "P2,",
            "Q2,",
            3,
            "parade_id",
            "text that matches P[0-9]+",
            "'Q2'",
            id="pattern",
        ),
        pytest.param(
            "P2,",
            "P1,",
            3,
            "parade_id",
            "a value that occurs only once",
            "'P1' again",
            id="primary key",
        ),
        pytest.param(
            ",800,", ",-800,", 3, "marchers", "at least 0", "'-800'", id="minimum"
        ),
        pytest.param(
            ",0.25,", ",25,", 6, "share_on_foot", "at most 1", "'25'", id="maximum"
        ),
        pytest.param(
            "2021-05-01",
            "1021-05-01",
            3,
            "held",
            "at least 2000-01-01",
            "'1021-05-01'",
            id="minimum of a date",
        ),
        pytest.param("P2,", "P2,,", 3, None, "13 cells", "14", id="ragged row"),
        pytest.param(
            "P2,", "\nP2,", 3, None, "13 cells", "an empty line", id="empty line"
        ),
        pytest.param(
            "held,year",
            "year,held",
            1,
            "held",
            "'held' as column 2, as in datapackage.json",
            "'year'",
            id="columns out of order",
        ),
        pytest.param(
            "slogan",
            "motto",
            1,
            "slogan",
            "'slogan' as column 8, as in datapackage.json",
            "'motto'",
            id="missing column",
        ),
        pytest.param(
            "verification\n",
            "verification,verification\n",
            1,
            "verification",
            "no more columns, as in datapackage.json",
            "'verification'",
            id="column twice",
        ),
        pytest.param(
            "verification\n",
            "verification,extra\n",
            1,
            "extra",
            "no more columns, as in datapackage.json",
            "'extra'",
            id="extra column",
        ),
    ],
)
def test_a_broken_table_is_named_to_the_cell(
    root, old, new, row, column, expected, found
):
    file = root / "parades/parades.csv"
    spoil(file, old, new)

    with pytest.raises(MalformedDataError) as caught:
        load("parades", root=root)

    fault = caught.value
    assert (fault.file, fault.row, fault.column) == (file, row, column)
    assert (fault.expected, fault.found) == (expected, found)
    assert str(pickle.loads(pickle.dumps(fault))) == str(fault)


def test_an_open_quotation_mark_is_named_by_its_line(root):
    file = root / "parades/parades.csv"
    spoil(file, 'lines"', "lines")

    with pytest.raises(
        MalformedDataError, match=r"parades\.csv, row 4: expected a row"
    ):
        load("parades", root=root)


def test_a_table_in_another_encoding_is_named_by_its_line(root):
    file = root / "parades/parades.csv"
    file.write_bytes(file.read_bytes().replace(b"none", "Größe".encode("latin-1")))

    with pytest.raises(MalformedDataError, match="row 3: expected text in UTF-8"):
        load("parades", root=root)


def test_a_byte_order_mark_is_refused(root):
    file = root / "parades/parades.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    with pytest.raises(MalformedDataError, match="byte order mark"):
        load("parades", root=root)


@pytest.mark.parametrize("name", ["parades.csv", "readings.csv"])
def test_a_file_that_is_not_there_is_named(root, name):
    (root / "parades" / name).unlink()

    with pytest.raises(MalformedDataError, match=f"{name}: expected a file"):
        load("parades", root=root)


def test_an_empty_table_lacks_its_first_column(root):
    (root / "parades/parades.csv").write_text("")

    with pytest.raises(MalformedDataError, match="row 1, column 'parade_id'"):
        load("parades", root=root)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param('"name": "parades",', '"name" "parades",', "row 3", id="no JSON"),
        pytest.param('"name": "parades",', "", "under 'name'", id="no name"),
        pytest.param(
            '"name": "parades",', '"name": "parade",', "the name 'parades'", id="name"
        ),
        pytest.param('"resources"', '"tables"', "under 'resources'", id="no resources"),
        pytest.param('"fields"', '"columns"', "under 'fields'", id="no fields"),
        pytest.param('"date"', '"day"', "column 'held': expected a type", id="type"),
        pytest.param(
            '"minimum": "2000-01-01"',
            '"minimum": "2000"',
            "a minimum that fits the type date",
            id="limit of another type",
        ),
        pytest.param('"minimum": 0', '"least": 0', "found {'least'", id="rule"),
        pytest.param('"P[0-9]+"', '"P[0-9+"', "a pattern that fits", id="pattern"),
        pytest.param('"value": "snow"', '"value": "rain"', "again", id="category"),
        pytest.param('"name": "slogan"', '"name": "year"', "each column", id="column"),
        pytest.param('"parade_id"\n', '"id"\n', "columns as primaryKey", id="key"),
        pytest.param('"primaryKey"', '"key"', "a primaryKey of 'parades'", id="no key"),
        pytest.param('"version": "0.1.0"', '"version": 1', "text under", id="version"),
        pytest.param(
            '"parades.csv"', '"../parades.csv"', "inside the folder", id="path"
        ),
        pytest.param('"name": "readings"', '"name": "parades"', "again", id="resource"),
        pytest.param('"minimum": "2000-01-01"', '"minimum": 5', "type date", id="day"),
        pytest.param('"type": "date"', '"type": []', "expected a type", id="no type"),
        pytest.param(
            '"primaryKey": [', '"primaryKey": [1, ', "list of texts", id="key 1"
        ),
    ],
)
def test_a_broken_description_is_named(root, old, new, message):
    spoil(root / "parades/datapackage.json", old, new)

    with pytest.raises(MalformedDataError) as caught:
        load("parades", root=root)

    assert caught.value.file.name == "datapackage.json"
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["[]", "null", '"text"', "", "{"])
def test_a_description_that_is_no_object_is_refused(root, text):
    (root / "parades/datapackage.json").write_text(text)

    with pytest.raises(MalformedDataError, match="expected"):
        load("parades", root=root)


def test_a_key_of_two_columns_may_not_repeat(root):
    file = root / "parades/datapackage.json"
    package = json.loads(file.read_text())
    package["resources"][0]["schema"]["primaryKey"] = ["source_1", "verification"]
    del package["resources"][1]
    file.write_text(json.dumps(package))
    spoil(root / "parades/parades.csv", "n 7,,,excerpt", "n 7,,,read")

    with pytest.raises(MalformedDataError, match="row 4: expected each source_1 and"):
        load("parades", root=root)


def test_codebook_answers_in_the_agreed_order(root):
    text = str(codebook("parades", root=root))

    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "## What is one row",
        "## Who made it and why",
        "## Columns",
        "## How it was coded",
        "## What it cannot tell",
        "## Sources",
        "## Licence",
        "## How to cite",
        "## Changes",
    ]


def test_codebook_says_type_unit_values_and_gaps_of_each_column(root):
    text = str(codebook("parades", root=root))

    assert (
        "| `marchers` | integer | persons | 0 or more | 1 of 4 | How many marched. |"
    ) in text
    assert "| `weather` | category |  | `dry`, `rain`, `snow` |" in text


def test_codebook_is_the_readme_of_the_dataset(root):
    book = codebook("parades", root=root)

    assert book._repr_markdown_() == (root / "parades/README.md").read_text()


def test_codebook_of_an_unknown_dataset_lists_those_that_exist(root):
    with pytest.raises(UnknownNameError, match="There is: parades"):
        codebook("parade", root=root)
