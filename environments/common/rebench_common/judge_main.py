"""Runs one scoring: `python -m rebench_common.judge_main /environment/judge/judge.py`.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

Reads the request from descriptor 3, calls `score(request)` of the judge, writes the answer there. An
exception that is not `InvalidSubmission` leaves a traceback on stderr, no answer, and exit code 1: the
harness then records `judge-failed`, which is never held against the agent.
"""

import importlib.util
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from rebench_common.protocol import (
    Invalid,
    InvalidSubmission,
    JudgeRequest,
    Scored,
    encode_answer,
    parse_request,
)

REQUEST_DESCRIPTOR = 3
REQUEST_LIMIT_BYTES = 1024 * 1024

Score = Callable[[JudgeRequest], Scored | Invalid]


def load_module(path: Path, name: str) -> ModuleType:
    """Import a file; its neighbours become importable, the current folder does not."""
    sys.path[:] = [str(path.parent), *(entry for entry in sys.path if entry not in ("", str(Path.cwd())))]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def load_score(judge: Path) -> Score:
    """Import the judge from its file."""
    return load_module(judge, "judge").score


def read_line(connection: socket.socket) -> bytes:
    """Read up to the first newline."""
    received = bytearray()
    while not received.endswith(b"\n"):
        chunk = connection.recv(65536)
        if not chunk or len(received) + len(chunk) > REQUEST_LIMIT_BYTES:
            raise ValueError(f"no complete request line after {len(received)} bytes")
        received += chunk
    return bytes(received)


def answer(score: Score, request: JudgeRequest) -> Scored | Invalid:
    """Score, with `InvalidSubmission` turned into an answer."""
    try:
        return score(request)
    except InvalidSubmission as invalid:
        return invalid.invalid


def main() -> None:
    """Answer one request."""
    connection = socket.socket(fileno=REQUEST_DESCRIPTOR)
    connection.set_inheritable(False)
    request = parse_request(read_line(connection))
    score = load_score(Path(sys.argv[1]).resolve())
    connection.sendall(encode_answer(request, answer(score, request)))
    connection.close()


if __name__ == "__main__":
    main()
