"""Code writes the facts of a dataset and finds where they drifted."""

import json
import shutil
from pathlib import Path

import pytest

from coursekit.authoring.dataset import check_facts, write_facts

EXAMPLES = Path(__file__).parent / "datasets"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(EXAMPLES, tmp_path / "data")) / "parades"


def spoil(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_example_has_no_faults(folder):
    assert check_facts(folder) == []


def test_facts_written_twice_are_the_same_to_the_byte(folder):
    before = contents(folder)

    assert not write_facts(folder)
    assert contents(folder) == before


def test_facts_are_written_where_there_were_none(folder):
    file = folder / "datapackage.json"
    before = file.read_bytes()
    package = json.loads(before)
    for resource in package["resources"]:
        for fact in ("bytes", "hash", "rows"):
            del resource[fact]
    file.write_text(json.dumps(package))
    (folder / "README.md").unlink()
    write_facts(folder)

    assert file.read_bytes() == before
    assert check_facts(folder) == []


def test_facts_follow_a_changed_table(folder):
    spoil(folder / "parades.csv", ",800,", ",8000,")

    assert write_facts(folder)
    assert check_facts(folder) == []
    package = json.loads((folder / "datapackage.json").read_text())
    facts = package["resources"][0]
    assert facts["bytes"] == len((folder / "parades.csv").read_bytes())


def test_what_people_wrote_stays_in_its_order(folder):
    file = folder / "datapackage.json"
    spoil(file, '"title": "Parades', '"zeal": "Größe", "title": "Parades')
    write_facts(folder)
    package = json.loads(file.read_text(encoding="utf-8"))

    assert list(package)[:4] == ["$schema", "name", "zeal", "title"]
    assert "Größe" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        pytest.param(
            "parades.csv", ",800,", ",801,", "hash of parades.csv is", id="number"
        ),
        pytest.param(
            "readings.csv", ",2000,", ",2001,", "hash of readings.csv is", id="reading"
        ),
        pytest.param(
            "datapackage.json", '"rows": 4', '"rows": 5', "rows of parades", id="rows"
        ),
        pytest.param("README.md", "Invented", "Real", "not the codebook", id="README"),
        pytest.param(
            "datapackage.json",
            '"How many marched."',
            '" "',
            "'marchers' of parades.csv has no description",
            id="description",
        ),
        pytest.param(
            "parades.csv",
            "none,Ng2021",
            "none,Ng2020",
            "row 3, column 'source_1': sources.bib has no 'Ng2020'",
            id="source of a row",
        ),
        pytest.param(
            "readings.csv",
            "Ng2021,n 7",
            "Ng2020,n 7",
            "row 5, column 'source': sources.bib has no 'Ng2020'",
            id="source of a reading",
        ),
        pytest.param(
            "parades.csv", ",rain,", ",hail,", "one of dry, rain, snow", id="malformed"
        ),
    ],
)
def test_a_fault_is_said_in_one_line(folder, name, old, new, fault):
    spoil(folder / name, old, new)
    faults = check_facts(folder)

    assert any(fault in line for line in faults)
    assert not any("\n" in line for line in faults)


def test_a_table_that_load_does_not_read_is_checked_too(folder):
    package = folder / "datapackage.json"
    resource = {
        "name": "remarks",
        "path": "remarks.csv",
        "schema": {"fields": [{"name": "seen", "type": "boolean", "description": "?"}]},
    }
    descriptor = json.loads(package.read_text())
    descriptor["resources"].append(resource)
    package.write_text(json.dumps(descriptor))
    (folder / "remarks.csv").write_text("seen\nyes\n")
    faults = check_facts(folder)

    assert len(faults) == 1
    assert "remarks.csv, row 2, column 'seen': expected true or false" in faults[0]


def test_a_missing_readme_is_a_fault(folder):
    (folder / "README.md").unlink()

    assert len(check_facts(folder)) == 1


def test_a_missing_bibliography_is_a_fault(folder):
    (folder.parent / "sources.bib").unlink()

    assert "sources.bib: expected a file" in check_facts(folder)[0]
