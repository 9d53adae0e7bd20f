"""A runner sandbox seen from the judge: asked, timed and stopped from outside.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rebench_common.frames import (
    BrokenFrameError,
    ConnectionGoneError,
    has_unread_bytes,
    receive_frame,
    send_frame,
)
from rebench_common.process_tree import (
    NotStoppableError,
    ProcessTree,
    RanWhileStoppedError,
    StoppedTree,
    adopt_orphans,
)
from rebench_common.protocol import InvalidSubmission
from rebench_common.text import printable

LOG_TAIL_BYTES = 16 * 1024
LOG_SHOWN_CHARS = 3_000
SEND_LIMIT_SECONDS = 1.0
STOP_LIMIT_SECONDS = 5.0
MOST_RETRIES = 3


class RunnerTimeoutError(Exception):
    """No answer in time. The caller knows what was asked, and says so."""


class RunnerStartError(Exception):
    """The runner was not ready although no submitted code had run: a fault of the platform."""


@dataclass(frozen=True)
class Reply:
    """An answer; untrusted, except for the time, which is the judge's own."""

    frame: dict[str, Any]
    seconds: float
    """From the instant the runner was let go until the instant all of it stood still again."""


class Runner:
    """One runner sandbox. It stands still except while `ask` waits.

    Use it as a context manager; leaving kills everything in it. One at a time per judge: every descendant of
    the judge counts as the runner's.
    """

    def __init__(self, prefix: Sequence[str], arguments: Sequence[str], descriptors: Sequence[int]) -> None:
        """Remember what to start.

        `prefix` comes from the request; `arguments` follow `/runner/runner.py`, with `{socket}` replaced by
        the descriptor of the runner's end; `descriptors` are inherited under their own numbers.
        """
        self._prefix = prefix
        self._arguments = arguments
        self._descriptors = descriptors
        self._tree = ProcessTree()
        self._stopped: StoppedTree | None = None
        self._log: deque[bytes] = deque(maxlen=64)

    def __enter__(self) -> "Runner":
        adopt_orphans()
        self._connection, theirs = socket.socketpair()
        self._connection.settimeout(SEND_LIMIT_SECONDS)
        socket_number = str(theirs.fileno())
        # -I: neither PYTHONPATH nor the working directory nor user site-packages decide what is imported.
        command = [
            *self._prefix,
            sys.executable,
            "-I",
            "/runner/runner.py",
            *(argument.replace("{socket}", socket_number) for argument in self._arguments),
        ]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(theirs.fileno(), *self._descriptors),
        )
        theirs.close()
        threading.Thread(target=self._drain, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # With this one the sandbox's first process dies, and with that, by the kernel, a fork bomb too.
        self._process.kill()
        self._tree.kill()
        self._process.wait()
        self._connection.close()

    def wait_until_ready(self, limit_seconds: float) -> None:
        """Wait for the first frame, sent before any submitted code runs, and stop the runner.

        Raises RunnerStartError.
        """
        try:
            receive_frame(self._connection, time.monotonic() + limit_seconds)
        except (TimeoutError, ConnectionGoneError, BrokenFrameError) as error:
            raise RunnerStartError(f"{type(error).__name__}; the runner said:\n{self.log_tail()}") from error
        self._stopped = self._stop()

    def ask(
        self,
        frame: dict[str, Any],
        limit_seconds: float,
        begin: Callable[[], None] | None = None,
        finish: Callable[[], None] | None = None,
    ) -> Reply:
        """Let the runner go, ask, wait for its answer, stop it again.

        `begin` runs after the clock has started and before the runner is let go, `finish` after it stands
        still and before the clock stops: work of the judge that is charged, such as waiting for a GPU.

        Raises RanWhileStoppedError, with nothing asked yet, where `check_still` would; RunnerTimeoutError; or
        InvalidSubmission for anything else the runner does wrong.
        """
        stopped = self._require_stopped()
        self.check_still()
        self._check_silent()
        self._stopped = None
        start = time.perf_counter()
        if begin is not None:
            begin()
        try:
            send_frame(self._connection, frame)
            self._tree.resume(stopped)
            answer = receive_frame(self._connection, time.monotonic() + limit_seconds)
            self._stopped = self._stop()
        except TimeoutError as error:
            raise RunnerTimeoutError from error
        except ConnectionGoneError as error:
            raise self._died() from error
        except BrokenFrameError as error:
            raise InvalidSubmission(
                "broke-protocol", f"Something in the submission wrote to the judge's connection: {error}."
            ) from error
        end = self._stopped.instant
        if finish is not None:
            finish()
            end = time.perf_counter()
        return Reply(answer, end - start)

    def ask_first(self, frame: dict[str, Any], limit_seconds: float) -> Reply:
        """Ask the first question. No submitted code has run yet, so what ran while stopped is nobody's fault.

        Raises what `ask` raises.
        """
        for _ in range(MOST_RETRIES):
            try:
                return self.ask(frame, limit_seconds)
            except RanWhileStoppedError:
                self.stop_again()
        return self.ask(frame, limit_seconds)

    def check_still(self) -> None:
        """Prove that nothing in the runner ran since its last answer.

        Raises RanWhileStoppedError; what happened since then is void, and `stop_again` makes the runner
        usable. Rarely this happens to an honest program: a thread that is preempted inside the kernel between
        becoming stopped and leaving the processor counts one switch more when it does leave.
        """
        try:
            self._tree.check_still(self._require_stopped())
        except RanWhileStoppedError:
            self._check_alive()
            raise

    def stop_again(self) -> None:
        """Stop whatever runs after `check_still` or `ask` raised RanWhileStoppedError."""
        self._stopped = self._stop()

    def log_tail(self) -> str:
        """Return the end of what the runner printed, made safe to show."""
        return printable(b"".join(self._log)[-LOG_TAIL_BYTES:].decode(errors="replace"), LOG_SHOWN_CHARS)

    def _stop(self) -> StoppedTree:
        try:
            stopped = self._tree.stop(STOP_LIMIT_SECONDS)
        except NotStoppableError as error:
            self._check_alive()
            raise InvalidSubmission(
                "could-not-be-stopped", f"The submission's processes resisted being stopped: {error}."
            ) from error
        # At once: descriptors sent along hold memory that outlives the runner and that the judge may need.
        self._check_silent()
        return stopped

    def _check_silent(self) -> None:
        """Raise InvalidSubmission where something waits in the connection although nothing was asked."""
        if not has_unread_bytes(self._connection):
            return
        try:
            waiting = self._connection.recv(1, socket.MSG_PEEK)
        except OSError:
            waiting = b""
        if not waiting:
            raise self._died()
        raise InvalidSubmission(
            "broke-protocol",
            "Something in the submission wrote to the judge's connection before it was asked.",
        )

    def _drain(self) -> None:
        stream = self._process.stdout
        while stream is not None and (chunk := stream.read1(LOG_TAIL_BYTES)):
            self._log.append(chunk)

    def _require_stopped(self) -> StoppedTree:
        if self._stopped is None:
            raise RuntimeError("the runner is not stopped; a failed ask cannot be followed by another")
        return self._stopped

    def _check_alive(self) -> None:
        if self._process.poll() is not None:
            raise self._died()

    def _died(self) -> InvalidSubmission:
        try:
            how = _describe_exit(self._process.wait(1.0))
        except subprocess.TimeoutExpired:
            how = "its connection was closed"
        return InvalidSubmission(
            "runner-died",
            f"The process that runs the submission ended before it had answered ({how}). "
            f"End of its output:\n{self.log_tail() or '(none)'}",
        )


def _describe_exit(code: int) -> str:
    # A shell's way to say "killed by SIGKILL", which is also bubblewrap's.
    if code in (-signal.SIGKILL, 128 + signal.SIGKILL):
        return "killed; the usual cause is more memory than one scoring may use"
    return f"exit code {code}" if code >= 0 else f"signal {-code}"
