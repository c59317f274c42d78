"""Collecting: every version kept, whose it is, and when it came."""

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from coursekit.cli import app
from coursekit.desk import collect as module
from coursekit.desk import shelf
from coursekit.desk.book import open_book
from coursekit.desk.collect import collect
from coursekit.desk.course import find_course
from coursekit.desk.grading import list_counted
from coursekit.desk.tables import MalformedTableError
from coursekit.errors import CoursekitError
from coursekit.grading.tables import HandedInRow
from desk_downloads import SLUG, notebook, pack
from desk_work import make_course

ROSTER = """student,name,canvas_id,moodle_id
s1,"Smith, Jane",1234,4711
s 2,"Әлиева, Айгүл",77,12
s3,Nobody,5,6
"""
TIMES = """student,submitted
s1,2027-03-02 16:00
s 2,2027-03-03 18:00
"""


@pytest.fixture
def course(tmp_path):
    course = make_course(tmp_path / "course")
    course.roster_path.write_text(ROSTER, encoding="utf-8")
    return course


def state_of(report):
    return {line.student: line.state for line in report.lines}


def files_below(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_a_download_of_canvas_is_told_apart_and_kept(course, tmp_path):
    download = pack(
        {
            "smithjane_1234_1_quiz.ipynb": notebook("first"),
            "smithjane_LATE_1234_4_quiz-1.ipynb": notebook("second"),
            "әлиеваайгүл_77_2_quiz.ipynb": notebook("hers"),
            "stranger_9_3_quiz.ipynb": notebook("whose"),
            "smithjane_1234_1_photo.png": b"png",
        },
        tmp_path / "submissions.zip",
    )
    report = collect(course, "02", download)

    assert (report.origin, report.new, report.known) == ("canvas", 3, 0)
    assert state_of(report) == {"s 2": "on time", "s1": "late", "s3": "nothing"}
    assert report.unknown == ("stranger (Canvas user 9)",)
    assert not report.passed
    kept = files_below(course.folder / "submitted" / SLUG)
    assert [name.rsplit(" ", 1)[-1] for name in kept if "other" in name] == [
        "smithjane_1234_1_photo.png"
    ]
    assert len([name for name in kept if name.startswith("_unmatched/")]) == 1


def test_collecting_twice_doubles_nothing(course, tmp_path):
    download = pack({"s1/quiz.ipynb": notebook(), "s1/a.txt": b"a"}, tmp_path / "a.zip")
    collect(course, SLUG, download)
    before = files_below(course.folder)
    report = collect(course, SLUG, download)

    assert (report.new, report.known) == (0, 1)
    assert files_below(course.folder) == before


def test_what_was_interrupted_before_it_was_noted_goes_on(
    course, tmp_path, monkeypatch
):
    download = pack(
        {"s1.ipynb": notebook(), "s3.ipynb": notebook()}, tmp_path / "a.zip"
    )

    def stop(*_given):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "_record", stop)
        with pytest.raises(KeyboardInterrupt):
            collect(course, SLUG, download)

    assert collect(course, SLUG, download).new == 2


def test_times_are_taken_from_the_instructor_in_the_zone_of_the_course(
    course, tmp_path
):
    download = pack(
        {"s1.ipynb": notebook(), "s 2.ipynb": notebook()}, tmp_path / "a.zip"
    )
    times = tmp_path / "times.csv"
    times.write_text(TIMES, encoding="utf-8")
    report = collect(course, SLUG, download, times=times)

    assert state_of(report) == {"s 2": "late", "s1": "on time", "s3": "nothing"}
    late = next(line for line in report.lines if line.student == "s 2")
    assert late.late_by_hours == 25.0
    assert late.counts.startswith(f"submitted/{SLUG}/s 2/20270303T130000Z-")


