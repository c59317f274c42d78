"""The shell of a warm kernel: ipykernel's own, with another way out for its messages.

It is ipykernel's class itself, not a subclass, because libraries look for its name.
"""

from __future__ import annotations

import builtins
import getpass
import os
import sys
import tempfile
import zlib
from dataclasses import dataclass, field
from itertools import islice
from traceback import format_exception, walk_tb
from typing import Any, NoReturn

from comm.base_comm import CommManager
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.compilerop import CachingCompiler
from IPython.core.error import StdinNotImplementedError, UsageError
from IPython.core.profiledir import ProfileDir
from jupyter_client.session import Session
from traitlets.config import Config

from coursekit.grading.warm.comms import install_comms
from coursekit.grading.warm.outbox import Outbox, OutStream

_DEEP = 50  # calls


@dataclass
class Kernel:
    """What libraries look for at ``get_ipython().kernel``."""

    session: Session
    comm_manager: CommManager
    eventloop: Any = None
    shell: Any = field(default=None, repr=False)

    def get_parent(self) -> dict[str, Any]:
        """Return the request that is being answered."""
        parent: dict[str, Any] = self.shell.parent_header
        return parent


class CellCompiler(CachingCompiler):
    """Names cells as ipykernel does: as files that do not exist.

    IPython then formats tracebacks in a tenth of the time; ipykernel's own way to the
    number takes longer than a small cell.
    """

    def get_code_name(self, raw_code: str, _transformed: str, _number: int) -> str:
        """Return a file name for a cell."""
        folder = f"{tempfile.gettempdir()}/ipykernel_{os.getpid()}"
        return f"{folder}/{zlib.crc32(raw_code.encode('utf-8', 'replace'))}.py"


class OutboxSession(Session):
    """Jupyter's session, which sends through an outbox."""

    outbox: Outbox

    # Both take all that Session's own take, and use the little that is used here.
    def msg(  # type: ignore[override]  # see above
        self, msg_type: str, content: Any = None, **_more: Any
    ) -> dict[str, Any]:
        """Make a message; date and number would tell the parent nothing."""
        header = {"msg_type": msg_type}
        return {"header": header, "msg_type": msg_type, "content": content or {}}

    def send(  # type: ignore[override]  # see above
        self,
        _stream: Any,
        msg_or_type: Any,
        content: Any = None,
        *_given: Any,
        buffers: Any = None,
        **_more: Any,
    ) -> None:
        """Send a message, or the parts of one."""
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["msg_type"], msg_or_type["content"]
        self.outbox.send(msg_or_type, content, buffers)


def make_shell(outbox: Outbox) -> ZMQInteractiveShell:
    """Make the shell, and put its streams, comms and refusals in place.

    Parameters
    ----------
    outbox : Outbox
        Where everything goes that cells put out.

    Returns
    -------
    ipykernel.zmqshell.ZMQInteractiveShell
        The one shell of this process, what ``get_ipython()`` returns. It keeps no
        history and its profile is empty.
    """
    session = OutboxSession()
    session.outbox = outbox
    kernel = Kernel(session, install_comms(outbox))
    shell = ZMQInteractiveShell.instance(
        config=Config(HistoryManager={"enabled": False}),
        ipython_dir=".",
        profile_dir=ProfileDir(),
        kernel=kernel,
        compiler_class=CellCompiler,
    )
    kernel.shell = shell
    ways_out: Any = (shell.displayhook, shell.display_pub)  # typed as IPython's own
    for way_out in ways_out:
        way_out.session = session
    shell.enable_gui = _enable_gui  # type: ignore[method-assign]  # for this shell alone
    _shorten_deep_tracebacks(shell)
    # The other way to run programs needs a terminal, which there is none of in walls.
    shell.system = shell.system_raw  # type: ignore[method-assign]  # see above
    sys.stdout, sys.stderr = OutStream(outbox, "stdout"), OutStream(outbox, "stderr")
    builtins.input, getpass.getpass = _refuse_input, _refuse_getpass
    return shell


def _shorten_deep_tracebacks(shell: ZMQInteractiveShell) -> None:
    """Show an endless recursion as Python does; with code around it takes seconds."""
    shown: Any = shell.InteractiveTB
    in_context = shown.structured_traceback

    def structured_traceback(
        kind: Any, error: Any, trace: Any = None, *args: Any, **options: Any
    ) -> list[str]:
        if next(islice(walk_tb(trace), _DEEP, None), None) is None:
            lines: list[str] = in_context(kind, error, trace, *args, **options)
            return lines
        return format_exception(kind, error, trace)

    shown.structured_traceback = structured_traceback


def _enable_gui(gui: Any = None) -> None:
    if gui not in (None, "inline"):
        raise UsageError(f"There is no screen here for the GUI {gui!r}.")


def _refuse_input(*_given: object) -> NoReturn:
    raise StdinNotImplementedError(
        "raw_input was called, but this frontend does not support input requests."
    )


def _refuse_getpass(*_given: object, **_more: object) -> NoReturn:
    raise StdinNotImplementedError(
        "getpass was called, but this frontend does not support input requests."
    )
