"""What holds inside the walls; each test runs code in a spawned submission."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from coursekit.course import course_root
from coursekit.grading.walls import inner
from coursekit.grading.walls.confine import OPEN_FILES
from coursekit.grading.walls.scratch import SCRATCH
from walled import LIMITS, WALLED, Zygote, make_walls, require_walls

EVERY = [*WALLED, "none"]


@pytest.fixture(scope="module", params=WALLED)
def walled(request):
    """A zygote behind walls."""
    require_walls()
    with Zygote(make_walls(request.param)) as zygote:
        yield zygote


@pytest.fixture(scope="module")
def own():
    """A zygote that gives each submission namespaces of its own."""
    require_walls()
    with Zygote(make_walls("own")) as zygote:
        yield zygote


@pytest.fixture(scope="module", params=EVERY)
def zygote(request):
    """A zygote behind walls, or with limits alone."""
    if request.param != "none":
        require_walls()
    with Zygote(make_walls(request.param)) as zygote:
        yield zygote


@pytest.fixture
def listener():
    """The port of a server of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def abstract():
    """The name of a server that needs no file."""
    name = f"\0coursekit-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        yield name


def test_a_server_on_this_machine_is_not_reached(walled, listener):
    outcome = walled.run(
        f"""
import socket
with socket.socket() as caller:
    tell(caller.connect_ex(("127.0.0.1", {listener})))
"""
    )

    assert outcome.told == [111]  # refused: it is another network


def test_an_abstract_socket_of_this_machine_is_not_reached(walled, abstract):
    outcome = walled.run(
        f"""
import socket
with socket.socket(socket.AF_UNIX) as caller:
    tell(caller.connect_ex({abstract!r}))
"""
    )

    assert outcome.told == [111]


@pytest.mark.parametrize(
    "code",
    [
        "socket.create_connection(('192.0.2.1', 80), timeout=5)",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "socket.socket(socket.AF_INET6).connect(('2001:db8::1', 80))",
        "socket.getaddrinfo('example.org', 80)",
        "socket.socket(type=socket.SOCK_RAW)",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
        "socket.socket(40)",
    ],
    ids=["TCP", "UDP", "IPv6", "DNS", "raw", "netlink", "packets", "virtual machine"],
)
def test_there_is_no_network(walled, code):
    outcome = walled.run(
        f"""
import socket
try:
    {code}
except OSError:
    tell("refused")
"""
    )

    assert outcome.told == ["refused"]


def test_a_program_may_serve_itself(walled):
    outcome = walled.run(
        """
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname()).close()
    tell("connected")
"""
    )

    assert outcome.told == ["connected"]


def test_closed_connections_are_not_seen_by_the_next(own):
    served = own.run(
        """
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    name = server.getsockname()
    caller = socket.create_connection(name)
    server.accept()[0].close()
    caller.close()
tell(name)
"""
    )
    found = own.run(
        f"""
import socket
from pathlib import Path
tell(Path("/proc/net/tcp").read_text().count("0100007F:"))
socket.socket().bind({tuple(served.told[0])})
tell("bound")
"""
    )

    assert found.told == [0, "bound"]


def test_what_the_machine_has_once_for_all_is_not_used_up(own):
    outcome = own.run(
        """
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 206, "aarch64": 0}[platform.machine()]
libc.syscall(number, 500, ctypes.byref(ctypes.c_ulong()))
tell(os.strerror(ctypes.get_errno()))
made = 0
try:
    while made < 100:
        os.openpty()
        made += 1
except OSError:
    tell(made)
"""
    )

    assert outcome.told == ["Function not implemented", 32]


@pytest.mark.parametrize(
    "path",
    [
        course_root() / "exercises",
        course_root() / "exercises" / "reference",
        course_root() / ".git",
        course_root() / "pyproject.toml",
        course_root() / "tests",
        Path(__file__),
        Path("/etc/passwd"),
        Path("/etc/shadow"),
        Path("/sys"),
        Path("/run"),
        Path("/var/lib"),
        Path("/boot"),
    ],
    ids=lambda path: path.name,
)
def test_files_outside_are_not_seen(walled, path):
    outcome = walled.run(f"import os\ntell(os.path.lexists({str(path)!r}))")

    assert outcome.told == [False]


