"""Runs `generate_solution` of a submission on one problem. Everything here is known to the submission.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

It shares its process with the submitted code, so nothing here is a defence: what it sends is a program that
the judge takes for what it is worth, and the clock is the judge's.
"""

import argparse
import importlib
import json
import os
import socket
import struct
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ERROR_LIMIT_CHARS = 6_000


def receive(connection: socket.socket) -> dict[str, Any]:
    """Read one frame; ends the process when the judge is gone."""
    (length,) = struct.unpack("<I", receive_exactly(connection, 4))
    return json.loads(receive_exactly(connection, length))


def receive_exactly(connection: socket.socket, count: int) -> bytes:
    """Read `count` bytes."""
    received = bytearray()
    while len(received) < count:
        chunk = connection.recv(count - len(received))
        if not chunk:
            os._exit(0)
        received += chunk
    return bytes(received)


def send(connection: socket.socket, frame: Mapping[str, Any]) -> None:
    """Write one frame."""
    body = json.dumps(frame).encode()
    connection.sendall(struct.pack("<I", len(body)) + body)


def main() -> None:
    """Answer one question: `check` that the submission can be imported, or `solve` a problem."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int)
    parser.add_argument("--door", type=int)
    arguments = parser.parse_args()
    connection = socket.socket(fileno=arguments.socket)
    if arguments.door is not None:
        sys.path.insert(0, str(Path(__file__).parent))
        import door

        sys.path.pop(0)
        os.environ.update(door.open_door(socket.socket(fileno=arguments.door)))
    send(connection, {"ready": True})

    sys.dont_write_bytecode = True
    asked = receive(connection)
    try:
        sys.path.insert(0, "/workspace")
        generate_solution = importlib.import_module("solution").generate_solution
        answer = {"source": generate_solution(asked["problem"])} if asked["do"] == "solve" else {}
        send(connection, answer)
    except BaseException:
        send(connection, {"error": traceback.format_exc()[-ERROR_LIMIT_CHARS:]})
    # Whatever else the submission left running, such as threads, has nothing more to do.
    os._exit(0)


if __name__ == "__main__":
    main()
