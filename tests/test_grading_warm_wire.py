from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.grading.warm.messages import read_message
from coursekit.grading.warm.wire import Frame, FrameReader, new_token, pack_frame

TOKEN = b"t" * 16

PAYLOADS = st.lists(st.binary(max_size=50), max_size=8)


def message_of(kind, content, buffers=()):
    return read_message(json.dumps([kind, content, list(buffers)]).encode())


@given(payloads=PAYLOADS, cuts=st.lists(st.integers(1, 30), min_size=1))
def test_frames_arrive_whole_however_their_bytes_are_cut(payloads, cuts):
    stream = b"".join(pack_frame(TOKEN, payload) for payload in payloads)
    reader, found = FrameReader(50), []
    for start in range(0, len(stream), cuts[0]):
        found += reader.feed(stream[start : start + cuts[0]])

    assert found == [Frame(TOKEN, payload) for payload in payloads]


def test_large_frame_is_told_at_its_beginning_and_passed_over():
    reader = FrameReader(10)
    stream = pack_frame(TOKEN, b"x" * 11) + pack_frame(TOKEN, b"next")

    assert list(reader.feed(stream[:20])) == [Frame(TOKEN, None)]
    assert list(reader.feed(stream[20:])) == [Frame(TOKEN, b"next")]


def test_frame_that_claims_four_gigabytes_keeps_nothing():
    reader = FrameReader(10)
    list(reader.feed(TOKEN + b"\xff" * 4))
    list(reader.feed(b"x" * 100_000))

    assert not reader._buffer


@given(data=st.binary(max_size=200))
def test_garbage_makes_no_reader_fail(data):
    frames = list(FrameReader(100).feed(data))

    assert all(len(frame.token) == 16 for frame in frames)


def test_no_two_tokens_are_alike():
    assert new_token() != new_token()


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        pytest.param("stream", {"name": "stdout", "text": "a"}, id="stream"),
        pytest.param(
            "display_data",
            {"data": {"text/plain": "a", "x/y+json": [1]}, "metadata": {"b": 1}},
            id="display",
        ),
        pytest.param(
            "update_display_data",
            {"data": {}, "metadata": {}, "transient": {"display_id": "i"}},
            id="update of a display",
        ),
        pytest.param(
            "execute_result",
            {"data": {"text/plain": "1"}, "metadata": {}, "execution_count": 0},
            id="result",
        ),
        pytest.param(
            "error", {"ename": "E", "evalue": "v", "traceback": ["t"]}, id="error"
        ),
        pytest.param("clear_output", {"wait": True}, id="clear_output"),
        pytest.param(
            "comm_open",
            {"comm_id": "c", "data": {}, "target_name": "t", "target_module": None},
            id="comm_open",
        ),
        pytest.param("comm_msg", {"comm_id": "c", "data": {"a": 1}}, id="comm_msg"),
        pytest.param("comm_close", {"comm_id": "c", "data": {}}, id="comm_close"),
        pytest.param(
            "execute_reply",
            {"status": "ok", "execution_count": 0, "payload": [{"source": "page"}]},
            id="reply",
        ),
    ],
)
def test_messages_of_the_protocol_pass_unchanged(kind, content):
    message = message_of(kind, content)

    assert (message["msg_type"], message["content"]) == (kind, content)


def test_buffers_come_back_as_bytes():
    text = base64.b64encode(b"\x00\xff").decode()
    message = message_of("comm_msg", {"comm_id": "c", "data": {}}, [text])

    assert message["buffers"] == [b"\x00\xff"]


def test_fields_that_the_protocol_does_not_have_are_dropped():
    message = message_of("stream", {"name": "stdout", "text": "a", "parent_header": {}})

    assert message["content"] == {"name": "stdout", "text": "a"}


REFUSED = {
    "no JSON": b"{",
    "no UTF-8": b'["stream", {"name": "stdout", "text": "\xff"}, []]',
    "not an array": b"{}",
    "too short": b'["stream"]',
    "too long": b'["stream", {"name": "stdout", "text": ""}, [], 1]',
    "deep": b"[" * 100_000,
    "long number": b'["stream", {"name": "stdout", "text": ' + b"1" * 5000 + b"}, []]",
    "not a number": b'["display_data", {"data": {"a/json": NaN}, "metadata": {}}, []]',
    "unknown type": b'["status", {"execution_state": "idle"}, []]',
    "type is no text": b"[[], {}, []]",
    "type is a dict": b"[{}, {}, []]",
    "content is a list": b'["stream", ["name", "text"], []]',
    "content is a text": b'["stream", "name text", []]',
    "content is null": b'["stream", null, []]',
    "name is no stream": b'["stream", {"name": "stdin", "text": ""}, []]',
    "name is a list": b'["stream", {"name": [], "text": ""}, []]',
    "text is missing": b'["stream", {"name": "stdout"}, []]',
    "text is a number": b'["stream", {"name": "stdout", "text": 1}, []]',
    "data is a list": b'["display_data", {"data": [], "metadata": {}}, []]',
    "text is a dict": b'["display_data", {"data": {"a/b": {}}, "metadata": {}}, []]',
    "metadata is missing": b'["display_data", {"data": {}}, []]',
    "traceback is a text": b'["error", {"ename": "", "evalue": "",'
    b' "traceback": ""}, []]',
    "wait is a number": b'["clear_output", {"wait": 1}, []]',
    "count is a bool": b'["execute_reply", {"status": "ok", "execution_count": true,'
    b' "payload": []}, []]',
    "status is unknown": b'["execute_reply", {"status": "aborted",'
    b' "execution_count": 1, "payload": []}, []]',
    "payload is a text": b'["execute_reply", {"status": "ok", "execution_count": 1,'
    b' "payload": [""]}, []]',
    "buffers are a number": b'["comm_msg", {"comm_id": "", "data": {}}, 3]',
    "buffer is no base64": b'["comm_msg", {"comm_id": "", "data": {}}, ["#"]]',
}


@pytest.mark.parametrize("payload", REFUSED.values(), ids=REFUSED)
def test_what_has_another_shape_is_no_message(payload):
    assert read_message(payload) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda part: (
        st.lists(part, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "text", "data", "metadata", "comm_id", "wait"]),
            part,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(kind=st.sampled_from(["stream", "display_data", "comm_msg", "error"]), tree=JSON)
def test_any_content_makes_a_message_or_nothing(kind, tree):
    message = message_of(kind, tree)

    assert message is None or message["msg_type"] == kind


@pytest.mark.parametrize(
    "payload",
    [
        b'["stream", {"name": "stdout", "text": "\xed\xa0\x80"}, []]',
        '["stream", {"name": "stdout", "text": "\\ud800"}, []]'.encode("utf-16"),
    ],
    ids=["as bytes", "in another encoding"],
)
def test_text_that_is_not_utf_8_is_no_message(payload):
    message = read_message(payload)

    assert message is None


def test_half_a_surrogate_pair_becomes_text_that_can_be_stored():
    message = message_of("stream", {"name": "stdout", "text": "a\ud800b😀"})

    assert message["content"]["text"].encode() == "a?b😀".encode()
