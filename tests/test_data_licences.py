"""No series ships that its owner did not license, and every licence is shown."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from coursekit.authoring.citations import cited_keys
from coursekit.evidence import codebook, load

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
FOLDERS = sorted(file.parent for file in DATA.glob("*/datapackage.json"))

# Single figures with a citation may ship; nobody rebuilds a series from four.
FIGURES_AT_MOST = 4

# Words by which a column, or a value that names an indicator, gives a series away.
CLOSED_INDICATORS = {
    "Freedom in the World": ("fiw", "political_rights", "civil_liberties"),
    "Freedom on the Net": ("fotn", "freedom_on_the_net"),
    "Economist Intelligence Unit": ("eiu", "democracy_index"),
    "Reporters Without Borders": ("rsf", "press_freedom"),
    "Access Now": ("accessnow", "access_now"),
    "trade press": ("imports_from_china", "trade_with_china"),
}

# Works through which the closed series could be rebuilt, by the owner of the series.
CLOSED_WORKS = {
    "Freedom House": (
        "FreedomHouse",
        "News24kg2018FOTN",
        "News24kg2019FOTN",
        "News24kg2023FOTN",
        "AsiaPlus2023FIW",
        "Diplomat2019FOTN",
        "Eltuz2016",
        "Kun2021FOTN",
        "Qalampir2024",
        "Statista2024",
        "TajikGazette2022",
        "TashkentTimes2020",
    ),
    "Reporters Without Borders": ("Baumgartner2025", "AsiaPlus2024RSF", "RSF"),
    "Access Now": ("AccessNow", "Progres2023"),
    "trade press": ("IntelliNews2024", "Eurasianet2024trade"),
}

OPEN_INDICATORS = {
    "vdem_libdem": "CC-BY-SA-4.0",
    "vdem_polyarchy": "CC-BY-SA-4.0",
    "internet_users_pct": "CC-BY-4.0",
    "population": "CC-BY-4.0",
}

NOTICES = {
    "country_context": ("V-Dem", "Gapminder", "World Bank", "Changed by us"),
    "outlines": ("Natural Earth", "Changed by us"),
}

TEXTS = sorted([*ROOT.glob("lessons/*.md"), *ROOT.glob("exercises/*.md")])

every_dataset = pytest.mark.parametrize(
    "folder", [pytest.param(folder, id=folder.name) for folder in FOLDERS]
)


def read_tables(folder):
    return [pd.read_csv(file, dtype="string") for file in sorted(folder.glob("*.csv"))]


def find_closed_indicators(folder):
    """Name the columns and one-word values that are called as a closed series is."""
    names = set()
    for table in read_tables(folder):
        cells = {cell for name in table for cell in table[name].dropna().unique()}
        names |= {name.casefold() for name in {*table.columns, *cells}}
    return sorted(
        f"{owner}: {name}"
        for owner, words in CLOSED_INDICATORS.items()
        for name in names
        if " " not in name and any(f"_{word}_" in f"_{name}_" for word in words)
    )


def measured_columns(folder):
    """List the columns of numbers that are no date and no clock."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    fields = package["resources"][0]["schema"]["fields"]
    numbers = [field for field in fields if field["type"] in ("integer", "number")]
    clocks = ("year", "year_operational", "utc_offset_hours")
    return [field["name"] for field in numbers if field["name"] not in clocks]


def count_closed_figures(folder):
    """Count the rows with a number that rest on works of a closed series, by owner."""
    frame = load(folder.name, root=folder.parent)
    measured = frame[measured_columns(folder)].notna().any(axis=1)
    sources = frame.filter(regex="^source").astype("string")
    return {
        owner: int((measured & sources.apply(starts_with(works)).any(axis=1)).sum())
        for owner, works in CLOSED_WORKS.items()
    }


def starts_with(works):
    return lambda column: column.str.startswith(works, na=False)


def licence_part(name):
    return str(codebook(name)).split("## Licence")[1].split("## How to cite")[0]


def count_closed_works(text):
    """Count the works of a closed series that a text cites, by owner."""
    keys = cited_keys(text)
    return {
        owner: sum(key.startswith(works) for key in keys)
        for owner, works in CLOSED_WORKS.items()
    }


