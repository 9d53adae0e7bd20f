"""Stopping every thread of a tree of hostile processes, with proof that none ran afterwards.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

SIGSTOP alone is not enough. Processes fork while they are being listed; one wakes another with SIGCONT
before it stops itself; a POSIX timer or an asynchronous-I/O signal set to SIGCONT wakes a stopped process
with nobody's help. So a tree counts as stopped only when two complete scans in a row are equal: the same
threads, all stopped, and none switched onto a processor in between (the kernel counts the switches of every
thread). At the end of the first of the two scans all of them were stopped. The same counters, read again
later, prove that nothing ran in the meantime.
"""

import ctypes
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

PR_SET_CHILD_SUBREAPER = 36
KICK_AFTER_SECONDS = 0.05
KICK_SECONDS = 0.002
"""How long a kick lets everything run: enough for a child to end; on the clock like all before the stop."""


class ThreadState(NamedTuple):
    """One thread at one instant."""

    state: str
    """First letter of `State:` in /proc: R, S, D, T, t …"""
    voluntary_switches: int
    involuntary_switches: int

    @property
    def stopped(self) -> bool:
        """Whether the thread can run only after a signal (T), or after its tracer's word (t)."""
        return self.state in "Tt"


Threads = Mapping[tuple[int, int], ThreadState]
"""Threads by (process id, thread id); zombies, which cannot run, are left out."""


@dataclass(frozen=True)
class StoppedTree:
    """Proof that a tree stood still at `instant`."""

    instant: float
    threads: Threads


class NotStoppableError(Exception):
    """The tree kept running in spite of SIGSTOP."""


class RanWhileStoppedError(Exception):
    """Something in the tree ran although everything had been stopped."""


def adopt_orphans() -> None:
    """Make orphans of our descendants our children, so that none leaves the tree."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


class ProcessTree:
    """All descendants of this very process: the judge has no children but its runner."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._known: set[int] = set()

    def threads(self) -> Threads:
        """Scan /proc once."""
        found: dict[tuple[int, int], ThreadState] = {}
        for process in descendants(os.getpid()):
            for thread in _numeric_entries(f"/proc/{process}/task"):
                state = _read_thread(process, thread)
                if state is not None:
                    found[process, thread] = state
        self._known = {process for process, _ in found}
        return found

    def stop(self, limit_seconds: float) -> StoppedTree:
        """Stop every thread.

        Raises NotStoppableError when the tree still runs after `limit_seconds`.
        """
        start = kicked = self._clock()
        _signal_all(self._known, signal.SIGSTOP)
        candidate: StoppedTree | None = None
        while True:
            threads = self.threads()
            now = self._clock()
            running = {process for (process, _), thread in threads.items() if not thread.stopped}
            if not running:
                if candidate is not None and candidate.threads == threads:
                    return candidate
                candidate = StoppedTree(now, threads)
                continue
            candidate = None
            if now - start > limit_seconds:
                raise NotStoppableError(f"{len(running)} processes still run after {limit_seconds:g} s")
            if now - kicked > KICK_AFTER_SECONDS:
                # A parent in vfork waits, unstoppable, for a child stopped before its exec: let that pass.
                kicked = now
                _signal_all(self._known, signal.SIGCONT)
                time.sleep(KICK_SECONDS)
                running = self._known
            _signal_all(running, signal.SIGSTOP)

    def check_still(self, stopped: StoppedTree) -> None:
        """Prove that nothing ran since `stopped`. Raises RanWhileStoppedError."""
        if self.threads() != stopped.threads:
            raise RanWhileStoppedError

    def resume(self, stopped: StoppedTree) -> None:
        """Let everything run again."""
        _signal_all({process for process, _ in stopped.threads}, signal.SIGCONT)

    def kill(self) -> None:
        """Kill every process until none is left."""
        while self.threads():
            _signal_all(self._known, signal.SIGKILL)
            time.sleep(0.001)


def descendants(root: int) -> list[int]:
    """Ids of all processes below `root`, by their parents in /proc."""
    children: dict[int, list[int]] = {}
    for process in _numeric_entries("/proc"):
        parent = _parent(process)
        if parent is not None:
            children.setdefault(parent, []).append(process)
    found: list[int] = []
    queue = children.get(root, [])
    while queue:
        process = queue.pop()
        found.append(process)
        queue.extend(children.get(process, []))
    return found


def _parent(process: int) -> int | None:
    content = _read(f"/proc/{process}/stat")
    # The command's name stands in parentheses and may hold anything, parentheses included.
    return int(content[content.rindex(b")") + 2 :].split(None, 2)[1]) if content else None


def _read_thread(process: int, thread: int) -> ThreadState | None:
    content = _read(f"/proc/{process}/task/{thread}/status")
    state, voluntary, involuntary = "", 0, 0
    # The name comes first and the kernel escapes line breaks in it, so no other line can be forged.
    for line in content.split(b"\n"):
        if line.startswith(b"State:"):
            state = line[6:].strip()[:1].decode()
        elif line.startswith(b"voluntary_ctxt_switches:"):
            voluntary = int(line[24:])
        elif line.startswith(b"nonvoluntary_ctxt_switches:"):
            involuntary = int(line[27:])
    return None if state in ("", "Z", "X") else ThreadState(state, voluntary, involuntary)


def _read(path: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.read(descriptor, 8192)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _numeric_entries(directory: str) -> list[int]:
    try:
        return [int(name) for name in os.listdir(directory) if name.isdigit()]  # noqa: PTH208 - hot path
    except OSError:
        return []


def _signal_all(processes: set[int], number: signal.Signals) -> None:
    for process in processes:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            continue
