"""Runs the pipeline for the judge. Everything here is known to the submission, and may be changed by it.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

It lays the inputs out before any submitted code runs, and afterwards copies one file into the judge's memory.
Nothing of that is a defence: what counts is what lies in that memory when the judge has killed all of this.
"""

import argparse
import json
import os
import signal
import socket
import stat
import struct
import subprocess
import sys
from pathlib import Path

JOB = Path("/tmp/job")
CHUNK_BYTES = 1024 * 1024


def receive(connection: socket.socket) -> dict:
    """Read the one question; ends the process when the judge is gone."""
    received = b""
    while len(received) < 4 or len(received) < 4 + struct.unpack("<I", received[:4])[0]:
        chunk = connection.recv(4096)
        if not chunk:
            os._exit(0)
        received += chunk
    return json.loads(received[4:])


def send(connection: socket.socket, frame: dict) -> None:
    """Write one frame."""
    body = json.dumps(frame).encode()
    connection.sendall(struct.pack("<I", len(body)) + body)


def copy(source: int, target: int, limit_bytes: int) -> int:
    """Copy a file from its start into another, at most so many bytes, and return how many."""
    done = 0
    while done < limit_bytes:
        chunk = os.pread(source, min(CHUNK_BYTES, limit_bytes - done), done)
        if not chunk:
            break
        done += os.pwrite(target, chunk, done)
    return done


def lay_out(inputs: dict[str, int]) -> None:
    """Write every input, a descriptor by relative path, to its place."""
    for name, descriptor in inputs.items():
        path = JOB / name
        path.parent.mkdir(parents=True, exist_ok=True)
        target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        copy(descriptor, target, os.fstat(descriptor).st_size)
        os.close(target)


def collect(path: Path, output: int) -> dict:
    """Copy the weights into the judge's memory."""
    try:
        weights = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        return {"problem": f"cannot be read as a regular file: {error.strerror}"}
    status = os.fstat(weights)
    if not stat.S_ISREG(status.st_mode):
        return {"problem": "is not a regular file"}
    limit_bytes = os.fstat(output).st_size
    if status.st_size > limit_bytes:
        return {"problem": f"has {status.st_size:,} bytes; these weights take at most {limit_bytes:,}"}
    return {"bytes": copy(weights, output, limit_bytes)}


def main() -> None:
    """Run one job."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int)
    parser.add_argument("--inputs", type=json.loads)
    parser.add_argument("--output", type=int)
    arguments = parser.parse_args()
    connection = socket.socket(fileno=arguments.socket)
    lay_out(arguments.inputs)
    (JOB / "out").mkdir()
    weights = JOB / "out" / "tuned.safetensors"
    send(connection, {"ready": True})
    frame = receive(connection)
    command = [sys.executable, "finetune.py"]
    for option, path in (("options", "finetune.yaml"), ("data", "train.jsonl"), ("model", "base")):
        command += [f"--{option}", str(JOB / path)]
    exit_code = subprocess.call([*command, "--out", str(weights)], stdin=subprocess.DEVNULL)
    answer = collect(weights, arguments.output) if exit_code == 0 else {"exit": exit_code}
    send(connection, {"token": frame["token"], **answer})
    # Until the judge kills it.
    signal.pause()


if __name__ == "__main__":
    main()
