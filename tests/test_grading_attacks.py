"""Attacks and accidents, graded in one batch with honest submissions between them."""

from __future__ import annotations

import contextlib
import csv
import io
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import psutil
import pytest

import coursekit
from attacks.catalogue import MAXIMUM, make_reference, make_solved, read_attacks
from attacks.files import FILES
from coursekit.errors import CoursekitError
from coursekit.grading.grade import grade
from coursekit.grading.report import GradeReport
from coursekit.grading.run import Settings
from coursekit.grading.walls import linux
from coursekit.grading.walls.limits import Limits
from coursekit.grading.walls.sandbox import raise_walls
from grading_notebooks import write

LIMITS = Limits(
    cell_seconds=8,  # on a busy machine five can pass before 512 MiB are full
    cell_cpu_seconds=9,
    submission_seconds=60,
    submission_cpu_seconds=60,
    memory_bytes=2**29,
    processes=32,
    file_bytes=8 * 2**20,
    scratch_bytes=32 * 2**20,
    output_bytes=500_000,
    messages=2_000,
)
HARMLESS = read_attacks("answers", "machinery", "accidents")
ATTACKS = [*HARMLESS, *read_attacks("escapes", "processes", "messages")]
SOME = HARMLESS[::3]
ANYWHERE = read_attacks("answers", "accidents")[::6]  # a real kernel takes its time
HONEST = "honest"
SECRET = "the password of the gradebook"


def find_reason_against_walls():
    try:
        raise_walls("required", LIMITS)
    except CoursekitError as error:
        return str(error)
    return ""


NO_WALLS = find_reason_against_walls()
pytestmark = pytest.mark.skipif(bool(NO_WALLS), reason=NO_WALLS)


@dataclass(frozen=True)
class Batch:
    """A graded folder, and what was there when grading was over."""

    folder: Path
    report: GradeReport
    running: list[str]
    temporary: list[Path]
    changed: list[Path]

    def judged(self):
        """Give the total and what is not correct, by the name of the attack."""
        return {
            name_of(graded): (graded.total, judgements_of(graded))
            for graded in self.report.grades
            if name_of(graded) != HONEST
        }


def name_of(graded):
    return graded.student.partition(" ")[2]


def judgements_of(graded):
    return {
        question.name: str(question.judgement)
        for question in graded.questions
        if question.judgement != "correct"
    }


def stated(attacks):
    return {attack.name: (attack.total, attack.judgements) for attack in attacks}


def hand_in(folder, attacks, files=()):
    """Write attacks and files, and an honest notebook after each."""
    submissions = folder / "submissions"
    places = {"folder": str(folder), "port": (folder / "port").read_text()}
    for number, attack in enumerate(attacks):
        path = submissions / f"{number:03d}a {attack.name}.ipynb"
        write(path, attack.notebook(places))
        write(submissions / f"{number:03d}b {HONEST}.ipynb", make_solved())
    for number, file in enumerate(files):
        file.make(submissions / f"x{number:02d} {file.name}.ipynb")
    return submissions


@contextlib.contextmanager
def a_grader(folder):
    """Give the grader a home, a secret, servers, and a place for temporary files."""
    (folder / "home").mkdir()
    (folder / "home" / ".netrc").write_text(SECRET)
    (folder / "tmp").mkdir()
    with (
        pytest.MonkeyPatch.context() as changes,
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as named,
        socket.socket(socket.AF_UNIX) as unnamed,
    ):
        port = str(server.getsockname()[1])
        (folder / "port").write_text(port)
        named.bind(str(folder / "server.sock"))
        unnamed.bind(f"\0attacked-{port}")
        named.listen()
        unnamed.listen()
        changes.setenv("ATTACKED_SECRET", SECRET)
        changes.setenv("HOME", str(folder / "home"))
        changes.setenv("TMPDIR", str(folder / "tmp"))
        changes.setattr(tempfile, "tempdir", None)
        linux.control(linux.SUBREAPER, 1)  # whoever loses its parent becomes our child
        try:
            yield
        finally:
            linux.control(linux.SUBREAPER, 0)