def test_files_of_the_grader_are_not_seen(walled, tmp_path):
    gradebook = tmp_path / "gradebook.db"
    gradebook.touch()
    outcome = walled.run(f"import os\ntell(os.path.lexists({str(gradebook)!r}))")

    assert outcome.told == [False]


def test_the_home_folder_is_the_scratch_folder(walled):
    outcome = walled.run("import os\ntell([os.path.expanduser('~'), os.getcwd()])")

    assert outcome.told == [[SCRATCH, SCRATCH]]


def test_files_at_home_are_not_seen(walled):
    with tempfile.NamedTemporaryFile(dir=Path.home()) as file:
        outcome = walled.run(f"import os\ntell(os.path.lexists({file.name!r}))")

    assert outcome.told == [False]


def test_the_course_and_its_data_are_there(walled):
    outcome = walled.run(
        """
import coursekit
from coursekit.course import course_root
tell(sorted(path.name for path in course_root().iterdir()))
"""
    )

    assert {"data", "lessons"} <= set(outcome.told[0])


@pytest.mark.parametrize(
    "folder",
    [
        *("/", "/bin", "/dev", "/dev/pts", "/etc", "/lib", "/proc", "/proc/sys/net"),
        *("/usr", sys.prefix, f"{sys.prefix}/lib", sys.base_prefix),
        *map(str, (Path(inner.__file__).parent, course_root(), course_root() / "data")),
    ],
)
def test_the_system_cannot_be_written(walled, folder):
    outcome = walled.run(
        f"""
try:
    open({folder!r} + "/planted", "w")
except OSError:
    tell("refused")
"""
    )

    assert outcome.told == ["refused"]


def test_no_setting_of_the_kernel_can_be_written(walled):
    outcome = walled.run(
        """
import os
for folder, _, names in os.walk("/proc/sys"):
    for name in names:
        try:
            os.close(os.open(os.path.join(folder, name), os.O_WRONLY))
        except OSError:
            continue
        tell(os.path.join(folder, name))
tell("looked")
"""
    )

    assert outcome.told == ["looked"]


def test_only_its_own_processes_are_seen(walled):
    outcome = walled.run(
        """
import os
tell(sorted({int(name) for name in os.listdir("/proc") if name.isdigit()}))
tell([1, os.getpid()])
"""
    )

    assert outcome.told[0] == outcome.told[1]


@pytest.mark.parametrize(
    "name", ["auxv", "cwd", "environ", "exe", "maps", "mem", "root"]
)
def test_the_process_above_cannot_be_looked_into(walled, name):
    outcome = walled.run(
        f"""
import os
try:
    os.close(os.open("/proc/1/{name}", os.O_RDONLY))
except PermissionError:
    tell("refused")
"""
    )

    assert outcome.told == ["refused"]


@pytest.mark.parametrize("pid", [1, -1])
def test_the_process_above_cannot_be_ended(walled, pid):
    walled.run(
        f"""
import contextlib, os, signal
for number in signal.valid_signals():
    with contextlib.suppress(OSError):
        os.kill({pid}, number) if number != signal.SIGINT else None
"""
    )
    outcome = walled.run("tell('still here')")

    assert outcome.told == ["still here"]


def test_calls_that_lead_out_are_refused(walled):
    outcome = walled.run(
        """
import ctypes, errno
from coursekit.grading.walls import filter as calls
libc = ctypes.CDLL(None, use_errno=True)
column = calls.COLUMNS[__import__("platform").machine()]
def error_of(number, *arguments):
    ctypes.set_errno(0)
    libc.syscall(number, *map(ctypes.c_long, arguments or [0] * 6))
    return errno.errorcode.get(ctypes.get_errno())
for name, numbers in calls.REFUSED.items():
    tell([name, error_of(numbers[column])])
for name, numbers in calls.UNKNOWN.items():
    tell([name, error_of(numbers[column])])
"""
    )

    assert {
        name for name, error in outcome.told if error not in {"EPERM", "ENOSYS"}
    } == (set())
    assert len(outcome.told) > 50


