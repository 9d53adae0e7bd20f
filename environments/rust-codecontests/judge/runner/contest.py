"""Compiles one Rust program and runs it on the inputs it is sent, in a sandbox that holds nothing else.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

Only for a sandbox of its own: after each step it kills every process it can see. It never learns what is
expected. The program runs as the same user. It cannot read or change this process, which is not dumpable;
it can kill it, which fails the program.
"""

import argparse
import ctypes
import json
import math
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
from one_process import allow_one_process  # noqa: E402

RUSTC = "/usr/bin/rustc"
FOLDER = Path("/tmp/program")
MIB = 1024 * 1024
COMPILER_ADDRESS_SPACE = 4096 * MIB
LARGEST_PROGRAM = 64 * MIB
LOG_LIMIT_BYTES = 16 * 1024
PROCESSES = 64
WALL_PER_CPU = 10
KILLED_SECONDS = 1.0
CHUNK_BYTES = 64 * 1024
PR_SET_DUMPABLE = 4


def receive(connection: socket.socket) -> bytes:
    """Read one message: 4 bytes little-endian length, then the bytes. Exits when the judge is gone."""
    (length,) = struct.unpack("<I", receive_exactly(connection, 4))
    return receive_exactly(connection, length)


def receive_exactly(connection: socket.socket, count: int) -> bytes:
    """Read `count` bytes."""
    received = bytearray()
    while len(received) < count:
        chunk = connection.recv(min(count - len(received), MIB))
        if not chunk:
            os._exit(0)
        received += chunk
    return bytes(received)


def send(connection: socket.socket, body: bytes) -> None:
    """Write one message."""
    connection.sendall(struct.pack("<I", len(body)) + body)


def limit_to(cpu_seconds: float, address_space: int, file_bytes: int) -> Callable[[], None]:
    """Return what a child does before it becomes the program."""

    def apply() -> None:
        most = math.ceil(cpu_seconds) + 1
        for kind, value in (
            (resource.RLIMIT_CPU, most),
            (resource.RLIMIT_AS, address_space),
            (resource.RLIMIT_FSIZE, file_bytes),
            (resource.RLIMIT_NPROC, PROCESSES),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(kind, (value, value))

    return apply


def execute(
    command: Sequence[str], stdin: int, wall_seconds: float, output_limit: int, limits: Callable[[], None]
) -> tuple[str, float, bytes]:
    """Run a program to its end or its limits; return its status, CPU seconds and output."""
    process = subprocess.Popen(
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if command[0] == RUSTC else subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        cwd=FOLDER,
        preexec_fn=limits,  # noqa: PLW1509 - this process has one thread
    )
    deadline = time.monotonic() + wall_seconds
    output = bytearray()
    stream = process.stdout.fileno()
    status = ended = None
    while len(output) <= output_limit:
        if not select.select([stream], [], [], max(0.0, deadline - time.monotonic()))[0]:
            status = "slow"
            break
        chunk = os.read(stream, CHUNK_BYTES)
        if not chunk:
            break
        output += chunk
    else:
        status = "output"
    while status is None and ended is None:
        # It may have closed its output without having ended.
        found, code, usage = os.wait4(process.pid, os.WNOHANG)
        if found:
            ended = (code, usage)
        elif time.monotonic() > deadline:
            status = "slow"
        else:
            time.sleep(0.0005)
    kill_all_others()
    if ended is None:
        _, code, usage = os.wait4(process.pid, 0)
        ended = (code, usage)
    process.returncode = code = os.waitstatus_to_exitcode(ended[0])
    process.stdout.close()
    wait_until_alone()
    if status is None:
        status = "slow" if code == -signal.SIGXCPU else "crashed" if code != 0 else "ok"
    return status, ended[1].ru_utime + ended[1].ru_stime, bytes(output[:output_limit])


def kill_all_others() -> None:
    """Kill every process but this one and the sandbox's first, at once: forks under way do not survive it."""
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_until_alone() -> None:
    """Let what was killed end, so that it takes no time from what comes next."""
    own = {"1", str(os.getpid())}
    deadline = time.monotonic() + KILLED_SECONDS
    while {name for name in os.listdir("/proc") if name.isdigit()} - own and time.monotonic() < deadline:  # noqa: PTH208
        time.sleep(0.0005)


def compile_source(source: bytes, limit_seconds: float) -> tuple[str, float, bytes]:
    """Make `/tmp/program/program`. `ok` means that it is there."""
    FOLDER.mkdir()
    (FOLDER / "main.rs").write_bytes(source)
    flags = ("--edition", "2021", "--crate-type", "bin", "-C", "opt-level=2", "--cap-lints", "allow")
    command = (RUSTC, *flags, "-o", "program", "main.rs")
    limits = limit_to(limit_seconds, COMPILER_ADDRESS_SPACE, LARGEST_PROGRAM)
    wall = WALL_PER_CPU * limit_seconds
    done = execute(command, subprocess.DEVNULL, wall, LOG_LIMIT_BYTES, limits)
    return done if done[0] != "ok" or (FOLDER / "program").is_file() else ("crashed", *done[1:])


def run_program(text: bytes, settings: dict[str, float]) -> tuple[str, float, bytes]:
    """Run the program once, as a fresh process, on one input."""
    limit = settings["timeLimitSeconds"]
    keep_to_limits = limit_to(limit, int(settings["memoryLimitMib"] * MIB), 0)

    def limits() -> None:
        keep_to_limits()
        allow_one_process()

    stdin = os.memfd_create("stdin")
    try:
        with open(stdin, "wb", closefd=False) as file:
            file.write(text)
        os.lseek(stdin, 0, os.SEEK_SET)
        wall, most = WALL_PER_CPU * limit + 0.5, int(settings["outputLimitBytes"])
        status, cpu, output = execute((str(FOLDER / "program"),), stdin, wall, most, limits)
    finally:
        os.close(stdin)
    return "slow" if cpu > limit else status, cpu, output


def main() -> None:
    """Take settings and source, say whether it compiles, then run it once for each input."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int)
    connection = socket.socket(fileno=parser.parse_args().socket)
    settings = json.loads(receive(connection))
    done = compile_source(receive(connection), settings["compileLimitSeconds"])
    while True:
        status, cpu, output = done
        send(connection, json.dumps({"status": status, "cpuSeconds": cpu}).encode())
        send(connection, output)
        done = run_program(receive(connection), settings)


if __name__ == "__main__":
    main()
