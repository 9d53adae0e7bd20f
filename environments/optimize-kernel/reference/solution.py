"""Reference solution: a two-pass scan over blocks, in C++ on a CPU and in Triton on a GPU.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import torch

if torch.cuda.is_available():
    from scan_triton import prefix_sum
else:
    from scan_cpu import prefix_sum

__all__ = ["prefix_sum"]
