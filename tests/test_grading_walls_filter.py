"""The filter of system calls, worked through by hand for both processors."""

from __future__ import annotations

import errno

import pytest

from coursekit.grading.walls import filter as calls

MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOWED, KILLED = 0x7FFF0000, 0x80000000


def work_through(machine, number, first=0, processor=None):
    """Do what Linux does with the program; return what it would return."""
    program = calls.make_filter(machine)
    data = {0: number, 4: processor or MACHINES[machine], 16: first}
    held, place = 0, 0
    while True:
        operation, true, false, value = program[place]
        place += 1
        match operation:
            case 0x06:
                return value
            case 0x20:
                held = data[value]
            case 0x15:
                place += true if held == value else false
            case 0x35:
                place += true if held >= value else false
            case 0x45:
                place += true if held & value else false


def error(number):
    return 0x00050000 | number


@pytest.fixture(params=MACHINES)
def machine(request):
    """A processor that has a filter."""
    return request.param


@pytest.mark.parametrize("name", calls.REFUSED)
def test_a_call_that_leads_out_is_refused(machine, name):
    number = calls.REFUSED[name][calls.COLUMNS[machine]]

    assert work_through(machine, number) == error(errno.EPERM)


@pytest.mark.parametrize("name", calls.UNKNOWN)
def test_a_call_for_which_programs_have_another_way_is_unknown(machine, name):
    number = calls.UNKNOWN[name][calls.COLUMNS[machine]]

    assert work_through(machine, number) == error(errno.ENOSYS)


@pytest.mark.parametrize(
    ("numbers", "first", "answer"),
    [
        pytest.param(calls.CLONE, 17, ALLOWED, id="fork"),
        pytest.param(calls.CLONE, 0x3D0F00, ALLOWED, id="thread"),
        pytest.param(calls.CLONE, 0x10000011, error(errno.EPERM), id="namespace"),
        pytest.param(calls.SOCKET, 1, ALLOWED, id="Unix socket"),
        pytest.param(calls.SOCKET, 10, ALLOWED, id="IPv6 socket"),
        pytest.param(calls.SOCKET, 16, error(errno.EAFNOSUPPORT), id="netlink socket"),
        pytest.param(calls.ITSELF["prlimit64"], 0, ALLOWED, id="own limits"),
        pytest.param(
            calls.ITSELF["prlimit64"], 1, error(errno.EPERM), id="limits of another"
        ),
        pytest.param((0, 63), 1, ALLOWED, id="read"),
        pytest.param((59, 221), 1, ALLOWED, id="execve"),
    ],
)
def test_other_calls_depend_on_what_is_asked(machine, numbers, first, answer):
    assert work_through(machine, numbers[calls.COLUMNS[machine]], first) == answer


def test_programs_for_another_processor_are_killed(machine):
    assert work_through(machine, 0, processor=0x40000003) == KILLED


def test_the_second_set_of_calls_of_one_processor_is_unknown():
    assert work_through("x86_64", 0x40000000 | 101) == error(errno.ENOSYS)


def test_other_processors_have_no_filter():
    assert not calls.is_known("riscv64")
