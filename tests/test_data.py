"""Every dataset of the course keeps what its description promises."""

import re
import shutil
from pathlib import Path

import pytest
from frictionless import Package

from coursekit.authoring.dataset import check_facts
from coursekit.evidence import load, readings
from coursekit.law import read_notes

DATA = Path(__file__).parents[1] / "data"
FOLDERS = sorted(file.parent for file in DATA.glob("*/datapackage.json"))

every_dataset = pytest.mark.parametrize(
    "folder", [pytest.param(folder, id=folder.name) for folder in FOLDERS]
)


def frictionless_faults(folder):
    report = Package(str(folder / "datapackage.json")).validate()
    return report.flatten(["rowNumber", "fieldName", "message"]) + report.warnings


def change_first_digit(file):
    header, rows = file.read_text(encoding="utf-8").split("\n", 1)
    changed = re.sub("[0-9]", lambda found: str(9 - int(found[0])), rows, count=1)
    file.write_text(f"{header}\n{changed}", encoding="utf-8")


def test_there_are_datasets():
    assert FOLDERS


def test_every_folder_of_data_is_described():
    assert {file.parent for file in DATA.glob("*/*.csv")} == set(FOLDERS)


@every_dataset
def test_dataset_is_a_valid_data_package(folder):
    assert frictionless_faults(folder) == []


@every_dataset
def test_facts_codebook_and_sources_are_as_the_files_have_them(folder):
    assert check_facts(folder) == []


@every_dataset
def test_dataset_loads_with_its_name_and_citation(folder):
    frame = load(folder.name)

    assert len(frame) > 0
    assert frame.attrs["name"] == folder.name
    assert frame.attrs["citation"]


@every_dataset
def test_dataset_loads_under_each_of_its_readings(folder):
    names = readings(folder.name)["reading"].unique()
    frames = [load(folder.name, reading=name) for name in names]

    assert all(len(frame) == len(load(folder.name)) for frame in frames)


@every_dataset
def test_every_row_names_its_source_and_how_it_was_verified(folder):
    frame = load(folder.name)

    assert frame["source_1"].notna().all()
    assert frame["verification"].notna().all()


@every_dataset
def test_every_base_reading_says_why_it_is_preferred(folder):
    frame = readings(folder.name)
    notes = frame[frame["base"]].groupby("reading")["note"].count()

    assert (notes > 0).all()


def test_every_row_with_a_reading_is_marked_contested():
    marked = load("timeline").set_index("event_id")["contested"]

    assert marked[readings("timeline")["key"]].all()


def test_every_note_on_a_case_names_a_case_and_a_column():
    cases = load("interventions")
    notes = read_notes()

    assert set(notes["case_id"]) <= set(cases["case_id"])
    assert set(notes["field"]) <= set(cases.columns)


def test_verification_of_a_case_follows_the_rule_of_its_codebook():
    notes = read_notes()
    checked = set(zip(notes["case_id"], notes["checked"], strict=True))

    for case in load("interventions").itertuples():
        rule = "mixed"
        if case.confidence == "high" and case.year_start >= 1990:
            rule = "mixed" if (case.case_id, False) in checked else "excerpt"
        elif case.confidence == "low" and (case.case_id, True) not in checked:
            rule = "general_knowledge"

        assert case.verification == rule, case.case_id


def test_every_attack_joins_two_arguments_and_is_named_by_them():
    known = set(load("arguments")["argument_id"])
    attacks = load("attacks")

    assert set(attacks["attacker"]) | set(attacks["target"]) <= known
    assert (attacks["attack_id"] == attacks["attacker"] + "-" + attacks["target"]).all()


def test_an_attack_is_in_the_map_if_both_its_arguments_are():
    arguments = load("arguments").set_index("argument_id")["in_map"]
    attacks = load("attacks")
    both = arguments[attacks["attacker"]].to_numpy() & arguments[attacks["target"]]

    assert (attacks["in_map"].to_numpy() == both.to_numpy()).all()


def test_two_arguments_attack_each_other_and_no_others_do():
    attacks = load("attacks")
    pairs = set(zip(attacks["attacker"], attacks["target"], strict=True))

    assert {pair for pair in pairs if pair[::-1] in pairs} == {
        ("A10", "A11"),
        ("A11", "A10"),
    }


def test_every_argument_supports_arguments_of_the_map():
    arguments = load("arguments").set_index("argument_id")
    supported = arguments["supports"].dropna().str.split(";").explode()

    assert arguments.loc[supported, "in_map"].all()


def test_what_the_compilers_added_is_not_credited_to_the_authors():
    arguments = load("arguments")
    added = arguments[arguments["basis"].isin(["compiler", "sources"])]

    assert added["holder"].str.startswith("the compilers of the course").all()
    assert added["article_notes"].isna().all()


@every_dataset
def test_every_listed_value_has_a_meaning(folder):
    columns = Package(str(folder / "datapackage.json")).get_resource(folder.name)
    categories = [
        category
        for field in columns.schema.to_descriptor()["fields"]
        for category in field.get("categories", [])
    ]

    assert all(category["label"] for category in categories)


@every_dataset
def test_folder_is_under_one_megabyte(folder):
    assert sum(file.stat().st_size for file in folder.iterdir()) < 1_000_000


@every_dataset
def test_a_changed_number_does_not_pass(folder, tmp_path):
    shutil.copy(DATA / "sources.bib", tmp_path)
    copied = Path(shutil.copytree(folder, tmp_path / folder.name))
    change_first_digit(copied / f"{folder.name}.csv")

    assert check_facts(copied)
    assert frictionless_faults(copied)