def grade_all(folder, settings, attacks, files=(), *, jobs):
    with a_grader(folder):
        exercise = write(folder / "reference" / "attacked.ipynb", make_reference())
        submissions = hand_in(folder, attacks, files)
        before = contents(folder)
        others = set(psutil.Process().children(recursive=True))
        report = grade(
            exercise,
            submissions,
            gradebook=folder / "gradebook.db",
            settings=settings,
            jobs=jobs,
        )
        after = contents(folder)
        left = set(psutil.Process().children(recursive=True)) - others
        return Batch(
            folder,
            report,
            running=[str(process) for process in left],
            temporary=list((folder / "tmp").iterdir()),
            changed=[path for path in before if before[path] != after.get(path)],
        )


def contents(folder):
    """Read what the grader owns, links and pipes left out."""
    return {
        path: path.read_bytes()
        for path in [*folder.glob("reference/*"), *folder.glob("submissions/*.ipynb")]
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 10**6
    }


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attacked")
    settings = Settings(sandbox="required", limits=LIMITS)
    return grade_all(folder, settings, ATTACKS, FILES, jobs=2)


def test_catalogue_names_each_attack_once():
    names = [entry.name for entry in (*ATTACKS, *FILES)]

    assert len(names) == len(set(names)) > 40


def test_every_attack_and_accident_gets_the_judgement_that_is_right(batch):
    right = stated(ATTACKS)
    judged = batch.judged()

    assert {name: judged[name] for name in right} == right


def test_every_file_gets_the_points_that_are_right(batch):
    judged = batch.judged()

    assert {file.name: judged[file.name][0] for file in FILES} == {
        file.name: file.total for file in FILES
    }


@pytest.mark.parametrize("file", [pytest.param(f, id=f.name) for f in FILES if f.said])
def test_what_is_odd_about_a_file_is_said(batch, file):
    graded = {name_of(graded): graded for graded in batch.report.grades}[file.name]
    said = [graded.fault, *(repair.text for repair in graded.repairs)]

    assert file.said in "\n".join(said)


def test_every_honest_submission_between_them_has_full_marks(batch):
    honest = [graded for graded in batch.report.grades if name_of(graded) == HONEST]

    assert len(honest) == len(ATTACKS)
    assert {graded.total for graded in honest} == {MAXIMUM}


def test_report_names_the_walls(batch):
    assert "bubblewrap" in batch.report.to_text()


def test_report_steers_neither_a_terminal_nor_a_spreadsheet(batch):
    rows = csv.reader(io.StringIO(batch.report.to_csv()))

    assert {entry[:1] for row in rows for entry in row} & set("=+-@\t\r") == set()
    assert not set("\0\x1b\r\u202e") & set(batch.report.to_text())


def test_nothing_leaks(batch):
    kept = (batch.folder / "gradebook.db").read_bytes()

    assert SECRET not in batch.report.to_json()
    assert SECRET.encode() not in kept
    assert batch.changed == []


def test_nothing_is_left_behind(batch):
    packages = Path(pd.__file__).parents[1]
    places = [
        *(batch.folder, Path(coursekit.__file__).parent, packages, packages / "pandas"),
        *(Path(sys.prefix), Path(sys.base_prefix), Path("/etc"), Path("/usr/lib")),
        *(Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")),
    ]

    assert [path for place in places for path in place.glob("*planted*")] == []
    assert batch.temporary == []
    assert batch.running == []


def test_without_walls_the_same_attacks_on_them_would_succeed(tmp_path):
    attacks = [attack for attack in ATTACKS if attack.open]
    batch = grade_all(tmp_path, Settings(sandbox="off"), attacks, jobs=1)

    assert batch.judged() == {attack.name: (MAXIMUM, {}) for attack in attacks}


@pytest.mark.parametrize(
    ("attacks", "settings", "jobs"),
    [
        pytest.param(SOME[::-1], Settings(limits=LIMITS), 1, id="other-order"),
        pytest.param(SOME, Settings(sandbox="off", limits=LIMITS), 2, id="no-walls"),
        pytest.param(
            ANYWHERE, Settings(kernel="jupyter", sandbox="off"), 2, id="jupyter"
        ),
    ],
)
def test_judgements_are_the_same_in_any_order_walled_or_not_by_any_kernel(
    tmp_path, attacks, settings, jobs
):
    batch = grade_all(tmp_path, settings, attacks, jobs=jobs)

    assert batch.judged() == stated(attacks)
