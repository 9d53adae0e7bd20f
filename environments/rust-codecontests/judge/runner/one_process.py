"""Keeps a program to one process, so that the processor time of that process is all there is.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

A limit on the number of processes would not do: the kernel does not hold root to it, and counts threads.
Threads stay allowed; their time is the process's. `clone3` hides its flags in memory that a filter cannot
read, so it does not exist; the C library then asks `clone`, which says what it makes.
"""

import ctypes
import errno
import os
import platform
import struct

AUDIT, CLONE, FORKS = {
    "x86_64": (0xC000003E, 56, (57, 58)),
    "aarch64": (0xC00000B7, 220, ()),
}[platform.machine()]
"""The kernel's name of the architecture, and its numbers of `clone`, and of `fork` and `vfork`."""
CLONE3 = 435
SECOND_NUMBERING = 0x4000_0000
CLONE_THREAD = 0x10000

LOAD, EQUAL, AT_LEAST, ANY_BIT, ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, REFUSE = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
ARCHITECTURE_AT, CALL_AT, FLAGS_AT = 4, 0, 16
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, FILTER = 22, 38, 2


def make_filter() -> bytes:
    """Write the rules as the kernel reads them: 8 bytes an instruction (`struct sock_filter`)."""
    instruction = struct.Struct("=HBBI").pack

    def answer_if(call: int, answer: int) -> list[bytes]:
        return [instruction(EQUAL, 0, 1, call), instruction(ANSWER, 0, 0, answer)]

    rules = [
        instruction(LOAD, 0, 0, ARCHITECTURE_AT),
        instruction(EQUAL, 1, 0, AUDIT),
        instruction(ANSWER, 0, 0, KILL),
        instruction(LOAD, 0, 0, CALL_AT),
        instruction(AT_LEAST, 0, 1, SECOND_NUMBERING),
        instruction(ANSWER, 0, 0, KILL),
        *answer_if(CLONE3, REFUSE + errno.ENOSYS),
        *(rule for call in FORKS for rule in answer_if(call, REFUSE + errno.EPERM)),
        instruction(EQUAL, 0, 3, CLONE),
        instruction(LOAD, 0, 0, FLAGS_AT),
        instruction(ANY_BIT, 1, 0, CLONE_THREAD),
        instruction(ANSWER, 0, 0, REFUSE + errno.EPERM),
        instruction(ANSWER, 0, 0, ALLOW),
    ]
    return b"".join(rules)


RULES = ctypes.create_string_buffer(FILTER_BYTES := make_filter())
PROGRAM = ctypes.create_string_buffer(struct.pack("@HP", len(FILTER_BYTES) // 8, ctypes.addressof(RULES)))
"""`struct sock_fprog`. Made beforehand: between fork and exec as little as possible should go on."""
PRCTL = ctypes.CDLL(None, use_errno=True).prctl


def allow_one_process() -> None:
    """Bind this process and what it becomes. Raises OSError where the kernel refuses."""
    calls = (
        (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (PR_SET_SECCOMP, FILTER, ctypes.c_void_p(ctypes.addressof(PROGRAM)), 0, 0),
    )
    for call in calls:
        if PRCTL(*call) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
