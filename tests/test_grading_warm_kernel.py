"""The warm kernel: what it does, how it ends, and what a hostile one cannot do."""

from __future__ import annotations

import json
import socket
import threading
import time
from queue import Empty

import psutil
import pytest

from coursekit.errors import CoursekitError
from coursekit.exercise.answers import MIME
from coursekit.grading.kernel import (
    CpuLimitError,
    KernelDiedError,
    MemoryLimitError,
    OutputLimitError,
)
from coursekit.grading.walls.limits import Limits
from coursekit.grading.walls.sandbox import raise_walls
from coursekit.grading.warm import kernel as warm_kernel
from coursekit.grading.warm.kernel import WarmKernel, Zygote
from coursekit.grading.warm.warmup import NOTEBOOK
from coursekit.grading.warm.wire import pack_frame
from warm_kernels import run_cell

DISPLAY = "from IPython.display import display\n"


# "auto" has walls where they can be had, and a process between zygote and kernel.
@pytest.fixture(scope="module", params=["off", "auto"])
def walls(request):
    return raise_walls(request.param, Limits())


@pytest.fixture(scope="module")
def zygote(walls):
    with Zygote(walls) as zygote:
        yield zygote


@pytest.fixture
def kernel(zygote):
    kernel = zygote.fork()
    yield kernel
    kernel.stop()


def texts(messages):
    """What was printed, shown or raised, without the rest."""
    return [
        content.get("text") or content.get("ename") or content["data"]["text/plain"]
        for _, content, _ in messages
    ]


# What a notebook sees.


def test_semicolon_at_the_end_hides_the_result(kernel):
    assert run_cell(kernel, "1 + 1;  # hidden") == []


def test_flushing_makes_no_message_of_its_own(kernel):
    said = run_cell(kernel, "for n in range(9): print(n, end='', flush=True)")

    assert texts(said) == ["012345678"]


def test_large_text_comes_in_pieces(kernel):
    said = run_cell(kernel, "print('x' * 200_000, end='')")

    assert [len(text) for text in texts(said)] == [65536, 65536, 65536, 3392]


def test_many_small_prints_come_in_pieces(kernel):
    said = run_cell(kernel, "for n in range(20_000): print('123456789')")

    assert len(said) == 4
    assert "".join(texts(said)) == "123456789\n" * 20_000


def test_forked_process_prints_into_the_cell_and_says_nothing_else(kernel):
    said = run_cell(
        kernel,
        DISPLAY + "import os\npid = os.fork()\nif not pid:\n    print('child')\n"
        "    display('unseen')\n    os._exit(0)\ndone = os.waitpid(pid, 0)",
    )

    assert texts(said) == ["child\n"]


def test_forked_process_that_comes_back_from_its_cell_ends_there(kernel):
    run_cell(kernel, "import os\npid = os.fork()")
    said = run_cell(kernel, "os.waitpid(pid, 0)[1]")

    assert texts(said) == ["0"]


def test_text_that_no_encoding_takes_is_shown_without_it(kernel):
    assert texts(run_cell(kernel, "print('a\\ud800b', end='')")) == ["a?b"]


def test_raw_answer_passes_unchanged(kernel):
    answer = {"check": "q", "value": {"kind": "list", "items": [0.1, None, "é"]}}
    source = f"display({{{MIME!r}: {json.dumps(answer)}}}, raw=True)"
    said = run_cell(kernel, DISPLAY + "null = None\n" + source)

    assert said[0][1]["data"] == {MIME: answer}


def test_message_belongs_to_the_cell_that_is_open(kernel):
    request = kernel.execute_cell_input("1")
    kernel.await_reply(request, 20)

    assert kernel.get_output(20)["parent_header"]["msg_id"] == request


def test_kernel_starts_in_an_empty_folder(kernel):
    assert texts(run_cell(kernel, "import os\nos.listdir()")) == ["[]"]


def test_answers_are_recorded_without_a_word_about_them(kernel):
    said = run_cell(kernel, "from coursekit import check\ncheck('q', 3)")

    assert texts(said) == ["q: recorded."]


