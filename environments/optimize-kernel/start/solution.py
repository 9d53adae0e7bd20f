"""Starting solution: plain torch operations, one chunk after the other."""

import torch

CHUNK_ELEMENTS = 8_000_000
THREADS = 1

torch.set_num_threads(THREADS)


def prefix_sum(x: torch.Tensor, out: torch.Tensor) -> None:
    """Write the conditional prefix sum of `x` into `out`; both are int32 of shape [n]."""
    chunk_elements = CHUNK_ELEMENTS if x.device.type == "cpu" else x.numel()
    total = torch.zeros((), dtype=torch.int64, device=x.device)
    positives = torch.zeros((), dtype=torch.int64, device=x.device)
    for start in range(0, x.numel(), chunk_elements):
        chunk = x[start : start + chunk_elements]
        is_positive = (chunk > 0).to(torch.int64)
        up_to_here = positives + torch.cumsum(is_positive, 0)
        before = up_to_here - is_positive
        counted = torch.where(before % 2 == 1, chunk, torch.zeros_like(chunk))
        sums = total + torch.cumsum(counted, 0)
        out[start : start + chunk_elements] = sums.to(torch.int32)
        total, positives = sums[-1], up_to_here[-1]
    if x.device.type == "cuda":
        torch.cuda.synchronize()