@pytest.fixture
def copied(tmp_path):
    shutil.copy(DATA / "sources.bib", tmp_path)
    return Path(shutil.copytree(DATA / "country_context", tmp_path / "country_context"))


def append_rows(folder, rows):
    with (folder / "country_context.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{row}\n" for row in rows)


@every_dataset
def test_no_column_or_indicator_is_called_as_a_closed_series_is(folder):
    assert find_closed_indicators(folder) == []


@every_dataset
def test_works_of_closed_series_give_single_figures_only(folder):
    figures = count_closed_figures(folder)

    assert max(figures.values()) <= FIGURES_AT_MOST, figures


@pytest.mark.parametrize(
    "file", [pytest.param(file, id=f"{file.parent.name}-{file.stem}") for file in TEXTS]
)
def test_no_text_cites_enough_works_to_rebuild_a_closed_series(file):
    works = count_closed_works(file.read_text(encoding="utf-8"))

    assert max(works.values()) <= FIGURES_AT_MOST, works


def test_the_context_of_states_has_the_open_indicators_under_their_licences():
    rows = load("country_context")[["indicator", "licence"]].astype(str)

    assert dict(rows.drop_duplicates().to_numpy().tolist()) == OPEN_INDICATORS


def test_the_compiler_of_many_indices_is_a_source_of_the_open_one_only():
    rows = load("country_context").astype({"indicator": "string"})
    compiled = rows.loc[rows["source_1"] == "Marquez2025", "indicator"]

    assert set(compiled) == {"vdem_libdem", "vdem_polyarchy"}


@every_dataset
def test_codebook_shows_each_licence_with_its_address(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    licences = package["licenses"]
    shown = licence_part(folder.name)

    assert licences
    assert all(item["name"] for item in licences)
    assert all(f"[{item['title']}]({item['path']})" in shown for item in licences)


@every_dataset
def test_a_dataset_that_is_not_our_own_coding_has_a_notice(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    own = [item["title"] for item in package["licenses"]] == [
        "Creative Commons Attribution 4.0 International"
    ]

    assert own or folder.name in NOTICES


@pytest.mark.parametrize("name", NOTICES)
def test_codebook_shows_the_notice_of_what_others_made(name):
    shown = licence_part(name)

    assert [word for word in NOTICES[name] if word not in shown] == []


@pytest.mark.parametrize(
    ("indicator", "owner"),
    [
        pytest.param("fiw_total", "Freedom in the World", id="freedom-in-the-world"),
        pytest.param("fotn_harmonised", "Freedom on the Net", id="freedom-on-the-net"),
        pytest.param(
            "eiu_democracy_index", "Economist Intelligence Unit", id="economist"
        ),
        pytest.param("rsf_score", "Reporters Without Borders", id="press-freedom"),
        pytest.param("accessnow_shutdowns", "Access Now", id="access-now"),
        pytest.param("imports_from_china", "trade press", id="trade-press"),
    ],
)
def test_a_closed_indicator_would_be_found(copied, indicator, owner):
    append_rows(copied, [f"KAZ,2020,{indicator},1,CC-BY-4.0,false,X,copy,"])

    assert find_closed_indicators(copied) == [f"{owner}: {indicator}"]


def test_many_works_of_a_closed_series_would_be_found():
    cited = "[@FreedomHouse2014kz; @FreedomHouse2015kz, p 3] [@Kun2021FOTN; @Putz2023]"

    assert count_closed_works(cited)["Freedom House"] == 3


def test_a_closed_series_under_an_open_name_would_be_found(copied):
    append_rows(
        copied,
        [
            f"KGZ,{year},population,1,CC-BY-4.0,false,FreedomHouse2016kg,copy,"
            for year in range(1990, 1995)
        ],
    )

    file = copied / "datapackage.json"
    text = file.read_text(encoding="utf-8").replace('"minimum": 2012', '"minimum": 1')
    file.write_text(text, encoding="utf-8")

    assert count_closed_figures(copied)["Freedom House"] == 5