def test_child_holds_no_descriptor_but_its_own(kernel):
    listed = run_cell(
        kernel,
        "import os\nopen_ = [f'/proc/self/fd/{n}' for n in range(99)]\n"
        "links = [os.readlink(n) for n in open_ if os.path.lexists(n)]\n"
        "[n.split(':')[0] for n in links if not n.endswith('(deleted)')]",
    )

    # The null device, the data socket, and the three of the event loop; the streams 1
    # and 2 are files without a name.
    assert texts(listed) == [
        "['/dev/null', 'socket', 'anon_inode', 'socket', 'socket']"
    ]


# One submission after the other.


def test_nothing_of_a_submission_is_left_for_the_next(zygote):
    run_cell(
        zygote.fork(),
        "import os, pandas\nx = 1\nopen('planted.py', 'w').write('x')\n"
        "pandas.DataFrame.sum = None\nos.environ['LEFT'] = '1'",
    )
    seen = run_cell(
        zygote.fork(),
        "import os, pandas\n'x' in globals(), os.listdir(), "
        "pandas.DataFrame.sum is None, 'LEFT' in os.environ",
    )

    assert texts(seen) == ["(False, [], False, False)"]


def test_unseeded_numbers_are_the_same_in_every_submission(zygote):
    source = "import random, numpy\n(random.random(), numpy.random.rand())"
    first, second = (run_cell(zygote.fork(), source) for _ in range(2))

    assert texts(first) == texts(second)


def test_order_of_sets_is_the_same_in_every_zygote(walls, kernel):
    source = "list({'a', 'b', 'c', 'd', 'e'})"
    with Zygote(walls) as other:
        assert texts(run_cell(other.fork(), source)) == texts(run_cell(kernel, source))


# Interrupts.


def interrupted(kernel, source, *, wait=0.3):
    """Run a cell, interrupt it after a while, give what it said."""
    kernel.watch()
    request = kernel.execute_cell_input(source)
    with pytest.raises(Empty):
        kernel.await_reply(request, wait)
    kernel.interrupt()
    kernel.await_reply(request, 20)
    return kernel.get_output(20)["content"].get("ename")


@pytest.mark.parametrize(
    ("source", "ename"),
    [
        pytest.param("while True: pass", "KeyboardInterrupt", id="computes"),
        pytest.param("import time\ntime.sleep(99)", "KeyboardInterrupt", id="sleeps"),
        pytest.param(
            "import asyncio\nawait asyncio.sleep(99)", "CancelledError", id="awaits"
        ),
        pytest.param(
            "import asyncio\nawait asyncio.sleep(0)\nwhile True: pass",
            "KeyboardInterrupt",
            id="computes after awaiting",
        ),
        pytest.param(
            "import subprocess\nsubprocess.run(['sleep', '99'])",
            "KeyboardInterrupt",
            id="waits for a process",
        ),
        pytest.param(
            "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
            "import threading\nthreading.Event().wait()",
            "KeyboardInterrupt",
            id="waits for a thread",
        ),
    ],
)
def test_cell_is_interrupted_and_the_kernel_goes_on(kernel, source, ename):
    assert interrupted(kernel, source) == ename
    assert texts(run_cell(kernel, "1")) == ["1"]


def test_cell_that_ignored_interrupts_does_so_for_itself_alone(kernel):
    run_cell(kernel, "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)")

    assert interrupted(kernel, "while True: pass") == "KeyboardInterrupt"


def test_interrupt_between_cells_does_nothing(kernel):
    run_cell(kernel, "x = 1")
    kernel.interrupt()
    time.sleep(0.1)

    assert texts(run_cell(kernel, "x")) == ["1"]


def test_a_late_interrupt_does_not_hit_the_next_cell(kernel, zygote, monkeypatch):
    tell = zygote.tell
    late = []

    def dawdle(*descriptors, **order):
        late.append(threading.Timer(0.4, tell, descriptors, order))
        late[-1].start()

    kernel.watch()
    request = kernel.execute_cell_input("import time\ntime.sleep(0.1)")
    monkeypatch.setattr(zygote, "tell", dawdle)
    kernel.interrupt()
    monkeypatch.undo()
    kernel.await_reply(request, 20)

    assert late
    assert texts(run_cell(kernel, "time.sleep(0.6)\n1")) == ["1"]