@pytest.mark.parametrize("flag", [0x10000000, 0x20000000, 0x00020000, 0x40000000])
def test_a_child_gets_no_namespaces(walled, flag):
    outcome = walled.run(
        f"""
import ctypes, os, platform
from coursekit.grading.walls import filter as calls
number = calls.CLONE[calls.COLUMNS[platform.machine()]]
libc = ctypes.CDLL(None, use_errno=True)
pid = libc.syscall(number, ctypes.c_long({flag} | 17), *[ctypes.c_long(0)] * 4)
if pid == 0:
    os._exit(0)
tell([pid, ctypes.get_errno()])
"""
    )

    assert outcome.told == [[-1, 1]]


def test_no_privilege_is_left_or_can_be_gained(walled):
    outcome = walled.run(
        """
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
tell({name: int(status[name], 16) for name in status if name.startswith("Cap")})
tell([int(status["NoNewPrivs"]), int(status["Seccomp"])])
"""
    )

    assert set(outcome.told[0].values()) == {0}
    assert outcome.told[1] == [1, 2]


def test_submissions_run_as_a_user_of_their_own(walled):
    outcome = walled.run("import os\ntell([*os.getresuid(), *os.getresgid()])")

    assert set(outcome.told[0]) == {walled.walls.config["uid"]}


def test_submissions_go_first_if_memory_runs_out(zygote):
    outcome = zygote.run("tell(int(open('/proc/self/oom_score_adj').read()))")

    assert outcome.told == [1000]


PLANT = """
import contextlib, os
for folder in [os.getcwd(), *{folders!r}]:
    open(os.path.join(folder, "planted"), "w").write("for the next")
    os.makedirs(os.path.join(folder, "locked", "in"))
    os.chmod(os.path.join(folder, "locked"), 0)
    os.symlink("/", os.path.join(folder, "link"))
    os.chdir(folder)
    for _ in range(1100):
        os.mkdir("deep")
        os.chdir("deep")
    with contextlib.suppress(PermissionError):
        os.chmod(folder, 0)
tell("planted")
"""
LOOK = "import os\ntell([os.listdir(folder) for folder in [os.getcwd(), *{folders!r}]])"


def test_scratch_is_empty_and_wiped(zygote):
    first = zygote.run(PLANT.format(folders=[]))
    second = zygote.run(LOOK.format(folders=[]))

    assert first.told == ["planted"]
    assert second.told == [[[]]]


def test_temporary_files_and_shared_memory_are_wiped(walled):
    folders = ["/dev/shm", walled.walls.config["tmp"]]
    first = walled.run(PLANT.format(folders=folders))
    second = walled.run(LOOK.format(folders=folders))

    assert first.told == ["planted"]
    assert second.told == [[[], [], []]]


def test_a_spoilt_terminal_is_whole_for_the_next(walled):
    walled.run("import os\nos.chmod('/dev/pts/ptmx', 0)\nos.chmod('/dev/pts', 0)")
    outcome = walled.run("import os, pty\ntell(os.ttyname(pty.openpty()[1]))")

    assert outcome.told == ["/dev/pts/0"]


def test_named_shared_memory_works_and_does_not_last(walled):
    code = """
from multiprocessing import resource_tracker, shared_memory
resource_tracker.register = lambda *_: None
memory = shared_memory.SharedMemory("mine", create=True, size=4096)
tell(memory.buf[0])
memory.buf[0] = 1
memory.close()
"""

    assert [walled.run(code).told, walled.run(code).told] == [[0], [0]]


