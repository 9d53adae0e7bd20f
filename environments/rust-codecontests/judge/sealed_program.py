"""One submitted Rust source in a sealed sandbox: compiled there, then run on inputs one at a time.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

The sandbox has no network, no file of the submission or of the judge, and never holds an expected output.
What comes out of it is untrusted: the program can at worst speak for `/runner/contest.py`, whose words
decide nothing but whether that one program kept its limits; the judge's own clock bounds each step besides.
"""

import json
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "slow", "crashed", "output"]
STATUSES = ("ok", "slow", "crashed", "output")
START_SECONDS = 20.0
GRACE_SECONDS = 2.0
WALL_PER_CPU = 10
REPORT_LIMIT_BYTES = 1024


@dataclass(frozen=True)
class Execution:
    """What one step did: the compilation, or the program on one input."""

    status: Status
    cpu_seconds: float
    output: bytes
    """What it printed, or what the compiler said; cut off at a limit."""


@dataclass(frozen=True)
class Limits:
    """What one program may use. `/runner/contest.py` holds it to them."""

    compile_seconds: float
    cpu_seconds: float
    memory_mib: int
    output_bytes: int


class SealedProgram:
    """A sandbox with one program. Use it as a context manager; leaving kills everything in it."""

    def __init__(self, runner: Sequence[str], limits: Limits) -> None:
        """Remember what to start; `runner` is the prefix of the request."""
        self._limits = limits
        # An empty folder in the place of the snapshot: nothing there can be included or read.
        at = runner.index("--", runner.index("bwrap"))
        self._prefix = (*runner[:at], "--tmpfs", "/workspace", *runner[at:])

    def __enter__(self) -> "SealedProgram":
        self._connection, theirs = socket.socketpair()
        with theirs:
            number = str(theirs.fileno())
            self._process = subprocess.Popen(
                [*self._prefix, sys.executable, "-I", "/runner/contest.py", "--socket", number],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._connection.close()

    def compile(self, source: bytes, most_seconds: float) -> Execution:
        """Compile; `ok` means that the program is there. No step lasts longer than `most_seconds`."""
        limits = self._limits
        settings = {
            "compileLimitSeconds": limits.compile_seconds,
            "timeLimitSeconds": limits.cpu_seconds,
            "memoryLimitMib": limits.memory_mib,
            "outputLimitBytes": limits.output_bytes,
        }
        wall = START_SECONDS + WALL_PER_CPU * limits.compile_seconds
        return self._step([json.dumps(settings).encode(), source], min(wall, most_seconds))

    def run(self, text: bytes, most_seconds: float) -> Execution:
        """Run the program once on one input."""
        wall = WALL_PER_CPU * self._limits.cpu_seconds + GRACE_SECONDS
        return self._step([text], min(wall, most_seconds))

    def _step(self, messages: Sequence[bytes], wall_seconds: float) -> Execution:
        deadline = time.monotonic() + wall_seconds
        try:
            for message in messages:
                self._send(struct.pack("<I", len(message)) + message, deadline)
            report = json.loads(self._receive(REPORT_LIMIT_BYTES, deadline))
            output = self._receive(self._limits.output_bytes + REPORT_LIMIT_BYTES, deadline)
            status, seconds = report["status"], float(report["cpuSeconds"])
            if status not in STATUSES:
                raise ValueError
        except TimeoutError:
            return Execution("slow", wall_seconds, b"")
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            # Killed from inside, or garbage: the program's doing, since nothing else runs there.
            return Execution("crashed", 0.0, b"")
        return Execution(status, seconds, output)

    def _send(self, data: bytes, deadline: float) -> None:
        self._connection.settimeout(max(0.001, deadline - time.monotonic()))
        self._connection.sendall(data)

    def _receive(self, limit_bytes: int, deadline: float) -> bytes:
        (length,) = struct.unpack("<I", self._receive_exactly(4, deadline))
        if length > limit_bytes:
            raise ValueError(f"{length} bytes")
        return self._receive_exactly(length, deadline)

    def _receive_exactly(self, count: int, deadline: float) -> bytes:
        received = bytearray()
        while len(received) < count:
            remaining = deadline - time.monotonic()
            if remaining <= 0 or not select.select([self._connection], [], [], remaining)[0]:
                raise TimeoutError
            chunk = self._connection.recv(min(count - len(received), 1 << 20))
            if not chunk:
                raise ConnectionResetError
            received += chunk
        return bytes(received)