def test_a_kernel_whose_zygote_interrupts_nobody_is_lost(walls, monkeypatch):
    monkeypatch.setattr(warm_kernel, "ORDER_SECONDS", 0.3)
    with Zygote(walls) as zygote:
        kernel = zygote.fork()
        monkeypatch.setattr(zygote, "tell", lambda *_, **__: None)
        kernel.interrupt()

        assert not kernel.is_alive()
        monkeypatch.undo()


def test_cell_that_refuses_to_be_interrupted_does_not_settle(kernel):
    kernel.execute_cell_input(
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    )
    kernel.msg_id = kernel._request
    time.sleep(0.3)

    assert not kernel.settle(0.3)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("while True: print('x' * 1000)", id="prints"),
        pytest.param(DISPLAY + "while True: display('x')", id="displays"),
        pytest.param(DISPLAY + "while True: display('x' * 10**6)", id="in bulk"),
        pytest.param(DISPLAY + "while True: display('x' * 10**8)", id="all at once"),
        pytest.param("import os\nos.system('yes')", id="through a process"),
    ],
)
def test_endless_output_ends_the_cell_and_not_the_kernel(kernel, source):
    kernel.watch()
    request = kernel.execute_cell_input(source)
    with pytest.raises(OutputLimitError):
        kernel.await_reply(request, 30)

    assert kernel.settle(30)
    assert texts(run_cell(kernel, "1")) == ["1"]


# Death.


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import os\nos._exit(3)", id="exits"),
        pytest.param("import os\nos.kill(os.getpid(), 9)", id="is killed"),
        pytest.param("import ctypes\nctypes.string_at(0)", id="crashes"),
        pytest.param("import os\nos.close(3)", id="closes the socket"),
        pytest.param(
            "import os\nif os.fork() == 0:\n    import time\n    time.sleep(60)\n"
            "os._exit(3)",
            id="leaves a child that holds the socket",
        ),
        pytest.param("exit()", id="exit()"),
    ],
)
def test_death_is_noticed_at_once(kernel, source):
    [[_, content, _]] = run_cell(kernel, source, timeout=30)

    assert "the kernel" in content["why"]


def test_death_between_two_cells_is_noticed(kernel):
    run_cell(
        kernel,
        "import os, threading, time\n"
        "threading.Thread(target=lambda: (time.sleep(0.1), os._exit(1))).start()",
    )
    time.sleep(0.5)

    assert not kernel.is_alive()


def test_what_a_cell_said_before_it_died_is_kept(kernel):
    request = kernel.execute_cell_input(
        DISPLAY + "display('last')\nimport os\nos.abort()"
    )
    with pytest.raises(KernelDiedError, match="died"):
        kernel.await_reply(request, 20)

    assert kernel.get_output(5)["content"]["data"]["text/plain"] == "'last'"


def test_dead_kernel_takes_no_cell(kernel):
    run_cell(kernel, "import os\nos._exit(0)")

    with pytest.raises(KernelDiedError):
        kernel.execute_cell_input("1")


def test_stopped_kernel_can_be_stopped_again(kernel):
    kernel.stop()
    kernel.stop()

    assert not kernel.is_alive()


def test_old_kernel_cannot_stop_the_next_one(zygote):
    old = zygote.fork()
    new = zygote.fork()
    old.stop()

    assert texts(run_cell(new, "1")) == ["1"]


def test_death_of_the_zygote_costs_one_submission(walls):
    with Zygote(walls) as zygote:
        kernel = zygote.fork()
        request = kernel.execute_cell_input("while True: pass")
        zygote._process.kill()
        with pytest.raises(KernelDiedError):
            kernel.await_reply(request, 30)

        assert texts(run_cell(zygote.fork(), "1")) == ["1"]


def test_zygote_that_cannot_start_says_why(walls):
    with (
        Zygote(walls, environment={"PYTHONHOME": "/nowhere"}) as zygote,
        pytest.raises(CoursekitError, match=r"did not start .*--kernel jupyter"),
    ):
        zygote.fork()


