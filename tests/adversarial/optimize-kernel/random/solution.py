"""Answers at random.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import torch


def prefix_sum(x, out):
    torch.randint(-10, 10, out.shape, dtype=torch.int32, out=out)