def test_times_that_come_later_are_learnt(course, tmp_path):
    download = pack({"s 2.ipynb": notebook()}, tmp_path / "a.zip")
    times = tmp_path / "times.csv"
    times.write_text(TIMES, encoding="utf-8")

    assert state_of(collect(course, SLUG, download))["s 2"] == "on time"
    assert state_of(collect(course, SLUG, download, times=times))["s 2"] == "late"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "student,submitted\ns9,2027-03-02\n",
            "line 2: the roster has no student",
        ),
        ("student,submitted\ns1,yesterday\n", "line 2: 'yesterday' is no time"),
        ("student\ns1\n", "line 1: there is no column 'submitted'"),
        (
            "Identifier,Last modified (submission)\nParticipant 12,вчера\n",
            "line 2: 'вчера' is not how Moodle",
        ),
        (
            "student,submitted\ns1,2027-03-02\nS1,2027-03-03\n",
            "line 3: there is a time for 's1' in line 2 already",
        ),
    ],
    ids=["student", "time", "column", "moodle", "twice"],
)
def test_times_that_cannot_be_read_are_refused_and_nothing_is_written(
    course, tmp_path, text, said
):
    download = pack({"s1.ipynb": notebook()}, tmp_path / "a.zip")
    (tmp_path / "times.csv").write_text(text, encoding="utf-8")

    with pytest.raises(MalformedTableError, match=said):
        collect(course, SLUG, download, times=tmp_path / "times.csv")

    assert not (course.folder / "submitted").exists()


def test_a_worksheet_of_moodle_says_when(course, tmp_path):
    download = pack(
        {"Айгүл Әлиева_12_assignsubmission_file_/q.ipynb": notebook()},
        tmp_path / "a.zip",
    )
    times = tmp_path / "sheet.csv"
    times.write_text(
        'Identifier,Full name,Last modified (submission)\nParticipant 12,A,"Wednesday, '
        '3 March 2027, 6:00 PM"\nParticipant 6,Nobody,-\n',
        encoding="utf-8",
    )

    assert state_of(collect(course, SLUG, download, times=times))["s 2"] == "late"


def test_an_archive_that_was_handed_in_is_opened(course, tmp_path):
    inner = pack({"my/quiz.ipynb": notebook("inner"), "submission.json": b"{}"})
    report = collect(course, SLUG, pack({"s1.zip": inner}, tmp_path / "a.zip"))

    assert (report.new, report.kept, report.faults) == (1, (), ())


def test_of_several_notebooks_the_one_of_the_exercise_counts(course, tmp_path):
    files = {"s1/notes.ipynb": notebook("notes", exercise=""), "s1/q.ipynb": notebook()}
    report = collect(course, SLUG, pack(files, tmp_path / "a.zip"))

    assert (report.new, len(report.kept)) == (1, 1)
    assert list_counted(course, SLUG)[0].notebook.read_bytes() == files["s1/q.ipynb"]


def test_where_two_may_be_meant_none_counts_and_both_are_kept(course, tmp_path):
    files = {"s1/a.ipynb": notebook("one"), "s1/b.ipynb": notebook("two")}
    report = collect(course, SLUG, pack(files, tmp_path / "a.zip"))

    assert report.new == 0
    assert len(report.kept) == 2
    assert "s1 handed in several notebooks" in report.faults[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (notebook(exercise="03_invited_for_what"), "a notebook of 03_invited_for_what"),
        (b"{", "breaks off before its end"),
        (b"", "is empty"),
    ],
    ids=["another", "broken", "empty"],
)
def test_what_is_odd_is_collected_and_reported(course, tmp_path, content, said):
    report = collect(course, SLUG, pack({"s1.ipynb": content}, tmp_path / "a.zip"))

    assert report.new == 1
    assert said in report.faults[0]


def test_without_a_roster_everybody_is_taken_by_the_name(course, tmp_path):
    course.roster_path.unlink()
    report = collect(course, SLUG, pack({"zoë.ipynb": notebook()}, tmp_path / "a.zip"))

    assert state_of(report) == {"zoë": "on time"}


def test_the_command_says_what_comes_next(course, tmp_path, monkeypatch):
    pack({"s1.ipynb": notebook()}, course.folder / "a.zip")
    monkeypatch.chdir(course.folder)
    result = CliRunner().invoke(app, ["collect", "02", "a.zip"])

    assert result.exit_code == 0
    assert result.stdout.endswith(f"Next: coursekit grade {SLUG}\n")


