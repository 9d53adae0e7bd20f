"""The way from a runner, which has a network of its own, to the model gateway.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

A process beside the submission listens where the gateway would, and for each connection gets one to the real
gateway from the judge. Were the loopback shared, one problem's process could leave word for the next.
"""

import ctypes
import os
import socket
import threading

PORT = 4000
CHUNK_BYTES = 64 * 1024
PR_SET_DUMPABLE = 4
PRCTL = ctypes.CDLL(None).prctl


def open_door(judge: socket.socket) -> dict[str, str]:
    """Start the process, and return the variables that the clients of models look for."""
    listener = socket.create_server(("127.0.0.1", PORT), backlog=64)
    # From its first instant the process with the way out is one whose descriptors the submission cannot take.
    set_dumpable(False)
    if os.fork() == 0:
        try:
            serve(listener, judge)
        finally:
            os._exit(0)
    set_dumpable(True)
    listener.close()
    judge.close()
    address = f"http://127.0.0.1:{PORT}"
    return {
        "REBENCH_GATEWAY_URL": address,
        "OPENAI_BASE_URL": f"{address}/v1",
        "ANTHROPIC_BASE_URL": address,
        "OPENAI_API_KEY": "not-a-key",
        "ANTHROPIC_API_KEY": "not-a-key",
    }


def set_dumpable(value: bool) -> None:
    """Let others of the same user look into this process, or not."""
    PRCTL(PR_SET_DUMPABLE, int(value), 0, 0, 0)


def serve(listener: socket.socket, judge: socket.socket) -> None:
    """Join connections until the judge closes its end."""
    while True:
        inside, _ = listener.accept()
        judge.sendall(b"+")
        answer, descriptors, _, _ = socket.recv_fds(judge, 1, 1)
        if not answer:
            return
        if not descriptors:
            inside.close()
            continue
        outside = socket.socket(fileno=descriptors[0])
        for source, target in ((inside, outside), (outside, inside)):
            threading.Thread(target=pump, args=(source, target), daemon=True).start()


def pump(source: socket.socket, target: socket.socket) -> None:
    """Carry bytes one way until that way is closed."""
    try:
        while chunk := source.recv(CHUNK_BYTES):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # One end has gone; so goes the other.
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