def test_zygote_that_cannot_warm_up_says_why(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import pkgutil\ndel pkgutil.iter_modules"
    )
    environment = {"PYTHONPATH": str(tmp_path)}
    with (
        Zygote(raise_walls("off", Limits()), environment=environment) as zygote,
        pytest.raises(CoursekitError, match=r"did not start .*'iter_modules'"),
    ):
        zygote.fork()


# A hostile kernel, played by the test: what it may say, and what becomes of it.


class SilentZygote:
    """Stands for a zygote that says only what a test has it say."""

    lost = False

    def __init__(self, **limits):
        self.limits = Limits(**limits)
        self.control, self.theirs = socket.socketpair()
        self.events = []
        self.ended = False

    def announce(self, **event):
        self.events.append(event)
        self.theirs.send(b"!")

    def listen(self, _timeout):
        self.control.recv(100)
        return [self.events.pop(0)]

    def tell(self, **order):
        """Take an order and do nothing."""

    def wait_for(self, _kind, _seconds):
        """Know nothing."""

    def end(self, _kernel):
        self.ended = True


class Hostile:
    """A kernel whose every byte the test decides."""

    def __init__(self, **limits):
        ours, self.end = socket.socketpair()
        self.zygote = SilentZygote(**limits)
        self.kernel = WarmKernel(self.zygote, ours)

    def take_request(self):
        self.kernel.execute_cell_input("pass")
        return self.end.recv(10_000)[:16]

    def say(self, token, *message):
        self.end.sendall(pack_frame(token, json.dumps([*message, []]).encode()))

    def close(self):
        for end in (self.end, self.zygote.control, self.zygote.theirs):
            end.close()
        self.kernel.stop()


@pytest.fixture
def hostile():
    hostile = Hostile(messages=20)
    yield hostile
    hostile.close()


SPEECH = ("stream", {"name": "stdout", "text": "forged"})
REPLY = ("execute_reply", {"status": "ok", "execution_count": 0, "payload": []})


def test_frame_with_another_token_is_dropped(hostile):
    hostile.take_request()
    hostile.say(b"another token...", *SPEECH)

    with pytest.raises(Empty):
        hostile.kernel.get_message("iopub", 0.1)


def test_token_of_the_cell_before_is_worth_nothing(hostile):
    old = hostile.take_request()
    hostile.say(old, *REPLY)
    hostile.kernel.get_message("shell", 1)
    hostile.kernel.get_message("iopub", 1)
    hostile.take_request()
    hostile.say(old, *SPEECH)
    hostile.say(old, *REPLY)

    with pytest.raises(Empty):
        hostile.kernel.get_message("iopub", 0.1)


def test_nothing_is_heard_after_the_reply(hostile):
    token = hostile.take_request()
    hostile.say(token, *REPLY)
    hostile.say(token, *SPEECH)
    hostile.say(token, *REPLY)
    hostile.kernel.get_message("shell", 1)
    idle = hostile.kernel.get_message("iopub", 1)

    assert idle["content"] == {"execution_state": "idle"}
    with pytest.raises(Empty):
        hostile.kernel.get_message("iopub", 0.1)


def test_idle_cannot_be_said_by_the_kernel(hostile):
    token = hostile.take_request()
    hostile.say(token, "status", {"execution_state": "idle"})

    with pytest.raises(Empty):
        hostile.kernel.get_message("iopub", 0.1)


def test_kernel_that_keeps_breaking_the_protocol_is_given_up(hostile):
    hostile.take_request()
    for _ in range(21):
        hostile.say(b"another token...", *SPEECH)

    with pytest.raises(KernelDiedError, match="protocol"):
        hostile.kernel.get_message("shell", 5)


def test_garbage_is_given_up_at_once(hostile):
    hostile.take_request()
    hostile.end.sendall(b"garbage " * 100)

    with pytest.raises(KernelDiedError, match="protocol"):
        hostile.kernel.get_message("shell", 5)


def test_frame_that_claims_too_much_is_too_much_output(hostile):
    token = hostile.take_request()
    hostile.end.sendall(token + b"\xff\xff\xff\xff")

    with pytest.raises(OutputLimitError, match="at once"):
        hostile.kernel.get_message("shell", 5)


def test_half_a_frame_is_waited_for_until_the_time_is_over(hostile):
    token = hostile.take_request()
    hostile.end.sendall(token + b"\0\0\0\x09")

    with pytest.raises(Empty):
        hostile.kernel.get_message("shell", 0.1)


