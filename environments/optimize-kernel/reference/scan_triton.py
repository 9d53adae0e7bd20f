"""Three Triton kernels: parity of each block, scan of each block, offsets. Written, not run on a GPU.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import torch
import triton
import triton.language as tl

BLOCK = 4096


@triton.jit
def _count_positives(x, counts, n, BLOCK: tl.constexpr):
    """Kernel 1: how many positives each block holds."""
    block = tl.program_id(0)
    at = block * BLOCK + tl.arange(0, BLOCK)
    values = tl.load(x + at, mask=at < n, other=0)
    tl.store(counts + block, tl.sum((values > 0).to(tl.int32), axis=0))


@triton.jit
def _scan_blocks(x, out, counted_before, block_sums, n, BLOCK: tl.constexpr):
    """Kernel 2: the answer within each block as if nothing had been summed before it."""
    block = tl.program_id(0)
    at = block * BLOCK + tl.arange(0, BLOCK)
    values = tl.load(x + at, mask=at < n, other=0)
    positive = (values > 0).to(tl.int32)
    before = tl.load(counted_before + block) + tl.cumsum(positive, axis=0) - positive
    counted = tl.where((before & 1) == 1, values, 0)
    tl.store(out + at, tl.cumsum(counted, axis=0), mask=at < n)
    tl.store(block_sums + block, tl.sum(counted, axis=0))


@triton.jit
def _add_offsets(out, offsets, n, BLOCK: tl.constexpr):
    """Kernel 3: what all blocks before this one sum to."""
    block = tl.program_id(0)
    at = block * BLOCK + tl.arange(0, BLOCK)
    sums = tl.load(out + at, mask=at < n, other=0)
    tl.store(out + at, sums + tl.load(offsets + block), mask=at < n)


def _sum_before(per_block: torch.Tensor) -> torch.Tensor:
    """Return for every block the sum over the blocks before it; int32 of shape [blocks]."""
    return torch.cumsum(per_block, 0, dtype=torch.int32) - per_block


def prefix_sum(x: torch.Tensor, out: torch.Tensor) -> None:
    """Write the conditional prefix sum of `x` into `out`; both are int32 of shape [n] on the GPU."""
    n = x.numel()
    blocks = triton.cdiv(n, BLOCK)
    per_block = torch.empty(blocks, dtype=torch.int32, device=x.device)
    _count_positives[(blocks,)](x, per_block, n, BLOCK=BLOCK)
    counted_before = _sum_before(per_block)
    _scan_blocks[(blocks,)](x, out, counted_before, per_block, n, BLOCK=BLOCK)
    _add_offsets[(blocks,)](out, _sum_before(per_block), n, BLOCK=BLOCK)
    torch.cuda.synchronize()
