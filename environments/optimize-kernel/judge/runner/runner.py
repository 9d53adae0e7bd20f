"""Runs a submission for the judge. Everything it imports and shows is known to the submission.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

It shares its process with the submitted code, so nothing here is a defence: what counts is the memory the
judge reads and the judge's own clock.
"""

import argparse
import importlib
import json
import os
import socket
import struct
import sys
import traceback

import numpy as np  # noqa: F401 - imported before the workspace is importable
import torch

ERROR_LIMIT_CHARS = 6_000


def receive(connection: socket.socket) -> dict:
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


def send(connection: socket.socket, frame: dict) -> None:
    """Write one frame."""
    body = json.dumps(frame).encode()
    connection.sendall(struct.pack("<I", len(body)) + body)


def open_buffer(device: str, descriptor: int, elements: int) -> torch.Tensor:
    """Map one shared buffer as an int32 tensor of shape [elements]."""
    if device == "cuda":
        sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120
        import gpu_memory

        sys.path.pop(0)
        return gpu_memory.import_tensor(descriptor, elements)
    import mmap

    return torch.frombuffer(mmap.mmap(descriptor, 4 * elements), dtype=torch.int32)


def main() -> None:
    """Answer the judge until it hangs up."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int)
    parser.add_argument("--input", type=int)
    parser.add_argument("--output", type=int)
    parser.add_argument("--elements", type=int)
    parser.add_argument("--device", choices=["cpu", "cuda"])
    arguments = parser.parse_args()
    connection = socket.socket(fileno=arguments.socket)
    x = open_buffer(arguments.device, arguments.input, arguments.elements)
    out = open_buffer(arguments.device, arguments.output, arguments.elements)
    send(connection, {"ready": True})

    sys.dont_write_bytecode = True
    prefix_sum = None
    while True:
        frame = receive(connection)
        try:
            if frame["do"] == "import":
                sys.path.insert(0, "/workspace")
                prefix_sum = importlib.import_module("solution").prefix_sum
            elif frame["do"] == "call":
                prefix_sum(x[: frame["size"]], out[: frame["size"]])
            # "nothing" measures the round trip itself.
            answer = {"token": frame["token"]}
        except BaseException:
            answer = {"token": frame["token"], "error": traceback.format_exc()[-ERROR_LIMIT_CHARS:]}
        send(connection, answer)


if __name__ == "__main__":
    main()