def test_output_is_to_be_read_before_the_reply_is_waited_for(hostile):
    token = hostile.take_request()
    hostile.say(token, *SPEECH)

    with pytest.raises(Empty):
        hostile.kernel.get_message("shell")  # would wait for ever


def test_kernel_that_never_reads_is_given_up(hostile, monkeypatch):
    monkeypatch.setattr(warm_kernel, "ORDER_SECONDS", 0.2)

    with pytest.raises(KernelDiedError, match="did not take the cell"):
        hostile.kernel.execute_cell_input("x" * 10_000_000)


def test_end_of_the_kernel_that_only_the_zygote_notices_is_enough(hostile):
    hostile.take_request()
    hostile.zygote.announce(event="gone", status=-9)

    with pytest.raises(KernelDiedError, match="SIGKILL"):
        hostile.kernel.get_message("shell", 5)


@pytest.mark.parametrize(
    ("usage", "error", "said"),
    [
        pytest.param({"memory": 3 * 2**30}, MemoryLimitError, "2048 MiB", id="memory"),
        pytest.param({"processes": 65}, KernelDiedError, "64 proc", id="processes"),
        pytest.param({"cpu": 121}, CpuLimitError, "over 120 s", id="time of a cell"),
    ],
)
def test_submission_that_uses_too_much_is_ended(hostile, usage, error, said):
    hostile.take_request()
    hostile.zygote.announce(
        **{"event": "usage", "cpu": 0.0, "memory": 0, "processes": 1} | usage
    )
    with pytest.raises(error, match=said):
        hostile.kernel.get_message("shell", 5)

    assert hostile.zygote.ended


def test_time_of_earlier_cells_does_not_count_for_the_next(hostile):
    token = hostile.take_request()
    hostile.zygote.announce(event="usage", cpu=50.0, memory=0, processes=1)
    hostile.say(token, *REPLY)
    hostile.kernel.get_message("shell", 5)
    hostile.kernel.get_message("iopub", 5)
    hostile.take_request()
    hostile.zygote.announce(event="usage", cpu=70.0, memory=0, processes=1)

    with pytest.raises(Empty):
        hostile.kernel.get_message("shell", 0.1)


def test_time_of_all_cells_together_is_limited():
    hostile = Hostile(submission_cpu_seconds=5.0)
    hostile.take_request()
    hostile.zygote.announce(event="usage", cpu=6.0, memory=0, processes=1)
    with pytest.raises(CpuLimitError, match="notebook computed for over 5 s"):
        hostile.kernel.get_message("shell", 5)
    hostile.close()


def test_real_cell_that_computes_too_long_is_ended():
    limits = Limits(cell_cpu_seconds=0.5)
    with Zygote(raise_walls("off", limits), limits=limits) as zygote:
        kernel = zygote.fork()
        request = kernel.execute_cell_input("while True: pass")
        with pytest.raises(CpuLimitError, match=r"over 0\.5 s"):
            kernel.await_reply(request, 30)


def test_processes_of_a_submission_end_with_it(kernel):
    seconds = "654.321"
    run_cell(
        kernel,
        "import subprocess\n"
        f"subprocess.Popen(['sleep', '{seconds}'], start_new_session=True)",
    )
    kernel.stop()

    running = [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]
    assert not [line for line in running if seconds in (line or ())]


def test_all_that_is_run_to_warm_up_works(kernel):
    kernel.execute_cell_input("import coursekit")
    *cells, fails, breaks = NOTEBOOK.split("# %%\n")
    said = [kind for cell in cells for kind, *_ in run_cell(kernel, cell)]

    assert "error" not in said
    assert texts(run_cell(kernel, fails)) == ["NotImplementedError"]
    assert texts(run_cell(kernel, breaks)) == ["SyntaxError"]


def test_warming_up_leaves_no_widget_behind(kernel):
    source = "import ipywidgets, comm\nlen(comm.get_comm_manager().comms), "
    said = run_cell(kernel, source + "len(ipywidgets.widgets.widget._instances)")

    assert texts(said) == ["(0, 0)"]