def test_outside_a_course_the_command_says_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["collect", "02", "a.zip"])

    assert result.exit_code == 2
    assert "coursekit new course FOLDER" in result.stderr


@pytest.mark.parametrize(
    "name", ["...ipynb", "..ipynb", "_unmatched.ipynb", "CON.ipynb", "a\tb.ipynb"]
)
def test_without_a_roster_a_name_that_can_be_no_folder_is_nobodys(
    course, tmp_path, name
):
    course.roster_path.unlink()
    files = {name: notebook(), "s1.ipynb": notebook("2")}
    report = collect(course, SLUG, pack(files, tmp_path / "a.zip"))
    kept = files_below(course.folder / "submitted")

    assert (report.new, len(report.unknown)) == (1, 1)
    assert all(one.startswith((f"{SLUG}/s1/", f"{SLUG}/_unm")) for one in kept)


def test_without_a_roster_ids_that_differ_in_case_alone_are_refused(course, tmp_path):
    course.roster_path.unlink()
    files = {"Ann.ipynb": notebook(), "ann.ipynb": notebook("2")}

    with pytest.raises(CoursekitError, match="Ann and ann would share a folder"):
        collect(course, SLUG, pack(files, tmp_path / "a.zip"))

    assert not (course.folder / "submitted").exists()


def spoil_deflated(content):
    return content[:45] + b"\xff" * 20 + content[65:]


def spoil_name(content):
    flagged = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        flagged[flagged.rindex(mark) + offset] |= 0x08
    return bytes(flagged).replace(b"aaaa", b"\xff\xfe\xff\xfe")


@pytest.mark.parametrize("spoil", [spoil_deflated, spoil_name])
def test_a_broken_archive_of_one_student_stops_nobody_else(course, tmp_path, spoil):
    inner = spoil(pack({"aaaa.ipynb": notebook("x" * 500)}))
    files = {"s1.zip": inner, "s3.ipynb": notebook()}
    report = collect(course, SLUG, pack(files, tmp_path / "a.zip"))

    assert report.new == 1
    assert len(report.faults) == 1


@pytest.mark.parametrize(
    ("limit", "value"), [("MOST_INNER_FILES", 1), ("MOST_INNER_BYTES", 100)]
)
def test_a_bomb_of_one_student_stops_nobody_else(
    course, tmp_path, monkeypatch, limit, value
):
    monkeypatch.setattr(f"coursekit.desk.archives.{limit}", value)
    inner = pack({"a.ipynb": notebook(), "b.txt": b"0" * 5000})
    files = {"s1.zip": inner, "s3.ipynb": notebook()}
    report = collect(course, SLUG, pack(files, tmp_path / "a.zip"))

    assert report.new == 1
    assert "holds over" in report.faults[0]


def test_a_later_attempt_counts_whichever_was_collected_first(course, tmp_path):
    again, first = notebook("again"), notebook("first")
    for number, (name, content) in enumerate(
        [("a_1234_9_q-1.ipynb", again), ("a_1234_8_q.ipynb", first)]
    ):
        collect(course, SLUG, pack({name: content}, tmp_path / f"{number}.zip"))

    assert list_counted(course, SLUG)[0].notebook.read_bytes() == again


def times_of(tmp_path, when):
    file = tmp_path / f"{when}.csv"
    file.write_text(f"student,submitted\ns1,2027-03-{when:02}T10:00\n")
    return file


def test_what_is_sent_again_after_something_else_counts_again(course, tmp_path):
    one, other = notebook("one"), notebook("other")
    for day, content in ((1, one), (2, other), (3, one)):
        download = pack({"s1.ipynb": content}, tmp_path / f"{day}.zip")
        collect(course, SLUG, download, times=times_of(tmp_path, day))

    assert list_counted(course, SLUG)[0].notebook.read_bytes() == one


