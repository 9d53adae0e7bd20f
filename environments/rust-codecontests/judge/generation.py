"""Asks a submission for its program, one fresh runner for each problem.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

A runner has a network of its own. The connections to the model gateway that its door asks for are opened
here and handed in, so that problems which are worked on at the same time share nothing that one could tell
the other by.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rebench_common.frames import BrokenFrameError, ConnectionGoneError, receive_frame, send_frame
from rebench_common.protocol import InvalidSubmission
from rebench_common.text import printable

READY_LIMIT_SECONDS = 30.0
CONNECTIONS_PER_PROBLEM = 2_000
CONNECT_LIMIT_SECONDS = 10.0
ERROR_LIMIT_CHARS = 4_000


@dataclass(frozen=True)
class Generated:
    """What came of asking for one program."""

    source: bytes | None
    """None where there is none: an exception, no answer in time, not a text, or too long."""
    seconds: float


class RunnerStartError(Exception):
    """The runner was not ready although no submitted code had run: a fault of the platform."""


def check_import(runner: Sequence[str], limit_seconds: float) -> None:
    """Import the submission where no problem is known and no model is reached, so that errors can be told.

    Raises InvalidSubmission.
    """
    with _started(runner, door=None) as connection:
        send_frame(connection, {"do": "check"})
        try:
            answer = receive_frame(connection, time.monotonic() + limit_seconds)
        except TimeoutError:
            raise InvalidSubmission(
                "import-timed-out", f"Importing solution.py took longer than {limit_seconds:g} s."
            ) from None
        except (ConnectionGoneError, BrokenFrameError):
            raise InvalidSubmission(
                "import-failed", "The process ended while it imported solution.py."
            ) from None
    if "error" in answer:
        text = printable(str(answer["error"]), ERROR_LIMIT_CHARS)
        raise InvalidSubmission("import-failed", f"solution.py has no usable generate_solution:\n{text}")


def generate(
    runner: Sequence[str], problem: Mapping[str, Any], limit_seconds: float, source_limit_bytes: int
) -> Generated:
    """Have the submission solve one problem. What it does wrong is no program, never an exception here."""
    ours, theirs = socket.socketpair()
    with ours, _started(runner, door=theirs) as connection:
        threading.Thread(target=_hand_out_connections, args=(ours,), daemon=True).start()
        begun = time.monotonic()
        try:
            send_frame(connection, {"do": "solve", "problem": dict(problem)})
            source = receive_frame(connection, begun + limit_seconds).get("source")
        except (TimeoutError, ConnectionGoneError, BrokenFrameError):
            source = None
        seconds = time.monotonic() - begun
        # Wakes the thread above, which ends.
        ours.shutdown(socket.SHUT_RDWR)
    return Generated(_to_bytes(source, source_limit_bytes), seconds)


def _to_bytes(source: object, limit_bytes: int) -> bytes | None:
    if not isinstance(source, str):
        return None
    try:
        encoded = source.encode()
    except UnicodeEncodeError:
        return None
    return encoded if 0 < len(encoded) <= limit_bytes else None


@contextlib.contextmanager
def _started(runner: Sequence[str], door: socket.socket | None) -> Iterator[socket.socket]:
    """Start a runner that is ready to be asked; leaving kills all in it. Closes `door`, which it inherits."""
    connection, theirs = socket.socketpair()
    # -I: neither PYTHONPATH nor the working directory nor user site-packages decide what is imported.
    command = [*runner, sys.executable, "-I", "/runner/runner.py", "--socket", str(theirs.fileno())]
    inherited = [theirs.fileno()]
    if door is not None:
        command += ["--door", str(door.fileno())]
        inherited.append(door.fileno())
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        # Nobody may read it: what a submission prints about a problem would tell the problem.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=inherited,
    )
    theirs.close()
    if door is not None:
        door.close()
    connection.settimeout(READY_LIMIT_SECONDS)
    try:
        try:
            receive_frame(connection, time.monotonic() + READY_LIMIT_SECONDS)
        except (TimeoutError, ConnectionGoneError, BrokenFrameError) as error:
            raise RunnerStartError(type(error).__name__) from error
        yield connection
    finally:
        # With this one the sandbox's first process dies, and with that, by the kernel, all others.
        process.kill()
        process.wait()
        connection.close()


def _hand_out_connections(door: socket.socket) -> None:
    """Give a connection to the gateway for each byte, until the runner has gone."""
    gateway = urlsplit(os.environ["REBENCH_GATEWAY_URL"])
    for _ in range(CONNECTIONS_PER_PROBLEM):
        try:
            if not door.recv(1):
                return
        except OSError:
            return
        try:
            with socket.create_connection((gateway.hostname, gateway.port), CONNECT_LIMIT_SECONDS) as outside:
                outside.setblocking(True)
                socket.send_fds(door, [b"+"], [outside.fileno()])
        except OSError:
            try:
                door.sendall(b"-")
            except OSError:
                return
