"""Exports a submission for the judge. Everything it imports and says is known to the submission.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

It shares its process with the submitted code, so nothing here is a defence: the judge takes the graph and the
weights as a stranger's data and checks them itself.
"""

import argparse
import json
import mmap
import os
import socket
import struct
import sys
import traceback
from pathlib import Path

import torch

sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120
import torch.export.graph_signature  # noqa: E402 - imported before the workspace is importable
from restricted_mlm.export import export_model  # noqa: E402
from restricted_mlm.graph import encode_graph  # noqa: E402
from restricted_mlm.refusals import RuleError  # noqa: E402
from restricted_mlm.submission import load_submission  # noqa: E402
from safetensors.torch import save  # noqa: E402

sys.path.pop(0)

ERROR_LIMIT_CHARS = 6_000
FRAME_LIMIT_BYTES = 1024 * 1024


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
    if len(body) > FRAME_LIMIT_BYTES:
        body = json.dumps(refusal("graph-too-large", "The graph is longer than 1 MiB as JSON.")).encode()
    connection.sendall(struct.pack("<I", len(body)) + body)


def refusal(reason: str, message: str) -> dict:
    """Make the frame that says why there is no graph."""
    return {"refused": reason[:60], "message": message[-ERROR_LIMIT_CHARS:]}


def export(batch: int, window: int, descriptor: int, capacity_bytes: int) -> dict:
    """Export the submission, write its constants as safetensors to the shared memory, return the graph."""
    graph, constants = export_model(load_submission(Path("/workspace")), batch, window)
    named = zip(graph.constants, constants, strict=True)
    tensors = {constant.name: tensor.detach().contiguous().clone() for constant, tensor in named}
    content = save(tensors)
    if len(content) > capacity_bytes:
        return refusal(
            "too-many-parameters",
            f"The parameters and constants take {len(content):,} bytes; {capacity_bytes:,} are allowed.",
        )
    with mmap.mmap(descriptor, capacity_bytes) as memory:
        memory[: len(content)] = content
    return {"graph": encode_graph(graph), "weightsBytes": len(content)}


def main() -> None:
    """Answer the judge's one question."""
    parser = argparse.ArgumentParser()
    for name in ("--socket", "--weights", "--capacity", "--batch", "--window"):
        parser.add_argument(name, type=int)
    arguments = parser.parse_args()
    connection = socket.socket(fileno=arguments.socket)
    torch.set_num_threads(2)
    send(connection, {"ready": True})

    sys.dont_write_bytecode = True
    receive(connection)
    try:
        answer = export(arguments.batch, arguments.window, arguments.weights, arguments.capacity)
    except RuleError as error:
        answer = refusal(error.reason, error.message)
    except BaseException:
        answer = refusal("export-failed", f"The export raised an exception:\n{traceback.format_exc()}")
    send(connection, answer)
    receive(connection)


if __name__ == "__main__":
    main()
