"""Which walls are chosen, and what is said where they cannot be had."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys

import pytest

from coursekit.errors import CoursekitError
from coursekit.grading.walls import bubblewrap, sandbox
from coursekit.grading.walls.limits import Limits
from coursekit.grading.walls.sandbox import advise, find_walls, raise_walls
from walled import Zygote, make_walls, require_walls


@pytest.fixture
def unprobed():
    """What was found on this machine is forgotten, before and after."""
    find_walls.cache_clear()
    yield
    find_walls.cache_clear()


@pytest.fixture
def without_bubblewrap(monkeypatch, unprobed):
    """A machine on which bubblewrap is not installed."""
    monkeypatch.setattr("shutil.which", lambda _name: None)


@pytest.fixture
def broken(monkeypatch, unprobed, tmp_path):
    """A machine on which bubblewrap does not work."""
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho setting up uid map: refused. >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda _name: str(program))


def test_walls_are_raised_here():
    require_walls()

    assert raise_walls("required", Limits()).description.startswith(
        "bubblewrap: no net"
    )


def test_without_bubblewrap_required_walls_are_refused(without_bubblewrap):
    with pytest.raises(
        CoursekitError, match=r"not installed.*apt-get install bubblewr"
    ):
        raise_walls("required", Limits())


def test_without_bubblewrap_the_description_says_so(without_bubblewrap):
    walls = raise_walls("auto", Limits())

    assert walls.description.startswith(
        "no walls (bubblewrap is not installed); limits"
    )
    assert walls.command(["python"]) == ["python"]
    assert walls.config["walls"] == "none"


def test_a_bubblewrap_that_does_not_work_is_quoted(broken):
    walls = raise_walls("auto", Limits())

    assert "(bubblewrap does not hold here (setting up uid map: refused))" in (
        walls.description
    )


def test_required_walls_are_refused_where_bubblewrap_does_not_work(broken):
    with pytest.raises(CoursekitError, match=r"There are no walls here: .* refused"):
        raise_walls("required", Limits())


def test_a_sandbox_that_lets_files_be_seen_is_found_out(monkeypatch, unprobed):
    require_walls()
    monkeypatch.setattr(bubblewrap, "_SETTINGS", ("passwd",))
    found = sandbox._probe("own", secret="/etc/passwd")

    assert "files outside can be read" in found


def test_off_is_off_and_says_so():
    walls = raise_walls("off", Limits())

    assert walls.description.startswith("no walls (not asked for); limits on time")


def test_an_unknown_choice_is_refused():
    with pytest.raises(CoursekitError, match=r"no sandbox 'on'.*required, auto, off"):
        raise_walls("on", Limits())


@pytest.mark.parametrize(
    ("file", "user", "said"),
    [
        ("/.dockerenv", 0, "--security-opt"),
        ("/nowhere", 0, "as an ordinary user"),
        ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1000, "AppArmor"),
        ("/nowhere", 1000, "user namespaces"),
    ],
    ids=["Docker", "root", "Ubuntu", "another"],
)
def test_advice_fits_the_machine(broken, monkeypatch, file, user, said):
    monkeypatch.setattr(sandbox, "_says", lambda path, word: path == file)
    monkeypatch.setattr("pathlib.Path.exists", lambda path: str(path) == file)
    monkeypatch.setattr(os, "geteuid", lambda: user)

    assert said in advise()


@pytest.mark.parametrize(
    ("user", "is_open", "held"),
    [(1000, False, True), (0, True, True), (0, False, False)],
    ids=["ordinary user", "root, as another user", "root"],
)
def test_without_walls_processes_are_limited_where_linux_counts_them(
    monkeypatch, user, is_open, held
):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(sandbox, "_is_open_to_all", lambda: is_open)
    walls = raise_walls("off", Limits())

    assert ("processes" in walls.description) is held
    assert (walls.config["others"] is not None) is held
    assert bool(walls.config["uid"]) is is_open


def test_a_python_in_a_locked_folder_is_of_no_use_to_others(monkeypatch, tmp_path):
    program = tmp_path / "locked" / "python"
    program.parent.mkdir(mode=0o700)
    program.touch()
    monkeypatch.setattr(sys, "executable", str(program))

    assert not sandbox._is_open_to_all()


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_have_limits_alone(monkeypatch, unprobed, platform):
    monkeypatch.setattr(sys, "platform", platform)
    walls = raise_walls("auto", Limits())

    assert walls.description.startswith("no walls (this system has no bubblewrap); ")
    assert "Linux" in advise()


def test_windows_promises_no_more_than_time_and_output(monkeypatch, unprobed):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "geteuid")

    assert raise_walls("auto", Limits()).description == (
        "no walls (this system has no bubblewrap); limits on time and output alone"
    )


def test_nothing_fails_on_import_where_unix_is_missing():
    code = (
        "import sys, psutil\n"
        "sys.modules.update(fcntl=None, resource=None)\n"
        "import coursekit.grading.walls.inner, coursekit.grading.walls.sandbox"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("kind", ["own", "none"])
def test_nothing_of_the_callers_environment_goes_in(monkeypatch, kind):
    require_walls()
    monkeypatch.setenv("GRADEBOOK_PASSWORD", "secret")
    with Zygote(make_walls(kind)) as zygote:
        outcome = zygote.run("import os\ntell(dict(os.environ))")

    assert "secret" not in json.dumps(outcome.told)


def test_walls_survive_pickle_and_their_configuration_json():
    walls = raise_walls("off", Limits())

    assert pickle.loads(pickle.dumps(walls)) == walls
    assert json.loads(json.dumps(walls.config)) == walls.config


def test_each_process_has_a_user_of_its_own(monkeypatch):
    one = sandbox._free_uid()
    monkeypatch.setattr(os, "getpid", lambda: 7)

    assert sandbox._free_uid() not in {one, 0, os.getuid()}


def test_a_course_among_temporary_files_stays_in_sight(monkeypatch):
    monkeypatch.setattr(sys, "prefix", "/tmp/course/.venv")

    assert bubblewrap.temporary_folder() == "/var/tmp"
