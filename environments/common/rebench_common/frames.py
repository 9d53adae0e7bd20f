"""Frames between judge and runner: 4 bytes little-endian length, then JSON. The runner's are untrusted.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import json
import select
import socket
import struct
import time
from typing import Any

FRAME_LIMIT_BYTES = 1024 * 1024


class BrokenFrameError(Exception):
    """The other side sent something that is no frame."""


class ConnectionGoneError(Exception):
    """The other side closed its end."""


def send_frame(connection: socket.socket, frame: dict[str, Any]) -> None:
    """Send one frame. Raises ConnectionGoneError; never blocks for more than the socket's timeout."""
    body = json.dumps(frame, allow_nan=False).encode()
    try:
        connection.sendall(struct.pack("<I", len(body)) + body)
    except OSError as error:
        raise ConnectionGoneError from error


def receive_frame(connection: socket.socket, deadline: float) -> dict[str, Any]:
    """Receive one frame by an instant of `time.monotonic()`.

    Raises TimeoutError, ConnectionGoneError or BrokenFrameError.
    """
    (length,) = struct.unpack("<I", _receive_exactly(connection, 4, deadline))
    if length > FRAME_LIMIT_BYTES:
        raise BrokenFrameError(f"a frame of {length} bytes is over the limit of {FRAME_LIMIT_BYTES}")
    body = _receive_exactly(connection, length, deadline)
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BrokenFrameError("a frame is not JSON") from error
    if not isinstance(frame, dict):
        raise BrokenFrameError("a frame is not a JSON object")
    return frame


def has_unread_bytes(connection: socket.socket) -> bool:
    """Whether the other side has already sent something (its end of file counts)."""
    return bool(select.select([connection], [], [], 0)[0])


def _receive_exactly(connection: socket.socket, count: int, deadline: float) -> bytes:
    received = bytearray()
    while len(received) < count:
        remaining = deadline - time.monotonic()
        if remaining <= 0 or not select.select([connection], [], [], remaining)[0]:
            raise TimeoutError
        try:
            chunk = connection.recv(count - len(received))
        except OSError as error:
            raise ConnectionGoneError from error
        if not chunk:
            raise ConnectionGoneError
        received += chunk
    return bytes(received)
