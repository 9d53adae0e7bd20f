"""Stopping real processes that would rather run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rebench_common.process_tree import ProcessTree, RanWhileStoppedError, adopt_orphans

FORKS_WITHOUT_END = """
import os, time
for _ in range(200):
    if os.fork():
        time.sleep(0.005)
        os._exit(0)
time.sleep(60)
"""
ORPHANS_IN_THEIR_OWN_SESSION = """
import os, time
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        while True: pass
time.sleep(60)
"""
THREADS_WITHOUT_A_MAIN_THREAD = """
import ctypes, threading
def spin():
    while True: pass
for _ in range(3):
    threading.Thread(target=spin).start()
ctypes.CDLL(None).pthread_exit(None)
"""
FORGED_NAME = """
import ctypes
ctypes.CDLL(None).prctl(15, b") T 1 (\\nState:\\tT", 0, 0, 0)
while True: pass
"""
WAKES_ITSELF = """
import ctypes, signal
class Event(ctypes.Structure):
    _fields_ = [("value", ctypes.c_void_p), ("signo", ctypes.c_int), ("notify", ctypes.c_int), ("pad", ctypes.c_byte * 48)]
signal.signal(signal.SIGCONT, lambda *_: None)  # an ignored signal would end the timer
libc, timer = ctypes.CDLL(None), ctypes.c_void_p()
assert libc.timer_create(1, ctypes.byref(Event(None, signal.SIGCONT, 0)), ctypes.byref(timer)) == 0
assert libc.timer_settime(timer, 0, (ctypes.c_long * 4)(0, 20_000_000, 0, 20_000_000), None) == 0
while True: pass
"""  # noqa: E501
VFORK = r"""
#include <unistd.h>
#include <time.h>
int main() {
  if (vfork() == 0) { struct timespec t = {0, 300000000}; nanosleep(&t, 0); _exit(0); }
  for (;;) pause();
}
"""


@pytest.fixture
def tree() -> Iterator[ProcessTree]:
    adopt_orphans()
    tree = ProcessTree()
    yield tree
    tree.kill()
    while True:
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break


def start(source: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", source])
    time.sleep(0.3)
    return process


@pytest.mark.parametrize(
    "source", [FORKS_WITHOUT_END, ORPHANS_IN_THEIR_OWN_SESSION, THREADS_WITHOUT_A_MAIN_THREAD, FORGED_NAME]
)
def test_nothing_runs_after_a_stop(tree: ProcessTree, source: str) -> None:
    start(source)
    before = len(tree.threads())
    assert before > 0
    stopped = tree.stop(5)
    assert all(thread.stopped for thread in stopped.threads.values())
    time.sleep(0.05)
    tree.check_still(stopped)
    tree.resume(stopped)
    time.sleep(0.05)
    assert any(not thread.stopped for thread in tree.threads().values())


def test_orphans_in_their_own_session_are_found(tree: ProcessTree) -> None:
    start(ORPHANS_IN_THEIR_OWN_SESSION)
    assert len({process for process, _ in tree.threads()}) == 6


def test_running_for_a_moment_while_stopped_is_noticed(tree: ProcessTree) -> None:
    process = start("while True: pass")
    stopped = tree.stop(5)
    process.send_signal(signal.SIGCONT)
    time.sleep(0.02)
    process.send_signal(signal.SIGSTOP)
    time.sleep(0.02)
    assert all(thread.stopped for thread in tree.threads().values())
    with pytest.raises(RanWhileStoppedError):
        tree.check_still(stopped)


def test_a_process_that_wakes_itself_with_a_timer_is_noticed(tree: ProcessTree) -> None:
    start(WAKES_ITSELF)
    stopped = tree.stop(5)
    time.sleep(0.1)
    with pytest.raises(RanWhileStoppedError):
        tree.check_still(stopped)


def test_a_parent_in_vfork_is_stopped_once_its_child_has_gone(tree: ProcessTree, tmp_path: Path) -> None:
    (tmp_path / "vfork.c").write_text(VFORK)
    subprocess.run(["gcc", "-w", "-o", tmp_path / "vfork", tmp_path / "vfork.c"], check=True)
    subprocess.Popen([tmp_path / "vfork"])
    time.sleep(0.1)
    assert "D" in {thread.state for thread in tree.threads().values()}
    stopped = tree.stop(5)
    assert all(thread.stopped for thread in stopped.threads.values())