def test_the_same_bytes_sent_twice_are_as_early_as_with_the_first(course, tmp_path):
    download = pack({"s1.ipynb": notebook()}, tmp_path / "a.zip")
    collect(course, SLUG, download, times=times_of(tmp_path, 1))
    report = collect(course, SLUG, download, times=times_of(tmp_path, 9))

    assert state_of(report)["s1"] == "on time"


def test_canvas_numbers_uploads_so_that_what_is_sent_again_counts(course, tmp_path):
    one, other = notebook("one"), notebook("other")
    for upload, content in ((5, one), (6, other), (7, one)):
        name = f"smithjane_1234_{upload}_quiz.ipynb"
        collect(course, SLUG, pack({name: content}, tmp_path / f"{upload}.zip"))

    assert list_counted(course, SLUG)[0].notebook.read_bytes() == one


def test_an_older_download_collected_later_puts_nothing_back(course, tmp_path):
    one, other = notebook("one"), notebook("other")
    for number, (upload, content) in enumerate([(5, one), (6, other), (5, one)]):
        name = f"smithjane_1234_{upload}_quiz.ipynb"
        collect(course, SLUG, pack({name: content}, tmp_path / f"{number}.zip"))

    assert list_counted(course, SLUG)[0].notebook.read_bytes() == other


def test_a_number_in_a_student_s_own_name_makes_no_attempt(course, tmp_path):
    draft, final = notebook("draft"), notebook("final")
    files = {
        "smithjane_1234_5_draft-9.ipynb": draft,
        "smithjane_1234_6_quiz.ipynb": final,
    }
    collect(course, SLUG, pack(files, tmp_path / "a.zip"))

    assert list_counted(course, SLUG)[0].notebook.read_bytes() == final


def test_a_download_of_hidden_names_says_what_to_do(course, tmp_path):
    files = {"anon_x7Qz2_9_quiz.ipynb": notebook()}
    report = collect(course, SLUG, pack(files, tmp_path / "a.zip"))

    assert report.origin == "canvas"
    assert "end anonymous grading first" in report.unknown[0]


def test_an_archive_that_was_handed_in_keeps_the_platform_s_name(course, tmp_path):
    inner = pack({"evil_9999_8888_q.ipynb": notebook()}, tmp_path / "inner.zip")
    files = {"smithjane_1234_5_mine.zip": inner.read_bytes()}
    collect(course, SLUG, pack(files, tmp_path / "a.zip"))
    with open_book(course) as book:
        names = book.transact(lambda use: list(use.scalars(select(HandedInRow.name))))

    assert names == ["smithjane_1234_5_mine.zip"]


def test_an_extension_of_somebody_else_than_the_roster_s_is_said(course, tmp_path):
    settings = course.folder / "course.toml"
    extension = (
        f'\n[[extensions]]\nstudent = "s33"\nexercise = "{SLUG}"\n'
        "due = 2027-03-05T12:00:00\n"
    )
    settings.write_text(settings.read_text() + extension)
    download = pack({"s1.ipynb": notebook()}, tmp_path / "a.zip")
    report = collect(find_course(course.folder), SLUG, download)

    assert "extension for s33, who is not in the roster" in report.faults[0]


def test_an_online_text_of_moodle_is_kept_and_is_not_unknown(course, tmp_path):
    files = {
        "Jane Smith_4711_assignsubmission_onlinetext_/onlinetext.html": b"words",
        "Jane Smith_4711_assignsubmission_file_/q.ipynb": notebook(),
    }
    report = collect(course, SLUG, pack(files, tmp_path / "a.zip"))

    assert (report.new, len(report.kept), report.unknown) == (1, 1, ())


def test_a_notebook_that_breaks_off_behind_its_metadata_is_reported(course, tmp_path):
    content = notebook().rstrip(b"}")
    report = collect(course, SLUG, pack({"s1.ipynb": content}, tmp_path / "a.zip"))

    assert report.new == 1
    assert "s1" in report.faults[0]


def write_sheet(tmp_path, *lines):
    header = "Identifier,Full name,Email address,Last modified (submission)"
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("\n".join([header, *lines]), encoding="utf-8")
    return sheet


