"""Frames from a hostile other side."""

import socket
import struct
import time
from collections.abc import Iterator

import pytest
from rebench_common.frames import (
    BrokenFrameError,
    ConnectionGoneError,
    has_unread_bytes,
    receive_frame,
    send_frame,
)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


Pair = tuple[socket.socket, socket.socket]


def soon() -> float:
    return time.monotonic() + 0.05


def test_a_frame_arrives_as_it_was_sent(pair: Pair) -> None:
    assert not has_unread_bytes(pair[0])
    send_frame(pair[1], {"a": [1, "ü"]})
    assert has_unread_bytes(pair[0])
    assert receive_frame(pair[0], soon()) == {"a": [1, "ü"]}


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b"{", b"[]", b"1", b"\xff\xfe", b"9" * 100_000, b'{"a":' * 50_000]
)
def test_what_is_no_json_object_is_a_broken_frame(pair: Pair, body: bytes) -> None:
    pair[1].setblocking(False)
    pair[1].send(struct.pack("<I", len(body)))
    ours = pair[0]
    pair[1].setblocking(True)
    import threading

    sender = threading.Thread(target=pair[1].sendall, args=(body,))
    sender.start()
    with pytest.raises(BrokenFrameError):
        receive_frame(ours, time.monotonic() + 5)
    sender.join()


def test_an_oversized_frame_is_refused_before_it_is_read(pair: Pair) -> None:
    pair[1].sendall(struct.pack("<I", 2**32 - 1))
    with pytest.raises(BrokenFrameError):
        receive_frame(pair[0], soon())


def test_half_a_frame_times_out(pair: Pair) -> None:
    pair[1].sendall(struct.pack("<I", 10) + b"{")
    with pytest.raises(TimeoutError):
        receive_frame(pair[0], soon())


def test_a_closed_end_is_noticed_both_ways(pair: Pair) -> None:
    pair[1].close()
    with pytest.raises(ConnectionGoneError):
        receive_frame(pair[0], soon())
    with pytest.raises(ConnectionGoneError):
        send_frame(pair[0], {})
