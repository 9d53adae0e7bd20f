"""Prints without end, with terminal control codes, then fails.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import sys


def prefix_sum(x, out):
    for _ in range(2_000):
        sys.stdout.write("\x1b[2J\x1b]0;owned\x07\u202e" + "x" * 10_000)
    raise RuntimeError("\x1b[31mred\x1b[0m" + "y" * 100_000)
