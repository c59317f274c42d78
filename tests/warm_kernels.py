"""Drive a kernel as nbval does, for the tests of the warm kernel."""

from __future__ import annotations

from coursekit.grading.kernel import KernelDiedError

PASSED_OVER = ("status", "execute_input")


def run_cell(kernel, source, *, timeout=60):
    """Run a cell; give its messages as (type, content, buffers), or how it ended."""
    kernel.watch()
    outputs = []
    try:
        request = kernel.execute_cell_input(source, allow_stdin=False)
        kernel.await_reply(request, timeout)
        while not is_idle(message := kernel.get_output(timeout), request):
            if message["msg_type"] not in PASSED_OVER:
                content, buffers = message["content"], message.get("buffers") or []
                outputs.append([message["msg_type"], content, [*map(bytes, buffers)]])
    except KernelDiedError as error:
        outputs.append(["died", {"why": str(error)}, []])
    return outputs


def is_idle(message, request):
    return (
        message["msg_type"] == "status"
        and message["content"]["execution_state"] == "idle"
        and message["parent_header"]["msg_id"] == request
    )
