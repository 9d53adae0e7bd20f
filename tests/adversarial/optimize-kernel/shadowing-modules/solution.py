"""Modules named like those of judge and runner lie beside it.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

from honest import compute


def prefix_sum(x, out):
    compute(x, out)
