"""The semester of docs/instructors.md, its commands run, its grades computed apart."""

from __future__ import annotations

import csv
import json
import math
import random
import re
import shlex
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coursekit.cli import app
from coursekit.desk.course import find_course
from coursekit.desk.export import check_exports
from desk_downloads import pack

GUIDE = (Path(__file__).parents[1] / "docs/instructors.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    coursekit (.+)$", GUIDE, re.MULTILINE)
TOML = re.search(r"^```toml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)[1]
SLUGS = ("01_shares", "02_shares", "03_shares")
DUE = [datetime(2027, 3, day, 23, 59) for day in (2, 9, 16)]  # noqa: DTZ001 - the course's own zone
STUDENTS = [f"s{number:02d}" for number in range(1, 41)]
# What each kind of work has earned for code, once the expectation was corrected.
CODE = {"right": 2, "resubmitted": 2, "percent": 0, "crash": 0, "blank": 0, "broken": 0}
HOURS = {"on time": -5.0, "grace": 0.1, "a day": 20.0, "two days": 30.0, "over": 200.0}


def make_plan(rng):
    """Decide who hands in what and when, and how it is marked."""
    kinds = [*CODE, "right", "right", "right", "percent", "none"]
    plan = {}
    for student in STUDENTS:
        for slug in SLUGS:
            plan[student, slug] = {
                "kind": rng.choice(kinds),
                "hours": HOURS[rng.choice([*HOURS, "on time", "on time", "on time"])],
                "ann": rng.randrange(3),
                "bob": rng.randrange(3),
            }
    plan["s07", SLUGS[0]] |= {"kind": "right", "hours": 60.0}
    return plan


class Semester:
    """The folder of the course, and what students and markers put into it."""

    def __init__(self, folder):
        self.folder = folder
        self.plan = make_plan(random.Random(7))
        self.said = {}

    def run(self, command):
        """Prepare what the command reads, run it, and keep what it says."""
        words = shlex.split(command)
        prepare = {
            "release": self.set_rules,
            "collect": self.hand_in,
            "build": self.correct,
            "review": self.fill_in,
        }
        prepare.get(words[0], lambda *_: None)(*words[1:])
        self.said[command] = CliRunner().invoke(app, words)

    def set_rules(self):
        (self.folder / "course.toml").write_text(TOML, encoding="utf-8")
        rows = [
            f'{s},"Әлиева, {s}",{s}@example.org,{100 + n},{500 + n}'
            for n, s in enumerate(STUDENTS)
        ]
        header = "student,name,email,canvas_id,moodle_id"
        text = "\n".join([header, *rows])
        (self.folder / "roster.csv").write_text(text, encoding="utf-8")

    def hand_in(self, number, download, _option, times):
        slug = SLUGS[int(number) - 1]
        name = {"canvas.zip": canvas, "moodle.zip": moodle}.get(download, plain)
        files = {}
        for place, student in enumerate(STUDENTS):
            kind = self.plan[student, slug]["kind"]
            for version, content in enumerate(self.write(student, slug, kind)):
                files[name(student, place, version)] = content
        if download.endswith(".zip"):
            pack(files, self.folder / download)
        else:
            for path, content in files.items():
                place = self.folder / download / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
        self.write_times(slug, self.folder / times)

    def write(self, student, slug, kind):
        """Give the versions that a student hands in, the last one last."""
        given = (self.folder / "exercises" / f"{slug}.ipynb").read_text("utf-8")
        code = {
            "right": "shares = chairs / chairs.sum()",
            "percent": "shares = 100 * chairs / chairs.sum()",
            "crash": "shares = chairs.nothing()",
        }
        if kind == "none":
            return []
        if kind == "broken":
            return [given[: len(given) // 2].encode()]
        if kind == "blank":
            return [given.encode()]
        if kind == "resubmitted" and slug == SLUGS[0]:
            return [fill(given, student, code[k]) for k in ("percent", "right")]
        return [fill(given, student, code.get(kind, code["right"]))]

    def write_times(self, slug, path):
        moments = {
            student: DUE[SLUGS.index(slug)]
            + timedelta(hours=self.plan[student, slug]["hours"])
            for student in STUDENTS
        }
        rows = [["student", "submitted"]]
        rows += [[s, moment.isoformat()] for s, moment in moments.items()]
        if path.name == "worksheet.csv":
            rows = [["Identifier", "Full name", "Last modified (submission)"]]
            rows += [
                [f"Participant {500 + n}", s, f"{moments[s]:%A, %d %B %Y, %I:%M %p}"]
                for n, s in enumerate(STUDENTS)
            ]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)

    def correct(self, path):
        """Write exercise 3 with a wrong expectation first, and correct it later."""
        source = self.folder / "exercises" / "03_shares.md"
        text = source.read_text(encoding="utf-8")
        right, wrong = "chairs / chairs.sum()", "100 * chairs / chairs.sum()"
        if path == "exercises":
            text = text.replace(f"shares = {wrong}", "shares = PERCENT")
            text = text.replace(f"shares = {right}", f"shares = {wrong}")
            text = text.replace("shares = PERCENT", f"shares = {right}")
            text = text.replace("chairs.div(4)", "chairs.mul(25)")
        else:
            text = text.replace(f"shares = {wrong}", "shares = PERCENT")
            text = text.replace(f"shares = {right}", f"shares = {wrong}")
            text = text.replace("shares = PERCENT", f"shares = {right}")
            text = text.replace("chairs.mul(25)", "chairs.div(4)")
        source.write_text(text, encoding="utf-8")

    def fill_in(self, number, *options):
        if "--read" not in options:
            return
        marker, path = options[1], self.folder / options[-1]
        slug = SLUGS[int(number) - 1]
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        for row in rows:
            student = re.search(r"I am (s\d\d)\.", row[1])[1]
            row[2] = str(self.plan[student, slug][marker])
            row[3] = "Seen."
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([header, *rows])

    def points(self, student, slug):
        """Compute points, deduction and final of one exercise by hand."""
        own = self.plan[student, slug]
        number = SLUGS.index(slug)
        late = own["hours"] - (72 if (student, number) == ("s07", 0) else 0)
        if own["kind"] == "none":
            return None, None, None, "not handed in"
        if late > 7 * 24:
            return None, 0.0, 0.0, "closed"
        marks = [own["ann"], own["bob"]] if number == 0 else [own["ann"]]
        written = sum(marks) / len(marks)
        if own["kind"] in ("blank", "broken"):
            written = 0.0
        possible = 3 if number == 1 else 4
        points = min(CODE[own["kind"]] + written, possible)
        days = math.ceil(late / 24) if late > 10 / 60 else 0
        deduction = min(points, 0.1 * days * possible)
        return points, deduction, points - deduction, "graded"

    def total(self, student):
        """Compute the total of a student by hand: the lowest dropped, out of 20."""
        shares = []
        for number, slug in enumerate(SLUGS):
            final = self.points(student, slug)[2] or 0.0
            weight = 2 if number == 2 else 1
            shares.append((final / (3 if number == 1 else 4), number, weight))
        kept = sorted(shares)[1:]
        weights = sum(weight for _, _, weight in kept)
        return 20 * sum(share * weight for share, _, weight in kept) / weights


def canvas(student, place, version):
    again = f"-{version}" if version else ""
    return f"someone_{100 + place}_{9000 + place + 100 * version}_quiz{again}.ipynb"


def moodle(student, place, _version):
    return f"{student} Әлиева_{500 + place}_assignsubmission_file_/quiz.ipynb"


def plain(student, _place, _version):
    return f"{student}.ipynb"


def fill(given, student, code):
    tree = json.loads(given)
    for cell in tree["cells"]:
        tags = cell["metadata"].get("tags", [])
        if "answer" in tags:
            cell["source"] = code
        if "written" in tags:
            cell["source"] = f"I am {student}. A count leaves out who sits there."
    return json.dumps(tree).encode()


@pytest.fixture(scope="module")
def semester(tmp_path_factory):
    folder = tmp_path_factory.mktemp("semester")
    semester = Semester(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in COMMANDS:
            semester.run(command)
    return semester


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def number(cell):
    return None if cell == "" else float(cell)


def test_every_command_of_the_guide_does_its_work(semester):
    # A collection with strange files and a grading with broken ones end with 1.
    may_find = ("collect", "grade")
    failed = {
        command: result.output
        for command, result in semester.said.items()
        if result.exit_code > command.startswith(may_find)
    }

    assert failed == {}
    assert len(COMMANDS) > 25


def test_every_figure_of_the_final_table_is_what_the_rules_give(semester):
    rows = read_csv(semester.folder / "exports" / "grades-csv.csv")
    expected = {}
    found = {}
    for row in rows:
        for slug in SLUGS:
            key = row["student"], slug
            points, deduction, final, state = semester.points(*key)
            expected[key] = (points, deduction or 0.0, final, state)
            found[key] = (
                number(row[f"{slug} points"]),
                number(row[f"{slug} deduction"]),
                number(row[f"{slug} final"]),
                row[f"{slug} state"],
            )

    assert {row["student"] for row in rows} == set(STUDENTS)
    assert {key: values[3] for key, values in found.items()} == {
        key: values[3] for key, values in expected.items()
    }
    assert {k: pytest.approx(v[:3]) for k, v in expected.items()} == {
        k: v[:3] for k, v in found.items()
    }


def test_every_total_of_the_final_table_is_what_the_rules_give(semester):
    rows = read_csv(semester.folder / "exports" / "grades-csv.csv")
    found = {row["student"]: float(row["total of 20"]) for row in rows}

    assert found == {s: pytest.approx(semester.total(s), abs=1e-5) for s in STUDENTS}


def test_every_kind_of_work_and_lateness_came_up(semester):
    kinds = {own["kind"] for own in semester.plan.values()}
    hours = {own["hours"] for own in semester.plan.values()}

    assert kinds == {*CODE, "none"}
    assert set(HOURS.values()) < hours


def test_the_two_markers_are_compared_over_what_both_marked(semester):
    said = semester.said["review 01 --agreement"].stdout
    both = [
        own
        for (_, slug), own in semester.plan.items()
        if slug == SLUGS[0]
        and own["kind"] in ("right", "resubmitted", "percent", "crash")
    ]
    counted = [own for own in both if own["hours"] <= 7 * 24]
    alike = sum(own["ann"] == own["bob"] for own in counted) / len(counted)

    assert f"both marked {len(counted)} answers" in said
    assert f"The same points: {alike:.0%}." in said


def test_a_rule_that_changes_later_is_noticed(semester):
    toml = semester.folder / "course.toml"
    before = toml.read_text(encoding="utf-8")
    toml.write_text(before.replace("deduction = 0.1", "deduction = 0.2"))
    report = check_exports(find_course(semester.folder))
    toml.write_text(before, encoding="utf-8")

    assert not report.passed
    assert all(change.now < change.was for change in report.changes)


def test_every_student_with_work_has_a_page(semester):
    for slug in SLUGS:
        pages = {p.stem for p in (semester.folder / "feedback" / slug).glob("*.html")}
        handed_in = {s for s in STUDENTS if semester.plan[s, slug]["kind"] != "none"}

        assert pages == handed_in
