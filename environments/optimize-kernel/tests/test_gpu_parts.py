"""What can be said about the GPU path on a machine without one.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

The kernels, the shared memory and the clock of the GPU path have not been run.
"""

import ctypes
import sys

import numpy as np
import pytest
import torch
from inputs import LAWS, expected_answer, generator
from kernel_support import ENVIRONMENT

sys.path.append(str(ENVIRONMENT / "judge" / "runner"))
import gpu_memory  # noqa: E402

BLOCK = 64


def in_three_steps(x: torch.Tensor) -> torch.Tensor:
    """Compute what scan_triton.py computes, block by block, in plain torch; int32 of shape [n]."""
    n = x.numel()
    blocks = torch.nn.functional.pad(x, (0, -n % BLOCK)).view(-1, BLOCK)
    positive = (blocks > 0).to(torch.int32)
    per_block = positive.sum(1, dtype=torch.int32)
    counted_before = torch.cumsum(per_block, 0, dtype=torch.int32) - per_block
    before = counted_before[:, None] + torch.cumsum(positive, 1, dtype=torch.int32) - positive
    counted = torch.where((before & 1) == 1, blocks, 0)
    within = torch.cumsum(counted, 1, dtype=torch.int32)
    sums = counted.sum(1, dtype=torch.int32)
    offsets = torch.cumsum(sums, 0, dtype=torch.int32) - sums
    return (within + offsets[:, None]).flatten()[:n]


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("size", [1, BLOCK - 1, BLOCK, BLOCK + 1, 10_007])
def test_the_three_steps_of_the_triton_reference_are_exact(law: str, size: int) -> None:
    x = LAWS[law](generator(b"seed", law, size), size)
    np.testing.assert_array_equal(in_three_steps(torch.from_numpy(x)).numpy(), expected_answer(x))


def test_structures_have_the_layout_of_cuda_h() -> None:
    properties = gpu_memory.AllocationProperties
    assert ctypes.sizeof(properties) == 32
    assert (properties.location.offset, properties.win32_handle_metadata.offset) == (8, 16)
    assert properties.flags.offset == 24
    assert ctypes.sizeof(gpu_memory.Access) == 12


def test_allocations_are_rounded_up_to_the_granularity() -> None:
    assert [gpu_memory.round_up(size, 8) for size in (1, 8, 9)] == [8, 8, 16]
