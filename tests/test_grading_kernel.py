"""Limits on what a kernel may put out, and a start that another kernel disturbs."""

from queue import Empty

import pytest

from coursekit.grading import kernel
from coursekit.grading.kernel import CourseKernel, OutputLimitError, WatchedMessages
from coursekit.grading.walls.limits import Limits


class Talker(WatchedMessages):
    """A kernel that says the same thing for ever."""

    def __init__(self, content, buffers=(), **limits):
        super().__init__(Limits(**limits))
        self.said = {"msg_type": "comm_msg", "content": content, "buffers": buffers}

    def get_message(self, stream, timeout=None):
        if stream == "shell":
            raise Empty
        return {**self.said, "parent_header": {"msg_id": "1"}}

    def is_alive(self):
        return True

    def interrupt(self):
        pass


@pytest.mark.parametrize(
    ("content", "buffers"),
    [
        pytest.param({"text": "a" * 1000}, (), id="text"),
        pytest.param({"data": [[]] * 100}, (), id="empty-lists"),
        pytest.param({"data": [{}] * 100}, (), id="empty-mappings"),
        pytest.param({}, [b""] * 1000, id="empty-buffers"),
        pytest.param({}, [memoryview(b"a" * 1000)], id="buffers"),
    ],
)
def test_output_of_any_shape_reaches_the_limit(content, buffers):
    talker = Talker(content, buffers, output_bytes=5_000, messages=1_000)

    with pytest.raises(OutputLimitError, match=r"more than 0\.005 MB"):
        talker.await_reply("1", timeout=60)


def test_messages_are_counted_too():
    with pytest.raises(OutputLimitError, match="more than 20 messages"):
        Talker({}, messages=20).await_reply("1", timeout=60)


def test_a_kernel_whose_ports_were_taken_is_started_once_more(monkeypatch):
    start, refused = kernel.start_new_kernel, iter([True, False])

    def start_second(**options):
        if next(refused):
            raise RuntimeError("Kernel died before replying to kernel_info")
        return start(**options)

    monkeypatch.setattr(kernel, "start_new_kernel", start_second)
    started = CourseKernel("python3")

    assert started.is_alive()
    started.stop()


def test_a_kernel_that_cannot_start_is_not_tried_for_ever(monkeypatch):
    def refuse(**options):
        raise RuntimeError("Kernel died before replying to kernel_info")

    monkeypatch.setattr(kernel, "start_new_kernel", refuse)

    with pytest.raises(RuntimeError, match="died"):
        CourseKernel("python3")