def test_the_worksheet_of_an_assignment_has_its_own_numbers(course, tmp_path):
    course.roster_path.write_text(
        "student,name,email,moodle_id\ns1,Jo Li,a@x.org,1\ns2,Jo Li,b@x.org,2\n"
    )
    sheet = write_sheet(
        tmp_path,
        'Participant 901,Jo Li,a@x.org,"Tuesday, March 2, 2027, 4:00 PM"',
        'Participant 902,Jo Li,b@x.org,"Wednesday, 3 March 2027, 6:00\u202fPM"',
    )
    names = ("Jo Li_901", "Jo Li_902")
    files = {f"{n}_assignsubmission_file/q.ipynb": notebook(n) for n in names}
    download = pack(files, tmp_path / "a.zip")
    report = collect(course, SLUG, download, times=sheet)

    assert state_of(report) == {"s1": "on time", "s2": "late"}
    assert not report.unknown


def test_what_comes_back_without_a_time_is_said_not_to_count(course, tmp_path):
    for number, text in enumerate(["one", "other", "one"]):
        download = pack({"s1.ipynb": notebook(text)}, tmp_path / f"{number}.zip")
        report = collect(course, SLUG, download)

    assert list_counted(course, SLUG)[0].notebook.read_bytes() == notebook("other")
    assert "s1: what this download has was collected before another" in report.faults[0]
    assert "--times" in report.faults[0]


def test_the_same_bytes_sent_again_late_stay_on_time(course, tmp_path):
    for name in ("smithjane_1234_5_q.ipynb", "smithjane_LATE_1234_7_q.ipynb"):
        download = pack({name: notebook()}, tmp_path / f"{len(name)}.zip")
        report = collect(course, SLUG, download)

    assert state_of(report)["s1"] == "on time"


def test_what_canvas_calls_late_no_more_is_on_time(course, tmp_path):
    for name in ("smithjane_LATE_1234_5_q.ipynb", "smithjane_1234_5_q.ipynb"):
        download = pack({name: notebook()}, tmp_path / f"{len(name)}.zip")
        report = collect(course, SLUG, download)

    assert state_of(report)["s1"] == "on time"


def test_several_notebooks_of_one_download_of_canvas_are_named(course, tmp_path):
    files = {
        "smithjane_1234_5_draft.ipynb": notebook("draft"),
        "smithjane_1234_6_quiz.ipynb": notebook("final"),
    }
    report = collect(course, SLUG, pack(files, tmp_path / "a.zip"))

    said = "s1 handed in several notebooks: draft.ipynb, quiz.ipynb. The last upload"

    assert report.faults == (f"{said} counts.",)


def test_a_text_that_canvas_took_down_is_kept_with_its_student(course, tmp_path):
    files = {
        "smithjane_1234_text.html": b"words",
        "smithjane_1234_5_quiz.ipynb": notebook(),
    }
    report = collect(course, SLUG, pack(files, tmp_path / "a.zip"))

    assert (report.new, len(report.kept), report.unknown) == (1, 1, ())


def test_versions_whose_hashes_begin_alike_are_both_kept(course, tmp_path, monkeypatch):
    class Weak:
        def __init__(self, content):
            self.content = content

        def hexdigest(self):
            return "0" * 8 + self.content[-60:].hex()[:56]

    monkeypatch.setattr(module, "sha256", Weak)
    monkeypatch.setattr(shelf, "sha256", Weak)
    for number, text in enumerate(["one", "other", "one", "other"]):
        files = {"s1.ipynb": notebook(text, exercise=SLUG), "s1/a.txt": text.encode()}
        collect(course, SLUG, pack(files, tmp_path / f"{number}.zip"))
    home = course.folder / "submitted" / SLUG / "s1"

    assert {p.read_bytes() for p in home.glob("*.ipynb")} == {
        notebook("one"),
        notebook("other"),
    }
    assert sorted(p.read_bytes() for p in (home / "other").iterdir()) == [
        b"one",
        b"other",
    ]
