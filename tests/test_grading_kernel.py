"""Limits on what a kernel may put out, whatever its transport."""

from queue import Empty

import pytest

from coursekit.grading.kernel import OutputLimitError, WatchedMessages
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