def test_the_links_in_scratch_are_not_followed_when_it_is_wiped(zygote, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o500)
    zygote.run(f"import os\nos.symlink({str(tmp_path)!r}, 'link')\nos.mkdir('d', 0)")

    assert kept.stat().st_mode & 0o777 == 0o500


def test_all_files_together_have_a_limit(walled):
    outcome = walled.run(
        f"""
written = 0
try:
    for name in range(999):
        with open(str(name), "wb") as file:
            written += file.write(bytes({LIMITS.file_bytes // 2}))
except OSError as error:
    tell([error.errno, written])
"""
    )
    [[errno, written]] = outcome.told

    assert errno == 28
    assert written <= LIMITS.scratch_bytes


def test_a_file_has_a_limit(zygote):
    outcome = zygote.run(
        f"""
try:
    with open("large", "wb") as file:
        file.write(bytes({2 * LIMITS.file_bytes}))
except OSError as error:
    tell(error.errno)
"""
    )

    assert outcome.told == [27]


def test_memory_has_a_limit(zygote):
    outcome = zygote.run(
        f"""
tell(len(bytearray({LIMITS.memory_bytes // 2})))
try:
    bytearray({2 * LIMITS.memory_bytes})
except MemoryError:
    tell("refused")
"""
    )

    assert outcome.told == [LIMITS.memory_bytes // 2, "refused"]


def test_processes_have_a_limit(walled):
    outcome = walled.run(
        """
import os, signal
made = 0
try:
    while True:
        if os.fork() == 0:
            signal.pause()
        made += 1
except OSError:
    tell(made)
"""
    )

    assert outcome.told == [LIMITS.processes - 1]
    assert outcome.left == 0


def test_programs_end_by_the_limits_of_linux_too(zygote):
    outcome = zygote.run(
        """
import resource
for kind in (resource.RLIMIT_CORE, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE):
    tell(resource.getrlimit(kind))
"""
    )

    assert outcome.told == [[0, 0], [1802, 1802], [OPEN_FILES] * 2]


@pytest.mark.parametrize(
    "code",
    [
        "if not os.fork():\n    os.setsid()\n    if not os.fork():\n        live()\n",
        "if not os.fork():\n    os.kill(os.getpid(), signal.SIGSTOP)\n",
        "os.kill(os.getpid(), signal.SIGSTOP)\n",
        "subprocess.Popen(['sleep', '1000'], start_new_session=True)\n",
        "subprocess.Popen(['nohup', 'sh', '-c', 'trap \"\" 1 2 3 15; sleep 1000'])\n",
        "threading.Thread(target=live).start()\n",
        "multiprocessing.Process(target=live).start()\n",
        "deaf()\nlive()\n",
        "for _ in range(8):\n    os.fork()\nlive()\n",
        "while True:\n    if os.fork():\n        os._exit(0)\n",
        "while True:\n    if os.fork():\n        os._exit(0)\n    os.setsid()\n",
    ],
    ids=[
        "daemon",
        "stopped child",
        "stopped itself",
        "program in a session",
        "program without signals",
        "thread",
        "process of multiprocessing",
        "deaf to signals",
        "many",
        "forks and ends",
        "forks and ends in sessions",
    ],
)
def test_nothing_survives_the_end(zygote, code):
    outcome = zygote.run(
        f"""
import multiprocessing, os, signal, subprocess, sys, threading, time
def live():
    while True:
        time.sleep(1)
def deaf():
    for number in signal.valid_signals() - {{signal.SIGKILL, signal.SIGSTOP}}:
        signal.signal(number, signal.SIG_IGN)
sys.stderr = open(os.devnull, "w")
tell("here")
try:
    {code.strip().replace(chr(10), chr(10) + "    ")}
except OSError:
    pass
live()
""",
        during="hear(); time.sleep(0.1); inner.poll()",
    )

    assert outcome.left == 0


def test_a_fork_bomb_does_not_reach_the_next(walled):
    outcome = walled.run(
        """
import os
tell("here")
while True:
    try:
        os.fork()
    except OSError:
        pass
""",
        during="hear(); time.sleep(0.3)",
    )
    following = walled.run("import os\nos.fork()")

    assert outcome.left == 0
    assert following.status == 0


def test_an_interrupt_reaches_the_kernel_and_no_other(zygote):
    outcome = zygote.run(
        """
import os, signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)
if not os.fork():
    signal.signal(signal.SIGINT, lambda *_: tell("the child too"))
    tell("ready")
    time.sleep(30)
    os._exit(0)
try:
    time.sleep(30)
except KeyboardInterrupt:
    tell("interrupted")
""",
        during="hear(); time.sleep(0.1); inner.interrupt()\n"
        "while inner.poll() is None: time.sleep(0.01)",
    )

    assert outcome.told == ["interrupted"]
    assert outcome.status == 0


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("", 0),
        ("import os\nos._exit(7)", 7),
        ("raise SystemExit(5)", 5),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", -9),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)", -15),
    ],
    ids=["well", "exit", "SystemExit", "killed", "terminated"],
)
def test_the_end_says_how_the_kernel_ended(zygote, code, status):
    assert zygote.run(code).status == status


