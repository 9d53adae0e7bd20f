"""The interpreter behind the agent's `python` tool: `start`, `serve` and `call`, each given the tool's folder.

`serve` is the long-lived interpreter; it listens on a Unix socket in the folder. `call` sends it one cell (from
stdin) together with its own stdout, so what the cell prints goes straight to the caller and survives a timeout.
How a call ended is told by the exit code of `call`, which nothing a cell prints can imitate.
"""

# A prompt executes what it is given and survives whatever that throws.
# ruff: noqa: BLE001, S102, S110

import os
import signal
import socket
import struct
import sys
import time

SOCKET = "python.socket"
RETURNED, RAISED, INTERRUPTED, KILLED, DIED, NO_INTERPRETER = 0, 3, 124, 125, 126, 97
ANSWERS = {b"0": RETURNED, b"1": RAISED, b"i": INTERRUPTED}
READY = b"R"
# After a timeout: (seconds since then, whether the whole process group is told).
INTERRUPTS = [(0.0, False), (2.0, True), (3.5, False)]
GRACE_SECONDS = 5.0
HANDSHAKE_SECONDS = 5.0


def start(folder: str) -> int:
    """Starts a detached interpreter and returns when it can be reached."""
    import subprocess

    os.makedirs(folder, exist_ok=True)
    workspace = os.getcwd()
    with open(os.path.join(folder, "python.log"), "ab") as log:
        server = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__), "serve", folder],
            cwd=workspace,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    os.chdir(folder)
    while server.poll() is None:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(SOCKET)
                if peer_pid(probe) == server.pid:
                    return 0
            except OSError:
                pass
        time.sleep(0.005)
    return 1


def call(folder: str, timeout_seconds: float) -> int:
    """Runs the cell on stdin in the interpreter; the exit code says how it ended."""
    cell = sys.stdin.buffer.read()
    os.chdir(folder)
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(SOCKET)
        except OSError:
            return NO_INTERPRETER
        pid = peer_pid(connection)
        try:
            connection.settimeout(HANDSHAKE_SECONDS)
            socket.send_fds(connection, [struct.pack("<Q", len(cell))], [1])
            connection.sendall(cell)
            ready = connection.recv(1) == READY
        except TimeoutError:
            kill(pid)
            return NO_INTERPRETER
        except OSError:
            return NO_INTERPRETER
        if not ready:
            return NO_INTERPRETER
        status = wait_for_answer(connection, timeout_seconds)
        if status is not None:
            return status
        timed_out_at = time.monotonic()
        for after, whole_group in [*INTERRUPTS, (GRACE_SECONDS, False)]:
            left = timed_out_at + after - time.monotonic()
            if left > 0:
                status = wait_for_answer(connection, left)
                if status is not None:
                    return INTERRUPTED if status != DIED else KILLED
            if after < GRACE_SECONDS:
                interrupt(pid, whole_group)
        kill(pid)
        return KILLED


def wait_for_answer(connection: socket.socket, seconds: float) -> int | None:
    """The way the cell ended, or None when it has not within the given seconds."""
    connection.settimeout(seconds)
    try:
        return ANSWERS.get(connection.recv(1), DIED)
    except TimeoutError:
        return None
    except OSError:
        return DIED


def peer_pid(connection: socket.socket) -> int:
    credentials = connection.getsockopt(
        socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")
    )
    return struct.unpack("3i", credentials)[0]


def interrupt(pid: int, whole_group: bool) -> None:
    try:
        (os.killpg if whole_group else os.kill)(pid, signal.SIGINT)
    except ProcessLookupError:
        pass


def kill(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


class Interpreter:
    """Runs cells one after another in one namespace, the way a prompt does."""

    def __init__(self) -> None:
        import types

        self.module = types.ModuleType("__main__")
        sys.modules["__main__"] = self.module
        self.count = 0
        self.running = False
        self.interrupted = False

    def on_interrupt(self, _signal: int, _frame: object) -> None:
        if self.running:
            self.interrupted = True
            raise KeyboardInterrupt

    def run(self, source: str) -> bytes:
        """Executes one cell; what it prints goes to descriptors 1 and 2."""
        self.count += 1
        name = f"<cell {self.count}>"
        self.interrupted = False
        signal.signal(signal.SIGINT, self.on_interrupt)
        try:
            self.running = True
            execute(source, name, self.module)
            self.running = False
            answer = b"0"
        except BaseException as error:
            self.running = False
            report(error, name)
            answer = b"1"
        if self.interrupted:
            answer = b"i"
        flush()
        return answer


def execute(source: str, name: str, module: object) -> None:
    import ast
    import linecache

    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    tree = ast.parse(source, name)
    last = (
        tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    )
    namespace = module.__dict__
    exec(compile(tree, name, "exec"), namespace)
    if last is not None:
        exec(compile(ast.Interactive([last]), name, "single"), namespace)


def report(error: BaseException, name: str) -> None:
    """Prints the traceback from the cell's own frame on."""
    import traceback

    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != name:
        trace = trace.tb_next
    try:
        traceback.print_exception(type(error), error, trace, file=sys.stderr)
        if isinstance(error, SystemExit):
            print("(the interpreter keeps running)", file=sys.stderr)
    except BaseException:
        os.write(
            2, f"{type(error).__name__} (its traceback cannot be printed)\n".encode()
        )


def flush() -> None:
    import ctypes

    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except BaseException:
            pass
    ctypes.CDLL(None).fflush(None)


def serve(folder: str) -> int:
    """Answers calls until killed."""
    workspace = os.getcwd()
    listener = socket.socket(socket.AF_UNIX)
    os.chdir(folder)
    if os.path.exists(SOCKET):
        os.unlink(SOCKET)
    listener.bind(SOCKET)
    os.chdir(workspace)
    sys.path[0] = ""
    sys.argv = [""]
    interpreter = Interpreter()
    signal.signal(signal.SIGINT, interpreter.on_interrupt)
    sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    log = os.dup(1)
    own_pid = os.getpid()
    listener.listen()
    while True:
        connection, _ = listener.accept()
        with connection:
            received = receive(connection)
            if received is None:
                continue
            source, output = received
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.close(output)
            connection.sendall(READY)
            answer = interpreter.run(source)
            if os.getpid() != own_pid:
                os._exit(0)  # a fork that ran off the end of its cell
            os.dup2(log, 1)
            os.dup2(log, 2)
            try:
                connection.sendall(answer)
            except OSError:
                pass


def receive(connection: socket.socket) -> tuple[str, int] | None:
    """One cell and the descriptor its output goes to; None when the caller went away."""
    header, descriptors, _, _ = socket.recv_fds(connection, 8, 1)
    if len(header) < 8 or not descriptors:
        return None
    (length,) = struct.unpack("<Q", header)
    cell = bytearray()
    while len(cell) < length:
        part = connection.recv(min(length - len(cell), 1 << 20))
        if not part:
            os.close(descriptors[0])
            return None
        cell += part
    return cell.decode("utf-8", "surrogateescape"), descriptors[0]


if __name__ == "__main__":
    if sys.argv[1] == "start":
        sys.exit(start(sys.argv[2]))
    elif sys.argv[1] == "serve":
        sys.exit(serve(sys.argv[2]))
    else:
        sys.exit(call(sys.argv[2], float(sys.argv[3])))