def test_a_kernel_that_was_ended_says_so(zygote):
    outcome = zygote.run("tell(1)\nimport time\ntime.sleep(99)", during="hear()")

    assert outcome.status == -9


MEMORY_OF_CHILDREN = """
import os, time
for _ in range(3):
    if not os.fork():
        if not os.fork():
            held = bytearray(b"x" * 30_000_000)
            tell(len(held))
        time.sleep(30)
time.sleep(30)
"""


def test_memory_of_all_descendants_is_measured(zygote):
    outcome = zygote.run(
        MEMORY_OF_CHILDREN,
        during="hear(); hear(); hear(); time.sleep(0.1); inner.poll()\n"
        "used = inner.measure(); seen = [used.memory_bytes, used.processes]",
    )
    memory, processes = outcome.seen

    assert memory > 90_000_000
    assert processes == 7


BURN = """
import os, time
def burn():
    began = time.process_time()
    while time.process_time() < began + 0.3:
        pass
if not os.fork():
    if not os.fork():
        burn()  # an orphan that ends
        tell("burnt")
        os._exit(0)
    os._exit(0)
child = os.fork()
if not child:
    burn()
    os._exit(0)
os.waitpid(child, 0)
tell("burnt")
time.sleep(30)
"""


def test_time_of_ended_children_is_measured(zygote):
    outcome = zygote.run(
        BURN,
        during="hear(); hear(); time.sleep(0.1); inner.poll()\n"
        "seen = inner.measure().cpu_seconds",
    )

    assert outcome.seen >= 0.55  # of 0.6, which Linux counts in hundredths


def test_each_submission_is_measured_from_nothing(zygote):
    zygote.run(BURN, during="hear(); hear(); inner.measure()")
    outcome = zygote.run(
        "tell(1)\nimport time\ntime.sleep(30)",
        during="hear(); seen = inner.measure().cpu_seconds",
    )

    assert outcome.seen < 0.3


def test_what_cannot_be_walled_does_not_run():
    require_walls()
    walls = make_walls("own")
    walls.config["tmp"] = "/nowhere"
    with Zygote(walls) as zygote:
        outcome = zygote.run("tell('ran')")

    assert outcome.told == []
    assert outcome.status == inner.WALLS_FELL


def test_all_ends_with_the_sandbox():
    require_walls()
    with Zygote(make_walls("own")) as zygote:
        zygote.start(
            "tell(1)\nimport time\ntime.sleep(99)",
            during="hear(); print('up', flush=True); time.sleep(99)",
        )
        zygote.process.stdout.readline()
        inside = psutil.Process(zygote.process.pid).children(recursive=True)
        zygote.process.kill()
        _, alive = psutil.wait_procs(inside, timeout=10)

    assert len(inside) >= 3
    assert alive == []
